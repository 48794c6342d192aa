drop function audit.lists_with(uuid[], date, date);
drop function audit.note_list(text, int, date, int);
drop index audit.entry_list;

create or replace function calendar_alone() returns void language sql security invoker set search_path = public, pg_temp
begin atomic
  select pg_advisory_xact_lock(1398030681);
end;
create or replace function take_turns() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(1398030681);
  return null;
end $$;
drop table calendar_turn;

create or replace function tell_of_person(which uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare r record;
begin
  for r in
    select t.tgrelid::regclass as tab, string_to_array(encode(t.tgargs, 'escape'), '\000') as args
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where t.tgname = 'watch' and c.relnamespace = 'public'::regnamespace
  loop
    if r.args[3] <> '' then
      execute format('select pg_notify(''centre'', %L || k.key) from (select distinct %I::text as key from %s where %I = $1 limit 500) k',
                     r.args[1] || ':', r.args[2], r.tab, r.args[3]) using which;
    end if;
  end loop;
end $$;

create or replace function equipment_earliest(of_order uuid) returns date language plpgsql stable security definer
set search_path = public, pg_temp as $$
declare o equipment_order; found date;
begin
  select * into o from equipment_order where id = of_order;
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
create or replace function take_back_reablement(which uuid, seen int) returns boolean language plpgsql security definer
set search_path = public, pg_temp as $$
declare head reablement_episode;
begin
  select * into head from reablement_episode e where e.id = which and e.opened_by = session_user for update;
  if not found then
    if exists (select 1 from reablement_episode e where e.id = which) then
      raise exception 'of another' using errcode = 'check_violation', constraint = 'reablement_begun_stays';
    end if;
    return true;  -- sent twice
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

drop trigger guard_original on message;
drop function guard_message_original();

drop trigger a_own_plan_action_id on visit;
drop trigger a_own_plan_action_id on visit_pattern;
drop trigger a_own_plan_equipment_id on equipment_order;
drop function names_its_own_action();
drop function names_its_own_equipment();
drop trigger a_visit_id_is_seen on allocation;
drop trigger a_assessment_id_is_seen on answer;
drop trigger a_referral_id_is_seen on apartment_request;
drop trigger a_assessment_id_is_seen on assessment_receipt;
drop trigger a_episode_id_is_seen on care_package;
drop trigger a_package_id_is_seen on care_package_offer;
drop trigger a_referral_id_is_seen on clock_pause;
drop trigger a_contact_id_is_seen on contact_advice;
drop trigger a_contact_id_is_seen on contact_caller;
drop trigger a_visit_id_is_seen on delivery;
drop trigger a_loan_id_is_seen on equipment_collection;
drop trigger a_loan_id_is_seen on equipment_reminder;
drop trigger a_notice_id_is_seen on hospital_receipt;
drop trigger a_referral_id_is_seen on information_request;
drop trigger a_stay_id_is_seen on move_on_task;
drop trigger a_version_id_is_seen on plan_acknowledgement;
drop trigger a_plan_id_is_seen on plan_review;
drop trigger a_plan_id_is_seen on plan_version;
drop trigger a_episode_id_is_seen on reablement_barrier;
drop trigger a_episode_id_is_seen on reablement_review;
drop trigger a_receipt_id_is_seen on receipt_point;
drop trigger a_referral_id_is_seen on referral_outside;
drop trigger a_referral_id_is_seen on referral_suggestion;
drop trigger a_concern_id_is_seen on safeguarding_told;
drop trigger a_stay_id_is_seen on stay_override;
drop trigger a_transfer_id_is_seen on transfer_delay;
drop trigger a_transfer_id_is_seen on transfer_light;
drop trigger a_visit_id_is_seen on visit_outcome;
drop trigger a_first_id_is_seen on visit_pair;
drop trigger a_second_id_is_seen on visit_pair;
drop trigger a_visit_id_is_seen on visit_skill;
drop function hangs_on_seen_assessment();
drop function hangs_on_seen_assessment_receipt();
drop function hangs_on_seen_care_package();
drop function hangs_on_seen_care_plan();
drop function hangs_on_seen_contact();
drop function hangs_on_seen_equipment_loan();
drop function hangs_on_seen_hospital_notice();
drop function hangs_on_seen_plan_version();
drop function hangs_on_seen_reablement_episode();
drop function hangs_on_seen_referral();
drop function hangs_on_seen_safeguarding_concern();
drop function hangs_on_seen_stay();
drop function hangs_on_seen_transfer();
drop function hangs_on_seen_visit();
