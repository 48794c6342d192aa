-- Names of files that were read (docs/decisions/inbox.md; tests/db/test_inbox_names.py), and turns that only those take who
-- have something to do there (docs/access-attack.md; tests/db/test_turns.py).

-- ---------------------------------------------------------------- what a watched folder held
-- ``key`` and ``name`` say what a file is called, and a file may be called after a person. Nobody reads the two columns: what is
-- no message yet is named in ``inbox_found``, for those who see to it; what has become one is named by its original, to whoever may
-- read that. Nobody writes ``key``; whoever reads a folder asks by functions that answer to a whole key.
revoke select on inbox_item from centre_user;
grant select (id, source_id, state, tries, found_at, tried_at, retry_at, problem, facts, message_id, settled_how, settled_reason,
              settled_by, settled_at, revision) on inbox_item to centre_user;
revoke insert, update on inbox_item from care_coordinator, placement_coordinator, trusted_assessor, team_lead;
grant update (name, state, tries, tried_at, retry_at, problem, facts, message_id, settled_how, settled_reason) on inbox_item
  to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
create index inbox_item_not_done on inbox_item (source_id) where state <> 'done';

-- Asked as whoever calls it: the policies of both tables answer.
create function reads_original_of(which uuid) returns boolean language sql stable set search_path = public, pg_temp
begin atomic
  select exists (select 1 from message m join original o on o.id = m.original_id where m.id = which);
end;
grant execute on function reads_original_of(uuid) to centre_user;
-- The key is for the reader, of what is to be read again. That of a mail is two numbers.
create view inbox_found with (security_barrier) as
  select i.id, case when i.state in ('reading', 'waiting') then i.key end as key, i.name
  from inbox_item i
  where i.state <> 'done' and (select my_role()) in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead', 'manager')
    and case when i.key not like '%|%' then true
             when i.message_id is null then i.settled_how is distinct from 'newer_version'
             else i.state in ('reading', 'waiting') and reads_original_of(i.message_id) end;
grant select on inbox_found to centre_user;

-- Those of the keys of which nothing is left to read now.
create function inbox_known(of_source uuid, keys text[]) returns setof text language sql security definer
set search_path = public, pg_temp
begin atomic
  select i.key from inbox_item i
  where i.source_id = of_source and i.key = any (keys) and (i.state in ('done', 'refused', 'settled') or i.retry_at > clock_timestamp())
    and my_role() in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead');
