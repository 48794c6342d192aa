"""Visits that recur (D1): on which days, at which times, and what making or changing them comes to.

Pure functions over records. Days and times are the centre's own, on its wall clock: a visit at eight is at eight on
both sides of a clock change. Which days a rule names is left to dateutil.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Literal, NamedTuple
from uuid import UUID

from dateutil.rrule import DAILY, MO, WEEKLY, rrule, weekday

from coordination.clock import at_local
from coordination.deployment.model import Visit, VisitDraft
from coordination.values import PatternId, PersonId, TeamId, VisitId, Window, WorkerId, new_id

Unit = Literal["day", "week"]
Scope = Literal["this", "following", "unmodified"]
SCOPES: tuple[Scope, ...] = ("this", "following", "unmodified")
AHEAD = timedelta(weeks=6)  # how far visits of a pattern without an end are made
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """Every ``every`` days, or on ``weekdays`` (0 is Monday) of every ``every`` weeks, from ``starts`` to ``ends``,
    both in. ``ends`` None: until somebody ends it; the day before ``starts``: no day at all."""

    starts: date
    ends: date | None = None
    unit: Unit = "day"
    every: int = 1
    weekdays: tuple[int, ...] = ()

    def days(self, first: date, last: date) -> list[date]:
        """Its days from ``first`` to ``last``, both in. Weeks are counted from the Monday of the week it starts in."""
        last = last if self.ends is None else min(last, self.ends)
        first = max(first, self.starts)
        if last < first:
            return []
        how: dict[str, Any] = {"freq": DAILY}
        if self.unit == "week":
            how = {"freq": WEEKLY, "wkst": MO, "byweekday": [weekday(n) for n in self.weekdays]}
        found = rrule(dtstart=_midnight(self.starts), until=_midnight(last), interval=self.every, **how)
        return [moment.date() for moment in found if moment.date() >= first]


@dataclass(frozen=True, slots=True)
class Slot:
    """One time of the day and what is done then. ``closes`` None: at the fixed time ``opens``. ``number`` stays with it
    for good."""

    number: int
    opens: time
    closes: time | None
    minutes: int
    need: str
    workers_needed: int = 1
    skills: tuple[str, ...] = ()
    time_critical: bool = False
    gender_asked: Literal["female", "male"] | None = None
    priority: int = 3
    access_notes: str = ""


class Gap(NamedTuple):
    """Minutes from the end of one visit of the day to the start of the next; ``most`` None: no longest."""

    least: int
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """What visits to one person are made from. ``slots`` in order of time; ``gap`` between each and the next of a day.

    ``action_words``: the words of the plan's action as the visits were made from it; empty when they came from none.
    ``rolled_until``: visits have been made up to this day.
    """

    id: PatternId
    person_id: PersonId
    team_id: TeamId
    rule: Rule
    slots: tuple[Slot, ...]
    gap: Gap | None = None
    plan_action_id: UUID | None = None
    action_words: str = ""
    rolled_until: date | None = None
    revision: int = 1

    @property
    def is_over(self) -> bool:
        """It will make no more visits."""
        ends = self.rule.ends
        return ends is not None and self.rolled_until is not None and self.rolled_until >= ends

    def slot(self, number: int) -> Slot | None:
        return next((s for s in self.slots if s.number == number), None)


@dataclass(frozen=True, slots=True)
class Freed:
    """A worker who was going and is not any more; ``pinned`` ones are to be told of first."""

    visit: Visit
    worker_id: WorkerId
    worker: str
    start: datetime
    pinned: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What was done, or would be. ``before`` and ``after`` are the same visits in the same order; ``made`` are new;
    ``stays`` were changed by hand and left alone; ``kept`` still have their workers, ``freed`` have not.
    ``of`` and ``then`` are the pattern as it was and as it is."""

    what: Literal["made", "changed", "ended", "undone"]
    before: tuple[Visit, ...] = ()
    after: tuple[Visit, ...] = ()
    made: tuple[Visit, ...] = ()
    stays: tuple[Visit, ...] = ()
    kept: tuple[Visit, ...] = ()
    freed: tuple[Freed, ...] = ()
    of: tuple[Pattern, ...] = ()
    then: tuple[Pattern, ...] = ()

    @property
    def dropped(self) -> tuple[Visit, ...]:
        """Visits that there will not be any more."""
        return tuple(a for b, a in zip(self.before, self.after, strict=True) if a.dropped and not b.dropped)

    @property
    def changed(self) -> tuple[Visit, ...]:
        """Visits that are other than they were, and still to be."""
        return tuple(a for a in self.after if not a.dropped)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a changed pattern comes to, before anything is written. ``changed`` pairs a visit with what it shall be."""

    made: tuple[VisitDraft, ...] = ()
    changed: tuple[tuple[Visit, Visit], ...] = ()
    dropped: tuple[Visit, ...] = ()
    stays: tuple[Visit, ...] = ()


# ---------------------------------------------------------------- days and times


def _midnight(day: date) -> datetime:
    """As dateutil counts: days without a time zone, because an hour more or less is no matter to them."""
    return datetime.combine(day, time())


def moments(day: date, opens: time, closes: time | None) -> tuple[Window, datetime | None]:
    """When to arrive, and the fixed time if there is one, in UTC.

    A wall-clock time that a spring night does not have is moved on by the hour that is left out; of one that an autumn
    night has twice the first is meant. The window is never empty: it is as long as the clock on the wall says.
    """
    start = at_local(day, opens.hour, opens.minute)
    if closes is None:
        return Window(start, start + _MINUTE), start
    end = at_local(day, closes.hour, closes.minute)
    if end <= start:
        end = start + (datetime.combine(day, closes) - datetime.combine(day, opens))
    return Window(start, end), None


def draft_of(pattern: Pattern, slot: Slot, day: date) -> VisitDraft:
    """The visit of one slot on one day. That there is one only is for the database to see to."""
    arrive, fixed = moments(day, slot.opens, slot.closes)
    return VisitDraft(
        id=VisitId(new_id()),
        person_id=pattern.person_id,
        team_id=pattern.team_id,
        day=day,
        arrive=arrive,
        minutes=slot.minutes,
        need=slot.need,
        workers_needed=slot.workers_needed,
        skills=slot.skills,
        time_critical=slot.time_critical,
        gender_asked=slot.gender_asked,
        priority=slot.priority,
        plan_action_id=pattern.plan_action_id,
        fixed=fixed,
        access_notes=slot.access_notes,
        pattern_id=pattern.id,
        pattern_slot=slot.number,
        pattern_day=day,
    )


def drafts(pattern: Pattern, first: date, last: date) -> list[VisitDraft]:
    """All visits from ``first`` to ``last``, both in, in order of time."""
    return [draft_of(pattern, slot, day) for day in pattern.rule.days(first, last) for slot in pattern.slots]


def horizon(pattern: Pattern, today: date, until: date | None = None) -> date:
    """Up to which day visits should have been made: six weeks ahead, or ``until``."""
    until = until or today + AHEAD
    return until if pattern.rule.ends is None else min(until, pattern.rule.ends)


# ---------------------------------------------------------------- two visits a gap apart


def can_keep(first: Window, minutes: int, second: Window, gap: Gap) -> bool:
    """Some start in each window keeps the gap."""
    soonest = first.start + timedelta(minutes=minutes + gap.least)
    if soonest > second.end:
        return False
    return gap.most is None or first.end + timedelta(minutes=minutes + gap.most) >= second.start


def pairs(visits: Iterable[Visit], gap: Gap | None) -> list[tuple[Visit, Visit]]:
    """The visits of one pattern on one day, each with the next. One that was moved by hand to where the gap cannot be
    kept is in no pair."""
    if gap is None:
        return []
    row = sorted(visits, key=lambda v: (v.arrive.start, v.id))
    return [(a, b) for a, b in pairwise(row) if a.day == b.day and can_keep(a.arrive, a.minutes, b.arrive, gap)]


# ---------------------------------------------------------------- change

# Fields of a slot that a visit has by the same name.
SHARED = ("minutes", "need", "workers_needed", "skills", "time_critical", "gender_asked", "priority", "access_notes")


def has_been(visit: Visit, now: datetime) -> bool:
    """It has an outcome, or its time has come: it is not changed with others any more."""
    begins = visit.starts or visit.arrive.end
    return visit.is_over or begins <= now


def difference(
    old: Pattern, new: Pattern, visits: Sequence[Visit], first: date, scope: Scope, now: datetime
) -> Difference:
    """What turning ``old`` into ``new`` from the day ``first`` comes to.

    ``visits`` are all of the pattern that are not dropped, whatever their state, from ``first`` on. Days beyond
    ``old.rolled_until`` are left to be made later. ``following`` gives what has changed to visits that were changed by
    hand too, and drops them where the pattern no longer has them; ``unmodified`` leaves them as they are. What ``old``
    asked for and is not there is not made by the way, and what it did not ask for goes only when the pattern ends.
    """
    last = old.rolled_until or first
    wanted = {(d.pattern_slot, d.pattern_day): d for d in drafts(new, first, last)}
    before = {(slot.number, day) for day in old.rule.days(first, last) for slot in old.slots}
    there = {(v.pattern_slot, v.pattern_day): v for v in visits}
    changed, dropped, stays = [], [], []
    for key, visit in there.items():
        if has_been(visit, now):
            continue
        draft = wanted.get(key)
        after = visit if draft is None else _changed(visit, old, new)
        if draft is not None and after == visit:
            continue
        if draft is None and key not in before and not _past_end(new, key[1]):
            continue
        if scope == "unmodified" and visit.modified:
            stays.append(visit)
        elif draft is None:
            dropped.append(visit)
        else:
            changed.append((visit, after))
    made = [d for key, d in wanted.items() if key not in there and key not in before and d.arrive.end > now]
    return Difference(tuple(made), tuple(changed), tuple(dropped), tuple(stays))


def _past_end(pattern: Pattern, day: date | None) -> bool:
    return day is not None and pattern.rule.ends is not None and day > pattern.rule.ends


def _changed(visit: Visit, old: Pattern, new: Pattern) -> Visit:
    """The visit with every field that the pattern changed, and no other."""
    assert visit.pattern_slot is not None
    was, is_now = old.slot(visit.pattern_slot), new.slot(visit.pattern_slot)
    assert is_now is not None
    values: dict[str, Any] = {}
    if was is None or (was.opens, was.closes) != (is_now.opens, is_now.closes):
        arrive, fixed = moments(visit.day, is_now.opens, is_now.closes)
        values = {"arrive": arrive, "fixed": fixed}
    if old.team_id != new.team_id:
        values["team_id"] = new.team_id
    changed = [name for name in SHARED if was is None or getattr(was, name) != getattr(is_now, name)]
    values |= {name: getattr(is_now, name) for name in changed}
    return replace(visit, **values)


def with_values(pattern: Pattern, number: int | None, values: Mapping[str, Any]) -> Pattern:
    """The pattern with ``values`` (fields of Slot) in the slot ``number``, or in all of them."""
    names = {f.name for f in fields(Slot)} - {"number"}
    given = {name: value for name, value in values.items() if name in names}
    slots = tuple(replace(s, **given) if number in (None, s.number) else s for s in pattern.slots)
    return replace(pattern, slots=in_order(slots))


def in_order(slots: Iterable[Slot]) -> tuple[Slot, ...]:
    return tuple(sorted(slots, key=lambda s: (s.opens, s.closes or s.opens, s.number)))


def numbered(slots: Sequence[Slot], known: Collection[Slot], used: int) -> tuple[Slot, ...]:
    """Times of a day that somebody typed, with their numbers: those at a time that was there keep its number, the
    others take over what is left in order of the day, and what is new goes on after ``used``."""
    by_time = {(s.opens, s.closes): s.number for s in known}
    taken = [by_time.get((s.opens, s.closes)) for s in slots]
    left = iter([s.number for s in in_order(known) if s.number not in taken])
    fresh = iter(range(used + 1, used + 1 + len(slots)))
    return in_order(
        replace(s, number=number if number is not None else next(left, None) or next(fresh))
        for s, number in zip(slots, taken, strict=True)
    )
