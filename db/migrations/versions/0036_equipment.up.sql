-- Community equipment (D6): the catalogue, stores and what is in them, orders and what is promised, loans, services,
-- collections that make themselves, reminders. Nothing is in two places, and nothing is promised that is not there.

-- ---------------------------------------------------------------- what there is

create table equipment_model (
  code text primary key check (code ~ '^[a-z0-9_]{2,40}$'),
  name text not null unique check (name <> '' and length(name) <= 120),
  family text not null check (family ~ '^[a-z_]{2,30}$'),
  purpose text not null default '' check (length(purpose) <= 400),
  also_called text[] not null default '{}',
  single boolean not null,                           -- each has a serial number; else counted
  fitting boolean not null default false,
  returns boolean not null default true,             -- false: fixed to a home, and stays there
  workers smallint not null default 1 check (workers in (1, 2)),
  deliver_minutes smallint not null check (deliver_minutes between 5 and 240),
  fit_minutes smallint not null default 0 check (fit_minutes between 0 and 240),
  service_months smallint check (service_months between 1 and 120),
  usual_weeks smallint check (usual_weeks between 1 and 520),
  active boolean not null default true,
  position smallint not null,
  constraint equipment_model_fitting_takes_time check (fitting or fit_minutes = 0),
  constraint equipment_model_counted_is_not_serviced check (single or service_months is null)
);

-- What does instead of what, and in what it differs; the nearest to the wish first.
create table equipment_substitute (
  code text primary key,                             -- model/instead
  model text not null references equipment_model,
  instead text not null references equipment_model,
  note text not null default '' check (length(note) <= 200),
  position smallint not null,
  unique (model, instead),
  constraint equipment_substitute_is_another check (model <> instead)
);

create table equipment_store (
  code text primary key check (code ~ '^[a-z0-9_]{2,40}$'),
  name text not null unique check (name <> '' and length(name) <= 120),
  locality text references locality,                 -- null: the city's own
  address text not null default '' check (length(address) <= 500),
  postcode text not null default '',
  phone text not null default '',
  position smallint not null
);

-- One model in one store. The counts are of counted models; things with serial numbers are counted where they are.
create table equipment_stock (
  store text not null references equipment_store,
  model text not null references equipment_model,
  free int not null default 0,
  reserved int not null default 0,
  in_van int not null default 0,
  on_loan int not null default 0,
  cleaning int not null default 0,
  in_repair int not null default 0,
  lost int not null default 0,
  written_off int not null default 0,
  minimum int not null default 0 check (minimum between 0 and 5000),
  revision int not null default 1,
  primary key (store, model),
  -- Nothing is promised that the store does not have, whoever else promises at this moment.
  constraint equipment_stock_not_below_zero check (
    least(free, reserved, in_van, on_loan, cleaning, in_repair, lost, written_off) >= 0)
);
create index equipment_stock_model on equipment_stock (model);

create table equipment_item (
  id uuid primary key,
  model text not null references equipment_model,
  serial text not null check (serial <> '' and length(serial) <= 60),
  store text not null references equipment_store,    -- whose it is now
  bought_on date,
  next_service_on date,
  failed boolean not null default false,             -- its last service: given to nobody until it has passed one
  received_by text not null default session_user,
  received_at timestamptz not null default now(),
  revision int not null default 1,
  constraint equipment_item_serial_once unique (model, serial)
);
create index equipment_item_model on equipment_item (model, store);
create index equipment_item_service on equipment_item (next_service_on) where next_service_on is not null;

-- ---------------------------------------------------------------- orders

