"""Beside the board: why a visit is open. Every worker, the nearest first; Enter applies the smallest change that would
place it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from coordination.deployment.model import Board, Visit
from coordination.deployment.planner.whynot import NearMiss
from ui import wording
from ui.deployment import planning_words as say
from ui.deployment import words
from ui.deployment.planning_list import Line, LineList
from ui.deployment.planning_panel import LEAST_HIGH
from ui.style import theme
from ui.widgets import button, column, label, plane, row


class WhyNotPanel(QWidget):
    """``chosen`` with an Edit and what to call it; ``left``."""

    chosen = Signal(object, str)
    left = Signal()

    def __init__(self, board: Board, visit: Visit, *, may_change: bool) -> None:
        super().__init__()
        self._visit = visit
        self._may_change = may_change
        self.head = label(f"Why is nobody going to {visit.person.listed}?", strong=True, wrap=True)
        self.asked = label("\n".join(_asks(board, visit)), quiet=True, size="small", wrap=True)
        self.count = label("Looking at every worker…", quiet=True, size="small", wrap=True)
        self.list = LineList("Workers, the nearest first")
        self.list.looked_at.connect(self._look)
        self.list.taken.connect(self._taken)
        self.list.left.connect(self.left.emit)
        self.detail = label("", size="small", wrap=True)
        self.do = button("Do that", self._do, kind="main", icon="check", tip="Make this change  (Enter)")
        self.do.setEnabled(False)
        if not may_change:
            self.do.hide()
        leave = button("Leave it", self.left.emit, kind="quiet", tip="Change nothing  (Esc)")
        top = column(self.head, self.asked, self.count, gap=2, margins=(4, 3, 4, 3))
        foot = column(self.detail, row(self.do, leave, None, gap=2), gap=2, margins=(4, 2, 4, 3))
        whole = column(plane(top, "surface", "below"), self.list, plane(foot, "surface", "above"), gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.setMinimumHeight(theme.px(LEAST_HIGH))

    def begin(self) -> None:
        self.list.setFocus()

    def show_found(self, found: Sequence[NearMiss]) -> None:
        """Every worker, as they were found."""
        could = sum(n.remedy is not None and n.remedy.kind == "fits" for n in found)
        would = sum(n.remedy is not None for n in found) - could
        parts = [f"{wording.count(len(found), 'worker')}, the nearest first."]
        parts += [f"{could} could take it as things stand."] if could else []
        parts += [f"With {would}{' more' if could else ''} a small change would do."] if would else []
        parts += [] if could or would else ["No small change would do; another team or another day may."]
        self.count.setText(" ".join(parts))
        self.list.show_lines([_line(near) for near in found])
        self.list.choose(0)

    def _look(self, line: Line | None) -> None:
        self.detail.setText(line.said if line is not None else "")
        near = line.key if line is not None else None
        self.do.setEnabled(isinstance(near, NearMiss) and near.remedy is not None)

    def _taken(self, key: object) -> None:
        if isinstance(key, NearMiss) and key.remedy is not None and self._may_change:
            self.chosen.emit(key.remedy.edit, f"{self._visit.person.listed}, {words.short(key.remedy.said)}")

    def _do(self) -> None:
        line = self.list.current
        if line is not None:
            self._taken(line.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _asks(board: Board, visit: Visit) -> list[str]:
    return [part for part in (f"Should begin {say.open_line(visit)}", say.needs(board, visit)) if part]


def _line(near: NearMiss) -> Line:
    in_the_way = "; ".join(words.short(o) for o in near.in_the_way) or "nothing is in the way"
    said = " ".join(words.full(o) for o in near.in_the_way)
    if near.remedy is None:
        return Line(near.worker.name, in_the_way, "", "prohibit", "", near, said)
    remedy = words.full(near.remedy.said)
    right = words.short(near.remedy.said)
    return Line(near.worker.name, in_the_way, right, "wrench", "ok", near, f"{said} {remedy}".strip())
