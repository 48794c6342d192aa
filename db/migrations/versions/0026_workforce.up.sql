-- Who visits: how much, from where, with which languages, for whom and for whom not; rotas, their exceptions, absence.

-- ---------------------------------------------------------------- a worker

alter table worker
  alter column lat drop not null,
  alter column lon drop not null,
  add column base text not null default 'home' check (base in ('home', 'base')),
  add column base_name text not null default '' check (length(base_name) <= 80),
  add column contracted_minutes smallint check (contracted_minutes between 0 and 4200),   -- a week
  add column most_minutes smallint check (most_minutes between 15 and 900),               -- with people, a day
  add column agency text not null default '' check (length(agency) <= 80),
  add column enhanced boolean not null default false,                                      -- B3
  add column languages text[] not null default '{}',
  add column neighbourhoods smallint[] not null default '{}',
  add column request uuid unique,                                  -- the client's: sent twice, made once
  add constraint worker_place_is_whole check ((lat is null) = (lon is null)),
  add constraint worker_place_is_on_earth check (lat between -90 and 90 and lon between -180 and 180),
  add constraint worker_languages_are_words
    check (cardinality(languages) <= 12 and array_position(languages, '') is null and array_position(languages, null) is null),
  add constraint worker_neighbourhoods_exist
    check (neighbourhoods <@ array[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]::smallint[]),
  add constraint worker_has_a_name check (btrim(name) <> '' and length(name) <= 120);

alter table worker_skill add column revision int not null default 1;

-- Whom a worker knows, and whom they are not to visit. Both may be said of one pair when two records of a person are
-- made one: "not to" is what holds then.
create table worker_person (
  worker_id int not null references worker,
  person_id uuid not null references person,
  relation text not null check (relation in ('knows', 'not_to')),
  reason text not null default '' check (length(reason) <= 300),
  recorded_by text not null default session_user,
  recorded_at timestamptz not null default now(),
  revision int not null default 1,
  primary key (worker_id, person_id, relation),
  constraint worker_person_says_why check (relation = 'knows' or btrim(reason) <> '')
);
create index worker_person_person on worker_person (person_id);
create trigger stamp before insert or update on worker_person
  for each row execute function stamp('recorded_by', 'recorded_at', 'again');

alter table worker_person enable row level security;
create policy shared_with_me on worker_person to centre_user
  using ((select my_role()) not in ('administrator') and not exists (select 1 from hidden_from_me h where h.id = person_id));
create trigger watch after insert or update or delete on worker_person
  for each row execute function audit.watch('deployment', 'worker_id', 'person_id');
-- Why is for those who lead the team; that they do not go there is for whoever sends them.
grant select (worker_id, person_id, relation, recorded_by, recorded_at, revision) on worker_person to centre_user;
grant select (reason) on worker_person to team_lead, manager;
grant insert, delete on worker_person to team_lead;
grant update (reason, revision) on worker_person to team_lead;

grant insert, update (base, base_name, contracted_minutes, most_minutes, agency, enhanced, languages, neighbourhoods)
  on worker to team_lead;

-- ---------------------------------------------------------------- whom they are given (D2, beside guard_allocation)

create function guard_allocation_worker() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare about record; most int; given int;
begin
  if tg_op = 'UPDATE' and (old.worker_id, old.visit_id, old.period) = (new.worker_id, new.visit_id, new.period) then
    return new;
  end if;
  select v.person_id, v.day into about from visit v where v.id = new.visit_id;
  -- Two who give to one worker at once come one after the other: the minutes of both count.
  select w.most_minutes into most from worker w where w.id = new.worker_id for no key update;
  if exists (select 1 from worker_person p
             where p.worker_id = new.worker_id and p.person_id = about.person_id and p.relation = 'not_to') then
    raise exception 'may not visit' using errcode = 'check_violation', constraint = 'allocation_worker_may_visit';
  end if;
  if most is null or (tg_op = 'UPDATE' and (old.worker_id, old.visit_id) = (new.worker_id, new.visit_id)) then
    return new;
  end if;
  select coalesce(sum(extract(epoch from upper(a.period) - lower(a.period)))::int / 60, 0) into given from allocation a
  where int4range(a.worker_id, a.worker_id, '[]') && int4range(new.worker_id, new.worker_id, '[]')
    and a.period && tstzrange(about.day::timestamp at time zone 'Europe/London',
                              (about.day + 1)::timestamp at time zone 'Europe/London')
    and (lower(a.period) at time zone 'Europe/London')::date = about.day
    and a.id <> new.id;
  if given + extract(epoch from upper(new.period) - lower(new.period))::int / 60 > most then
    raise exception 'contact limit' using errcode = 'check_violation', constraint = 'allocation_within_contact_limit';
  end if;
  return new;
