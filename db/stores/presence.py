"""Marks of desks. Who and when are stamped by the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Text, Uuid, delete, func, literal, not_, select, tuple_, union_all
from sqlalchemy.dialects.postgresql import insert

from coordination.presence.model import LASTING, Mark, Present
from coordination.values import UserName
from db.tables.careplan import care_plan
from db.tables.governance import user_account
from db.tables.intake import referral
from db.tables.people import person
from db.tables.presence import presence

_EVERYBODYS = "deployment"  # a board, or a visit on it: stands on no row that could be hidden
_STANDS_ON = {"intake": referral, "people": person, "careplan": care_plan}
_MOST = 500


class PgPresenceStore:
    """Marks of desks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def renew(self, desk: UUID, marks: Sequence[Mark]) -> None:
        t = presence
        mine = delete(t).where(t.c.desk == desk)
        if marks:
            kept = [(mark.area, mark.record) for mark in marks]
            mine = mine.where(not_(tuple_(t.c.area, t.c.record).in_(kept)))
        self._connection.execute(mine)
        self._connection.execute(select(func.sweep_presence()))
        if marks:
            seen = union_all(*(_if_seen(desk, mark) for mark in marks))
            said = insert(t).from_select(["desk", "area", "record", "doing"], seen)
            self._connection.execute(
                said.on_conflict_do_update(
                    index_elements=["desk", "area", "record"],
                    set_={"doing": said.excluded.doing, "seen_at": func.now()},
                )
            )

    def others(self, desk: UUID, records: Sequence[UUID] | None) -> list[Present]:
        t = presence
        query = (
            select(
                t.c.desk, t.c.area, t.c.record, t.c.user_name, user_account.c.display_name, t.c.doing, t.c.since,
            )
            .outerjoin(user_account, user_account.c.user_name == t.c.user_name)
            .where(t.c.desk != desk, t.c.seen_at > func.now() - LASTING)
            .order_by(t.c.since, t.c.desk)
            .limit(_MOST)
        )  # fmt: skip
        if records is not None:
            query = query.where(t.c.record.in_(records))
        return [
            Present(
                r.desk, r.area, r.record, UserName(r.user_name), r.display_name or r.user_name, r.doing, r.since
            )
            for r in self._connection.execute(query)
        ]  # fmt: skip


def _if_seen(desk: UUID, mark: Mark) -> Select[Any]:
    """The mark, if what it stands on is there for this login (it may have been hidden meanwhile)."""
    said = select(literal(desk, Uuid), literal(mark.area, Text), literal(mark.record, Uuid), literal(mark.doing, Text))
    if mark.area == _EVERYBODYS:
        return said
    table = _STANDS_ON[mark.area]
    return said.where(select(table.c.id).where(table.c.id == mark.record).exists())
