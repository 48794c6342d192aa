"""Referrals for apartments as rows: with what is needed, where people live, and the way back of those declined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, case, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from coordination.apartments.declines import DeclineFact
from coordination.apartments.referrals_model import LIST, Declined, Home, Override, Request, RequestDraft, Waiting
from coordination.errors import NotFound
from coordination.values import DateRange, PersonId, ReferralId, StayId, UserName
from db.tables.governance import user_account
from db.tables.schemes import apartment_decline, apartment_request, stay_override

_REQUEST = """
  q.referral_id as q_referral, q.list, q.reason, q.step_free, q.hoist, q.pets, q.bedrooms, q.wanted_locality,
  q.wanted_scheme, q.needs, q.answers, q.recorded_at, q.revision as q_revision,
  coalesce(qu.display_name, q.recorded_by, '') as recorded_by_name
"""
_WAITING = f"""
select r.id, r.number, r.person_id, p.surname, p.given, p.birth_date, r.locality, r.need, r.urgency, r.due_at, r.state,
  r.claimed_by, r.revision, r.received_at, coalesce(u.display_name, r.claimed_by, '') as holder_name,
  n.id as lives_in, coalesce(n.name, '') as lives_in_name, n.locality as lives_near,
  coalesce(pc.lat, w.lat) as lat, coalesce(pc.lon, w.lon) as lon, {_REQUEST}
from referral r
join person p on p.id = r.person_id
left join ward w on w.code = p.ward_code
left join neighbourhood n on n.id = w.neighbourhood_id
left join postcode pc on pc.postcode = p.postcode
left join user_account u on u.user_name = r.claimed_by
left join apartment_request q on q.referral_id = r.id
left join user_account qu on qu.user_name = q.recorded_by
where r.service = 'neighbourhood_apartment' and r.state in ('waiting', 'claimed', 'accepted')
  and not exists (select 1 from stay s where s.referral_id = r.id and s.state <> 'cancelled')
order by r.due_at, r.id
limit :limit
"""  # noqa: S608
_ONE_REQUEST = f"""
select {_REQUEST} from apartment_request q left join user_account qu on qu.user_name = q.recorded_by
where q.referral_id = :referral
"""  # noqa: S608
_DECLINED = """
select d.id, d.revision, r.id as referral_id, r.revision as referral_revision, r.number, r.person_id,
  p.surname, p.given, r.locality, r.need, coalesce(q.reason, '') as purpose, r.state_reason as reason,
  r.claimed_by as next_owner,
  coalesce(u.display_name, r.claimed_by, '') as next_owner_name, d.next_step, d.look_again_on, d.declined_at, d.code,
  coalesce(b.display_name, d.declined_by) as declined_by_name,
  (select count(*) from apartment_decline e where e.referral_id = r.id) as times
from referral r
join person p on p.id = r.person_id
join apartment_decline d on d.referral_id = r.id and d.reopened_at is null
left join apartment_request q on q.referral_id = r.id
left join user_account u on u.user_name = r.claimed_by
left join user_account b on b.user_name = d.declined_by
where r.service = 'neighbourhood_apartment' and r.state = 'declined' {only}
order by d.look_again_on, d.declined_at
limit :limit
"""
_DECLINES = """
select d.referral_id, r.person_id, p.surname, p.given, r.locality, d.code,
  (d.declined_at at time zone 'Europe/London')::date as declined_on,
  (d.reopened_at at time zone 'Europe/London')::date as again_on
from apartment_decline d join referral r on r.id = d.referral_id join person p on p.id = r.person_id
where (d.declined_at at time zone 'Europe/London')::date >= :start
  and (d.declined_at at time zone 'Europe/London')::date < :end
  and (cast(:locality as text) is null or r.locality = :locality)
