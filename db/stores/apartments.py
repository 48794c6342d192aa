"""Rows of apartments and stays to records and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    text,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB

from coordination.apartments.calendar import Lengths
from coordination.apartments.model import TURNAROUND, Apartment, ApartmentBoard, Pause, Stay, StayKind
from coordination.errors import Conflict, NotFound
from coordination.values import ApartmentId, DateRange, StayId
from db.tables.apartments import apartment, apartment_pause, scheme, stay
from db.tables.governance import user_account
from db.tables.people import person
from db.tables.reference import neighbourhood, setting
from db.tables.schemes import stay_override

_BEFORE, _AFTER = timedelta(days=60), timedelta(days=120)
_LOCALITIES = ("north", "central", "south")  # the order in which the centres are always named

# Rows that were seen are changed in one statement: constraints that can wait for its end see them all in place.
_CHANGE = text("""
    update stay s set apartment_id = v.apartment_id, period = daterange(v.first_day, v.end_day), state = v.state,
      reason = v.reason, past_six_weeks_reason = v.past_six_weeks_reason, move_on = v.move_on, went_to = v.went_to,
      away_since = v.away_since, hold_until = v.hold_until, follows = v.follows, continues = v.continues,
      revision = s.revision + 1
    from jsonb_to_recordset(cast(:rows as jsonb)) as v(id uuid, revision int, apartment_id int, first_day date,
      end_day date, state text, reason text, past_six_weeks_reason text, move_on text, went_to text, away_since date,
      hold_until date, follows uuid, continues uuid)
    where s.id = v.id and s.revision = v.revision
""")


class PgApartmentStore:
    """Apartments and stays."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def board(self, days: DateRange, locality: str | None) -> ApartmentBoard:
        flats: list[Apartment] = []
        stays: list[Stay] = []
        pauses: list[Pause] = []
        words = {"start": days.start, "end": days.end, "locality": locality}
        lengths: dict[StayKind, int] = {}
        for row in self._connection.execute(_entries(), words):
            kind = row[2]
            if kind == "flat":
                flats.append(_apartment(row))
                lengths = dict(zip(TURNAROUND, json.loads(row[5])[-2:], strict=True))
            elif kind == "pause":
                pauses.append(_pause(row))
            else:
                stays.append(_stay(row))
        here = {flat.id for flat in flats}
        if locality is not None:
            stays = [s for s in stays if s.apartment_id in here]
            pauses = [p for p in pauses if p.apartment_id in here]
        return ApartmentBoard(days, tuple(sorted(flats, key=_place)), tuple(stays), tuple(pauses), lengths)

    def board_around(self, stays: Sequence[StayId], days: DateRange) -> ApartmentBoard:
        first, last = self._connection.execute(
            select(func.min(func.lower(stay.c.period)), func.max(func.upper(stay.c.period))).where(stay.c.id.in_(stays))
        ).one()
        start, end = min(days.start, first or days.start), max(days.end, last or days.end)
        return self.board(DateRange(start - _BEFORE, end + _AFTER), None)

    def alone(self) -> None:
        self._connection.execute(select(func.calendar_alone()))

    def stay(self, stay_id: StayId) -> Stay:
        row = self._connection.execute(_stays().where(stay.c.id == stay_id)).one_or_none()
        if row is None:
            raise NotFound("apartments", str(stay_id))
        return _stay(row)

    def stays(self, ids: Sequence[StayId]) -> list[Stay]:
        found = {s.id: s for s in map(_stay, self._connection.execute(_stays().where(stay.c.id.in_(ids))))}
        return [found[each] for each in ids if each in found]

    def write(self, rows: Sequence[Stay]) -> list[Stay]:
        known = [row for row in rows if row.revision > 0]
        if known:
            done = self._connection.execute(_CHANGE, {"rows": json.dumps([_changed(row) for row in known])})
            if done.rowcount < len(known):
                self._tell_stale(known)
        fresh = [_added(row) for row in rows if row.revision == 0]
        if fresh:
            self._connection.execute(insert(stay).values(fresh))
        return self.stays([row.id for row in rows])

    def _tell_stale(self, rows: Sequence[Stay]) -> None:
        for row in rows:
            current = self.stay(row.id)
            if current.revision not in (row.revision, row.revision + 1):
                raise Conflict("apartments", str(row.id), row.revision, current)
        raise NotFound("apartments", str(rows[0].id))

    def lengths(self) -> Lengths:
        names = {"apartment.cleaning_days": "cleaning", "apartment.inspection_days": "inspection"}
        query = select(setting.c.name, setting.c.value).where(setting.c.name.in_(names))
        return {names[row.name]: int(row.value) for row in self._connection.execute(query)}  # type: ignore[misc]

    def pauses(self, ids: Sequence[UUID]) -> list[Pause]:
        query = _pauses().where(apartment_pause.c.id.in_(ids))
        return [_pause(row) for row in self._connection.execute(query)]

    def add_pause(self, pause: UUID, apartment_id: ApartmentId, start: date, end: date | None, reason: str) -> None:
        row = {"id": pause, "apartment_id": apartment_id, "reason": reason}
        period = func.daterange(start, end, type_=DATERANGE)
        known = self._connection.execute(select(apartment_pause.c.id).where(apartment_pause.c.id == pause)).first()
        if known is None:
            self._connection.execute(insert(apartment_pause).values(**row, period=period))

    def turn_pause(self, pause: UUID, seen: int, *, on: bool) -> None:
        p = apartment_pause
        done = self._connection.execute(
            update(p)
            .where(p.c.id == pause, p.c.revision == seen)
            .values(state="on" if on else "lifted", revision=p.c.revision + 1)
        )
        if done.rowcount == 0:
            current = self._connection.execute(select(p.c.revision).where(p.c.id == pause)).scalar_one_or_none()
            if current is None:
                raise NotFound("apartments", str(pause))
            raise Conflict("apartments", str(pause), seen, next(iter(self.pauses([pause])), None))

    def today(self) -> date:
        day: date = self._connection.execute(text("select (now() at time zone 'Europe/London')::date")).scalar_one()
        return day


