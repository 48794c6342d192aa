"""What shifts, breaks and handovers are called on every screen."""

from __future__ import annotations

from datetime import datetime

from coordination.clock import local_date
from coordination.duty import rules
from coordination.duty.model import DeskShift, Handover, HandoverItem, Offered, Outstanding
from ui import wording
from ui.intake import words as intake_words
from ui.style.tokens import State

CITY = "City"
CHOICES = {"stays": "Stays with me", "next": "Goes to the next", "queue": "Back to the queue"}
SHORT = {"stays": "Stays", "next": "To the next", "queue": "To the queue"}
LOOKS = {
    "stays": State("neutral", "push-pin"),
    "next": State("accent", "arrow-right"),
    "queue": State("plum", "tray"),
}
STATES = {
    "stays": "Stays",
    "queued": "In the queue",
    "offered": "Not accepted yet",
    "accepted": "Accepted",
    "returned": "Returned",
    "gone": "Has changed hands",
    "withdrawn": "Withdrawn",
}
SHORT_STATES = {**STATES, "offered": "Waits", "gone": "Gone elsewhere", "queued": "In the queue"}
STATE_LOOKS = {
    "stays": State("neutral", "push-pin"),
    "queued": State("plum", "tray"),
    "offered": State("accent", "hourglass"),
    "accepted": State("ok", "check"),
    "returned": State("amber", "arrow-u-up-left"),
    "gone": State("neutral", "arrow-right"),
    "withdrawn": State("neutral", "x"),
}
KINDS = {
    "referral": "Referral",
    "contact": "Contact not ended",
    "concern": "Safeguarding concern",
    "message": "Message refused",
    "request": "Question waiting",
}
HEAPS = {
    "concern": "safeguarding",
    "overdue": "overdue",
    "soon": "due soon",
    "settle": "to settle",
    "later": "later",
    "undated": "without a time",
}
ENDED = {
    "later": "ended afterwards",
    "by_another": "ended by {by}",
}
CORRECTIONS = {
    "started": "start put right",
    "ended_later": "ended afterwards",
    "ended_by_another": "ended by a colleague",
    "times": "times put right",
    "reopened": "opened again",
}


def place(code: str | None) -> str:
    """A centre by name; none is the whole city."""
    return intake_words.LOCALITIES.get(code or "", CITY)


def beside(shift: DeskShift | None, now: datetime) -> str:
    """What stands beside a colleague's name in a list: ``on a break until 10:15``. Nothing while at the desk."""
    pause = shift.on_break if shift is not None else None
    if pause is None:
        return ""
    said = f"on a break until {wording.clock_time(pause.planned_end)}"
    return f"{said}, {pause.cover_name} looks after it" if pause.cover_name else said


def at_desk(shift: DeskShift, now: datetime) -> str:
    """``since 08:00, until 18:00`` · ``on a break until 10:15`` · ``not ended; planned until yesterday 18:00``."""
    if rules.is_forgotten(shift, now):
        return f"not ended, planned until {_near(shift.planned_end, now)}"
    if shift.on_break is not None:
        over = now > shift.on_break.planned_end
        return beside(shift, now) + (", over that" if over else "")
    return f"since {_near(shift.started_at, now)}, until {_near(shift.planned_end, now)}"


def top(shift: DeskShift | None, now: datetime) -> str:
    """The quiet words of the top bar."""
    if shift is None:
        return "No shift"
    if rules.is_forgotten(shift, now):
        return "Shift not ended"
    if shift.on_break is not None:
        return f"On a break until {wording.clock_time(shift.on_break.planned_end)}"
    said = f"Shift since {_near(shift.started_at, now)}"
    due = rules.break_due(shift)
    if now >= shift.planned_end:
        return f"{said} · planned until {wording.clock_time(shift.planned_end)}"
    return f"{said} · break due {wording.clock_time(due)}" if due is not None else said


def head(shift: DeskShift | None, now: datetime) -> str:
    """What the page says of my shift."""
    if shift is None:
        return "You have no shift open"
    said = top(shift, now).removeprefix("Shift ")
    said = f"{said[0].upper()}{said[1:]}"
    if now < shift.planned_end:
        said += f" · until {_near(shift.planned_end, now)}"
    return f"{said} · {wording.length(rules.worked(shift, now))} at the desk"


def reminder(shift: DeskShift | None, now: datetime) -> str:
    """What the foot says: a break that is due, an end that has passed. Nothing else, and nothing beeps."""
    if shift is None or rules.is_forgotten(shift, now):
        return ""
    if shift.on_break is not None:
        return "Your break is over" if now >= shift.on_break.planned_end else ""
    if now >= shift.planned_end:
        return "Your shift is over. Hand over when you can"
    due = rules.break_due(shift)
    return "Your break is due" if due is not None and now >= due else ""


