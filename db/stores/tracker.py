"""The tracker of stays: people in apartments with what is to be done for them; what stays amounted to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, func, select, text, true, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql import insert as upsert

from coordination.apartments.measures import Happened, NotAccepting, StayFact, Wait
from coordination.apartments.tracker_model import MoveOnTask, TrackerRow
from coordination.errors import NotFound
from coordination.names import listed
from coordination.values import DateRange, PersonId, StayId, UserName
from db.stores.apartments import PgApartmentStore
from db.tables.apartments import apartment, move_on_task, scheme, stay
from db.tables.governance import user_account
from db.tables.people import person
from db.tables.reference import setting

_FAR = date(9999, 12, 31)


class PgTrackerStore:
    """See coordination.apartments.tracker_store.TrackerStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, locality: str | None) -> list[TrackerRow]:
        tasks = _tasks_of_stay()
        later = stay.alias("later")
        following = (
            select(func.min(func.lower(later.c.period)))
            .where(later.c.apartment_id == stay.c.apartment_id, later.c.state == "booked", later.c.id != stay.c.id,
                   later.c.kind == "stay")
            .scalar_subquery()
        )  # fmt: skip
        query = (
            select(
                stay, person.c.surname, person.c.given, person.c.title, apartment.c.name.label("flat"),
                scheme.c.name.label("scheme"), scheme.c.locality, following.label("next_booking"), tasks.c.tasks,
                func.stay_began(stay.c.id).label("began"),
                func.coalesce(user_account.c.display_name, stay.c.booked_by).label("booked_by_name"),
            )
            .join(person, person.c.id == stay.c.person_id)
            .join(apartment, apartment.c.id == stay.c.apartment_id)
            .join(scheme, scheme.c.id == apartment.c.scheme_id)
            .outerjoin(user_account, user_account.c.user_name == stay.c.booked_by)
            .outerjoin(tasks, true())
            .where(stay.c.kind == "stay", stay.c.state == "in_stay")
        )  # fmt: skip
        if locality is not None:
            query = query.where(scheme.c.locality == locality)
        return [_row(row) for row in self._connection.execute(query)]

    def task(self, task: UUID) -> MoveOnTask:
        row = self._connection.execute(_tasks().where(move_on_task.c.id == task)).one_or_none()
        if row is None:
            raise NotFound("apartments", str(task))
        return _task(row._asdict())

    def add_task(self, key: UUID, stay_id: StayId, words: str, due_on: date, owner: UserName | None) -> None:
        row = {"id": key, "stay_id": stay_id, "words": words, "due_on": due_on, "owner": owner}
        self._connection.execute(upsert(move_on_task).values(row).on_conflict_do_nothing(index_elements=["id"]))

    def change_task(self, task: UUID, seen: int, changes: Mapping[str, object]) -> bool:
        t = move_on_task
        done = self._connection.execute(
            update(t).where(t.c.id == task, t.c.revision == seen).values(**changes, revision=t.c.revision + 1)
        )
        return done.rowcount == 1

    def owners(self) -> list[tuple[UserName, str]]:
        u = user_account.c
        roles = ("placement_coordinator", "care_coordinator", "team_lead", "trusted_assessor")
        query = select(u.user_name, u.display_name).where(u.active, u.role.in_(roles)).order_by(u.display_name)
        return [(UserName(row.user_name), row.display_name) for row in self._connection.execute(query)]

    def hold_days(self) -> int:
        value = select(setting.c.value).where(setting.c.name == "apartment.hold_days")
        return int(self._connection.execute(value).scalar_one())

    def today(self) -> date:
        return PgApartmentStore(self._connection).today()

    def facts(self, days: DateRange, locality: str | None) -> Happened:
        values = {"start": days.start, "end": days.end, "locality": locality}
        waits = self._connection.execute(text(_WAITS), values)
        pauses = self._connection.execute(text(_PAUSES), values)
        return Happened(
            tuple(_fact(row) for row in self._connection.execute(text(_FACTS), values)),
            tuple(NotAccepting(r.scheme, r.flat, r.start, r.end) for r in pauses),
            tuple(Wait(r.locality, r.start, r.end) for r in waits),
        )


