"""What a door is, and what must hold of whatever comes out of one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from coordination.values import is_storable

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Door:
    """``examples`` are valid; ``enter`` takes anything and raises only for a finding."""

    name: str
    examples: Callable[[], tuple[bytes, ...]]
    enter: Callable[[bytes], object]
    slow: bool = False
    """writes files or opens sockets: fewer examples in the tests"""


def texts_of(value: Any) -> Iterable[str]:
    """Every text in a result, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Enum | int | float | bytes | date) or value is None:
        return
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from texts_of(key)
            yield from texts_of(each)
    elif isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from texts_of(each)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts_of(getattr(value, field.name))


def must_be_keepable(value: Any, *, may_turn: bool = False) -> None:
    for text in texts_of(value):
        assert is_storable(text), "a character that cannot be stored"
        assert may_turn or not _TURNS & set(text), "a mark that turns the reading direction"
