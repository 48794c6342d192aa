-- What placing people was still without: coded reasons for declining a referral for an apartment, a caseload that counts
-- everybody, reablement that is begun by mistake and taken back, how long people have been in hospital.

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

-- ---------------------------------------------------------------- the caseload counts everybody (T4)

-- How many there are whom this login may not see: by service and by the day on which they are planned to end, or wish to
-- begin. Numbers and nothing else; days further than is looked at are one. ``late``: past the planned end, and still there.
create function caseload_unseen() returns table (state text, recovery text, day date, many int)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  with it as (
    select t.id, t.state, coalesce(nullif(t.recovery, ''), 'reablement') as recovery, t.expected_on, t.recovery_until,
           (t.left_at at time zone 'Europe/London')::date as left_on, e.planned_end, e.ended_on,
           (now() at time zone 'Europe/London')::date as today,
           (select s.value from setting s where s.name = 'transfer.recovery_days') as usual
    from transfer t
    left join lateral (
      select e.planned_end, e.ended_on from reablement_episode e
      where e.person_id = t.person_id and t.recovery = 'reablement'
        and e.started_on between (t.left_at at time zone 'Europe/London')::date - 3
                             and (t.left_at at time zone 'Europe/London')::date + 14
      order by e.started_on limit 1) e on true
    where (t.state = 'in_hospital' or (t.state = 'left' and t.recovery <> '' and t.recovery_ended_on is null and e.ended_on is null))
      and exists (select 1 from hidden_from_me h where h.id = t.person_id)
      and my_role() in ('care_coordinator', 'placement_coordinator', 'team_lead', 'trusted_assessor', 'manager')),
  dated as (
    select it.state, it.recovery, it.today,
           case when it.state = 'in_hospital' then greatest(coalesce(it.expected_on, it.today), it.today)
                else coalesce(it.planned_end, it.recovery_until, it.left_on + coalesce((it.usual ->> it.recovery)::int, 42)) end as day
    from it),
  told as (
    select count(*)::int as many from referral r
    where r.moft_at is not null and r.state in ('waiting', 'claimed', 'accepted')
      and exists (select 1 from hidden_from_me h where h.id = r.person_id)
      and not exists (select 1 from transfer t where t.referral_id = r.id or (t.person_id = r.person_id and t.state = 'in_hospital'))
      and my_role() in ('care_coordinator', 'placement_coordinator', 'team_lead', 'trusted_assessor', 'manager'))
  select case when d.state = 'in_hospital' then 'waiting' when d.day <= d.today then 'late' else 'inside' end, d.recovery,
         least(greatest(d.day, d.today), d.today + 60), count(*)::int
  from dated d group by 1, 2, 3
  union all select 'told', '', null, told.many from told where told.many > 0;
end;
grant execute on function caseload_unseen() to centre_user;

-- ---------------------------------------------------------------- reablement that was begun by mistake

-- Undo of beginning it: within the hour, by whoever began it, as long as nothing was built on it. Gone with the reviews that
-- were planned with it; the audit trail keeps that. False: it is not as it was seen.
create function take_back_reablement(which uuid, seen int) returns boolean language plpgsql security definer
set search_path = public, pg_temp as $$
declare head reablement_episode;
begin
  select * into head from reablement_episode e where e.id = which and e.opened_by = session_user for update;
  if not found then
    if exists (select 1 from reablement_episode e where e.id = which) then
      raise exception 'of another' using errcode = 'check_violation', constraint = 'reablement_begun_stays';
    end if;
    return true;  -- sent twice
  end if;
  if head.opened_at <= now() - interval '1 hour' then
    raise exception 'begun' using errcode = 'check_violation', constraint = 'reablement_begun_stays';
  end if;
  if exists (select 1 from reablement_barrier b where b.episode_id = which)
     or exists (select 1 from care_package p where p.episode_id = which)
     or exists (select 1 from reablement_review r where r.episode_id = which and r.held_on is not null)
     or exists (select 1 from visit_pattern p where p.person_id = head.person_id and p.team_id = head.team_id
                and p.made_at >= head.opened_at)
     or exists (select 1 from visit v where v.person_id = head.person_id and v.team_id = head.team_id and v.state <> 'cancelled'
                and uuid_extract_timestamp(v.id) >= head.opened_at) then
    raise exception 'built on' using errcode = 'check_violation', constraint = 'reablement_is_built_on';
  end if;
  if head.revision <> seen then
    return false;
  end if;
  delete from reablement_review r where r.episode_id = which;
  delete from reablement_event e where e.episode_id = which;
  delete from reablement_episode e where e.id = which;
  return true;
end $$;
revoke execute on function take_back_reablement(uuid, int) from public;
grant execute on function take_back_reablement(uuid, int) to care_coordinator, team_lead, trusted_assessor;

-- ---------------------------------------------------------------- how long people have been in hospital (T6)

-- Tables 3 and 5 of the national report ask for the length of stay: the day of admission, as the ward's notice says it, or a
-- person does. Null: not known, and nothing is guessed.
alter table hospital_notice add column admitted_at timestamptz;
grant insert (admitted_at) on hospital_notice to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
alter table transfer
  add column admitted_on date,
  add constraint transfer_admitted_before_ready check (admitted_on <= (ready_at at time zone 'Europe/London')::date);
