-- The tracker of stays (N4): what is to be done in weeks 2, 4 and 5 so that somebody can move on, by whom, and what is in
-- the way; an apartment that is held for somebody who had to go back to hospital; where people went next (N5).

create table move_on_step (
  code text primary key check (code ~ '^[a-z0-9_]{2,40}$'),
  words text not null unique check (words <> '' and length(words) <= 200),
  week smallint not null check (week between 1 and 6),
  position smallint not null
);

create table went_to (
  code text primary key check (code ~ '^[a-z0-9_]{2,40}$'),
  name text not null unique check (name <> '' and length(name) <= 120),
  counts_as text not null check (counts_as in ('home', 'care_home', 'hospital', 'died', 'other')),
  position smallint not null
);

alter table stay
  add column went_to text references went_to,
  add column instead_of text not null default '' check (instead_of in ('', 'hospital_bed', 'care_home', 'unsafe_home')),
  add column away_since date,                      -- back in hospital from this day
  add column hold_until date,                      -- the apartment is kept until the end of this day
  add constraint stay_went_somewhere check (went_to is null or state = 'ended'),
  add constraint stay_hold_is_whole check ((away_since is null) = (hold_until is null) and hold_until >= away_since
                                           and (away_since is null or kind = 'stay')),
  add constraint stay_hold_not_forever check (hold_until - away_since <= 28);

-- Who has not left is still inside, whatever the last day was to be: nobody else moves in before.
create unique index stay_one_inside on stay (apartment_id) where state = 'in_stay' and kind = 'stay';

create table move_on_task (
  id uuid primary key,
  stay_id uuid not null references stay,
  step text references move_on_step,               -- null: of this stay only
  words text not null check (words <> '' and length(words) <= 200),
  due_on date not null,
  owner text references user_account,
  blocked_by text not null default '' check (length(blocked_by) <= 500),
  state text not null default 'to_do' check (state in ('to_do', 'done', 'not_needed')),
  note text not null default '' check (length(note) <= 500),
  done_by text references user_account,
  done_at timestamptz,
  revision int not null default 1,
  constraint move_on_task_once unique (stay_id, step),
  constraint move_on_task_done_is_whole check ((state = 'to_do') = (done_at is null) and (state = 'to_do') = (done_by is null)),
  constraint move_on_task_not_needed_has_reason check (state <> 'not_needed' or note <> ''),
  constraint move_on_task_done_is_not_blocked check (state = 'to_do' or blocked_by = '')
);
create index move_on_task_owner on move_on_task (owner) where state = 'to_do';

-- Who did it and when is the database's to say. What is done in somebody's stay stays with that stay.
create function guard_move_on_task() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and (old.stay_id, old.step) is distinct from (new.stay_id, new.step) then
    raise exception 'another stay' using errcode = 'check_violation', constraint = 'move_on_task_stays_with_its_stay';
  end if;
  if new.state = 'to_do' then
    new.done_at := null;
    new.done_by := null;
  elsif tg_op = 'INSERT' or old.state = 'to_do' then
    new.done_at := now();
    new.done_by := session_user;
  else
    new.done_at := old.done_at;
    new.done_by := old.done_by;
  end if;
  return new;
end $$;
create trigger guard before insert or update on move_on_task for each row execute function guard_move_on_task();

-- Moving in begins the tracker: the tasks are there, whoever recorded it and however.
create function begin_move_on() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into move_on_task (id, stay_id, step, words, due_on, owner)
  select uuidv7(), new.id, s.code, s.words, lower(new.period) + s.week * 7 - 1,
         (select u.user_name from user_account u where u.user_name = new.booked_by and u.active)
  from move_on_step s
  on conflict on constraint move_on_task_once do nothing;
  return null;
end $$;
create trigger begin_move_on after insert or update of state on stay for each row
  when (new.kind = 'stay' and new.state = 'in_stay') execute function begin_move_on();

create trigger strangers before insert or update or delete on move_on_step
  for each statement execute function refuse_strangers();
create trigger strangers before insert or update or delete on went_to
  for each statement execute function refuse_strangers();

alter table move_on_task enable row level security;
create policy shared_with_me on move_on_task to centre_user
  using (exists (select 1 from stay s where s.id = stay_id));
create trigger watch after insert or update or delete on move_on_task
  for each row execute function audit.watch('apartments', 'stay_id', '');

grant select on move_on_step, went_to, move_on_task to centre_user;
grant insert, update on move_on_step, went_to to administrator;
grant insert, update on move_on_task to placement_coordinator, care_coordinator, team_lead, trusted_assessor;

insert into setting (name, value) values ('apartment.hold_days', '7') on conflict (name) do nothing;
