"""The whole training city, in the order in which it goes into the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from coordination.assessment.model import Form
from coordination.clock import local_date
from coordination.reference.standing import Standing
from coordination.training.addresses import addresses
from coordination.training.around import Around
from coordination.training.assessments import Assessments
from coordination.training.batches import Batch
from coordination.training.boards import Boards
from coordination.training.chance import Chance
from coordination.training.concerns import Concerns
from coordination.training.duty import Duty
from coordination.training.pankhurst import OUTCOMES, Pankhurst
from coordination.training.patterns import Patterns
from coordination.training.people import COLUMNS, People, Resident
from coordination.training.plans import Plans
from coordination.training.practices import practices
from coordination.training.professionals import professionals
from coordination.training.queue import Queue, TrainingReferral
from coordination.training.reablement import Episodes
from coordination.training.rounds import Call, calls_of, visit_kinds
from coordination.training.sources import source
from coordination.training.staff import Staff
from coordination.training.stays import Stays
from coordination.training.teams import LOCALITIES, TEAMS, TrainingTeam
from coordination.training.users import users_of
from coordination.training.wards import Wards

_CHUNK = 5_000  # people in memory at a time
_VISITS_A_SHIFT = {"reablement": 14.0, "district_nursing": 14.0, "complex_reablement": 6.5}


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some batches that go in together. ``done`` of ``total`` afterwards, in the units of the step."""

    step: str
    done: int
    total: int
    batches: tuple[Batch, ...]


