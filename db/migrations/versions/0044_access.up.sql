-- Who reads and writes what, by role, team and locality (docs/decisions/who-sees-what.md). The sharing level (R2) stands in
-- the policies there are already; what stands here is restrictive: a row must pass both.

-- ---------------------------------------------------------------- for which teams, for whom

-- A lead answers for the teams of their own service in their own locality; where either is the city's, for both.
-- Asked once a statement, as (select my_teams()), and never once a row.
create function my_teams() returns int[] language sql stable security definer set search_path = public, pg_temp
return coalesce((
  select array_agg(t.id) from team t join team m on m.service = t.service
    and (m.locality is null or t.locality is null or m.locality = t.locality)
  where m.id = my_team() and my_role() = 'team_lead'), '{}');
create function my_workers() returns int[] language sql stable security definer set search_path = public, pg_temp
return coalesce((select array_agg(w.id) from worker w where w.team_id = any (my_teams())), '{}');
-- Whoever agrees a time for a delivery makes the visit on the equipment team's board (D6).
create function delivery_teams() returns int[] language sql stable security definer set search_path = public, pg_temp
return coalesce((select array_agg(t.id) from team t where t.service = 'equipment'), '{}');
-- A placement co-ordinator sees when somebody is visited, but not what nurses do there.
create function teams_unseen_by_me() returns int[] language sql stable security definer set search_path = public, pg_temp
return coalesce((select array_agg(t.id) from team t
                 where t.service = 'district_nursing' and my_role() = 'placement_coordinator'), '{}');
grant execute on function my_teams(), my_workers(), delivery_teams(), teams_unseen_by_me() to centre_user;

-- ---------------------------------------------------------------- roles

alter table worker_skill enable row level security;
create policy colleagues on worker_skill to centre_user using ((select my_role()) is not null);

-- A line a table: who reads; who adds, changes, removes. c care co-ordinator, p placement co-ordinator, l team lead,
-- a trusted assessor, m manager, g information-governance lead, d administrator; - nobody.
do $$
declare
  line text; part text[]; n int; words text;
  letters constant jsonb := '{"c": "care_coordinator", "p": "placement_coordinator", "l": "team_lead",
    "a": "trusted_assessor", "m": "manager", "g": "ig_lead", "d": "administrator", "-": "nobody"}';
