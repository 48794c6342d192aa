"""The inbox behind a desk: how much waits for somebody, in the rail; and reading it while the desk is open.

A desk reads by itself where the people are invented, so that the inbox is seen to work; elsewhere when somebody has
switched that on for this computer. What always runs is ``centre inbox run``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING
from uuid import UUID
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, QTimer, Signal

from coordination.changes import RESYNC, Change
from coordination.messages.inbox import READERS, PassResult, Source, SourceRow
from ui.desk import Desk
from ui.messages.inbox_places import keep_password, kept_password, place_maker
from ui.messages.outgoing import sender
from ui.messages.ward_watch import WardWatch
from ui.tasks import Progress

if TYPE_CHECKING:
    from coordination.messages.inbox_reader import Reader

BEAT_MS = 10_000
COUNT_MS = 1_000  # however much comes in at once, the count is asked for once in that time
SETTING = "inbox/read_here"
FEW = 5  # so many items are read without a word; more show how far they are

_WATCHES: WeakKeyDictionary[Desk, InboxWatch] = WeakKeyDictionary()


class InboxWatch(QObject):
    """One a desk, and as long as it."""

    looked = Signal(object, object)
    """Source, PassResult: after each look of this desk"""
    counted = Signal(int, int)
    """items that were not taken in, and messages whose contact has no end"""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._passwords: dict[str, str] = {}  # of this sitting, where there is no keyring
        self._stop = Event()
        self._busy: set[UUID] = set()
        self.counts = (0, 0)
        folder = Path(desk.settings.fileName()).parent
        self._make = place_maker(folder, self.password)
        self._send = sender(lambda: desk.services.hospital, folder)
        self._beat = QTimer(self, interval=BEAT_MS)
        self._beat.timeout.connect(self._look_what_is_due)
        self._again = QTimer(self, singleShot=True, interval=COUNT_MS)
        self._again.timeout.connect(self.count)

    @classmethod
    def of(cls, desk: Desk) -> InboxWatch:
        """The one of this desk."""
        if desk not in _WATCHES:
            _WATCHES[desk] = cls(desk)
        return _WATCHES[desk]

    @property
    def may_read(self) -> bool:
        return self._desk.actor.role in READERS

    @property
    def reads_here(self) -> bool:
        return self.may_read and self._desk.settings.value(SETTING, self._desk.training, bool) is True

    def set_reads_here(self, on: bool) -> None:
        self._desk.settings.setValue(SETTING, on)
        self._look_what_is_due()

    def start(self) -> None:
        """Count, and read what is due, from now on."""
        if not self.may_read:
            return
        self._desk.changes.batch.connect(self._came)
        self._ward = WardWatch(self._desk, self)
        self._beat.start()
        self.count()
        self._look_what_is_due()

    def close(self) -> None:
        """Ask what is under way to stop; whoever closes the desk waits for it."""
        self._beat.stop()
        self._again.stop()
        self._stop.set()
        _WATCHES.pop(self._desk, None)

    # ------------------------------------------------------------------ how much waits

    def count(self) -> None:
        call = self._desk.services.inbox.counts_open
        self._desk.tasks.run(self, call, self._show_count, lambda _error: True, "count")

    def _show_count(self, counts: tuple[int, int]) -> None:
        self.counts = counts
        self._desk.foot.set_count("imports", sum(counts), "to see to")
        self.counted.emit(*counts)

    def _came(self, changes: frozenset[Change]) -> None:
        concerned = RESYNC in changes or any(change.area == "messages" for change in changes)
        if concerned and not self._again.isActive():
            self._again.start()

    # ------------------------------------------------------------------ passwords

    def password(self, source: Source) -> str | None:
        """On a worker thread."""
        return self._passwords.get(source.account) or kept_password(source)

    def keep(self, source: Source, password: str) -> bool:
        """For this sitting; and in the keyring, which is what is answered. On a worker thread."""
        self._passwords[source.account] = password
        return keep_password(source, password)

    # ------------------------------------------------------------------ looking

    def look(self, source: Source, said: Callable[[PassResult], object]) -> None:
        """Now, because somebody asks: with its progress in the foot."""
        self._read(source, said, asked=True)

    def _look_what_is_due(self) -> None:
        if self.reads_here and not self._stop.is_set():
            sources = self._desk.services.inbox.sources
            self._desk.tasks.run(self, sources, self._due, lambda _error: True, "due")

    def _due(self, rows: list[SourceRow]) -> None:
        for row in rows:
            if row.is_due and row.source.id not in self._busy:
                self._quietly(row.source)

    def _quietly(self, source: Source) -> None:
        """A few items without a word; when there are many, again with progress."""
        stop, many = Event(), Event()

        def tell(_done: int, of: int) -> None:
            if of > FEW:
                many.set()
            if many.is_set() or self._stop.is_set():
                stop.set()

        def call() -> PassResult | None:
            if source.kind == "imap" and self.password(source) is None:
                return None  # another computer reads it
            return self._reader(source, stop, tell).once()

        def ok(result: PassResult | None) -> None:
            self._busy.discard(source.id)
            if result is not None:
                self.looked.emit(source, result)
            if many.is_set() and not self._stop.is_set():
                self._read(source, lambda _result: None, asked=False)

        self._busy.add(source.id)
        self._desk.tasks.run(self, call, ok, lambda _error: self._failed(source))

    def _read(self, source: Source, said: Callable[[PassResult], object], *, asked: bool) -> None:
        stop = Event()

        def call(progress: Progress) -> PassResult:
            def tell(done: int, of: int) -> None:
                progress.moved.emit(done, of, "")
                if progress.stopping or self._stop.is_set():
                    stop.set()

            if asked:
                self._desk.services.inbox.ask_to_look(source.id)
            return self._reader(source, stop, tell).once()

        def ok(result: PassResult) -> None:
            self._busy.discard(source.id)
            self.looked.emit(source, result)
            said(result)

        def failed(_error: Exception) -> bool:
            self._busy.discard(source.id)
            return False

        self._busy.add(source.id)
        self._desk.tasks.run(self, call, ok, failed, progress=f"Reading {source.name}")

    def _reader(self, source: Source, stop: Event, tell: Callable[[int, int], object]) -> Reader:
        from coordination.messages.inbox_reader import Reader  # when something is due: it brings much with it

        reading = self._desk.services.inbox.reading
        return Reader(reading, source.id, self._make, stop=stop, tell=tell, after=self._send)

    def _failed(self, source: Source) -> bool:
        """Nobody asked for this look, so nobody is told: the foot says that the database is away."""
        self._busy.discard(source.id)
        return True
