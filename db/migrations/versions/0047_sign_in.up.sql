-- Signing in: first and reset passwords that must be changed, open sessions that are ended, who was here when.
-- docs/decisions/signing-in.md says what of it the database can hold and what it cannot.

-- ---------------------------------------------------------------- what is known of a login

-- Apart from user_account, which every colleague reads: that somebody's password is a passing one is nobody's business.
create table user_sign_in (
  user_name text primary key references user_account on delete cascade on update cascade,
  password_temporary boolean not null default false,  -- given by somebody else: good for changing it, and nothing more
  password_set_at timestamptz,
  last_at timestamptz,                                -- signed in last
  refused int not null default 0 check (refused between 0 and 9999),  -- in vain before that, as the desk counted
  before_at timestamptz,                              -- signed in the time before
  ended_at timestamptz,                               -- sessions that began before this are over
  ended_by text references user_account,
  ended_why text check (ended_why in ('signed_out', 'disabled', 'password_reset', 'password_changed', 'role_changed')),
  check ((ended_at is null) = (ended_why is null))
);
insert into user_sign_in (user_name) select user_name from user_account;

create function keep_sign_in() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into user_sign_in (user_name) values (new.user_name) on conflict do nothing;
  return null;
end $$;
create trigger sign_in after insert on user_account for each row execute function keep_sign_in();

alter table user_sign_in enable row level security;
create policy own on user_sign_in for select to centre_user
  using (user_name = session_user and (select my_role()) is not null);
create policy administration on user_sign_in for select to administrator using ((select my_role()) = 'administrator');
grant select on user_sign_in to centre_user;  -- written by the functions below and by nobody else
-- That somebody came in is on the trail already.
create trigger watch after insert or delete or update of password_temporary, password_set_at, ended_at on user_sign_in
  for each row execute function audit.watch('governance', 'user_name', '');

-- Whoever was given a password has no role, and so no rights, until they have chosen one of their own.
create or replace function my_role() returns text language sql stable security definer set search_path = public, pg_temp
return (select role from user_account where user_name = session_user and active
        and pg_has_role(session_user, role, 'member')
        and not exists (select 1 from user_sign_in s where s.user_name = session_user and s.password_temporary));

-- ---------------------------------------------------------------- sessions

-- End the sessions of one user in this database, but for the one that asks. The owner of a shared server is no
-- superuser: it takes the user's rights for as long as it takes.
create function end_backends(who text) returns void language plpgsql security definer set search_path = public, pg_temp as $$
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

-- Everywhere: one's own, or anybody's by an administrator. The desks are told, and leave; the database ends what does
-- not. What has the password can come again: to keep somebody out, disable them or reset the password.
create function end_sessions(who text, why text default 'signed_out') returns timestamptz
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
grant execute on function end_sessions(text, text) to centre_user;

-- Switched off is out: by the window, or by psql.
create function account_switched_off() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update user_sign_in set ended_at = clock_timestamp(), ended_why = 'disabled',
    ended_by = (select user_name from user_account where user_name = session_user) where user_name = new.user_name;
  perform end_backends(new.user_name);
  return null;
end $$;
create trigger switched_off after update of active on user_account for each row
  when (old.active and not new.active) execute function account_switched_off();

-- What a login may know of itself whatever its rights: a desk says why it is over, and does away with what it kept.
create type standing as (standing text, at timestamptz, ended_at timestamptz, ended_why text, ended_by text);
create function my_standing() returns standing language sql stable security definer set search_path = public, pg_temp
return (
  select row(
    case when a.user_name is null then 'unknown' when not a.active then 'disabled'
         when s.password_temporary then 'temporary'
         when not pg_has_role(session_user, a.role, 'member') then 'without_role' else 'good' end,
    now(), s.ended_at, s.ended_why, coalesce(e.display_name, s.ended_by))::standing
  from (select session_user as who) w
  left join user_account a on a.user_name = w.who
  left join user_sign_in s on s.user_name = w.who
  left join user_account e on e.user_name = s.ended_by);
