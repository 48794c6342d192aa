"""The rules of triage as data: reading ``resources/reference/triage.toml``, and naming every fault with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from functools import cache
from importlib.resources import files
from typing import Any

from coordination.errors import CoordinationError
from coordination.intake.model import CHANNELS
from coordination.intake.reference import URGENCIES
from coordination.intake.triage_words import Phrase, phrase
from coordination.reference import standing

FILE = "triage.toml"
_TIERS = ("very_high", "high", "moderate", "low")
_LISTS = ("any", "with", "unless", "not_in", "channels", "tiers", "details")
_WORDS = ("id", "service", "urgency", "reason", "ask", "hours", "closed_service", "closed_urgency", "closed_reason")
_NUMBERS = ("rank", "min_age", "max_age")
_KNOWN = {*_LISTS, *_WORDS, *_NUMBERS, "safeguarding"}
_LONGEST = {"id": 60, "reason": 200, "ask": 200, "closed_reason": 200}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where: line 1 is the first of the file; ``rule`` is empty for the file as a whole."""

    file: str
    line: int
    rule: str
    field: str
    reason: str


@dataclass(unsafe_hash=True)
class BadTriageFile(CoordinationError):
    """The rules cannot be used as they are."""

    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        return "; ".join(f"{f.file}:{f.line}: {f.rule} {f.field}: {f.reason}" for f in self.faults)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, see the head of the file. ``hours`` are local times, begin in and end out; None: at any time."""

    id: str
    reason: str
    rank: int = 50
    service: str = ""
    urgency: str = ""
    ask: str = ""
    safeguarding: bool = False
    any: tuple[Phrase, ...] = ()
    with_: tuple[Phrase, ...] = ()
    unless: tuple[Phrase, ...] = ()
    not_in: tuple[Phrase, ...] = ()
    channels: frozenset[str] = frozenset()
    details: tuple[str, ...] = ()
    tiers: frozenset[str] = frozenset()
    min_age: int | None = None
    max_age: int | None = None
    hours: tuple[time, time] | None = None
    closed_service: str = ""
    closed_urgency: str = ""
    closed_reason: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of one version, in the order of the file."""

    version: str
    rules: tuple[Rule, ...]


@cache
def rules() -> Rules:
    """Those that are shipped. Raises BadTriageFile."""
    text = (files("resources") / "reference" / FILE).read_text("utf-8")
    return parse(text, FILE, {service.code for service in standing.read().services})