end;
-- It is being read from now on; no row when nothing is left to read. ``crashed``: it was being read already.
create function inbox_begin(of_source uuid, of_key text, named text) returns table (id uuid, tries int, crashed boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
  was text;
begin
  if my_role() in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead') is not true then
    raise exception 'no reader' using errcode = 'insufficient_privilege', constraint = 'readers_read_the_inbox';
  end if;
  select i.state into was from inbox_item i where i.source_id = of_source and i.key = of_key for update;
  return query
    insert into inbox_item as i (source_id, key, name, state) values (of_source, of_key, named, 'reading')
    on conflict on constraint inbox_item_once do update
      set state = 'reading', tries = i.tries + 1, tried_at = clock_timestamp(), retry_at = null, name = excluded.name
      where i.state in ('reading', 'waiting')
    returning i.id, i.tries, was is not distinct from 'reading';
end $$;
-- A newer version of a file was taken in: older ones need nobody any more, and are named as it is. One that is a message of
-- somebody hidden stays as it is: what becomes of it would tell its name to whoever guessed it.
create function inbox_supersede(newer uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if my_role() in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead') is not true then
    raise exception 'no reader' using errcode = 'insufficient_privilege', constraint = 'readers_read_the_inbox';
  end if;
  update inbox_item o
  set state = 'settled', retry_at = null, message_id = coalesce(o.message_id, n.message_id),
      settled_how = case when o.state = 'settled' and n.message_id is not null then o.settled_how else 'newer_version' end
  from inbox_item n
  where n.id = newer and n.state in ('done', 'refused') and n.key like '%|%'
    and o.source_id = n.source_id and o.id <> n.id and starts_with(o.key, split_part(n.key, '|', 1) || '|')
    and (o.state in ('reading', 'waiting', 'refused')
         or (o.state = 'settled' and o.settled_how <> 'newer_version' and o.message_id is null
             and (n.state = 'done' or n.message_id is not null)))
    and not exists (select 1 from message m where m.id = o.message_id and original_is_hidden(m.original_id));
end $$;
revoke all on function inbox_known(uuid, text[]), inbox_begin(uuid, text, text), inbox_supersede(uuid) from public;
grant execute on function inbox_known(uuid, text[]), inbox_begin(uuid, text, text), inbox_supersede(uuid) to centre_user;

-- As in 0016; and what names an item stays: its message, unless another was read in the same original, and that a newer version
-- was taken in.
create or replace function guard_inbox_item() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    if old.state = 'done' and new.state <> 'done' then
      raise exception 'taken in already' using errcode = 'check_violation', constraint = 'inbox_done_is_done';
    end if;
    if (new.source_id, new.key, new.found_at) is distinct from (old.source_id, old.key, old.found_at)
       or (old.settled_how = 'newer_version' and new.settled_how is distinct from old.settled_how) then
      raise exception 'another item' using errcode = 'check_violation', constraint = 'inbox_item_stays';
    end if;
    if old.message_id is distinct from new.message_id and (old.state = 'done' or old.message_id is not null) and not exists (
         select 1 from message a join message b using (original_id)
         where a.id = old.message_id and b.id = new.message_id and old.state <> 'done') then
      new.message_id := old.message_id;
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
create function hangs_on_seen_message() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if not exists (select 1 from message m where m.id = new.message_id) then
    raise exception 'not there' using errcode = 'insufficient_privilege', constraint = 'links_to_what_i_see';
  end if;
  return new;
end $$;
create trigger a_message_id_is_seen before update of message_id on inbox_item for each row
  when (new.message_id is not null and new.message_id is distinct from old.message_id) execute function hangs_on_seen_message();

-- What was there before: versions that somebody had settled, of files that were filed since.
alter table inbox_item disable trigger user;
update inbox_item o
set message_id = n.message_id, settled_how = case when n.message_id is null then 'newer_version' else o.settled_how end
from (select distinct on (source_id, thing) source_id, thing, message_id, found_at from (
        select source_id, split_part(key, '|', 1) as thing, message_id, found_at from inbox_item
        where (state = 'done' or message_id is not null) and key like '%|%') d
      order by source_id, thing, found_at desc) n
where o.state = 'settled' and o.message_id is null and o.settled_how <> 'newer_version' and o.key like '%|%'
  and n.source_id = o.source_id and n.thing = split_part(o.key, '|', 1) and n.found_at >= o.found_at;
alter table inbox_item enable trigger user;

-- ---------------------------------------------------------------- turns
-- By rows that nobody can lock but those whose turn it may be: a lock by agreement could be held by anybody who is connected.

-- Making ahead (docs/decisions/made-ahead.md): whoever finds it locked leaves it to whoever holds it.
create table ahead_turn (
  one boolean primary key default true check (one)
);
insert into ahead_turn default values;
alter table ahead_turn enable row level security;
create policy team_leads on ahead_turn to team_lead using ((select my_role()) = 'team_lead');
grant select, update (one) on ahead_turn to team_lead;

-- Promising time of a team's round: one at a time, ten seconds at most.
create table round_turn (
  team_id int primary key references team
);
create function round_alone(of_team int) returns void language plpgsql security definer
set search_path = public, pg_temp set lock_timeout = '10s' as $$
begin
  if my_role() in ('care_coordinator', 'placement_coordinator', 'team_lead') or is_owner() then
    insert into round_turn (team_id) select t.id from team t where t.id = of_team on conflict do nothing;
    perform 1 from round_turn r where r.team_id = of_team for update;
  end if;
end $$;
revoke all on function round_alone(int) from public;
grant execute on function round_alone(int) to centre_user;

-- Sweeping up after desks that died: whoever comes by takes what nobody else is at, and nobody deletes another's mark otherwise.
create function sweep_presence() returns void language sql security definer set search_path = public, pg_temp
begin atomic
  with dead as (
    select p.desk, p.area, p.record from presence p
    where p.seen_at < now() - interval '1 minute' and my_role() is not null for update skip locked)
  delete from presence p using dead d where p.desk = d.desk and p.area = d.area and p.record = d.record;
end;
revoke all on function sweep_presence() from public;
grant execute on function sweep_presence() to centre_user;
alter policy my_own_go on presence using (user_name = session_user);
