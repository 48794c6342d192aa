-- Transfer, second part: who still meets the criteria to reside and who said so; whom the caseload of 100 is made of (T4);
-- home first also where somebody went (T3); hospitals belong to trusts, as the national report counts them (T6).

alter table hospital
  add column trust text not null default '' check (trust ~ '^[A-Z0-9]{0,6}$'),
  add column trust_name text not null default '' check (length(trust_name) <= 200);
update hospital set trust = 'R0A', trust_name = 'Manchester University NHS Foundation Trust' where code in ('NMGH', 'MRI', 'WYTH');

-- A few words for a list on paper; the national words stay as they are.
alter table delay_reason add column short text not null default '' check (length(short) <= 40);

-- T3: what is a bed elsewhere. A care home that somebody lives in is their home.
alter table discharge_destination add column elsewhere boolean not null default false;
update discharge_destination set elsewhere = true where pathway in ('P2', 'P3') and words !~ '^P3b';

-- Why somebody still meets the criteria to reside, in the words of one year's national list.
create table reside_reason (
  list text not null check (list ~ '^[a-z]+-[0-9]{4}-[0-9]{2}$'),
  code text primary key check (code ~ '^[a-z0-9_]{2,90}$'),
  national text not null check (national ~ '^[A-Z0-9]{1,4}$'),
  words text not null check (words <> ''),
  short text not null default '' check (length(short) <= 40),
  position smallint not null,
  unique (list, code),
  unique (list, national),
  unique (list, words)
);

-- What was said of somebody in the morning: it holds until something else is said. Never changed, only said anew; what was
-- said by mistake is taken back within the hour by whoever said it, and the audit trail keeps that.
create table reside_said (
  id uuid primary key,
  person_id uuid not null references person,
  hospital text not null references hospital,
  ward text not null default '' check (length(ward) <= 200),
  verdict text not null check (verdict in ('meets', 'no_longer', 'gone')),
  list text not null,
  reason text,
  note text not null default '' check (length(note) <= 500),
  told_by text not null default '' check (length(told_by) <= 120),
  said_by text not null default session_user,
  said_at timestamptz not null default now(),
  revision int not null default 1,
  constraint reside_said_has_its_reason check ((verdict = 'meets') = (reason is not null)),
  constraint reside_said_gone_says_where check (verdict <> 'gone' or btrim(note) <> ''),
  constraint reside_said_reason_is_known foreign key (list, reason) references reside_reason (list, code)
);
create index reside_said_person on reside_said (person_id, said_at);
create trigger stamp before insert on reside_said for each row execute function stamp('said_by', 'said_at');

create function guard_reside_said() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not is_owner() and (old.said_by <> session_user or old.said_at < now() - interval '1 hour') then
    raise exception 'said for good' using errcode = 'check_violation', constraint = 'reside_said_stands';
  end if;
  return old;
end $$;
create trigger guard before delete on reside_said for each row execute function guard_reside_said();

-- T4: up to 100 at any one time in reablement or intermediate care after hospital. ``recovery_until`` is the first day
-- without; where there is an episode of reablement, its own days count.
alter table transfer
  add column recovery text not null default '' check (recovery in ('', 'reablement', 'intermediate_care')),
  add column recovery_until date,
  add column recovery_ended_on date,
  add constraint transfer_recovery_has_service check (recovery <> '' or (recovery_until is null and recovery_ended_on is null)),
  add constraint transfer_recovery_after_leaving check (
    recovery_ended_on is null or (state = 'left' and recovery_ended_on >= (left_at at time zone 'Europe/London')::date)),
  add constraint transfer_recovery_ends_later check (recovery_until >= (left_at at time zone 'Europe/London')::date);
create index transfer_in_recovery on transfer (person_id) where state = 'left' and recovery <> '' and recovery_ended_on is null;

create or replace function guard_transfer() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and (old.person_id, old.begun_by, old.begun_at) is distinct from (new.person_id, new.begun_by, new.begun_at) then
    raise exception 'another person' using errcode = 'check_violation', constraint = 'transfer_stays_with_its_person';
  end if;
  if new.ready_at > now() + interval '10 minutes' or new.left_at > now() + interval '10 minutes' then
    raise exception 'still to come' using errcode = 'check_violation', constraint = 'transfer_is_not_still_to_come';
  end if;
  -- T3: whoever went to a bed elsewhere went there for a reason that is written down.
  if new.destination is not null and btrim(new.bed_reason) = ''
     and (tg_op = 'INSERT' or (old.destination, old.bed_reason) is distinct from (new.destination, new.bed_reason))
     and exists (select 1 from discharge_destination d where d.list = new.list and d.code = new.destination and d.elsewhere) then
    raise exception 'home first' using errcode = 'check_violation', constraint = 'transfer_left_home_first';
  end if;
  return new;
end $$;

create trigger strangers before insert or update or delete on reside_reason
  for each statement execute function refuse_strangers();
alter table reside_said enable row level security;
create policy shared_with_me on reside_said to centre_user
  using ((select my_role()) not in ('administrator') and not exists (select 1 from hidden_from_me h where h.id = person_id));
create trigger watch after insert or update or delete on reside_said
  for each row execute function audit.watch('transfer', 'person_id', 'person_id');

grant select on reside_reason, reside_said to centre_user;
grant insert, update on reside_reason to administrator;
grant insert, delete on reside_said to care_coordinator, placement_coordinator, team_lead, trusted_assessor;

insert into setting (name, value) values
  ('transfer.recovery_days', '{"reablement": 42, "intermediate_care": 42}'),
  ('transfer.small_numbers', '5')
on conflict (name) do nothing;

select follow_merges();