create table equipment_order (
  id uuid primary key,
  number bigint generated always as identity,
  person_id uuid not null references person,
  model text not null references equipment_model,
  quantity smallint not null default 1 check (quantity between 1 and 20),
  source text not null default 'by_hand' check (source in ('by_hand', 'plan', 'assessment', 'transfer', 'stay', 'referral')),
  plan_id uuid references care_plan,
  plan_equipment_id uuid references plan_equipment on delete set null,
  assessment_id uuid references assessment,
  transfer_id uuid references transfer,
  stay_id uuid references stay,
  referral_id uuid references referral,
  wanted_by date not null,
  until_on date,                                     -- null: as long as it is needed
  note text not null default '' check (length(note) <= 500),
  state text not null default 'ordered' check (state in ('ordered', 'reserved', 'slot_agreed', 'in_van', 'delivered',
                                                         'fitted', 'cancelled')),
  store text references equipment_store,
  item_id uuid references equipment_item,
  slot tstzrange check (not isempty(slot) and not lower_inf(slot) and not upper_inf(slot)),
  fit_slot tstzrange check (not isempty(fit_slot) and not lower_inf(fit_slot) and not upper_inf(fit_slot)),
  ordered_by text not null default session_user,
  ordered_at timestamptz not null default now(),
  delivered_at timestamptz,
  fitted_at timestamptz,
  reason text not null default '' check (length(reason) <= 500),   -- why cancelled, or why the last attempt failed
  cause text check (cause in ('plan_ended', 'stay_ended', 'died')),  -- cancelled by what happened
  tries smallint not null default 0 check (tries between 0 and 99),
  revision int not null default 1,
  constraint equipment_order_number_once unique (number),
  constraint equipment_order_promise_is_whole check ((store is not null) = (state not in ('ordered', 'cancelled'))
                                                     and (item_id is null or store is not null)),
  constraint equipment_order_slot_is_agreed check (state <> 'slot_agreed' or slot is not null),
  constraint equipment_order_delivered_is_whole check ((delivered_at is not null) = (state in ('delivered', 'fitted'))
                                                       and (fitted_at is not null) = (state = 'fitted')),
  constraint equipment_order_cancel_has_reason check ((state = 'cancelled' or cause is null)
                                                      and (state <> 'cancelled' or reason <> '' or cause is not null)),
  constraint equipment_order_until_after_wanted check (until_on >= wanted_by)
);
create index equipment_order_person on equipment_order (person_id, ordered_at);
create index equipment_order_open on equipment_order (wanted_by) where state not in ('fitted', 'cancelled');
create index equipment_order_plan on equipment_order (plan_id) where plan_id is not null;
create index equipment_order_stay on equipment_order (stay_id) where stay_id is not null;
create index equipment_order_transfer on equipment_order (transfer_id) where transfer_id is not null;
create index equipment_order_item on equipment_order (item_id) where item_id is not null;
-- What a row of a plan asks for is ordered once.
create unique index equipment_order_once_a_plan_row on equipment_order (plan_equipment_id) where state <> 'cancelled';

-- Where a thing was, from when to when, without a gap; the last stretch is where it is.
create table equipment_whereabouts (
  id bigint primary key generated always as identity,
  item_id uuid not null references equipment_item,
  place text not null check (place in ('store', 'reserved', 'in_van', 'on_loan', 'in_repair', 'cleaning', 'lost', 'written_off')),
  store text not null references equipment_store,
  order_id uuid references equipment_order,
  period tstzrange not null check (not isempty(period) and not lower_inf(period)),
  constraint equipment_whereabouts_for_an_order check ((place in ('reserved', 'in_van', 'on_loan')) = (order_id is not null)),
  constraint equipment_item_one_place exclude using gist (uuid_range(item_id, item_id, '[]') with &&, period with &&)
);
create index equipment_whereabouts_now on equipment_whereabouts (item_id) where upper_inf(period);
create index equipment_whereabouts_item on equipment_whereabouts (item_id, lower(period));

