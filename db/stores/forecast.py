"""What a forecast adds up: visits by the hour, shifts, and reablement that ends. Three queries, whatever the size."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, timedelta
from typing import Any

from sqlalchemy import Connection, text

from coordination.clock import at_local, local_date
from coordination.deployment.forecast_model import (
    Demand,
    Ending,
    ForecastTeam,
    Place,
    Read,
    Rostered,
    VisitRow,
    Waiting,
)
from coordination.deployment.model import PersonBrief
from coordination.values import PersonId, TeamId, VisitId, Window, WorkerId

_TEAMS = """array(select t.id from team t where t.service = :service
                  and (:locality = '' or t.locality = :locality or t.locality is null))"""

_HEAD = text(f"""
  select
    (select coalesce(jsonb_agg(jsonb_build_array(t.id, t.name, t.locality) order by t.name), '[]') from team t
     where t.id = any ({_TEAMS})) as teams,
    (select jsonb_agg(jsonb_build_array(n.id, n.name, n.locality) order by n.id) from neighbourhood n) as places,
    (select coalesce(jsonb_agg(jsonb_build_array(e.team_id, e.neighbourhood_id, e.planned_end, e.episodes, e.minutes)
                               order by e.planned_end), '[]')
     from reablement_endings({_TEAMS}, cast(:until as date)) e) as endings,
    (select s.value from setting s where s.name = 'forecast.travel') as travel,
    (select coalesce(jsonb_agg(jsonb_build_array(r.neighbourhood_id, r.referrals) order by r.neighbourhood_id), '[]')
     from referrals_waiting(:service, :locality) r) as waiting,
    (select (s.value ->> :service)::int from setting s where s.name = 'forecast.waiting') as minutes_waiting,
    now() as as_of""")  # noqa: S608

_DEMAND = text(f"select * from visit_demand({_TEAMS}, cast(:first as date), :days)")  # noqa: S608

_SHIFTS = text(f"""
  select w.id, w.name, w.team_id, w.travel, w.neighbourhoods, w.most_minutes, s.kind, s.period
  from worker w join shift s on s.worker_id = w.id
  where w.active and w.team_id = any ({_TEAMS}) and s.period && tstzrange(:starts, :ends)
  order by w.id, lower(s.period)""")  # noqa: S608

_VISITS = text(f"""
  select v.id, v.team_id, v.need, p.surname, p.given, p.title, p.id as person_id, w.name as worker,
         coalesce(lower(a.period), lower(v.arrive)) as starts, v.minutes
  from visit v join person p on p.id = v.person_id join team t on t.id = v.team_id
  left join ward d on d.code = p.ward_code
  cross join (values (1), (2)) s(slot)
  left join allocation a on a.visit_id = v.id and a.slot = s.slot
  left join worker w on w.id = a.worker_id
  left join reablement_episode e on e.person_id = v.person_id and e.ended_on is null
    and e.planned_end > (now() at time zone 'Europe/London')::date
  where v.team_id = any ({_TEAMS}) and v.day between cast(:before as date) and cast(:day as date)
    and v.state not in ('cancelled', 'moved', 'declined') and s.slot <= v.workers_needed
    and d.neighbourhood_id is not distinct from cast(:place as smallint)
    and not (e.id is not null and v.day >= e.planned_end and t.service like '%reablement')
    and coalesce(lower(a.period), lower(v.arrive)) < :ends
    and coalesce(lower(a.period), lower(v.arrive)) + v.minutes * interval '1 minute' > :starts
  order by starts, p.surname, v.id, s.slot""")  # noqa: S608


class PgForecastStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, service: str, locality: str, first: date, days: int) -> Read:
        which = {"service": service, "locality": locality}
        last = first + timedelta(days=days)
        head = self._connection.execute(_HEAD, {**which, "until": last}).one()
        before = first - timedelta(days=1)
        demand = self._connection.execute(_DEMAND, {**which, "first": before, "days": days + 1})
        reach = {"starts": at_local(before, 0), "ends": at_local(last, 0)}
        shifts = self._connection.execute(_SHIFTS, {**which, **reach})
        return Read(
            tuple(ForecastTeam(TeamId(i), name, place) for i, name, place in head.teams),
            tuple(Place(i, name, place) for i, name, place in head.places or ()),
            tuple(Demand(TeamId(r[0]), r[1], *r[2:]) for r in demand),
            _rostered(shifts),
            tuple(Ending(TeamId(t), n, date.fromisoformat(day), many, m) for t, n, day, many, m in head.endings),
            {str(mode): int(share) for mode, share in (head.travel or {}).items()},
            tuple(Waiting(place, many, many * (head.minutes_waiting or 0)) for place, many in head.waiting),
            head.as_of,
        )

    def visits(self, service: str, locality: str, neighbourhood: int | None, reach: Window) -> list[VisitRow]:
        day = local_date(reach.start)
        given: dict[str, Any] = {
            "service": service, "locality": locality, "place": neighbourhood, "starts": reach.start, "ends": reach.end,
            "before": day - timedelta(days=1), "day": day,
        }  # fmt: skip
        return [_visit(r, reach) for r in self._connection.execute(_VISITS, given)]


def _visit(r: Any, reach: Window) -> VisitRow:
    window = Window.of(r.starts, r.minutes)
    within = min(window.end, reach.end) - max(window.start, reach.start)
    person = PersonBrief(PersonId(r.person_id), r.surname, r.given, r.title).listed
    minutes = int(within.total_seconds() // 60)
    return VisitRow(VisitId(r.id), TeamId(r.team_id), person, window, minutes, r.worker or "", r.need)


def _rostered(rows: Any) -> tuple[Rostered, ...]:
    about: dict[int, Any] = {}
    at_work: dict[int, list[Window]] = defaultdict(list)
    away: dict[int, list[Window]] = defaultdict(list)
    for r in rows:
        about[r.id] = r
        (at_work if r.kind == "work" else away)[r.id].append(
            Window(r.period.lower.astimezone(UTC), r.period.upper.astimezone(UTC))
        )
    return tuple(
        Rostered(
            WorkerId(key), r.name, TeamId(r.team_id), r.travel, tuple(sorted(r.neighbourhoods)), r.most_minutes,
            tuple(at_work[key]), tuple(away[key]),
        )
        for key, r in about.items()
    )  # fmt: skip
