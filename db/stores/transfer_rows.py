"""Transfers as they are read: one query with lights, delays and clocks; what is looked up where it stands."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, and_, case, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from coordination.clock import at_local
from coordination.equipment.rules import told
from coordination.transfer.model import (
    LIGHTS,
    AssessClock,
    Delay,
    Light,
    Transfer,
    TransferId,
)
from coordination.values import PersonId, ReferralId, UserName
from db.tables.apartments import apartment, scheme, stay
from db.tables.assessment import assessment
from db.tables.careplan import care_plan
from db.tables.deployment import allocation, visit
from db.tables.equipment import equipment_loan, equipment_model, equipment_order
from db.tables.governance import user_account
from db.tables.intake import referral
from db.tables.intake_clocks import information_request, referral_clock
from db.tables.people import person
from db.tables.reference import hospital, neighbourhood, team, ward
from db.tables.transfer import transfer, transfer_delay, transfer_light
from db.today import TODAY

OPEN = ("waiting", "claimed", "accepted")
_ASSESS = ("assess_24h", "assess_4h")
_A_FORTNIGHT: Any = literal_column("interval '14 days'")
_FOUR_HOURS: Any = literal_column("interval '4 hours'")


def day_of(moment: Any) -> Any:
    """The centre's day of a stored moment."""
    return func.timezone("Europe/London", moment).cast(Date)


def transfer_query() -> Any:
    """Everything of ``Transfer``, for all; the caller narrows it."""
    t, owner, begun = transfer.c, user_account.alias("owner_account"), user_account.alias("begun_account")
    holder = user_account.alias("holder_account")
    return (
        select(
            transfer, person.c.surname, person.c.given, person.c.title, hospital.c.name.label("hospital_name"),
            func.coalesce(owner.c.display_name, "").label("owner_name"),
            func.coalesce(begun.c.display_name, t.begun_by).label("begun_by_name"),
            func.coalesce(neighbourhood.c.locality, "").label("locality"),
            _plan().label("plan_at"), _first_visit(allocated=True).label("visit_at"),
            _first_visit(allocated=False).label("planned_at"), _flat().label("flat"),
            case((_asks_flat(), True), else_=False).label("asks_flat"),
            _orders().label("orders"),
            _lights().label("said"), _delays().label("delays"), _clocks().label("clocks"),
            referral.c.paused_reason, referral.c.paused_until, _asked().label("asked"),
            func.coalesce(holder.c.display_name, "").label("holder_name"), _told_by_hand().label("told_by_hand"),
        )
        .select_from(transfer)
        .join(person, person.c.id == t.person_id)
        .join(hospital, hospital.c.code == t.hospital)
        .outerjoin(owner, owner.c.user_name == t.owner)
        .outerjoin(begun, begun.c.user_name == t.begun_by)
        .outerjoin(referral, referral.c.id == t.referral_id)
        .outerjoin(holder, holder.c.user_name == referral.c.claimed_by)
        .outerjoin(ward, ward.c.code == person.c.ward_code)
        .outerjoin(neighbourhood, neighbourhood.c.id == ward.c.neighbourhood_id)
    )  # fmt: skip


# -------------------------------------------------------------------- what is looked up


def _plan() -> Any:
    query = select(func.max(care_plan.c.activated_at))
    return query.where(care_plan.c.person_id == transfer.c.person_id, care_plan.c.state == "active").scalar_subquery()


def _first_visit(*, allocated: bool) -> Any:
    """The first that comes, of a team that cares; ``allocated``: that somebody goes to, and as many as it needs. What
    the equipment store brings is no visit of care."""
    v, a = visit.c, allocation.c
    going = select(func.count()).where(a.visit_id == v.id).scalar_subquery()
    coming = and_(
        v.person_id == transfer.c.person_id, v.state == "planned", v.day >= TODAY, team.c.service != "equipment",
        *([going >= v.workers_needed] if allocated else []),
    )  # fmt: skip
    query = select(func.min(func.lower(v.arrive))).select_from(visit).join(team, team.c.id == v.team_id)
    return query.where(coming).correlate(transfer).scalar_subquery()


def _flat() -> Any:
    """Its scheme and name, and the first day of the stay while that is only booked."""
    s = stay.c
    booked = case((s.state == "booked", func.lower(s.period)))
    there = and_(s.person_id == transfer.c.person_id, s.state.in_(("booked", "in_stay")), func.upper(s.period) > TODAY)
    return (
        select(func.jsonb_build_array(scheme.c.name + " · " + apartment.c.name, booked))
        .select_from(stay)
        .join(apartment, apartment.c.id == s.apartment_id)
        .join(scheme, scheme.c.id == apartment.c.scheme_id)
        .where(there)
        .order_by(func.lower(s.period))
        .limit(1)
        .scalar_subquery()
    )


def _asks_flat() -> Any:
    r = referral.alias("flat_referral").c
    return (
        select(r.id)
        .where(r.person_id == transfer.c.person_id, r.service == "neighbourhood_apartment", r.state.in_(OPEN))
        .exists()
    )


