"""Numbered versions of a plan, who acknowledged them (C2), and reviews."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from coordination.careplan.version_model import Acknowledgement, PlanContent, PlanReview, PlanVersion, ReviewDraft
from coordination.errors import NotFound
from coordination.values import PersonId, PlanId, TeamId
from db.stores import careplan_rows as rows
from db.stores import careplan_sheet as sheet
from db.tables.careplan import care_plan, plan_acknowledgement, plan_review, plan_version


def issue(connection: Connection, version: UUID, plan_id: PlanId, note: str) -> None:
    """What is in it, and its number, are the database's to say."""
    there = select(plan_version.c.id).where(plan_version.c.id == version)
    if connection.execute(there).one_or_none() is None:
        row = {"id": version, "plan_id": plan_id, "note": note, "number": 1, "content": {}}
        connection.execute(insert(plan_version).values(row))


def versions(connection: Connection, plan_id: PlanId) -> list[PlanVersion]:
    """One statement."""
    return [_version(row._mapping) for row in connection.execute(_versions(plan_id))]


def versions_and_now(connection: Connection, plan_id: PlanId) -> tuple[list[PlanVersion], PlanContent | None]:
    """One statement."""
    now = select(func.plan_content(plan_id, type_=JSONB)).scalar_subquery().label("content_now")
    found = connection.execute(_versions(plan_id).add_columns(now)).all()
    if not found:
        return [], None
    person = PersonId(found[0].person_id)
    return [_version(row._mapping) for row in found], rows.content_of(plan_id, person, found[0].content_now)


def _versions(plan_id: PlanId) -> Select[Any]:
    said = sheet.acknowledgements().where(plan_acknowledgement.c.version_id == plan_version.c.id)
    return (
        sheet.versions()
        .add_columns(plan_version.c.content, care_plan.c.person_id)
        .add_columns(sheet.many(said.correlate(plan_version), "acknowledged"))
        .join(care_plan, care_plan.c.id == plan_version.c.plan_id)
        .where(plan_version.c.plan_id == plan_id)
    )


def _version(r: Any) -> PlanVersion:
    head = rows.version_of(r, tuple(map(rows.acknowledgement_of, r["acknowledged"])))
    person = PersonId(r["person_id"])
    return PlanVersion(head, person, rows.content_of(head.plan, person, r["content"]))


def acknowledge(connection: Connection, version: UUID, team: TeamId) -> Acknowledgement:
    t = plan_acknowledgement
    mine = sheet.acknowledgements().where(t.c.version_id == version, t.c.team_id == team)
    found = connection.execute(mine).one_or_none()
    if found is None:
        plan = connection.execute(select(plan_version.c.plan_id).where(plan_version.c.id == version)).scalar()
        if plan is None:
            raise NotFound("version", str(version))
        row = {"version_id": version, "team_id": team, "plan_id": plan}
        connection.execute(insert(t).values(row).on_conflict_do_nothing())
        found = connection.execute(mine).one()
    return rows.acknowledgement_of(found._mapping)


def take_back(connection: Connection, version: UUID, team: TeamId) -> bool:
    t = plan_acknowledgement
    return connection.execute(delete(t).where(t.c.version_id == version, t.c.team_id == team)).rowcount > 0


def add_review(connection: Connection, key: UUID, plan_id: PlanId, draft: ReviewDraft) -> PlanReview:
    t = plan_review
    mine = sheet.reviews().where(t.c.id == key)
    found = connection.execute(mine).one_or_none()
    if found is None:
        row = {
            "id": key,
            "plan_id": plan_id,
            "held_on": draft.held_on,
            "with_whom": draft.with_whom,
            "came_of_it": draft.came_of_it,
            "next_review_on": draft.next_review_on,
        }
        connection.execute(insert(t).values(row))
        found = connection.execute(mine).one()
    return rows.review_of(found._mapping)


def remove_review(connection: Connection, key: UUID) -> bool:
    return connection.execute(delete(plan_review).where(plan_review.c.id == key)).rowcount > 0
