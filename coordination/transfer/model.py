"""Transfer to recovery (T1-T6): who is in hospital and need not be, what is still to be seen to, and why they wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, NewType
from uuid import UUID

from coordination.clock import local_date
from coordination.names import listed
from coordination.values import PersonId, ReferralId, UserName

TransferId = NewType("TransferId", UUID)
TransferState = Literal["in_hospital", "left", "not_ready"]
Pathway = Literal["", "P0", "P1", "P2", "P3"]
PATHWAYS: tuple[Pathway, ...] = ("P0", "P1", "P2", "P3")
BEDS_ELSEWHERE = frozenset({"P2", "P3"})
LightKind = Literal["plan", "first_visit", "equipment", "medicines", "keys", "transport", "carer", "apartment"]
LightState = Literal["to_do", "done", "not_needed"]
LIGHTS: tuple[LightKind, ...] = (
    "plan", "first_visit", "equipment", "medicines", "keys", "transport", "carer", "apartment",
)  # fmt: skip
LOOKED_UP: frozenset[LightKind] = frozenset({"plan", "first_visit", "apartment"})
"""What nobody ticks: it is done when it is there."""
LIST = "acute-2024-01"
"""The national list in force: delay reasons and destinations (resources/reference/discharge.toml)."""
Recovery = Literal["reablement", "intermediate_care"]
RECOVERIES: tuple[Recovery, ...] = ("reablement", "intermediate_care")
ClockKind = Literal["assess_24h", "assess_4h"]


@dataclass(frozen=True, slots=True)
class Light:
    """One thing to be seen to before somebody goes home. Of what is looked up, ``note`` says what was found; ``found``:
    the database knows, and nobody ticks it."""

    kind: LightKind
    state: LightState
    note: str = field(default="", repr=False)
    by_name: str = ""
    at: datetime | None = None
    found: bool = False

    @property
    def is_green(self) -> bool:
        return self.state != "to_do"


@dataclass(frozen=True, slots=True)
class Delay:
    """Why somebody was still there, from which day; ``until`` is the first day that counts no longer, None: still."""

    id: UUID
    reason: str
    since: date
    until: date | None
    note: str = field(default="", repr=False)

    def nights(self, today: date) -> int:
        """DTOC days (T6): nights in a bed that was not needed."""
        return max(0, ((self.until or today) - self.since).days)


@dataclass(frozen=True, slots=True)
class AssessClock:
    """T1 or T2 of somebody, while it runs. ``missing``: what was asked for and has not come."""

    kind: ClockKind
    started_at: datetime
    due_at: datetime
    holder_name: str = ""
    paused_until: datetime | None = None
    paused_reason: str = ""
    missing: str = field(default="", repr=False)

    def stands_still(self, now: datetime) -> bool:
        return self.paused_until is not None and now < self.paused_until

    def left(self, now: datetime) -> timedelta:
        """Until it is due; while it stands still, what will be left when it goes on."""
        return self.due_at - (self.paused_until if self.paused_until and now < self.paused_until else now)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Somebody in hospital who no longer meets the criteria to reside, since ``ready_at``.

    ``clocks``: those of T1 and T2 that run, the one that is due first in front. ``recovery``: the service that takes
    them on (T4), empty while nobody has said; ``recovery_until`` the first day without it. ``admitted_on``: None when
    nobody has said.
    """

    id: TransferId
    person_id: PersonId
    surname: str
    given: str
    title: str
    referral_id: ReferralId | None
    hospital: str
    hospital_name: str
    ward: str
    list: str
    ready_at: datetime
    expected_on: date | None
    pathway: Pathway
    bed_reason: str = field(repr=False)
    state: TransferState
    left_at: datetime | None
    destination: str
    owner: UserName | None
    owner_name: str
    clocks: tuple[AssessClock, ...]
    locality: str
    lights: tuple[Light, ...]
    delays: tuple[Delay, ...]
    revision: int
    recovery: Recovery | Literal[""] = ""
    recovery_until: date | None = None
    begun_at: datetime | None = None
    begun_by_name: str = ""
    admitted_on: date | None = None

    def has_been_there(self, day: date, days: int) -> bool | None:
        """Whether they had been in hospital at least so many days on that day (their length of stay); None: the day of
        admission is not known, and since they were ready it is less."""
        if self.admitted_on is not None:
            return (day - self.admitted_on).days >= days
        return True if (day - local_date(self.ready_at)).days >= days else None

    @property
    def assess_due(self) -> datetime | None:
        """The deadline of T1 or T2 that comes first (T2: the earliest governs); None when none runs."""
        return self.clocks[0].due_at if self.clocks else None

    @property
    def who(self) -> str:
        return listed(self.surname, self.given, self.title)

    @property
    def open_lights(self) -> tuple[Light, ...]:
        return tuple(light for light in self.lights if not light.is_green)

    @property
    def is_ready_to_go(self) -> bool:
        """Everything is seen to."""
        return not self.open_lights

    @property
    def delay(self) -> Delay | None:
        """Why they wait at this moment."""
        return next((d for d in self.delays if d.until is None), None)

    def nights_waited(self, today: date) -> int:
        """Since they were ready, whether or not a reason was recorded."""
        last = local_date(self.left_at) if self.left_at is not None else today
        return max(0, (last - local_date(self.ready_at)).days)

    def nights_without_reason(self, today: date) -> int:
        """T6 wants a reason for each."""
        return max(0, self.nights_waited(today) - sum(d.nights(today) for d in self.delays))


@dataclass(frozen=True, slots=True)
class TransferDraft:
    """What is needed to put somebody on the list. ``admitted_on`` None: as the ward's notice says, if it does."""

    person_id: PersonId
    hospital: str
    ready_at: datetime
    ward: str = ""
    referral_id: ReferralId | None = None
    expected_on: date | None = None
    admitted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A ward told us that somebody is ready, and nobody has put them on the list yet. ``person_id`` None: nobody has
    said yet who it is."""

    referral_id: ReferralId
    number: int
    person_id: PersonId | None
    surname: str
    given: str
    site: str
    ward: str
    ready_at: datetime

    @property
    def who(self) -> str:
        return listed(self.surname, self.given) if self.person_id is not None else ""
