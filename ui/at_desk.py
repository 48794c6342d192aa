"""What stands around a desk: who takes you to pages, what is said at the foot, what others change.

Nothing here knows the desk itself: its parts (presence, choices, drafts, the shift) are given :class:`AtDesk`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal, Slot

from coordination.changes import RESYNC, SCHEMA, SHARING, Change
from coordination.clock import Clock
from ui.commands import Commands
from ui.tasks import Tasks

if TYPE_CHECKING:  # the sign-in window is on screen before the services are read in
    from coordination.services import Services
    from coordination.work import Actor

GATHER_MS = 20  # so that a burst is one refresh, and a single change is there at once
REST_MS, LONGEST_REST_MS = 100, 500  # between two refreshes; longer while changes keep coming
ALL = ""
LOCALITIES = ("North", "Central", "South")


class Navigator(Protocol):
    """Goes to pages. The window is one."""

    def to(self, page: str, key: object = None, *, new_window: bool = False) -> None:
        """Show a page, at ``key`` (whatever that page opens: usually an id)."""
        ...

    def back(self) -> None: ...


class Notices(Protocol):
    """Quiet lines at the foot of the page."""

    def say(
        self, words: str, *, undo: Callable[[], object] | None = None, undo_words: str = "Undo",
        do: Callable[[], object] | None = None, do_words: str = "",
    ) -> None:  # fmt: skip
        """Something was done. Goes by itself after a while; ``undo`` and ``do`` give it a button."""
        ...

    def warn(self, words: str, *, do: Callable[[], object] | None = None, do_words: str = "") -> None:
        """Something to know before going on. Stays until dismissed; ``do`` gives it a button that says ``do_words``."""
        ...

    def withdraw(self, words: str) -> None:
        """Take back what was said in these words: it does not hold any more."""
        ...

    def error(self, error: Exception) -> None:
        """Something failed: ui/sentences.py puts it into words. Stays until dismissed."""
        ...


class Changes(QObject):
    """What has changed in the database, gathered so that a burst is one refresh.

    A change after a quiet moment is passed on after about 20 ms. While they keep coming, desks rest between two
    refreshes, each time longer, up to half a second: many desks and many changes must not multiply."""

    changed = Signal(object)
    """one coordination.changes.Change, once a burst"""
    batch = Signal(frozenset)
    """all the changes of a burst"""
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None, wait_ms: int = GATHER_MS, rest_ms: int = REST_MS) -> None:
        super().__init__(parent)
        self._waiting: dict[Change, None] = {}
        self._wait, self._shortest, self._rest = wait_ms, rest_ms, rest_ms
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._flush)
        self._since_last = QElapsedTimer()
        self._arrived.connect(self._gather, Qt.ConnectionType.QueuedConnection)

    def deliver(self, change: Change) -> None:
        """Take a change in; may be called on any thread."""
        self._arrived.emit(change)

    @Slot(object)
    def _gather(self, change: Change) -> None:
        self._waiting[change] = None
        if not self._timer.isActive():
            self._timer.start(max(self._wait, self._still_to_rest()))

    def _still_to_rest(self) -> int:
        """Milliseconds of the rest that are left. It grows when a change comes within it, else it shrinks."""
        left = self._rest - self._since_last.elapsed() if self._since_last.isValid() else 0
        if left > 0:
            self._rest = min(self._rest * 2, max(LONGEST_REST_MS, self._shortest))
        else:
            self._rest = max(self._rest // 2, self._shortest)
        return max(0, left)

    def _flush(self) -> None:
        self._since_last.start()
        burst, self._waiting = self._waiting, {}
        if RESYNC in burst:
            burst = dict.fromkeys([*(change for change in burst if change.area == SCHEMA), RESYNC])
        shared = frozenset(change for change in burst if change.area == SHARING)
        for change in burst:
            self.changed.emit(change)
        if len(burst) > len(shared):
            self.batch.emit(frozenset(burst) - shared)
        if shared:  # by itself: a page of somebody else's record has nothing to read again
            self.batch.emit(shared | {RESYNC})


class LocalityChoice(QObject):
    """The locality that the whole desk looks at; ``""`` for all three."""

    changed = Signal(str)

    def __init__(self, value: str = ALL, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._value = value

    @property
    def value(self) -> str:
        return self._value

    def set(self, value: str) -> None:
        if value != self._value:
            self._value = value
            self.changed.emit(value)


@dataclass(frozen=True)
class Connection:
    """State of the line to the database. ``since`` is when it became so."""

    up: bool
    since: datetime


class Foot(QObject):
    """What the foot of the window shows. Pages set their part; the window draws it."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.connection: Connection | None = None
        self.away_words = ""  # why it is down, in two words, where that is known
        self.drafts = 0
        self.outbox = 0
        self.refused = 0
        self.in_memory: str | None = None
        self.reminder = ""  # of one's own shift: a break that is due, an end that has passed
        self._due: dict[str, int] = {}
        self.counts: dict[str, tuple[int, str]] = {}

    @property
    def due(self) -> int:
        return sum(self._due.values())

    def set_due(self, source: str, count: int) -> None:
        """How many things of one source (``queue``, ``nursing``) fall due in the next 15 minutes."""
        if self._due.get(source, 0) != count:
            self._due[source] = count
            self.changed.emit()

    def set_count(self, source: str, count: int, words: str) -> None:
        """How many things stand open at a place of the rail, whenever they are due: ``3, "not decided"``."""
        if self.counts.get(source, (0, words)) != (count, words):
            self.counts[source] = (count, words)
            self.changed.emit()

    def due_of(self) -> dict[str, int]:
        """The sources with anything due."""
        return {source: count for source, count in self._due.items() if count}

    def set_drafts(self, drafts: int, outbox: int = 0, refused: int = 0) -> None:
        """Drafts kept on this computer, and contacts not in the database yet; so many of these it has refused."""
        if (drafts, outbox, refused) != (self.drafts, self.outbox, self.refused):
            self.drafts, self.outbox, self.refused = drafts, outbox, refused
            self.changed.emit()

    def set_in_memory(self, why: str | None) -> None:
        """What is typed cannot be kept on the disk, and why; None when it is."""
        if why != self.in_memory:
            self.in_memory = why
            self.changed.emit()

    def set_reminder(self, words: str) -> None:
        """A quiet line about one's own shift; empty for none."""
        if self.reminder != words:
            self.reminder = words
            self.changed.emit()

    def set_away_words(self, words: str) -> None:
        """What the foot says while the line is down, in place of "No connection"; empty for that."""
        if words != self.away_words:
            self.away_words = words
            self.changed.emit()

    def set_connection(self, up: bool, since: datetime) -> None:
        self.connection = Connection(up, since)
        self.changed.emit()