-- Everything that ever moved, in the order in which it did. Nothing else changes stock or whereabouts.
create table equipment_movement (
  id uuid primary key default uuidv7(),
  at timestamptz not null default now(),
  by_user text not null default session_user,
  model text not null references equipment_model,
  item_id uuid references equipment_item,
  store text not null references equipment_store,
  to_store text not null references equipment_store,
  quantity int not null default 1 check (quantity between 1 and 5000),
  from_place text check (from_place in ('store', 'reserved', 'in_van', 'on_loan', 'in_repair', 'cleaning', 'lost', 'written_off')),
  to_place text not null check (to_place in ('store', 'reserved', 'in_van', 'on_loan', 'in_repair', 'cleaning', 'lost', 'written_off')),
  order_id uuid references equipment_order,
  note text not null default '' check (length(note) <= 500),
  constraint equipment_movement_moves check (from_place is distinct from to_place or store <> to_store),
  constraint equipment_movement_one_thing check (item_id is null or quantity = 1),
  constraint equipment_movement_bought_into_store check (from_place is not null or (to_place in ('store', 'cleaning') and store = to_store))
);
create index equipment_movement_day on equipment_movement (at);
create index equipment_movement_item on equipment_movement (item_id) where item_id is not null;

-- ---------------------------------------------------------------- loans, collections, services, reminders

create table equipment_loan (
  id uuid primary key default uuidv7(),
  order_id uuid not null unique references equipment_order,
  since timestamptz not null,
  until_on date,
  ended_at timestamptz,
  revision int not null default 1
);
create index equipment_loan_due on equipment_loan (until_on) where ended_at is null and until_on is not null;

create table equipment_collection (
  id uuid primary key default uuidv7(),
  loan_id uuid not null references equipment_loan,
  cause text not null default 'asked' check (cause in ('plan_ended', 'stay_ended', 'died', 'loan_ended', 'service_failed', 'asked')),
  asked_by text not null default session_user,
  asked_at timestamptz not null default now(),
  wanted_by date not null,
  state text not null default 'to_collect' check (state in ('to_collect', 'slot_agreed', 'collected', 'cancelled')),
  slot tstzrange check (not isempty(slot) and not lower_inf(slot) and not upper_inf(slot)),
  collected_at timestamptz,
  back smallint check (back >= 0),
  returned_as text check (returned_as in ('cleaning', 'store', 'in_repair', 'lost', 'written_off')),
  reason text not null default '' check (length(reason) <= 500),   -- why it was called off, or why the last attempt failed
  tries smallint not null default 0 check (tries between 0 and 99),
  note text not null default '' check (length(note) <= 500),
  revision int not null default 1,
  constraint equipment_collection_slot_is_agreed check (state <> 'slot_agreed' or slot is not null),
  constraint equipment_collection_done_is_whole check (num_nonnulls(collected_at, back, returned_as) = case state when 'collected' then 3 else 0 end),
  -- Without words the database called it off: what had caused it was taken back.
  constraint equipment_collection_cancel_has_reason check (state <> 'cancelled' or reason <> '' or cause in ('plan_ended', 'stay_ended', 'died'))
);
create unique index equipment_collection_one_open on equipment_collection (loan_id) where state in ('to_collect', 'slot_agreed');
create index equipment_collection_loan on equipment_collection (loan_id);
create index equipment_collection_wanted on equipment_collection (wanted_by) where state in ('to_collect', 'slot_agreed');

create table equipment_service (
  id uuid primary key,
  item_id uuid not null references equipment_item,
  done_on date not null,
  passed boolean not null,
  note text not null default '' check (length(note) <= 500),
  next_on date,
  recorded_by text not null default session_user,
  recorded_at timestamptz not null default now(),
  constraint equipment_service_failed_says_why check (passed or note <> ''),
  constraint equipment_service_next_is_later check (next_on > done_on)
);
create index equipment_service_item on equipment_service (item_id, done_on);

create table equipment_reminder (
  id uuid primary key,
  loan_id uuid references equipment_loan on delete cascade,
  collection_id uuid references equipment_collection on delete cascade,
  item_id uuid references equipment_item,
  to_whom text not null check (to_whom <> '' and length(to_whom) <= 200),
  how text not null check (how in ('telephone', 'text', 'letter', 'email', 'in_person')),
  note text not null default '' check (length(note) <= 500),
  by_user text not null default session_user,
  at timestamptz not null default now(),
  revision int not null default 1 check (revision = 1),
  constraint equipment_reminder_of_one check (num_nonnulls(loan_id, collection_id, item_id) = 1)
);
create index equipment_reminder_loan on equipment_reminder (loan_id) where loan_id is not null;
create index equipment_reminder_collection on equipment_reminder (collection_id) where collection_id is not null;
create index equipment_reminder_item on equipment_reminder (item_id) where item_id is not null;

