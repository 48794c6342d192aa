drop function audit.find_unseen(text, text[], date);
drop function audit.whose(uuid[]);
create or replace function audit.seal_up() returns bigint
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '300ms' as $$
declare
  last audit.seal;
  made audit.seal;
begin
  if my_role() is null and not is_owner() then
    raise exception 'no such user' using errcode = 'insufficient_privilege', constraint = 'user_is_active';
  end if;
  begin
    lock table audit.seal in share row exclusive mode;
    lock table audit.entry in share mode;
  exception when lock_not_available then return null;
  end;
  select * into last from audit.seal order by number desc limit 1;
  select array_agg(e.id order by e.id), string_agg(sha256(convert_to(audit.entry_text(e), 'UTF8')), '' order by e.id)
    into made.ids, made.digests
    from (select * from audit.entry where id > coalesce(last.ids[cardinality(last.ids)], 0) order by id limit 2000) e;
  if made.ids is null then return null; end if;
  made.number := coalesce(last.number, 0) + 1;
  made.sealed_at := clock_timestamp();
  made.sealed_by := session_user;
  made.before := coalesce(last.digest, decode(repeat('00', 32), 'hex'));
  made.digest := sha256(convert_to(audit.seal_text(made), 'UTF8'));
  insert into audit.seal select made.*;
  return made.number;
end $$;

drop function audit.draw_border();
drop table audit.border;
drop event trigger if exists connections_are_noted;
drop function audit.watch_connections();
drop function audit.on_login();
drop function audit.note_refusal(text, text, text, uuid);
drop function audit.note_sitting(text, uuid, text[]);
drop function audit.note_people(text, text, text, text, uuid[]);

create or replace function audit.note(what text, in_area text, of_record text, about uuid default null) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if my_role() is null then
    raise exception 'no such user' using errcode = 'insufficient_privilege', constraint = 'user_is_active';
  end if;
  -- Identifiers are short: there is no room for what somebody would like to have said.
  if what not in ('view', 'print', 'export', 'sign_in') or length(in_area) > 60 or length(of_record) > 200 then
    raise exception 'not an action to note' using errcode = 'check_violation', constraint = 'audit_action';
  end if;
  insert into audit.entry (role, action, area, record, person_id) values (my_role(), what, in_area, of_record, about);
end $$;

drop function audit.standing(uuid[]);
drop index audit.entry_verified;
drop index audit.entry_refused;
drop index audit.entry_at;
-- What has been written stays, sealed as it is: the check holds for what comes.
alter table audit.entry drop constraint entry_action_check;
alter table audit.entry add constraint entry_action_check
  check (action in ('insert', 'update', 'delete', 'view', 'print', 'export', 'sign_in', 'load')) not valid;
