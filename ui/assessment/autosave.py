"""Saving answers while they are given: one save a question at a time, in order, tried again when the line is down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from coordination.assessment.model import Answer
from coordination.errors import Conflict, DatabaseAway, TooBusy
from ui.tasks import Tasks

TYPING_MS = 800
CHOOSING_MS = 250
AGAIN_MS = 5000

Save = Callable[[str, Any, int], Answer]


class Autosave(QObject):
    """``put(question, value)`` as often as one likes. ``seen(question)`` gives the revision to save over."""

    saved = Signal(object)
    """an Answer came back"""
    conflicted = Signal(str, object)
    """question, Conflict: another desk answered first; nothing more is sent for it until it is put again"""
    refused = Signal(str, object)
    """question, error: it can't be saved as it is"""
    state_changed = Signal()

    def __init__(self, owner: QObject, tasks: Tasks, save: Save, seen: Callable[[str], int]) -> None:
        super().__init__(owner)
        self._tasks, self._save, self._seen = tasks, save, seen
        self._waiting: dict[str, Any] = {}
        self._under_way: dict[str, Any] = {}
        self.away = False
        self._stopped = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.flush)

    @property
    def busy(self) -> bool:
        """Something typed is not saved yet."""
        return bool(self._waiting or self._under_way)

    def put(self, question: str, value: Any, *, typed: bool) -> None:
        """Save soon. ``typed``: wait for a pause in the typing."""
        self._stopped = False
        self._waiting[question] = value
        if not self.away:
            self._timer.start(TYPING_MS if typed else CHOOSING_MS)
        self.state_changed.emit()

    def forget(self, question: str) -> None:
        """Don't save what waits for this question."""
        self._waiting.pop(question, None)
        self.state_changed.emit()

    def stop(self) -> None:
        """Save nothing more; what is under way comes back."""
        self._timer.stop()
        self._waiting.clear()
        self._stopped = True
        self.state_changed.emit()

    def flush(self) -> None:
        """Save now whatever waits."""
        self._timer.stop()
        for question in [q for q in self._waiting if q not in self._under_way]:
            self._send(question, self._waiting.pop(question))
        self.state_changed.emit()

    def _send(self, question: str, value: Any) -> None:
        self._under_way[question] = value
        seen = self._seen(question)
        self._tasks.run(
            self,
            lambda: self._save(question, value, seen),
            lambda answer: self._came_back(question, answer),
            lambda error: self._failed(question, value, error),
        )

    def _came_back(self, question: str, answer: Answer) -> None:
        del self._under_way[question]
        self.away = False
        self.saved.emit(answer)
        if self._waiting:
            self.flush()
        self.state_changed.emit()

    def _failed(self, question: str, value: Any, error: Exception) -> None:
        del self._under_way[question]
        if isinstance(error, DatabaseAway | TooBusy):
            self.away = True
            if not self._stopped:
                self._waiting.setdefault(question, value)  # what was typed since is newer
                self._timer.start(AGAIN_MS)
        elif isinstance(error, Conflict):
            self._waiting.pop(question, None)
            self.conflicted.emit(question, error)
        else:
            self._waiting.pop(question, None)
            self.refused.emit(question, error)
        self.state_changed.emit()
