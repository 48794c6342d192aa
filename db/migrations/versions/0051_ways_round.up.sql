-- Ways round that were found with psql, and closed (docs/decisions/who-sees-what.md; tests/db/test_ways_round.py).

-- ---------------------------------------------------------------- views of the owner
-- A condition that fails on a value (a cast) is asked of each row before the view's own one, where nothing stands between:
-- the error then says what stands in a row that the view keeps back. The views of ids alone keep their plans.
alter view worker_start set (security_barrier = true);
alter view absence_reason set (security_barrier = true);
alter view worker_person_reason set (security_barrier = true);
alter view emergency_on_record set (security_barrier = true);
alter view my_emergency set (security_barrier = true);
alter view lead_worker_standing set (security_barrier = true);
alter view equipment_stock_line set (security_barrier = true);

-- ---------------------------------------------------------------- locks that stop others
-- Nobody holds the trail: the lock is let go with its subtransaction, and not with the transaction of whoever asked. With
-- it held, nobody would write or sign in any more.
create or replace function audit.draw_border() returns boolean language plpgsql security definer
set search_path = public, pg_temp set lock_timeout = '300ms' as $$
declare latest bigint;
begin
  if my_role() is null and not is_owner() then
    raise exception 'no such user' using errcode = 'insufficient_privilege', constraint = 'user_is_active';
  end if;
  begin
    lock table audit.entry in share mode;
    select coalesce(max(id), 0) into latest from audit.entry;
    raise exception using errcode = 'BD051';
  exception when sqlstate 'BD051' then null;
  end;
  insert into audit.border (upto) values (latest) on conflict (one) do update set upto = greatest(audit.border.upto, excluded.upto);
  return true;
exception when lock_not_available then return false;
end $$;

-- Sessions are ended first and written down then: what they hold (a row of their own, a table) keeps nobody in. Two
-- administrators take turns by a lock that no login can take or keep; the right that was borrowed goes back with it.
create or replace function end_backends(who text) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (select 1 from pg_stat_activity where usename = who and datname = current_database()
                 and pid <> pg_backend_pid()) then
    return;
  end if;
  begin
    lock table user_sign_in in share update exclusive mode;
    if not pg_has_role(current_user, who, 'usage') then
      execute format('grant %I to %I with inherit true, set false', who, current_user);
    end if;
    perform pg_terminate_backend(pid) from pg_stat_activity
    where usename = who and datname = current_database() and pid <> pg_backend_pid();
    raise exception using errcode = 'EB051';
  exception when sqlstate 'EB051' then null;
  end;
end $$;
create function sign_out(who text, why text, moment timestamptz) returns boolean language plpgsql security definer
set search_path = public, pg_temp set lock_timeout = '200ms' as $$
begin
  for try in 1..50 loop
    perform end_backends(who);
    begin
      update user_sign_in set ended_at = moment, ended_why = why,
        ended_by = (select user_name from user_account where user_name = session_user) where user_name = who;
      if not found then return false; end if;
      perform end_backends(who);  -- and who came in between
      return true;
    exception when lock_not_available then null;
    end;
  end loop;
  raise exception 'held' using errcode = 'lock_not_available';
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
  if not sign_out(who, why, moment) then
    raise exception 'no such user' using errcode = 'check_violation', constraint = 'user_is_known';
  end if;
  return moment;
end $$;
create or replace function account_switched_off() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform sign_out(new.user_name, 'disabled', clock_timestamp());
  return null;
