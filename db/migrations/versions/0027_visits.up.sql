-- Visits that recur, visits a stated gap apart, fixed times and words about getting in (D1).

-- The rule that visits are made from: every so many days, or on weekdays of every so many weeks; each day at one or
-- more times ("slots"). Wall clock of the centre. What has been made knows its pattern, slot and day.
create table visit_pattern (
  id uuid primary key,
  person_id uuid not null references person,
  team_id int not null references team,
  plan_action_id uuid references plan_action on delete set null,
  action_words text not null default '',             -- of the plan's action, as visits were made from it; '': of no action
  starts date not null,
  ends date,                                         -- the last day, in; null: until somebody ends it
  unit text not null default 'day' check (unit in ('day', 'week')),
  every smallint not null default 1 check (every between 1 and 52),
  weekdays smallint[] not null default '{}' check (weekdays <@ array[0, 1, 2, 3, 4, 5, 6]::smallint[]),  -- 0 is Monday
  gap_least smallint check (gap_least between 0 and 900),  -- minutes from the end of one slot to the start of the next
  gap_most smallint check (gap_most between 0 and 900),
  rolled_until date,                                 -- visits have been made up to here
  made_by text not null default session_user,
  made_at timestamptz not null default now(),
  revision int not null default 1,
  constraint visit_pattern_ends_after check (ends is null or ends >= starts - 1),  -- the day before: it made nothing
  constraint visit_pattern_weekdays check ((unit = 'week') = (cardinality(weekdays) > 0)),
  constraint visit_pattern_gap check (gap_most is null or (gap_least is not null and gap_most >= gap_least))
);
create index visit_pattern_person on visit_pattern (person_id);
create index visit_pattern_action on visit_pattern (plan_action_id);
create index visit_pattern_open on visit_pattern (team_id, rolled_until);

create table visit_pattern_slot (
  pattern_id uuid not null references visit_pattern on delete cascade,
  slot smallint not null check (slot between 1 and 999),
  opens time not null,
  closes time,                                       -- null: at the fixed time ``opens``
  minutes smallint not null check (minutes between 5 and 480),
  workers_needed smallint not null default 1 check (workers_needed in (1, 2)),
  need text not null check (need <> '' and length(need) <= 500),
  access_notes text not null default '' check (length(access_notes) <= 500),
  time_critical boolean not null default false,
  gender_asked text check (gender_asked in ('female', 'male')),
  priority smallint not null default 3 check (priority between 1 and 5),
  primary key (pattern_id, slot),
  constraint visit_pattern_slot_window check (closes > opens)
);

create table visit_pattern_skill (
  pattern_id uuid not null,
  slot smallint not null,
  skill text not null references skill,
  primary key (pattern_id, slot, skill),
  foreign key (pattern_id, slot) references visit_pattern_slot on delete cascade
);

alter table visit
  add column access_notes text not null default '' check (length(access_notes) <= 500),
  add column fixed_at timestamptz,
  add column pattern_id uuid references visit_pattern on delete set null,
  add column pattern_slot smallint,
  add column pattern_day date,                       -- the day that the rule made it for; ``day`` may have been changed
  add column modified boolean not null default false,  -- changed by hand since it was made
  add column dropped boolean not null default false,   -- cancelled because its pattern no longer has it
  add constraint visit_fixed_begins_its_window check (fixed_at is null or fixed_at = lower(arrive)),
  add constraint visit_of_pattern check (pattern_id is null or (pattern_slot is not null and pattern_day is not null)),
  add constraint visit_dropped_is_cancelled check (not dropped or state = 'cancelled');
-- Making a pattern's visits again makes nothing twice.
create unique index visit_once_in_pattern on visit (pattern_id, pattern_slot, pattern_day)
  where pattern_id is not null and not dropped;

-- Two visits to one person on one day, a stated gap apart: minutes from the end of the first to the start of the second.
create table visit_pair (
  first_id uuid not null references visit on delete cascade,
  second_id uuid not null references visit on delete cascade,
  gap_least smallint not null default 0 check (gap_least between 0 and 900),
  gap_most smallint check (gap_most between 0 and 900),
  revision int not null default 1,
  primary key (first_id, second_id),
  constraint visit_pair_of_two check (first_id <> second_id),
  constraint visit_pair_gap check (gap_most is null or gap_most >= gap_least)
);
create index visit_pair_second on visit_pair (second_id);
create unique index visit_pair_once on visit_pair (least(first_id, second_id), greatest(first_id, second_id));

-- ---------------------------------------------------------------- promises

