-- Each row about a person says whether that person keeps something back; only then is anything asked, of one function whose
-- inside no plan shows, and before anything else (docs/decisions/kept-back.md).

-- ---------------------------------------------------------------- who is behind a row
-- A row is kept where one of those whom it hangs on is. 'person': who shares with named teams only, or was merged into
-- another record; 'detail': who does not share everything; otherwise the row of that table, by its id.
create view kept_by (tab, col, parent) with (security_invoker) as values
  ('assessment', 'person_id', 'detail'),
  ('answer', 'assessment_id', 'assessment'),
  ('answer_change', 'assessment_id', 'assessment'),
  ('assessment_receipt', 'assessment_id', 'assessment'),
  ('receipt_point', 'receipt_id', 'assessment_receipt'),
  ('care_plan', 'person_id', 'detail'),
  ('plan_acknowledgement', 'plan_id', 'care_plan'),
  ('plan_action', 'plan_id', 'care_plan'),
  ('plan_agreement', 'plan_id', 'care_plan'),
  ('plan_contingency', 'plan_id', 'care_plan'),
  ('plan_equipment', 'plan_id', 'care_plan'),
  ('plan_need', 'plan_id', 'care_plan'),
  ('plan_outcome', 'plan_id', 'care_plan'),
  ('plan_review', 'plan_id', 'care_plan'),
  ('plan_source', 'plan_id', 'care_plan'),
  ('plan_team', 'plan_id', 'care_plan'),
  ('plan_version', 'plan_id', 'care_plan'),
  ('contact', 'person_id', 'person'),
  ('contact_advice', 'contact_id', 'contact'),
  ('contact_caller', 'contact_id', 'contact'),
  ('contact_caller', 'caller_person_id', 'person'),
  ('contact_caller', 'caller_around_id', 'person_around'),
  ('equipment_order', 'person_id', 'person'),
  ('equipment_loan', 'order_id', 'equipment_order'),
  ('equipment_collection', 'loan_id', 'equipment_loan'),
  ('equipment_reminder', 'loan_id', 'equipment_loan'),
  ('equipment_reminder', 'collection_id', 'equipment_collection'),
  ('message', 'person_id', 'person'),
  ('message', 'contact_id', 'contact'),
  ('message', 'referral_id', 'referral'),
  ('hospital_notice', 'message_id', 'message'),
  ('hospital_receipt', 'notice_id', 'hospital_notice'),
  ('hospital_said', 'notice_id', 'hospital_notice'),
  ('person_alert', 'person_id', 'person'),
  ('person_around', 'person_id', 'detail'),
  ('person_former', 'person_id', 'person'),
  ('person_merge', 'kept_id', 'detail'),
  ('person_merge', 'merged_id', 'detail'),
  ('person_sharing', 'person_id', 'person'),
  ('reablement_episode', 'person_id', 'person'),
  ('care_package', 'episode_id', 'reablement_episode'),
  ('care_package_offer', 'package_id', 'care_package'),
  ('reablement_barrier', 'episode_id', 'reablement_episode'),
  ('reablement_event', 'episode_id', 'reablement_episode'),
  ('reablement_review', 'episode_id', 'reablement_episode'),
  ('referral', 'person_id', 'person'),
  ('apartment_decline', 'referral_id', 'referral'),
  ('apartment_request', 'referral_id', 'referral'),
  ('clock_pause', 'referral_id', 'referral'),
  ('information_request', 'referral_id', 'referral'),
  ('referral_clock', 'referral_id', 'referral'),
  ('referral_event', 'referral_id', 'referral'),
  ('referral_outside', 'referral_id', 'referral'),
  ('referral_suggestion', 'referral_id', 'referral'),
  ('reside_said', 'person_id', 'person'),
  ('safeguarding_concern', 'person_id', 'person'),
  ('sharing_agreement', 'person_id', 'person'),
  ('stay', 'person_id', 'person'),
  ('move_on_task', 'stay_id', 'stay'),
  ('stay_override', 'stay_id', 'stay'),
  ('transfer', 'person_id', 'person'),
  ('transfer_delay', 'transfer_id', 'transfer'),
  ('transfer_light', 'transfer_id', 'transfer'),
  ('visit', 'person_id', 'person'),
  ('allocation', 'visit_id', 'visit'),
  ('delivery', 'visit_id', 'visit'),
  ('no_access_case', 'visit_id', 'visit'),
  ('no_access_event', 'case_id', 'no_access_case'),
  ('no_access_step', 'case_id', 'no_access_case'),
  ('published_visit', 'visit_id', 'visit'),
  ('visit_outcome', 'visit_id', 'visit'),
  ('visit_outcome_former', 'visit_id', 'visit'),
  ('visit_pair', 'first_id', 'visit'),
  ('visit_skill', 'visit_id', 'visit'),
  ('visit_pattern', 'person_id', 'person'),
  ('visit_pattern_skill', 'pattern_id', 'visit_pattern'),
  ('visit_pattern_slot', 'pattern_id', 'visit_pattern'),
  ('worker_person', 'person_id', 'person');