grant execute on function my_standing() to public;

-- ---------------------------------------------------------------- passwords

-- A SCRAM verifier that is whole: anything else, PostgreSQL would take for a password in clear.
create function is_verifier(given text) returns boolean language sql immutable parallel safe
return given ~ '^SCRAM-SHA-256\$[0-9]{4,6}:[A-Za-z0-9+/]{22,}={0,2}\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$'
  and coalesce(substring(given from '\$([0-9]{4,6}):')::int, 0) >= 4096;

create function refuse_no_verifier(given text) returns void language plpgsql immutable as $$
begin
  if is_verifier(given) is not true then
    raise exception 'not a verifier' using errcode = 'check_violation', constraint = 'verifier_is_scram';
  end if;
end $$;

create or replace function create_login(name text, verifier text, display text, as_role text, at_locality text, in_team int)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- The owner of the database may too: somebody has to make the first administrator.
  if my_role() is distinct from 'administrator' and not is_owner() then
    raise exception 'only an administrator adds users' using errcode = 'insufficient_privilege', constraint = 'administrators_add_users';
  end if;
  perform refuse_no_verifier(verifier);
  insert into user_account (user_name, display_name, role, locality, team_id)
  values (name, display, as_role, at_locality, in_team);
  update user_sign_in set password_temporary = not is_owner(), password_set_at = now() where user_name = name;
  execute format('create role %I login password %L connection limit 12', name, verifier);
  execute format('grant %I to %I', as_role, name);
end $$;

-- One's own, at any time; and the only thing that somebody with a passing password can do. Other desks are signed out.
create function change_my_password(verifier text) returns timestamptz
language plpgsql security definer set search_path = public, pg_temp as $$
declare moment timestamptz := clock_timestamp();
begin
  if not exists (select 1 from user_account where user_name = session_user and active) then
    raise exception 'no such user' using errcode = 'insufficient_privilege', constraint = 'user_is_active';
  end if;
  perform refuse_no_verifier(verifier);
  execute format('alter role %I password %L', session_user, verifier);
  update user_sign_in set password_temporary = false, password_set_at = moment, ended_at = moment,
    ended_why = 'password_changed', ended_by = session_user where user_name = session_user;
  perform end_backends(session_user);
  return moment;
end $$;
grant execute on function change_my_password(text) to centre_user;

create function reset_password(who text, verifier text) returns void
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
grant execute on function reset_password(text, text) to administrator;

-- Another role begins with another session: nobody has two at once. Changing the column alone takes the old one away.
create function change_role(who text, as_role text, seen int) returns boolean
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
grant execute on function change_role(text, text, int) to administrator;

-- A desk says that somebody came in, and how often it was refused before for that name: nobody else can know.
create function signed_in(refused_before int default 0) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if my_role() is null then
    raise exception 'no such user' using errcode = 'insufficient_privilege', constraint = 'user_is_active';
  end if;
  update user_sign_in set before_at = last_at, last_at = now(), refused = least(greatest(refused_before, 0), 9999)
  where user_name = session_user;
end $$;
grant execute on function signed_in(int) to centre_user;

-- A desk that nobody touches locks itself. For every desk alike, and never: never.
insert into setting (name, value) values ('lock.minutes', '10');
alter table setting add constraint setting_lock_within_limits
  check (name <> 'lock.minutes' or whole_between(value, 1, 30));

-- ---------------------------------------------------------------- teams

alter table team add column revision int not null default 1;
alter table team add constraint team_has_a_name check (name = btrim(name) and length(name) between 1 and 120);
alter table team add constraint team_phone_is_short check (length(phone) <= 50);
grant delete on team to administrator;  -- one that nothing hangs on: what does, holds it
create trigger watch after insert or update or delete on team for each row
  execute function audit.watch('governance', 'id', '');
