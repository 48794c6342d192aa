"""Transfers to recovery: rows with their lights and delays; what is looked up where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Date, and_, case, delete, func, literal_column, or_, select, text, true, update
from sqlalchemy.dialects.postgresql import DATERANGE, aggregate_order_by
from sqlalchemy.dialects.postgresql import insert as upsert

from coordination.errors import NotFound
from coordination.transfer.model import (
    LIGHTS,
    Caseload,
    Delay,
    Light,
    LightKind,
    LightState,
    Told,
    Transfer,
    TransferDraft,
    TransferId,
)
from coordination.values import PersonId, ReferralId, UserName
from db.tables.apartments import apartment, scheme, stay
from db.tables.careplan import care_plan
from db.tables.deployment import visit
from db.tables.governance import user_account
from db.tables.hospital import hospital_notice
from db.tables.intake import referral
from db.tables.intake_clocks import referral_clock
from db.tables.people import person
from db.tables.reference import hospital, neighbourhood, setting, ward
from db.tables.transfer import transfer, transfer_delay, transfer_light

_OPEN = ("waiting", "claimed", "accepted")
_THERE = ("booked", "in_stay")
_TODAY: Any = literal_column("(now() at time zone 'Europe/London')::date", Date)


class PgTransferStore:
    """See coordination.transfer.store.TransferStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, locality: str | None) -> list[Transfer]:
        query = _query().where(transfer.c.state == "in_hospital")
        if locality is not None:
            query = query.where(or_(neighbourhood.c.locality == locality, neighbourhood.c.locality.is_(None)))
        return [_transfer(row) for row in self._connection.execute(query)]

    def between(self, first: date, last: date) -> list[Transfer]:
        ready = _day(transfer.c.ready_at) <= last
        still = or_(transfer.c.left_at.is_(None), _day(transfer.c.left_at) >= first)
        query = _query().where(ready, still, transfer.c.state != "not_ready")
        return [_transfer(row) for row in self._connection.execute(query)]

    def one(self, key: TransferId) -> Transfer:
        row = self._connection.execute(_query().where(transfer.c.id == key)).one_or_none()
        if row is None:
            raise NotFound("transfer", str(key))
        return _transfer(row)

    def told(self, limit: int) -> list[Told]:
        r, p, n = referral.c, person.c, hospital_notice
        on_it = (
            select(transfer.c.id)
            .where(or_(transfer.c.referral_id == r.id, and_(transfer.c.person_id == r.person_id,
                                                           transfer.c.state == "in_hospital")))
            .exists()
        )  # fmt: skip
        said = (
            select(n.c.site, n.c.ward)
            .where(n.c.referral_id == r.id, n.c.kind != "withdrawal")
            .order_by(n.c.received_at.desc())
            .limit(1)
            .lateral("said")
        )
        query = (
            select(r.id, r.number, r.person_id, p.surname, p.given, r.moft_at, said.c.site, said.c.ward)
            .select_from(referral)
            .join(person, p.id == r.person_id)
            .outerjoin(said, true())
            .where(r.moft_at.is_not(None), r.state.in_(_OPEN), ~on_it)
            .order_by(r.moft_at)
            .limit(limit)
        )
        return [
            Told(
                ReferralId(row.id), row.number, PersonId(row.person_id), row.surname, row.given, row.site or "",
                row.ward or "", row.moft_at.astimezone(UTC),
            )
            for row in self._connection.execute(query)
        ]  # fmt: skip

    def caseload(self, days: int) -> Caseload:
        t = transfer.c
        most = select(setting.c.value).where(setting.c.name == "transfer.caseload").scalar_subquery()
        now = select(func.count()).select_from(transfer).where(t.state == "in_hospital").scalar_subquery()
        query = select(now.label("now"), most.label("most"))
        row = self._connection.execute(query).one()
        leaving = self._connection.execute(
            select(func.greatest(t.expected_on, _TODAY).label("day"), func.count().label("many"))
            .where(
                t.state == "in_hospital",
                t.expected_on <= text(f"(now() at time zone 'Europe/London')::date + {int(days)}"),
            )
            .group_by(text("1"))
            .order_by(text("1"))
        )
        return Caseload(row.now, int(row.most), tuple((each.day, each.many) for each in leaving), len(self.told(1000)))

    def add(self, key: TransferId, draft: TransferDraft, list_: str) -> None:
        row = {
            "id": key, "person_id": draft.person_id, "referral_id": draft.referral_id, "hospital": draft.hospital,
            "ward": draft.ward.strip(), "list": list_, "ready_at": draft.ready_at, "expected_on": draft.expected_on,
        }  # fmt: skip
        self._connection.execute(upsert(transfer).values(row).on_conflict_do_nothing(index_elements=["id"]))

    def change(self, key: TransferId, seen: int, changes: Mapping[str, object]) -> bool:
        done = self._connection.execute(
            update(transfer)
            .where(transfer.c.id == key, transfer.c.revision == seen)
            .values(**changes, revision=transfer.c.revision + 1)
        )
        return done.rowcount == 1

    def set_light(self, key: TransferId, kind: LightKind, state: LightState | None, note: str) -> None:
        t = transfer_light
        row = {"transfer_id": key, "kind": kind, "state": state or "to_do", "note": note}
        change = {"state": row["state"], "note": note, "revision": t.c.revision + 1}
        self._connection.execute(
            upsert(t).values(row).on_conflict_do_update(index_elements=["transfer_id", "kind"], set_=change)
        )

    def begin_delay(self, key: UUID, transfer_id: TransferId, list_: str, reason: str, since: date, note: str) -> None:
        d = transfer_delay
        again = self._connection.execute(select(d.c.id).where(d.c.id == key)).first()
        if again is not None:
            return
        self._connection.execute(delete(d).where(d.c.transfer_id == transfer_id, func.lower(d.c.nights) >= since))
        until = func.daterange(func.lower(d.c.nights), since, type_=DATERANGE)
        later = or_(func.upper_inf(d.c.nights), func.upper(d.c.nights) > since)
        self._connection.execute(
            update(d).where(d.c.transfer_id == transfer_id, later).values(nights=until, revision=d.c.revision + 1)
        )
        self._put(key, transfer_id, list_, reason, since, None, note)

    def put_delays_back(self, key: TransferId, delays: tuple[Delay, ...]) -> None:
        list_ = self._connection.execute(select(transfer.c.list).where(transfer.c.id == key)).scalar_one()
        self._connection.execute(delete(transfer_delay).where(transfer_delay.c.transfer_id == key))
        for d in delays:
            self._put(d.id, key, list_, d.reason, d.since, d.until, d.note)

    def _put(
        self, key: UUID, transfer_id: TransferId, list_: str, reason: str, since: date, until: date | None, note: str
    ) -> None:
        row = {
            "id": key, "transfer_id": transfer_id, "list": list_, "reason": reason, "note": note,
            "nights": func.daterange(since, until, type_=DATERANGE),
        }  # fmt: skip
        self._connection.execute(upsert(transfer_delay).values(row))

    def owners(self) -> list[tuple[UserName, str]]:
        u = user_account.c
        roles = ("care_coordinator", "placement_coordinator", "team_lead", "trusted_assessor")
        query = select(u.user_name, u.display_name).where(u.active, u.role.in_(roles)).order_by(u.display_name)
        return [(UserName(row.user_name), row.display_name) for row in self._connection.execute(query)]

    def hospitals(self) -> dict[str, str]:
        query = select(hospital.c.code, hospital.c.name).order_by(hospital.c.name)
        return {row.code: row.name for row in self._connection.execute(query)}

    def now(self) -> datetime:
        moment: datetime = self._connection.execute(select(func.now())).scalar_one()
        return moment.astimezone(UTC)


