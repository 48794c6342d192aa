"""The parts of an e-mail: its texts, its files, and mails within it, whatever its writer made of the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message

from coordination.messages.facts import Reading
from coordination.messages.mail_headers import header

MAX_PARTS = 500
MAX_NESTING = 20
_ALSO_CALLED = {
    "unicode-1-1-utf-8": "utf-8", "utf8mb4": "utf-8", "ks-c-5601-1987": "cp949", "x-sjis": "cp932", "ansi": "cp1252",
    "x-mac-roman": "mac-roman", "cp-850": "cp850", "x-gbk": "gbk", "iso-8859-1": "cp1252", "us-ascii": "us-ascii",
}  # fmt: skip
_NO_TEXT = frozenset(("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"))


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of the mail: a text, a file, or a whole mail that was forwarded."""

    message: Message
    media_type: str
    is_file: bool
    depth: int


def parts_of(message: Message, reading: Reading) -> Iterator[Part]:
    """The leaves, up to ``MAX_PARTS``; a finding says that some are left out."""
    for count, part in enumerate(leaves(message, 0)):
        if count >= MAX_PARTS:
            reading.findings.warn("body", "mail_parts_left_out", limit=MAX_PARTS)
            return
        yield part


def leaves(message: Message, depth: int) -> Iterator[Part]:
    """All of them; a mail within the mail is one."""
    media_type = message.get_content_type()
    payload = message.get_payload() if message.is_multipart() else None  # of a text it decodes, and may fail at that
    if media_type.startswith("message/") and isinstance(payload, list):
        yield Part(message, media_type, True, depth)
        return
    if message.is_multipart() and isinstance(payload, list) and depth < MAX_NESTING:
        for child in payload:
            if isinstance(child, Message):
                yield from leaves(child, depth + 1)
        return
    is_text = (
        media_type in ("text/plain", "text/html") and _disposition(message) != "attachment" and not file_name(message)
    )
    yield Part(message, media_type, not is_text, depth)


def everything(message: Message, depth: int) -> Iterator[Part]:
    """Containers too: what is encrypted or signed says so on the outside."""
    yield Part(message, message.get_content_type(), False, depth)
    payload = message.get_payload() if message.is_multipart() else None
    if isinstance(payload, list) and depth < MAX_NESTING and not message.get_content_type().startswith("message/"):
        for child in payload[:MAX_PARTS]:
            if isinstance(child, Message):
                yield from everything(child, depth + 1)


def _disposition(message: Message) -> str:
    return header(message, "Content-Disposition").partition(";")[0].strip().lower()


def file_name(message: Message) -> str:
    """As its sender called it, empty where they did not."""
    try:
        return message.get_filename() or ""
    except Exception:  # broken parameters: the part has no usable name
        return ""


def text_of(part: Part, reading: Reading) -> str:
    """Decoded as it says, or as it must be."""
    charset = _charset(part.message)
    data = content_of(part)
    try:
        return data.decode(_codec(charset))
    except (LookupError, UnicodeError, ValueError):
        reading.findings.warn("body", "mail_charset_wrong", charset=charset)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def content_of(part: Part) -> bytes:
    """What is in it, without its transfer encoding; empty where that cannot be undone."""
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