def _flats() -> Select[Any]:
    """In the same columns as stays: what has no column of its own as JSON, in the place of the state."""
    a, s = apartment.c, scheme.c
    words = func.jsonb_build_array(
        a.name, s.name, s.kind, s.locality, func.coalesce(neighbourhood.c.name, ""), a.bedrooms, a.step_free, a.hoist,
        a.pets, s.staff_on_site, s.least_age, _days_of("cleaning"), _days_of("inspection"),
    )  # fmt: skip
    wanted = bindparam("locality", type_=Text)
    return (
        select(
            null(), a.id, literal("flat"), func.lower(a.leased), func.upper(a.leased), cast(words, Text), null(),
            literal(""), literal(""), null(), *[literal("")] * 5, literal(1), false(), *_NOTHING,
        )
        .select_from(apartment)
        .join(scheme, s.id == a.scheme_id)
        .outerjoin(neighbourhood, neighbourhood.c.id == s.neighbourhood_id)
        .where(or_(wanted.is_(None), s.locality == wanted))
    )  # fmt: skip


def _days_of(kind: StayKind) -> Any:
    """The setting, so that the board is one query."""
    value = select(setting.c.value).where(setting.c.name == f"apartment.{kind}_days").scalar_subquery()
    return func.coalesce(value, cast("0", JSONB))


def _apartment(r: Sequence[Any]) -> Apartment:
    name, within, kind, locality, near, bedrooms, step_free, hoist, pets, staff, least_age = json.loads(r[5])[:11]
    return Apartment(
        ApartmentId(r[1]), name, within, kind, locality, near, bedrooms, step_free, hoist, pets, staff, least_age, r[3],
        r[4],
    )  # fmt: skip


def _place(flat: Apartment) -> tuple[int, str, int, str]:
    where = _LOCALITIES.index(flat.locality) if flat.locality in _LOCALITIES else len(_LOCALITIES)
    return where, flat.scheme, len(flat.name), flat.name


def _stays() -> Select[Any]:
    """In the order of the fields of Stay."""
    s = stay.c
    return (
        select(
            s.id.label("e_id"), s.apartment_id.label("e_apartment_id"), s.kind.label("e_kind"),
            func.lower(s.period).label("e_start"), func.upper(s.period).label("e_end"), s.state, s.person_id,
            func.coalesce(person.c.surname, "").label("surname"), func.coalesce(person.c.given, "").label("given"),
            s.referral_id, s.purpose, s.reason, s.past_six_weeks_reason, s.move_on,
            func.coalesce(user_account.c.display_name, s.booked_by).label("booked_by_name"), s.revision,
            false().label("hidden"), func.coalesce(s.went_to, "").label("went_to"), s.instead_of, s.away_since,
            s.hold_until, s.follows, s.continues,
            case((s.continues.is_not(None), func.stay_began(s.id)), else_=null()).label("began"),
            _overridden().label("overridden"),
        )
        .outerjoin(person, person.c.id == s.person_id)
        .outerjoin(user_account, user_account.c.user_name == s.booked_by)
    )  # fmt: skip


