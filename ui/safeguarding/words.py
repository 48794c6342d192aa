"""What the codes of safeguarding are called."""

from __future__ import annotations

from datetime import datetime, timedelta

from coordination.safeguarding.model import ConcernContact, ConcernDetail, ConcernEvent, ConcernRow
from ui import wording
from ui.intake.words import CHANNELS, ENDINGS
from ui.style.tokens import State

STAGES = {"raised": "Raised", "looking": "Being looked into", "decided": "Decided"}
DANGERS = {"not_known": "Not known", "no": "No", "yes": "In danger"}
HOWS = {
    "telephone": "By telephone",
    "in_person": "In person",
    "email": "By e-mail",
    "secure_system": "In a shared system",
    "letter": "By letter",
}
NOBODY = "Nobody knows yet who"


def person(row: ConcernRow | ConcernDetail) -> str:
    return wording.name(row.surname, row.given, row.title) if row.surname else NOBODY


def stage(row: ConcernRow) -> str:
    """Danger first: that is what is looked for in a list."""
    if row.danger == "yes" and row.stage != "decided":
        return DANGERS["yes"]
    return "Looked into" if row.stage == "looking" else STAGES[row.stage]


def stage_look(row: ConcernRow) -> State:
    if row.danger == "yes" and row.stage != "decided":
        return State("red", "warning-octagon")
    return {
        "raised": State("amber", "flag"),
        "looking": State("accent", "magnifying-glass"),
        "decided": State("neutral", "check-circle"),
    }[row.stage]


def open_for(row: ConcernRow, now: datetime) -> str:
    """``2 h 5 min``, ``3 days``: how long it has been open, or was."""
    span = (row.decided_at or now) - row.raised_at
    return wording.length(span) if span >= timedelta() else wording.length(timedelta())


def of_contact(contact: ConcernContact, now: datetime) -> str:
    """``a contact by telephone today 09:12, which ended as advice: “How to ask the bank”``."""
    by, at = CHANNELS[contact.channel], wording.near_time(contact.received_at, now)
    ended = f", which ended as: {ENDINGS[contact.ending].lower()}" if contact.ending else ""
    return f"{by}, {at}{ended}" + (f". “{contact.ending_reason}”" if contact.ending_reason else "")


def caller(contact: ConcernContact) -> str:
    """Name, what they are to the person, number; empty when nothing was written down."""
    return ", ".join(part for part in (contact.caller_name, contact.caller_relation, contact.caller_phone) if part)


def event(entry: ConcernEvent, before: ConcernEvent | None) -> str:
    """One line of the history."""
    if entry.from_stage is None or before is None:
        return f"Raised by {entry.by_name}"
    if entry.owner_name != before.owner_name:
        if entry.by_name == entry.owner_name:
            return f"Taken over by {entry.by_name}"
        return f"Handed over to {entry.owner_name} by {entry.by_name}"
    if entry.to_stage == "decided":
        return f"Decided by {entry.by_name}: {entry.decision_name}"
    if entry.from_stage == "decided":
        return f"Reopened by {entry.by_name}"
    return f"{STAGES[entry.to_stage]}, {entry.by_name}"