revoke all on kept_by from public;

-- ---------------------------------------------------------------- the mark
-- Whether one of those is kept. The row is locked as a reference to it would lock it: whoever changes what is shared takes it for
-- update, so neither overtakes the other. One that is not there counts as kept, and is refused like one that is hidden.
-- 'behind' says the same of a row that is there already, for a statement about many.
create function kept_behind(parent text, of_row text) returns text language sql immutable
return format(case parent
  when 'person' then 'exists (select 1 from person p where p.id = %s and p.kept)'
  when 'detail' then 'exists (select 1 from person p where p.id = %s and p.sharing_level <> ''everything'')'
  else 'exists (select 1 from ' || quote_ident(parent) || ' p where p.id = %s and p.kept)' end, of_row);

create function kept_behind(t text) returns text language sql stable security definer set search_path = public, pg_temp
return (select string_agg(kept_behind(b.parent, 't.' || quote_ident(b.col)), ' or ') from kept_by b where b.tab = t);

create function keep_mark() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  said constant jsonb := to_jsonb(new); which uuid; found_ boolean;
begin
  new.kept := false;
  for n in 0 .. tg_nargs / 2 - 1 loop
    which := (said ->> tg_argv[2 * n])::uuid;
    if which is not null then
      found_ := is_kept(tg_argv[2 * n + 1], which);
      new.kept := new.kept or found_;
    end if;
  end loop;
  return new;
end $$;

create function keep_own_mark() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  new.kept := new.sharing_level = 'named_teams' or new.merged_into is not null;
  return new;
end $$;

-- Whatever hangs on these rows, and on what hangs on them, is marked anew. It is no change of any of these records: nothing is
-- noted, told or refused on the way.
create function pass_mark(of_tab text, which uuid[]) returns void language plpgsql security definer
set search_path = public, pg_temp set session_replication_role = replica as $$
declare
  r record; changed uuid[];
begin
  for r in
    select b.tab, b.col, kept_behind(b.tab) as behind, exists (select 1 from kept_by c where c.parent = b.tab) as has_rows
    from kept_by b
    where b.parent = of_tab or (of_tab = 'person' and b.parent = 'detail')
    order by b.tab, b.col
  loop
    if not r.has_rows then
      execute format('update %I t set kept = not t.kept where t.%I = any ($1) and t.kept <> (%s)', r.tab, r.col, r.behind) using which;
      continue;
    end if;
    execute format('select 1 from %I t where t.%I = any ($1) order by t.id for update', r.tab, r.col) using which;
    execute format(
      'with marked as (update %I t set kept = not t.kept where t.%I = any ($1) and t.kept <> (%s) returning t.id)'
      ' select array_agg(id) from marked', r.tab, r.col, r.behind) into changed using which;
    if changed is not null then
      perform pass_mark(r.tab, changed);
    end if;
  end loop;
end $$;

-- After a change of what somebody shares, and after a row went over to somebody else.
create function pass_mark_on() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- A snapshot of before would miss what others wrote meanwhile.
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'of one moment only' using errcode = 'insufficient_privilege', constraint = 'marks_see_what_is_there';
  end if;
  execute format('select 1 from %I where id = $1 for update', tg_table_name) using new.id;
  perform pass_mark(tg_table_name, array[new.id]);
  return null;
