"""Saving the head of the plan while it is written: several fields, one revision, nobody overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from coordination.careplan.model import Plan
from coordination.errors import Conflict, DatabaseAway, TooBusy
from ui.tasks import Tasks

TYPING_MS = 800
AGAIN_MS = 5000

Save = Callable[[int, dict[str, Any]], Plan]


class HeadSaver(QObject):
    """``put(field, value)``. When somebody saved another field first, ours is simply saved over the new revision; when
    it was the same field, both values are shown."""

    saved = Signal(object)
    """the Plan as it stands"""
    differing = Signal(str, object, object, object)
    """field, our value, what it was when we began, the Plan as it stands"""
    refused = Signal(object)
    """error; what was put is dropped"""
    state_changed = Signal()

    def __init__(self, owner: QObject, tasks: Tasks, plan: Plan, save: Save) -> None:
        super().__init__(owner)
        self._tasks, self._save = tasks, save
        self.plan = plan
        self._waiting: dict[str, Any] = {}
        self._under_way: dict[str, Any] = {}
        self._base: dict[str, Any] = {}
        self.away = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.flush)

    @property
    def busy(self) -> bool:
        return bool(self._waiting or self._under_way)

    def edited(self, field: str) -> bool:
        """Whether this field holds something that is not saved yet."""
        return field in self._waiting or field in self._under_way

    def put(self, field: str, value: Any, *, typed: bool = False) -> None:
        """Save soon; at once unless it is being typed."""
        self._base.setdefault(field, getattr(self.plan, field))
        self._waiting[field] = value
        if not self.away:
            self._timer.start(TYPING_MS if typed else 0)
        self.state_changed.emit()

    def take(self, plan: Plan) -> None:
        """A fresh reading; an older one than is known is ignored."""
        if plan.revision >= self.plan.revision:
            self.plan = plan

    def flush(self) -> None:
        """Save now whatever waits."""
        self._timer.stop()
        if not self._under_way:
            self._set_aside(self.plan)
        if self._under_way or not self._waiting:
            return
        self._under_way, self._waiting = self._waiting, {}
        changes, seen = dict(self._under_way), self.plan.revision
        self._tasks.run(self, lambda: self._save(seen, changes), self._came_back, self._failed)
        self.state_changed.emit()

    def _came_back(self, plan: Plan) -> None:
        for field in self._under_way:
            self._base.pop(field, None)
            if field in self._waiting:  # typing went on: it goes over what has just been saved
                self._base[field] = getattr(plan, field)
        self._under_way, self.away = {}, False
        self.take(plan)
        self.saved.emit(plan)
        self.flush()
        self.state_changed.emit()

    def _failed(self, error: Exception) -> None:
        sent, self._under_way = self._under_way, {}
        if isinstance(error, DatabaseAway | TooBusy):
            self._waiting = {**sent, **self._waiting}
            self.away = True
            self._timer.start(AGAIN_MS)
        elif isinstance(error, Conflict) and isinstance(error.current, Plan):
            self._sort_out({**sent, **self._waiting}, error.current)
        else:
            for field in sent:
                self._base.pop(field, None)
            self.refused.emit(error)
        self.state_changed.emit()

    def _sort_out(self, ours: dict[str, Any], current: Plan) -> None:
        """Fields that only we changed go over the new revision; the others are for somebody to decide."""
        self.plan, self._waiting = current, ours
        self.saved.emit(current)
        self.flush()

    def _set_aside(self, current: Plan) -> None:
        """Take out of the queue what somebody else has changed too, and show both."""
        for field, value in list(self._waiting.items()):
            if getattr(current, field) not in (self._base.get(field), value):
                del self._waiting[field]
                self.differing.emit(field, value, self._base.pop(field, None), current)
