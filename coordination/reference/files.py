"""Which register a file is, and reading it. Wrong files say so; nothing is guessed at row by row."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence

from coordination.reference import outlines, postcodes, practices
from coordination.reference.model import Register, WrongFile

MOST_BYTES = 200_000_000  # all postcodes of the country are 150 MB
_MOST_JSON = 60_000_000  # bytes; read, it takes some twenty times as much
_MOST_ROWS, _MOST_COLUMNS, _LONGEST_LINE = 4_000_000, 200, 200_000


def read_register(content: bytes) -> Register:
    """The file as a register. Raises WrongFile."""
    if len(content) > MOST_BYTES:
        raise WrongFile("too_large", (("megabytes", len(content) // 1_000_000),))
    text = _text(content)
    start = text.lstrip()[:1]
    if not start:
        raise WrongFile("empty")
    if start in "{[" and len(content) > _MOST_JSON:
        raise WrongFile("too_large", (("megabytes", len(content) // 1_000_000),))
    if start in "{[":
        return outlines.read(_json(text))
    rows = _table(text)
    for reader in (practices, postcodes):
        layout = reader.layout(rows)
        if layout is not None:
            return _sound(reader.read(rows, layout))
    raise WrongFile("not_recognised")


def _text(content: bytes) -> str:
    if b"\0" in content[:4096]:
        raise WrongFile("not_text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Older registers come in the Windows code page; its few unused bytes are not text either.
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError:
            raise WrongFile("not_text") from None


def _json(text: str) -> object:
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        raise WrongFile("broken_json") from None
    return found


def _table(text: str) -> Sequence[Sequence[str]]:
    rows: list[Sequence[str]] = []
    try:
        for row in csv.reader(_lines(text)):
            if len(row) > _MOST_COLUMNS or len(rows) > _MOST_ROWS:
                raise WrongFile("not_recognised")
            rows.append(row if any(row) else ())
    except csv.Error:
        raise WrongFile("not_recognised") from None
    return rows


def _lines(text: str) -> Iterator[str]:
    """One at a time: a register has a million, and no long ones."""
    at = 0
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        if end - at > _LONGEST_LINE:
            raise WrongFile("not_recognised")
        yield text[at:end]
        at = end


def _sound(register: Register) -> Register:
    """Where more is refused than taken it is another file that happens to look alike."""
    if not register.entries:
        raise WrongFile("mostly_refused" if register.refused else "nothing_for_us")
    if register.refused > len(register.entries) + register.passed_over:
        raise WrongFile("mostly_refused", (("refused", register.refused),))
    return register
