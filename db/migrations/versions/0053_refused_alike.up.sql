-- More ways round that were tried with psql, and closed (docs/access-attack.md; tests/db/test_ways_round_ids.py). And lists of
-- a team's visits as looks (docs/decisions/what-is-noted.md).

-- ---------------------------------------------------------------- what hangs on a row that one does not see
-- The policy refuses it; but guards run first, as the owner, and their refusals said how that row stands (ended, signed, how
-- long). This one comes before them by its name and asks as whoever writes: an id of somebody hidden and one that is nobody's
-- are refused alike, and no guard is asked.
-- One function for each table that is hung on, so that its statement is planned once a connection and not for each row.
do $$
declare l text;
begin
  foreach l in array array[
    'assessment', 'assessment_receipt', 'care_package', 'care_plan', 'contact', 'equipment_loan', 'hospital_notice', 'plan_version',
    'reablement_episode', 'referral', 'safeguarding_concern', 'stay', 'transfer', 'visit'] loop
    execute format($create$
      create function hangs_on_seen_%1$s() returns trigger language plpgsql set search_path = public, pg_temp as $body$
      declare
        hung constant uuid := (to_jsonb(new) ->> tg_argv[0])::uuid;
      begin
        if hung is null or (tg_op = 'UPDATE' and (to_jsonb(old) ->> tg_argv[0])::uuid = hung) then
          return new;
        end if;
        if not exists (select 1 from %1$I p where p.id = hung) then
          raise exception 'not there' using errcode = 'insufficient_privilege', constraint = 'links_to_what_i_see';
        end if;
        return new;
      end $body$ $create$, l);
  end loop;
end $$;
do $$
declare l text[];
begin
  foreach l slice 1 in array array[
    ['allocation', 'visit_id', 'visit'], ['answer', 'assessment_id', 'assessment'], ['apartment_request', 'referral_id', 'referral'],
    ['assessment_receipt', 'assessment_id', 'assessment'], ['care_package', 'episode_id', 'reablement_episode'],
    ['care_package_offer', 'package_id', 'care_package'], ['clock_pause', 'referral_id', 'referral'],
    ['contact_advice', 'contact_id', 'contact'], ['contact_caller', 'contact_id', 'contact'], ['delivery', 'visit_id', 'visit'],
    ['equipment_collection', 'loan_id', 'equipment_loan'], ['equipment_reminder', 'loan_id', 'equipment_loan'],
    ['hospital_receipt', 'notice_id', 'hospital_notice'], ['information_request', 'referral_id', 'referral'],
    ['move_on_task', 'stay_id', 'stay'], ['plan_acknowledgement', 'version_id', 'plan_version'], ['plan_review', 'plan_id', 'care_plan'],
    ['plan_version', 'plan_id', 'care_plan'], ['reablement_barrier', 'episode_id', 'reablement_episode'],
    ['reablement_review', 'episode_id', 'reablement_episode'], ['receipt_point', 'receipt_id', 'assessment_receipt'],
    ['referral_outside', 'referral_id', 'referral'], ['referral_suggestion', 'referral_id', 'referral'],
    ['safeguarding_told', 'concern_id', 'safeguarding_concern'], ['stay_override', 'stay_id', 'stay'],
    ['transfer_delay', 'transfer_id', 'transfer'], ['transfer_light', 'transfer_id', 'transfer'], ['visit_outcome', 'visit_id', 'visit'],
    ['visit_pair', 'first_id', 'visit'], ['visit_pair', 'second_id', 'visit'], ['visit_skill', 'visit_id', 'visit']] loop
    execute format('create trigger %1$I before insert or update of %2$I on %3$I for each row execute function hangs_on_seen_%4$s(%2$L)',
                   'a_' || l[2] || '_is_seen', l[2], l[1], l[3]);
  end loop;
end $$;

-- ---------------------------------------------------------------- what names a row of the same person
-- A visit that is made for an action of a plan, and an order that is moved to a row of one: that person's own. (A new order:
-- equipment_guard_order.) Records that were merged are one person.
create function names_its_own_action() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  theirs uuid;
begin
  if is_owner() or (tg_op = 'UPDATE' and old.plan_action_id = new.plan_action_id) then
    return new;
  end if;
  select c.person_id into theirs from plan_action p join care_plan c on c.id = p.plan_id where p.id = new.plan_action_id;
  if theirs is null
     or theirs is distinct from new.person_id and kept_person(theirs) is distinct from kept_person(new.person_id) then
    raise exception 'not of this person' using errcode = 'insufficient_privilege', constraint = 'links_to_what_i_see';
  end if;
  return new;
