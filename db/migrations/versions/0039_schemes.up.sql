-- Schemes and apartments as data, what a scheme takes and what it does not, overrides with a reason; what a referral for an
-- apartment is for and what it needs; a way back from each that is declined (N1, N2, N4).

-- ---------------------------------------------------------------- schemes and apartments

alter table scheme
  add column staff_hours text not null default '' check (length(staff_hours) <= 200),
  add column notes text not null default '' check (length(notes) <= 2000),
  -- Whom it is for: '' anybody, or people who live in its locality or its neighbourhood.
  add column local_connection text not null default '' check (local_connection in ('', 'locality', 'neighbourhood')),
  add column revision int not null default 1,
  add constraint scheme_has_name check (btrim(name) <> '' and length(name) <= 120),
  add constraint scheme_age_possible check (least_age between 16 and 99),
  add constraint scheme_connection_has_place check (local_connection <> 'neighbourhood' or neighbourhood_id is not null);
alter table apartment
  add column furnished boolean not null default true,
  add column notes text not null default '' check (length(notes) <= 2000),
  add column revision int not null default 1,
  add constraint apartment_has_name check (btrim(name) <> '' and length(name) <= 60),
  add constraint apartment_lease_begins check (not isempty(leased) and not lower_inf(leased));

-- A lease does not end before the people have left: what lies past it is moved first. Booking and leasing take turns.
create function guard_lease() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select 1 from stay s where s.apartment_id = new.id and s.state <> 'cancelled'
             and not new.leased @> s.period) then
    raise exception 'days past the lease' using errcode = 'check_violation', constraint = 'apartment_lease_covers_stays';
  end if;
  return new;
end $$;
create trigger take_turns before update on apartment for each statement execute function take_turns();
create trigger guard_lease before update of leased on apartment for each row
  when (old.leased is distinct from new.leased) execute function guard_lease();

create trigger watch after insert or update or delete on scheme
  for each row execute function audit.watch('apartments', 'id', '');
create trigger watch after insert or update or delete on apartment
  for each row execute function audit.watch('apartments', 'id', '');
grant insert, update on scheme, apartment to manager;
-- What was added by mistake and never used goes again; a foreign key keeps what was.
grant delete on scheme, apartment to placement_coordinator, manager, administrator;

-- Until when an apartment took nobody in, once that was lifted: the days that it stood empty for it are counted (N5).
alter table apartment_pause add column lifted_on date;
create function note_lifting() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  new.lifted_on := case when new.state = 'lifted' then coalesce(old.lifted_on, (now() at time zone 'Europe/London')::date) end;
  return new;
end $$;
create trigger note_lifting before update of state on apartment_pause for each row execute function note_lifting();

-- ---------------------------------------------------------------- what a scheme can meet

create table care_need (
  code text primary key check (code ~ '^[a-z0-9_]{2,40}$'),
  words text not null unique check (words <> '' and length(words) <= 120),
  position smallint not null
);

-- What a scheme says that it can or cannot meet; nothing said: to be asked.
create table scheme_need (
  scheme_id int not null references scheme,
  need text not null references care_need,
  can boolean not null,
  note text not null default '' check (length(note) <= 300),
  primary key (scheme_id, need)
);
create trigger watch after insert or update or delete on scheme_need
  for each row execute function audit.watch('apartments', 'scheme_id', '');

-- ---------------------------------------------------------------- what a referral is for

-- Versioned: a reason is of every list from ``list`` on, until the one that retires it. A code is never used again.
create table apartment_reason (
  code text primary key check (code ~ '^[a-z0-9_]{2,40}$'),
  list text not null check (list ~ '^apartments-[0-9]{4}-[0-9]{2}$'),
  retired_in text check (retired_in > list),
  words text not null check (words <> '' and length(words) <= 120),
  instead_of text not null default '' check (instead_of in ('', 'hospital_bed', 'care_home', 'unsafe_home')),
  asks text[] not null default '{}',
  position smallint not null
);

create table apartment_question (
  code text primary key check (code ~ '^[a-z0-9_]{2,40}$'),
  words text not null check (words <> '' and length(words) <= 120),
  short text not null check (short <> '' and length(short) <= 40),
  kind text not null check (kind in ('date', 'text')),
  position smallint not null
);

alter table stay drop constraint stay_purpose_check;
create function known_purpose() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (select 1 from apartment_reason r where r.code = new.purpose) then
    raise exception 'no such reason' using errcode = 'check_violation', constraint = 'stay_purpose_is_listed';
  end if;
  return new;
end $$;
create trigger known_purpose before insert or update of purpose on stay for each row
  when (new.purpose <> '') execute function known_purpose();

