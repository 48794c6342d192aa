"""The head of a care plan and the rows on it. Versions, reviews and the worklist stand in files of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, case, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from coordination.careplan.model import Assessed, Plan, PlanChanges, PlanChoices, PlanSheet, PlanState, TeamChoice
from coordination.careplan.rows import Item, ItemKind
from coordination.careplan.version_model import (
    Acknowledgement,
    PlanAsked,
    PlanContent,
    PlanReview,
    PlanVersion,
    PlanWorklist,
    ReviewDraft,
)
from coordination.errors import NotFound
from coordination.values import AssessmentId, PersonId, PlanId, TeamId
from db.stores import careplan_list, careplan_rows, careplan_sheet, careplan_versions
from db.stores.careplan_sheet import TABLES, items, plans
from db.tables.careplan import care_plan, plan_action, plan_outcome, plan_source, plan_team
from db.tables.people import person
from db.tables.reference import neighbourhood, practice, service, team, ward

_STANDING = text("state in ('draft', 'active')")  # as care_plan_one_a_person has it
_COLUMN = {"outcome": "outcome_id", "team": "team_id", "need": "need_id"}
# What points at a row of this kind, and is left standing when the row goes.
_HANGS_ON: dict[str, tuple[Table, str]] = {"outcome": (plan_action, "outcome_id"), "need": (plan_outcome, "need_id")}


class PgPlanStore:
    """Care plans."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plan(self, plan_id: PlanId, *, lock: bool = False) -> Plan:
        if lock:  # alone in its statement, so that what is read next is what stands once the lock is had
            held = select(care_plan.c.id).where(care_plan.c.id == plan_id).with_for_update()
            self._connection.execute(held)
        row = self._connection.execute(plans().where(care_plan.c.id == plan_id)).one_or_none()
        if row is None:
            raise NotFound("plan", str(plan_id))
        return careplan_rows.plan_of(row._mapping)

    def current(self, person_id: PersonId) -> Plan | None:
        query = plans().where(care_plan.c.person_id == person_id, care_plan.c.state.in_(("draft", "active")))
        row = self._connection.execute(query).one_or_none()
        return None if row is None else careplan_rows.plan_of(row._mapping)

    def past(self, person_id: PersonId) -> list[Plan]:
        query = plans().where(care_plan.c.person_id == person_id, care_plan.c.state == "ended")
        query = query.order_by(care_plan.c.created_at.desc(), care_plan.c.id.desc())
        return [careplan_rows.plan_of(row._mapping) for row in self._connection.execute(query)]

    def sheet(
        self, key: UUID, *, choices: bool = False
    ) -> tuple[PlanSheet, Assessed | None, PlanChoices | None]:  # fmt: skip
        return careplan_sheet.read(self._connection, key, choices=choices)

    def choices(self) -> PlanChoices:
        return careplan_sheet.read_choices(self._connection)

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

    def move(self, plan_id: PlanId, state: PlanState, *, seen: int, reason: str = "") -> bool:
        changes: dict[str, Any] = {"state": state}
        if state == "active":
            changes["activated_at"] = func.coalesce(care_plan.c.activated_at, func.now())
        if state == "ended":
            changes["end_reason"] = reason
        return self._change(care_plan, plan_id, changes, seen)

    # rows

    def item(self, kind: ItemKind, key: UUID) -> Item:
        row = self._connection.execute(items(kind).where(TABLES[kind].c.id == key)).one_or_none()
        if row is None:
            raise NotFound(kind, str(key))
        return careplan_rows.item_of(kind, row._mapping)

    def add_item(
        self, kind: ItemKind, key: UUID, plan_id: PlanId, values: Mapping[str, Any], position: int | None = None
    ) -> None:
        table = TABLES[kind]
        row = {"id": key, "plan_id": plan_id, **_columns(values)}
        row["position"] = position or self._after(table, plan_id)
        self._connection.execute(pg_insert(table).values(row).on_conflict_do_nothing(index_elements=["id"]))

    def change_item(self, kind: ItemKind, key: UUID, values: Mapping[str, Any], *, seen: int) -> bool:
        return self._change(TABLES[kind], key, values, seen)

    def remove_item(self, kind: ItemKind, key: UUID, *, seen: int) -> bool:
        if kind in _HANGS_ON:
            table, column = _HANGS_ON[kind]
            loose = {column: None, "revision": table.c.revision + 1}
            self._connection.execute(update(table).where(table.c[column] == key).values(loose))
        table = TABLES[kind]
        gone = delete(table).where(table.c.id == key, table.c.revision == seen)
        return self._connection.execute(gone).rowcount > 0

    def add_source(self, key: UUID, plan_id: PlanId, place: str, assessment: AssessmentId, question: str) -> None:
        row = {"id": key, "plan_id": plan_id, "place": place, "assessment_id": assessment, "question": question}
        self._connection.execute(pg_insert(plan_source).values(row).on_conflict_do_nothing())

    def _after(self, table: Table, plan_id: PlanId) -> int:
        last = select(func.coalesce(func.max(table.c.position), 0)).where(table.c.plan_id == plan_id)
        return int(self._connection.execute(last).scalar_one()) + 1

    def _change(self, table: Table, key: UUID, changes: Mapping[str, object], seen: int) -> bool:
        query = update(table).where(table.c.id == key, table.c.revision == seen)
        changed = {**_columns(changes), "revision": table.c.revision + 1}
        return self._connection.execute(query.values(changed)).rowcount > 0

    # teams

    def teams(self) -> list[TeamChoice]:
        return [TeamChoice(*row) for row in self._connection.execute(careplan_sheet.teams())]

    def phones(self, teams: Sequence[TeamId]) -> dict[TeamId, str]:
        query = select(team.c.id, team.c.phone).where(team.c.id.in_(teams), team.c.phone > "")
        return {TeamId(row.id): row.phone for row in self._connection.execute(query)}

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

    def put_on(self, plan_id: PlanId, team_: TeamId) -> None:
        row = {"plan_id": plan_id, "team_id": team_}
        self._connection.execute(pg_insert(plan_team).values(row).on_conflict_do_nothing())

    def take_off(self, plan_id: PlanId, team_: TeamId) -> None:
        mine = plan_team.c.plan_id == plan_id, plan_team.c.team_id == team_
        self._connection.execute(delete(plan_team).where(*mine))

    # versions, reviews, the worklist

    def issue(self, version: UUID, plan_id: PlanId, note: str) -> None:
        careplan_versions.issue(self._connection, version, plan_id, note)

    def versions(self, plan_id: PlanId) -> list[PlanVersion]:
        return careplan_versions.versions(self._connection, plan_id)

    def versions_and_now(self, plan_id: PlanId) -> tuple[list[PlanVersion], PlanContent | None]:
        return careplan_versions.versions_and_now(self._connection, plan_id)

    def acknowledge(self, version: UUID, team: TeamId) -> Acknowledgement:
        return careplan_versions.acknowledge(self._connection, version, team)

    def take_back(self, version: UUID, team: TeamId) -> bool:
        return careplan_versions.take_back(self._connection, version, team)

    def add_review(self, key: UUID, plan_id: PlanId, draft: ReviewDraft) -> PlanReview:
        return careplan_versions.add_review(self._connection, key, plan_id, draft)

    def remove_review(self, key: UUID) -> bool:
        return careplan_versions.remove_review(self._connection, key)

    def worklist(self, asked: PlanAsked) -> PlanWorklist:
        return careplan_list.worklist(self._connection, asked)


def _columns(changes: Mapping[str, object]) -> dict[str, Any]:
    return {_COLUMN.get(name, name): value for name, value in changes.items()}
