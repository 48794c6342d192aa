"""Use cases about leave and sickness, and the visits of whoever is away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from coordination.clock import at_local
from coordination.deployment.model import Step, Visit
from coordination.errors import AlreadyExists, BadValue, BrokenRule, Conflict, NotFound, Refused
from coordination.values import VisitId, Window, WorkerId
from coordination.workforce import rules
from coordination.workforce.model import Absence, AbsenceDraft, Changed, Given
from coordination.workforce.service import stranded

if TYPE_CHECKING:
    from coordination.work import Begin, Work


_AGAIN = 3  # times that visits given meanwhile are gone after


class _GivenMeanwhile(Exception):
    """The worker was given another visit before they could be held."""


class Absences:
    """Leave and sickness. Everything that changes one tells which visits it leaves without their worker."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    # ------------------------------------------------------------------ absence

    def enter(self, draft: AbsenceDraft, *, free: bool = False) -> Changed:
        """Somebody is away. With ``free`` the visits that they have been given meanwhile are taken back in the same
        transaction, pinned or not: nobody is there to go. Sending it again is safe.

        Raises BadValues (``last``, ``category``), BadValue('first', 'away_already') where the span overlaps leave, or
        sickness, that is entered already.
        """
        rules.check_absence(draft)

        def put(work: Work) -> tuple[Absence | None, Absence | None]:
            window = rules.absence_window(draft, work.absences.work(draft.worker_id, _around(draft.first, draft.last)))
            wanted = Absence(draft.id, draft.worker_id, draft.kind, draft.category, window)
            work.absences.put(wanted)
            return None, work.absences.absence(draft.id)

        try:
            return self._changing(draft.worker_id, put, free=_around(draft.first, draft.last) if free else None)
        except AlreadyExists:  # sent before
            with self._begin() as work:
                now = work.absences.absence(draft.id)
                return Changed(None, now, _in_the_way(work, now))

    def change(self, draft: AbsenceDraft, *, seen: int, free: bool = False) -> Changed:
        """Another span or category of the absence with the draft's id."""
        rules.check_absence(draft)

        def put(work: Work) -> tuple[Absence | None, Absence | None]:
            before = work.absences.absence(draft.id)
            window = rules.absence_window(draft, work.absences.work(draft.worker_id, _around(draft.first, draft.last)))
            _put(work, Absence(draft.id, draft.worker_id, draft.kind, draft.category, window, revision=seen))
            return before, work.absences.absence(draft.id)

        return self._changing(draft.worker_id, put, free=_around(draft.first, draft.last) if free else None)

    def back_on(self, absence: Absence, day: date, *, midday: bool = False) -> Changed:
        """Ended early: at work again on ``day``, or from the middle of its hours. An absence of which nothing is left
        is gone. Raises BadValue('back', 'after_end') when it ends before that anyway."""

        def cut(work: Work) -> tuple[Absence | None, Absence | None]:
            hours = work.absences.work(absence.worker_id, _around(day, day))
            end = rules.midday(day, hours) if midday else at_local(day, 0)
            if end >= absence.window.end:
                raise BadValue("back", "after_end")
            if end <= absence.window.start:
                _drop(work, absence)
                return absence, None
            _put(work, _with(absence, Window(absence.window.start, end)))
            return absence, work.absences.absence(absence.id)

        return self._changing(absence.worker_id, cut)

    def remove(self, absence: Absence) -> Changed:
        """Entered by mistake."""

        def drop(work: Work) -> tuple[Absence | None, Absence | None]:
            _drop(work, absence)
            return absence, None

        return self._changing(absence.worker_id, drop)

    def undo(self, done: Changed) -> Changed:
        """As it was before, with the visits that were taken back given again. Conflict when anybody has touched it, or
        one of the visits, since; Refused when one of them cannot be given again. Then nothing is undone."""
        now, wanted = done.after, done.before
        about = now or wanted
        assert about is not None

        def restore(work: Work) -> tuple[Absence | None, Absence | None]:
            if now is not None and wanted is None:
                _drop(work, now)
            elif wanted is not None:
                _put(work, _with(wanted, wanted.window, seen=now.revision if now else 0))
            put_back(work, done.freed)
            return now, work.absences.absence(wanted.id) if wanted else None

        return self._changing(about.worker_id, restore, back=done.freed)

    # ------------------------------------------------------------------ visits

    def free(self, given: Sequence[Given]) -> tuple[Step, ...]:
        """Take these visits back from their workers in one transaction, pinned or not; the other of a double-up stays.
        Raises Conflict with the visit as it stands when one of them has changed: then none is taken back."""
        with self._begin() as work:
            return take_back(work, given)

    def unfree(self, steps: Sequence[Step]) -> None:
        """Give them again. Raises Conflict, Refused; then none is given."""
        try:
            with self._begin() as work:
                put_back(work, steps)
        except BrokenRule as error:
            raise _refused(error) from error

    def _changing(
        self, worker: WorkerId, change: Callable[[Work], tuple[Absence | None, Absence | None]], *,
        free: Window | None = None, back: Sequence[Step] = (),
    ) -> Changed:  # fmt: skip
        """Visits are held before workers, as by whoever gives a visit: ``free`` is when visits may be taken back,
        ``back`` are those that are given again."""
        for left in range(_AGAIN, 0, -1):
            try:
                with self._begin() as work:
                    return _changed(work, worker, change, free, back, last_try=left == 1)
            except _GivenMeanwhile:
                continue
            except BrokenRule as error:
                if error.constraint in ("shift_leave_once", "shift_sickness_once"):
                    raise BadValue("first", "away_already") from error
                raise _refused(error) from error
        raise AssertionError("the last try returns or raises")


