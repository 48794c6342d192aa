"""How the wall is painted: large, calm, initials only. Read from across the room, so every size follows the height."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from coordination.intake.queue import Wall, WallPlace, WallRow
from ui import wording
from ui.intake import words
from ui.style import fonts, icons, theme

SOON = timedelta(hours=1)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_SHIFTS = ((0, 0), (3, 1), (5, 4), (2, 6), (-2, 4), (-4, 1), (-2, -2), (1, -3))  # nothing burns into the screen
ROWS = 12
"""of a locality: what is further down is a count"""


class WallView(QWidget):
    """``show_wall`` what is due; ``say_line`` whether it still keeps itself true."""

    def __init__(self) -> None:
        super().__init__()
        self.wall: Wall | None = None
        self.now: datetime | None = None
        self.lost_since: datetime | None = None
        self._step = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(theme.px(480), theme.px(280))
        self.setAccessibleName("Wall display")
        theme.hub().changed.connect(self.update)

    def show_wall(self, wall: Wall | None, now: datetime) -> None:
        """What there is, and the server's time now."""
        self.wall, self.now = wall, now
        self.setAccessibleDescription("; ".join(self.sentences()))
        self.update()

    def say_line(self, lost_since: datetime | None) -> None:
        """Since when the line is down; None: it is up."""
        if lost_since != self.lost_since:
            self.lost_since = lost_since
            self.update()

    def shift(self) -> None:
        """A little to the side, every minute."""
        self._step = (self._step + 1) % len(_SHIFTS)
        self.update()

    def sentences(self) -> list[str]:
        """The counts in words."""
        return [
            f"{words.locality(p.locality)}: {p.overdue:,} overdue, {p.due_soon:,} due within the hour, "
            f"{p.unclaimed:,} unclaimed of {p.open:,} open"
            for p in (self.wall.places if self.wall is not None else ())
        ]

    # ---------------------------------------------------------------- painting

    @property
    def _unit(self) -> float:
        """A pixel of a screen 1080 high, and 1920 wide for three columns."""
        columns = len(self.wall.places) if self.wall is not None else 3
        return min(self.height() / 1080, self.width() / (640 * max(columns, 2)))

    def _font(self, size: float, *, strong: bool = False) -> QFont:
        made = QFont(fonts.font(strong=strong))
        made.setPixelSize(max(9, round(size * self._unit)))
        return made

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour("ground"))
        unit = self._unit
        across, down = _SHIFTS[self._step]
        margin = 40 * unit
        inner = QRectF(self.rect()).adjusted(margin, margin * 0.6, -margin, -margin * 0.6)
        inner.translate(across * unit, down * unit)
        top = self._paint_head(painter, QRectF(inner.left(), inner.top(), inner.width(), 72 * unit))
        body = QRectF(inner.left(), top, inner.width(), inner.bottom() - top)
        if self.wall is not None and self.now is not None:
            gap = 44 * unit
            wide = (body.width() - gap * (len(self.wall.places) - 1)) / max(len(self.wall.places), 1)
            for number, place in enumerate(self.wall.places):
                left = body.left() + number * (wide + gap)
                self._paint_place(painter, QRectF(left, body.top(), wide, body.height()), place)
        painter.end()

    def _ink(self, role: str) -> str:
        """Everything is grey when nobody knows whether it is still so."""
        return "text-quiet" if self.lost_since is not None else role

    def _words(
        self, painter: QPainter, box: QRectF, said: str, font: QFont, role: str, side: Qt.AlignmentFlag = _LEFT
    ) -> float:
        """Written on one line, cut with an ellipsis if it must be; how wide it came out."""
        measure = QFontMetricsF(font)
        shown = measure.elidedText(said, Qt.TextElideMode.ElideRight, box.width())
        painter.setFont(font)
        painter.setPen(theme.colour(role))
        painter.drawText(box, side, shown)
        return measure.horizontalAdvance(shown)

    def _paint_head(self, painter: QPainter, box: QRectF) -> float:
        unit = self._unit
        now, wall = self.now, self.wall
        at = wording.clock_time(now) if now is not None else ""
        self._words(painter, box, "What is due", self._font(44, strong=True), self._ink("text"))
        self._words(painter, box, at, self._font(52, strong=True), "text", _RIGHT)
        age = "Reading" if wall is None else f"As at {wording.clock_time(wall.as_of)}"
        clock = QFontMetricsF(self._font(52, strong=True)).horizontalAdvance(at) + 32 * unit
        self._words(painter, box.adjusted(0, 0, -clock, 0), age, self._font(28), "text-quiet", _RIGHT)
        bottom = box.bottom()
        if self.lost_since is not None:
            line = QRectF(box.left(), bottom + 8 * unit, box.width(), 60 * unit)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("soft:amber"))
            painter.drawRoundedRect(line, 6 * unit, 6 * unit)
            side = 34 * unit
            mark = QRectF(line.left() + 16 * unit, line.center().y() - side / 2, side, side)
            icons.paint(painter, mark, "warning-circle", theme.colour("tone:amber"))
            said = f"No connection since {wording.clock_time(self.lost_since)}."
            if wall is not None:
                said += f" This is how it stood at {wording.clock_time(wall.as_of)}."
            self._words(painter, line.adjusted(64 * unit, 0, -16 * unit, 0), said, self._font(32), "tone:amber")
            bottom = line.bottom()
        return bottom + 20 * unit

    def _paint_place(self, painter: QPainter, box: QRectF, place: WallPlace) -> None:
        unit = self._unit
        painter.setPen(QPen(theme.colour("line"), max(1.0, 2 * unit)))
        painter.drawLine(box.topLeft(), box.topRight())
        name = QRectF(box.left(), box.top() + 10 * unit, box.width(), 56 * unit)
        self._words(painter, name, words.locality(place.locality), self._font(40, strong=True), self._ink("text"))
        self._words(painter, name, f"{place.open:,} open", self._font(30), "text-quiet", _RIGHT)
        top = self._paint_figures(painter, QRectF(box.left(), name.bottom() + 4 * unit, box.width(), 138 * unit), place)
        top = self._paint_waits(painter, QRectF(box.left(), top, box.width(), 44 * unit), place)
        high = 58 * unit
        room = max(0, int((box.bottom() - top) / high))
        shown = place.rows[: min(room, ROWS)]
        for number, row in enumerate(shown):
            self._paint_row(painter, QRectF(box.left(), top + number * high, box.width(), high), row)
        if not place.rows:
            line = QRectF(box.left(), top, box.width(), high)
            self._words(painter, line, "Nothing is open here", self._font(30), "text-quiet")

    def _paint_figures(self, painter: QPainter, box: QRectF, place: WallPlace) -> float:
        wide = box.width() / 3
        figures = (
            ("overdue", place.overdue, "tone:red" if place.overdue else "text-quiet"),
            ("within 1 hour", place.due_soon, "tone:amber" if place.due_soon else "text-quiet"),
            ("unclaimed", place.unclaimed, "text" if place.unclaimed else "text-quiet"),
        )
        for number, (said, count, role) in enumerate(figures):
            part = QRectF(box.left() + number * wide, box.top(), wide - 8 * self._unit, box.height())
            figure = QRectF(part.left(), part.top(), part.width(), part.height() * 0.66)
            self._words(painter, figure, f"{count:,}", self._font(84, strong=True), self._ink(role))
            below = QRectF(part.left(), figure.bottom(), part.width(), part.height() * 0.34)
            self._words(painter, below, said, self._font(28), self._ink("text"))
        return box.bottom() + 6 * self._unit

    def _paint_waits(self, painter: QPainter, box: QRectF, place: WallPlace) -> float:
        now = self.now
        assert now is not None
        said = []
        if place.next_due is not None and not self._over(place.next_due):
            said.append(f"Next due {wording.near_time(place.next_due, now)}")
        if place.oldest is not None:
            said.append(f"longest wait {words.short(now - place.oldest)}")
        line = ", ".join(said)
        self._words(painter, box, line[:1].upper() + line[1:], self._font(28), "text-quiet")
        return box.bottom() + 10 * self._unit

    def _over(self, due: datetime) -> bool:
        return self.now is not None and due < self.now

    def _paint_row(self, painter: QPainter, box: QRectF, row: WallRow) -> None:
        unit, now = self._unit, self.now
        assert now is not None
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(box.topLeft(), box.topRight())
        over, soon = row.due_at < now, row.due_at - now <= SOON
        role = self._ink("text-quiet" if row.paused else "tone:red" if over else "tone:amber" if soon else "text")
        mark = "pause-circle" if row.paused else "warning-octagon-fill" if over else "timer" if soon else "clock"
        side = 32 * unit
        icons.paint(
            painter, QRectF(box.left(), box.center().y() - side / 2, side, side), mark, theme.colour(role)
        )  # fmt: skip
        left = box.left() + 44 * unit
        time_left = "Paused" if row.paused else f"{_short(row.due_at - now)} {'over' if over else 'left'}"
        self._words(painter, QRectF(left, box.top(), 216 * unit, box.height()), time_left,
                    self._font(32, strong=(over or soon) and not row.paused), role)  # fmt: skip
        left += 222 * unit
        initials = ".".join(row.initials) + "." if row.initials else "–"
        self._words(painter, QRectF(left, box.top(), 92 * unit, box.height()), initials,
                    self._font(36, strong=True), self._ink("text"))  # fmt: skip
        left += 98 * unit
        held = row.state != "waiting"
        icons.paint(
            painter, QRectF(box.right() - side, box.center().y() - side / 2, side, side),
            "user-fill" if held else "circle-dashed", theme.colour(self._ink("tone:ok" if held else "text-quiet")),
        )  # fmt: skip
        rest = QRectF(left, box.top(), max(0.0, box.right() - side - 12 * unit - left), box.height())
        urgency = words.URGENCIES[row.urgency]
        said = urgency if rest.width() < 420 * unit else f"{urgency} · {row.service_name}"
        self._words(painter, rest, said, self._font(28), self._ink("text"))


def _short(span: timedelta) -> str:
    """As short as can be read from afar: ``8 min``, ``3 h 49``, ``16 h``, ``1 d 9 h``."""
    minutes = int(abs(span).total_seconds() // 60)
    if 60 <= minutes < 240:
        return f"{minutes // 60} h {minutes % 60:02d}"
    return words.short(span)