end $$;

-- All marks of all rows, for a database that was filled past its triggers. Returns how many were wrong.
create function mark_all() returns bigint language plpgsql set search_path = public, pg_temp
set session_replication_role = replica as $$
declare
  r record; many bigint; wrong bigint := 0;
begin
  update person set kept = not kept where kept <> (sharing_level = 'named_teams' or merged_into is not null);
  get diagnostics wrong = row_count;
  for r in
    with recursive deep (tab, level) as (
      select b.tab, 1 from kept_by b where b.parent in ('person', 'detail')
      union select b.tab, d.level + 1 from deep d join kept_by b on b.parent = d.tab)
    select tab, kept_behind(tab) as behind from deep group by tab order by max(level), tab
  loop
    execute format('update %I t set kept = not t.kept where t.kept <> (%s)', r.tab, r.behind);
    get diagnostics many = row_count;
    wrong := wrong + many;
  end loop;
  return wrong;
end $$;

-- For whoever fills a whole database and calls mark_all() at its end: until then rows count as not kept, so that not all of them
-- have to be written twice.
create function marks_at_the_end(filling boolean) returns void language plpgsql set search_path = public, pg_temp as $$
declare
  t text;
begin
  for t in select distinct b.tab from kept_by b union select 'person' loop
    execute format('alter table %I alter column kept set default %L', t, not filling);
  end loop;
end $$;

-- Where a mark is not what it should be: nowhere. For whoever checks the database.
create function marks_wrong() returns table (tab text, many bigint) language plpgsql stable set search_path = public, pg_temp as $$
begin
  tab := 'person';
  select count(*) into many from person p where p.kept <> (p.sharing_level = 'named_teams' or p.merged_into is not null);
  if many > 0 then
    return next;
  end if;
  for tab in select distinct b.tab from kept_by b order by 1 loop
    execute format('select count(*) from %I t where t.kept <> (%s)', tab, kept_behind(tab)) into many;
    if many > 0 then
      return next;
    end if;
  end loop;
end $$;

-- ---------------------------------------------------------------- what is asked of a row that is kept
-- Whether those behind it show a row to my team; my role is asked by the table itself, once a statement. Each of these is asked
-- before any condition of whoever asks (its declared cost is below that of a comparison), and says nothing of how it came to
-- its answer: no plan can be shown for the inside of a function. They say the same as hidden_from_me and
-- hidden_detail_from_me, of one person instead of all.
create function agreed_with_me(which uuid) returns boolean language plpgsql stable security definer
set search_path = public, pg_temp as $$
begin
  if exists (select 1 from user_account u join person_sharing s on s.team_id = u.team_id
             where u.user_name = session_user and u.active and s.person_id = which) then
    return true;
  end if;
  -- Few have any such access; to ask the view costs four times as much.
  if not exists (select 1 from emergency_access e where e.person_id = which and e.by_user = session_user and e.ended_at is null) then
    return false;
  end if;
  return exists (select 1 from my_emergency e where e.person_id = which);
end $$;
create function shown_person(which uuid) returns boolean language plpgsql stable security definer cost 0.0001
set search_path = public, pg_temp as $$
declare
  level text; now_in uuid;
begin
  select p.sharing_level, p.merged_into into level, now_in from person p where p.id = which;
  if coalesce(level, '') = 'named_teams' and not agreed_with_me(which) then
    return false;
  end if;
  if now_in is null or not exists (select 1 from person p where p.id = now_in and p.sharing_level = 'named_teams') then
    return true;
  end if;
  return agreed_with_me(now_in);
end $$;
create function shown_detail(which uuid) returns boolean language plpgsql stable security definer cost 0.0001
set search_path = public, pg_temp as $$
begin
  if exists (select 1 from person p where p.id = which and p.sharing_level <> 'everything') then
    return agreed_with_me(which);
  end if;
  return true;
end $$;
revoke all on function agreed_with_me(uuid) from public;
grant execute on function shown_person(uuid), shown_detail(uuid) to centre_user;

