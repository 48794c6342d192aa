"""What people type, kept on this computer as they type it: encrypted, off the interface thread, within half a second.

    desk.drafts.keep("handover", "today", {"note": note.toPlainText()}, title="Handover note")
    found = desk.drafts.take("handover", "today")      # what was kept, or None; it stays kept
    desk.drafts.drop("handover", "today")              # saved, or not wanted any more

Where the disk cannot be used it is kept in memory, and the foot of the window says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any, Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from coordination.local import wire
from coordination.local.assessments import KINDS as ASSESSMENTS
from coordination.local.model import CannotKeep, Drop, Entry, Found, Name, Put, Step, apply
from coordination.local.outbox import OUTBOX
from coordination.local.store import LocalStore, MemoryStore

log = logging.getLogger(__name__)

WAIT_MS = 300
LOOK_MS = 30_000
PLACE = "place"
"""kind of what is no draft: where somebody was"""
Where = Literal["opening", "disk", "memory"]


class Drafts(QObject):
    """Used on the interface thread. Nothing here waits for the disk."""

    changed = Signal()
    """something is kept or kept no longer, or the place where it is kept has changed"""
    opened = Signal(object)
    """coordination.local.model.Found: what was on this computer is here now"""
    offered = Signal()
    """there are drafts that no page shows: of an earlier sitting, of another window, of a client that is gone"""
    _heard = Signal(object)

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._entries: dict[Name, Entry] = {}
        self._pending: dict[Name, Step] = {}
        self._shown: set[Name] = set()
        self._writer = _Writer(self._heard.emit)
        self.where: Where = "memory"
        self.trouble: str | None = None
        self.under_other_key = 0
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self.flush)
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self.look_for_others)
        self._heard.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    # ---------------------------------------------------------------- what a page asks

    def keep(self, kind: str, key: str, data: Mapping[str, Any], title: str = "", page: str = "") -> None:
        """Keep this in the place of what had the name: on the disk within half a second, or when the focus moves.

        ``title`` is what the list *Not sent yet* calls it, ``page`` where it is written."""
        self.put(self.entry(kind, key, data, title, page))

    def put(self, entry: Entry) -> None:
        """As ``keep``, of what is an entry already."""
        before = self._entries.get(entry.name)
        self._shown.add(entry.name)
        if before is not None and before.data == entry.data:
            return
        self._entries[entry.name] = entry
        self._pending[entry.name] = Put(entry)
        if not self._timer.isActive():  # not begun anew at each key: somebody who types on and on is kept as well
            self._timer.start()
        self.changed.emit()

    def entry(self, kind: str, key: str, data: Mapping[str, Any], title: str = "", page: str = "") -> Entry:
        """As it would be kept."""
        content = {"title": title, "page": page, "data": wire.encode_what_can_be(data)}
        return Entry(kind, key, content, self._now())

    def take(self, kind: str, key: str) -> dict[str, Any] | None:
        """What is kept under that name. It stays kept until ``drop``."""
        entry = self._entries.get((kind, key))
        return wire.decode_what_can_be(entry.data.get("data", {})) if entry is not None else None

    def set_copy_aside(self, kind: str, key: str) -> None:
        """Keep what another version of the program wrote, and this one reads in part only, as it is: beside the draft,
        under the kind ``<kind>.other``."""
        entry = self._entries.get((kind, key))
        if entry is not None and not wire.is_readable(entry.data.get("data", {})):
            self.commit([Put(Entry(f"{kind}.other", key, entry.data, entry.at))])

    def drop(self, kind: str, key: str) -> None:
        """Keep it no longer."""
        if (kind, key) in self._entries:
            self.commit([Drop(kind, key)])

    def of(self, kind: str) -> list[Entry]:
        """What is kept of a kind, the first begun first."""
        return [entry for entry in self._entries.values() if entry.kind == kind]

    @property
    def kept(self) -> list[Entry]:
        """All drafts, without the outbox, assessments (desk.assessments) and where somebody was."""
        return [entry for entry in self._entries.values() if entry.kind not in (OUTBOX, PLACE, *ASSESSMENTS)]

    # ---------------------------------------------------------------- which page shows it

    def unclaimed(self, kind: str) -> list[Entry]:
        """Those of a kind that no page shows."""
        return [entry for entry in self.of(kind) if entry.name not in self._shown]

    def claim(self, kind: str, key: str) -> None:
        """A page shows it."""
        self._shown.add((kind, key))

    def release(self, kind: str, keys: Iterable[str]) -> None:
        """The page that showed them has gone."""
        self._shown -= {(kind, key) for key in keys}
        self.offered.emit()

    # ---------------------------------------------------------------- writing

    def flush(self) -> None:
        """Write at once what waits for the timer."""
        self._timer.stop()
        if self._pending:
            steps, self._pending = list(self._pending.values()), {}
            self._writer.write(steps)

    def commit(self, steps: Sequence[Step]) -> Future[None]:
        """Carry out all of the steps or none. The future is done when it is on the disk."""
        steps = list(steps)
        self.mirror(steps)
        waiting = list(self._pending.values())
        self._pending = {}
        self._timer.stop()
        return self._writer.write([*waiting, *steps])

    def mirror(self, steps: Iterable[Step]) -> None:
        """The writer has done this already: know of it."""
        for step in steps:
            name = step.entry.name if isinstance(step, Put) else (step.kind, step.key)
            self._pending.pop(name, None)
            if isinstance(step, Drop):
                self._shown.discard(name)
            else:
                self._shown.add(name)
            apply(self._entries, [step])
        self.changed.emit()

    def write_now(self, steps: Sequence[Step]) -> None:
        """From a worker thread: on the disk when it returns. Raises CannotKeep; it is tried again with the next."""
        self._writer.write(list(steps)).result()

    # ---------------------------------------------------------------- opening and closing

    def open(self, make: Callable[[], LocalStore]) -> None:
        """Open the store on its own thread. What is typed meanwhile is written when it is open."""
        self.where = "opening"
        self._writer.begin(make)
        self._look.start()
        self.changed.emit()

    def look_for_others(self, former: str | None = None) -> None:
        """Take over what a client that is gone has left, also under a ``former`` password."""
        self._writer.look(former)

    def opens_with(self, password: str) -> bool:
        """From a worker thread: whether the store is sealed with this password. False in memory."""
        return self._writer.opens_with(password)

    def change_password(self, password: str) -> None:
        """From a worker thread: seal what is kept with another password. Raises CannotKeep."""
        self._writer.change_password(password)

    def forget_all(self) -> None:
        """Nothing is kept any more: neither what waits to be written nor what is written."""
        self._timer.stop()
        self._pending.clear()
        self.commit([Drop(*name) for name in list(self._entries)])

    def close(self) -> None:
        """Write what waits and let go of the store. What is kept stays for the next sign-in."""
        self._look.stop()
        self.flush()
        self._writer.close()

    def _hear(self, told: object) -> None:
        if isinstance(told, _Opened):
            self.where = "disk" if told.on_disk else "memory"
            self.trouble = told.trouble
            self._came_in(told.found, told.entries)
            self.opened.emit(told.found)
        elif isinstance(told, Found):
            self._came_in(told, told.entries)
            if told.damaged or told.entries:
                self.opened.emit(told)
        elif told != self.trouble:
            self.trouble = told if isinstance(told, str) else None
        self.changed.emit()

    def _came_in(self, found: Found, entries: Iterable[Entry]) -> None:
        self.under_other_key = found.under_other_key
        for entry in entries:
            self._entries.setdefault(entry.name, entry)
        self.offered.emit()

    @Slot()
    def _focus_moved(self) -> None:
        if self._pending:
            self.flush()


class _Opened:
    def __init__(self, on_disk: bool, trouble: str | None, found: Found, entries: tuple[Entry, ...]) -> None:
        self.on_disk, self.trouble, self.found, self.entries = on_disk, trouble, found, entries


class _Writer:
    """One thread that alone touches the store; without a store on the disk there is none, only memory.

    What could not be written is written with the next."""

    def __init__(self, tell: Callable[[object], object]) -> None:
        self._tell = tell
        self._store: LocalStore = MemoryStore()
        self._thread: ThreadPoolExecutor | None = None
        self._unwritten: list[Step] = []
        self._closed = False

    def begin(self, make: Callable[[], LocalStore]) -> None:
        self._thread = ThreadPoolExecutor(1, "drafts")
        self._thread.submit(self._open, make)

    def write(self, steps: list[Step]) -> Future[None]:
        if self._thread is not None and not self._closed:
            return self._thread.submit(self._write, steps)
        done: Future[None] = Future()
        if not self._closed:
            self._store.write(steps)
        done.set_result(None)
        return done

    def look(self, former: str | None) -> None:
        if self._thread is not None and not self._closed:
            self._thread.submit(self._take_in, former)

    def opens_with(self, password: str) -> bool:
        if self._thread is None or self._closed:
            return False
        return self._thread.submit(lambda: self._store.opens_with(password)).result()

    def change_password(self, password: str) -> None:
        if self._thread is not None and not self._closed:
            self._thread.submit(lambda: self._store.change_password(password)).result()

    def close(self) -> None:
        if self._thread is not None and not self._closed:
            self._closed = True
            self._thread.submit(self._let_go)
            self._thread.shutdown(wait=True)
        self._closed = True

    # on the thread

    def _open(self, make: Callable[[], LocalStore]) -> None:
        memory, trouble = self._store, None
        try:
            self._store = make()
            self._store.write([Put(entry) for entry in memory.entries()])
        except CannotKeep as fault:
            trouble = fault.trouble
        except Exception as fault:
            log.error("the store on this computer does not open (%s)", type(fault).__name__)
            trouble = "not_writable"
        found = self._found(None)
        self._tell(_Opened(self._store.on_disk, trouble, found, self._store.entries()))

    def _found(self, former: str | None) -> Found:
        try:
            return self._store.take_in(former)
        except CannotKeep:
            return Found()

    def _take_in(self, former: str | None) -> None:
        self._tell(self._found(former))

    def _write(self, steps: list[Step]) -> None:
        todo = [*self._unwritten, *steps]
        try:
            self._store.write(todo)
        except CannotKeep as fault:
            self._unwritten = todo
            self._tell(fault.trouble)
            raise
        except Exception as fault:
            log.error("not kept (%s)", type(fault).__name__)
            raise
        if self._unwritten:
            self._unwritten = []
            self._tell(None)

    def _let_go(self) -> None:
        if self._unwritten:
            try:
                self._store.write(self._unwritten)
            except CannotKeep as fault:
                log.error("not kept at the end: %s", fault.trouble)
        self._store.close()
