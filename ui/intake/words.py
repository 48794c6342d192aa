"""What the codes of contacts and referrals are called on every screen."""

from __future__ import annotations

from datetime import datetime, timedelta

from coordination.clock import local_date
from coordination.intake.clocks import Deadline, waited
from coordination.intake.model import Referral, ReferralEvent
from coordination.intake.queue import ReferralRow
from coordination.intake.reference import clock_kinds, pause_reasons
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
STOPS = {
    "closed": "closed",
    "declined": "declined",
    "released": "released",
    "transferred": "transferred",
    "handed_over": "handed over",
    "taken_back": "taken back",
    "withdrawn": "no longer medically optimised",
}
ASK_OF = {"sender": "The sender", "person": "The person", "named": "Somebody else"}
_DEEDS = {
    "referred": "Referred by {by}",
    "claimed": "Claimed by {by}",
    "given": "Given to {holder} by {by}",
    "taken_over": "Taken over by {by}",
    "handed_over": "Handed over to {holder} by {by}",
    "released": "Released by {by}",
    "accepted": "Accepted by {by}",
    "declined": "Declined by {by}; {holder} settles it next",
    "closed": "Closed by {by}",
    "reopened": "Reopened by {by}",
    "triaged": "Triaged by {by}{place}",
    "transferred": "Transferred{place} by {by}",
    "responded": "First response made by {by}",
    "assessed": "Assessed, said by {by}",
    "trusted": "Trusted assessment from the hospital, signed by {by}",
    "moft": "Medically optimised since {at}, taken down by {by}",
    "moft_withdrawn": "No longer medically optimised, taken down by {by}",
    "paused": "Paused by {by} until {until}: {reason}",
    "resumed": "Runs on again, by {by}",
    "pause_taken_back": "Pause taken back by {by}",
    "resume_taken_back": "Stands still after all, by {by}",
    "asked": "{by} asked {whom} for information, until {until}",
    "answered": "Answered, written down by {by}",
    "asking_withdrawn": "Information no longer needed, says {by}",
    "asking_taken_back": "Request for information taken back by {by}",
    "answer_taken_back": "Answer taken back by {by}: still waited for",
    "ward_notice": "The ward sent an assessment notice, read by {by}",
    "ward_discharge": "The ward sent a discharge notice, read by {by}",
    "ward_withdraws": "The ward withdraws, read by {by}: its holder decides",
    "ward_withdrew": "Withdrawn by the ward, read by {by}",
    "ward_withdrawal_kept": "Kept on by {by}, although the ward withdrew",
    "ward_withdrawal_late": "A withdrawal came that a newer notice had overtaken",
}


def source(code: str) -> str:
    """Where a referral came from: a channel, or the organisation by its own name."""
    return CHANNELS.get(code, code)


def locality(code: str | None) -> str:
    return LOCALITIES.get(code or "", wording.NOT_KNOWN)


def is_paused(row: ReferralRow | Referral, now: datetime) -> bool:
    """Whether nothing that governs runs on."""
    return row.paused_until is not None and now < row.paused_until


def pause_name(code: str | None) -> str:
    reason = pause_reasons().get(code or "")
    return reason.name if reason else wording.words(code or "")


def clock_name(code: str) -> str:
    kind = clock_kinds().get(code)
    return kind.name if kind else wording.words(code)


def time_left(row: ReferralRow | Referral, now: datetime) -> str:
    """``1 h 20 min left``, ``25 min over``, ``Paused, awaiting a bed``; of what is over and done with, nothing."""
    if row.state in ("declined", "closed"):
        return ""
    if is_paused(row, now):
        return f"Paused, {_lower(pause_name(row.paused_reason))}"
    return span_left(row.due_at - now)


def span_left(span: timedelta) -> str:
    return f"{short(span)} left" if span >= timedelta() else f"{short(span)} over"


def deadline_left(each: Deadline, now: datetime) -> str:
    """``met 10:42``, ``1 h 20 min left``; while it stands still ``1 h 20 min left, paused``."""
    if each.met_at is not None:
        return f"met {when(each.met_at, now)}"
    if each.stopped_at is not None:
        return f"stopped {when(each.stopped_at, now)}, {STOPS.get(each.stop_reason, each.stop_reason)}"
    left = span_left(each.left(now))
    return f"{left}, paused" if each.stands_still(now) else left


def deadline_tone(each: Deadline, now: datetime) -> str:
    """Red is kept for what was promised to a person; the centre's own thresholds turn amber."""
    if not each.runs or each.stands_still(now):
        return ""
    left = each.left(now)
    if left < timedelta():
        return "red" if each.governs else "amber"
    return "amber" if each.governs and left <= SOON else ""


def deadlines_tip(row: ReferralRow, now: datetime) -> str:
    """Every deadline of a row, a line each, the governing one first."""
    if row.state in ("declined", "closed"):
        return ""
    lines = [
        f"{clock_name(each.kind)}: due {when(each.due_at, now)}, {deadline_left(each, now)}" for each in row.deadlines
    ]
    if is_paused(row, now) and row.paused_until is not None:
        until = when(row.paused_until, now)
        lines.insert(0, f"Paused until {until}: {_lower(pause_name(row.paused_reason))}")
    return "\n".join(lines) or f"Due {due(row.due_at, now)}"


