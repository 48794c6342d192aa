"""Use cases of the deployment area, one method each (D1-D5, B1)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from coordination.deployment import other_day, rules
from coordination.deployment.drafts import check_drafts
from coordination.deployment.model import Allocation, Board, Outcome, Step, Team, Visit, VisitDraft
from coordination.deployment.outcomes import steps
from coordination.deployment.sheets import SheetData, sheets
from coordination.errors import AlreadyExists, BadValue, BrokenRule, Conflict, NotFound, Obstacle, Refused, obstacle
from coordination.values import AllocationId, TeamId, VisitId, Window, WorkerId, new_id

if TYPE_CHECKING:
    from coordination.work import Begin, Work


class Deployment:
    """Workers, shifts, visits, allocations.

    What changes a visit takes the visit as the screen ``seen`` it, by id and revision, and gives back a ``Step``.
    All of them raise Conflict (with the visit as it stands), Refused (with everything in the way), NotFound.
    """

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    # ------------------------------------------------------------------ reading

    def teams(self, service: str | None = None) -> list[Team]:
        """Teams in order of name: of one service, or all."""
        with self._begin() as work:
            return work.deployment.teams(service=service)

    def skills(self) -> dict[str, str]:
        """Names of all skills, by code."""
        with self._begin() as work:
            return work.deployment.skills()

    def board(self, team: TeamId, day: date) -> Board:
        """One team's day. A constant number of queries, whatever the size."""
        with self._begin() as work:
            return _board(work, team, day)

    def visit(self, visit: VisitId) -> Visit:
        with self._begin() as work:
            return _visit(work, visit)

    def visits(self, visits: Sequence[VisitId]) -> list[Visit]:
        """Some visits as they stand; those that are not there, or not shared, are left out."""
        with self._begin() as work:
            return work.deployment.visits(visits)

    def sheets(self, team: TeamId, day: date, workers: Collection[WorkerId] | None = None) -> SheetData:
        """What is to be printed of a team's published day, with what changed since (D4): everybody, or ``workers``."""
        with self._begin() as work:
            board, published = _board(work, team, day), work.published.latest(team, day)
            return sheets(board, work.now, work.actor.display_name, workers, published)

    # ------------------------------------------------------------------ planning

    def plan_visits(self, drafts: Sequence[VisitDraft]) -> tuple[VisitId, ...]:
        """Plan visits, from a plan action or by themselves. Sending the same drafts again plans nothing twice.

        Raises BadValues: fields as in VisitDraft, prefixed with the draft's place in the list when there are several;
        BadValue for a skill, NotFound for a person or a team, that is not there.
        """
        check_drafts(drafts)
        try:
            with self._begin() as work:
                work.deployment.add_visits(drafts)
        except BrokenRule as error:
            raise _cannot_plan(error) from error
        return tuple(d.id for d in drafts)

    # ------------------------------------------------------------------ giving visits to workers

    def allocate(
        self,
        visit: VisitId,
        worker: WorkerId,
        start: datetime,
        slot: int | None = None,
        *,
        seen: int,
        allocation: AllocationId | None = None,
    ) -> Step:
        """Give a visit (or one half of a double-up) to a worker. ``slot`` None: the first that is free.

        A partner who is there already begins at the new time too (D1). Sending it again with the same
        ``allocation`` id is safe.
        """
        fresh = allocation or AllocationId(new_id())

        def place(work: Work, before: Visit) -> None:
            at = slot or rules.slot_for(before, worker)
            self._put(work, before, at, worker, start, fresh)

        return self._change("allocated", visit, seen, place, lambda: (worker, start, slot), again=fresh)

    def move(self, visit: VisitId, slot: int, worker: WorkerId, start: datetime, *, seen: int) -> Step:
        """Another time, another worker, or both. The other half of a double-up comes along in time."""

        def place(work: Work, before: Visit) -> None:
            held = before.at_slot(slot)
            if held is None:
                raise NotFound("allocation", f"{visit}/{slot}")
            self._put(work, before, slot, worker, start, held.id)

        return self._change("moved", visit, seen, place, lambda: (worker, start, slot))

    def unallocate(self, visit: VisitId, slot: int | None = None, *, seen: int) -> Step:
        """Take a visit back from its worker; both halves of a double-up when ``slot`` is None."""

        def take(work: Work, before: Visit) -> None:
            chosen = [a for a in before.allocations if slot in (None, a.slot)]
            in_the_way = _over(before) + [_pin(before, a) for a in chosen if a.pinned]
            if in_the_way:
                raise Refused("unallocate", tuple(in_the_way))
            work.deployment.remove_allocations(before.id, chosen)

        return self._change("unallocated", visit, seen, take)

    def pin(self, visit: VisitId, pinned: bool = True, *, seen: int) -> Step:
        """A pinned visit stays with its workers at its time until it is released."""

        def fix(work: Work, before: Visit) -> None:
            in_the_way = _over(before)
            if not before.allocations:
                in_the_way.append(obstacle("nobody_sent", person=before.person.listed))
            if in_the_way:
                raise Refused("pin", tuple(in_the_way))
            for held in before.allocations:
                work.deployment.put_allocation(before.id, replace(held, pinned=pinned))

        return self._change("pinned" if pinned else "released", visit, seen, fix)

    # ------------------------------------------------------------------ how a visit ends (D5)

    def end(self, visit: VisitId, outcome: Outcome, reason: str = "", *, seen: int) -> Step:
        """Done, no access, declined, cancelled or missed. All but done need a ``reason`` (BadValue).

        A visit cancelled, or declined before its time, frees its workers; otherwise who went stays on record.
        """
        if outcome != "done" and not reason.strip():
            raise BadValue("reason", "missing")

        def finish(work: Work, before: Visit) -> None:
            steps.finish(work, before, outcome, reason.strip())

        return self._change("ended", visit, seen, finish)

    def move_to(self, visit: VisitId, day: date, arrive: Window, reason: str, *, seen: int, new_visit: VisitId) -> Step:
        """To another day: this visit ends as moved, and ``new_visit`` is planned, unplaced, for that day."""
        if not reason.strip():
            raise BadValue("reason", "missing")

        def carry(work: Work, before: Visit) -> None:
            in_the_way = _over(before)
            if in_the_way:
                raise Refused("end", tuple(in_the_way))
            other_day.carry(work, before, day, arrive, reason.strip(), new_visit)

        return self._change("moved_day", visit, seen, carry, stands_for=new_visit)

    def reopen(self, visit: VisitId, *, seen: int) -> Step:
        """An outcome recorded by mistake: the visit is planned again, with whoever is still on it."""

        def again(work: Work, before: Visit) -> None:
            if before.state in ("planned", "moved"):
                raise Refused("reopen", (obstacle("cannot_reopen", person=before.person.listed, state=before.state),))
            work.deployment.set_state(before.id, "planned", "")

        return self._change("reopened", visit, seen, again)

    # ------------------------------------------------------------------ undo

    def undo(self, step: Step) -> Step:
        """Put one visit back as it stood before ``step``, unless anybody has touched it since (Conflict).

        Undoing what this returns does it again. With a visit that went to another day the one that stands for it goes,
        unless it was given or changed since (Refused).
        """
        if not can_undo(step):
            raise Refused("undo", (obstacle("cannot_undo", what=step.what),))
        wanted = step.before

        def restore(work: Work, before: Visit) -> None:
            if step.stands_for is not None:
                other_day.turn(work, step.stands_for)
            steps.restore(work, wanted, before)

        held = wanted.allocations[0] if wanted.allocations else None
        where = (lambda: (held.worker_id, held.window.start, held.slot)) if held else None
        other = step.stands_for.id if step.stands_for is not None else None
        return self._change("undone", wanted.id, step.after.revision, restore, where, stands_for=other)

    # ------------------------------------------------------------------ inside

    def _put(
        self, work: Work, before: Visit, slot: int | None, worker: WorkerId, start: datetime, as_id: AllocationId
    ) -> None:
        """One allocation, and its partner at the same time. The database checks each row (D2)."""
        partner = rules.partner_of(before, slot)
        in_the_way = _over(before) + _fixed(before, slot, worker, start)
        if in_the_way or slot is None:
            raise Refused("allocate", tuple(in_the_way) or (_full(before),))
        work.deployment.hold_workers([worker, *([partner.worker_id] if partner else [])])
        held = before.at_slot(slot)
        period = Window.of(start, before.minutes)
        work.deployment.put_allocation(before.id, Allocation(as_id, worker, slot, period, bool(held and held.pinned)))
        if partner is not None and partner.window.start != start:
            work.deployment.put_allocation(before.id, replace(partner, window=period))

    def _change(
        self,
        what: str,
        visit: VisitId,
        seen: int,
        change: Callable[[Work, Visit], None],
        where: Callable[[], tuple[WorkerId, datetime, int | None]] | None = None,
        again: AllocationId | None = None,
        stands_for: VisitId | None = None,
    ) -> Step:
        """One transaction on one visit, guarded by its revision. What the database refuses is looked up again in a
        new transaction, and raised as everything that the board shows to be in the way."""
        try:
            with self._begin() as work:
                before = _visit(work, visit)
                if again is not None and (done := _sent_before(before, again)):
                    return Step(what, done, before)
                if not work.deployment.hold_visit(visit, seen=seen):
                    raise Conflict("visit", str(visit), seen, _visit(work, visit))
                change(work, before)
                return Step(what, before, _visit(work, visit), _visit(work, stands_for) if stands_for else None)
        except (BrokenRule, AlreadyExists) as error:
            if not rules.explains(error.constraint):
                raise
            raise Refused(what, self._explain(visit, error.constraint, where)) from error

    def _explain(
        self, visit: VisitId, constraint: str, where: Callable[[], tuple[WorkerId, datetime, int | None]] | None
    ) -> tuple[Obstacle, ...]:
        with self._begin() as work:
            now = _visit(work, visit)
            board = _board(work, now.team_id, now.day)
            found: tuple[Obstacle, ...] = ()
            if where is not None:
                worker_id, start, slot = where()
                worker = board.worker_by_id.get(worker_id) or work.deployment.worker(worker_id, now.day)
                found = rules.obstacles(board, now, worker, start, slot) if worker is not None else ()
            return found or (rules.refused_by_database(constraint),)


