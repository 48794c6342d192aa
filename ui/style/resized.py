"""Another text size while windows are open: what was measured at the former size is measured anew.

Sizes and columns are given as ``theme.px(…)`` when a widget is made. Text and style sheet follow by
themselves; these would stay, and cut off what has grown.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import QApplication, QHeaderView, QLayout, QWidget

HAIRLINE = 2  # pixels: lines are as thin at any size
MOST = 16_777_215  # Qt's word for "no limit"
_BUILT = "built_at"  # a property: the text size at which a room was said, what it was, and what was made of it


def resize_all(app: QApplication, before: float, after: float) -> None:
    """Every widget there is, from one text size to another, where its size was said in pixels."""
    by = after / before
    for widget in app.allWidgets():
        _limits(widget, by, before, after)
        if isinstance(widget, QHeaderView):
            _sections(widget, by)
        layout = widget.layout()
        if layout is not None:
            _margins(layout, before, after)


def _limits(widget: QWidget, by: float, before: float, after: float) -> None:
    """Heights, and widths that are fixed. Of a least width, see :func:`_room`."""
    low, high = widget.minimumSize(), widget.maximumSize()
    fixed = low.width() == high.width()
    wide = _times(low.width(), by) if fixed else _room(widget, [low.width()], before, after)[0]
    least = QSize(wide, _times(low.height(), by))
    most = QSize(_times(high.width(), by) if fixed else high.width(), _times(high.height(), by))
    if by > 1:  # the further bound first, so that none is ever beyond the other
        widget.setMaximumSize(most)
        widget.setMinimumSize(least)
    else:
        widget.setMinimumSize(least)
        widget.setMaximumSize(most)


def _margins(layout: QLayout, before: float, after: float) -> None:
    """Of a layout and those within it."""
    margins = layout.contentsMargins()
    sides = [margins.left(), margins.top(), margins.right(), margins.bottom(), layout.spacing()]
    *now, gap = _room(layout, sides, before, after)
    if now != sides[:4]:
        layout.setContentsMargins(*now)
    if gap != sides[4]:
        layout.setSpacing(gap)
    for number in range(layout.count()):
        inner = layout.itemAt(number).layout()
        if inner is not None:
            _margins(inner, before, after)


def _room(thing: QObject, now: Sequence[int], before: float, after: float) -> list[int]:
    """Least widths and margins become smaller than they were built, never larger: at twice the text size a small screen
    has no room to give away. ``now`` is what stands; what has changed since the last time was said at ``before``."""
    if max(now) <= HAIRLINE:
        return list(now)
    kept = thing.property(_BUILT)
    scale, built = kept[:2] if kept and list(kept[2]) == list(now) else (before, list(now))
    made = [_times(pixels, min(1.0, after / scale)) for pixels in built]
    thing.setProperty(_BUILT, [scale, list(built), made])
    return made


def _sections(header: QHeaderView, by: float) -> None:
    header.setMinimumSectionSize(_times(header.minimumSectionSize(), by))
    header.setDefaultSectionSize(_times(header.defaultSectionSize(), by))
    for number in range(header.count()):
        if not header.isSectionHidden(number) and header.sectionResizeMode(number) != QHeaderView.ResizeMode.Stretch:
            header.resizeSection(number, _times(header.sectionSize(number), by))


def _times(pixels: int, by: float) -> int:
    return pixels if pixels <= HAIRLINE or pixels >= MOST else min(round(pixels * by), MOST)
