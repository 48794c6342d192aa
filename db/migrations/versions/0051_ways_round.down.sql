drop trigger watch on equipment_store;
drop trigger answered_where on equality_answer;
drop function answered_where();
create or replace function equality_counts(of_characteristic text, by_locality boolean default false)
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
alter table equality_answer drop column locality;

create or replace function audit.program_fits() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  stated text := nullif(current_setting('centre.revision', true), '');
  is_now text;
begin
  if stated is not null then
    select version_num into is_now from alembic_version;
    if stated is distinct from is_now then
      raise exception 'this program was written for another revision of the database'
        using errcode = 'object_not_in_prerequisite_state', constraint = 'program_fits', detail = is_now;
    end if;
  end if;
  return null;
end $$;
drop function audit.longest();
drop trigger guard_ended on referral;
drop function guard_ended();
drop trigger stamp on transfer_delay;
drop trigger stamp on transfer;

drop trigger links_referral_id on assessment;
drop trigger links_linked_referral_id on contact;
drop trigger links_referral_id on transfer;
drop trigger links_referral_id on reablement_episode;
drop trigger links_referral_id on visit;
drop trigger links_referral_id on stay;
drop trigger links_contact_id on referral;
drop trigger links_pattern_id on visit;
drop trigger links_assessment_id on care_plan;
drop trigger links_plan_id on reablement_episode;
drop function links_to_seen();
drop policy changes_what_is_seen on message;
drop policy files_what_is_seen on message;
drop function may_file(uuid);

create or replace function emergency_look(which uuid, number text, with_surname text, with_given text, born date) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  those uuid[]; exact boolean := nhs_number_holds(number); asked_by text;
begin
  if not cares_directly() then
    raise exception 'not a role of direct care' using errcode = 'insufficient_privilege', constraint = 'emergency_is_for_direct_care';
  end if;
  if not coalesce(exact, false) and (fold(coalesce(with_surname, '')) = '' or fold(coalesce(with_given, '')) = '' or born is null) then
    raise exception 'not exact' using errcode = 'check_violation', constraint = 'emergency_lookup_is_exact';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('emergency_look ' || session_user, 0));
  select l.by_user into asked_by from emergency_lookup l where l.id = which;
  if asked_by is not null then
    return;  -- sent twice
  end if;
  if (select count(*) from emergency_lookup l where l.by_user = session_user and l.at > clock_timestamp() - interval '1 hour')
     >= emergency_setting('emergency.lookups') then
    raise exception 'too many' using errcode = 'check_violation', constraint = 'emergency_lookups_are_few';
  end if;
  if exact then
    those := array(select p.id from person p where p.nhs_number = number
                   union select f.person_id from person_former f where f.nhs_number = number);
  else
    those := array(select p.id from person p where p.surname_key collate "C" = fold(with_surname) collate "C"
                   and p.given_key collate "C" = fold(with_given) collate "C" and p.birth_date = born and p.merged_into is null
                   limit 3);
  end if;
  insert into emergency_lookup (id, by_user, at, by_what, person_id, several)
  values (which, session_user, clock_timestamp(), case when exact then 'nhs_number' else 'name_and_birth' end,
          case when cardinality(those) = 1 then kept_person(those[1]) end, cardinality(those) > 1);
end $$;

create or replace function stay_began(asked uuid) returns date language sql stable security definer set search_path = public, pg_temp
begin atomic
  with recursive parts (id, continues, first_day) as (
    select s.id, s.continues, lower(s.period) from stay s where s.id = asked and (select works_with_records())
    union all
    select s.id, s.continues, lower(s.period) from parts p join stay s on s.id = p.continues where s.state <> 'cancelled')
  select min(first_day) from parts;
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

create or replace function record_said(about uuid, of_table text, of_columns text[]) returns table (said_by text, said_at timestamptz)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select e.actor, e.at from audit.entry e
  where e.person_id = about and e.area = of_table and e.action in ('insert', 'update')
    and (e.action = 'insert' or of_columns = '{}' or e.columns && of_columns)
    and (select works_with_records()) and not exists (select 1 from hidden_from_me h where h.id = about)
  order by e.at desc, e.id desc limit 1;
