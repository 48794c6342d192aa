-- Takes back 0041_ahead.up.sql.

drop trigger watch on setting;
drop trigger stamp on setting;
alter table setting drop constraint setting_keeps_its_limits;
drop function setting_within_limits(text, jsonb);
drop function each_between(jsonb, text[], int, int);
drop function whole_between(jsonb, int, int);
alter table setting drop column changed_by, drop column changed_at, drop column revision;

drop table made_ahead;

drop function referrals_waiting(text, text);
delete from setting where name = 'forecast.waiting';

-- As it stood in 0030_reablement.up.sql.
create or replace function visit_demand(teams int[], from_day date, days int)
returns table (team_id int, neighbourhood_id smallint, hour timestamptz, placed int, unplaced int, ending int, visits int)
language sql stable security definer set search_path = public, pg_temp set work_mem = '64MB'
begin atomic
  with asked as materialized (
    select v.id, v.team_id, v.person_id, v.minutes, v.workers_needed, v.day,
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
    from allocation g join asked a on a.id = g.visit_id),
  slots as materialized (
    select a.team_id, w.neighbourhood_id, coalesce(g.starts, a.opens) / 60 as hour, coalesce(g.starts, a.opens) % 60 as past,
           a.minutes::int, g.visit_id is not null as is_placed, s.slot = 1 as is_first,
           a.day >= w.planned_end and t.service like '%reablement' as is_ending
    from asked a join who w on w.person_id = a.person_id join team t on t.id = a.team_id
    join (values (1), (2)) s(slot) on s.slot <= a.workers_needed
    left join given g on g.visit_id = a.id and g.slot = s.slot),
  parts as (
    select l.team_id, l.neighbourhood_id, l.is_placed, coalesce(l.is_ending, false) as is_ending, l.is_first, l.hour,
           least(l.minutes, 60 - l.past) as minutes
    from slots l
    union all
    select l.team_id, l.neighbourhood_id, l.is_placed, coalesce(l.is_ending, false), false, l.hour + 1,
           least(60, l.minutes + l.past - 60)
    from slots l where l.minutes + l.past > 60
    union all
    select l.team_id, l.neighbourhood_id, l.is_placed, coalesce(l.is_ending, false), false, l.hour + n.n,
           least(60, l.minutes + l.past - n.n * 60)
    from slots l cross join lateral generate_series(2, (l.minutes + l.past - 1) / 60) n(n) where l.minutes + l.past > 120)
  select p.team_id, p.neighbourhood_id, to_timestamp(p.hour * 3600::bigint),
         coalesce(sum(p.minutes) filter (where p.is_placed and not p.is_ending), 0)::int,
         coalesce(sum(p.minutes) filter (where not p.is_placed and not p.is_ending), 0)::int,
         coalesce(sum(p.minutes) filter (where p.is_ending), 0)::int,
         (count(*) filter (where p.is_first and not p.is_ending))::int
  from parts p group by p.team_id, p.neighbourhood_id, p.hour;
end;

drop index visit_ahead, allocation_ahead;
