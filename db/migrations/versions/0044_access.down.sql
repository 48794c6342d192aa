drop function equality_counts(text, boolean);
drop table equality_answer;

-- What was said before.
create or replace function stay_began(asked uuid) returns date language sql stable security definer set search_path = public, pg_temp
begin atomic
  with recursive parts (id, continues, first_day) as (
    select s.id, s.continues, lower(s.period) from stay s where s.id = asked
    union all
    select s.id, s.continues, lower(s.period) from parts p join stay s on s.id = p.continues where s.state <> 'cancelled')
  select min(first_day) from parts;
end;
create or replace function record_said(about uuid, of_table text, of_columns text[]) returns table (said_by text, said_at timestamptz)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select e.actor, e.at from audit.entry e
  where e.person_id = about and e.area = of_table and e.action in ('insert', 'update')
    and (e.action = 'insert' or of_columns = '{}' or e.columns && of_columns)
    and not exists (select 1 from hidden_from_me h where h.id = about)
  order by e.at desc, e.id desc limit 1;
end;
create or replace function team_may_read(which int, person uuid) returns boolean language sql stable security definer
set search_path = public, pg_temp
return exists (select 1 from person p where p.id = person and (p.sharing_level = 'everything'
  or exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = which)));
create or replace function given_unseen(of_worker int, during tstzrange) returns int language sql stable security definer
set search_path = public, pg_temp
return (
  select count(*)::int from allocation a join visit v on v.id = a.visit_id
  where my_role() in ('team_lead', 'manager') and a.worker_id = of_worker and a.period && during and v.state = 'planned'
    and lower(a.period) > now() and exists (select 1 from hidden_from_me h where h.id = v.person_id));
create or replace function publish_day(new_id uuid, of_team int, on_day date, seen int, words jsonb) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare made int; latest int;
begin
  if my_role() is distinct from 'team_lead' then
    raise exception 'not a lead' using errcode = 'insufficient_privilege', constraint = 'team_leads_publish';
  end if;
  select d.version into made from published_day d
  where d.id = new_id and d.team_id = of_team and d.day = on_day and d.published_by = session_user;
  if made is not null then return made; end if;
  if on_day < (now() at time zone 'Europe/London')::date then
    raise exception 'over' using errcode = 'check_violation', constraint = 'published_day_is_not_over';
  end if;
  select coalesce(max(d.version), 0) into latest from published_day d where d.team_id = of_team and d.day = on_day;
  if latest <> seen then
    raise exception 'published since' using errcode = 'unique_violation', constraint = 'published_version_once';
  end if;
  insert into published_day (id, team_id, day, version, unplaced)
  values (new_id, of_team, on_day, seen + 1,
          (select count(*) from visit v where v.team_id = of_team and v.day = on_day and v.state = 'planned'
           and (select count(*) from allocation a where a.visit_id = v.id) < v.workers_needed));
  insert into published_visit (published_id, visit_id, worker_id, slot, period, words)
  select new_id, a.visit_id, a.worker_id, a.slot, a.period, publish_day.words ->> a.visit_id::text
  from allocation a join visit v on v.id = a.visit_id
  where v.team_id = of_team and v.day = on_day and v.state not in ('cancelled', 'moved');
  return seen + 1;
end $$;
create or replace view lead_worker_standing as
  select u.user_name, u.display_name, u.role, u.locality, u.team_id, u.active, away.kind as away_kind,
         away.until as away_until, coalesce(held.plans, 0)::int as plans,
         (select (s.value ->> u.role)::int from setting s where s.name = 'plan.caseload') as most
  from user_account u
  left join (select p.lead_worker, count(*) as plans from care_plan p where p.state = 'active' group by p.lead_worker) held
    on held.lead_worker = u.user_name
  left join lateral (
    select s.kind, upper(span) as until
    from (select s.kind, range_agg(s.period) as spans from worker w join shift s on s.worker_id = w.id
          where w.user_name = u.user_name and s.kind in ('leave', 'sickness') group by s.kind) s
    cross join lateral unnest(s.spans) span
    where span @> now() order by upper(span) desc limit 1) away on true
  where (select my_role()) is not null;
create or replace function known_faces(of_visits uuid[]) returns table (visit_id uuid, workers int[]) language sql stable
security definer set search_path = public, pg_temp
begin atomic
  select v.id, array_agg(f.worker_id order by f.times desc, f.worker_id)
  from visit v cross join lateral (
    select a.worker_id, count(*) as times
    from visit b join allocation a on a.visit_id = b.id
    where b.person_id = v.person_id and b.day < v.day and b.day >= v.day - 28 and b.state not in ('cancelled', 'missed')
    group by a.worker_id) f
  where v.id = any (of_visits) and coalesce(my_role(), 'administrator') <> 'administrator'
    and v.person_id not in (select h.id from hidden_from_me h)
  group by v.id;
end;
create or replace function hidden_stays(days daterange) returns table (id uuid, apartment_id int, period daterange)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select s.id, s.apartment_id, s.period from stay s
  where s.state <> 'cancelled' and s.period && days and my_role() is not null and my_role() <> 'administrator'
    and s.person_id = any ((select hidden_people('record'))::uuid[]);
end;

grant insert, update on visit, visit_pair, visit_pattern_slot, visit_pattern_skill, reablement_episode, reablement_barrier,
  reablement_review, care_package, care_package_offer to trusted_assessor;
grant insert on visit_skill, visit_pattern to trusted_assessor;
grant delete on visit_skill, visit_pair, visit_pattern_slot, visit_pattern_skill, reablement_review to trusted_assessor;
grant update (action_words, ends, every, gap_least, gap_most, revision, rolled_until, starts, team_id, unit, weekdays)
  on visit_pattern to trusted_assessor;
grant insert (visit_id, outcome, reason, words, began, ended, from_paper, moved_to, revision),
  update (outcome, reason, words, began, ended, from_paper, moved_to, revision) on visit_outcome to trusted_assessor;
grant insert (id, visit_id, errand, fits, order_id, collection_id) on delivery to trusted_assessor;

drop view worker_start, absence_reason, worker_person_reason;
do $$
declare t record;
begin
  for t in select * from (values ('worker', '{lat,lon}'), ('shift', '{category}')) as v (tab, but) loop
    execute (select format('revoke select (%s) on %I from centre_user', string_agg(quote_ident(a.attname), ', '), t.tab)
             from pg_attribute a where a.attrelid = t.tab::regclass and a.attnum > 0 and not a.attisdropped
               and a.attname <> all (t.but::text[]));
  end loop;
end $$;
grant select on worker, shift to centre_user;
grant select (reason) on worker_person to team_lead, manager;

drop trigger guard_team on visit_pattern;
drop trigger guard_team on visit;
drop function guard_pattern_of_team(), guard_visit_of_team();
do $$
declare p record;
begin
  for p in select c.relname, o.polname from pg_policy o join pg_class c on c.oid = o.polrelid
           where c.relnamespace = 'public'::regnamespace and not o.polpermissive and o.polname in (
             'role_reads', 'role_adds', 'role_changes', 'role_removes', 'about_whom_i_see', 'own_team_adds', 'own_team_changes',
             'own_team_removes', 'seen_by_role', 'own_locality', 'with_the_shift', 'as_it_came') loop
    execute format('drop policy %I on %I', p.polname, p.relname);
  end loop;
end $$;
drop policy colleagues on worker_skill;
alter table worker_skill disable row level security;
drop function my_teams(), my_workers(), delivery_teams(), teams_unseen_by_me(), works_with_records();