def _overridden() -> Any:
    """Booked against a criterion of the scheme that it is in, it or the stay that it goes on from. There are few, and
    they are read once, not once a stay."""
    o, here = stay_override.c, apartment.alias("here").c
    there = select(o.stay_id, here.id).where(here.scheme_id == o.scheme_id).correlate(None)
    s = stay.c
    own, before = tuple_(s.id, s.apartment_id).in_(there), tuple_(s.continues, s.apartment_id).in_(there)
    return func.coalesce(or_(own, and_(s.continues.is_not(None), before)), false())


def _pauses() -> Select[Any]:
    """In the same columns as stays, so that a board is one query."""
    p = apartment_pause.c
    return (
        select(
            p.id.label("e_id"), p.apartment_id.label("e_apartment_id"), literal("pause").label("e_kind"),
            func.lower(p.period).label("e_start"), func.upper(p.period).label("e_end"), p.state, null(), literal(""),
            literal(""), null(), literal(""), p.reason, literal(""), literal(""),
            func.coalesce(user_account.c.display_name, p.set_by).label("booked_by_name"), p.revision, false(),
            *_NOTHING,
        )
        .outerjoin(user_account, user_account.c.user_name == p.set_by)
        .where(p.state == "on")
    )  # fmt: skip


@cache
def _entries() -> Any:
    """Everything that stands on the board: apartments, stays, the days of those whom this login may not see, pauses.
    ``start``, ``end``: of the days; ``locality`` or null. Made once."""
    days = func.daterange(bindparam("start", type_=Date), bindparam("end", type_=Date), type_=DATERANGE)
    hidden = func.hidden_stays(days).table_valued("id", "apartment_id", "period").alias("unseen")
    period: ColumnElement[Any] = hidden.c.period
    unseen = select(
        hidden.c.id, hidden.c.apartment_id, literal("stay"), func.lower(period), func.upper(period), literal("booked"),
        null(), literal(""), literal(""), null(), *[literal("")] * 5, literal(1), true(), *_NOTHING,
    )  # fmt: skip
    shown = _stays().where(stay.c.state != "cancelled", stay.c.period.op("&&")(days))
    pauses = _pauses().where(apartment_pause.c.period.op("&&")(days))
    return shown.union_all(unseen, pauses, _flats())


_NOTHING = (literal(""), literal(""), *[null()] * 5, false())


def _stay(r: Sequence[Any]) -> Stay:
    return Stay(r[0], r[1], r[2], DateRange(r[3], r[4]), *r[5:])


def _pause(r: Sequence[Any]) -> Pause:
    return Pause(r[0], ApartmentId(r[1]), r[3], r[4], r[11], r[14], r[15])


def _added(row: Stay) -> dict[str, Any]:
    return {
        "id": row.id, "apartment_id": row.apartment_id, "kind": row.kind, "person_id": row.person_id,
        "referral_id": row.referral_id, "period": _range(row.period), "purpose": row.purpose, "reason": row.reason,
        "past_six_weeks_reason": row.past_six_weeks_reason, "instead_of": row.instead_of, "follows": row.follows,
        "continues": row.continues,
    }  # fmt: skip


def _changed(row: Stay) -> dict[str, Any]:
    def words(value: object | None) -> str | None:
        return None if value is None else str(value)

    return {
        "id": str(row.id), "revision": row.revision, "apartment_id": row.apartment_id,
        "first_day": row.period.start.isoformat(), "end_day": row.period.end.isoformat(), "state": row.state,
        "reason": row.reason, "past_six_weeks_reason": row.past_six_weeks_reason, "move_on": row.move_on,
        "went_to": row.went_to or None, "away_since": words(row.away_since), "hold_until": words(row.hold_until),
        "follows": words(row.follows), "continues": words(row.continues),
    }  # fmt: skip


def _range(days: DateRange) -> Any:
    return func.daterange(days.start, days.end, type_=DATERANGE)
