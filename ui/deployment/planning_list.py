"""A list of two lines a row, for what a plan changes and why a visit is not placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy

from ui.deployment.two_lines import HIGH, RowPainter, Rows, TwoLines, write
from ui.style import icons, theme


@dataclass(frozen=True)
class Line:
    """``title`` and, at its right, ``right``; ``below`` in quiet words; a ``mark`` where one is needed. ``key`` is what
    it is about, ``said`` everything in full, for the tip and a screen reader."""

    title: str
    below: str
    right: str = ""
    mark: str = ""
    tone: str = ""
    key: object = None
    said: str = ""

    @property
    def spoken(self) -> str:
        return ", ".join(part for part in (self.title, self.right, self.said or self.below) if part)


class _Painter(RowPainter):
    def lines(self, painter: QPainter, row: Line, first: QRectF, second: QRectF, chosen: bool) -> None:
        quiet = "on-selection" if chosen else "text-quiet"
        if row.mark:
            side = theme.px(14)
            tone = "on-selection" if chosen else f"tone:{row.tone}" if row.tone else quiet
            at = QRectF(first.left(), first.center().y() - side / 2, side, side)
            icons.paint(painter, at, row.mark, theme.colour(tone))
            first.setLeft(first.left() + theme.px(20))
        width = write(painter, first, row.right, quiet, right=True)
        role = "on-selection" if chosen else "text"
        write(painter, first.adjusted(0, 0, -width - theme.space(2), 0), row.title, role, strong=True)
        write(painter, second, row.below, quiet)


class LineList(TwoLines):
    """``taken`` with the key of a line; ``looked_at`` with the line as the choice moves."""

    def __init__(self, name: str) -> None:
        super().__init__(name, Rows(lambda line: line.spoken, lambda line: line.said or line.below), _Painter())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # what is around it stays in sight
        self.setMinimumHeight(theme.px(2 * HIGH))

    @property
    def lines(self) -> list[Line]:
        return self._rows.rows

    def show_lines(self, lines: Sequence[Line]) -> None:
        self._rows.set_rows(lines)

    def take(self, row: Line) -> None:
        self.taken.emit(row.key)