-- Within how many days what ended is to be collected. Data: an administrator changes it.
insert into setting (name, value) values ('equipment.collect_within',
  '{"plan_ended": 7, "stay_ended": 2, "died": 14, "service_failed": 2}') on conflict (name) do nothing;

-- ---------------------------------------------------------------- how things move

create function equipment_today() returns date language sql stable set search_path = public, pg_temp
return (now() at time zone 'Europe/London')::date;

-- So many more (or less) of a counted model at one place of a store.
create function equipment_count(in_store text, of_model text, at_place text, more int) returns void language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  if more > 0 then
    insert into equipment_stock (store, model) values (in_store, of_model) on conflict do nothing;
  end if;
  update equipment_stock s set
    free = free + case at_place when 'store' then more else 0 end,
    reserved = reserved + case at_place when 'reserved' then more else 0 end,
    in_van = in_van + case at_place when 'in_van' then more else 0 end,
    on_loan = on_loan + case at_place when 'on_loan' then more else 0 end,
    cleaning = cleaning + case at_place when 'cleaning' then more else 0 end,
    in_repair = in_repair + case at_place when 'in_repair' then more else 0 end,
    lost = lost + case at_place when 'lost' then more else 0 end,
    written_off = written_off + case at_place when 'written_off' then more else 0 end,
    revision = revision + 1
  where s.store = in_store and s.model = of_model;
  if not found then
    raise exception 'nothing there' using errcode = 'check_violation', constraint = 'equipment_stock_not_below_zero';
  end if;
end $$;

create function equipment_move_item(m equipment_movement) returns void language plpgsql
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

create function equipment_move() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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
create trigger move before insert on equipment_movement for each row execute function equipment_move();

-- A thing that was bought stands in its store.
create function equipment_take_in() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into equipment_movement (model, item_id, store, to_store, to_place)
  values (new.model, new.id, new.store, new.store, 'store');
  return null;
end $$;
create trigger take_in after insert on equipment_item for each row execute function equipment_take_in();

-- One that is free in a store, held for this transaction: two desks that ask at once get two, or one of them none. What has
-- lain longest goes first, so that nothing grows old in a corner.
create function equipment_pick(of_model text, in_store text) returns uuid language sql volatile security definer
set search_path = public, pg_temp
begin atomic
  select i.id from equipment_item i join equipment_whereabouts w on w.item_id = i.id and upper_inf(w.period)
  where i.model = of_model and w.store = in_store and w.place = 'store' and not i.failed
    and coalesce(i.next_service_on >= equipment_today(), true)
  order by lower(w.period), i.id limit 1 for update of i skip locked;
end;

-- ---------------------------------------------------------------- what an order may do

create function equipment_place_of(state text) returns text language sql immutable set search_path = public, pg_temp
return case when state in ('reserved', 'slot_agreed') then 'reserved' when state = 'in_van' then 'in_van'
            when state in ('delivered', 'fitted') then 'on_loan' end;

create function equipment_guard_order() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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
create trigger guard before insert on equipment_order for each row execute function equipment_guard_order();
create trigger guard_update before update on equipment_order for each row
  when (not (old.person_id is distinct from new.person_id and moves_with_merge(old.person_id, new.person_id)))
  execute function equipment_guard_order();
create trigger stamp before insert or update on equipment_order for each row execute function stamp('ordered_by', 'ordered_at');

create function equipment_move_for(o equipment_order, from_place text, to_place text) returns void language sql
security definer set search_path = public, pg_temp
begin atomic
  insert into equipment_movement (model, item_id, store, to_store, quantity, from_place, to_place, order_id)
  values (o.model, o.item_id, o.store, o.store, case when o.item_id is null then o.quantity else 1 end, from_place, to_place,
          case when to_place in ('reserved', 'in_van', 'on_loan') or o.item_id is null then o.id end);
end;

