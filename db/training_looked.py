"""Who has looked at whom in the training city (R4): a month of looks that have a reason, and a few that have none.

Put in by the owner, whose rows of the trail name those who would have written them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

# Looks by those who had to do with a person: a visit by their team, a referral that they hold, a plan that they lead.
_WITH_REASON = """
insert into audit.entry (at, actor, role, action, area, record, person_id, columns)
select l.at, a.user_name, a.role, l.action, l.area, l.record::text, l.person_id,
       array_remove(array['sharing:' || p.sharing_level, 'team:' || a.team_id,
                          'place:' || coalesce(a.locality, t.locality), 'why:' || l.why, l.form], null)
from (
  select v.person_id, a.user_name, 'view' as action, 'visit' as area, v.id as record, 'visit' as why, null as form,
         lower(v.arrive) - interval '10 minutes' * (1 + abs(hashtext(v.id::text)) % 9) as at
  from visit v join user_account a on a.team_id = v.team_id and a.role = 'team_lead'
  where v.day between cast(:now as date) - 28 and cast(:now as date) and abs(hashtext(v.id::text)) % 9 = 0
  union all
  select r.person_id, r.claimed_by, 'view', 'person', r.person_id, 'mine', null,
         least(r.claimed_at + interval '4 minutes', :now)
  from referral r where r.claimed_by is not null and r.person_id is not null and r.state in ('claimed', 'accepted')
    and r.claimed_at > cast(:now as timestamptz) - interval '40 days'
  union all
  select c.person_id, c.lead_worker, a.action, a.area, c.id, 'lead', a.form,
         date_trunc('day', cast(:now as timestamptz), 'Europe/London')
           - interval '1 day' * (1 + abs(hashtext(c.id::text || a.action)) % 25)
           + interval '8 hours' + interval '1 minute' * (abs(hashtext(c.id::text || 'm')) % 540)
  from care_plan c
  cross join (values ('view', 'care_plan', null), ('print', 'care_plan', 'form:paper')) a(action, area, form)
  where c.state <> 'ended' and c.lead_worker is not null and (a.action = 'view' or abs(hashtext(c.id::text)) % 4 = 0)
) l
join user_account a on a.user_name = l.user_name
left join team t on t.id = a.team_id
join person p on p.id = l.person_id
where l.at <= :now and a.training
order by l.at
"""
# Looks that nothing explains: a few here and there, and one colleague who looks up those who bear their own surname.
_WITHOUT = """
insert into audit.entry (at, actor, role, action, area, record, person_id, columns)
select l.at, a.user_name, a.role, 'view', 'person', l.id::text, l.id,
       array_remove(array['sharing:' || l.sharing_level, 'team:' || a.team_id, 'place:' || a.locality], null)
from user_account a join (
  (select 'samina.nursing' as user_name, p.id, p.sharing_level from person p
   where p.surname_key = fold('Akhtar') and p.merged_into is null order by p.id limit 5)
  union all
  (select 'kwame.placement', p.id, p.sharing_level from person p where p.merged_into is null order by p.id limit 6)
) p on p.user_name = a.user_name
cross join lateral (select p.id, p.sharing_level, date_trunc('day', cast(:now as timestamptz), 'Europe/London')
  - interval '1 day' * (1 + abs(hashtext(p.id::text)) % 20) + interval '9 hours'
  + interval '1 minute' * (abs(hashtext(p.id::text || 'm')) % 420) as at) l
where a.training
order by 1
"""


def finish(connection: Connection, moment: datetime) -> int:
    """How many entries were put in."""
    return sum(connection.execute(text(query), {"now": moment}).rowcount for query in (_WITH_REASON, _WITHOUT))
