-- What is ahead: demand added up faster and what waits in the queue, rolling out once a day, settings with their limits.

-- ---------------------------------------------------------------- demand, hour by hour (B4)

-- What a forecast reads of a visit and of an allocation, so that neither table is looked at: history may grow.
create index visit_ahead on visit (team_id, day) include (id, person_id, minutes, workers_needed, arrive)
  where state not in ('cancelled', 'moved', 'declined');
create index allocation_ahead on allocation (lower(period)) include (visit_id, slot, period);

-- As before, in one pass: an hour, with whether it is placed and whether it is past an end, is one number, and minutes of
-- the hours after it are split off when everything has been added up. What is given lies on its visit's own day
-- (allocation_on_visits_day), so only allocations of these days are read.
create or replace function visit_demand(teams int[], from_day date, days int)
returns table (team_id int, neighbourhood_id smallint, hour timestamptz, placed int, unplaced int, ending int, visits int)
language sql stable security definer set search_path = public, pg_temp set work_mem = '64MB'
begin atomic
  with asked as materialized (
    select v.id, v.team_id, v.person_id, v.minutes::int as minutes, v.workers_needed > 1 as by_two, v.day,
           (date_part('epoch', lower(v.arrive)) / 60)::int as opens
    from visit v
    where v.team_id = any (teams) and v.day >= from_day and v.day < from_day + days
      and v.state not in ('cancelled', 'moved', 'declined') and coalesce(my_role(), 'administrator') <> 'administrator'),
  who as materialized (
    select d.person_id, w.neighbourhood_id, e.planned_end
    from (select distinct a.person_id from asked a) d
    join person p on p.id = d.person_id
    left join ward w on w.code = p.ward_code
    left join reablement_episode e on e.person_id = d.person_id and e.ended_on is null
      and e.planned_end > (now() at time zone 'Europe/London')::date),
  given as materialized (
    select g.visit_id, g.slot, (date_part('epoch', lower(g.period)) / 60)::int as starts
    from allocation g
    where lower(g.period) >= from_day::timestamp at time zone 'Europe/London'
      and lower(g.period) < (from_day + days)::timestamp at time zone 'Europe/London'),
  slots as (
    select a.team_id, a.person_id, a.day, a.minutes, coalesce(g.starts, a.opens) as starts,
           g.starts is not null as is_placed, 1 as is_first
    from asked a left join given g on g.visit_id = a.id and g.slot = 1
    union all
    select a.team_id, a.person_id, a.day, a.minutes, coalesce(g.starts, a.opens), g.starts is not null, 0
    from asked a left join given g on g.visit_id = a.id and g.slot = 2 where a.by_two),
  hours as materialized (
    select s.team_id, w.neighbourhood_id,
           s.starts / 60 * 4 + case when s.is_placed then 2 else 0 end
             + case when s.day >= w.planned_end and t.service like '%reablement' then 1 else 0 end as code,
           sum(s.is_first) as visits,
           sum(least(s.minutes, 60 - s.starts % 60)) as first_hour,
           sum(greatest(0, least(60, s.minutes + s.starts % 60 - 60))) as second_hour,
           array_agg(s.minutes + s.starts % 60 - 120) filter (where s.minutes + s.starts % 60 > 120) as beyond
    from slots s join who w on w.person_id = s.person_id join team t on t.id = s.team_id
    group by 1, 2, 3),
  parts as (
    select h.team_id, h.neighbourhood_id, h.code, h.first_hour as minutes, h.visits from hours h
    union all
    select h.team_id, h.neighbourhood_id, h.code + 4, h.second_hour, 0 from hours h where h.second_hour > 0
    union all
    select h.team_id, h.neighbourhood_id, h.code + 4 * n.n, least(60, b.beyond - (n.n - 2) * 60), 0
    from hours h cross join unnest(h.beyond) b(beyond) cross join generate_series(2, (b.beyond - 1) / 60 + 2) n(n))
  select p.team_id, p.neighbourhood_id, to_timestamp((p.code / 4) * 3600::bigint),
         coalesce(sum(p.minutes) filter (where p.code % 4 = 2), 0)::int,
         coalesce(sum(p.minutes) filter (where p.code % 4 = 0), 0)::int,
         coalesce(sum(p.minutes) filter (where p.code % 2 = 1), 0)::int,
         coalesce(sum(p.visits) filter (where p.code % 2 = 0), 0)::int
  from parts p group by p.team_id, p.neighbourhood_id, p.code / 4;
end;

-- ---------------------------------------------------------------- what waits in the queue

