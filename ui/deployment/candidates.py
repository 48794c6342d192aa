"""The list "Who could take this?": every worker, the best first, a reason for each. Enter gives the visit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from coordination.deployment.suggest import Candidate
from ui import wording
from ui.deployment import words
from ui.deployment.two_lines import ROW as CANDIDATE
from ui.deployment.two_lines import RowPainter, Rows, TwoLines, write
from ui.style import icons, theme

__all__ = ["CANDIDATE", "CandidateList", "reason", "spoken"]


def spoken(found: Candidate) -> str:
    """One line that a screen reader can say."""
    if found.start is None:
        return f"{found.worker.name} cannot: {reason(found)}"
    return f"{found.worker.name}, from {wording.clock_time(found.start)}, {reason(found)}"


def reason(found: Candidate) -> str:
    """Why, or why not, in a few words; what to think about first."""
    if found.start is None:
        return "; ".join(words.short(o) for o in found.obstacles)
    thought_of = {o.code: o for o in found.warnings}  # two ways that are too long are told once
    return "; ".join(words.short(o) for o in (*thought_of.values(), *found.reasons))


def _in_full(found: Candidate) -> str:
    return "\n".join(words.full(o) for o in (*found.obstacles, *found.warnings))


class _Painter(RowPainter):
    """Name and start on the first line, the reason on the second."""

    def lines(self, painter: QPainter, row: Candidate, first: QRectF, second: QRectF, chosen: bool) -> None:
        able = row.start is not None
        role = "on-selection" if chosen else "text" if able else "text-quiet"
        quiet = "on-selection" if chosen else "text-quiet"
        if row.start is not None:
            late = any(o.code in ("late", "early") for o in row.warnings)
            clock = "on-selection" if chosen else "tone:amber" if late else "tone:ok"
            write(painter, first, wording.clock_time(row.start), clock, strong=True, right=True)
        write(painter, first.adjusted(0, 0, -theme.px(48), 0), row.worker.name, role, strong=True)
        mark = "prohibit" if not able else "warning" if row.warnings else ""
        if mark:
            side = theme.px(13)
            tone = quiet if chosen or not able else "tone:amber"
            at = QRectF(second.left(), second.center().y() - side / 2, side, side)
            icons.paint(painter, at, mark, theme.colour(tone))
            second.setLeft(second.left() + theme.px(18))
        write(painter, second, reason(row), quiet)


class CandidateList(TwoLines):
    """``taken`` with the candidate; ``looked_at`` with it as the choice moves, with None when the list is left."""

    def __init__(self) -> None:
        super().__init__("Who could take this?", Rows(spoken, _in_full), _Painter())
        self._in_use = False

    def show_candidates(self, rows: Sequence[Candidate]) -> None:
        """Replace the list. While it is in use, whoever was chosen stays chosen, or the best is."""
        before = self.current.worker.id if self.current else None
        self._rows.set_rows(rows)
        if self._in_use and rows:
            self.choose(next((n for n, c in enumerate(rows) if c.worker.id == before), 0))

    def begin(self) -> None:
        """Take the focus, at the best candidate: now, or when they are known."""
        self._in_use = True
        self.setFocus()
        if not self.currentIndex().isValid():
            self.choose(0)
        self.look(self.currentIndex())

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self._in_use = False
        self.looked_at.emit(None)

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self._in_use = True
        self.look(self.currentIndex())
