"""Referrals that may be the same as one about to be made: by person, by telephone, or among those of nobody known."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select, union_all

from coordination.intake.alike import RECENT, BeingWritten, Referred
from coordination.people.record import RecordReferral
from coordination.values import PersonId, ReferralId, phone_key
from db.stores.found import few, holding, one_of, open_
from db.stores.people_rows import kept_person
from db.tables.callers import contact_caller
from db.tables.governance import user_account
from db.tables.intake import contact, referral
from db.tables.reference import service

_MOST = 80
_OPEN = ("waiting", "claimed", "accepted")


def candidates(connection: Connection, written: BeingWritten) -> list[Referred]:
    """One statement; none when nothing is known to look by."""
    t, since = referral, func.now() - RECENT
    ways: list[ColumnElement[bool]] = []
    if written.person_id is not None:
        ways.append(t.c.person_id == kept_person(written.person_id))
    if key := phone_key(written.caller_phone):
        calls = select(contact.c.id).where(contact.c.received_at >= since)
        among_all = calls.where(open_(contact), contact.c.caller_phone_key == key)
        among_few = calls.where(contact.c.id == one_of(few(contact, (contact.c.caller_phone_key,), [key])))
        linked = holding(contact_caller, (contact_caller.c.phone_key,), [key])
        ways += [
            t.c.contact_id.in_(union_all(among_all, among_few)),
            and_(t.c.contact_id == linked, t.c.received_at >= since),
        ]
    if written.person_id is None and written.need:
        ways.append(and_(t.c.person_id.is_(None), t.c.received_at >= since))
    if not ways:
        return []
    query = (
        select(
            t,
            (t.c.person_id == kept_person(written.person_id) if written.person_id else false()).label("is_theirs"),
            service.c.name.label("service_name"),
            user_account.c.display_name,
            func.coalesce(func.nullif(contact_caller.c.name, ""), contact.c.caller_name).label("caller_name"),
            func.coalesce(func.nullif(contact_caller.c.phone, ""), contact.c.caller_phone).label("caller_phone"),
        )
        .join(service, service.c.code == t.c.service)
        .join(contact, contact.c.id == t.c.contact_id)
        .outerjoin(contact_caller, contact_caller.c.contact_id == contact.c.id)
        .outerjoin(user_account, user_account.c.user_name == t.c.claimed_by)
        .where(or_(*ways), or_(t.c.state.in_(_OPEN), t.c.closed_at >= since))
        .order_by(t.c.received_at.desc(), t.c.id.desc())
        .limit(_MOST)
    )
    return [_referred(r, written.person_id) for r in connection.execute(query)]


def _referred(r: Any, asked: PersonId | None) -> Referred:
    found = RecordReferral(
        ReferralId(r.id), r.number, r.service, r.service_name, r.urgency, r.state, r.need, r.received_at, r.due_at,
        r.display_name,
    )  # fmt: skip
    # Asked for under the id of a record that was merged since, they are the same person all the same.
    person = asked if r.is_theirs else PersonId(r.person_id) if r.person_id else None
    return Referred(found, person, r.caller_name, r.caller_phone, r.closed_at)
