-- Stays that are moved, swapped and shortened; what follows a stay; a stay that goes on in another apartment; apartments
-- that stand empty and take nobody in (N4). docs/decisions/apartments-calendar.md says why.

-- The calendar has a few writers a minute: they take turns, so that two desks never wait for each other in a circle and
-- each is told what the other has just done.
create function calendar_alone() returns void language sql set search_path = public, pg_temp
begin atomic
  select pg_advisory_xact_lock(1398030681);
end;
grant execute on function calendar_alone() to centre_user;
create function take_turns() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(1398030681);
  return null;
end $$;
create trigger take_turns before insert or update or delete on stay for each statement execute function take_turns();

alter table stay
  drop constraint stay_kind_check,
  add constraint stay_kind_check check (kind in ('stay', 'cleaning', 'inspection', 'repair', 'offline')),
  add column follows uuid references stay,         -- cleaning and inspection go where their stay goes
  add column continues uuid references stay,       -- the same person's stay, in another apartment before
  add constraint stay_follows_is_turnaround check (follows is null or kind in ('cleaning', 'inspection')),
  add constraint stay_continues_is_stay check (continues is null or (kind = 'stay' and continues <> id));
create index stay_follows on stay (follows) where follows is not null;
create unique index stay_goes_on_once on stay (continues) where continues is not null and state <> 'cancelled';

-- Checked at the end of each statement: two stays change places in one, and no moment of it can be seen by anybody.
alter table stay
  drop constraint stay_apartment_free,
  add constraint stay_apartment_free exclude using gist
    (int4range(apartment_id, apartment_id, '[]') with &&, period with &&) where (state <> 'cancelled')
    deferrable initially immediate;
drop index stay_one_inside;
alter table stay add constraint stay_one_inside exclude using btree (apartment_id with =)
  where (state = 'in_stay' and kind = 'stay') deferrable initially immediate;

-- One person is not booked into two apartments on the same days.
create type uuidrange as range (subtype = uuid);
grant execute on function uuidrange(uuid, uuid, text) to centre_user;
alter table stay add constraint stay_person_once exclude using gist
  (uuidrange(person_id, person_id, '[]') with &&, period with &&) where (state <> 'cancelled' and person_id is not null)
  deferrable initially immediate;

-- Empty, and not accepting: nobody's stay begins on these days. Who is there, stays. Without an end: until further notice.
create table apartment_pause (
  id uuid primary key,
  apartment_id int not null references apartment,
  period daterange not null check (not isempty(period) and not lower_inf(period)),
  reason text not null check (reason <> '' and length(reason) <= 500),
  state text not null default 'on' check (state in ('on', 'lifted')),
  set_by text not null default session_user,
  set_at timestamptz not null default now(),
  revision int not null default 1,
  constraint apartment_pause_once exclude using gist
    (int4range(apartment_id, apartment_id, '[]') with &&, period with &&) where (state = 'on')
);
create trigger take_turns before insert or update or delete on apartment_pause
  for each statement execute function take_turns();
create trigger strangers before insert or update or delete on apartment_pause
  for each statement execute function refuse_strangers();
create trigger stamp before insert or update on apartment_pause for each row execute function stamp('set_by', 'set_at');
create trigger watch after insert or update or delete on apartment_pause
  for each row execute function audit.watch('apartments', 'id', '');
grant select on apartment_pause to centre_user;
grant insert, update on apartment_pause to placement_coordinator;

