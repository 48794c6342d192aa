"""What the service of patterns and visits needs of a store, and the records of its lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol
from uuid import UUID

from coordination.deployment.model import Visit, VisitDraft, VisitState
from coordination.deployment.patterns import Gap, Pattern
from coordination.deployment.patterns_rules import Reach
from coordination.values import PatternId, PersonId, TeamId, VisitId, Window, WorkerId

Why = Literal["reworded", "ended", "taken_off", "plan_ended"]


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit in a list. ``workers`` are names; ``start`` when somebody is going."""

    id: VisitId
    day: date
    arrive: Window
    fixed: datetime | None
    start: datetime | None
    minutes: int
    need: str
    team: str
    team_id: TeamId
    workers_needed: int
    workers: tuple[str, ...]
    state: VisitState
    state_reason: str
    pattern_id: PatternId | None
    modified: bool
    revision: int


@dataclass(frozen=True, slots=True)
class PatternRow:
    """A pattern in a list: the team's name, how many visits have not been yet, and how many of these have a worker."""

    pattern: Pattern
    team: str
    ahead: int
    placed: int


@dataclass(frozen=True, slots=True)
class ActionAsked:
    """What a plan's action says about the visits to be made from it, with what is known of the person's door."""

    action: UUID
    person_id: PersonId
    team_id: TeamId | None
    words: str
    access_notes: str
    communication: str
    known_workers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FromPlan:
    """Visits that have not been, and that the care plan no longer asks for as they are. ``words`` is what the action
    says now; empty where there is none any more. ``ahead`` visits have not been, ``placed`` have a worker."""

    pattern: Pattern
    person: str
    team: str
    why: Why
    words: str
    ahead: int
    placed: int


class VisitStore(Protocol):
    """Patterns, the visits made from them, and pairs. Every method is a constant number of statements."""

    # reading

    def pattern(self, key: PatternId, *, hold: bool = False) -> Pattern | None:
        """With ``hold``, locked until the end of the transaction."""
        ...

    def patterns_of(self, person: PersonId) -> list[PatternRow]:
        """Those that make visits still, or made any in the last four weeks, in order of time of day."""
        ...

    def visits_of_pattern(self, key: PatternId, first: date) -> tuple[Visit, ...]:
        """Those made for ``first`` or later and not dropped, of any state, locked."""
        ...

    def visits(self, keys: Collection[VisitId]) -> tuple[Visit, ...]:
        """Those that are there and shared with this login, locked."""
        ...

    def rows_of(self, person: PersonId, first: date, last: date) -> list[VisitRow]: ...

    def worker_names(self, keys: Collection[WorkerId]) -> Mapping[WorkerId, str]: ...

    def reach(self, team: TeamId, day: date) -> Reach | None:
        """What the team can do in the four weeks around ``day``; None when there is no such team."""
        ...

    def action(self, key: UUID) -> ActionAsked | None: ...

    def from_plans(self, *, person: PersonId | None = None, team: TeamId | None = None) -> list[FromPlan]:
        """Patterns that differ from the care plan, of one person or for one team."""
        ...

    # writing

    def add_pattern(self, pattern: Pattern) -> bool:
        """False when one with this id is there already: nothing has changed then."""
        ...

    def save_pattern(self, pattern: Pattern) -> None:
        """Rule, slots, team, gap and words, and the revision that it carries."""
        ...

    def slots_used(self, key: PatternId) -> int:
        """The highest number that a slot of this pattern ever had."""
        ...

    def set_rolled(self, until: Mapping[PatternId, date]) -> None: ...

    def due(self, horizon: date, limit: int) -> list[Pattern]:
        """Patterns whose visits have not been made up to ``horizon``, held, without those that another desk is at."""
        ...

    def add(self, drafts: Sequence[VisitDraft]) -> tuple[VisitId, ...]:
        """Those that were new."""
        ...

    def write(self, visits: Sequence[Visit]) -> None:
        """Everything about them but person, allocations and pairs; raises their revisions by one."""
        ...

    def remove_allocations(self, keys: Collection[VisitId]) -> None: ...

    def settle(self) -> None:
        """Check now what is otherwise checked at the end of the transaction. Raises BrokenRule."""
        ...

    def give_back(self, visit: Visit) -> bool:
        """Its allocations as they are on ``visit``: all of them, or False and none where the database refuses one."""
        ...

    def unpair(self, keys: Collection[VisitId]) -> None:
        """Take away every pair that one of these is in."""
        ...

    def pair(self, pairs: Sequence[tuple[VisitId, VisitId, Gap]]) -> None:
        """The earlier, the later, and the gap between them. A pair that is there gets the new gap."""
        ...