-- The state of an order is where its things are: reserving takes them from the store, delivering lends them.
create function equipment_follow_order() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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
create trigger follow after update of state, store, item_id, model, quantity on equipment_order
  for each row execute function equipment_follow_order();

-- ---------------------------------------------------------------- collections

create function equipment_guard_loan() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if old.order_id <> new.order_id or old.since <> new.since or (old.ended_at is not null and old.until_on is distinct from new.until_on) then
    raise exception 'ended' using errcode = 'check_violation', constraint = 'equipment_loan_is_open';
  end if;
  return new;
end $$;
create trigger guard before update on equipment_loan for each row execute function equipment_guard_loan();

create function equipment_guard_collection() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare l equipment_loan; o equipment_order; m equipment_model;
begin
  select * into l from equipment_loan where id = new.loan_id for update;
  select * into o from equipment_order where id = l.order_id;
  select * into m from equipment_model where code = o.model;
  if new.collected_at > now() + interval '10 minutes' then
    raise exception 'still to come' using errcode = 'check_violation', constraint = 'equipment_not_still_to_come';
  end if;
  if new.back > o.quantity or (new.back = 0 and new.returned_as <> 'lost') then
    raise exception 'too many' using errcode = 'check_violation', constraint = 'equipment_collection_not_more_than_lent';
  end if;
  if tg_op = 'INSERT' then
    if new.state <> 'to_collect' then
      raise exception 'begins to be collected' using errcode = 'check_violation', constraint = 'equipment_collection_move_is_legal';
    end if;
    if l.ended_at is not null then
      raise exception 'ended' using errcode = 'check_violation', constraint = 'equipment_loan_is_open';
    end if;
    return new;
  end if;
  if (old.loan_id, old.cause, old.asked_at) is distinct from (new.loan_id, new.cause, new.asked_at)
     or (old.state <> new.state and (old.state, new.state) not in (
       ('to_collect', 'slot_agreed'), ('to_collect', 'collected'), ('to_collect', 'cancelled'), ('slot_agreed', 'to_collect'),
       ('slot_agreed', 'collected'), ('slot_agreed', 'cancelled'), ('collected', 'to_collect'), ('collected', 'slot_agreed'),
       ('cancelled', 'to_collect')))
     or (old.state = 'collected' and new.state = 'collected' and (old.back, old.returned_as) is distinct from (new.back, new.returned_as)) then
    raise exception 'illegal move' using errcode = 'check_violation', constraint = 'equipment_collection_move_is_legal';
  end if;
  if l.ended_at is not null and old.state <> 'collected' and new.state <> 'cancelled' then
    raise exception 'ended' using errcode = 'check_violation', constraint = 'equipment_loan_is_open';
  end if;
  return new;
end $$;
create trigger guard before insert or update on equipment_collection for each row execute function equipment_guard_collection();
create trigger stamp before insert or update on equipment_collection for each row execute function stamp('asked_by', 'asked_at');

-- What came back goes where it was said to; what did not is lost. Taken back, it is with the person again.
create function equipment_follow_collection() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  o equipment_order; done equipment_collection := case when new.state = 'collected' then new else old end;
  forth boolean := new.state = 'collected'; part record;
begin
  select e.* into o from equipment_loan l join equipment_order e on e.id = l.order_id where l.id = new.loan_id;
  update equipment_loan set ended_at = case when forth then done.collected_at end, revision = revision + 1 where id = new.loan_id;
  for part in select p.many, p.at_place from (values (done.back::int, done.returned_as), (o.quantity - done.back, 'lost')) p(many, at_place)
              where p.many > 0 order by p.at_place loop
    insert into equipment_movement (model, item_id, store, to_store, quantity, from_place, to_place, order_id)
    values (o.model, o.item_id, o.store, o.store, part.many, case when forth then 'on_loan' else part.at_place end,
            case when forth then part.at_place else 'on_loan' end, case when o.item_id is null or not forth then o.id end);
  end loop;
  return null;
end $$;
create trigger follow after update of state on equipment_collection for each row
  when ((old.state = 'collected') <> (new.state = 'collected')) execute function equipment_follow_collection();