def about(item: Outstanding) -> str:
    """What it is: ``Reablement · Cannot manage the stairs``."""
    if item.kind == "referral":
        said = f"{item.service_name} · {item.words}"
        said = f"Safeguarding · {said}" if item.safeguarding else said
        return f"{waits(item)} · {said}" if item.waits_for else said
    if item.kind == "contact":
        channel = intake_words.CHANNELS.get(item.state_reason, "Contact")
        return f"{KINDS['contact']}, {channel.lower()} · {item.words or 'nothing written yet'}"
    return f"{KINDS[item.kind]} · {item.words}" if item.words else KINDS[item.kind]


def waits(item: Outstanding) -> str:
    """``Waits until 23-Nov-2026 09:00: the GP's letter``: why its clock stands still, or what was asked."""
    until = f" until {wording.day_time(item.waits_until)}" if item.waits_until else ""
    return f"Waits{until}: {item.waits_for}"


def time_left(item: Outstanding, now: datetime) -> str:
    """As in the queue; what has no due time says how long it waits."""
    if item.state == "declined":
        return "To settle"
    if item.due_at is None:
        return f"waits {intake_words.short(now - item.since)}"
    span = item.due_at - now
    return f"{intake_words.short(span)} {'left' if item.due_at >= now else 'over'}"


def time_look(item: Outstanding, now: datetime) -> State | None:
    heap = rules.heap_of(item, now)
    return {
        "concern": State("red", "shield-warning"),
        "overdue": State("red", "warning-octagon-fill"),
        "soon": State("amber", "timer"),
        "settle": State("plum", "arrow-u-up-left"),
        "later": State("neutral", "clock"),
    }.get(heap)


def state(item: Outstanding) -> str:
    if item.kind != "referral":
        if item.kind == "concern":
            return {"raised": "Raised", "looking": "Looked into", "decided": "Decided"}.get(item.state, item.state)
        if item.kind == "request":
            return "Asked" if item.state == "open" else wording.words(item.state)
        return {"open": "Not ended", "ended": "Ended", "refused": "Refused"}.get(item.state, wording.words(item.state))
    return intake_words.STATES.get(item.state, wording.words(item.state))


def summary(items: list[Outstanding], now: datetime) -> str:
    """``12 outstanding, 2 overdue, 3 due soon``."""
    heaps = [rules.heap_of(item, now) for item in items]
    said = [f"{len(items):,} outstanding"]
    said += [f"{heaps.count(h)} {HEAPS[h]}" for h in ("concern", "overdue", "soon", "settle") if h in heaps]
    return ", ".join(said)


def to_whom(to_name: str | None, locality: str | None) -> str:
    """``Declan O'Rourke`` · ``whoever is next on shift in North``."""
    return to_name or ("whoever is next on shift" + (f" in {place(locality)}" if locality else ""))


def capital(said: str) -> str:
    """At the beginning of a line."""
    return said[:1].upper() + said[1:]


def signature(found: Handover) -> str:
    """``Signed by Nadia Hussain, 22-Nov-2026 14:02``, and for whom, when it was another's work."""
    said = f"Signed by {found.signed_by_name}, {wording.day_time(found.signed_at)}"
    return said if found.signed_by == found.from_user else f"{said}, for {found.from_name}"


def handover_state(found: Handover) -> str:
    if found.state == "offered":
        return "Not accepted yet"
    what = "Withdrawn" if found.state == "withdrawn" else "Answered"
    return f"{what} by {found.settled_by_name}, {wording.day_time(found.settled_at)}"


def offered(found: Offered, now: datetime) -> str:
    """``Nadia Hussain, 14:02 (4 items)``."""
    return f"{found.from_name}, {_near(found.signed_at, now)} ({what(found)})"


def what(found: Offered) -> str:
    """``4 items``; without any, ``a note``."""
    return wording.count(found.waiting, "item") if found.waiting else "a note"


def handed(found: Offered) -> str:
    """Beside a referral in a list."""
    return f"handed over to {to_whom(found.to_name, found.locality)}, not yet accepted"


def item_state(item: HandoverItem) -> str:
    said = STATES[item.state]
    if item.state in ("accepted", "returned") and item.settled_by_name:
        return f"{said} by {item.settled_by_name}"
    return said


def _near(moment: datetime, now: datetime) -> str:
    said = wording.near_time(moment, now)
    return said[0].lower() + said[1:] if local_date(moment) != local_date(now) else said
