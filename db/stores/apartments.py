"""Rows of apartments and stays to records and back."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, func, insert, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import DATERANGE, Range

from coordination.apartments.model import Apartment, ApartmentBoard, Stay, StayDraft, StayState, Waiting
from coordination.errors import Conflict, NotFound
from coordination.values import ApartmentId, DateRange, PersonId, ReferralId, StayId
from db.tables.apartments import apartment, scheme, stay
from db.tables.governance import user_account
from db.tables.intake import referral
from db.tables.people import person
from db.tables.reference import neighbourhood


class PgApartmentStore:
    """Apartments and stays."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def board(self, days: DateRange, locality: str | None) -> ApartmentBoard:
        stays = _stays().where(stay.c.state != "cancelled", stay.c.period.op("&&")(_range(days)))
        unseen = text("select id, apartment_id, period from hidden_stays(daterange(:start, :end))")
        apartments = _apartments()
        if locality is not None:
            apartments = apartments.where(scheme.c.locality == locality)
        shown = tuple(_apartment(row) for row in self._connection.execute(apartments))
        wanted = {a.id for a in shown}
        seen = [_stay(row) for row in self._connection.execute(stays)]
        hidden = [
            Stay(StayId(r.id), ApartmentId(r.apartment_id), "stay", _days(r.period), "booked", hidden=True)
            for r in self._connection.execute(unseen, {"start": days.start, "end": days.end})
        ]
        return ApartmentBoard(days, shown, tuple(s for s in [*seen, *hidden] if s.apartment_id in wanted))

    def waiting(self, limit: int) -> list[Waiting]:
        r, p = referral.c, person.c
        placed = exists().where(stay.c.referral_id == r.id, stay.c.state != "cancelled")
        query = (
            select(
                r.id, r.number, r.person_id, p.surname, p.given, p.birth_date, r.locality, r.need, r.urgency, r.due_at,
                r.state, r.claimed_by,
            )
            .join(person, p.id == r.person_id)
            .where(
                r.service == "neighbourhood_apartment", r.state.in_(("waiting", "claimed", "accepted")), ~placed
            )
            .order_by(r.due_at, r.id)
            .limit(limit)
        )  # fmt: skip
        return [
            Waiting(
                ReferralId(row.id), row.number, PersonId(row.person_id), row.surname, row.given, row.birth_date,
                row.locality, row.need, row.urgency, row.due_at, row.state, row.claimed_by,
            )
            for row in self._connection.execute(query)
        ]  # fmt: skip

    def stay(self, stay_id: StayId) -> Stay:
        row = self._connection.execute(_stays().where(stay.c.id == stay_id)).one_or_none()
        if row is None:
            raise NotFound("apartments", str(stay_id))
        return _stay(row)

    def add(self, stay_id: StayId, draft: StayDraft) -> Stay:
        known = self._connection.execute(select(stay.c.id).where(stay.c.id == stay_id)).first()
        if known is None:
            self._connection.execute(
                insert(stay).values(
                    id=stay_id,
                    apartment_id=draft.apartment_id,
                    kind=draft.kind,
                    person_id=draft.person_id,
                    referral_id=draft.referral_id,
                    period=_range(draft.period),
                    purpose=draft.purpose,
                    reason=draft.reason,
                    past_six_weeks_reason=draft.past_six_weeks_reason,
                    instead_of=draft.instead_of,
                )
            )
        return self.stay(stay_id)

    def change(
        self,
        stay_id: StayId,
        seen: int,
        *,
        apartment: ApartmentId | None = None,
        period: DateRange | None = None,
        state: StayState | None = None,
        reason: str | None = None,
        past_six_weeks_reason: str | None = None,
        move_on: str | None = None,
        went_to: str | None = None,
    ) -> Stay:
        wanted: dict[str, Any] = {
            "apartment_id": apartment,
            "period": None if period is None else _range(period),
            "state": state,
            "reason": reason,
            "past_six_weeks_reason": past_six_weeks_reason,
            "move_on": move_on,
        }
        values = {name: value for name, value in wanted.items() if value is not None}
        if went_to is not None or (state is not None and state != "ended"):
            values["went_to"] = went_to or None  # nobody went anywhere from a stay that goes on
        done = self._connection.execute(
            update(stay)
            .where(stay.c.id == stay_id, stay.c.revision == seen)
            .values(**values, revision=stay.c.revision + 1)
        )
        current = self.stay(stay_id)
        if done.rowcount == 0:
            raise Conflict("apartments", str(stay_id), seen, current)
        return current

    def today(self) -> date:
        day: date = self._connection.execute(text("select (now() at time zone 'Europe/London')::date")).scalar_one()
        return day


def _apartments() -> Select[Any]:
    return (
        select(
            apartment.c.id, apartment.c.name, scheme.c.name.label("scheme"), scheme.c.kind, scheme.c.locality,
            func.coalesce(neighbourhood.c.name, "").label("neighbourhood"), apartment.c.bedrooms,
            apartment.c.step_free, apartment.c.hoist, apartment.c.pets, scheme.c.staff_on_site, scheme.c.least_age,
            func.lower(apartment.c.leased).label("lease_start"), func.upper(apartment.c.leased).label("lease_end"),
        )
        .join(scheme, scheme.c.id == apartment.c.scheme_id)
        .outerjoin(neighbourhood, neighbourhood.c.id == scheme.c.neighbourhood_id)
        # North, Central, South: the order in which the centres are always named.
        .order_by(
            func.array_position(literal_column("array['north', 'central', 'south']"), scheme.c.locality),
            scheme.c.name, func.length(apartment.c.name), apartment.c.name,
        )
    )  # fmt: skip


def _apartment(row: Row[Any]) -> Apartment:
    return Apartment(
        ApartmentId(row.id), row.name, row.scheme, row.kind, row.locality, row.neighbourhood, row.bedrooms,
        row.step_free, row.hoist, row.pets, row.staff_on_site, row.least_age, row.lease_start, row.lease_end,
    )  # fmt: skip


def _stays() -> Select[Any]:
    return (
        select(
            stay,
            func.coalesce(person.c.surname, "").label("surname"),
            func.coalesce(person.c.given, "").label("given"),
            func.coalesce(user_account.c.display_name, stay.c.booked_by).label("booked_by_name"),
        )
        .outerjoin(person, person.c.id == stay.c.person_id)
        .outerjoin(user_account, user_account.c.user_name == stay.c.booked_by)
        .order_by(func.lower(stay.c.period))
    )  # fmt: skip


def _stay(row: Row[Any]) -> Stay:
    return Stay(
        StayId(row.id), ApartmentId(row.apartment_id), row.kind, _days(row.period), row.state,
        None if row.person_id is None else PersonId(row.person_id), row.surname, row.given,
        None if row.referral_id is None else ReferralId(row.referral_id), row.purpose, row.reason,
        row.past_six_weeks_reason, row.move_on, row.booked_by_name, row.revision, False, row.went_to or "",
        row.instead_of, row.away_since, row.hold_until,
    )  # fmt: skip


def _range(days: DateRange) -> Any:
    return func.daterange(days.start, days.end, type_=DATERANGE)


def _days(period: Range[date]) -> DateRange:
    assert period.lower is not None and period.upper is not None  # the table allows no open ends
    return DateRange(period.lower, period.upper)
