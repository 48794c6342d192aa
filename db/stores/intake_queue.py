"""E4. The one queue: a page is one query, and so are the counts of all views, and what a few changed rows are now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Select,
    Uuid,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    true,
)

from coordination.intake.model import OPEN_STATES
from coordination.intake.queue import QueueCursor, QueueFilter, QueueOrder, QueuePage, QueueRows, QueueView, ReferralRow
from coordination.values import PersonId, ReferralId, UserName
from db.stores.intake_clocks import deadlines_of
from db.stores.intake_filters import KEYS, behind_a_select, beyond, conditions_of, in_states
from db.stores.intake_rows import holder
from db.tables.intake import referral
from db.tables.people import person
from db.tables.reference import neighbourhood, service

_NEED_SHOWN = 240  # characters of the need in a row
_MOST_ROWS = 1000
_KEPT = 64  # statements: a desk has a few filters, and asks each of them again and again
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
    referral.c.deadlines,
)


def page(connection: Connection, asked: QueueFilter, me: UserName) -> QueuePage:
    """In the order asked for, which is indexed for open and for past ones; the next page begins after ``more``."""
    rows, as_of = _rows(connection, _page_query(asked, me), {})
    lines = [row_of(r) for r in rows]
    limit, place = _limit(asked), None
    if len(lines) > limit:
        lines, last = lines[:limit], rows[limit - 1]
        key = tuple(getattr(last, f"key_{n}") for n in range(len(KEYS[asked.order])))
        place = QueueCursor(key, lines[-1].id)
    return QueuePage(tuple(lines), place, as_of)


def rows_now(
    connection: Connection, ids: frozenset[ReferralId], asked: QueueFilter, me: UserName, upto: QueueCursor | None
) -> QueueRows:
    """These referrals as they are, whatever their state, and which of them a page of ``asked`` that ends at ``upto``
    would show. Read by key: it costs the same however many there are besides."""
    rows, as_of = _rows(connection, _now_query(asked, me, upto), {"ids": sorted(ids)})
    belong = frozenset(ReferralId(r.id) for r in rows if r.belongs)
    return QueueRows(tuple(row_of(r) for r in rows), belong, as_of)


def views(connection: Connection, wanted: Mapping[str, QueueFilter], me: UserName) -> list[QueueView]:
    """How many referrals each view shows. The open ones are counted in one pass over their index; of the past only
    what somebody is to settle is counted, the rest would mean to read it all."""
    query = _views_query(tuple(wanted.values()), me)
    row = connection.execute(query).one() if query is not None else None
    return [
        QueueView(code, asked, getattr(row, f"view_{number}", None))
        for number, (code, asked) in enumerate(wanted.items())
    ]


# ---------------------------------------------------------------- statements: made once, since making takes longest


def _limit(asked: QueueFilter) -> int:
    return min(max(asked.limit, 1), _MOST_ROWS)


@lru_cache(_KEPT)
def _page_query(asked: QueueFilter, me: UserName) -> Select[Any]:
    keys = KEYS[asked.order]
    conditions = conditions_of(asked, me)
    if asked.after is not None:
        conditions.append(beyond(asked, asked.after))
    order = [*keys, referral.c.id]
    # Joined after the limit: whatever the planner thinks of the filters, no more names are looked up than are shown.
    found = (
        select(*_SHOWN, *(key.label(f"key_{n}") for n, key in enumerate(keys)))
        .where(*conditions)
        .order_by(*(each.desc() for each in order) if asked.order == "closed" else order)
        .limit(literal_column(str(_limit(asked) + 1)))
    )
    return _named(found, _order_again(asked.order))


@lru_cache(_KEPT)
def _now_query(asked: QueueFilter, me: UserName, upto: QueueCursor | None) -> Select[Any]:
    belongs = conditions_of(asked, me)
    if upto is not None:
        belongs.append(~beyond(asked, upto))
    these = behind_a_select(referral.c.id, bindparam("ids", type_=ARRAY(Uuid)))
    found = select(*_SHOWN, and_(true(), *belongs).label("belongs")).where(these)
    return _named(found, lambda found: (found.c.due_at, found.c.id))


@lru_cache(_KEPT)
def _views_query(wanted: tuple[QueueFilter, ...], me: UserName) -> Select[Any] | None:
    columns: list[ColumnElement[Any]] = []
    open_states = frozenset(OPEN_STATES)
    for number, asked in enumerate(wanted):
        if asked.states <= open_states and asked.people is None:
            count: ColumnElement[Any] = func.count().filter(and_(true(), *conditions_of(asked, me)))
        elif asked.states == {"declined"} and asked.holder == "me":
            apart = referral.alias("past")
            mine = select(apart.c.id).where(*conditions_of(asked, me, apart)).limit(_MOST_ROWS).subquery()
            count = select(func.count()).select_from(mine).scalar_subquery()
        else:
            continue
        columns.append(count.label(f"view_{number}"))
    return select(*columns).select_from(referral).where(in_states(open_states)) if columns else None


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


def _order_again(order: QueueOrder) -> Any:
    def again(found: Any) -> list[Any]:
        keys = [*(found.c[f"key_{n}"] for n in range(len(KEYS[order]))), found.c.id]
        return [key.desc() for key in keys] if order == "closed" else keys

    return again


def _rows(connection: Connection, query: Select[Any], bound: Mapping[str, Any]) -> tuple[list[Any], Any]:
    """The rows, and the server's time."""
    rows = connection.execute(query, bound).all()
    return [row for row in rows if row.id is not None], rows[0].as_of.astimezone(UTC)


def _named(found: Select[Any], order: Any) -> Select[Any]:
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
        person.c.birth_date,
    ).select_from(words).subquery()  # fmt: skip
    return select(clock.c.as_of, named).select_from(clock.outerjoin(named, true())).order_by(*order(named))
