"""E4. The one queue: a page is one query, and so are the counts of all views, and what a few changed rows are now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Select,
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
    true,
    tuple_,
)

from coordination.intake.model import (
    OPEN_STATES,
    QueueCursor,
    QueueFilter,
    QueueOrder,
    QueuePage,
    QueueRows,
    QueueView,
    ReferralRow,
)
from coordination.values import PersonId, ReferralId, UserName
from db.stores.intake_clocks import deadlines_of, row_deadlines
from db.stores.intake_rows import holder
from db.tables.intake import referral
from db.tables.people import person
from db.tables.reference import neighbourhood, service

_NEED_SHOWN = 240  # characters of the need in a row
_MOST_ROWS = 1000
# Written as the index has it, so that the planner sees that they are the same.
_URGENT: ColumnElement[int] = literal_column(
    "array_position(array['two_hours', 'same_day', '24_hours', '72_hours', 'routine'], referral.urgency)"
)
_KEYS: Mapping[QueueOrder, tuple[ColumnElement[Any], ...]] = {
    "due": (referral.c.due_at,),
    "received": (referral.c.received_at,),
    "urgency": (_URGENT, referral.c.due_at),
    "closed": (referral.c.closed_at,),
}
_SHOWN = (
    referral.c.id,
    referral.c.number,
    referral.c.person_id,
    func.left(referral.c.need, _NEED_SHOWN).label("need"),
    referral.c.service,
    referral.c.urgency,
    referral.c.source,
    referral.c.neighbourhood_id,
    referral.c.locality,
    referral.c.state,
    referral.c.claimed_by,
    referral.c.claimed_at,
    referral.c.received_at,
    referral.c.due_at,
    referral.c.safeguarding,
    referral.c.closed_at,
    referral.c.revision,
    referral.c.due_kind,
    referral.c.stage_due_at,
    referral.c.paused_reason,
    referral.c.paused_until,
    referral.c.asked_at,
    referral.c.responded_at,
    referral.c.moft_at,
)


def page(connection: Connection, asked: QueueFilter, me: UserName) -> QueuePage:
    """In the order asked for, which is indexed for open and for past ones; the next page begins after ``more``."""
    limit = min(max(asked.limit, 1), _MOST_ROWS)
    keys = _KEYS[asked.order]
    conditions = conditions_of(asked, me)
    if asked.after is not None:
        conditions.append(_beyond(asked, asked.after))
    order = [*keys, referral.c.id]
    # Joined after the limit: whatever the planner thinks of the filters, no more names are looked up than are shown.
    found = (
        select(*_SHOWN, *(key.label(f"key_{n}") for n, key in enumerate(keys)))
        .where(*conditions)
        .order_by(*(each.desc() for each in order) if asked.order == "closed" else order)
        .limit(literal_column(str(limit + 1)))
    )
    rows, as_of = _read(connection, found, _order_again(asked.order))
    lines = [row_of(r) for r in rows]
    more = len(lines) > limit
    if more:
        lines, last = lines[:limit], rows[limit - 1]
        place = QueueCursor(tuple(getattr(last, f"key_{n}") for n in range(len(keys))), lines[-1].id)
    return QueuePage(tuple(lines), place if more else None, as_of)


def rows_now(
    connection: Connection, ids: frozenset[ReferralId], asked: QueueFilter, me: UserName, upto: QueueCursor | None
) -> QueueRows:
    """These referrals as they are, whatever their state, and which of them a page of ``asked`` that ends at ``upto``
    would show. Read by key: it costs the same however many there are besides."""
    belongs = conditions_of(asked, me)
    if upto is not None:
        belongs.append(~_beyond(asked, upto))
    found = select(*_SHOWN, and_(true(), *belongs).label("belongs")).where(_one_of(referral.c.id, ids))
    rows, as_of = _read(connection, found, lambda found: (found.c.due_at, found.c.id))
    return QueueRows(
        tuple(row_of(r) for r in rows), frozenset(ReferralId(r.id) for r in rows if r.belongs), as_of
    )  # fmt: skip


def views(connection: Connection, wanted: Mapping[str, QueueFilter], me: UserName) -> list[QueueView]:
    """How many referrals each view shows. The open ones are counted in one pass over their index; of the past only
    what somebody is to settle is counted, the rest would mean to read it all."""
    columns: list[ColumnElement[Any]] = []
    open_states = frozenset(OPEN_STATES)
    for number, asked in enumerate(wanted.values()):
        if asked.states <= open_states and asked.people is None:
            count: ColumnElement[Any] = func.count().filter(and_(true(), *conditions_of(asked, me)))
        elif asked.states == {"declined"} and asked.holder == "me":
            apart = referral.alias("past")
            mine = select(apart.c.id).where(*conditions_of(asked, me, apart)).limit(_MOST_ROWS).subquery()
            count = select(func.count()).select_from(mine).scalar_subquery()
        else:
            continue
        columns.append(count.label(f"view_{number}"))
    if not columns:
        return [QueueView(code, asked, None) for code, asked in wanted.items()]
    row = connection.execute(select(*columns).select_from(referral).where(in_states(open_states))).one()
    return [
        QueueView(code, asked, getattr(row, f"view_{number}", None))
        for number, (code, asked) in enumerate(wanted.items())
    ]


def first_free(connection: Connection, asked: QueueFilter, me: UserName) -> ReferralId | None:
    """The first that no other transaction has locked, locked for this one."""
    query = (
        select(referral.c.id)
        .where(*conditions_of(asked, me))
        .order_by(referral.c.due_at, referral.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = connection.execute(query).scalar_one_or_none()
    return ReferralId(found) if found else None


def in_states(states: frozenset[Any], of: Any = referral) -> ColumnElement[bool]:
    """Written out, not bound: a partial index is used only by a plan that knows the states."""
    known: Any = bindparam(None, sorted(states), expanding=True, literal_execute=True)
    return of.c.state.in_(known)  # type: ignore[no-any-return]


def conditions_of(asked: QueueFilter, me: UserName, of: Any = referral) -> list[ColumnElement[bool]]:
    """What a referral must be to belong to a filter."""
    t = of.c
    found: list[ColumnElement[bool]] = [in_states(asked.states, of) if asked.states else false()]
    if asked.holder == "me":
        found.append(t.claimed_by == me)
    if asked.holder == "nobody":
        found.append(t.claimed_by.is_(None))
    if asked.overdue:
        found.append(t.due_at < func.now())
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
        found.append(_one_of(t.id, asked.ids))
    if asked.people is not None:
        found.append(_one_of(t.person_id, asked.people))
    for column, value in ((t.person_id, asked.person_id), (t.number, asked.number)):
        if value is not None:
            found.append(column == value)
    if asked.on_hold:
        found.append(or_(t.paused_until > func.now(), t.asked_at.is_not(None)))
    if asked.closed_by is not None:
        found.append(t.closed_at <= asked.closed_by)
    return found


def row_of(r: Any) -> ReferralRow:
    return ReferralRow(
        ReferralId(r.id),
        r.number,
        PersonId(r.person_id) if r.person_id else None,
        r.title or "",
        r.surname or "",
        r.given or "",
        r.birth_date,
        r.need,
        r.service,
        r.service_name,
        r.urgency,
        r.source,
        r.neighbourhood,
        r.locality,
        r.state,
        UserName(r.claimed_by) if r.claimed_by else None,
        r.holder_name or r.claimed_by,
        r.claimed_at,
        r.received_at,
        r.due_at,
        r.safeguarding,
        r.revision,
        r.due_kind,
        r.stage_due_at,
        r.paused_reason,
        r.paused_until,
        r.asked_at,
        r.responded_at,
        r.moft_at,
        deadlines_of(r.deadlines),
    )


def _one_of(column: ColumnElement[Any], ids: frozenset[Any]) -> ColumnElement[bool]:
    """Asked for behind a select, so that the planner does not look into it and keeps one plan: planning such a query
    takes longer than running it."""
    asked = select(bindparam(None, sorted(ids), ARRAY(Uuid))).scalar_subquery()
    return column == any_(cast(asked, ARRAY(Uuid)))


def _beyond(asked: QueueFilter, place: QueueCursor) -> ColumnElement[bool]:
    here, there = tuple_(*_KEYS[asked.order], referral.c.id), tuple_(*place.key, place.id)
    return here < there if asked.order == "closed" else here > there


def _order_again(order: QueueOrder) -> Any:
    def again(found: Any) -> list[Any]:
        keys = [*(found.c[f"key_{n}"] for n in range(len(_KEYS[order]))), found.c.id]
        return [key.desc() for key in keys] if order == "closed" else keys

    return again


def _read(connection: Connection, found: Select[Any], order: Any) -> tuple[list[Any], Any]:
    """With the words that belong to the codes. The clock stands on the left, so that an empty list still tells the time
    that it was true at."""
    clock = select(func.now().label("as_of")).subquery()
    r = found.subquery("r")
    words = (
        r.join(service, service.c.code == r.c.service)
        .outerjoin(neighbourhood, neighbourhood.c.id == r.c.neighbourhood_id)
        .outerjoin(holder, holder.c.user_name == r.c.claimed_by)
        .outerjoin(person, person.c.id == r.c.person_id)
    )
    named = select(
        r, service.c.name.label("service_name"), neighbourhood.c.name.label("neighbourhood"),
        holder.c.display_name.label("holder_name"), person.c.title, person.c.surname, person.c.given,
        person.c.birth_date, row_deadlines(r.c.id).label("deadlines"),
    ).select_from(words).subquery()  # fmt: skip
    query = select(clock.c.as_of, named).select_from(clock.outerjoin(named, true())).order_by(*order(named))
    rows = connection.execute(query).all()
    return [row for row in rows if row.id is not None], rows[0].as_of.astimezone(UTC)
