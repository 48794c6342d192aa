"""Schemes, requests, declined referrals and overrides of the training city. Run by the owner, last of all."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from coordination.apartments.referrals_model import LIST

# A number from 0 to 99 that follows from an id, so that the city is the same each time.
_DICE = """
create function pg_temp.flat_dice(key uuid, salt text) returns int language sql immutable
return abs(('x' || substr(md5(key::text || salt), 1, 7))::bit(28)::int) % 100
"""
_SCHEMES = """
update scheme set
  staff_hours = case when kind = 'extra_care' then 'Day and night' else 'Mon-Fri 09:00-13:00' end,
  staff_on_site = true,
  local_connection = case when name = 'Plane Tree House' then 'locality' else '' end,
  notes = case when name = 'Village 135' then 'Restaurant and laundry in the house. Visitors sign in at the desk.'
               else '' end
"""
# One scheme is for its own locality since somebody from elsewhere was let in.
_NEARER = """
update scheme set local_connection = 'locality' where id = (
  select min(a.scheme_id) from stay s join apartment a on a.id = s.apartment_id join scheme c on c.id = a.scheme_id
  join person p on p.id = s.person_id join ward w on w.code = p.ward_code
  join neighbourhood n on n.id = w.neighbourhood_id
  where s.kind = 'stay' and s.state = 'in_stay' and n.locality <> c.locality)
"""
# Somebody moves in on the day on which another leaves: cleaning and inspection found no room.
_AT_ONCE = """
with pairs as (
  select s.id, n.id as next_id, lower(n.period) - upper(s.period) as days
  from stay s cross join lateral (
    select n.* from stay n where n.apartment_id = s.apartment_id and n.kind = 'stay' and n.state = 'booked'
      and lower(n.period) >= upper(s.period) order by lower(n.period) limit 1) n
  where s.kind = 'stay' and s.state = 'in_stay' and lower(n.period) > upper(s.period)
    and not exists (select 1 from stay r where r.apartment_id = s.apartment_id and r.state <> 'cancelled'
                    and r.follows is null and r.id <> n.id
                    and r.period && daterange(upper(s.period), lower(n.period)))
  order by s.id limit 1)
update stay t set
  state = case when t.follows = p.id then 'cancelled' else t.state end,
  reason = case when t.follows = p.id then 'No room before the next booking' else t.reason end,
  period = case when t.follows = p.id then t.period
                else daterange(lower(t.period) - p.days, upper(t.period) - p.days) end
from pairs p
where t.state <> 'cancelled' and (t.follows = p.id or t.id = p.next_id or t.follows = p.next_id)
"""
_NEEDS = """
insert into scheme_need (scheme_id, need, can, note)
select c.id, n.code, case when c.kind = 'extra_care' then n.code <> all (array['nursing', 'substance_use'])
                          else n.code = any (array['meals', 'large_wheelchair']) end,
  case when c.kind = 'extra_care' and n.code = 'two_carers' then 'Until 22:00'
       when n.code = 'oxygen' and c.kind = 'sheltered' then 'No room to store it' else '' end
from scheme c cross join care_need n
where n.code <> 'kept_secret' or c.kind = 'extra_care'
"""
_REQUESTS = """
insert into apartment_request (referral_id, list, reason, step_free, hoist, pets, bedrooms, wanted_locality, needs,
                               answers, recorded_by, recorded_at)
