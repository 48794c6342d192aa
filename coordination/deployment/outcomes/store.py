"""What the service of outcomes needs of a store."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from coordination.deployment.model import Visit
from coordination.deployment.outcomes.model import (
    Case,
    CaseDetail,
    CaseId,
    Choices,
    DeclinedOften,
    Entry,
    Former,
    Happened,
    OtherVisit,
    PaperSheet,
    Pending,
    ProtocolStep,
)
from coordination.values import PersonId, TeamId, UserName, VisitId, WorkerId


class OutcomeStore(Protocol):
    """Outcomes, sheets to be entered, and cases of nobody found."""

    def choices(self) -> Choices: ...

    def protocol(self) -> tuple[ProtocolStep, ...]: ...

    def lock(self, ids: Sequence[VisitId]) -> None:
        """Nobody changes these until the transaction is over; always in the same order, so that two desks queue."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """What is done inside is taken back alone when the database refuses it. Raises BrokenRule, AlreadyExists."""
        ...

    def visits(self, ids: Sequence[VisitId]) -> dict[VisitId, Visit]:
        """Those that are there and shared with this login."""
        ...

    def put(self, entry: Entry, *, from_paper: bool) -> None:
        """What happened, before the visit's state says so: the database holds both together at commit."""
        ...

    def put_former(self, visit: VisitId, outcome: str) -> None:
        """What it said when it last had that outcome, again. Nothing, when it never had."""
        ...

    def link(self, visit: VisitId, moved_to: VisitId, reason: str | None = None) -> None:
        """A visit that has been moved, and the one in its place."""
        ...

    def happened(self, visit: VisitId) -> Happened | None: ...

    def moved(self, visit: VisitId) -> tuple[OtherVisit | None, OtherVisit | None]:
        """The visit in whose place this one is, and the one in its place."""
        ...

    def former(self, visit: VisitId) -> list[Former]:
        """What it said before, the newest first."""
        ...

    def sheet(self, team: TeamId, day: date, worker: WorkerId | None) -> PaperSheet | None: ...

    def pending(self, team: TeamId, since: date, now: datetime) -> tuple[tuple[Pending, ...], int]:
        """Workers' days with visits that should be over and have no outcome; and how many visits are missing."""
        ...

    def cases(self, team: TeamId | None, locality: str = "", *, ended_since: datetime | None = None) -> list[Case]:
        """Open cases of a team, of a locality's teams or of all; with ``ended_since`` those that have ended since."""
        ...

    def case(self, case: CaseId) -> Case | None: ...

    def case_of_visit(self, visit: VisitId) -> Case | None:
        """The open one, or the newest."""
        ...

    def case_of_person(self, person: PersonId) -> CaseId | None:
        """The open one."""
        ...

    def detail(self, case: Case, now: datetime) -> CaseDetail: ...

    def own_case(self, case: CaseId, owner: UserName | None, *, seen: int) -> bool: ...

    def end_case(self, case: CaseId, ending: str | None, words: str, *, seen: int) -> bool: ...

    def own_step(self, case: CaseId, code: str, owner: UserName | None, *, seen: int) -> bool: ...

    def do_step(self, case: CaseId, code: str, done_at: datetime | None, words: str, *, seen: int) -> bool: ...

    def declined(self, since: date, until: date) -> list[DeclinedOften]:
        """Everybody who declined within those days, with how often; whether that is often, the rule says."""
        ...
