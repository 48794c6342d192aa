"""Another text size while windows are open: what was measured at the former size is measured anew.

Sizes and columns are given as ``theme.px(…)`` when a widget is made. Text and style sheet follow by
themselves; these would stay, and cut off what has grown.
"""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QHeaderView, QWidget

HAIRLINE = 2  # pixels: lines are as thin at any size
MOST = 16_777_215  # Qt's word for "no limit"


def resize_all(app: QApplication, by: float) -> None:
    """Every widget there is, ``by`` times as large where its size was said in pixels."""
    for widget in app.allWidgets():
        _limits(widget, by)
        if isinstance(widget, QHeaderView):
            _sections(widget, by)


def _limits(widget: QWidget, by: float) -> None:
    """Heights, and widths that are fixed. A least width stays, and so do margins: at twice the text size a small screen
    has no room to give away."""
    low, high = widget.minimumSize(), widget.maximumSize()
    fixed = low.width() == high.width()
    least = QSize(_times(low.width(), by) if fixed else low.width(), _times(low.height(), by))
    most = QSize(_times(high.width(), by) if fixed else high.width(), _times(high.height(), by))
    if by > 1:  # the further bound first, so that none is ever beyond the other
        widget.setMaximumSize(most)
        widget.setMinimumSize(least)
    else:
        widget.setMinimumSize(least)
        widget.setMaximumSize(most)


def _sections(header: QHeaderView, by: float) -> None:
    header.setMinimumSectionSize(_times(header.minimumSectionSize(), by))
    header.setDefaultSectionSize(_times(header.defaultSectionSize(), by))
    for number in range(header.count()):
        if not header.isSectionHidden(number) and header.sectionResizeMode(number) != QHeaderView.ResizeMode.Stretch:
            header.resizeSection(number, _times(header.sectionSize(number), by))


def _times(pixels: int, by: float) -> int:
    return pixels if pixels <= HAIRLINE or pixels >= MOST else min(round(pixels * by), MOST)
