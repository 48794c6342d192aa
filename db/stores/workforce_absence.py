"""Leave and sickness: rows of ``shift``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, cast, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range

from coordination.errors import NotFound
from coordination.values import VisitId, Window, WorkerId
from coordination.workforce.model import Absence
from db.stores.deployment_rows import shift_columns, window_of
from db.stores.workforce_sheet import absence_of
from db.tables.deployment import shift, visit
from db.tables.governance import user_account


class PgAbsenceStore:
    """Leave and sickness."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def absence(self, absence_id: UUID) -> Absence:
        query = _absences().where(shift.c.id == absence_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("absence", str(absence_id))
        return absence_of(row)

    def put(self, absence: Absence) -> bool:
        values = {
            "kind": absence.kind, "category": absence.category,
            "period": Range(absence.window.start, absence.window.end),
        }  # fmt: skip
        if absence.revision == 0:
            self._connection.execute(insert(shift).values(id=absence.id, worker_id=absence.worker_id, **values))
            return True
        change = update(shift).where(
            shift.c.id == absence.id, shift.c.revision == absence.revision, shift.c.kind != "work"
        )
        return self._connection.execute(change.values(**values, revision=absence.revision + 1)).rowcount == 1

    def drop(self, absence_id: UUID, *, seen: int) -> bool:
        gone = delete(shift).where(shift.c.id == absence_id, shift.c.revision == seen, shift.c.kind != "work")
        return self._connection.execute(gone).rowcount == 1

    def overlapping(self, absence: Absence) -> Absence | None:
        query = _absences().where(
            shift.c.worker_id == absence.worker_id,
            shift.c.kind == absence.kind,
            shift.c.id != absence.id,
            shift.c.period.overlaps(Range(absence.window.start, absence.window.end)),
        )
        row = self._connection.execute(query.limit(1)).one_or_none()
        return None if row is None else absence_of(row)

    def hold_visits(self, visits: Collection[VisitId]) -> None:
        held = select(visit.c.id).where(visit.c.id.in_(visits)).order_by(visit.c.id)
        if visits:
            self._connection.execute(held.with_for_update(key_share=True))

    def work(self, worker_id: WorkerId, reach: Window) -> list[Window]:
        query = select(shift.c.period).where(
            shift.c.worker_id == worker_id,
            shift.c.kind == "work",
            shift.c.period.overlaps(Range(reach.start, reach.end)),
        )
        return [window_of(p) for p in self._connection.execute(query.order_by(func.lower(shift.c.period))).scalars()]

    def unseen(self, absence: Absence) -> int:
        during = cast(Range(absence.window.start, absence.window.end), TSTZRANGE)
        found: int = self._connection.execute(select(func.given_unseen(absence.worker_id, during))).scalar_one()
        return found


def _absences() -> Select[Any]:
    by = func.coalesce(user_account.c.display_name, shift.c.recorded_by).label("by_name")
    joined = user_account.c.user_name == shift.c.recorded_by
    return select(*shift_columns(), by).outerjoin(user_account, joined).where(shift.c.kind != "work")
