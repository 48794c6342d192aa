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

-- What came in about somebody whom this login may not see is not read from the file instead, whoever took it in.
create function original_is_hidden(which uuid) returns boolean language sql stable security definer
set search_path = public, pg_temp
begin atomic
  select exists (
    select 1 from message m left join contact c on c.id = m.contact_id left join referral r on r.id = m.referral_id
      join person p on p.id in (m.person_id, c.person_id, r.person_id)
    where m.original_id = which and p.sharing_level = 'named_teams'
      and not exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = my_team()));
end;
grant execute on function original_is_hidden(uuid) to centre_user;

alter table original enable row level security;
alter table message enable row level security;
-- The contact may have found its person after the message did not.
create policy shared_with_me on message to centre_user
  using ((select my_role()) not in ('administrator')
         and (person_id is null or person_id <> all ((select hidden_people('record'))::uuid[]))
         and (contact_id is null or exists (select 1 from contact c where c.id = contact_id))
         and (referral_id is null or exists (select 1 from referral r where r.id = referral_id)));
create policy shared_with_me on original for select to centre_user
  using ((select my_role()) not in ('administrator')
         and (received_by = session_user or exists (select 1 from message m where m.original_id = original.id))
         and not original_is_hidden(id));
create policy receiving on original for insert to centre_user with check (received_by = session_user);

create trigger stamp before insert or update on message for each row execute function stamp('read_by', 'read_at');

create trigger watch after insert or update or delete on original
  for each row execute function audit.watch('messages', 'id', '');
create trigger watch after insert or update or delete on message
  for each row execute function audit.watch('messages', 'id', 'person_id');

grant select on original, message to centre_user;
grant insert (id, sha256, name, media_type, size, content) on original to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
grant insert, update on message to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
