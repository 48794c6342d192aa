"""Contacts on their way to the database: one after the other, in order, each until it is acknowledged (desk.outbox)."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from coordination.errors import DatabaseAway
from coordination.local import wire
from coordination.local.model import CannotKeep, Drop, Entry, Name, Put
from coordination.local.outbox import OUTBOX, Held, Outbox, OutboxItem, Outcome, Sent, Waits, read
from coordination.values import ContactId
from ui.local.drafts import Drafts
from ui.tasks import Tasks

log = logging.getLogger(__name__)

FIRST_PAUSE_MS, LONGEST_PAUSE_MS = 2_000, 60_000
Done = Callable[[Outcome], object]


class Outgoing(QObject):
    """Holds what is in the outbox and sends it when it can. ``line_up``: whether the database is thought to answer."""

    changed = Signal()
    came = Signal(object)
    """an Outcome that no page waits for: Sent or Held"""

    def __init__(
        self, services: Callable[[], Any], tasks: Tasks, drafts: Drafts,
        now: Callable[[], datetime], line_up: Callable[[], bool],
    ) -> None:  # fmt: skip
        super().__init__()
        self._services, self._tasks, self._drafts, self._now, self._line_up = services, tasks, drafts, now, line_up
        self._items: dict[ContactId, OutboxItem] = {}
        self._sending: dict[ContactId, Done | None] = {}
        self._pause = FIRST_PAUSE_MS
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self.send_waiting)
        drafts.offered.connect(self._read_kept)

    # ---------------------------------------------------------------- what there is

    @property
    def items(self) -> list[OutboxItem]:
        """What is in the outbox, the oldest first. What a page is sending at this moment is there too."""
        return sorted(self._items.values(), key=lambda item: (item.queued_at, str(item.id)))

    @property
    def waiting(self) -> list[OutboxItem]:
        """What is there for longer than a moment: nobody stands before it and waits for the answer."""
        return [item for item in self.items if self._sending.get(item.id) is None]

    def is_sending(self, contact_id: ContactId) -> bool:
        return contact_id in self._sending

    # ---------------------------------------------------------------- into the outbox and out

    def take(self, item: OutboxItem, instead_of: Name, done: Done) -> None:
        """Keep it, then send it. ``done`` hears how that went, unless :meth:`let_go` was called before."""
        self._items[item.id] = item
        kept = self._drafts.commit([Put(item.entry()), Drop(*instead_of)])
        if self._line_up():
            self._send(item, done, kept)
        else:
            self.changed.emit()
            done(Waits(DatabaseAway()))

    def let_go(self, contact_id: ContactId) -> None:
        """Nobody waits before the screen for this answer any more."""
        if contact_id in self._sending:
            self._sending[contact_id] = None
            self.changed.emit()

    def recall(self, contact_id: ContactId, draft: Entry) -> bool:
        """Back among the drafts, to be mended. False when it is being sent, or has been."""
        if contact_id not in self._items or contact_id in self._sending:
            return False
        del self._items[contact_id]
        self._drafts.commit([Drop(OUTBOX, str(contact_id)), Put(draft)])
        self.changed.emit()
        return True

    def forget(self, contact_id: ContactId) -> OutboxItem | None:
        """Somebody decided that it is not to be sent."""
        if contact_id in self._sending:
            return None
        item = self._items.pop(contact_id, None)
        if item is not None:
            self._drafts.commit([Drop(*item.name)])
            self.changed.emit()
        return item

    def put_back(self, item: OutboxItem) -> None:
        """Undo of ``forget``."""
        self._items[item.id] = item
        self._drafts.commit([Put(item.entry())])
        self.changed.emit()
        self.send_waiting()

    # ---------------------------------------------------------------- sending

    def line_changed(self, up: bool) -> None:
        """The database answers again, or not."""
        if up:
            self._pause = FIRST_PAUSE_MS
            self.send_waiting()

    def send_waiting(self) -> None:
        """The first that waits; the next follows when it is acknowledged."""
        self._again.stop()
        if any(done is None for done in self._sending.values()) or not self._line_up():
            return
        item = next((item for item in self.waiting if item.is_waiting), None)
        if item is not None:
            self._send(item, None, None)

    def send(self, contact_id: ContactId) -> None:
        """This one, now, also when it was refused before."""
        item = self._items.get(contact_id)
        if item is not None and contact_id not in self._sending:
            self._send(item, None, None)

    def _send(self, item: OutboxItem, done: Done | None, kept: Future[None] | None) -> None:
        self._sending[item.id] = done
        services, drafts, now = self._services, self._drafts, self._now

        def write(steps: Any) -> None:
            with contextlib.suppress(CannotKeep):  # written with the next; sent again, it makes nothing twice
                drafts.write_now(steps)

        def call() -> Outcome:
            if kept is not None:
                with contextlib.suppress(CannotKeep):  # the foot says so; better sent than kept
                    kept.result()
            return Outbox(write, services().intake.take_contact, now).send(item)

        self._tasks.run(self, call, lambda outcome: self._came(item, outcome), lambda error: self._broke(item, error))
        self.changed.emit()

    def _broke(self, item: OutboxItem, error: Exception) -> bool:
        self._came(item, Waits(error))
        return True

    def _came(self, item: OutboxItem, outcome: Outcome) -> None:
        done = self._sending.pop(item.id, None)
        if isinstance(outcome, Sent):
            self._items.pop(item.id, None)
            self._drafts.mirror([Drop(*item.name)])
        elif isinstance(outcome, Held):
            self._items[item.id] = outcome.item
            self._drafts.mirror([Put(outcome.item.entry())])
        if done is not None:
            done(outcome)
        elif not isinstance(outcome, Waits):
            self.came.emit(outcome)
        self.changed.emit()
        if isinstance(outcome, Waits):
            self._try_later()
        else:
            self._pause = FIRST_PAUSE_MS
            self.send_waiting()

    def _try_later(self) -> None:
        self._again.start(self._pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE_MS)

    def _read_kept(self) -> None:
        for entry in self._drafts.unclaimed(OUTBOX):
            self._drafts.claim(*entry.name)
            try:
                item = read(entry)
            except wire.Unreadable as fault:
                log.error("a contact in the outbox cannot be read (%s)", fault)
                continue
            self._items.setdefault(item.id, item)
        self.changed.emit()
        self.send_waiting()
