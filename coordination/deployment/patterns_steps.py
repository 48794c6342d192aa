"""Steps that the use cases of patterns share, inside an open transaction: visits change, and what becomes of their
workers is settled by the database itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from coordination.clock import local_date
from coordination.deployment.model import Visit, VisitDraft
from coordination.deployment.patterns import Difference, Freed, Pattern, drafts, has_been, horizon, pairs
from coordination.values import PatternId, VisitId, Window

if TYPE_CHECKING:
    from coordination.work import Work

_DAY = timedelta(days=1)
# What an allocation rests on: a change of it is put to the database again.
_RESTS_ON = ("day", "arrive", "minutes", "workers_needed", "gender_asked", "skills", "team_id")


@dataclass(frozen=True, slots=True)
class Applied:
    """``before`` and ``after`` are the same visits in the same order; ``kept`` still have their workers."""

    before: tuple[Visit, ...]
    after: tuple[Visit, ...]
    made: tuple[Visit, ...]
    kept: tuple[Visit, ...]
    freed: tuple[Freed, ...]


def roll(work: Work, patterns: Sequence[Pattern], up_to: date | None = None) -> tuple[VisitId, ...]:
    """Make the visits that the patterns, held, should have by today, six weeks ahead or ``up_to`` a day. Making them
    again makes nothing twice."""
    day = today(work)
    wanted: list[VisitDraft] = []
    until: dict[PatternId, date] = {}
    for pattern in patterns:
        last = horizon(pattern, day, up_to)
        if pattern.rolled_until is None or last > pattern.rolled_until:
            first = pattern.rule.starts if pattern.rolled_until is None else pattern.rolled_until + _DAY
            wanted += [d for d in drafts(pattern, max(first, day), last) if d.arrive.end > work.now]
            until[pattern.id] = last
    made = work.visits.add(wanted)
    work.visits.set_rolled(until)
    _pair_fresh(work, patterns, wanted, set(made))
    return made


def apply(work: Work, what: Difference, pattern: Pattern | None = None, *, all_days: bool = False) -> Applied:
    """Write a difference. Workers stay where the database still lets them go; where it does not, they are freed.

    ``pattern``, if given, is as it shall be: the gaps of the days that change are set anew by it, of ``all_days`` when
    the gap itself is another.
    """
    row = _row(work, pattern, what, all_days) if pattern is not None else ()
    known = {v.id for v, _ in what.changed} | {v.id for v in what.dropped}
    beside = [(v, v) for v in row if v.id not in known and v.allocations and not has_been(v, work.now)]
    changes = [*what.changed, *beside]
    in_row = {v.id for v in row}
    unsettled = [(b, a) for b, a in changes if b.allocations and (b.id in in_row or _rests(b, a))]
    work.visits.remove_allocations({v.id for v, _ in unsettled} | {v.id for v in what.dropped if v.allocations})
    work.visits.unpair(in_row | {v.id for v in what.dropped} | {b.id for b, a in changes if b.day != a.day})
    work.visits.write([*(a for _, a in changes), *(_dropped(v) for v in what.dropped)])
    made = set(work.visits.add(what.made))
    if pattern is not None:
        _pair_again(work, pattern, what, in_row)
    work.visits.settle()
    work.deployment.hold_workers(sorted({a.worker_id for was, _ in unsettled for a in was.allocations}))
    for was, is_now in unsettled:
        back = _still_fits(was, is_now)
        if back is not None:
            work.visits.give_back(back)
    before = [*(b for b, _ in changes), *what.dropped]
    now = {v.id: v for v in work.visits.visits({v.id for v in before} | made)}
    return Applied(
        tuple(before),
        tuple(now[v.id] for v in before),
        tuple(v for v in now.values() if v.id in made),
        tuple(now[v.id] for v in before if v.allocations and len(now[v.id].allocations) == len(v.allocations)),
        freed_of(work, (_without(v, now[v.id]) for v in before)),
    )


def freed_of(work: Work, visits: Iterable[Visit]) -> tuple[Freed, ...]:
    """Everybody who is going to these visits, by name, in order of time."""
    chosen = sorted((v for v in visits if v.allocations), key=lambda v: v.arrive.start)
    names = work.visits.worker_names({a.worker_id for v in chosen for a in v.allocations})
    return tuple(
        Freed(v, a.worker_id, names.get(a.worker_id, ""), a.window.start, a.pinned)
        for v in chosen
        for a in v.allocations
    )


def today(work: Work) -> date:
    """The centre's day, by the server."""
    return local_date(work.now)


