"""R1. The one shared view of a person: one statement for what is so now, and one for each further tab.

Row security keeps back what the person does not share with this desk; nothing here has to think of it. Lists come as
JSON, each from a query of its own inside the statement, so that rows of one list do not multiply those of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, any_, cast, func, or_, select, text
from sqlalchemy import Uuid as SqlUuid
from sqlalchemy.dialects.postgresql import ARRAY

from coordination.people.model import Alert, Around
from coordination.people.record import (
    PersonRecord,
    RecordAction,
    RecordAround,
    RecordCare,
    RecordEntries,
    RecordOutcome,
    RecordPlaces,
)
from coordination.values import PersonId, TeamId
from db.stores import emergency, equipment_record
from db.stores import people_record_lists as lists
from db.stores import people_record_rows as rows
from db.stores.people_merging import merge_of, merges_of
from db.stores.people_rows import PERSON_COLUMNS, PERSON_FROM, kept_person, person_of
from db.tables.apartments import stay
from db.tables.careplan import care_plan, plan_action, plan_outcome
from db.tables.deployment import visit
from db.tables.intake import referral
from db.tables.people import person, person_alert, person_around, person_sharing
from db.tables.reference import team

_CONTACTS, _VISITS, _MANY = 50, 60, 500
_UUIDS: Any = ARRAY(SqlUuid)
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
    ahead = lists.visits(me).where(visit.c.day >= _TODAY).order_by(func.lower(visit.c.arrive), visit.c.id)
    present = stay.c.state.in_(("booked", "in_stay"))
    next_stay = lists.stays(me).where(present, func.upper(stay.c.period) >= _TODAY).order_by(func.lower(stay.c.period))
    about = select(
        *PERSON_COLUMNS,
        func.now().label("as_of"),
        hidden.label("detail_hidden"),
        teams.scalar_subquery().label("teams"),
        lists.many(lists.alerts(me).where(in_force), "alerts"),
        lists.many(lists.around(me).where(still), "around"),
        lists.many(
            lists.referrals(me).where(referral.c.state.in_(_OPEN)).order_by(referral.c.due_at, referral.c.id),
            "referrals",
        ),
        lists.many(lists.contacts(me).limit(_CONTACTS), "contacts"),
        lists.many(ahead.limit(_VISITS), "visits"),
        lists.many(next_stay.limit(1), "stay"),
        lists.many(lists.plan(me).where(care_plan.c.state != "ended"), "plan"),
        lists.many(lists.assessments(me), "assessments"),
        lists.many(merges_of(me), "merges"),
        lists.many(lists.concerns(me), "concerns"),
        lists.many(lists.not_found(me), "not_found"),
        lists.many(equipment_record.of_person(me).limit(_VISITS), "equipment"),
        lists.many(emergency.of_person(me), "emergency"),
    )
    if viewed:
        about = about.add_columns(func.audit.note("view", "person", cast(person.c.id, Text), person.c.id))
    row: Any = connection.execute(about.select_from(PERSON_FROM).where(person.c.id == me)).one_or_none()
    if row is None:
        return None
    return PersonRecord(
        person=person_of(row),
        as_of=row.as_of,
        alerts=rows.every_one(row.alerts, rows.alert),
        around=rows.every_one(row.around, rows.person_around),
        shared_with=tuple(TeamId(t) for t in row.teams or ()),
        referrals=rows.every_one(row.referrals, rows.referral),
        contacts=rows.every_one(row.contacts, rows.contact),
        visits=rows.every_one(row.visits, rows.visit),
        stay=next(iter(rows.every_one(row.stay, rows.stay)), None),
        plan=next(iter(rows.every_one(row.plan, rows.plan_of)), None),
        assessments=rows.every_one(row.assessments, rows.assessment),
        detail_hidden=row.detail_hidden,
        merges=rows.every_one(row.merges, merge_of),
        concerns=rows.every_one(row.concerns, rows.concern),
        not_found=rows.every_one(row.not_found, rows.case),
        equipment=rows.every_one(row.equipment, equipment_record.read),
        emergency=next(iter(rows.every_one(row.emergency, emergency.read)), None),
    )


def entries(connection: Connection, person_id: PersonId) -> RecordEntries:
    """One statement."""
    me = kept_person(person_id)
    newest = lists.referrals(me).order_by(referral.c.received_at.desc(), referral.c.id.desc())
    query = select(
        lists.many(lists.contacts(me).limit(_MANY), "contacts"), lists.many(newest.limit(_MANY), "referrals")
    )
    row: Any = connection.execute(query).one()
    return RecordEntries(rows.every_one(row.contacts, rows.contact), rows.every_one(row.referrals, rows.referral))


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
        lists.many(lists.assessments(me), "assessments"),
        lists.many(lists.plan(me).where(present), "plan"),
        lists.many(outcomes.order_by(plan_outcome.c.position), "outcomes"),
        lists.many(actions.order_by(plan_action.c.position), "actions"),
        ended.scalar_subquery().label("ended"),
    )
    row: Any = connection.execute(query).one()
    by_outcome: dict[str | None, list[RecordAction]] = {}
    for a in row.actions:
        by_outcome.setdefault(a["outcome_id"], []).append(
            RecordAction(a["what"], a["who"], rows.day(a["due_on"]), a["state"])
        )
    return RecordCare(
        rows.every_one(row.assessments, rows.assessment),
        next(iter(rows.every_one(row.plan, rows.plan_of)), None),
        row.plan[0]["what_matters"] if row.plan else "",
        tuple(RecordOutcome(o["words"], tuple(by_outcome.get(o["id"], ()))) for o in row.outcomes),
        tuple(by_outcome.get(None, ())),
        row.ended,
    )


def places(connection: Connection, person_id: PersonId) -> RecordPlaces:
    """One statement."""
    me = kept_person(person_id)
    newest = lists.visits(me).order_by(func.lower(visit.c.arrive).desc(), visit.c.id.desc())
    stays = lists.stays(me).order_by(func.lower(stay.c.period).desc(), stay.c.id.desc())
    row: Any = connection.execute(select(lists.many(newest.limit(_MANY), "visits"), lists.many(stays, "stays"))).one()
    return RecordPlaces(rows.every_one(row.visits, rows.visit), rows.every_one(row.stays, rows.stay))


def people_around(connection: Connection, person_id: PersonId) -> RecordAround:
    """One statement."""
    me = kept_person(person_id)
    teams = select(team.c.name).join(person_sharing, person_sharing.c.team_id == team.c.id)
    query = select(
        lists.many(lists.around(me), "around"),
        lists.many(lists.alerts(me), "alerts"),
        lists.many(teams.where(person_sharing.c.person_id == me).order_by(team.c.name), "teams"),
        lists.many(merges_of(me), "merges"),
    )
    row: Any = connection.execute(query).one()
    names = tuple(str(found["name"]) for found in row.teams)
    return RecordAround(
        rows.every_one(row.around, rows.person_around),
        rows.every_one(row.alerts, rows.alert),
        names,
        rows.every_one(row.merges, merge_of),
    )


def alerts(connection: Connection, person_id: PersonId) -> Sequence[Alert]:
    return [rows.alert(r._mapping) for r in connection.execute(lists.alerts(person_id))]


def around(connection: Connection, person_id: PersonId) -> Sequence[Around]:
    return [rows.person_around(r._mapping) for r in connection.execute(lists.around(person_id))]
