"""Marks: what is seen to, what is not, and what is not needed, told by shape as well as by colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from ui.style import fonts, icons, theme

MarkState = Literal["done", "to_do", "not_needed"]
SIDE, GAP = 20, 1
_INKS: dict[MarkState, str] = {"done": "on-fill:ok", "to_do": "tone:amber", "not_needed": "text-quiet"}


@dataclass(frozen=True, slots=True)
class Mark:
    """``icon`` says what it is about, ``state`` how it stands: done is a full square, to do an empty ring, not needed
    is struck out. ``words`` is the same said under the pointer and to a screen reader."""

    icon: str
    state: MarkState
    words: str


def marks_width(many: int) -> int:
    """Pixels at 100 % that a column needs for so many marks."""
    return many * (SIDE + GAP) + 16


def mark_at(marks: Sequence[Mark], left: float, x: float) -> int:
    """Which mark lies at ``x``, where the first begins at ``left``; -1: none."""
    number = int((x - left) // theme.px(SIDE + GAP))
    return number if x >= left and number < len(marks) else -1


def paint_marks(painter: QPainter, box: QRectF, marks: Sequence[Mark], chosen: int) -> None:
    """From the left of ``box``; around the one that is ``chosen`` a line."""
    side, step = theme.px(SIDE), theme.px(SIDE + GAP)
    top = round(box.center().y() - side / 2)
    ratio = painter.device().devicePixelRatio()
    for number, mark in enumerate(marks):
        at = QPointF(box.left() + number * step, top)
        if at.x() + side > box.right() + theme.px(8):
            return  # a narrow column shows whole marks
        painter.drawPixmap(at, _picture(mark.icon, mark.state, theme.mode(), fonts.scale(), ratio))
        if number == chosen:
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(at.x(), at.y() - 2, side, side + 4))


@lru_cache(256)
def _picture(icon: str, state: MarkState, _mode: str, _scale: float, ratio: float) -> QPixmap:
    """Drawn once for all rows that have the like."""
    side = theme.px(SIDE)
    made = QPixmap(ceil(side * ratio), ceil(side * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = theme.colour(_INKS[state])
    frame = QRectF(1, 1, side - 2, side - 2)
    if state == "done":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("fill:ok"))
        painter.drawRoundedRect(frame, theme.px(3), theme.px(3))
    elif state == "to_do":
        painter.setPen(QPen(ink, max(1.5, theme.px(1.5))))
        painter.setBrush(theme.colour("surface"))
        painter.drawEllipse(frame.adjusted(0.5, 0.5, -0.5, -0.5))
    inner = theme.px(12 if state != "to_do" else 11)
    icons.paint(painter, QRectF((side - inner) / 2, (side - inner) / 2, inner, inner), icon, ink)
    if state == "not_needed":
        painter.setPen(QPen(ink, max(1.5, theme.px(1.5))))
        painter.drawLine(frame.bottomLeft() + QPointF(1, -1), frame.topRight() + QPointF(-1, 1))
    painter.end()
    return made
