"""What one user has looked at: people, and how many a day against what is usual for the role. Signals, no verdicts."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.clock import LONDON
from coordination.governance.looked import Colleague
from coordination.governance.looked_by import DayOf, Looked, UserLooks
from ui import wording
from ui.desk import Desk
from ui.governance import looked_words as words
from ui.style.tokens import State
from ui.widgets.basics import column, label, plane, row
from ui.widgets.empty import EmptyState
from ui.widgets.panels import Section
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

_NOBODY = ("Whose looks?", "Press F and choose a user. The people whose records they opened are listed.")
_QUIET = ("Nobody in this period", "This user opened nobody’s record. Choose a longer period.")
_HINT = State("amber", "question")


class UserTrail(QWidget):
    """``current`` is the person who is chosen."""

    moved = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.found: UserLooks | None = None
        self.model = StableTableModel[Looked](self._columns(), key=lambda x: x.person)
        self._empty = EmptyState(*_NOBODY, icon="eye")
        self.table = Table(
            self.model, settings=desk.settings, name="looked-user", title="At whom a user looked", empty=self._empty
        )
        self.table.about = self.about
        self.who = label("", strong=True)
        self.usual = label("", quiet=True, wrap=True)
        self._of = plane(column(row(self.who, None), self.usual, gap=1, margins=(6, 1.5, 4, 1.5)), "surface", "below")
        self._of.hide()
        layout = column(self._of, self.table, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.table.current_changed.connect(lambda _row: self.moved.emit())
        self.days = Table(
            StableTableModel[DayOf](self._day_columns(), key=lambda d: d.day), settings=desk.settings,
            name="looked-days", title="People a day", inset=2,
            empty=EmptyState("No days", "Days on which the user opened records stand here.", icon="calendar-blank"),
        )  # fmt: skip
        self.beside = Section("People a day", content=self.days)

    @property
    def current(self) -> Looked | None:
        found: Looked | None = self.table.current
        return found

    def show_found(self, found: UserLooks | None) -> None:
        self.found = found
        self._of.setVisible(found is not None)
        self._empty.say(*(_NOBODY if found is None else _QUIET))
        self.model.set_rows(list(found.people) if found is not None else [])
        self.days.model().set_rows(list(found.days) if found is not None else [])  # type: ignore[attr-defined]
        if found is not None:
            user = found.user
            self.who.setText(", ".join(p for p in (user.display_name, wording.role(user.role), user.team) if p))
            self.usual.setText(words.usual(found) + (" Only the latest part was read." if found.more else ""))
        if self.table.current is None and found is not None and found.people:
            self.table.selectRow(0)
        self.moved.emit()

    def about(self) -> list[str]:
        """For its print and its workbook."""
        return [] if self.found is None else [f"At whom {self.who.text()} looked", words.usual(self.found)]

    def _columns(self) -> list[Column[Looked]]:
        return [
            Column("person", "Person", lambda x: x.name or "No longer there", strong=True, width=166),
            Column("hints", "One might ask", words.hints, badge=lambda x: _HINT if x.hints else None, width=188,
                   tip=words.hints),
            Column("why", "Why they could", words.user_why, stretch=True, width=150, tip=words.user_why,
                   badge=lambda x: _HINT if x.unexplained else None),
            Column("days", "Days", lambda x: str(x.days), numeric=True, width=56, sort=lambda x: x.days,
                   value=lambda x: x.days),
            Column("times", "Entries", lambda x: str(x.times), numeric=True, quiet=True, width=70,
                   hidden=True, sort=lambda x: x.times, value=lambda x: x.times),
            Column("last", "Last", lambda x: wording.day(x.last_at.astimezone(LONDON).date()), width=104,
                   sort=lambda x: x.last_at, value=lambda x: x.last_at),
        ]  # fmt: skip

    def _day_columns(self) -> list[Column[DayOf]]:
        def unusual(day: DayOf) -> bool:
            return self.found is not None and self.found.unusual(day)

        return [
            Column("day", "Day", lambda d: wording.weekday(d.day), sort=lambda d: d.day, value=lambda d: d.day,
                   width=118),
            Column("people", "People", lambda d: str(d.people), numeric=True, sort=lambda d: d.people,
                   value=lambda d: d.people, width=58),
            Column("usual", "", lambda d: "Above usual" if unusual(d) else "", stretch=True, width=106,
                   badge=lambda d: _HINT if unusual(d) else None),
        ]  # fmt: skip


class UserPicker(QWidget):
    """Type part of a name; Enter takes the first."""

    chosen = Signal(object)
    """a Colleague"""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._all: list[Colleague] = []
        self.field = QLineEdit()
        self.field.setPlaceholderText("Name, user name or role")
        self.field.setAccessibleName("Find a user")
        self.model = StableTableModel[Colleague](
            [
                Column("name", "User", lambda c: c.display_name, strong=True, width=130),
                Column("role", "Role", lambda c: wording.role(c.role), stretch=True, width=120),
                Column("off", "", lambda c: "" if c.active else "Switched off", quiet=True, width=84),
            ],
            key=lambda c: c.user_name,
        )
        self.table = Table(
            self.model, settings=desk.settings, name="looked-users", title="Users", inset=2,
            empty=EmptyState("Nobody of that name", "Type less of it.", icon="users"),
        )  # fmt: skip
        layout = column(self.field, self.table, gap=2, margins=(3, 3, 3, 0))
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.field.textChanged.connect(lambda _text: self._filter())
        self.field.returnPressed.connect(self._take)
        self.table.opened.connect(self.chosen)

    def show_users(self, users: list[Colleague]) -> None:
        self._all = users
        self._filter()

    def _filter(self) -> None:
        parts = self.field.text().casefold().split()
        self.model.set_rows(
            [
                c for c in self._all
                if all(p in f"{c.display_name} {c.user_name} {wording.role(c.role)}".casefold() for p in parts)
            ]
        )  # fmt: skip

    def _take(self) -> None:
        if self.model.rowCount():
            self.chosen.emit(self.table.current or self.model.row_at(0))
