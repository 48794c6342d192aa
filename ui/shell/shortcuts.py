"""The sheet of keys (``?``): every command that has one, by group."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from ui.commands import Command
from ui.shell.overlay import Overlay
from ui.style import fonts, theme
from ui.widgets.basics import column, icon_button, label, row
from ui.widgets.panels import scrolling


class Keys(QWidget):
    """Keys drawn as caps: ``Ctrl`` ``K``."""

    def __init__(self, keys: str) -> None:
        super().__init__()
        self._caps = ["+"] if keys == "+" else keys.split("+")
        self.setAccessibleName(keys)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _widths(self) -> list[float]:
        metrics = QFontMetricsF(fonts.font("small", strong=True))
        return [max(theme.px(20), metrics.horizontalAdvance(cap) + theme.px(10)) for cap in self._caps]

    def sizeHint(self) -> QSize:
        return QSize(round(sum(self._widths()) + theme.px(4) * (len(self._caps) - 1)) + 1, theme.px(20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(fonts.font("small", strong=True))
        left = 0.5
        for cap, width in zip(self._caps, self._widths(), strict=True):
            box = QRectF(left, 0.5, width - 1, self.height() - 1)
            painter.setPen(QPen(theme.colour("edge"), 1))
            painter.setBrush(theme.colour("ground"))
            painter.drawRoundedRect(box, theme.px(3), theme.px(3))
            painter.setPen(theme.colour("text"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, cap)
            left += width + theme.px(4)
        painter.end()


def by_group(commands: Iterable[Command]) -> dict[str, list[Command]]:
    """Commands that have keys, by group, in the order they were declared."""
    groups: dict[str, list[Command]] = {}
    for command in commands:
        if command.shortcut:
            groups.setdefault(command.group or "Everywhere", []).append(command)
    return groups


class ShortcutSheet(QWidget):
    """What can be done with which keys: those of the page in front, then those of the window."""

    def __init__(self, close: Callable[[], object]) -> None:
        super().__init__()
        self._body = QWidget()
        self._area = scrolling(self._body)
        head = row(label("Keys", size="title", strong=True), None, icon_button("x", "Close  (Esc)", close))
        self.setLayout(column(head, self._area, gap=3, margins=(6, 5, 6, 5)))

    def show_commands(self, commands: Iterable[Command]) -> None:
        self._body = QWidget()
        sides: list[list[QWidget]] = [[], []]
        weights = [0, 0]
        for name, group in by_group(commands).items():
            side = 0 if weights[0] <= weights[1] else 1
            sides[side].append(self._group(name, group))
            weights[side] += len(group) + 2
        left, right = (column(*groups, None, gap=6) for groups in sides)
        both = row(left, right, gap=10, margins=(0, 0, 3, 0))
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        self._body.setLayout(both)
        self._area.setWidget(self._body)

    @staticmethod
    def _group(name: str, commands: list[Command]) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(theme.space(1.5))
        grid.addWidget(label(name, strong=True), 0, 0, 1, 2)
        for line, command in enumerate(commands, start=1):
            grid.addWidget(label(command.title), line, 0)
            grid.addWidget(Keys(command.keys), line, 1, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)
        return made

    def sizeHint(self) -> QSize:
        inner = self._body.sizeHint()
        return QSize(inner.width() + theme.px(80), inner.height() + theme.px(112))


class ShortcutOverlay(Overlay):
    """The sheet over a window."""

    def __init__(self, over: QWidget) -> None:
        self.sheet = ShortcutSheet(lambda: self.close_overlay())
        super().__init__(over, self.sheet, width=860)

    def show_commands(self, commands: Iterable[Command]) -> None:
        """Open with these."""
        self.sheet.show_commands(commands)
        self.open()
