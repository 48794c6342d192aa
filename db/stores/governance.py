"""Rows of accounts to records and back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, func, select, text

from coordination.errors import SignInFailed
from coordination.governance.model import Account
from coordination.values import TeamId, UserName
from coordination.work import Actor
from db.tables.governance import user_account


class PgGovernanceStore:
    """Accounts and the audit trail."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def accounts(self, *, role: str | None = None) -> list[Account]:
        t = user_account
        query = select(t.c.user_name, t.c.display_name, t.c.role, t.c.locality, t.c.team_id, t.c.active, t.c.training)
        query = query.where(t.c.active).order_by(t.c.display_name)
        if role is not None:
            query = query.where(t.c.role == role)
        return [
            Account(UserName(r.user_name), r.display_name, r.role, r.locality, r.team_id, r.active, r.training)
            for r in self._connection.execute(query)
        ]

    def note(self, what: str, area: str, record: str, person: UUID | None) -> None:
        self._connection.execute(select(func.audit.note(what, area, record, person)))


def whoami(connection: Connection) -> Actor:
    """The account of this login. Raises SignInFailed when there is none, or it is switched off."""
    t = user_account
    query = select(t.c.user_name, t.c.display_name, t.c.role, t.c.locality, t.c.team_id, t.c.training)
    row = connection.execute(query.where(t.c.user_name == text("session_user"), t.c.active)).one_or_none()
    if row is None:
        raise SignInFailed
    team = None if row.team_id is None else TeamId(row.team_id)
    return Actor(UserName(row.user_name), row.display_name, row.role, row.locality, team, row.training)
