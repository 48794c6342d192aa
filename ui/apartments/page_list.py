"""What the calendar shows, as a list: the apartments and days that are in sight. To copy, sort, print and export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QWidget

from coordination.apartments import rules
from coordination.apartments.model import Apartment, ApartmentBoard, Pause, Stay
from coordination.values import DateRange
from ui import wording
from ui.apartments import board_words
from ui.apartments.messages import PURPOSE_WORDS
from ui.governance.whose import people_of
from ui.style import theme
from ui.widgets import Column, EmptyState, PageHead, StableTableModel, Table, column

if TYPE_CHECKING:
    from ui.apartments.page_view import PageView

STATES = {"booked": "Booked", "in_stay": "In the apartment", "ended": "Moved on"}


@dataclass(frozen=True)
class Line:
    """A stay, days that are closed, or days on which an apartment takes nobody in."""

    apartment: Apartment
    start: date
    last: date | None
    stay: Stay | None
    pause: Pause | None
    day: int | None

    @property
    def key(self) -> object:
        return self.stay.id if self.stay is not None else self.pause.id if self.pause is not None else self.apartment.id

    @property
    def what(self) -> str:
        return board_words.name(self.stay) if self.stay is not None else "Not accepting"

    @property
    def state(self) -> str:
        return STATES.get(self.stay.state, "") if self.stay is not None and self.stay.kind == "stay" else ""

    @property
    def note(self) -> str:
        if self.pause is not None:
            return self.pause.reason
        assert self.stay is not None
        note = PURPOSE_WORDS.get(self.stay.purpose, "") or self.stay.reason
        return f"{note}, despite criteria".removeprefix(", ") if self.stay.overridden else note


def seen(board: ApartmentBoard, days: DateRange, today: date) -> list[Line]:
    """Everything that touches the days, by apartment and day."""
    lines: list[Line] = []
    for flat in board.apartments:
        found = [
            Line(flat, s.period.start, s.period.last, s, None,
                 rules.day_of_stay(s, today) if s.state == "in_stay" else None)
            for s in board.of(flat.id) if s.period.overlaps(days)
        ]  # fmt: skip
        found += [
            Line(flat, p.start, p.last, None, p, None)
            for p in board.pauses_of(flat.id) if p.start < days.end and (p.end is None or p.end > days.start)
        ]  # fmt: skip
        lines += sorted(found, key=lambda line: line.start)
    return lines


def in_words(line: Line) -> str:
    """One line of what is copied."""
    last = wording.day(line.last) if line.last is not None else "until further notice"
    parts = [line.apartment.label, wording.day(line.start), last, line.what, line.state, line.note]
    return "\t".join(parts)


def copy_seen(page: PageView) -> None:
    board, days = page.board.board, page.board.days_seen
    if board is None or days is None:
        return
    lines = seen(board, days, page.today)
    QGuiApplication.clipboard().setText("\n".join(in_words(line) for line in lines))
    looks, people = page.desk.services.looks, people_of(line.stay for line in lines if line.stay is not None)
    page.run(lambda: looks.note_people("export", "apartments", board_words.span(days), "clipboard", people))
    page.desk.notices.say(f"{wording.count(len(lines), 'line')} copied.")


COLUMNS = (
    Column[Line]("apartment", "Apartment", lambda x: x.apartment.label, width=210, strong=True),
    Column[Line]("start", "From", lambda x: wording.day(x.start), sort=lambda x: x.start, value=lambda x: x.start,
                 width=104),
    Column[Line]("last", "Last day", lambda x: wording.day(x.last) if x.last else "Until further notice",
                 sort=lambda x: x.last or date.max, value=lambda x: x.last, width=128),
    Column[Line]("days", "Days", lambda x: str((x.last - x.start).days + 1) if x.last else "",
                 sort=lambda x: (x.last - x.start).days if x.last else 0, numeric=True, width=60),
    Column[Line]("what", "Who or what", lambda x: x.what, width=220),
    Column[Line]("state", "State", lambda x: x.state, width=130),
    Column[Line]("day", "Day of stay", lambda x: "" if x.day is None else str(x.day), sort=lambda x: x.day or 0,
                 numeric=True, width=96),
    Column[Line]("note", "Why", lambda x: x.note, width=200, stretch=True),
)  # fmt: skip


class StayList(QWidget):
    """A window of its own over the page. Enter goes to the stay on the board; Esc closes."""

    def __init__(self, page: PageView) -> None:
        super().__init__(page, Qt.WindowType.Dialog)
        self.desk, self._page = page.desk, page
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Apartments, as a list")
        said = page.said()
        self.model: StableTableModel[Line] = StableTableModel(COLUMNS, key=lambda line: line.key)
        self.table = Table(
            self.model, settings=page.desk.settings, name="apartment list", title=f"Apartments: {'; '.join(said)}",
            empty=EmptyState("Nothing is seen", "Stays, closed days and pauses of the days in sight would be here."),
        )  # fmt: skip
        self.table.about = lambda: said
        self.table.opened.connect(self._go)
        board, days = page.board.board, page.board.days_seen
        self.model.set_rows(seen(board, days, page.today) if board is not None and days is not None else [])
        count = wording.count(len(self.model.rows), "line")
        head = PageHead("As a list", f"{'; '.join(said)}: {count}", self.table.menu_button())
        layout = column(head, self.table, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.resize(theme.px(1180), theme.px(640))

    def _go(self, line: Line) -> None:
        page = self._page
        self.close()
        page.board.choose(line.apartment.id, line.start)
        page.board.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
