-- What placing people was still without: coded reasons for declining a referral for an apartment.

-- ---------------------------------------------------------------- why an apartment could not be offered

-- Versioned like apartment_reason: a code is of every list from ``list`` on, until the one that retires it.
create table apartment_decline_reason (
  code text primary key check (code ~ '^[a-z0-9_]{2,40}$'),
  list text not null check (list ~ '^apartments-[0-9]{4}-[0-9]{2}$'),
  retired_in text check (retired_in > list),
  words text not null unique check (words <> '' and length(words) <= 120),
  position smallint not null
);
create trigger strangers before insert or update or delete on apartment_decline_reason
  for each statement execute function refuse_strangers();
grant select on apartment_decline_reason to centre_user;
grant insert, update on apartment_decline_reason to administrator;

-- Null: declined where nobody was asked for it (in the queue, or before there were codes), and not said since.
alter table apartment_decline
  add column list text,
  add column code text references apartment_decline_reason,
  add constraint apartment_decline_code_has_list check ((code is null) = (list is null));
grant update (list, code) on apartment_decline
  to placement_coordinator, care_coordinator, team_lead, trusted_assessor, manager;

-- Whoever says what is done next says the code too, and one that was in force.
create function guard_decline() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.code is null and (old.code is not null or new.next_step <> old.next_step) then
    raise exception 'no code' using errcode = 'check_violation', constraint = 'apartment_decline_has_code';
  end if;
  if (new.code, new.list) is distinct from (old.code, old.list) and not exists (
       select 1 from apartment_decline_reason r
       where r.code = new.code and r.list <= new.list and (r.retired_in is null or r.retired_in > new.list)) then
    raise exception 'no such code' using errcode = 'check_violation', constraint = 'apartment_decline_code_in_force';
  end if;
  return new;
end $$;
create trigger guard before update of code, list, next_step on apartment_decline for each row
  execute function guard_decline();
