-- The person's record (R1) and who may see it (R2).

create table person (
  id uuid primary key,
  nhs_number text constraint person_nhs_number_holds check (nhs_number_holds(nhs_number)),
  nhs_status text not null default 'not_traced'
    check (nhs_status in ('verified', 'traced', 'not_traced', 'none_known')),
  title text not null default '',
  surname text not null check (surname <> '' and length(surname) <= 200),
  given text not null default '' check (length(given) <= 200),
  known_as text not null default '',
  birth_date date constraint person_birth_date_possible check (birth_date between '1890-01-01' and current_date),
  gender text not null default 'not_known' check (gender in ('female', 'male', 'other', 'not_known')),
  deceased_on date,
  address text not null default '' check (length(address) <= 500),
  postcode text,
  phone text not null default '',
  other_phone text not null default '',
  email text not null default '',
  language text not null default '',                 -- empty: English or not known
  interpreter boolean not null default false,
  communication text not null default '',            -- hearing loop, large print, ...
  access_notes text not null default '',             -- how to get in; never a key-safe code
  practice_code text references practice,
  ward_code text references ward,                    -- residence; null: outside the city or not known
  risk_score smallint check (risk_score between 0 and 100),
  risk_tier text not null default 'low' check (risk_tier in ('very_high', 'high', 'moderate', 'low')),
  sharing_level text not null default 'everything' check (sharing_level in ('everything', 'summary', 'named_teams')),
  registered_at timestamptz not null default now(),
  registered_by text not null default session_user,
  revision int not null default 1,
  surname_key text generated always as (fold(surname)) stored,
  given_key text generated always as (fold(given)) stored,
  phone_key text generated always as (phone_key(phone)) stored,
  other_phone_key text generated always as (phone_key(other_phone)) stored
);
create unique index person_nhs_number on person (nhs_number) where nhs_number is not null;
create index person_surname on person (surname_key collate "C", given_key collate "C", id);
create index person_given on person (given_key collate "C");
create index person_birth_date on person (birth_date);
create index person_postcode on person (postcode);
create index person_phone on person (phone_key) where phone_key is not null;
create index person_other_phone on person (other_phone_key) where other_phone_key is not null;
create index person_practice on person (practice_code);
create index person_not_shared on person (sharing_level) where sharing_level <> 'everything';

-- Teams with which a person who chose "named teams only" does share.
create table person_sharing (
  person_id uuid not null references person,
  team_id int not null references team,
  agreed_on date not null default current_date,
  recorded_by text not null default session_user,
  primary key (person_id, team_id)
);
create index person_sharing_team on person_sharing (team_id);

create table person_alert (
  id uuid primary key,
  person_id uuid not null references person,
  kind text not null check (kind in ('safeguarding', 'do_not_visit_alone', 'infection', 'access', 'key_safe', 'allergy', 'other')),
  words text not null default '' check (length(words) <= 500),
  since date not null default current_date,
  until date,
  recorded_by text not null default session_user,
  revision int not null default 1
);
create index person_alert_person on person_alert (person_id);

-- Carers, relatives, neighbours: people around the person (H6 builds on this).
create table person_around (
  id uuid primary key,
  person_id uuid not null references person,
  name text not null,
  relation text not null default '',
  phone text not null default '',
  is_carer boolean not null default false,
  phone_key text generated always as (phone_key(phone)) stored,
  revision int not null default 1
);
create index person_around_person on person_around (person_id);
create index person_around_phone on person_around (phone_key) where phone_key is not null;

-- Misspelt names are found through the distinct names, not through the people (about 41,000 for 600,000 people).
create table name_lexicon (
  name_key text primary key,
  trigrams text[] not null
);
create index name_lexicon_trigrams on name_lexicon using gin (trigrams);

create function trigrams(name_key text) returns text[] language sql immutable strict parallel safe
return (select array_agg(distinct substr('  ' || name_key || ' ', i, 3))
        from generate_series(1, length(name_key) + 1) i);

create function learn_names() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into name_lexicon (name_key, trigrams)
  select n.key, trigrams(n.key) from (values (new.surname_key), (new.given_key)) n(key) where n.key <> ''
  on conflict do nothing;
  return null;
end $$;
create trigger learn_names after insert or update of surname, given on person
  for each row execute function learn_names();

