"""An episode as a line of time, and its hours week by week: painted, with the same in words for a screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from coordination.reablement import rules
from coordination.reablement.model import EpisodeDetail, Week
from ui.reablement import words
from ui.style import fonts, icons, theme
from ui.widgets.badge import paint_dot


class EpisodeLine(QWidget):
    """From the first day to the planned end: reviews held and due, today, six weeks, the start of long-term care."""

    def __init__(self, detail: EpisodeDetail, today: date) -> None:
        super().__init__()
        self._detail, self._today = detail, today
        head = detail.episode
        self._first = head.started_on
        marks = [head.planned_end, rules.latest_standard_end(head.started_on), today + timedelta(days=1)]
        if head.ended_on is not None:
            marks = [head.planned_end, rules.latest_standard_end(head.started_on), head.ended_on]
        self._last = max(marks)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.hub().changed.connect(self.update)
        self.setAccessibleName(self._in_words())

    def _in_words(self) -> str:
        head = self._detail.episode
        said = [words.day(head.started_on, head.planned_end, self._today)]
        for review in self._detail.reviews:
            what = "held" if review.is_held else "due"
            said.append(f"review {what} {words.short_day(review.held_on or review.due_on)}")
        return ". ".join(said)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(420), theme.px(98))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(260), theme.px(98))

    def _at(self, day: date) -> float:
        """Where a day begins, from left to right."""
        side = theme.px(8)
        whole = max(1, (self._last - self._first).days)
        share = min(1.0, max(0.0, (day - self._first).days / whole))
        return side + share * (self.width() - 2 * side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = theme.px(46)
        self._written: list[QRectF] = []
        self._bar(painter, middle)
        self._now(painter, middle)
        self._limit(painter, middle)
        self._reviews(painter, middle)
        painter.end()

    def _bar(self, painter: QPainter, middle: float) -> None:
        head, high = self._detail.episode, theme.px(8)
        end = head.ended_on or head.planned_end
        whole = QRectF(self._at(head.started_on), middle - high / 2, self._at(end) - self._at(head.started_on), high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("soft:accent"))
        painter.drawRoundedRect(whole, high / 2, high / 2)
        until = min(end, max(head.started_on, self._today))
        gone = QRectF(whole)
        gone.setRight(self._at(until))
        painter.setBrush(theme.colour("tone:accent"))
        painter.drawRoundedRect(gone, high / 2, high / 2)
        if head.ended_on is None and self._today >= head.planned_end:
            past = QRectF(self._at(head.planned_end), middle - high / 2, 0, high)
            past.setRight(self._at(self._today + timedelta(days=1)))
            painter.setBrush(theme.colour("fill:red"))
            painter.drawRoundedRect(past, high / 2, high / 2)

    def _limit(self, painter: QPainter, middle: float) -> None:
        limit, end = rules.latest_standard_end(self._first), self._detail.episode.planned_end
        apart = abs(self._at(end) - self._at(limit)) > theme.px(4)
        if apart:
            self._mark(painter, end, middle, f"End {words.short_day(end)}", "text", below=True)
        self._mark(painter, limit, middle, "Six weeks", "text-quiet", below=True)
        package = self._detail.package
        if package is not None and package.is_complete and package.starts_on is not None:
            self._mark(painter, package.starts_on, middle, "Care starts", "tone:ok", below=False)

    def _mark(self, painter: QPainter, day: date, middle: float, said: str, ink: str, *, below: bool) -> None:
        at, reach = self._at(day), theme.px(13)
        painter.setPen(QPen(theme.colour(ink), theme.px(1.5)))
        painter.drawLine(QPointF(at, middle - reach), QPointF(at, middle + reach))
        self._say(painter, at, middle + theme.px(14) if below else middle - theme.px(34), said, ink)

    def _say(self, painter: QPainter, at: float, top: float, said: str, ink: str) -> None:
        """Where there is room: beside what is written there already it goes a line further out."""
        face = fonts.font("small")
        wide = QFontMetricsF(face).horizontalAdvance(said) + theme.px(8)
        box = QRectF(min(max(0.0, at - wide / 2), self.width() - wide), top, wide, theme.px(18))
        if any(box.intersects(other) for other in self._written):
            box.translate(0, theme.px(15) if top > theme.px(46) else -theme.px(15))
        self._written.append(box)
        painter.setFont(face)
        painter.setPen(theme.colour(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, said)

    def _reviews(self, painter: QPainter, middle: float) -> None:
        side = theme.px(17)
        for review in self._detail.reviews:
            day = review.held_on or review.due_on
            late = not review.is_held and review.due_on < self._today and self._detail.episode.is_open
            mark = "check-circle-fill" if review.is_held else "warning-circle-fill" if late else "circle"
            ink = "tone:ok" if review.is_held else "tone:red" if late else "text-quiet"
            box = QRectF(self._at(day) - side / 2, middle - side / 2, side, side)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("surface"))
            painter.drawEllipse(box)
            icons.paint(painter, box, mark, theme.colour(ink))

    def _now(self, painter: QPainter, middle: float) -> None:
        if self._detail.episode.ended_on is not None or self._today < self._first:
            return
        at = self._at(self._today) + (self._at(self._today + timedelta(days=1)) - self._at(self._today)) / 2
        painter.setPen(QPen(theme.colour("text"), theme.px(2)))
        painter.drawLine(QPointF(at, middle - theme.px(14)), QPointF(at, middle + theme.px(10)))
        paint_dot(painter, QPointF(at, middle - theme.px(14)), "text")
        number = rules.day_of(self._first, self._today)
        self._say(painter, at, middle - theme.px(34), f"Day {number}", "text")


class HoursChart(QWidget):
    """Hours a week as bars, each with its number; the week that runs is open at the top."""

    def __init__(self, weeks: Sequence[Week], started_on: date, today: date, *, open_: bool) -> None:
        super().__init__()
        self._weeks, self._today, self._open = list(weeks)[-12:], today, open_
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.hub().changed.connect(self.update)
        said = [f"week {w.number}: {words.hours(w.minutes)}" for w in self._weeks]
        self.setAccessibleName("Hours of each week. " + ", ".join(said))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(320), theme.px(112))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(200), theme.px(112))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        most = max((w.minutes for w in self._weeks), default=0)
        if not self._weeks:
            return
        step = min(theme.px(58), self.width() / len(self._weeks))
        top, bottom = theme.px(18), self.height() - theme.px(20)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(QPointF(0, bottom), QPointF(self.width(), bottom))
        for place, week in enumerate(self._weeks):
            high = (bottom - top) * week.minutes / most if most else 0
            box = QRectF(place * step + theme.px(4), bottom - high, step - theme.px(8), high)
            self._bar(painter, box, week)
            self._words(painter, place * step, step, box.top(), bottom, week)
        painter.end()

    def _bar(self, painter: QPainter, box: QRectF, week: Week) -> None:
        running = self._open and self._today < week.start + timedelta(days=7)
        if running:
            painter.setPen(QPen(theme.colour("tone:accent"), theme.px(1), Qt.PenStyle.DashLine))
            painter.setBrush(theme.colour("soft:accent"))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("tone:accent"))
        painter.drawRect(box)

    def _words(self, painter: QPainter, left: float, wide: float, top: float, bottom: float, week: Week) -> None:
        painter.setFont(fonts.font("small"))
        painter.setPen(theme.colour("text"))
        said = f"{week.minutes / 60:.1f}".rstrip("0").rstrip(".")
        painter.drawText(QRectF(left, top - theme.px(18), wide, theme.px(18)), Qt.AlignmentFlag.AlignCenter, said)
        painter.setPen(theme.colour("text-quiet"))
        painter.drawText(QRectF(left, bottom + theme.px(2), wide, theme.px(18)), Qt.AlignmentFlag.AlignCenter,
                         str(week.number))  # fmt: skip