end $$;
create function names_its_own_equipment() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  theirs uuid;
begin
  if is_owner() or old.plan_equipment_id = new.plan_equipment_id then
    return new;
  end if;
  select c.person_id into theirs from plan_equipment p join care_plan c on c.id = p.plan_id where p.id = new.plan_equipment_id;
  if theirs is null or kept_person(theirs) is distinct from kept_person(new.person_id) then
    raise exception 'not of this person' using errcode = 'insufficient_privilege', constraint = 'links_to_what_i_see';
  end if;
  return new;
end $$;
create trigger a_own_plan_action_id before insert or update of plan_action_id on visit for each row
  when (new.plan_action_id is not null) execute function names_its_own_action();
create trigger a_own_plan_action_id before insert or update of plan_action_id on visit_pattern for each row
  when (new.plan_action_id is not null) execute function names_its_own_action();
create trigger a_own_plan_equipment_id before update of plan_equipment_id on equipment_order for each row
  when (new.plan_equipment_id is not null) execute function names_its_own_equipment();

-- A message is what was read in one original: it is hung on no other.
create function guard_message_original() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if not is_owner() then
    raise exception 'of its original' using errcode = 'insufficient_privilege', constraint = 'message_stays_with_its_original';
  end if;
  return new;
end $$;
create trigger guard_original before update of original_id on message for each row
  when (old.original_id is distinct from new.original_id) execute function guard_message_original();

-- ---------------------------------------------------------------- functions that answered to an id
create or replace function equipment_earliest(of_order uuid) returns date language plpgsql stable security definer
set search_path = public, pg_temp as $$
declare o equipment_order; found date;
begin
  select * into o from equipment_order x where x.id = of_order and works_with_records()
    and (is_owner() or not exists (select 1 from hidden_from_me h where h.id = x.person_id));
  if o.item_id is not null then
    select case w.place when 'store' then equipment_today() when 'cleaning' then equipment_today() + equipment_ready_within()
                        when 'on_loan' then equipment_kept_until(l) end
    into found from equipment_whereabouts w left join equipment_loan l on l.order_id = w.order_id and l.ended_at is null
    where w.item_id = o.item_id and upper_inf(w.period);
  else
    select min(d.day) into found from (
      select equipment_today() as day union select equipment_today() + equipment_ready_within()
      union select equipment_day(c.slot) + equipment_ready_within()
      from equipment_collection c join equipment_loan l on l.id = c.loan_id join equipment_order x on x.id = l.order_id
      where c.state = 'slot_agreed' and upper(c.slot) > now() and x.store = o.store and x.model = o.model) d
    where d.day < o.promised_from and equipment_spare(o.store, o.model, d.day, o.promised_from) >= o.quantity;
  end if;
  return least(coalesce(found, o.promised_from), o.promised_from);
end $$;

-- Of somebody hidden as of nobody: it is gone. What one began oneself and may not see any more stays as it is.
create or replace function take_back_reablement(which uuid, seen int) returns boolean language plpgsql security definer
set search_path = public, pg_temp as $$
declare head reablement_episode;
begin
  select * into head from reablement_episode e where e.id = which
    and (is_owner() or not exists (select 1 from hidden_from_me h where h.id = e.person_id));
  if not found then
    return true;  -- sent twice
  end if;
  select * into head from reablement_episode e where e.id = which and e.opened_by = session_user for update;
  if not found then
    if exists (select 1 from reablement_episode e where e.id = which) then
      raise exception 'of another' using errcode = 'check_violation', constraint = 'reablement_begun_stays';
    end if;
    return true;
  end if;
  if head.opened_at <= now() - interval '1 hour' then
    raise exception 'begun' using errcode = 'check_violation', constraint = 'reablement_begun_stays';
  end if;
  if exists (select 1 from reablement_barrier b where b.episode_id = which)
     or exists (select 1 from care_package p where p.episode_id = which)
     or exists (select 1 from reablement_review r where r.episode_id = which and r.held_on is not null)
     or exists (select 1 from visit_pattern p where p.person_id = head.person_id and p.team_id = head.team_id
                and p.made_at >= head.opened_at)
     or exists (select 1 from visit v where v.person_id = head.person_id and v.team_id = head.team_id and v.state <> 'cancelled'
                and uuid_extract_timestamp(v.id) >= head.opened_at) then
    raise exception 'built on' using errcode = 'check_violation', constraint = 'reablement_is_built_on';
  end if;
  if head.revision <> seen then
    return false;
  end if;
  delete from reablement_review r where r.episode_id = which;
  delete from reablement_event e where e.episode_id = which;
  delete from reablement_episode e where e.id = which;
  return true;
