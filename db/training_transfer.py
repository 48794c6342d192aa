"""Transfers of the training city: people whom a ward said to be ready, some on their way, some gone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from coordination.transfer.model import LIST

# A number from 0 to 99 that follows from an id, so that the city is the same each time.
_DICE = """
create function pg_temp.dice(key uuid, salt text) returns int language sql immutable
return abs(('x' || substr(md5(key::text || salt), 1, 7))::bit(28)::int) % 100
"""

_TRANSFERS = """
insert into transfer (id, person_id, referral_id, hospital, ward, list, ready_at, expected_on, pathway, bed_reason,
                      state, left_at, destination, owner, begun_by, begun_at)
select distinct on (r.person_id)
  md5(r.id::text || 'transfer')::uuid, r.person_id, r.id, h.code, coalesce(c.details ->> 'ward', ''), :list, b.ready_at,
  case when pg_temp.dice(r.id, 'day') < 60 then (cast(:now as timestamptz) at time zone 'Europe/London')::date
       + pg_temp.dice(r.id, 'when') % 9 end,
  (array['P1', 'P1', 'P1', 'P0', 'P2'])[1 + pg_temp.dice(r.id, 'way') % 5],
  case when pg_temp.dice(r.id, 'way') % 5 = 4 then 'Needs two to move, and rehabilitation has just begun'
       else '' end,
  case when r.state in ('waiting', 'claimed', 'accepted') then 'in_hospital' else 'left' end,
  case when r.state in ('waiting', 'claimed', 'accepted') then null
       else least(b.ready_at + make_interval(hours => 5 + pg_temp.dice(r.id, 'left')), :now) end,
  case when r.state not in ('waiting', 'claimed', 'accepted') then (
    select d.code from discharge_destination d where d.list = :list and d.pathway = 'P1'
    order by d.position limit 1) end,
  r.claimed_by, 'nadia.coordinator', b.ready_at
from referral r join contact c on c.id = r.contact_id
join hospital h on h.name = c.details ->> 'site' or h.code = c.details ->> 'site'
cross join lateral (select case when r.state in ('waiting', 'claimed', 'accepted') then r.moft_at
                           else least(r.moft_at, r.received_at + interval '6 hours') end as ready_at) b
where r.moft_at is not null and r.moft_at < cast(:now as timestamptz)
  and (r.state not in ('waiting', 'claimed', 'accepted') or pg_temp.dice(r.id, 'on') < 70)
order by r.person_id, r.moft_at desc
"""

# Of most it is known since when they have been in hospital: the ward's notice says it, or somebody asked.
_ADMITTED = """
update transfer t set admitted_on = least((t.ready_at at time zone 'Europe/London')::date, coalesce(
  (select max(n.admitted_at at time zone 'Europe/London')::date from hospital_notice n
   where n.referral_id = t.referral_id),
  (t.ready_at at time zone 'Europe/London')::date - 1 - pg_temp.dice(t.id, 'in') % 26))
where pg_temp.dice(t.id, 'admitted') < 92
"""

_LIGHTS = """
insert into transfer_light (transfer_id, kind, state, note, said_by, said_at)
select t.id, k.kind, case when k.dice < 55 then 'done' when k.dice < 65 then 'not_needed' else 'to_do' end, '',
       'nadia.coordinator', least(t.ready_at + interval '2 hours', cast(:now as timestamptz))
from transfer t cross join lateral (
  select kind, pg_temp.dice(t.id, kind) as dice
  from unnest(array['equipment', 'medicines', 'keys', 'transport', 'carer']) kind) k
where k.dice < 70 or t.state = 'left'
"""

_DELAYS = """
insert into transfer_delay (id, transfer_id, list, reason, nights, recorded_by, recorded_at)
select md5(t.id::text || 'delay')::uuid, t.id, t.list, d.code, daterange(t.from_day, t.to_day), 'nadia.coordinator',
       least(t.ready_at + interval '3 hours', cast(:now as timestamptz))
from (select x.*, (x.ready_at at time zone 'Europe/London')::date as from_day,
             (x.left_at at time zone 'Europe/London')::date as to_day,
             pg_temp.dice(x.id, 'why') as dice from transfer x) t
join lateral (select code from delay_reason where list = t.list order by position offset t.dice % 15 limit 1) d on true
where (t.to_day is null or t.to_day > t.from_day) and t.dice % 4 > 0
"""


# T4: who is in reablement or intermediate care after hospital, some of them past their planned end.
_RECOVERY = """
update transfer t
set recovery = case when k.dice < 65 then 'reablement' else 'intermediate_care' end, recovery_until = k.until,
    recovery_ended_on = case when k.until <= k.today and k.dice % 25 > 0 then greatest(k.until, k.gone) end
from (select id, pg_temp.dice(id, 'care') as dice, (left_at at time zone 'Europe/London')::date as gone,
             (left_at at time zone 'Europe/London')::date + 21 + pg_temp.dice(id, 'long') % 22 as until,
             (cast(:now as timestamptz) at time zone 'Europe/London')::date as today
      from transfer where state = 'left') k
where k.id = t.id and k.dice < 90
"""

_CHOSEN = """
update transfer set recovery = case when pg_temp.dice(id, 'care') < 65 then 'reablement' else 'intermediate_care' end
where state = 'in_hospital' and pathway = 'P1' and pg_temp.dice(id, 'said') < 70
"""

# Who still meets the criteria to reside, and who was said this morning or yesterday not to.
_MEETS = """
insert into reside_said (id, person_id, hospital, ward, verdict, list, reason, told_by, said_by, said_at)
select md5(r.id::text || 'reside')::uuid, r.person_id, h.code, 'AMU', 'meets', why.list,
       why.code, (array['Sister Khan', 'Dr Ahmed', 'Charge nurse Doyle'])[1 + pg_temp.dice(r.id, 'who') % 3],
       'nadia.coordinator',
       cast(:now as timestamptz) - make_interval(mins => 20 + 7 * pg_temp.dice(r.id, 'at') % 30,
                                                 days => pg_temp.dice(r.id, 'old') % 2)
from referral r
join contact c on c.id = r.contact_id and c.channel = 'emergency_department'
join lateral (select code from hospital order by code offset pg_temp.dice(r.id, 'site') % 3 limit 1) h on true
join lateral (select list, code from reside_reason order by position offset pg_temp.dice(r.id, 'why') % 11 limit 1) why
  on true
where r.state in ('waiting', 'claimed', 'accepted') and r.moft_at is null and pg_temp.dice(r.id, 'meets') < 70
"""

_NO_LONGER = """
insert into reside_said (id, person_id, hospital, ward, verdict, list, told_by, said_by, said_at)
select md5(t.id::text || 'reside')::uuid, t.person_id, t.hospital, t.ward, 'no_longer', why.list, 'Sister Khan',
       'nadia.coordinator', greatest(t.ready_at, cast(:now as timestamptz) - interval '40 minutes')
from transfer t cross join (select list from reside_reason limit 1) why
where t.state = 'in_hospital' and pg_temp.dice(t.id, 'today') < 60
"""


def finish(connection: Connection, now: datetime) -> int:
    """After referrals are there; gives how many transfers were made."""
    said = {"now": now, "list": LIST}
    connection.execute(text(_DICE))
    made = connection.execute(text(_TRANSFERS), said).rowcount
    connection.execute(text(_LIGHTS), said)
    connection.execute(text(_DELAYS), said)
    for statement in (_ADMITTED, _RECOVERY, _CHOSEN, _MEETS, _NO_LONGER):
        connection.execute(text(statement), said)
    return int(made)
