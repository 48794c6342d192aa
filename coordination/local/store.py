"""What the drafts and the outbox need of a store on this computer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from coordination.local.model import Entry, Found, Name, Step, apply


class LocalStore(Protocol):
    """Entries of one user of one database. Methods may be called from any thread, one at a time."""

    @property
    def on_disk(self) -> bool:
        """False: in memory only, and gone with the program."""
        ...

    def entries(self) -> tuple[Entry, ...]:
        """All of this client's, in the order in which they were first kept."""
        ...

    def write(self, steps: Iterable[Step]) -> None:
        """All of the steps or none, on the disk when it returns. Raises CannotKeep."""
        ...

    def take_in(self, former: str | None = None) -> Found:
        """Take over what clients that are gone have left, also under a ``former`` password. Raises CannotKeep."""
        ...

    def opens_with(self, password: str) -> bool:
        """Whether this is the password that the store is sealed with."""
        ...

    def change_password(self, password: str) -> None:
        """Seal what is kept with another password from now on. Raises CannotKeep; nothing is lost then."""
        ...

    def close(self) -> None:
        """Let go of it; what is kept stays for the next sign-in."""
        ...


class MemoryStore:
    """Where the disk cannot be used: as good as memory is."""

    on_disk = False

    def __init__(self) -> None:
        self._entries: dict[Name, Entry] = {}

    def entries(self) -> tuple[Entry, ...]:
        return tuple(self._entries.values())

    def write(self, steps: Iterable[Step]) -> None:
        apply(self._entries, steps)

    def take_in(self, former: str | None = None) -> Found:
        return Found()

    def opens_with(self, password: str) -> bool:
        return False

    def change_password(self, password: str) -> None:
        """Nothing is sealed in memory."""

    def close(self) -> None:
        self._entries.clear()
