"""A panel over the window, the rest of it behind a shade. Esc closes it, and the focus goes back to where it was."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from ui.style import theme


class Overlay(QWidget):
    """``Overlay(window, content)``; ``opaque`` hides what is behind (the lock), and then Esc does not close it."""

    closed = Signal()

    def __init__(self, over: QWidget, content: QWidget, *, opaque: bool = False, width: int = 720) -> None:
        super().__init__(over)
        self._over = over
        self._opaque = opaque
        self._before: QWidget | None = None
        self.panel = QFrame(self)
        self.panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        if not opaque:
            self.panel.setProperty("plane", "surface")
            self.panel.setProperty("rule", "float")
        inner = QVBoxLayout(self.panel)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(content)
        self._width = width
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()
        over.installEventFilter(self)
        app = QApplication.instance()
        if opaque and isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def open(self) -> None:
        self._before = QApplication.focusWidget()
        self._place()
        self.show()
        self.raise_()
        self.setFocus()

    def close_overlay(self) -> None:
        if not self.isVisible():
            return
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def _place(self) -> None:
        over = self._over
        self.setGeometry(over.rect())
        if self._opaque:
            self.panel.setGeometry(over.rect())
            return
        width = min(theme.px(self._width), over.width() - theme.px(48))
        inner = self.panel.layout()
        needed = inner.totalHeightForWidth(width) if inner is not None and inner.hasHeightForWidth() else 0
        height = min(max(needed, self.panel.sizeHint().height()), over.height() - theme.px(96))
        self.panel.setGeometry((over.width() - width) // 2, theme.px(64), width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    @Slot(QWidget, QWidget)
    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        """What is behind is hidden, and yet a page whose answer came late could give its fields the cursor: a password
        would be typed into them."""
        inside = new is None or new is self or self.isAncestorOf(new)
        if inside or not self.isVisible() or new is None or new.window() is not self.window():
            return
        back = old if old is not None and self.isAncestorOf(old) else self
        back.setFocus(Qt.FocusReason.OtherFocusReason)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A page behind it whose answer came late gets the cursor when it closes, not before."""
        super().focusOutEvent(event)
        wanted = QApplication.focusWidget()
        behind = wanted is not None and wanted is not self and not self.isAncestorOf(wanted)
        if behind and self.isVisible() and event.reason() == Qt.FocusReason.OtherFocusReason:
            self._before = wanted
            self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self._opaque:
            self.close_overlay()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._opaque and not self.panel.geometry().contains(event.position().toPoint()):
            self.close_overlay()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        shade = theme.colour("ground" if self._opaque else "shade")
        if not self._opaque:
            shade.setAlphaF(0.3 if theme.mode() == "light" else 0.55)
        painter.fillRect(self.rect(), shade)
        painter.end()
