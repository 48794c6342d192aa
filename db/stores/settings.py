"""Settings: rows <-> records."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, select, update

from coordination.settings.model import Setting, Value
from coordination.values import UserName
from db.tables.governance import user_account
from db.tables.reference import setting


class PgSettingStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, names: Collection[str]) -> list[Setting]:
        s, u = setting.c, user_account.c
        rows = self._connection.execute(
            select(s.name, s.value, s.revision, s.changed_by, u.display_name, s.changed_at)
            .select_from(setting.outerjoin(user_account, u.user_name == s.changed_by))
            .where(s.name.in_(names))
        )
        return [_setting(row) for row in rows]

    def put(self, name: str, value: Value, *, seen: int) -> bool:
        s = setting.c
        change = update(setting).where(s.name == name, s.revision == seen)
        given = value if isinstance(value, int) else dict(value)
        return self._connection.execute(change.values(value=given, revision=s.revision + 1)).rowcount == 1


def _setting(row: Any) -> Setting:
    by = None if row.changed_by is None else UserName(row.changed_by)
    return Setting(row.name, row.value, row.revision, by, row.display_name or row.changed_by or "", row.changed_at)
