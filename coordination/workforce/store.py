"""What the services of the workforce need of a store. Every method is a constant number of statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from coordination.deployment.model import Place
from coordination.values import PersonId, TeamId, VisitId, Window, WorkerId
from coordination.workforce.model import (
    Absence,
    Assignment,
    Given,
    HeldSkill,
    Month,
    PersonSaid,
    Relation,
    Rota,
    RotaException,
    WorkerDraft,
    WorkerHead,
    WorkerRow,
    WorkerSheet,
)
from coordination.workforce.rota import Pattern, Wanted


class WorkforceStore(Protocol):
    """Workers, as their lead keeps them."""

    def rows(self, team: TeamId | None, today: Window, *, inactive: bool = False) -> list[WorkerRow]:
        """One query: workers of a team, or of all, in order of team and name."""
        ...

    def sheet(self, worker: WorkerId, reach: Window, *, reasons: bool) -> WorkerSheet:
        """Three queries. ``reach`` is what its shifts are read for. Raises NotFound('worker', …)."""
        ...

    def head(self, worker: WorkerId) -> WorkerHead:
        """Raises NotFound('worker', …)."""
        ...

    def add(self, draft: WorkerDraft) -> WorkerId:
        """The worker of this request, made if there is none."""
        ...

    def change(self, worker: WorkerId, changes: Mapping[str, object], *, seen: int) -> bool:
        """False when another revision stands."""
        ...

    def skill(self, worker: WorkerId, code: str) -> HeldSkill | None: ...

    def put_skill(self, worker: WorkerId, code: str, expires_on: date | None, *, seen: int | None) -> bool:
        """``seen`` None: a new one. False when there is another already, or another revision stands."""
        ...

    def drop_skill(self, worker: WorkerId, code: str, *, seen: int) -> bool: ...

    def person(self, worker: WorkerId, person: PersonId, *, reasons: bool) -> PersonSaid | None:
        """What is said of the two; ``not_to`` where both are."""
        ...

    def put_person(
        self, worker: WorkerId, person: PersonId, relation: Relation, reason: str, *, seen: int | None
    ) -> bool: ...

    def drop_person(self, worker: WorkerId, person: PersonId, relation: Relation, *, seen: int) -> bool: ...

    def place_of(self, postcode: str) -> Place | None: ...

    def given(self, workers: Collection[WorkerId], since: datetime) -> tuple[Given, ...]:
        """Visits that are still to be, in order of time, each with what is in its way now."""
        ...


class RotaStore(Protocol):
    """Rotas, who works to them, exceptions, and the shifts made from them."""

    def rotas(self, team: TeamId | None) -> list[Rota]: ...

    def rota(self, rota: UUID) -> Rota:
        """Raises NotFound('rota', …)."""
        ...

    def put_rota(self, rota: Rota) -> bool:
        """Insert at revision 0, else change. False when another revision stands. Raises BrokenRule, AlreadyExists."""
        ...

    def drop_rota(self, rota: UUID, *, seen: int) -> bool:
        """Raises BrokenRule when somebody works to it, or did."""
        ...

    def assignment(self, assignment: UUID) -> Assignment | None: ...

    def put_assignment(self, assignment: Assignment) -> bool: ...

    def drop_assignment(self, assignment: UUID, *, seen: int) -> bool: ...

    def exception(self, exception: UUID) -> RotaException | None: ...

    def put_exception(self, exception: RotaException) -> bool: ...

    def drop_exception(self, exception: UUID, *, seen: int) -> bool: ...

    def hold(self, *, team: TeamId | None = None, workers: Collection[WorkerId] = ()) -> tuple[WorkerId, ...]:
        """Lock workers at work, always in the same order: those of a team, or those named."""
        ...

    def workers_of(self, rota: UUID) -> tuple[WorkerId, ...]:
        """Who works to it, now or later."""
        ...

    def patterns(self, workers: Collection[WorkerId], days: Sequence[date]) -> tuple[list[Pattern], dict[UUID, Rota]]:
        """What the shifts of these days are made from, workers in order of name."""
        ...

    def write_shifts(self, worker_shifts: Sequence[tuple[WorkerId, Wanted]], remove: Collection[UUID]) -> None: ...

    def rolled_to(self, workers: Collection[WorkerId]) -> date | None:
        """The last day that anybody of them has a shift for that was made from a rota."""
        ...

    def month(self, team: TeamId, days: Sequence[date]) -> Month:
        """Raises NotFound('team', …)."""
        ...


class AbsenceStore(Protocol):
    """Leave and sickness."""

    def absence(self, absence: UUID) -> Absence:
        """Raises NotFound('absence', …)."""
        ...

    def put(self, absence: Absence) -> bool:
        """Insert at revision 0, else change. False when another revision stands. Raises BrokenRule when it overlaps
        another of its kind."""
        ...

    def drop(self, absence: UUID, *, seen: int) -> bool: ...

    def overlapping(self, absence: Absence) -> Absence | None:
        """Another of its worker and kind at the same time."""
        ...

    def hold_visits(self, visits: Collection[VisitId]) -> None:
        """Lock them, in the order of their ids, without changing anything."""
        ...

    def work(self, worker: WorkerId, reach: Window) -> list[Window]:
        """Hours at work that touch ``reach``, absence or not."""
        ...

    def unseen(self, absence: Absence) -> int:
        """How many visits they have been given meanwhile, to people who do not share them with this login."""
        ...
