"""Patterns of visits, changing visits in numbers, and pairs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.exc import DBAPIError

from coordination.deployment.model import Visit, VisitDraft
from coordination.deployment.patterns import Gap, Pattern
from coordination.deployment.patterns_rules import Reach
from coordination.deployment.patterns_store import ActionAsked, FromPlan, PatternRow, VisitRow
from coordination.values import PatternId, PersonId, TeamId, VisitId, WorkerId
from db.stores import visits_lists
from db.stores.deployment import PgDeploymentStore
from db.stores.deployment_rows import read_visits
from db.stores.visits_rows import pattern_values, read_patterns, slot_values, visit_values
from db.tables.deployment import allocation, visit, visit_skill, worker
from db.tables.visits import visit_pair, visit_pattern, visit_pattern_skill, visit_pattern_slot


class PgVisitStore:
    """Patterns, the visits made from them, and pairs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ------------------------------------------------------------------ reading

    def pattern(self, key: PatternId, *, hold: bool = False) -> Pattern | None:
        found = read_patterns(self._connection, visit_pattern.c.id == key, hold=hold)
        return found[0] if found else None

    def patterns_of(self, person: PersonId) -> list[PatternRow]:
        return visits_lists.patterns_of(self._connection, person)

    def visits_of_pattern(self, key: PatternId, first: date) -> tuple[Visit, ...]:
        return self._held((visit.c.pattern_id == key) & (visit.c.pattern_day >= first) & ~visit.c.dropped)

    def visits(self, keys: Collection[VisitId]) -> tuple[Visit, ...]:
        return self._held(visit.c.id.in_(list(keys))) if keys else ()

    def _held(self, which: Any) -> tuple[Visit, ...]:
        self._connection.execute(select(visit.c.id).where(which).order_by(visit.c.id).with_for_update(key_share=True))
        return read_visits(self._connection, which)

    def rows_of(self, person: PersonId, first: date, last: date) -> list[VisitRow]:
        return visits_lists.rows_of(self._connection, person, first, last)

    def worker_names(self, keys: Collection[WorkerId]) -> Mapping[WorkerId, str]:
        if not keys:
            return {}
        rows = self._connection.execute(select(worker.c.id, worker.c.name).where(worker.c.id.in_(list(keys))))
        return {WorkerId(r.id): r.name for r in rows}

    def reach(self, team: TeamId, day: date) -> Reach | None:
        return visits_lists.reach(self._connection, team, day)

    def action(self, key: UUID) -> ActionAsked | None:
        return visits_lists.action(self._connection, key)

    def from_plans(self, *, person: PersonId | None = None, team: TeamId | None = None) -> list[FromPlan]:
        return visits_lists.from_plans(self._connection, person=person, team=team)

    # ------------------------------------------------------------------ patterns

    def add_pattern(self, pattern: Pattern) -> bool:
        values = {"id": pattern.id, "person_id": pattern.person_id, "plan_action_id": pattern.plan_action_id}
        fresh = pg_insert(visit_pattern).on_conflict_do_nothing(index_elements=["id"]).returning(visit_pattern.c.id)
        added = self._connection.execute(fresh.values(**values, **pattern_values(pattern))).scalar_one_or_none()
        if added is not None:
            self._add_slots(pattern)
        return added is not None

    def save_pattern(self, pattern: Pattern) -> None:
        change = update(visit_pattern).where(visit_pattern.c.id == pattern.id)
        values = {**pattern_values(pattern), "revision": pattern.revision, "rolled_until": pattern.rolled_until}
        self._connection.execute(change.values(**values))
        self._connection.execute(delete(visit_pattern_slot).where(visit_pattern_slot.c.pattern_id == pattern.id))
        self._add_slots(pattern)

    def _add_slots(self, pattern: Pattern) -> None:
        self._connection.execute(insert(visit_pattern_slot), [slot_values(pattern.id, s) for s in pattern.slots])
        skills = [
            {"pattern_id": pattern.id, "slot": s.number, "skill": code}
            for s in pattern.slots
            for code in dict.fromkeys(s.skills)
        ]
        if skills:
            self._connection.execute(insert(visit_pattern_skill), skills)

    def slots_used(self, key: PatternId) -> int:
        made = select(func.max(visit.c.pattern_slot)).where(visit.c.pattern_id == key)
        now = select(func.max(visit_pattern_slot.c.slot)).where(visit_pattern_slot.c.pattern_id == key)
        highest = select(func.greatest(made.scalar_subquery(), now.scalar_subquery(), 0))
        found: int = self._connection.execute(highest).scalar_one()
        return found

    def set_rolled(self, until: Mapping[PatternId, date]) -> None:
        if until:
            change = update(visit_pattern).where(visit_pattern.c.id == bindparam("key"))
            rows = [{"key": key, "day": day} for key, day in until.items()]
            self._connection.execute(change.values(rolled_until=bindparam("day")), rows)

    def due(self, horizon: date, limit: int) -> list[Pattern]:
        p = visit_pattern.c
        wanted = func.least(horizon, p.ends)
        which = or_(p.rolled_until.is_(None), p.rolled_until < wanted)
        keys = select(p.id).where(which).order_by(p.id).limit(limit).with_for_update(skip_locked=True)
        found = list(self._connection.execute(keys).scalars())
        return read_patterns(self._connection, p.id.in_(found)) if found else []

    # ------------------------------------------------------------------ visits

    def add(self, drafts: Sequence[VisitDraft]) -> tuple[VisitId, ...]:
        return PgDeploymentStore(self._connection).add_visits(drafts)

    def write(self, visits: Sequence[Visit]) -> None:
        if not visits:
            return
        rows = [visit_values(v) for v in visits]
        change = update(visit).where(visit.c.id == bindparam("key"))
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "key"}
        given = [{n if n == "key" else f"new_{n}": value for n, value in row.items()} for row in rows]
        self._connection.execute(change.values(**values, revision=visit.c.revision + 1), given)
        self._write_skills(visits)

    def _write_skills(self, visits: Sequence[Visit]) -> None:
        keys = [v.id for v in visits if v.state == "planned"]
        there: dict[UUID, set[str]] = {}
        for r in self._connection.execute(select(visit_skill).where(visit_skill.c.visit_id.in_(keys))):
            there.setdefault(r.visit_id, set()).add(r.skill)
        for_each = [(v.id, set(v.skills), there.get(v.id, set())) for v in visits if v.state == "planned"]
        gone = [(key, code) for key, wanted, has in for_each for code in has - wanted]
        fresh = [{"visit_id": key, "skill": code} for key, wanted, has in for_each for code in sorted(wanted - has)]
        if gone:
            s = visit_skill.c
            which = and_(s.visit_id == bindparam("key"), s.skill == bindparam("code"))
            self._connection.execute(delete(visit_skill).where(which), [{"key": k, "code": c} for k, c in gone])
        if fresh:
            self._connection.execute(insert(visit_skill), fresh)

    # ------------------------------------------------------------------ who goes

    def remove_allocations(self, keys: Collection[VisitId]) -> None:
        if keys:
            self._connection.execute(delete(allocation).where(allocation.c.visit_id.in_(list(keys))))

    def settle(self) -> None:
        self._connection.execute(text("set constraints all immediate"))

    def give_back(self, visit: Visit) -> bool:
        rows = [
            {
                "id": a.id,
                "visit_id": visit.id,
                "worker_id": a.worker_id,
                "slot": a.slot,
                "period": Range(a.window.start, a.window.end),
                "pinned": a.pinned,
            }
            for a in visit.allocations
        ]
        savepoint = self._connection.begin_nested()
        try:
            self._connection.execute(insert(allocation), rows)
        except DBAPIError as error:
            savepoint.rollback()
            if error.connection_invalidated or getattr(error.orig, "sqlstate", "") not in _REFUSED:
                raise
            return False
        savepoint.commit()
        return True

    # ------------------------------------------------------------------ gaps

    def unpair(self, keys: Collection[VisitId]) -> None:
        if keys:
            p = visit_pair.c
            which = p.first_id.in_(list(keys)) | p.second_id.in_(list(keys))
            self._connection.execute(delete(visit_pair).where(which))

    def pair(self, pairs: Sequence[tuple[VisitId, VisitId, Gap]]) -> None:
        if not pairs:
            return
        rows = [
            {"first_id": first, "second_id": second, "gap_least": gap.least, "gap_most": gap.most}
            for first, second, gap in pairs
        ]
        given = pg_insert(visit_pair).values(rows)
        new: dict[str, Any] = {"gap_least": given.excluded.gap_least, "gap_most": given.excluded.gap_most}
        new["revision"] = visit_pair.c.revision + 1
        self._connection.execute(given.on_conflict_do_update(index_elements=["first_id", "second_id"], set_=new))


# Somebody else has the worker, or a rule of D2 or of a gap is in the way.
_REFUSED = {"23505", "23514", "23P01"}
