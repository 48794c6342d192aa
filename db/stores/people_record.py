"""R1. The one shared view of a person: one statement for what is so now, and one for each further tab.

Row security keeps back what the person does not share with this desk; nothing here has to think of it. Lists come as
JSON, each from a query of its own inside the statement, so that rows of one list do not multiply those of another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, any_, cast, func, or_, select, text
from sqlalchemy import Uuid as SqlUuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, aggregate_order_by

from coordination.people.model import Alert, Around
from coordination.people.record import (
    PersonRecord,
    RecordAction,
    RecordAround,
    RecordAssessment,
    RecordCare,
    RecordConcern,
    RecordContact,
    RecordEntries,
    RecordNotFound,
    RecordOutcome,
    RecordPlaces,
    RecordPlan,
    RecordReferral,
    RecordStay,
    RecordVisit,
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
from db.stores import emergency, equipment_record
from db.stores.intake_callers import CALLER_NAME, CALLER_RELATION
from db.stores.people_merging import merge_of, merges_of
from db.stores.people_rows import PERSON_COLUMNS, PERSON_FROM, kept_person, moment, person_of
from db.tables.apartments import apartment, scheme, stay
from db.tables.assessment import assessment, form
from db.tables.callers import contact_caller
from db.tables.careplan import care_plan, plan_action, plan_outcome
from db.tables.deployment import allocation, visit, worker
from db.tables.governance import user_account
from db.tables.intake import contact, referral
from db.tables.outcomes import no_access_case
from db.tables.people import person, person_alert, person_around, person_sharing
from db.tables.reference import service, team
from db.tables.safeguarding import safeguarding_concern

T = TypeVar("T")
_CONTACTS, _VISITS, _MANY = 50, 60, 500
_UUIDS: Any = ARRAY(SqlUuid)
_form_of_assessment = and_(form.c.id == assessment.c.form_id, form.c.version == assessment.c.form_version)
_OPEN = ("waiting", "claimed", "accepted")
_TODAY: ColumnElement[date] = text("(now() at time zone 'Europe/London')::date")  # type: ignore[assignment]


def read(connection: Connection, person_id: PersonId, *, viewed: bool = False) -> PersonRecord | None:
    """One statement. None when the person is not there, or not for this desk to see. ``viewed``: a person who is there
    is noted as seen, by the statement that shows them."""
    me = kept_person(person_id)
    hidden = person.c.id == any_(select(func.hidden_people("detail")).scalar_subquery().cast(_UUIDS))
    teams = select(func.array_agg(person_sharing.c.team_id)).where(person_sharing.c.person_id == me)
    still = or_(person_around.c.until.is_(None), person_around.c.until >= _TODAY)
    in_force = or_(person_alert.c.until.is_(None), person_alert.c.until >= _TODAY)
    ahead = _visits(me).where(visit.c.day >= _TODAY).order_by(func.lower(visit.c.arrive), visit.c.id)
    present = stay.c.state.in_(("booked", "in_stay"))
    next_stay = _stays(me).where(present, func.upper(stay.c.period) >= _TODAY).order_by(func.lower(stay.c.period))
    about = select(
        *PERSON_COLUMNS,
        func.now().label("as_of"),
        hidden.label("detail_hidden"),
        teams.scalar_subquery().label("teams"),
        _many(_alerts(me).where(in_force), "alerts"),
        _many(_around(me).where(still), "around"),
        _many(
            _referrals(me).where(referral.c.state.in_(_OPEN)).order_by(referral.c.due_at, referral.c.id), "referrals"
        ),
        _many(_contacts(me).limit(_CONTACTS), "contacts"),
        _many(ahead.limit(_VISITS), "visits"),
        _many(next_stay.limit(1), "stay"),
        _many(_plan(me).where(care_plan.c.state != "ended"), "plan"),
        _many(_assessments(me), "assessments"),
        _many(merges_of(me), "merges"),
        _many(_concerns(me), "concerns"),
        _many(_not_found(me), "not_found"),
        _many(equipment_record.of_person(me).limit(_VISITS), "equipment"),
        _many(emergency.of_person(me), "emergency"),
    )
    if viewed:
        about = about.add_columns(func.audit.note("view", "person", cast(person.c.id, Text), person.c.id))
    row: Any = connection.execute(about.select_from(PERSON_FROM).where(person.c.id == me)).one_or_none()
    if row is None:
        return None
    return PersonRecord(
        person=person_of(row),
        as_of=row.as_of,
        alerts=_all(row.alerts, _alert),
        around=_all(row.around, _person_around),
        shared_with=tuple(TeamId(t) for t in row.teams or ()),
        referrals=_all(row.referrals, _referral),
        contacts=_all(row.contacts, _contact),
        visits=_all(row.visits, _visit),
        stay=next(iter(_all(row.stay, _stay)), None),
        plan=next(iter(_all(row.plan, _plan_of)), None),
        assessments=_all(row.assessments, _assessment),
        detail_hidden=row.detail_hidden,
        merges=_all(row.merges, merge_of),
        concerns=_all(row.concerns, _concern),
        not_found=_all(row.not_found, _case),
        equipment=_all(row.equipment, equipment_record.read),
        emergency=next(iter(_all(row.emergency, emergency.read)), None),
    )


def entries(connection: Connection, person_id: PersonId) -> RecordEntries:
    """One statement."""
    me = kept_person(person_id)
    newest = _referrals(me).order_by(referral.c.received_at.desc(), referral.c.id.desc())
    query = select(_many(_contacts(me).limit(_MANY), "contacts"), _many(newest.limit(_MANY), "referrals"))
    row: Any = connection.execute(query).one()
    return RecordEntries(_all(row.contacts, _contact), _all(row.referrals, _referral))


def care(connection: Connection, person_id: PersonId) -> RecordCare:
    """One statement."""
    me = kept_person(person_id)
    present = care_plan.c.state != "ended"
    of_plan = select(care_plan.c.id).where(care_plan.c.person_id == me, present).scalar_subquery()
    outcomes = select(plan_outcome.c.id, plan_outcome.c.words).where(plan_outcome.c.plan_id == of_plan)
    actions = select(plan_action.c.outcome_id, plan_action.c.what, plan_action.c.who, plan_action.c.due_on)
    actions = actions.add_columns(plan_action.c.state).where(plan_action.c.plan_id == of_plan)
    ended = select(func.count()).where(care_plan.c.person_id == me, care_plan.c.state == "ended")
    query = select(
        _many(_assessments(me), "assessments"),
        _many(_plan(me).where(present), "plan"),
        _many(outcomes.order_by(plan_outcome.c.position), "outcomes"),
        _many(actions.order_by(plan_action.c.position), "actions"),
        ended.scalar_subquery().label("ended"),
    )
    row: Any = connection.execute(query).one()
    by_outcome: dict[str | None, list[RecordAction]] = {}
    for a in row.actions:
        by_outcome.setdefault(a["outcome_id"], []).append(
            RecordAction(a["what"], a["who"], _day(a["due_on"]), a["state"])
        )
    return RecordCare(
        _all(row.assessments, _assessment),
        next(iter(_all(row.plan, _plan_of)), None),
        row.plan[0]["what_matters"] if row.plan else "",
        tuple(RecordOutcome(o["words"], tuple(by_outcome.get(o["id"], ()))) for o in row.outcomes),
        tuple(by_outcome.get(None, ())),
        row.ended,
    )


def places(connection: Connection, person_id: PersonId) -> RecordPlaces:
    """One statement."""
    me = kept_person(person_id)
    newest = _visits(me).order_by(func.lower(visit.c.arrive).desc(), visit.c.id.desc())
    stays = _stays(me).order_by(func.lower(stay.c.period).desc(), stay.c.id.desc())
    row: Any = connection.execute(select(_many(newest.limit(_MANY), "visits"), _many(stays, "stays"))).one()
    return RecordPlaces(_all(row.visits, _visit), _all(row.stays, _stay))


def people_around(connection: Connection, person_id: PersonId) -> RecordAround:
    """One statement."""
    me = kept_person(person_id)
    teams = select(team.c.name).join(person_sharing, person_sharing.c.team_id == team.c.id)
    query = select(
        _many(_around(me), "around"),
        _many(_alerts(me), "alerts"),
        _many(teams.where(person_sharing.c.person_id == me).order_by(team.c.name), "teams"),
        _many(merges_of(me), "merges"),
    )
    row: Any = connection.execute(query).one()
    names = tuple(str(found["name"]) for found in row.teams)
    return RecordAround(_all(row.around, _person_around), _all(row.alerts, _alert), names, _all(row.merges, merge_of))


def alerts(connection: Connection, person_id: PersonId) -> Sequence[Alert]:
    return [_alert(r._mapping) for r in connection.execute(_alerts(person_id))]


def around(connection: Connection, person_id: PersonId) -> Sequence[Around]:
    return [_person_around(r._mapping) for r in connection.execute(_around(person_id))]


# -------------------------------------------------------------------- what each list asks for


def _many(query: Select[Any], name: str) -> Any:
    """A list as one JSON value, in the order of the query."""
    rows = query.subquery()
    every = func.coalesce(func.jsonb_agg(rows.table_valued()), text("'[]'::jsonb"), type_=JSONB)
    return select(every).select_from(rows).scalar_subquery().label(name)


def _all(rows: Sequence[Any], read_one: Callable[[Any], T]) -> tuple[T, ...]:
    return tuple(map(read_one, rows))


def _alerts(me: Any) -> Select[Any]:
    t = person_alert
    return select(t).where(t.c.person_id == me).order_by(t.c.since.desc(), t.c.id)


def _around(me: Any) -> Select[Any]:
    t = person_around
    return select(t).where(t.c.person_id == me).order_by(t.c.is_carer.desc(), t.c.name, t.c.id)


def _referrals(me: Any) -> Select[Any]:
    t = referral
    names = ("id", "number", "service", "urgency", "state", "need", "received_at", "due_at")
    return (
        select(*(t.c[n] for n in names), service.c.name.label("service_name"), user_account.c.display_name)
        .join(service, service.c.code == t.c.service)
        .outerjoin(user_account, user_account.c.user_name == t.c.claimed_by)
        .where(t.c.person_id == me)
    )


def _contacts(me: Any) -> Select[Any]:
    t = contact
    names = ("id", "channel", "received_at", "need", "ending", "ending_reason")
    return (
        select(*(t.c[n] for n in names), CALLER_NAME.label("caller_name"), CALLER_RELATION.label("caller_relation"))
        .select_from(t.outerjoin(contact_caller, contact_caller.c.contact_id == t.c.id))
        .where(t.c.person_id == me)
        .order_by(t.c.received_at.desc(), t.c.id.desc())
    )


def _concerns(me: Any) -> Select[Any]:
    """Undecided; whose they are to see is the policy of the table."""
    t = safeguarding_concern
    return (
        select(t.c.id, t.c.number, t.c.owner, t.c.owner_since, user_account.c.display_name)
        .outerjoin(user_account, user_account.c.user_name == t.c.owner)
        .where(t.c.person_id == me, t.c.stage != "decided")
        .order_by(t.c.raised_at, t.c.id)
    )


def _not_found(me: Any) -> Select[Any]:
    t = no_access_case
    return (
        select(t.c.id, t.c.since, team.c.name, t.c.owner, user_account.c.display_name)
        .join(visit, visit.c.id == t.c.visit_id)
        .join(team, team.c.id == visit.c.team_id)
        .outerjoin(user_account, user_account.c.user_name == t.c.owner)
        .where(visit.c.person_id == me, t.c.ended_at.is_(None))
        .order_by(t.c.since, t.c.id)
    )


def _visits(me: Any) -> Select[Any]:
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


def _stays(me: Any) -> Select[Any]:
    start, end = func.lower(stay.c.period).label("start"), func.upper(stay.c.period).label("end")
    return (
        select(stay.c.id, stay.c.apartment_id, start, end, stay.c.state, apartment.c.name)
        .add_columns(scheme.c.name.label("scheme"))
        .join(apartment, apartment.c.id == stay.c.apartment_id)
        .join(scheme, scheme.c.id == apartment.c.scheme_id)
        .where(stay.c.person_id == me)
    )


def _plan(me: Any) -> Select[Any]:
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


def _assessments(me: Any) -> Select[Any]:
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


# -------------------------------------------------------------------- JSON to records


def _day(said: Any) -> date | None:
    return date.fromisoformat(said) if isinstance(said, str) else said


def _id(said: Any) -> UUID:
    return said if isinstance(said, UUID) else UUID(said)


def _alert(r: Any) -> Alert:
    since = _day(r["since"])
    assert since is not None
    return Alert(_id(r["id"]), r["kind"], r["words"], since, _day(r["until"]), r["revision"])


def _person_around(r: Any) -> Around:
    return Around(_id(r["id"]), r["name"], r["relation"], r["phone"], r["is_carer"], r["revision"], _day(r["until"]))


def _referral(r: Any) -> RecordReferral:
    return RecordReferral(
        ReferralId(_id(r["id"])), r["number"], r["service"], r["service_name"], r["urgency"], r["state"], r["need"],
        moment(r["received_at"]), moment(r["due_at"]), r["display_name"],
    )  # fmt: skip


def _contact(r: Any) -> RecordContact:
    return RecordContact(
        ContactId(_id(r["id"])), r["channel"], moment(r["received_at"]), r["caller_name"], r["caller_relation"],
        r["need"], r["ending"], r["ending_reason"],
    )  # fmt: skip


def _concern(r: Any) -> RecordConcern:
    owner = r["display_name"] or r["owner"]
    return RecordConcern(_id(r["id"]), r["number"], owner, moment(r["owner_since"]))


def _case(r: Any) -> RecordNotFound:
    return RecordNotFound(_id(r["id"]), moment(r["since"]), r["name"], r["display_name"] or r["owner"] or "")


def _visit(r: Any) -> RecordVisit:
    arrive = Window(moment(r["start"]), moment(r["end"]))
    return RecordVisit(
        VisitId(_id(r["id"])), arrive, r["minutes"], r["name"], r["need"], r["state"], tuple(r["who"] or ())
    )


def _stay(r: Any) -> RecordStay:
    start, end = _day(r["start"]), _day(r["end"])
    assert start is not None and end is not None
    key, place = StayId(_id(r["id"])), ApartmentId(r["apartment_id"])
    return RecordStay(key, place, r["name"], r["scheme"], start, end, r["state"])


def _plan_of(r: Any) -> RecordPlan:
    lead = UserName(r["lead_worker"]) if r["lead_worker"] else None
    review = _day(r["review_on"])
    return RecordPlan(PlanId(_id(r["id"])), r["state"], lead, r["display_name"], review, r["outcomes"], r["actions"])


def _assessment(r: Any) -> RecordAssessment:
    signed = moment(r["signed_at"]) if r["signed_at"] else None
    starter = r["starter"] or r["started_by"]
    return RecordAssessment(
        AssessmentId(_id(r["id"])), r["title"], r["state"], moment(r["started_at"]), starter, signed, r["signer"]
    )
