"""Rows of accounts to records and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select, text

from coordination.errors import SignInFailed
from coordination.governance.model import Account
from coordination.governance.sealing import Entry, KeptSeal, Seal, SealState
from coordination.values import TeamId, UserName
from coordination.work import Actor
from db.tables.governance import audit_entry, audit_seal, user_account


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

    def draw_border(self) -> bool:
        return bool(self._connection.execute(select(func.audit.draw_border())).scalar_one())

    def seal_up(self) -> bool:
        return self._connection.execute(select(func.audit.seal_up())).scalar_one() is not None

    def seal_state(self) -> SealState:
        s, e = audit_seal.c, audit_entry.c
        seal = self._connection.execute(select(s.number, s.sealed_at, s.ids).order_by(s.number.desc()).limit(1)).first()
        looked = select(e.at, e.record, func.coalesce(user_account.c.display_name, e.actor).label("by"))
        looked = looked.select_from(audit_entry.outerjoin(user_account, user_account.c.user_name == e.actor))
        found = self._connection.execute(looked.where(e.area == "audit_seals").order_by(e.id.desc()).limit(1)).first()
        return SealState(
            0 if seal is None else seal.number,
            None if seal is None else seal.sealed_at,
            self.entries_after(0 if seal is None else seal.ids[-1]),
            None if found is None else found.at,
            "" if found is None else found.by,
            None if found is None else int(found.record.split()[2]),
        )

    def latest_seal(self) -> KeptSeal | None:
        s = audit_seal.c
        query = select(s.number, s.digest).order_by(s.number.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else KeptSeal(row.number, row.digest)

    def seals(self) -> Iterator[Seal]:
        s, after = audit_seal.c, 0
        at = _that_python_holds(s.sealed_at)
        query = select(s.number, at, s.sealed_by, s.ids, s.digests, s.before, s.digest).order_by(s.number)
        while True:
            row = self._connection.execute(query.where(s.number > after).limit(1)).one_or_none()
            if row is None:
                return
            yield Seal(row.number, row.sealed_at, row.sealed_by, tuple(row.ids), row.digests, row.before, row.digest)
            after = row.number

    def entries(self, after: int, upto: int) -> Iterator[Entry]:
        as_it_is = [column for column in audit_entry.c if column.name != "at"]
        query = select(_that_python_holds(audit_entry.c.at), *as_it_is).where(
            audit_entry.c.id > after, audit_entry.c.id <= upto
        )
        for r in self._connection.execute(query.order_by(audit_entry.c.id)):
            columns = None if r.columns is None else tuple(r.columns)
            yield Entry(
                r.id, r.at, str(r.transaction), r.actor, r.role, r.action, r.area, r.record, r.person_id, columns
            )

    def entries_after(self, id_: int) -> int:
        return self._connection.execute(select(func.count()).where(audit_entry.c.id > id_)).scalar_one()


def _that_python_holds(at: Any) -> Any:
    """A moment that somebody made up, infinite or before Christ, as another one that was never sealed either: whoever
    verifies is told of the row, and not of its date."""
    bounds = (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC))
    return func.least(func.greatest(at, bounds[0]), bounds[1]).label(at.name)


def whoami(connection: Connection) -> Actor:
    """The account of this login. Raises SignInFailed when there is none, or it is switched off."""
    t = user_account
    query = select(t.c.user_name, t.c.display_name, t.c.role, t.c.locality, t.c.team_id, t.c.training)
    row = connection.execute(query.where(t.c.user_name == text("session_user"), t.c.active)).one_or_none()
    if row is None:
        raise SignInFailed
    team = None if row.team_id is None else TeamId(row.team_id)
    return Actor(UserName(row.user_name), row.display_name, row.role, row.locality, team, row.training)


def signed_in(connection: Connection, refused: int) -> None:
    """Somebody came in. ``refused``: how often this computer was refused before, for that name."""
    connection.execute(select(func.signed_in(refused)))
