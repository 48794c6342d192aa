"""Schemes and apartments as rows; what lies past a lease."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, case, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import DATERANGE

from coordination.apartments.schemes_model import Flat, FlatDraft, PastLease, Scheme, SchemeDraft, SchemeNeed
from coordination.errors import NotFound
from coordination.names import listed
from coordination.values import ApartmentId
from db.tables.apartments import apartment, scheme
from db.tables.reference import neighbourhood
from db.tables.schemes import scheme_need

# The place of a scheme: its postcode as it is registered now, where it was set by hand, else the middle of its wards.
_SCHEMES = """
select c.id, c.name, c.kind, c.locality, c.neighbourhood_id, coalesce(n.name, '') as neighbourhood, c.address,
  coalesce(c.postcode, '') as postcode, c.least_age, c.staff_on_site, c.staff_hours, c.local_connection, c.notes,
  c.revision, coalesce(p.lat, c.lat, w.lat) as lat, coalesce(p.lon, c.lon, w.lon) as lon,
  coalesce(needs.all, '[]'::jsonb) as needs, coalesce(flats.all, '[]'::jsonb) as flats
from scheme c
left join neighbourhood n on n.id = c.neighbourhood_id
left join postcode p on p.postcode = c.postcode
left join lateral (
  select avg(w.lat) as lat, avg(w.lon) as lon from ward w where w.neighbourhood_id = c.neighbourhood_id) w on true
left join lateral (
  select jsonb_agg(jsonb_build_object('need', s.need, 'can', s.can, 'note', s.note) order by k.position) as all
  from scheme_need s join care_need k on k.code = s.need where s.scheme_id = c.id) needs on true
left join lateral (
  select jsonb_agg(jsonb_build_object(
      'id', a.id, 'name', a.name, 'bedrooms', a.bedrooms, 'step_free', a.step_free, 'hoist', a.hoist, 'pets', a.pets,
      'furnished', a.furnished, 'lease_start', lower(a.leased), 'lease_end', upper(a.leased), 'notes', a.notes,
      'revision', a.revision,
      'taken', exists (select 1 from stay s
                       where s.apartment_id = a.id and s.state <> 'cancelled' and s.period @> d.today)
               or exists (select 1 from hidden_stays(daterange(d.today, d.today + 1)) h where h.apartment_id = a.id),
      'paused', coalesce((select p.reason from apartment_pause p where p.apartment_id = a.id and p.state = 'on'
                          and p.period @> d.today), ''))
    order by length(a.name), a.name) as all
  from apartment a cross join (select (now() at time zone 'Europe/London')::date as today) d
  where a.scheme_id = c.id) flats on true
{where}
order by array_position(array['north', 'central', 'south'], c.locality), c.name
"""
_PAST = """
select s.kind as what, coalesce(p.surname, '') as surname, coalesce(p.given, '') as given, lower(s.period) as start,
  upper(s.period) - 1 as last, false as hidden
