"""What a reader needs of a place where messages lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from coordination.messages.inbox import Found, Held

Keep = Callable[[], None]
"""Called while something takes its time, so that the lease does not run out. Raises LeaseLost."""


class Stop(Protocol):
    """Somebody may ask the reader to stop: ``threading.Event`` is one."""

    def is_set(self) -> bool: ...

    def wait(self, timeout: float | None = None) -> bool: ...


class Place(Protocol):
    """A folder or a mailbox, only ever looked at. Every method may raise PlaceTrouble."""

    uid_validity: int | None
    """After ``open``: the generation of a mailbox's numbers; None where there are none."""

    def open(self, held: Held) -> None: ...

    def found(self, after_uid: int) -> Sequence[Found]:
        """What lies there; of a mailbox only mails numbered after ``after_uid``, in order."""
        ...

    def is_ready(self, found: Found) -> bool:
        """False while it may still be being written."""
        ...

    def read(self, found: Found, keep: Keep) -> bytes:
        """Its bytes as they are. Raises ItemTrouble."""
        ...

    def wait(self, seconds: float, stop: Stop) -> bool:
        """Wait; True as soon as something new is there."""
        ...

    def close(self) -> None: ...
