-- What really happened at a visit (D5), the steps when nobody was found, and visits that nobody made.

-- A visit that nobody made is not one that somebody cancelled. What waits for the commit would keep the table from being
-- altered, when earlier steps ran in the same transaction.
set constraints all immediate;
set constraints all deferred;
alter table visit drop constraint visit_state_check;
alter table visit add constraint visit_state_check
  check (state in ('planned', 'done', 'no_access', 'declined', 'cancelled', 'moved', 'missed'));

-- ---------------------------------------------------------------- data: resources/reference/outcomes.toml, no_access.toml

create table outcome_reason (
  code text primary key check (code ~ '^[a-z0-9_]{2,40}$'),
  outcome text not null check (outcome in ('no_access', 'declined', 'cancelled', 'missed', 'moved')),
  name text not null check (name <> '' and length(name) <= 120),
  asks_words boolean not null default false,
  position smallint not null,
  constraint outcome_reason_of_its_outcome unique (code, outcome)
);

create table no_access_protocol (
  code text primary key check (code ~ '^[a-z0-9_]{2,40}$'),
  name text not null check (name <> '' and length(name) <= 120),
  hint text not null default '' check (length(hint) <= 300),
  who text not null check (who in ('worker', 'coordinator', 'team_lead')),
  minutes smallint not null check (minutes between 0 and 1440),
  minutes_urgent smallint not null,
  only_urgent boolean not null default false,
  position smallint not null,
  constraint no_access_urgent_is_sooner check (minutes_urgent between 0 and minutes)
);

create table no_access_ending (
  code text primary key check (code ~ '^[a-z0-9_]{2,40}$'),
  name text not null unique check (name <> '' and length(name) <= 120),
  needs_all_steps boolean not null default false,
  asks_words boolean not null default false,
  position smallint not null
);

-- ---------------------------------------------------------------- what happened

create table visit_outcome (
  visit_id uuid primary key references visit,
  outcome text not null check (outcome in ('done', 'no_access', 'declined', 'cancelled', 'moved', 'missed')),
  reason text,
  words text not null default '' check (length(words) <= 2000),
  began timestamptz,                                 -- null: as planned, or not known
  ended timestamptz,
  from_paper boolean not null default false,         -- entered late, from the sheet
  moved_to uuid constraint visit_outcome_moved_once unique references visit,
  entered_by text not null default session_user,
  entered_at timestamptz not null default now(),
  revision int not null default 1,
  constraint visit_outcome_reason_fits foreign key (reason, outcome) references outcome_reason (code, outcome),
  constraint visit_outcome_says_why check (outcome = 'done' or reason is not null or btrim(words) <> ''),
  constraint visit_outcome_times_in_order check (
    (ended is null or began is not null) and ended > began and ended - began <= interval '12 hours'),
  constraint visit_outcome_somebody_was_there check (began is null or outcome in ('done', 'no_access', 'declined')),
  constraint visit_outcome_moved_is_moved check (moved_to is null or (outcome = 'moved' and moved_to <> visit_id))
);

-- What it said before it was corrected or taken back. Only ever added to, by the database.
create table visit_outcome_former (
  id uuid primary key default uuidv7(),
  visit_id uuid not null references visit,
  outcome text not null,
  reason text,
  words text not null,
  began timestamptz,
  ended timestamptz,
  from_paper boolean not null,
  moved_to uuid,
  entered_by text not null,
  entered_at timestamptz not null,
  replaced_at timestamptz not null default clock_timestamp(),
  replaced_by text not null default session_user
);
create index visit_outcome_former_visit on visit_outcome_former (visit_id, replaced_at);

-- ---------------------------------------------------------------- nobody was found

create table no_access_case (
  id uuid primary key default uuidv7(),
  visit_id uuid not null references visit,
  since timestamptz not null,                        -- when nobody was found: the steps are due from here
  urgent boolean not null,
  owner text references user_account,                -- null: nobody has taken it; every lead of the team is asked
  opened_at timestamptz not null default clock_timestamp(),
  opened_by text not null default session_user,
  ending text references no_access_ending,
  ending_words text not null default '' check (length(ending_words) <= 2000),
  ended_at timestamptz,
  ended_by text,
  revision int not null default 1,
  constraint no_access_ending_is_whole check (
    (ending is null) = (ended_at is null) and (ended_at is null) = (ended_by is null)
    and (ending is not null or ending_words = ''))
);
create unique index no_access_one_open_a_visit on no_access_case (visit_id) where ended_at is null;
create index no_access_case_visit on no_access_case (visit_id);