class AtDesk(Protocol):
    """What a part of the desk may ask of it."""

    @property
    def services(self) -> Services: ...
    @property
    def tasks(self) -> Tasks: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def actor(self) -> Actor: ...
    @property
    def changes(self) -> Changes: ...
    @property
    def commands(self) -> Commands: ...
    @property
    def locality(self) -> LocalityChoice: ...
    @property
    def foot(self) -> Foot: ...
    @property
    def go(self) -> Navigator: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def away(self) -> bool: ...


class Nowhere:
    """Stands in until a window takes over."""

    def to(self, page: str, key: object = None, *, new_window: bool = False) -> None:
        raise RuntimeError("no window to go anywhere in")

    def back(self) -> None:
        raise RuntimeError("no window to go anywhere in")


class Silence:
    """Stands in until a window takes over: nothing is said, but an error is never swallowed."""

    def say(
        self, words: str, *, undo: Callable[[], object] | None = None, undo_words: str = "Undo",
        do: Callable[[], object] | None = None, do_words: str = "",
    ) -> None: ...  # fmt: skip

    def warn(self, words: str, *, do: Callable[[], object] | None = None, do_words: str = "") -> None: ...

    def withdraw(self, words: str) -> None: ...

    def error(self, error: Exception) -> None:
        raise error