begin
  foreach line in array array[
    -- the person
    'person                cplamg  cpla    cpla    -',
    'person_former         cplamg  -       -       -',
    'person_merge          cplamg  -       -       -',
    'person_sharing        cplamg  cag     -       cag',
    'person_alert          cplam   cpla    cpla    -',
    'person_around         cplam   cpla    cpla    -',
    'professional          cplam   cpla    cpla    -',
    -- contact, queue, messages
    'contact               cplam   cpla    cpla    -',
    'contact_advice        cplam   cpla    -       -',
    'contact_caller        cplam   cpla    cpla    cpla',
    'referral              cplam   cpla    cpla    -',
    'referral_clock        cplam   -       -       -',
    'referral_event        cplam   -       -       -',
    'referral_outside      cplam   cpla    -       -',
    'referral_suggestion   cplam   cpla    -       -',
    'clock_pause           cplam   cpla    cpla    -',
    'information_request   cplam   cpla    cpla    -',
    'message               cplam   cpla    cpla    -',
    'original              cpla    cpla    -       -',
    'inbox_item            cplam   cpla    cpla    -',
    'hospital_notice       cplam   cpla    cpla    -',
    'hospital_receipt      cplam   cpla    cpla    -',
    'hospital_said         cpla    cpla    -       -',
    'saved_view            cplamgd cplamgd cplamgd cplamgd',
    'presence              cplamgd cplamgd cplamgd cplamgd',
    -- the desk
    'desk_shift            cplamgd cpla    cpla    -',
    'desk_break            cplamgd cpla    cpla    -',
    'desk_correction       cplamg  cplam   -       -',
    'handover              cplam   cplam   cplam   -',
    'handover_item         cplam   cplam   cplam   -',
    -- safeguarding
    'safeguarding_concern  cplam   cplam   cplam   -',
    'safeguarding_event    cplam   -       -       -',
    'safeguarding_told     cplam   cplam   -       -',
    -- assessment
    'assessment            cplam   cla     cla     a',
    'answer                cla     cla     cla     a',
    'answer_change         cla     -       -       -',
    'assessment_receipt    clam    cla     cla     cla',
    'receipt_point         clam    cl      clam    -',
    'assessor_competency   cplamg  m       m       m',
    -- plan
    'care_plan             cplam   cla     cla     -',
    'plan_need             cplam   cla     cla     cla',
    'plan_outcome          cplam   cla     cla     cla',
    'plan_action           cplam   cla     cla     cla',
    'plan_contingency      cplam   cla     cla     cla',
    'plan_equipment        cplam   cla     cla     cla',
    'plan_agreement        cplam   cla     cla     cla',
    'plan_source           clam    cla     -       -',
    'plan_team             cplam   cla     -       cla',
    'plan_version          cplam   cla     -       -',
    'plan_acknowledgement  cplam   cpla    -       cpla',
    'plan_review           cplam   cla     -       cla',
    -- transfer, apartments
    'transfer              cplam   cpla    cpla    -',
    'transfer_delay        cplam   cpla    cpla    cpla',
    'transfer_light        cplam   cpla    cpla    -',
    'reside_said           cplam   cpla    -       cpla',
    'stay                  cplam   p       p       -',
    'stay_override         cplam   p       -       -',
    'move_on_task          cplam   cpla    cpla    -',
    'apartment_request     cplam   cpla    cpla    -',
    'apartment_decline     cplam   -       cplam   -',
    -- equipment
    'equipment_order       cplam   cpla    cpla    -',
    'equipment_loan        cplam   -       cpla    -',
    'equipment_collection  cplam   cpla    cpla    -',
    'equipment_movement    cplam   cpl     -       -',
    'equipment_reminder    cplam   cpla    -       cpla',
    'delivery              cplam   cl      -       -',
    -- visits and what became of them
    'visit                 cplam   cl      cl      -',
    'visit_skill           cplam   cl      -       cl',
    'visit_pair            clam    cl      cl      cl',
    'visit_pattern         clam    cl      cl      -',
    'visit_pattern_slot    clam    cl      cl      cl',
    'visit_pattern_skill   clam    cl      cl      cl',
    'allocation            cplam   l       l       l',
    'visit_outcome         clam    cl      cl      -',
    'visit_outcome_former  clam    -       -       -',
    'no_access_case        clm     -       cl      -',
    'no_access_event       clm     -       -       -',
    'no_access_step        clm     -       cl      -',
    'published_day         clam    -       -       -',
    'published_visit       clam    -       -       -',
    -- reablement
    'reablement_episode    cplam   cl      cl      -',
    'reablement_event      clam    -       -       -',
    'reablement_barrier    clam    cl      cl      -',
    'reablement_review     clam    cl      cl      cl',
    'care_package          cplam   cl      cl      -',
    'care_package_offer    cplam   cl      cl      -',
    -- those who work here
    'worker                cplam   l       l       -',
    'worker_skill          cplam   l       l       l',
    'worker_person         clm     l       l       l',
    'shift                 cplam   l       l       l',
    'rota                  clm     l       l       l',
    'rota_spell            clm     l       -       l',
    'rota_exception        clm     l       l       l',
    'worker_rota           clm     l       l       l',
    'planner_weight        cplam   l       lm      l',
    'recognised_assessor   cplamg  m       m       m',
    'trust_agreement       cplamg  m       m       m',
    'user_account          cplamgd -       d       -'
  ] loop
    part := regexp_split_to_array(line, '\s+');
    for n in 2..5 loop
      -- Reading says who does not: the planner takes "is one of" for one row in forty, and "is none of" for nearly all.
      select string_agg(quote_literal(e.value), ', ') into words from jsonb_each_text(letters) e
      where (position(e.key in part[n]) > 0) = (n > 2);
      execute format('create policy %s on %I as restrictive for %s to centre_user %s ((select my_role()) %s (%s))',
                     (array['role_reads', 'role_adds', 'role_changes', 'role_removes'])[n - 1], part[1],
                     (array['select', 'insert', 'update', 'delete'])[n - 1],
                     case n when 3 then 'with check' else 'using' end, case n when 2 then 'not in' else 'in' end, words);
    end loop;
  end loop;
