"""An e-mail (``.eml``) as a :class:`ParsedMessage`: who wrote, what about, and the files that came with it.

Nothing in a mail is believed to be identity. An NHS number, a date of birth, a postcode or a telephone number in the
text is offered with its place; whom the mail is about is for the reader to say.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

from coordination.messages import facts
from coordination.messages.codes import codes
from coordination.messages.facts import NEED_LIMIT, Reading
from coordination.messages.findings import line, paragraph
from coordination.messages.html_text import MAX_HTML, html_to_text
from coordination.messages.mail_headers import (
    header,
    keys_in,
    message_key,
    notes_of,
    references,
    sender_of,
    sending_time,
)
from coordination.messages.mail_nature import kind_of, say_of_parts
from coordination.messages.mail_parts import Part, content_of, everything, file_name, leaves, parts_of, text_of
from coordination.messages.model import Attachment, Kind, ParsedMessage, Urgency

MAX_HEADERS = 500_000  # bytes before the first blank line
MAX_BOUNDARIES = 5_000  # lines that may begin a part; the parser takes a minute for half a million
MAX_FORWARDED = 5  # mails inside a mail whose words are shown
_HEADER_LINE = re.compile(rb"[A-Za-z][A-Za-z0-9\-]{1,60}:[ \t]?[^\r\n]*\r?(\n|$)")
_MAIL_HEADERS = re.compile(
    rb"^(from|to|subject|date|message-id|received|return-path|mime-version|content-type):", re.I | re.M
)
_CONCERN = re.compile(r"(?<!\bno )\bsafeguarding\b", re.IGNORECASE)


def looks_like_mail(data: bytes) -> bool:
    """Begins with header lines, one of which only a mail has."""
    start = data[:8_000].lstrip(b"\xef\xbb\xbf\r\n")
    if start.startswith(b"From "):
        start = start.partition(b"\n")[2]
    return bool(_HEADER_LINE.match(start)) and bool(_MAIL_HEADERS.search(start))


def read(data: bytes, base: ParsedMessage, reading: Reading) -> ParsedMessage:
    if _header_size(data) > MAX_HEADERS:
        reading.findings.fatal("", "mail_headers_too_long", limit=MAX_HEADERS)
        return replace(base, kind=Kind.EMAIL)
    if data.count(b"\n--") > MAX_BOUNDARIES:
        reading.findings.fatal("", "mail_has_too_many_parts", limit=MAX_BOUNDARIES)
        return replace(base, kind=Kind.EMAIL)
    message = _parse(data)
    if not message.keys():
        reading.findings.fatal("", "mail_without_headers")
        return replace(base, kind=Kind.EMAIL)
    parts = list(parts_of(message, reading))
    subject = line(header(message, "Subject"), "Subject", reading.findings, 500)
    body = _body(parts, reading)
    words = "\n\n".join(p for p in (subject, body, _forwarded(parts, reading)) if p)
    need = paragraph(words, "body", reading.findings, NEED_LIMIT)
    attachments = _attachments(parts, reading)
    if not need:
        reading.findings.warn("body", "mail_without_words")
    if not need and not attachments:
        reading.findings.fatal("body", "mail_is_empty")
    if _CONCERN.search(need):
        reading.findings.warn("body", "mentions_safeguarding")  # E3: a reader must decide, at once
    sender = sender_of(message, reading)
    suggestions = facts.suggestions(need, reading.today)
    say_of_parts((p.media_type for p in everything(message, 0)), (a.name for a in attachments), reading.findings)
    concern = bool(_CONCERN.search(need))
    return replace(
        base,
        kind=kind_of(message, lambda name: header(message, name), suggestions, concern, reading.findings),
        channel="email",
        message_key=message_key(message, sender),
        known_as=keys_in(message, "Message-ID"),
        concerns=(*keys_in(message, "In-Reply-To"), *references(message)),
        content_key=_content_key(subject, body, attachments),
        sender=sender,
        need=need,
        urgency=_urgency(message, need),
        sent_at=sending_time(message, reading),
        attachments=attachments,
        notes=notes_of(message, reading),
        suggestions=suggestions,
    )


def attached_bytes(data: bytes, index: int) -> bytes:
    """The content of one attachment. Raises IndexError."""
    files = [p for p in leaves(_parse(data), 0) if p.is_file]
    return content_of(files[index])


def _parse(data: bytes) -> EmailMessage:
    if data[:5] == b"From ":  # one mail out of an mbox
        data = data.partition(b"\n")[2]
    return message_from_bytes(data.removeprefix(b"\xef\xbb\xbf"), policy=policy.default)


def _header_size(data: bytes) -> int:
    ends = [end for end in (data.find(b"\n\n"), data.find(b"\r\n\r\n")) if end >= 0]
    return min(ends, default=len(data))


def _urgency(message: Message, need: str) -> Urgency | None:
    mark = (
        (header(message, "Importance") or header(message, "Priority") or header(message, "X-Priority")).strip().lower()
    )
    high = mark in ("high", "urgent") or mark[:1] in ("1", "2")
    level = codes()["urgency"]["mail"].get("high") if high else None
    if level:
        return Urgency(level, "The sender marked the e-mail as important")
    if _CONCERN.search(need):
        return Urgency(codes()["urgency"]["safeguarding"], "The e-mail mentions safeguarding")
    return None


def _content_key(subject: str, body: str, attachments: tuple[Attachment, ...]) -> str:
    whole = "\x1f".join((subject, body, *(a.sha256 for a in attachments)))
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()


def _body(parts: list[Part], reading: Reading) -> str:
    """The plain text; where there is none, the words of the page; where there is neither, of the mail inside."""
    plain = [text_of(p, reading) for p in parts if not p.is_file and p.media_type == "text/plain"]
    if any(p.strip() for p in plain):
        return "\n\n".join(p.strip() for p in plain if p.strip())
    pages = [text_of(p, reading) for p in parts if not p.is_file and p.media_type == "text/html"]
    if pages:
        reading.findings.info("body", "mail_only_html")
        if any(len(page) > MAX_HTML for page in pages):
            reading.findings.warn("body", "text_shortened", length=max(map(len, pages)), limit=MAX_HTML)
        told = "\n\n".join(html_to_text(page) for page in pages).strip()
        if told:
            return told
    return ""


def _forwarded(parts: list[Part], reading: Reading) -> str:
    """The words of mails that came as attachments: "please see attached" is no need. Their own attachments stay in
    them."""
    told = []
    for part in [p for p in parts if p.media_type == "message/rfc822" and p.message.is_multipart()][:MAX_FORWARDED]:
        inner = part.message.get_payload(0)
        if isinstance(inner, Message):
            reading.findings.info("body", "mail_words_from_forwarded")
            inside = [p for p in leaves(inner, part.depth + 1) if p.media_type != "message/rfc822"]
            sender, subject = header(inner, "From"), header(inner, "Subject")
            told.append(f"Forwarded, from {sender}\n\n{subject}\n\n{_body(inside, reading)}".strip())
    return "\n\n".join(told)


def _attachments(parts: list[Part], reading: Reading) -> tuple[Attachment, ...]:
    found = []
    for index, part in enumerate(p for p in parts if p.is_file):
        content = content_of(part)
        name = line(file_name(part.message).replace("\\", "/").rpartition("/")[2], "attachment", reading.findings)
        if not name and part.media_type == "message/rfc822":
            name = "forwarded.eml"
        if part.media_type == "message/rfc822" or name.lower().endswith((".eml", ".xml", ".json")):
            reading.findings.info("attachment", "attachment_may_be_message", value=name)
        found.append(
            Attachment(
                index,
                name or f"attachment-{index + 1}",
                line(part.media_type, "attachment", reading.findings, 100),
                len(content),
                hashlib.sha256(content).hexdigest(),
            )
        )
    return tuple(found)