def _changed(
    work: Work, worker: WorkerId, change: Callable[[Work], tuple[Absence | None, Absence | None]],
    free: Window | None, back: Sequence[Step], *, last_try: bool,
) -> Changed:  # fmt: skip
    held = {step.before.id for step in back}
    if free is not None:
        held |= {g.visit_id for g in work.workforce.given([worker], work.now) if g.window.overlaps(free)}
    work.absences.hold_visits(sorted(held))
    work.rotas.hold(workers=sorted({worker, *(a.worker_id for step in back for a in step.before.allocations)}))
    before, after = change(work)
    left = _in_the_way(work, after)
    if free is not None and not last_try and not {g.visit_id for g in left} <= held:
        raise _GivenMeanwhile
    freed = take_back(work, left) if free is not None else ()
    unseen = work.absences.unseen(after) if after else 0
    return Changed(before, after, () if free is not None else left, freed, unseen)


def _refused(error: BrokenRule) -> Exception:
    from coordination.deployment import rules as of_deployment

    if of_deployment.explains(error.constraint):
        return Refused("give_again", (of_deployment.refused_by_database(error.constraint),))
    return error


def _in_the_way(work: Work, absence: Absence | None) -> tuple[Given, ...]:
    """Visits during the absence that are still to be."""
    if absence is None:
        return ()
    return tuple(g for g in stranded(work, absence.worker_id) if g.window.overlaps(absence.window))


def take_back(work: Work, given: Sequence[Given]) -> tuple[Step, ...]:
    """Of each visit the allocations to those workers. Visits are held in the order of their ids, by everybody."""
    steps = []
    of_visit: dict[VisitId, list[Given]] = {}
    for each in sorted(given, key=lambda g: g.visit_id):
        of_visit.setdefault(each.visit_id, []).append(each)
    for visit, halves in of_visit.items():
        before, seen = _visit(work, visit), halves[0].revision
        if not work.deployment.hold_visit(visit, seen=seen):
            raise Conflict("visit", str(visit), seen, before)
        gone = {half.allocation_id for half in halves}
        work.deployment.remove_allocations(visit, [a for a in before.allocations if a.id in gone])
        steps.append(Step("unallocated", before, _visit(work, visit)))
    return tuple(steps)


def put_back(work: Work, steps: Sequence[Step]) -> None:
    """The workers that ``take_back`` took it from, at the same time. Visits first, then workers: as everybody does."""
    for step in sorted(steps, key=lambda s: s.before.id):
        if not work.deployment.hold_visit(step.before.id, seen=step.after.revision):
            now = work.deployment.visit(step.before.id)
            raise Conflict("visit", str(step.before.id), step.after.revision, now)
    work.deployment.hold_workers(sorted({a.worker_id for s in steps for a in s.before.allocations}))
    for step in steps:
        there = {a.id for a in step.after.allocations}
        for held in step.before.allocations:
            if held.id not in there:
                work.deployment.put_allocation(step.before.id, held)


def _visit(work: Work, visit: VisitId) -> Visit:
    found = work.deployment.visit(visit)
    if found is None:
        raise NotFound("visit", str(visit))
    return found


def _around(first: date, last: date) -> Window:
    return Window(at_local(first, 0), at_local(last + timedelta(days=1), 0))


def _with(absence: Absence, window: Window, seen: int | None = None) -> Absence:
    return Absence(
        absence.id, absence.worker_id, absence.kind, absence.category, window,
        revision=absence.revision if seen is None else seen,
    )  # fmt: skip


def _put(work: Work, wanted: Absence) -> None:
    if not work.absences.put(wanted):
        raise Conflict("absence", str(wanted.id), wanted.revision, _now(work, wanted.id))


def _drop(work: Work, absence: Absence) -> None:
    if not work.absences.drop(absence.id, seen=absence.revision):
        raise Conflict("absence", str(absence.id), absence.revision, _now(work, absence.id))


def _now(work: Work, absence: UUID) -> Absence | None:
    try:
        return work.absences.absence(absence)
    except NotFound:
        return None
