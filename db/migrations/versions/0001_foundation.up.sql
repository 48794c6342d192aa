-- Roles, reference data, who may sign in, and the audit trail. Everything later stands on these.

-- Roles belong to the whole server, so several databases on one server share them.
do $$
declare r text;
begin
  foreach r in array array['centre_user', 'care_coordinator', 'placement_coordinator', 'team_lead',
                           'trusted_assessor', 'manager', 'ig_lead', 'administrator'] loop
    begin
      execute format('create role %I nologin', r);
    exception when duplicate_object or unique_violation then null;  -- another database of this server made it
    end;
    if r <> 'centre_user' and not pg_has_role(r, 'centre_user', 'member') then
      execute format('grant centre_user to %I', r);
    end if;
  end loop;
end $$;

revoke all on schema public from public;
grant usage on schema public to centre_user;
do $$ begin execute format('revoke all on database %I from public; grant connect on database %I to centre_user',
                           current_database(), current_database()); end $$;
-- PostgreSQL lets everyone run a new function; here nobody may unless it is granted.
alter default privileges revoke execute on functions from public;

-- Large objects know no row security and no audit. Where the server belongs to somebody else, it is theirs to say.
do $$
begin
  revoke execute on function lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea) from public;
exception when insufficient_privilege then null;
end $$;

create schema audit;
grant usage on schema audit to centre_user;

-- ---------------------------------------------------------------- small pure functions

-- One spelling of a name to compare by: no case, no accents, no punctuation. The only place where this is decided.
create function fold(name text) returns text language sql immutable strict parallel safe
return translate(
  regexp_replace(casefold(normalize(name, NFKD)), '[^[:alnum:]]', '', 'g'),
  'łøđðħıŧ', 'lodohit');

-- The digits that identify a British number (the same rule as coordination.values.phone_key).
create function phone_key(phone text) returns text language sql immutable strict parallel safe
return (
  select case when length(d.digits) >= 6 then right(d.digits, 10) end
  from (select ltrim(case when length(raw.digits) > 10 then regexp_replace(raw.digits, '^(00)?44', '') else raw.digits end, '0')
          as digits
        from (select regexp_replace(phone, '\D', '', 'g') as digits) raw) d);

create function nhs_number_holds(digits text) returns boolean language sql immutable strict parallel safe
return digits ~ '^[0-9]{10}$' and (
  select case 11 - s.total % 11 when 11 then 0 else 11 - s.total % 11 end = substr(digits, 10, 1)::int
  from (select sum(substr(digits, i, 1)::int * (11 - i)) as total from generate_series(1, 9) i) s);

grant execute on function fold(text), phone_key(text), nhs_number_holds(text) to centre_user;

-- ---------------------------------------------------------------- places (P1) and reference data

create table locality (
  code text primary key check (code in ('north', 'central', 'south')),
  name text not null unique,
  centre_open boolean not null default true          -- E4: a centre can be switched on by itself
);

create table neighbourhood (
  id smallint primary key check (id between 1 and 12),
  name text not null unique,
  locality text not null references locality
);

create table ward (
  code text primary key,                             -- ONS code, such as E05000687
  name text not null unique,
  neighbourhood_id smallint not null references neighbourhood,
  lat double precision not null check (lat between 49 and 61),
  lon double precision not null check (lon between -9 and 2),
  outline jsonb                                      -- GeoJSON geometry, when it has been imported
);

create table practice (
  code text primary key check (code ~ '^[A-Z0-9]{3,8}$'),
  name text not null,
  address text not null default '',
  postcode text,
  phone text,
  neighbourhood_id smallint references neighbourhood,
  active boolean not null default true,
  opened_on date,
  closed_on date,
  invented boolean not null default false            -- part of the training city, not of the world
);

create table postcode (
  postcode text primary key,
  ward_code text references ward,
  lat double precision not null,
  lon double precision not null
);
create index postcode_ward on postcode (ward_code);

create table hospital (
  code text primary key,
  name text not null unique,
  lat double precision not null,
  lon double precision not null
);

create table reference_import (
  id uuid primary key default uuidv7(),
  kind text not null check (kind in ('practices', 'postcodes', 'ward_outlines')),
  file_name text not null,
  sha256 bytea not null,
  imported_at timestamptz not null default now(),
  imported_by text not null default session_user,
  added int not null, changed int not null, retired int not null, unchanged int not null, refused int not null
);

-- What a referral can be for. Health follows the practice, social care the residence (P2).
create table service (
  code text primary key,
  name text not null unique,
  side text not null check (side in ('health', 'social_care', 'both')),
  position smallint not null
);

create table setting (
  name text primary key,
  value jsonb not null
);

-- ---------------------------------------------------------------- teams and who may sign in

create table team (
  id int primary key generated by default as identity,
  name text not null unique,
  service text not null references service,
  locality text references locality,
  phone text
);

create table user_account (
  user_name text primary key check (user_name ~ '^[a-z][a-z0-9._-]{1,62}$'),
  display_name text not null check (display_name <> ''),
  role text not null check (role in ('care_coordinator', 'placement_coordinator', 'team_lead', 'trusted_assessor',
                                     'manager', 'ig_lead', 'administrator')),
  locality text references locality,
  team_id int references team,
  active boolean not null default true,
  training boolean not null default false,
  created_at timestamptz not null default now(),
  revision int not null default 1
);

