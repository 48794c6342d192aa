"""Everybody: find, and open or register."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from coordination.clock import local_date
from coordination.people.model import Person, PersonRow
from coordination.people.search import parse
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.governance.seen import FEW
from ui.page import Page
from ui.people import words
from ui.people.finder import PROMPT
from ui.people.person_acts import WRITERS
from ui.people.person_page import PersonPage
from ui.people.register import RegisterPanel
from ui.style import fonts, icons, theme
from ui.style.tokens import State
from ui.widgets.asking import AskAsTyped
from ui.widgets.basics import column, command_button, label, plane
from ui.widgets.busy import Busy
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, SidePanel, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

MOST = 200


class PeoplePage(Page):
    """As you type. Enter opens the record."""

    id, title, icon = "people", "People", "users"
    areas = frozenset({"people"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.field = QLineEdit()
        self.field.setPlaceholderText(PROMPT)
        self.field.setAccessibleName("Find people")
        self.field.setAccessibleDescription(PROMPT)
        fonts.dress(self.field)
        self._glass = self.field.addAction(icons.icon("magnifying-glass"), QLineEdit.ActionPosition.LeadingPosition)
        theme.hub().changed.connect(self._draw_glass)
        self.model = StableTableModel[PersonRow](self._columns(), key=lambda r: r.id)
        self._empty = EmptyState("", "", icon="users")
        self.table = Table(self.model, settings=desk.settings, name="people", title="People", empty=self._empty)
        self.panel = SidePanel("Register", width=440)
        self.register = RegisterPanel(desk)
        self.panel.set_content(self.register)
        self.panel.hide()
        self._commands = [
            Command("people.find", "Find", self.activated, "Ctrl+F", group="People", icon="magnifying-glass"),
            Command("people.register", "Register a new person", self.begin_register, "Ctrl+Shift+R",
                    lambda: desk.actor.role in WRITERS, "People", "user-plus"),
            Command("people.contact", "New contact about this person", self._contact, "Ctrl+Shift+C",
                    lambda: self.table.current is not None and desk.actor.role in WRITERS, "People", "phone"),
        ]  # fmt: skip
        self.head = PageHead("People", "", command_button(self._commands[1], kind="main"))
        self._said = label("", quiet=True)
        bar = plane(column(self.field, margins=(6, 3, 6, 3)), "surface", "below")
        split = splitter(self.table, self.panel, sizes=(900, 440), settings=desk.settings, name="people")
        layout = column(self.head, bar, split, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self._connect()
        Busy(self.table, desk.tasks, owner=self)
        self._show("", [])

    def _connect(self) -> None:
        people = self.desk.services.people
        self._asking = AskAsTyped(self.desk.tasks, self, "find", lambda text: people.find(text, MOST), self._show)
        self._answered = ""
        self._open_first = False
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self.table.opened.connect(lambda found: self.desk.go.to("person", found.id))
        self.register.registered.connect(self._registered)
        self.register.known.connect(lambda found: self.desk.go.to("person", found.id))
        self.register.left.connect(self.panel.close_panel)
        self.panel.closed.connect(self.activated)

    def _columns(self) -> list[Column[PersonRow]]:
        def today():  # type: ignore[no-untyped-def]
            return local_date(self.desk.clock.now())

        return [
            Column("name", "Name", words.name, strong=True, width=205),
            Column("born", "Born", lambda r: words.born(r, today()), sort=lambda r: r.birth_date, width=144),
            Column("nhs", "NHS No.", lambda r: wording.known(r.nhs_number), width=104),
            Column("address", "Address", words.address, stretch=True, width=170),
            Column("phone", "Phone", lambda r: r.phone or r.other_phone, width=112),
            Column("neighbourhood", "Neighbourhood", lambda r: r.neighbourhood or "Outside the city", quiet=True,
                   width=130),
            Column("why", "Why", lambda r: words.why(r.matched), quiet=True, width=190, badge=_died),
        ]  # fmt: skip

    def _draw_glass(self) -> None:
        self._glass.setIcon(icons.icon("magnifying-glass"))

    def commands(self) -> list[Command]:
        return self._commands

    # ---------------------------------------------------------------- finding

    def activated(self) -> None:
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def open(self, key: object) -> None:
        """``key``: what to look for, as text."""
        if isinstance(key, str):
            self.field.setText(key)

    def refresh(self) -> None:
        if self.field.text().strip():
            self._ask()

    def _typed(self) -> None:
        self._open_first = False
        self._ask()

    def _ask(self) -> None:
        text = self.field.text().strip()
        if len(text) < 2:
            self._asking.drop()
            self._show(text, [])
        else:
            self._asking.ask(text)

    def _show(self, text: str, rows: list[PersonRow]) -> None:
        self._answered = text
        self.model.set_rows(rows)
        self.desk.seen.saw("search", "", *([row.id for row in rows] if len(rows) <= FEW else []))
        if rows:
            self.table.selectRow(0)
        more = (
            f"The first {MOST}: type more to narrow it"
            if len(rows) == MOST
            else wording.count(len(rows), "person", "people")
        )
        self.head.say(more if len(text) >= 2 else "")
        self._say_empty(text)
        if self._open_first and rows and text == self.field.text().strip():
            self._open_first = False
            self.desk.go.to("person", rows[0].id)

    def _say_empty(self, text: str) -> None:
        if len(text) < 2:
            self._empty.say("Whom are you looking for?", f"{PROMPT}: any of these, in any order, misspelt too.")
            return
        query = parse(text, local_date(self.desk.clock.now()))
        hint = "Try less of it, another spelling, or a date of birth; or register a new person."
        if query.nhs_check_fails:
            hint = "If that is an NHS number, a digit of it is wrong. " + hint
        self._empty.say("Nobody found", hint)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes into the list; Enter opens the first."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down and self.model.rows:
                self.table.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
                if self._answered == self.field.text().strip() and self.model.rows:
                    self.desk.go.to("person", self.model.rows[0].id)
                else:
                    self._open_first = True
                    self._ask()
                return True
        return super().eventFilter(watched, event)

    # ---------------------------------------------------------------- doing

    def begin_register(self) -> None:
        """A new person, with what was typed to find them."""
        self.panel.show()
        self.register.begin(self.field.text())

    def _registered(self, person: Person) -> None:
        self.panel.hide()
        self.desk.notices.say("Registered.")
        self.desk.go.to("person", person.id)

    def _contact(self) -> None:
        if self.table.current is not None:
            self.desk.go.to("contact", self.table.current.id)


def _died(row: PersonRow) -> State | None:
    return State("neutral", "circle") if row.deceased_on else None


__all__ = ["PeoplePage", "PersonPage"]
