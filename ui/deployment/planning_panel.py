"""Beside the board: a plan while it is made, and what it would change, to apply or to leave."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from coordination.deployment.planner.figures import Figures
from coordination.deployment.planner.proposal import Change, Proposal, Sofar
from coordination.errors import Obstacle
from ui.deployment import planning_words as say
from ui.deployment import words
from ui.deployment.planning_list import Line, LineList
from ui.deployment.proposed import mark_of
from ui.style import theme
from ui.widgets import button, column, label, plane, row, set_tone

LEAST_HIGH = 360  # of a panel: the list in it gives way, the buttons stay in sight


class Told(QObject):
    """Carries what the planner says from its thread to this one."""

    better = Signal(object)


class ProgressPanel(QWidget):
    """The best plan so far. ``stopped`` keeps it, ``dropped`` forgets it."""

    stopped = Signal()
    dropped = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.told = Told()
        self.told.better.connect(self.show_sofar)
        self._better = 0
        self.state = label("The first plan comes in a moment.", quiet=True, wrap=True)
        self.table = QGridLayout()
        self.table.setHorizontalSpacing(theme.space(3))
        self.table.setColumnStretch(0, 1)
        self._cells: dict[tuple[int, int], QLabel] = {}
        self.stop = button("Stop and look", self._stop, kind="main", icon="stop", tip="Keep the best so far  (Enter)")
        self.cancel = button("Cancel", self.dropped.emit, kind="quiet", tip="Forget it  (Esc)")
        asks = row(self.stop, self.cancel, None)
        self.setLayout(
            column(label(title, strong=True, wrap=True), self.state, self.table, asks, None, gap=3, margins=4)
        )

    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self.state.setText("Stopping; the best plan so far is kept.")
        self.stopped.emit()

    def show_sofar(self, found: Sofar) -> None:
        """Called for each better plan: the first one's figures stay beside the best."""
        self._better += 1
        if self.stop.isEnabled():
            self.state.setText(f"Better plans so far: {self._better}. You can stop at any time and keep the best.")
        first = self._better == 1
        if first:
            self._cell(0, 1, "First").setProperty("quiet", True)
            self._cell(0, 2, "Best")
        for down, (name, value) in enumerate(say.sofar(found), 1):
            if first:
                self._cell(down, 0, name)
                self._cell(down, 1, value)
            self._cell(down, 2, value)

    def _cell(self, down: int, across: int, says: str) -> QLabel:
        """Made once: what is written anew many times a second must not flicker."""
        if (down, across) not in self._cells:
            made = _number("") if across else label("", quiet=True, size="small")
            self._cells[down, across] = made
            self.table.addWidget(made, down, across)
        self._cells[down, across].setText(says)
        return self._cells[down, across]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dropped.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.stop.isEnabled():
            self._stop()
        else:
            super().keyPressEvent(event)


class FiguresTable(QWidget):
    """Terms down; the boards that are compared across. What is better is green, what is worse amber, unless more
    visits are placed, which has its price; arrows say it too."""

    def __init__(self, heads: Sequence[str], boards: Sequence[Figures]) -> None:
        super().__init__()
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.space(3))
        grid.setVerticalSpacing(theme.px(2))
        grid.setColumnStretch(0, 1)
        for across, head in enumerate(heads, 1):
            grid.addWidget(_number(head, quiet=True), 0, across)
        tables = [say.figure_rows(found) for found in boards]
        down = 1
        for rows in zip(*tables, strict=True):
            if len({value for _, value, _ in rows}) == 1 and rows[0][0] != "Open places":
                continue  # what is alike everywhere says nothing
            grid.addWidget(label(rows[0][0], quiet=True, size="small"), down, 0)
            for across, (_, value, amount) in enumerate(rows, 1):
                cell = _number(value)
                before = rows[across - 2][2] if across > 1 else amount
                if amount != before:
                    rises = (amount > before) != (rows[0][0] == say.KNOWN)
                    cell.setText(f"{'↑' if rises else '↓'} {value}")
                    more_placed = boards[across - 1].weighted < boards[across - 2].weighted
                    set_tone(cell, "ok" if amount < before else "" if more_placed else "amber")
                grid.addWidget(cell, down, across)
            down += 1

    def put_first(self, widget: QWidget) -> None:
        """In the corner, beside the heads."""
        self._grid.addWidget(widget, 0, 0)


def _number(says: str, *, quiet: bool = False) -> QLabel:
    made = label(says, quiet=quiet, size="small")
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made