def _orders() -> Any:
    """Equipment that was ordered for this way home: since a fortnight before they were ready."""
    o, loan = equipment_order.c, equipment_loan.c
    one = func.jsonb_build_array(equipment_model.c.name, o.quantity, o.state, equipment_model.c.fitting)
    gone = select(loan.id).where(loan.order_id == o.id, loan.ended_at.is_not(None)).exists()
    return (
        select(func.jsonb_agg(aggregate_order_by(one, o.number)))
        .select_from(equipment_order)
        .join(equipment_model, equipment_model.c.code == o.model)
        .where(
            o.person_id == transfer.c.person_id, o.state != "cancelled",
            o.ordered_at >= transfer.c.ready_at - _A_FORTNIGHT, ~gone,
        )
        .scalar_subquery()
    )  # fmt: skip


def _clocks() -> Any:
    """T1 and T2 of the referral, as far as they run."""
    c = referral_clock.c
    one = func.jsonb_build_array(c.kind, c.started_at, c.due_at, c.pausable)
    return (
        select(func.jsonb_agg(aggregate_order_by(one, c.due_at, c.kind)))
        .where(c.referral_id == transfer.c.referral_id, c.kind.in_(_ASSESS), c.met_at.is_(None), c.stopped_at.is_(None))
        .scalar_subquery()
    )


def _asked() -> Any:
    """What was asked of somebody and has not come."""
    q = information_request.c
    return (
        select(q.question).where(q.referral_id == transfer.c.referral_id, q.state == "open").limit(1).scalar_subquery()
    )


def _told_by_hand() -> Any:
    """T2 of whoever was put on the list without a referral: told then, until an assessment is signed."""
    a, t = assessment.c, transfer.c
    signed = select(a.id).where(a.person_id == t.person_id, a.signed_at >= t.begun_at).exists()
    return case((and_(t.referral_id.is_(None), ~signed), t.begun_at + _FOUR_HOURS))


def _lights() -> Any:
    light, who = transfer_light.c, user_account.alias("light_account")
    one = func.jsonb_build_array(
        light.kind, light.state, light.note, func.coalesce(who.c.display_name, light.said_by), light.said_at
    )
    return (
        select(func.jsonb_agg(one))
        .select_from(transfer_light)
        .outerjoin(who, who.c.user_name == light.said_by)
        .where(light.transfer_id == transfer.c.id)
        .scalar_subquery()
    )


def _delays() -> Any:
    d = transfer_delay.c
    one = func.jsonb_build_array(d.id, d.reason, func.lower(d.nights), func.upper(d.nights), d.note)
    return (
        select(func.jsonb_agg(aggregate_order_by(one, func.lower(d.nights))))
        .where(d.transfer_id == transfer.c.id)
        .scalar_subquery()
    )


# -------------------------------------------------------------------- into records


def transfer_of(r: Any) -> Transfer:
    return Transfer(
        TransferId(r.id), PersonId(r.person_id), r.surname, r.given, r.title,
        None if r.referral_id is None else ReferralId(r.referral_id), r.hospital, r.hospital_name, r.ward, r.list,
        r.ready_at.astimezone(UTC), r.expected_on, r.pathway, r.bed_reason, r.state,
        None if r.left_at is None else r.left_at.astimezone(UTC), r.destination or "",
        None if r.owner is None else UserName(r.owner), r.owner_name, _running(r), r.locality, _light_row(r),
        tuple(
            Delay(UUID(key), reason, date.fromisoformat(since), date.fromisoformat(until) if until else None, note)
            for key, reason, since, until, note in r.delays or ()
        ),
        r.revision, r.recovery, r.recovery_until, r.begun_at.astimezone(UTC), r.begun_by_name,
        r.admitted_on,
    )  # fmt: skip


def _running(r: Any) -> tuple[AssessClock, ...]:
    if r.told_by_hand is not None:
        due = r.told_by_hand.astimezone(UTC)
        return (AssessClock("assess_4h", r.begun_at.astimezone(UTC), due, r.owner_name),)
    paused = None if r.paused_until is None else r.paused_until.astimezone(UTC)
    return tuple(
        AssessClock(
            kind, _moment(started), _moment(due), r.holder_name, paused if pausable else None,
            (r.paused_reason or "") if pausable else "", r.asked or "",
        )
        for kind, started, due, pausable in r.clocks or ()
    )  # fmt: skip


def _moment(words: str) -> datetime:
    return datetime.fromisoformat(words).astimezone(UTC)


def _light_row(r: Any) -> tuple[Light, ...]:
    said = {
        kind: Light(kind, state, note, who, datetime.fromisoformat(at)) for kind, state, note, who, at in r.said or ()
    }
    found: dict[str, Light] = {}
    if r.plan_at is not None:
        found["plan"] = Light("plan", "done", found=True)
    if r.visit_at is not None:
        found["first_visit"] = Light("first_visit", "done", at=r.visit_at.astimezone(UTC), found=True)
    elif r.planned_at is not None and "first_visit" not in said:
        found["first_visit"] = Light("first_visit", "to_do", at=r.planned_at.astimezone(UTC))
    if r.flat is not None:
        flat, first = r.flat
        since = None if first is None else at_local(date.fromisoformat(first), 0)
        found["apartment"] = Light("apartment", "done", flat, at=since, found=True)
    elif not r.asks_flat:
        found["apartment"] = Light("apartment", "not_needed", found=True)
    if r.orders:
        there = all(state == "fitted" or (state == "delivered" and not fitting) for _, _, state, fitting in r.orders)
        said_so = "; ".join(told(name, many, state, fitting) for name, many, state, fitting in r.orders)
        found["equipment"] = Light("equipment", "done" if there else "to_do", said_so, found=True)
    return tuple(found.get(kind) or said.get(kind) or Light(kind, "to_do") for kind in LIGHTS)
