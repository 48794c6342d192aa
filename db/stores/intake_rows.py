"""Columns of contacts and referrals and the records that they become."""

from __future__ import annotations

from typing import Any

from coordination.intake.model import Contact, Referral
from coordination.values import ContactId, PersonId, ReferralId, UserName
from db.stores.intake_callers import CALLER_COLUMNS, caller_of, with_caller, words_of
from db.tables.governance import user_account
from db.tables.intake import contact, referral
from db.tables.reference import neighbourhood, service

_recorder = user_account.alias("recorder")
holder = user_account.alias("holder_account")

CONTACT_COLUMNS = (*contact.c, _recorder.c.display_name.label("recorded_by_name"), *CALLER_COLUMNS)
CONTACT_FROM = with_caller(contact.outerjoin(_recorder, _recorder.c.user_name == contact.c.recorded_by))

REFERRAL_COLUMNS = (
    *referral.c,
    service.c.name.label("service_name"),
    neighbourhood.c.name.label("neighbourhood"),
    holder.c.display_name.label("holder_name"),
)
REFERRAL_FROM = (
    referral.join(service, service.c.code == referral.c.service)
    .outerjoin(neighbourhood, neighbourhood.c.id == referral.c.neighbourhood_id)
    .outerjoin(holder, holder.c.user_name == referral.c.claimed_by)
)


def contact_of(r: Any) -> Contact:
    return Contact(
        ContactId(r.id),
        r.channel,
        r.received_at,
        r.recorded_at,
        UserName(r.recorded_by),
        r.recorded_by_name or r.recorded_by,
        r.locality,
        PersonId(r.person_id) if r.person_id else None,
        *words_of(r),
        r.need,
        r.details,
        r.ending,
        r.ending_reason,
        ReferralId(r.linked_referral_id) if r.linked_referral_id else None,
        r.ended_at,
        r.revision,
        **caller_of(r),
    )


def referral_of(r: Any) -> Referral:
    return Referral(
        ReferralId(r.id),
        r.number,
        ContactId(r.contact_id),
        PersonId(r.person_id) if r.person_id else None,
        r.service,
        r.service_name,
        r.urgency,
        r.urgency_reason,
        r.need,
        r.source,
        r.locality,
        r.neighbourhood_id,
        r.neighbourhood,
        r.received_at,
        r.due_at,
        r.state,
        r.state_reason,
        UserName(r.claimed_by) if r.claimed_by else None,
        r.holder_name or r.claimed_by,
        r.claimed_at,
        r.safeguarding,
        r.closed_at,
        r.revision,
        r.due_kind,
        r.stage_due_at,
        r.responded_at,
        r.assessed_at,
        r.moft_at,
        r.paused_reason,
        r.paused_until,
        r.asked_at,
    )
