"""What can be chosen in a contact, in one statement: each list as one JSON value, in its order."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, func, select, text
from sqlalchemy.dialects.postgresql import JSONB

from coordination.governance.model import Account
from coordination.intake.choices import ContactChoices
from coordination.intake.model import ServiceKind
from coordination.people.model import Place, Practice
from coordination.values import TeamId, UserName
from db.tables.governance import user_account
from db.tables.reference import hospital, neighbourhood, practice, service

_a, _p = user_account, practice
_SERVICES = select(service.c.code, service.c.name, service.c.side).order_by(service.c.position, service.c.code)
_HOSPITALS = select(hospital.c.code, hospital.c.name).order_by(hospital.c.name)
_PRACTICES = (
    select(_p.c.code, _p.c.name, _p.c.phone, _p.c.neighbourhood_id, neighbourhood.c.name.label("near"))
    .add_columns(neighbourhood.c.locality)
    .outerjoin(neighbourhood, neighbourhood.c.id == _p.c.neighbourhood_id)
    .where(_p.c.active)
    .order_by(_p.c.name, _p.c.code)
)
_COLLEAGUES = (
    select(_a.c.user_name, _a.c.display_name, _a.c.role, _a.c.locality, _a.c.team_id, _a.c.training)
    .where(_a.c.active)
    .order_by(_a.c.display_name)
)


def _many(query: Select[Any], name: str) -> Any:
    rows = query.subquery()
    every = func.coalesce(func.jsonb_agg(rows.table_valued()), text("'[]'::jsonb"), type_=JSONB)
    return select(every).select_from(rows).scalar_subquery().label(name)


_QUERY = select(
    _many(_SERVICES, "services"), _many(_HOSPITALS, "hospitals"), _many(_PRACTICES, "practices"),
    _many(_COLLEAGUES, "colleagues"),
)  # fmt: skip


def read(connection: Connection) -> ContactChoices:
    """One statement."""
    row: Any = connection.execute(_QUERY).one()
    return ContactChoices(
        tuple(ServiceKind(r["code"], r["name"], r["side"]) for r in row.services),
        tuple((r["code"], r["name"]) for r in row.hospitals),
        tuple(map(_practice, row.practices)),
        tuple(map(_colleague, row.colleagues)),
    )


def _practice(r: Any) -> Practice:
    near = r["neighbourhood_id"]
    place = Place(near, r["near"], r["locality"]) if near is not None else None
    return Practice(r["code"], r["name"], place, r["phone"] or "", active=True)


def _colleague(r: Any) -> Account:
    team = TeamId(r["team_id"]) if r["team_id"] is not None else None
    return Account(
        UserName(r["user_name"]), r["display_name"], r["role"], r["locality"], team, active=True, training=r["training"]
    )
