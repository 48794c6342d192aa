"""What a board shows, as a list: rows and hours as they are filtered there. To copy, sort, print and export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from coordination.deployment.model import Board, Visit, Worker
from ui import wording
from ui.deployment import words
from ui.deployment.frame import BoardFrame
from ui.deployment.layout import Spot
from ui.deployment.messages import STATES, WARNINGS
from ui.page import Page
from ui.style import theme
from ui.widgets import Column, EmptyState, PageHead, StableTableModel, Table, column


@dataclass(frozen=True)
class Line:
    """One place of the board."""

    spot: Spot
    visit: Visit
    worker: Worker | None
    begins: datetime
    until: datetime | None
    warned: str


def seen(view: BoardFrame) -> list[Line]:
    """Everything in the rows and hours that are shown, and what nobody has; of some warnings only those that have them.
    In order of time."""
    laid, board = view.laid, view.board
    if laid is None or board is None:
        return []
    spots = [*laid.lane_of, *laid.placed]
    if view.standing_out is not None:
        spots = [spot for spot in spots if spot in view.standing_out]
    lines = [line_of(view, board, spot) for spot in spots]
    shown = [
        x for x in lines if x.worker is None or (x.until is not None and x.until > laid.start and x.begins < laid.end)
    ]
    return sorted(shown, key=lambda x: (x.begins, x.worker.name if x.worker else "", x.visit.person.listed))


def line_of(view: BoardFrame, board: Board, spot: Spot) -> Line:
    """One place."""
    visit = board.visit_by_id[spot.visit]
    held = visit.at_slot(spot.slot)
    warned = ", ".join(dict.fromkeys(WARNINGS[w.kind][0] for w in view.warnings_at(spot)))
    worker = board.worker_by_id.get(held.worker_id) if held is not None else None
    begins = held.window.start if held is not None else visit.arrive.start
    return Line(spot, visit, worker, begins, held.window.end if held is not None else None, warned)


def lines_of(view: BoardFrame, spots: Sequence[Spot]) -> list[str]:
    """``09:00–09:45  Amina  PANKHURST, Emmeline (Mrs)  Wash and dress``, a line each."""
    board = view.board
    if board is None:
        return []
    made = [line_of(view, board, spot) for spot in spots]
    return ["\t".join([_when(x), x.worker.name if x.worker else "Not placed", x.visit.person.listed, x.visit.need])
            for x in made]  # fmt: skip


def _when(line: Line) -> str:
    if line.until is None:
        return f"{words.span(line.visit.arrive)}, {line.visit.minutes} min"
    return f"{wording.clock_time(line.begins)}–{wording.clock_time(line.until)}"


def _time(line: Line) -> str:
    return _when(line) if line.until is not None else f"{line.visit.minutes} min"


def _state(line: Line) -> str:
    return "Not placed" if line.worker is None else STATES[line.visit.state].capitalize()


COLUMNS = (
    Column("when", "Time", _time, sort=lambda x: x.begins, width=110),
    Column("worker", "Worker", lambda x: x.worker.name if x.worker else "", width=160),
    Column("person", "Person", lambda x: x.visit.person.listed, width=220),
    Column("need", "Need", lambda x: x.visit.need, width=240),
    Column("window", "Should begin", lambda x: words.span(x.visit.arrive), width=110, quiet=True),
    Column("state", "State", _state, width=110),
    Column("warned", "Warnings", lambda x: x.warned, width=150),
)


class BoardList(QWidget):
    """A window of its own over the page. Enter goes to the visit on the board; Esc closes."""

    def __init__(self, page: Page, view: BoardFrame, said: list[str]) -> None:
        super().__init__(page, Qt.WindowType.Dialog)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"{page.title}, as a list")
        self.model: StableTableModel[Line] = StableTableModel(COLUMNS, key=lambda line: line.spot)
        self.table = Table(
            self.model, settings=page.desk.settings, name="board list", title=f"{page.title}: {'; '.join(said)}",
            empty=EmptyState("Nothing is seen", "The hours or rows shown on the board leave everything out."),
        )  # fmt: skip
        self.table.about = lambda: said
        self.table.opened.connect(lambda line: self._go(view, line))
        self.model.set_rows(seen(view))
        count = words.visits(len({line.visit.id for line in self.model.rows}))
        head = PageHead("As a list", f"{'; '.join(said)}: {count}", self.table.menu_button())
        layout = column(head, self.table, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.resize(theme.px(1120), theme.px(640))

    def _go(self, view: BoardFrame, line: Line) -> None:
        self.close()
        view.choose(line.spot)
        view.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