def _cannot_plan(error: BrokenRule) -> Exception:
    """A foreign key says what is not there."""
    missing = {"visit_person_id_fkey": "person", "visit_team_id_fkey": "team"}
    if error.constraint == "visit_skill_skill_fkey":
        return BadValue("skills", "not_known")
    return NotFound(missing[error.constraint], "") if error.constraint in missing else error


def can_undo(step: Step) -> bool:
    """A visit that went to another day goes back with the one that stands for it only."""
    return step.stands_for is not None or "moved" not in (step.after.state, step.before.state)


def _visit(work: Work, visit: VisitId) -> Visit:
    found = work.deployment.visit(visit)
    if found is None:
        raise NotFound("visit", str(visit))
    return found


def _board(work: Work, team: TeamId, day: date) -> Board:
    found = work.deployment.board(team, day)
    if found is None:
        raise NotFound("team", str(team))
    return found


def _sent_before(visit: Visit, allocation: AllocationId) -> Visit | None:
    """The visit without the allocation that is already there, when the same request was sent before."""
    rest = tuple(a for a in visit.allocations if a.id != allocation)
    return replace(visit, allocations=rest) if len(rest) < len(visit.allocations) else None


def _over(visit: Visit) -> list[Obstacle]:
    return [obstacle("visit_over", person=visit.person.listed, state=visit.state)] if visit.is_over else []


def _pin(visit: Visit, held: Allocation) -> Obstacle:
    return obstacle("pinned", person=visit.person.listed, start=held.window.start)


def _full(visit: Visit) -> Obstacle:
    return obstacle("fully_placed", person=visit.person.listed, needed=visit.workers_needed)


def _fixed(visit: Visit, slot: int | None, worker: WorkerId, start: datetime) -> list[Obstacle]:
    """Pins in the way: of this allocation, or of the partner who would have to come along."""
    held = visit.at_slot(slot) if slot else None
    found = []
    if held is not None and held.pinned and (held.worker_id, held.window.start) != (worker, start):
        found.append(_pin(visit, held))
    partner = rules.partner_of(visit, slot)
    if partner is not None and partner.pinned and partner.window.start != start:
        found.append(obstacle("partner_pinned", worker="", person=visit.person.listed, start=partner.window.start))
    return found