create or replace function guard_stay() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and old.kind = 'stay' and old.state <> new.state and (old.state, new.state) not in
     (('booked', 'in_stay'), ('booked', 'cancelled'), ('in_stay', 'ended'), ('in_stay', 'booked'),
      ('ended', 'in_stay'), ('cancelled', 'booked')) then
    raise exception 'illegal move' using errcode = 'check_violation', constraint = 'stay_move_is_legal';
  end if;
  if new.state <> 'cancelled' and not exists (
       select 1 from apartment a where a.id = new.apartment_id and a.leased @> new.period) then
    raise exception 'not leased' using errcode = 'check_violation', constraint = 'stay_within_lease';
  end if;
  if new.kind = 'stay' and new.state in ('booked', 'in_stay')
     and (tg_op = 'INSERT' or old.state = 'cancelled' or old.apartment_id <> new.apartment_id
          or lower(old.period) <> lower(new.period))
     and exists (select 1 from apartment_pause p where p.apartment_id = new.apartment_id and p.state = 'on'
                 and p.period @> lower(new.period)) then
    raise exception 'not accepting' using errcode = 'check_violation', constraint = 'stay_apartment_accepts';
  end if;
  if new.continues is not null and not exists (
       select 1 from stay s where s.id = new.continues and s.person_id = new.person_id) then
    raise exception 'another person' using errcode = 'check_violation', constraint = 'stay_continues_own';
  end if;
  return new;
end $$;

-- The first day in any apartment of a stay that went on in another.
create function stay_began(asked uuid) returns date language sql stable security definer set search_path = public, pg_temp
begin atomic
  with recursive parts (id, continues, first_day) as (
    select s.id, s.continues, lower(s.period) from stay s where s.id = asked
    union all
    select s.id, s.continues, lower(s.period) from parts p join stay s on s.id = p.continues where s.state <> 'cancelled')
  select min(first_day) from parts;
end;
grant execute on function stay_began(uuid) to centre_user;

-- N3: six weeks are counted over all parts of a stay. At the end of the statement, when all of them stand.
create function guard_whole_stay() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (
    with recursive later (id, last_day, why) as (
      select s.id, upper(s.period), s.past_six_weeks_reason from stay s
      where s.id = new.id and s.state <> 'cancelled'
      union all
      select s.id, upper(s.period), s.past_six_weeks_reason from later l join stay s on s.continues = l.id
      where s.state <> 'cancelled')
    select 1 from later l where l.why = '' and l.last_day - stay_began(l.id) > 42) then
    raise exception 'six weeks' using errcode = 'check_violation', constraint = 'stay_within_six_weeks';
  end if;
  return null;
end $$;
create constraint trigger whole_stay after insert or update of period, state, continues, past_six_weeks_reason on stay
  deferrable initially immediate for each row when (new.kind = 'stay' and new.state <> 'cancelled')
  execute function guard_whole_stay();

-- What is to be done so that somebody can move on goes with them, to the next apartment and back.
create or replace function guard_move_on_task() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and (old.stay_id, old.step) is distinct from (new.stay_id, new.step) and not (
       old.step is not distinct from new.step and exists (
         select 1 from stay s where (s.id, s.continues) in ((new.stay_id, old.stay_id), (old.stay_id, new.stay_id)))) then
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

create or replace function begin_move_on() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update move_on_task set stay_id = new.id
  where stay_id = new.continues or stay_id in (select s.id from stay s where s.continues = new.id and s.state = 'booked');
  insert into move_on_task (id, stay_id, step, words, due_on, owner)
  select uuidv7(), new.id, s.code, s.words, stay_began(new.id) + s.week * 7 - 1,
         (select u.user_name from user_account u where u.user_name = new.booked_by and u.active)
  from move_on_step s
  on conflict on constraint move_on_task_once do nothing;
  return null;
end $$;

-- The cleaning that was booked when somebody left belongs to their stay.
alter table stay disable trigger user;
update stay c set follows = s.id from stay s
where c.kind = 'cleaning' and c.state <> 'cancelled' and s.kind = 'stay' and s.state = 'ended'
  and s.apartment_id = c.apartment_id and upper(s.period) = lower(c.period);
alter table stay enable trigger user;

insert into setting (name, value) values ('apartment.cleaning_days', '1'), ('apartment.inspection_days', '1')
on conflict (name) do nothing;
