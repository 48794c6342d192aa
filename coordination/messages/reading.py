"""The one door for files: bytes and a name in, a :class:`ParsedMessage` out, whatever the bytes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import date

from coordination.messages import bars, mail, online_form
from coordination.messages.encoding import decoded
from coordination.messages.facts import PostcodeKnown, Reading
from coordination.messages.fhir_json import from_json, load_json
from coordination.messages.fhir_reader import Unreadable, from_xml
from coordination.messages.findings import Findings, line
from coordination.messages.model import Kind, ParsedMessage

MAX_FILE = 20 * 1024 * 1024  # bytes; a larger file is refused before it is read

# Files that people drop by mistake, by their first bytes.
_OTHER_FORMATS = (
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "outlook_or_old_office"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"\x1f\x8b", "gzip"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
)
_HTML = re.compile(r"\s*(<!--.{0,2000}?-->\s*)?<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_MEDIA = {
    "xml": "application/fhir+xml",
    "json": "application/json",
    "mail": "message/rfc822",
    "": "application/octet-stream",
}


def read_message(name: str, data: bytes, *, today: date, postcode_known: PostcodeKnown | None = None) -> ParsedMessage:
    """Read one file. ``postcode_known`` says whether a postcode exists; None when that cannot be asked.

    Never raises for any bytes: a file that cannot be taken in comes back with a fatal finding that says why.
    """
    findings = Findings()
    reading = Reading(today, findings, postcode_known)
    base = ParsedMessage(
        name=line(name.replace("\\", "/").rpartition("/")[2], "", Findings(), 200) or "unnamed",
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        media_type=_MEDIA[""],
        kind=Kind.UNKNOWN,
    )
    try:
        message = _read(base, data, reading)
    except Unreadable as bad:
        findings.fatal("", bad.code, **bad.facts)
        message = base
    except RecursionError:
        findings.fatal("", "too_deep", limit=0)
        message = base
    except Exception as unforeseen:  # the last guard: one bad file must never stop an import of fifty
        findings.fatal("", "unforeseen", error=type(unforeseen).__name__)
        message = base
    return replace(message, findings=findings.done())


def too_large(name: str, size: int) -> ParsedMessage:
    """The answer for a file that was not even opened. The caller asks the file system for ``size`` first."""
    findings = Findings()
    findings.fatal("", "file_too_large", size=size, limit=MAX_FILE)
    named = line(name.replace("\\", "/").rpartition("/")[2], "", Findings(), 200) or "unnamed"
    return ParsedMessage(named, "", size, _MEDIA[""], Kind.UNKNOWN, findings.done())


def _read(base: ParsedMessage, data: bytes, reading: Reading) -> ParsedMessage:
    if len(data) > MAX_FILE:
        reading.findings.fatal("", "file_too_large", size=len(data), limit=MAX_FILE)
        return base
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        reading.findings.fatal("", "file_is_empty", size=len(data))
        return base
    for start, kind in _OTHER_FORMATS:
        if data.startswith(start):
            reading.findings.fatal("", "format_unsupported", format=kind)
            return base
    match _format(base.name, data):
        case "mail":
            return mail.read(data, replace(base, media_type=_MEDIA["mail"]), reading)
        case "xml":
            return _xml(decoded(data, reading.findings), replace(base, media_type=_MEDIA["xml"]), reading)
        case "json":
            return _json(decoded(data, reading.findings), replace(base, media_type=_MEDIA["json"]), reading)
    reading.findings.fatal("", "format_unknown")
    return base


def _format(name: str, data: bytes) -> str:
    """What the bytes say; the name only decides where they say nothing."""
    ending = name.lower().rpartition(".")[2]
    first = data[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").replace(b"\x00", b"").lstrip()
    if first.startswith(b"<"):
        return "xml"
    if first.startswith((b"{", b"[")):
        return "json"
    if mail.looks_like_mail(data) or ending == "eml":
        return "mail"
    return ending if ending in ("xml", "json") else ""


def _xml(text: str, base: ParsedMessage, reading: Reading) -> ParsedMessage:
    if _HTML.match(text):
        reading.findings.fatal("", "format_unsupported", format="web_page")
        return base
    return bars.read(from_xml(text, reading.findings), base, reading)


def _json(text: str, base: ParsedMessage, reading: Reading) -> ParsedMessage:
    loaded = load_json(text)
    if isinstance(loaded, dict) and "resourceType" in loaded:
        base = replace(base, media_type="application/fhir+json")
        return bars.read(from_json(loaded, reading.findings), base, reading)
    if online_form.is_form(loaded):
        return online_form.read(loaded, base, reading)
    reading.findings.fatal("", "json_of_no_known_kind")
    return base