end $$;

-- A trusted assessor finds out what somebody needs and says so; who goes there when, and what came of it, is the teams'.
revoke insert, update, delete on visit, visit_skill, visit_pair, visit_pattern, visit_pattern_slot, visit_pattern_skill,
  visit_outcome, delivery, reablement_episode, reablement_barrier, reablement_review, care_package, care_package_offer
  from trusted_assessor;

-- ---------------------------------------------------------------- about whom

-- Nothing is written about somebody whom the writer does not see. An unknown id and a hidden one are refused alike, before
-- the foreign key could tell them apart.
do $$
declare t record;
begin
  for t in select * from (values
      ('contact', 'person_id'), ('contact_caller', 'caller_person_id'), ('referral', 'person_id'), ('message', 'person_id'),
      ('handover_item', 'person_id'), ('safeguarding_concern', 'person_id'), ('stay', 'person_id'),
      ('assessment', 'person_id'), ('care_plan', 'person_id'), ('equipment_order', 'person_id'),
      ('person_alert', 'person_id'), ('person_around', 'person_id'), ('person_sharing', 'person_id'),
      ('reablement_episode', 'person_id'), ('reside_said', 'person_id'), ('transfer', 'person_id'), ('visit', 'person_id'),
      ('visit_pattern', 'person_id'), ('worker_person', 'person_id')) as v (tab, col) loop
    execute format('create policy about_whom_i_see on %I as restrictive for insert to centre_user'
                   ' with check (%2$I is null or exists (select 1 from person p where p.id = %2$I))', t.tab, t.col);
  end loop;
end $$;

-- ---------------------------------------------------------------- teams (D1)

-- Whose board it is writes there. What is made from a rota or a pattern may be made by any lead's desk: one does it a day
-- for all teams (docs/decisions/made-ahead.md), and only rows that the rota or the pattern calls for. i adds, u changes,
-- d removes; w changes, but may lock any row (whoever makes ahead holds the workers of each team).
do $$
declare t record; words text;
begin
  for t in select * from (values
      ('worker', 'team_id = any ((select my_teams())::int[])', 'iw'),
      ('worker_skill', 'worker_id = any ((select my_workers())::int[])', 'iud'),
      ('worker_person', 'worker_id = any ((select my_workers())::int[])', 'iud'),
      ('rota_exception', 'worker_id = any ((select my_workers())::int[])', 'iud'),
      ('worker_rota', 'worker_id = any ((select my_workers())::int[])', 'iud'),
      ('rota', 'team_id = any ((select my_teams())::int[])', 'iud'),
      ('rota_spell', 'exists (select 1 from rota r where r.id = rota_id and r.team_id = any ((select my_teams())::int[]))', 'id'),
      ('shift', 'worker_id = any ((select my_workers())::int[]) or (rota_day is not null and kind = ''work'' and'
                ' exists (select 1 from worker_rota r where r.worker_id = shift.worker_id and r.days @> shift.rota_day))', 'i'),
      ('shift', 'worker_id = any ((select my_workers())::int[]) or (rota_day is not null and kind = ''work'')', 'ud'),
      ('planner_weight', '(select my_role()) <> ''team_lead'' or team_id = any ((select my_teams())::int[])', 'iud'),
      ('allocation', 'exists (select 1 from visit v where v.id = visit_id and v.team_id = any ((select my_teams())::int[]))', 'iud'),
      ('visit', '(select my_role()) <> ''team_lead'' or team_id = any ((select my_teams() || delivery_teams())::int[])'
                ' or exists (select 1 from visit_pattern p where p.id = visit.pattern_id and p.team_id = visit.team_id'
                ' and p.person_id = visit.person_id)', 'i'),
      ('visit', '(select my_role()) <> ''team_lead'' or team_id = any ((select my_teams() || delivery_teams())::int[])', 'w'),
      ('visit_skill', '(select my_role()) <> ''team_lead'' or exists (select 1 from visit v where v.id = visit_id'
                      ' and (v.pattern_id is not null or v.team_id = any ((select my_teams() || delivery_teams())::int[])))', 'id'),
      ('visit_pair', '(select my_role()) <> ''team_lead'' or exists (select 1 from visit v where v.id = first_id'
                     ' and (v.pattern_id is not null or v.team_id = any ((select my_teams())::int[])))', 'iud'),
      ('visit_pattern_slot', '(select my_role()) <> ''team_lead'' or exists (select 1 from visit_pattern p'
                             ' where p.id = pattern_id and p.team_id = any ((select my_teams())::int[]))', 'iud'),
      ('visit_pattern_skill', '(select my_role()) <> ''team_lead'' or exists (select 1 from visit_pattern p'
                              ' where p.id = pattern_id and p.team_id = any ((select my_teams())::int[]))', 'iud'),
      ('visit_pattern', '(select my_role()) <> ''team_lead'' or team_id = any ((select my_teams())::int[])', 'i'),
      ('visit_outcome', '(select my_role()) <> ''team_lead'' or exists (select 1 from visit v where v.id = visit_id'
                        ' and v.team_id = any ((select my_teams())::int[]))', 'iu'),
      ('no_access_case', '(select my_role()) <> ''team_lead'' or exists (select 1 from visit v where v.id = visit_id'
                         ' and v.team_id = any ((select my_teams())::int[]))', 'u')
      ) as v (tab, rule, kinds) loop
    foreach words in array regexp_split_to_array(t.kinds, '') loop
      execute format('create policy own_team_%s on %I as restrictive for %s to centre_user %s (%s)',
                     case words when 'i' then 'adds' when 'd' then 'removes' else 'changes' end, t.tab,
                     case words when 'i' then 'insert' when 'd' then 'delete' else 'update' end,
                     case words when 'i' then 'with check' when 'w' then 'using (true) with check' else 'using' end, t.rule);
    end loop;
  end loop;
