"""Collecting findings while a message is read, and making text safe to keep."""

from __future__ import annotations

import re
from typing import Any

from coordination.messages.model import Finding, Severity

MAX_FINDINGS = 300
MAX_FACT = 200  # characters of one fact
MAX_PATH = 200

# What PostgreSQL cannot keep (NUL) and what no encoding can carry (half of a surrogate pair).
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Embeddings, overrides and isolates can make a name or a sentence read as what it is not. The plain
# left-to-right and right-to-left marks (U+200E, U+200F, U+061C) belong to real names and stay.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
# Some senders write a line break as the two characters \n or /n.
_WRITTEN_BREAK = re.compile(r"[ \t]*(?:\\r)?(?:\\n|/n(?=\s|$))[ \t]*")


class Findings:
    """Findings in the order in which they were made; the last place says how many did not fit."""

    def __init__(self) -> None:
        self._found: list[Finding] = []
        self._seen: set[tuple[object, ...]] = set()
        self._left_out = 0

    def add(self, path: str, severity: Severity, code: str, **facts: Any) -> None:
        """Once each; a fatal one is always kept."""
        kept = tuple((name, storable(value)) for name, value in facts.items())
        finding = Finding(str(storable(path, MAX_PATH)), severity, code, kept)
        key = (finding.path, finding.code, repr(kept))
        if key in self._seen:
            return
        if len(self._found) >= MAX_FINDINGS and severity is not Severity.FATAL:
            self._left_out += 1
            return
        self._seen.add(key)
        self._found.append(finding)

    def info(self, path: str, code: str, **facts: Any) -> None:
        self.add(path, Severity.INFO, code, **facts)

    def warn(self, path: str, code: str, **facts: Any) -> None:
        self.add(path, Severity.WARNING, code, **facts)

    def refuse_field(self, path: str, code: str, **facts: Any) -> None:
        self.add(path, Severity.REFUSED_FIELD, code, **facts)

    def fatal(self, path: str, code: str, **facts: Any) -> None:
        self.add(path, Severity.FATAL, code, **facts)

    def forget(self, code: str) -> None:
        """What turned out to be otherwise."""
        self._found = [one for one in self._found if one.code != code]

    def done(self) -> tuple[Finding, ...]:
        if self._left_out:
            return (*self._found, Finding("", Severity.INFO, "more_findings", (("count", self._left_out),)))
        return tuple(self._found)


def storable(value: Any, limit: int = MAX_FACT) -> Any:
    """A fact that can be kept as JSON: short, without NUL or half characters. Other types become text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = _BIDI.sub("\ufffd", _UNSTORABLE.sub("\ufffd", str(value)))
    return text if len(text) <= limit else text[: limit - 1] + "…"


def line(value: str | None, path: str, findings: Findings, limit: int = 200) -> str:
    """One line of text, exactly as sent except for what cannot or must not be kept, each with a finding.

    Accents, apostrophes, emoji and right-to-left script stay as they are.
    """
    text = _safe(value or "", path, findings)
    text = " ".join(_CONTROL.sub(" ", text).split())
    return _limited(text, path, findings, limit)


def paragraph(value: str | None, path: str, findings: Findings, limit: int) -> str:
    """Running text: lines kept, at most ``limit`` characters, the rest stays in the original."""
    text = _safe(value or "", path, findings).replace("\r\n", "\n").replace("\r", "\n")
    text, repaired = _WRITTEN_BREAK.subn("\n", text)
    if repaired:
        findings.info(path, "line_breaks_repaired", count=repaired)
    lines = (" ".join(row.split()) for row in _CONTROL.sub(" ", text).split("\n"))
    return _limited(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), path, findings, limit)


def _safe(text: str, path: str, findings: Findings) -> str:
    text, unstorable = _UNSTORABLE.subn("\ufffd", text)
    if unstorable:
        findings.warn(path, "characters_replaced", count=unstorable)
    text, turned = _BIDI.subn("", text)
    if turned:
        findings.warn(path, "direction_marks_removed", count=turned)
    return text


def _limited(text: str, path: str, findings: Findings, limit: int) -> str:
    if len(text) <= limit:
        return text
    findings.warn(path, "text_shortened", length=len(text), limit=limit)
    return text[: limit - 1] + "…"
