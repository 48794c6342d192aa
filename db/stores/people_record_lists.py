"""What each list on the record of a person asks for; ``me``: the person. Joined into one statement as JSON."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, func, select, text
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from db.stores.intake_callers import CALLER_NAME, CALLER_RELATION
from db.tables.apartments import apartment, scheme, stay
from db.tables.assessment import assessment, form
from db.tables.callers import contact_caller
from db.tables.careplan import care_plan, plan_action, plan_outcome
from db.tables.deployment import allocation, visit, worker
from db.tables.governance import user_account
from db.tables.intake import contact, referral
from db.tables.outcomes import no_access_case
from db.tables.people import person_alert, person_around
from db.tables.reference import service, team
from db.tables.safeguarding import safeguarding_concern

_form_of_assessment = and_(form.c.id == assessment.c.form_id, form.c.version == assessment.c.form_version)


def many(query: Select[Any], name: str) -> Any:
    """A list as one JSON value, in the order of the query."""
    rows = query.subquery()
    every = func.coalesce(func.jsonb_agg(rows.table_valued()), text("'[]'::jsonb"), type_=JSONB)
    return select(every).select_from(rows).scalar_subquery().label(name)


def alerts(me: Any) -> Select[Any]:
    t = person_alert
    return select(t).where(t.c.person_id == me).order_by(t.c.since.desc(), t.c.id)


def around(me: Any) -> Select[Any]:
    t = person_around
    return select(t).where(t.c.person_id == me).order_by(t.c.is_carer.desc(), t.c.name, t.c.id)


def referrals(me: Any) -> Select[Any]:
    t = referral
    names = ("id", "number", "service", "urgency", "state", "need", "received_at", "due_at")
    return (
        select(*(t.c[n] for n in names), service.c.name.label("service_name"), user_account.c.display_name)
        .join(service, service.c.code == t.c.service)
        .outerjoin(user_account, user_account.c.user_name == t.c.claimed_by)
        .where(t.c.person_id == me)
    )


def contacts(me: Any) -> Select[Any]:
    t = contact
    names = ("id", "channel", "received_at", "need", "ending", "ending_reason")
    return (
        select(*(t.c[n] for n in names), CALLER_NAME.label("caller_name"), CALLER_RELATION.label("caller_relation"))
        .select_from(t.outerjoin(contact_caller, contact_caller.c.contact_id == t.c.id))
        .where(t.c.person_id == me)
        .order_by(t.c.received_at.desc(), t.c.id.desc())
    )


def concerns(me: Any) -> Select[Any]:
    """Undecided; whose they are to see is the policy of the table."""
    t = safeguarding_concern
    return (
        select(t.c.id, t.c.number, t.c.owner, t.c.owner_since, user_account.c.display_name)
        .outerjoin(user_account, user_account.c.user_name == t.c.owner)
        .where(t.c.person_id == me, t.c.stage != "decided")
        .order_by(t.c.raised_at, t.c.id)
    )


def not_found(me: Any) -> Select[Any]:
    t = no_access_case
    return (
        select(t.c.id, t.c.since, team.c.name, t.c.owner, user_account.c.display_name)
        .join(visit, visit.c.id == t.c.visit_id)
        .join(team, team.c.id == visit.c.team_id)
        .outerjoin(user_account, user_account.c.user_name == t.c.owner)
        .where(visit.c.person_id == me, t.c.ended_at.is_(None))
        .order_by(t.c.since, t.c.id)
    )


def visits(me: Any) -> Select[Any]:
    who = (
        select(func.array_agg(aggregate_order_by(worker.c.name, allocation.c.slot)))
        .select_from(allocation.join(worker, worker.c.id == allocation.c.worker_id))
        .where(allocation.c.visit_id == visit.c.id)
        .scalar_subquery()
    )
    start, end = func.lower(visit.c.arrive).label("start"), func.upper(visit.c.arrive).label("end")
    columns = (visit.c.id, start, end, visit.c.minutes, visit.c.need, visit.c.state, team.c.name, who.label("who"))
    of_person = select(*columns).join(team, team.c.id == visit.c.team_id)
    return of_person.where(visit.c.person_id == me, ~visit.c.dropped)


def stays(me: Any) -> Select[Any]:
    start, end = func.lower(stay.c.period).label("start"), func.upper(stay.c.period).label("end")
    return (
        select(stay.c.id, stay.c.apartment_id, start, end, stay.c.state, apartment.c.name)
        .add_columns(scheme.c.name.label("scheme"))
        .join(apartment, apartment.c.id == stay.c.apartment_id)
        .join(scheme, scheme.c.id == apartment.c.scheme_id)
        .where(stay.c.person_id == me)
    )


def plan(me: Any) -> Select[Any]:
    t = care_plan
    outcomes = select(func.count()).where(plan_outcome.c.plan_id == t.c.id).scalar_subquery()
    to_do = plan_action.c.state.in_(("to_do", "under_way"))
    actions = select(func.count()).where(plan_action.c.plan_id == t.c.id, to_do).scalar_subquery()
    return (
        select(t.c.id, t.c.state, t.c.lead_worker, t.c.review_on, t.c.what_matters, user_account.c.display_name)
        .add_columns(outcomes.label("outcomes"), actions.label("actions"))
        .outerjoin(user_account, user_account.c.user_name == t.c.lead_worker)
        .where(t.c.person_id == me)
    )


def assessments(me: Any) -> Select[Any]:
    t, starter, signer = assessment, user_account.alias("starter"), user_account.alias("signer")
    return (
        select(t.c.id, t.c.state, t.c.started_at, t.c.signed_at, t.c.started_by, form.c.title)
        .add_columns(starter.c.display_name.label("starter"), signer.c.display_name.label("signer"))
        .join(form, _form_of_assessment)
        .outerjoin(starter, starter.c.user_name == t.c.started_by)
        .outerjoin(signer, signer.c.user_name == t.c.signed_by)
        .where(t.c.person_id == me)
        .order_by(t.c.started_at.desc(), t.c.id.desc())
    )
