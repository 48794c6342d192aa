"""Who works where and when: workers as their lead keeps them, rotas, exceptions, absence.

Minutes of the day are those of the wall clock in Europe/London, 0 to 1440; a spell whose end is not after its start
ends on the next day. Weekdays begin with Monday, 0. Weeks of a cycle are counted from 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from coordination.deployment.model import BaseKind, Gender, Place, Shift, Step, Team, Travel
from coordination.errors import Obstacle
from coordination.values import AllocationId, PersonId, TeamId, VisitId, Window, WorkerId

AbsenceKind = Literal["leave", "sickness"]
Relation = Literal["knows", "not_to"]
ExceptionKind = Literal["off", "hours", "extra"]
StateToday = Literal["work", "leave", "sickness", "off"]

CATEGORIES: Mapping[AbsenceKind, tuple[str, ...]] = {
    "leave": ("annual", "bank_holiday", "carers", "compassionate", "parental", "study", "unpaid", "other"),
    "sickness": ("self_certified", "fit_note", "work_injury", "other"),
}
LONGEST_CYCLE = 12  # weeks
EXPIRES_SOON = 30  # days


@dataclass(frozen=True, slots=True)
class HeldSkill:
    """A skill that a worker has; ``expires_on`` is the last day that it counts (D2)."""

    code: str
    name: str
    expires_on: date | None
    revision: int = 1


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker in a list. ``hours`` are today's at work, less absence; ``away`` what they are away for, if they are."""

    id: WorkerId
    team_id: TeamId
    team: str
    name: str
    gender: Gender
    grade: str
    travel: Travel
    state: StateToday
    hours: tuple[Window, ...]
    away: tuple[Shift, ...]
    skills: tuple[HeldSkill, ...]
    languages: tuple[str, ...]
    neighbourhoods: tuple[str, ...]
    agency: str
    enhanced: bool
    has_place: bool
    rota: str
    active: bool
    revision: int


@dataclass(frozen=True, slots=True)
class WorkerHead:
    """What a lead may change of a worker in one go. ``place`` None: nobody has said where their day begins."""

    id: WorkerId
    team_id: TeamId
    name: str
    gender: Gender
    grade: str
    travel: Travel
    base: BaseKind
    base_name: str
    place: Place | None
    contracted_minutes: int | None
    most_minutes: int | None
    agency: str
    enhanced: bool
    languages: tuple[str, ...]
    neighbourhoods: tuple[int, ...]
    active: bool
    revision: int


HEAD_FIELDS = (
    "name", "grade", "travel", "base", "base_name", "place", "contracted_minutes", "most_minutes", "agency", "enhanced",
    "languages", "neighbourhoods", "active",
)  # fmt: skip
HeadChanges = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WorkerDraft:
    """Somebody new. ``request`` is the client's: sent twice, made once."""

    request: UUID
    team_id: TeamId
    name: str
    gender: Gender = "not_known"
    grade: str = ""
    travel: Travel = "car"
    agency: str = ""


@dataclass(frozen=True, slots=True)
class PersonSaid:
    """A person whom a worker knows, or is not to visit. ``reason`` None: not for this login."""

    person_id: PersonId
    person: str
    relation: Relation
    reason: str | None
    recorded_by: str
    recorded_at: datetime
    revision: int


@dataclass(frozen=True, slots=True, order=True)
class Spell:
    week: int
    weekday: int
    starts: int
    ends: int

    @property
    def minutes(self) -> int:
        return self.ends - self.starts if self.ends > self.starts else 1440 - self.starts + self.ends


