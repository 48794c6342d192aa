"""A stay is booked, or days are closed: what is asked first, at the side (N1, N2)."""

from __future__ import annotations

from datetime import date
from typing import Protocol, cast

from coordination.apartments.matching import Match
from coordination.apartments.model import Apartment, StayDraft, StayKind
from coordination.errors import BadValue, BadValues
from coordination.values import ApartmentId, DateRange, PersonId, ReferralId, StayId, new_id
from ui.apartments.page_acts import StayActs
from ui.apartments.page_view import PageView
from ui.apartments.side import BookingForm
from ui.apartments.waiting import WaitingList


class BookingPage(PageView, Protocol):
    """What booking asks of the page."""

    acts: StayActs
    waiting: WaitingList


class Booking:
    """Of one page."""

    def __init__(self, page: BookingPage) -> None:
        self._page = page

    def book_match(self, match: Match) -> None:
        """An apartment that fits whoever is chosen at the side, from when it is free."""
        assert match.free_from is not None
        self._page.board.choose(match.apartment.id, match.free_from)
        self._book(match.apartment, match.free_from)

    def book(self) -> None:
        """Book the chosen apartment, from the chosen day, for the referral that is chosen at the side."""
        apartment, day = self._page.board.apartment, self._page.board.day
        if apartment is not None and day is not None:
            self._book(apartment, max(day, self._page.today))

    def _book(self, apartment: Apartment, start: date) -> None:
        page, waiting = self._page, self._page.waiting.current
        if waiting is None:
            page.show_waiting()
            page.desk.notices.warn("Choose whom the stay is for: pick a referral at the side, then book.")
            return
        form = BookingForm(
            apartment, start, waiting.who, unmet=page.waiting.unmet(apartment.id, start),
            reason=waiting.request.reason if waiting.request else "",
        )  # fmt: skip
        self._ask("Book a stay", "Book", form, f"book {waiting.who}", waiting.person_id, waiting.referral_id)

    def close_days(self) -> None:
        """Close the chosen apartment for cleaning, repairs, or out of use."""
        apartment, day = self._page.board.apartment, self._page.board.day
        if apartment is not None and day is not None:
            form = BookingForm(apartment, day, "", closing=True)
            self._ask("Close days", "Close the days", form, f"close {apartment.label}", None, None)

    def _ask(
        self, title: str, confirm: str, form: BookingForm, label: str, person: PersonId | None,
        referral: ReferralId | None,
    ) -> None:  # fmt: skip
        page = self._page
        key, verb = StayId(new_id()), "Closed" if form.closing else "Booked"

        def save() -> None:
            draft = _draft(form, person, referral)
            if draft is not None:
                page.acts.do(
                    label, f"{verb} {form.apartment.label}.",
                    lambda _why, _allowed: page.acts.calendar.book(key, draft), form=form, retry=instead,
                )  # fmt: skip

        def instead(at: ApartmentId, days: DateRange) -> None:
            """What is free instead, into the form: to be looked at, and booked with Ctrl+Enter."""
            board = page.board.board
            if board is not None:
                form.apartment = board.apartment(at)
                form.form.set_values({"start": days.start, "last": days.last})
                page.board.choose(at, days.start)
                save()

        page.form(title, form, confirm, save)


def _draft(form: BookingForm, person: PersonId | None, referral: ReferralId | None) -> StayDraft | None:
    """What the form holds; None when a field says what is wrong with it."""
    form.form.clear_problems()
    try:
        kind = cast(StayKind, form.form.value("kind")) if form.closing else "stay"
        return StayDraft(
            form.apartment.id, form.period(), kind, person, referral, form.text("purpose"), form.text("reason"),
            form.text("past_six_weeks_reason"), form.text("instead_of"), form.overrides(),
        )  # fmt: skip
    except (BadValue, BadValues) as error:
        form.form.set_problems(error)
        return None