-- Told at the end of the transaction, when both visits stand where they are to stand. The lock makes two desks, each
-- placing one of the two, see each other.
create function check_pairs(one uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare broken record;
begin
  if not exists (select 1 from visit_pair p where one in (p.first_id, p.second_id)) then
    return;
  end if;
  perform 1 from visit_pair p where one in (p.first_id, p.second_id) order by p.first_id, p.second_id for update;
  select f.person_id <> s.person_id or f.day <> s.day as apart,
         f.state = 'planned' and s.state = 'planned'
           and (upper(s.arrive) < lower(f.arrive) + make_interval(mins => f.minutes + p.gap_least)
                or lower(s.arrive) > upper(f.arrive) + make_interval(mins => f.minutes + p.gap_most)) as impossible,
         exists (select 1 from allocation a join allocation b on b.visit_id = s.id where a.visit_id = f.id
                 and (lower(b.period) - upper(a.period) < make_interval(mins => p.gap_least)
                      or lower(b.period) - upper(a.period) > make_interval(mins => p.gap_most))) as broken
    into broken
    from visit_pair p join visit f on f.id = p.first_id join visit s on s.id = p.second_id
    where one in (p.first_id, p.second_id) and f.state in ('planned', 'done') and s.state in ('planned', 'done')
    order by 1 desc, 2 desc nulls last, 3 desc limit 1;
  if broken.apart then
    raise exception 'pair' using errcode = 'check_violation', constraint = 'visit_pair_same_person_and_day';
  elsif broken.impossible then
    raise exception 'pair' using errcode = 'check_violation', constraint = 'visit_pair_possible';
  elsif broken.broken then
    raise exception 'gap' using errcode = 'check_violation', constraint = 'allocation_keeps_gap';
  end if;
end $$;

create function guard_gap() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform check_pairs(new.visit_id);
  return null;
end $$;
create constraint trigger gap after insert or update on allocation deferrable initially deferred
  for each row execute function guard_gap();

create function guard_pair() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform check_pairs(new.first_id);
  return null;
end $$;
create constraint trigger possible after insert or update on visit_pair deferrable initially deferred
  for each row execute function guard_pair();

create function guard_paired() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform check_pairs(new.id);
  return null;
end $$;
create constraint trigger paired after update of person_id, day, arrive, minutes, state on visit
  deferrable initially deferred for each row
  when ((old.person_id, old.day, old.arrive, old.minutes, old.state)
        is distinct from (new.person_id, new.day, new.arrive, new.minutes, new.state))
  execute function guard_paired();

-- What has been stays as it was: a visit with an outcome does not become another visit.
create function guard_outcome() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if old.state <> 'planned' and new.state <> 'planned'
     and (old.team_id, old.day, old.arrive, old.minutes, old.workers_needed, old.need, old.access_notes, old.fixed_at,
          old.time_critical, old.gender_asked, old.priority, old.pattern_slot, old.pattern_day)
     is distinct from (new.team_id, new.day, new.arrive, new.minutes, new.workers_needed, new.need, new.access_notes,
          new.fixed_at, new.time_critical, new.gender_asked, new.priority, new.pattern_slot, new.pattern_day) then
    raise exception 'has been' using errcode = 'check_violation', constraint = 'visit_has_been';
  end if;
  return new;
end $$;
create trigger outcome before update on visit for each row execute function guard_outcome();

create function guard_outcome_skill() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (select 1 from visit v where v.state <> 'planned'
             and v.id = case tg_op when 'DELETE' then old.visit_id else new.visit_id end) then
    raise exception 'has been' using errcode = 'check_violation', constraint = 'visit_has_been';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger outcome before insert or update or delete on visit_skill
  for each row execute function guard_outcome_skill();

-- ---------------------------------------------------------------- who sees and writes them

create trigger stamp before insert or update on visit_pattern for each row execute function stamp('made_by', 'made_at');

alter table visit_pattern enable row level security;
alter table visit_pattern_slot enable row level security;
alter table visit_pattern_skill enable row level security;
alter table visit_pair enable row level security;
create policy shared_with_me on visit_pattern to centre_user
  using ((select my_role()) not in ('administrator')
         and not exists (select 1 from hidden_from_me h where h.id = visit_pattern.person_id));
create policy shared_with_me on visit_pattern_slot to centre_user
  using (exists (select 1 from visit_pattern p where p.id = pattern_id));
create policy shared_with_me on visit_pattern_skill to centre_user
  using (exists (select 1 from visit_pattern p where p.id = pattern_id));
create policy shared_with_me on visit_pair to centre_user
  using (exists (select 1 from visit v where v.id = first_id));

create trigger watch after insert or update or delete on visit_pattern
  for each row execute function audit.watch('deployment', 'id', 'person_id');
create trigger watch after insert or update or delete on visit_pair
  for each row execute function audit.watch('deployment', 'first_id', '');

grant select on visit_pattern, visit_pattern_slot, visit_pattern_skill, visit_pair to centre_user;
-- Whose visits they are is settled when a pattern is made; a merge of two records is the database's own.
grant insert, update (team_id, action_words, starts, ends, unit, every, weekdays, gap_least, gap_most, rolled_until,
                      revision) on visit_pattern to care_coordinator, team_lead, trusted_assessor;
grant insert, update, delete on visit_pattern_slot, visit_pattern_skill, visit_pair
  to care_coordinator, team_lead, trusted_assessor;

select follow_merges();
