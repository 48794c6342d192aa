"""What is kept on this computer until the database has it: drafts, and contacts waiting to be sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from coordination.errors import CoordinationError

Name: TypeAlias = tuple[str, str]
"""kind and key of an entry"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is kept. ``data`` is plain JSON (see ``local.wire``); ``at`` when it was last changed, aware.

    ``kind`` says what it is (``contact``, ``outbox``, …), ``key`` which one; together they are unique.
    """

    kind: str
    key: str
    data: Mapping[str, Any]
    at: datetime

    @property
    def name(self) -> Name:
        return self.kind, self.key


@dataclass(frozen=True, slots=True)
class Put:
    """Keep this, in the place of what had its name."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Drop:
    """Keep it no longer."""

    kind: str
    key: str


Step: TypeAlias = Put | Drop


def apply(entries: dict[Name, Entry], steps: Iterable[Step]) -> None:
    """Carry out ``steps`` in order."""
    for step in steps:
        if isinstance(step, Put):
            entries[step.entry.name] = step.entry
        else:
            entries.pop((step.kind, step.key), None)


def join(entries: Mapping[Name, Entry], others: Iterable[Entry]) -> list[Entry]:
    """What of ``others`` must be kept beside ``entries``. Of two with one name the later change has it; the earlier is
    kept under a name of its own, because both were typed by somebody."""
    taken = dict(entries)
    for other in others:
        mine = taken.get(other.name)
        if mine is not None and mine.data == other.data:
            continue
        if mine is not None and mine.at >= other.at:
            other = _renamed(other, taken)
        elif mine is not None:
            earlier = _renamed(mine, taken)
            taken[earlier.name] = earlier
        taken[other.name] = other
    return [entry for name, entry in taken.items() if entries.get(name) != entry]


def _renamed(entry: Entry, taken: Mapping[Name, Entry]) -> Entry:
    number = next(n for n in range(2, len(taken) + 3) if (entry.kind, f"{entry.key} ({n})") not in taken)
    return Entry(entry.kind, f"{entry.key} ({number})", entry.data, entry.at)


Trouble = Literal["disk_full", "not_writable", "locked_out"]


@dataclass(unsafe_hash=True)
class CannotKeep(CoordinationError):
    """It could not be written to this computer's disk. It is still in memory."""

    trouble: Trouble = "not_writable"

    def __str__(self) -> str:
        return f"cannot keep: {self.trouble}"


@dataclass(frozen=True, slots=True)
class Found:
    """What was there when the store was opened, besides its own.

    ``recovered`` files came of clients that are gone. ``under_other_key`` could not be opened with this password and
    stay as they are. ``damaged`` had places that cannot be read, ``lost`` of them in all: what could be read is among
    ``entries``, which came to this client now, and the files are set aside.
    """

    recovered: int = 0
    under_other_key: int = 0
    damaged: int = 0
    lost: int = 0
    entries: tuple[Entry, ...] = field(default=())
