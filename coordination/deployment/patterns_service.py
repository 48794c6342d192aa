"""Use cases of visits that recur, and of changing visits that have not been (D1): each in one transaction, undone as
one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from coordination.deployment import patterns_rules as rules
from coordination.deployment import patterns_steps as steps
from coordination.deployment.model import Visit, VisitDraft
from coordination.deployment.pairing import Pairing
from coordination.deployment.patterns import (
    AHEAD,
    Change,
    Gap,
    Pattern,
    Scope,
    Slot,
    in_order,
    numbered,
    with_values,
)
from coordination.deployment.patterns_changing import ended, many, one, pattern_of, visit_of
from coordination.deployment.patterns_follow import FollowingPlans
from coordination.deployment.patterns_rules import Reach
from coordination.deployment.patterns_store import PatternRow, VisitRow
from coordination.errors import BadValue, Conflict, NotFound, Obstacle, Refused, obstacle
from coordination.values import PatternId, PersonId, TeamId, VisitId

if TYPE_CHECKING:
    from coordination.work import Work

BACK = timedelta(weeks=4)  # how far a person's list looks back
_AT_ONCE = 15  # patterns that are rolled out in one transaction


class Visits(FollowingPlans, Pairing):
    """Patterns, changes in three scopes, pairs, single visits.

    What changes something takes its revision as ``seen`` and raises Conflict (with what stands) when it is stale,
    BadValues by field, Refused, NotFound, NotAllowed. With ``rehearse`` everything is done and nothing kept: what comes
    back is what would happen.
    """

    # ------------------------------------------------------------------ reading

    def pattern(self, key: PatternId) -> Pattern:
        with self._begin() as work:
            return pattern_of(work, key)

    def patterns_of(self, person: PersonId) -> list[PatternRow]:
        """A person's patterns that make visits still, or made some in the last four weeks."""
        with self._begin() as work:
            return work.visits.patterns_of(person)

    def rows_of(self, person: PersonId) -> list[VisitRow]:
        """A person's visits, four weeks back and six ahead, in order of time."""
        with self._begin() as work:
            day = steps.today(work)
            return work.visits.rows_of(person, day - BACK, day + AHEAD)

    def reach(self, team: TeamId, day: date | None = None) -> Reach:
        """What the team can do at all, around a day."""
        with self._begin() as work:
            found = work.visits.reach(team, day or steps.today(work))
        if found is None:
            raise NotFound("team", str(team))
        return found

    def advice(self, team: TeamId, slots: Sequence[Slot], day: date | None = None) -> tuple[Obstacle, ...]:
        """What should be thought about before such visits are written."""
        return rules.advice(slots, self.reach(team, day))

    # ------------------------------------------------------------------ one visit by itself

    def plan(self, draft: VisitDraft) -> Change:
        """A visit of its own, today's urgent one too. The same draft again plans nothing twice."""

        def do(work: Work) -> Change:
            rules.check_visit(draft, work.now)
            fresh = work.visits.add([draft])
            visit = visit_of(work, draft.id)
            return Change("made", made=(visit,) if fresh else ())

        return self._do(do, rehearse=False)

    def change_visit(
        self, key: VisitId, scope: Scope, values: Mapping[str, Any], *, seen: int, rehearse: bool = False
    ) -> Change:
        """Change a visit that has not been: ``values`` are fields of Slot, and for ``this`` alone ``day``.

        ``following`` and ``unmodified`` change the pattern at the visit's time of day, and its visits from this one on.
        """

        def do(work: Work) -> Change:
            # the pattern first: who changes many visits locks it before them
            before = visit_of(work, key)
            pattern = None if before.pattern_id is None else work.visits.pattern(before.pattern_id, hold=True)
            before = visit_of(work, key)
            if before.revision != seen:
                raise Conflict("visit", str(key), seen, before)
            if before.is_over:
                raise Refused("change", (obstacle("visit_over", person=before.person.listed, state=before.state),))
            if scope == "this" or pattern is None or pattern.slot(before.pattern_slot or 0) is None:
                return one(work, before, values)
            if "day" in values and values["day"] != before.day:
                raise BadValue("day", "only_this_one")
            new = with_values(pattern, before.pattern_slot, values)
            assert before.pattern_day is not None
            return many(work, pattern, new, before.pattern_day, scope)

        return self._do(do, rehearse)

    # ------------------------------------------------------------------ patterns

    def make_pattern(self, pattern: Pattern) -> Change:
        """Write a pattern and make its visits, six weeks ahead where it has no end. Sent again, it makes nothing."""

        def do(work: Work) -> Change:
            given = replace(pattern, slots=in_order(numbered(pattern.slots, (), 0)), rolled_until=None, revision=1)
            rules.check_pattern(given, steps.today(work), fresh=True)
            if not work.visits.add_pattern(given):
                there = pattern_of(work, pattern.id)
                return Change("made", then=(there,))
            made = steps.roll(work, [given])
            there = pattern_of(work, pattern.id)
            return Change("made", made=work.visits.visits(made), then=(there,))

        return self._do(do, rehearse=False)

    def change_pattern(self, new: Pattern, first: date, scope: Scope, *, seen: int, rehearse: bool = False) -> Change:
        """The pattern as it shall be from the day ``first``; its visits from then on follow. The numbers of its slots
        are found by their times."""

        def do(work: Work) -> Change:
            old = pattern_of(work, new.id, hold=True)
            if old.revision != seen:
                raise Conflict("visit_pattern", str(new.id), seen, old)
            slots = numbered(new.slots, old.slots, work.visits.slots_used(new.id))
            return many(work, old, replace(new, slots=slots), first, scope)

        return self._do(do, rehearse)

    def end_pattern(
        self, key: PatternId, first: date, scope: Scope = "following", *, seen: int, rehearse: bool = False
    ) -> Change:
        """No more visits from the day ``first`` on; those that have not been are dropped."""

        def do(work: Work) -> Change:
            old = pattern_of(work, key, hold=True)
            if old.revision != seen:
                raise Conflict("visit_pattern", str(key), seen, old)
            return replace(many(work, old, ended(old, first), first, scope), what="ended")

        return self._do(do, rehearse)

    def roll_out(self) -> int:
        """Make the visits of every pattern that this login sees, up to six weeks from today. How many were new.

        Several desks may do it at once, and again: nothing is made twice.
        """
        made, more = 0, True
        while more:
            fresh, more = self.roll_some()
            made += fresh
        return made

    def roll_some(self, until: date | None = None) -> tuple[int, bool]:
        """A part of ``roll_out``, in one transaction: how many were new, and whether there may be more to do."""
        with self._begin() as work:
            due = work.visits.due(until or steps.today(work) + AHEAD, _AT_ONCE)
            return len(steps.roll(work, due, until)), len(due) == _AT_ONCE

    # ------------------------------------------------------------------ undo

    def undo(self, change: Change) -> Change:
        """Put back everything of one change, unless any of it has been touched since (Conflict). Undoing what this
        returns does it again. Workers who are taken by now are named in ``freed``."""

        def do(work: Work) -> Change:
            for was, then in _both(change):
                current = pattern_of(work, then.id, hold=True)
                if (current.revision, current.rolled_until) != (then.revision, then.rolled_until):
                    raise Conflict("visit_pattern", str(then.id), then.revision, current)
                work.visits.save_pattern(replace(was, revision=then.revision + 1))
            now = {v.id: v for v in work.visits.visits({v.id for v in (*change.after, *change.made)})}
            for then_ in (*change.after, *change.made):
                if then_.id not in now or now[then_.id].revision != then_.revision:
                    raise Conflict("visit", str(then_.id), then_.revision, now.get(then_.id))
            gone = [replace(v, state="cancelled", state_reason="", dropped=True) for v in change.made]
            everything = {v.id for v in (*change.after, *gone)}
            work.visits.remove_allocations(everything)
            work.visits.unpair(everything)
            work.visits.write([*change.before, *gone])
            work.visits.pair(list(dict.fromkeys(_pairs_of(change.before))))
            work.visits.settle()
            work.deployment.hold_workers(sorted({a.worker_id for v in change.before for a in v.allocations}))
            for visit in change.before:
                if visit.allocations:
                    work.visits.give_back(visit)
            after = {v.id: v for v in work.visits.visits(everything)}
            stood = (*change.after, *change.made)
            lost = [
                replace(v, allocations=tuple(a for a in v.allocations if after[v.id].of_worker(a.worker_id) is None))
                for v in change.before
            ]
            patterns = tuple(pattern_of(work, p.id) for p in change.then)
            return Change(
                "undone", stood, tuple(after[v.id] for v in stood), freed=steps.freed_of(work, lost), of=change.then,
                then=patterns,
            )  # fmt: skip

        return self._do(do, rehearse=False)


def _both(change: Change) -> list[tuple[Pattern, Pattern]]:
    """Each pattern as it was and as it is; one that was new goes back to making nothing."""
    was = {p.id: p for p in change.of}
    return [(was.get(p.id) or ended(p, p.rule.starts), p) for p in change.then]


def _pairs_of(visits: Sequence[Visit]) -> list[tuple[VisitId, VisitId, Gap]]:
    return [
        (p.other, v.id, Gap(p.least, p.most)) if p.other_first else (v.id, p.other, Gap(p.least, p.most))
        for v in visits
        for p in v.pairs
    ]
