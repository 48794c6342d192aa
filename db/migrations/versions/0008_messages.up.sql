-- What machines and mail sent, with the original kept.

create table original (
  id uuid primary key,
  sha256 bytea not null constraint original_once unique,
  name text not null check (length(name) <= 500),
  media_type text not null,
  size bigint not null check (size >= 0),
  content bytea not null,
  received_at timestamptz not null default now(),
  received_by text not null default session_user
);

create table message (
  id uuid primary key,
  original_id uuid not null references original,
  kind text not null,
  message_key text constraint message_once unique,   -- the sender's own id for it, when there is one
  outcome text not null check (outcome in ('taken_in', 'refused')),
  person_id uuid references person,
  contact_id uuid references contact,
  referral_id uuid references referral,
  findings jsonb not null default '[]',
  read_at timestamptz not null default now(),
  read_by text not null default session_user,
  revision int not null default 1,
  constraint message_taken_in_has_contact check ((outcome = 'taken_in') = (contact_id is not null))
);
create index message_original on message (original_id);
create index message_contact on message (contact_id);
create index message_person on message (person_id);

alter table original enable row level security;
alter table message enable row level security;
create policy shared_with_me on message to centre_user
  using (my_role() not in ('administrator')
         and (person_id is null or person_id <> all ((select hidden_people('record'))::uuid[])));
create policy shared_with_me on original for select to centre_user
  using (my_role() not in ('administrator')
         and (exists (select 1 from message m where m.original_id = original.id) or received_by = session_user));
create policy receiving on original for insert to centre_user with check (received_by = session_user);

create trigger watch after insert or update or delete on original
  for each row execute function audit.watch('messages', 'id', '');
create trigger watch after insert or update or delete on message
  for each row execute function audit.watch('messages', 'id', 'person_id');

grant select on original, message to centre_user;
grant insert on original to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
grant insert, update on message to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
