"""A thin moving line over what is being read, after 300 ms; what was there stays readable."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.style import theme
from ui.tasks import Tasks

AFTER_MS = 300


class Busy(QWidget):
    """``Busy(self.table, desk.tasks, owner=self)`` follows the calls of an owner; or ``start()`` and ``stop()``."""

    def __init__(self, over: QWidget, tasks: Tasks | None = None, owner: QObject | None = None) -> None:
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Working")
        self._over, self._owner = over, owner or over
        self._step = 0
        self._wait = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._wait.timeout.connect(self._appear)
        self._beat = QTimer(self, interval=40)
        self._beat.timeout.connect(self._move)
        self.hide()
        over.installEventFilter(self)
        if tasks is not None:
            tasks.owner_busy.connect(self._counted)

    def start(self) -> None:
        if not self.isVisible() and not self._wait.isActive():
            self._wait.start()

    def stop(self) -> None:
        self._wait.stop()
        self._beat.stop()
        self.hide()

    def _counted(self, owner: QObject, running: int) -> None:
        if owner is self._owner:
            self.start() if running else self.stop()

    def _appear(self) -> None:
        self._place()
        self.show()
        self.raise_()
        self._beat.start()

    def _move(self) -> None:
        self._step = (self._step + 1) % 50
        self.update()

    def _place(self) -> None:
        self.setGeometry(0, 0, self._over.width(), theme.px(3))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        width = self.width() * 0.3
        left = (self.width() + width) * self._step / 50 - width
        painter.fillRect(QRectF(self.rect()), theme.colour("soft:accent"))
        painter.fillRect(QRectF(left, 0, width, self.height()), theme.colour("accent"))
        painter.end()
