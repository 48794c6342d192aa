"""Weights of the planner, and many visits changed in one go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, Integer, Uuid, column, delete, insert, select, update, values
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql import insert as pg_insert

from coordination.deployment.model import Allocation
from coordination.deployment.planner.weights import TERMS, USUAL, Term, Weight
from coordination.values import TeamId, VisitId, Window, WorkerId
from db.tables.deployment import allocation, shift, visit
from db.tables.planning import planner_weight


class PgPlanningStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ------------------------------------------------------------------ weights

    def weights(self, team: TeamId) -> tuple[Weight, ...]:
        w = planner_weight.c
        query = select(w.team_id, w.term, w.value, w.revision).where(w.team_id.is_(None) | (w.team_id == team))
        found: dict[str, Weight] = {}
        for r in self._connection.execute(query.order_by(w.team_id.nulls_first())):
            own = r.team_id is not None
            found[r.term] = Weight(r.term, r.value, r.revision if own else 0, own)
        return tuple(found.get(term, Weight(term, USUAL)) for term in TERMS)

    def put_weight(self, team: TeamId, term: Term, value: int, *, seen: int) -> bool:
        if seen == 0:
            fresh = pg_insert(planner_weight).values(team_id=team, term=term, value=value)
            kept = fresh.on_conflict_do_nothing(constraint="planner_weight_once")
            return self._connection.execute(kept.returning(planner_weight.c.id)).first() is not None
        w = planner_weight.c
        row = update(planner_weight).where(w.team_id == team, w.term == term, w.revision == seen)
        return self._connection.execute(row.values(value=value, revision=seen + 1)).rowcount == 1

    def clear_weights(self, team: TeamId) -> None:
        self._connection.execute(delete(planner_weight).where(planner_weight.c.team_id == team))

    # ------------------------------------------------------------------ many visits

    def hold_visits(self, seen: Mapping[VisitId, int]) -> frozenset[VisitId]:
        if not seen:
            return frozenset()
        # in order of id, so that two desks queue instead of blocking each other
        lock = select(visit.c.id).where(visit.c.id.in_(list(seen))).order_by(visit.c.id)
        self._connection.execute(lock.with_for_update())
        was = values(column("id", Uuid), column("revision", Integer), name="was").data(list(seen.items()))
        raised = (
            update(visit)
            .where(visit.c.id == was.c.id, visit.c.revision == was.c.revision)
            .values(revision=visit.c.revision + 1)
            .returning(visit.c.id)
        )
        return frozenset(VisitId(found) for found in self._connection.execute(raised).scalars())

    def replace_allocations(self, visits: Collection[VisitId], wanted: Sequence[tuple[VisitId, Allocation]]) -> None:
        if visits:
            self._connection.execute(delete(allocation).where(allocation.c.visit_id.in_(list(visits))))
        rows = [
            {
                "id": held.id,
                "visit_id": visit_id,
                "worker_id": held.worker_id,
                "slot": held.slot,
                "period": Range(held.window.start, held.window.end),
                "pinned": held.pinned,
            }
            for visit_id, held in wanted
        ]
        if rows:
            self._connection.execute(insert(allocation), rows)

    # ------------------------------------------------------------------ shifts of the day

    def add_absence(self, shift_id: UUID, worker: WorkerId, window: Window) -> None:
        period = Range(window.start, window.end)
        row = pg_insert(shift).values(id=shift_id, worker_id=worker, kind="sickness", period=period)
        self._connection.execute(row.on_conflict_do_nothing(index_elements=["id"]))

    def remove_absence(self, shift_id: UUID) -> None:
        self._connection.execute(delete(shift).where(shift.c.id == shift_id, shift.c.kind == "sickness"))

    def stretch_shift(self, worker: WorkerId, was: Window, window: Window) -> bool:
        s = shift.c
        row = update(shift).where(s.worker_id == worker, s.kind == "work")
        row = row.where(s.period == Range(was.start, was.end))
        changed = row.values(period=Range(window.start, window.end), revision=s.revision + 1)
        return self._connection.execute(changed).rowcount == 1
