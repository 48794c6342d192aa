"""Scores of tools that are licensed or copyright: never their items, only what came out, of which version, when and by
whom. Which tools there are is data: resources/reference/assessment_tools.toml.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from coordination.errors import BadValue
from coordination.values import is_storable

LONGEST_VERSION = 60
LONGEST_BY = 200


@dataclass(frozen=True, slots=True)
class ExternalScore:
    """What a tool said: its id, its version ('' when it has none), the score, the day, and who scored it."""

    tool: str
    version: str
    score: int | float
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool of which a score may be kept. ``low`` to ``high``, both in; ``step`` 1 for whole numbers only."""

    id: str
    name: str
    owner: str
    low: float
    high: float
    whole: bool = True
    versions: tuple[str, ...] = ()
    reads: str = ""


@cache
def tools() -> dict[str, Tool]:
    """Every tool by id, in the order of the file."""
    text = files("resources.reference").joinpath("assessment_tools.toml").read_text(encoding="utf-8")
    return {t["id"]: Tool(**{**t, "versions": tuple(t.get("versions", ()))}) for t in tomllib.loads(text)["tool"]}


def checked(field: str, value: Any, offered: tuple[str, ...] = (), today: date | None = None) -> ExternalScore:
    """The score as it is kept. ``offered``: the tools that are asked for (none: all). Raises BadValue(field, …)."""
    if not isinstance(value, ExternalScore):
        raise BadValue(field, "not_a_score")
    tool = tools().get(value.tool)
    if tool is None or (offered and tool.id not in offered):
        raise BadValue(field, "tool_unknown")
    version, by = _words(field, value.version, LONGEST_VERSION), _words(field, value.by, LONGEST_BY)
    if not by:
        raise BadValue(field, "scored_by_missing")
    if tool.versions and not version:
        raise BadValue(field, "tool_version_missing")
    score = _number(field, value.score, tool)
    if type(value.on) is not date:
        raise BadValue(field, "not_a_date")
    if today is not None and value.on > today:
        raise BadValue(field, "scored_in_future")
    return ExternalScore(tool.id, version, score, value.on, by)


def _words(field: str, words: Any, longest: int) -> str:
    if not isinstance(words, str):
        raise BadValue(field, "not_text")
    if not is_storable(words):
        raise BadValue(field, "has_unstorable_character")
    if len(words.strip()) > longest:
        raise BadValue(field, "too_long")
    return " ".join(words.split())


def _number(field: str, score: Any, tool: Tool) -> int | float:
    if isinstance(score, bool) or not isinstance(score, int | float) or not math.isfinite(score):
        raise BadValue(field, "not_a_number")
    if tool.whole and score != int(score):
        raise BadValue(field, "score_not_whole")
    if score < tool.low:
        raise BadValue(field, "score_too_small")
    if score > tool.high:
        raise BadValue(field, "score_too_large")
    return int(score) if tool.whole else score


def to_plain(score: ExternalScore) -> dict[str, Any]:
    """As JSON holds it."""
    return {
        "tool": score.tool,
        "version": score.version,
        "score": score.score,
        "on": score.on.isoformat(),
        "by": score.by,
    }


def from_plain(raw: Mapping[str, Any]) -> ExternalScore | None:
    """Back again; None for what is no such score. A tool that has left the list since is still read."""
    match dict(raw):
        case {
            "tool": str(tool),
            "version": str(version),
            "score": int() | float() as score,
            "on": str(on),
            "by": str(by),
        }:
            try:
                return ExternalScore(tool, version, score, date.fromisoformat(on), by)
            except ValueError:
                return None
    return None
