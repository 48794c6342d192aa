"""Rows of the careplan area to records and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, Table, case, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from coordination.careplan.model import (
    ActionChanges,
    ActionDetails,
    Outcome,
    Plan,
    PlanAction,
    PlanChanges,
    PlanState,
    TeamChoice,
)
from coordination.errors import NotFound
from coordination.values import AssessmentId, PersonId, PlanId, TeamId
from db.tables.careplan import care_plan, plan_action, plan_outcome
from db.tables.governance import user_account
from db.tables.people import person
from db.tables.reference import neighbourhood, practice, service, team, ward

_STANDING = text("state in ('draft', 'active')")  # as care_plan_one_a_person has it
_COLUMN = {"outcome": "outcome_id", "team": "team_id"}


class PgPlanStore:
    """Care plans."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plan(self, plan_id: PlanId, *, lock: bool = False) -> Plan:
        if lock:  # alone in its statement, so that what is read next is what stands once the lock is had
            held = select(care_plan.c.id).where(care_plan.c.id == plan_id).with_for_update()
            self._connection.execute(held)
        row = self._connection.execute(_plans().where(care_plan.c.id == plan_id)).one_or_none()
        if row is None:
            raise NotFound("plan", str(plan_id))
        return _plan(row)

    def current(self, person_id: PersonId) -> Plan | None:
        query = _plans().where(care_plan.c.person_id == person_id, care_plan.c.state.in_(("draft", "active")))
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _plan(row)

    def outcomes(self, plan_id: PlanId) -> list[Outcome]:
        t = plan_outcome
        query = select(t).where(t.c.plan_id == plan_id).order_by(t.c.position, t.c.id)
        return [_outcome(row) for row in self._connection.execute(query)]

    def actions(self, plan_id: PlanId) -> list[PlanAction]:
        t = plan_action
        query = _actions().where(t.c.plan_id == plan_id).order_by(t.c.position, t.c.id)
        return [_action(row) for row in self._connection.execute(query)]

    def outcome(self, outcome_id: UUID) -> Outcome:
        row = self._connection.execute(select(plan_outcome).where(plan_outcome.c.id == outcome_id)).one_or_none()
        if row is None:
            raise NotFound("outcome", str(outcome_id))
        return _outcome(row)

    def action(self, action_id: UUID) -> PlanAction:
        row = self._connection.execute(_actions().where(plan_action.c.id == action_id)).one_or_none()
        if row is None:
            raise NotFound("action", str(action_id))
        return _action(row)

    def add(self, plan_id: PlanId, person_id: PersonId, assessment: AssessmentId | None) -> None:
        # Two desks may begin at once: the second finds the first one's.
        begun = pg_insert(care_plan).values(id=plan_id, person_id=person_id, assessment_id=assessment)
        self._connection.execute(
            begun.on_conflict_do_nothing(index_elements=[care_plan.c.person_id], index_where=_STANDING)
        )

    def follow(self, plan_id: PlanId, assessment: AssessmentId) -> None:
        changed = {"assessment_id": assessment, "revision": care_plan.c.revision + 1}
        self._connection.execute(update(care_plan).where(care_plan.c.id == plan_id).values(changed))

    def change(self, plan_id: PlanId, changes: PlanChanges, *, seen: int) -> bool:
        return self._change(care_plan, plan_id, changes, seen)

    def move(self, plan_id: PlanId, state: PlanState, *, seen: int) -> bool:
        changes: dict[str, Any] = {"state": state}
        if state == "active":
            changes["activated_at"] = func.now()
        return self._change(care_plan, plan_id, changes, seen)

    def add_outcome(self, outcome_id: UUID, plan_id: PlanId, words: str) -> Outcome:
        row = {"id": outcome_id, "plan_id": plan_id, "words": words}
        row["position"] = self._after(plan_outcome, plan_id)
        self._connection.execute(pg_insert(plan_outcome).values(row).on_conflict_do_nothing(index_elements=["id"]))
        return self.outcome(outcome_id)

    def change_outcome(self, outcome_id: UUID, words: str, *, seen: int) -> bool:
        return self._change(plan_outcome, outcome_id, {"words": words}, seen)

    def remove_outcome(self, outcome_id: UUID, *, seen: int) -> bool:
        same = plan_action.c.outcome_id == outcome_id
        loose = {"outcome_id": None, "revision": plan_action.c.revision + 1}
        self._connection.execute(update(plan_action).where(same).values(loose))
        return self._remove(plan_outcome, outcome_id, seen)

    def add_action(self, action_id: UUID, plan_id: PlanId, what: str, details: ActionDetails) -> PlanAction:
        row = {"id": action_id, "plan_id": plan_id, "what": what, **_columns(details)}
        row["position"] = self._after(plan_action, plan_id)
        self._connection.execute(pg_insert(plan_action).values(row).on_conflict_do_nothing(index_elements=["id"]))
        return self.action(action_id)

    def change_action(self, action_id: UUID, changes: ActionChanges, *, seen: int) -> bool:
        return self._change(plan_action, action_id, changes, seen)

    def remove_action(self, action_id: UUID, *, seen: int) -> bool:
        return self._remove(plan_action, action_id, seen)

    def teams(self) -> list[TeamChoice]:
        query = select(team.c.id, team.c.name, team.c.service, team.c.locality).order_by(team.c.name)
        return [TeamChoice(*row) for row in self._connection.execute(query)]

    def team_for(self, person_id: PersonId, service_code: str) -> TeamId | None:
        home, care = neighbourhood.alias(), neighbourhood.alias()
        by_practice = service.c.side == "health"
        belongs = (
            select(
                case((by_practice, func.coalesce(care.c.locality, home.c.locality)), else_=home.c.locality).label("at")
            )
            .select_from(person)
            .join(service, service.c.code == service_code)
            .outerjoin(ward, ward.c.code == person.c.ward_code)
            .outerjoin(home, home.c.id == ward.c.neighbourhood_id)
            .outerjoin(practice, practice.c.code == person.c.practice_code)
            .outerjoin(care, care.c.id == practice.c.neighbourhood_id)
            .where(person.c.id == person_id)
        ).scalar_subquery()
        here = or_(team.c.locality.is_(None), team.c.locality == belongs)
        query = select(team.c.id).where(team.c.service == service_code, here).limit(2)
        found = list(self._connection.execute(query).scalars())
        return TeamId(found[0]) if len(found) == 1 else None

    def _after(self, table: Table, plan_id: PlanId) -> int:
        last = select(func.coalesce(func.max(table.c.position), 0)).where(table.c.plan_id == plan_id)
        return int(self._connection.execute(last).scalar_one()) + 1

    def _change(self, table: Table, key: UUID, changes: Mapping[str, object], seen: int) -> bool:
        query = update(table).where(table.c.id == key, table.c.revision == seen)
        changed = {**_columns(changes), "revision": table.c.revision + 1}
        return self._connection.execute(query.values(changed)).rowcount > 0

    def _remove(self, table: Table, key: UUID, seen: int) -> bool:
        return self._connection.execute(delete(table).where(table.c.id == key, table.c.revision == seen)).rowcount > 0