create table no_access_step (
  case_id uuid not null references no_access_case,
  code text not null,
  position smallint not null,
  name text not null,                                -- as the protocol said when the case opened
  hint text not null default '',
  who text not null check (who in ('worker', 'coordinator', 'team_lead')),
  due timestamptz not null,
  owner text references user_account,                -- who is doing it: one person, or nobody yet
  owner_since timestamptz,
  done_at timestamptz,
  done_by text,
  words text not null default '' check (length(words) <= 2000),
  revision int not null default 1,
  primary key (case_id, code),
  constraint no_access_done_is_whole check (
    (done_at is null) = (done_by is null) and (done_at is not null or words = '')),
  constraint no_access_done_says_what check (done_at is null or btrim(words) <> ''),
  constraint no_access_owner_is_whole check ((owner is null) = (owner_since is null))
);
create index no_access_step_open on no_access_step (due) where done_at is null;

-- The way that a case went, kept by the database.
create table no_access_event (
  id uuid primary key default uuidv7(),
  case_id uuid not null references no_access_case,
  at timestamptz not null default clock_timestamp(),
  by_user text not null default session_user,
  what text not null check (what in ('opened', 'owner', 'ended', 'reopened', 'taken', 'left', 'done', 'undone')),
  step text,
  words text not null default ''
);
create index no_access_event_case on no_access_event (case_id, at);

-- ---------------------------------------------------------------- what is refused, and what follows by itself

create function guard_visit_outcome() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare v visit;
begin
  select * into v from visit where id = new.visit_id;
  if new.reason is not null and btrim(new.words) = '' and not is_owner()
     and (select r.asks_words from outcome_reason r where r.code = new.reason) then
    raise exception 'say more' using errcode = 'check_violation', constraint = 'visit_outcome_reason_asks_words';
  end if;
  if greatest(new.began, new.ended) > clock_timestamp() + interval '5 minutes' then
    raise exception 'not yet' using errcode = 'check_violation', constraint = 'visit_outcome_not_ahead';
  end if;
  -- A late evening may run over midnight; a morning does not begin the day before.
  if new.began < (v.day::timestamp at time zone 'Europe/London')
     or new.began >= ((v.day + 1)::timestamp at time zone 'Europe/London') + interval '4 hours' then
    raise exception 'another day' using errcode = 'check_violation', constraint = 'visit_outcome_on_its_day';
  end if;
  return new;
end $$;
create trigger guard before insert or update on visit_outcome for each row execute function guard_visit_outcome();
create trigger stamp before insert or update on visit_outcome
  for each row execute function stamp('entered_by', 'entered_at', 'again');

-- Visit and outcome say the same when the transaction is over.
create function visit_outcome_agrees() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select 1 from visit_outcome o join visit v on v.id = o.visit_id
             where o.visit_id = new.visit_id and o.outcome <> v.state) then
    raise exception 'visit says otherwise' using errcode = 'check_violation', constraint = 'visit_outcome_is_the_visits';
  end if;
  return null;
end $$;
create constraint trigger agrees after insert or update on visit_outcome
  deferrable initially deferred for each row execute function visit_outcome_agrees();

create function keep_former_outcome() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'DELETE' or (old.outcome, old.reason, old.words, old.began, old.ended, old.from_paper, old.moved_to)
       is distinct from (new.outcome, new.reason, new.words, new.began, new.ended, new.from_paper, new.moved_to) then
    insert into visit_outcome_former
      (visit_id, outcome, reason, words, began, ended, from_paper, moved_to, entered_by, entered_at)
    values (old.visit_id, old.outcome, old.reason, old.words, old.began, old.ended, old.from_paper, old.moved_to,
            old.entered_by, old.entered_at);
  end if;
  return null;
end $$;
create trigger keep_former after update or delete on visit_outcome
  for each row execute function keep_former_outcome();

-- A case for a visit at which nobody was found, with the steps of the protocol. The one place where they get their times.
create function open_no_access_case(which uuid, found_at timestamptz, with_owner text default null) returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  made uuid; is_urgent boolean;
begin
  select v.time_critical or p.risk_tier in ('very_high', 'high') into is_urgent
  from visit v join person p on p.id = v.person_id where v.id = which;
  insert into no_access_case (visit_id, since, urgent, owner) values (which, found_at, is_urgent, with_owner)
  returning id into made;
  insert into no_access_step (case_id, code, position, name, hint, who, due)
  select made, k.code, k.position, k.name, k.hint, k.who,
         found_at + make_interval(mins => case when is_urgent then k.minutes_urgent else k.minutes end)
  from no_access_protocol k where is_urgent or not k.only_urgent;
  insert into no_access_event (case_id, what) values (made, 'opened');
  return made;
