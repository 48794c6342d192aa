"""What each channel adds, in words: labels by channel, and values as they are shown beside the queue (E1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from coordination.clock import LONDON
from coordination.reference import standing
from ui import wording
from ui.intake import words

CONVEYED = {"yes": "Taken to hospital", "no": "Left at home"}
_TEXTS = {"email": "Text of the e-mail", "social_media": "What was written"}
_CLINICIANS = {
    "gp": "Who at the practice",
    "community_clinic": "Clinician",
    "emergency_department": "Who in the department",
    "gp_out_of_hours": "Doctor on duty",
}


def label(channel: str, name: str) -> str:
    """What a detail of a channel is called."""
    special = {"text": _TEXTS, "clinician": _CLINICIANS}.get(name, {})
    return special.get(channel) or words.DETAILS.get(name) or wording.words(name)


def facts(channel: str, details: Mapping[str, object]) -> list[tuple[str, str]]:
    """Label and value of all that is kept of a channel, in the order of its form."""
    names = [*words.DETAILS, *(name for name in details if name not in words.DETAILS)]
    shown = [(name, details[name]) for name in names if name in details]
    return [(label(channel, name), value(name, said)) for name, said in shown if isinstance(said, str | int | float)]


def value(name: str, said: object) -> str:
    """A detail as stored, in words: a code by its name, a moment as every other."""
    text = str(said)
    if name == "site":
        return _sites().get(text, text)
    if name == "conveyed":
        return CONVEYED.get(text, text)
    if name == "centre":
        return words.LOCALITIES.get(text.lower(), text)
    return _moment(text)


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text) if len(text) >= 16 and text[4:5] == "-" else None
    except ValueError:
        moment = None
    if moment is None:
        return text
    return wording.day_time(moment if moment.tzinfo else moment.replace(tzinfo=LONDON))


@cache
def _sites() -> dict[str, str]:
    return {hospital.code: hospital.name for hospital in standing.read().hospitals}