-- What is asked of a row that is kept, by what that hangs on.
create function shown_by(t text) returns text language sql stable security definer set search_path = public, pg_temp
return (
  select string_agg(case when a.attnotnull then format('shown_%s(%I)', b.parent, b.col)
                         else format('(%I is null or shown_%s(%1$I))', b.col, b.parent) end, ' and ' order by b.col)
  from kept_by b join pg_attribute a on a.attrelid = b.tab::regclass and a.attname = b.col
  where b.tab = t);

-- Called by each migration that adds to kept_by, before mark_all() and marks_at_the_end(false): columns and triggers of all that
-- it names. What is there stays. A row that comes past the triggers counts as kept, until mark_all() has seen it.
create function keep_marks() returns void language plpgsql set search_path = public, pg_temp as $$
declare
  r record; arms text;
begin
  for r in select distinct b.tab from kept_by b union select 'person' loop
    execute format('alter table %I add column if not exists kept boolean not null default false', r.tab);
  end loop;
  select string_agg(format('    when %L then select p.kept into back from %I p where p.id = which for key share;', t.parent, t.parent), E'\n')
    into arms
  from (select distinct b.parent from kept_by b where b.parent <> 'detail' order by 1) t;
  execute format($f$
    create or replace function is_kept(parent text, which uuid) returns boolean language plpgsql security definer
    set search_path = public, pg_temp as $b$
    declare back boolean;
    begin
      case parent
    when 'detail' then select p.sharing_level <> 'everything' into back from person p where p.id = which for key share;
%s
      end case;
      return coalesce(back, true);
    end $b$ $f$, arms);
  execute 'revoke all on function is_kept(text, uuid) from public';
  for r in select distinct b.parent from kept_by b where b.parent not in ('person', 'detail') order by 1 loop
    execute format($f$
      create or replace function %I(which uuid) returns boolean language plpgsql stable security definer cost 0.0001
      set search_path = public, pg_temp as $b$
      begin
        return exists (select 1 from %I t where t.id = which and (not t.kept or (%s)));
      end $b$ $f$, 'shown_' || r.parent, r.parent, shown_by(r.parent));
    execute format('revoke all on function %I(uuid) from public', 'shown_' || r.parent);
    execute format('grant execute on function %I(uuid) to centre_user', 'shown_' || r.parent);
  end loop;
  for r in
    select b.tab, string_agg(format('%L, %L', b.col, b.parent), ', ' order by b.col) as hangs_on,
           string_agg(format('old.%I is distinct from new.%1$I', b.col), ' or ' order by b.col) as moved,
           exists (select 1 from kept_by c where c.parent = b.tab) as has_rows
    from kept_by b group by b.tab
  loop
    execute format('create or replace trigger zz_keep_mark before insert on %I for each row execute function keep_mark(%s)',
                   r.tab, r.hangs_on);
    execute format('create or replace trigger zz_keep_mark_on before update on %I for each row'
                   ' when (old.kept <> new.kept or %s) execute function keep_mark(%s)', r.tab, r.moved, r.hangs_on);
    if r.has_rows then
      execute format('create or replace trigger zz_pass_mark after update on %I for each row when (old.kept <> new.kept)'
                     ' execute function pass_mark_on()', r.tab);
    end if;
  end loop;
end $$;

revoke all on function kept_behind(text, text), kept_behind(text), keep_mark(), keep_own_mark(), pass_mark(text, uuid[]), pass_mark_on(),
  mark_all(), marks_at_the_end(boolean), marks_wrong(), keep_marks(), shown_by(text), shown_person(uuid), shown_detail(uuid) from public;

select keep_marks();
create trigger zz_keep_mark before insert or update on person for each row execute function keep_own_mark();
create trigger zz_pass_mark after update on person for each row
  when (old.kept <> new.kept or old.sharing_level <> new.sharing_level) execute function pass_mark_on();
-- Only what hangs on those few is read.
set local session_replication_role = replica;
update person set kept = true where sharing_level = 'named_teams' or merged_into is not null;
set local session_replication_role = origin;
select pass_mark('person', array(select id from person where sharing_level <> 'everything' or merged_into is not null));
select marks_at_the_end(false);

-- ---------------------------------------------------------------- the policies
-- 'asked_first' comes before all others, since restrictive policies are taken by name: a row that it takes away reaches none that
-- looks anything up, which a plan would show. Only one can be first. What is left for the permissive one is to let pass what no
-- limit takes away.
do $$
declare
  r record; said text;