def parse(text: str, file: str, services: Collection[str]) -> Rules:
    """Raises BadTriageFile with every fault there is."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else len(text.splitlines())
        raise BadTriageFile((Fault(file, line, "", "", "not_toml"),)) from None
    reader = _Reader(text, file, services)
    made = reader.read(document)
    if reader.faults:
        raise BadTriageFile(tuple(reader.faults))
    return made


class _Reader:
    """Reads on after a fault, so that all are told at once."""

    def __init__(self, text: str, file: str, services: Collection[str]) -> None:
        self._file, self._services = file, services
        self._starts = [n for n, line in enumerate(text.splitlines(), start=1) if line.strip() == "[[rule]]"]
        self._lines = text.splitlines()
        self.faults: list[Fault] = []
        self._at, self._rule = 1, ""

    def read(self, document: Mapping[str, Any]) -> Rules:
        version = document.get("version")
        if not isinstance(version, str) or not 0 < len(version) <= 40:
            self._fault("version", "missing")
            version = ""
        for name in set(document) - {"version", "rule"}:
            self._fault(str(name), "unknown_field")
        rows = document.get("rule", [])
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            self._fault("rule", "missing")
            return Rules(version, ())
        made: list[Rule] = []
        for number, row in enumerate(rows):
            self._at = self._starts[number] if number < len(self._starts) else len(self._lines)
            self._rule = str(row.get("id", ""))
            made.append(self._read_rule(row, {rule.id for rule in made}))
        return Rules(version, tuple(made))

    def _fault(self, field: str, reason: str) -> None:
        self.faults.append(Fault(self._file, self._line_of(field), self._rule, field, reason))

    def _line_of(self, field: str) -> int:
        """The line of the field inside the rule that is being read; else that of the rule."""
        for number in range(self._at, len(self._lines)):
            line = self._lines[number].strip()
            if line == "[[rule]]" and number >= self._at:
                break
            if re.match(rf"{re.escape(field)}\s*=", line):
                return number + 1
        return self._at

    def _read_rule(self, row: Mapping[str, Any], taken: set[str]) -> Rule:
        for name in row.keys() - _KNOWN:
            self._fault(str(name), "unknown_field")
        words = {name: self._words(row, name) for name in _WORDS}
        lists = {name: self._list(row, name) for name in _LISTS}
        numbers = {name: self._number(row, name) for name in _NUMBERS}
        if not re.fullmatch(r"[a-z0-9_-]{2,60}", words["id"]):
            self._fault("id", "not_an_id" if words["id"] else "missing")
        if words["id"] in taken:
            self._fault("id", "twice")
        if not words["reason"]:
            self._fault("reason", "missing")
        safeguarding = row.get("safeguarding", False)
        if not isinstance(safeguarding, bool):
            self._fault("safeguarding", "not_true_or_false")
        self._check_what(words, safeguarding is True)
        self._check_lists(lists)
        if not any(lists[name] for name in ("any", "with", "channels", "tiers", "details")):
            self._fault("any", "always_true")
        return Rule(
            words["id"],
            words["reason"],
            50 if numbers["rank"] is None else numbers["rank"],
            words["service"],
            words["urgency"],
            words["ask"],
            safeguarding is True,
            self._phrases("any", lists["any"]),
            self._phrases("with", lists["with"]),
            self._phrases("unless", lists["unless"]),
            self._phrases("not_in", lists["not_in"]),
            frozenset(lists["channels"]),
            tuple(lists["details"]),
            frozenset(lists["tiers"]),
            numbers["min_age"],
            numbers["max_age"],
            self._hours(words["hours"]),
            words["closed_service"],
            words["closed_urgency"],
            words["closed_reason"],
        )

    def _check_what(self, words: Mapping[str, str], safeguarding: bool) -> None:
        for prefix in ("", "closed_"):
            service, urgency = words[f"{prefix}service"], words[f"{prefix}urgency"]
            if service and service not in self._services:
                self._fault(f"{prefix}service", "unknown_service")
            if urgency and urgency not in URGENCIES:
                self._fault(f"{prefix}urgency", "unknown_urgency")
            if bool(service) != bool(urgency):
                self._fault(f"{prefix}urgency" if service else f"{prefix}service", "missing")
        if sum((bool(words["service"]), bool(words["ask"]), safeguarding)) != 1:
            self._fault("service", "suggests_one_thing")
        if words["closed_service"] and not (words["hours"] and words["closed_reason"]):
            self._fault("closed_reason" if words["hours"] else "hours", "missing")

    def _check_lists(self, lists: Mapping[str, Sequence[str]]) -> None:
        for name, known in (("channels", CHANNELS), ("tiers", _TIERS)):
            if any(value not in known for value in lists[name]):
                self._fault(name, "not_in_list")

    def _words(self, row: Mapping[str, Any], name: str) -> str:
        value = row.get(name, "")
        if not isinstance(value, str):
            self._fault(name, "not_text")
            return ""
        if len(value) > _LONGEST.get(name, 60):
            self._fault(name, "too_long")
        return value.strip()

    def _list(self, row: Mapping[str, Any], name: str) -> list[str]:
        value = row.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            self._fault(name, "not_a_list_of_words")
            return []
        return value

    def _number(self, row: Mapping[str, Any], name: str) -> int | None:
        value = row.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 150:
            self._fault(name, "not_a_number")
            return None
        return value

    def _phrases(self, name: str, written: Sequence[str]) -> tuple[Phrase, ...]:
        made = []
        for each in written:
            found = phrase(each)
            if found is None:
                self._fault(name, "not_a_phrase")
            else:
                made.append(found)
        return tuple(made)

    def _hours(self, written: str) -> tuple[time, time] | None:
        if not written:
            return None
        found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", written)
        if found is None or found[1] + found[2] == found[3] + found[4]:
            self._fault("hours", "not_hours")
            return None
        return time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