end $$;

-- Whoever ends a visit, and from wherever: its outcome is kept, and a case opens when nobody was found.
create function follow_visit_state() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.state = 'planned' then
    delete from visit_outcome where visit_id = new.id;
    -- Opened again before anybody did anything about it: it was a mistake. Once a step is done, only an ending ends it.
    update no_access_case c set ending = 'taken_back'
    where c.visit_id = new.id and c.ended_at is null
      and not exists (select 1 from no_access_step s where s.case_id = c.id and s.done_at is not null);
    return null;
  end if;
  if new.dropped then
    return null;                                     -- its pattern no longer has it: nothing happened
  end if;
  insert into visit_outcome (visit_id, outcome, words) values (new.id, new.state, new.state_reason)
  on conflict (visit_id) do update set outcome = excluded.outcome, words = excluded.words, reason = null,
      moved_to = null, began = null, ended = null, revision = visit_outcome.revision + 1
    where visit_outcome.outcome <> excluded.outcome;
  if new.state = 'no_access' and not exists (
      select 1 from no_access_case c where c.visit_id = new.id and c.ended_at is null) then
    update no_access_case c set ending = null where c.id = (
      select t.id from no_access_case t where t.visit_id = new.id and t.ending = 'taken_back'
      order by t.opened_at desc limit 1);
    if not found then
      perform open_no_access_case(new.id,
        least(coalesce((select o.began from visit_outcome o where o.visit_id = new.id), clock_timestamp()), clock_timestamp()),
        case when my_role() = 'team_lead' then session_user::text end);
    end if;
  end if;
  return null;
end $$;
-- A visit that its pattern no longer has ("dropped") was never to be, so it has no outcome.
create trigger follow_state after update of state on visit
  for each row when (old.state is distinct from new.state and not (old.dropped or new.dropped))
  execute function follow_visit_state();

create function guard_no_access_case() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare
  asked no_access_ending;
begin
  if new.ending is not distinct from old.ending then
    if old.ending is not null and (new.owner, new.ending_words) is distinct from (old.owner, old.ending_words) then
      raise exception 'ended' using errcode = 'check_violation', constraint = 'no_access_case_is_open';
    end if;
    new.ended_at := old.ended_at;
    new.ended_by := old.ended_by;
    return new;
  end if;
  if new.ending is null then
    new.ending_words := '';
    new.ended_at := null;
    new.ended_by := null;
    return new;
  end if;
  if old.ending is not null then
    raise exception 'ended' using errcode = 'check_violation', constraint = 'no_access_case_is_open';
  end if;
  select * into asked from no_access_ending where code = new.ending;
  if asked.needs_all_steps and exists (select 1 from no_access_step s where s.case_id = new.id and s.done_at is null) then
    raise exception 'steps are open' using errcode = 'check_violation', constraint = 'no_access_steps_are_done';
  end if;
  if asked.asks_words and btrim(new.ending_words) = '' then
    raise exception 'say more' using errcode = 'check_violation', constraint = 'no_access_ending_asks_words';
  end if;
  if new.ending = 'taken_back' and exists (select 1 from visit v where v.id = new.visit_id and v.state = 'no_access') then
    raise exception 'nobody was found' using errcode = 'check_violation', constraint = 'no_access_is_not_taken_back';
  end if;
  new.ended_at := clock_timestamp();
  new.ended_by := session_user;
  return new;
end $$;
create trigger guard before update on no_access_case for each row execute function guard_no_access_case();

create function record_no_access_case() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if old.ending is distinct from new.ending then
    insert into no_access_event (case_id, what, words)
    values (new.id, case when new.ending is null then 'reopened' else 'ended' end, coalesce(new.ending, old.ending));
  end if;
  if old.owner is distinct from new.owner then
    insert into no_access_event (case_id, what, words) values (new.id, 'owner', coalesce(new.owner, ''));
  end if;
  return null;
end $$;
create trigger record_event after update on no_access_case for each row execute function record_no_access_case();