begin
  for r in
    select p.tablename as tab, p.policyname as was, p.cmd, p.with_check is not null as own_check
    from pg_policies p
    where p.schemaname = 'public' and p.policyname in ('shared_with_me', 'with_the_referral')
      and p.tablename in (select b.tab from kept_by b)
  loop
    said := format('not kept or (%s)', shown_by(r.tab));
    -- What is asked of a new row stays where it stood.
    execute format('create policy asked_first on %I as restrictive for all to centre_user using (%s)%s', r.tab, said,
                   case when r.cmd = 'SELECT' or r.own_check then ' with check (true)' else '' end);
    if r.tab not in ('safeguarding_concern', 'sharing_agreement') then
      execute format('alter policy %I on %I using (true)', r.was, r.tab);
      execute format('alter policy %I on %I rename to but_for_limits', r.was, r.tab);
    end if;
  end loop;
end $$;
drop function sees_message(uuid);
alter policy shared_with_me on sharing_agreement using (coalesce((select my_role()) <> 'administrator', false));
alter policy shared_with_me on sharing_agreement
  to care_coordinator, placement_coordinator, team_lead, trusted_assessor, manager, ig_lead, centre_preview;
alter policy shared_with_me on sharing_agreement rename to but_for_limits;

-- A record that was merged is read through the one that was kept.
create policy asked_first on person as restrictive for all to centre_user
  using (merged_into is null and (not kept or shown_person(id))) with check (true);
alter policy shared_with_me on person using (true);
alter policy shared_with_me on person rename to but_for_limits;

-- Visits of district nursing, and what hangs on them, are not for those who place people: asked of nobody else.
create function nursing_is_mine(of_team int) returns boolean language plpgsql stable cost 0.0001 set search_path = public, pg_temp as $$
begin
  return of_team <> all (teams_unseen_by_me());
end $$;
create function sees_visit(which uuid) returns boolean language plpgsql stable cost 0.0001 set search_path = public, pg_temp as $$
begin
  return exists (select 1 from visit v where v.id = which);
end $$;
drop policy seen_by_role on visit;
do $$
declare
  t text;
begin
  foreach t in array array['visit', 'allocation', 'visit_skill', 'delivery'] loop
    execute format('alter policy asked_first on %I to care_coordinator, team_lead, trusted_assessor, manager, ig_lead, administrator, centre_preview', t);
    continue when t = 'visit';
    execute format('create policy asked_first_to_place on %I as restrictive for all to placement_coordinator using (sees_visit(visit_id))', t);
  end loop;
end $$;
create policy asked_first_to_place on visit as restrictive for all to placement_coordinator
  using ((not kept or shown_person(person_id)) and nursing_is_mine(team_id)) with check (not kept or shown_person(person_id));

-- ---------------------------------------------------------------- what is asked of each row, in functions
-- A condition that looks something up shows in a plan whether it was asked at all, and so whether the row passed the
-- conditions before it. So none stands in a policy by itself.

create function concern_is_mine(of_locality text, owned_by text, raised text, who text[]) returns boolean language plpgsql stable
cost 0.0001 set search_path = public, pg_temp as $$
declare
  me constant text := my_role(); here text;
begin
  if me in ('placement_coordinator', 'trusted_assessor') then
    return coalesce(session_user = any (who), false);
  elsif me = 'team_lead' then
    here := my_locality();
    return of_locality is null or here is null or of_locality = here
      or coalesce(session_user in (owned_by, raised) or session_user = any (who), false);
  end if;
  return coalesce(me in ('care_coordinator', 'manager'), false);
end $$;
drop policy own_locality on safeguarding_concern;
alter policy asked_first on safeguarding_concern
  using ((not kept or shown_person(person_id)) and concern_is_mine(locality, owner, raised_by, involved));
alter policy shared_with_me on safeguarding_concern using (true);
alter policy shared_with_me on safeguarding_concern rename to but_for_limits;

create function sees_concern(which uuid) returns boolean language plpgsql stable cost 0.0001 set search_path = public, pg_temp as $$
begin
  return exists (select 1 from safeguarding_concern c where c.id = which);
