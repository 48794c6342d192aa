"""Deliveries of the training city: what is put by gets its visit, most of them given to a driver (D6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, text

from coordination.clock import LONDON, at_local, local_date
from coordination.equipment.deliveries import Errands, minutes_of, need_of, rules, skills_of, thing_of
from coordination.equipment.model import OrderId
from coordination.values import PersonId

DAYS = 3  # today and two more
_SPACE = UUID("6f2d0c64-5d3e-4a50-9d0e-2f6c1f6b8e37")
_WAY, _LOADED = timedelta(minutes=20), timedelta(minutes=75)

_READY = """
select o.id, o.person_id, o.model, m.name, coalesce(i.serial, '') as serial, o.quantity, m.fitting, m.workers,
       m.deliver_minutes + m.fit_minutes as minutes
from equipment_order o join equipment_model m on m.code = o.model left join equipment_item i on i.id = o.item_id
join person p on p.id = o.person_id and p.sharing_level <> 'named_teams' and p.deceased_on is null
where o.state = 'reserved' and o.promised_from is null order by md5(o.person_id::text), o.id
"""
_WORKERS = """
select w.id, array(select s.skill from worker_skill s where s.worker_id = w.id
                   and (s.expires_on is null or s.expires_on > :last)) as skills,
       lower(f.period) as begins, upper(f.period) as ends
from worker w join shift f on f.worker_id = w.id and f.kind = 'work' and f.period && tstzrange(:first, :until)
where w.team_id = :team and not exists (
  select 1 from shift x where x.worker_id = w.id and x.kind <> 'work' and x.period && f.period)
order by lower(f.period), w.id
"""
_VISIT = """
insert into visit (id, person_id, team_id, day, arrive, minutes, workers_needed, need)
values (:id, :person, :team, :day, tstzrange(:opens, :closes), :minutes, :workers, :need)
"""
_ALLOCATION = """
insert into allocation (id, visit_id, worker_id, slot, period, allocated_by, allocated_at)
values (:id, :visit, :worker, :slot, tstzrange(:start, :end), :lead, :now)
"""


@dataclass(slots=True)
class _Driver:
    """One worker's day: free from when on, until when."""

    id: int
    skills: frozenset[str]
    free: datetime
    ends: datetime


def finish(connection: Connection, now: datetime) -> int:
    """After the orders are there; gives how many visits were made."""
    team = connection.execute(text("select id from team where service = 'equipment' order by id limit 1")).scalar()
    if team is None:
        return 0
    drivers = {day: list(_drivers(connection, team, day, now)) for day in _days(now)}
    lead = connection.execute(
        text("select user_name from user_account where team_id = :t order by user_name limit 1"), {"t": team}
    ).scalar()
    made = 0
    for number, errands in enumerate(_by_person(connection)):
        if number % 4 == 3:
            continue  # a time is still to be agreed
        day = list(drivers)[number % DAYS]
        made += _plan(connection, team, str(lead or "centre_owner"), day, drivers[day], errands, now, number % 6 != 5)
    return made


def _days(now: datetime) -> Iterator[date]:
    return (local_date(now) + timedelta(days=n) for n in range(DAYS))


def _drivers(connection: Connection, team: int, day: date, now: datetime) -> Iterator[_Driver]:
    said = {"team": team, "first": at_local(day, 5), "until": at_local(day, 20), "last": day}
    for r in connection.execute(text(_WORKERS), said):
        yield _Driver(r.id, frozenset(r.skills), max(r.begins + timedelta(minutes=15), now + _LOADED), r.ends)


def _by_person(connection: Connection) -> Iterator[list[Errands]]:
    people: dict[UUID, list[Errands]] = {}
    for r in connection.execute(text(_READY)):
        skills = skills_of(r.model, fitting=r.fitting, workers=r.workers)
        what = thing_of(r.name, r.serial, r.quantity)
        errand = Errands("bring", OrderId(r.id), PersonId(r.person_id), what, r.minutes, r.workers, skills, r.fitting)
        people.setdefault(r.person_id, []).append(errand)
    yield from people.values()


def _plan(
    connection: Connection, team: int, lead: str, day: date, drivers: Sequence[_Driver], errands: list[Errands],
    now: datetime, given: bool,
) -> int:  # fmt: skip
    """One visit with a window that it can be begun in; 0 where nobody has the time."""
    minutes, workers = minutes_of(errands), max(e.workers for e in errands)
    skills = {s for e in errands for s in e.skills}
    length = timedelta(minutes=minutes)
    able = sorted((d for d in drivers if d.skills >= skills and d.free + length <= d.ends), key=lambda d: d.free)
    going = able[:workers]
    if len(going) < workers:
        return 0
    start = _on_five(max(d.free for d in going))
    window = _window(day, start)
    if start + length > min(d.ends for d in going) or window is None or window[0] < now:
        return 0
    visit = uuid5(_SPACE, str(errands[0].key))
    row: dict[str, Any] = {
        "id": visit, "person": errands[0].person_id, "team": team, "day": day, "opens": window[0], "closes": window[1],
        "minutes": minutes, "workers": workers, "need": need_of(errands),
    }  # fmt: skip
    connection.execute(text(_VISIT), row)
    for skill in sorted(skills):
        connection.execute(text("insert into visit_skill values (:v, :s)"), {"v": visit, "s": skill})
    for slot, driver in enumerate(going, start=1):
        driver.free = start + length + _WAY
        if given:
            held = {"id": uuid5(visit, str(slot)), "visit": visit, "worker": driver.id, "slot": slot, "start": start,
                    "end": start + length, "lead": lead, "now": now}  # fmt: skip
            connection.execute(text(_ALLOCATION), held)
    for each in errands:
        agreed = {"id": each.key, "a": window[0], "b": window[1]}
        agree = "update equipment_order set state = 'slot_agreed', slot = tstzrange(:a, :b) where id = :id"
        connection.execute(text(agree), agreed)
        line = "insert into delivery (id, visit_id, errand, fits, order_id) values (:i, :v, 'bring', :f, :o)"
        said = {"i": uuid5(visit, str(each.key)), "v": visit, "f": each.fits, "o": each.key}
        connection.execute(text(line), said)
    return 1


def _on_five(moment: datetime) -> datetime:
    late = (-moment.minute) % 5
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=late)


def _window(day: date, start: datetime) -> tuple[datetime, datetime] | None:
    """What was said on the telephone: the window in which it begins."""
    hour = start.astimezone(LONDON).hour
    for first, last in rules().windows:
        if first <= hour < last:
            return at_local(day, first), at_local(day, last)
    return None