-- ---------------------------------------------------------------- what makes itself

create function equipment_collect_by(why text) returns date language sql stable security definer set search_path = public, pg_temp
return equipment_today() + coalesce((select (value ->> why)::int from setting where name = 'equipment.collect_within'), 7);

-- Something has ended: what was ordered for it is ordered no longer, and what was lent for it is to be collected.
create function equipment_ended(orders uuid[], why text) returns void language plpgsql
security definer set search_path = public, pg_temp as $$
declare each_id uuid;
begin
  for each_id in select o.id from equipment_order o where o.id = any (orders)
                 and o.state in ('ordered', 'reserved', 'slot_agreed', 'in_van') order by o.model, o.store, o.id loop
    update equipment_order set state = 'cancelled', cause = why, store = null, item_id = null, slot = null, fit_slot = null,
      revision = revision + 1
    where id = each_id and state in ('ordered', 'reserved', 'slot_agreed', 'in_van');
  end loop;
  insert into equipment_collection (loan_id, cause, wanted_by)
  select l.id, why, equipment_collect_by(why)
  from equipment_order o join equipment_loan l on l.order_id = o.id and l.ended_at is null
  join equipment_model m on m.code = o.model and m.returns
  where o.id = any (orders) order by l.id
  on conflict (loan_id) where state in ('to_collect', 'slot_agreed') do nothing;
end $$;

-- What has ended of all that an order was for, if anything has.
create function equipment_why_ended(which uuid) returns text language sql stable security definer set search_path = public, pg_temp
begin atomic
  select case when p.deceased_on is not null then 'died' when s.state in ('ended', 'cancelled') then 'stay_ended'
              when c.state = 'ended' then 'plan_ended' end
  from equipment_order o join person p on p.id = o.person_id left join stay s on s.id = o.stay_id
  left join care_plan c on c.id = o.plan_id where o.id = which;
end;

-- It has not ended after all: what had made itself is called off, and what was wanted is ordered again; unless the person
-- has died. Who lives after all may have a plan or a stay that has ended meanwhile.
create function equipment_goes_on(orders uuid[], why text) returns void language plpgsql
security definer set search_path = public, pg_temp as $$
declare each_id uuid; other text;
begin
  update equipment_collection c set state = 'cancelled', slot = null, reason = '', revision = c.revision + 1
  from equipment_loan l where l.id = c.loan_id and l.order_id = any (orders) and c.cause = why
    and c.state in ('to_collect', 'slot_agreed');
  update equipment_order o set state = 'ordered', cause = null, reason = '', revision = o.revision + 1
  where o.id = any (orders) and o.state = 'cancelled' and o.cause = why
    and not exists (select 1 from equipment_order x where x.plan_equipment_id = o.plan_equipment_id and x.state <> 'cancelled');
  foreach each_id in array orders loop
    other := equipment_why_ended(each_id);
    if other is not null and other <> why and (why = 'died' or other = 'died') then
      perform equipment_ended(array[each_id], other);
    end if;
  end loop;
end $$;

create function equipment_follow_plan() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  -- Ordered for the plan; or for the person, with no end of its own and for no stay.
  orders uuid[] := array(select o.id from equipment_order o where o.person_id = new.person_id
    and (o.plan_id = new.id or (o.plan_id is null and o.stay_id is null and o.until_on is null)));
begin
  if new.state = 'ended' then
    perform equipment_ended(orders, 'plan_ended');
  else
    perform equipment_goes_on(orders, 'plan_ended');
  end if;
  return null;
end $$;
create trigger equipment after update of state on care_plan for each row
  when ((old.state = 'active' and new.state = 'ended') or (old.state = 'ended' and new.state = 'active'))
  execute function equipment_follow_plan();

