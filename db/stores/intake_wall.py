"""What hangs on the wall: initials made by the database, so that no name leaves it for this."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, lateral, select, true

from coordination.intake.model import OPEN_STATES
from coordination.intake.queue import Wall, WallPlace, WallRow
from coordination.values import ReferralId
from db.stores.intake_filters import in_states, is_overdue
from db.tables.intake import referral
from db.tables.people import person
from db.tables.reference import locality, service

SOON = timedelta(hours=1)


def wall(connection: Connection, localities: frozenset[str], most: int) -> Wall:
    """Counts by locality, and the ``most`` first due of each: two queries."""
    t, is_open = referral.c, in_states(frozenset(OPEN_STATES))
    waits = t.claimed_by.is_(None)
    place = locality.c.code
    counted = (
        select(
            place.label("locality"),
            func.now().label("as_of"),
            func.count(t.id).label("open"),
            func.count(t.id).filter(waits).label("unclaimed"),
            func.count(t.id).filter(is_overdue()).label("overdue"),
            func.count(t.id).filter(t.due_at.between(func.now(), func.now() + SOON)).label("due_soon"),
            func.min(t.due_at).filter(t.due_at >= func.now()).label("next_due"),
            func.min(t.received_at).filter(waits).label("oldest"),
        )
        .select_from(locality.outerjoin(referral, and_(t.locality == place, is_open)))
        .group_by(place)
    )
    first = lateral(
        select(
            t.id,
            t.person_id,
            t.service,
            t.urgency,
            t.state,
            t.due_at,
            t.received_at,
            (t.paused_until > func.now()).label("paused"),
        )
        .where(is_open, t.locality == place)
        .order_by(t.due_at, t.id)
        .limit(most)
    )
    initials = func.upper(func.concat(func.left(person.c.given, 1), func.left(person.c.surname, 1)))
    listed = (
        select(place.label("locality"), first, service.c.name.label("service_name"), initials.label("initials"))
        .select_from(
            locality.join(first, true())
            .join(service, service.c.code == first.c.service)
            .outerjoin(person, person.c.id == first.c.person_id)
        )
        .order_by(place, first.c.due_at, first.c.id)
    )
    if localities:
        counted = counted.where(place.in_(sorted(localities)))
        listed = listed.where(place.in_(sorted(localities)))
    counts = connection.execute(counted).all()
    rows: dict[str, list[WallRow]] = {}
    for r in connection.execute(listed):
        rows.setdefault(r.locality, []).append(_row(r))
    places = tuple(
        WallPlace(
            r.locality, r.open, r.unclaimed, r.overdue, r.due_soon, r.next_due, r.oldest,
            tuple(rows.get(r.locality, ())),
        )
        for r in sorted(counts, key=lambda r: ("north", "central", "south").index(r.locality))
    )  # fmt: skip
    return Wall(places, counts[0].as_of.astimezone(UTC))


def _row(r: Any) -> WallRow:
    return WallRow(
        ReferralId(r.id),
        r.initials or "",
        r.service_name,
        r.urgency,
        r.locality,
        r.state,
        r.due_at,
        r.received_at,
        bool(r.paused),
    )
