"""Workers, shifts, visits and who goes where (D1, D2), as records that cross floors.

A visit and its allocations are one thing with one ``revision``: placing, moving, pinning and ending all raise it,
so whoever acts on what they no longer see right is told (``Conflict``). Times are aware UTC, lengths whole minutes,
``day`` is the centre's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Literal
from uuid import UUID

from coordination.names import listed
from coordination.values import AllocationId, PatternId, PersonId, ReferralId, TeamId, VisitId, Window, WorkerId

ShiftKind = Literal["work", "leave", "sickness"]
VisitState = Literal["planned", "done", "no_access", "declined", "cancelled", "moved", "missed"]
Outcome = Literal["done", "no_access", "declined", "cancelled", "missed"]
Gender = Literal["female", "male", "other", "not_known"]
Travel = Literal["car", "bicycle", "foot", "bus"]
BaseKind = Literal["home", "base"]

OUTCOMES: tuple[Outcome, ...] = ("done", "no_access", "declined", "cancelled", "missed")
DAY_STARTS, DAY_ENDS = 7, 22  # B1: the boards' hours, on the centre's wall clock


@dataclass(frozen=True, slots=True)
class Team:
    """A reablement or district-nurse team. ``phone`` is the one to print on its sheets; may be empty."""

    id: TeamId
    name: str
    service: str
    locality: str | None
    phone: str


@dataclass(frozen=True, slots=True)
class Shift:
    """Time at work, on leave or sick. Leave and sickness take precedence over work."""

    kind: ShiftKind
    window: Window


@dataclass(frozen=True, slots=True)
class WorkerSkill:
    code: str
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees, WGS 84."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Worker:
    """Somebody who visits. ``shifts`` are those that touch the board's day, in order of time.

    ``place`` is where their day begins and ends, a home or a base (``base``); None when nobody has said where.
    ``most_minutes`` is how long they may be with people in one day, ``contracted_minutes`` is a week's; None: no limit,
    not known. ``languages`` are names (``Urdu``), ``neighbourhoods`` 1 to 12. ``knows`` are the people whose worker
    they are said to be, ``not_to`` those whom they are never sent to (D2). ``enhanced``: an officer of rule B3.
    """

    id: WorkerId
    team_id: TeamId
    name: str
    gender: Gender
    grade: str
    travel: Travel
    place: Place | None
    skills: tuple[WorkerSkill, ...] = ()
    shifts: tuple[Shift, ...] = ()
    active: bool = True
    base: BaseKind = "home"
    languages: tuple[str, ...] = ()
    neighbourhoods: tuple[int, ...] = ()
    knows: frozenset[PersonId] = frozenset()
    not_to: frozenset[PersonId] = frozenset()
    most_minutes: int | None = None
    contracted_minutes: int | None = None
    agency: str = ""
    enhanced: bool = False

    @cached_property
    def at_work(self) -> tuple[Window, ...]:
        return tuple(s.window for s in self.shifts if s.kind == "work")

    @cached_property
    def away(self) -> tuple[Shift, ...]:
        return tuple(s for s in self.shifts if s.kind != "work")


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that keeps a worker or the person safe. ``kind`` as in person_alert."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class PersonBrief:
    """What a board and a sheet need to know of a person, and no more (D4): no NHS number, no date of birth."""

    id: PersonId
    surname: str
    given: str
    title: str = ""
    known_as: str = ""
    gender: Gender = "not_known"
    address: str = ""
    postcode: str = ""
    language: str = ""
    interpreter: bool = False
    communication: str = ""
    access_notes: str = ""
    alerts: tuple[Alert, ...] = ()
    place: Place | None = None  # of the postcode, or the middle of the ward
    neighbourhood: int | None = None  # 1 to 12, of the ward

    @property
    def listed(self) -> str:
        """``PANKHURST, Emmeline (Mrs)``, as the NHS Common User Interface guidance writes a name."""
        return listed(self.surname, self.given, self.title)


@dataclass(frozen=True, slots=True)
class Allocation:
    """A worker goes to a visit, from when to when. ``slot`` 1 or, of a double-up, 2."""

    id: AllocationId
    worker_id: WorkerId
    slot: int
    window: Window
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """The other of two visits a stated gap apart: minutes from the end of the earlier to the start of the later.

    ``other_first`` says that ``other`` is the earlier. ``most`` None: no longest gap. Both are to one person, on one
    day.
    """

    other: VisitId
    least: int
    most: int | None
    other_first: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit to one person. ``arrive`` is when it should begin, both ends in; ``known_to`` are the workers who
    have been there in the last four weeks, most often first.

    ``fixed`` is the one time at which it should begin, where there is one; ``arrive`` is then the minute from it.
    ``access_notes`` are of this visit, besides those of the person. ``pattern_id``: what it was made from, at its
    ``pattern_slot`` and for its ``pattern_day``; ``modified`` by hand since. ``dropped``: cancelled because its pattern
    no longer has it, and on no board. ``pairs``: a visit between two others has two.
    """

    id: VisitId
    person: PersonBrief
    team_id: TeamId
    day: date
    arrive: Window
    minutes: int
    need: str
    workers_needed: int = 1
    skills: tuple[str, ...] = ()
    time_critical: bool = False
    gender_asked: Literal["female", "male"] | None = None
    priority: int = 3  # 1 highest .. 5
    state: VisitState = "planned"
    state_reason: str = ""
    plan_action_id: UUID | None = None
    referral_id: ReferralId | None = None
    revision: int = 1
    allocations: tuple[Allocation, ...] = ()
    known_to: tuple[WorkerId, ...] = ()
    fixed: datetime | None = None
    access_notes: str = ""
    pairs: tuple[Pair, ...] = ()
    pattern_id: PatternId | None = None
    pattern_slot: int | None = None
    pattern_day: date | None = None
    modified: bool = False
    dropped: bool = False

    @property
    def pair(self) -> Pair | None:
        """The first of its ``pairs``."""
        return self.pairs[0] if self.pairs else None

    @property
    def unmodified(self) -> bool:
        """Made from a pattern, and still as it was made."""
        return self.pattern_id is not None and not self.modified

    @property
    def is_over(self) -> bool:
        return self.state != "planned"

    @property
    def free_slots(self) -> tuple[int, ...]:
        taken = {a.slot for a in self.allocations}
        return tuple(slot for slot in range(1, self.workers_needed + 1) if slot not in taken)

    @property
    def is_placed(self) -> bool:
        """Every worker that it needs is going."""
        return not self.free_slots

    @property
    def is_pinned(self) -> bool:
        return any(a.pinned for a in self.allocations)

    @property
    def starts(self) -> datetime | None:
        """When it begins, once somebody is going."""
        return self.allocations[0].window.start if self.allocations else None

    def at_slot(self, slot: int) -> Allocation | None:
        return next((a for a in self.allocations if a.slot == slot), None)

    def of_worker(self, worker: WorkerId) -> Allocation | None:
        return next((a for a in self.allocations if a.worker_id == worker), None)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A worker of this board at a visit of another team. The name is shared between the teams' boards."""

    worker_id: WorkerId
    visit_id: VisitId
    team_id: TeamId
    person: str
    window: Window