-- Who is asking. session_user cannot be changed by a client, unlike current_user or a setting.
-- An account whose role the login has not been granted has no role at all: the two never disagree.
create function my_role() returns text language sql stable security definer set search_path = public, pg_temp
return (select role from user_account where user_name = session_user and active and pg_has_role(session_user, role, 'member'));
create function my_team() returns int language sql stable security definer set search_path = public, pg_temp
return (select team_id from user_account where user_name = session_user and active);
-- Loading, importing and migrating run as the owner; what is asked of a user is not asked of it.
create function is_owner() returns boolean language sql stable security definer set search_path = public, pg_temp
return pg_has_role(session_user, (select datdba from pg_database where datname = current_database()), 'usage');
grant execute on function my_role(), my_team(), is_owner() to centre_user;

-- Who did it, and when, are the database's to say: written once, from the login, whatever the client sends.
-- Arguments: the column of who, the column of when ('' for none), 'again' where each change is a new deed.
create function stamp() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  who text := tg_argv[0]; at text := tg_argv[1]; was jsonb;
begin
  if is_owner() then
    return new;
  end if;
  if tg_op = 'INSERT' or tg_nargs > 2 then
    was := jsonb_build_object(who, session_user, at, now());
  else
    was := jsonb_build_object(who, to_jsonb(old) -> who, at, to_jsonb(old) -> at);
  end if;
  return jsonb_populate_record(new, was - '');
end $$;

-- For tables without row security: a login that has been switched off changes nothing there either.
create function refuse_strangers() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if my_role() is null and not is_owner() then
    raise exception 'no such user' using errcode = 'insufficient_privilege', constraint = 'user_is_active';
  end if;
  return null;
end $$;

alter table user_account enable row level security;
-- Colleagues are seen by name (who has claimed this?); nobody but an administrator changes them.
create policy colleagues on user_account for select to centre_user using ((select my_role()) is not null);
create policy administration on user_account for all to administrator using ((select my_role()) = 'administrator')
  with check ((select my_role()) = 'administrator' and user_name <> session_user);

-- ---------------------------------------------------------------- audit (R4): identifiers, never content

create table audit.entry (
  id bigint primary key generated always as identity,
  at timestamptz not null default clock_timestamp(),
  transaction xid8 not null default pg_current_xact_id(),
  actor text not null default session_user,
  role text,
  action text not null check (action in ('insert', 'update', 'delete', 'view', 'print', 'export', 'sign_in', 'load')),
  area text not null,
  record text not null,
  person_id uuid,
  columns text[]
);
create index entry_person on audit.entry (person_id, at) where person_id is not null;
create index entry_actor on audit.entry (actor, at);

create function audit.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is append-only'
    using errcode = 'insufficient_privilege', constraint = 'audit_is_append_only';
end $$;
create trigger entry_append_only before update or delete on audit.entry
  for each row execute function audit.refuse_change();
create trigger entry_no_truncate before truncate on audit.entry
  for each statement execute function audit.refuse_change();

alter table audit.entry enable row level security;
create policy reading on audit.entry for select to ig_lead using ((select my_role()) = 'ig_lead');
grant select on audit.entry to ig_lead;

-- The trigger of every table of personal data: one audit entry, one notification on commit (ids only).
-- Arguments: area, key column, person column ('' when the row has none).
create function audit.watch() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  was jsonb; is_now jsonb; row_now jsonb; changed text[];
begin
  if tg_op <> 'INSERT' then was := to_jsonb(old); end if;
  if tg_op <> 'DELETE' then is_now := to_jsonb(new); end if;
  row_now := coalesce(is_now, was);
  if tg_op = 'UPDATE' then
    select array_agg(n.key order by n.key) into changed
    from jsonb_each(is_now) n where n.value is distinct from was -> n.key;
  end if;
  insert into audit.entry (role, action, area, record, person_id, columns)
  values (my_role(), lower(tg_op), tg_table_name, row_now ->> tg_argv[1],
          (row_now ->> nullif(tg_argv[2], ''))::uuid, changed);
  perform pg_notify('centre', tg_argv[0] || ':' || (row_now ->> tg_argv[1]));
  return null;
end $$;

-- What a trigger cannot see: that a record was opened, printed or exported, and that somebody signed in.
create function audit.note(what text, in_area text, of_record text, about uuid default null) returns void
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
grant execute on function audit.note(text, text, text, uuid) to centre_user;

create trigger watch after insert or update or delete on user_account
  for each row execute function audit.watch('governance', 'user_name', '');

-- Creating the login belongs with creating the account: an administrator needs no server rights for it.
-- The verifier is computed by the client (SCRAM), so that no password ever reaches the server or its log.
create function create_login(name text, verifier text, display text, as_role text, at_locality text, in_team int)
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
grant execute on function create_login(text, text, text, text, text, int) to administrator;

grant select on locality, neighbourhood, ward, practice, postcode, hospital, reference_import, service, setting, team,
  user_account to centre_user;
grant insert, update on ward, practice, postcode, hospital, service, setting, team, locality, neighbourhood to administrator;
grant insert on reference_import to administrator;
grant update (display_name, role, locality, team_id, active, revision) on user_account to administrator;

create trigger stamp before insert or update on reference_import
  for each row execute function stamp('imported_by', 'imported_at');
do $$
declare t text;
begin
  foreach t in array array['locality', 'neighbourhood', 'ward', 'practice', 'postcode', 'hospital', 'service', 'setting',
                           'team', 'reference_import'] loop
    execute format('create trigger strangers before insert or update or delete on %I'
                   ' for each statement execute function refuse_strangers()', t);
  end loop;
end $$;
