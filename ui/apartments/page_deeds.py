"""The verbs of the page: what is asked before something is done to the chosen stay or apartment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from coordination.apartments.model import Stay, StayStep
from coordination.errors import BadValue, BadValues
from coordination.values import DateRange, new_id
from ui import wording
from ui.apartments.editors import EndForm, MovedOnForm, ReasonForm
from ui.apartments.page_forms import DaysForm, PauseForm, SplitForm, SwapForm

if TYPE_CHECKING:
    from ui.apartments.board import ApartmentsBoard
    from ui.apartments.page_acts import StayActs
    from ui.desk import Desk

Steps = Sequence[StayStep]


class PageDeeds:
    """Of the apartments' page."""

    desk: Desk
    board: ApartmentsBoard
    acts: StayActs

    @property
    def today(self) -> date:
        raise NotImplementedError

    def form(self, title: str, form: Any, words: str, save: Callable[[], object]) -> None:
        raise NotImplementedError

    def _chosen(self) -> Stay:
        stay = self.board.stay
        assert stay is not None
        return stay

    def _read(self, form: Any) -> Any:
        """What a form holds; None when a field says what is wrong with it."""
        form.form.clear_problems()
        try:
            return form.read()
        except (BadValue, BadValues) as error:
            form.form.set_problems(error)
            return None

    # ------------------------------------------------------------------ coming and going

    def arrive(self) -> None:
        stay, calendar = self._chosen(), self.acts.calendar
        who = stay.who or "The person"
        self.acts.do(f"{who} moved in", f"{who} has moved in.", lambda *_: calendar.arrive(stay.id, stay.revision))

    def move_on(self) -> None:
        stay, calendar, today = self._chosen(), self.acts.calendar, self.today
        form = MovedOnForm()

        def save() -> None:
            went = form.read()
            if went is not None:
                self.acts.do(
                    f"{stay.who} moved on", "Moved on. The apartment is booked for cleaning and inspection.",
                    lambda *_: calendar.move_on(stay.id, stay.revision, today, *went), form=form,
                )  # fmt: skip

        self.form("Move on", form, "Moved on", save)

    def reopen(self) -> None:
        stay, calendar = self._chosen(), self.acts.calendar
        self.acts.do(
            f"{stay.who} back in the apartment", "The person is in the apartment again.",
            lambda *_: calendar.resize(stay.id, stay.revision, stay.period, state="in_stay"),
        )  # fmt: skip

    def cancel(self) -> None:
        stay, calendar = self._chosen(), self.acts.calendar
        form = ReasonForm("Why is it cancelled?")

        def save() -> None:
            reason = form.reason()
            if reason:
                self.acts.do(
                    f"cancel {stay.who or 'closed days'}", "Cancelled; the days are free again.",
                    lambda *_: calendar.cancel(stay.id, stay.revision, reason), form=form,
                )  # fmt: skip

        self.form("Cancel a stay", form, "Cancel the stay", save)

    # ------------------------------------------------------------------ days and apartments

    def end(self) -> None:
        """Another last day: extend or shorten."""
        stay, calendar = self._chosen(), self.acts.calendar
        form = EndForm(stay)

        def save() -> None:
            chosen = form.read()
            if chosen is None:
                return
            end, reason = chosen
            days = DateRange(stay.period.start, end)

            def call(why: str, _allowed: Mapping[str, str]) -> Steps:
                return calendar.resize(stay.id, stay.revision, days, why or reason)

            last = wording.day(end - timedelta(days=1))
            self.acts.do(
                f"{stay.who or 'closed days'} until {last}", f"The stay now ends on {last}.", call, form=form,
                retry=lambda at, offered: self.acts.place(stay, at, offered, None, reason),
            )  # fmt: skip

        self.form("Change the last day", form, "Save", save)

    def days(self) -> None:
        """First and last day, also of a stay that is over: what was recorded wrongly is set right."""
        stay, form = self._chosen(), DaysForm(self._chosen())

        def save() -> None:
            found = self._read(form)
            if found is not None:
                start, end, why = found
                self.acts.place(stay, stay.apartment_id, DateRange(start, end), form, why)

        self.form("Change the days", form, "Save", save)

    def swap(self) -> None:
        """With somebody who has another apartment on some of the same days."""
        stay, board = self._chosen(), self.board.board
        if board is None:
            return
        others = [
            s for s in board.stays
            if s.kind == "stay" and not s.hidden and s.state in ("booked", "in_stay") and s.period.end > self.today
            and s.apartment_id != stay.apartment_id
        ]  # fmt: skip
        if not others:
            self.desk.notices.warn(
                "Nobody else has an apartment now or later, so there is nobody to change places with."
            )
            return
        others.sort(key=lambda s: (not s.period.overlaps(stay.period), s.who))
        form = SwapForm(board, stay, others, self.today if stay.state == "in_stay" else None)

        def save() -> None:
            found = self._read(form)
            if found is not None:
                self.acts.swap(stay, found[0], found[1], form)

        self.form("Change places", form, "Change places", save)

    def split(self) -> None:
        """Part of the stay in another apartment."""
        stay, board, day = self._chosen(), self.board.board, self.board.day
        if board is None or day is None:
            return
        first = max(day, self.today) if stay.state == "in_stay" else day
        form = SplitForm(board, stay, max(first, stay.period.start + timedelta(days=1)))

        def save() -> None:
            found = self._read(form)
            if found is not None:
                self.acts.split(stay, found[1], found[0], form)

        self.form("Go on in another apartment", form, "Save", save)

    # ------------------------------------------------------------------ not accepting

    def pause(self) -> None:
        """The chosen apartment takes nobody in from the chosen day on."""
        apartment, day = self.board.apartment, self.board.day
        if apartment is None or day is None:
            return
        form, key = PauseForm(apartment, day), new_id()

        def save() -> None:
            found = self._read(form)
            if found is not None:
                start, end, reason = found
                self.acts.pause(key, apartment.id, start, end, reason, form)

        self.form("Takes nobody in", form, "Save", save)

    def accept(self) -> None:
        """It accepts again."""
        pause = self.chosen_pause
        if pause is not None:
            self.acts.lift(pause)

    @property
    def chosen_pause(self) -> Any:
        raise NotImplementedError

    # ------------------------------------------------------------------ elsewhere

    def open_record(self) -> None:
        stay = self._chosen()
        if stay.person_id is not None:
            self.desk.go.to("person", stay.person_id)

    def copy(self) -> None:
        """All that is seen, a line a stay, to paste into a message."""
        from ui.apartments.page_list import copy_seen

        copy_seen(self)  # type: ignore[arg-type]

    def as_list(self) -> None:
        """All that is seen as a table: to sort, print and export."""
        from ui.apartments.page_list import StayList

        if self.board.board is not None:
            StayList(self).show()  # type: ignore[arg-type]

    def print_board(self) -> None:
        """The calendar as it is seen, on A4 across."""
        from ui.apartments.page_paper import print_board

        if self.board.board is not None:
            print_board(self)  # type: ignore[arg-type]
