"""The meaning of codes in messages: ``resources/reference/messages.toml``, read once."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def codes() -> dict[str, Any]:
    text = files("resources").joinpath("reference", "messages.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def use_case(code: str) -> dict[str, Any]:
    """``words``, ``channel`` and perhaps ``emergency``; empty for a code we do not know."""
    found: dict[str, Any] = codes()["use_case"].get(code.lower(), {})
    return found


def channel_of(use_case_code: str, sender_code: str, encounter_class: str) -> str:
    """E1, from the best sign there is."""
    known = use_case(use_case_code).get("channel")
    if known:
        return str(known)
    for sender in codes()["sender"]:
        if sender_code and re.fullmatch(sender["pattern"], sender_code.upper()):
            return str(sender["channel"])
    return str(codes()["encounter"].get(encounter_class, codes()["channel"]["otherwise"]))


def more_urgent(one: str, other: str) -> str:
    order = codes()["urgency"]["order"]
    return min(one, other, key=order.index)


def service_for(wanted: str, use_case_code: str, urgency: str) -> str:
    """The service whose queue a referral waits in until it is triaged (a code of ``services.toml``)."""
    rules = codes()["service"]
    for rule in rules["wanted"]:
        if any(word in wanted.lower() for word in rule["words"]):
            return str(rule["service"])
    for rule in rules["use_case"]:
        if use_case_code.lower() in rule["codes"]:
            return str(rule["service"])
    return str(rules["urgent"] if urgency == "two_hours" else rules["otherwise"])