def _day(moment: Any) -> Any:
    return func.timezone("Europe/London", moment).cast(Date)


def _query() -> Any:
    t, owner = transfer.c, user_account.alias("owner_account")
    due = (
        select(func.min(referral_clock.c.due_at))
        .where(
            referral_clock.c.referral_id == t.referral_id, referral_clock.c.kind.in_(("assess_24h", "assess_4h")),
            referral_clock.c.met_at.is_(None), referral_clock.c.stopped_at.is_(None),
        )
        .scalar_subquery()
    )  # fmt: skip
    plan = (
        select(func.max(care_plan.c.activated_at))
        .where(care_plan.c.person_id == t.person_id, care_plan.c.state == "active")
        .scalar_subquery()
    )
    first_visit = (
        select(func.min(func.lower(visit.c.arrive)))
        .where(visit.c.person_id == t.person_id, visit.c.state == "planned", visit.c.day >= _TODAY)
        .scalar_subquery()
    )
    flat = (
        select(scheme.c.name + " · " + apartment.c.name)
        .select_from(stay)
        .join(apartment, apartment.c.id == stay.c.apartment_id)
        .join(scheme, scheme.c.id == apartment.c.scheme_id)
        .where(
            stay.c.person_id == t.person_id, stay.c.state.in_(("booked", "in_stay")), func.upper(stay.c.period) > _TODAY
        )
        .order_by(func.lower(stay.c.period))
        .limit(1)
        .scalar_subquery()
    )
    asks_flat = (
        select(referral.c.id)
        .where(referral.c.person_id == t.person_id, referral.c.service == "neighbourhood_apartment",
               referral.c.state.in_(_OPEN))
        .exists()
    )  # fmt: skip
    return (
        select(
            transfer, person.c.surname, person.c.given, person.c.title, hospital.c.name.label("hospital_name"),
            func.coalesce(owner.c.display_name, "").label("owner_name"),
            func.coalesce(neighbourhood.c.locality, "").label("locality"),
            due.label("assess_due"), plan.label("plan_at"), first_visit.label("visit_at"), flat.label("flat"),
            case((asks_flat, True), else_=False).label("asks_flat"),
            _lights().label("said"), _delays().label("delays"),
        )
        .select_from(transfer)
        .join(person, person.c.id == t.person_id)
        .join(hospital, hospital.c.code == t.hospital)
        .outerjoin(owner, owner.c.user_name == t.owner)
        .outerjoin(ward, ward.c.code == person.c.ward_code)
        .outerjoin(neighbourhood, neighbourhood.c.id == ward.c.neighbourhood_id)
    )  # fmt: skip


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