@dataclass(frozen=True)
class Board:
    """One team's day: who is there, what is asked, who goes where. ``read_at`` is the server's time.

    ``workers`` in order of when they begin, those not at work last, then of name: the team's own, and anybody of
    another team who has one of its visits.
    ``visits`` in order of arrival: of every state. ``skills`` maps a skill's code to its name.
    """

    team: Team
    day: date
    workers: tuple[Worker, ...]
    visits: tuple[Visit, ...]
    elsewhere: tuple[Elsewhere, ...] = ()
    skills: Mapping[str, str] = field(default_factory=dict)
    read_at: datetime | None = None

    @cached_property
    def worker_by_id(self) -> Mapping[WorkerId, Worker]:
        return {w.id: w for w in self.workers}

    @cached_property
    def visit_by_id(self) -> Mapping[VisitId, Visit]:
        return {v.id: v for v in self.visits}

    @cached_property
    def row_of(self) -> Mapping[WorkerId, tuple[tuple[Visit, Allocation], ...]]:
        """What each worker does on this board, in order of time."""
        rows: dict[WorkerId, list[tuple[Visit, Allocation]]] = {w.id: [] for w in self.workers}
        for visit in self.visits:
            for allocation in visit.allocations:
                rows.setdefault(allocation.worker_id, []).append((visit, allocation))
        return {w: tuple(sorted(row, key=lambda pair: pair[1].window.start)) for w, row in rows.items()}

    @cached_property
    def elsewhere_of(self) -> Mapping[WorkerId, tuple[Elsewhere, ...]]:
        rows: dict[WorkerId, list[Elsewhere]] = {}
        for stay in self.elsewhere:
            rows.setdefault(stay.worker_id, []).append(stay)
        return {w: tuple(row) for w, row in rows.items()}

    @cached_property
    def unplaced(self) -> tuple[Visit, ...]:
        """Planned visits that still need a worker, in order of arrival."""
        return tuple(v for v in self.visits if not v.is_over and not v.is_placed)


@dataclass(frozen=True, slots=True)
class VisitDraft:
    """A visit to plan. The id is the client's: sending the same draft again plans nothing twice."""

    id: VisitId
    person_id: PersonId
    team_id: TeamId
    day: date
    arrive: Window
    minutes: int
    need: str
    workers_needed: int = 1
    skills: tuple[str, ...] = ()
    time_critical: bool = False
    gender_asked: Literal["female", "male"] | None = None
    priority: int = 3
    plan_action_id: UUID | None = None
    referral_id: ReferralId | None = None
    fixed: datetime | None = None
    access_notes: str = ""
    pattern_id: PatternId | None = None
    pattern_slot: int | None = None
    pattern_day: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done to one visit: how it stood and how it stands. What undo needs, and what a screen shows.
    ``stands_for``: the visit of another day that stands for it, or stood for it (``dropped``)."""

    what: str  # allocated, moved, unallocated, pinned, released, ended, moved_day, reopened, undone
    before: Visit
    after: Visit
    stands_for: Visit | None = None