-- A stay that goes on in another apartment takes what was lent for it along, and back again.
create function equipment_follow_stay() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare orders uuid[]; other uuid;
begin
  if new.state in ('booked', 'in_stay') then
    orders := array(
      select o.id from equipment_order o join stay s on s.id = o.stay_id
      where o.person_id = new.person_id
        and (s.id = new.id or (s.state not in ('booked', 'in_stay') and (s.period && new.period or s.period -|- new.period)))
        and (o.state not in ('delivered', 'fitted')
             or exists (select 1 from equipment_loan l where l.order_id = o.id and l.ended_at is null)));
    update equipment_order set stay_id = new.id, revision = revision + 1 where id = any (orders) and stay_id <> new.id;
    perform equipment_goes_on(orders, 'stay_ended');
    return null;
  end if;
  orders := array(select o.id from equipment_order o where o.stay_id = new.id);
  select s.id into other from stay s
  where s.person_id = new.person_id and s.id <> new.id and s.state in ('booked', 'in_stay')
    and (s.period && new.period or s.period -|- new.period)
  order by s.state = 'in_stay' desc, lower(s.period) limit 1;
  if other is not null then
    update equipment_order set stay_id = other, revision = revision + 1 where id = any (orders);
  else
    perform equipment_ended(orders, 'stay_ended');
  end if;
  return null;
end $$;
create trigger equipment after update of state on stay for each row
  when (new.kind = 'stay' and (old.state in ('booked', 'in_stay')) <> (new.state in ('booked', 'in_stay')))
  execute function equipment_follow_stay();
create trigger equipment_goes_along after insert on stay for each row
  when (new.kind = 'stay' and new.state in ('booked', 'in_stay')) execute function equipment_follow_stay();

create function equipment_follow_life() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare orders uuid[] := array(select o.id from equipment_order o where o.person_id = new.id);
begin
  if new.deceased_on is not null then
    perform equipment_ended(orders, 'died');
  else
    perform equipment_goes_on(orders, 'died');
  end if;
  return null;
end $$;
create trigger equipment after update of deceased_on on person for each row
  when ((old.deceased_on is null) <> (new.deceased_on is null)) execute function equipment_follow_life();

-- A loan that begins when what it was for has ended already; an order that comes to somebody who has died, by merging.
create function equipment_follow_loan() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  which uuid := case when tg_table_name = 'equipment_loan' then (to_jsonb(new) ->> 'order_id')::uuid else new.id end;
  why text := equipment_why_ended(which);
begin
  if why = 'died' or (why is not null and tg_table_name = 'equipment_loan') then
    perform equipment_ended(array[which], why);
  elsif exists (select 1 from equipment_order o where o.id = which and o.cause = 'died')
        or exists (select 1 from equipment_collection c join equipment_loan l on l.id = c.loan_id
                   where l.order_id = which and c.cause = 'died' and c.state in ('to_collect', 'slot_agreed')) then
    perform equipment_goes_on(array[which], 'died');   -- parted again from somebody who has died
  end if;
  return null;
end $$;
create trigger ended_already after insert on equipment_loan for each row execute function equipment_follow_loan();
create trigger ended_already after update of person_id on equipment_order for each row
  when (old.person_id is distinct from new.person_id) execute function equipment_follow_loan();

-- A service is passed, and the next is due; or it is failed, and the thing is taken from wherever it is.
create function equipment_follow_service() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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
create trigger follow after insert on equipment_service for each row execute function equipment_follow_service();
create trigger stamp before insert or update on equipment_service for each row execute function stamp('recorded_by', 'recorded_at');
create trigger stamp before insert or update on equipment_item for each row execute function stamp('received_by', 'received_at');
create trigger stamp before insert or update on equipment_movement for each row execute function stamp('by_user', 'at');
create trigger stamp before insert or update on equipment_reminder for each row execute function stamp('by_user', 'at');

-- ---------------------------------------------------------------- how much of what is where

-- For everybody, of everybody's loans: numbers and days, and nothing else of them.
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

-- ---------------------------------------------------------------- who may

create trigger strangers before insert or update or delete on equipment_model for each statement execute function refuse_strangers();
create trigger strangers before insert or update or delete on equipment_substitute for each statement execute function refuse_strangers();
create trigger strangers before insert or update or delete on equipment_store for each statement execute function refuse_strangers();
create trigger strangers before insert or update or delete on equipment_stock for each statement execute function refuse_strangers();
create trigger strangers before insert or update or delete on equipment_item for each statement execute function refuse_strangers();
create trigger strangers before insert or update or delete on equipment_service for each statement execute function refuse_strangers();