end $$;
-- Whoever is away may have been given visits to people who do not share them with this lead: how many, and no more.
create function given_unseen(of_worker int, during tstzrange) returns int language sql stable security definer
set search_path = public, pg_temp
return (
  select count(*)::int from allocation a join visit v on v.id = a.visit_id
  where my_role() in ('team_lead', 'manager') and a.worker_id = of_worker and a.period && during and v.state = 'planned'
    and lower(a.period) > now() and exists (select 1 from hidden_from_me h where h.id = v.person_id));
grant execute on function given_unseen(int, tstzrange) to team_lead, manager;

create trigger guard_worker before insert or update on allocation for each row execute function guard_allocation_worker();

-- ---------------------------------------------------------------- rotas

-- An id as a range, so that "no two of one rota at once" can be an exclusion constraint without an extension.
create type uuid_span as range (subtype = uuid);
grant execute on function uuid_span(uuid, uuid, text) to centre_user;

-- A cycle of weeks by the wall clock. Week 0 is the one that begins on first_monday, and every ``weeks`` weeks from there.
create table rota (
  id uuid primary key,
  team_id int not null references team,
  name text not null,
  weeks smallint not null check (weeks between 1 and 12),
  first_monday date not null default '2026-01-05',
  active boolean not null default true,
  recorded_by text not null default session_user,
  recorded_at timestamptz not null default now(),
  revision int not null default 1,
  constraint rota_has_a_name check (btrim(name) <> '' and length(name) <= 60),
  constraint rota_begins_on_a_monday check (extract(isodow from first_monday) = 1),
  constraint rota_name_once unique (team_id, name),
  constraint rota_length unique (id, weeks)
);
create trigger stamp before insert or update on rota
  for each row execute function stamp('recorded_by', 'recorded_at', 'again');

-- Where in its cycle a spell lies, in minutes. One that runs over the end of the last week comes round to the first.
create function rota_minutes(week int, weekday int, starts int, ends int, weeks int) returns int4multirange
language sql immutable strict parallel safe
return (
  select case when s.a + s.long <= weeks * 10080 then int4multirange(int4range(s.a, s.a + s.long))
              else int4multirange(int4range(s.a, weeks * 10080), int4range(0, s.a + s.long - weeks * 10080)) end
  from (select (week * 7 + weekday) * 1440 + starts as a,
               case when ends > starts then ends - starts else 1440 - starts + ends end as long) s);
grant execute on function rota_minutes(int, int, int, int, int) to centre_user;

-- starts and ends are minutes of the wall clock; an end that is not after the start is on the next day.
create table rota_spell (
  rota_id uuid not null,
  weeks smallint not null,
  week smallint not null check (week >= 0),
  weekday smallint not null check (weekday between 0 and 6),     -- Monday is 0
  starts smallint not null check (starts between 0 and 1439),
  ends smallint not null check (ends between 1 and 1440),
  span int4multirange not null
    generated always as (rota_minutes(week::int, weekday::int, starts::int, ends::int, weeks::int)) stored,
  primary key (rota_id, week, weekday, starts),
  foreign key (rota_id, weeks) references rota (id, weeks) on update cascade on delete cascade,
  constraint rota_spell_has_length check (starts <> ends),
  constraint rota_spell_in_cycle check (week < weeks),
  constraint rota_spell_never_overlaps exclude using gist (uuid_span(rota_id, rota_id, '[]') with &&, span with &&)
);

