"""What really happened at visits (D5), as records that cross floors: outcomes, paper sheets, and cases of nobody found.

Times are aware UTC and the server's; lengths are whole minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NewType
from uuid import UUID

from coordination.deployment.model import Outcome, PersonBrief, Step, Visit
from coordination.errors import CoordinationError
from coordination.values import PersonId, TeamId, UserName, VisitId, Window, WorkerId

CaseId = NewType("CaseId", UUID)
Who = Literal["worker", "coordinator", "team_lead"]
StepState = Literal["done", "overdue", "due_soon", "waiting"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a visit ended other than done. ``asks_words``: refused without words."""

    code: str
    outcome: str
    name: str
    asks_words: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """How a case may end. ``needs_all_steps``: only when every step has been done."""

    code: str
    name: str
    needs_all_steps: bool = False
    asks_words: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen, in the order in which it is offered."""

    reasons: tuple[Reason, ...]
    endings: tuple[Ending, ...]

    def of(self, outcome: str) -> tuple[Reason, ...]:
        return tuple(r for r in self.reasons if r.outcome == outcome)

    def reason(self, code: str | None) -> Reason | None:
        return next((r for r in self.reasons if r.code == code), None)

    def ending(self, code: str) -> Ending | None:
        return next((e for e in self.endings if e.code == code), None)


@dataclass(frozen=True, slots=True)
class Happened:
    """The outcome of one visit as it is kept. ``began`` None: as planned, or not known."""

    visit_id: VisitId
    outcome: str
    reason: str | None
    words: str
    began: datetime | None
    ended: datetime | None
    from_paper: bool
    moved_to: VisitId | None
    entered_by: str  # display name
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class Former:
    """What an outcome said before it was corrected or taken back, and who did that."""

    outcome: str
    reason: str | None
    words: str
    entered_by: str
    entered_at: datetime
    replaced_by: str
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class OtherVisit:
    """The visit at the other end of a move: in whose place this one is, or which is in its place."""

    id: VisitId
    team: TeamId
    day: date
    arrive: Window
    state: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of how one visit ended, what was said before, and where it was moved from and to."""

    happened: Happened | None
    former: tuple[Former, ...] = ()
    came_from: OtherVisit | None = None
    went_to: OtherVisit | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be entered for one visit, which the screen ``seen`` at that revision."""

    visit: VisitId
    seen: int
    outcome: Outcome
    reason: str | None = None
    words: str = ""
    began: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class NotEntered:
    """An entry that was refused, and why: BadValues, Refused, Conflict or NotFound. The others were saved."""

    visit: VisitId
    error: CoordinationError


@dataclass(frozen=True, slots=True)
class DaySaved:
    """What came of a sheet: one Step a visit saved, and what was refused. Undone in one go."""

    steps: tuple[Step, ...]
    refused: tuple[NotEntered, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One visit on a worker's sheet. ``planned`` is when this worker was to be there; None for nobody's."""

    visit: Visit
    planned: Window | None
    happened: Happened | None = None


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """A worker's day in the order of the sheet, of whatever team the visits are. ``worker`` None: visits of the team to
    which nobody was sent."""

    team: TeamId
    day: date
    worker: WorkerId | None
    worker_name: str
    rows: tuple[SheetRow, ...]
    read_at: datetime

    @property
    def open(self) -> tuple[SheetRow, ...]:
        """Those without an outcome."""
        return tuple(row for row in self.rows if not row.visit.is_over)


@dataclass(frozen=True, slots=True)
class Pending:
    """A worker's day: ``open`` of its ``visits`` should be over and have no outcome, ``missing`` of them since too
    long. ``worker`` None: visits to which nobody was sent."""

    day: date
    worker: WorkerId | None
    worker_name: str
    visits: int
    open: int
    missing: int


@dataclass(frozen=True, slots=True)
class Worklist:
    """The workers' days of a team, the newest first, those that are entered too. ``missing``: visits without an outcome
    since too long, each counted once although two workers were sent."""

    rows: tuple[Pending, ...]
    missing: int
    read_at: datetime

    @property
    def open(self) -> tuple[Pending, ...]:
        """Those with anything to enter."""
        return tuple(row for row in self.rows if row.open)


# ---------------------------------------------------------------- nobody was found


@dataclass(frozen=True, slots=True)
class ProtocolStep:
    """A step of the protocol, before there is a case. Minutes after nobody was found."""

    code: str
    name: str
    hint: str
    who: Who
    minutes: int
    minutes_urgent: int
    only_urgent: bool


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One step of a case. ``owner``: who is doing it, one person or nobody."""

    code: str
    name: str
    hint: str
    who: Who
    due: datetime
    owner: UserName | None = None
    owner_name: str = ""
    owner_since: datetime | None = None
    done_at: datetime | None = None
    done_by: str = ""  # display name
    words: str = ""
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Case:
    """Nobody was found at a visit ``since`` then. Open until it has an ``ending``."""

    id: CaseId
    visit_id: VisitId
    person: PersonBrief
    team_id: TeamId
    team_name: str
    day: date
    planned: Window
    need: str
    workers: tuple[str, ...]
    since: datetime
    urgent: bool
    owner: UserName | None
    owner_name: str
    opened_by: str  # display name
    steps: tuple[CaseStep, ...]
    ending: str | None = None
    ending_words: str = ""
    ended_at: datetime | None = None
    ended_by: str = ""
    revision: int = 1

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    def step(self, code: str) -> CaseStep | None:
        return next((s for s in self.steps if s.code == code), None)


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """Something that was done in a case: opened, owner, ended, reopened, taken, left, done, undone."""

    at: datetime
    by: str  # display name
    what: str
    step: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Phone:
    """A number to ring. ``whose``: "" the person's own, else the name, with ``relation`` beside it."""

    number: str
    whose: str = ""
    relation: str = ""
    is_carer: bool = False


@dataclass(frozen=True, slots=True)
class SeenVisit:
    """An earlier visit to the person: when, how it ended, who went."""

    day: date
    at: datetime
    state: str
    workers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HospitalWord:
    """What a hospital told: where, since when, and when they leave, as far as it said."""

    site: str
    ward: str
    told_at: datetime
    discharge: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person who did not open the door. Never a key-safe code: only whether there is a key safe.
    ``detail_hidden``: who is around them is kept back by the database (R2)."""

    phones: tuple[Phone, ...]
    key_safe: bool
    access_notes: str
    seen: tuple[SeenVisit, ...]
    hospital: tuple[HospitalWord, ...]
    stay: str
    lead_worker: str
    detail_hidden: bool


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """One case with its path and what is known of the person."""

    case: Case
    events: tuple[CaseEvent, ...]
    known: Known
    as_of: datetime


@dataclass(frozen=True, slots=True)
class DeclinedOften:
    """Somebody who has declined again and again; ``lead_worker`` of their plan is told. Empty: nobody leads it."""

    person_id: PersonId
    person: str
    days: tuple[date, ...]
    reasons: tuple[str, ...]
    lead_worker: UserName | None
    lead_worker_name: str
    team_name: str
