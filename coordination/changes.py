"""What changed: an area and an id, never a name. Screens re-read what concerns them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

AREAS = (
    "people", "intake", "assessment", "careplan", "deployment", "apartments", "messages", "governance", "presence",
    "safeguarding", "transfer", "views", "duty", "forms", "trust", "outcomes", "reablement",
    "workforce", "settings",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One row of one area has changed. Area ``resync`` (empty key) means: re-read everything."""

    area: str
    key: str

    def wire(self) -> str:
        return f"{self.area}:{self.key}"

    @classmethod
    def from_wire(cls, text: str) -> Change:
        area, _, key = text.partition(":")
        return cls(area, key)


RESYNC = Change("resync", "")


class ChangeFeed(Protocol):
    """The stream of committed changes, from every desk, this one too."""

    def start(self, deliver: Callable[[Change], None], state: Callable[[bool], None]) -> None:
        """Begin. ``deliver`` and ``state`` (connected or not) are called on the feed's own thread."""
        ...

    def stop(self) -> None: ...
