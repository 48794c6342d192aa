"""The page Shift: who is at the desks, what I hand over, and what is handed to me."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from coordination.duty.model import Choice as Fate
from coordination.duty.model import HandoverSheet, Outstanding
from coordination.governance.model import Account
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.duty import lines, words
from ui.duty.acts import DutyActs
from ui.duty.handing import Handing
from ui.duty.lines import Line
from ui.duty.own import OwnShift
from ui.duty.reading import ReadingView
from ui.duty.shown import MINE, Shown
from ui.duty.there import WhoIsThere
from ui.duty.watch import DutyWatch
from ui.duty.writing import WritingForm
from ui.page import Page
from ui.style import theme
from ui.widgets.basics import Choice, ask_again, column, command_button, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, scrolling, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import StableTableModel

WRITING, READING, ASKING = range(3)
DRAFT = "handover"


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
        self.handing = Handing(self)
        self.own = OwnShift(self)
        self._commands = [*self.own.commands(), *self.handing.commands()]
        self.by_id = {command.id: command for command in self._commands}
        self.model = StableTableModel[Line](lines.columns(desk.clock.now), key=lambda r: r.subject)
        self._empty = EmptyState("Nothing is outstanding: you may go", "", icon="check-circle")
        self.table = Table(
            self.model, settings=desk.settings, name="duty", title="Handover", empty=self._empty, many=True, inset=4
        )
        self.what = Choice([(MINE, "What I hold")])
        self.what.setAccessibleName("What is shown")
        self.what.setMinimumWidth(theme.px(260))
        self.said = label("", quiet=True)
        self.there = WhoIsThere(self.watch, self.see, self.own.end_for)
        self.there.may_end = self.own.may_end
        self.form = WritingForm(self.handing.sign, self.handing.preview, self.handing.choose)
        self.view: ReadingView | None = None
        self._lay_out()
        self.table.current_changed.connect(self._line_chosen)
        self.table.opened.connect(self._open_line)
        self.what.chosen.connect(self._asked)
        self.watch.changed.connect(self._there_changed)
        self.form.typed.connect(self._keep)
        desk.drafts.opened.connect(lambda _found: self._take_kept())
        self._take_kept()
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
        self._stack = QStackedWidget()
        for inner, foot in ((self.form, self.form.foot), (QWidget(), None), (QWidget(), None)):
            self._stack.addWidget(_with_foot(inner, foot))
        side = plane(column(self._stack, gap=0), "surface", "left")
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

    # ---------------------------------------------------------------- reading

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
            self.view = ReadingView(self.sheet, self.handing.answers(self.sheet))
            self._put(READING, self.view, self.view.foot)
            self.view.show_line(self.table.current)
        elif self._stack.currentIndex() != ASKING or self.handing.asking is None:
            self._stack.setCurrentIndex(WRITING)
        self._say_signature()

    def _put(self, place: int, content: QWidget, foot: QWidget | None = None) -> None:
        before: Any = self._stack.widget(place)
        self._stack.insertWidget(place, _with_foot(content, foot))
        self._stack.removeWidget(before)
        before.deleteLater()
        self._stack.setCurrentIndex(place)

    # ---------------------------------------------------------------- what is shown

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
        self.handing.asking = None
        self._offer_choices()
        self.refresh()

    def _asked(self, value: object) -> None:
        if isinstance(value, Shown) and value != self.shown:
            self.show_what(value)

    def _offer_choices(self) -> None:
        """What can be shown: mine, the handovers, and for a team lead the colleagues and the locality."""
        actor, now = self.desk.actor, self.desk.clock.now()
        items: list[tuple[Shown, str]] = [(MINE, "What I hold")]
        offered = self.watch.there.offered
        items += [(Shown("handover", o.id), f"Handover of {words.offered(o, now)}") for o in offered]
        if actor.role in ("team_lead", "manager"):
            home = (actor.locality or "").lower()
            items.append((Shown("locality", home), f"Everything held in {words.place(home or None)}"))
            colleagues = [s for s in self.watch.there.shifts if s.user != actor.user_name]
            items += [(Shown("colleague", s.user), f"What {s.user_name} holds") for s in colleagues]
        if self.shown not in [shown for shown, _ in items]:
            items.append((self.shown, self._words_of(self.shown)))
        if [(self.what.itemData(n), self.what.itemText(n)) for n in range(self.what.count())] != items:
            self.what.set_items(items)
        self.what.blockSignals(True)
        self.what.set_value(self.shown)
        self.what.blockSignals(False)

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
        ask_again(*self._buttons, *self.handing.buttons())

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

    # ---------------------------------------------------------------- who is there

    def _there_changed(self) -> None:
        """Somebody came or went, or time passed: words change, what is typed does not."""
        now, mine = self.desk.clock.now(), self.watch.mine
        self.head.say(words.head(mine, now) if self.acts.may else "")
        self.there.show_there()
        self._offer_choices()
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

    # ---------------------------------------------------------------- nothing typed is lost

    @property
    def unsent(self) -> int:
        """What was begun on this computer and not sent, the handover itself left out."""
        return sum(entry.kind != DRAFT for entry in self.desk.drafts.kept)

    def choose_for(self, rows: list[Line], fate: Fate) -> None:
        """What becomes of some rows."""
        for row_ in rows:
            self.form.choices[row_.subject] = fate
        self._keep()
        self.show_rows()
        self._say_signature()

    def _keep(self) -> None:
        if self.shown.kind == "mine":
            kept, me = self.form.kept(), self.desk.actor.user_name
            if kept:
                self.desk.drafts.keep(DRAFT, me, kept, title="Handover")
            else:
                self.desk.drafts.drop(DRAFT, me)
        self.show_lines_typed()

    def show_lines_typed(self) -> None:
        """The line that is typed stands in its row."""
        if self.sheet is None:
            self.model.set_rows(self._written())

    def _take_kept(self) -> None:
        """What was typed before a crash, or at an earlier sitting."""
        kept = self.desk.drafts.take(DRAFT, self.desk.actor.user_name)
        if kept and not self.form.kept():
            self.desk.drafts.claim(DRAFT, self.desk.actor.user_name)
            self.form.restore(dict(kept))
            self.show_lines_typed()

    def forget_kept(self) -> None:
        """After the signature."""
        self.form.clear()
        self.desk.drafts.drop(DRAFT, self.desk.actor.user_name)

    # ---------------------------------------------------------------- small forms

    def ask(self, form: QWidget) -> None:
        """A small form at the right, in place of what stands there."""
        self.handing.asking = form
        holder = QWidget()
        holder.setLayout(column(form, None, gap=0, margins=(4, 3, 4, 3)))
        self._put(ASKING, holder)
        start: Any = getattr(form, "move_form", form)
        start.start()

    def asked_enough(self) -> None:
        """The small form is done with."""
        self.handing.asking = None
        self._stack.setCurrentIndex(READING if self.sheet is not None else WRITING)
        self.table.setFocus()

    def activated(self) -> None:
        self.table.setFocus()


def _with_foot(inner: QWidget, foot: QWidget | None) -> QWidget:
    """What scrolls, and beneath it what always stays in sight."""
    made = QWidget()
    layout = column(scrolling(inner), *([foot] if foot is not None else []), gap=0)
    layout.setStretch(0, 1)
    made.setLayout(layout)
    return made