order by d.declined_at, d.id
"""
_OVERRIDE = """
insert into stay_override (stay_id, scheme_id, criterion, reason)
select :stay, u.scheme_id, u.criterion, :reason from unmet_here(:stay) u where u.criterion = :criterion
on conflict do nothing
"""


class PgPlacementStore:
    """See coordination.apartments.referrals_store.PlacementStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def waiting(self, limit: int) -> list[Waiting]:
        return [_waiting(row) for row in self._connection.execute(text(_WAITING), {"limit": limit})]

    def request(self, referral: ReferralId) -> Request | None:
        row = self._connection.execute(text(_ONE_REQUEST), {"referral": referral}).one_or_none()
        return None if row is None else _request(row)

    def record(self, draft: RequestDraft, list_: str, seen: int) -> bool:
        q = apartment_request
        values = {
            "list": list_, "reason": draft.reason, "step_free": draft.step_free, "hoist": draft.hoist,
            "pets": draft.pets, "bedrooms": draft.bedrooms, "wanted_locality": draft.wanted_locality,
            "wanted_scheme": draft.wanted_scheme, "needs": sorted(draft.needs), "answers": dict(draft.answers),
        }  # fmt: skip
        if seen == 0:
            new = upsert(q).values(referral_id=draft.referral_id, **values)
            made = new.on_conflict_do_nothing(index_elements=["referral_id"]).returning(q.c.referral_id)
            return self._connection.execute(made).first() is not None
        done = self._connection.execute(
            update(q)
            .where(q.c.referral_id == draft.referral_id, q.c.revision == seen)
            .values(**values, revision=q.c.revision + 1)
        )
        return done.rowcount == 1

    def declined(self, limit: int) -> list[Declined]:
        query = text(_DECLINED.format(only=""))
        return [_declined(row) for row in self._connection.execute(query, {"limit": limit})]

    def declined_one(self, referral: ReferralId) -> Declined:
        query = text(_DECLINED.format(only="and r.id = :referral"))
        row = self._connection.execute(query, {"limit": 1, "referral": referral}).one_or_none()
        if row is None:
            raise NotFound("placements", str(referral))
        return _declined(row)

    def set_way_back(self, decline: UUID, seen: int, next_step: str, look_again_on: date, code: str) -> bool:
        d = apartment_decline
        of_list = case((d.c.code == code, d.c.list), else_=LIST)
        done = self._connection.execute(
            update(d)
            .where(d.c.id == decline, d.c.revision == seen, d.c.reopened_at.is_(None))
            .values(
                next_step=next_step, look_again_on=look_again_on, code=code, list=of_list, revision=d.c.revision + 1
            )
        )
        return done.rowcount == 1

    def declines(self, days: DateRange, locality: str | None) -> list[DeclineFact]:
        values = {"start": days.start, "end": days.end, "locality": locality}
        return [
            DeclineFact(
                ReferralId(r.referral_id), PersonId(r.person_id), r.surname, r.given, r.locality, r.code or "",
                r.declined_on, r.again_on,
            )
            for r in self._connection.execute(text(_DECLINES), values)
        ]  # fmt: skip

    def override(self, stay_id: StayId, reasons: Mapping[str, str]) -> None:
        for criterion, reason in reasons.items():
            values = {"stay": stay_id, "criterion": criterion, "reason": reason}
            self._connection.execute(text(_OVERRIDE), values)

    def overrides(self, stays: Sequence[StayId]) -> list[Override]:
        o = stay_override
        query = (
            select(o, func.coalesce(user_account.c.display_name, o.c.by_user).label("by_name"))
            .outerjoin(user_account, user_account.c.user_name == o.c.by_user)
            .where(o.c.stay_id.in_(stays))
            .order_by(o.c.at, o.c.criterion)
        )
        return [
            Override(StayId(r.stay_id), r.scheme_id, r.criterion, r.reason, r.by_name, r.at)
            for r in self._connection.execute(query)
        ]

    def today(self) -> date:
        day: date = self._connection.execute(text("select (now() at time zone 'Europe/London')::date")).scalar_one()
        return day


def _waiting(r: Row[Any]) -> Waiting:
    home = Home(r.lives_in, r.lives_in_name, r.lives_near, None if r.lat is None else (r.lat, r.lon))
    return Waiting(
        ReferralId(r.id), r.number, PersonId(r.person_id), r.surname, r.given, r.birth_date, r.locality, r.need,
        r.urgency, r.due_at, r.state, r.claimed_by, r.revision, r.received_at, r.holder_name, home,
        None if r.q_referral is None else _request(r),
    )  # fmt: skip


def _request(r: Row[Any]) -> Request:
    return Request(
        ReferralId(r.q_referral), r.reason, r.step_free, r.hoist, r.pets, r.bedrooms, r.wanted_locality,
        r.wanted_scheme, frozenset(r.needs), dict(r.answers), r.list, r.recorded_by_name, r.recorded_at, r.q_revision,
    )  # fmt: skip


def _declined(r: Row[Any]) -> Declined:
    return Declined(
        r.id, r.revision, ReferralId(r.referral_id), r.referral_revision, r.number, PersonId(r.person_id), r.surname,
        r.given, r.locality, r.need, r.purpose, r.reason,
        None if r.next_owner is None else UserName(r.next_owner), r.next_owner_name, r.next_step, r.look_again_on,
        r.declined_at, r.declined_by_name, r.times, r.code or "",
    )  # fmt: skip
