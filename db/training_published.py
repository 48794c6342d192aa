"""What the leads of the training city told their workers this morning, and a little that has changed since."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

# Each team's day as its board stands, published by a lead of its service; a team without one by any lead.
_DAYS = text(
    "insert into published_day (id, team_id, day, version, published_by, published_at, unplaced)"
    " select uuidv7(), t.id, d.day, 1, l.user_name, least(:now, d.day::timestamp at time zone 'Europe/London'"
    "   + interval '7 hours 12 minutes'),"
    "   (select count(*) from visit v where v.team_id = t.id and v.day = d.day and v.state = 'planned'"
    "    and (select count(*) from allocation a where a.visit_id = v.id) < v.workers_needed)"
    " from team t cross join (select (:now at time zone 'Europe/London')::date as day) d"
    " cross join lateral (select user_name from user_account u where u.role = 'team_lead' and u.active"
    "   order by u.team_id is not distinct from t.id desc, u.user_name limit 1) l"
    " where exists (select 1 from visit v join allocation a on a.visit_id = v.id"
    "   where v.team_id = t.id and v.day = d.day)"
)
# Of every team two of the later visits were a quarter of an hour earlier, one was somebody else's, one is new.
_ROWS = text(
    "with told as (select p.id as published, a.visit_id, a.worker_id, a.slot, a.period, v.workers_needed,"
    "   row_number() over (partition by p.id order by lower(a.period) desc, a.id) as nth"
    "   from published_day p join visit v on v.team_id = p.team_id and v.day = p.day"
    "   and v.state not in ('cancelled', 'moved')"
    "   join allocation a on a.visit_id = v.id),"
    " other as (select t.published, t.visit_id, (select o.worker_id from told o where o.published = t.published"
    "   and o.worker_id <> t.worker_id order by o.nth limit 1) as worker_id from told t"
    "   where t.nth = 5 and t.workers_needed = 1)"
    " insert into published_visit (published_id, visit_id, worker_id, slot, period)"
    " select t.published, t.visit_id, coalesce(o.worker_id, t.worker_id), t.slot,"
    "   case when t.nth in (3, 7) and t.workers_needed = 1 then tstzrange(lower(t.period) - interval '15 minutes',"
    "     upper(t.period) - interval '15 minutes') else t.period end"
    " from told t left join other o on o.published = t.published and o.visit_id = t.visit_id"
    " where not (t.nth = 9 and t.workers_needed = 1)"
)


def finish(connection: Connection, moment: datetime) -> int:
    """Publish today for every team that visits; gives the number of rows. On the owner's connection."""
    connection.execute(_DAYS, {"now": moment})
    return connection.execute(_ROWS).rowcount