class City:
    """Invents everything from ``seed``, ``people`` and ``now``: the same three give the same rows, ids too.

    ``teams``: the id of each of teams.TEAMS in the database. ``forms``: the published ones; assessments are made for
    those that resources/reference/training/answers.toml knows.
    """

    def __init__(
        self,
        standing: Standing,
        people: int,
        seed: int,
        now: datetime,
        teams: Mapping[str, int],
        forms: Sequence[Form] = (),
    ) -> None:
        self._standing, self._people, self._seed, self._now = standing, people, seed, now
        self._today, self._teams = local_date(now), teams
        self._homes = addresses(standing, people, self._chance("addresses", 500))
        self._practices = practices(standing, self._homes, self._chance("practices", 500))
        self._pankhurst = Pankhurst(standing, self._practices, self._chance("pankhurst", 60), now)
        self._pool: list[Resident] = []
        self._named: list[Resident] = []
        self._assessments = Assessments(forms, self._chance("assessments", 21), now)
        self._plans = Plans(self._chance("plans", 20), now)
        self._episodes = Episodes(self._chance("reablement", 100), now, teams)
        self._queue = Queue(standing, self._chance("queue", 120), now)
        self._rounds: dict[str, list[Call]] = {}

    def chunks(self) -> Iterator[Chunk]:
        """Everything. A step's name: places, people, queue, apartments, plans, boards."""
        callers = professionals(self._standing, self._practices, self._chance("professionals", 300), self._now)
        yield Chunk("places", 1, 1, (self._postcodes(), self._practice_rows(), callers))
        yield from self._all_people()
        yield Chunk("queue", 1, 1, tuple(self._contacts()))
        yield Chunk("apartments", 1, 1, tuple(self._apartments()))
        staff = Staff(self._standing, self._teams, self._chance("staff", 90), self._today)
        chance = self._chance("rounds", 20)
        for team in TEAMS:
            if team.service in _VISITS_A_SHIFT:
                self._rounds[team.name] = self._round(team, staff, chance)
        yield Chunk("plans", 1, 1, (*self._plan_rows(chance, staff), *staff.batches()))
        yield from self._boards(staff)

    # ---------------------------------------------------------------- places and people

    def _postcodes(self) -> Batch:
        rows = [(p.postcode, p.ward, p.lat, p.lon, True) for p in (*self._homes.in_the_city(), self._pankhurst.home)]
        return Batch("postcode", ("postcode", "ward_code", "lat", "lon", "invented"), rows)

    def _practice_rows(self) -> Batch:
        columns = ("code", "name", "address", "postcode", "phone", "neighbourhood_id", "invented")
        rows = [(p.code, p.name, p.address, p.postcode, p.phone, p.neighbourhood, True) for p in self._practices]
        return Batch("practice", columns, rows)

    def _all_people(self) -> Iterator[Chunk]:
        registrars = {
            locality: [u.user_name for u in users_of("care_coordinator", locality)] for locality in LOCALITIES
        }
        people = People(self._standing, self._homes, self._practices, registrars, self._seed, self._now)
        around = Around(self._teams, self._chance("around", 400), self._today)
        sift, columns = self._chance("pool", 1), tuple(COLUMNS.split())
        hers = self._pankhurst.row()
        yield Chunk("people", 1, self._people, (
            Batch("person", columns, [tuple(hers[c] for c in columns)]), *self._pankhurst.around()
        ))  # fmt: skip
        made, stream = 1, people.rows(self._people - 1)
        while rows := list(islice(stream, _CHUNK)):
            for resident, row in rows:
                around.meet(resident, str(row[-1]))
                self._sift(resident, sift)
            made += len(rows)
            person = Batch("person", columns, [row for _, row in rows])
            yield Chunk("people", made, self._people, (person, *around.batches()))

    def _sift(self, resident: Resident, chance: Chance) -> None:
        """Keep those who have something to do with the centre: some thousands, however large the city."""
        if resident.deceased or resident.age < 18:
            return
        wanted = 1_500 + self._people / 50
        if resident.tier != "low":
            share = wanted / (0.0613 * self._people)
        else:
            share = 6_000 / self._people if resident.age >= 60 else 1_200 / self._people
        if chance.happens(share):
            (self._named if resident.sharing == "named_teams" else self._pool).append(resident)

    # ---------------------------------------------------------------- what is going on

    def _contacts(self) -> Iterator[Batch]:
        """The queue: about 150 open referrals and one more for every 400 people; history for most of the rest."""
        chance, queue = self._chance("queue people", 1), self._queue
        everybody = chance.shuffled([*self._pool, *self._named])
        busy = everybody[: min(150 + self._people // 400, len(everybody) // 2)]
        opened: list[TrainingReferral] = [queue.open(resident) for resident in busy]
        for referral in chance.some(opened, len(opened) // 12):
            queue.linked(referral)
        for resident in chance.shuffled(everybody)[: len(everybody) * 3 // 5]:
            for _ in range(chance.one_of((1, 1, 2, 3))):
                queue.past(resident)
        for index, resident in enumerate(everybody[-3:]):
            queue.waiting_mail(resident if index else None, index)
        yield from queue.batches()
        yield from Concerns(self._chance("safeguarding", 119), self._now).of(queue.made)
        yield from Wards(self._chance("wards", 1), self._now).notices(queue.made)
        yield from self._pankhurst.referral()
        yield from Duty(self._chance("duty", 1), self._now).batches(queue.made)

    def _apartments(self) -> Iterator[Batch]:
        chance = self._chance("stays", 60)
        stays = Stays(chance, self._now, self._today)
        yield from stays.buildings()
        likely = [r for r in self._pool if r.tier != "low" and r.age >= 45 and r.place.home is not None]
        yield from stays.fill(chance.shuffled(likely), self._pankhurst.resident)

    def _round(self, team: TrainingTeam, staff: Staff, chance: Chance) -> list[Call]:
        """Whom a team visits: as many people as fill its workers' day (B4)."""
        kinds = visit_kinds(team.service)
        at_work = sum(self._today in w.shifts and self._today not in w.away for w in staff.of_team[team.name])
        wanted = at_work * _VISITS_A_SHIFT[team.service]
        calls = self._pankhurst.calls(team.service) if team.locality == "north" else []
        own = self._teams[team.name]
        reachable = [r for r in [*self._pool, *self._named] if self._visits(team, r, own)]
        for resident in chance.shuffled(reachable):
            if sum(1 / call.every for call in calls) >= wanted:
                break
            calls += calls_of(resident, kinds, chance)
        return calls

    def _visits(self, team: TrainingTeam, resident: Resident, own: int) -> bool:
        """P2: nurses go by the practice, reablement by residence; only those who live in the city are on a map."""
        if resident.place.home is None or (resident.sharing == "named_teams" and own not in resident.shares_with):
            return False
        place = resident.place.health if team.service == "district_nursing" else resident.place.home
        return place is not None and team.locality in (None, place.locality)

    def _plan_rows(self, chance: Chance, staff: Staff) -> Iterator[Batch]:
        """Everybody who is visited has a plan, and a signed assessment where there are forms; some others too."""
        self._her_plan()
        work: dict[str, list[tuple[Call, TrainingTeam]]] = {}
        visited: dict[str, Resident] = {}
        for team in TEAMS:
            for call in self._rounds.get(team.name, ()):
                if call.resident is not self._pankhurst.resident:
                    work.setdefault(call.resident.id, []).append((call, team))
                    visited[call.resident.id] = call.resident
        for resident in visited.values():
            began = self._now - timedelta(days=chance.between(2, 38), minutes=chance.between(0, 600))
            helping = next((team for _, team in work[resident.id] if "reablement" in team.service), None)
            days_ago = self._episodes.began(helping) if helping else 0
            if helping:
                began = self._now - timedelta(days=days_ago, minutes=chance.between(0, 600))
            assessment = self._assessed(resident, began, chance, scored=helping is None)
            jobs = [(call.kind.need, self._teams[team.name], team.name) for call, team in work[resident.id]]
            actions = self._plans.plan(resident, "active", began, assessment=assessment, work=jobs)
            for (call, _), action in zip(work[resident.id], actions, strict=True):
                call.action = action
            if helping:
                own = [call for call, team in work[resident.id] if team is helping]
                workers = staff.of_team[helping.name]
                self._episodes.of(resident, helping, days_ago, own, workers, self._assessments)
        for resident in self._pool:
            if resident.id not in visited and chance.happens(0.12):
                began = self._now - timedelta(days=chance.between(3, 90))
                state = chance.one_of(("draft", "active", "ended"))
                self._plans.plan(resident, state, began, assessment=self._assessed(resident, began, chance))
            elif resident.id not in visited and chance.happens(0.02):
                self._assessments.draft(resident, "strengths-conversation")
        yield from self._assessments.batches()
        yield from self._plans.batches()
        yield from self._episodes.batches()

    def _assessed(self, resident: Resident, began: datetime, chance: Chance, *, scored: bool = True) -> str | None:
        at = began - timedelta(hours=chance.between(3, 60))
        assessment = self._assessments.signed(resident, "strengths-conversation", at)
        if chance.happens(0.3) and scored:
            start = self._assessments.signed(resident, "reablement-start", began)
            ended = began + timedelta(days=chance.between(28, 42))
            if ended < self._now - timedelta(hours=2):
                end = self._assessments.signed(resident, "reablement-end", ended)
                self._over(resident, began, ended, start, end)
        if chance.happens(0.15):
            self._assessments.signed(resident, "about-me", began + timedelta(hours=chance.between(1, 30)))
        return assessment

    def _over(self, resident: Resident, began: datetime, ended: datetime, start: str | None, end: str | None) -> None:
        """An episode of reablement that has ended, with whichever team it was."""
        place = resident.place.home
        team = next((t for t in TEAMS if place and (t.service, t.locality) == ("reablement", place.locality)), None)
        if team is not None and start and end:
            self._episodes.ended(resident, team, began, ended, (start, end))

    def _her_plan(self) -> None:
        her, lead = self._pankhurst.resident, self._pankhurst.lead_worker
        began = self._now - timedelta(days=18, hours=3)
        said = source("answers")["pankhurst"]
        assessment = self._assessments.signed(her, "strengths-conversation", began - timedelta(hours=2), said)
        calls = [
            (call, team)
            for team in TEAMS
            for call in self._rounds.get(team.name, ())
            if call.resident is her
        ]  # fmt: skip
        jobs = [(call.kind.need, self._teams[team.name], team.name) for call, team in calls]
        actions = self._plans.plan(
            her, "active", began, assessment=assessment, work=jobs, lead_worker=lead, outcomes=OUTCOMES
        )
        for (call, _), action in zip(calls, actions, strict=True):
            call.action = action
        helping = next((team for _, team in calls if team.service == "reablement"), None)
        if helping is not None:
            own = [call for call, team in calls if team is helping]
            self._episodes.of(her, helping, 18, own, (), self._assessments)

    def _boards(self, staff: Staff) -> Iterator[Chunk]:
        patterns = Patterns(self._chance("patterns", 30), self._now, self._today)
        boards = Boards(self._chance("boards", 30), patterns, self._now, self._today)
        visiting = [team for team in TEAMS if team.name in self._rounds]
        for done, team in enumerate(visiting, start=1):
            lead = next(u.user_name for u in users_of("team_lead") if u.team == team.name)
            batches = boards.team(self._teams[team.name], lead, staff.of_team[team.name], self._rounds[team.name])
            yield Chunk("boards", done, len(visiting), tuple(batches))

    def _chance(self, purpose: str, days_ago: int) -> Chance:
        return Chance(self._seed, purpose, self._now - timedelta(days=days_ago))
