"""The headers of an e-mail: who wrote, when, to whom, and which mails it goes with."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

from coordination.messages.facts import Reading
from coordination.messages.findings import line
from coordination.messages.model import Note, Sender

MAX_HEADER = 4_000  # characters of one header that are decoded
MAX_REFERENCES = 50


def header(message: Message, name: str) -> str:
    """The header decoded. The standard library raises many things on broken headers; then it is shown as it stands."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    if len(raw) > MAX_HEADER:
        return _plainly(raw[:MAX_HEADER])
    try:
        return str(message.get(name, ""))
    except Exception:  # any header parser error: fall back to the raw words
        return _plainly(raw)


def _plainly(raw: str) -> str:
    try:
        pieces = decode_header(raw)
        return "".join(p.decode(c or "utf-8", "replace") if isinstance(p, bytes) else p for p, c in pieces)
    except (ValueError, LookupError):
        return raw


def sender_of(message: Message, reading: Reading) -> Sender:
    """Who wrote, by their address; with a finding where it does not stand where it should."""
    for name in ("From", "Sender", "Reply-To"):
        shown, address = parseaddr(header(message, name))
        address = line(address, name, reading.findings)
        if "@" in address:
            if name != "From":
                reading.findings.warn("From", "mail_without_sender", used=name)
            return Sender(
                organisation=address.rpartition("@")[2].lower(),
                name=line(shown, name, reading.findings),
                email=address,
            )
    reading.findings.warn("From", "mail_without_sender", used="")
    return Sender(name=line(header(message, "From"), "From", reading.findings))


def sending_time(message: Message, reading: Reading) -> datetime | None:
    """UTC; a time without a zone is taken for that. None, and a finding, where none can be read."""
    text = header(message, "Date").strip()
    if not text:
        reading.findings.info("Date", "mail_without_date")
        return None
    try:
        at = parsedate_to_datetime(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        reading.findings.refuse_field("Date", "time_impossible", value=text)
        return None


def notes_of(message: Message, reading: Reading) -> tuple[Note, ...]:
    """Whom it went to, and who is to be answered."""
    found = []
    for name, title in (("To", "To"), ("Cc", "Copied to"), ("Reply-To", "Reply to")):
        told = line(header(message, name), name, reading.findings, 500)
        if told:
            found.append(Note(title, told))
    return tuple(found)


def message_key(message: Message, sender: Sender) -> str | None:
    """What tells the same mail, sent again; None without an id of its own."""
    own = header(message, "Message-ID").strip()
    if not own:
        return None
    return "mail:" + hashlib.sha256(f"{own}\x1f{sender.email.lower()}".encode("utf-8", "replace")).hexdigest()[:40]


def keys_in(message: Message, name: str) -> tuple[str, ...]:
    """The mail that a header names, if it does."""
    own = header(message, name).strip()
    return ("mail:" + hashlib.sha256(own.encode("utf-8", "replace")).hexdigest()[:40],) if own else ()


def references(message: Message) -> tuple[str, ...]:
    """The mails of the same thread, the latest first."""
    found = re.findall(r"<[^<>\s]{1,500}>", header(message, "References"))[-MAX_REFERENCES:]
    return tuple("mail:" + hashlib.sha256(i.encode("utf-8", "replace")).hexdigest()[:40] for i in reversed(found))
