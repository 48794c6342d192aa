"""Everything that somebody has not done yet, of every kind, in one query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    DateTime,
    Integer,
    Select,
    Text,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)

from coordination.duty.model import ItemKind, Outstanding
from coordination.values import PersonId, UserName
from db.tables.duty import handover_item
from db.tables.governance import user_account
from db.tables.intake import contact, referral
from db.tables.intake_clocks import clock_pause, information_request, pause_reason
from db.tables.messages import message, original
from db.tables.people import person
from db.tables.reference import service
from db.tables.safeguarding import safeguarding_concern

_SHOWN = 240  # characters of a need


def of(connection: Connection, user: UserName | None, locality: str | None, limit: int) -> list[Outstanding]:
    """Of one user, or of everybody; first due first, what has no time last."""
    parts = union_all(*(make(user, locality, None) for make in _MAKERS.values())).subquery()
    query = select(parts).order_by(parts.c.due_at.asc().nulls_last(), parts.c.since, parts.c.id).limit(limit)
    return [outstanding_of(r) for r in connection.execute(query)]


def as_they_stand(connection: Connection, ids: Sequence[tuple[str, UUID]]) -> dict[UUID, Outstanding]:
    """Subjects of a handover as they stand now, done or not, as far as this login may see them."""
    if not ids:
        return {}
    wanted = {kind: [subject for k, subject in ids if k == kind] for kind in _MAKERS}
    parts = [_MAKERS[kind](None, None, found) for kind, found in wanted.items() if found]
    if not parts:
        return {}
    together = union_all(*parts).subquery()
    return {r.id: outstanding_of(r) for r in connection.execute(select(together))}


def _columns(kind: ItemKind, holder: Any, account: Any, **of: Any) -> list[Any]:
    """The same columns for every kind, in the same order and of the same type."""
    return [
        literal(kind, Text).label("kind"),
        of["id"].label("id"),
        of.get("number", null().cast(Integer)).label("number"),
        person.c.id.label("person_id"),
        func.coalesce(person.c.title, "").label("title"),
        func.coalesce(person.c.surname, "").label("surname"),
        func.coalesce(person.c.given, "").label("given"),
        person.c.birth_date,
        func.left(of["words"], _SHOWN).label("words"),
        of.get("service", literal("", Text)).label("service_name"),
        of.get("urgency", literal("", Text)).label("urgency"),
        of["state"].label("state"),
        of.get("state_reason", literal("", Text)).label("state_reason"),
        of["since"].label("since"),
        of.get("due_at", null().cast(DateTime(timezone=True))).label("due_at"),
        holder.label("holder"),
        func.coalesce(account.c.display_name, holder, "").label("holder_name"),
        of["locality"].label("locality"),
        of["revision"].label("revision"),
        of.get("safeguarding", literal(False)).label("safeguarding"),
        func.coalesce(of.get("waits_for", literal("", Text)), "").label("waits_for"),
        of.get("waits_until", null().cast(DateTime(timezone=True))).label("waits_until"),
    ]


def _own(table: Any) -> dict[str, Any]:
    """The columns that a record has under the names of an item, and its number where it has one."""
    number = {"number": table.c.number.cast(Integer)} if "number" in table.c else {}
    return {"id": table.c.id, "locality": table.c.locality, "revision": table.c.revision, **number}


def _referrals(user: UserName | None, locality: str | None, ids: Sequence[UUID] | None) -> Select[Any]:
    """Held, or declined and waiting for its next owner to settle it; paused ones with why, asked ones with what."""
    r, p, q = referral, clock_pause, information_request
    pause = (
        select(pause_reason.c.name.label("why"), p.c.until_at)
        .join_from(p, pause_reason, pause_reason.c.code == p.c.reason)
        .where(p.c.referral_id == r.c.id, p.c.ended == "", p.c.until_at > func.now())
        .limit(1)
        .lateral("pause")
    )
    asked = (
        select(func.left(q.c.question, _SHOWN).label("question"), q.c.reply_by)
        .where(q.c.referral_id == r.c.id, q.c.state == "open")
        .limit(1)
        .lateral("asked")
    )
    account = user_account.alias("referral_holder")
    columns = _columns(
        "referral",
        r.c.claimed_by,
        account,
        **_own(r),
        words=r.c.need,
        service=service.c.name,
        urgency=r.c.urgency,
        state=r.c.state,
        state_reason=r.c.state_reason,
        since=func.coalesce(r.c.claimed_at, r.c.received_at),
        due_at=r.c.due_at,
        safeguarding=r.c.safeguarding,
        waits_for=func.coalesce(asked.c.question, pause.c.why),
        waits_until=func.coalesce(asked.c.reply_by, pause.c.until_at),
    )
    query = (
        select(*columns)
        .join_from(r, service, service.c.code == r.c.service)
        .outerjoin(person, person.c.id == r.c.person_id)
        .outerjoin(account, account.c.user_name == r.c.claimed_by)
        .outerjoin(pause, true())
        .outerjoin(asked, true())
    )
    if ids is not None:
        return query.where(r.c.id.in_(ids))
    query = query.where(r.c.state.in_(("claimed", "accepted", "declined")), r.c.claimed_by.is_not(None))
    return _within(query, r.c.claimed_by, r.c.locality, user, locality)


def _contacts(user: UserName | None, locality: str | None, ids: Sequence[UUID] | None) -> Select[Any]:
    """Recorded and not ended: with whoever recorded it, or took it over at a handover."""
    c = contact
    keeper = _keeper(c.c.id, c.c.recorded_by)
    account = user_account.alias("contact_holder")
    columns = _columns(
        "contact",
        keeper,
        account,
        **_own(c),
        words=c.c.need,
        state=case((c.c.ending.is_(None), literal("open", Text)), else_=literal("ended", Text)),
        state_reason=c.c.channel,
        since=c.c.received_at,
    )
    query = (
        select(*columns)
        .select_from(c)
        .outerjoin(person, person.c.id == c.c.person_id)
        .outerjoin(account, account.c.user_name == keeper)
    )
    if ids is not None:
        return query.where(c.c.id.in_(ids))
    return _within(query.where(c.c.ending.is_(None)), keeper, c.c.locality, user, locality)


def _messages(user: UserName | None, locality: str | None, ids: Sequence[UUID] | None) -> Select[Any]:
    """Refused, and nobody has taken in anything of the same file since: of the last two days."""
    m, again = message, message.alias("again")
    keeper = _keeper(m.c.id, m.c.read_by)
    place = user_account.alias("reader")
    account = user_account.alias("message_holder")
    columns = _columns(
        "message",
        keeper,
        account,
        id=m.c.id,
        words=original.c.name,
        state=m.c.outcome,
        state_reason=m.c.kind,
        since=m.c.read_at,
        locality=place.c.locality,
        revision=m.c.revision,
    )
    query = (
        select(*columns)
        .join_from(m, original, original.c.id == m.c.original_id)
        .outerjoin(person, person.c.id == m.c.person_id)
        .outerjoin(account, account.c.user_name == keeper)
        .outerjoin(place, place.c.user_name == m.c.read_by)
    )
    if ids is not None:
        return query.where(m.c.id.in_(ids))
    taken_in = select(again.c.id).where(again.c.original_id == m.c.original_id, again.c.outcome == "taken_in")
    query = query.where(
        m.c.outcome == "refused", m.c.read_at > func.now() - func.make_interval(0, 0, 0, 2), ~taken_in.exists()
    )
    return _within(query, keeper, place.c.locality, user, locality)


def _concerns(user: UserName | None, locality: str | None, ids: Sequence[UUID] | None) -> Select[Any]:
    """Safeguarding concerns that nobody has decided yet."""
    c = safeguarding_concern
    account = user_account.alias("concern_holder")
    columns = _columns(
        "concern",
        c.c.owner,
        account,
        **_own(c),
        words=c.c.seen_or_said,
        state=c.c.stage,
        since=c.c.owner_since,
        safeguarding=literal(True),
    )
    query = (
        select(*columns)
        .select_from(c)
        .outerjoin(person, person.c.id == c.c.person_id)
        .outerjoin(account, account.c.user_name == c.c.owner)
    )
    if ids is not None:
        return query.where(c.c.id.in_(ids))
    return _within(query.where(c.c.stage != "decided"), c.c.owner, c.c.locality, user, locality)


def _requests(user: UserName | None, locality: str | None, ids: Sequence[UUID] | None) -> Select[Any]:
    """Questions that nobody has answered, of referrals that nobody holds: else the holder reads it there."""
    q, r = information_request, referral
    keeper = _keeper(q.c.id, q.c.asked_by)
    account = user_account.alias("request_holder")
    columns = _columns(
        "request",
        keeper,
        account,
        id=q.c.id,
        number=r.c.number.cast(Integer),
        words=q.c.question,
        service=service.c.name,
        state=q.c.state,
        since=q.c.asked_at,
        due_at=q.c.reply_by,
        locality=r.c.locality,
        revision=case((q.c.state == "open", literal(1)), else_=literal(2)),
    )
    query = (
        select(*columns)
        .join_from(q, r, r.c.id == q.c.referral_id)
        .join(service, service.c.code == r.c.service)
        .outerjoin(person, person.c.id == r.c.person_id)
        .outerjoin(account, account.c.user_name == keeper)
    )
    if ids is not None:
        return query.where(q.c.id.in_(ids))
    query = query.where(q.c.state == "open", r.c.claimed_by.is_(None))
    return _within(query, keeper, r.c.locality, user, locality)


_MAKERS: dict[str, Callable[[UserName | None, str | None, Sequence[UUID] | None], Select[Any]]] = {
    "referral": _referrals,
    "contact": _contacts,
    "message": _messages,
    "concern": _concerns,
    "request": _requests,
}


def _keeper(subject: Any, first: Any) -> Any:
    """Who looks after what has no holder of its own: whoever accepted it last, else the one it began with."""
    i = handover_item.alias()
    last = (
        select(i.c.settled_by)
        .where(i.c.subject_id == subject, i.c.state == "accepted")
        .order_by(i.c.settled_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(last, first)


def _within(query: Select[Any], holder: Any, place: Any, user: UserName | None, locality: str | None) -> Select[Any]:
    conditions = []
    if user is not None:
        conditions.append(holder == user)
    if locality is not None:
        conditions.append(or_(place == locality, and_(place.is_(None), literal(user is not None))))
    return query.where(*conditions)


def outstanding_of(r: Any) -> Outstanding:
    return Outstanding(
        r.kind,
        r.id,
        r.number,
        PersonId(r.person_id) if r.person_id else None,
        r.title,
        r.surname,
        r.given,
        r.birth_date,
        r.words,
        r.service_name,
        r.urgency,
        r.state,
        r.state_reason,
        r.since,
        r.due_at,
        UserName(r.holder or ""),
        r.holder_name,
        r.locality,
        r.revision,
        r.safeguarding,
        r.waits_for,
        r.waits_until,
    )
