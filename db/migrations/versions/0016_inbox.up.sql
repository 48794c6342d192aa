-- Messages that arrive by themselves: watched folders and mailboxes (E1). Read once, never deleted.

-- Where to look. Shared by all desks; no password stands here, and none may.
create table inbox_source (
  id uuid primary key,
  kind text not null check (kind in ('folder', 'imap')),
  name text not null check (name = btrim(name) and length(name) between 1 and 100),
  folder text not null check (folder <> '' and length(folder) <= 1000),  -- a path, or a folder of the mailbox
  host text not null default '' check (length(host) <= 253),
  port int check (port between 1 and 65535),
  user_name text not null default '' check (length(user_name) <= 320),
  security text check (security in ('tls', 'starttls', 'plain')),
  plain_reason text not null default '' check (length(plain_reason) <= 500),
  since date,                                          -- mails that came before are left alone
  every_seconds int not null default 60 check (every_seconds between 10 and 3600),
  active boolean not null default true,
  changed_at timestamptz not null default now(),
  changed_by text not null default session_user,
  revision int not null default 1,
  constraint inbox_source_whole check (case kind
    when 'imap' then host <> '' and port is not null and user_name <> '' and security is not null
    else host = '' and port is null and user_name = '' and security is null and since is null end),
  -- A password goes in clear only within this machine, or where somebody has said why.
  constraint inbox_plain_has_reason check (security is distinct from 'plain' or host in ('localhost', '127.0.0.1', '::1')
                                           or length(btrim(plain_reason)) >= 10)
);
create unique index inbox_source_named on inbox_source (lower(name));
create unique index inbox_source_place on inbox_source (kind, lower(host), coalesce(port, 0), user_name, folder);

-- How far each has been read, by whom just now, and what is in the way. Not audited: it moves with every look.
create table inbox_state (
  source_id uuid primary key references inbox_source,
  holder uuid,                                         -- one run of the reader; its lease runs out when it dies
  held_by text,
  lease_until timestamptz,
  looked_at timestamptz,
  good_at timestamptz,
  next_at timestamptz,
  look_asked_at timestamptz,
  problem text not null default '' check (length(problem) <= 60),
  facts jsonb not null default '{}',
  failures int not null default 0,
  given_up boolean not null default false,             -- not tried again by itself: a refused password locks accounts
  tried_revision int,                                  -- of the source, when it was last tried
  uid_validity bigint,
  uid_done bigint not null default 0,
  read_count bigint not null default 0,                -- messages that came of it: counting them would read them all
  constraint inbox_state_held check ((holder is null) = (lease_until is null))
);

-- What was found there. ``key`` names one mail or one version of one file for ever.
create table inbox_item (
  id uuid primary key default uuidv7(),
  source_id uuid not null references inbox_source,
  key text not null check (length(key) between 1 and 1200),
  name text not null default '' check (length(name) <= 300),  -- kept until the message has it
  state text not null check (state in ('reading', 'waiting', 'done', 'refused', 'settled')),
  tries int not null default 1,
  found_at timestamptz not null default now(),
  tried_at timestamptz not null default now(),
  retry_at timestamptz,
  problem text not null default '' check (length(problem) <= 60),
  facts jsonb not null default '{}',
  message_id uuid references message,
  settled_how text check (settled_how in ('by_hand', 'set_aside', 'newer_version')),
  settled_reason text not null default '' check (length(settled_reason) <= 1000),
  settled_by text,
  settled_at timestamptz,
  revision int not null default 1,
  constraint inbox_item_once unique (source_id, key),
  constraint inbox_waits_until check ((state = 'waiting') = (retry_at is not null)),
  constraint inbox_settled_how check ((state = 'settled') = (settled_how is not null)),
  constraint inbox_set_aside_has_reason check (settled_how is distinct from 'set_aside' or btrim(settled_reason) <> ''),
  constraint inbox_refused_has_problem check (state <> 'refused' or problem <> '')
);
create index inbox_item_open on inbox_item (source_id, state) where state in ('reading', 'waiting', 'refused');
create index inbox_item_message on inbox_item (message_id) where message_id is not null;

-- What has been taken in stays so, what was found stays what it was, and who settled it is the database's to say.
create function guard_inbox_item() returns trigger language plpgsql set search_path = public, pg_temp as $$
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
create trigger guard before insert or update on inbox_item for each row execute function guard_inbox_item();

-- Who reads is said by the login; desks hear of what a person would want to see, not of every look.
create function keep_inbox_state() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' or new.holder is distinct from old.holder then
    new.held_by := case when new.holder is not null then session_user end;
  end if;
  if tg_op = 'INSERT' or (new.problem, new.holder, new.given_up, new.look_asked_at)
                         is distinct from (old.problem, old.holder, old.given_up, old.look_asked_at) then
    perform pg_notify('centre', 'messages:' || new.source_id);
  end if;
  return new;
end $$;
create trigger keep before insert or update on inbox_state for each row execute function keep_inbox_state();

create trigger stamp before insert or update on inbox_source
  for each row execute function stamp('changed_by', 'changed_at', 'again');
create trigger strangers before insert or update or delete on inbox_source
  for each statement execute function refuse_strangers();
create trigger strangers before insert or update or delete on inbox_state
  for each statement execute function refuse_strangers();
create trigger watch after insert or update or delete on inbox_source
  for each row execute function audit.watch('messages', 'id', '');
create trigger watch after insert or update or delete on inbox_item
  for each row execute function audit.watch('messages', 'id', '');

-- A name of a file may be somebody's. What became of it is the message's to show, under the message's policy.
alter table inbox_item enable row level security;
create policy reading on inbox_item to centre_user using ((select my_role()) not in ('administrator'));

grant select on inbox_source, inbox_state, inbox_item to centre_user;
grant insert, update on inbox_source to administrator, manager;
grant insert (source_id, look_asked_at, given_up), update (look_asked_at, given_up) on inbox_state to administrator, manager;
grant insert, update on inbox_state, inbox_item to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