class ProposalPanel(QWidget):
    """What a plan would change. ``applied`` and ``left`` say what somebody decided; ``looked_at`` a Change or None;
    ``asked`` with an open visit, to be told why; ``picked`` with a Change, to see it where it stands; ``whole`` to see
    the whole board so."""

    applied = Signal()
    left = Signal()
    looked_at = Signal(object)
    asked = Signal(object)
    picked = Signal(object)
    whole = Signal()

    def __init__(self, proposal: Proposal, title: str = "", warned: str = "") -> None:
        super().__init__()
        self.proposal, self.title, self.said_before = proposal, title, warned
        says = say.summary(proposal) if not title else say.repaired(proposal)
        self.summary = label(title or says, strong=True, wrap=True)
        self.said = label(says if title else "", wrap=True)
        if not title:
            self.said.hide()
        self.warned = label(warned, tone="amber", wrap=True)
        if not warned:
            self.warned.hide()
        self.list = LineList("What the plan changes")
        self.list.show_lines(lines(proposal))
        self.list.looked_at.connect(self._look)
        self.list.taken.connect(self._taken)
        self.list.left.connect(self.left.emit)
        self.detail = label("", quiet=True, size="small", wrap=True)
        has = bool(proposal.changes) or proposal.happened is not None
        self.apply = button("Apply", self.applied.emit, kind="main", icon="check", tip="Apply all of it  (Ctrl+Enter)")
        if not has:
            self.apply.hide()
        leave = button("Leave it" if has else "Close", self.left.emit, kind="quiet", tip="Change nothing  (Esc)")
        heads = ("Now", "Then") if proposal.happened is None else ("Left alone", "Repaired")
        table = FiguresTable(heads, (proposal.before, proposal.after))
        seed = label(f"Plan {proposal.seed}", quiet=True, size="small")
        seed.setToolTip("The number that this plan was drawn with: the same number and board give the same plan.")
        table.put_first(seed)
        head = column(self.summary, self.said, self.warned, table, gap=2, margins=(4, 3, 4, 3))
        see = button("Whole board", self.whole.emit, icon="eye", tip="The board as proposed, or as it stands  (B)")
        if not has:
            see.hide()
        foot = column(self.detail, row(self.apply, see, leave, None, gap=2), gap=2, margins=(4, 2, 4, 3))
        whole = column(plane(head, "surface", "below"), self.list, plane(foot, "surface", "above"), gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.setMinimumHeight(theme.px(LEAST_HIGH))

    def begin(self) -> None:
        """Take the focus, at the first line."""
        self.list.setFocus()
        self.list.choose(0)

    def _look(self, line: Line | None) -> None:
        self.detail.setText(line.said if line is not None else "")
        self.looked_at.emit(line.key if line is not None and isinstance(line.key, Change) else None)

    def _taken(self, key: object) -> None:
        if isinstance(key, Change):
            self.picked.emit(key)
        elif key is not None:
            self.asked.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if not self.apply.isHidden() and self.apply.isEnabled():
                self.applied.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def lines(proposal: Proposal) -> list[Line]:
    """What cannot be planned, what stays open, then what changes: visits that somebody had before the others."""
    board, concerned = proposal.planned, say.concerned(proposal)
    whole_day = proposal.happened is None
    found = [
        Line(_about(o), words.short(o),
             mark="warning", tone="amber", said=words.full(o))
        for o in proposal.troubles
    ]  # fmt: skip
    named = {dict(o.facts).get("person") for o in proposal.troubles}
    found += [
        Line(v.person.listed, "stays open: Enter asks why", say.open_line(v), "question", "amber", key=v)
        for v in proposal.unplaced
        if v.person.listed not in named and (whole_day or v.id in concerned)
    ]
    for dropped in proposal.dropped:
        visit = board.visit_by_id[dropped.visit]
        says = "; ".join(words.short(o) for o in dropped.obstacles)
        found.append(Line(visit.person.listed, f"left out: {says}", "", "prohibit", said=says))
    moved_first = sorted(proposal.changes, key=lambda c: (not c.before.allocations, c.before.arrive.start))
    for change in moved_first:
        says = f"{say.way(board, change)}\n{say.reasons(change)}"
        found.append(
            Line(change.before.person.listed, say.reasons(change), say.who(board, change.after), mark_of(change),
                 key=change, said=says)
        )  # fmt: skip
    return found


def _about(trouble: Obstacle) -> str:
    """The person, or the worker, whom it names."""
    facts = dict(trouble.facts)
    return str(facts.get("person") or facts.get("worker", ""))
