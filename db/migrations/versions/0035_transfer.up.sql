-- Transfer to recovery (T3-T6): who is in hospital and need not be, what is still to be seen to before they go home, why
-- they are still there, and where they went.

create table delay_reason (
  list text not null check (list ~ '^[a-z]+-[0-9]{4}-[0-9]{2}$'),
  code text primary key check (code ~ '^[a-z0-9_]{2,90}$'),
  words text not null check (words <> ''),
  position smallint not null,
  unique (list, code),
  unique (list, words)
);

create table discharge_destination (
  list text not null check (list ~ '^[a-z]+-[0-9]{4}-[0-9]{2}$'),
  code text primary key check (code ~ '^[a-z0-9_]{2,90}$'),
  words text not null check (words <> ''),
  pathway text not null check (pathway in ('P0', 'P1', 'P2', 'P3')),
  position smallint not null,
  unique (list, code),
  unique (list, words)
);

-- One stay in hospital that is to end. ``ready_at``: no longer meets the criteria to reside.
create table transfer (
  id uuid primary key,
  person_id uuid not null references person,
  referral_id uuid references referral,
  hospital text not null references hospital,
  ward text not null default '' check (length(ward) <= 200),
  list text not null,                                -- which year's words are used of it
  ready_at timestamptz not null,
  expected_on date,
  pathway text not null default '' check (pathway in ('', 'P0', 'P1', 'P2', 'P3')),
  bed_reason text not null default '' check (length(bed_reason) <= 500),
  state text not null default 'in_hospital' check (state in ('in_hospital', 'left', 'not_ready')),
  left_at timestamptz,
  destination text,
  why_not_ready text not null default '' check (length(why_not_ready) <= 500),
  owner text references user_account,
  begun_by text not null default session_user,
  begun_at timestamptz not null default now(),
  revision int not null default 1,
  constraint transfer_left_is_whole check ((state = 'left') = (left_at is not null) and (state = 'left') = (destination is not null)),
  constraint transfer_left_after_ready check (left_at >= ready_at),
  constraint transfer_not_ready_has_reason check ((state = 'not_ready') = (why_not_ready <> '')),
  -- T3: home first. A bed elsewhere is never chosen without saying why.
  constraint transfer_home_first check (pathway not in ('P2', 'P3') or btrim(bed_reason) <> ''),
  constraint transfer_destination_is_known foreign key (list, destination) references discharge_destination (list, code)
);
create unique index transfer_one_at_a_time on transfer (person_id) where state = 'in_hospital';
create index transfer_ready on transfer (ready_at);

-- T6: why somebody is still there, from which day; the next reason ends the one before. Days are nights in a bed.
create table transfer_delay (
  id uuid primary key,
  transfer_id uuid not null references transfer,
  list text not null,
  reason text not null,
  nights daterange not null check (not isempty(nights) and not lower_inf(nights)),
  note text not null default '' check (length(note) <= 500),
  recorded_by text not null default session_user,
  recorded_at timestamptz not null default now(),
  revision int not null default 1,
  constraint transfer_delay_reason_is_known foreign key (list, reason) references delay_reason (list, code),
  constraint transfer_delay_one_at_a_time exclude using gist (uuid_range(transfer_id, transfer_id, '[]') with &&, nights with &&)
);
create index transfer_delay_transfer on transfer_delay (transfer_id);

-- What a person sees to; plan, first visit and apartment are looked up where they stand.
create table transfer_light (
  transfer_id uuid not null references transfer,
  kind text not null check (kind in ('plan', 'first_visit', 'equipment', 'medicines', 'keys', 'transport', 'carer', 'apartment')),
  state text not null check (state in ('to_do', 'done', 'not_needed')),
  note text not null default '' check (length(note) <= 500),
  said_by text not null default session_user,
  said_at timestamptz not null default now(),
  revision int not null default 1,
  primary key (transfer_id, kind),
  constraint transfer_light_seen_to_elsewhere check (kind not in ('plan', 'first_visit', 'apartment') or state <> 'done')
);

create function guard_transfer() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and (old.person_id, old.begun_by, old.begun_at) is distinct from (new.person_id, new.begun_by, new.begun_at) then
    raise exception 'another person' using errcode = 'check_violation', constraint = 'transfer_stays_with_its_person';
  end if;
  if new.ready_at > now() + interval '10 minutes' or new.left_at > now() + interval '10 minutes' then
    raise exception 'still to come' using errcode = 'check_violation', constraint = 'transfer_is_not_still_to_come';
  end if;
  return new;