-- Who works to which, from when to when (the end is open), and how many weeks further on in the cycle.
create table worker_rota (
  id uuid primary key,
  worker_id int not null references worker,
  rota_id uuid not null references rota,
  days daterange not null check (not isempty(days) and not lower_inf(days)),
  week_offset smallint not null default 0 check (week_offset between 0 and 11),
  recorded_by text not null default session_user,
  recorded_at timestamptz not null default now(),
  revision int not null default 1,
  constraint worker_rota_one_at_a_time exclude using gist (int4range(worker_id, worker_id, '[]') with &&, days with &&)
);
create index worker_rota_rota on worker_rota (rota_id);
create trigger stamp before insert or update on worker_rota
  for each row execute function stamp('recorded_by', 'recorded_at', 'again');

-- One day that is not as the rota has it: off, other hours in its place, or extra ones beside it.
create table rota_exception (
  id uuid primary key,
  worker_id int not null references worker,
  day date not null,
  kind text not null check (kind in ('off', 'hours', 'extra')),
  starts smallint check (starts between 0 and 1439),
  ends smallint check (ends between 1 and 1440),
  note text not null default '' check (length(note) <= 200),
  recorded_by text not null default session_user,
  recorded_at timestamptz not null default now(),
  revision int not null default 1,
  constraint rota_exception_has_hours
    check (case kind when 'off' then starts is null and ends is null
           else starts is not null and ends is not null and starts <> ends end)
);
create unique index rota_exception_one_a_day on rota_exception (worker_id, day) where kind in ('off', 'hours');
create index rota_exception_worker on rota_exception (worker_id, day);
create trigger stamp before insert or update on rota_exception
  for each row execute function stamp('recorded_by', 'recorded_at', 'again');

alter table rota enable row level security;
alter table rota_spell enable row level security;
alter table worker_rota enable row level security;
alter table rota_exception enable row level security;
create policy colleagues on rota to centre_user using ((select my_role()) is not null);
create policy colleagues on rota_spell to centre_user using ((select my_role()) is not null);
create policy colleagues on worker_rota to centre_user using ((select my_role()) is not null);
create policy colleagues on rota_exception to centre_user using ((select my_role()) is not null);
create trigger watch after insert or update or delete on rota
  for each row execute function audit.watch('workforce', 'id', '');
create trigger watch after insert or update or delete on rota_spell
  for each row execute function audit.watch('workforce', 'rota_id', '');
create trigger watch after insert or update or delete on worker_rota
  for each row execute function audit.watch('workforce', 'worker_id', '');
create trigger watch after insert or update or delete on rota_exception
  for each row execute function audit.watch('workforce', 'worker_id', '');
grant select on rota, rota_spell, worker_rota, rota_exception to centre_user;
grant insert, update, delete on rota, worker_rota, rota_exception to team_lead;
grant select, insert, delete on rota_spell to team_lead;

-- ---------------------------------------------------------------- shifts and absence

-- A shift that is made from a rota names the day that it was made for; one without was entered by hand. Leave and sickness
-- have a category, never a diagnosis.
alter table shift
  add column rota_day date,
  add column category text not null default '',
  add column recorded_by text not null default session_user,
  add column recorded_at timestamptz not null default now(),
  add constraint shift_from_rota_is_work check (rota_day is null or kind = 'work'),
  add constraint shift_category_of_its_kind check (
    category = ''
    or (kind = 'leave' and category in ('annual', 'bank_holiday', 'carers', 'compassionate', 'parental', 'study', 'unpaid', 'other'))
    or (kind = 'sickness' and category in ('self_certified', 'fit_note', 'work_injury', 'other'))),
  add constraint shift_leave_once exclude using gist (int4range(worker_id, worker_id, '[]') with &&, period with &&)
    where (kind = 'leave'),
  add constraint shift_sickness_once exclude using gist (int4range(worker_id, worker_id, '[]') with &&, period with &&)
    where (kind = 'sickness');
create index shift_rota_day on shift (worker_id, rota_day) where rota_day is not null;
create trigger stamp before insert or update on shift
  for each row execute function stamp('recorded_by', 'recorded_at', 'again');
