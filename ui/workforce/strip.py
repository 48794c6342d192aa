"""Two weeks of one worker, a day a cell: hours, leave, sickness. Painted; in words for a screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from coordination.clock import at_local, local_date
from coordination.deployment.suggest import free_time
from coordination.values import Window
from coordination.workforce.model import Absence, RotaException, WorkShift
from ui import wording
from ui.style import fonts, theme
from ui.widgets.tips import plain_tip
from ui.workforce.messages import WEEKDAYS

DAYS = 14
_CELL = 52


@dataclass(frozen=True, slots=True)
class Cell:
    """One day. ``away`` is ``leave``, ``sickness`` or empty; ``hours`` what is left beside it."""

    day: date
    hours: tuple[Window, ...]
    away: str
    except_: bool

    @property
    def says(self) -> str:
        hours = ", ".join(f"{wording.clock_time(w.start)}–{wording.clock_time(w.end)}" for w in self.hours)
        away = {"leave": "Leave", "sickness": "Sick"}.get(self.away, "")
        return "; ".join(part for part in (away, hours) if part) or "Not at work"


def cells(
    first: date, shifts: Sequence[WorkShift], absences: Sequence[Absence], exceptions: Sequence[RotaException]
) -> list[Cell]:
    """Fourteen days from ``first``."""
    made = []
    gone = [a.window for a in absences]
    for day in (first + timedelta(days=n) for n in range(DAYS)):
        whole = Window(at_local(day, 0), at_local(day, 24))
        work = [s.window for s in shifts if local_date(s.window.start) == day]
        kinds = {a.kind for a in absences if a.window.overlaps(whole)}
        away = "sickness" if "sickness" in kinds else "leave" if kinds else ""
        odd = any(e.day == day for e in exceptions)
        made.append(Cell(day, tuple(free_time(work, gone)), away, odd))
    return made


class DayStrip(QWidget):
    """Two rows of seven days from today."""

    def __init__(self, shown: Sequence[Cell]) -> None:
        super().__init__()
        self._cells = list(shown)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        lines = [f"{wording.weekday(c.day)}: {c.says}" for c in self._cells]
        self.setAccessibleName("The next two weeks")
        self.setAccessibleDescription(". ".join(lines))
        self.setToolTip(plain_tip("\n".join(lines)))
        theme.hub().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(350), theme.px(_CELL) * 2 + theme.px(4))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(260), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        wide, high = self.width() / 7, theme.px(_CELL)
        for place, cell in enumerate(self._cells):
            line, across = divmod(place, 7)
            box = QRectF(across * wide, line * (high + theme.px(4)), wide - theme.px(3), high)
            self._paint_cell(painter, box, cell, first=place == 0)
        painter.end()

    def _paint_cell(self, painter: QPainter, box: QRectF, cell: Cell, *, first: bool) -> None:
        weekend = cell.day.weekday() >= 5
        painter.fillRect(box, theme.colour("sunken" if weekend else "surface"))
        painter.setPen(theme.colour("edge" if first else "line"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        line = theme.px(16)
        head = QRectF(box.left() + theme.px(5), box.top() + theme.px(2), box.width() - theme.px(8), line)
        painter.setFont(fonts.font("small", strong=first))
        painter.setPen(theme.colour("text-quiet"))
        mark = " *" if cell.except_ else ""
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft, f"{WEEKDAYS[cell.day.weekday()]} {cell.day.day}{mark}")
        body = QRectF(box.left() + 1, head.bottom() + theme.px(2), box.width() - 2, box.bottom() - head.bottom() - 3)
        lines = _lines(cell)
        if cell.hours:
            painter.fillRect(body, theme.colour("soft:accent"))
        if cell.away:
            tone = "amber" if cell.away == "sickness" else "neutral"
            painter.fillRect(body if not cell.hours else body.adjusted(0, 0, 0, -body.height() / 2),
                             theme.colour(f"soft:{tone}"))  # fmt: skip
            if not cell.hours:
                painter.fillRect(body, QBrush(theme.colour("line"), Qt.BrushStyle.BDiagPattern))
        painter.setPen(theme.colour("text"))
        painter.setFont(fonts.font("small"))
        for number, says in enumerate(lines[:2]):
            at = QRectF(body.left() + theme.px(4), body.top() + number * line * 0.9, body.width() - theme.px(5), line)
            painter.drawText(at, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, says)


def _lines(cell: Cell) -> list[str]:
    away = {"leave": "Leave", "sickness": "Sick"}.get(cell.away, "")
    return [part for part in (away, *(_short(w) for w in cell.hours)) if part]


def _short(window: Window) -> str:
    """``07–15``, ``07:30–15``."""
    ends = [wording.clock_time(at).removesuffix(":00") for at in (window.start, window.end)]
    return "–".join(ends)
