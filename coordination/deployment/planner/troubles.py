"""What cannot be planned, whatever the others do, each with a reason that names it; everything else still is."""

from __future__ import annotations

from collections.abc import Iterator

from coordination.deployment.model import Board, Visit
from coordination.deployment.planner.model import Model
from coordination.deployment.suggest import free_time
from coordination.errors import Obstacle, obstacle


def troubles(model: Model, planned: Board) -> tuple[Obstacle, ...]:
    """Visits that no plan could place, then what a plan of the day could not know: a worker without a base."""
    workers = _of_workers(model.board) if model.whole_day else ()
    return (*_of_visits(model, planned), *_past(model, planned), *workers)


def _of_visits(model: Model, planned: Board) -> Iterator[Obstacle]:
    visit_of = {job: visit for visit, job in model.job_of.items()}
    for fault in model.faults:
        if fault.job not in visit_of:
            continue
        visit = planned.visit_by_id[visit_of[fault.job]]
        if visit.free_slots:
            yield _said(model, visit, fault.kind)


def _said(model: Model, visit: Visit, kind: str) -> Obstacle:
    board, person = model.board, visit.person.listed
    window = visit.arrive
    if kind == "nobody_able":
        return _nobody(board, visit)
    if kind == "longer_than_any_span":
        return obstacle("plan_longer_than_any_shift", person=person, minutes=visit.minutes, longest=_longest(board))
    if kind == "one_crew_for_two":
        return obstacle("plan_one_for_two", person=person)
    if kind == "gap_too_long":
        return obstacle("plan_gap_cannot_be", person=person)
    if model.not_before is not None and window.end < model.not_before:
        return obstacle("plan_window_past", person=person, start=window.start, end=window.end)
    return obstacle("plan_nobody_at_work_then", person=person, start=window.start, end=window.end)


def _nobody(board: Board, visit: Visit) -> Obstacle:
    """The skill that nobody has, if that is it; else that nobody has everything that is asked."""
    at_work = [w for w in board.workers if w.at_work]
    for code in visit.skills:
        in_date = (s for w in at_work for s in w.skills if s.expires_on is None or s.expires_on >= visit.day)
        if all(s.code != code for s in in_date):
            return obstacle("plan_skill_nobody_has", person=visit.person.listed, skill=board.skills.get(code, code))
    return obstacle("plan_nobody_may", person=visit.person.listed)


def _past(model: Model, planned: Board) -> Iterator[Obstacle]:
    """Placed all the same, as soon as it can be: but it is late already."""
    named = {fault.job for fault in model.faults}
    for visit in planned.visits:
        job = model.job_of.get(visit.id)
        past = model.not_before is not None and visit.arrive.end < model.not_before
        if job is not None and job not in named and past and visit.starts is not None:
            yield obstacle(
                "plan_window_past_placed",
                person=visit.person.listed,
                start=visit.arrive.start,
                end=visit.arrive.end,
                at=visit.starts,
            )


def _of_workers(board: Board) -> Iterator[Obstacle]:
    for worker in board.workers:
        if worker.place is None and worker.at_work:
            yield obstacle("plan_no_base", worker=worker.name)


def _longest(board: Board) -> int:
    """Minutes of the longest stretch that anybody is at work."""
    stretches = (s for w in board.workers for s in free_time(w.at_work, (a.window for a in w.away)))
    return max((s.minutes for s in stretches), default=0)