select r.id, :list, a.code,
  r.need ~* 'wheelchair|step-free|stairs' or d.step < 50, r.need ~* 'hoist', r.need ~* '( dog| cat| pet)', d.rooms % 3,
  r.locality,
  case when d.needs < 20 then array['night_care'] when d.needs < 35 then array['meals', 'two_carers']
       when d.needs < 45 then array['oxygen'] else '{}' end,
  (select coalesce(jsonb_object_agg(q.code, case q.code
      when 'expected_end' then to_char(cast(:now as timestamptz) + make_interval(days => 20 + d.step / 4), 'YYYY-MM-DD')
      when 'ready_at_home' then 'Stair lift and grab rails'
      when 'care_arranged' then 'Two visits a day go on as they are'
      when 'carer_plan' then 'Her daughter has a break and comes at weekends'
      when 'risk_note' then 'Do not let in anybody who asks for them by name'
      when 'who_may_know' then 'The lead worker and the sister'
      else 'Housing Options have been told' end), '{}')
   from unnest(a.asks) q(code)),
  coalesce(r.claimed_by, 'grace.placement'), least(r.received_at + interval '2 hours', cast(:now as timestamptz))
from referral r
cross join lateral (select pg_temp.flat_dice(r.id, 'why') as why, pg_temp.flat_dice(r.id, 'step') as step,
                           pg_temp.flat_dice(r.id, 'needs') as needs, pg_temp.flat_dice(r.id, 'rooms') as rooms) d
join apartment_reason a on a.code = case
  when r.need ~* 'cuckoo' then 'cuckooing' when r.need ~* 'fire|flood|burst' then 'fire_or_flood'
  when r.need ~* 'hospital|ward|discharge' then 'step_down' when r.need ~* 'adapt|ramp|bathroom' then 'adaptations'
  when r.need ~* 'carer|wife|husband|daughter' then 'carer_breakdown'
  when r.need ~* 'evict|landlord' then 'homelessness_risk'
  when d.why < 50 then 'respite' else 'domestic_abuse' end
where r.service = 'neighbourhood_apartment' and r.state <> 'closed' and pg_temp.flat_dice(r.id, 'kept') < 75
  and r.received_at < cast(:now as timestamptz)
"""
_DECLINES = """
insert into apartment_decline (referral_id, reason, next_owner, next_step, look_again_on, declined_by, declined_at,
                               list, code)
select r.id, r.state_reason, r.claimed_by,
  (array['', 'Ask for a hoist in another scheme', 'Look again when Plane Tree House is free', 'Ring the family'])[
    1 + pg_temp.flat_dice(r.id, 'next') % 4],
  (r.closed_at at time zone 'Europe/London')::date + 1 + pg_temp.flat_dice(r.id, 'again') % 9,
  'grace.placement', r.closed_at, :list,
  case when r.state_reason ~* 'free|full' then 'none_free' when r.state_reason ~* 'hoist|step|suit' then 'none_suits'
       when r.state_reason ~* 'care|nurs' then 'more_care' when r.state_reason ~* 'home' then 'can_go_home'
       else (array['none_suits', 'care_not_arranged', 'no_way_on', 'said_no', 'elsewhere'])[
         1 + pg_temp.flat_dice(r.id, 'code') % 5] end
from referral r where r.service = 'neighbourhood_apartment' and r.state = 'declined'
"""
_OVERRIDES = """
insert into stay_override (stay_id, scheme_id, criterion, reason, by_user, at)
select s.id, u.scheme_id, u.criterion,
  case u.criterion when 'age' then 'Agreed with the scheme: nothing else is step-free this week'
                   else 'Agreed with the scheme manager' end, s.booked_by, s.booked_at
from stay s cross join lateral unmet_criteria(s.id) u where s.kind = 'stay' and s.state <> 'cancelled'
"""


def finish(connection: Connection, moment: datetime) -> dict[str, int]:
    """Rows made, by table."""
    connection.execute(text(_DICE))
    for statement in (_SCHEMES, _NEARER, _AT_ONCE):
        connection.execute(text(statement))
    values = {"list": LIST, "now": moment}
    made = {
        "scheme_need": _NEEDS, "apartment_request": _REQUESTS, "apartment_decline": _DECLINES,
        "stay_override": _OVERRIDES,
    }  # fmt: skip
    return {table: connection.execute(text(statement), values).rowcount for table, statement in made.items()}
