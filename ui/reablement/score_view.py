"""Scores of the start beside those of the end, question by question."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from coordination.reablement.model import ItemChange, ScoreChange
from ui.reablement import words
from ui.style import theme
from ui.widgets.basics import label
from ui.widgets.panels import Section
from ui.widgets.tips import plain_tip

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


def score_section(score: ScoreChange) -> Section:
    """One instrument: its totals in the heading, its questions below."""
    return Section(title(score), content=_grid(score))


def title(score: ScoreChange) -> str:
    """``Barthel index  12 → 16 of 20, +4: a real change``."""
    of = f" of {score.out_of}" if score.out_of else ""
    said = f"{score.title}  {words.number(score.start)} → {words.number(score.end)}{of}"
    if score.by is None:
        return said
    said += f", {words.signed(score.by)}"
    if score.genuine is None:
        return said
    return said + (": a real change" if score.genuine else ": within what chance does")


def _grid(score: ScoreChange) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.space(3))
    grid.setVerticalSpacing(theme.space(1))
    grid.setColumnStretch(0, 1)
    for place, head in enumerate(("", "Start", "End", "Change")):
        grid.addWidget(label(head, quiet=True, size="small"), 0, place, _RIGHT if place else _LEFT)
    for line, item in enumerate(score.items, start=1):
        for place, cell in enumerate(_cells(item)):
            grid.addWidget(cell, line, place, *([_RIGHT] if place else []))
    return made


def _cells(item: ItemChange) -> tuple[QLabel, QLabel, QLabel, QLabel]:
    name = label(item.words, wrap=True)
    start, end = label(words.number(item.start_points)), label(words.number(item.end_points))
    start.setToolTip(plain_tip(item.start))
    end.setToolTip(plain_tip(item.end))
    by = item.by or 0
    # No tone: of some instruments more is better, of others less.
    change = label(words.signed(item.by), strong=bool(by), quiet=not by)
    for each in (start, end, change):
        each.setMinimumWidth(theme.px(40))
        each.setAlignment(_RIGHT)
    said = f"{item.words}: {item.start or 'not scored'} at the start, {item.end or 'not scored'} at the end"
    name.setAccessibleName(said)
    return name, start, end, change
