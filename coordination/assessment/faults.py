"""What is wrong with a form, and where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coordination.errors import CoordinationError

# Where a thing stands in the document: ("section", 0, "question", 2).
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """``code`` with ``facts`` for ui/assessment/messages.py; ``line`` counts from 1, 0 when nothing stands there."""

    file: str
    line: int
    place: str
    code: str
    facts: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.facts)
        return f"{self.file}:{self.line}: {self.place}: {self.code}" + (f" ({facts})" if facts else "")


class FormFaults(CoordinationError):
    """A definition that is no form."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "; ".join(map(str, self.faults))


class Faults:
    """Gathers the faults of one file."""

    def __init__(self, file: str, lines: Mapping[Place, int]) -> None:
        self._file, self._lines = file, lines
        self.found: list[Fault] = []

    def add(self, place: Place, code: str, **facts: Any) -> None:
        nearest = place
        while nearest and nearest not in self._lines:
            nearest = nearest[:-1]
        line = self._lines.get(nearest, 1)
        self.found.append(Fault(self._file, line, in_words(place), code, tuple(facts.items())))


def in_words(place: Place) -> str:
    """``section 1, question 3, when``: counted as people count."""
    words: list[str] = []
    for step in place:
        if isinstance(step, int):
            words[-1] += f" {step + 1}"
        else:
            words.append(step)
    return ", ".join(words) or "form"


_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_-]+(?:\s*\.\s*[A-Za-z0-9_-]+)*)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
_OPENS_LIST = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=\s*\[\s*(?:#.*)?$")
_LONG = re.compile(r'"""|\'\'\'')


def line_index(text: str) -> dict[Place, int]:
    """The line of every table and ``[[table]]``, of the keys under them, and of the ``{ … }`` that a list begins a line
    with."""
    lines: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    here: Place = ()
    inside = ""  # the quotes of the long text we are in
    listed: tuple[str, int] | None = None  # the list whose tables stand one a line, and how many there were
    for number, line in enumerate(text.splitlines(), start=1):
        if not inside:
            if listed is not None and line.lstrip().startswith("{"):
                lines.setdefault((*here, *listed), number)
                listed = (listed[0], listed[1] + 1)
            elif header := _HEADER.match(line):
                here, listed = _place(counts, header[2], of_list=header[1] == "[["), None
                lines.setdefault(here, number)
            elif key := _KEY.match(line):
                lines.setdefault((*here, key[1]), number)
                opens = _OPENS_LIST.match(line)
                listed = (opens[1], 0) if opens else None
        for quotes in _LONG.findall(line):
            inside = quotes if not inside else "" if quotes == inside else inside
    return lines


def _place(counts: dict[Place, int], path: str, *, of_list: bool) -> Place:
    """Where ``[[section.question]]`` stands: in the last section, as its next question."""
    steps = re.split(r"\s*\.\s*", path)
    place: Place = ()
    for step in steps[:-1]:
        place = (*place, step)
        if place in counts:
            place = (*place, counts[place] - 1)
    place = (*place, steps[-1])
    if not of_list:
        return place
    counts[place] = counts.get(place, 0) + 1
    return (*place, counts[place] - 1)
