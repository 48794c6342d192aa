"""Rows of a plan in words: what they say, the facts beside it, where they came from; and values, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from coordination.careplan.model import Source
from coordination.careplan.rows import Agreement, Contingency, Item, ItemKind, Need, Outcome, PlanAction, PlanEquipment
from ui import wording
from ui.careplan.messages import PLACES, STATES

KINDS: Mapping[ItemKind, str] = {
    "need": "Need",
    "outcome": "Outcome",
    "action": "Action",
    "contingency": "If things go wrong",
    "equipment": "Equipment",
    "agreement": "Agreed with",
}
KIND_LOOKS: Mapping[ItemKind, tuple[str, str]] = {
    "need": ("flag", "text-quiet"),
    "outcome": ("target", "accent"),
    "action": ("circle", "text-quiet"),
    "contingency": ("warning", "text-quiet"),
    "equipment": ("wheelchair", "text-quiet"),
    "agreement": ("handshake", "tone:ok"),
}
PARTIES = {
    "person": "The person",
    "carer": "Carer",
    "attorney": "Attorney",
    "advocate": "Advocate",
    "family": "Family",
    "other": "Somebody else",
}
FIELDS = {
    "words": "In their words",
    "importance": "Importance",
    "need": "Answers the need",
    "what": "What",
    "team": "Team",
    "who": "Who",
    "due_on": "By",
    "outcome": "For",
    "state": "State",
    "confidence": "Confidence",
    "review_on": "Review",
    "sign": "First sign",
    "what_to_do": "What to do",
    "whom_to_call": "Whom to call",
    "from_whom": "From",
    "party": "Who",
    "name": "Name",
    "agreed": "Agreed",
    "agreed_on": "On",
    "how": "How",
    "why_not": "Why not",
    "lead_worker": "Lead worker",
    "teams": "Teams",
}
_KINDS_OF: Mapping[type, ItemKind] = {
    Need: "need",
    Outcome: "outcome",
    PlanAction: "action",
    Contingency: "contingency",
    PlanEquipment: "equipment",
    Agreement: "agreement",
}


def kind_of(item: Item) -> ItemKind:
    return _KINDS_OF[type(item)]


def words_of(item: Item) -> str:
    """What the row says first."""
    match item:
        case Need() | Outcome():
            return item.words
        case PlanAction() | PlanEquipment():
            return item.what
        case Contingency():
            return item.sign or item.what_to_do
        case Agreement():
            who = PARTIES[item.party] if not item.name else f"{PARTIES[item.party]}, {item.name}"
            return f"{who} agreed" if item.agreed else f"{who} did not agree"
    raise AssertionError


def facts_of(item: Item) -> str:
    """``North reablement team, Sylvia · by 03-Jan-2027 · Under way``."""
    match item:
        case Outcome():
            return f"Importance {item.importance} of 10" if item.importance else ""
        case PlanAction():
            people = ", ".join(dict.fromkeys(part for part in (item.team_name, item.who) if part)) or "Nobody named yet"
            due = f"by {wording.day(item.due_on)}" if item.due_on else ""
            sure = f"confidence {item.confidence} of 10" if item.confidence else ""
            review = f"review {wording.day(item.review_on)}" if item.review_on else ""
            return _dots(people, due, STATES[item.state], sure, review)
        case Contingency():
            call = f"Call {item.whom_to_call}" if item.whom_to_call else ""
            return "\n".join(part for part in (item.what_to_do if item.sign else "", call) if part)
        case PlanEquipment():
            return _dots(f"from {item.from_whom}" if item.from_whom else "", item.state)
        case Agreement():
            return _dots(item.how, wording.day(item.agreed_on)) if item.agreed else item.why_not
    return ""


def source_words(item: Item, source: Source | None) -> str:
    """Said by whom, in which assessment, on which day; or who put it there."""
    if source is not None:
        return from_words(source)
    added = wording.day_time(item.added_at) if item.added_at else ""
    return f"Put on by {item.added_by_name}, {added}" if item.added_by_name else ""


def from_words(source: Source) -> str:
    """Where something came from."""
    return f"From {source.form_title}: {source.said_by_name}, {wording.day(source.said_at)}"


def value_words(field: str, value: Any, named: Mapping[UUID, str] | None = None) -> str:
    """A value of a row or of the head, for reading."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return wording.day(value)
    if isinstance(value, UUID):
        return (named or {}).get(value, "")
    if field in ("importance", "confidence"):
        return f"{value} of 10"
    if field == "state":
        return STATES.get(value, str(value))
    if field == "party":
        return PARTIES.get(value, str(value))
    return str(value)


def field_words(part: str, field: str) -> str:
    """What a field is called: a text of the head, a field of a row."""
    return PLACES.get(part, "") or FIELDS.get(field, field)


def _dots(*parts: str) -> str:
    return "  ·  ".join(part for part in parts if part)
