"""What can be chosen in a contact, read once a sitting and handed to every form that asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from coordination.changes import RESYNC, Change

if TYPE_CHECKING:
    from coordination.intake.choices import ContactChoices
    from ui.at_desk import AtDesk

Take = Callable[["ContactChoices"], object]
GOOD_FOR = timedelta(hours=1)  # an import of practices, once a quarter, tells nobody


class SittingChoices(QObject):
    """Asked for again after an hour, when an account has changed, and when the line was down meanwhile."""

    def __init__(self, desk: AtDesk) -> None:
        super().__init__()
        self._desk = desk
        self._found: ContactChoices | None = None
        self._read_at: datetime | None = None
        self._changed = False  # since they were last asked for
        self._waiting: list[tuple[QObject, Take]] = []
        desk.changes.batch.connect(self._changes_came)

    @property
    def stale(self) -> bool:
        """Whoever asks next will have them read."""
        return self._read_at is None or self._desk.clock.now() - self._read_at >= GOOD_FOR

    def want(self, owner: QObject, take: Take) -> None:
        """``take(choices)``: at once if they are known, else as soon as they have been read, unless ``owner`` has gone
        by then. An error goes to the notices of the desk; whoever still wants them asks again."""
        if self._found is not None and not self.stale:
            take(self._found)
            return
        self._waiting.append((owner, take))
        if not self._desk.tasks.running(self):
            self._changed = False
            self._desk.tasks.run(self, self._desk.services.intake.contact_choices, self._came, self._failed)

    def _came(self, found: ContactChoices) -> None:
        self._found, self._read_at = found, None if self._changed else self._desk.clock.now()
        waiting, self._waiting = self._waiting, []
        for owner, take in waiting:
            if isValid(owner):
                take(found)

    def _failed(self, _error: Exception) -> bool:
        self._waiting = []
        return False

    def _changes_came(self, changes: frozenset[Change]) -> None:
        if RESYNC in changes or any(change.area == "governance" for change in changes):
            self._read_at, self._changed = None, True
