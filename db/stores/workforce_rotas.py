"""Rotas, who works to them, exceptions, and the shifts made from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Table, delete, false, func, insert, select, true, update
from sqlalchemy.dialects.postgresql import Range

from coordination.clock import at_local
from coordination.errors import NotFound
from coordination.values import TeamId, WorkerId, new_id
from coordination.workforce.model import Assignment, Month, Rota, RotaException
from coordination.workforce.rota import Pattern, Wanted
from db.stores.deployment_rows import shift_columns
from db.stores.workforce_month import read_month
from db.stores.workforce_rows import between, rota_columns, rota_of
from db.stores.workforce_sheet import work_of
from db.tables.deployment import shift, worker
from db.tables.workforce import rota, rota_exception, rota_spell, worker_rota, worker_start
from db.today import TODAY


class PgRotaStore:
    """Rotas and what hangs on them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ------------------------------------------------------------------ rotas

    def rotas(self, team_id: TeamId | None) -> list[Rota]:
        query = select(*rota_columns()).order_by(rota.c.active.desc(), rota.c.name, rota.c.id)
        if team_id is not None:
            query = query.where(rota.c.team_id == team_id)
        return [rota_of(r) for r in self._connection.execute(query)]

    def rota(self, rota_id: UUID) -> Rota:
        row = self._connection.execute(select(*rota_columns()).where(rota.c.id == rota_id)).one_or_none()
        if row is None:
            raise NotFound("rota", str(rota_id))
        return rota_of(row)

    def put_rota(self, wanted: Rota) -> bool:
        values = {
            "name": wanted.name,
            "weeks": wanted.weeks,
            "first_monday": wanted.first_monday,
            "active": wanted.active,
        }
        if wanted.revision == 0:
            self._connection.execute(insert(rota).values(id=wanted.id, team_id=wanted.team_id, **values))
        else:
            held = update(rota).where(rota.c.id == wanted.id, rota.c.revision == wanted.revision)
            if self._connection.execute(held.values(revision=wanted.revision + 1)).rowcount != 1:
                return False
            self._connection.execute(delete(rota_spell).where(rota_spell.c.rota_id == wanted.id))
            self._connection.execute(update(rota).where(rota.c.id == wanted.id).values(**values))
        rows = [
            {
                "rota_id": wanted.id,
                "weeks": wanted.weeks,
                "week": s.week,
                "weekday": s.weekday,
                "starts": s.starts,
                "ends": s.ends,
            }
            for s in wanted.spells
        ]
        if rows:
            self._connection.execute(insert(rota_spell), rows)
        return True

    def drop_rota(self, rota_id: UUID, *, seen: int) -> bool:
        return self._drop(rota, rota_id, seen)

    # ------------------------------------------------------------------ who works to them, and exceptions

    def assignment(self, assignment_id: UUID) -> Assignment | None:
        row = self._connection.execute(select(worker_rota).where(worker_rota.c.id == assignment_id)).one_or_none()
        return None if row is None else _assignment(row)

    def put_assignment(self, wanted: Assignment) -> bool:
        values = {
            "worker_id": wanted.worker_id, "rota_id": wanted.rota_id, "week_offset": wanted.week_offset,
            "days": Range(wanted.start, wanted.end),
        }  # fmt: skip
        return self._put(worker_rota, wanted.id, wanted.revision, values)

    def drop_assignment(self, assignment_id: UUID, *, seen: int) -> bool:
        return self._drop(worker_rota, assignment_id, seen)

    def exception(self, exception_id: UUID) -> RotaException | None:
        row = self._connection.execute(select(rota_exception).where(rota_exception.c.id == exception_id)).one_or_none()
        return None if row is None else _exception(row)

    def put_exception(self, wanted: RotaException) -> bool:
        values = {
            "worker_id": wanted.worker_id, "day": wanted.day, "kind": wanted.kind, "starts": wanted.starts,
            "ends": wanted.ends, "note": wanted.note,
        }  # fmt: skip
        return self._put(rota_exception, wanted.id, wanted.revision, values)

    def drop_exception(self, exception_id: UUID, *, seen: int) -> bool:
        return self._drop(rota_exception, exception_id, seen)

    def _put(self, table: Table, key: UUID, seen: int, values: dict[str, Any]) -> bool:
        """Insert at revision 0, else change what still stands at ``seen``."""
        if seen == 0:
            self._connection.execute(insert(table).values(id=key, **values))
            return True
        change = update(table).where(table.c.id == key, table.c.revision == seen)
        return self._connection.execute(change.values(**values, revision=seen + 1)).rowcount == 1

    def _drop(self, table: Table, key: UUID, seen: int) -> bool:
        gone = delete(table).where(table.c.id == key, table.c.revision == seen)
        return self._connection.execute(gone).rowcount == 1

    # ------------------------------------------------------------------ shifts

    def hold(self, *, team: TeamId | None = None, workers: Collection[WorkerId] = ()) -> tuple[WorkerId, ...]:
        which = worker.c.team_id == team if team is not None else worker.c.id.in_(workers) if workers else false()
        held = select(worker.c.id).where(which, worker.c.active).order_by(worker.c.id).with_for_update(key_share=True)
        return tuple(WorkerId(w) for w in self._connection.execute(held).scalars())

    def workers_of(self, rota_id: UUID) -> tuple[WorkerId, ...]:
        still = func.coalesce(func.upper(worker_rota.c.days) > TODAY, true())
        query = select(worker_rota.c.worker_id).distinct().where(worker_rota.c.rota_id == rota_id, still)
        return tuple(WorkerId(w) for w in self._connection.execute(query).scalars())

    def patterns(self, workers: Collection[WorkerId], days: Sequence[date]) -> tuple[list[Pattern], dict[UUID, Rota]]:
        first, last = days[0], days[-1]
        run = self._connection.execute
        r, e = worker_rota.c, rota_exception.c
        assignments, exceptions, shifts = defaultdict(list), defaultdict(list), defaultdict(list)
        for row in run(
            select(worker_rota)
            .where(r.worker_id.in_(workers), r.days.overlaps(Range(first, last, bounds="[]")))
            .order_by(func.lower(r.days))
        ):
            assignments[row.worker_id].append(_assignment(row))
        for row in run(
            select(rota_exception)
            .where(e.worker_id.in_(workers), between(e.day, first, last))
            .order_by(e.day, e.kind.desc(), e.starts, e.id)
        ):
            exceptions[row.worker_id].append(_exception(row))
        # A night reaches into the next day, and one from the day before into the first.
        reach = Range(at_local(first - timedelta(days=1), 0), at_local(last + timedelta(days=2), 0))
        touching = shift.c.period.overlaps(reach) | between(shift.c.rota_day, first, last)
        for row in run(
            select(*shift_columns())
            .where(shift.c.worker_id.in_(workers), shift.c.kind == "work", touching)
            .order_by(func.lower(shift.c.period), shift.c.id)
        ):
            shifts[row.worker_id].append(work_of(row))
        wanted = {a.rota_id for of_worker in assignments.values() for a in of_worker}
        rotas = {row.id: rota_of(row) for row in run(select(*rota_columns()).where(rota.c.id.in_(wanted)))}
        people = run(
            select(worker.c.id, worker.c.name, worker_start.c.lat)
            .outerjoin(worker_start, worker_start.c.id == worker.c.id)
            .where(worker.c.id.in_(workers))
            .order_by(worker.c.name, worker.c.id)
        )
        found = [
            Pattern(
                WorkerId(w.id), w.name, w.lat is not None,
                tuple(assignments[w.id]), tuple(exceptions[w.id]), tuple(shifts[w.id]),
            )
            for w in people
        ]  # fmt: skip
        return found, rotas

    def write_shifts(self, worker_shifts: Sequence[tuple[WorkerId, Wanted]], remove: Collection[UUID]) -> None:
        if remove:
            self._connection.execute(delete(shift).where(shift.c.id.in_(remove)))
        rows = [
            {
                "id": new_id(),
                "worker_id": worker_id,
                "kind": "work",
                "rota_day": wanted.day,
                "period": Range(wanted.window.start, wanted.window.end),
            }
            for worker_id, wanted in worker_shifts
        ]
        if rows:
            self._connection.execute(insert(shift), rows)

    def rolled_to(self, workers: Collection[WorkerId]) -> date | None:
        query = select(func.max(shift.c.rota_day)).where(shift.c.worker_id.in_(workers))
        found: date | None = self._connection.execute(query).scalar_one()
        return found

    def month(self, team_id: TeamId, days: Sequence[date]) -> Month:
        return read_month(self._connection, team_id, days)


def _assignment(r: Row[Any]) -> Assignment:
    return Assignment(r.id, WorkerId(r.worker_id), r.rota_id, r.days.lower, r.days.upper, r.week_offset, r.revision)


def _exception(r: Row[Any]) -> RotaException:
    return RotaException(r.id, WorkerId(r.worker_id), r.day, r.kind, r.starts, r.ends, r.note, r.revision)