end $$;

-- ---------------------------------------------------------------- what whoever listens hears
-- A change of what a person shares told each desk every row of theirs, by kind: a listener could count a person's safeguarding
-- concerns, with the person's id among them. Now each desk reads again what it has open, and hears no more than whose it is.
create or replace function tell_of_person(which uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_notify('centre', 'sharing:' || which);
end $$;

-- ---------------------------------------------------------------- turns in the calendar of apartments
-- By a row that only its writers' statements lock: a lock by agreement could be held by anybody who is connected. Whoever
-- waits too long hears so.
create table calendar_turn (
  one boolean primary key default true check (one)
);
insert into calendar_turn default values;
create or replace function calendar_alone() returns void language plpgsql security definer
set search_path = public, pg_temp set lock_timeout = '10s' as $$
begin
  if my_role() in ('placement_coordinator', 'manager', 'administrator') or is_owner() then
    perform 1 from calendar_turn for update;
  end if;
end $$;
create or replace function take_turns() returns trigger language plpgsql security definer
set search_path = public, pg_temp set lock_timeout = '10s' as $$
begin
  perform 1 from calendar_turn for update;
  return null;
end $$;

-- ---------------------------------------------------------------- lists of a team's visits as looks (R4)
-- A board or a worker's sheet shows many people in one look: one entry that says which, and no person. Whose visits stood on it
-- is asked when somebody wants to know. record: TEAM DAY, of a sheet TEAM DAY wWORKER (0: the visits that nobody was sent to);
-- columns: form list team place, and why:visit where the visits are those of their own team.
create index entry_list on audit.entry (record, at) where area in ('board', 'paper_lines');
create function audit.note_list(in_area text, of_team int, on_day date, of_worker int default null) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if my_role() is null then
    raise exception 'no such user' using errcode = 'insufficient_privilege', constraint = 'user_is_active';
  end if;
  if in_area not in ('board', 'paper_lines') or not exists (select 1 from team t where t.id = of_team) or on_day is null
     or (of_worker is null) <> (in_area = 'board') then
    raise exception 'not an action to note' using errcode = 'check_violation', constraint = 'audit_action';
  end if;
  insert into audit.entry (role, action, area, record, columns)
  select my_role(), 'view', in_area, concat(of_team, ' ', on_day, ' w' || of_worker), array_remove(array[
    'form:screen', 'list:team', 'team:' || my_team(), 'place:' || coalesce(a.locality, t.locality),
    case when of_team = any (my_team() || my_teams()) then 'why:visit' end], null)
  from (select session_user as me) s left join user_account a on a.user_name = s.me left join team t on t.id = a.team_id;
end $$;
-- The entries about lists on which a visit to one of these people stood, once the visit was there.
create function audit.lists_with(people uuid[], first_day date, last_day date) returns table (id bigint)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  with stood as (
    select concat(v.team_id, ' ', v.day, l.sheet) as record, min(coalesce(uuid_extract_timestamp(v.id), '-infinity')) as since
    from visit v cross join lateral (
      select '' as sheet union select ' w' || a.worker_id from allocation a where a.visit_id = v.id
      union select ' w0' where not exists (select 1 from allocation a where a.visit_id = v.id)) l
    where v.person_id = any (people) and my_role() = 'ig_lead'
    group by 1)
  select e.id from stood s join audit.entry e on e.area in ('board', 'paper_lines') and e.record = s.record and e.at >= s.since
  where e.at >= first_day::timestamp at time zone 'Europe/London' and e.at < (last_day + 1)::timestamp at time zone 'Europe/London';
end;
revoke all on function audit.note_list(text, int, date, int), audit.lists_with(uuid[], date, date) from public;
grant execute on function audit.note_list(text, int, date, int) to centre_user;
grant execute on function audit.lists_with(uuid[], date, date) to ig_lead;