end $$;
create or replace function reset_password(who text, verifier text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if my_role() is distinct from 'administrator' or who = session_user then
    raise exception 'an administrator resets the password of somebody else'
      using errcode = 'insufficient_privilege', constraint = 'administrators_reset_passwords';
  end if;
  perform refuse_no_verifier(verifier);
  perform end_sessions(who, 'password_reset');
  execute format('alter role %I password %L', who, verifier);
  update user_sign_in set password_temporary = true, password_set_at = now() where user_name = who;
  perform end_backends(who);
end $$;
create or replace function change_role(who text, as_role text, seen int) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare was text;
begin
  if my_role() is distinct from 'administrator' or who = session_user then
    raise exception 'an administrator changes the role of somebody else'
      using errcode = 'insufficient_privilege', constraint = 'administrators_change_roles';
  end if;
  select role into was from user_account where user_name = who and revision = seen for no key update;
  if was is null then
    return false;
  end if;
  perform end_sessions(who, 'role_changed');
  update user_account set role = as_role, revision = revision + 1 where user_name = who;
  execute format('revoke %I from %I', was, who);
  execute format('grant %I to %I', as_role, who);
  perform end_backends(who);
  return true;
end $$;

-- ---------------------------------------------------------------- functions of the owner that told too much
-- Only what an assessment is filled in from: not whether somebody wrote of a concern, or of what a summary leaves out.
create or replace function record_said(about uuid, of_table text, of_columns text[]) returns table (said_by text, said_at timestamptz)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select e.actor, e.at from audit.entry e
  where e.person_id = about and e.area = of_table and of_table in ('person', 'person_around') and e.action in ('insert', 'update')
    and (e.action = 'insert' or of_columns = '{}' or e.columns && of_columns)
    and (select works_with_records()) and not exists (
      select 1 from hidden_people(case of_table when 'person' then 'record' else 'detail' end) h(ids) where about = any (h.ids))
  order by e.at desc, e.id desc limit 1;
end;
create or replace function known_faces(of_visits uuid[]) returns table (visit_id uuid, workers int[])
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select v.id, array_agg(f.worker_id order by f.times desc, f.worker_id)
  from visit v cross join lateral (
    select a.worker_id, count(*) as times from visit b join allocation a on a.visit_id = b.id
    where b.person_id = v.person_id and b.day < v.day and b.day >= v.day - 28 and b.state not in ('cancelled', 'missed')
      and b.team_id <> all ((select teams_unseen_by_me())::int[])
    group by a.worker_id) f
  where v.id = any (of_visits) and (select works_with_records()) and v.team_id <> all ((select teams_unseen_by_me())::int[])
    and v.person_id not in (select h.id from hidden_from_me h)
  group by v.id;
end;
-- hidden_stays gives ids of stays that one may not read.
create or replace function stay_began(asked uuid) returns date language sql stable security definer set search_path = public, pg_temp
begin atomic
  with recursive parts (id, continues, first_day) as (
    select s.id, s.continues, lower(s.period) from stay s where s.id = asked and (select works_with_records())
      and (is_owner() or not exists (select 1 from hidden_from_me h where h.id = s.person_id))
    union all
    select s.id, s.continues, lower(s.period) from parts p join stay s on s.id = p.continues where s.state <> 'cancelled')
  select min(first_day) from parts;
end;

-- A look for a hidden record is counted in what is committed now: in transactions with an older picture, an hour would have
-- ten of them for each connection. The turn is a row of one's own: an advisory lock could be held by anybody.
create or replace function emergency_look(which uuid, number text, with_surname text, with_given text, born date) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  those uuid[]; exact boolean := nhs_number_holds(number); asked_by text;
begin
  if not cares_directly() then
    raise exception 'not a role of direct care' using errcode = 'insufficient_privilege', constraint = 'emergency_is_for_direct_care';
  end if;
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'counted' using errcode = 'insufficient_privilege', constraint = 'emergency_lookups_are_counted';
  end if;
  if not coalesce(exact, false) and (fold(coalesce(with_surname, '')) = '' or fold(coalesce(with_given, '')) = '' or born is null) then
    raise exception 'not exact' using errcode = 'check_violation', constraint = 'emergency_lookup_is_exact';
  end if;
  perform 1 from user_sign_in s where s.user_name = session_user for no key update;
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

-- ---------------------------------------------------------------- originals of messages
-- Whoever may not read a message as it came does not file it either: filed, they would read it.
create function may_file(which uuid) returns boolean language sql stable security definer set search_path = public, pg_temp
return coalesce(my_role() = 'care_coordinator', false) or (not original_is_hidden(which) and exists (
  select 1 from original o where o.id = which and (o.received_by = session_user or exists (
    select 1 from message m where m.original_id = o.id and num_nonnulls(m.person_id, m.contact_id, m.referral_id) > 0))));
grant execute on function may_file(uuid) to centre_user;
create policy files_what_is_seen on message as restrictive for insert to centre_user with check (may_file(original_id));
create policy changes_what_is_seen on message as restrictive for update to centre_user using (may_file(original_id));

-- ---------------------------------------------------------------- rows of somebody else
-- A row hangs on rows of its own person, or on such as one sees: nothing is hung on somebody who is hidden, and no place is
-- taken that is theirs (a visit of their pattern). An id that is nobody's is refused alike.
create function links_to_seen() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  linked constant uuid := (to_jsonb(new) ->> tg_argv[0])::uuid; theirs uuid; known boolean;
begin
  if is_owner() or linked is null or (tg_op = 'UPDATE' and (to_jsonb(old) ->> tg_argv[0])::uuid = linked) then
    return new;
  end if;
  execute format('select true, p.person_id from %I p where p.id = $1', tg_argv[1]) into known, theirs using linked;
  if known is null or (theirs is distinct from new.person_id and theirs = any (hidden_people(tg_argv[2]))) then
    raise exception 'not there' using errcode = 'insufficient_privilege', constraint = 'links_to_what_i_see';
  end if;
  return new;
end $$;
do $$
declare l text[];
begin
  foreach l slice 1 in array array[
    ['assessment', 'referral_id', 'referral', 'record'], ['contact', 'linked_referral_id', 'referral', 'record'],
    ['transfer', 'referral_id', 'referral', 'record'], ['reablement_episode', 'referral_id', 'referral', 'record'],
    ['visit', 'referral_id', 'referral', 'record'], ['stay', 'referral_id', 'referral', 'record'], ['referral', 'contact_id', 'contact', 'record'],
    ['visit', 'pattern_id', 'visit_pattern', 'record'], ['care_plan', 'assessment_id', 'assessment', 'detail'],
    ['reablement_episode', 'plan_id', 'care_plan', 'detail']] loop
    execute format('create trigger %1$I before insert or update of %2$I on %3$I for each row when (new.%2$I is not null)'
                   ' execute function links_to_seen(%2$L, %4$L, %5$L)', 'links_' || l[2], l[2], l[1], l[3], l[4]);
  end loop;
end $$;

-- ---------------------------------------------------------------- who, and when
create trigger stamp before insert on transfer for each row execute function stamp('begun_by', 'begun_at');
create trigger stamp before insert or update on transfer_delay for each row execute function stamp('recorded_by', 'recorded_at');

-- What is at its end keeps when it ended, until it is opened again, and when it is closed in whose hand; one that was declined
-- goes over with a shift, since somebody still has to tell whoever asked.
create function guard_ended() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if (old.closed_at is distinct from new.closed_at
      or old.claimed_by is distinct from new.claimed_by and old.state = 'closed') and not is_owner() then
    raise exception 'ended' using errcode = 'check_violation', constraint = 'referral_ended_as_it_did';
  end if;
  return new;
end $$;
create trigger guard_ended before update of closed_at, claimed_by on referral for each row
  when (old.state = new.state and old.state in ('closed', 'declined')) execute function guard_ended();

-- What is stamped with now() is stamped with the beginning of its transaction: one that was kept open for hours would date
-- things back by hours. Whatever is audited is refused in one that is older than this.
create function audit.longest() returns interval language sql immutable set search_path = public, pg_temp return interval '15 minutes';
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
  if clock_timestamp() - now() > audit.longest() and not is_owner() then
    raise exception 'begin anew' using errcode = 'serialization_failure', constraint = 'transaction_is_fresh';
  end if;
  return null;
end $$;

-- ---------------------------------------------------------------- equality answers (R5)
-- Numbers before and after one answer would tell it to whoever knows who was asked that day. So they move only when ten more
-- answers have come in, and a home that changes moves nobody: an answer counts where its person lived when it was given.
alter table equality_answer add column locality text not null default '';
create function answered_where() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  new.locality := coalesce((select n.locality from person p join ward w on w.code = p.ward_code
                            join neighbourhood n on n.id = w.neighbourhood_id where p.id = new.person_id), '');
  return new;
end $$;
alter table equality_answer disable trigger user;
update equality_answer a set locality = coalesce(n.locality, '') from person p join ward w on w.code = p.ward_code
  join neighbourhood n on n.id = w.neighbourhood_id where p.id = a.person_id;
alter table equality_answer enable trigger user;
create trigger answered_where before insert on equality_answer for each row execute function answered_where();
create or replace function equality_counts(of_characteristic text, by_locality boolean default false)
returns table (locality text, value text, people int)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  with given as (
    select a.*, row_number() over (order by a.recorded_at, a.id) as place, count(*) over () as many
    from equality_answer a
    where a.characteristic = of_characteristic and my_role() in ('manager', 'ig_lead')
      and a.recorded_at < (now() at time zone 'Europe/London')::date::timestamp at time zone 'Europe/London')
  select c.locality, c.value, case when c.people >= 5 then (round(c.people / 5.0) * 5)::int end
  from (
    select case when by_locality then l.locality else '' end as locality, l.value, count(*) as people
    from (select distinct on (g.person_id) g.locality, g.value from given g where g.place <= g.many - g.many % 10
          order by g.person_id, g.recorded_at desc, g.id desc) l
    group by 1, 2) c
  order by 1, 2;
end;

-- ---------------------------------------------------------------- stores
-- Who closed one, and when, is on the trail, and open desks see it.
create trigger watch after insert or update or delete on equipment_store
  for each row execute function audit.watch('equipment', 'code', '');