def _transfer(r: Any) -> Transfer:
    return Transfer(
        TransferId(r.id), PersonId(r.person_id), r.surname, r.given, r.title,
        None if r.referral_id is None else ReferralId(r.referral_id), r.hospital, r.hospital_name, r.ward, r.list,
        r.ready_at.astimezone(UTC), r.expected_on, r.pathway, r.bed_reason, r.state,
        None if r.left_at is None else r.left_at.astimezone(UTC), r.destination or "",
        None if r.owner is None else UserName(r.owner), r.owner_name,
        None if r.assess_due is None else r.assess_due.astimezone(UTC), r.locality, _light_row(r),
        tuple(
            Delay(UUID(key), reason, date.fromisoformat(since), date.fromisoformat(until) if until else None, note)
            for key, reason, since, until, note in r.delays or ()
        ),
        r.revision,
    )  # fmt: skip


def _light_row(r: Any) -> tuple[Light, ...]:
    said = {
        kind: Light(kind, state, note, who, datetime.fromisoformat(at)) for kind, state, note, who, at in r.said or ()
    }
    found: dict[str, Light] = {}
    if r.plan_at is not None:
        found["plan"] = Light("plan", "done")
    if r.visit_at is not None:
        found["first_visit"] = Light("first_visit", "done", at=r.visit_at.astimezone(UTC))
    if r.flat is not None:
        found["apartment"] = Light("apartment", "done", r.flat)
    elif not r.asks_flat:
        found["apartment"] = Light("apartment", "not_needed")
    return tuple(found.get(kind) or said.get(kind) or Light(kind, "to_do") for kind in LIGHTS)
