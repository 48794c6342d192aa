"""The fifteen Neighbourhood Apartments of rule N2, and who stays in them (N1-N4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from coordination.reference import standing
from coordination.training.batches import Batch, Pile, later, period
from coordination.training.chance import Chance
from coordination.training.people import Resident
from coordination.training.sources import source
from coordination.training.users import users_of


@dataclass(frozen=True, slots=True)
class TrainingScheme:
    """``apartments``: name, bedrooms, step free, hoist, pets. ``spot``: where on the map, inside its ward."""

    name: str
    kind: str
    locality: str
    neighbourhood: int
    address: str
    postcode: str
    spot: tuple[float, float]
    least_age: int
    staff: bool
    apartments: tuple[tuple[str, int, bool, bool, bool], ...]


# N2: extra care 2 North, 2 South and 5 in Village 135; sheltered 5 North, 1 Central. Only Village 135 is a real name.
SCHEMES = (
    TrainingScheme(
        "Larchfield Gardens", "extra_care", "north", 2, "1 Larchfield Gardens, Manchester", "M9 1ZA",
        (53.5243, -2.2151), 55, True,
        (("Flat 4", 1, True, True, False), ("Flat 11", 1, True, False, True)),
    ),
    TrainingScheme(
        "Copperbeech Court", "extra_care", "south", 12, "20 Copperbeech Drive, Manchester", "M20 9ZA",
        (53.4152, -2.2312), 55, True,
        (("Flat 2", 1, True, True, True), ("Flat 17", 2, True, False, False)),
    ),
    TrainingScheme(
        "Village 135", "extra_care", "south", 9, "Wythenshawe, Manchester", "M22 3ZA",
        (53.3792, -2.2639), 55, True,
        (
            ("Apartment 12", 2, True, True, False),
            ("Apartment 27", 2, True, False, True),
            ("Apartment 58", 2, True, True, True),
            ("Apartment 91", 2, True, False, False),
            ("Apartment 120", 2, True, True, False),
        ),
    ),
    TrainingScheme(
        "Weavers Rest", "sheltered", "north", 4, "7 Weavers Walk, Manchester", "M11 5ZA",
        (53.4811, -2.1868), 60, False,
        (("Flat 3", 1, True, False, True), ("Flat 8", 1, False, False, False), ("Flat 14", 1, False, False, True)),
    ),
    TrainingScheme(
        "Lavender House", "sheltered", "north", 1, "31 Lavender Hey, Manchester", "M8 3ZA",
        (53.5089, -2.2409), 60, False,
        (("Flat 1", 1, True, False, False), ("Flat 6", 0, False, False, False)),
    ),
    TrainingScheme(
        "Plane Tree House", "sheltered", "central", 5, "2 Planetree Fold, Manchester", "M13 1ZA",
        (53.4602, -2.2098), 60, False,
        (("Flat 5", 1, True, True, False),),
    ),
)  # fmt: skip


class Stays:
    """Fills the apartments; the last one stands free for whoever is booked next."""

    def __init__(self, chance: Chance, now: datetime, today: date) -> None:
        self._chance, self._now, self._today = chance, now, today
        self._words = source("words")["apartment"]
        self._stays = Pile(
            "stay",
            "id apartment_id kind person_id referral_id period state purpose reason past_six_weeks_reason move_on"
            " booked_by booked_at went_to instead_of away_since hold_until follows",
        )
        self._pauses = Pile("apartment_pause", "id apartment_id period reason set_by set_at")
        self._taken: dict[int, list[tuple[date, date]]] = {}
        self._ends: list[tuple[str, int, date]] = []
        self._tasks = Pile("move_on_task", "id stay_id step words due_on owner blocked_by state done_by done_at")
        self._steps = standing.read().move_on_steps
        self._localities = [s.locality for s in SCHEMES for _ in s.apartments]
        self._names = [(s.name, flat[0]) for s in SCHEMES for flat in s.apartments]

    def buildings(self) -> Iterator[Batch]:
        """Schemes and apartments, numbered from one."""
        schemes = Pile(
            "scheme", "id name kind locality neighbourhood_id address postcode lat lon least_age staff_on_site"
        )
        flats = Pile("apartment", "id scheme_id name bedrooms step_free hoist pets")
        number = 0
        for scheme_id, s in enumerate(SCHEMES, start=1):
            schemes.add(
                scheme_id, s.name, s.kind, s.locality, s.neighbourhood, s.address, s.postcode, *s.spot, s.least_age,
                s.staff,
            )  # fmt: skip
            for flat in s.apartments:
                number += 1
                flats.add(number, scheme_id, *flat)
        yield schemes.take()
        yield flats.take()

    def fill(self, residents: Sequence[Resident], heroine: Resident | None) -> Iterator[Batch]:
        """Stays at every point of the six weeks, some over, some to come, cleaning, a repair; some apartments free."""
        waiting = [r for r in residents if r.sharing != "named_teams"]
        guests = iter([r for r in waiting if r.age >= 60] + [r for r in waiting if r.age < 60])
        for number, (days_in, length) in enumerate(_IN_STAY, start=1):
            if days_in:
                self._stay(number, next(guests, None), self._today - timedelta(days=days_in - 1), length)
        for number, ago in ((1, 52), (2, 66), (3, 48), (5, 61), (8, 9), (10, 20), (13, 58), (15, 4)):
            length = self._chance.between(14, 36)
            self._ended(number, next(guests, None), self._today - timedelta(days=ago), length)
        for number, ahead, length in ((1, 20, 28), (4, 3, 35), (8, 5, 28), (11, 16, 21), (15, 12, 28)):
            self._stay(number, next(guests, None), self._today + timedelta(days=ahead), length, "booked")
        if heroine is not None:
            self._stay(_HERS, heroine, self._today + timedelta(days=2), 28, "booked", "step_down")
        self._close(12, "repair", self._today - timedelta(days=2), 6, "Shower leaks into the flat below.")
        self._close(15, "cleaning", self._today - timedelta(days=3), 4, "Deep clean after a long stay.")
        self._turn_round()
        self._pause(8, self._today - timedelta(days=6), self._today + timedelta(days=4), "Sickness bug in the scheme")
        self._pause(14, self._today + timedelta(days=30), None, "The lift is renewed from then on")
        yield self._stays.take()
        yield self._pauses.take()
        yield self._tasks.take()

    def _stay(
        self,
        number: int,
        guest: Resident | None,
        start: date,
        length: int,
        state: str = "in_stay",
        purpose: str = "",
    ) -> None:
        if guest is None:
            return
        chance = self._chance
        purpose = purpose or chance.one_of(_PURPOSES)
        reason = self._words["reason"][_REASON_OF[purpose]]
        past = chance.one_of(self._words["past_six_weeks"]) if length > 42 else ""
        move_on = chance.one_of(self._words["move_on"]) if state == "in_stay" else ""
        self._add(number, "stay", guest.id, start, length, state, purpose, reason, past, move_on)

    def _ended(self, number: int, guest: Resident | None, left: date, length: int) -> None:
        """A stay that ended that day."""
        self._stay(number, guest, left - timedelta(days=length), length, "ended")

    def _turn_round(self) -> None:
        """Cleaning and inspection after each stay, where the next one leaves room for them."""
        for key, number, day in self._ends:
            for kind in ("cleaning", "inspection"):
                if not any(start <= day < end for start, end in self._taken[number]):
                    self._add(number, kind, None, day, 1, "booked", "", "", "", "", follows=key)
                    day += timedelta(days=1)

    def _pause(self, number: int, start: date, end: date | None, reason: str) -> None:
        """Days on which an apartment takes nobody in."""
        by = self._chance.one_of(users_of("placement_coordinator", self._localities[number - 1])).user_name
        days = period(start, end) if end is not None else f"[{start.isoformat()},)"
        self._pauses.add(self._chance.id(), number, days, reason, by, later(self._now, -self._chance.between(60, 900)))

    def _close(self, number: int, kind: str, start: date, days: int, reason: str) -> None:
        self._add(number, kind, None, start, days, "booked", "", reason, "", "")

    def _add(
        self, number: int, kind: str, person: str | None, start: date, length: int, state: str, purpose: str,
        reason: str, past: str, move_on: str, follows: str | None = None,
    ) -> None:  # fmt: skip
        booker = self._chance.one_of(users_of("placement_coordinator", self._localities[number - 1])).user_name
        booked = min(
            later(self._now, -self._chance.between(60, 4_000)),
            self._now - (self._today - start) - timedelta(days=self._chance.between(1, 6)),
        )
        key, away, until = self._chance.id(), None, None
        if kind == "stay" and state == "in_stay" and number == _HELD:
            away, until = self._today - timedelta(days=3), self._today + timedelta(days=4)
        instead = _INSTEAD_OF.get(purpose, "") if kind == "stay" else ""
        went = self._chance.one_of(_WENT) if kind == "stay" and state == "ended" else None
        self._stays.add(
            key, number, kind, person, None, period(start, start + timedelta(days=length)), state,
            purpose, reason, past, move_on, booker, booked, went, instead, away, until, follows,
        )  # fmt: skip
        self._taken.setdefault(number, []).append((start, start + timedelta(days=length)))
        if kind == "stay":
            self._ends.append((key, number, start + timedelta(days=length)))
        if kind == "stay" and state == "in_stay":
            self._to_do(key, start, booker)

    def _to_do(self, key: str, start: date, owner: str) -> None:
        """The tasks of somebody in an apartment: done in time as a rule, now and then late or blocked."""
        for step in self._steps:
            due = start + timedelta(days=step.week * 7 - 1)
            done = due < self._today and self._chance.happens(0.8)
            blocked = "" if done or due > self._today or self._chance.happens(0.5) else self._chance.one_of(_BLOCKED)
            late = later(self._now, -self._chance.between(60, 2_000))
            at = min(late, self._now - (self._today - due)) if done else None
            self._tasks.add(
                self._chance.id(), key, step.code, step.words, due, owner, blocked, "done" if done else "to_do",
                owner if done else None, at,
            )  # fmt: skip


# Of each apartment: on which day of a stay it is today, and how long it is to last. None: free, or closed.
_IN_STAY = (
    (27, 42), (0, 0), (35, 42), (0, 0), (41, 42), (6, 28), (28, 35), (0, 0),
    (44, 54), (12, 28), (2, 14), (0, 0), (20, 42), (1, 28), (0, 0),
)  # fmt: skip
_HELD = 6  # its person is back in hospital
_INSTEAD_OF = {
    "step_down": "hospital_bed", "carer_breakdown": "care_home", "crisis": "care_home", "adaptations": "unsafe_home",
    "fire_or_flood": "unsafe_home", "cuckooing": "unsafe_home",
}  # fmt: skip
_WENT = ("own_home", "own_home", "own_home", "new_home", "extra_care", "family", "residential_care", "hospital")
_BLOCKED = (
    "Waits for the landlord to fix the heating", "No home care provider has taken the package yet",
    "The family cannot agree on the day", "The grant for the wet room is not decided",
)  # fmt: skip
_HERS = 2  # Larchfield Gardens, Flat 11: in the North, and it takes her cat
_PURPOSES = (
    "step_down",
    "step_down",
    "step_down",
    "adaptations",
    "carer_breakdown",
    "fire_or_flood",
    "cuckooing",
    "crisis",
)
_REASON_OF = {
    "step_down": 0,
    "adaptations": 1,
    "carer_breakdown": 2,
    "fire_or_flood": 3,
    "cuckooing": 4,
    "crisis": 5,
}
