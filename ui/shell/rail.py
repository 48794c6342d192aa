"""The rail on the left: the places, with Alt and a number; what falls due soon shows as a number on its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from ui.page import PageSpec
from ui.style import fonts, icons, theme, tokens
from ui.widgets.basics import column, label
from ui.widgets.panels import scrolling
from ui.widgets.tips import plain_tip

NARROW = 64


class RailButton(QAbstractButton):
    """One place: icon and word, a bar when it is in front, a number when something is due there."""

    def __init__(self, spec: PageSpec, keys: str) -> None:
        super().__init__()
        self.spec, self.narrow, self.due = spec, False, 0
        self.setText(spec.title)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(plain_tip(f"{spec.title}  ({keys})" if keys else spec.title))
        self.setAccessibleName(spec.title)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_due(self, due: int, words: str = "due soon") -> None:
        if due != self.due:
            self.due = due
            self.setAccessibleName(f"{self.spec.title}, {due} {words}" if due else self.spec.title)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(NARROW if self.narrow else tokens.measure("rail")), theme.px(38))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self.isChecked():
            painter.fillRect(box, theme.colour("rail-chosen"))
            painter.fillRect(QRectF(0, 0, theme.px(4), box.height()), theme.colour("rail-text"))
        elif self.underMouse():
            painter.fillRect(box, theme.colour("rail-hover"))
        ink = theme.colour("rail-text" if self.isChecked() or self.underMouse() else "rail-quiet")
        side = theme.px(20)
        left = (box.width() - side) / 2 if self.narrow else theme.px(20)
        name = (
            f"{self.spec.icon}-fill" if self.isChecked() and icons.exists(f"{self.spec.icon}-fill") else self.spec.icon
        )
        icons.paint(painter, QRectF(left, (box.height() - side) / 2, side, side), name, ink)
        if not self.narrow:
            painter.setFont(fonts.font(strong=self.isChecked()))
            painter.setPen(ink)
            painter.drawText(box.adjusted(theme.px(52), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.due:
            self._paint_due(painter, box)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("rail-text"), theme.px(2)))
            painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), theme.px(4), theme.px(4))
        painter.end()

    def _paint_due(self, painter: QPainter, box: QRectF) -> None:
        words, face = str(self.due), fonts.font("small", strong=True)
        width = max(theme.px(20), QFontMetricsF(face).horizontalAdvance(words) + theme.px(10))
        top = theme.px(2) if self.narrow else (box.height() - theme.px(20)) / 2
        place = QRectF(box.right() - width - theme.px(4 if self.narrow else 12), top, width, theme.px(20))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("fill:amber"))
        painter.drawRoundedRect(place, theme.px(10), theme.px(10))
        painter.setFont(face)
        painter.setPen(theme.colour("on-fill:amber"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)


class Rail(QFrame):
    """The places in order. Up and Down move among them; narrow shows icons only."""

    chosen = Signal(str)

    def __init__(self, specs: Sequence[PageSpec], keys_of: Callable[[int], str]) -> None:
        super().__init__()
        self.setProperty("part", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Places")
        inner = QWidget()
        inner.setProperty("plane", "rail")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, theme.space(2), 0, theme.space(2))
        self._column.setSpacing(theme.px(2))
        self.buttons: dict[str, RailButton] = {}
        self._heads: list[QWidget] = []
        group = ""
        for number, spec in enumerate(specs):
            if spec.group != group:
                group = spec.group
                self._add_head(group, first=number == 0)
            button = RailButton(spec, keys_of(number))
            button.clicked.connect(lambda _on=False, name=spec.id: self.chosen.emit(name))
            self.buttons[spec.id] = button
            self._column.addWidget(button)
        self._column.addStretch(1)
        # with large text on a small screen the rail is longer than the window: it scrolls with the focus or the wheel
        self._area = scrolling(inner)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setLayout(column(self._area, gap=0))
        self.set_narrow(False)
        theme.hub().changed.connect(self._refit)

    def _add_head(self, words: str, *, first: bool) -> None:
        head = label(words, size="small")
        head.setProperty("on", "rail-quiet")
        head.setContentsMargins(theme.space(5), theme.space(1 if first else 4), 0, theme.space(1))
        self._heads.append(head)
        self._column.addWidget(head)

    def _refit(self) -> None:
        self.set_narrow(self.narrow)

    def set_narrow(self, narrow: bool) -> None:
        self.narrow = narrow
        self.setFixedWidth(theme.px(NARROW if narrow else tokens.measure("rail")))
        for head in self._heads:
            head.setVisible(not narrow)
        for button in self.buttons.values():
            button.narrow = narrow
            button.updateGeometry()

    def show_page(self, page: str) -> None:
        """Mark the place that is in front; a page that is no place marks none."""
        for button in self.buttons.values():
            button.setAutoExclusive(False)
            button.setChecked(button.spec.id == page)
            button.setAutoExclusive(True)
            button.update()
        if page in self.buttons:
            self._area.ensureWidgetVisible(self.buttons[page])

    def set_due(self, due: Mapping[str, int], open_: Mapping[str, tuple[int, str]] | None = None) -> None:
        """What is due soon by place; ``open_``: what stands open there, with the word for it."""
        for name, button in self.buttons.items():
            count, words = (open_ or {}).get(name, (0, ""))
            if count:
                button.set_due(count, words)
            else:
                button.set_due(due.get(name, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        focused = [n for n, button in enumerate(self.buttons.values()) if button.hasFocus()]
        if step is None or not focused:
            super().keyPressEvent(event)
            return
        everyone = list(self.buttons.values())
        other = everyone[(focused[0] + step) % len(everyone)]
        other.setFocus(Qt.FocusReason.TabFocusReason)
        self._area.ensureWidgetVisible(other)
