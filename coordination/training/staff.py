"""Workers with their skills, their rotas, and the shifts made from them: a week back and two ahead (D1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from coordination.clock import at_local
from coordination.deployment.model import Place, Travel
from coordination.reference.standing import Standing
from coordination.training.batches import Batch, Pile, period
from coordination.training.chance import Chance, Weighted
from coordination.training.names import communities, mixture
from coordination.training.teams import TEAMS, TrainingTeam

DAYS = range(-7, 15)  # from a week ago to two weeks ahead
# B1: 07:00 to 22:00 every day, in two halves that overlap for the handover. More people early than late.
_EARLY, _LATE = (7, 15), (14, 22)
# A cycle of five weeks, and two days off together: seven rotas a team, each worker so many weeks further on in theirs.
_WEEKS = (_EARLY, _LATE, _EARLY, _LATE, _EARLY)
# Drivers and fitters come by day.
_WEEKS_BY_DAY = ((8, 16), (10, 18), (8, 16), (10, 18), (8, 16))
_FIRST_MONDAY = date(2026, 1, 5)
_DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_AGENCIES = ("Medlock Care Staffing", "Irwell Healthcare Agency")
_LEAVE = Weighted({"annual": 82.0, "study": 10.0, "carers": 4.0, "compassionate": 4.0})
_SICKNESS = Weighted({"self_certified": 70.0, "": 15.0, "fit_note": 15.0})
_TRAVEL = Weighted[Travel]({"car": 66.0, "bicycle": 9.0, "bus": 15.0, "foot": 10.0})
# How many in a hundred have each skill.
_SKILLS: Mapping[str, Mapping[str, float]] = {
    "reablement": {
        "personal_care": 1.0,
        "moving_handling": 0.95,
        "medication": 0.88,
        "dementia": 0.55,
        "double_up_hoist": 0.6,
        "stoma_care": 0.12,
        "peg_feeding": 0.1,
        "bsl": 0.03,
    },
    "complex_reablement": {
        "personal_care": 1.0,
        "moving_handling": 1.0,
        "complex_reablement": 1.0,
        "medication": 1.0,
        "double_up_hoist": 0.9,
        "positive_behaviour": 0.8,
        "dementia": 0.8,
        "peg_feeding": 0.4,
        "stoma_care": 0.3,
    },
    "district_nursing": {
        "wound_care": 1.0,
        "injections": 0.95,
        "insulin": 0.85,
        "venepuncture": 0.7,
        "catheter_care": 0.7,
        "compression": 0.65,
        "bowel_care": 0.55,
        "end_of_life": 0.6,
        "syringe_driver": 0.45,
        "continence": 0.5,
        "iv_therapy": 0.2,
        "medication": 1.0,
    },
    "equipment": {"two_person_lift": 0.85, "fit_rails": 0.6, "fit_hoist": 0.5},
}
_GRADES: Mapping[str, Sequence[str]] = {
    "reablement": ("Reablement officer", "Reablement officer", "Senior reablement officer"),
    "complex_reablement": ("Enhanced reablement officer",),
    "district_nursing": ("Community staff nurse", "Community staff nurse", "District nurse", "Healthcare assistant"),
    "equipment": ("Driver", "Equipment fitter", "Driver"),
}


@dataclass(slots=True)
class TrainingWorker:
    """``shifts`` and ``away`` are by day: from when to when, in UTC."""

    id: int
    team: int
    name: str
    gender: str
    travel: Travel
    place: Place
    skills: dict[str, date | None] = field(default_factory=dict)
    shifts: dict[date, tuple[datetime, datetime]] = field(default_factory=dict)
    away: set[date] = field(default_factory=set)

    def may_do(self, skills: Sequence[str], day: date) -> bool:
        """D2: has every one of them, in date."""
        return all(s in self.skills and ((until := self.skills[s]) is None or until >= day) for s in skills)


class Staff:
    """Everybody who visits, by team."""

    def __init__(self, standing: Standing, teams: Mapping[str, int], chance: Chance, today: date) -> None:
        self._standing, self._chance, self._today = standing, chance, today
        self._workers = Pile(
            "worker",
            "id team_id name gender grade travel lat lon contracted_minutes agency enhanced languages neighbourhoods",
        )
        self._skills = Pile("worker_skill", "worker_id skill expires_on")
        self._shifts = Pile("shift", "worker_id kind period category rota_day")
        self._rotas = Pile("rota", "id team_id name weeks first_monday")
        self._spells = Pile("rota_spell", "rota_id weeks week weekday starts ends")
        self._works_to = Pile("worker_rota", "id worker_id rota_id days week_offset")
        self._rota_of: dict[tuple[int, int], str] = {}
        self.of_team: dict[str, list[TrainingWorker]] = {}
        number = 0
        for team in TEAMS:
            for place in range(team.workers):
                number += 1
                self.of_team.setdefault(team.name, []).append(self._worker(number, team, teams[team.name], place))

    def batches(self) -> Iterator[Batch]:
        for pile in (self._workers, self._skills, self._rotas, self._spells, self._works_to, self._shifts):
            yield pile.take()

    def _worker(self, number: int, team: TrainingTeam, team_id: int, place: int) -> TrainingWorker:
        chance = self._chance
        community = communities()[chance.pick(mixture(""))]
        gender = "female" if chance.happens(0.72) else "male"
        surname = community.form_of(community.surname(chance), gender)
        name = f"{community.given_name(chance, gender, self._today.year - chance.between(22, 60))} {surname}"
        base = chance.one_of([w for w in self._standing.wards if self._near(w.neighbourhood, team)])
        worker = TrainingWorker(
            number,
            team_id,
            name,
            gender,
            chance.pick(_TRAVEL) if team.service != "equipment" else "car",
            Place(round(base.lat + chance.around(0, 0.003), 5), round(base.lon + chance.around(0, 0.005), 5)),
        )
        extra = place >= team.workers - team.extra
        grade = "Reablement support worker" if extra else chance.one_of(_GRADES[team.service])
        agency = chance.one_of(_AGENCIES) if extra and place >= team.workers - 3 else ""
        speaks = sorted({lang for _ in range(2) if (lang := community.languages.at(chance.fraction()))})
        self._workers.add(
            number, team_id, name, gender, grade, worker.travel, worker.place.lat, worker.place.lon,
            None if agency else 2400 if chance.happens(0.2) else 2250, agency,
            team.service == "complex_reablement", speaks, self._around(base.neighbourhood, team),
        )  # fmt: skip
        self._learn(worker, team, place)
        self._roster(worker, place, _WEEKS_BY_DAY if team.service == "equipment" else _WEEKS)
        return worker

    def _around(self, home: int, team: TrainingTeam) -> list[int]:
        """Where they usually go: at home and next door; the city's team goes everywhere."""
        if team.locality is None:
            return []
        others = [n.id for n in self._standing.neighbourhoods if n.locality == team.locality and n.id != home]
        return sorted({home, *(self._chance.one_of(others) for _ in range(2) if others)})

    def _near(self, neighbourhood: int, team: TrainingTeam) -> bool:
        return team.locality is None or self._standing.neighbourhoods[neighbourhood - 1].locality == team.locality

    def _learn(self, worker: TrainingWorker, team: TrainingTeam, place: int) -> None:
        """The first few of a team know everything, so that no skill is missing from a shift."""
        chance = self._chance
        for skill, share in _SKILLS[team.service].items():
            if place >= 5 and not chance.happens(share):
                continue
            until = None
            if chance.happens(0.3):
                # Some run out within the month, a few have: those are what a board must notice.
                lapsed = place >= 5 and chance.happens(0.12)
                until = self._today + timedelta(days=chance.between(-40, -1) if lapsed else chance.between(8, 700))
            worker.skills[skill] = until
            self._skills.add(worker.id, skill, until)

    def _roster(self, worker: TrainingWorker, place: int, weeks: Sequence[tuple[int, int]]) -> None:
        """Five days of seven; a week of earlies, a week of lates, but more earlies; leave, and some who are ill."""
        off, offset = place % 7, place * 3 % len(weeks)
        rota = self._rota(worker.team, off, weeks)
        since = self._today - timedelta(days=self._chance.between(40, 400))
        self._works_to.add(self._chance.id(), worker.id, rota, f"[{since.isoformat()},)", offset)
        leave = self._absent(worker, "leave", 0.09, (2, 9)) if place >= 2 else set()
        # Rang in: the shift stands on the rota, nobody is there.
        ill = self._absent(worker, "sickness", 0.07, (1, 3)) if place >= 2 and not leave else set()
        worker.away |= leave | ill
        for day in (self._today + timedelta(days=offset_) for offset_ in DAYS):
            if (day.weekday() - off) % 7 < 2:
                continue
            monday = day - timedelta(days=day.weekday())
            start, end = weeks[((monday - _FIRST_MONDAY).days // 7 + offset) % len(weeks)]
            worked = at_local(day, start), at_local(day, end)
            worker.shifts[day] = worked
            self._shifts.add(worker.id, "work", period(*worked), "", day)

    def _rota(self, team: int, off: int, weeks: Sequence[tuple[int, int]]) -> str:
        """The team's rota with these two days off, made when it is first wanted."""
        if (team, off) not in self._rota_of:
            key = self._rota_of[team, off] = self._chance.id()
            free = (off, (off + 1) % 7)
            name = "Early and late, off " + " and ".join(_DAY_NAMES[day] for day in sorted(free))
            self._rotas.add(key, team, name, len(weeks), _FIRST_MONDAY)
            for week, (start, end) in enumerate(weeks):
                for day in range(7):
                    if day not in free:
                        self._spells.add(key, len(weeks), week, day, start * 60, end * 60)
        return self._rota_of[team, off]

    def _absent(self, worker: TrainingWorker, kind: str, share: float, length: tuple[int, int]) -> set[date]:
        days = self._away(share, length)
        if days:
            category = self._chance.pick(_LEAVE if kind == "leave" else _SICKNESS)
            whole = period(at_local(min(days), 0), at_local(max(days), 24))
            self._shifts.add(worker.id, kind, whole, category, None)
        return days

    def _away(self, share: float, length: tuple[int, int]) -> set[date]:
        if not self._chance.happens(share):
            return set()
        first = self._today + timedelta(days=self._chance.between(-4, 3))
        return {first + timedelta(days=n) for n in range(self._chance.between(*length))}