-- R2. The few people whom this login may not see: at all ('record'), or beyond a summary ('detail').
-- Evaluated once a query; a person shares everything unless they said otherwise.
create function hidden_people(level text) returns uuid[] language sql stable security definer
set search_path = public, pg_temp
return coalesce((
  select array_agg(p.id) from person p
  where (p.sharing_level = 'named_teams' or (level = 'detail' and p.sharing_level = 'summary'))
    and not exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = my_team())),
  '{}');

-- Of the trigrams that occur at all, the five rarest: one slip of the finger spoils four at most, so one still leads
-- to the name that was meant. Then most of the others must be there too: one slip leaves all but four.
-- The lexicon knows the names of everyone, so a name is told only to those who may see somebody who bears it.
create function spelt_like(names text[]) returns table (name text, name_key text) language sql stable
security definer set search_path = public, pg_temp
begin atomic
  with asked as (select n.name, trigrams(n.name) as grams, case when length(n.name) > 7 then 7 else 4 end as spoilt
                 from (select distinct unnest(names) as name) n),
  counted as (select a.name, g.gram, (select count(*) from name_lexicon l where l.trigrams @> array[g.gram]) as known
              from asked a cross join lateral unnest(a.grams) g(gram)),
  rare as (select c.name, c.gram
           from (select name, gram, row_number() over (partition by name order by known, gram) as place
                 from counted where known > 0) c where c.place <= 5),
  found as (select distinct r.name, l.name_key, l.trigrams
            from rare r join name_lexicon l on l.trigrams @> array[r.gram]
            where abs(length(l.name_key) - length(r.name)) <= 2),
  near as (select f.name, f.name_key from found f join asked a on a.name = f.name
           where (select count(*) from unnest(f.trigrams) t(gram) where t.gram = any(a.grams))
                 >= cardinality(a.grams) - a.spoilt)
  select n.name, n.name_key from near n
  where my_role() <> 'administrator'
    and (exists (select 1 from person p where p.surname_key collate "C" = n.name_key collate "C"
                 and p.id <> all ((select hidden_people('record'))::uuid[]))
         or exists (select 1 from person p where p.given_key collate "C" = n.name_key collate "C"
                    and p.id <> all ((select hidden_people('record'))::uuid[])));
end;

grant execute on function trigrams(text), hidden_people(text), spelt_like(text[]) to centre_user;

alter table person enable row level security;
alter table person_sharing enable row level security;
alter table person_alert enable row level security;
alter table person_around enable row level security;

create policy shared_with_me on person for select to centre_user
  using ((select my_role()) not in ('administrator') and id <> all ((select hidden_people('record'))::uuid[]));
create policy registering on person for insert to centre_user
  with check ((select my_role()) in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead'));
create policy correcting on person for update to centre_user
  using ((select my_role()) in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead')
         and id <> all ((select hidden_people('record'))::uuid[]))
  with check (true);

create policy shared_with_me on person_sharing to centre_user
  using ((select my_role()) not in ('administrator') and person_id <> all ((select hidden_people('record'))::uuid[]))
  with check ((select my_role()) in ('care_coordinator', 'trusted_assessor', 'ig_lead')
              and person_id <> all ((select hidden_people('record'))::uuid[]));
-- A summary holds who the person is and what keeps a worker safe; the people around them are detail.
create policy shared_with_me on person_alert to centre_user
  using ((select my_role()) not in ('administrator') and person_id <> all ((select hidden_people('record'))::uuid[]));
create policy shared_with_me on person_around to centre_user
  using ((select my_role()) not in ('administrator') and person_id <> all ((select hidden_people('detail'))::uuid[]));

create trigger stamp before insert or update on person
  for each row execute function stamp('registered_by', 'registered_at');
create trigger stamp before insert or update on person_sharing
  for each row execute function stamp('recorded_by', '');
create trigger stamp before insert or update on person_alert
  for each row execute function stamp('recorded_by', '');

create trigger watch after insert or update or delete on person
  for each row execute function audit.watch('people', 'id', 'id');
create trigger watch after insert or update or delete on person_sharing
  for each row execute function audit.watch('people', 'person_id', 'person_id');
create trigger watch after insert or update or delete on person_alert
  for each row execute function audit.watch('people', 'person_id', 'person_id');
create trigger watch after insert or update or delete on person_around
  for each row execute function audit.watch('people', 'person_id', 'person_id');

grant select on person, person_sharing, person_alert, person_around to centre_user;
grant insert, update on person, person_alert, person_around to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
grant insert, delete on person_sharing to care_coordinator, trusted_assessor, ig_lead;
