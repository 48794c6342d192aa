"""Use cases of the tracker (N4): tasks of moving on, and apartments held for somebody who is in hospital again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID

from coordination.apartments.calendar_service import Calendar, Steps
from coordination.apartments.declines import DeclineFigures, decline_figures
from coordination.apartments.measures import GroupBy, Measures, measures
from coordination.apartments.model import Stay
from coordination.apartments.rules import check_words
from coordination.apartments.tracker_model import LONGEST_HOLD, MoveOnTask, TaskState, TrackerRow, urgency
from coordination.errors import BadValue, BadValues, BrokenRule, Conflict, Refused, obstacle
from coordination.reference import standing
from coordination.values import DateRange, StayId, UserName
from coordination.work import Begin, Work

LONGEST_WORDS, LONGEST_NOTE = 200, 500


class MoveOn:
    """Whoever is in an apartment, and what is between them and the next home."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._calendar = Calendar(begin)

    def rows(self, locality: str | None = None) -> tuple[TrackerRow, ...]:
        """Everybody in an apartment now, whoever is past a limit first. One query."""
        with self._begin() as work:
            today = work.tracker.today()
            found = work.tracker.rows(locality)
        return tuple(sorted(found, key=lambda row: urgency(row, today)))

    def figures(self, days: DateRange, by: GroupBy = "", locality: str | None = None) -> list[Measures]:
        """N5: what the apartments did in these days, by scheme, by locality or in all; figures keep their stays."""
        with self._begin() as work:
            return measures(work.tracker.facts(days, locality), days, by)

    def declines(self, days: DateRange, locality: str | None = None) -> list[DeclineFigures]:
        """Why apartments could not be offered in these days, by the code of the reason. One query."""
        with self._begin() as work:
            return decline_figures(work.placements.declines(days, locality), standing.read().decline_reasons)

    def owners(self) -> list[tuple[UserName, str]]:
        """Who a task can be given to: login and name."""
        with self._begin() as work:
            return work.tracker.owners()

    def finish(self, task: UUID, seen: int) -> MoveOnTask:
        """Done. Raises Conflict with the task as it stands."""
        return self._turn(task, seen, "done")

    def not_needed(self, task: UUID, seen: int, why: str) -> MoveOnTask:
        """Raises BadValues without a reason."""
        _check("note", why, LONGEST_NOTE, required=True)
        return self._turn(task, seen, "not_needed", why.strip())

    def open_again(self, task: UUID, seen: int) -> MoveOnTask:
        """Undo of the two above."""
        return self._turn(task, seen, "to_do")

    def change(
        self, task: UUID, seen: int, *, words: str, due_on: date, owner: UserName | None, blocked_by: str
    ) -> MoveOnTask:
        """Other words, day or owner; what is in its way. Raises BadValues, Conflict."""
        _check("words", words, LONGEST_WORDS, required=True)
        _check("blocked_by", blocked_by, LONGEST_NOTE)
        changes = {"words": words.strip(), "due_on": due_on, "owner": owner, "blocked_by": blocked_by.strip()}
        return self._changed(task, seen, changes)

    def add(self, key: UUID, stay: StayId, words: str, due_on: date, owner: UserName | None) -> MoveOnTask:
        """A task of this stay only. The id is the caller's: sending it again adds nothing twice."""
        _check("words", words, LONGEST_WORDS, required=True)
        with _owner_known(), self._begin() as work:
            work.tracker.add_task(key, stay, words.strip(), due_on, owner)
            return work.tracker.task(key)

    # ------------------------------------------------------------------ past six weeks

    def stays_longer(self, stay: StayId, seen: int, last_day: date, reason: str) -> Stay:
        """Another last day, not before today, and why (N3: past six weeks needs a reason). Raises BadValues, Conflict,
        Refused naming who has the days."""
        with self._begin() as work:
            current = _fresh(work, stay, seen)
            if last_day < work.tracker.today():
                raise BadValues((BadValue("last_day", "in_the_past"),))
        end = last_day + timedelta(days=1)
        days = DateRange(current.period.start, end)
        return _one(self._calendar.resize(stay, seen, days, reason), stay, current)

    def last_day_was(self, stay: StayId, seen: int, last_day: date) -> Stay:
        """Undo of ``stays_longer``: the day as it was, also one that has passed."""
        with self._begin() as work:
            current = _fresh(work, stay, seen)
        days = DateRange(current.period.start, last_day + timedelta(days=1))
        return _one(self._calendar.resize(stay, seen, days), stay, current)

    # ------------------------------------------------------------------ back in hospital

    def readmitted(
        self, stay: StayId, seen: int, since: date, days: int | None = None, past_six_weeks_reason: str = ""
    ) -> Stay:
        """Back in hospital: the apartment is held ``days`` from then (the setting ``apartment.hold_days``), and the
        stay goes on at least as long, so that nobody else is booked into it.

        Raises Refused when they are not in the apartment, or somebody else has one of those days; BadValues for a day
        before the stay, a hold past its limit, or past six weeks without a reason.
        """
        with self._begin() as work:
            current = _fresh(work, stay, seen)
            if current.state != "in_stay":
                raise Refused("hold", (obstacle("not_in_the_apartment", who=current.who),))
            today = work.tracker.today()
            held = days if days is not None else work.tracker.hold_days()
        problems = []
        if not current.period.start <= since <= today:
            problems.append(BadValue("since", "not_during_the_stay"))
        if not 1 <= held <= LONGEST_HOLD:
            problems.append(BadValue("days", "hold_too_long"))
        if problems:
            raise BadValues(tuple(problems))
        until = since + timedelta(days=held)
        end = max(current.period.end, until + timedelta(days=1))
        return _one(self._calendar.hold(stay, seen, since, until, end, past_six_weeks_reason), stay, current)

    def returned(self, stay: StayId, seen: int, end: date | None = None) -> Stay:
        """Back from hospital: no longer held, in the apartment as before. ``end``: with it the stay has its days only
        until then again (undo of ``readmitted``)."""
        return self._hold(stay, seen, None, None, end)

    def hold_again(self, stay: StayId, seen: int, since: date, until: date) -> Stay:
        """Undo of ``returned``."""
        return self._hold(stay, seen, since, until, None)

    def _hold(self, stay: StayId, seen: int, since: date | None, until: date | None, end: date | None) -> Stay:
        with self._begin() as work:
            current = _fresh(work, stay, seen)
        return _one(self._calendar.hold(stay, seen, since, until, end or current.period.end), stay, current)

    def _turn(self, task: UUID, seen: int, state: TaskState, note: str = "") -> MoveOnTask:
        changes: dict[str, object] = {"state": state, "note": note}
        if state != "to_do":
            changes["blocked_by"] = ""
        return self._changed(task, seen, changes)

    def _changed(self, task: UUID, seen: int, changes: dict[str, object]) -> MoveOnTask:
        with _owner_known(), self._begin() as work:
            done = work.tracker.change_task(task, seen, changes)
            now = work.tracker.task(task)
            if not done:
                raise Conflict("apartments", str(task), seen, now)
            return now


@contextmanager
def _owner_known() -> Iterator[None]:
    """An owner who cannot sign in is said at the field."""
    try:
        yield
    except BrokenRule as error:
        if error.constraint != "move_on_task_owner_fkey":
            raise
        raise BadValues((BadValue("owner", "not_a_colleague"),)) from error


def _one(steps: Steps, stay: StayId, before: Stay) -> Stay:
    """What became of the stay itself; as it was, when nothing changed."""
    return next((step.after for step in steps if step.after.id == stay), before)


def _check(name: str, words: str, longest: int, *, required: bool = False) -> None:
    problems = check_words(name, words.strip(), longest)
    if required and not words.strip():
        problems.append(BadValue(name, "step_missing"))
    if problems:
        raise BadValues(tuple(problems))


def _fresh(work: Work, stay: StayId, seen: int) -> Stay:
    current = work.apartments.stay(stay)
    if current.revision != seen:
        raise Conflict("apartments", str(stay), seen, current)
    return current