end;

create or replace function change_role(who text, as_role text, seen int) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare was text;
begin
  if my_role() is distinct from 'administrator' or who = session_user then
    raise exception 'an administrator changes the role of somebody else'
      using errcode = 'insufficient_privilege', constraint = 'administrators_change_roles';
  end if;
  select role into was from user_account where user_name = who and revision = seen for update;
  if was is null then
    return false;
  end if;
  update user_account set role = as_role, revision = revision + 1 where user_name = who;
  execute format('revoke %I from %I', was, who);
  execute format('grant %I to %I', as_role, who);
  perform end_sessions(who, 'role_changed');
  return true;
end $$;

create or replace function reset_password(who text, verifier text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if my_role() is distinct from 'administrator' or who = session_user then
    raise exception 'an administrator resets the password of somebody else'
      using errcode = 'insufficient_privilege', constraint = 'administrators_reset_passwords';
  end if;
  perform refuse_no_verifier(verifier);
  if not exists (select 1 from user_account where user_name = who) then
    raise exception 'no such user' using errcode = 'check_violation', constraint = 'user_is_known';
  end if;
  execute format('alter role %I password %L', who, verifier);
  update user_sign_in set password_temporary = true, password_set_at = now() where user_name = who;
  perform end_sessions(who, 'password_reset');
end $$;

create or replace function account_switched_off() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update user_sign_in set ended_at = clock_timestamp(), ended_why = 'disabled',
    ended_by = (select user_name from user_account where user_name = session_user) where user_name = new.user_name;
  perform end_backends(new.user_name);
  return null;
end $$;

create or replace function end_sessions(who text, why text default 'signed_out') returns timestamptz
language plpgsql security definer set search_path = public, pg_temp as $$
declare moment timestamptz := clock_timestamp();
begin
  if who <> session_user and my_role() is distinct from 'administrator' and not is_owner() then
    raise exception 'only administrators end the sessions of others'
      using errcode = 'insufficient_privilege', constraint = 'administrators_end_sessions';
  end if;
  if why not in ('signed_out', 'disabled', 'password_reset', 'password_changed', 'role_changed') then
    raise exception 'no reason' using errcode = 'check_violation', constraint = 'session_end_has_a_reason';
  end if;
  update user_sign_in set ended_at = moment, ended_why = why,
    ended_by = (select user_name from user_account where user_name = session_user) where user_name = who;
  if not found then
    raise exception 'no such user' using errcode = 'check_violation', constraint = 'user_is_known';
  end if;
  perform end_backends(who);
  return moment;
end $$;
drop function sign_out(text, text, timestamptz);
create or replace function end_backends(who text) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  borrowed boolean := not pg_has_role(current_user, who, 'usage');
begin
  if not exists (select 1 from pg_stat_activity where usename = who and datname = current_database()
                 and pid <> pg_backend_pid()) then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtext('end_backends'));
  if borrowed then
    execute format('grant %I to %I with inherit true, set false', who, current_user);
  end if;
  perform pg_terminate_backend(pid) from pg_stat_activity
  where usename = who and datname = current_database() and pid <> pg_backend_pid();
  if borrowed then
    execute format('revoke %I from %I granted by %I', who, current_user, current_user);
  end if;
end $$;

create or replace function audit.draw_border() returns boolean
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '300ms' as $$
begin
  if my_role() is null and not is_owner() then
    raise exception 'no such user' using errcode = 'insufficient_privilege', constraint = 'user_is_active';
  end if;
  begin
    lock table audit.border in share row exclusive mode;
    lock table audit.entry in share mode;
  exception when lock_not_available then return false;
  end;
  insert into audit.border (upto) select coalesce(max(id), 0) from audit.entry
    on conflict (one) do update set upto = greatest(audit.border.upto, excluded.upto);
  return true;
end $$;

alter view worker_start reset (security_barrier);
alter view absence_reason reset (security_barrier);
alter view worker_person_reason reset (security_barrier);
alter view emergency_on_record reset (security_barrier);
alter view my_emergency reset (security_barrier);
alter view lead_worker_standing reset (security_barrier);
alter view equipment_stock_line reset (security_barrier);
