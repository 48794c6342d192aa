"""E4. The one queue: a page is one query, and so are the counts of all views."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select, true, tuple_

from coordination.intake.model import QueueCursor, QueueFilter, QueuePage, QueueView, ReferralRow
from coordination.values import PersonId, ReferralId, UserName
from db.stores.intake_rows import REFERRAL_FROM, holder
from db.tables.intake import referral
from db.tables.people import person
from db.tables.reference import neighbourhood, service

_NEED_SHOWN = 240  # characters of the need in a row
_MOST_ROWS = 1000


def page(connection: Connection, asked: QueueFilter, me: UserName) -> QueuePage:
    """First due first; the next page begins after ``more``. Closed views (declined, closed) come in the same order."""
    limit = min(max(asked.limit, 1), _MOST_ROWS)
    conditions = list(_conditions(asked, me))
    if asked.after is not None:
        conditions.append(tuple_(referral.c.due_at, referral.c.id) > (asked.after.due_at, asked.after.id))
    clock = select(func.now().label("as_of")).subquery()
    # The clock stands on the left, so that an empty page still tells the time that it was true at.
    found = (
        select(
            referral.c.id,
            referral.c.number,
            referral.c.person_id,
            person.c.title,
            person.c.surname,
            person.c.given,
            person.c.birth_date,
            func.left(referral.c.need, _NEED_SHOWN).label("need"),
            referral.c.service,
            service.c.name.label("service_name"),
            referral.c.urgency,
            referral.c.source,
            neighbourhood.c.name.label("neighbourhood"),
            referral.c.locality,
            referral.c.state,
            referral.c.claimed_by,
            holder.c.display_name.label("holder_name"),
            referral.c.claimed_at,
            referral.c.received_at,
            referral.c.due_at,
            referral.c.safeguarding,
            referral.c.revision,
        )
        .select_from(REFERRAL_FROM.outerjoin(person, person.c.id == referral.c.person_id))
        .where(*conditions)
        .order_by(referral.c.due_at, referral.c.id)
        .limit(limit + 1)
        .subquery()
    )
    query = select(clock.c.as_of, found).select_from(clock.outerjoin(found, true())).order_by(
        found.c.due_at, found.c.id
    )  # fmt: skip
    rows = connection.execute(query).all()
    as_of = rows[0].as_of.astimezone(UTC)
    lines = [_row(r) for r in rows if r.id is not None]
    more = len(lines) > limit
    lines = lines[:limit]
    return QueuePage(tuple(lines), QueueCursor(lines[-1].due_at, lines[-1].id) if more else None, as_of)


def views(connection: Connection, wanted: Mapping[str, QueueFilter], me: UserName) -> list[QueueView]:
    """How many referrals each view shows, in one pass over those that any of them may show."""
    counts = [
        func.count().filter(and_(*_conditions(asked, me))).label(f"view_{number}")
        for number, asked in enumerate(wanted.values())
    ]
    states = {state for asked in wanted.values() for state in asked.states}
    row = connection.execute(select(*counts).select_from(referral).where(referral.c.state.in_(sorted(states)))).one()
    return [QueueView(code, asked, row[number]) for number, (code, asked) in enumerate(wanted.items())]


def first_free(connection: Connection, asked: QueueFilter, me: UserName) -> ReferralId | None:
    """The first that no other transaction has locked, locked for this one."""
    query = (
        select(referral.c.id)
        .where(*_conditions(asked, me))
        .order_by(referral.c.due_at, referral.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = connection.execute(query).scalar_one_or_none()
    return ReferralId(found) if found else None


def _conditions(asked: QueueFilter, me: UserName) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [referral.c.state.in_(sorted(asked.states))]
    if asked.holder == "me":
        found.append(referral.c.claimed_by == me)
    if asked.holder == "nobody":
        found.append(referral.c.claimed_by.is_(None))
    if asked.overdue:
        found.append(referral.c.due_at < func.now())
    if asked.due_within is not None:
        found.append(referral.c.due_at.between(func.now(), func.now() + asked.due_within))
    if asked.safeguarding:
        found.append(referral.c.safeguarding)
    if asked.urgencies:
        found.append(referral.c.urgency.in_(sorted(asked.urgencies)))
    if asked.localities:
        found.append(referral.c.locality.in_(sorted(asked.localities)))
    if asked.services:
        found.append(referral.c.service.in_(sorted(asked.services)))
    if asked.ids is not None:
        found.append(referral.c.id.in_(sorted(asked.ids)))
    if asked.person_id is not None:
        found.append(referral.c.person_id == asked.person_id)
    return found


def _row(r: Any) -> ReferralRow:
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
    )
