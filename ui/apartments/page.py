"""Neighbourhood Apartments: the calendar, who waits, booking, and moving on (N1-N4)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from PySide6.QtWidgets import QWidget

from coordination.apartments.matching import Match
from coordination.apartments.model import Apartment, ApartmentBoard, Stay, StayDraft
from coordination.apartments.referrals_model import Beside
from coordination.apartments.rules import USUAL_DAYS
from coordination.clock import local_date
from coordination.errors import BadValue, BadValues
from coordination.values import DateRange, StayId, new_id
from ui import wording
from ui.apartments.board import ApartmentsBoard
from ui.apartments.editors import EndForm, MovedOnForm, ReasonForm
from ui.apartments.side import BookingForm, StayDetails
from ui.apartments.waiting import WaitingList
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.widgets.basics import button, column, command_button, icon_button
from ui.widgets.busy import Busy
from ui.widgets.panels import PageHead, SidePanel, splitter

BEFORE, AHEAD = 56, 120
SHORT = {"end": "Last day", "cancel": "Cancel", "reopen": "Back in"}


class ApartmentsPage(Page):
    """Apartments down, days across; who waits beside it."""

    id, title, icon = "apartments", "Apartments", "buildings"
    areas = frozenset({"apartments", "intake"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.board = ApartmentsBoard()
        self.waiting = WaitingList()
        self.panel = SidePanel("Waiting")
        self._commands = self._make_commands()
        by = {c.id.removeprefix("apartments."): c for c in self._commands}
        self.head = PageHead(
            "Apartments",
            "",
            command_button(by["narrower"], words="−", kind="quiet"),
            command_button(by["wider"], words="+", kind="quiet"),
            command_button(by["today"], words="Today"),
            command_button(by["close"], words="Close days"),
            command_button(by["book"], words="Book", kind="main"),
        )
        self._split = splitter(self.board, self.panel, sizes=(972, 408), settings=desk.settings, name="apartments")
        self.setLayout(column(self.head, self._split, gap=0))
        Busy(self.board, desk.tasks, owner=self)
        self._keep = self.waiting
        self._showing = ""
        self.show_waiting()
        self.board.opened.connect(self.show_stay)
        self.board.place_changed.connect(self._place_moved)
        self.panel.closed.connect(self.show_waiting)
        self.waiting.match_wanted.connect(self._book_match)
        self.waiting.offers.connect(self._light_up)
        self.waiting.record_wanted.connect(lambda w: desk.go.to("placements", w.referral_id))

    # ------------------------------------------------------------------ reading

    @property
    def today(self) -> date:
        return local_date(self.desk.clock.now())

    def refresh(self) -> None:
        days = DateRange(self.today - timedelta(days=BEFORE), self.today + timedelta(days=AHEAD))
        locality = self.desk.locality.value.lower() or None
        service = self.desk.services.apartments
        beside = self.desk.services.placements.beside
        self.run(lambda: (service.board(days, locality), beside()), self._show, latest="board")

    def open(self, key: object) -> None:
        """``key``: a referral or stay to come to."""
        self.key = key
        self.refresh()

    def activated(self) -> None:
        self.board.setFocus()

    def _show(self, found: tuple[ApartmentBoard, Beside]) -> None:
        board, beside = found
        waiting = beside.waiting
        self.board.show_board(board, self.today)
        self.waiting.show_board(board, beside.schemes, self.today)
        self.waiting.show_rows(waiting, self.desk.clock.now())
        free = sum(1 for a in board.apartments if not any(self.today in s.period for s in board.of(a.id)))
        self.head.say(f"{free} of {len(board.apartments)} free today, {len(waiting)} waiting")
        if self._showing == "stay" and self.board.stay is not None:
            self.show_stay(self.board.stay)
        if self.key is not None:
            key, self.key = self.key, None
            if self.waiting.choose(key):
                self.show_waiting()
            else:
                self.board.choose_stay(key)  # type: ignore[arg-type]

    def _light_up(self, best: list[Match]) -> None:
        self.board.show_free(
            {m.apartment.id: DateRange.of(m.free_from, USUAL_DAYS) for m in best if m.possible and m.free_from}
        )

    def _place_moved(self) -> None:
        if self._showing == "stay":
            if self.board.stay is not None:
                self.show_stay(self.board.stay)
            else:
                self.show_waiting()

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
        if not stay.hidden:
            by = {c.id.removeprefix("apartments."): c for c in self._commands}
            names = {"booked": ("arrive", "end", "cancel"), "in_stay": ("move_on", "end"), "ended": ("reopen",)}
            if stay.kind != "stay":
                names = {"booked": ("end", "cancel")}
            actions = [
                command_button(by[n], kind="main" if n in ("arrive", "move_on") else "", words=SHORT.get(n, ""))
                for n in names.get(stay.state, ())
            ]
            if stay.person_id is not None:
                actions = [
                    *actions,
                    None,
                    icon_button("user", "Open the record", lambda: self.desk.go.to("person", stay.person_id)),
                ]
        self._put("stay", "Stay", StayDetails(stay, board.apartment(stay.apartment_id), self.today), *actions)

    # ------------------------------------------------------------------ booking

    def _book_match(self, match: Match) -> None:
        assert match.free_from is not None
        self.board.choose(match.apartment.id, match.free_from)
        self._booking(match.apartment, match.free_from)

    def book(self) -> None:
        """Book the chosen apartment, from the chosen day, for the referral that is chosen at the side."""
        apartment, day = self.board.apartment, self.board.day
        if apartment is not None and day is not None:
            self._booking(apartment, max(day, self.today))

    def _booking(self, apartment: Apartment, start: date) -> None:
        waiting = self.waiting.current
        if waiting is None:
            self.show_waiting()
            self.desk.notices.warn("Choose whom the stay is for: pick a referral at the side, then book.")
            return
        form = BookingForm(
            apartment, start, waiting.who, unmet=self.waiting.unmet(apartment.id, start),
            reason=waiting.request.reason if waiting.request else "",
        )  # fmt: skip
        key = StayId(new_id())

        def save() -> None:
            draft = self._draft(form, person=waiting.person_id, referral=waiting.referral_id)
            if draft is not None:
                self._send(form, lambda: self.desk.services.apartments.book(key, draft), f"Booked {apartment.label}.")

        self._form("Book a stay", form, "Book", save)

    def close_days(self) -> None:
        """Close the chosen apartment for cleaning, repairs, or out of use."""
        apartment, day = self.board.apartment, self.board.day
        if apartment is None or day is None:
            return
        form, key = BookingForm(apartment, day, "", closing=True), StayId(new_id())

        def save() -> None:
            draft = self._draft(form)
            if draft is not None:
                self._send(form, lambda: self.desk.services.apartments.book(key, draft), f"Closed {apartment.label}.")

        self._form("Close days", form, "Close the days", save)

    def _draft(self, form: BookingForm, person: Any = None, referral: Any = None) -> StayDraft | None:
        form.form.clear_problems()
        try:
            kind = form.form.value("kind") if form.closing else "stay"
            return StayDraft(
                form.apartment.id, form.period(), kind, person, referral, form.text("purpose"), form.text("reason"),
                form.text("past_six_weeks_reason"), form.text("instead_of"), form.overrides(),
            )  # fmt: skip
        except (BadValue, BadValues) as error:
            form.form.set_problems(error)
            return None

    def _form(self, title: str, form: Any, words: str, save: Any) -> None:
        self._save = save
        confirm = button(words, save, kind="main", tip="Ctrl+Enter")
        self._put("form", title, form, None, button("Back", self.show_waiting, kind="quiet"), confirm)
        first = next(iter(form.form.fields.values()))
        first.editor.setFocus()

    def _send(self, form: Any, call: Any, said: str) -> None:
        def done(stay: Stay) -> None:
            self._after(stay, said, lambda: self.desk.services.apartments.cancel(stay.id, stay.revision, "undone"))

        def failed(error: Exception) -> bool | None:
            if isinstance(error, BadValue | BadValues):
                return not form.form.set_problems(error)
            return False

        self.run(call, done, failed)

    def _after(self, stay: Stay, said: str, undo: Any = None) -> None:
        self.key = stay.id
        self._showing = ""
        self.refresh()
        self.show_stay(stay)
        self.board.setFocus()  # single keys work on at once
        back = None
        if undo is not None:

            def back() -> None:
                self.run(undo, lambda _stay: (self.show_waiting(), self.refresh()))

        self.desk.notices.say(said, undo=back)

    # ------------------------------------------------------------------ what happens to a stay

    def _chosen(self) -> Stay:
        stay = self.board.stay
        assert stay is not None
        return stay

    def _change(self, call: Any, said: str, undo: Any = None) -> None:
        self.run(call, lambda stay: self._after(stay, said, None if undo is None else lambda: undo(stay)))

    def arrive(self) -> None:
        stay, service = self._chosen(), self.desk.services.apartments
        self._change(
            lambda: service.arrive(stay.id, stay.revision), f"{stay.who or 'The person'} has moved in.",
            lambda now: service.restore(now.id, now.revision),
        )  # fmt: skip

    def cancel(self) -> None:
        stay, service = self._chosen(), self.desk.services.apartments
        form = ReasonForm("Why is it cancelled?")

        def save() -> None:
            reason = form.reason()
            if reason:
                self._change(
                    lambda: service.cancel(stay.id, stay.revision, reason), "Cancelled; the days are free again.",
                    lambda now: service.restore(now.id, now.revision),
                )  # fmt: skip

        self._form("Cancel a stay", form, "Cancel the stay", save)

    def end(self) -> None:
        """Another last day: extend or shorten."""
        stay, service = self._chosen(), self.desk.services.apartments
        form = EndForm(stay)

        def save() -> None:
            chosen = form.read()
            if chosen is not None:
                end, reason = chosen
                said = f"The stay now ends on {wording.day(end - timedelta(days=1))}."
                self._send_end(form, lambda: service.extend(stay.id, stay.revision, end, reason), said, stay)

        self._form("Change the last day", form, "Save", save)

    def _send_end(self, form: EndForm, call: Any, said: str, before: Stay) -> None:
        service = self.desk.services.apartments

        def done(now: Stay) -> None:
            self._after(
                now, said, lambda: service.extend(now.id, now.revision, before.period.end, now.past_six_weeks_reason)
            )

        def failed(error: Exception) -> bool | None:
            return not form.form.set_problems(error) if isinstance(error, BadValue | BadValues) else False

        self.run(call, done, failed)

    def move_on(self) -> None:
        stay, service, today = self._chosen(), self.desk.services.apartments, self.today
        form = MovedOnForm()

        def save() -> None:
            went = form.read()
            if went is not None:
                self._change(
                    lambda: service.move_on(stay.id, stay.revision, today, *went),
                    "Moved on. The apartment is booked for cleaning.",
                    lambda now: service.reopen(now.id, now.revision, None),
                )

        self._form("Move on", form, "Moved on", save)

    def reopen(self) -> None:
        stay, service = self._chosen(), self.desk.services.apartments
        self._change(lambda: service.reopen(stay.id, stay.revision), "The person is in the apartment again.")

    # ------------------------------------------------------------------ commands

    def _is(self, *states: str, person: bool = False) -> bool:
        stay = self.board.stay
        return stay is not None and not stay.hidden and stay.state in states and (stay.kind == "stay" or not person)

    def _make_commands(self) -> list[Command]:
        def free() -> bool:
            return self.board.apartment is not None and self.board.stay is None

        def make(name: str, title: str, run: Any, shortcut: str, when: Any, icon: str = "") -> Command:
            return Command(f"apartments.{name}", title, run, shortcut, when, "Apartments", icon)

        def always() -> bool:
            return True

        return [
            make("book", "Book a stay", self.book, "B", always, "calendar-plus"),
            make("close", "Close days for cleaning or repair", self.close_days, "X", free, "prohibit"),
            make("arrive", "Moved in", self.arrive, "A", lambda: self._is("booked", person=True), "sign-in"),
            make("end", "Change the last day", self.end, "E", lambda: self._is("booked", "in_stay"), "calendar"),
            make("move_on", "Moved on", self.move_on, "M", lambda: self._is("in_stay", person=True), "sign-out"),
            make("cancel", "Cancel the stay", self.cancel, "Del", lambda: self._is("booked"), "x"),
            make("reopen", "Back in the apartment", self.reopen, "", lambda: self._is("ended", person=True)),
            make("waiting", "Who waits for an apartment", self.show_waiting, "W", always, "users"),
            make("today", "Go to today", lambda: self.board.go_to(self.today - timedelta(days=7)), "T", always),
            make("wider", "Wider days", lambda: self.board.zoom(1), "+", always),
            make("narrower", "Narrower days", lambda: self.board.zoom(-1), "-", always),
            make("save", "Save what is typed", lambda: self._save(), "Ctrl+Return", lambda: self._showing == "form"),
        ]

    def commands(self) -> list[Command]:
        return self._commands
