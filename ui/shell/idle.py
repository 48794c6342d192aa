"""When nobody has touched the program for some minutes: told a little before, then at the time."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

WARN_SECONDS = 30
_SIGNS_OF_LIFE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


class IdleWatch(QObject):
    """It looks at windows, not at widgets: a filter on every event of the program would cost more than the lock is
    worth. Every window that gets the focus is watched from then on. ``busy``: a call is under way, for which somebody
    may listen for long without a key; then it takes twice as long.

    The system's timers stand still while a computer sleeps; so the first sign of life looks at the clock too.
    """

    soon = Signal()
    """in ``WARN_SECONDS``, unless somebody touches something"""
    idle = Signal()
    stirred = Signal()
    """touched after ``soon``"""

    def __init__(
        self, minutes: float, parent: QObject, busy: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._busy, self._clock = busy, clock
        self._touched = clock()
        self._warned = False
        self._watched: set[QWindow] = set()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._due)
        self._warn = QTimer(self, singleShot=True)
        self._warn.timeout.connect(self._due_soon)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._window_focused)
        self.set_minutes(minutes)

    def set_minutes(self, minutes: float) -> None:
        """Zero never locks: for tests and for what nobody signs in to."""
        self._timer.setInterval(round(minutes * 60_000))
        self._warn.setInterval(max(self._timer.interval() - WARN_SECONDS * 1000, 0))
        self.touch()

    @property
    def minutes(self) -> float:
        return self._timer.interval() / 60_000

    def watch(self, window: QWindow) -> None:
        if window not in self._watched:
            self._watched.add(window)
            window.installEventFilter(self)
            window.destroyed.connect(lambda _gone=None: self._watched.discard(window))

    def touch(self) -> None:
        """Somebody is there."""
        self._touched = self._clock()
        if self._warned:
            self._warned = False
            self.stirred.emit()
        for timer in (self._timer, self._warn):
            if self._timer.interval() > 0:
                timer.start()
            else:
                timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS_OF_LIFE:
            if self._slept_through():
                self.idle.emit()
            self.touch()
        return super().eventFilter(watched, event)

    def _slept_through(self) -> bool:
        limit = self._timer.interval() / 1000 * (2 if self._busy() else 1)
        return self._timer.interval() > 0 and self._clock() - self._touched > limit + WARN_SECONDS

    def _window_focused(self, window: QWindow | None) -> None:
        if window is not None:
            self.watch(window)

    def _due_soon(self) -> None:
        if not self._busy():
            self._warned = True
            self.soon.emit()

    def _due(self) -> None:
        past = self._clock() - self._touched
        if self._busy() and past < 2 * self._timer.interval() / 1000:
            self._timer.start()
            self._warn.start()
        else:
            self._warned = False
            self.idle.emit()
