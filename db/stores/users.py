"""Users and teams: rows <-> records."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Text, cast, column, delete, func, insert, select, table, update

from coordination.governance.users import Scope, TeamDraft, TeamLine, UserChange, UserDraft, UserLine
from coordination.values import TeamId, UserName
from db.engine import verifier
from db.tables.governance import user_account, user_sign_in
from db.tables.reference import service, team

_OPEN = table("pg_stat_activity", column("usename", Text), column("datname", Text))
_ACTIVITY = (
    select(cast(_OPEN.c.usename, Text).label("user_name"), func.count().label("open"))
    .where(_OPEN.c.datname == func.current_database())
    .group_by(_OPEN.c.usename)
    .subquery("activity")
)


class PgUserStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def users(self, name: UserName | None = None) -> list[UserLine]:
        u, s, t, a = user_account.c, user_sign_in.c, team.c, _ACTIVITY.c
        query = (
            select(user_account, t.name.label("team"), s.last_at, s.before_at, s.refused, s.password_temporary,
                   s.password_set_at, s.ended_at, s.ended_why, a.open)
            .select_from(
                user_account.outerjoin(user_sign_in, s.user_name == u.user_name)
                .outerjoin(team, t.id == u.team_id)
                .outerjoin(_ACTIVITY, a.user_name == u.user_name)
            )
            .order_by(u.display_name, u.user_name)
        )  # fmt: skip
        if name is not None:
            query = query.where(u.user_name == name)
        return [_user(row) for row in self._connection.execute(query)]

    def scope(self) -> Scope:
        s = service.c
        found = self._connection.execute(select(s.code, s.name).order_by(s.position))
        services = tuple((row.code, row.name) for row in found)
        return Scope(tuple(self.teams()), services)

    def teams(self, id_: TeamId | None = None) -> list[TeamLine]:
        t, s, u = team.c, service.c, user_account.c
        users = select(func.count()).where(u.team_id == t.id, u.active).scalar_subquery()
        query = (
            select(team, s.name.label("service_name"), users.label("users"))
            .join(service, s.code == t.service)
            .order_by(t.name)
        )
        if id_ is not None:
            query = query.where(t.id == id_)
        return [
            TeamLine(TeamId(r.id), r.name, r.service, r.service_name, r.locality, r.phone or "", r.revision, r.users)
            for r in self._connection.execute(query)
        ]  # fmt: skip

    # ---------------------------------------------------------------- users

    def add(self, draft: UserDraft) -> None:
        made = self._verifier(draft.user_name, draft.password)
        self._connection.execute(
            select(
                func.create_login(draft.user_name, made, draft.display_name, draft.role, draft.locality, draft.team_id)
            )
        )

    def change(self, name: UserName, change: UserChange, *, seen: int) -> bool:
        return self._update(
            name, seen, display_name=change.display_name, locality=change.locality, team_id=change.team_id
        )

    def set_active(self, name: UserName, active: bool, *, seen: int) -> bool:
        return self._update(name, seen, active=active)

    def change_role(self, name: UserName, role: str, *, seen: int) -> bool:
        return bool(self._connection.execute(select(func.change_role(name, role, seen))).scalar_one())

    def end_sessions(self, name: UserName, why: str) -> None:
        self._connection.execute(select(func.end_sessions(name, why)))

    def reset_password(self, name: UserName, password: str) -> None:
        self._connection.execute(select(func.reset_password(name, self._verifier(name, password))))

    def _update(self, name: UserName, seen: int, **values: Any) -> bool:
        u = user_account.c
        change = update(user_account).where(u.user_name == name, u.revision == seen)
        return self._connection.execute(change.values(**values, revision=u.revision + 1)).rowcount == 1

    def _verifier(self, name: str, password: str) -> str:
        driver: Any = self._connection.connection.driver_connection
        return verifier(driver, name, password)

    # ---------------------------------------------------------------- teams

    def add_team(self, draft: TeamDraft) -> TeamId:
        made = self._connection.execute(insert(team).values(**_columns(draft)).returning(team.c.id))
        return TeamId(made.scalar_one())

    def change_team(self, id_: TeamId, draft: TeamDraft, *, seen: int) -> bool:
        t = team.c
        change = update(team).where(t.id == id_, t.revision == seen)
        return self._connection.execute(change.values(**_columns(draft), revision=t.revision + 1)).rowcount == 1

    def drop_team(self, id_: TeamId, *, seen: int) -> bool:
        t = team.c
        return self._connection.execute(delete(team).where(t.id == id_, t.revision == seen)).rowcount == 1


def _columns(draft: TeamDraft) -> dict[str, Any]:
    return {
        "name": draft.name, "service": draft.service, "locality": draft.locality, "phone": draft.phone or None,
    }  # fmt: skip


def _user(r: Any) -> UserLine:
    team_id = None if r.team_id is None else TeamId(r.team_id)
    return UserLine(
        UserName(r.user_name), r.display_name, r.role, r.locality, team_id, r.team or "", r.active, r.training,
        r.revision, r.last_at, r.before_at, r.refused or 0, bool(r.password_temporary), r.password_set_at, r.ended_at,
        r.ended_why, r.open or 0,
    )  # fmt: skip
