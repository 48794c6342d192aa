-- What is reserved for a day that is still to come (D6): a thing with a serial number, or so many of what is counted, from
-- that day on. Certain is what lies in the store; what is being cleaned, from the day on which it is ready; and what is to be
-- fetched at a time that was agreed, from the day on which it has been fetched and made ready. Nothing else is counted.

alter table equipment_store
  add column active boolean not null default true,   -- false: closed; nothing goes there and nothing is promised from it
  add column lat double precision,
  add column lon double precision,
  add constraint equipment_store_is_somewhere check ((lat is null) = (lon is null) and lat between -90 and 90 and lon between -180 and 180);

insert into setting (name, value) values ('equipment.ready_within', '2') on conflict (name) do nothing;
alter table setting add constraint setting_ready_within_limits
  check (name <> 'equipment.ready_within' or whole_between(value, 0, 14));

-- From back in the store to clean and looked over, in days.
create function equipment_ready_within() returns int language sql stable security definer set search_path = public, pg_temp
return coalesce((select (value #>> '{}')::int from setting where name = 'equipment.ready_within'), 2);

-- The day of a time that was agreed, by the centre's calendar.
create function equipment_day(of_slot tstzrange) returns date language sql immutable set search_path = public, pg_temp
return (lower(of_slot) at time zone 'Europe/London')::date;

alter table equipment_order
  add column promised_from date,                     -- null: put by now, or not reserved
  add column held daterange,                         -- the days on which its thing is nobody else's
  add constraint equipment_order_promise_is_for_a_day check (promised_from is null or state in ('reserved', 'slot_agreed'));

-- Until when a thing that was lent is kept from others, the day not in it; null: nobody knows.
create function equipment_kept_until(loan equipment_loan) returns date language sql stable security definer
set search_path = public, pg_temp
return (select equipment_day(c.slot) + equipment_ready_within() from equipment_collection c
        where c.loan_id = loan.id and c.state = 'slot_agreed' and upper(c.slot) > now());

alter table equipment_order disable trigger user;
update equipment_order o
set held = daterange(d.first, case when d.until is not null then greatest(d.until, d.first + 1) end)
from (select e.id, coalesce(e.delivered_at, e.ordered_at) as at, l, l.ended_at from equipment_order e
      left join equipment_loan l on l.order_id = e.id
      where e.item_id is not null and e.state not in ('ordered', 'cancelled')) x
cross join lateral (select (x.at at time zone 'Europe/London')::date as first,
                           case when (x.l).id is not null then equipment_kept_until(x.l) end as until) d
where x.id = o.id and x.ended_at is null;
alter table equipment_order enable trigger user;

-- Of one thing nothing is promised twice, whoever promises at this moment.
alter table equipment_order add constraint equipment_item_promised_once
  exclude using gist (uuid_range(item_id, item_id, '[]') with &&, held with &&) where (item_id is not null and held is not null);
-- Lists of what waits, and of what is over, by their order: a page of them costs the same however many there are.
create index equipment_order_waiting on equipment_order (wanted_by, number) where state in ('ordered', 'reserved', 'slot_agreed', 'in_van');
create index equipment_order_lent on equipment_order (model) where state = 'delivered';
create index equipment_order_over on equipment_order (ordered_at desc, id desc) where state in ('delivered', 'fitted', 'cancelled');
create index equipment_order_cancelled on equipment_order (ordered_at desc, id desc) where state = 'cancelled';
create index equipment_loan_open on equipment_loan ((coalesce(until_on, date '9999-12-31')), since, id) where ended_at is null;
create index equipment_loan_ended on equipment_loan (ended_at desc, id desc) where ended_at is not null;
create index equipment_collection_over on equipment_collection (asked_at desc, id desc) where state in ('collected', 'cancelled');
create index equipment_order_promised on equipment_order (store, model, promised_from) where promised_from is not null;

-- ---------------------------------------------------------------- what is certain

-- How many of a counted model can still be promised from a day on: the least that is left on any day from then, until another.
create function equipment_spare(in_store text, of_model text, from_day date, to_day date default 'infinity') returns int language sql stable security definer
set search_path = public, pg_temp
begin atomic
  with event(day, many) as (
    select from_day, 0
    union all
    select d.day, d.many from equipment_stock k
    cross join lateral (values (least(from_day, equipment_today()), k.free), (equipment_today() + equipment_ready_within(), k.cleaning)) d(day, many)
    where k.store = in_store and k.model = of_model
    union all
    select equipment_day(c.slot) + equipment_ready_within(), o.quantity
    from equipment_collection c join equipment_loan l on l.id = c.loan_id join equipment_order o on o.id = l.order_id
    where c.state = 'slot_agreed' and upper(c.slot) > now() and o.store = in_store and o.model = of_model and o.item_id is null
    union all
    select o.promised_from, -o.quantity from equipment_order o
    where o.promised_from is not null and o.store = in_store and o.model = of_model and o.item_id is null),
  level(day, has) as (select day, sum(sum(many)) over (order by day) from event group by day)
  select coalesce(min(has), 0)::int from level where day >= from_day and day < to_day;
end;

-- One that is certain to be there from a day on, held for this transaction. What comes back in time goes before what is being
-- cleaned, and that before what lies in the store and can serve somebody today.
create function equipment_pick_from(of_model text, in_store text, from_day date) returns uuid language sql volatile security definer
set search_path = public, pg_temp
begin atomic
  select i.id from equipment_item i join equipment_whereabouts w on w.item_id = i.id and upper_inf(w.period)
  left join equipment_loan l on w.place = 'on_loan' and l.order_id = w.order_id and l.ended_at is null
  where i.model = of_model and i.store = in_store and not i.failed and coalesce(i.next_service_on >= from_day, true)
    and (w.place = 'store' or (w.place = 'cleaning' and equipment_today() + equipment_ready_within() <= from_day)
         or equipment_kept_until(l) <= from_day)
    and not exists (select 1 from equipment_order o where o.item_id = i.id and o.held && daterange(from_day, null))
  order by w.place = 'store', w.place = 'cleaning', lower(w.period), i.id limit 1 for update of i skip locked;
end;

-- How many of each model are certain in each store on a day and from then on, and from when so many are.
create function equipment_certain(models text[], many int, on_day date) returns table (store text, model text, free int, soonest date)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  with single as (
    select i.store, i.model, case when d.day is not null then greatest(on_day, d.day) end as day, i.next_service_on
    from equipment_item i join equipment_whereabouts w on w.item_id = i.id and upper_inf(w.period)
    left join equipment_loan l on w.place = 'on_loan' and l.order_id = w.order_id and l.ended_at is null
    cross join lateral (select case w.place when 'store' then equipment_today()
      when 'cleaning' then equipment_today() + equipment_ready_within() else equipment_kept_until(l) end as day) d
    where i.model = any (models) and not i.failed and w.place in ('store', 'cleaning', 'on_loan')
      and not exists (select 1 from equipment_order o where o.item_id = i.id and o.promised_from is not null)),
  counted as (
    select k.store, k.model from equipment_stock k join equipment_model m on m.code = k.model and not m.single
    where k.model = any (models)),
  turn(store, model, day) as (
    select store, model, on_day from counted
    union select store, model, equipment_today() + equipment_ready_within() from counted
    union select o.store, o.model, equipment_day(c.slot) + equipment_ready_within()
    from equipment_collection c join equipment_loan l on l.id = c.loan_id join equipment_order o on o.id = l.order_id
    where c.state = 'slot_agreed' and upper(c.slot) > now() and o.model = any (models) and o.item_id is null),
  known as (
    select s.store, s.model, (count(*) filter (where s.day = on_day))::int as free, min(s.day) as soonest
    from single s where s.day is not null and coalesce(s.next_service_on >= s.day, true) group by s.store, s.model
    union all
    select t.store, t.model, max(greatest(0, t.spare)) filter (where t.day = on_day), min(t.day) filter (where t.spare >= many)
    from (select x.*, equipment_spare(x.store, x.model, x.day) as spare from turn x where x.day >= on_day) t
    group by t.store, t.model)
  select k.store, k.model, k.free, k.soonest from known k join equipment_store s on s.code = k.store and s.active;
end;

-- From when on what an order was promised for a day can be brought: that day, or an earlier one on which it is there.
create function equipment_earliest(of_order uuid) returns date language plpgsql stable security definer
set search_path = public, pg_temp as $$
declare o equipment_order; found date;
begin
  select * into o from equipment_order where id = of_order;
  if o.item_id is not null then
    select case w.place when 'store' then equipment_today() when 'cleaning' then equipment_today() + equipment_ready_within()
                        when 'on_loan' then equipment_kept_until(l) end
    into found from equipment_whereabouts w left join equipment_loan l on l.order_id = w.order_id and l.ended_at is null
    where w.item_id = o.item_id and upper_inf(w.period);
  else
    select min(d.day) into found from (
      select equipment_today() as day union select equipment_today() + equipment_ready_within()
      union select equipment_day(c.slot) + equipment_ready_within()
      from equipment_collection c join equipment_loan l on l.id = c.loan_id join equipment_order x on x.id = l.order_id
      where c.state = 'slot_agreed' and upper(c.slot) > now() and x.store = o.store and x.model = o.model) d
    where d.day < o.promised_from and equipment_spare(o.store, o.model, d.day, o.promised_from) >= o.quantity;
  end if;
  return least(coalesce(found, o.promised_from), o.promised_from);
end $$;

-- ---------------------------------------------------------------- what gives way

-- What was promised of a thing will not be there before a day (null: nobody knows when): another one is promised instead, and
-- where there is none, nothing is. ``not_of``: the order that has it.
create function equipment_give_way(which uuid, not_of uuid, until date) returns void language plpgsql
security definer set search_path = public, pg_temp as $$
declare o equipment_order; other uuid; was text; is_now text;
begin
  for o in select * from equipment_order e where e.item_id = which and e.promised_from is not null
           and e.id is distinct from not_of and (until is null or e.promised_from < until) order by e.id for update loop
    other := equipment_pick_from(o.model, o.store, o.promised_from);
    if other is null then
      update equipment_order set state = 'ordered', store = null, item_id = null, slot = null, promised_from = null,
        reason = 'What was reserved for it will not be there on the day', revision = revision + 1 where id = o.id;
    else
      update equipment_order set item_id = other, revision = revision + 1 where id = o.id;
      select i.serial into was from equipment_item i where i.id = which;
      select i.serial into is_now from equipment_item i where i.id = other;
      update visit v set need = left(replace(v.need, was, is_now), 500), revision = v.revision + 1
      from delivery d where d.order_id = o.id and d.state = 'planned' and v.id = d.visit_id and v.state = 'planned';
    end if;
  end loop;
end $$;

-- So many of a counted model are not certain any more: who was promised last waits again.
create function equipment_promises_give_way(in_store text, of_model text) returns void language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  while equipment_spare(in_store, of_model, equipment_today()) < 0 loop
    update equipment_order set state = 'ordered', store = null, slot = null, promised_from = null,
      reason = 'What was reserved for it will not be there on the day', revision = revision + 1
    where id = (select o.id from equipment_order o where o.promised_from is not null and o.store = in_store and o.model = of_model
                and o.item_id is null order by o.promised_from desc, o.number desc limit 1);
    exit when not found;
  end loop;
end $$;

-- What is counted is promised while it is there, by one desk after the other.
create function equipment_check_promises(was equipment_order, is_now equipment_order) returns void language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  if is_now.promised_from is not null
     and (was.promised_from, was.store, was.model, was.quantity) is distinct from (is_now.promised_from, is_now.store, is_now.model, is_now.quantity) then
    perform 1 from equipment_stock where store = is_now.store and model = is_now.model for update;
    if not found or equipment_spare(is_now.store, is_now.model, is_now.promised_from) < 0 then
      raise exception 'promised' using errcode = 'check_violation', constraint = 'equipment_stock_is_promised';
    end if;
  elsif was.promised_from is null and was.state in ('ordered', 'cancelled') and is_now.state in ('reserved', 'slot_agreed', 'in_van', 'delivered')
        and equipment_spare(is_now.store, is_now.model, equipment_today()) < 0 then
    raise exception 'promised' using errcode = 'check_violation', constraint = 'equipment_stock_is_promised';
  end if;
end $$;

-- ---------------------------------------------------------------- what an order holds

create function equipment_hold() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare loan equipment_loan; first date; until date;
begin
  if new.state not in ('reserved', 'slot_agreed') then
    new.promised_from := null;
  end if;
  if new.store is not null and (tg_op = 'INSERT' or old.store is distinct from new.store)
     and not (select s.active from equipment_store s where s.code = new.store) then
    raise exception 'closed' using errcode = 'check_violation', constraint = 'equipment_store_is_closed';
  end if;
  if new.promised_from is not null and new.slot is not null then
    new.promised_from := least(new.promised_from, equipment_day(new.slot));
  end if;
  if new.promised_from < equipment_today() and (tg_op = 'INSERT' or old.promised_from is distinct from new.promised_from) then
    raise exception 'has passed' using errcode = 'check_violation', constraint = 'equipment_promise_has_passed';
  end if;
  if new.item_id is null or new.state in ('ordered', 'cancelled') then
    new.held := null;
    return new;
  end if;
  if new.promised_from is not null then
    new.held := daterange(new.promised_from, null);
    return new;
  end if;
  if tg_op = 'UPDATE' and new.state = 'delivered' and old.item_id is distinct from new.item_id then
    perform 1 from equipment_item where id = new.item_id for update;
    perform equipment_give_way(new.item_id, new.id, null);   -- another one came than was put by: so it is
  end if;
  select * into loan from equipment_loan where order_id = new.id;
  if loan.ended_at is not null then
    new.held := null;
    return new;
  end if;
  first := equipment_today();
  if tg_op = 'UPDATE' and old.promised_from is null and old.item_id = new.item_id then
    first := coalesce(lower(old.held), first);
  end if;
  until := equipment_kept_until(loan);               -- nothing is greater than a day that nobody knows
  new.held := daterange(first, case when until is not null then greatest(until, first + 1) end);
  return new;
end $$;
create trigger hold before insert or update on equipment_order for each row
  execute function equipment_hold();

-- A time to fetch it is agreed, moved or lost, or it is back: what is certain from then on changes with it.
create function equipment_hold_again() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare o equipment_order; loan equipment_loan;
begin
  select * into loan from equipment_loan where id = new.loan_id;
  select * into o from equipment_order where id = loan.order_id;
  if o.item_id is null then
    perform 1 from equipment_stock where store = o.store and model = o.model for update;
    perform equipment_promises_give_way(o.store, o.model);
  else
    perform 1 from equipment_item where id = o.item_id for update;
    if loan.ended_at is null then
      perform equipment_give_way(o.item_id, o.id, equipment_kept_until(loan));
    end if;
    update equipment_order set held = held where id = o.id;
  end if;
  return null;
end $$;
create trigger hold after insert or update of state, slot on equipment_collection for each row execute function equipment_hold_again();

-- ---------------------------------------------------------------- as before, and promises with it

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
  if not m.active and (tg_op = 'INSERT' or old.model <> new.model) then
    raise exception 'withdrawn' using errcode = 'check_violation', constraint = 'equipment_model_is_withdrawn';
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
              or (old.promised_from is not null and (old.store, old.model, old.quantity) = (new.store, new.model, new.quantity))
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
  was text := case when old.promised_from is null then equipment_place_of(old.state) end;
  is_now text := case when new.promised_from is null then equipment_place_of(new.state) end;
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
  if new.item_id is null then
    perform equipment_check_promises(old, new);
  end if;
  if is_now = 'on_loan' and equipment_place_of(old.state) is distinct from 'on_loan' then
    insert into equipment_loan (order_id, since, until_on) values (new.id, new.delivered_at, new.until_on);
  end if;
  return null;
end $$;
drop trigger follow on equipment_order;
create trigger follow after update of state, store, item_id, model, quantity, promised_from, slot on equipment_order
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
  if m.to_place in ('in_repair', 'lost', 'written_off') then
    perform equipment_give_way(m.item_id, null, null);
  elsif m.from_place is not null and m.to_store <> m.store
        and exists (select 1 from equipment_order o where o.item_id = m.item_id and o.promised_from is not null) then
    raise exception 'promised' using errcode = 'check_violation', constraint = 'equipment_item_is_promised';
  end if;
end $$;

create or replace function equipment_move() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not (select active from equipment_store where code = new.to_store) and new.to_place in ('store', 'cleaning')
     and (new.from_place is null or new.to_store <> new.store) then
    raise exception 'closed' using errcode = 'check_violation', constraint = 'equipment_store_is_closed';
  end if;
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
    if new.order_id is null and new.from_place is not null then
      if new.to_store = new.store then
        perform equipment_promises_give_way(new.store, new.model);
      elsif equipment_spare(new.store, new.model, equipment_today()) < 0 then
        raise exception 'promised' using errcode = 'check_violation', constraint = 'equipment_stock_is_promised';
      end if;
    end if;
  end if;
  return new;
end $$;

create or replace function equipment_pick(of_model text, in_store text) returns uuid language sql volatile security definer
set search_path = public, pg_temp
begin atomic
  select i.id from equipment_item i join equipment_whereabouts w on w.item_id = i.id and upper_inf(w.period)
  where i.model = of_model and w.store = in_store and w.place = 'store' and not i.failed
    and coalesce(i.next_service_on >= equipment_today(), true)
    and not exists (select 1 from equipment_order o where o.item_id = i.id and o.held is not null)
  order by lower(w.period), i.id limit 1 for update of i skip locked;
end;

create or replace view equipment_stock_line as
  with single as (
    select w.store, i.model,
      count(*) filter (where w.place = 'store' and coalesce(i.next_service_on >= equipment_today(), true) and h.id is null) as free,
      count(*) filter (where w.place = 'store' and i.next_service_on < equipment_today()) as overdue_service,
      count(*) filter (where w.place = 'reserved') as reserved, count(*) filter (where w.place = 'in_van') as in_van,
      count(*) filter (where w.place = 'on_loan') as on_loan, count(*) filter (where w.place = 'cleaning') as cleaning,
      count(*) filter (where w.place = 'in_repair') as in_repair
    from equipment_whereabouts w join equipment_item i on i.id = w.item_id
    left join equipment_order h on h.item_id = i.id and h.promised_from is not null and w.place = 'store'
    where upper_inf(w.period) group by w.store, i.model),
  promised as (
    select o.store, o.model, sum(o.quantity)::int as many from equipment_order o
    where o.promised_from is not null group by o.store, o.model),
  due as (
    select l.order_id, coalesce((lower(c.slot) at time zone 'Europe/London')::date, c.wanted_by) as day
    from equipment_collection c join equipment_loan l on l.id = c.loan_id where c.state in ('to_collect', 'slot_agreed')
    union all
    select l.order_id, l.until_on from equipment_loan l
    where l.ended_at is null and l.until_on >= equipment_today()
      and not exists (select 1 from equipment_collection c where c.loan_id = l.id and c.state in ('to_collect', 'slot_agreed'))),
  coming as (
    select o.store, o.model, min(d.day) as next_back from due d join equipment_order o on o.id = d.order_id
    where d.day >= equipment_today() group by o.store, o.model)
  select s.code as store, m.code as model, (case when not s.active then 0 when q.store is not null then q.free
      when p.many is not null then greatest(0, equipment_spare(s.code, m.code, equipment_today())) else coalesce(k.free, 0) end)::int as free,
    coalesce(q.reserved, k.reserved, 0)::int as reserved, coalesce(q.in_van, k.in_van, 0)::int as in_van,
    coalesce(q.on_loan, k.on_loan, 0)::int as on_loan, coalesce(q.cleaning, k.cleaning, 0)::int as cleaning,
    coalesce(q.in_repair, k.in_repair, 0)::int as in_repair, coalesce(q.overdue_service, 0)::int as overdue_service,
    coalesce(k.minimum, 0) as minimum, c.next_back,
    coalesce(p.many, 0) as promised
  from equipment_store s cross join equipment_model m
  left join single q on q.store = s.code and q.model = m.code
  left join equipment_stock k on k.store = s.code and k.model = m.code
  left join promised p on p.store = s.code and p.model = m.code
  left join coming c on c.store = s.code and c.model = m.code
  where q.store is not null or k.store is not null;

-- ---------------------------------------------------------------- a result of a service is taken back

alter table equipment_service
  add column was_next_on date,                       -- how it stood before
  add column was_failed boolean,
  add column was_place text,
  add column was_order uuid references equipment_order,
  add column collection_id uuid references equipment_collection;

create or replace function equipment_follow_service() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare w equipment_whereabouts; i equipment_item; made uuid;
begin
  if new.done_on > equipment_today() then
    raise exception 'still to come' using errcode = 'check_violation', constraint = 'equipment_not_still_to_come';
  end if;
  select * into i from equipment_item where id = new.item_id for update;
  select * into w from equipment_whereabouts where item_id = new.item_id and upper_inf(period);
  update equipment_service set was_next_on = i.next_service_on, was_failed = i.failed, was_place = w.place,
    was_order = case when w.place in ('reserved', 'in_van') then w.order_id end where id = new.id;
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
    on conflict (loan_id) where state in ('to_collect', 'slot_agreed') do nothing returning id into made;
    update equipment_service set collection_id = made where id = new.id;
    perform equipment_give_way(new.item_id, w.order_id, null);
  end if;
  update equipment_item set failed = true, revision = revision + 1 where id = new.item_id;
  return null;
end $$;

-- One's own, of the last hour, and the last of its thing. Out of use it goes back to where it was; what was called off for it
-- is called off no longer, but for a time that was agreed.
create function equipment_service_undone() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare i equipment_item; w equipment_whereabouts;
begin
  if is_owner() then
    return old;
  end if;
  select * into i from equipment_item where id = old.item_id for update;
  if old.recorded_by <> session_user or old.recorded_at < now() - interval '1 hour' or old.was_failed is null
     or exists (select 1 from equipment_service s where s.item_id = old.item_id and s.id <> old.id and s.recorded_at >= old.recorded_at) then
    raise exception 'stays' using errcode = 'check_violation', constraint = 'equipment_service_stays';
  end if;
  select * into w from equipment_whereabouts where item_id = old.item_id and upper_inf(period);
  if not old.passed and w.place is distinct from (case when old.was_place in ('store', 'cleaning', 'reserved', 'in_van') then 'in_repair'
                                                       else old.was_place end) then
    raise exception 'went on' using errcode = 'check_violation', constraint = 'equipment_service_went_on';
  end if;
  update equipment_item set failed = old.was_failed, next_service_on = old.was_next_on, revision = revision + 1 where id = i.id;
  if old.passed then
    return old;
  end if;
  if old.was_place in ('store', 'cleaning', 'reserved', 'in_van') then
    insert into equipment_movement (model, item_id, store, to_store, from_place, to_place)
    values (i.model, i.id, w.store, w.store, 'in_repair', case when old.was_place = 'cleaning' then 'cleaning' else 'store' end);
    update equipment_order set state = 'reserved', store = w.store, item_id = i.id, revision = revision + 1
    where id = old.was_order and state = 'ordered' and model = i.model;
  elsif old.collection_id is not null then
    update equipment_collection set state = 'cancelled', slot = null, reason = 'The service was recorded by mistake',
      revision = revision + 1
    where id = old.collection_id and state in ('to_collect', 'slot_agreed');
  end if;
  return old;
end $$;
create trigger undone before delete on equipment_service for each row execute function equipment_service_undone();
grant delete on equipment_service to care_coordinator, placement_coordinator, team_lead;

-- ---------------------------------------------------------------- where a round begins

-- The store of the goods that a worker brings on a day; before any are theirs, that of most of what their team brings; else
-- the team's own. Its place as latitude and longitude; null for whoever brings no equipment.
create function equipment_start(of_worker int, on_day date) returns double precision[] language plpgsql stable security definer
set search_path = public, pg_temp as $$
declare t team; found double precision[];
begin
  select x.* into t from worker w join team x on x.id = w.team_id where w.id = of_worker;
  if t.service is distinct from 'equipment' then
    return null;
  end if;
  select array[s.lat, s.lon] into found
  from visit v join delivery d on d.visit_id = v.id and d.state in ('planned', 'done') and d.errand = 'bring'
  join equipment_order o on o.id = d.order_id join equipment_store s on s.code = o.store and s.lat is not null
  left join allocation a on a.visit_id = v.id and a.worker_id = of_worker
  where v.team_id = t.id and v.day = on_day and v.state in ('planned', 'done')
  group by s.code order by count(a.id) desc, count(*) desc, s.position limit 1;
  if found is null then
    select array[s.lat, s.lon] into found from equipment_store s
    where s.active and s.lat is not null and (s.locality is not distinct from t.locality or s.locality is null)
    order by s.locality nulls last, s.position limit 1;
  end if;
  return found;
end $$;
grant execute on function equipment_start(int, date), equipment_certain(text[], int, date), equipment_pick_from(text, text, date),
  equipment_spare(text, text, date, date), equipment_earliest(uuid), equipment_today(), equipment_ready_within(), equipment_day(tstzrange) to centre_user;

-- ---------------------------------------------------------------- who agrees a time

-- Placement co-ordinators agree when somebody comes to a family, and nothing else of a team's day.
grant insert on visit, visit_skill to placement_coordinator;
grant insert (id, visit_id, errand, fits, order_id, collection_id) on delivery to placement_coordinator;
create policy delivers_only on visit as restrictive for insert to placement_coordinator
  with check (exists (select 1 from team t where t.id = team_id and t.service = 'equipment'));
create policy delivers_only on visit_skill as restrictive for insert to placement_coordinator
  with check (exists (select 1 from visit v join team t on t.id = v.team_id where v.id = visit_id and t.service = 'equipment'));
do $$
declare p record;
begin
  for p in select tablename, regexp_replace(with_check, 'ARRAY\[', 'ARRAY[''placement_coordinator''::text, ') as said from pg_policies
           where policyname = 'role_adds' and tablename in ('visit', 'visit_skill', 'delivery')
             and with_check not like '%placement_coordinator%' loop
    execute format('alter policy role_adds on %I with check (%s)', p.tablename, p.said);
  end loop;
end $$;
