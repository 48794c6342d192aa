"""Rows of patterns to records and back."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, select
from sqlalchemy.dialects.postgresql import Range

from coordination.deployment.model import Visit
from coordination.deployment.patterns import Gap, Pattern, Rule, Slot, in_order
from coordination.values import PatternId, PersonId, TeamId
from db.tables.visits import visit_pattern, visit_pattern_skill, visit_pattern_slot


def read_patterns(connection: Connection, which: ColumnElement[bool], *, hold: bool = False) -> list[Pattern]:
    """Patterns with their slots: three statements. With ``hold``, locked."""
    query = select(visit_pattern).where(which).order_by(visit_pattern.c.id)
    rows = connection.execute(query.with_for_update(key_share=True) if hold else query).all()
    keys = [r.id for r in rows]
    if not keys:
        return []
    skills = defaultdict(list)
    of_these = select(visit_pattern_skill).where(visit_pattern_skill.c.pattern_id.in_(keys))
    for r in connection.execute(of_these.order_by(visit_pattern_skill.c.skill)):
        skills[r.pattern_id, r.slot].append(r.skill)
    slots = defaultdict(list)
    for r in connection.execute(select(visit_pattern_slot).where(visit_pattern_slot.c.pattern_id.in_(keys))):
        slots[r.pattern_id].append(_slot(r, tuple(skills[r.pattern_id, r.slot])))
    return [pattern_of(r, in_order(slots[r.id])) for r in rows]


def pattern_of(r: Row[Any], slots: tuple[Slot, ...]) -> Pattern:
    return Pattern(
        PatternId(r.id),
        PersonId(r.person_id),
        TeamId(r.team_id),
        Rule(r.starts, r.ends, r.unit, r.every, tuple(r.weekdays)),
        slots,
        None if r.gap_least is None else Gap(r.gap_least, r.gap_most),
        r.plan_action_id,
        r.action_words,
        r.rolled_until,
        r.revision,
    )


def _slot(r: Row[Any], skills: tuple[str, ...]) -> Slot:
    return Slot(
        r.slot,
        r.opens,
        r.closes,
        r.minutes,
        r.need,
        r.workers_needed,
        skills,
        r.time_critical,
        r.gender_asked,
        r.priority,
        r.access_notes,
    )


def pattern_values(pattern: Pattern) -> dict[str, Any]:
    """What may be changed of a pattern, by column."""
    rule, gap = pattern.rule, pattern.gap
    return {
        "team_id": pattern.team_id,
        "action_words": pattern.action_words,
        "starts": rule.starts,
        "ends": rule.ends,
        "unit": rule.unit,
        "every": rule.every,
        "weekdays": sorted(set(rule.weekdays)),
        "gap_least": gap.least if gap else None,
        "gap_most": gap.most if gap else None,
    }


def slot_values(pattern: UUID, slot: Slot) -> dict[str, Any]:
    return {
        "pattern_id": pattern,
        "slot": slot.number,
        "opens": slot.opens,
        "closes": slot.closes,
        "minutes": slot.minutes,
        "workers_needed": slot.workers_needed,
        "need": slot.need.strip(),
        "access_notes": slot.access_notes.strip(),
        "time_critical": slot.time_critical,
        "gender_asked": slot.gender_asked,
        "priority": slot.priority,
    }


def visit_values(visit: Visit) -> dict[str, Any]:
    """What may be changed of a visit, by column; its id as ``key``."""
    return {
        "key": visit.id,
        "team_id": visit.team_id,
        "day": visit.day,
        "arrive": Range(visit.arrive.start, visit.arrive.end),
        "fixed_at": visit.fixed,
        "minutes": visit.minutes,
        "workers_needed": visit.workers_needed,
        "need": visit.need.strip(),
        "access_notes": visit.access_notes.strip(),
        "time_critical": visit.time_critical,
        "gender_asked": visit.gender_asked,
        "priority": visit.priority,
        "state": visit.state,
        "state_reason": visit.state_reason,
        "modified": visit.modified,
        "dropped": visit.dropped,
    }
