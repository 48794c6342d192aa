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
SIGN_IN = "sign_in"
SHARING = "sharing"
"""Area of a change of what a person shares, or of emergency access: the key is the person. What there is of them in any
area may be gone, or be there now; which rows those are is told to nobody."""
SCHEMA = "schema"
"""Area of a change of the database itself: the key is its revision now (see ``ChangeFeed.start``)."""


class ChangeFeed(Protocol):
    """The stream of committed changes, from every desk, this one too."""

    def start(self, deliver: Callable[[Change], None], state: Callable[[bool], None]) -> None:
        """Begin. ``deliver`` and ``state`` (connected or not) are called on the feed's own thread.

        A database of another revision than this program's is as good as away: ``state`` says so, and a change of
        ``SCHEMA`` why. When it is this program's again, another one takes that back.
        """
        ...

    def stop(self) -> None: ...
