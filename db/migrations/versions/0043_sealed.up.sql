-- The audit trail is sealed (R4): entries are bound together in batches, each batch to the one before it. Whoever alters,
-- removes or adds a row afterwards breaks a seal, and the latest seal, kept elsewhere, cannot be rewritten with it.

create table audit.seal (
  number bigint primary key check (number >= 1),
  sealed_at timestamptz not null default clock_timestamp(),
  sealed_by text not null default session_user,
  ids bigint[] not null check (cardinality(ids) > 0),  -- ascending; all of them above those of the seal before
  digests bytea not null,                              -- 32 bytes an entry, in the order of ids
  before bytea not null check (length(before) = 32),   -- the digest of the seal before; zeros for the first
  digest bytea not null check (length(digest) = 32),
  check (length(digests) = 32 * cardinality(ids))
);

create trigger seal_append_only before update or delete on audit.seal
  for each row execute function audit.refuse_change();
create trigger seal_no_truncate before truncate on audit.seal
  for each statement execute function audit.refuse_change();

alter table audit.seal enable row level security;
create policy reading on audit.seal for select to ig_lead, administrator
  using ((select my_role()) in ('ig_lead', 'administrator'));
grant select on audit.seal to ig_lead, administrator;

-- One entry, one seal, as text. db/audit.py writes the same text in a language of its own, so that a function altered here
-- is found out too. Times are microseconds, whatever the session's zone.
create function audit.entry_text(e audit.entry) returns text language sql stable set search_path = pg_catalog as $$
  select jsonb_build_array(e.id, (extract(epoch from e.at) * 1000000)::bigint, e.transaction::text, e.actor, e.role,
                           e.action, e.area, e.record, e.person_id, e.columns)::text
$$;

create function audit.seal_text(s audit.seal) returns text language sql stable set search_path = pg_catalog as $$
  select jsonb_build_array(s.number, (extract(epoch from s.sealed_at) * 1000000)::bigint, s.sealed_by, s.ids,
                           encode(s.digests, 'hex'), encode(s.before, 'hex'))::text
$$;

-- Seal what came since the last seal, 2,000 entries at most, and say its number. Null where there is nothing to seal, or
-- where somebody writes or seals for too long just now: the next call will do it.
-- The lock waits for transactions that have written entries, and is had for moments. Whoever writes later is given a higher
-- id: a row that turns up among the sealed ones was never written by this program.
create function audit.seal_up() returns bigint
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
grant execute on function audit.seal_up() to centre_user;