# ---------------------------------------------------------------- inside


def _without(was: Visit, is_now: Visit) -> Visit:
    """The visit as it was, with those of its workers that it has not any more."""
    return replace(was, allocations=tuple(a for a in was.allocations if is_now.of_worker(a.worker_id) is None))


def _dropped(visit: Visit) -> Visit:
    return replace(visit, state="cancelled", state_reason="", dropped=True)


def _rests(was: Visit, is_now: Visit) -> bool:
    return any(getattr(was, name) != getattr(is_now, name) for name in _RESTS_ON)


def _still_fits(was: Visit, is_now: Visit) -> Visit | None:
    """The visit with its workers at their time and for its new length; None where that time is not in its window any
    more. A time that was outside the window stays, as somebody wanted it, while the window stays."""
    start = was.starts
    if start is None or is_now.day != was.day:
        return None
    if was.arrive != is_now.arrive and not is_now.arrive.start <= start <= is_now.arrive.end:
        return None
    held = (a for a in was.allocations if a.slot <= is_now.workers_needed)
    return replace(is_now, allocations=tuple(replace(a, window=Window.of(start, is_now.minutes)) for a in held))


def _row(work: Work, pattern: Pattern, what: Difference, all_days: bool) -> tuple[Visit, ...]:
    """The planned visits of the days on which pairs are made anew."""
    if pattern.gap is None and not all_days:
        return ()
    touched = {d.pattern_day for d in what.made if d.pattern_day} | {
        v.pattern_day for v in what.dropped if v.pattern_day
    }
    touched |= {
        v.pattern_day for v, a in what.changed if v.pattern_day and (v.arrive, v.minutes) != (a.arrive, a.minutes)
    }
    first = today(work) if all_days else min(touched, default=None)
    if first is None:
        return ()
    there = work.visits.visits_of_pattern(pattern.id, first)
    return tuple(v for v in there if v.state == "planned" and (all_days or v.pattern_day in touched))


def _pair_again(work: Work, pattern: Pattern, what: Difference, row: set[VisitId]) -> None:
    made = {d.id for d in what.made}
    if pattern.gap is None or not row | made:
        return
    visits = [v for v in work.visits.visits(row | made) if v.state == "planned"]
    of_days: dict[date, list[Visit]] = {}
    for visit in visits:
        of_days.setdefault(visit.day, []).append(visit)
    found = [(a, b) for day in of_days.values() for a, b in pairs(day, pattern.gap)]
    coming = [(a.id, b.id, pattern.gap) for a, b in found if not (has_been(a, work.now) and has_been(b, work.now))]
    work.visits.pair(coming)


def _pair_fresh(work: Work, patterns: Sequence[Pattern], wanted: Sequence[VisitDraft], made: set[VisitId]) -> None:
    """Pairs of visits that were just made: as the pattern says, nobody has changed them yet."""
    gaps = {p.id: p.gap for p in patterns if p.gap is not None}
    rows: dict[tuple[PatternId, date], list[VisitDraft]] = {}
    for draft in sorted(wanted, key=lambda d: d.arrive.start):
        if draft.id in made and draft.pattern_id in gaps:
            rows.setdefault((draft.pattern_id, draft.day), []).append(draft)
    work.visits.pair([(a.id, b.id, gaps[key]) for (key, _), row in rows.items() for a, b in pairwise(row)])
