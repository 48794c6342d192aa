"""What changing visits comes to, inside one transaction, and how such a transaction is begun, rehearsed and refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from coordination.deployment import patterns_rules as rules
from coordination.deployment import patterns_steps as steps
from coordination.deployment.model import Visit
from coordination.deployment.patterns import SHARED, Change, Difference, Gap, Pattern, Scope, difference, has_been
from coordination.errors import AlreadyExists, BadValue, BrokenRule, NotFound
from coordination.values import PatternId, VisitId

if TYPE_CHECKING:
    from coordination.work import Begin, Work


class Changing:
    """A service whose use cases are changes, each in a transaction of its own."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def _do(self, do: Callable[[Work], Change], rehearse: bool) -> Change:
        try:
            with told(), self._begin() as work:
                done = do(work)
                if rehearse:
                    raise Rehearsed(done)
                return done
        except Rehearsed as over:
            return over.change


class Rehearsed(Exception):
    """Leaves the transaction so that nothing of it stays."""

    def __init__(self, change: Change) -> None:
        super().__init__()
        self.change = change


class told:  # noqa: N801
    """What the database refuses of gaps, as the field that asks for it."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _type: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, BrokenRule) and error.constraint in _BROKEN:
            raise BadValue(*_BROKEN[error.constraint]) from error
        if isinstance(error, AlreadyExists) and error.constraint == "visit_pair_once":
            raise BadValue("gap", "other_way_round") from error


_BROKEN = {
    "visit_pair_possible": ("gap", "too_long"),
    "visit_pair_same_person_and_day": ("gap", "not_one_day"),
    "allocation_keeps_gap": ("gap", "workers_break_it"),
    "visit_skill_skill_fkey": ("skills", "not_known"),
    "visit_pattern_skill_skill_fkey": ("skills", "not_known"),
    "visit_pattern_person_id_fkey": ("person", "not_known"),
    "visit_pattern_team_id_fkey": ("team", "not_known"),
    "visit_person_id_fkey": ("person", "not_known"),
    "visit_team_id_fkey": ("team", "not_known"),
}


def ended(pattern: Pattern, first: date) -> Pattern:
    """The pattern without any day from ``first`` on."""
    rule = pattern.rule
    last = max(first, rule.starts) - timedelta(days=1)
    return replace(pattern, rule=replace(rule, ends=last if rule.ends is None else min(last, rule.ends)))


def one(work: Work, before: Visit, values: Mapping[str, Any]) -> Change:
    """This visit alone; made from a pattern, it counts as changed by hand from now on."""
    draft = rules.draft_as(before, values)
    if (draft.day, draft.arrive) != (before.day, before.arrive) or not has_been(before, work.now):
        rules.check_visit(draft, work.now)
    names = ("day", "arrive", "fixed", *SHARED)
    after = replace(before, **{name: getattr(draft, name) for name in names})
    if after == before:
        return Change("changed")
    for other in work.visits.visits([p.other for p in before.pairs]) if before.day == after.day else ():
        pair = next(p for p in before.pairs if p.other == other.id)
        if other.state in ("planned", "done"):
            first, second = (other, after) if pair.other_first else (after, other)
            rules.check_gap(first, second, Gap(pair.least, pair.most))
    done = steps.apply(work, Difference(changed=((before, replace(after, modified=before.pattern_id is not None)),)))
    return Change("changed", done.before, done.after, kept=done.kept, freed=done.freed)


def many(work: Work, old: Pattern, new: Pattern, first: date, scope: Scope) -> Change:
    """The pattern, held, and its visits from ``first`` on that have not been."""
    day = max(first, steps.today(work))
    rules.check_pattern(new, steps.today(work), fresh=False)
    _make_until(work, old, day)
    old = pattern_of(work, old.id)
    there = work.visits.visits_of_pattern(old.id, day)
    what = difference(old, _anchored(old, new, day), there, day, scope, work.now)
    new = replace(_anchored(old, new, day), revision=old.revision + 1, rolled_until=old.rolled_until)
    work.visits.save_pattern(new)
    done = steps.apply(work, what, new if new.gap or old.gap else None, all_days=new.gap != old.gap)
    # a rule with an end that is later now has days that nobody has made visits for
    late = steps.roll(work, [new])
    made = (*done.made, *work.visits.visits(late)) if late else done.made
    return Change(
        "changed", done.before, done.after, made, what.stays, done.kept, done.freed, (old,), (pattern_of(work, old.id),)
    )


def _make_until(work: Work, pattern: Pattern, day: date) -> None:
    """The days before a change are made as they were to be."""
    if pattern.rolled_until is None or pattern.rolled_until < day - timedelta(days=1):
        steps.roll(work, [pattern])


def _anchored(old: Pattern, new: Pattern, day: date) -> Pattern:
    """Every second day, or week, counts from the day of the change when the rule itself is another."""
    was, is_now = old.rule, new.rule
    same = (was.unit, was.every, was.weekdays) == (is_now.unit, is_now.every, is_now.weekdays)
    if same or is_now.starts > day:
        return new
    starts = day if is_now.ends is None else min(day, is_now.ends + timedelta(days=1))
    return replace(new, rule=replace(is_now, starts=starts))


def pattern_of(work: Work, key: PatternId, *, hold: bool = False) -> Pattern:
    found = work.visits.pattern(key, hold=hold)
    if found is None:
        raise NotFound("visit_pattern", str(key))
    return found


def visit_of(work: Work, key: VisitId) -> Visit:
    found = work.visits.visits([key])
    if not found:
        raise NotFound("visit", str(key))
    return found[0]


def together(done: Sequence[Change]) -> Change:
    """Several changes of one transaction as one."""

    def all_of(name: str) -> Any:
        return tuple(found for change in done for found in getattr(change, name))

    names = ("before", "after", "made", "stays", "kept", "freed", "of", "then")
    return Change("changed", **{name: all_of(name) for name in names})