end $$;
create trigger guard before insert on transfer for each row execute function guard_transfer();
create trigger guard_update before update on transfer for each row
  when (not (old.person_id is distinct from new.person_id and moves_with_merge(old.person_id, new.person_id)))
  execute function guard_transfer();

-- Who left is delayed no longer: the last reason ends with the day on which they went, whoever recorded it.
create function end_transfer_delays() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare gone date := (coalesce(new.left_at, now()) at time zone 'Europe/London')::date;
begin
  delete from transfer_delay d where d.transfer_id = new.id and lower(d.nights) >= gone;
  update transfer_delay d set nights = daterange(lower(d.nights), gone), revision = d.revision + 1
  where d.transfer_id = new.id and (upper_inf(d.nights) or upper(d.nights) > gone);
  return null;
end $$;
create trigger end_delays after update of state on transfer for each row
  when (old.state = 'in_hospital' and new.state <> 'in_hospital') execute function end_transfer_delays();

create function guard_transfer_delay() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare t transfer;
begin
  select * into t from transfer where id = new.transfer_id for share;
  if lower(new.nights) < (t.ready_at at time zone 'Europe/London')::date then
    raise exception 'before ready' using errcode = 'check_violation', constraint = 'transfer_delay_begins_when_ready';
  end if;
  if tg_op = 'INSERT' and t.state <> 'in_hospital' then
    raise exception 'gone' using errcode = 'check_violation', constraint = 'transfer_delay_while_in_hospital';
  end if;
  return new;
end $$;
create trigger guard before insert or update on transfer_delay for each row execute function guard_transfer_delay();

create trigger stamp before insert or update on transfer_light for each row execute function stamp('said_by', 'said_at', 'again');
create trigger strangers before insert or update or delete on delay_reason
  for each statement execute function refuse_strangers();
create trigger strangers before insert or update or delete on discharge_destination
  for each statement execute function refuse_strangers();

alter table transfer enable row level security;
alter table transfer_delay enable row level security;
alter table transfer_light enable row level security;
create policy shared_with_me on transfer to centre_user
  using ((select my_role()) not in ('administrator') and not exists (select 1 from hidden_from_me h where h.id = person_id));
create policy shared_with_me on transfer_delay to centre_user
  using (exists (select 1 from transfer t where t.id = transfer_id));
create policy shared_with_me on transfer_light to centre_user
  using (exists (select 1 from transfer t where t.id = transfer_id));
create trigger watch after insert or update or delete on transfer
  for each row execute function audit.watch('transfer', 'id', 'person_id');
create trigger watch after insert or update or delete on transfer_delay
  for each row execute function audit.watch('transfer', 'transfer_id', '');
create trigger watch after insert or update or delete on transfer_light
  for each row execute function audit.watch('transfer', 'transfer_id', '');

grant select on delay_reason, discharge_destination, transfer, transfer_delay, transfer_light to centre_user;
grant insert, update on delay_reason, discharge_destination to administrator;
grant insert, update on transfer, transfer_light to care_coordinator, placement_coordinator, team_lead, trusted_assessor;
grant insert, update, delete on transfer_delay to care_coordinator, placement_coordinator, team_lead, trusted_assessor;

insert into setting (name, value) values ('transfer.caseload', '100') on conflict (name) do nothing;

-- Two who are both in hospital do not become one: the service says so before it merges.
create or replace function merge_obstacles(kept uuid, merged uuid) returns text[] language sql stable security definer
set search_path = public, pg_temp
return array_remove(array[
  (select 'nhs_numbers_differ' from person a, person b where a.id = kept and b.id = merged
   and a.nhs_status = 'verified' and b.nhs_status = 'verified' and a.nhs_number <> b.nhs_number),
  (select 'both_have_a_plan' from care_plan a join care_plan b on b.person_id = merged and b.state <> 'ended'
   where a.person_id = kept and a.state <> 'ended'),
  (select 'both_have_reablement' from reablement_episode a join reablement_episode b on b.person_id = merged
   and b.ended_on is null where a.person_id = kept and a.ended_on is null),
  (select 'both_have_transfer' from transfer a join transfer b on b.person_id = merged and b.state = 'in_hospital'
   where a.person_id = kept and a.state = 'in_hospital'),
  (select 'stays_overlap' where exists (
     select 1 from stay a join stay b on b.person_id = merged and b.state <> 'cancelled' and b.period && a.period
     where a.person_id = kept and a.state <> 'cancelled'))], null);

select follow_merges();
