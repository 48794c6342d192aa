"""Trusted assessors (A3): agreements, who is recognised under them, and what they can do. Managers change them."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from coordination.assessment.trust import Agreement, Assessor, TrustScope
from coordination.clock import local_date
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.intake.move_forms import MoveForm
from ui.page import Page
from ui.trust import words
from ui.trust.trust_deeds import TrustDeeds
from ui.trust.trust_view import AgreementView, AssessorView
from ui.widgets import tableio
from ui.widgets.basics import ask_again, column, command_button, label, plane
from ui.widgets.busy import Busy
from ui.widgets.chips import FlowBox, SegmentedChoice
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, scrolling, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

ASSESSORS, AGREEMENTS = "assessors", "agreements"
_OF = {
    ASSESSORS: ("renew", "competency", "end_recognition"),
    AGREEMENTS: ("recognise", "change", "end_agreement", "agree"),
}


class TrustPage(Page):
    """Read-only for everybody but managers. What ends within 60 days stands on top."""

    id, title = "trust", "Trusted assessors"
    icon: ClassVar[str] = "circle-wavy-check"
    areas = frozenset({"trust"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.scope: TrustScope | None = None
        self.deeds = TrustDeeds(self)
        self.agreements = StableTableModel[Agreement](self._agreement_columns(), key=lambda a: a.id)
        self.assessors = StableTableModel[Assessor](self._assessor_columns(), key=lambda a: a.id)
        self.tables = {
            ASSESSORS: self._make_table(self.assessors, "assessors", "Assessors", EmptyState(
                "Nobody is recognised yet", "Under Agreements, choose one, and recognise somebody  (A).",
                icon="circle-wavy-check")),
            AGREEMENTS: self._make_table(self.agreements, "agreements", "Agreements", EmptyState(
                "There is no agreement yet", "N begins one: who assesses for whom, and what it takes.",
                icon="handshake")),
        }  # fmt: skip
        self.shown = SegmentedChoice([(ASSESSORS, "Assessors"), (AGREEMENTS, "Agreements")], ASSESSORS, "Show")
        self._commands = [
            *self.deeds.commands(),
            Command("trust.export", "Export the list", lambda: tableio.export_table(self.table, self.title),
                    "Ctrl+Shift+E", group=self.title, icon="export", also="excel csv save"),
            Command("trust.print", "Print the list", lambda: tableio.print_table(self.table, self.title), "Ctrl+P",
                    group=self.title, icon="printer"),
        ]  # fmt: skip
        by = {command.id.removeprefix("trust."): command for command in self._commands}
        said = {"renew": "Renew", "competency": "Competency", "end_recognition": "End", "recognise": "Recognise",
                "change": "Change or renew", "end_agreement": "End", "agree": "New agreement"}  # fmt: skip
        self._moves = {name: command_button(by[name], words=title) for name, title in said.items()}
        self.menus = {name: table.menu_button() for name, table in self.tables.items()}
        self.head = PageHead("Trusted assessors", "", self.shown, *self.menus.values())
        self._asked_here = column(None, margins=(4, 3, 4, 3))
        asking = plane(self._asked_here, "sunken")
        self._asking = scrolling(asking)
        self._asking.hide()
        self._area = scrolling(QWidget())
        self._bar = plane(column(FlowBox(*self._moves.values()), margins=(4, 1.5, 4, 1.5)), "surface", "below")
        right = column(self._bar, self._asking, self._area, gap=0)
        right.setStretch(1, 1)
        right.setStretch(2, 1)
        lists = QWidget()
        lists.setLayout(column(*self.tables.values(), gap=0))
        split = splitter(lists, plane(right, "surface", "left"), sizes=(760, 410), settings=desk.settings, name="trust")
        layout = column(self.head, split, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.shown.changed.connect(lambda _shown: self._shown_changed())
        Busy(lists, desk.tasks, owner=self)
        self._shown_changed(read=False)

    def _make_table(self, model: StableTableModel[Any], name: str, title: str, empty: EmptyState) -> Table:
        table = Table(model, settings=self.desk.settings, name=f"trust_{name}", title=title, empty=empty)
        table.current_changed.connect(lambda _row: self._show_current())
        table.opened.connect(lambda _row: self._area.setFocus())
        return table

    @property
    def today(self) -> Any:
        return local_date(self.desk.clock.now())

    def _assessor_columns(self) -> list[Column[Assessor]]:
        return [
            Column("state", "Today", lambda a: words.can_sign(a, self.today), width=124,
                   badge=lambda a: words.sign_look(a, self.today)),
            Column("name", "Assessor", lambda a: a.name, strong=True, width=160),
            Column("next", "Next to see to", lambda a: words.nearest(a, self.today, self._names()), stretch=True,
                   sort=lambda a: a.next_end(self.today), width=200),
            Column("until", "Until", lambda a: wording.day(a.last) if a.last else "No end", sort=lambda a: a.last,
                   value=lambda a: a.last, width=100, hidden=True),
            Column("agreement", "Under", lambda a: a.agreement_name, width=200, quiet=True),
            Column("organisation", "Works for", lambda a: a.organisation, width=180, quiet=True, hidden=True),
            Column("forms", "Forms", lambda a: words.scope_of(a, self.scope), width=180, hidden=True),
        ]  # fmt: skip

    def _agreement_columns(self) -> list[Column[Agreement]]:
        return [
            Column("state", "Today", lambda a: words.standing(a, self.today), width=132,
                   badge=lambda a: words.STANDING_LOOKS[a.standing(self.today)]),
            Column("name", "Agreement", lambda a: a.name, strong=True, stretch=True, width=200),
            Column("assessing", "Assesses", lambda a: a.assessing, width=170),
            Column("receiving", "For", lambda a: a.receiving, width=150, hidden=True),
            Column("review", "Review", lambda a: wording.day(a.review_on), sort=lambda a: a.review_on,
                   value=lambda a: a.review_on, width=100),
            Column("assessors", "Assessors", lambda a: str(a.assessors), sort=lambda a: a.assessors, numeric=True,
                   value=lambda a: a.assessors, width=84),
            Column("ends", "Ends", lambda a: wording.day(a.ends_on) if a.ends_on else "", sort=lambda a: a.ends_on,
                   value=lambda a: a.ends_on, width=100, hidden=True),
        ]  # fmt: skip

    def _names(self) -> dict[str, str]:
        return {c.code: c.name for c in self.scope.competencies} if self.scope is not None else {}

    def commands(self) -> list[Command]:
        return self._commands

    # what is chosen

    @property
    def table(self) -> Table:
        return self.tables[str(self.shown.value)]

    @property
    def agreement(self) -> Agreement | None:
        found: Agreement | None = self.table.current if self.shown.value == AGREEMENTS else None
        return found

    @property
    def assessor(self) -> Assessor | None:
        found: Assessor | None = self.table.current if self.shown.value == ASSESSORS else None
        return found

    # reading

    def refresh(self) -> None:
        service = self.desk.services.trust
        if self.scope is None:
            self.run(service.scope, self._take_scope, latest="scope")
        if self.shown.value == ASSESSORS:
            self.run(service.assessors, self._show_assessors, latest="rows")
        else:
            self.run(service.agreements, self._show_agreements, latest="rows")

    def _take_scope(self, scope: TrustScope) -> None:
        self.scope = scope
        self._show_current()

    def _shown_changed(self, *, read: bool = True) -> None:
        self.deeds.close_asking()
        for name, table in self.tables.items():
            table.setVisible(name == self.shown.value)
            self.menus[name].setVisible(name == self.shown.value)
        self._show_current()
        if read:
            self.refresh()

    def _show_assessors(self, rows: list[Assessor]) -> None:
        self.assessors.set_rows(rows)
        stopped = sum(words.can_sign(a, self.today) == "Cannot sign" for a in rows)
        soon = sum(words.can_sign(a, self.today) == "Ends soon" for a in rows)
        said = [wording.count(len(rows), "recognition")]
        said += [f"{stopped} cannot sign"] if stopped else []
        said += [f"{soon} within 60 days of an end"] if soon else []
        self._shown_rows(rows, ", ".join(said))

    def _show_agreements(self, rows: list[Agreement]) -> None:
        self.agreements.set_rows(rows)
        due = sum(a.standing(self.today) == "due_for_review" for a in rows)
        said = wording.count(len(rows), "agreement")
        self._shown_rows(rows, f"{said}, {due} due for review" if due else said)

    def _shown_rows(self, rows: list[Any], said: str) -> None:
        self.head.say(said if rows else "")
        if self.table.current is None and rows:
            self.table.selectRow(0)
        self._show_current()

    def _show_current(self) -> None:
        content: QWidget
        if self.agreement is not None:
            content = AgreementView(self.agreement, self.scope, self.today)
        elif self.assessor is not None:
            keeper = self.desk.actor.role == "manager"
            content = AssessorView(self.assessor, self.scope, self.today, self.deeds.change_held if keeper else None)
        else:
            content = label("Choose a line at the left.", quiet=True)
        content.setContentsMargins(16, 12, 16, 12)
        old = self._area.takeWidget()
        if old is not None:
            old.hide()
            old.deleteLater()
        self._area.setWidget(content)
        keeper = self.desk.actor.role == "manager"
        self._bar.setVisible(keeper)
        for name, button in self._moves.items():
            button.setVisible(name in _OF[str(self.shown.value)])
        ask_again(*self._moves.values())

    # what the deeds ask

    def to_agreements(self) -> None:
        self.shown.set_value(AGREEMENTS)

    def show_question(self, form: MoveForm) -> None:
        self._asked_here.insertWidget(0, form)
        self._area.hide()
        self._asking.show()
        form.start()

    def close_question(self, form: MoveForm) -> None:
        self._asked_here.removeWidget(form)
        form.hide()
        form.deleteLater()
        self._asking.hide()
        self._area.show()

    def activated(self) -> None:
        self.table.setFocus()