@dataclass(frozen=True, slots=True)
class Rota:
    """A cycle of weeks. Week 0 begins on ``first_monday``, and again every ``weeks`` weeks before and after it."""

    id: UUID
    team_id: TeamId
    name: str
    weeks: int
    first_monday: date
    spells: tuple[Spell, ...] = ()
    active: bool = True
    revision: int = 0
    workers: int = 0

    @property
    def minutes_a_week(self) -> int:
        """On average over the cycle."""
        return sum(s.minutes for s in self.spells) // self.weeks


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who works to which rota from ``start``; ``end`` is the first day on which they do not any more, None: open."""

    id: UUID
    worker_id: WorkerId
    rota_id: UUID
    start: date
    end: date | None = None
    week_offset: int = 0
    revision: int = 0


@dataclass(frozen=True, slots=True)
class RotaException:
    """One day that is not as the rota has it: off, other ``hours``, or ``extra`` ones beside it."""

    id: UUID
    worker_id: WorkerId
    day: date
    kind: ExceptionKind
    starts: int | None = None
    ends: int | None = None
    note: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Absence:
    """Leave or sickness, with a category and never a diagnosis."""

    id: UUID
    worker_id: WorkerId
    kind: AbsenceKind
    category: str
    window: Window
    recorded_by: str = ""
    recorded_at: datetime | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class AbsenceDraft:
    """First and last day, both in. ``from_midday``: the first day from the middle of its hours; ``to_midday``: the last
    until then."""

    id: UUID
    worker_id: WorkerId
    kind: AbsenceKind
    first: date
    last: date
    category: str = ""
    from_midday: bool = False
    to_midday: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A visit that a worker has been given and that is still to be. ``why`` are codes of what is in its way now:
    ``away``, ``off_shift``, ``lacks_skill``, ``may_not_visit``, ``gone``."""

    allocation_id: AllocationId
    visit_id: VisitId
    revision: int
    worker_id: WorkerId
    worker: str
    team_id: TeamId
    person: str
    day: date
    window: Window
    pinned: bool
    two_workers: bool
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """An absence as it was and as it is, and the visits that it leaves without a worker. ``freed`` are those that were
    taken back in the same transaction; ``unseen`` is how many more there are, to people who do not share their record
    with this login: somebody of their team has to see to those."""

    before: Absence | None
    after: Absence | None
    stranded: tuple[Given, ...] = ()
    freed: tuple[Step, ...] = ()
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class WorkShift:
    """Time at work; ``rota_day`` is the day of a rota that it was made for, None when entered by hand."""

    id: UUID
    worker_id: WorkerId
    window: Window
    rota_day: date | None
    revision: int = 1


@dataclass(frozen=True, slots=True)
class RollOut:
    """What was done: shifts ``added``, ``removed``, left as they were (``kept``), and what could not be done, and why
    (``told``). ``stranded`` are visits whose worker is not there any more by the new hours."""

    first: date
    last: date
    added: int
    removed: int
    kept: int
    told: tuple[Obstacle, ...] = ()
    stranded: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True)
class Assigned:
    """A worker works to a rota: from now on ``assignment``; ``ended`` as those before it were until then."""

    assignment: Assignment
    rolled: RollOut
    ended: tuple[Assignment, ...] = ()


@dataclass(frozen=True)
class WorkerSheet:
    """Everything about one worker that their lead looks after. ``shifts`` are those of the days asked for, ``absences``
    those and all to come. ``skills_known`` and ``neighbourhoods_known`` are all there are, by code and number."""

    head: WorkerHead
    team: Team
    skills: tuple[HeldSkill, ...]
    people: tuple[PersonSaid, ...]
    assignments: tuple[Assignment, ...]
    exceptions: tuple[RotaException, ...]
    absences: tuple[Absence, ...]
    shifts: tuple[WorkShift, ...]
    rotas: tuple[Rota, ...]
    skills_known: Mapping[str, str] = field(default_factory=dict)
    neighbourhoods_known: Mapping[int, str] = field(default_factory=dict)
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One worker's month: minutes at work a day less absence, and what else a day is."""

    worker_id: WorkerId
    name: str
    contracted_minutes: int | None
    minutes: Mapping[date, int]
    away: Mapping[date, AbsenceKind]


@dataclass(frozen=True)
class Month:
    """A team's days: its workers, and minutes asked for each day by the visits that are planned."""

    team: Team
    first: date
    days: int
    rows: tuple[MonthRow, ...]
    asked: Mapping[date, int]
