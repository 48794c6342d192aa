drop trigger watch on team;
revoke delete on team from administrator;
alter table team drop constraint team_phone_is_short, drop constraint team_has_a_name, drop column revision;

alter table setting drop constraint setting_lock_within_limits;
delete from setting where name = 'lock.minutes';

drop function signed_in(int);
drop function change_role(text, text, int);
drop function reset_password(text, text);
drop function change_my_password(text);
create or replace function create_login(name text, verifier text, display text, as_role text, at_locality text, in_team int)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- The owner of the database may too: somebody has to make the first administrator.
  if my_role() is distinct from 'administrator' and not is_owner() then
    raise exception 'only an administrator adds users' using errcode = 'insufficient_privilege', constraint = 'administrators_add_users';
  end if;
  if verifier !~ '^SCRAM-SHA-256\$\d+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$' then
    raise exception 'not a verifier' using errcode = 'check_violation', constraint = 'verifier_is_scram';
  end if;
  insert into user_account (user_name, display_name, role, locality, team_id)
  values (name, display, as_role, at_locality, in_team);
  execute format('create role %I login password %L connection limit 12', name, verifier);
  execute format('grant %I to %I', as_role, name);
end $$;
drop function refuse_no_verifier(text);
drop function is_verifier(text);
drop function my_standing();
drop type standing;
drop trigger switched_off on user_account;
drop function account_switched_off();
drop function end_sessions(text, text);
drop function end_backends(text);
create or replace function my_role() returns text language sql stable security definer set search_path = public, pg_temp
return (select role from user_account where user_name = session_user and active and pg_has_role(session_user, role, 'member'));
drop trigger sign_in on user_account;
drop function keep_sign_in();
drop table user_sign_in;
