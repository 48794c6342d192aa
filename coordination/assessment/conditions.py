"""Branching: when a question or a section is asked. Data, never code to evaluate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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


Condition = OneOf | AnyOf | AllOf


class MalformedCondition(Exception):
    """Not a condition. ``args[0]`` is a code: what is wrong with it."""


def read(data: Any) -> Condition:
    """A condition from its table: ``{question, equals}``, ``{question, in}``, ``{any = […]}`` or ``{all = […]}``.

    Raises MalformedCondition.
    """
    if not isinstance(data, Mapping):
        raise MalformedCondition("not_a_table")
    match dict(data):
        case {"question": str(question), "equals": value, **rest} if not rest:
            return OneOf(question, (_plain(value),))
        case {"question": str(question), "in": list(values), **rest} if not rest and values:
            return OneOf(question, tuple(_plain(v) for v in values))
        case {"any": list(parts), **rest} if not rest and parts:
            return AnyOf(tuple(read(p) for p in parts))
        case {"all": list(parts), **rest} if not rest and parts:
            return AllOf(tuple(read(p) for p in parts))
    raise MalformedCondition("not_a_condition")


def _plain(value: Any) -> Plain:
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
        case AnyOf(parts):
            return any(holds(part, answers) for part in parts)
        case AllOf(parts):
            return all(holds(part, answers) for part in parts)


def _same(answer: Any, value: Plain) -> bool:
    # Python holds True == 1; a yes is not the number one.
    return isinstance(answer, bool) == isinstance(value, bool) and answer == value


def mentions(condition: Condition | None) -> Iterator[OneOf]:
    """Every comparison inside."""
    match condition:
        case OneOf():
            yield condition
        case AnyOf(parts) | AllOf(parts):
            for part in parts:
                yield from mentions(part)
