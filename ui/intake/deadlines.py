"""Every deadline of a referral in one small block: the governing one first, the 24 and the 4 hours side by side."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from coordination.intake.clocks import Clocks, Deadline, governing
from coordination.intake.model import Referral
from coordination.intake.reference import clock_kinds
from ui import wording
from ui.intake import words
from ui.style import theme
from ui.widgets.basics import column, label, row
from ui.widgets.panels import Section


def deadlines_section(referral: Referral, clocks: Clocks, now: datetime) -> QWidget:
    """``Deadlines``, with what they are paused for and what is waited for."""
    return Section("Deadlines", content=DeadlinesBlock(referral, clocks, now))


class DeadlinesBlock(QWidget):
    """Kind, when it is due, time left. What is paused, met or stopped says so in words."""

    def __init__(self, referral: Referral, clocks: Clocks, now: datetime) -> None:
        super().__init__()
        first = governing(clocks.deadlines)
        shown = [each for each in clocks.deadlines if each.runs or each.governs]
        assess = [each for each in shown if _is_assessment(each)]
        rest = [each for each in shown if not _is_assessment(each)]
        parts: list[QWidget] = [label(line, wrap=True, selectable=True) for line in pause_lines(referral, clocks, now)]
        if assess:
            parts.append(self._side_by_side(assess, first, now))
        if rest:
            parts.append(self._lines(rest, first, now))
        self.setLayout(column(*parts, gap=2))

    @staticmethod
    def _side_by_side(assess: list[Deadline], first: Deadline | None, now: datetime) -> QWidget:
        """T1 and T2."""
        holder = QWidget()
        order = list(clock_kinds())
        tiles = []
        for each in sorted(assess, key=lambda one: order.index(one.kind) if one.kind in order else 0):
            tile = QWidget()
            left = label(
                words.deadline_left(each, now), strong=each is first or each.runs,
                tone=words.deadline_tone(each, now), quiet=not each.runs, wrap=True,
            )  # fmt: skip
            due = f"due {words.when(each.due_at, now)}" + (", comes first" if each is first else "")
            tile.setLayout(
                column(
                    label(words.clock_name(each.kind), quiet=True, size="small"),
                    left,
                    label(due, quiet=True, size="small"),
                    gap=0.5,
                )
            )
            tile.setAccessibleName(f"{words.clock_name(each.kind)}, {due}, {words.deadline_left(each, now)}")
            tiles.append(tile)
        line = row(*tiles, gap=4)
        for place in range(len(tiles)):
            line.setStretch(place, 1)
        holder.setLayout(line)
        return holder

    @staticmethod
    def _lines(deadlines: list[Deadline], first: Deadline | None, now: datetime) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.space(3))
        grid.setVerticalSpacing(theme.space(1))
        grid.setColumnStretch(2, 1)
        for line, each in enumerate(deadlines):
            strong = each is first
            name, left = words.clock_name(each.kind), words.deadline_left(each, now)
            due = wording.near_time(each.due_at, now) if each.runs else ""
            cells = (
                label(name, quiet=not strong, strong=strong),
                label(due, quiet=not each.runs),
                label(left, strong=strong, tone=words.deadline_tone(each, now), quiet=not each.runs, wrap=True),
            )
            cells[2].setAccessibleName(f"{name} {due}, {left}")
            for place, cell in enumerate(cells):
                grid.addWidget(cell, line, place, Qt.AlignmentFlag.AlignTop)
        return holder


def pause_lines(referral: Referral, clocks: Clocks, now: datetime) -> list[str]:
    """Since when and why they stand still, and what was asked."""
    lines = []
    pause, request = clocks.pause, clocks.request
    if pause is not None and (request is None or not pause.reason.startswith("information_")):
        since, until = words.when(pause.from_at, now), words.when(pause.until_at, now)
        said = f": “{pause.words}”" if pause.words else ""
        lines.append(
            f"Paused since {since} until {until} because: {words.pause_name(pause.reason).lower()}. "
            f"{pause.by_name}{said}"
        )
    if request is not None:
        whom = {"sender": "the sender", "person": "the person"}.get(request.ask_of, request.named)
        asked, reply = words.when(request.asked_at, now), words.when(request.reply_by, now)
        lines.append(f"{request.asked_by_name} asked {whom} {asked}: “{request.question}”")
        stands = pause is not None and pause.goes_on(now)
        lines.append(
            f"Clocks that may stand still until {reply}." if stands else f"No answer by {reply}: the clocks run."
        )
    if pause is not None and any(each.runs and each.governs and not each.pausable for each in clocks.deadlines):
        lines.append("The two-hour response runs on.")
    if referral.moft_at is not None:
        lines.append(f"Medically optimised since {words.when(referral.moft_at, now)}.")
    return lines


def _is_assessment(each: Deadline) -> bool:
    kind = clock_kinds().get(each.kind)
    return kind is not None and kind.ends == "assessment"
