"""Everything that changes the calendar of the apartments (N3, N4). Each deed is one transaction, gives back the steps
that it was made of, and can be taken back by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from coordination.apartments import calendar, rules
from coordination.apartments.criteria import CRITERIA, not_taken
from coordination.apartments.model import ApartmentBoard, Pause, Stay, StayDraft, StayState, StayStep
from coordination.apartments.referrals_service import override
from coordination.errors import BadValue, BadValues, BrokenRule, Conflict, Obstacle, Refused, obstacle
from coordination.values import ApartmentId, DateRange, StayId
from coordination.work import Begin, Work

EXPLAINED = {
    "stay_apartment_free", "stay_person_once", "stay_within_lease", "stay_one_inside", "stay_apartment_accepts",
}  # fmt: skip
LONGEST_PAUSE_REASON = 500
Steps = tuple[StayStep, ...]
Main = Callable[[ApartmentBoard], Sequence[Stay]]


class Calendar:
    """Stays booked, moved, extended, exchanged, split, ended; days closed; apartments that take nobody in.

    All raise Conflict (somebody was quicker; the record as it stands), Refused (what is in the way, then what is free
    instead), BadValues, NotFound, NotAllowed.
    """

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    # ------------------------------------------------------------------ booking and moving

    def book(self, stay: StayId, draft: StayDraft) -> Steps:
        """A stay with the cleaning and inspection after it, or days that are closed. The id is the caller's: sending it
        again gives back the stay as it stands, and changes nothing."""
        problems = rules.check_draft(draft)
        if problems:
            raise BadValues(tuple(problems))
        with self._begin() as work:
            known = work.apartments.stays([stay])
        if known:
            return (_made(known[0]),)
        booked = calendar.booked(stay, draft)
        return self._do("book", [], draft.period, lambda _board: [booked], allowed=dict(draft.overrides))

    def move(
        self,
        stay: StayId,
        seen: int,
        apartment: ApartmentId,
        period: DateRange,
        past_six_weeks_reason: str = "",
        overrides: Mapping[str, str] | None = None,
    ) -> Steps:
        """To another apartment, other days, or both; extending and shortening are moves of an end. ``overrides``: as
        in StayDraft, where the other scheme does not take them."""
        action = "move"

        def main(board: ApartmentBoard) -> list[Stay]:
            current = _on(board, stay)
            why = past_six_weeks_reason.strip() or current.past_six_weeks_reason
            return [replace(current, apartment_id=apartment, period=period, past_six_weeks_reason=why)]

        return self._do(action, [(stay, seen)], period, main, allowed=overrides)

    def resize(
        self,
        stay: StayId,
        seen: int,
        period: DateRange,
        past_six_weeks_reason: str = "",
        state: StayState | None = None,
    ) -> Steps:
        """Longer or shorter, in the same apartment. ``state``: with it, as ``reopen`` does."""

        def main(board: ApartmentBoard) -> list[Stay]:
            current = _on(board, stay)
            if state is not None:
                rules.check_move(current, state)
            why = past_six_weeks_reason.strip() or current.past_six_weeks_reason
            went = "" if state is not None and state != "ended" else current.went_to
            now = state or current.state
            return [replace(current, period=period, past_six_weeks_reason=why, state=now, went_to=went)]

        return self._do("extend", [(stay, seen)], period, main)

    def swap(
        self,
        one: tuple[StayId, int],
        other: tuple[StayId, int],
        day: date | None = None,
        overrides: Mapping[str, str] | None = None,
    ) -> Steps:
        """Two stays exchange their apartments, whole or from ``day`` on: both or neither. Pairs of id and revision."""

        def main(board: ApartmentBoard) -> Sequence[Stay]:
            return calendar.swapped(board, _on(board, one[0]), _on(board, other[0]), day)

        return self._do("swap", [one, other], None, main, allowed=overrides)

    def split(
        self, stay: StayId, seen: int, day: date, apartment: ApartmentId, overrides: Mapping[str, str] | None = None
    ) -> Steps:
        """From ``day`` on in another apartment: a part of its own, counted from the first day on (N3)."""

        def main(board: ApartmentBoard) -> Sequence[Stay]:
            return calendar.split(board, _on(board, stay), day, apartment)

        return self._do("split", [(stay, seen)], None, main, allowed=overrides)

    # ------------------------------------------------------------------ coming and going

    def arrive(self, stay: StayId, seen: int) -> Steps:
        """The person has moved in. Of a stay that goes on from another apartment: they have left that one, and whoever
        changes places with them has moved too."""
        return self._do("book", [(stay, seen)], None, lambda board: _arrived(board, _on(board, stay)))

    def cancel(self, stay: StayId, seen: int, reason: str) -> Steps:
        """Give the days back, with those of cleaning and inspection. The reason is kept."""
        words = reason.strip()
        problems = rules.check_words("reason", words, rules.LONGEST_REASON)
        if problems or not words:
            raise BadValues(tuple(problems) or (BadValue("reason", "required"),))

        def main(board: ApartmentBoard) -> list[Stay]:
            current = _on(board, stay)
            rules.check_move(current, "cancelled")
            return [replace(current, state="cancelled", reason=words)]

        return self._do("cancel", [(stay, seen)], None, main)

    def restore(self, stay: StayId, seen: int) -> Steps:
        """Booked again: what was cancelled, or somebody who had not moved in after all."""

        def main(board: ApartmentBoard) -> list[Stay]:
            current = _on(board, stay)
            rules.check_move(current, "booked")
            return [replace(current, state="booked")]

        return self._do("book", [(stay, seen)], None, main)

    def move_on(self, stay: StayId, seen: int, last_day: date, went_to: str, code: str) -> Steps:
        """The person has left: the days after ``last_day`` are free again, but for cleaning and inspection.

        ``code``: where they went (N5), of ``resources/reference/move_on.toml``; ``went_to`` in words.
        """
        problems = rules.check_words("went_to", went_to, rules.LONGEST_MOVE_ON)
        if not code:
            problems.append(BadValue("code", "required"))
        if problems:
            raise BadValues(tuple(problems))

        def main(board: ApartmentBoard) -> list[Stay]:
            current = _on(board, stay)
            rules.check_move(current, "ended")
            days = DateRange(current.period.start, max(last_day, current.period.start) + timedelta(days=1))
            return [replace(current, state="ended", period=days, move_on=went_to, went_to=code)]

        return self._do("move_on", [(stay, seen)], DateRange(last_day, last_day + timedelta(days=1)), main)

    def hold(
        self,
        stay: StayId,
        seen: int,
        since: date | None,
        until: date | None,
        end: date,
        past_six_weeks_reason: str = "",
    ) -> Steps:
        """Kept for somebody in hospital from ``since`` to the end of ``until``, or no longer (both None); the stay has
        its days until ``end``, the first that is free again. Refused where somebody else has one of them."""

        def main(board: ApartmentBoard) -> list[Stay]:
            current = _on(board, stay)
            days = DateRange(current.period.start, end)
            why = past_six_weeks_reason.strip() or current.past_six_weeks_reason
            return [replace(current, away_since=since, hold_until=until, period=days, past_six_weeks_reason=why)]

        return self._do("hold", [(stay, seen)], None, main)

    def take_back(self, steps: Sequence[StayStep]) -> Steps:
        """Everything that these steps changed as it was before, or nothing. Gives the steps of taking back."""
        if not steps:  # what was done had changed nothing
            return ()
        rows = [replace(step.before, revision=step.after.revision) for step in steps]
        seen = [(step.after.id, step.after.revision) for step in steps]
        return self._do("stay_undo", seen, None, lambda _board: rows, follow=False)

    # ------------------------------------------------------------------ not accepting

    def pause(self, pause: UUID, apartment: ApartmentId, start: date, end: date | None, reason: str) -> Pause:
        """The apartment takes nobody in from ``start`` until ``end`` (None: until further notice). Who is there stays,
        and who is booked stays booked: the board marks them."""
        words = reason.strip()
        problems = rules.check_words("reason", words, LONGEST_PAUSE_REASON)
        if not words:
            problems.append(BadValue("reason", "required"))
        if end is not None and end <= start:
            problems.append(BadValue("last", "ends_before_it_starts"))
        if problems:
            raise BadValues(tuple(problems))
        try:
            with self._begin() as work:
                work.apartments.add_pause(pause, apartment, start, end, words)
                return work.apartments.pauses([pause])[0]
        except BrokenRule as error:
            if error.constraint != "apartment_pause_once":
                raise
            raise Refused("apartment_pause", self._paused_already(apartment, start, end)) from None

    def lift(self, pause: UUID, seen: int) -> None:
        """The apartment accepts again."""
        with self._begin() as work:
            work.apartments.turn_pause(pause, seen, on=False)

    def pause_again(self, pause: UUID, seen: int) -> Pause:
        """Undo of ``lift``."""
        try:
            with self._begin() as work:
                work.apartments.turn_pause(pause, seen, on=True)
                return work.apartments.pauses([pause])[0]
        except BrokenRule as error:
            if error.constraint != "apartment_pause_once":
                raise
            raise Refused("apartment_pause", (obstacle("apartment_pause_once"),)) from None

    def _paused_already(self, apartment: ApartmentId, start: date, end: date | None) -> tuple[Obstacle, ...]:
        with self._begin() as work:
            board = work.apartments.board(DateRange(start, end or start + timedelta(days=3650)), None)
        there = board.apartment(apartment)
        found = [o for p in board.pauses_of(apartment) for o in rules.not_accepting(board, there, max(p.start, start))]
        return tuple(found) or (obstacle("apartment_pause_once"),)

    # ------------------------------------------------------------------ how

    def _do(
        self,
        action: str,
        seen: Sequence[tuple[StayId, int]],
        days: DateRange | None,
        main: Main,
        *,
        follow: bool = True,
        allowed: Mapping[str, str] | None = None,
    ) -> Steps:
        """Look, plan and write while nobody else does. The database has the last word; what it refuses is looked up."""
        made: calendar.Plan | None = None
        try:
            with self._begin() as work:
                work.apartments.alone()
                today = work.apartments.today()
                known = _fresh(work, seen)
                board = work.apartments.board_around([k.id for k in known], days or known[0].period)
                board = _with(board, known)
                wanted = tuple(main(board))
                _check(board, wanted)
                made = calendar.plan(board, wanted, work.apartments.lengths()) if follow else _as_it_was(wanted)
                found = calendar.in_the_way(board, made)
                if found:
                    raise Refused(action, found + (calendar.offers(board, made, today) if follow else ()))
                after = work.apartments.write(made.rows)
                for row in wanted if allowed else ():
                    override(work, row.id, allowed or {})
                before = {row.id: row for row in board.stays}
                return tuple(_step(before.get(row.id), row) for row in after)
        except BrokenRule as error:
            if error.constraint == CRITERIA:
                raise Refused(action, not_taken(error.detail)) from None
            if error.constraint not in EXPLAINED:
                raise
            raise Refused(action, (obstacle(error.constraint),)) from None


def _fresh(work: Work, seen: Sequence[tuple[StayId, int]]) -> list[Stay]:
    """The stays, if they are still as the screen saw them."""
    found = {s.id: s for s in work.apartments.stays([key for key, _ in seen])}
    for key, revision in seen:
        current = found.get(key) or work.apartments.stay(key)
        if current.revision != revision:
            raise Conflict("apartments", str(key), revision, current)
    return [found[key] for key, _ in seen]


def _with(board: ApartmentBoard, known: Sequence[Stay]) -> ApartmentBoard:
    """The board with rows on it that are cancelled."""
    there = {s.id for s in board.stays}
    return replace(board, stays=(*board.stays, *(s for s in known if s.id not in there)))


def _on(board: ApartmentBoard, stay: StayId) -> Stay:
    found = board.stay(stay)
    assert found is not None  # read in this transaction, and put on the board
    return found


def _as_it_was(rows: Sequence[Stay]) -> calendar.Plan:
    return calendar.Plan(tuple(rows), tuple(rows))


def _made(row: Stay) -> StayStep:
    return StayStep(replace(row, state="cancelled", reason=row.reason or "Taken back", revision=0), row)


def _step(before: Stay | None, after: Stay) -> StayStep:
    return _made(after) if before is None else StayStep(before, after)


def _check(board: ApartmentBoard, wanted: Sequence[Stay]) -> None:
    """N3 over all parts of a stay; ends in order."""
    for row in wanted:
        if row.state == "cancelled":
            continue
        problems = [p for p in rules.check_draft(calendar.as_draft(row)) if row != board.stay(row.id)]
        over = row.kind == "stay" and row.whole_days > rules.SIX_WEEKS and not row.past_six_weeks_reason
        if over and not problems:
            problems.append(BadValue("past_six_weeks_reason", "past_six_weeks_needs_reason"))
        if problems:
            raise BadValues(tuple(problems))


def _arrived(board: ApartmentBoard, stay: Stay) -> list[Stay]:
    rules.check_move(stay, "in_stay")
    rows = [replace(stay, state="in_stay", went_to="")]
    before = board.stay(stay.continues) if stay.continues is not None else None
    if before is None or before.state != "in_stay":
        return rows
    rows.append(replace(before, state="ended"))
    inside = next((s for s in board.of(stay.apartment_id) if s.state == "in_stay" and s.kind == "stay"), None)
    if inside is not None:
        partner = next(
            (s for s in board.of(before.apartment_id) if s.continues == inside.id and s.state == "booked"), None
        )
        if partner is not None:
            rows += [replace(inside, state="ended"), replace(partner, state="in_stay")]
    return rows
