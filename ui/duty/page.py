"""The page Shift: who is at the desks, what I hand over, and what is handed to me."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QPushButton, QWidget

from coordination.duty.model import Choice as Fate
from coordination.duty.model import HandoverSheet, Outstanding
from coordination.governance.model import Account
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.duty import lines, words
from ui.duty.acts import DutyActs
from ui.duty.answering import Answering
from ui.duty.choosing import ShownChoice
from ui.duty.draft import HandoverDraft
from ui.duty.handing import Handing
from ui.duty.lines import Line
from ui.duty.own import OwnShift
from ui.duty.reading import ReadingView
from ui.duty.shown import MINE, Shown
from ui.duty.side import Side
from ui.duty.there import WhoIsThere
from ui.duty.watch import DutyWatch
from ui.duty.writing import WritingForm
from ui.page import Page
from ui.widgets.basics import ask_again, column, command_button, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, scrolling, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import StableTableModel


class DutyPage(Page):
    """One screen: left who is there, the middle what is outstanding, right what becomes of it."""

    id, title, icon = "duty", "Shift", "clock-clockwise"
    areas = frozenset({"duty", "intake", "messages", "safeguarding"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.watch = desk.duty.watch if desk.duty is not None else DutyWatch(desk, self)
        self.acts = desk.duty.acts if desk.duty is not None else DutyActs(desk, self.watch)
        self.shown = MINE
        self.sheet: HandoverSheet | None = None
        self.items: list[Outstanding] = []
        self.accounts: list[Account] = []
        self.asking: QWidget | None = None  # the small form that stands at the right
        self.answering = Answering(self)
        self.handing = Handing(self, self.answering)
        self.own = OwnShift(self)
        self._commands = [*self.own.commands(), *self.handing.commands()]
        self.by_id = {command.id: command for command in self._commands}
        self.model = StableTableModel[Line](lines.columns(desk.clock.now), key=lambda r: r.subject)
        self._empty = EmptyState("Nothing is outstanding: you may go", "", icon="check-circle")
        self.table = Table(
            self.model, settings=desk.settings, name="duty", title="Handover", empty=self._empty, many=True, inset=4
        )
        self.what = ShownChoice(desk, self.watch, self._words_of)
        self.said = label("", quiet=True)
        self.there = WhoIsThere(self.watch, self.see, self.own.end_for)
        self.there.may_end = self.own.may_end
        self.form = WritingForm(self.handing.sign, self.handing.preview, self.handing.choose)
        self.view: ReadingView | None = None
        self.side = Side(self.form)
        self.draft = HandoverDraft(desk, self.form, self.show_lines_typed)
        self._lay_out()
        self.table.current_changed.connect(self._line_chosen)
        self.table.opened.connect(self._open_line)
        self.what.asked.connect(self.show_what)
        self.watch.changed.connect(self._there_changed)
        self.form.typed.connect(self._keep)
        desk.drafts.opened.connect(lambda _found: self.draft.take())
        self.draft.take()
        self._there_changed()

    def _lay_out(self) -> None:
        by = self.by_id
        self._buttons: list[QPushButton] = [
            command_button(by["duty.start"], kind="main"),
            command_button(by["duty.break"]),
            command_button(by["duty.back"], kind="main"),
            command_button(by["duty.end"]),
        ]
        self.head = PageHead("Shift", "", *self._buttons, self.table.menu_button())
        side = plane(column(self.side, gap=0), "surface", "left")
        middle = QWidget()
        bar = plane(row(self.what, self.said, None, gap=3, margins=(4, 1.5, 4, 1.5)), "surface", "below")
        layout = column(bar, self.table, gap=0)
        layout.setStretch(1, 1)
        middle.setLayout(layout)
        left = plane(column(scrolling(self.there), gap=0), "surface", "right")
        split = splitter(left, middle, side, sizes=(206, 690, 330), settings=self.desk.settings, name="duty")
        split.setStretchFactor(0, 0)
        split.setStretchFactor(1, 1)
        split.setStretchFactor(2, 0)
        whole = column(self.head, split, gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        Busy(self.table, self.desk.tasks, owner=self)

    def commands(self) -> list[Command]:
        return [*self._commands, *self.table.commands("duty_table")[:1]]

    # reading

    def refresh(self) -> None:
        """Read again what is shown; what was typed and chosen stays."""
        shown, services = self.shown, self.desk.services

        def read() -> tuple[Any, list[Account]]:
            accounts = self.accounts or services.governance.accounts()
            if shown.kind == "handover":
                return services.duty.handover(shown.key), accounts
            if shown.kind == "locality":
                return services.duty.outstanding(locality=shown.key), accounts
            return services.duty.outstanding(shown.key), accounts

        self.run(read, lambda found: self._show(shown, *found), latest="rows")

    def _show(self, shown: Shown, found: Any, accounts: list[Account]) -> None:
        if shown != self.shown:
            return
        self.accounts = accounts
        if isinstance(found, HandoverSheet):
            self.sheet, self.items = found, []
        else:
            self.sheet, self.items = None, found
        self.show_rows()
        self._show_side()
        self._there_changed()

    def show_rows(self) -> None:
        """The rows as they are read and as they were chosen."""
        now = self.desk.clock.now()
        if self.sheet is not None:
            rows = lines.signed(self.sheet)
            self.said.setText("")
            self._empty.say("No items: only the note, at the right", "Accept it when you have read it.")
        else:
            rows = self._written()
            self.said.setText(words.summary(self.items, now) if self.items else "")
            self._say_empty()
        self.model.set_rows(rows)
        if self.table.current is None and rows:
            self.table.selectRow(0)
        self._line_chosen(self.table.current)

    def _written(self) -> list[Line]:
        form, watch = self.form, self.watch
        now = self.desk.clock.now()
        rows = lines.written(self.items, form.choices, form.lines, watch.offer_of, watch.is_lying, now)
        return rows if self.writes else [replace(each, choice=None) for each in rows]  # only to be looked at

    def _say_empty(self) -> None:
        if self.shown.kind == "mine":
            self._empty.say("Nothing is outstanding: you may go", "A note to the next one can be left all the same.")
        else:
            self._empty.say("Nothing is outstanding there", "Choose something else above.")

    def _show_side(self) -> None:
        if self.sheet is not None:
            self.view = ReadingView(self.sheet, self.answering.answers(self.sheet))
            self.side.show_reading(self.view)
            self.view.show_line(self.table.current)
        elif not self.side.asks or self.asking is None:
            self.side.show_writing()
        self._say_signature()

    # what is shown

    def open(self, key: object) -> None:
        """``key``: the id of a handover; ``"mine"`` for what I hold."""
        self.key = key
        self.show_what(Shown("handover", key) if isinstance(key, UUID) else MINE)

    def see(self, handover_id: UUID) -> None:
        """Show a handover."""
        self.show_what(Shown("handover", handover_id))

    def show_what(self, shown: Shown) -> None:
        """Show something else in the middle."""
        self.shown = shown
        self.asking = None
        self.what.offer(self.shown)
        self.refresh()

    def _words_of(self, shown: Shown) -> str:
        if shown.kind == "handover" and self.sheet is not None and self.sheet.handover.id == shown.key:
            found = self.sheet.handover
            return f"Handover of {found.from_name}, {wording.near_time(found.signed_at, self.desk.clock.now())}"
        name = next((a.display_name for a in self.accounts if a.user_name == shown.key), "")
        return f"What {name} holds" if name else "Handover"

    @property
    def for_whom(self) -> str | None:
        """Whose work is handed over: None for one's own."""
        return self.shown.key if self.shown.kind == "colleague" else None

    @property
    def writes(self) -> bool:
        """Whether what is shown can be handed over."""
        return self.sheet is None and self.shown.kind in ("mine", "colleague")

    def chosen(self) -> list[Line]:
        """The rows that are selected."""
        selected = self.table.selected
        return selected or ([self.table.current] if self.table.current is not None else [])

    def _line_chosen(self, line: Line | None) -> None:
        if self.sheet is None:
            self.form.show_line(line if self.writes else None)
        elif self.view is not None:
            self.view.show_line(line)
        ask_again(*self._buttons, *self.answering.buttons())

    def _open_line(self, line: Line | None) -> None:
        """Enter: the thing itself, where it is worked on."""
        if line is None or line.about is None:
            return
        if line.about.kind == "referral":
            self.desk.go.to("queue", line.about.id)
        elif line.about.kind == "concern":
            self.desk.go.to("safeguarding", line.about.id)
        elif line.about.kind == "message":
            self.desk.go.to("imports", line.about.id)
        elif line.about.person_id is not None:
            self.desk.go.to("person", line.about.person_id)

    # who is there

    def _there_changed(self) -> None:
        """Somebody came or went, or time passed: words change, what is typed does not."""
        now, mine = self.desk.clock.now(), self.watch.mine
        self.head.say(words.head(mine, now) if self.acts.may else "")
        self.there.show_there()
        self.what.offer(self.shown)
        self.form.show_colleagues(
            self.accounts, self.watch.there.shifts, self.for_whom or self.desk.actor.user_name, self._home()
        )
        if self.sheet is None and self.items:
            self.show_rows()
        start, pause, back, end = self._buttons
        start.setVisible(self.acts.may and mine is None)
        pause.setVisible(mine is not None and mine.on_break is None)
        back.setVisible(mine is not None and mine.on_break is not None)
        end.setVisible(mine is not None)
        ask_again(*self._buttons)
        self._say_signature()

    def _home(self) -> str | None:
        mine = self.watch.mine
        if mine is not None:
            return mine.locality
        return self.desk.actor.locality.lower() if self.desk.actor.locality else None

    def _say_signature(self) -> None:
        rows = self.model.all_rows if self.sheet is None else []
        going = sum(row.choice == "next" for row in rows)
        self.form.show_signature(
            self.desk.actor.display_name, sum(row.choice is not None for row in rows), going, self.unsent
        )
        self.form.show_can_sign(self.writes)

    # nothing typed is lost

    @property
    def unsent(self) -> int:
        """What was begun on this computer and not sent, the handover itself left out."""
        return self.draft.others

    def choose_for(self, rows: list[Line], fate: Fate) -> None:
        """What becomes of some rows."""
        for row_ in rows:
            self.form.choices[row_.subject] = fate
        self._keep()
        self.show_rows()
        self._say_signature()

    def _keep(self) -> None:
        if self.shown.kind == "mine":
            self.draft.keep()
        self.show_lines_typed()

    def show_lines_typed(self) -> None:
        """The line that is typed stands in its row."""
        if self.sheet is None:
            self.model.set_rows(self._written())

    def forget_kept(self) -> None:
        """After the signature."""
        self.draft.forget()

    # small forms

    def ask(self, form: QWidget) -> None:
        """A small form at the right, in place of what stands there."""
        self.asking = form
        self.side.ask(form)

    def asked_enough(self) -> None:
        """The small form is done with."""
        self.asking = None
        if self.sheet is not None:
            self.side.show_reading()
        else:
            self.side.show_writing()
        self.table.setFocus()

    def activated(self) -> None:
        self.table.setFocus()
