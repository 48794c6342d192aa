"""What each channel adds to a contact, and what may stand there (E1). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from coordination.errors import BadValue
from coordination.intake.model import CHANNEL_DETAILS
from coordination.people.text import check_text

LONGEST_TEXT = 20_000
LONGEST_DETAIL = 1_000
LONG = frozenset({"text"})
CONVEYED = ("yes", "no")
"""An ambulance took the person to hospital, or did not."""
_KNOWN = frozenset(name for names in CHANNEL_DETAILS.values() for name in names)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)
_MAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
_FURTHEST_AHEAD = timedelta(minutes=10)


def check_details(
    channel: str, details: Mapping[str, Any], now: datetime, problems: list[BadValue]
) -> dict[str, Any]:  # fmt: skip
    """The details of this channel, ready to store; what belongs to another channel is left out.

    What is wrong is added to ``problems`` as ``details.<name>``: not_a_link, not_a_time, in_the_future, not_in_list.
    """
    own = CHANNEL_DETAILS.get(channel, ())
    found: dict[str, Any] = {}
    for name, value in details.items():
        if name in _KNOWN and name not in own:
            continue
        if isinstance(value, str):
            value = _checked(name, value, now, problems)
        if value not in ("", None):
            found[name] = value
    return found


def _checked(name: str, value: str, now: datetime, problems: list[BadValue]) -> str:
    field = f"details.{name}"
    try:
        text = check_text(field, value, LONGEST_TEXT if name in LONG else LONGEST_DETAIL)
    except BadValue as problem:
        problems.append(problem)
        return ""
    reason = _REASONS[name](text, now) if text and name in _REASONS else ""
    if reason:
        problems.append(BadValue(field, reason))
    return text


def is_link(text: str) -> bool:
    """An address on the web, with or without its ``https://``. It is shown as text and never fetched."""
    if any(character.isspace() for character in text):
        return False
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.username is None and _HOST.fullmatch(host) is not None


def is_sender(text: str) -> bool:
    """Who an e-mail came from: an address, with a name before it or not."""
    return len(_MAIL.findall(text)) == 1


def _link(text: str, _now: datetime) -> str:
    return "" if is_link(text) else "not_a_link"


def _moft(text: str, now: datetime) -> str:
    """T2. A moment in the past. One without its zone is London's and came with an older message: it is let be."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""  # as a message or an older form wrote it; a form of ours sends a moment
    return "in_the_future" if moment.tzinfo is not None and moment > now + _FURTHEST_AHEAD else ""


def _conveyed(text: str, _now: datetime) -> str:
    return "" if text in CONVEYED else "not_in_list"


_REASONS = {"link": _link, "moft_at": _moft, "conveyed": _conveyed}
