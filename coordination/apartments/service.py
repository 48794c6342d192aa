"""Use cases of the apartments, one method each (N1-N4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from coordination.apartments import rules
from coordination.apartments.model import ApartmentBoard, Stay, StayDraft, StayState, Waiting
from coordination.errors import AlreadyExists, BadValue, BadValues, BrokenRule, Conflict, Obstacle, Refused, obstacle
from coordination.values import ApartmentId, DateRange, StayId, new_id
from coordination.work import Begin, Work

_MARGIN = timedelta(days=60)
_TAKEN = {"stay_apartment_free", "stay_person_once", "stay_within_lease"}


class Apartments:
    """Apartments and stays."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def board(self, days: DateRange, locality: str | None = None) -> ApartmentBoard:
        """The calendar: apartments down, days across."""
        with self._begin() as work:
            return work.apartments.board(days, locality)

    def waiting(self, limit: int = 100) -> list[Waiting]:
        """Open referrals for an apartment that have no stay yet, the earliest due first."""
        with self._begin() as work:
            return work.apartments.waiting(limit)

    def stay(self, stay: StayId) -> Stay:
        """Raises NotFound."""
        with self._begin() as work:
            return work.apartments.stay(stay)

    def book(self, stay: StayId, draft: StayDraft) -> Stay:
        """Book a stay, or close days for cleaning or repairs. The id is the caller's, so that sending again is safe.

        Raises BadValues for what the draft lacks, Refused naming the booking in the way and the nearest free days.
        """
        problems = rules.check_draft(draft)
        if problems:
            raise BadValues(tuple(problems))
        return self._explained("book", stay, draft, lambda work: work.apartments.add(stay, draft))

    def move(self, stay: StayId, seen: int, apartment: ApartmentId, period: DateRange) -> Stay:
        """To another apartment, other days, or both. Raises Conflict, Refused, BadValues."""
        return self._redate("move", stay, seen, apartment, period, None)

    def extend(self, stay: StayId, seen: int, end: date, past_six_weeks_reason: str = "") -> Stay:
        """Another end; ``end`` is the first day that is free again. N3: past six weeks needs a reason."""
        current = self.stay(stay)
        period = DateRange(current.period.start, end)
        return self._redate("extend", stay, seen, current.apartment_id, period, past_six_weeks_reason or None)

    def arrive(self, stay: StayId, seen: int) -> Stay:
        """The person has moved in."""
        return self._turn(stay, seen, "in_stay")

    def cancel(self, stay: StayId, seen: int, reason: str) -> Stay:
        """Give the days back. The reason is kept; ``restore`` undoes it while the days are free. Raises BadValues."""
        words = reason.strip()
        problems = rules.check_words("reason", words, rules.LONGEST_REASON) or (
            [] if words else [BadValue("reason", "required")]
        )
        if problems:
            raise BadValues(tuple(problems))
        with self._begin() as work:
            rules.check_move(_fresh(work, stay, seen), "cancelled")
            return work.apartments.change(stay, seen, state="cancelled", reason=words)

    def restore(self, stay: StayId, seen: int) -> Stay:
        """Undo of ``cancel``. Raises Refused when somebody has taken the days meanwhile."""
        return self._turn(stay, seen, "booked")

    def reopen(self, stay: StayId, seen: int, end: date | None = None) -> Stay:
        """Undo of ``move_on``: back in the apartment until ``end``."""
        current = self.stay(stay)
        period = DateRange(current.period.start, end) if end else current.period
        return self._redate("extend", stay, seen, current.apartment_id, period, None, state="in_stay")

    def move_on(self, stay: StayId, seen: int, last_day: date, went_to: str, code: str) -> Stay:
        """The person has left: the days after ``last_day`` are free again, but for the cleaning that follows.

        ``code``: where they went (N5), of ``resources/reference/move_on.toml``; ``went_to`` in words. Raises BadValues.
        """
        problems = rules.check_words("went_to", went_to, rules.LONGEST_MOVE_ON)
        if not code:
            problems.append(BadValue("code", "required"))
        if problems:
            raise BadValues(tuple(problems))
        with self._begin() as work:
            current = _fresh(work, stay, seen)
            rules.check_move(current, "ended")
            end = max(last_day, current.period.start) + timedelta(days=1)
            ended = work.apartments.change(
                stay, seen, state="ended", period=DateRange(current.period.start, end), move_on=went_to, went_to=code
            )
            self._clean_after(work, ended)
            return ended

    def _clean_after(self, work: Work, ended: Stay) -> None:
        """N4: cleaning takes days too. Left out where the next booking begins at once."""
        days = DateRange.of(ended.period.end, rules.CLEANING_DAYS)
        cleaning = StayDraft(ended.apartment_id, days, "cleaning")
        if not rules.in_the_way(work.apartments.board(days, None), cleaning):
            work.apartments.add(StayId(new_id()), cleaning)

    def _turn(self, stay: StayId, seen: int, state: StayState) -> Stay:
        with self._begin() as work:
            current = work.apartments.stay(stay)
        draft = StayDraft(current.apartment_id, current.period, current.kind, current.person_id)

        def change(work: Work) -> Stay:
            rules.check_move(_fresh(work, stay, seen), state)
            return work.apartments.change(stay, seen, state=state)

        return self._explained("book", stay, draft, change)

    def _redate(
        self,
        action: str,
        stay: StayId,
        seen: int,
        apartment: ApartmentId,
        period: DateRange,
        past_reason: str | None,
        state: StayState | None = None,
    ) -> Stay:
        current = self.stay(stay)
        if current.revision != seen:
            raise Conflict("apartments", str(stay), seen, current)
        draft = StayDraft(
            apartment, period, current.kind, current.person_id, current.referral_id, current.purpose,
            current.reason, past_reason or current.past_six_weeks_reason,
        )  # fmt: skip
        problems = rules.check_draft(draft)
        if problems:
            raise BadValues(tuple(problems))

        def change(work: Work) -> Stay:
            return work.apartments.change(
                stay, seen, apartment=apartment, period=period, past_six_weeks_reason=past_reason, state=state,
            )  # fmt: skip

        return self._explained(action, stay, draft, change)

    def _explained(self, action: str, stay: StayId, draft: StayDraft, change: Callable[[Work], Stay]) -> Stay:
        """Do it; when the database refuses because the days are taken, say by whom and what is free instead."""
        try:
            with self._begin() as work:
                return change(work)
        except BrokenRule as error:
            if error.constraint not in _TAKEN:
                raise
            raise Refused(action, self._reasons(stay, draft, error)) from None
        except AlreadyExists as error:
            if error.constraint != "stay_one_inside":
                raise
            raise Refused(action, self._inside(draft)) from None

    def _inside(self, draft: StayDraft) -> tuple[Obstacle, ...]:
        """Who has not left yet, so that nobody else can move in."""
        days = DateRange(draft.period.start - _MARGIN, draft.period.end)
        with self._begin() as work:
            board = work.apartments.board(days, None)
        apartment = board.apartment(draft.apartment_id)
        inside = [s for s in board.of(apartment.id) if s.state == "in_stay"]
        who = inside[0].who if inside else ""
        return (obstacle("still_inside", apartment=apartment.label, who=who),)

    def _reasons(self, stay: StayId, draft: StayDraft, error: BrokenRule) -> tuple[Obstacle, ...]:
        days = DateRange(draft.period.start - _MARGIN, draft.period.end + 2 * _MARGIN)
        with self._begin() as work:
            board = work.apartments.board(days, None)
        others = replace(board, stays=tuple(s for s in board.stays if s.id != stay))
        reasons = rules.in_the_way(others, draft) or (obstacle(error.constraint),)
        return reasons + self._instead(others, draft)

    def _instead(self, board: ApartmentBoard, draft: StayDraft) -> tuple[Obstacle, ...]:
        apartment = board.apartment(draft.apartment_id)
        found: list[Obstacle] = []
        here = rules.first_free(board, apartment, draft.period.days, draft.period.start)
        if here is not None:
            found.append(obstacle("free_here_from", apartment=apartment.label, start=here))
        for other in board.apartments:
            if other.id != apartment.id and other.locality == apartment.locality:
                free = rules.first_free(board, other, draft.period.days, draft.period.start)
                if free == draft.period.start:
                    found.append(obstacle("free_elsewhere", apartment=other.label, start=free))
        return tuple(found[:3])


def _fresh(work: Work, stay: StayId, seen: int) -> Stay:
    """The stay, if it is still as the screen saw it. Raises Conflict."""
    current = work.apartments.stay(stay)
    if current.revision != seen:
        raise Conflict("apartments", str(stay), seen, current)
    return current