alter table equipment_movement enable row level security;
alter table equipment_order enable row level security;
alter table equipment_loan enable row level security;
alter table equipment_collection enable row level security;
alter table equipment_reminder enable row level security;
create policy everybody_reads on equipment_movement for select to centre_user using ((select my_role()) is not null);
-- By hand nothing is promised, lent or taken back: that is the business of orders and collections.
create policy moved_by_hand on equipment_movement for insert to centre_user
  with check ((select my_role()) is not null and order_id is null and to_place in ('store', 'in_repair', 'cleaning', 'lost', 'written_off')
              and (from_place is null or from_place in ('store', 'in_repair', 'cleaning', 'lost', 'written_off'))
              and (from_place is not null or item_id is null));
create policy shared_with_me on equipment_order to centre_user
  using ((select my_role()) not in ('administrator') and not exists (select 1 from hidden_from_me h where h.id = person_id));
create policy shared_with_me on equipment_loan to centre_user
  using (exists (select 1 from equipment_order o where o.id = order_id));
create policy shared_with_me on equipment_collection to centre_user
  using (exists (select 1 from equipment_loan l where l.id = loan_id));
create policy shared_with_me on equipment_reminder to centre_user
  using ((select my_role()) not in ('administrator')
         and (item_id is not null or exists (select 1 from equipment_loan l where l.id = loan_id)
              or exists (select 1 from equipment_collection c where c.id = collection_id)));
create policy i_take_back on equipment_reminder as restrictive for delete to centre_user
  using (by_user = session_user and at > now() - interval '1 hour');

create trigger watch after insert or update or delete on equipment_item
  for each row execute function audit.watch('equipment', 'id', '');
create trigger watch after insert or update or delete on equipment_stock
  for each row execute function audit.watch('equipment', 'model', '');
create trigger watch after insert or update or delete on equipment_movement
  for each row execute function audit.watch('equipment', 'model', '');
create trigger watch after insert or update or delete on equipment_order
  for each row execute function audit.watch('equipment', 'id', 'person_id');
create trigger watch after insert or update or delete on equipment_loan
  for each row execute function audit.watch('equipment', 'order_id', '');
create trigger watch after insert or update or delete on equipment_collection
  for each row execute function audit.watch('equipment', 'id', '');
create trigger watch after insert or update or delete on equipment_service
  for each row execute function audit.watch('equipment', 'item_id', '');
create trigger watch after insert or update or delete on equipment_reminder
  for each row execute function audit.watch('equipment', 'id', '');

grant execute on function equipment_today(), equipment_pick(text, text) to centre_user;
grant select on equipment_model, equipment_substitute, equipment_store, equipment_stock, equipment_item, equipment_whereabouts,
  equipment_movement, equipment_order, equipment_loan, equipment_collection, equipment_service, equipment_reminder,
  equipment_stock_line to centre_user;
grant insert, update on equipment_model, equipment_substitute, equipment_store to administrator;
grant insert (store, model, minimum), update (minimum, revision) on equipment_stock to care_coordinator, team_lead, manager;
grant insert (id, model, serial, store, bought_on, next_service_on) on equipment_item to care_coordinator, team_lead;
grant insert (id, model, item_id, store, to_store, quantity, from_place, to_place, note) on equipment_movement
  to care_coordinator, placement_coordinator, team_lead;
grant insert, update on equipment_order to care_coordinator, placement_coordinator, team_lead, trusted_assessor;
grant update (until_on, revision) on equipment_loan to care_coordinator, placement_coordinator, team_lead, trusted_assessor;
grant insert, update on equipment_collection to care_coordinator, placement_coordinator, team_lead, trusted_assessor;
grant insert on equipment_service to care_coordinator, placement_coordinator, team_lead;
grant insert, delete on equipment_reminder to care_coordinator, placement_coordinator, team_lead, trusted_assessor;

select follow_merges();
