"""Two single visits to one person belong together: a stated gap apart, or as one visit for two workers; and part again
(D1). Each is one change, undone as one (``Visits.undo``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from coordination.deployment import patterns_rules as rules
from coordination.deployment import patterns_steps as steps
from coordination.deployment.model import Allocation, Visit, VisitDraft
from coordination.deployment.patterns import Change, Difference, Gap
from coordination.deployment.patterns_changing import Changing, visit_of
from coordination.errors import Conflict, Obstacle, Refused, obstacle
from coordination.values import VisitId, Window

if TYPE_CHECKING:
    from coordination.work import Work

Seen = Mapping[VisitId, int]
"""the visits concerned, with the revisions under which they were seen"""


class Pairing(Changing):
    """All raise Conflict with the visit as it stands, NotFound, NotAllowed, and Refused('pair', …) with all that is in
    the way."""

    def put_apart(self, first: VisitId, second: VisitId, gap: Gap, *, seen: Seen) -> Change:
        """``second`` begins ``gap.least`` to ``gap.most`` minutes after ``first`` ends. Raises BadValue of ``gap``
        where that cannot be, and where those who go break it."""

        def do(work: Work) -> Change:
            one, two = _held(work, (first, second), seen)
            _refuse(_apart(one, two))
            rules.check_gap(one, two, gap)
            work.visits.pair([(first, second, gap)])
            return _written(work, (one, two))

        return self._do(do, rehearse=False)

    def double_up(self, first: VisitId, second: VisitId, *, seen: Seen) -> Change:
        """One visit for two workers, where both windows meet, with the skills of both; ``second`` is no visit of its
        own any more. Whoever goes still goes, if they can at the time of the first (``freed`` else)."""

        def do(work: Work) -> Change:
            one, two = _held(work, (first, second), seen)
            _refuse([*_apart(one, two), *_not_alike(one, two)])
            held = [*one.allocations, *two.allocations]
            both = replace(
                one,
                arrive=_meeting(one, two) or one.arrive,
                fixed=one.fixed or two.fixed,
                workers_needed=2,
                skills=tuple(dict.fromkeys((*one.skills, *two.skills))),
                time_critical=one.time_critical or two.time_critical,
                gender_asked=one.gender_asked or two.gender_asked,
                priority=min(one.priority, two.priority),
                need=_needs(one, two),
                modified=one.pattern_id is not None,
            )
            steps.apply(work, Difference(changed=((one, both),), dropped=(two,)))
            stands = visit_of(work, first)
            for other in held:
                if stands.of_worker(other.worker_id) is None and stands.free_slots:
                    stands = _give(work, stands, other)
            return _changed(work, (one, two))

        return self._do(do, rehearse=False)

    def part(self, visit: VisitId, *, seen: Seen, new_visit: VisitId) -> Change:
        """A double-up becomes two single visits, ``new_visit`` for the second worker; any other visit loses the gaps
        that it must keep, to all others."""

        def do(work: Work) -> Change:
            (one,) = _held(work, (visit,), seen)
            if one.workers_needed == 2:
                return _split(work, one, new_visit)
            if not one.pairs:
                raise Refused("pair", (obstacle("pair_none", person=one.person.listed),))
            others = work.visits.visits([p.other for p in one.pairs])
            work.visits.unpair([visit])
            return _written(work, (one, *(v for v in others if not v.is_over)))

        return self._do(do, rehearse=False)


# ---------------------------------------------------------------- inside a transaction


def _split(work: Work, one: Visit, new_visit: VisitId) -> Change:
    fresh = VisitDraft(
        new_visit, one.person.id, one.team_id, one.day, one.arrive, one.minutes, one.need, 1, one.skills,
        one.time_critical, one.gender_asked, one.priority, one.plan_action_id, one.referral_id, one.fixed,
        one.access_notes,
    )  # fmt: skip
    second = one.at_slot(2)
    single = replace(one, workers_needed=1, modified=one.pattern_id is not None)
    done = steps.apply(work, Difference(made=(fresh,), changed=((one, single),)))
    if second is not None and done.made:
        _give(work, done.made[0], second)
    return _changed(work, (one,), done.made)


def _held(work: Work, keys: Iterable[VisitId], seen: Seen) -> list[Visit]:
    """The visits, locked always in the same order, as they were seen. Raises Conflict, Refused."""
    wanted = list(keys)
    found = {v.id: v for v in work.visits.visits(wanted)}
    visits = [found[key] if key in found else visit_of(work, key) for key in wanted]
    for visit in visits:
        if visit.revision != seen[visit.id]:
            raise Conflict("visit", str(visit.id), seen[visit.id], visit)
    _refuse([obstacle("visit_over", person=v.person.listed, state=v.state) for v in visits if v.is_over])
    work.deployment.hold_workers(sorted({a.worker_id for v in visits for a in v.allocations}))
    return visits


def _written(work: Work, visits: tuple[Visit, ...]) -> Change:
    """Nothing about the visits themselves is other; their revisions tell of the gap."""
    work.visits.settle()
    work.visits.write(visits)
    return _changed(work, visits)


def _changed(work: Work, before: tuple[Visit, ...], made: tuple[Visit, ...] = ()) -> Change:
    keys = [v.id for v in (*before, *made)]
    now = {v.id: v for v in work.visits.visits(keys)}
    goes = {a.worker_id for v in now.values() for a in v.allocations}
    lost = [replace(v, allocations=tuple(a for a in v.allocations if a.worker_id not in goes)) for v in before]
    return Change(
        "changed",
        before,
        tuple(now[v.id] for v in before),
        tuple(now[v.id] for v in made),
        freed=steps.freed_of(work, lost),
    )


def _give(work: Work, visit: Visit, held: Allocation) -> Visit:
    """The worker goes to this visit instead, in its first free place, if they can."""
    start = visit.starts or held.window.start
    if not visit.arrive.start <= start <= visit.arrive.end:
        return visit
    there = replace(held, slot=visit.free_slots[0], window=Window.of(start, visit.minutes))
    return visit_of(work, visit.id) if work.visits.give_back(replace(visit, allocations=(there,))) else visit


# ---------------------------------------------------------------- what is in the way


def _refuse(found: list[Obstacle]) -> None:
    if found:
        raise Refused("pair", tuple(found))


def _apart(one: Visit, two: Visit) -> list[Obstacle]:
    """They are not two visits to one person on one day."""
    names = {"person": one.person.listed, "other": two.person.listed}
    found = [obstacle("pair_itself", **names)] if one.id == two.id else []
    found += [obstacle("pair_two_people", **names)] if one.person.id != two.person.id else []
    found += [obstacle("pair_two_days", **names)] if one.day != two.day else []
    return found


def _not_alike(one: Visit, two: Visit) -> list[Obstacle]:
    """They cannot be one visit."""
    checks: list[tuple[str, Callable[[], bool]]] = [
        ("pair_two_teams", lambda: one.team_id != two.team_id),
        ("pair_double", lambda: max(one.workers_needed, two.workers_needed) > 1),
        ("pair_lengths", lambda: one.minutes != two.minutes),
        ("pair_windows", lambda: _meeting(one, two) is None),
        ("pair_fixed", lambda: bool(one.fixed and two.fixed and one.fixed != two.fixed)),
        ("pair_genders", lambda: bool(one.gender_asked and two.gender_asked and one.gender_asked != two.gender_asked)),
        ("pair_gap", lambda: bool(one.pairs or two.pairs)),
    ]
    facts = {"person": one.person.listed, "minutes": one.minutes, "other_minutes": two.minutes}
    found = [obstacle(code, **facts) for code, is_so in checks if is_so()]
    if two.is_pinned and one.starts is not None and one.starts != two.starts:
        found.append(obstacle("pinned", person=two.person.listed, start=two.starts))
    return found


def _meeting(one: Visit, two: Visit) -> Window | None:
    """Where both may begin."""
    start, end = max(one.arrive.start, two.arrive.start), min(one.arrive.end, two.arrive.end)
    return Window(start, end) if start < end else None


def _needs(one: Visit, two: Visit) -> str:
    both = one.need if two.need.strip() in one.need else f"{one.need}; {two.need}"
    return both[:500]
