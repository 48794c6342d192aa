"""Neighbourhood Apartments: the calendar, who waits, booking, and moving on (N1-N4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, cast

from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from coordination.apartments.matching import Match
from coordination.apartments.model import ApartmentBoard, Pause, Stay, StayStep
from coordination.apartments.referrals_model import Beside
from coordination.apartments.rules import USUAL_DAYS
from coordination.clock import local_date
from coordination.values import DateRange, PersonId, StayId
from ui import wording
from ui.apartments.board import ApartmentsBoard
from ui.apartments.board_carry import Carry
from ui.apartments.booking import Booking
from ui.apartments.legend import Legend
from ui.apartments.page_acts import StayActs, with_steps
from ui.apartments.page_commands import OF_DAY, OF_STAY, apartment_commands
from ui.apartments.page_deeds import PageDeeds
from ui.apartments.page_tools import BoardHead, ChoiceBar
from ui.apartments.side import StayDetails
from ui.apartments.waiting import WaitingList
from ui.commands import Command, menu
from ui.desk import Desk
from ui.in_order import InOrder
from ui.page import Page
from ui.undo import UndoStack
from ui.undo_menu import history_menu
from ui.widgets.basics import button, column, command_button, icon_button
from ui.widgets.busy import Busy
from ui.widgets.panels import SidePanel, splitter

AROUND = timedelta(days=548)
"""How much of the calendar is read before and after a day: three years in all."""
MARGIN = timedelta(days=60)
SHORT = {"end": "Last day", "cancel": "Cancel", "reopen": "Back in", "pick_up": "Move"}


class ApartmentsPage(PageDeeds, Page):
    """Apartments down, days across; who waits beside it."""

    id, title, icon = "apartments", "Apartments", "buildings"
    areas = frozenset({"apartments", "intake"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.in_order = InOrder(self)
        self.undo_stack = UndoStack(self)
        self.acts = StayActs(self)
        self.board = ApartmentsBoard()
        self.waiting = WaitingList()
        self.panel = SidePanel("Waiting")
        self.choices = ChoiceBar()
        self.booking = Booking(self)
        self._commands = {c.id.removeprefix("apartments."): c for c in apartment_commands(self, self.booking)}
        self.head = BoardHead(self._commands)
        calendar = QWidget()
        calendar.setLayout(column(self.board, Legend(), gap=0))
        self._split = splitter(calendar, self.panel, sizes=(972, 408), settings=desk.settings, name="apartments")
        whole = column(self.head, self.choices, self._split, gap=0)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        Busy(self.board, desk.tasks, owner=self)
        self._showing = ""
        self._save: Callable[[], object] = lambda: None
        self._centre = self.today
        self._wanted: date | None = None
        self.show_waiting()
        self._connect()

    def _connect(self) -> None:
        board = self.board
        board.opened.connect(self.show_stay)
        board.place_changed.connect(self._place_moved)
        board.dropped.connect(self.acts.put)
        board.refused.connect(self.acts.drop_refused)
        board.carrying.connect(self._carried)
        board.undo_asked.connect(self.undo_stack.undo)
        board.left.connect(self.choices.leave)
        board.menu_asked.connect(self._show_menu)
        board.horizontalScrollBar().valueChanged.connect(lambda _value: self._say_day())
        self.choices.left.connect(board.setFocus)
        self.head.day.changed.connect(lambda day: self.go_to(day) if day else None)
        self.undo_stack.changed.connect(lambda: self.head.show_undo(self.undo_stack))
        self.panel.closed.connect(self.show_waiting)
        self.waiting.match_wanted.connect(self.booking.book_match)
        self.waiting.offers.connect(self._light_up)
        self.waiting.record_wanted.connect(lambda w: self.desk.go.to("placements", w.referral_id))

    # ------------------------------------------------------------------ reading

    @property
    def today(self) -> date:
        return local_date(self.desk.clock.now())

    @property
    def showing(self) -> str:
        """What stands at the side: ``waiting``, ``stay`` or ``form``."""
        return self._showing

    def refresh(self) -> None:
        days, locality = self._days(), self.desk.locality.value.lower() or None
        service = self.desk.services.apartments
        self.run(lambda: service.board(days, locality), self._show, latest="board")

    def _days(self) -> DateRange:
        return DateRange(self._centre - AROUND, self._centre + AROUND)

    def open(self, key: object) -> None:
        """``key``: a referral or stay to come to, or a day."""
        if isinstance(key, date):
            self.go_to(key)
            return
        self.key = key
        self.refresh()

    def activated(self) -> None:
        self.board.setFocus()

    def _show(self, board: ApartmentBoard) -> None:
        """The calendar, and then who waits beside it: that is read while the calendar is painted."""
        held = self.board.carry is not None and self.board.carry.changed
        self.board.show_board(board, self.today)
        if self.board.carry is not None and self.board.carry.changed and not held:
            who = self.board.carry.stay.who
            self.desk.notices.warn(f"Somebody has just changed the stay that you hold{': ' + who if who else ''}.")
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.board.go_to(wanted)
        self._say_day()
        if self._showing == "stay" and self.board.stay is not None:
            self.show_stay(self.board.stay)
        self.run(self.desk.services.placements.beside, self._show_beside, latest="beside")

    def _show_beside(self, beside: Beside) -> None:
        board = self.board.board
        assert board is not None
        self.waiting.show_board(board, beside.schemes, self.today)
        here, chosen = self.desk.locality.value.lower(), self.waiting.current
        asked = (self.key, chosen.referral_id if chosen is not None else None)
        near = [
            w for w in beside.waiting
            if not here or w.locality in (None, here) or w.referral_id in asked or w.person_id in asked
        ]  # fmt: skip
        self.waiting.show_rows(near, self.desk.clock.now())
        self._say_head(board, len(near))
        if self.key is not None:
            self._come_to()

    def _come_to(self) -> None:
        """To the referral or the stay that the page was opened for; all localities, where that is in another one."""
        key, self.key = self.key, None
        if self.waiting.choose(key):
            self.show_waiting()
        elif not self.board.choose_stay(cast(StayId, key)):
            service, days = self.desk.services.apartments, self._days()
            self.run(lambda: service.board(days), lambda whole: self._show_elsewhere(whole, key), latest="elsewhere")

    def _show_elsewhere(self, whole: ApartmentBoard, key: object) -> None:
        here = self.desk.locality.value
        if here and (whole.stay(cast(StayId, key)) or whole.stay_of(key, self.today)) is not None:
            self.desk.notices.say(f"That stay is not in {here}. All localities are shown.")
            self.key = key
            self.desk.locality.set("")
        else:
            self.desk.notices.say("No stay here, and no referral for an apartment that waits.")

    def _say_head(self, board: ApartmentBoard, waiting: int) -> None:
        empty = [a for a in board.apartments if not any(self.today in s.period for s in board.of(a.id))]
        closed = sum(1 for a in empty if board.pause_on(a.id, self.today) is not None)
        parts = [f"{len(empty) - closed} of {len(board.apartments)} free today"]
        parts += [f"{closed} empty and not accepting"] if closed else []
        self.head.say(", ".join([*parts, f"{waiting} waiting"]))

    def _light_up(self, best: list[Match]) -> None:
        self.board.show_free(
            {m.apartment.id: DateRange.of(m.free_from, USUAL_DAYS) for m in best if m.possible and m.free_from}
        )

    def show_steps(self, steps: Sequence[StayStep]) -> None:
        """Show at once what this desk did, what is chosen where it is now; then all of it is read again."""
        chosen = self.board.stay
        if self.board.board is not None:
            self.board.show_board(with_steps(self.board.board, steps), self.today)
        if chosen is not None and any(step.after.id == chosen.id for step in steps):
            self.board.choose_stay(chosen.id)
        self.refresh()

    # ------------------------------------------------------------------ where one is

    def go_to(self, day: date) -> None:
        """Bring a day to the left, however far away it is."""
        board = self.board.board
        if board is None or not board.days.start <= day < board.days.end - MARGIN:
            self._centre, self._wanted = day, day
            self.refresh()
        else:
            self.board.go_to(day)

    def go_today(self) -> None:
        self.go_to(self.today - timedelta(days=7))

    def jump(self) -> None:
        """To the field of the day."""
        self.head.day.setFocus()
        self.head.day.selectAll()

    def _say_day(self) -> None:
        day = self.board.first_day
        if day is not None and not self.head.day.hasFocus():
            self.head.day.blockSignals(True)
            self.head.show_day(day)
            self.head.day.blockSignals(False)

    def _place_moved(self) -> None:
        if self._showing == "stay":
            if self.board.stay is not None:
                self.show_stay(self.board.stay)
            else:
                self.show_waiting()

    def _carried(self, carry: Carry | None) -> None:
        if carry is not None:
            self.choices.leave()

    def _show_menu(self, at: QPoint) -> None:
        names = OF_STAY if self.board.stay is not None else OF_DAY
        shown = menu([self._commands[name] if name else None for name in names], self)
        shown.aboutToHide.connect(shown.deleteLater)
        shown.popup(at)

    # ------------------------------------------------------------------ the side

    def _put(self, showing: str, title: str, content: QWidget, *actions: QWidget | None) -> None:
        if self.panel.area.widget() is self.waiting:
            self.panel.area.takeWidget()
        self._showing = showing
        self.panel.set_title(title)
        self.panel.set_content(content)
        self.panel.set_actions(*actions)
        self.panel.show()

    def show_waiting(self) -> None:
        """Who waits for an apartment."""
        if self._showing != "waiting":
            self._put("waiting", "Waiting for an apartment", self.waiting)
        self.panel.show()

    def show_stay(self, stay: Stay) -> None:
        """One stay with what can be done to it."""
        board = self.board.board
        if board is None:
            return
        actions: list[QWidget | None] = []
        self.desk.seen.saw("stay", stay.id, None if stay.hidden else stay.person_id)
        if not stay.hidden:
            names = {
                "booked": ("arrive", "end", "cancel"), "in_stay": ("move_on", "end"), "ended": ("reopen",),
            }  # fmt: skip
            if stay.kind != "stay":
                names = {"booked": ("pick_up", "end", "cancel")}
            actions = [
                command_button(self._commands[n], kind="main" if n in ("arrive", "move_on") else "",
                               words=SHORT.get(n, ""))
                for n in names.get(stay.state, ())
            ]  # fmt: skip
            if stay.person_id is not None:
                actions += [None, icon_button("user", "Open the record  (R)", self.open_record)]
        details = StayDetails(stay, board.apartment(stay.apartment_id), self.today)
        self._put("stay", "Stay", details, *actions)
        if stay.person_id is not None:
            read = self.desk.services.placements.overrides
            self.run(lambda: read(stay.id), lambda found: self._show_overrides(details, found), latest="overrides")

    def _show_overrides(self, details: StayDetails, found: Any) -> None:
        if self.panel.area.widget() is details:
            details.show_overrides(found)

    def form(self, title: str, form: Any, words: str, save: Callable[[], object]) -> None:
        """A small form at the side; Ctrl+Enter saves."""
        self._save = save
        confirm = button(words, save, kind="main", tip="Ctrl+Enter")
        self._put("form", title, form, None, button("Back", self.show_waiting, kind="quiet"), confirm)
        first = next(iter(form.form.fields.values()))
        first.editor.setFocus()

    def save(self) -> None:
        self._save()

    # ------------------------------------------------------------------ undo, commands

    @property
    def can_take_back(self) -> bool:
        return self.undo_stack.can_undo

    def take_back(self) -> None:
        self.undo_stack.undo()

    def show_history(self) -> None:
        """What was done here, the latest first; a line takes back everything down to it."""
        shown = history_menu(self.undo_stack, self)
        shown.aboutToHide.connect(shown.deleteLater)
        at = self.head.undo
        shown.popup(at.mapToGlobal(at.rect().bottomLeft()) if at.isVisible() else QCursor.pos())

    @property
    def chosen_pause(self) -> Pause | None:
        """Why the chosen apartment takes nobody in on the chosen day."""
        board, apartment, day = self.board.board, self.board.apartment, self.board.day
        if board is None or apartment is None or day is None:
            return None
        return board.pause_on(apartment.id, day)

    @property
    def chosen_person(self) -> PersonId | None:
        return self.board.stay.person_id if self.board.stay is not None else None

    def said(self) -> list[str]:
        """What is seen, in lines: days, locality."""
        days = self.board.days_seen
        parts = [f"{wording.day(days.start)} to {wording.day(days.last)}"] if days is not None else []
        return [*parts, *([self.desk.locality.value] if self.desk.locality.value else [])]

    def commands(self) -> list[Command]:
        return list(self._commands.values())
