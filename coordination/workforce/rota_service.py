"""Use cases about rotas: the cycle, who works to it, exceptions, and the shifts made from them (D1, B1)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from coordination.clock import at_local, local_date
from coordination.errors import AlreadyExists, BadValue, BadValues, BrokenRule, Conflict, Refused, obstacle
from coordination.values import DateRange, TeamId, WorkerId
from coordination.workforce import rota as making
from coordination.workforce import rules
from coordination.workforce.model import Assigned, Assignment, Month, RollOut, Rota, RotaException

if TYPE_CHECKING:
    from coordination.work import Begin, Work

AHEAD = 28  # days for which shifts are made when a rota, or who works to it, changes


class Rotas:
    """Rotas. Shifts of the days to come follow every change in the same transaction; days gone by stay as they were."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def rotas(self, team: TeamId | None = None) -> list[Rota]:
        with self._begin() as work:
            return work.rotas.rotas(team)

    def rota(self, rota: UUID) -> Rota:
        with self._begin() as work:
            return work.rotas.rota(rota)

    def month(self, team: TeamId, first: date, days: int = 31) -> Month:
        """Workers by days: time at work, leave, sickness, what is asked. Four queries. Raises NotFound('team', …)."""
        with self._begin() as work:
            return work.rotas.month(team, [first + timedelta(days=n) for n in range(days)])

    # ------------------------------------------------------------------ rolling out

    def roll_out(self, team: TeamId, days: DateRange) -> RollOut:
        """Make the shifts of these days from the rotas of a team. Doing it again does nothing; shifts entered by hand
        stay; days gone by stay. What could not be done is told, with why."""
        with self._begin() as work:
            held = work.rotas.hold(team=team)
            return _roll(work, held, days.start, days.last)

    # ------------------------------------------------------------------ a rota

    def save(self, rota: Rota) -> tuple[Rota, RollOut | None]:
        """A new rota (revision 0) or one that changes. Raises BadValues (``name``, ``weeks``, ``first_monday``,
        ``spells.<week>.<weekday>``), Conflict('rota', …) with the Rota as it stands."""
        clean = making.check_rota(rota)
        try:
            with self._begin() as work:
                touched = work.rotas.hold(workers=work.rotas.workers_of(clean.id)) if clean.revision else ()
                if not work.rotas.put_rota(clean):
                    raise Conflict("rota", str(clean.id), clean.revision, work.rotas.rota(clean.id))
                done = _roll_ahead(work, touched) if touched else None
                return work.rotas.rota(clean.id), done
        except AlreadyExists as error:
            if error.constraint == "rota_pkey":  # sent twice
                return self.rota(clean.id), None
            raise BadValue("name", "taken") from error
        except BrokenRule as error:
            if error.constraint == "rota_spell_never_overlaps":
                raise BadValues((BadValue("spells", "overlaps"),)) from error
            raise

    def remove(self, rota: UUID, *, seen: int) -> None:
        """Raises Refused when somebody works to it, or did: such a rota is put out of use instead."""
        try:
            with self._begin() as work:
                if not work.rotas.drop_rota(rota, seen=seen):
                    raise Conflict("rota", str(rota), seen, work.rotas.rota(rota))
        except BrokenRule as error:
            raise Refused("remove_rota", (obstacle("rota_in_use"),)) from error

    # ------------------------------------------------------------------ who works to it

    def assign(self, wanted: Assignment) -> Assigned:
        """A worker works to a rota from a day on, or until a day. Whatever they worked to until then ends there.

        Raises BadValue('end', 'before_start'), BadValue('start', 'has_another') where a later one begins within it.
        """
        if wanted.end is not None and wanted.end <= wanted.start:
            raise BadValue("end", "before_start")
        try:
            with self._begin() as work:
                held = work.rotas.hold(workers=[wanted.worker_id])
                ended = _end_before(work, wanted) if wanted.revision == 0 else ()
                if not work.rotas.put_assignment(wanted):
                    raise Conflict("worker_rota", str(wanted.id), wanted.revision, work.rotas.assignment(wanted.id))
                now = work.rotas.assignment(wanted.id)
                assert now is not None
                return Assigned(now, _roll_ahead(work, held), ended)
        except BrokenRule as error:
            if error.constraint == "worker_rota_one_at_a_time":
                raise BadValue("start", "has_another") from error
            raise

    def undo_assign(self, done: Assigned) -> RollOut:
        """As it was before: what had ended for it goes on. Conflict when anybody has touched one of them since."""
        made = done.assignment

        def restore(work: Work) -> bool:
            fine = work.rotas.drop_assignment(made.id, seen=made.revision)
            for was in done.ended:
                fine = fine and work.rotas.put_assignment(replace(was, revision=was.revision + 1))
            return fine

        return self._changing(made.worker_id, restore, lambda work: Conflict(
            "worker_rota", str(made.id), made.revision, work.rotas.assignment(made.id)))  # fmt: skip

    def unassign(self, assignment: UUID, worker: WorkerId, *, seen: int) -> RollOut:
        """As if it had never been: shifts to come that were made from it go."""
        return self._changing(worker, lambda work: work.rotas.drop_assignment(assignment, seen=seen),
                              lambda work: Conflict("worker_rota", str(assignment), seen,
                                                    work.rotas.assignment(assignment)))  # fmt: skip

    # ------------------------------------------------------------------ exceptions

    def except_day(self, wanted: RotaException) -> RollOut:
        """One day that is not as the rota has it. Raises BadValues (``starts``, ``ends``, ``note``), BadValue('day',
        'has_one') where there is such a day already."""
        clean = rules.check_exception(wanted)
        try:
            return self._changing(clean.worker_id, lambda work: work.rotas.put_exception(clean),
                                  lambda work: Conflict("rota_exception", str(clean.id), clean.revision,
                                                        work.rotas.exception(clean.id)), clean.day)  # fmt: skip
        except AlreadyExists as error:
            raise BadValue("day", "has_one") from error

    def remove_exception(self, exception: RotaException) -> RollOut:
        gone = exception
        return self._changing(gone.worker_id, lambda work: work.rotas.drop_exception(gone.id, seen=gone.revision),
                              lambda work: Conflict("rota_exception", str(gone.id), gone.revision,
                                                    work.rotas.exception(gone.id)), gone.day)  # fmt: skip

    def _changing(
        self,
        worker: WorkerId,
        change: Callable[[Work], bool],
        stale: Callable[[Work], Conflict],
        day: date | None = None,
    ) -> RollOut:
        with self._begin() as work:
            held = work.rotas.hold(workers=[worker])
            if not change(work):
                raise stale(work)
            return _roll(work, held, day, day, whole=True) if day else _roll_ahead(work, held)


