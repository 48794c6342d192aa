"""Use cases of the tracker (N4): tasks of moving on, and apartments held for somebody who is in hospital again."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from coordination.apartments.measures import GroupBy, Measures, measures
from coordination.apartments.model import Stay
from coordination.apartments.rules import check_words
from coordination.apartments.tracker_model import LONGEST_HOLD, MoveOnTask, TaskState, TrackerRow, urgency
from coordination.errors import BadValue, BadValues, BrokenRule, Conflict, Refused, obstacle
from coordination.values import DateRange, StayId, UserName
from coordination.work import Begin, Work

LONGEST_WORDS, LONGEST_NOTE = 200, 500


class MoveOn:
    """Whoever is in an apartment, and what is between them and the next home."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

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
        with self._begin() as work:
            return _changed(work, task, seen, changes)

    def add(self, key: UUID, stay: StayId, words: str, due_on: date, owner: UserName | None) -> MoveOnTask:
        """A task of this stay only. The id is the caller's: sending it again adds nothing twice."""
        _check("words", words, LONGEST_WORDS, required=True)
        with self._begin() as work:
            work.tracker.add_task(key, stay, words.strip(), due_on, owner)
            return work.tracker.task(key)

    # ------------------------------------------------------------------ back in hospital

    def readmitted(self, stay: StayId, seen: int, since: date, days: int | None = None) -> Stay:
        """Back in hospital: the apartment is held ``days`` from then (the setting ``apartment.hold_days``).

        Raises Refused when they are not in the apartment, BadValues for a day before the stay or a hold past its limit.
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
            return self._hold(work, stay, seen, since, since + timedelta(days=held))

    def returned(self, stay: StayId, seen: int) -> Stay:
        """Back from hospital: no longer held, in the apartment as before."""
        with self._begin() as work:
            _fresh(work, stay, seen)
            return self._hold(work, stay, seen, None, None)

    def hold_again(self, stay: StayId, seen: int, since: date, until: date) -> Stay:
        """Undo of ``returned``."""
        with self._begin() as work:
            _fresh(work, stay, seen)
            return self._hold(work, stay, seen, since, until)

    def _hold(self, work: Work, stay: StayId, seen: int, since: date | None, until: date | None) -> Stay:
        work.tracker.hold(stay, seen, since, until)
        return work.apartments.stay(stay)

    def _turn(self, task: UUID, seen: int, state: TaskState, note: str = "") -> MoveOnTask:
        changes: dict[str, object] = {"state": state, "note": note}
        if state != "to_do":
            changes["blocked_by"] = ""
        with self._begin() as work:
            return _changed(work, task, seen, changes)


def _changed(work: Work, task: UUID, seen: int, changes: dict[str, object]) -> MoveOnTask:
    try:
        done = work.tracker.change_task(task, seen, changes)
    except BrokenRule as error:
        if error.constraint != "move_on_task_owner_fkey":
            raise
        raise BadValues((BadValue("owner", "not_a_colleague"),)) from error
    now = work.tracker.task(task)
    if not done:
        raise Conflict("apartments", str(task), seen, now)
    return now


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