-- Hours a week that a referral asks for until somebody has planned it, in minutes, by service. Data: an administrator
-- changes it.
insert into setting (name, value) values
  ('forecast.waiting', '{"reablement": 420, "complex_reablement": 630, "district_nursing": 105}')
on conflict (name) do nothing;

-- Referrals that nobody has begun with, by neighbourhood of the home. Numbers only, of people whom the reader may not see
-- too: they will be visited all the same.
create function referrals_waiting(of_service text, of_locality text)
returns table (neighbourhood_id smallint, referrals int)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select w.neighbourhood_id, count(*)::int
  from referral r join person p on p.id = r.person_id left join ward w on w.code = p.ward_code
  where r.service = of_service and r.state in ('waiting', 'claimed') and (of_locality = '' or r.locality = of_locality)
    and coalesce(my_role(), 'administrator') <> 'administrator'
  group by w.neighbourhood_id;
end;
grant execute on function referrals_waiting(text, text) to centre_user;

-- ---------------------------------------------------------------- made ahead

-- On which days shifts and visits of the days to come were made, by a job or by a desk that was open. Nobody's name but
-- that of whoever is signed in there.
create table made_ahead (
  day date primary key,
  shifts int not null check (shifts >= 0),
  visits int not null check (visits >= 0),
  done_by text not null default session_user,
  done_at timestamptz not null default now()
);
create trigger stamp before insert or update on made_ahead
  for each row execute function stamp('done_by', 'done_at', 'again');
create trigger strangers before insert or update or delete on made_ahead
  for each statement execute function refuse_strangers();
grant select on made_ahead to centre_user;
grant insert, update on made_ahead to team_lead;

-- ---------------------------------------------------------------- settings

alter table setting
  add column changed_by text,
  add column changed_at timestamptz,
  add column revision int not null default 1;

-- A whole number between two others, or such a number for each of some names and no other.
create function whole_between(value jsonb, least_ int, most_ int) returns boolean language sql immutable
return case when jsonb_typeof(value) = 'number' and (value #>> '{}') ~ '^[0-9]{1,6}$'
  then (value #>> '{}')::int between least_ and most_ else false end;
create function each_between(value jsonb, names text[], least_ int, most_ int) returns boolean language sql immutable
return case when jsonb_typeof(value) = 'object' then
    (select count(*) = cardinality(names)
       and coalesce(bool_and(e.key = any (names) and whole_between(e.value, least_, most_)), false)
     from jsonb_each(value) e)
  else false end;

-- The limits of every setting that has a screen (coordination/settings/model.py says the same).
create function setting_within_limits(name text, value jsonb) returns boolean language sql immutable
return case name
  when 'reask_days' then whole_between(value, 0, 365)
  when 'plan.caseload' then each_between(value,
    array['care_coordinator', 'team_lead', 'trusted_assessor', 'placement_coordinator', 'manager'], 1, 500)
  when 'transfer.caseload' then whole_between(value, 1, 500)
  when 'transfer.recovery_days' then each_between(value, array['reablement', 'intermediate_care'], 1, 365)
  when 'transfer.small_numbers' then whole_between(value, 0, 50)
  when 'apartment.hold_days' then whole_between(value, 1, 42)
  when 'apartment.cleaning_days' then whole_between(value, 0, 14)
  when 'apartment.inspection_days' then whole_between(value, 0, 14)
  when 'apartment.look_again_days' then whole_between(value, 1, 42)
  when 'equipment.collect_within' then each_between(value, array['plan_ended', 'stay_ended', 'died', 'service_failed'], 0, 90)
  when 'forecast.travel' then each_between(value, array['car', 'bicycle', 'bus', 'foot'], 0, 80)
  when 'forecast.waiting' then each_between(value, array['reablement', 'complex_reablement', 'district_nursing'], 0, 6000)
  else true end;
grant execute on function whole_between(jsonb, int, int), each_between(jsonb, text[], int, int),
  setting_within_limits(text, jsonb) to administrator;
-- A value that psql put beyond them goes; the one that is shipped comes again with the reference data.
delete from setting where not setting_within_limits(name, value);
alter table setting add constraint setting_keeps_its_limits check (setting_within_limits(name, value));

create trigger stamp before insert or update on setting
  for each row execute function stamp('changed_by', 'changed_at', 'again');
create trigger watch after update on setting for each row
  when (old.value is distinct from new.value and new.name not in ('seeded_reference', 'training_city'))
  execute function audit.watch('settings', 'name', '');
