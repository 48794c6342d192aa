-- Stays that are moved, swapped and shortened; what follows a stay; not accepting (N4), taken back. Days of an inspection
-- stay taken: they become days of cleaning. A stay in two apartments becomes two stays.
delete from setting where name in ('apartment.cleaning_days', 'apartment.inspection_days');
drop trigger whole_stay on stay;
drop function guard_whole_stay();

create or replace function begin_move_on() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into move_on_task (id, stay_id, step, words, due_on, owner)
  select uuidv7(), new.id, s.code, s.words, lower(new.period) + s.week * 7 - 1,
         (select u.user_name from user_account u where u.user_name = new.booked_by and u.active)
  from move_on_step s
  on conflict on constraint move_on_task_once do nothing;
  return null;
end $$;

create or replace function guard_move_on_task() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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
drop function stay_began(uuid);

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
  -- One person is not booked into two apartments on the same days. The row lock makes two desks wait for each other.
  -- (Of somebody whom this login may not see, row security refuses it, and nothing is told of their other stays.)
  if new.person_id is not null and new.state <> 'cancelled'
     and new.person_id <> all ((select hidden_people('record'))::uuid[]) then
    perform 1 from person p where p.id = new.person_id for no key update;
    if exists (select 1 from stay s where s.person_id = new.person_id and s.id <> new.id
               and s.state <> 'cancelled' and s.period && new.period) then
      raise exception 'two stays' using errcode = 'exclusion_violation', constraint = 'stay_person_once';
    end if;
  end if;
  return new;
end $$;

drop table apartment_pause;
alter table stay
  drop constraint stay_person_once,
  drop constraint stay_one_inside,
  drop constraint stay_apartment_free,
  add constraint stay_apartment_free exclude using gist
    (int4range(apartment_id, apartment_id, '[]') with &&, period with &&) where (state <> 'cancelled');
drop type uuidrange;
create unique index stay_one_inside on stay (apartment_id) where state = 'in_stay' and kind = 'stay';
alter table stay disable trigger user;
update stay set kind = 'cleaning', reason = case reason when '' then 'Inspection' else reason end where kind = 'inspection';
alter table stay enable trigger user;
alter table stay
  drop column follows,
  drop column continues,
  drop constraint stay_kind_check,
  add constraint stay_kind_check check (kind in ('stay', 'cleaning', 'repair', 'offline'));
drop trigger take_turns on stay;
drop function take_turns(), calendar_alone();
