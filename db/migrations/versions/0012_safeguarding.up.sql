-- The path of a safeguarding concern (E3), what the rules of triage suggested, and referrals that nobody in the city is
-- responsible for (P2).

-- What may be decided. Data: resources/reference/safeguarding.toml.
create table safeguarding_decision (
  code text primary key check (code ~ '^[a-z0-9_]{2,40}$'),
  name text not null unique,
  asks_reason boolean not null default true,
  position smallint not null
);

create table safeguarding_concern (
  id uuid primary key,
  number bigint generated always as identity unique,
  referral_id uuid constraint safeguarding_one_a_referral unique references referral,  -- null: raised from the record
  person_id uuid references person,                  -- null while nobody knows whom it is about
  stage text not null default 'raised' check (stage in ('raised', 'looking', 'decided')),
  -- As it was said when it was raised, and so for good; what is learnt later stands beside it.
  seen_or_said text not null constraint safeguarding_says_what check (seen_or_said <> '' and length(seen_or_said) <= 20000),
  found text not null default '' check (length(found) <= 20000),          -- what looking into it brought
  danger text not null default 'not_known' check (danger in ('yes', 'no', 'not_known')),
  made_safe text not null default '' check (length(made_safe) <= 4000),   -- what was done at once
  consent text not null default '' check (length(consent) <= 4000),       -- what the person knows, wants and can decide
  owner text not null references user_account,       -- never null: a concern is never just queued
  owner_since timestamptz not null default clock_timestamp(),
  involved text[] not null default '{}',             -- whoever raised it or has ever had it, by the database
  reason text not null default '' check (length(reason) <= 4000),         -- of the last move
  decision text references safeguarding_decision,
  decision_words text not null default '' check (length(decision_words) <= 4000),
  decided_at timestamptz,
  decided_by text,
  locality text references locality,
  raised_at timestamptz not null default now(),
  raised_by text not null default session_user,
  revision int not null default 1,
  constraint safeguarding_decision_is_whole check (
    (stage = 'decided') = (decision is not null) and (decision is null) = (decided_at is null)
    and (decided_at is null) = (decided_by is null))
);
create index safeguarding_undecided on safeguarding_concern (raised_at, id) where stage <> 'decided';
create index safeguarding_person on safeguarding_concern (person_id);

-- Who was told, when and how. Only ever added to.
create table safeguarding_told (
  id uuid primary key,
  concern_id uuid not null references safeguarding_concern,
  name text not null check (name <> '' and length(name) <= 200),
  role text not null check (role <> '' and length(role) <= 200),          -- what they are, and of which organisation
  told_at timestamptz not null,
  how text not null check (how in ('telephone', 'in_person', 'email', 'secure_system', 'letter')),
  recorded_at timestamptz not null default now(),
  recorded_by text not null default session_user,
  constraint safeguarding_told_in_the_past check (told_at <= recorded_at + interval '10 minutes')
);
create index safeguarding_told_concern on safeguarding_told (concern_id, told_at);

-- The path as it was gone, kept by the database.
create table safeguarding_event (
  id uuid primary key default uuidv7(),
  concern_id uuid not null references safeguarding_concern,
  at timestamptz not null default clock_timestamp(),
  by_user text not null default session_user,
  from_stage text,
  to_stage text not null,
  owner text not null,
  decision text,
  reason text not null default ''
);
create index safeguarding_event_concern on safeguarding_event (concern_id, at);

-- ---------------------------------------------------------------- what the path refuses

