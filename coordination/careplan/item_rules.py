"""Clean values for the rows of a plan, and for reviews. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from coordination.careplan.rows import ACTION_STATES, PARTIES, ItemKind
from coordination.careplan.version_model import ReviewDraft
from coordination.errors import BadValue, BadValues
from coordination.values import is_storable

LONGEST_WORDS = 2_000
LONGEST_TEXT = 20_000
LONGEST_WHO = 200
LONGEST_CALL = 500
LONGEST_NOTE = 500

# Fields of words and how long they may be; what else a row carries; what it cannot be without.
_WORDS: Mapping[ItemKind, Mapping[str, int]] = {
    "need": {"words": LONGEST_WORDS},
    "outcome": {"words": LONGEST_WORDS},
    "action": {"what": LONGEST_WORDS, "who": LONGEST_WHO},
    "contingency": {"sign": LONGEST_WORDS, "what_to_do": LONGEST_TEXT, "whom_to_call": LONGEST_CALL},
    "equipment": {"what": LONGEST_WORDS, "from_whom": LONGEST_WHO, "state": LONGEST_WHO},
    "agreement": {"name": LONGEST_WHO, "how": LONGEST_WHO, "why_not": LONGEST_WORDS},
}
_OTHERS: Mapping[ItemKind, frozenset[str]] = {
    "need": frozenset(),
    "outcome": frozenset({"need", "importance"}),
    "action": frozenset({"team", "due_on", "state", "outcome", "confidence", "review_on"}),
    "contingency": frozenset(),
    "equipment": frozenset(),
    "agreement": frozenset({"party", "agreed", "agreed_on"}),
}
_REQUIRED: Mapping[ItemKind, str] = {"need": "words", "outcome": "words", "action": "what", "equipment": "what"}
_SCALES = ("importance", "confidence")


def fields_of(kind: ItemKind) -> tuple[str, ...]:
    """The names of what a row of this kind holds, in the order that people read them."""
    order = {
        "need": ("words",),
        "outcome": ("words", "importance", "need"),
        "action": ("what", "team", "who", "due_on", "outcome", "state", "confidence", "review_on"),
        "contingency": ("sign", "what_to_do", "whom_to_call"),
        "equipment": ("what", "from_whom", "state"),
        "agreement": ("party", "name", "agreed", "agreed_on", "how", "why_not"),
    }
    return order[kind]


def clean_item(kind: ItemKind, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a row, some or all. Raises BadValue: ``required``, ``too_long``, ``has_unstorable_character``,
    ``out_of_range`` (1 to 10), ``unknown``."""
    clean = dict(values)
    words, required = _WORDS[kind], _REQUIRED.get(kind)
    for name, value in values.items():
        if name in words:
            clean[name] = clean_words(name, value) if name == required else clean_text(name, value, words[name])
        elif name not in _OTHERS[kind]:
            raise BadValue(name, "unknown")
    for scale in _SCALES:
        if clean.get(scale) is not None and not 1 <= clean[scale] <= 10:
            raise BadValue(scale, "out_of_range")
    if kind == "action" and clean.get("state", "to_do") not in ACTION_STATES:
        raise BadValue("state", "unknown")
    if kind == "agreement" and clean.get("party", "person") not in PARTIES:
        raise BadValue("party", "unknown")
    return clean


def check_whole(kind: ItemKind, whole: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it would be, all its fields: what belongs together is there together. Raises BadValue, BadValues."""
    values = dict(whole)
    required = _REQUIRED.get(kind)
    if required is not None and not values.get(required):
        raise BadValue(required, "required")
    if kind == "contingency" and not values.get("sign") and not values.get("what_to_do"):
        raise BadValue("what_to_do", "required")
    if kind == "agreement":
        if values.get("agreed"):
            bad = [BadValue(name, "required") for name in ("agreed_on", "how") if not values.get(name)]
            if bad:
                raise BadValues(tuple(bad))
            values["why_not"] = ""
        else:
            if not values.get("why_not"):
                raise BadValue("why_not", "required")
            values["agreed_on"] = None
    return values


def clean_words(field: str, words: str, longest: int = LONGEST_WORDS) -> str:
    """Raises BadValue: ``required``, ``too_long``, ``has_unstorable_character``."""
    clean = clean_text(field, words, longest)
    if not clean:
        raise BadValue(field, "required")
    return clean


def clean_text(field: str, words: str, longest: int = LONGEST_TEXT) -> str:
    """Raises BadValue: ``too_long``, ``has_unstorable_character``."""
    clean = words.strip()
    if not is_storable(clean):
        raise BadValue(field, "has_unstorable_character")
    if len(clean) > longest:
        raise BadValue(field, "too_long")
    return clean


def clean_review(draft: ReviewDraft, today: date) -> ReviewDraft:
    """Raises BadValues: ``required``, ``in_the_future``, ``is_past``, ``not_after_review``, and those of words."""
    bad: list[BadValue] = []
    said: dict[str, str] = {}
    for name, longest in (("with_whom", LONGEST_CALL), ("came_of_it", LONGEST_TEXT)):
        try:
            said[name] = clean_words(name, getattr(draft, name), longest)
        except BadValue as error:
            bad.append(error)
    if draft.held_on > today:
        bad.append(BadValue("held_on", "in_the_future"))
    if draft.next_review_on <= draft.held_on:
        bad.append(BadValue("next_review_on", "not_after_review"))
    elif draft.next_review_on < today:
        bad.append(BadValue("next_review_on", "is_past"))
    if bad:
        raise BadValues(tuple(bad))
    return ReviewDraft(draft.held_on, said["with_whom"], said["came_of_it"], draft.next_review_on)