end $$;
create policy asked_first on safeguarding_event as restrictive for all to centre_user using (sees_concern(concern_id)) with check (true);
alter policy with_the_concern on safeguarding_event using (true);
alter policy with_the_concern on safeguarding_event rename to but_for_limits;
create policy asked_first on safeguarding_told as restrictive for all to centre_user using (sees_concern(concern_id)) with check (true);
alter policy with_the_concern on safeguarding_told using (true);
alter policy with_the_concern on safeguarding_told rename to but_for_limits;

create function sees_subject(of_kind text, subject uuid, of_person uuid) returns boolean language plpgsql stable cost 0.0001
set search_path = public, pg_temp as $$
begin
  return shown_person(of_person) and case of_kind
    when 'referral' then exists (select 1 from referral r where r.id = subject)
    when 'contact' then exists (select 1 from contact c where c.id = subject)
    when 'concern' then exists (select 1 from safeguarding_concern c where c.id = subject)
    else true end;
end $$;
create policy asked_first on handover_item as restrictive for all to centre_user
  using (sees_subject(kind, subject_id, person_id)) with check (true);
alter policy shared_with_me on handover_item using (true);
alter policy shared_with_me on handover_item rename to but_for_limits;

create function sees_original(which uuid, came_to text) returns boolean language plpgsql stable cost 0.0001
set search_path = public, pg_temp as $$
declare
  standing boolean;   -- whether one that I see has its place on the record
begin
  if original_is_hidden(which) then
    return false;
  end if;
  if came_to = session_user then
    return true;
  end if;
  select bool_or(num_nonnulls(m.person_id, m.contact_id, m.referral_id) > 0) into standing from message m where m.original_id = which;
  return case when my_role() = 'care_coordinator' then standing is not null else coalesce(standing, false) end;
end $$;
drop policy as_it_came on original;
create policy asked_first on original as restrictive for all to centre_user using (sees_original(id, received_by)) with check (true);
alter policy shared_with_me on original using (true);
alter policy shared_with_me on original rename to but_for_limits;

create function sees_present(whose text, of_area text, of_record uuid) returns boolean language plpgsql stable cost 0.0001
set search_path = public, pg_temp as $$
begin
  if whose = session_user then
    return true;
  end if;
  return case of_area
    when 'intake' then exists (select 1 from referral r where r.id = of_record)
    when 'careplan' then exists (select 1 from care_plan c where c.id = of_record)
    when 'deployment' then my_role() is not null
    else exists (select 1 from person p where p.id = of_record) end;
end $$;
create policy asked_first on presence as restrictive for all to centre_user
  using (sees_present(user_name, area, record)) with check (true);
alter policy on_what_i_see on presence using (true);
alter policy on_what_i_see on presence rename to but_for_limits;

create function desk_is_mine(whose text, of_locality text, until timestamptz) returns boolean language plpgsql stable cost 0.0001
set search_path = public, pg_temp as $$
declare
  me constant text := my_role(); here text;
begin
  if whose = session_user or until is null or me = 'manager' or (until > now() - interval '2 days' and me not in ('ig_lead', 'administrator')) then
    return me is not null;
  end if;
  if me <> 'team_lead' then
    return false;
  end if;
  here := my_locality();
  return of_locality is null or here is null or of_locality = here;
end $$;
drop policy own_locality on desk_shift;
create policy asked_first on desk_shift as restrictive for all to centre_user
  using (desk_is_mine(user_name, locality, ended_at)) with check (true);
create function sees_desk(which uuid) returns boolean language plpgsql stable cost 0.0001 set search_path = public, pg_temp as $$
begin
  return exists (select 1 from desk_shift s where s.id = which);
end $$;
drop policy with_the_shift on desk_break;
create policy asked_first on desk_break as restrictive for all to centre_user using (sees_desk(shift_id)) with check (true);
create function desk_correction_is_mine(whose text, of_shift uuid) returns boolean language plpgsql stable cost 0.0001
set search_path = public, pg_temp as $$
begin
  return whose = session_user or coalesce(my_role() in ('team_lead', 'manager', 'ig_lead'), false)
    or exists (select 1 from desk_shift s where s.id = of_shift and s.user_name = session_user);
