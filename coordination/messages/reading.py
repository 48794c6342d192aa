"""The one door for files: bytes and a name in, a :class:`ParsedMessage` out, whatever the bytes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import date

from coordination.messages import bars, mail, online_form, prsb_read
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
    "xml": "application/xml",
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
    named = _named(name)
    format_ = _format(named, data, findings)
    base = ParsedMessage(named, hashlib.sha256(data).hexdigest(), len(data), _MEDIA[format_], Kind.UNKNOWN)
    try:
        message = _read(format_, base, data, reading)
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


def not_read(name: str, code: str, bytes_: int = 0, **facts: object) -> ParsedMessage:
    """The answer for a file that was not even opened, such as one of 200 MB: ``code`` and ``facts`` say why.

    Whoever reads files asks the file system for the size first, and compares it with ``MAX_FILE``.
    """
    findings = Findings()
    findings.fatal("", code, **facts)
    return ParsedMessage(_named(name), "", bytes_, _MEDIA[""], Kind.UNKNOWN, findings.done())


def _named(name: str) -> str:
    """The file's own name, without the folders that it lay in."""
    return line(name.replace("\\", "/").rpartition("/")[2], "", Findings(), 200) or "unnamed"


def _format(name: str, data: bytes, findings: Findings) -> str:
    """What the bytes say they are: xml, json, mail; or nothing, with a fatal finding that says why.

    The name only decides where the bytes say nothing.
    """
    if len(data) > MAX_FILE:
        findings.fatal("", "file_too_large", size=len(data), limit=MAX_FILE)
        return ""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        findings.fatal("", "file_is_empty", size=len(data))
        return ""
    for start, kind in _OTHER_FORMATS:
        if data.startswith(start):
            findings.fatal("", "format_unsupported", format=kind)
            return ""
    first = data[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").replace(b"\x00", b"").lstrip()
    if first.startswith(b"<") and _HTML.match(first.decode("latin-1")):
        findings.fatal("", "format_unsupported", format="web_page")
        return ""
    if first.startswith(b"<"):
        return "xml"
    if first.startswith((b"{", b"[")):
        return "json"
    ending = name.lower().rpartition(".")[2]
    if mail.looks_like_mail(data) or ending == "eml":
        return "mail"
    if ending in ("xml", "json"):
        return ending
    findings.fatal("", "format_unknown")
    return ""


def _read(format_: str, base: ParsedMessage, data: bytes, reading: Reading) -> ParsedMessage:
    match format_:
        case "mail":
            return prsb_read.in_mail(mail.read(data, base, reading), data, reading)
        case "xml":
            return bars.read(from_xml(decoded(data, reading.findings), reading.findings), base, reading)
        case "json":
            return _json(decoded(data, reading.findings), base, reading)
    return base


def _json(text: str, base: ParsedMessage, reading: Reading) -> ParsedMessage:
    loaded = load_json(text)
    if isinstance(loaded, dict) and "resourceType" in loaded:
        return bars.read(from_json(loaded, reading.findings), base, reading)
    if prsb_read.is_notice(loaded):
        return prsb_read.read(loaded, base, reading)
    if online_form.is_form(loaded):
        return online_form.read(loaded, base, reading)
    reading.findings.fatal("", "json_of_no_known_kind")
    return base
