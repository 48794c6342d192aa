"""Making ahead: who is about it, and when it was last done."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from coordination.values import TeamId
from coordination.workforce.ahead_store import LastMade
from db.tables.deployment import worker
from db.tables.governance import user_account
from db.tables.reference import team
from db.tables.workforce import ahead_turn, made_ahead


class PgAheadStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self) -> bool:
        turn = select(ahead_turn.c.one).with_for_update(skip_locked=True)
        return self._connection.execute(turn).first() is not None

    def beat(self) -> None:
        self._connection.execute(select(1))

    def teams(self) -> list[tuple[TeamId, str]]:
        at_work = select(worker.c.id).where(worker.c.team_id == team.c.id, worker.c.active).exists()
        rows = self._connection.execute(select(team.c.id, team.c.name).where(at_work).order_by(team.c.name))
        return [(TeamId(r.id), r.name) for r in rows]

    def last(self) -> LastMade | None:
        m = made_ahead.c
        row = self._connection.execute(
            select(m.day, m.done_at, m.done_by, user_account.c.display_name, m.shifts, m.visits)
            .select_from(made_ahead.outerjoin(user_account, user_account.c.user_name == m.done_by))
            .order_by(m.day.desc())
            .limit(1)
        ).one_or_none()
        if row is None:
            return None
        return LastMade(row.day, row.done_at, row.display_name or row.done_by, row.shifts, row.visits)

    def note(self, day: date, shifts: int, visits: int) -> None:
        m = made_ahead.c
        add = insert(made_ahead).values(day=day, shifts=shifts, visits=visits)
        self._connection.execute(
            add.on_conflict_do_update(
                index_elements=["day"],
                set_={"shifts": m.shifts + add.excluded.shifts, "visits": m.visits + add.excluded.visits},
            )
        )
