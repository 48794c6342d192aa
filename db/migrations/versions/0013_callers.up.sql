-- Who called: people, those around them, professionals; and what advice was given (E1, E2).

-- Professionals who call: a name, a role and an organisation. Nothing about a person; watched all the same.
create table professional (
  id uuid primary key,
  name text not null check (name <> '' and length(name) <= 200),
  role text not null default '' check (length(role) <= 100),
  organisation text not null default '' check (length(organisation) <= 200),   -- practice, ward, clinic, care agency
  practice_code text references practice,
  phone text not null default '' check (length(phone) <= 50),
  email text not null default '' check (length(email) <= 320),
  active boolean not null default true,              -- false: taken out again; contacts still name them
  recorded_at timestamptz not null default now(),
  recorded_by text not null default session_user,
  revision int not null default 1,
  phone_key text generated always as (phone_key(phone)) stored
);
create index professional_phone on professional (phone_key) where phone_key is not null;
create index professional_practice on professional (practice_code);

-- Who made a contact, where that is somebody known: a registered person, somebody around one, or a professional.
-- A table of its own, because a row can be kept back and a column cannot: who may see the contact need not be somebody
-- with whom its caller shares (R2). Of people the words stand here too, and not on the contact.
create table contact_caller (
  contact_id uuid primary key references contact,
  caller_person_id uuid references person,
  caller_around_id uuid references person_around,
  caller_professional_id uuid references professional,
  name text not null default '' check (length(name) <= 200),
  relation text not null default '' check (length(relation) <= 100),
  phone text not null default '' check (length(phone) <= 50),
  phone_key text generated always as (phone_key(phone)) stored,
  constraint contact_has_one_caller check (num_nonnulls(caller_person_id, caller_around_id, caller_professional_id) = 1)
);
create index contact_caller_person on contact_caller (caller_person_id) where caller_person_id is not null;
create index contact_caller_around on contact_caller (caller_around_id) where caller_around_id is not null;
create index contact_caller_professional on contact_caller (caller_professional_id)
  where caller_professional_id is not null;
create index contact_caller_phone on contact_caller (phone_key) where phone_key is not null;

-- Information and advice (Care Act 2014) that was given in a contact, whatever its end, in the words of that day.
create table contact_advice (
  contact_id uuid not null references contact,
  code text not null check (code <> '' and length(code) <= 60),
  title text not null check (title <> '' and length(title) <= 200),
  words text not null default '' check (length(words) <= 4000),
  given_at timestamptz not null default now(),
  given_by text not null default session_user,
  primary key (contact_id, code)
);

-- By telephone number, newest first.
create index contact_caller_phone_key on contact (caller_phone_key, received_at desc) where caller_phone_key is not null;
create index practice_phone on practice (phone_key(phone)) where phone is not null;

alter table professional enable row level security;
alter table contact_caller enable row level security;
alter table contact_advice enable row level security;

create policy everybody_reads on professional for select to centre_user using ((select my_role()) is not null);
create policy keeping on professional for insert to centre_user
  with check ((select my_role()) in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead'));
create policy correcting on professional for update to centre_user
  using ((select my_role()) in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead'))
  with check (true);

-- A caller whom this login may not see is not there, while the contact is; somebody around a person goes with what that
-- person shares (person_around has its own policy).
create policy shared_with_me on contact_caller for select to centre_user
  using ((select my_role()) not in ('administrator')
         and (caller_person_id is null or caller_person_id <> all ((select hidden_people('record'))::uuid[]))
         and (caller_around_id is null or exists (select 1 from person_around a where a.id = caller_around_id))
         and exists (select 1 from contact c where c.id = contact_id));
create policy taking on contact_caller for insert to centre_user
  with check ((caller_person_id is null or caller_person_id <> all ((select hidden_people('record'))::uuid[]))
              and (caller_around_id is null or exists (select 1 from person_around a where a.id = caller_around_id))
              and exists (select 1 from contact c where c.id = contact_id
                          and (c.recorded_by = session_user or (select my_role()) in ('care_coordinator', 'team_lead'))));
create policy correcting on contact_caller for update to centre_user
  using ((select my_role()) not in ('administrator')
         and (caller_person_id is null or caller_person_id <> all ((select hidden_people('record'))::uuid[]))
         and (caller_around_id is null or exists (select 1 from person_around a where a.id = caller_around_id))
         and exists (select 1 from contact c where c.id = contact_id))
  with check ((caller_person_id is null or caller_person_id <> all ((select hidden_people('record'))::uuid[]))
              and (caller_around_id is null or exists (select 1 from person_around a where a.id = caller_around_id))
              and exists (select 1 from contact c where c.id = contact_id));
-- Another caller than was thought, while the contact is still open.
create policy leaving_out on contact_caller for delete to centre_user
  using (exists (select 1 from contact c where c.id = contact_id and c.ending is null
                 and (c.recorded_by = session_user or (select my_role()) in ('care_coordinator', 'team_lead'))));

create policy shared_with_me on contact_advice for select to centre_user
  using ((select my_role()) not in ('administrator') and exists (select 1 from contact c where c.id = contact_id));
create policy giving on contact_advice for insert to centre_user
  with check (exists (select 1 from contact c where c.id = contact_id
                      and (c.recorded_by = session_user or (select my_role()) in ('care_coordinator', 'team_lead'))));

create trigger stamp before insert or update on professional
  for each row execute function stamp('recorded_by', 'recorded_at');
create trigger stamp before insert or update on contact_advice
  for each row execute function stamp('given_by', 'given_at');

create trigger watch after insert or update or delete on professional
  for each row execute function audit.watch('people', 'id', '');
create trigger watch after insert or update or delete on contact_caller
  for each row execute function audit.watch('intake', 'contact_id', 'caller_person_id');
create trigger watch after insert or update or delete on contact_advice
  for each row execute function audit.watch('intake', 'contact_id', '');

grant select on professional, contact_caller, contact_advice to centre_user;
grant insert, update on professional to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
grant insert, update, delete on contact_caller to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
grant insert on contact_advice to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