def _end_before(work: Work, wanted: Assignment) -> tuple[Assignment, ...]:
    """What the worker works to on the day on which another begins ends there; as it was before."""
    (pattern,), _ = work.rotas.patterns([wanted.worker_id], [wanted.start])
    found = tuple(a for a in pattern.assignments if a.id != wanted.id and a.start < wanted.start)
    for there in found:
        work.rotas.put_assignment(replace(there, end=wanted.start))
    return found


def _roll_ahead(work: Work, workers: Collection[WorkerId]) -> RollOut:
    """From today to as far as shifts are made already, at least four weeks."""
    today = local_date(work.now)
    last = max(work.rotas.rolled_to(workers) or today, today + timedelta(days=AHEAD - 1))
    return _roll(work, workers, today, last)


def _roll(work: Work, workers: Collection[WorkerId], first: date, last: date, *, whole: bool = False) -> RollOut:
    """The workers are held already. ``whole``: the hours of today that have begun too, because it is about this day."""
    today = local_date(work.now)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1) if first + timedelta(days=n) >= today]
    past = (obstacle("days_gone_by", first=first, last=min(last, today - timedelta(days=1))),) if first < today else ()
    if not days or not workers:
        return RollOut(first, last, 0, 0, 0, past)
    patterns, rotas = work.rotas.patterns(workers, days)
    begun = None if whole else work.now
    plans = [(p.worker_id, making.plan(p, rotas, days, begun)) for p in patterns]
    add = [(worker, wanted) for worker, plan in plans for wanted in plan.add]
    remove = [s.id for _, plan in plans for s in plan.remove]
    work.rotas.write_shifts(add, remove)
    told = (*past, *(o for _, plan in plans for o in plan.told))
    end = at_local(days[-1] + timedelta(days=1), 12)
    given = work.workforce.given(workers, work.now) if add or remove else ()
    left = tuple(g for g in given if "off_shift" in g.why and g.window.start < end)
    return RollOut(days[0], days[-1], len(add), len(remove), sum(len(plan.keep) for _, plan in plans), told, left)
