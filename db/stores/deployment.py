"""Rows of the deployment area to records and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, Uuid, bindparam, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, Range
from sqlalchemy.dialects.postgresql import insert as pg_insert

from coordination.clock import at_local
from coordination.deployment.model import (
    Allocation,
    Board,
    Elsewhere,
    PersonBrief,
    Team,
    Visit,
    VisitDraft,
    VisitState,
    Worker,
)
from coordination.values import PersonId, TeamId, VisitId, Window, WorkerId
from db.stores.deployment_rows import between, ends_of, read_visits, read_workers
from db.tables.deployment import allocation, skill, visit, visit_skill, worker
from db.tables.people import person
from db.tables.reference import team

_LONGEST = timedelta(minutes=480)  # of a visit: how far the day's last one may reach into the next


class PgDeploymentStore:
    """Workers, shifts, visits, allocations."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ------------------------------------------------------------------ reading

    def teams(self, *, service: str | None = None) -> list[Team]:
        query = select(team).order_by(team.c.name, team.c.id)
        if service is not None:
            query = query.where(team.c.service == service)
        rows = self._connection.execute(query)
        return [Team(TeamId(r.id), r.name, r.service, r.locality, r.phone or "") for r in rows]

    def skills(self) -> dict[str, str]:
        rows = self._connection.execute(select(skill.c.code, skill.c.name).order_by(skill.c.name))
        return {r.code: r.name for r in rows}

    def board(self, team_id: TeamId, day: date) -> Board | None:
        about = select(team, func.now().label("read_at")).where(team.c.id == team_id)
        row = self._connection.execute(about).one_or_none()
        if row is None:
            return None
        on_the_day = (visit.c.team_id == team_id) & (visit.c.day == day) & ~visit.c.dropped
        visits = read_visits(self._connection, on_the_day)
        helping = {a.worker_id for v in visits for a in v.allocations}
        own = (worker.c.team_id == team_id) & worker.c.active
        workers = read_workers(self._connection, own | worker.c.id.in_(sorted(helping)), *_hours(day))
        return Board(
            Team(TeamId(row.id), row.name, row.service, row.locality, row.phone or ""),
            day,
            tuple(sorted(workers, key=_early_first)),
            visits,
            self._elsewhere(workers, visits, day),
            self.skills(),
            row.read_at,
        )

    def visit(self, visit_id: VisitId) -> Visit | None:
        found = read_visits(self._connection, visit.c.id == visit_id)
        return found[0] if found else None

    def visits(self, visits: Sequence[VisitId]) -> list[Visit]:
        return list(read_visits(self._connection, visit.c.id.in_(visits)))

    def worker(self, worker_id: WorkerId, day: date) -> Worker | None:
        found = read_workers(self._connection, worker.c.id == worker_id, *_hours(day))
        return found[0] if found else None

    def _elsewhere(self, workers: Sequence[Worker], visits: Sequence[Visit], day: date) -> tuple[Elsewhere, ...]:
        """What the board's workers do that day, or over midnight, besides the board's own visits."""
        _, reach = _hours(day)
        query = (
            select(
                allocation.c.worker_id,
                allocation.c.visit_id,
                *ends_of(allocation.c.period),
                visit.c.team_id,
                visit.c.person_id,
                person.c.surname,
                person.c.given,
                person.c.title,
            )
            .join(visit, visit.c.id == allocation.c.visit_id)
            .join(person, person.c.id == visit.c.person_id)
            .where(
                allocation.c.worker_id.in_([w.id for w in workers]),
                allocation.c.visit_id != func.all(bindparam("here", [v.id for v in visits], ARRAY(Uuid()))),
                # row security keeps the index of the periods from being used; that of the days is
                visit.c.day.between(day - timedelta(days=1), day + timedelta(days=1)),
                allocation.c.period.overlaps(Range(reach.start, reach.end)),
            )
            .order_by(func.lower(allocation.c.period))
        )
        return tuple(
            Elsewhere(
                WorkerId(r.worker_id),
                VisitId(r.visit_id),
                TeamId(r.team_id),
                PersonBrief(PersonId(r.person_id), r.surname, r.given, r.title).listed,
                between(r.begins, r.ends),
            )
            for r in self._connection.execute(query)
        )

    # ------------------------------------------------------------------ planning

    def add_visits(self, drafts: Sequence[VisitDraft]) -> tuple[VisitId, ...]:
        if not drafts:
            return ()
        rows = [
            {
                "id": d.id,
                "person_id": d.person_id,
                "team_id": d.team_id,
                "plan_action_id": d.plan_action_id,
                "referral_id": d.referral_id,
                "day": d.day,
                "arrive": Range(d.arrive.start, d.arrive.end),
                "minutes": d.minutes,
                "workers_needed": d.workers_needed,
                "need": d.need.strip(),
                "time_critical": d.time_critical,
                "gender_asked": d.gender_asked,
                "priority": d.priority,
                "access_notes": d.access_notes.strip(),
                "fixed_at": d.fixed,
                "pattern_id": d.pattern_id,
                "pattern_slot": d.pattern_slot,
                "pattern_day": d.pattern_day,
            }
            for d in drafts
        ]
        # Not .values(rows): SQLAlchemy works that out anew each time, for each value.
        adding = pg_insert(visit).on_conflict_do_nothing().returning(visit.c.id)
        fresh = set(self._connection.execute(adding, rows).scalars())
        skills = [
            {"visit_id": d.id, "skill": code} for d in drafts if d.id in fresh for code in dict.fromkeys(d.skills)
        ]
        if skills:
            self._connection.execute(insert(visit_skill), skills)
        return tuple(d.id for d in drafts if d.id in fresh)

    # ------------------------------------------------------------------ changing one visit

    def hold_visit(self, visit_id: VisitId, *, seen: int) -> bool:
        statement = update(visit).where(visit.c.id == visit_id, visit.c.revision == seen)
        return self._connection.execute(statement.values(revision=seen + 1)).rowcount == 1

    def hold_workers(self, workers: Sequence[WorkerId]) -> None:
        ids = select(worker.c.id).where(worker.c.id.in_(workers)).order_by(worker.c.id)
        self._connection.execute(ids.with_for_update(key_share=True))

    def put_allocation(self, visit_id: VisitId, held: Allocation) -> None:
        period = Range(held.window.start, held.window.end)
        values = {"worker_id": held.worker_id, "slot": held.slot, "period": period, "pinned": held.pinned}
        change = update(allocation).where(allocation.c.id == held.id, allocation.c.visit_id == visit_id)
        changed = self._connection.execute(
            change.values(
                **values,
                revision=allocation.c.revision + 1,
                allocated_by=text("session_user"),
                allocated_at=func.now(),
            )
        )
        if changed.rowcount == 0:
            self._connection.execute(insert(allocation).values(id=held.id, visit_id=visit_id, **values))

    def remove_allocations(self, visit_id: VisitId, allocations: Sequence[Allocation]) -> None:
        if allocations:
            ids = [a.id for a in allocations]
            chosen = delete(allocation).where(allocation.c.visit_id == visit_id, allocation.c.id.in_(ids))
            self._connection.execute(chosen)

    def set_state(self, visit_id: VisitId, state: VisitState, reason: str) -> None:
        values = {"state": state, "state_reason": reason, **({"dropped": False} if state != "cancelled" else {})}
        self._connection.execute(update(visit).where(visit.c.id == visit_id).values(values))


def _early_first(worker: Worker) -> tuple[bool, datetime, str]:
    """The early shift on top, then the late one, then those who are not at work; each in order of name."""
    starts = worker.at_work[0].start if worker.at_work else datetime.max.replace(tzinfo=UTC)
    return not worker.at_work, starts, worker.name


def _hours(day: date) -> tuple[Window, Window]:
    """The day from midnight to midnight by the centre's clock, and the same with what a late visit reaches into."""
    start, end = at_local(day, 0), at_local(day, 24)
    return Window(start, end), Window(start, end + _LONGEST)
