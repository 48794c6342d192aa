"""The strip of open contacts: one tab each, several lines of them if need be, and a place to begin another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.style import fonts, icons, theme
from ui.widgets.basics import button, column, icon_button
from ui.widgets.chips import FlowBox
from ui.widgets.tips import plain_tip

_WIDEST, _CROWDED, _NARROWEST, _HEIGHT = 236, 174, 132, 32
_FEW = 5


@dataclass(frozen=True, slots=True)
class Tab:
    """One open contact. ``key`` is its draft's; ``age`` how long it has been open, in words."""

    key: str
    name: str
    age: str
    empty: bool = False


class _TabButton(QAbstractButton):
    """A tab. The middle button closes it, as its cross does."""

    closed = Signal(str)

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key
        self.age = ""
        self.of = 1
        self.empty = False
        self._said: tuple[Tab, int, int, bool] | None = None
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.cross = icon_button("x", "Close this contact  (Ctrl+W)", lambda: self.closed.emit(self.key))
        self.cross.setParent(self)
        self.cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def say(self, tab: Tab, number: int, of: int, *, chosen: bool) -> None:
        """Show what is so now."""
        if self._said == (tab, number, of, chosen):
            return
        self._said = tab, number, of, chosen
        self.setText(tab.name)
        self.age, self.of, self.empty = tab.age, of, tab.empty
        self.setChecked(chosen)
        self.cross.setVisible(not tab.empty)
        keys = f"  (Alt+Shift+{number})" if number < 10 else ""
        self.setToolTip(plain_tip(f"{tab.name}, {tab.age or 'begun just now'}{keys}"))
        self.setAccessibleName(f"Contact {number} of {of}: {tab.name}, {tab.age or 'begun just now'}")
        self.updateGeometry()
        self.update()

    @property
    def crowded(self) -> bool:
        """So many that the name needs the room of the mark."""
        return self.of > _FEW

    def sizeHint(self) -> QSize:
        strong, plain = QFontMetricsF(fonts.font(strong=True)), QFontMetricsF(fonts.font("small"))
        wanted = strong.horizontalAdvance(self.text()) + plain.horizontalAdvance(self.age) + theme.px(74)
        widest = theme.px(_CROWDED if self.crowded else _WIDEST)
        return QSize(round(min(max(wanted, theme.px(_NARROWEST)), widest)), theme.px(_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = theme.px(22)
        self.cross.setGeometry(self.width() - side - theme.px(5), (self.height() - side) // 2, side, side)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton and self.rect().contains(event.position().toPoint()):
            self.closed.emit(self.key)
        else:
            super().mouseReleaseEvent(event)

    def nextCheckState(self) -> None:
        """The page decides which is in front."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, on = QRectF(self.rect()), self.isChecked()
        ground = "soft:accent" if on else "hover" if self.underMouse() else "ground"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        radius = theme.px(4)
        painter.drawRoundedRect(box.adjusted(0, 0, 0, radius), radius, radius)
        if on:
            painter.fillRect(QRectF(0, box.bottom() - theme.px(3), box.width(), theme.px(3)), theme.colour("accent"))
        elif not self.underMouse():
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QPointF(box.right(), theme.px(7)), QPointF(box.right(), box.bottom() - theme.px(7)))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), theme.px(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
        self._words(painter, box, on)
        painter.end()

    def _words(self, painter: QPainter, box: QRectF, on: bool) -> None:
        ink, quiet = theme.colour("text"), theme.colour("text-quiet")
        left = theme.px(9 if self.crowded else 29)
        if not self.crowded:
            side = theme.px(15)
            mark = QRectF(theme.px(8), box.center().y() - side / 2, side, side)
            icons.paint(
                painter, mark, "phone" if self.empty else "pencil-simple", theme.colour("accent") if on else quiet
            )
        small = fonts.font("small")
        wide = QFontMetricsF(small).horizontalAdvance(self.age)
        right = box.right() - theme.px(30)
        face = fonts.font(strong=on)
        room = right - wide - (theme.px(8) if self.age else 0) - left
        name = QFontMetricsF(face).elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.setFont(face)
        painter.setPen(ink)
        painter.drawText(QRectF(left, 0, room, box.height()), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(small)
        painter.setPen(quiet)
        painter.drawText(QRectF(right - wide, 0, wide + 1, box.height()), Qt.AlignmentFlag.AlignVCenter, self.age)


class OpenStrip(QWidget):
    """``chosen`` and ``closed`` carry the key of a tab; ``wanted``: another contact is to be begun."""

    chosen = Signal(str)
    closed = Signal(str)
    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Open contacts")
        self.tabs: dict[str, _TabButton] = {}
        self.new = button(
            "New", self.wanted.emit, kind="quiet", icon="plus", tip="New contact beside this one  (Ctrl+N)"
        )
        self._flow = FlowBox(self.new, gap=0.5)
        self.setLayout(column(self._flow, margins=(4, 1, 4, 0)))

    def show_tabs(self, tabs: Sequence[Tab], front: str) -> None:
        """Exactly these, in that order; ``front`` is the key of the one that is shown."""
        if [tab.key for tab in tabs] != list(self.tabs):
            self._rebuild([tab.key for tab in tabs])
        for number, tab in enumerate(tabs, start=1):
            self.tabs[tab.key].say(tab, number, len(tabs), chosen=tab.key == front)
        self.new.setEnabled(not any(tab.empty for tab in tabs))

    def _rebuild(self, keys: list[str]) -> None:
        layout = self._flow.layout()
        assert layout is not None
        while layout.count():
            layout.takeAt(0)
        for key in set(self.tabs) - set(keys):
            gone = self.tabs.pop(key)
            gone.hide()
            gone.deleteLater()
        made = {key: self.tabs.get(key) or self._make(key) for key in keys}
        self.tabs = made
        for tab in made.values():
            layout.addWidget(tab)
            tab.show()
        layout.addWidget(self.new)
        previous: QWidget = self
        for part in (*made.values(), self.new):  # Tab goes through them as they stand
            QWidget.setTabOrder(previous, part)
            previous = part
        layout.invalidate()
        self._flow.updateGeometry()

    def _make(self, key: str) -> _TabButton:
        made = _TabButton(key)
        made.clicked.connect(lambda _on=False: self.chosen.emit(key))
        made.closed.connect(self.closed)
        return made