end $$;

-- And takes no visit from another's.
create function guard_visit_of_team() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if my_role() = 'team_lead' and old.team_id <> all (my_teams() || delivery_teams()) then
    raise exception 'another team''s' using errcode = 'insufficient_privilege', constraint = 'visit_of_own_team';
  end if;
  return new;
end $$;
create trigger guard_team before update of team_id on visit for each row
  when (old.team_id is distinct from new.team_id) execute function guard_visit_of_team();
-- A pattern of another team is only rolled on.
create function guard_pattern_of_team() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if my_role() = 'team_lead' and not is_merging(old.person_id) and old.team_id <> all (my_teams())
     and to_jsonb(old) - '{rolled_until,revision}'::text[] <> to_jsonb(new) - '{rolled_until,revision}'::text[] then
    raise exception 'another team''s' using errcode = 'insufficient_privilege', constraint = 'pattern_of_own_team';
  end if;
  return new;
end $$;
create trigger guard_team before update on visit_pattern for each row execute function guard_pattern_of_team();

create policy seen_by_role on visit as restrictive for select to centre_user
  using (team_id <> all ((select teams_unseen_by_me())::int[]));

-- ---------------------------------------------------------------- localities

-- A concern is for the desk that takes calls for the whole city, for managers, for leads of its locality, and for
-- whoever is involved.
create policy own_locality on safeguarding_concern as restrictive for select to centre_user
  using ((select my_role()) <> 'team_lead' or locality is null or (select my_locality()) is null
         or locality = (select my_locality()) or owner = session_user or raised_by = session_user or session_user = any (involved));
-- Who is at a desk now is for everybody at one; how long somebody worked last week is for them and who answers for them.
create policy own_locality on desk_shift as restrictive for select to centre_user
  using (user_name = session_user or ended_at is null or (select my_role()) = 'manager'
         or (ended_at > now() - interval '2 days' and (select my_role()) not in ('ig_lead', 'administrator'))
         or ((select my_role()) = 'team_lead'
             and (locality is null or (select my_locality()) is null or locality = (select my_locality()))));
