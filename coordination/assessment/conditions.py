"""Branching: when a question or a section is asked. Data, never code to evaluate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coordination.values import is_storable

Plain = str | bool | int | float


@dataclass(frozen=True, slots=True)
class OneOf:
    """Holds when the question's answer is one of ``values`` (for several choices: has one of them)."""

    question: str
    values: tuple[Plain, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class CountOf:
    """Holds when at least ``least`` and at most ``most`` (None: however many) of the parts hold."""

    parts: tuple[Condition, ...]
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Answered:
    """Holds when the question has an answer, whichever; or, not ``given``, when it has none."""

    question: str
    given: bool


Condition = OneOf | AnyOf | AllOf | CountOf | Answered


class MalformedCondition(Exception):
    """Not a condition. ``args[0]`` is a code: what is wrong with it."""


DEEPEST = 8


def read(data: Any, depth: int = 0) -> Condition:
    """A condition from its table: ``{question, equals}``, ``{question, in}``,
    ``{question, answered}``, ``{any = […]}``, ``{all = […]}``,
    ``{at_least = n, of = […]}`` or ``{at_most = n, of = […]}``.

    Raises MalformedCondition.
    """
    if not isinstance(data, Mapping):
        raise MalformedCondition("not_a_table")
    if depth > DEEPEST:
        raise MalformedCondition("too_deep")
    match dict(data):
        case {"question": str(question), "equals": value, **rest} if not rest:
            return OneOf(question, (_plain(value),))
        case {"question": str(question), "in": list(values), **rest} if not rest and values:
            return OneOf(question, tuple(_plain(v) for v in values))
        case {"question": str(question), "answered": bool(given), **rest} if not rest:
            return Answered(question, given)
        case {"any": list(parts), **rest} if not rest and parts:
            return AnyOf(tuple(read(p, depth + 1) for p in parts))
        case {"all": list(parts), **rest} if not rest and parts:
            return AllOf(tuple(read(p, depth + 1) for p in parts))
        case {"at_least": int(least), "of": list(parts), **rest} if not rest and _counts(least, parts, 1):
            return CountOf(tuple(read(p, depth + 1) for p in parts), least, None)
        case {"at_most": int(most), "of": list(parts), **rest} if not rest and _counts(most, parts, 0):
            return CountOf(tuple(read(p, depth + 1) for p in parts), 0, most)
    raise MalformedCondition("not_a_condition")


def _counts(number: int, parts: list[Any], lowest: int) -> bool:
    """A number that some answers reach and others do not."""
    return not isinstance(number, bool) and lowest <= number < len(parts) + lowest


def is_sensible(value: float) -> bool:
    """A number that somebody may mean: neither endless nor of a hundred digits, which nothing could show or keep."""
    return -1e15 < value < 1e15


def _plain(value: Any) -> Plain:
    if isinstance(value, int | float) and not is_sensible(value):
        raise MalformedCondition("not_a_plain_value")
    if isinstance(value, str) and not is_storable(value):
        raise MalformedCondition("not_a_plain_value")
    if isinstance(value, str | bool | int | float):
        return value
    raise MalformedCondition("not_a_plain_value")


def holds(condition: Condition | None, answers: Mapping[str, Any]) -> bool:
    """Whether it holds with these answers. No answer equals nothing. None always holds."""
    match condition:
        case None:
            return True
        case OneOf(question, values):
            answer = answers.get(question)
            given = answer if isinstance(answer, tuple) else (answer,)
            return any(_same(one, value) for one in given for value in values)
        case Answered(question, given):
            return (answers.get(question) is not None) == given
        case AnyOf(parts):
            return any(holds(part, answers) for part in parts)
        case AllOf(parts):
            return all(holds(part, answers) for part in parts)
        case CountOf(parts, least, most):
            held = sum(holds(part, answers) for part in parts)
            return least <= held and (most is None or held <= most)


def _same(answer: Any, value: Plain) -> bool:
    # Python holds True == 1; a yes is not the number one.
    return isinstance(answer, bool) == isinstance(value, bool) and answer == value


def mentions(condition: Condition | None) -> Iterator[OneOf]:
    """Every comparison inside; of a question that must only be answered, one with no values."""
    match condition:
        case OneOf():
            yield condition
        case Answered(question):
            yield OneOf(question, ())
        case AnyOf(parts) | AllOf(parts) | CountOf(parts):
            for part in parts:
                yield from mentions(part)
