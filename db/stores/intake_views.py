"""The views that people saved for themselves, and what the queue can be filtered by: one query."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, case, delete, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from coordination.intake.model import ServiceKind
from coordination.intake.queue import OwnView, QueueChoices
from coordination.intake.views import as_data, from_data
from coordination.values import UserName
from db.tables.governance import user_account
from db.tables.presence import saved_view
from db.tables.reference import neighbourhood, service


def choices(connection: Connection) -> QueueChoices:
    """Services, neighbourhoods, colleagues who may hold a referral, and the views of this login."""
    lists = (
        _list(service, "code", "name", "side", order=(service.c.position, service.c.code)),
        _list(neighbourhood, "id", "name", order=(neighbourhood.c.name,)),
        _list(user_account, "user_name", "display_name", "role", order=(user_account.c.display_name,)).where(
            user_account.c.active
        ),
        _views(),
    )
    services, places, people, views = connection.execute(select(*(each.scalar_subquery() for each in lists))).one()
    return QueueChoices(
        tuple(ServiceKind(code, name, side) for code, name, side in services or ()),
        tuple((number, name) for number, name in places or ()),
        tuple((UserName(user), name) for user, name, role in people or () if role in _HOLDERS),
        tuple(_view(*row) for mine, *row in views or () if mine),
        tuple(_view(*row) for mine, *row in views or () if not mine),
    )


_HOLDERS = frozenset({"care_coordinator", "placement_coordinator", "trusted_assessor", "team_lead"})


_ME: ColumnElement[str] = literal_column("session_user")


def _views() -> Any:
    """One's own by place, then those of others by name of their owner; row security lets through what is shared."""
    t, by = saved_view, user_account
    mine = t.c.owner == _ME
    row = func.jsonb_build_array(
        mine, t.c.id, t.c.name, t.c.position, t.c.revision, t.c.shows, t.c.shared, case((~mine, t.c.owner)),
        case((~mine, by.c.display_name)),
    )  # fmt: skip
    order = (mine.desc(), case((mine, None), else_=by.c.display_name), t.c.position, t.c.id)
    return select(func.jsonb_agg(aggregate_order_by(row, *order))).select_from(
        t.outerjoin(by, by.c.user_name == t.c.owner)
    )


def _view(
    key: str, name: str, position: int, revision: int, shows: Any, shared: str, owner: str | None, by: str | None
) -> OwnView:
    asked, whose = from_data(shows.get("filter")), UserName(owner) if owner else None
    return OwnView(UUID(key), name, asked, _look(shows), position, revision, shared, whose, by or owner or "")


def insert_view(connection: Connection, view: OwnView) -> bool:
    """False when the id is already there."""
    values = {"id": view.id, "name": view.name, "position": view.position, "shows": _shows(view), "shared": view.shared}
    query = insert(saved_view).values(values).on_conflict_do_nothing(index_elements=["id"])
    return connection.execute(query.returning(saved_view.c.id)).first() is not None


def update_view(connection: Connection, view: OwnView) -> bool:
    """False when ``view.revision`` is not the present one."""
    query = (
        update(saved_view)
        .where(saved_view.c.id == view.id, saved_view.c.revision == view.revision)
        .values(
            name=view.name, position=view.position, shows=_shows(view), shared=view.shared, revision=view.revision + 1
        )
    )
    return connection.execute(query).rowcount == 1


def delete_view(connection: Connection, view_id: UUID) -> None:
    connection.execute(delete(saved_view).where(saved_view.c.id == view_id))


def _list(table: Any, *columns: str, order: tuple[Any, ...]) -> Any:
    row = func.jsonb_build_array(*(table.c[name] for name in columns))
    return select(func.jsonb_agg(aggregate_order_by(row, *order))).select_from(table)


def _shows(view: OwnView) -> dict[str, Any]:
    return {"filter": as_data(view.filter), "look": dict(view.look)}


def _look(shows: Any) -> dict[str, Any]:
    look = shows.get("look")
    return look if isinstance(look, dict) else {}


__all__ = ["choices", "delete_view", "insert_view", "update_view"]