from stay s left join person p on p.id = s.person_id
where s.apartment_id = :flat and s.state <> 'cancelled' and not daterange(:start, :end) @> s.period
union all
select 'stay', '', '', lower(h.period), upper(h.period) - 1, true
from hidden_stays(daterange(null, null)) h where h.apartment_id = :flat and not daterange(:start, :end) @> h.period
order by start
"""


class PgSchemeStore:
    """See coordination.apartments.schemes_store.SchemeStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[Scheme]:
        return [_scheme(row) for row in self._connection.execute(text(_SCHEMES.format(where="")))]

    def scheme(self, scheme_id: int) -> Scheme:
        query = text(_SCHEMES.format(where="where c.id = :scheme"))
        row = self._connection.execute(query, {"scheme": scheme_id}).one_or_none()
        if row is None:
            raise NotFound("schemes", str(scheme_id))
        return _scheme(row)

    def neighbourhoods(self) -> list[tuple[int, str, str]]:
        n = neighbourhood.c
        rows = self._connection.execute(select(n.id, n.name, n.locality).order_by(n.id))
        return [(row.id, row.name, row.locality) for row in rows]

    def add(self, draft: SchemeDraft) -> int:
        done = self._connection.execute(insert(scheme).values(**_values(draft)).returning(scheme.c.id))
        return int(done.scalar_one())

    def change(self, scheme_id: int, seen: int, draft: SchemeDraft) -> bool:
        values = _values(draft)
        moved = scheme.c.postcode.is_distinct_from(values["postcode"])
        done = self._connection.execute(
            update(scheme)
            .where(scheme.c.id == scheme_id, scheme.c.revision == seen)
            .values(
                **values, revision=scheme.c.revision + 1,
                # A place that was set by hand belonged to the postcode before.
                lat=case((moved, None), else_=scheme.c.lat), lon=case((moved, None), else_=scheme.c.lon),
            )
        )  # fmt: skip
        return done.rowcount == 1

    def touch(self, scheme_id: int, seen: int) -> bool:
        done = self._connection.execute(
            update(scheme)
            .where(scheme.c.id == scheme_id, scheme.c.revision == seen)
            .values(revision=scheme.c.revision + 1)
        )
        return done.rowcount == 1

    def set_needs(self, scheme_id: int, needs: Sequence[SchemeNeed]) -> None:
        self._connection.execute(delete(scheme_need).where(scheme_need.c.scheme_id == scheme_id))
        if needs:
            self._connection.execute(insert(scheme_need), [{"scheme_id": scheme_id, **asdict(need)} for need in needs])

    def remove(self, scheme_id: int) -> None:
        self._connection.execute(delete(scheme).where(scheme.c.id == scheme_id))

    def add_flat(self, scheme_id: int, draft: FlatDraft) -> ApartmentId:
        values = _flat_values(draft) | {"leased": _days(draft.lease_start, None), "scheme_id": scheme_id}
        done = self._connection.execute(insert(apartment).values(**values).returning(apartment.c.id))
        return ApartmentId(done.scalar_one())

    def change_flat(self, flat: ApartmentId, seen: int, draft: FlatDraft) -> bool:
        leased = _days(draft.lease_start, func.upper(apartment.c.leased))
        return self._set(flat, seen, _flat_values(draft) | {"leased": leased})

    def lease(self, flat: ApartmentId, seen: int, end: date | None) -> bool:
        return self._set(flat, seen, {"leased": _days(func.lower(apartment.c.leased), end)})

    def remove_flat(self, flat: ApartmentId) -> None:
        self._connection.execute(delete(apartment).where(apartment.c.id == flat))

    def past(self, flat: ApartmentId, start: date, end: date | None) -> list[PastLease]:
        rows = self._connection.execute(text(_PAST), {"flat": flat, "start": start, "end": end})
        return [PastLease(r.what, listed(r.surname, r.given), r.start, r.last, r.hidden) for r in rows]

    def scheme_of(self, flat: ApartmentId) -> int:
        found = self._connection.execute(select(apartment.c.scheme_id).where(apartment.c.id == flat)).scalar()
        if found is None:
            raise NotFound("schemes", str(flat))
        return int(found)

    def today(self) -> date:
        day: date = self._connection.execute(text("select (now() at time zone 'Europe/London')::date")).scalar_one()
        return day

    def _set(self, flat: ApartmentId, seen: int, values: Mapping[str, Any]) -> bool:
        a = apartment
        done = self._connection.execute(
            update(a).where(a.c.id == flat, a.c.revision == seen).values(**values, revision=a.c.revision + 1)
        )
        return done.rowcount == 1


def _values(draft: SchemeDraft) -> dict[str, Any]:
    return asdict(draft) | {"postcode": draft.postcode or None}


def _flat_values(draft: FlatDraft) -> dict[str, Any]:
    values = asdict(draft)
    del values["lease_start"]
    return values


def _days(start: Any, end: Any) -> Any:
    return func.daterange(start, end, type_=DATERANGE)


def _scheme(r: Row[Any]) -> Scheme:
    return Scheme(
        r.id, r.name, r.kind, r.locality, r.neighbourhood_id, r.neighbourhood, r.address, r.postcode, r.least_age,
        r.staff_on_site, r.staff_hours, r.local_connection, r.notes, r.revision,
        None if r.lat is None else (r.lat, r.lon),
        tuple(SchemeNeed(n["need"], n["can"], n["note"]) for n in r.needs), tuple(_flat(f) for f in r.flats),
    )  # fmt: skip


def _flat(f: Mapping[str, Any]) -> Flat:
    end = f["lease_end"]
    return Flat(
        ApartmentId(f["id"]), f["name"], f["bedrooms"], f["step_free"], f["hoist"], f["pets"], f["furnished"],
        date.fromisoformat(f["lease_start"]), None if end is None else date.fromisoformat(end), f["notes"],
        f["revision"], f["taken"], f["paused"],
    )  # fmt: skip
