-- The single entry point: contacts and the one queue (E1-E5).

create table contact (
  id uuid primary key,
  channel text not null check (channel in ('telephone', 'online_form', 'email', 'social_media', 'gp', 'community_clinic',
    'ward', 'emergency_department', 'ambulance', 'gp_out_of_hours', 'walk_in', 'other_centre')),
  received_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  recorded_by text not null default session_user,
  locality text references locality,
  person_id uuid references person,                  -- whom it is about; null while nobody knows
  caller_name text not null default '' check (length(caller_name) <= 200),
  caller_relation text not null default '',
  caller_phone text not null default '',
  need text not null default '' check (length(need) <= 20000),
  details jsonb not null default '{}',               -- what this channel adds (ward, consultant, link, ...)
  ending text check (ending in ('advice', 'referral', 'linked', 'no_action')),
  ending_reason text not null default '' check (length(ending_reason) <= 4000),
  linked_referral_id uuid,
  ended_at timestamptz,
  revision int not null default 1,
  caller_phone_key text generated always as (phone_key(caller_phone)) stored,
  -- E2: every contact has an end; advice and no action say what or why.
  constraint contact_end_is_whole check ((ending is null) = (ended_at is null)),
  constraint contact_end_has_reason check (ending is null or ending = 'referral' or ending = 'linked' or ending_reason <> ''),
  constraint contact_link_names_referral check ((ending is not distinct from 'linked') = (linked_referral_id is not null))
);
create index contact_person on contact (person_id, received_at);
create index contact_open on contact (received_at) where ending is null;

create table referral (
  id uuid primary key,
  number bigint generated always as identity unique, -- said aloud on the telephone
  contact_id uuid not null references contact,
  person_id uuid references person,
  service text not null references service,
  urgency text not null check (urgency in ('two_hours', 'same_day', '24_hours', '72_hours', 'routine')),
  urgency_reason text not null check (urgency_reason <> '' and length(urgency_reason) <= 2000),   -- E3
  need text not null check (need <> '' and length(need) <= 20000),
  source text not null,                              -- the channel, or the organisation that sent it
  locality text references locality,
  neighbourhood_id smallint references neighbourhood,
  received_at timestamptz not null,
  due_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'claimed', 'accepted', 'declined', 'closed')),
  state_reason text not null default '' check (length(state_reason) <= 4000),
  claimed_by text references user_account,
  claimed_at timestamptz,
  safeguarding boolean not null default false,
  closed_at timestamptz,
  revision int not null default 1,
  constraint referral_due_after_received check (due_at >= received_at),
  -- E5: one holder, and a state that agrees with it.
  constraint referral_holder_is_whole check ((claimed_by is null) = (claimed_at is null)),
  constraint referral_claimed_has_holder check (state not in ('claimed', 'accepted') or claimed_by is not null),
  constraint referral_waiting_has_none check (state <> 'waiting' or claimed_by is null),
  constraint referral_decline_has_reason check (state not in ('declined', 'closed') or state_reason <> ''),
  constraint referral_closed_has_time check ((state in ('declined', 'closed')) = (closed_at is not null))
);
alter table contact add constraint contact_linked_referral foreign key (linked_referral_id) references referral;
create index referral_open on referral (due_at, id) where state in ('waiting', 'claimed', 'accepted');
create index referral_person on referral (person_id);
create index referral_contact on referral (contact_id);
create index referral_holder on referral (claimed_by) where state in ('claimed', 'accepted');

-- What happened to a referral, in order, with the words that were given.
create table referral_event (
  id uuid primary key default uuidv7(),
  referral_id uuid not null references referral,
  at timestamptz not null default clock_timestamp(),
  by_user text not null default session_user,
  from_state text,
  to_state text not null,
  holder text,
  reason text not null default ''
);
create index referral_event_referral on referral_event (referral_id, at);

-- Kept by the database, so that no client can forget or rewrite it.
create function record_referral_event() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into referral_event (referral_id, to_state, holder, reason)
    values (new.id, new.state, new.claimed_by, new.urgency_reason);
  elsif (old.state, old.claimed_by, old.state_reason) is distinct from (new.state, new.claimed_by, new.state_reason) then
    insert into referral_event (referral_id, from_state, to_state, holder, reason)
    values (new.id, old.state, new.state, new.claimed_by, new.state_reason);
  end if;
  return null;
end $$;
create trigger record_event after insert or update on referral for each row execute function record_referral_event();

-- Legal moves, and no taking over without saying so: a holder changes through 'waiting', by the holder, or with a reason.
create function guard_referral() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    -- A client's referral begins in the queue; how it came to be held is history, not an assertion.
    if not is_owner() and (new.state <> 'waiting' or new.claimed_by is not null) then
      raise exception 'begins in the queue' using errcode = 'check_violation', constraint = 'referral_begins_waiting';
    end if;
    return new;
  end if;
  if old.state <> new.state and (old.state, new.state) not in
     (('waiting', 'claimed'), ('waiting', 'declined'), ('waiting', 'closed'),
      ('claimed', 'waiting'), ('claimed', 'accepted'), ('claimed', 'declined'), ('claimed', 'closed'),
      ('accepted', 'waiting'), ('accepted', 'claimed'), ('accepted', 'closed'), ('accepted', 'declined'),
      ('declined', 'waiting'), ('closed', 'waiting')) then
    raise exception 'illegal move' using errcode = 'check_violation', constraint = 'referral_move_is_legal';
  end if;
  if old.claimed_by is not null and new.claimed_by is not null and old.claimed_by <> new.claimed_by
     and old.claimed_by <> session_user and (new.state_reason = '' or new.state_reason = old.state_reason) then
    raise exception 'held by another' using errcode = 'check_violation', constraint = 'referral_take_over_has_reason';
  end if;
  -- Nobody claims in another's name: given to a colleague it is handed over, by its holder or with a reason.
  if new.claimed_by is not null and old.claimed_by is null and new.claimed_by <> session_user
     and new.state_reason = '' and not is_owner() then
    raise exception 'claim for yourself' using errcode = 'check_violation', constraint = 'referral_hand_over_has_reason';
  end if;
  if new.claimed_by is not null and new.claimed_by is distinct from old.claimed_by then
    new.claimed_at := clock_timestamp();
  elsif new.claimed_by is not null then
    new.claimed_at := old.claimed_at;
  end if;
  return new;
end $$;
create trigger guard before insert or update on referral for each row execute function guard_referral();

alter table contact enable row level security;
alter table referral enable row level security;
alter table referral_event enable row level security;

create policy shared_with_me on contact to centre_user
  using ((select my_role()) not in ('administrator')
         and (person_id is null or person_id <> all ((select hidden_people('record'))::uuid[])))
  with check ((recorded_by = session_user or (select my_role()) in ('care_coordinator', 'team_lead'))
              and (person_id is null or person_id <> all ((select hidden_people('record'))::uuid[])));
create policy shared_with_me on referral to centre_user
  using ((select my_role()) not in ('administrator')
         and (person_id is null or person_id <> all ((select hidden_people('record'))::uuid[])));
create policy shared_with_me on referral_event for select to centre_user
  using (exists (select 1 from referral r where r.id = referral_id));

create trigger stamp before insert or update on contact
  for each row execute function stamp('recorded_by', 'recorded_at');

create trigger watch after insert or update or delete on contact
  for each row execute function audit.watch('intake', 'id', 'person_id');
create trigger watch after insert or update or delete on referral
  for each row execute function audit.watch('intake', 'id', 'person_id');

grant select on contact, referral, referral_event to centre_user;
grant insert, update on contact, referral to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
