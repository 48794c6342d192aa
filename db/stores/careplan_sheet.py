"""C1. The plan whole in one statement, however many rows are on it.

Row security keeps back what is not shared with this login. Lists come as JSON, each from a query of its own inside the
statement, so that rows of one list do not multiply those of another.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Table, and_, func, or_, select, text
from sqlalchemy.dialects.postgresql import JSONB

from coordination.careplan.model import Assessed, PlanChoices, PlanSheet, TeamChoice
from coordination.careplan.rows import ITEM_KINDS, ItemKind
from coordination.errors import NotFound
from coordination.values import TeamId
from db.stores import careplan_rows as rows
from db.tables.assessment import answer, assessment, form
from db.tables.careplan import (
    care_plan,
    lead_worker_standing,
    plan_acknowledgement,
    plan_action,
    plan_agreement,
    plan_contingency,
    plan_equipment,
    plan_need,
    plan_on_team,
    plan_outcome,
    plan_review,
    plan_source,
    plan_version,
)
from db.tables.governance import user_account
from db.tables.reference import team

TABLES: dict[ItemKind, Table] = {
    "need": plan_need,
    "outcome": plan_outcome,
    "action": plan_action,
    "contingency": plan_contingency,
    "equipment": plan_equipment,
    "agreement": plan_agreement,
}
_REVIEWS, _VERSIONS = 20, 50  # the latest; the others are read with the versions themselves


def read(
    connection: Connection, wanted: UUID, *, choices: bool = False
) -> tuple[PlanSheet, Assessed | None, PlanChoices | None]:
    """One statement. ``wanted``: the id of a plan, or of a person. Raises NotFound."""
    t = care_plan
    me = select(t.c.id).where(or_(t.c.id == wanted, and_(t.c.person_id == wanted, t.c.state != "ended"))).limit(1)
    head = plans().where(t.c.id == me.scalar_subquery()).cte("head")
    plan = select(head.c.id).scalar_subquery()
    asked: list[Any] = [
        _many(select(head), "head"),
        *(_many(items(kind).where(TABLES[kind].c.plan_id == plan), kind) for kind in ITEM_KINDS),
        _many(_sources(plan), "sources"),
        _many(_teams(plan), "teams"),
        _many(_versions(plan), "versions"),
        _many(_acknowledged(plan), "acknowledged"),
        _many(reviews().where(plan_review.c.plan_id == plan).limit(_REVIEWS), "reviews"),
        _many(_standing(select(head.c.lead_worker).scalar_subquery()), "lead"),
        _many(_assessed(select(head.c.assessment_id).where(head.c.state != "ended").scalar_subquery()), "assessed"),
        _changed(plan).label("changed"),
    ]
    if choices:
        asked += _NAMED
    found: Any = connection.execute(select(*asked)).one()
    if not found.head:
        raise NotFound("plan", str(wanted))
    assessed = next((rows.assessed_of(r) for r in found.assessed), None)
    return _sheet(found), assessed, _choices(found) if choices else None


def read_choices(connection: Connection) -> PlanChoices:
    """One statement."""
    return _choices(connection.execute(select(*_NAMED)).one())


def _choices(found: Any) -> PlanChoices:
    return PlanChoices(
        tuple(TeamChoice(TeamId(r["id"]), r["name"], r["service"], r["locality"]) for r in found.all_teams),
        tuple(map(rows.standing_of, found.colleagues)),
    )


def _sheet(found: Any) -> PlanSheet:
    made: dict[str, Any] = {kind: tuple(rows.item_of(kind, r) for r in getattr(found, kind)) for kind in ITEM_KINDS}
    acknowledged = tuple(map(rows.acknowledgement_of, found.acknowledged))
    return PlanSheet(
        rows.plan_of(found.head[0]),
        made["outcome"],
        made["action"],
        (),
        made["need"],
        made["contingency"],
        made["equipment"],
        made["agreement"],
        tuple(map(rows.source_of, found.sources)),
        tuple(map(rows.team_of, found.teams)),
        tuple(rows.version_of(r, acknowledged) for r in found.versions),
        tuple(map(rows.review_of, found.reviews)),
        next((rows.standing_of(r) for r in found.lead), None),
        bool(found.changed),
    )


def plans() -> Select[Any]:
    """Heads, with the names of whom they name."""
    lead, ender = user_account.alias("lead"), user_account.alias("ender")
    return (
        select(care_plan)
        .add_columns(
            func.coalesce(lead.c.display_name, care_plan.c.lead_worker, "").label("lead_worker_name"),
            func.coalesce(ender.c.display_name, care_plan.c.ended_by, "").label("ended_by_name"),
        )
        .outerjoin(lead, lead.c.user_name == care_plan.c.lead_worker)
        .outerjoin(ender, ender.c.user_name == care_plan.c.ended_by)
    )


def items(kind: ItemKind) -> Select[Any]:
    """Rows of one kind, in order, with who put them there."""
    t, adder = TABLES[kind], user_account.alias("adder")
    name = func.coalesce(adder.c.display_name, t.c.added_by).label("added_by_name")
    query = select(t, name).outerjoin(adder, adder.c.user_name == t.c.added_by).order_by(t.c.position, t.c.id)
    if kind == "action":
        query = (
            query.add_columns(care_plan.c.person_id, func.coalesce(team.c.name, "").label("team_name"))
            .join(care_plan, care_plan.c.id == t.c.plan_id)
            .outerjoin(team, team.c.id == t.c.team_id)
        )
    return query


def reviews() -> Select[Any]:
    t, by = plan_review, user_account.alias("recorder")
    name = func.coalesce(by.c.display_name, t.c.recorded_by).label("recorded_by_name")
    query = select(t, name).outerjoin(by, by.c.user_name == t.c.recorded_by)
    return query.order_by(t.c.held_on.desc(), t.c.recorded_at.desc())


def teams() -> Select[Any]:
    return select(team.c.id, team.c.name, team.c.service, team.c.locality).order_by(team.c.name)


def colleagues() -> Select[Any]:
    """Everybody who is still here, with how many plans they hold."""
    t = lead_worker_standing
    return select(t).where(t.c.active).order_by(t.c.display_name)


def acknowledgements() -> Select[Any]:
    t, by = plan_acknowledgement, user_account.alias("sayer")
    name = func.coalesce(by.c.display_name, t.c.by_user).label("by_name")
    return (
        select(t.c.version_id, t.c.team_id, t.c.by_user, t.c.at, team.c.name.label("team_name"), name)
        .join(team, team.c.id == t.c.team_id)
        .outerjoin(by, by.c.user_name == t.c.by_user)
        .order_by(t.c.at, team.c.name)
    )


def versions() -> Select[Any]:
    """Without what is in them."""
    t, by = plan_version, user_account.alias("issuer")
    name = func.coalesce(by.c.display_name, t.c.issued_by).label("issued_by_name")
    heads = (t.c.id, t.c.plan_id, t.c.number, t.c.issued_at, t.c.issued_by, t.c.note)
    return select(*heads, name).outerjoin(by, by.c.user_name == t.c.issued_by).order_by(t.c.number.desc())


def many(query: Select[Any], name: str) -> Any:
    """A list as one JSON value, in the order of the query."""
    found = query.subquery()
    every = func.coalesce(func.jsonb_agg(found.table_valued()), text("'[]'::jsonb"), type_=JSONB)
    return select(every).select_from(found).scalar_subquery().label(name)


_many = many


def _sources(plan: Any) -> Select[Any]:
    t, said, took = plan_source, user_account.alias("said"), user_account.alias("took")
    return (
        select(t.c.id, t.c.place, t.c.assessment_id, t.c.question, t.c.said_at, t.c.taken_at)
        .add_columns(
            form.c.title.label("form_title"),
            func.coalesce(said.c.display_name, t.c.said_by).label("said_by_name"),
            func.coalesce(took.c.display_name, t.c.taken_by).label("taken_by_name"),
        )
        .join(assessment, assessment.c.id == t.c.assessment_id)
        .join(form, and_(form.c.id == assessment.c.form_id, form.c.version == assessment.c.form_version))
        .outerjoin(said, said.c.user_name == t.c.said_by)
        .outerjoin(took, took.c.user_name == t.c.taken_by)
        .where(t.c.plan_id == plan)
        .order_by(t.c.taken_at, t.c.id)
    )


def _teams(plan: Any) -> Select[Any]:
    t = plan_on_team
    query = select(t.c.team_id, t.c.by_hand, t.c.leads, team.c.name).join(team, team.c.id == t.c.team_id)
    return query.where(t.c.plan_id == plan).order_by(team.c.name)


def _versions(plan: Any) -> Select[Any]:
    return versions().where(plan_version.c.plan_id == plan).limit(_VERSIONS)


def _acknowledged(plan: Any) -> Select[Any]:
    return acknowledgements().where(plan_acknowledgement.c.plan_id == plan)


def _standing(lead: Any) -> Select[Any]:
    return select(lead_worker_standing).where(lead_worker_standing.c.user_name == lead)


def _assessed(wanted: Any) -> Select[Any]:
    sayer = user_account.alias("sayer")
    said = (
        select(answer.c.question, answer.c.value, answer.c.said_at)
        .add_columns(func.coalesce(sayer.c.display_name, answer.c.said_by).label("said_by_name"))
        .outerjoin(sayer, sayer.c.user_name == answer.c.said_by)
        .where(answer.c.assessment_id == assessment.c.id)
        .correlate(assessment)
    )
    return (
        select(assessment.c.id, form.c.definition, _many(said, "answers"))
        .join(form, and_(form.c.id == assessment.c.form_id, form.c.version == assessment.c.form_version))
        .where(assessment.c.id == wanted)
    )


def _changed(plan: Any) -> Any:
    """Whether the plan says something else than its last version; false while there is none."""
    t = plan_version
    last = select(t.c.content).where(t.c.plan_id == plan).order_by(t.c.number.desc()).limit(1).scalar_subquery()
    return last != func.plan_content(plan, type_=JSONB)


_NAMED = [_many(teams(), "all_teams"), _many(colleagues(), "colleagues")]