create policy with_the_shift on desk_break as restrictive for select to centre_user
  using (exists (select 1 from desk_shift s where s.id = shift_id));

-- A message as it came may say more than its reader needs: it is for the desk that takes it in, and for others once it
-- stands on the record or when they took it in themselves.
create policy as_it_came on original as restrictive for select to centre_user
  using ((select my_role()) = 'care_coordinator' or received_by = session_user
         or exists (select 1 from message m where m.original_id = original.id
                    and num_nonnulls(m.person_id, m.contact_id, m.referral_id) > 0));

-- ---------------------------------------------------------------- what a lead alone reads of their workers

-- Where somebody lives, why they are away and why they are not sent to a person: for their own lead, a manager, themselves.
create view worker_start as
  select w.id, w.lat, w.lon from worker w
  where ((select my_role()) = 'manager' or w.user_name = session_user or w.team_id = any ((select my_teams())::int[])
         or (w.base = 'base' and (select my_role()) in ('care_coordinator', 'placement_coordinator', 'team_lead', 'trusted_assessor')))
    and (select my_role()) is not null;
create view absence_reason as
  select s.id, s.category from shift s join worker w on w.id = s.worker_id
  where ((select my_role()) = 'manager' or w.user_name = session_user or w.team_id = any ((select my_teams())::int[]))
    and (select my_role()) is not null;
create view worker_person_reason as
  select p.worker_id, p.person_id, p.relation, p.reason from worker_person p join worker w on w.id = p.worker_id
  where ((select my_role()) = 'manager' or w.team_id = any ((select my_teams())::int[]))
    and not exists (select 1 from hidden_from_me h where h.id = p.person_id);
grant select on worker_start, absence_reason, worker_person_reason to centre_user;
revoke select on worker, shift from centre_user;
revoke select (reason) on worker_person from team_lead, manager;
do $$
declare t record;
begin
  for t in select * from (values ('worker', '{lat,lon}'), ('shift', '{category}')) as v (tab, but) loop
    execute (select format('grant select (%s) on %I to centre_user', string_agg(quote_ident(a.attname), ', '), t.tab)
             from pg_attribute a where a.attrelid = t.tab::regclass and a.attnum > 0 and not a.attisdropped
               and a.attname <> all (t.but::text[]));
  end loop;
end $$;

-- ---------------------------------------------------------------- functions that run as the owner

-- Numbers and looks past row security are for those who work with the record; a login that is switched off gets none.
create function works_with_records() returns boolean language sql stable security definer set search_path = public, pg_temp
return is_owner() or coalesce(my_role() in ('care_coordinator', 'placement_coordinator', 'team_lead', 'trusted_assessor', 'manager'), false);
grant execute on function works_with_records() to centre_user;

create or replace function hidden_stays(days daterange) returns table (id uuid, apartment_id int, period daterange)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select s.id, s.apartment_id, s.period from stay s
  where s.state <> 'cancelled' and s.period && days and (select works_with_records())
    and s.person_id = any ((select hidden_people('record'))::uuid[]);
end;
create or replace function known_faces(of_visits uuid[]) returns table (visit_id uuid, workers int[])
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select v.id, array_agg(f.worker_id order by f.times desc, f.worker_id)
  from visit v cross join lateral (
    select a.worker_id, count(*) as times from visit b join allocation a on a.visit_id = b.id
    where b.person_id = v.person_id and b.day < v.day and b.day >= v.day - 28 and b.state not in ('cancelled', 'missed')
    group by a.worker_id) f
  where v.id = any (of_visits) and (select works_with_records())
    and v.person_id not in (select h.id from hidden_from_me h)
  group by v.id;
end;
create or replace function stay_began(asked uuid) returns date language sql stable security definer set search_path = public, pg_temp
begin atomic
  with recursive parts (id, continues, first_day) as (
    select s.id, s.continues, lower(s.period) from stay s where s.id = asked and (select works_with_records())
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
    and (select works_with_records()) and not exists (select 1 from hidden_from_me h where h.id = about)
  order by e.at desc, e.id desc limit 1;
end;
-- With which teams somebody shares is not told to whoever does not see them.
create or replace function team_may_read(which int, person uuid) returns boolean language sql stable security definer
set search_path = public, pg_temp
return works_with_records() and (is_owner() or not exists (select 1 from hidden_from_me h where h.id = person))
  and exists (select 1 from person p where p.id = person and (p.sharing_level = 'everything'
    or exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = which)));