# Who has not left is still there, whatever their last day was to be.
_FACTS = """
with it as (
  select s.id, s.apartment_id, s.kind, s.state, s.person_id, s.instead_of, s.went_to, s.away_since, s.hold_until,
    lower(s.period) as first_day,
    case when s.state = 'in_stay' then greatest(upper(s.period), (now() at time zone 'Europe/London')::date + 1)
         else upper(s.period) end as end_day,
    stay_began(s.id) as began,
    exists (select 1 from stay l where l.continues = s.id and l.state <> 'cancelled') as goes_on,
    (select count(*) from stay_override o where o.stay_id = s.id) as overrides
  from stay s where s.state <> 'cancelled' and (s.period && daterange(:start, :end) or s.state = 'in_stay')
  union all
  select h.id, h.apartment_id, 'stay',
    case when upper(h.period) <= d.today then 'ended' when lower(h.period) <= d.today then 'in_stay' else 'booked' end,
    null, '', null, null, null, lower(h.period), upper(h.period), null, false, 0
  from hidden_stays(daterange(:start, :end)) h
  cross join (select (now() at time zone 'Europe/London')::date as today) d)
select a.name as flat, c.name as scheme, c.locality, lower(a.leased) as lease_start, upper(a.leased) as lease_end,
  it.*, w.counts_as, p.surname, p.given
from apartment a join scheme c on c.id = a.scheme_id
left join it on it.apartment_id = a.id
left join went_to w on w.code = it.went_to
left join person p on p.id = it.person_id
where cast(:locality as text) is null or c.locality = :locality
order by c.name, a.name, it.first_day
"""
_PAUSES = """
select c.name as scheme, a.name as flat, lower(p.period) as start,
  case when p.state = 'lifted' then least(upper(p.period), p.lifted_on) else upper(p.period) end as "end"
from apartment_pause p join apartment a on a.id = p.apartment_id join scheme c on c.id = a.scheme_id
where p.period && daterange(:start, :end) and (p.state = 'on' or p.lifted_on > lower(p.period))
"""
# A referral waits from the day it came until something is booked for it, or it is declined or closed.
_WAITS = """
select r.locality, (r.received_at at time zone 'Europe/London')::date as start,
  (least(r.closed_at, (select min(s.booked_at) from stay s where s.referral_id = r.id and s.state <> 'cancelled'))
   at time zone 'Europe/London')::date as "end"
from referral r
where r.service = 'neighbourhood_apartment' and r.received_at < cast(:end as date) + 1
  and (r.closed_at is null or r.closed_at >= cast(:start as date))
"""


def _tasks() -> Select[Any]:
    owner, done = user_account.alias("owner_account"), user_account.alias("done_account")
    t = move_on_task
    return (
        select(
            t,
            func.coalesce(owner.c.display_name, "").label("owner_name"),
            func.coalesce(done.c.display_name, t.c.done_by, "").label("done_by_name"),
        )
        .select_from(t)
        .outerjoin(owner, owner.c.user_name == t.c.owner)
        .outerjoin(done, done.c.user_name == t.c.done_by)
    )


def _tasks_of_stay() -> Any:
    """All tasks of a stay as one array, so that the list is one query."""
    own = _tasks().where(move_on_task.c.stay_id == stay.c.id).correlate(stay).subquery("own")
    return select(func.jsonb_agg(own.table_valued()).label("tasks")).select_from(own).lateral("tasks")


def _row(r: Row[Any]) -> TrackerRow:
    return TrackerRow(
        StayId(r.id), r.revision, PersonId(r.person_id), r.surname, r.given, r.title, f"{r.scheme} · {r.flat}",
        r.scheme, r.locality, _days(r.period), r.purpose, r.past_six_weeks_reason, r.away_since, r.hold_until,
        r.next_booking, r.booked_by_name, tuple(_task(each) for each in r.tasks or ()),
        r.began,
    )  # fmt: skip


def _task(r: Mapping[str, Any]) -> MoveOnTask:
    due, done = r["due_on"], r["done_at"]
    return MoveOnTask(
        UUID(str(r["id"])), StayId(UUID(str(r["stay_id"]))), r["step"], r["words"],
        date.fromisoformat(due) if isinstance(due, str) else due,
        None if r["owner"] is None else UserName(r["owner"]), r["owner_name"], r["blocked_by"], r["state"], r["note"],
        datetime.fromisoformat(done) if isinstance(done, str) else done, r["done_by_name"], r["revision"],
    )  # fmt: skip


def _fact(r: Any) -> StayFact:
    leased = DateRange(r.lease_start, r.lease_end or _FAR)
    if r.id is None:
        return StayFact(r.flat, r.scheme, r.locality, leased)
    return StayFact(
        r.flat, r.scheme, r.locality, leased, StayId(r.id), r.kind, r.state, DateRange(r.first_day, r.end_day),
        listed(r.surname or "", r.given or ""), r.instead_of, r.went_to or "", r.counts_as or "", r.away_since,
        r.hold_until, r.began, r.goes_on, r.overrides,
    )  # fmt: skip


def _days(period: Range[date]) -> DateRange:
    assert period.lower is not None and period.upper is not None  # the table allows no open ends
    return DateRange(period.lower, period.upper)
