"""What is in the way of a worker at a visit (D2): the one checker, asked by the screen before a drop and by the
service to explain what the database refused. Pure functions over a :class:`~coordination.deployment.model.Board`.

Obstacles refuse. Warnings do not: a window missed, a way too long. Both are codes with facts; the words are in
``ui/deployment/messages.py``. Facts: ``worker``, ``person`` and ``other`` are names, ``start`` and ``end`` moments.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from coordination.clock import local_date
from coordination.deployment.model import Allocation, Board, Pair, Visit, Worker
from coordination.deployment.travel import minutes_between
from coordination.errors import Obstacle, obstacle
from coordination.values import VisitId, Window, WorkerId


def obstacles(
    board: Board, visit: Visit, worker: Worker, start: datetime, slot: int | None = None
) -> tuple[Obstacle, ...]:
    """Everything that keeps ``worker`` from beginning ``visit`` at ``start``; empty when they may.

    ``slot`` is the half of a double-up that is being given; by default the one the worker holds, or the first
    that is free. The halves of a double-up begin together, so the partner is checked at the new time too.
    """
    slot = slot or slot_for(visit, worker.id)
    found = [*_of_visit(visit, worker, start, slot), *of_gaps(board, visit, start)]
    found += _of_worker(board, visit, worker, start)
    partner = partner_of(visit, slot)
    if partner is not None and partner.window.start != start and partner.worker_id != worker.id:
        found += _of_partner(board, visit, partner, start)
    return tuple(found)


def warnings(board: Board, visit: Visit, worker: Worker, start: datetime) -> tuple[Obstacle, ...]:
    """What should be thought about, though it may be done: ``late``, ``early``, ``alone``,
    ``travel_short``."""
    return (*of_visit(visit, start), *_of_travel(board, visit, worker, start))


def of_visit(visit: Visit, start: datetime) -> tuple[Obstacle, ...]:
    """Those of the :func:`warnings` that are the same whoever goes: ``late``, ``early``, ``alone``."""
    return (*_of_window(visit, start), *_of_alone(visit))


def slot_for(visit: Visit, worker: WorkerId) -> int | None:
    """The slot that ``worker`` would fill: their own, else the first free one, else None."""
    own = visit.of_worker(worker)
    if own is not None:
        return own.slot
    return visit.free_slots[0] if visit.free_slots else None


def partner_of(visit: Visit, slot: int | None) -> Allocation | None:
    """The allocation in the other slot of a double-up."""
    return next((a for a in visit.allocations if a.slot != slot), None) if slot else None


def lasting(board: Board, visit: Visit, allocation: Allocation) -> tuple[Obstacle, ...]:
    """What is wrong with an allocation that stands: somebody fell ill, or a skill ran out, after it was made."""
    worker = board.worker_by_id.get(allocation.worker_id)
    if worker is None or visit.is_over:
        return ()
    start = allocation.window.start
    return (*_of_worker(board, visit, worker, start), *of_gaps(board, visit, start))


def may_end(visit: Visit, outcome: str, now: datetime) -> tuple[Obstacle, ...]:
    """D5: nobody has been where nobody was sent, and nobody has been before it was time to go."""
    if visit.is_over:
        return (obstacle("visit_over", person=visit.person.listed, state=visit.state),)
    if outcome == "missed":
        latest = visit.starts or visit.arrive.end
        return (obstacle("not_missed_yet", person=visit.person.listed, start=latest),) if now < latest else ()
    if outcome not in ("done", "no_access"):
        return ()
    if not visit.allocations:
        return (obstacle("nobody_sent", person=visit.person.listed),)
    start = min(a.window.start for a in visit.allocations)
    return (obstacle("not_yet", person=visit.person.listed, start=start),) if now < start else ()


def _of_visit(visit: Visit, worker: Worker, start: datetime, slot: int | None) -> Iterator[Obstacle]:
    person = visit.person.listed
    if visit.is_over:
        yield obstacle("visit_over", person=person, state=visit.state)
    if slot is None or slot > visit.workers_needed:
        yield obstacle("fully_placed", person=person, needed=visit.workers_needed)
        return
    held = visit.at_slot(slot)
    if held is not None and held.pinned and (held.worker_id != worker.id or held.window.start != start):
        yield obstacle("pinned", person=person, start=held.window.start)
    own = visit.of_worker(worker.id)
    if own is not None and own.slot != slot:
        yield obstacle("already_there", worker=worker.name, person=person)
    if local_date(start) != visit.day:
        yield obstacle("another_day", person=person, day=visit.day)


def _of_partner(board: Board, visit: Visit, partner: Allocation, start: datetime) -> Iterator[Obstacle]:
    worker = board.worker_by_id.get(partner.worker_id)
    name = worker.name if worker else ""
    if partner.pinned:
        yield obstacle("partner_pinned", worker=name, person=visit.person.listed, start=partner.window.start)
    elif worker is not None:
        yield from _of_worker(board, visit, worker, start)


def _of_worker(board: Board, visit: Visit, worker: Worker, start: datetime) -> Iterator[Obstacle]:
    period = Window.of(start, visit.minutes)
    yield from _of_absence(worker, period)
    yield from standing(board, visit, worker)
    for blocked, other, at in blocks(board, visit, worker, period):
        yield obstacle("busy", worker=worker.name, other=other, visit=at, start=blocked.start, end=blocked.end)


def _of_absence(worker: Worker, period: Window) -> Iterator[Obstacle]:
    for shift in worker.away:
        if shift.window.overlaps(period):
            away = shift.window
            yield obstacle("away", worker=worker.name, kind=shift.kind, start=away.start, end=away.end)
    if not worker.at_work:
        yield obstacle("not_working", worker=worker.name)
    elif not any(work.covers(period) for work in worker.at_work):
        hours = tuple((work.start, work.end) for work in worker.at_work)
        yield obstacle("off_shift", worker=worker.name, hours=hours)


def standing(board: Board, visit: Visit, worker: Worker) -> Iterator[Obstacle]:
    """What no other time of the day would change: a skill, the gender that the person asked for, somebody who is
    never sent there, a day that is full."""
    has = {s.code for s in worker.skills if s.expires_on is None or s.expires_on >= visit.day}
    lacking = [code for code in visit.skills if code not in has]
    if lacking:
        lapsed = {s.code: s.expires_on for s in worker.skills if s.code in lacking}
        names = tuple(board.skills.get(code, code) for code in lacking)
        expired = tuple(board.skills.get(code, code) for code in lacking if code in lapsed)
        yield obstacle("lacks_skill", worker=worker.name, skills=names, expired=expired)
    if visit.gender_asked is not None and worker.gender != visit.gender_asked:
        yield obstacle("gender_asked", worker=worker.name, person=visit.person.listed, gender=visit.gender_asked)
    if visit.person.id in worker.not_to:
        yield obstacle("may_not_visit", worker=worker.name, person=visit.person.listed)
    yield from _of_contact(board, visit, worker)


def _of_contact(board: Board, visit: Visit, worker: Worker) -> Iterator[Obstacle]:
    """The most minutes with people that a worker may have in a day. What they have already stays theirs."""
    if worker.most_minutes is None or visit.of_worker(worker.id) is not None:
        return
    given = contact_minutes(board, worker)
    if given + visit.minutes > worker.most_minutes:
        yield obstacle(
            "contact_limit", worker=worker.name, most=worker.most_minutes, given=given, minutes=visit.minutes
        )


def contact_minutes(board: Board, worker: Worker) -> int:
    """Minutes with people that the worker has been given this day, on this board and elsewhere."""
    windows = [held.window for _, held in board.row_of.get(worker.id, ())]
    windows += [stay.window for stay in board.elsewhere_of.get(worker.id, ())]
    return sum(window.minutes for window in windows if local_date(window.start) == board.day)


def blocks(board: Board, visit: Visit, worker: Worker, period: Window) -> Iterator[tuple[Window, str, VisitId]]:
    """When ``worker`` is somewhere else than at ``visit`` during ``period``, with whom, and at which visit."""
    for other, held in board.row_of.get(worker.id, ()):
        if held.window.overlaps(period) and other.id != visit.id:
            yield held.window, other.person.listed, other.id
    for stay in board.elsewhere_of.get(worker.id, ()):
        if stay.window.overlaps(period) and stay.visit_id != visit.id:
            yield stay.window, stay.person, stay.visit_id


@dataclass(frozen=True, slots=True)
class Bound:
    """From a visit that must keep a gap to ``other``: it begins no sooner than ``first`` and no later than ``last``."""

    pair: Pair
    other: Visit
    window: Window
    first: datetime | None
    last: datetime | None


def bounds(board: Board, visit: Visit) -> Iterator[Bound]:
    """What the gaps to the visits that are placed already leave of the day. Minutes run from the end of the earlier
    visit to the start of the later. A visit that did not take place binds nobody."""
    for pair in visit.pairs:
        other = board.visit_by_id.get(pair.other)
        if other is None or other.state not in ("planned", "done"):
            continue
        least, most = timedelta(minutes=pair.least), None if pair.most is None else timedelta(minutes=pair.most)
        length = timedelta(minutes=visit.minutes)
        for held in other.allocations:
            at = held.window
            if pair.other_first:
                yield Bound(pair, other, at, at.end + least, None if most is None else at.end + most)
            else:
                first = None if most is None else at.start - most - length
                yield Bound(pair, other, at, first, at.start - least - length)


def of_gaps(board: Board, visit: Visit, start: datetime) -> Iterator[Obstacle]:
    """``gap_short`` or ``gap_long`` for each visit whose gap would not be kept by beginning at ``start``. Facts: the
    least, or most, ``minutes``; the other visit's need (``other``), ``start`` and ``end``, whether it is ``before``
    this one; and the ``limit``, the first or last moment at which this visit may begin."""
    for bound in bounds(board, visit):
        facts = {
            "person": visit.person.listed, "before": bound.pair.other_first, "other": bound.other.need,
            "start": bound.window.start, "end": bound.window.end,
        }  # fmt: skip
        too_soon = bound.first is not None and start < bound.first
        too_late = bound.last is not None and start > bound.last
        if (too_soon and bound.pair.other_first) or (too_late and not bound.pair.other_first):
            yield obstacle(
                "gap_short", minutes=bound.pair.least, limit=bound.first if too_soon else bound.last, **facts
            )
        elif too_soon or too_late:
            yield obstacle("gap_long", minutes=bound.pair.most, limit=bound.first if too_soon else bound.last, **facts)


def _of_window(visit: Visit, start: datetime) -> Iterator[Obstacle]:
    window, person = visit.arrive, visit.person.listed
    if start > window.end:
        late = int((start - window.end).total_seconds() // 60)
        yield obstacle(
            "late", person=person, minutes=late, start=window.start, end=window.end, time_critical=visit.time_critical
        )
    elif start < window.start:
        early = int((window.start - start).total_seconds() // 60)
        yield obstacle(
            "early", person=person, minutes=early, start=window.start, end=window.end, time_critical=visit.time_critical
        )


def _of_alone(visit: Visit) -> Iterator[Obstacle]:
    if visit.workers_needed == 1 and any(a.kind == "do_not_visit_alone" for a in visit.person.alerts):
        yield obstacle("alone", person=visit.person.listed)


def _of_travel(board: Board, visit: Visit, worker: Worker, start: datetime) -> Iterator[Obstacle]:
    period = Window.of(start, visit.minutes)
    row = [(v, a.window) for v, a in board.row_of.get(worker.id, ()) if v.id != visit.id]
    before = max((p for p in row if p[1].end <= period.start), key=lambda p: p[1].end, default=None)
    after = min((p for p in row if p[1].start >= period.end), key=lambda p: p[1].start, default=None)
    for neighbour, gap in (
        (before, before and period.start - before[1].end),
        (after, after and after[1].start - period.end),
    ):
        if neighbour is None or gap is None:
            continue
        needed = minutes_between(neighbour[0].person.place, visit.person.place, worker.travel)
        has = int(gap.total_seconds() // 60)
        if needed > has:
            yield obstacle("travel_short", worker=worker.name, other=neighbour[0].person.listed, needed=needed, has=has)


_BY_CONSTRAINT = {
    "allocation_worker_free": "busy_unseen",
    "allocation_slot_once": "slot_taken",
    "allocation_two_different_workers": "already_there",
    "allocation_visit_is_planned": "visit_over",
    "allocation_slot_needed": "fully_placed",
    "allocation_length_is_visits": "length_changed",
    "allocation_on_visits_day": "another_day",
    "allocation_gender_asked": "gender_asked",
    "allocation_worker_has_skill": "lacks_skill",
    "allocation_worker_on_shift": "off_shift",
    "allocation_worker_not_away": "away",
    "allocation_keeps_gap": "gap_short",
    "allocation_worker_may_visit": "may_not_visit",
    "allocation_within_contact_limit": "contact_limit",
    # D6: what a visit of the equipment team carried has gone its own way since.
    "delivery_went_on": "delivery_went_on",
    "equipment_loan_is_open": "delivery_went_on",
    "equipment_item_is_there": "delivery_went_on",
}
_AS_THEY_ARE = ("busy_unseen", "slot_taken", "length_changed", "delivery_went_on")


def explains(constraint: str) -> bool:
    """True when the constraint is one of those that hold D2, and so has an obstacle to be told as."""
    return constraint in _BY_CONSTRAINT


def refused_by_database(constraint: str) -> Obstacle:
    """What the database refused, in the case that the board shows no reason: the other row is not shared with
    this login, or has gone again since. Codes end in ``_unseen`` where a name would be wanted."""
    code = _BY_CONSTRAINT[constraint]
    return obstacle(code if code in _AS_THEY_ARE else f"{code}_unseen")
