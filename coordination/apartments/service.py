"""Use cases of the apartments, one method each (N1-N4). What changes the calendar stands in calendar_service.py."""

from __future__ import annotations

from datetime import date

from coordination.apartments.calendar_service import Calendar, Steps
from coordination.apartments.model import ApartmentBoard, Stay, StayDraft
from coordination.values import ApartmentId, DateRange, StayId
from coordination.work import Begin


class Apartments:
    """Apartments and stays: reading; and deeds of :class:`Calendar`, for whoever wants the stay and not the steps."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._calendar = Calendar(begin)

    def board(self, days: DateRange, locality: str | None = None) -> ApartmentBoard:
        """The calendar: apartments down, days across."""
        with self._begin() as work:
            return work.apartments.board(days, locality)

    def stay(self, stay: StayId) -> Stay:
        """Raises NotFound."""
        with self._begin() as work:
            return work.apartments.stay(stay)

    def book(self, stay: StayId, draft: StayDraft) -> Stay:
        return self._calendar.book(stay, draft)[0].after

    def move(self, stay: StayId, seen: int, apartment: ApartmentId, period: DateRange) -> Stay:
        return self._only(stay, self._calendar.move(stay, seen, apartment, period))

    def extend(self, stay: StayId, seen: int, end: date, past_six_weeks_reason: str = "") -> Stay:
        """Another end; ``end`` is the first day that is free again. N3: past six weeks needs a reason."""
        period = DateRange(self.stay(stay).period.start, end)
        return self._only(stay, self._calendar.resize(stay, seen, period, past_six_weeks_reason))

    def arrive(self, stay: StayId, seen: int) -> Stay:
        return self._only(stay, self._calendar.arrive(stay, seen))

    def cancel(self, stay: StayId, seen: int, reason: str) -> Stay:
        return self._only(stay, self._calendar.cancel(stay, seen, reason))

    def restore(self, stay: StayId, seen: int) -> Stay:
        """Undo of ``cancel``. Raises Refused when somebody has taken the days meanwhile."""
        return self._only(stay, self._calendar.restore(stay, seen))

    def reopen(self, stay: StayId, seen: int, end: date | None = None) -> Stay:
        """Undo of ``move_on``: back in the apartment until ``end``."""
        current = self.stay(stay)
        period = DateRange(current.period.start, end) if end else current.period
        return self._only(stay, self._calendar.resize(stay, seen, period, state="in_stay"))

    def move_on(self, stay: StayId, seen: int, last_day: date, went_to: str, code: str) -> Stay:
        return self._only(stay, self._calendar.move_on(stay, seen, last_day, went_to, code))

    def _only(self, stay: StayId, steps: Steps) -> Stay:
        """What became of the stay itself; as it stands, when nothing was different."""
        return next((step.after for step in steps if step.after.id == stay), None) or self.stay(stay)
