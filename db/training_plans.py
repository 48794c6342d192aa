"""Plans of the training city: what triggers would have done, and what desks would have done since. By the owner."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from coordination.training.plans import GONE
from coordination.training.sources import source

# Somebody who has left: an account that is switched off, without a login.
_LEFT = """
insert into user_account (user_name, display_name, role, locality, active, training)
values (:gone, 'Olive Tomlinson', 'care_coordinator', 'north', false, true) on conflict (user_name) do nothing
"""
# A team lead who is on leave this week. Leads visit nobody, so no board has a row for them.
_AWAY = """
with away as (
  insert into worker (team_id, name, grade, user_name, lat, lon, active)
  select u.team_id, u.display_name, 'Team lead', u.user_name, 53.48, -2.24, false from user_account u
  where u.user_name = 'leanne.reablement' returning id)
insert into shift (worker_id, kind, period)
select a.id, 'leave',
       tstzrange(date_trunc('day', cast(:now as timestamptz)) - interval '2 days',
                 date_trunc('day', cast(:now as timestamptz)) + interval '6 days') from away a
"""
# A third of the active plans have been issued twice: their first version lacked the last action.
_FIRST = """
insert into plan_version (id, plan_id, number, issued_at, issued_by, content)
select uuidv7(), p.id, 1, p.activated_at, p.created_by,
       case when twice(p.id) then jsonb_set(c.content, '{actions}', (c.content -> 'actions') - -1) else c.content end
from care_plan p cross join lateral (select plan_content(p.id) as content offset 0) c where p.activated_at is not null
"""
_SECOND = """
insert into plan_version (id, plan_id, number, issued_at, issued_by, note, content)
select uuidv7(), p.id, 2, p.activated_at + (cast(:now as timestamptz) - p.activated_at) * 0.8, p.lead_worker,
       (cast(:notes as text[]))[1 + get_byte(uuid_send(p.id), 14) % cardinality(cast(:notes as text[]))],
       plan_content(p.id)
from care_plan p where p.activated_at is not null and p.state = 'active' and twice(p.id)
"""
_ACKNOWLEDGED = """
insert into plan_acknowledgement (version_id, team_id, plan_id, by_user, at)
select v.id, t.team_id, v.plan_id, u.user_name, least(v.issued_at + interval '3 hours', :now)
from plan_version v join plan_on_team t on t.plan_id = v.plan_id
join lateral (select a.user_name from user_account a where a.team_id = t.team_id and a.active
              order by a.user_name limit 1) u on true
where get_byte(uuid_send(v.plan_id), 15) % 10 < case v.number when 1 then 9 else 6 end
"""
_TWICE = """
create function pg_temp.twice(plan uuid) returns boolean language sql immutable
return get_byte(uuid_send(plan), 13) % 3 = 0
"""


def finish_plans(connection: Connection, now: datetime) -> None:
    """Versions, who acknowledged them, and lead workers who have left or are away."""
    given = {"now": now, "gone": GONE, "notes": source("plans")["version_note"]}
    connection.execute(text(_TWICE))
    for statement in (_LEFT, _AWAY, _FIRST, _SECOND, _ACKNOWLEDGED):
        used = {name: value for name, value in given.items() if f":{name}" in statement}
        connection.execute(text(statement.replace("twice(", "pg_temp.twice(")), used)
