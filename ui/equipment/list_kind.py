"""What a list of the equipment page is: what it shows, how it is read, what stands beside a row."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ui.widgets.table_model import Column

Now = Callable[[], datetime]
Test = Callable[[Any, date], bool]


@dataclass(frozen=True)
class ListKind:
    """``read(services, locality, chips, after)`` is one query; ``after``: the last row that is known, of a list that is
    ``paged``. ``chips``: words and test, in order."""

    id: str
    title: str
    icon: str
    empty: tuple[str, str]
    columns: Callable[[Now], list[Column[Any]]]
    read: Callable[[Any, str | None, frozenset[Hashable], Any], Sequence[Any]]
    key: Callable[[Any], Hashable]
    facts: Callable[[Any, datetime], list[tuple[str, object | None]]]
    title_of: Callable[[Any], str]
    buttons: Mapping[str, str]
    chips: Mapping[str, tuple[str, Test]] = field(default_factory=dict)
    reads_anew: frozenset[str] = frozenset()
    """chips that ask for other rows"""
    one: str = ""
    """one row, when they are counted"""
    said: Callable[[Any, date], Mapping[str, str]] = lambda _row, _today: {}
    """other words for buttons, by the row: what they would do to it"""
    paged: bool = True
