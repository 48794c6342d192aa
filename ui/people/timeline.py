"""One timeline: what happened around a person, newest first, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from coordination.clock import local_date
from coordination.people.model import TimelineItem
from ui import wording
from ui.people import words
from ui.style import icons, theme
from ui.widgets.basics import column, label, row
from ui.widgets.chips import FilterChips

KINDS = [
    ("contact", "Contacts"),
    ("made", "Contacts they made"),
    ("advice", "Advice"),
    ("referral", "Referrals"),
    ("visit", "Visits"),
    ("assessment", "Assessments"),
    ("plan", "Plan"),
    ("stay", "Apartment"),
]
_LONGEST = 220


class _Mark(QWidget):
    """The icon of an item on the line that joins them."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setFixedWidth(theme.px(24))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(24), theme.px(24))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        middle, size = self.width() / 2, theme.px(16)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(int(middle), theme.px(24), int(middle), self.height())
        icons.paint(painter, QRectF(middle - size / 2, theme.px(3), size, size), self._icon, theme.colour("text-quiet"))
        painter.end()


class Timeline(QWidget):
    """Chips narrow it to kinds of things.."""

    def __init__(self, items: Sequence[TimelineItem], now: datetime, on: frozenset[str]) -> None:
        super().__init__()
        self._items, self._now = items, now
        there = {item.what for item in items}
        self.chips = FilterChips([kind for kind in KINDS if kind[0] in there], "Show")
        self.chips.set_value(on & there)
        self._body = QWidget()
        self._layout = column(self.chips, self._body, None, gap=3)
        self.setLayout(self._layout)
        self.chips.changed.connect(lambda _on: self._draw())
        self._draw()

    @property
    def on(self) -> frozenset[str]:
        return frozenset(map(str, self.chips.value))

    def _draw(self) -> None:
        body = QWidget()
        parts: list[QWidget] = []
        day = None
        wanted = self.on
        for item in self._items:
            if wanted and item.what not in wanted:
                continue
            if local_date(item.at) != day:
                day = local_date(item.at)
                parts.append(label(self._day(item.at), quiet=True, strong=True, size="small"))
            parts.append(self._item(item))
        if not parts:
            parts.append(label("Nothing has happened yet.", quiet=True))
        body.setLayout(column(*parts, gap=1))
        self._layout.replaceWidget(self._body, body)
        self._body.hide()
        self._body.deleteLater()
        self._body = body

    def _day(self, at: datetime) -> str:
        apart = (local_date(at) - local_date(self._now)).days
        return {0: "Today", -1: "Yesterday"}.get(apart, wording.weekday(local_date(at)))

    @staticmethod
    def _item(item: TimelineItem) -> QWidget:
        made = QWidget()
        head = f"{wording.clock_time(item.at)}  {words.happened(item)}"
        lines: list[QWidget] = [label(head, strong=True, wrap=True)]
        said = item.words if len(item.words) <= _LONGEST else item.words[: _LONGEST - 1] + "…"
        if said:
            lines.append(label(said, wrap=True, selectable=True))
        if item.who:
            lines.append(label(item.who, quiet=True, size="small"))
        text = column(*lines, gap=0, margins=(0, 0.5, 0, 1.5))
        line = row(_Mark(words.ICONS.get(item.what, "circle")), text, gap=2)
        line.setStretch(1, 1)
        made.setLayout(line)
        return made
