"""The day goes wrong: somebody falls ill or runs late, or a visit is needed that nobody planned. What the board would
be like then, before anybody has saved it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from coordination.deployment.model import Board, Elsewhere, PersonBrief, Shift, Visit, VisitDraft, Worker
from coordination.errors import BadValue
from coordination.values import VisitId, Window, WorkerId, new_id


@dataclass(frozen=True, slots=True)
class Ill:
    """``worker`` is ill during ``window``: visits that begin in it, or reach into it, go to others. A pin does not
    hold somebody who is ill. ``shift`` is the id under which the sickness is kept."""

    worker: WorkerId
    window: Window
    shift: UUID


@dataclass(frozen=True, slots=True)
class RunningLate:
    """``worker`` cannot begin another visit before ``until``; ``since`` is now. ``marker`` names the time on the board
    that is being looked at, and is kept nowhere."""

    worker: WorkerId
    since: datetime
    until: datetime
    marker: VisitId


@dataclass(frozen=True, slots=True)
class Urgent:
    """A visit that is needed now, not yet on the board."""

    draft: VisitDraft
    person: PersonBrief


Happened = Ill | RunningLate | Urgent


def ill(worker: Worker, since: datetime) -> Ill:
    """From ``since``, or the begin of their shift if that is later, until the end of the day's last one.

    Raises BadValue('worker', 'not_at_work') when nothing of their shifts is left, 'away_already' when they are away."""
    left = [w for w in worker.at_work if w.end > since]
    if not left:
        raise BadValue("worker", "not_at_work")
    start = max(since, min(w.start for w in left))
    window = Window(start, max(w.end for w in left))
    if any(s.kind == "sickness" and s.window.overlaps(window) for s in worker.away):
        raise BadValue("worker", "away_already")
    return Ill(worker.id, window, new_id())


def running_late(worker: WorkerId, board: Board, now: datetime, minutes: int) -> RunningLate:
    """``minutes`` after the end of the visit that is under way, or else after the begin of the next.

    Raises BadValue('minutes', 'out_of_range') and BadValue('worker', 'nothing_left') when no visit is to come."""
    if not 1 <= minutes <= 240:
        raise BadValue("minutes", "out_of_range")
    row = [a.window for v, a in board.row_of.get(worker, ()) if not v.is_over]
    coming = [w for w in row if w.start >= now]
    if not coming:
        raise BadValue("worker", "nothing_left")
    under_way = [w.end for w in row if w.start < now < w.end]
    usual = max(under_way) if under_way else min(w.start for w in coming)
    since = max([now, *under_way])
    return RunningLate(worker, since, max(since, Window.of(usual, minutes).end), VisitId(new_id()))


def after(board: Board, happened: Happened | None) -> Board:
    """The board as it is once that has happened, and nobody has done anything about it."""
    if isinstance(happened, Ill):
        return _without(board, happened)
    if isinstance(happened, RunningLate):
        return _blocked(board, happened)
    if isinstance(happened, Urgent):
        return replace(board, visits=(*board.visits, as_visit(happened)))
    return board


def as_visit(urgent: Urgent) -> Visit:
    """The draft as a visit that nobody has yet."""
    d = urgent.draft
    return Visit(
        id=d.id,
        person=urgent.person,
        team_id=d.team_id,
        day=d.day,
        arrive=d.arrive,
        minutes=d.minutes,
        need=d.need,
        workers_needed=d.workers_needed,
        skills=d.skills,
        time_critical=d.time_critical,
        gender_asked=d.gender_asked,
        priority=d.priority,
        plan_action_id=d.plan_action_id,
        referral_id=d.referral_id,
    )


def lost_visits(board: Board, happened: Ill) -> tuple[VisitId, ...]:
    """Those that the ill worker had, and cannot make."""
    return tuple(
        v.id for v, a in board.row_of.get(happened.worker, ()) if not v.is_over and a.window.overlaps(happened.window)
    )


def _without(board: Board, happened: Ill) -> Board:
    lost = frozenset(lost_visits(board, happened))
    sick = Shift("sickness", happened.window)
    workers = tuple(
        replace(w, shifts=tuple(sorted([*w.shifts, sick], key=lambda s: s.window.start)))
        if w.id == happened.worker
        else w
        for w in board.workers
    )
    visits = tuple(
        replace(v, allocations=tuple(a for a in v.allocations if a.worker_id != happened.worker)) if v.id in lost else v
        for v in board.visits
    )
    return replace(board, workers=workers, visits=visits)


def _blocked(board: Board, happened: RunningLate) -> Board:
    """Time in which the worker is still elsewhere; what they were to begin in it has nobody until it is planned. What
    is pinned stays, late or not: that is for whoever pinned it."""
    if happened.until <= happened.since:
        return board
    window = Window(happened.since, happened.until)
    still = Elsewhere(happened.worker, happened.marker, board.team.id, "", window)
    lost = {
        v.id
        for v, a in board.row_of.get(happened.worker, ())
        if not v.is_over and not v.is_pinned and a.window.start >= happened.since and a.window.overlaps(window)
    }
    visits = tuple(
        replace(v, allocations=tuple(a for a in v.allocations if a.worker_id != happened.worker)) if v.id in lost else v
        for v in board.visits
    )
    return replace(board, elsewhere=(*board.elsewhere, still), visits=visits)


def whole_minute(moment: datetime) -> datetime:
    """The next whole minute: no visit begins at 17 seconds past."""
    rest = timedelta(seconds=moment.second, microseconds=moment.microsecond)
    return moment - rest + timedelta(minutes=1) if rest else moment
