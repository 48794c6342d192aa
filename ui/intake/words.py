"""What the codes of contacts and referrals are called on every screen."""

from __future__ import annotations

from datetime import datetime, timedelta

from coordination.clock import local_date
from coordination.intake import rules
from coordination.intake.model import Referral, ReferralEvent, ReferralRow
from ui import wording
from ui.style import tokens

CHANNELS = {
    "telephone": "Telephone",
    "online_form": "Online form",
    "email": "E-mail",
    "social_media": "Social media",
    "gp": "GP",
    "community_clinic": "Community clinic",
    "ward": "Hospital ward",
    "emergency_department": "Emergency department",
    "ambulance": "Ambulance (NWAS)",
    "gp_out_of_hours": "GP out-of-hours",
    "walk_in": "Walk-in",
    "other_centre": "Another centre",
}
DETAILS = {
    "sender": "Sender",
    "subject": "Subject",
    "text": "Text",
    "form": "Form",
    "reference": "Reference",
    "account": "Account",
    "link": "Link to it",
    "practice": "Practice",
    "clinician": "Clinician",
    "clinic": "Clinic",
    "site": "Site",
    "ward": "Ward",
    "consultant": "Consultant",
    "moft_at": "Medically optimised since",
    "incident": "Incident number",
    "crew": "Crew",
    "conveyed": "Taken to hospital",
    "centre": "Centre",
    "colleague": "Colleague",
    "said_to_be": "Said to be",
}
URGENCIES = {
    "two_hours": "2 hours",
    "same_day": "Same day",
    "24_hours": "24 hours",
    "72_hours": "72 hours",
    "routine": "Routine",
}
URGENCY_TONES = {"two_hours": "red", "same_day": "amber"}
STATES = {
    "waiting": "Waiting",
    "claimed": "Claimed",
    "accepted": "Accepted",
    "declined": "Declined",
    "closed": "Closed",
}
ENDINGS = {
    "advice": "Advice",
    "referral": "Referral",
    "linked": "Belongs to a referral",
    "no_action": "No action",
}
LOCALITIES = {"north": "North", "central": "Central", "south": "South"}
RELATIONS = (
    "The person", "Daughter", "Son", "Wife", "Husband", "Partner", "Mother", "Father", "Sister", "Brother", "Neighbour",
    "Friend", "Carer", "GP", "Nurse", "Social worker", "Ward", "Paramedic", "Housing officer", "Care provider",
)  # fmt: skip
SOON = timedelta(minutes=15)


def source(code: str) -> str:
    """Where a referral came from: a channel, or the organisation by its own name."""
    return CHANNELS.get(code, code)


def locality(code: str | None) -> str:
    return LOCALITIES.get(code or "", wording.NOT_KNOWN)


def time_left(row: ReferralRow | Referral, now: datetime) -> str:
    """``1 h 20 min left``, ``25 min over``; of what is over and done with, nothing."""
    if row.state in ("declined", "closed"):
        return ""
    span = row.due_at - now
    return f"{short(span)} left" if span >= timedelta() else f"{short(span)} over"


def short(span: timedelta) -> str:
    """A length with as much of it as matters: ``45 min``, ``2 h 5 min``, from four hours ``5 h``, ``1 d 2 h``."""
    hours = int(abs(span).total_seconds() // 3600)
    return f"{hours} h" if 4 <= hours < 24 else wording.length(span)


def time_state(row: ReferralRow | Referral, now: datetime) -> tokens.State | None:
    """Shape and colour of the time left."""
    if row.state in ("declined", "closed"):
        return None
    span = row.due_at - now
    code = "overdue" if span < timedelta() else "due_soon" if span <= SOON else "in_time"
    return tokens.state(code)


def due(moment: datetime, now: datetime) -> str:
    """``today 11:05, in 2 h`` · ``Mon 23-Nov-2026 22:00, in 1 d 13 h``."""
    apart = (local_date(moment) - local_date(now)).days
    named = {0: "today", 1: "tomorrow"}.get(apart) or wording.weekday(local_date(moment))
    return f"{named} {wording.clock_time(moment)}, {wording.time_left(moment, now)}"


def is_stale(row: ReferralRow | Referral, now: datetime) -> bool:
    return rules.is_stale(row.claimed_at, row.state, now)


def holder(row: ReferralRow | Referral, me: str) -> str:
    """Who has it: ``You``, a colleague, or nobody."""
    if row.holder is None:
        return ""
    return "You" if row.holder == me else row.holder_name or row.holder


def state_look(row: ReferralRow | Referral, me: str, now: datetime) -> tokens.State:
    """A claim of mine looks like mine, one left lying turns amber."""
    if is_stale(row, now):
        return tokens.State("amber", "hourglass")
    return tokens.state("yours" if row.holder == me and row.state in ("claimed", "accepted") else row.state)


def event(entry: ReferralEvent, before: ReferralEvent | None) -> str:
    """One line of the history: what happened, by whom. Empty for what only the database needs to know."""
    if entry.from_state is None or before is None:
        return f"Referred by {entry.by_name}"
    moved_hands = entry.holder != before.holder
    if entry.from_state == entry.to_state and not moved_hands:
        return f"Triaged by {entry.by_name}" if entry.reason else ""
    if entry.to_state == "waiting":
        back = "Reopened" if entry.from_state in ("declined", "closed") else "Released"
        return f"{back} by {entry.by_name}"
    if entry.to_state == "declined":
        return f"Declined by {entry.by_name}; {entry.holder_name or 'nobody'} settles it next"
    if entry.to_state in ("claimed", "accepted") and moved_hands and before.holder is not None:
        if entry.holder == entry.by:
            return f"Taken over by {entry.by_name}"
        return f"Handed over to {entry.holder_name} by {entry.by_name}"
    if entry.to_state == "claimed" and entry.holder != entry.by:
        return f"Given to {entry.holder_name} by {entry.by_name}"
    return f"{STATES[entry.to_state]} by {entry.by_name}"
