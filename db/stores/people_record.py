"""R1. The one shared view of a person: a constant number of queries, whatever is in it.

Row security keeps back what the person does not share with this desk; nothing here has to think of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    Uuid,
    and_,
    any_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from coordination.people.model import (
    Alert,
    Around,
    PersonRecord,
    RecordAssessment,
    RecordContact,
    RecordPlan,
    RecordReferral,
    RecordStay,
    RecordVisit,
    TimelineItem,
)
from coordination.values import (
    ApartmentId,
    AssessmentId,
    ContactId,
    PersonId,
    PlanId,
    ReferralId,
    StayId,
    TeamId,
    UserName,
    VisitId,
    Window,
)
from db.stores.intake_callers import CALLER_NAME, CALLER_RELATION
from db.stores.people_rows import PERSON_COLUMNS, PERSON_FROM, person_of
from db.tables.apartments import apartment, scheme, stay
from db.tables.assessment import assessment, form
from db.tables.callers import contact_advice, contact_caller
from db.tables.careplan import care_plan, plan_action, plan_outcome
from db.tables.deployment import allocation, visit, worker
from db.tables.governance import user_account
from db.tables.intake import contact, referral, referral_event
from db.tables.people import person, person_alert, person_around, person_sharing
from db.tables.reference import service, team

_CONTACTS, _VISITS, _TIMELINE = 50, 60, 200
_UUIDS: Any = ARRAY(Uuid)
_form_of_assessment = and_(form.c.id == assessment.c.form_id, form.c.version == assessment.c.form_version)
_OPEN = ("waiting", "claimed", "accepted")


def read(connection: Connection, person_id: PersonId, today: date) -> PersonRecord | None:
    """Ten statements. None when the person is not there, or not for this desk to see."""
    hidden = person.c.id == any_(select(func.hidden_people("detail")).scalar_subquery().cast(_UUIDS))
    teams = select(func.array_agg(person_sharing.c.team_id)).where(person_sharing.c.person_id == person_id)
    about = select(
        *PERSON_COLUMNS,
        func.now().label("as_of"),
        hidden.label("detail_hidden"),
        teams.scalar_subquery().label("teams"),
    )
    row: Any = connection.execute(about.select_from(PERSON_FROM).where(person.c.id == person_id)).one_or_none()
    if row is None:
        return None
    in_force = and_(
        person_alert.c.person_id == person_id, or_(person_alert.c.until.is_(None), person_alert.c.until >= today)
    )
    return PersonRecord(
        person=person_of(row),
        as_of=row.as_of,
        alerts=tuple(alerts(connection, in_force)),
        around=tuple(around(connection, person_id)),
        shared_with=tuple(TeamId(t) for t in row.teams or ()),
        referrals=_referrals(connection, person_id),
        contacts=_contacts(connection, person_id),
        visits=_visits(connection, person_id, today),
        stay=_stay(connection, person_id, today),
        plan=_plan(connection, person_id),
        assessments=_assessments(connection, person_id),
        timeline=_timeline(connection, person_id, today),
        detail_hidden=row.detail_hidden,
    )


def alerts(connection: Connection, condition: ColumnElement[bool]) -> Sequence[Alert]:
    t = person_alert
    rows = connection.execute(select(t).where(condition).order_by(t.c.since.desc(), t.c.id))
    return [Alert(r.id, r.kind, r.words, r.since, r.until, r.revision) for r in rows]


def around(connection: Connection, person_id: PersonId) -> Sequence[Around]:
    t = person_around
    query = select(t).where(t.c.person_id == person_id).order_by(t.c.is_carer.desc(), t.c.name, t.c.id)
    return [Around(r.id, r.name, r.relation, r.phone, r.is_carer, r.revision) for r in connection.execute(query)]


def _referrals(connection: Connection, person_id: PersonId) -> tuple[RecordReferral, ...]:
    t = referral
    query = (
        select(t, service.c.name.label("service_name"), user_account.c.display_name)
        .join(service, service.c.code == t.c.service)
        .outerjoin(user_account, user_account.c.user_name == t.c.claimed_by)
        .where(t.c.person_id == person_id, t.c.state.in_(_OPEN))
        .order_by(t.c.due_at, t.c.id)
    )
    return tuple(
        RecordReferral(
            ReferralId(r.id),
            r.number,
            r.service,
            r.service_name,
            r.urgency,
            r.state,
            r.need,
            r.received_at,
            r.due_at,
            r.display_name,
        )
        for r in connection.execute(query)
    )


def _contacts(connection: Connection, person_id: PersonId) -> tuple[RecordContact, ...]:
    t = contact
    query = (
        select(t, CALLER_NAME.label("by_name"), CALLER_RELATION.label("by_relation"))
        .select_from(t.outerjoin(contact_caller, contact_caller.c.contact_id == t.c.id))
        .where(t.c.person_id == person_id)
        .order_by(t.c.received_at.desc(), t.c.id.desc())
        .limit(_CONTACTS)
    )
    return tuple(
        RecordContact(
            ContactId(r.id),
            r.channel,
            r.received_at,
            r.by_name,
            r.by_relation,
            r.need,
            r.ending,
            r.ending_reason,
        )
        for r in connection.execute(query)
    )


def _visits(connection: Connection, person_id: PersonId, today: date) -> tuple[RecordVisit, ...]:
    who = (
        select(func.array_agg(aggregate_order_by(worker.c.name, allocation.c.slot)))
        .select_from(allocation.join(worker, worker.c.id == allocation.c.worker_id))
        .where(allocation.c.visit_id == visit.c.id)
        .scalar_subquery()
    )
    query = (
        select(visit.c.id, visit.c.arrive, visit.c.minutes, visit.c.need, visit.c.state, team.c.name, who.label("who"))
        .join(team, team.c.id == visit.c.team_id)
        .where(visit.c.person_id == person_id, visit.c.day >= today)
        .order_by(func.lower(visit.c.arrive), visit.c.id)
        .limit(_VISITS)
    )
    return tuple(
        RecordVisit(
            VisitId(r.id),
            Window(r.arrive.lower, r.arrive.upper),
            r.minutes,
            r.name,
            r.need,
            r.state,
            tuple(r.who or ()),
        )
        for r in connection.execute(query)
    )


def _stay(connection: Connection, person_id: PersonId, today: date) -> RecordStay | None:
    query = (
        select(
            stay.c.id, stay.c.apartment_id, stay.c.period, stay.c.state, apartment.c.name, scheme.c.name.label("scheme")
        )
        .join(apartment, apartment.c.id == stay.c.apartment_id)
        .join(scheme, scheme.c.id == apartment.c.scheme_id)
        .where(
            stay.c.person_id == person_id,
            stay.c.state.in_(("booked", "in_stay")),
            func.upper(stay.c.period) >= today,
        )
        .order_by(func.lower(stay.c.period))
        .limit(1)
    )
    r = connection.execute(query).one_or_none()
    if r is None:
        return None
    return RecordStay(
        StayId(r.id), ApartmentId(r.apartment_id), r.name, r.scheme, r.period.lower, r.period.upper, r.state
    )


def _plan(connection: Connection, person_id: PersonId) -> RecordPlan | None:
    t = care_plan
    outcomes = select(func.count()).where(plan_outcome.c.plan_id == t.c.id).scalar_subquery()
    actions = (
        select(func.count())
        .where(plan_action.c.plan_id == t.c.id, plan_action.c.state.in_(("to_do", "under_way")))
        .scalar_subquery()
    )
    query = (
        select(t.c.id, t.c.state, t.c.lead_worker, t.c.review_on, user_account.c.display_name)
        .add_columns(outcomes.label("outcomes"), actions.label("actions"))
        .outerjoin(user_account, user_account.c.user_name == t.c.lead_worker)
        .where(t.c.person_id == person_id, t.c.state != "ended")
    )
    r = connection.execute(query).one_or_none()
    if r is None:
        return None
    lead = UserName(r.lead_worker) if r.lead_worker else None
    return RecordPlan(PlanId(r.id), r.state, lead, r.display_name, r.review_on, r.outcomes, r.actions)


def _assessments(connection: Connection, person_id: PersonId) -> tuple[RecordAssessment, ...]:
    t, starter, signer = assessment, user_account.alias("starter"), user_account.alias("signer")
    query = (
        select(t.c.id, t.c.state, t.c.started_at, t.c.signed_at, t.c.started_by, form.c.title)
        .add_columns(starter.c.display_name.label("starter"), signer.c.display_name.label("signer"))
        .join(form, _form_of_assessment)
        .outerjoin(starter, starter.c.user_name == t.c.started_by)
        .outerjoin(signer, signer.c.user_name == t.c.signed_by)
        .where(t.c.person_id == person_id)
        .order_by(t.c.started_at.desc(), t.c.id.desc())
    )
    return tuple(
        RecordAssessment(
            AssessmentId(r.id), r.title, r.state, r.started_at, r.starter or r.started_by, r.signed_at, r.signer
        )
        for r in connection.execute(query)
    )


def _timeline(connection: Connection, person_id: PersonId, today: date) -> tuple[TimelineItem, ...]:
    """What happened, newest first, over every area."""
    items = union_all(
        _items("contact", contact.c.received_at, contact.c.ending, contact.c.need, contact.c.recorded_by, contact.c.id)
        .where(contact.c.person_id == person_id),
        # What they made about somebody else, or about nobody known yet; one about themselves stands above.
        _items("made", contact.c.received_at, contact.c.ending, contact.c.need, contact.c.recorded_by, contact.c.id)
        .join_from(contact_caller, contact, contact.c.id == contact_caller.c.contact_id)
        .where(contact_caller.c.caller_person_id == person_id, contact.c.person_id.is_distinct_from(person_id)),
        _items("advice", contact_advice.c.given_at, literal("given"), contact_advice.c.title,
               contact_advice.c.given_by, contact.c.id)
        .join_from(contact_advice, contact, contact.c.id == contact_advice.c.contact_id)
        .where(contact.c.person_id == person_id),
        _items("referral", referral_event.c.at, referral_event.c.to_state, _moved_words(), referral_event.c.by_user,
               referral.c.id)
        .join_from(referral_event, referral, referral.c.id == referral_event.c.referral_id)
        .join(service, service.c.code == referral.c.service)
        .where(referral.c.person_id == person_id),
        _items("assessment", func.coalesce(assessment.c.signed_at, assessment.c.started_at), assessment.c.state,
               form.c.title, func.coalesce(assessment.c.signed_by, assessment.c.started_by), assessment.c.id)
        .join_from(assessment, form, _form_of_assessment)
        .where(assessment.c.person_id == person_id),
        _items("plan", func.coalesce(care_plan.c.activated_at, care_plan.c.created_at), care_plan.c.state,
               literal(""), care_plan.c.created_by, care_plan.c.id)
        .where(care_plan.c.person_id == person_id),
        _items("visit", func.lower(visit.c.arrive), visit.c.state, visit.c.need, null(), visit.c.id)
        .where(visit.c.person_id == person_id, func.lower(visit.c.arrive) <= func.now()),
        _items("stay", func.lower(stay.c.period).op("at time zone")("Europe/London"), stay.c.state, scheme.c.name,
               stay.c.booked_by, stay.c.id)
        .join_from(stay, apartment, apartment.c.id == stay.c.apartment_id)
        .join(scheme, scheme.c.id == apartment.c.scheme_id)
        .where(stay.c.person_id == person_id, func.lower(stay.c.period) <= today),
    ).subquery()  # fmt: skip
    query = (
        select(items, user_account.c.display_name)
        .outerjoin(user_account, user_account.c.user_name == items.c.who)
        .order_by(items.c.at.desc(), items.c.key.desc())
        .limit(_TIMELINE)
    )
    return tuple(
        TimelineItem(r.at, r.what, r.state or "open", r.words, r.display_name or r.who or "", r.key)
        for r in connection.execute(query)
    )


def _moved_words() -> ColumnElement[str]:
    reason = referral_event.c.reason
    return service.c.name + func.coalesce(func.nullif(literal(": ") + reason, ": "), "")


def _items(what: str, at: Any, state: Any, words: Any, who: Any, key: Any) -> Any:
    return select(
        at.label("at"),
        literal(what).label("what"),
        cast(state, Text).label("state"),
        cast(words, Text).label("words"),
        cast(who, Text).label("who"),
        cast(key, Uuid).label("key"),
    )
