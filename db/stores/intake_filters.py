"""What a referral must be to belong to a filter of the queue, and where it stands in an order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    false,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)

from coordination.intake.queue import QueueCursor, QueueFilter, QueueOrder
from coordination.values import UserName
from db.tables.intake import referral

# Written as the index has it, so that the planner sees that they are the same.
_URGENT: ColumnElement[int] = literal_column(
    "array_position(array['two_hours', 'same_day', '24_hours', '72_hours', 'routine'], referral.urgency)"
)
KEYS: Mapping[QueueOrder, tuple[ColumnElement[Any], ...]] = {
    "due": (referral.c.due_at,),
    "received": (referral.c.received_at,),
    "urgency": (_URGENT, referral.c.due_at),
    "closed": (referral.c.closed_at,),
}


def in_states(states: frozenset[Any], of: Any = referral) -> ColumnElement[bool]:
    """Written out, not bound: a partial index is used only by a plan that knows the states."""
    known: Any = bindparam(None, sorted(states), expanding=True, literal_execute=True)
    return of.c.state.in_(known)  # type: ignore[no-any-return]


def is_overdue(of: Any = referral) -> ColumnElement[bool]:
    """Past its time, and its clock runs: one that stands still is not overdue."""
    runs = or_(of.c.paused_until.is_(None), of.c.paused_until <= func.now())
    return and_(of.c.due_at < func.now(), runs)


def conditions_of(asked: QueueFilter, me: UserName, of: Any = referral) -> list[ColumnElement[bool]]:
    """What a referral must be to belong to a filter."""
    t = of.c
    found: list[ColumnElement[bool]] = [in_states(asked.states, of) if asked.states else false()]
    if asked.holder == "me":
        found.append(t.claimed_by == me)
    if asked.holder == "nobody":
        found.append(t.claimed_by.is_(None))
    if asked.overdue:
        found.append(is_overdue(of))
    if asked.due_within is not None:
        found.append(t.due_at.between(func.now(), func.now() + asked.due_within))
    if asked.safeguarding:
        found.append(t.safeguarding)
    for column, values in (
        (t.urgency, asked.urgencies), (t.locality, asked.localities), (t.service, asked.services),
        (t.claimed_by, asked.holders), (t.neighbourhood_id, asked.neighbourhoods), (t.source, asked.sources),
    ):  # fmt: skip
        if values:
            found.append(column.in_(sorted(values)))
    if asked.ids is not None:
        found.append(one_of(t.id, asked.ids))
    if asked.people is not None:
        found.append(one_of(t.person_id, asked.people))
    for column, value in ((t.person_id, asked.person_id), (t.number, asked.number)):
        if value is not None:
            found.append(column == value)
    if asked.on_hold:
        found.append(or_(t.paused_until > func.now(), t.asked_at.is_not(None)))
    if asked.closed_by is not None:
        found.append(t.closed_at <= asked.closed_by)
    return found


def one_of(column: ColumnElement[Any], ids: frozenset[Any]) -> ColumnElement[bool]:
    return behind_a_select(column, bindparam(None, sorted(ids), ARRAY(Uuid)))


def behind_a_select(column: ColumnElement[Any], ids: ColumnElement[Any]) -> ColumnElement[bool]:
    """One of an array. It is asked for behind a select, so that the planner does not look into it and keeps one plan:
    planning such a query takes longer than running it."""
    return column == any_(cast(select(ids).scalar_subquery(), ARRAY(Uuid)))


def beyond(asked: QueueFilter, place: QueueCursor) -> ColumnElement[bool]:
    here, there = tuple_(*KEYS[asked.order], referral.c.id), tuple_(*place.key, place.id)
    return here < there if asked.order == "closed" else here > there