create table apartment_request (
  referral_id uuid primary key references referral,
  list text not null,                                -- which list was in force
  reason text not null references apartment_reason,
  step_free boolean not null default false,
  hoist boolean not null default false,
  pets boolean not null default false,
  bedrooms smallint not null default 0 check (bedrooms between 0 and 6),
  wanted_locality text references locality,
  wanted_scheme int references scheme,
  needs text[] not null default '{}',
  answers jsonb not null default '{}' check (jsonb_typeof(answers) = 'object'),
  recorded_by text not null default session_user,
  recorded_at timestamptz not null default now(),
  revision int not null default 1,
  constraint apartment_request_one_wish check (wanted_locality is null or wanted_scheme is null)
);

create function guard_apartment_request() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare asked apartment_reason;
begin
  if not exists (select 1 from referral r where r.id = new.referral_id and r.service = 'neighbourhood_apartment') then
    raise exception 'another service' using errcode = 'check_violation', constraint = 'apartment_request_is_for_apartment';
  end if;
  select * into asked from apartment_reason r where r.code = new.reason;
  if new.list < asked.list or new.list >= asked.retired_in then
    raise exception 'not in this list' using errcode = 'check_violation', constraint = 'apartment_request_reason_in_force';
  end if;
  if exists (select 1 from unnest(new.needs) n where not exists (select 1 from care_need c where c.code = n)) then
    raise exception 'no such need' using errcode = 'check_violation', constraint = 'apartment_request_needs_known';
  end if;
  if exists (select 1 from unnest(asked.asks) a where btrim(coalesce(new.answers ->> a, '')) = '') then
    raise exception 'not answered' using errcode = 'check_violation', constraint = 'apartment_request_is_whole';
  end if;
  if exists (select 1 from jsonb_each(new.answers) a where a.key <> all (asked.asks)
             or jsonb_typeof(a.value) <> 'string' or length(a.value #>> '{}') > 2000) then
    raise exception 'no such question' using errcode = 'check_violation', constraint = 'apartment_request_answers_fit';
  end if;
  return new;
end $$;
create trigger guard before insert or update on apartment_request
  for each row execute function guard_apartment_request();
create trigger stamp before insert or update on apartment_request
  for each row execute function stamp('recorded_by', 'recorded_at', 'again');
create trigger watch after insert or update or delete on apartment_request
  for each row execute function audit.watch('apartments', 'referral_id', '');
alter table apartment_request enable row level security;
create policy shared_with_me on apartment_request to centre_user
  using (exists (select 1 from referral r where r.id = referral_id));

-- ---------------------------------------------------------------- booking against what a scheme takes

-- Who said that somebody stays all the same, and why. It is added to, never changed.
create table stay_override (
  stay_id uuid not null references stay,
  scheme_id int not null references scheme,
  criterion text not null check (criterion in ('age', 'local_connection', 'step_free', 'hoist', 'bedrooms', 'pets')
                                 or criterion ~ '^need:[a-z0-9_]{2,40}$'),
  reason text not null check (btrim(reason) <> '' and length(reason) <= 500),
  by_user text not null default session_user,
  at timestamptz not null default now(),
  primary key (stay_id, scheme_id, criterion)
);
create trigger stamp before insert or update on stay_override for each row execute function stamp('by_user', 'at');
create trigger watch after insert or update or delete on stay_override
  for each row execute function audit.watch('apartments', 'stay_id', '');
alter table stay_override enable row level security;
create policy shared_with_me on stay_override to centre_user
  using (exists (select 1 from stay s where s.id = stay_id));

-- What of a stay the scheme or the apartment does not take; the same rule stands in coordination/apartments/criteria.py.
-- What is not known (a date of birth, where somebody lives) is no obstacle.
create function unmet_criteria(asked uuid) returns table (scheme_id int, criterion text)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  with it as (
    select c.id, c.least_age, c.local_connection, c.locality, c.neighbourhood_id, a.step_free, a.hoist, a.pets, a.bedrooms,
           lower(s.period) as first_day, p.birth_date, n.id as lives_in, n.locality as lives_near, q.referral_id as has_request,
           q.step_free as wants_step_free, q.hoist as wants_hoist, q.pets as wants_pets, q.bedrooms as wants_bedrooms, q.needs
    from stay s
    join apartment a on a.id = s.apartment_id
    join scheme c on c.id = a.scheme_id
    join person p on p.id = s.person_id
    left join ward w on w.code = p.ward_code
    left join neighbourhood n on n.id = w.neighbourhood_id
    left join apartment_request q on q.referral_id = s.referral_id
    where s.id = asked)
  select it.id, x.criterion from it cross join lateral (
    select 'age' as criterion where extract(year from age(it.first_day::timestamp, it.birth_date::timestamp)) < it.least_age
    union all select 'local_connection' where (it.local_connection = 'locality' and it.lives_near <> it.locality)
                                           or (it.local_connection = 'neighbourhood' and it.lives_in <> it.neighbourhood_id)
    union all select 'step_free' where it.wants_step_free and not it.step_free
    union all select 'hoist' where it.wants_hoist and not it.hoist
    union all select 'pets' where it.wants_pets and not it.pets
    union all select 'bedrooms' where it.wants_bedrooms > it.bedrooms
    union all select 'need:' || sn.need from scheme_need sn
              where sn.scheme_id = it.id and not sn.can and sn.need = any (it.needs)) x;
end;

-- The same of a stay that this login books, so that an override is kept for what is not met and for nothing else.
create function unmet_here(asked uuid) returns table (scheme_id int, criterion text)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select u.scheme_id, u.criterion from stay s cross join lateral unmet_criteria(s.id) u
  where s.id = asked and my_role() = 'placement_coordinator'
    and not exists (select 1 from hidden_from_me h where h.id = s.person_id);
end;
grant execute on function unmet_here(uuid) to centre_user;

create function guard_criteria() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare unmet text;
begin
  select string_agg(u.criterion, ',' order by u.criterion) into unmet from unmet_criteria(new.id) u
  where not exists (select 1 from stay_override o where o.scheme_id = u.scheme_id and o.criterion = u.criterion
                    and (o.stay_id = new.id or o.stay_id = new.continues));
  if unmet is not null then
    raise exception 'not taken there' using errcode = 'check_violation', constraint = 'stay_meets_criteria', detail = unmet;
  end if;
  return null;
end $$;
-- At the end, when the overrides stand beside the stay. Who is there already is not asked again, unless they move.
create constraint trigger criteria after insert on stay deferrable initially deferred for each row
  when (new.kind = 'stay' and new.state in ('booked', 'in_stay')) execute function guard_criteria();
create constraint trigger criteria_moved after update on stay deferrable initially deferred for each row
  when (new.kind = 'stay' and new.state in ('booked', 'in_stay')
        and (new.apartment_id <> old.apartment_id or new.referral_id is distinct from old.referral_id
             or lower(new.period) < lower(old.period)))
  execute function guard_criteria();

-- ---------------------------------------------------------------- declined, and the way back

create table apartment_decline (
  id uuid primary key default uuidv7(),
  referral_id uuid not null references referral,
  reason text not null,
  next_owner text references user_account,
  next_step text not null default '' check (length(next_step) <= 500),
  look_again_on date not null,
  declined_by text not null default session_user,
  declined_at timestamptz not null default now(),
  reopened_by text,
  reopened_at timestamptz,
  revision int not null default 1,
  constraint apartment_decline_back_is_whole check ((reopened_at is null) = (reopened_by is null))
);
create unique index apartment_decline_open on apartment_decline (referral_id) where reopened_at is null;
create trigger watch after insert or update or delete on apartment_decline
  for each row execute function audit.watch('apartments', 'referral_id', '');
alter table apartment_decline enable row level security;
create policy shared_with_me on apartment_decline to centre_user
  using (exists (select 1 from referral r where r.id = referral_id));

insert into setting (name, value) values ('apartment.look_again_days', '7') on conflict (name) do nothing;

-- Whoever declines it and wherever: there is a day on which somebody looks again.
create function keep_way_back() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare days int := (select (value #>> '{}')::int from setting where name = 'apartment.look_again_days');
begin
  if new.state = 'declined' then
    insert into apartment_decline (referral_id, reason, next_owner, look_again_on)
    values (new.id, new.state_reason, new.claimed_by, (now() at time zone 'Europe/London')::date + coalesce(days, 7));
  else
    update apartment_decline set reopened_by = session_user, reopened_at = now(), revision = revision + 1
    where referral_id = new.id and reopened_at is null;
  end if;
  return null;
end $$;
create trigger way_back after update of state on referral for each row
  when (old.state <> new.state and (old.state = 'declined' or new.state = 'declined')
        and new.service = 'neighbourhood_apartment')
  execute function keep_way_back();
insert into apartment_decline (referral_id, reason, next_owner, look_again_on, declined_by, declined_at)
select r.id, r.state_reason, r.claimed_by, current_date + 7, coalesce(r.claimed_by, session_user), r.closed_at
from referral r where r.state = 'declined' and r.service = 'neighbourhood_apartment';

do $$
declare t text;
begin
  foreach t in array array['care_need', 'scheme_need', 'apartment_reason', 'apartment_question'] loop
    execute format('create trigger strangers before insert or update or delete on %I'
                   ' for each statement execute function refuse_strangers()', t);
  end loop;
end $$;

grant select on care_need, scheme_need, apartment_reason, apartment_question, apartment_request, stay_override,
  apartment_decline to centre_user;
grant insert, update on care_need, apartment_reason, apartment_question to administrator;
grant insert, update, delete on scheme_need to placement_coordinator, manager, administrator;
grant insert, update on apartment_request to placement_coordinator, care_coordinator, team_lead, trusted_assessor;
grant insert on stay_override to placement_coordinator;
grant update (next_step, look_again_on, revision) on apartment_decline
  to placement_coordinator, care_coordinator, team_lead, trusted_assessor, manager;
