alter policy my_own_go on presence using (user_name = session_user or seen_at < now() - interval '1 minute');
drop function sweep_presence();
drop function round_alone(int);
drop table round_turn, ahead_turn;

-- Older versions of files that were filed keep the message that they were named by: it does no harm.
drop trigger a_message_id_is_seen on inbox_item;
drop function hangs_on_seen_message();
create or replace function guard_inbox_item() returns trigger language plpgsql security invoker set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    if old.state = 'done' and new.state <> 'done' then
      raise exception 'taken in already' using errcode = 'check_violation', constraint = 'inbox_done_is_done';
    end if;
    if (new.source_id, new.key, new.found_at) is distinct from (old.source_id, old.key, old.found_at) then
      raise exception 'another item' using errcode = 'check_violation', constraint = 'inbox_item_stays';
    end if;
    new.revision := old.revision + 1;
    if new.state = 'settled' and old.state = 'settled' then
      new.settled_by := old.settled_by;
      new.settled_at := old.settled_at;
      return new;
    end if;
  end if;
  new.settled_by := case when new.state = 'settled' then session_user end;
  new.settled_at := case when new.state = 'settled' then now() end;
  return new;
end $$;
drop function inbox_known(uuid, text[]), inbox_begin(uuid, text, text), inbox_supersede(uuid);
drop view inbox_found;
drop function reads_original_of(uuid);
drop index inbox_item_not_done;
revoke update (name, state, tries, tried_at, retry_at, problem, facts, message_id, settled_how, settled_reason) on inbox_item
  from care_coordinator, placement_coordinator, trusted_assessor, team_lead;
revoke select (id, source_id, state, tries, found_at, tried_at, retry_at, problem, facts, message_id, settled_how, settled_reason,
               settled_by, settled_at, revision) on inbox_item from centre_user;
grant select on inbox_item to centre_user;
grant insert, update on inbox_item to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