def when(moment: datetime, now: datetime) -> str:
    """Within a sentence: ``14:05``, ``tomorrow 14:05``, ``20-Nov-2026 14:05``."""
    return _lower(wording.near_time(moment, now))


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def short(span: timedelta) -> str:
    """A length with as much of it as matters: ``45 min``, ``2 h 5 min``, from four hours ``5 h``, ``1 d 2 h``."""
    hours = int(abs(span).total_seconds() // 3600)
    return f"{hours} h" if 4 <= hours < 24 else wording.length(span)


def time_state(row: ReferralRow | Referral, now: datetime) -> tokens.State | None:
    """Shape and colour of the time left."""
    if row.state in ("declined", "closed"):
        return None
    if is_paused(row, now):
        return tokens.State("neutral", "pause-circle")
    span = row.due_at - now
    code = "overdue" if span < timedelta() else "due_soon" if span <= SOON else "in_time"
    return tokens.state(code)


def due(moment: datetime, now: datetime) -> str:
    """``today 11:05, in 2 h`` · ``Mon 23-Nov-2026 22:00, in 1 d 13 h``."""
    apart = (local_date(moment) - local_date(now)).days
    named = {0: "today", 1: "tomorrow"}.get(apart) or wording.weekday(local_date(moment))
    return f"{named} {wording.clock_time(moment)}, {wording.time_left(moment, now)}"


def is_stale(row: ReferralRow | Referral, now: datetime) -> bool:
    """Longer as it is than the centre means it to be: unclaimed, not accepted, not begun, not finished."""
    return row.stage_due_at is not None and now >= row.stage_due_at and not is_paused(row, now)


def stale_words(row: ReferralRow | Referral, now: datetime) -> str:
    """What has not been done in time, as a sentence."""
    if row.state == "accepted":
        return "Begun, and not finished in time." if row.responded_at else "Accepted, and not begun in time."
    if row.state == "waiting":
        return "Nobody has claimed it in time."
    since = f" since {when(row.claimed_at, now)}" if row.claimed_at else ""
    return f"Claimed{since} and not accepted yet, so it may be lying."


def waiting(row: ReferralRow, now: datetime) -> str:
    return short(waited(row.received_at, now))


def holder(row: ReferralRow | Referral, me: str) -> str:
    """Who has it: ``You``, a colleague, or nobody."""
    if row.holder is None:
        return ""
    return "You" if row.holder == me else row.holder_name or row.holder


def state_look(row: ReferralRow | Referral, me: str, now: datetime) -> tokens.State:
    """A claim of mine looks like mine, one left lying turns amber."""
    if row.asked_at is not None and row.state in ("waiting", "claimed", "accepted"):
        return tokens.State("plum", "question")
    if is_stale(row, now):
        return tokens.State("amber", "hourglass")
    return tokens.state("yours" if row.holder == me and row.state in ("claimed", "accepted") else row.state)


def event(entry: ReferralEvent, before: ReferralEvent | None) -> str:
    """One line of the history: what happened, by whom. Empty for what only the database needs to know."""
    if entry.kind:
        return _told(entry)
    if entry.from_state == entry.to_state and (before is None or before.kind):
        return f"Noted by {entry.by_name}" if entry.reason else ""  # words alone, since deeds are kept by kind
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


def _told(entry: ReferralEvent) -> str:
    """The deed as the database recorded it."""
    details, holder = entry.details, entry.holder_name or "nobody"
    if entry.kind == "taken_back":
        state = STATES[entry.to_state].lower()
        with_ = f" with {entry.holder_name}" if entry.holder_name and entry.to_state in ("claimed", "accepted") else ""
        return f"Taken back by {entry.by_name}: {state}{with_} again"
    if entry.kind == "declined" and entry.holder is None:
        return f"Declined by {entry.by_name}"
    words_ = _DEEDS.get(entry.kind)
    if words_ is None:
        return f"{wording.words(entry.kind)}, by {entry.by_name}"
    to = [part for part in (details.get("service_name"), LOCALITIES.get(details.get("locality", ""))) if part]
    if entry.kind == "triaged":
        to = [URGENCIES.get(details.get("urgency", ""), ""), *to]
        place = ": " + ", ".join(part for part in to if part) if any(to) else ""
    else:
        place = f" to {', '.join(to)}" if to else ""
    whom = {"sender": "the sender", "person": "the person"}.get(details.get("of", ""), details.get("named", ""))
    return words_.format(
        by=entry.by_name, holder=holder, place=place, whom=whom, reason=_lower(pause_name(details.get("reason"))),
        at=_detail_time(details.get("at"), entry.at), until=_detail_time(details.get("until"), entry.at),
    )  # fmt: skip


def _detail_time(text: object, near: datetime) -> str:
    return when(datetime.fromisoformat(text), near) if isinstance(text, str) else ""