create or replace function given_unseen(of_worker int, during tstzrange) returns int language sql stable security definer
set search_path = public, pg_temp
return (
  select count(*)::int from allocation a join visit v on v.id = a.visit_id
  where (my_role() = 'manager' or of_worker = any (my_workers())) and a.worker_id = of_worker and a.period && during
    and v.state = 'planned' and lower(a.period) > now() and exists (select 1 from hidden_from_me h where h.id = v.person_id));

-- As before, and a day is published by whose it is.
create or replace function publish_day(new_id uuid, of_team int, on_day date, seen int, words jsonb) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare made int; latest int;
begin
  if my_role() is distinct from 'team_lead' or of_team <> all (my_teams()) then
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

-- How many plans somebody leads and whether they are here: for those who find a lead worker.
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
  where (select works_with_records());

-- ---------------------------------------------------------------- equality monitoring (R5)

-- What somebody said of themselves, for reports on equity and for nothing else. Whoever asks writes it down with the
-- person and reads it never again: no role has the right to, and there is no policy for it. The latest answer counts.
create table equality_answer (
  id uuid primary key,
  person_id uuid not null references person,
  characteristic text not null check (characteristic in (
    'age', 'disability', 'gender_reassignment', 'marriage', 'pregnancy', 'race', 'religion', 'sex', 'sexual_orientation')),
  -- a code of the list in use, or one of the two that are no answer
  value text not null check (value ~ '^[a-z0-9_]{1,60}$'),
  recorded_by text not null default session_user,
  recorded_at timestamptz not null default now()
);
create index equality_answer_person on equality_answer (person_id, characteristic, recorded_at desc);
create trigger stamp before insert or update on equality_answer
  for each row execute function stamp('recorded_by', 'recorded_at');
create trigger watch after insert or update or delete on equality_answer
  for each row execute function audit.watch('people', 'person_id', 'person_id');
select follow_merges();
alter table equality_answer enable row level security;
create policy asking on equality_answer for insert to centre_user
  with check ((select my_role()) in ('care_coordinator', 'placement_coordinator', 'team_lead', 'trusted_assessor')
              and exists (select 1 from person p where p.id = person_id));
create policy nobody_reads on equality_answer as restrictive for select to centre_user using (false);
create policy nobody_changes on equality_answer as restrictive for update to centre_user using (false);
create policy nobody_removes on equality_answer as restrictive for delete to centre_user using (false);
grant insert (id, person_id, characteristic, value) on equality_answer
  to care_coordinator, placement_coordinator, team_lead, trusted_assessor;

-- How many people gave which answer, in the city or by locality of the home ('' where that is not known). Rounded to
-- five, null for fewer than five (O3); as it stood at midnight, so that asking before and after an entry tells nothing
-- of it. Everybody who answered counts, whomever they share their record with.
create function equality_counts(of_characteristic text, by_locality boolean default false)
returns table (locality text, value text, people int)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select c.locality, c.value, case when c.people >= 5 then (round(c.people / 5.0) * 5)::int end
  from (
    select case when not by_locality then '' else coalesce(n.locality, '') end as locality, l.value, count(*) as people
    from (select distinct on (a.person_id) a.person_id, a.value from equality_answer a
          where a.characteristic = of_characteristic
            and a.recorded_at < (now() at time zone 'Europe/London')::date::timestamp at time zone 'Europe/London'
          order by a.person_id, a.recorded_at desc, a.id desc) l
    join person p on p.id = l.person_id
    left join ward w on w.code = p.ward_code left join neighbourhood n on n.id = w.neighbourhood_id
    where my_role() in ('manager', 'ig_lead')
    group by 1, 2) c
  order by 1, 2;
end;
grant execute on function equality_counts(text, boolean) to manager, ig_lead;
