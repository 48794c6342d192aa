"""What a pattern, or one visit, must hold before it is written, and what should be thought about. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from coordination.clock import LONDON
from coordination.deployment.drafts import check_drafts
from coordination.deployment.model import DAY_ENDS, DAY_STARTS, Visit, VisitDraft
from coordination.deployment.patterns import SHARED, Gap, Pattern, Slot, can_keep, moments
from coordination.errors import BadValue, BadValues, Obstacle, obstacle
from coordination.values import Window

MOST_SLOTS = 12  # a day
LONGEST_GAP = 900
_OPENS, _CLOSES = time(DAY_STARTS), time(DAY_ENDS)
_PLAIN_DAY = date(2026, 6, 1)  # a day on which no clock changes: gaps are compared on it


@dataclass(frozen=True)
class Reach:
    """What a team can do at all: its longest shift in minutes (None: nobody is on its rota), how many of its workers
    have each skill, and how many there are of each gender. ``names`` of skills by code."""

    team: str
    longest: int | None
    skills: Mapping[str, int] = field(default_factory=dict)
    genders: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


def check_pattern(pattern: Pattern, today: date, *, fresh: bool) -> None:
    """Raises BadValues by field: those of Rule, ``times`` for the slots, ``gap`` and those of Slot, each once.

    ``fresh``: it is made now, so it cannot have begun.
    """
    problems = [*_of_rule(pattern, today, fresh=fresh), *_of_slots(pattern.slots)]
    if not problems:
        problems = list(_of_gap(pattern))
    if problems:
        raise BadValues(tuple(dict.fromkeys(problems)))


def check_visit(draft: VisitDraft, now: datetime) -> None:
    """Raises BadValues: one visit that somebody plans by itself, or changes."""
    problems: list[BadValue] = []
    try:
        check_drafts([draft])
    except BadValues as error:
        problems += error.problems
    if draft.arrive.end <= now:
        problems.append(BadValue("arrive", "in_the_past"))
    elif draft.fixed is not None and not _in_hours(draft.fixed.astimezone(LONDON).time()):
        problems.append(BadValue("fixed", "outside_hours"))
    elif draft.fixed is None and not _window_in_hours(draft.arrive):
        problems.append(BadValue("arrive", "outside_hours"))
    if len(draft.access_notes) > 500:
        problems.append(BadValue("access_notes", "too_long"))
    if problems:
        raise BadValues(tuple(dict.fromkeys(problems)))


def check_gap(first: Visit, second: Visit, gap: Gap) -> None:
    """Raises BadValue of ``gap``: two visits that cannot be that far apart, or not be that near."""
    check_gap_itself(gap)
    if first.person.id != second.person.id or first.day != second.day:
        raise BadValue("gap", "not_one_day")
    if not can_keep(first.arrive, first.minutes, second.arrive, gap):
        raise BadValue("gap", _why_not(first.arrive, first.minutes, second.arrive, gap))


def check_gap_itself(gap: Gap) -> None:
    """Raises BadValue of ``gap`` for minutes that are none."""
    for minutes in (gap.least, gap.most):
        if minutes is not None and not 0 <= minutes <= LONGEST_GAP:
            raise BadValue("gap", "out_of_range")
    if gap.most is not None and gap.most < gap.least:
        raise BadValue("gap", "most_below_least")


def advice(slots: Sequence[Slot], reach: Reach) -> tuple[Obstacle, ...]:
    """What should be thought about, though it may be written: nobody could take such a visit as the team stands now."""
    found: dict[Obstacle, None] = {}
    longest = max((s.minutes for s in slots), default=0)
    if reach.longest is None:
        found[obstacle("nobody_on_rota", team=reach.team)] = None
    elif longest > reach.longest:
        found[obstacle("longer_than_any_shift", minutes=longest, longest=reach.longest, team=reach.team)] = None
    for slot in slots:
        for code in slot.skills:
            having = reach.skills.get(code, 0)
            if having < slot.workers_needed:
                name = reach.names.get(code, code)
                told = "too_few_with_skill" if having else "no_worker_has_skill"
                found[obstacle(told, skill=name, team=reach.team)] = None
        if slot.gender_asked is not None and reach.genders.get(slot.gender_asked, 0) < slot.workers_needed:
            found[obstacle("nobody_of_gender", gender=slot.gender_asked, team=reach.team)] = None
    return tuple(found)


# ---------------------------------------------------------------- inside


def _of_rule(pattern: Pattern, today: date, *, fresh: bool) -> Iterator[BadValue]:
    rule = pattern.rule
    if fresh and rule.starts < today:
        yield BadValue("starts", "in_the_past")
    if rule.ends is not None and rule.ends < rule.starts - timedelta(days=0 if fresh else 1):
        yield BadValue("ends", "before_it_starts")
    if not 1 <= rule.every <= 52:
        yield BadValue("every", "weeks_out_of_range")
    if rule.unit == "week" and not rule.weekdays:
        yield BadValue("weekdays", "missing")
    if any(not 0 <= n <= 6 for n in rule.weekdays) or (rule.unit == "day" and rule.weekdays):
        yield BadValue("weekdays", "out_of_range")


def _of_slots(slots: Sequence[Slot]) -> Iterator[BadValue]:
    if not slots:
        yield BadValue("times", "missing")
    if len(slots) > MOST_SLOTS:
        yield BadValue("times", "too_many")
    if len({(s.opens, s.closes) for s in slots}) < len(slots):
        yield BadValue("times", "twice")
    for slot in slots:
        if slot.closes is None and not _in_hours(slot.opens):
            yield BadValue("times", "fixed_outside_hours")
        elif slot.closes is not None and slot.closes <= slot.opens:
            yield BadValue("times", "ends_before_it_starts")
        elif slot.closes is not None and (slot.opens < _OPENS or slot.closes > _CLOSES):
            yield BadValue("times", "outside_hours")
        yield from _of_slot(slot)


def _of_slot(slot: Slot) -> Iterator[BadValue]:
    if not slot.need.strip():
        yield BadValue("need", "missing")
    elif len(slot.need) > 500:
        yield BadValue("need", "too_long")
    if len(slot.access_notes) > 500:
        yield BadValue("access_notes", "too_long")
    if not 5 <= slot.minutes <= 480:
        yield BadValue("minutes", "out_of_range")
    if slot.workers_needed not in (1, 2):
        yield BadValue("workers_needed", "out_of_range")
    if not 1 <= slot.priority <= 5:
        yield BadValue("priority", "out_of_range")


def _of_gap(pattern: Pattern) -> Iterator[BadValue]:
    """A gap longer than the windows allow, over all visits of a day one after the other."""
    if pattern.gap is None:
        return
    try:
        check_gap_itself(pattern.gap)
    except BadValue as error:
        yield error
        return
    if len(pattern.slots) < 2:
        yield BadValue("gap", "needs_two_times")
        return
    start: Window | None = None
    minutes = 0
    for slot in pattern.slots:
        window, _ = moments(_PLAIN_DAY, slot.opens, slot.closes)
        if start is not None:
            if not can_keep(start, minutes, window, pattern.gap):
                yield BadValue("gap", _why_not(start, minutes, window, pattern.gap))
                return
            window = _left(start, minutes, window, pattern.gap)
        start, minutes = window, slot.minutes


def _left(before: Window, minutes: int, window: Window, gap: Gap) -> Window:
    """The part of a window that the visit before it leaves."""
    first = max(window.start, before.start + timedelta(minutes=minutes + gap.least))
    last = window.end if gap.most is None else min(window.end, before.end + timedelta(minutes=minutes + gap.most))
    return Window(first, max(last, first + timedelta(minutes=1)))


def _why_not(first: Window, minutes: int, second: Window, gap: Gap) -> str:
    return "too_long" if first.start + timedelta(minutes=minutes + gap.least) > second.end else "too_short"


def _in_hours(at: time) -> bool:
    return _OPENS <= at < _CLOSES


def _window_in_hours(window: Window) -> bool:
    start, end = window.start.astimezone(LONDON), window.end.astimezone(LONDON)
    return start.time() >= _OPENS and start.date() == end.date() and end.time() <= _CLOSES


def draft_as(visit: Visit, values: Mapping[str, Any]) -> VisitDraft:
    """A visit with ``values`` (fields of Slot, and ``day``), as a draft that can be checked."""
    day: date = values.get("day", visit.day)
    arrive, fixed = visit.arrive, visit.fixed
    if {"opens", "closes", "day"} & values.keys():
        arrive, fixed = moments(day, *times_of(visit, values))
    shared = {name: values.get(name, getattr(visit, name)) for name in SHARED}
    return VisitDraft(
        visit.id, visit.person.id, visit.team_id, day, arrive, fixed=fixed, plan_action_id=visit.plan_action_id,
        referral_id=visit.referral_id, pattern_id=visit.pattern_id, pattern_slot=visit.pattern_slot,
        pattern_day=visit.pattern_day, **shared,
    )  # fmt: skip


def times_of(visit: Visit, values: Mapping[str, Any]) -> tuple[time, time | None]:
    """The wall-clock times of a visit: those given, else its own."""
    own = visit.arrive.start.astimezone(LONDON).time()
    end = None if visit.fixed is not None else visit.arrive.end.astimezone(LONDON).time()
    return values.get("opens", own), values.get("closes", end)
