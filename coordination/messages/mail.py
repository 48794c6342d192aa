"""An e-mail (``.eml``) as a :class:`ParsedMessage`: who wrote, what about, and the files that came with it.

Nothing in a mail is believed to be identity. An NHS number, a date of birth, a postcode or a telephone number in the
text is offered with its place; whom the mail is about is for the reader to say.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import EmailMessage, Message
from email.utils import parseaddr, parsedate_to_datetime

from coordination.messages import facts
from coordination.messages.codes import codes
from coordination.messages.facts import NEED_LIMIT, Reading
from coordination.messages.findings import line, paragraph
from coordination.messages.html_text import MAX_HTML, html_to_text
from coordination.messages.mail_nature import kind_of, say_of_parts
from coordination.messages.model import Attachment, Kind, Note, ParsedMessage, Sender, Urgency

MAX_HEADER = 4_000  # characters of one header that are decoded
MAX_HEADERS = 500_000  # bytes before the first blank line
MAX_BOUNDARIES = 5_000  # lines that may begin a part; the parser takes a minute for half a million
MAX_PARTS = 500
MAX_REFERENCES = 50
MAX_FORWARDED = 5  # mails inside a mail whose words are shown
MAX_NESTING = 20
_HEADER_LINE = re.compile(rb"[A-Za-z][A-Za-z0-9\-]{1,60}:[ \t]?[^\r\n]*\r?(\n|$)")
_MAIL_HEADERS = re.compile(
    rb"^(from|to|subject|date|message-id|received|return-path|mime-version|content-type):", re.I | re.M
)
_CONCERN = re.compile(r"(?<!\bno )\bsafeguarding\b", re.IGNORECASE)


_ALSO_CALLED = {
    "unicode-1-1-utf-8": "utf-8", "utf8mb4": "utf-8", "ks-c-5601-1987": "cp949", "x-sjis": "cp932", "ansi": "cp1252",
    "x-mac-roman": "mac-roman", "cp-850": "cp850", "x-gbk": "gbk", "iso-8859-1": "cp1252", "us-ascii": "us-ascii",
}  # fmt: skip
_NO_TEXT = frozenset(("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"))


@dataclass(frozen=True, slots=True)
class _Part:
    """One leaf of the mail: a text, a file, or a whole mail that was forwarded."""

    message: Message
    media_type: str
    is_file: bool
    depth: int


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
    parts = list(_parts(message, reading))
    subject = line(_header(message, "Subject"), "Subject", reading.findings, 500)
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
    sender = _sender(message, reading)
    suggestions = facts.suggestions(need, reading.today)
    say_of_parts((p.media_type for p in _everything(message, 0)), (a.name for a in attachments), reading.findings)
    concern = bool(_CONCERN.search(need))
    return replace(
        base,
        kind=kind_of(message, lambda name: _header(message, name), suggestions, concern, reading.findings),
        channel="email",
        message_key=_message_key(message, sender),
        known_as=_keys(message, "Message-ID"),
        concerns=(*_keys(message, "In-Reply-To"), *_references(message)),
        content_key=_content_key(subject, body, attachments),
        sender=sender,
        need=need,
        urgency=_urgency(message, need),
        sent_at=_sent_at(message, reading),
        attachments=attachments,
        notes=_notes(message, reading),
        suggestions=suggestions,
    )


def attached_bytes(data: bytes, index: int) -> bytes:
    """The content of one attachment. Raises IndexError."""
    files = [p for p in _leaves(_parse(data), 0) if p.is_file]
    return _payload(files[index])


def _parse(data: bytes) -> EmailMessage:
    if data[:5] == b"From ":  # one mail out of an mbox
        data = data.partition(b"\n")[2]
    return message_from_bytes(data.removeprefix(b"\xef\xbb\xbf"), policy=policy.default)


def _header_size(data: bytes) -> int:
    ends = [end for end in (data.find(b"\n\n"), data.find(b"\r\n\r\n")) if end >= 0]
    return min(ends, default=len(data))


# ---------------------------------------------------------------- headers


def _header(message: Message, name: str) -> str:
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


def _sender(message: Message, reading: Reading) -> Sender:
    for name in ("From", "Sender", "Reply-To"):
        shown, address = parseaddr(_header(message, name))
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
    return Sender(name=line(_header(message, "From"), "From", reading.findings))


def _sent_at(message: Message, reading: Reading) -> datetime | None:
    text = _header(message, "Date").strip()
    if not text:
        reading.findings.info("Date", "mail_without_date")
        return None
    try:
        at = parsedate_to_datetime(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        reading.findings.refuse_field("Date", "time_impossible", value=text)
        return None


def _urgency(message: Message, need: str) -> Urgency | None:
    mark = (
        (_header(message, "Importance") or _header(message, "Priority") or _header(message, "X-Priority"))
        .strip()
        .lower()
    )
    high = mark in ("high", "urgent") or mark[:1] in ("1", "2")
    level = codes()["urgency"]["mail"].get("high") if high else None
    if level:
        return Urgency(level, "The sender marked the e-mail as important")
    if _CONCERN.search(need):
        return Urgency(codes()["urgency"]["safeguarding"], "The e-mail mentions safeguarding")
    return None


def _notes(message: Message, reading: Reading) -> tuple[Note, ...]:
    found = []
    for name, title in (("To", "To"), ("Cc", "Copied to"), ("Reply-To", "Reply to")):
        told = line(_header(message, name), name, reading.findings, 500)
        if told:
            found.append(Note(title, told))
    return tuple(found)


def _message_key(message: Message, sender: Sender) -> str | None:
    own = _header(message, "Message-ID").strip()
    if not own:
        return None
    return "mail:" + hashlib.sha256(f"{own}\x1f{sender.email.lower()}".encode("utf-8", "replace")).hexdigest()[:40]


def _keys(message: Message, name: str) -> tuple[str, ...]:
    own = _header(message, name).strip()
    return ("mail:" + hashlib.sha256(own.encode("utf-8", "replace")).hexdigest()[:40],) if own else ()


def _references(message: Message) -> tuple[str, ...]:
    """The mails of the same thread, the latest first."""
    found = re.findall(r"<[^<>\s]{1,500}>", _header(message, "References"))[-MAX_REFERENCES:]
    return tuple("mail:" + hashlib.sha256(i.encode("utf-8", "replace")).hexdigest()[:40] for i in reversed(found))


def _content_key(subject: str, body: str, attachments: tuple[Attachment, ...]) -> str:
    whole = "\x1f".join((subject, body, *(a.sha256 for a in attachments)))
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()


# ---------------------------------------------------------------- parts


def _parts(message: Message, reading: Reading) -> Iterator[_Part]:
    for count, part in enumerate(_leaves(message, 0)):
        if count >= MAX_PARTS:
            reading.findings.warn("body", "mail_parts_left_out", limit=MAX_PARTS)
            return
        yield part


def _leaves(message: Message, depth: int) -> Iterator[_Part]:
    media_type = message.get_content_type()
    payload = message.get_payload() if message.is_multipart() else None  # of a text it decodes, and may fail at that
    if media_type.startswith("message/") and isinstance(payload, list):
        yield _Part(message, media_type, True, depth)
        return
    if message.is_multipart() and isinstance(payload, list) and depth < MAX_NESTING:
        for child in payload:
            if isinstance(child, Message):
                yield from _leaves(child, depth + 1)
        return
    is_text = (
        media_type in ("text/plain", "text/html") and _disposition(message) != "attachment" and not _file_name(message)
    )
    yield _Part(message, media_type, not is_text, depth)


def _everything(message: Message, depth: int) -> Iterator[_Part]:
    """Containers too: what is encrypted or signed says so on the outside."""
    yield _Part(message, message.get_content_type(), False, depth)
    payload = message.get_payload() if message.is_multipart() else None
    if isinstance(payload, list) and depth < MAX_NESTING and not message.get_content_type().startswith("message/"):
        for child in payload[:MAX_PARTS]:
            if isinstance(child, Message):
                yield from _everything(child, depth + 1)


def _disposition(message: Message) -> str:
    return _header(message, "Content-Disposition").partition(";")[0].strip().lower()


def _file_name(message: Message) -> str:
    try:
        return message.get_filename() or ""
    except Exception:  # broken parameters: the part has no usable name
        return ""


def _body(parts: list[_Part], reading: Reading) -> str:
    """The plain text; where there is none, the words of the page; where there is neither, of the mail inside."""
    plain = [_text(p, reading) for p in parts if not p.is_file and p.media_type == "text/plain"]
    if any(p.strip() for p in plain):
        return "\n\n".join(p.strip() for p in plain if p.strip())
    pages = [_text(p, reading) for p in parts if not p.is_file and p.media_type == "text/html"]
    if pages:
        reading.findings.info("body", "mail_only_html")
        if any(len(page) > MAX_HTML for page in pages):
            reading.findings.warn("body", "text_shortened", length=max(map(len, pages)), limit=MAX_HTML)
        told = "\n\n".join(html_to_text(page) for page in pages).strip()
        if told:
            return told
    return ""


def _forwarded(parts: list[_Part], reading: Reading) -> str:
    """The words of mails that came as attachments: "please see attached" is no need. Their own attachments stay in
    them."""
    told = []
    for part in [p for p in parts if p.media_type == "message/rfc822" and p.message.is_multipart()][:MAX_FORWARDED]:
        inner = part.message.get_payload(0)
        if isinstance(inner, Message):
            reading.findings.info("body", "mail_words_from_forwarded")
            inside = [p for p in _leaves(inner, part.depth + 1) if p.media_type != "message/rfc822"]
            sender, subject = _header(inner, "From"), _header(inner, "Subject")
            told.append(f"Forwarded, from {sender}\n\n{subject}\n\n{_body(inside, reading)}".strip())
    return "\n\n".join(told)


def _text(part: _Part, reading: Reading) -> str:
    charset = _charset(part.message)
    data = _payload(part)
    try:
        return data.decode(_codec(charset))
    except (LookupError, UnicodeError, ValueError):
        reading.findings.warn("body", "mail_charset_wrong", charset=charset)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _charset(message: Message) -> str:
    try:
        return message.get_content_charset() or "utf-8"
    except Exception:  # a charset parameter that cannot be read
        return "utf-8"


def _codec(charset: str) -> str:
    """Python's name for it. Raises LookupError for what is no encoding of text, or takes for ever over a long one."""
    name = charset.strip().lower().replace("_", "-")
    name = _ALSO_CALLED.get(name, name.removesuffix("-i").removesuffix("-e"))
    if name in _NO_TEXT:
        raise LookupError(name)
    return name


def _say_utf_8(message: Message) -> None:
    try:
        message.set_param("charset", "utf-8")
    except ValueError:  # a content type that cannot be written again, as for a control character within
        del message["Content-Type"]


def _payload(part: _Part) -> bytes:
    if part.media_type.startswith("message/") and part.message.is_multipart():
        inner = part.message.get_payload()
        try:
            return b"\n".join(m.as_bytes(policy=policy.compat32) for m in inner if isinstance(m, Message))
        except Exception:  # cannot be written again as it was; it still stands in the original
            return b""
    try:
        b"x".decode(_codec(_charset(part.message)))
    except (LookupError, UnicodeError, ValueError):
        _say_utf_8(part.message)  # the standard library decodes on its way to the bytes, and fails
    try:
        data = part.message.get_payload(decode=True)
    except Exception:  # a transfer encoding that is not what it says
        data = None
    return data if isinstance(data, bytes) else b""


def _attachments(parts: list[_Part], reading: Reading) -> tuple[Attachment, ...]:
    found = []
    for index, part in enumerate(p for p in parts if p.is_file):
        content = _payload(part)
        name = line(_file_name(part.message).replace("\\", "/").rpartition("/")[2], "attachment", reading.findings)
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