end $$;
create policy asked_first on desk_correction as restrictive for all to centre_user
  using (desk_correction_is_mine(by_user, shift_id)) with check (true);
alter policy colleagues on desk_correction using (true);

create function emergency_is_mine(whose text) returns boolean language plpgsql stable cost 0.0001 set search_path = public, pg_temp as $$
declare
  me constant text := my_role();
begin
  return coalesce(me is not null and whose = session_user or me in ('ig_lead', 'manager'), false);
end $$;
create policy asked_first on emergency_access as restrictive for all to centre_user using (emergency_is_mine(by_user)) with check (true);
alter policy mine_or_reviewing on emergency_access using ((select my_role()) is not null);

create function shared_view_is_mine(whose text, of_locality text, of_team int) returns boolean language plpgsql stable cost 0.0001
set search_path = public, pg_temp as $$
begin
  return whose = session_user or coalesce(my_role() is not null and (of_locality = my_locality() or of_team = my_team()), false);
end $$;
create policy asked_first on saved_view as restrictive for all to centre_user
  using (shared_view_is_mine(owner, locality, team_id)) with check (true);
alter policy shared_with_me on saved_view using (true);

create function competency_is_mine(whose text) returns boolean language plpgsql stable cost 0.0001 set search_path = public, pg_temp as $$
begin
  return whose = session_user or coalesce(my_role() in ('manager', 'team_lead', 'ig_lead'), false);
end $$;
create policy asked_first on assessor_competency as restrictive for all to centre_user
  using (competency_is_mine(user_name)) with check (true);
alter policy concerned on assessor_competency using (true);

-- Views of the owner, which policies do not reach: alike.
-- With everything looked up inside: of a join the part that is asked second shows whether the first left anything.
create function worker_is_mine(which int, at_base boolean) returns boolean language plpgsql stable security definer cost 0.0001
set search_path = public, pg_temp as $$
declare
  me constant text := my_role(); them worker;
begin
  select * into them from worker w where w.id = which;
  return coalesce(me is not null and (
    me = 'manager' or them.team_id = any (my_teams())
    or at_base and (them.user_name = session_user
                    or them.base = 'base' and me in ('care_coordinator', 'placement_coordinator', 'team_lead', 'trusted_assessor'))), false);
end $$;
create function absence_is_mine(of_worker int) returns boolean language plpgsql stable security definer cost 0.0001
set search_path = public, pg_temp as $$
begin
  return worker_is_mine(of_worker, false)
    or my_role() is not null and exists (select 1 from worker w where w.id = of_worker and w.user_name = session_user);
end $$;
create or replace view worker_start with (security_barrier) as
  select w.id, w.lat, w.lon from worker w where worker_is_mine(w.id, true);
create or replace view absence_reason with (security_barrier) as
  select s.id, s.category from shift s where absence_is_mine(s.worker_id);
create or replace view worker_person_reason with (security_barrier) as
  select p.worker_id, p.person_id, p.relation, p.reason from worker_person p
  where (not p.kept or shown_person(p.person_id)) and worker_is_mine(p.worker_id, false);
create function emergency_shows(which uuid) returns boolean language plpgsql stable cost 0.0001 set search_path = public, pg_temp as $$
begin
  return coalesce(my_role() <> 'administrator', false) and shown_person(which);
end $$;
create or replace view emergency_on_record with (security_barrier) as
  select e.id, e.person_id, e.by_user, e.kind, e.shut, e.began_at, coalesce(e.ended_at, e.ends_at) as until
  from emergency_access e where emergency_shows(e.person_id);
create function inbox_name_is_mine(of_key text, how text, of_state text, of_message uuid) returns boolean language plpgsql stable cost 0.0001
set search_path = public, pg_temp as $$
begin
  if not works_with_records() then
    return false;
  elsif of_key not like '%|%' then
    return true;
  elsif of_message is null then
    return how is distinct from 'newer_version';
  end if;
  return of_state in ('reading', 'waiting') and reads_original_of(of_message);