def _columns(changes: Mapping[str, object]) -> dict[str, Any]:
    return {_COLUMN.get(name, name): value for name, value in changes.items()}


def _plans() -> Select[Any]:
    lead = func.coalesce(user_account.c.display_name, care_plan.c.lead_worker, "").label("lead_worker_name")
    return select(care_plan, lead).outerjoin(user_account, user_account.c.user_name == care_plan.c.lead_worker)


def _actions() -> Select[Any]:
    return (
        select(plan_action, care_plan.c.person_id, func.coalesce(team.c.name, "").label("team_name"))
        .join(care_plan, care_plan.c.id == plan_action.c.plan_id)
        .outerjoin(team, team.c.id == plan_action.c.team_id)
    )


def _plan(row: Row[Any]) -> Plan:
    return Plan(
        row.id,
        row.person_id,
        row.assessment_id,
        row.state,
        row.lead_worker,
        row.lead_worker_name,
        row.what_matters,
        row.if_things_go_wrong,
        row.carers_part,
        row.self_care,
        row.review_on,
        row.created_at.astimezone(UTC),
        row.created_by,
        None if row.activated_at is None else row.activated_at.astimezone(UTC),
        row.revision,
    )


def _outcome(row: Row[Any]) -> Outcome:
    return Outcome(row.id, row.plan_id, row.position, row.words, row.revision)


def _action(row: Row[Any]) -> PlanAction:
    return PlanAction(
        row.id,
        row.plan_id,
        row.person_id,
        row.outcome_id,
        row.position,
        row.what,
        row.who,
        row.team_id,
        row.team_name,
        row.due_on,
        row.state,
        row.revision,
    )
