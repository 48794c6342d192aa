"""The columns of the lists of visits and of patterns."""

from __future__ import annotations

from coordination.deployment.patterns_store import PatternRow, VisitRow
from ui import wording
from ui.style import tokens
from ui.visits import words
from ui.widgets.table_model import Column


def visit_columns() -> list[Column[VisitRow]]:
    return [
        Column("day", "Day", lambda v: wording.weekday(v.day), sort=lambda v: v.arrive.start, value=lambda v: v.day,
               width=144),
        Column("time", "Time", words.when, sort=lambda v: v.arrive.start, width=112, strong=True),
        Column("minutes", "Min", lambda v: str(v.minutes), sort=lambda v: v.minutes, value=lambda v: v.minutes,
               numeric=True, width=56),
        Column("need", "What is done", lambda v: v.need, stretch=True, width=150),
        Column("who", "Who goes", words.goes, width=190),
        Column("team", "Team", lambda v: v.team, quiet=True, width=160),
        Column("state", "State", lambda v: words.STATES[v.state], width=112,
               badge=lambda v: tokens.state(_look(v)), tip=lambda v: v.state_reason),
        Column("by", "Planned", _by, quiet=True, width=118),
    ]  # fmt: skip


def _look(row: VisitRow) -> str:
    if row.state != "planned":
        return row.state
    return "allocated" if len(row.workers) >= row.workers_needed else "unplaced"


def _by(row: VisitRow) -> str:
    if row.pattern_id is None:
        return "By itself"
    return "Changed by hand" if row.modified else "Recurring"


def pattern_columns() -> list[Column[PatternRow]]:
    return [
        Column("times", "Times of day", lambda p: words.times(p.pattern), width=190, strong=True,
               sort=lambda p: p.pattern.slots[0].opens),
        Column("rule", "On", lambda p: words.rule(p.pattern.rule), width=150),
        Column("need", "What is done", lambda p: words.needs(p.pattern), stretch=True, width=150),
        Column("span", "When", lambda p: words.span(p.pattern), width=205, sort=lambda p: p.pattern.rule.starts),
        Column("gap", "Gap", lambda p: words.gap(p.pattern), width=110, quiet=True),
        Column("team", "Team", lambda p: p.team, quiet=True, width=150),
        Column("ahead", "To come", lambda p: str(p.ahead), sort=lambda p: p.ahead, value=lambda p: p.ahead,
               numeric=True, width=72),
        Column("placed", "With a worker", lambda p: str(p.placed), sort=lambda p: p.placed,
               value=lambda p: p.placed, numeric=True, width=100, hidden=True),
    ]  # fmt: skip