create function guard_concern() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  mine boolean := is_owner();
begin
  if tg_op = 'INSERT' then
    if not mine and (new.stage <> 'raised' or new.owner <> session_user) then
      raise exception 'begins with whoever raised it' using errcode = 'check_violation', constraint = 'safeguarding_begins_raised';
    end if;
    if new.referral_id is not null then
      -- Nobody closes the referral meanwhile, and the concern is about whom the referral is about.
      select r.person_id, r.locality into new.person_id, new.locality
      from referral r where r.id = new.referral_id for no key update;
    end if;
    new.involved := array(select distinct unnest(array[new.raised_by, new.owner]));
    return new;
  end if;
  if old.owner <> session_user and old.owner = new.owner and not mine
     and (old.stage, old.decision, old.decision_words) is distinct from (new.stage, new.decision, new.decision_words) then
    raise exception 'another has it' using errcode = 'check_violation', constraint = 'safeguarding_owner_decides';
  end if;
  if new.stage <> old.stage and (old.stage, new.stage) not in
     (('raised', 'looking'), ('raised', 'decided'), ('looking', 'decided'), ('looking', 'raised'), ('decided', 'looking')) then
    raise exception 'illegal move' using errcode = 'check_violation', constraint = 'safeguarding_move_is_legal';
  end if;
  if old.stage = 'decided' and new.stage = 'decided' then
    if (new.owner, new.found, new.danger, new.made_safe, new.consent, new.decision, new.decision_words,
        new.decided_at, new.decided_by)
       is distinct from (old.owner, old.found, old.danger, old.made_safe, old.consent, old.decision,
        old.decision_words, old.decided_at, old.decided_by) then
      raise exception 'decided' using errcode = 'check_violation', constraint = 'safeguarding_decided_is_kept';
    end if;
  end if;
  if old.stage = 'decided' and new.stage = 'looking' and new.reason = '' then
    raise exception 'say why' using errcode = 'check_violation', constraint = 'safeguarding_reopen_has_reason';
  end if;
  if new.owner <> old.owner then
    if new.reason = '' then
      raise exception 'say why' using errcode = 'check_violation', constraint = 'safeguarding_hand_over_has_reason';
    end if;
    if not exists (select 1 from user_account a where a.user_name = new.owner and a.active
                   and a.role in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead', 'manager')) then
      raise exception 'cannot look into it' using errcode = 'check_violation', constraint = 'safeguarding_owner_is_active';
    end if;
    new.owner_since := clock_timestamp();
    new.involved := array(select distinct unnest(old.involved || new.owner));
  else
    new.owner_since := old.owner_since;
    new.involved := old.involved;
  end if;
  if new.stage = 'decided' and old.stage <> 'decided' then
    if new.decision is null then
      raise exception 'no decision' using errcode = 'check_violation', constraint = 'safeguarding_decision_is_whole';
    end if;
    if new.decision_words = '' and (select d.asks_reason from safeguarding_decision d where d.code = new.decision) then
      raise exception 'say why' using errcode = 'check_violation', constraint = 'safeguarding_decision_has_reason';
    end if;
    if not exists (select 1 from safeguarding_told t where t.concern_id = new.id) then
      raise exception 'nobody told' using errcode = 'check_violation', constraint = 'safeguarding_somebody_was_told';
    end if;
    new.decided_at := clock_timestamp();
    new.decided_by := session_user;
  elsif new.stage <> 'decided' then
    new.decision := null;
    new.decision_words := '';
    new.decided_at := null;
    new.decided_by := null;
  end if;
  return new;
end $$;
-- After "stamp" in the order of their names, so that raised_by is the database's already.
create trigger then_guard before insert or update on safeguarding_concern for each row execute function guard_concern();

create function record_safeguarding_event() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into safeguarding_event (concern_id, to_stage, owner, reason) values (new.id, new.stage, new.owner, new.reason);
  elsif (old.stage, old.owner) is distinct from (new.stage, new.owner) then
    insert into safeguarding_event (concern_id, from_stage, to_stage, owner, decision, reason)
    values (new.id, old.stage, new.stage, new.owner, new.decision,
            case when new.stage = 'decided' then new.decision_words else new.reason end);
  end if;
  return null;
end $$;
create trigger record_event after insert or update on safeguarding_concern
  for each row execute function record_safeguarding_event();

-- What was raised stays, whoever asks.
create function keep_safeguarding() returns trigger language plpgsql as $$
begin
  raise exception 'safeguarding is kept' using errcode = 'insufficient_privilege', constraint = 'safeguarding_is_kept';
end $$;
create trigger keep before delete on safeguarding_concern for each statement execute function keep_safeguarding();
create trigger keep_all before truncate on safeguarding_concern for each statement execute function keep_safeguarding();
create trigger keep before update or delete on safeguarding_told for each statement execute function keep_safeguarding();
create trigger keep_all before truncate on safeguarding_told for each statement execute function keep_safeguarding();
create trigger keep before update or delete on safeguarding_event for each statement execute function keep_safeguarding();
create trigger keep_all before truncate on safeguarding_event for each statement execute function keep_safeguarding();

-- ---------------------------------------------------------------- beside the referral

-- A referral that says "safeguarding" has a path, by whatever way it came: at commit one is opened where nobody did.
create function open_safeguarding_path() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  insert into safeguarding_concern (id, referral_id, seen_or_said, owner)
  select uuidv7(), r.id, r.need, session_user from referral r
  where r.id = new.id and r.safeguarding and not exists (select 1 from safeguarding_concern c where c.referral_id = r.id)
    and exists (select 1 from user_account a where a.user_name = session_user)
  on conflict do nothing;
  return null;
end $$;
create constraint trigger open_safeguarding_path after insert or update of safeguarding on referral
  deferrable initially deferred for each row when (new.safeguarding) execute function open_safeguarding_path();

-- Undecided, its referral stays open, and goes on saying so. Who it is about is known for both at once.
create function keep_safeguarding_referral_open() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if new.state = 'closed' and old.state <> 'closed'
     and exists (select 1 from safeguarding_concern c where c.referral_id = new.id and c.stage <> 'decided') then
    raise exception 'undecided' using errcode = 'check_violation', constraint = 'referral_safeguarding_undecided';
  end if;
  if old.safeguarding and not new.safeguarding
     and exists (select 1 from safeguarding_concern c where c.referral_id = new.id) then
    raise exception 'it has a path' using errcode = 'check_violation', constraint = 'referral_safeguarding_stays';
  end if;
  return new;
end $$;
create trigger safeguarding_first before update on referral
  for each row execute function keep_safeguarding_referral_open();

create function follow_referral_to_person() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  update safeguarding_concern set person_id = new.person_id where referral_id = new.id;
  return null;
end $$;
create trigger safeguarding_follows after update of person_id on referral
  for each row when (old.person_id is distinct from new.person_id) execute function follow_referral_to_person();

-- What the rules of triage suggested when the referral was made, beside what a human chose: so that a rule can be judged.
create table referral_suggestion (
  referral_id uuid not null references referral,
  place smallint not null check (place between 1 and 50),       -- 1 was shown first
  rule text not null check (rule ~ '^[a-z0-9_-]{2,60}$'),
  version text not null check (version <> '' and length(version) <= 40),
  service text not null default '',                  -- as suggested; empty: a safeguarding concern was
  urgency text not null default '',
  reason text not null check (length(reason) <= 500),
  taken boolean not null default false,              -- by the key or the button
  chosen_service text not null default '',           -- what the referral was made with, by the database
  chosen_urgency text not null default '',
  suggested_at timestamptz not null default now(),
  primary key (referral_id, place)
);

create function note_what_was_chosen() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  select r.service, r.urgency into new.chosen_service, new.chosen_urgency from referral r where r.id = new.referral_id;
  new.suggested_at := now();
  return new;
end $$;
create trigger note_chosen before insert on referral_suggestion for each row execute function note_what_was_chosen();

-- P2: nobody in the city is responsible, and somebody chose to refer all the same; with whom to contact, as it was shown.
create table referral_outside (
  referral_id uuid primary key references referral,
  reason text not null default '' check (length(reason) <= 2000),
  whom text not null default '' check (length(whom) <= 500),
  recorded_at timestamptz not null default now(),
  recorded_by text not null default session_user
);

-- ---------------------------------------------------------------- who may see and do what

alter table safeguarding_concern enable row level security;
alter table safeguarding_told enable row level security;
alter table safeguarding_event enable row level security;
alter table referral_suggestion enable row level security;
alter table referral_outside enable row level security;

-- At least as strict as the person's record (R2), and narrower by role: co-ordinators, team leads and managers see every
-- concern of the people they may see; an assessor or placement co-ordinator those that they raised or have had.
create policy shared_with_me on safeguarding_concern for select to centre_user
  using (((select my_role()) in ('care_coordinator', 'team_lead', 'manager')
          or ((select my_role()) in ('placement_coordinator', 'trusted_assessor') and session_user = any (involved)))
         and (person_id is null or person_id <> all ((select hidden_people('record'))::uuid[])));
create policy raising on safeguarding_concern for insert to centre_user
  with check ((select my_role()) in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead', 'manager')
              and (person_id is null or person_id <> all ((select hidden_people('record'))::uuid[])));
create policy working on safeguarding_concern for update to centre_user
  using (((select my_role()) in ('care_coordinator', 'team_lead', 'manager') or owner = session_user)
         and (select my_role()) is not null
         and (person_id is null or person_id <> all ((select hidden_people('record'))::uuid[])))
  with check ((select my_role()) is not null
         and (person_id is null or person_id <> all ((select hidden_people('record'))::uuid[])));
create policy with_the_concern on safeguarding_told for select to centre_user
  using (exists (select 1 from safeguarding_concern c where c.id = concern_id));
create policy telling on safeguarding_told for insert to centre_user
  with check ((select my_role()) in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead', 'manager')
              and exists (select 1 from safeguarding_concern c where c.id = concern_id));
create policy with_the_concern on safeguarding_event for select to centre_user
  using (exists (select 1 from safeguarding_concern c where c.id = concern_id));
create policy with_the_referral on referral_suggestion to centre_user
  using (exists (select 1 from referral r where r.id = referral_id));
create policy with_the_referral on referral_outside to centre_user
  using (exists (select 1 from referral r where r.id = referral_id));

create trigger stamp before insert or update on safeguarding_concern
  for each row execute function stamp('raised_by', 'raised_at');
create trigger stamp before insert on safeguarding_told
  for each row execute function stamp('recorded_by', 'recorded_at');
create trigger stamp before insert on referral_outside
  for each row execute function stamp('recorded_by', 'recorded_at');
create trigger strangers before insert or update or delete on safeguarding_decision
  for each statement execute function refuse_strangers();

create trigger watch after insert or update or delete on safeguarding_concern
  for each row execute function audit.watch('safeguarding', 'id', 'person_id');
create trigger watch after insert or update or delete on safeguarding_told
  for each row execute function audit.watch('safeguarding', 'concern_id', '');
create trigger watch after insert or update or delete on referral_suggestion
  for each row execute function audit.watch('intake', 'referral_id', '');
create trigger watch after insert or update or delete on referral_outside
  for each row execute function audit.watch('intake', 'referral_id', '');

grant select on safeguarding_decision, safeguarding_concern, safeguarding_told, safeguarding_event, referral_suggestion,
  referral_outside to centre_user;
grant insert, update on safeguarding_decision to administrator;
-- Which columns: whom it is about, what was said, who raised it and when it was decided are not a client's to change.
grant insert (id, referral_id, person_id, seen_or_said, danger, made_safe, consent, owner, locality)
  on safeguarding_concern to care_coordinator, placement_coordinator, trusted_assessor, team_lead, manager;
grant update (stage, found, danger, made_safe, consent, owner, reason, decision, decision_words, revision)
  on safeguarding_concern to care_coordinator, placement_coordinator, trusted_assessor, team_lead, manager;
grant insert on safeguarding_told to care_coordinator, placement_coordinator, trusted_assessor, team_lead, manager;
grant insert on referral_suggestion, referral_outside
  to care_coordinator, placement_coordinator, trusted_assessor, team_lead;

-- ---------------------------------------------------------------- what was open before there was a path

insert into safeguarding_concern (id, referral_id, person_id, seen_or_said, owner, involved, locality, raised_at, raised_by)
select uuidv7(), r.id, r.person_id, r.need, o.owner, array[o.owner], r.locality, r.received_at, o.owner
from referral r join contact c on c.id = r.contact_id
  cross join lateral (
    select a.user_name as owner from user_account a
    where a.active and (a.user_name in (r.claimed_by, c.recorded_by) or a.role in ('care_coordinator', 'team_lead', 'manager'))
    order by a.user_name is not distinct from r.claimed_by desc, a.user_name = c.recorded_by desc,
             a.role = 'manager' desc, a.user_name limit 1) o
where r.safeguarding and r.state in ('waiting', 'claimed', 'accepted');
