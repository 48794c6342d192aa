"""Bytes to text: byte order marks, UTF-16 without one, a declared encoding, and what to do when none of it is true."""

from __future__ import annotations

import codecs
import re

from coordination.messages.findings import Findings

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._\-]{1,40})["']""")
# A declaration may name anything that Python knows; these are the ones that people write text in.
_TRUSTED = re.compile(
    r"utf[-_]?(8|16|32)([-_]?[lb]e)?|iso[-_]?8859[-_]?\d+|latin[-_]?\d|windows[-_]?125\d|cp125\d|(us[-_]?)?ascii", re.I
)


def decoded(data: bytes, findings: Findings) -> str:
    """The text of ``data``. Never raises: what cannot be read becomes U+FFFD, with a finding."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode(data[len(mark) :], encoding, findings)
    return _decode(data, _declared(data, findings) or _by_zeros(data) or "utf-8", findings)


def _by_zeros(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: XML and JSON begin with two ASCII characters, so zeros tell."""
    zeros = tuple(byte == 0 for byte in data[:4])
    if len(data) % 2 or len(zeros) < 4:
        return None
    known: dict[tuple[bool, ...], str] = {
        (True, True, True, False): "utf-32-be",
        (False, True, True, True): "utf-32-le",
        (True, False, True, False): "utf-16-be",
        (False, True, False, True): "utf-16-le",
    }
    return known.get(zeros)


def _declared(data: bytes, findings: Findings) -> str | None:
    match = _DECLARED.match(data[:400])
    if not match:
        return None
    name = match[1].decode("ascii")
    if not _TRUSTED.fullmatch(name):
        findings.warn("", "encoding_unknown", encoding=name)
        return None
    try:
        found = codecs.lookup(name).name
    except LookupError:
        findings.warn("", "encoding_unknown", encoding=name)
        return None
    # The declaration was read as ASCII, so the file cannot be in the wide encoding that it claims.
    return None if found.startswith(("utf-16", "utf-32")) else found


def _decode(data: bytes, encoding: str, findings: Findings) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as bad:
        findings.warn("", "encoding_wrong", encoding=encoding, position=bad.start)
    if encoding == "utf-8":
        # Nearly always an old Windows program; every byte of it means something there.
        return data.decode("cp1252", errors="replace")
    return data.decode(encoding, errors="replace")