end $$;
create or replace view inbox_found with (security_barrier) as
  select i.id, case when i.state in ('reading', 'waiting') then i.key end as key, i.name
  from inbox_item i where i.state <> 'done' and inbox_name_is_mine(i.key, i.settled_how, i.state, i.message_id);

do $$
declare
  f text;
begin
  foreach f in array array['nursing_is_mine(int)', 'sees_visit(uuid)', 'concern_is_mine(text, text, text, text[])', 'sees_concern(uuid)',
    'sees_subject(text, uuid, uuid)', 'sees_original(uuid, text)', 'sees_present(text, text, uuid)', 'desk_is_mine(text, text, timestamptz)',
    'sees_desk(uuid)', 'desk_correction_is_mine(text, uuid)', 'emergency_is_mine(text)', 'emergency_shows(uuid)',
    'inbox_name_is_mine(text, text, text, uuid)', 'competency_is_mine(text)', 'shared_view_is_mine(text, text, int)',
    'worker_is_mine(int, boolean)', 'absence_is_mine(int)']
  loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to centre_user', f);
  end loop;
end $$;

-- ---------------------------------------------------------------- roles
-- For a role that reads nothing of a table there is no policy that lets anything pass: nothing is read at all, and no plan shows
-- what would have been. That a login is in use still (my_role) is asked once a statement, as before. The preview reads as the role
-- that it takes on, which only my_role() knows.
do $$
declare
  r record; readers text[];
  everybody constant text[] := array['care_coordinator', 'placement_coordinator', 'team_lead', 'trusted_assessor', 'manager', 'ig_lead', 'administrator'];
begin
  for r in
    select p.tablename as tab, l.policyname as lets, regexp_matches(p.qual, '<> ALL \(ARRAY\[(.*)\]\)') as excluded
    from pg_policies p join pg_policies l on l.schemaname = p.schemaname and l.tablename = p.tablename
    where p.schemaname = 'public' and p.policyname = 'role_reads' and l.permissive = 'PERMISSIVE' and l.cmd in ('SELECT', 'ALL')
      and l.roles = array['centre_user'::name]
  loop
    readers := array(select e from unnest(everybody) e where strpos(r.excluded[1], quote_literal(e)) = 0);
    execute format('alter policy %I on %I to %s, centre_preview', r.lets, r.tab, (select string_agg(quote_ident(e), ', ') from unnest(readers) e));
  end loop;
end $$;
alter policy reading on audit.entry to ig_lead;
alter policy reading on audit.seal to ig_lead, administrator;
alter policy reviewing on emergency_lookup to ig_lead;
alter policy reading on emergency_review to ig_lead, manager;
alter policy team_leads on ahead_turn to team_lead;
alter policy administration on user_sign_in to administrator;

-- ---------------------------------------------------------------- the preview
-- A row that is not there yet is asked about as one that is kept.
create or replace function preview_says(tab regclass, col name, which uuid) returns boolean language plpgsql set search_path = public, pg_temp as $$
declare allows text; forbids text; said boolean;
begin
  select string_agg('(' || pg_get_expr(p.polqual, p.polrelid) || ')', ' or ') filter (where p.polpermissive),
         string_agg('(' || pg_get_expr(p.polqual, p.polrelid) || ')', ' and ') filter (where not p.polpermissive)
    into allows, forbids
  from pg_policy p
  where p.polrelid = tab and p.polcmd in ('r', '*') and p.polqual is not null
    and exists (select 1 from unnest(p.polroles) r(id) where r.id = 0 or pg_has_role('centre_preview', r.id, 'usage'));
  if allows is null or not has_table_privilege('centre_preview', tab, 'select') then
    return false;
  end if;
  execute format('select (%s) and (%s) from (select (jsonb_populate_record(null::%s, jsonb_build_object(%L, $1, ''kept'', true))).*) %I',
                 allows, coalesce(forbids, 'true'), tab, col, (select c.relname from pg_class c where c.oid = tab))
    into said using which;
  return said;
exception when others then
  return null;
end $$;

-- ---------------------------------------------------------------- merging
-- It has an argument of the name that rows have now.
do $$
begin
  execute replace(pg_get_functiondef('merge_people'::regproc), E'\ndeclare', E'\n#variable_conflict use_variable\ndeclare');
end $$;
