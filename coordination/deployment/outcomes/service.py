"""Use cases of what really happened (D5): outcomes, paper sheets entered late, and who declines again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from coordination.clock import local_date
from coordination.deployment.model import Step, Visit
from coordination.deployment.outcomes import rules, steps
from coordination.deployment.outcomes.model import (
    Choices,
    DaySaved,
    DeclinedOften,
    Entry,
    NotEntered,
    PaperSheet,
    ProtocolStep,
    Trace,
    Worklist,
)
from coordination.deployment.outcomes.reference import numbers
from coordination.deployment.rules import explains, refused_by_database
from coordination.errors import (
    AlreadyExists,
    BadValue,
    BadValues,
    BrokenRule,
    Conflict,
    CoordinationError,
    NotFound,
    Refused,
    obstacle,
)
from coordination.values import TeamId, VisitId, WorkerId

if TYPE_CHECKING:
    from coordination.work import Begin, Work

_T = TypeVar("_T")
LOOKS_BACK = timedelta(days=28)  # how far the worklist of a team reaches


class Outcomes:
    """What happened at visits. The database refuses what must not be, and keeps what was said before."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    # ------------------------------------------------------------------ reading

    def choices(self) -> Choices:
        """Reasons and endings, in the order in which they are offered."""
        with self._begin() as work:
            return work.outcomes.choices()

    def protocol(self) -> tuple[ProtocolStep, ...]:
        """What is done when nobody is found, as a new case would have it."""
        with self._begin() as work:
            return work.outcomes.protocol()

    def trace(self, visit: VisitId) -> Trace:
        """How a visit ended, what was said before, and the visits that it was moved from and to."""
        with self._begin() as work:
            store = work.outcomes
            return Trace(store.happened(visit), tuple(store.former(visit)), *store.moved(visit))

    def worklist(self, team: TeamId) -> Worklist:
        """Workers' days of the last four weeks with visits that should be over and have no outcome."""
        with self._begin() as work:
            rows, missing = work.outcomes.pending(team, local_date(work.now) - LOOKS_BACK, work.now)
            return Worklist(rows, missing, work.now)

    def sheet(self, team: TeamId, day: date, worker: WorkerId | None) -> PaperSheet:
        """A worker's day in the order of the sheet; None: the team's visits that nobody was sent to. NotFound."""
        with self._begin() as work:
            found = work.outcomes.sheet(team, day, worker)
            if found is None:
                raise NotFound("worker", str(worker))
            return found

    # ------------------------------------------------------------------ entering

    def record(self, entry: Entry) -> Step:
        """One visit, as it happens. Raises BadValues, Refused('end', …), Conflict with the visit, NotFound."""
        saved = self.save_day([entry], from_paper=False)
        if saved.refused:
            raise saved.refused[0].error
        return saved.steps[0]

    def save_day(self, entries: Sequence[Entry], *, from_paper: bool = True) -> DaySaved:
        """A whole sheet in one transaction: what can be saved is, and what cannot comes back with its reason; also what
        would take back something that has gone on since, as a delivery that is on its way back.

        Entering a visit that has an outcome corrects it; the former value is kept. No access opens a case.
        """

        def save(work: Work, one_by_one: bool) -> DaySaved:
            choices = work.outcomes.choices()

            def check(before: Visit, entry: Entry) -> None:
                rules.check_entry(entry, before, choices, work.now)
                steps.may_correct(before, entry, work.now)

            def enter(before: Visit, entry: Entry) -> None:
                steps.correct(work, before, entry, rules.said(entry, choices), from_paper=from_paper)

            wanted = [(e.visit, e.seen, e) for e in entries]
            return _each(work, "ended", wanted, enter, check, one_by_one=one_by_one)

        return self._whole_or_each(save)

    def undo_day(self, saved: DaySaved) -> DaySaved:
        """Every visit of a saved sheet as it stood before, in one transaction. One that somebody has touched since
        stays as it is, and comes back as refused. Undoing what this returns enters the day again.

        Raises Refused('undo', …) when a worker has been sent elsewhere meanwhile: nothing is changed then.
        """
        before = {step.after.id: step.before for step in saved.steps}
        wanted = [(s.after.id, s.after.revision, before[s.after.id]) for s in reversed(saved.steps)]

        def undo(work: Work, one_by_one: bool) -> DaySaved:
            return _each(
                work, "undone", wanted, lambda now, then: steps.restore(work, then, now), one_by_one=one_by_one
            )

        try:
            return self._whole_or_each(undo)
        except (BrokenRule, AlreadyExists) as error:
            if not explains(error.constraint):
                raise
            raise Refused("undo", (refused_by_database(error.constraint),)) from error

    def _whole_or_each(self, change: Callable[[Work, bool], DaySaved]) -> DaySaved:
        """All of it at once; where what one visit carried has gone on, each by itself: only that one is refused."""
        try:
            with self._begin() as work:
                return change(work, False)
        except (BrokenRule, AlreadyExists) as error:
            if not _went_on(error.constraint):
                raise
        with self._begin() as work:
            return change(work, True)

    # ------------------------------------------------------------------ who declines again and again

    def declined_often(self) -> list[DeclinedOften]:
        """Who has declined three visits within the last seven days: those whose plan I lead first."""
        with self._begin() as work:
            today = local_date(work.now)
            since = today - timedelta(days=numbers().declined_days - 1)
            found = [d for d in work.outcomes.declined(since, today) if rules.declines_often(d.days, today)]
            me = work.actor.user_name
            return sorted(found, key=lambda d: (d.lead_worker != me, -len(d.days), d.person))


def _went_on(constraint: str) -> bool:
    """True when what a visit brought or took away stands in the way of saying otherwise of it (D6)."""
    return constraint.startswith(("delivery_", "equipment_"))


def _each(
    work: Work,
    what: str,
    wanted: Sequence[tuple[VisitId, int, _T]],
    change: Callable[[Visit, _T], None],
    check: Callable[[Visit, _T], None] = lambda _visit, _how: None,
    *,
    one_by_one: bool = False,
) -> DaySaved:
    """Lock all visits, always in the same order, then change one after another; one that is refused stays as it was.
    ``one_by_one``: also one that the database refuses."""
    refused: dict[VisitId, CoordinationError] = {}
    ids = [visit for visit, _, _ in wanted]
    work.outcomes.lock(ids)
    there = work.outcomes.visits(ids)
    for visit, seen, how in wanted:
        before = there.get(visit)
        if before is None:
            refused[visit] = NotFound("visit", str(visit))
        elif before.revision != seen:
            refused[visit] = Conflict("visit", str(visit), seen, before)
        else:
            try:
                check(before, how)
            except (BadValue, BadValues, Refused) as error:
                refused[visit] = error
                continue
            try:
                with work.outcomes.alone() if one_by_one else nullcontext():
                    work.deployment.hold_visit(visit, seen=seen)
                    change(before, how)
            except (BrokenRule, AlreadyExists) as error:
                if not one_by_one or not _went_on(error.constraint):
                    raise
                refused[visit] = Refused("end", (obstacle("delivery_went_on"),))
    done = [visit for visit in ids if visit not in refused]
    now = work.outcomes.visits(done)
    return DaySaved(
        tuple(Step(what, there[v], now[v]) for v in done),
        tuple(NotEntered(v, refused[v]) for v in ids if v in refused),
    )
