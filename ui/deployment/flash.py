"""Rows that somebody else has just changed light up and fade, so that a lead sees where, without looking away."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer

from coordination.values import WorkerId

STEP_MS, STEPS = 80, 20


class Flash(QObject):
    """``strengths`` by worker, 1 falling to 0. ``moved`` is called at each step, before what has faded is dropped."""

    def __init__(self, parent: QObject, moved: Callable[[], object]) -> None:
        super().__init__(parent)
        self.strengths: dict[WorkerId, float] = {}
        self._moved = moved
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self._step)

    def begin(self, workers: Iterable[WorkerId]) -> None:
        """Light up."""
        self.strengths.update(dict.fromkeys(workers, 1.0))
        if self.strengths:
            self._moved()
            self._timer.start()

    def _step(self) -> None:
        self.strengths = {w: max(0.0, left - 1 / STEPS) for w, left in self.strengths.items()}
        self._moved()
        self.strengths = {w: left for w, left in self.strengths.items() if left > 0}
        if not self.strengths:
            self._timer.stop()