create function guard_no_access_step() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  perform 1 from no_access_case c where c.id = new.case_id and c.ended_at is null for share;
  if not found then
    raise exception 'ended' using errcode = 'check_violation', constraint = 'no_access_case_is_open';
  end if;
  if new.done_at is distinct from old.done_at then
    if new.owner is not distinct from old.owner and old.owner <> session_user and not is_owner() then
      raise exception 'another does it' using errcode = 'check_violation', constraint = 'no_access_step_is_anothers';
    end if;
    if new.done_at > clock_timestamp() + interval '5 minutes' then
      raise exception 'not yet' using errcode = 'check_violation', constraint = 'no_access_done_not_ahead';
    end if;
    new.done_by := case when new.done_at is not null then session_user::text end;
    if new.done_at is not null then
      new.owner := session_user;
    else
      new.words := '';
    end if;
  end if;
  -- Nobody is given a step: whoever does it takes it.
  if new.owner is distinct from old.owner then
    if new.owner is not null and new.owner <> session_user and not is_owner() then
      raise exception 'for oneself' using errcode = 'check_violation', constraint = 'no_access_step_for_oneself';
    end if;
    new.owner_since := case when new.owner is not null then clock_timestamp() end;
  end if;
  return new;
end $$;
create trigger guard before update on no_access_step for each row execute function guard_no_access_step();

create function record_no_access_step() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if old.done_at is distinct from new.done_at then
    insert into no_access_event (case_id, what, step, words)
    values (new.case_id, case when new.done_at is null then 'undone' else 'done' end, new.code,
            case when new.done_at is null then old.words else new.words end);
  elsif old.owner is distinct from new.owner then
    insert into no_access_event (case_id, what, step)
    values (new.case_id, case when new.owner is null then 'left' else 'taken' end, new.code);
  end if;
  return null;
end $$;
create trigger record_event after update on no_access_step for each row execute function record_no_access_step();

-- What happened stays, whoever asks.
create function keep_no_access() returns trigger language plpgsql as $$
begin
  raise exception 'it is kept' using errcode = 'insufficient_privilege', constraint = 'no_access_is_kept';
end $$;
create trigger keep before delete on no_access_case for each statement execute function keep_no_access();
create trigger keep before delete on no_access_step for each statement execute function keep_no_access();
create trigger keep before update or delete on no_access_event for each statement execute function keep_no_access();
create trigger keep before update or delete on visit_outcome_former for each statement execute function keep_no_access();
do $$
declare t text;
begin
  foreach t in array array['no_access_case', 'no_access_step', 'no_access_event', 'visit_outcome_former'] loop
    execute format('create trigger keep_all before truncate on %I for each statement execute function keep_no_access()', t);
  end loop;
end $$;

-- ---------------------------------------------------------------- who may see and do what

alter table visit_outcome enable row level security;
alter table visit_outcome_former enable row level security;
alter table no_access_case enable row level security;
alter table no_access_step enable row level security;
alter table no_access_event enable row level security;
create policy shared_with_me on visit_outcome to centre_user
  using (exists (select 1 from visit v where v.id = visit_id));
create policy shared_with_me on visit_outcome_former for select to centre_user
  using (exists (select 1 from visit v where v.id = visit_id));
create policy shared_with_me on no_access_case to centre_user
  using (exists (select 1 from visit v where v.id = visit_id));
create policy shared_with_me on no_access_step to centre_user
  using (exists (select 1 from no_access_case c where c.id = case_id));
create policy shared_with_me on no_access_event for select to centre_user
  using (exists (select 1 from no_access_case c where c.id = case_id));

create trigger strangers before insert or update or delete on outcome_reason
  for each statement execute function refuse_strangers();
create trigger strangers before insert or update or delete on no_access_protocol
  for each statement execute function refuse_strangers();
create trigger strangers before insert or update or delete on no_access_ending
  for each statement execute function refuse_strangers();

create trigger watch after insert or update or delete on visit_outcome
  for each row execute function audit.watch('deployment', 'visit_id', '');
create trigger watch after insert or update or delete on no_access_case
  for each row execute function audit.watch('outcomes', 'id', '');
create trigger watch after insert or update or delete on no_access_step
  for each row execute function audit.watch('outcomes', 'case_id', '');

grant select on outcome_reason, no_access_protocol, no_access_ending, visit_outcome, visit_outcome_former,
  no_access_case, no_access_step, no_access_event to centre_user;
grant insert (visit_id, outcome, reason, words, began, ended, from_paper, moved_to, revision),
      update (outcome, reason, words, began, ended, from_paper, moved_to, revision) on visit_outcome
  to care_coordinator, team_lead, trusted_assessor;
grant update (owner, ending, ending_words, revision) on no_access_case to care_coordinator, team_lead;
grant update (owner, done_at, words, revision) on no_access_step to care_coordinator, team_lead;
grant insert, update on outcome_reason, no_access_protocol, no_access_ending to administrator;
