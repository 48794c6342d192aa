do $$
declare p record;
begin
  for p in select tablename, replace(with_check, '''placement_coordinator''::text, ', '') as said from pg_policies
           where policyname = 'role_adds' and tablename in ('visit', 'visit_skill', 'delivery') loop
    execute format('alter policy role_adds on %I with check (%s)', p.tablename, p.said);
  end loop;
end $$;
drop policy delivers_only on visit;
drop policy delivers_only on visit_skill;
revoke insert on visit, visit_skill from placement_coordinator;
revoke insert (id, visit_id, errand, fits, order_id, collection_id) on delivery from placement_coordinator;

revoke delete on equipment_service from care_coordinator, placement_coordinator, team_lead;
drop trigger undone on equipment_service;
-- What was promised for a later day is not put by anywhere: it waits again.
update equipment_order set state = 'ordered', store = null, item_id = null, slot = null, promised_from = null,
  revision = revision + 1 where promised_from is not null;
drop trigger hold on equipment_collection;
drop trigger hold on equipment_order;
create or replace function equipment_guard_order() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare m equipment_model;
begin
  select * into m from equipment_model where code = new.model;
  if new.delivered_at > now() + interval '10 minutes' or new.fitted_at > now() + interval '10 minutes' then
    raise exception 'still to come' using errcode = 'check_violation', constraint = 'equipment_not_still_to_come';
  end if;
  if m.single and new.quantity <> 1 then
    raise exception 'one at a time' using errcode = 'check_violation', constraint = 'equipment_order_one_at_a_time';
  end if;
  if new.state not in ('ordered', 'cancelled') and m.single <> (new.item_id is not null) then
    raise exception 'which one' using errcode = 'check_violation', constraint = 'equipment_counted_or_single';
  end if;
  if new.state = 'fitted' and not m.fitting then
    raise exception 'nothing to fit' using errcode = 'check_violation', constraint = 'equipment_order_is_fitted';
  end if;
  if tg_op = 'INSERT' then
    if new.state <> 'ordered' then
      raise exception 'begins ordered' using errcode = 'check_violation', constraint = 'equipment_order_begins_ordered';
    end if;
    -- Whoever records a death at this moment waits, and finds this order.
    if (select p.deceased_on from person p where p.id = new.person_id for share) is not null then
      raise exception 'died' using errcode = 'check_violation', constraint = 'equipment_order_person_died';
    end if;
    if new.plan_id is null and new.stay_id is null then
      select c.id into new.plan_id from care_plan c where c.person_id = new.person_id and c.state = 'active' for share;
    elsif new.plan_id is not null then
      perform 1 from care_plan c where c.id = new.plan_id and c.person_id = new.person_id and c.state <> 'ended' for share;
      if not found then
        raise exception 'plan' using errcode = 'check_violation', constraint = 'equipment_order_of_its_person';
      end if;
    end if;
    if new.plan_equipment_id is not null
         and not exists (select 1 from plan_equipment e where e.id = new.plan_equipment_id and e.plan_id = new.plan_id)
       or new.stay_id is not null and not exists (select 1 from stay s where s.id = new.stay_id and s.person_id = new.person_id
                                                  and s.state in ('booked', 'in_stay'))
       or new.transfer_id is not null and not exists (select 1 from transfer t where t.id = new.transfer_id and t.person_id = new.person_id)
       or new.assessment_id is not null and not exists (select 1 from assessment a where a.id = new.assessment_id and a.person_id = new.person_id)
       or new.referral_id is not null and not exists (select 1 from referral r where r.id = new.referral_id and r.person_id = new.person_id) then
      raise exception 'of another' using errcode = 'check_violation', constraint = 'equipment_order_of_its_person';
    end if;
    return new;
  end if;
  if (old.person_id, old.number, old.source, old.plan_id, old.assessment_id, old.transfer_id, old.referral_id, old.ordered_at)
     is distinct from (new.person_id, new.number, new.source, new.plan_id, new.assessment_id, new.transfer_id, new.referral_id, new.ordered_at)
     or (old.stay_id is distinct from new.stay_id
         and not exists (select 1 from stay s where s.id in (old.stay_id, new.stay_id) and s.person_id = new.person_id
                         having count(*) = 2)) then
    raise exception 'another order' using errcode = 'check_violation', constraint = 'equipment_order_stays_what_it_is';
  end if;
  if old.state <> new.state and (old.state, new.state) not in (
       ('ordered', 'reserved'), ('ordered', 'cancelled'), ('reserved', 'ordered'), ('reserved', 'slot_agreed'),
       ('reserved', 'in_van'), ('reserved', 'delivered'), ('reserved', 'cancelled'), ('slot_agreed', 'ordered'),
       ('slot_agreed', 'reserved'), ('slot_agreed', 'in_van'), ('slot_agreed', 'delivered'), ('slot_agreed', 'cancelled'),
       ('in_van', 'ordered'), ('in_van', 'reserved'), ('in_van', 'slot_agreed'), ('in_van', 'delivered'),
       ('in_van', 'cancelled'), ('delivered', 'fitted'), ('delivered', 'reserved'), ('delivered', 'slot_agreed'),
       ('fitted', 'delivered'), ('cancelled', 'ordered')) then
    raise exception 'illegal move' using errcode = 'check_violation', constraint = 'equipment_order_move_is_legal';
  end if;
  -- What is promised is what was reserved; only at the door may another one of the model turn out to have come.
  if (old.store, old.item_id, old.model, old.quantity) is distinct from (new.store, new.item_id, new.model, new.quantity)
     and not (old.state = 'ordered' or new.state in ('ordered', 'cancelled')
              or (new.state = 'delivered' and old.state <> 'fitted' and (old.model, old.quantity) = (new.model, new.quantity))) then
    raise exception 'promised' using errcode = 'check_violation', constraint = 'equipment_order_promise_stays';
  end if;
  if old.state = new.state and old.state in ('delivered', 'fitted')
     and (old.store, old.item_id) is distinct from (new.store, new.item_id) then
    raise exception 'delivered' using errcode = 'check_violation', constraint = 'equipment_order_promise_stays';
  end if;
  return new;
end $$;

create or replace function equipment_follow_order() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  was text := equipment_place_of(old.state); is_now text := equipment_place_of(new.state);
  same boolean := (old.store, old.item_id, old.model, old.quantity) is not distinct from (new.store, new.item_id, new.model, new.quantity);
begin
  if was = 'on_loan' and is_now is distinct from 'on_loan' then
    delete from equipment_loan l where l.order_id = new.id and l.ended_at is null
      and not exists (select 1 from equipment_collection c where c.loan_id = l.id);
    if not found then
      raise exception 'loan went on' using errcode = 'check_violation', constraint = 'equipment_loan_is_open';
    end if;
  end if;
  if was is not null and (is_now is null or not same) then
    perform equipment_move_for(old, was, 'store');
    was := null;
  end if;
  if is_now is not null and is_now is distinct from was then
    perform equipment_move_for(new, coalesce(was, 'store'), is_now);
  end if;
  if is_now = 'on_loan' and equipment_place_of(old.state) is distinct from 'on_loan' then
    insert into equipment_loan (order_id, since, until_on) values (new.id, new.delivered_at, new.until_on);
  end if;
  return null;
end $$;
drop trigger follow on equipment_order;
create trigger follow after update of state, store, item_id, model, quantity on equipment_order
  for each row execute function equipment_follow_order();

create or replace function equipment_move_item(m equipment_movement) returns void language plpgsql
security definer set search_path = public, pg_temp as $$
declare i equipment_item; w equipment_whereabouts; moment timestamptz;
begin
  select * into i from equipment_item where id = m.item_id for update;
  if i.id is null or i.model <> m.model then
    raise exception 'another model' using errcode = 'check_violation', constraint = 'equipment_item_of_its_model';
  end if;
  select * into w from equipment_whereabouts where item_id = m.item_id and upper_inf(period);
  if w.place is distinct from m.from_place or (m.from_place is not null and w.store <> m.store) then
    raise exception 'not there' using errcode = 'check_violation', constraint = 'equipment_item_is_there';
  end if;
  if i.failed and (m.to_place = 'store' or m.from_place = 'store' and m.to_place in ('reserved', 'in_van', 'on_loan')) then
    raise exception 'failed' using errcode = 'check_violation', constraint = 'equipment_item_failed';
  end if;
  if m.from_place = 'store' and m.to_place in ('reserved', 'in_van', 'on_loan') and i.next_service_on < equipment_today() then
    raise exception 'service is past' using errcode = 'check_violation', constraint = 'equipment_item_service_past';
  end if;
  moment := greatest(clock_timestamp(), lower(w.period) + interval '1 microsecond');
  update equipment_whereabouts set period = tstzrange(lower(period), moment) where id = w.id;
  insert into equipment_whereabouts (item_id, place, store, order_id, period)
  values (m.item_id, m.to_place, m.to_store, m.order_id, tstzrange(moment, null));
  update equipment_item set store = m.to_store, revision = revision + 1 where id = m.item_id;
end $$;

create or replace function equipment_move() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if (select single from equipment_model where code = new.model) <> (new.item_id is not null) then
    raise exception 'counted or not' using errcode = 'check_violation', constraint = 'equipment_counted_or_single';
  end if;
  if new.item_id is not null then
    perform equipment_move_item(new);
  else
    perform 1 from equipment_stock where model = new.model and store in (new.store, new.to_store) order by store for update;
    if new.from_place is not null then
      perform equipment_count(new.store, new.model, new.from_place, -new.quantity);
    end if;
    perform equipment_count(new.to_store, new.model, new.to_place, new.quantity);
  end if;
  return new;
end $$;

create or replace function equipment_pick(of_model text, in_store text) returns uuid language sql volatile security definer
set search_path = public, pg_temp
begin atomic
  select i.id from equipment_item i join equipment_whereabouts w on w.item_id = i.id and upper_inf(w.period)
  where i.model = of_model and w.store = in_store and w.place = 'store' and not i.failed
    and coalesce(i.next_service_on >= equipment_today(), true)
  order by lower(w.period), i.id limit 1 for update of i skip locked;
end;

create or replace function equipment_follow_service() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare w equipment_whereabouts; i equipment_item;
begin
  if new.done_on > equipment_today() then
    raise exception 'still to come' using errcode = 'check_violation', constraint = 'equipment_not_still_to_come';
  end if;
  if new.passed then
    update equipment_item set failed = false, next_service_on = new.next_on, revision = revision + 1 where id = new.item_id;
    return null;
  end if;
  select * into w from equipment_whereabouts where item_id = new.item_id and upper_inf(period);
  if w.place in ('reserved', 'in_van') then
    update equipment_order set state = 'ordered', store = null, item_id = null, slot = null, revision = revision + 1
    where id = w.order_id and item_id = new.item_id;
    select * into w from equipment_whereabouts where item_id = new.item_id and upper_inf(period);
  end if;
  select * into i from equipment_item where id = new.item_id;
  if w.place in ('store', 'cleaning') then
    insert into equipment_movement (model, item_id, store, to_store, from_place, to_place)
    values (i.model, i.id, w.store, w.store, w.place, 'in_repair');
  elsif w.place = 'on_loan' then
    insert into equipment_collection (loan_id, cause, wanted_by)
    select l.id, 'service_failed', equipment_collect_by('service_failed') from equipment_loan l
    where l.order_id = w.order_id and l.ended_at is null
    on conflict (loan_id) where state in ('to_collect', 'slot_agreed') do nothing;
  end if;
  update equipment_item set failed = true, revision = revision + 1 where id = new.item_id;
  return null;
end $$;

drop view equipment_stock_line;
create view equipment_stock_line as
  with single as (
    select w.store, i.model,
      count(*) filter (where w.place = 'store' and coalesce(i.next_service_on >= equipment_today(), true)) as free,
      count(*) filter (where w.place = 'store' and i.next_service_on < equipment_today()) as overdue_service,
      count(*) filter (where w.place = 'reserved') as reserved, count(*) filter (where w.place = 'in_van') as in_van,
      count(*) filter (where w.place = 'on_loan') as on_loan, count(*) filter (where w.place = 'cleaning') as cleaning,
      count(*) filter (where w.place = 'in_repair') as in_repair
    from equipment_whereabouts w join equipment_item i on i.id = w.item_id
    where upper_inf(w.period) group by w.store, i.model),
  coming as (
    select o.store, o.model,
      min(d.day) filter (where d.day >= equipment_today()) as next_back
    from equipment_loan l join equipment_order o on o.id = l.order_id
    left join equipment_collection c on c.loan_id = l.id and c.state in ('to_collect', 'slot_agreed')
    cross join lateral (select coalesce((lower(c.slot) at time zone 'Europe/London')::date, c.wanted_by, l.until_on) as day) d
    where l.ended_at is null group by o.store, o.model)
  select s.code as store, m.code as model, coalesce(q.free, k.free, 0)::int as free,
    coalesce(q.reserved, k.reserved, 0)::int as reserved, coalesce(q.in_van, k.in_van, 0)::int as in_van,
    coalesce(q.on_loan, k.on_loan, 0)::int as on_loan, coalesce(q.cleaning, k.cleaning, 0)::int as cleaning,
    coalesce(q.in_repair, k.in_repair, 0)::int as in_repair, coalesce(q.overdue_service, 0)::int as overdue_service,
    coalesce(k.minimum, 0) as minimum, c.next_back
  from equipment_store s cross join equipment_model m
  left join single q on q.store = s.code and q.model = m.code
  left join equipment_stock k on k.store = s.code and k.model = m.code
  left join coming c on c.store = s.code and c.model = m.code
  where q.store is not null or k.store is not null;
grant select on equipment_stock_line to centre_user;
drop function equipment_start(int, date), equipment_service_undone(), equipment_hold_again(), equipment_hold(),
  equipment_check_promises(equipment_order, equipment_order), equipment_promises_give_way(text, text),
  equipment_give_way(uuid, uuid, date), equipment_certain(text[], int, date), equipment_pick_from(text, text, date),
  equipment_spare(text, text, date, date), equipment_earliest(uuid), equipment_kept_until(equipment_loan), equipment_day(tstzrange);
alter table equipment_service drop column was_next_on, drop column was_failed, drop column was_place, drop column was_order,
  drop column collection_id;
drop index equipment_order_waiting, equipment_order_lent, equipment_order_over, equipment_order_cancelled, equipment_loan_open,
  equipment_loan_ended, equipment_collection_over;
alter table equipment_order drop column promised_from, drop column held;
alter table setting drop constraint setting_ready_within_limits;
delete from setting where name = 'equipment.ready_within';
drop function equipment_ready_within();
alter table equipment_store drop column active, drop column lat, drop column lon;
