-- Deliveries, fittings and collections as visits of an equipment team (D6): what a visit carries, and what came of it.

-- One thing that a visit brings, fits or takes away. Whatever ends the visit ends the line, and whatever ends the order or
-- the collection otherwise takes the line off the visit; ``ended_by`` says which of the two it was.
create table delivery (
  id uuid primary key default uuidv7(),
  visit_id uuid not null references visit,
  errand text not null check (errand in ('bring', 'fit', 'collect')),
  fits boolean not null default false,               -- what is brought is fitted at once
  order_id uuid references equipment_order,
  collection_id uuid references equipment_collection,
  state text not null default 'planned' check (state in ('planned', 'done', 'failed', 'dropped')),
  ended_by text check (ended_by in ('visit', 'order')),
  revision int not null default 1,
  constraint delivery_of_one_thing check ((errand = 'collect') = (collection_id is not null) and (errand <> 'collect') = (order_id is not null)),
  constraint delivery_fits_what_it_brings check (not fits or errand = 'bring'),
  constraint delivery_end_is_whole check ((state = 'planned') = (ended_by is null))
);
create unique index delivery_one_visit_an_order on delivery (order_id, errand) where state = 'planned';
create unique index delivery_one_visit_a_collection on delivery (collection_id) where state = 'planned';
create index delivery_visit on delivery (visit_id);
create index delivery_order on delivery (order_id);
create index delivery_collection on delivery (collection_id);

-- A line begins with its order put by and its time agreed: that of the visit, which is of an equipment team and to the same
-- person. Whoever shares with named teams only is visited by such a team only.
create function guard_delivery() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare v visit; whose uuid; agreed tstzrange; ready boolean;
begin
  select * into v from visit where id = new.visit_id for share;
  if new.order_id is not null then
    select o.person_id, case new.errand when 'fit' then o.fit_slot else o.slot end,
           case new.errand when 'fit' then o.state = 'delivered' and not exists (
                  select 1 from equipment_loan l join equipment_collection c on c.loan_id = l.id
                  where l.order_id = o.id and c.state <> 'cancelled')
                else o.state in ('slot_agreed', 'in_van') end
    into whose, agreed, ready from equipment_order o where o.id = new.order_id for share;
  else
    select l.person_id, c.slot, c.state = 'slot_agreed' into whose, agreed, ready
    from equipment_collection c join equipment_loan n on n.id = c.loan_id join equipment_order l on l.id = n.order_id
    where c.id = new.collection_id for share of c;
  end if;
  if v.state <> 'planned' or not ready or agreed is distinct from v.arrive then
    raise exception 'no time was agreed' using errcode = 'check_violation', constraint = 'delivery_time_is_agreed';
  end if;
  if whose is distinct from v.person_id then
    raise exception 'somebody else' using errcode = 'check_violation', constraint = 'delivery_is_to_its_person';
  end if;
  if (select t.service from team t where t.id = v.team_id) <> 'equipment' then
    raise exception 'another team' using errcode = 'check_violation', constraint = 'delivery_by_equipment_team';
  end if;
  if exists (select 1 from person p where p.id = v.person_id and p.sharing_level = 'named_teams'
             and not exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = v.team_id)) then
    raise exception 'not shared' using errcode = 'check_violation', constraint = 'delivery_person_is_shared';
  end if;
  new.state := 'planned';
  new.ended_by := null;
  return new;
end $$;
create trigger guard before insert on delivery for each row execute function guard_delivery();

-- ---------------------------------------------------------------- from the visit to what it carries

-- What came of one line, told to its order or collection. ``outcome``: of the visit.
create function settle_delivery(line delivery, outcome text, why text, at timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  tried int := case when outcome in ('no_access', 'declined') then 1 else 0 end;
  said text := left(coalesce(nullif(btrim(why), ''), replace(outcome, '_', ' ')), 500);
begin
  update delivery set state = case outcome when 'done' then 'done' else 'failed' end, ended_by = 'visit', revision = revision + 1
  where id = line.id;
  if line.errand = 'collect' and outcome = 'done' then
    update equipment_collection c
    set state = 'collected', collected_at = at, back = o.quantity, reason = '', revision = c.revision + 1,
        returned_as = case when c.cause = 'service_failed' then 'in_repair' else 'cleaning' end
    from equipment_loan l join equipment_order o on o.id = l.order_id where c.id = line.collection_id and l.id = c.loan_id;
  elsif line.errand = 'collect' then
    update equipment_collection
    set state = 'to_collect', slot = null, reason = said, tries = tries + tried, revision = revision + 1
    where id = line.collection_id;
  elsif line.errand = 'fit' and outcome = 'done' then
    update equipment_order set state = 'fitted', fitted_at = at, reason = '', revision = revision + 1 where id = line.order_id;
  elsif line.errand = 'fit' then
    update equipment_order set fit_slot = null, reason = said, tries = tries + tried, revision = revision + 1
    where id = line.order_id;
  elsif outcome = 'done' then
    update equipment_order set state = 'delivered', delivered_at = at, reason = '', revision = revision + 1
    where id = line.order_id;
    if line.fits then
      update equipment_order set state = 'fitted', fitted_at = at, revision = revision + 1 where id = line.order_id;
    end if;
  else
    update equipment_order
    set state = 'reserved', slot = null, reason = said, tries = tries + tried, revision = revision + 1
    where id = line.order_id;
  end if;
end $$;

-- The visit is planned again: what it carried is, too, unless it has been given another time since.
create function resume_delivery(line delivery, agreed tstzrange) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare o equipment_order; c equipment_collection; failed int;
begin
  if line.order_id is not null then
    select * into o from equipment_order where id = line.order_id for update;
  else
    select * into c from equipment_collection where id = line.collection_id for update;
  end if;
  failed := case when line.state = 'failed' and coalesce(o.tries, c.tries, 0) > 0 then 1 else 0 end;
  if exists (select 1 from delivery d where d.state = 'planned' and d.id <> line.id
             and (d.collection_id = line.collection_id or (d.order_id = line.order_id and d.errand = line.errand))) then
    raise exception 'went on' using errcode = 'check_violation', constraint = 'delivery_went_on';
  end if;
  -- Neither planned nor done while its order goes back step by step: nothing follows from the steps.
  update delivery set state = 'failed', ended_by = 'visit' where id = line.id;
  if line.errand = 'collect' and (c.state = 'collected' or (c.state = 'to_collect' and c.slot is null)) then
    update equipment_collection
    set state = 'slot_agreed', slot = agreed, collected_at = null, back = null, returned_as = null, tries = tries - failed,
        reason = '', revision = revision + 1
    where id = c.id;
  elsif line.errand = 'fit' and o.state in ('fitted', 'delivered') then
    update equipment_order
    set state = 'delivered', fitted_at = null, fit_slot = agreed, tries = tries - failed, reason = '', revision = revision + 1
    where id = o.id;
  elsif line.errand = 'bring' and line.state = 'done' and o.state in ('fitted', 'delivered') then
    if o.state = 'fitted' then
      update equipment_order set state = 'delivered', fitted_at = null, revision = revision + 1 where id = o.id;
    end if;
    update equipment_order set state = 'slot_agreed', slot = agreed, delivered_at = null, revision = revision + 1
    where id = o.id;
  elsif line.errand = 'bring' and line.state <> 'done' and o.state = 'reserved' then
    update equipment_order
    set state = 'slot_agreed', slot = agreed, tries = tries - failed, reason = '', revision = revision + 1
    where id = o.id;
  else
    raise exception 'went on' using errcode = 'check_violation', constraint = 'delivery_went_on';
  end if;
  update delivery set state = 'planned', ended_by = null, revision = revision + 1 where id = line.id;
end $$;

create function settle_deliveries() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare line delivery; at timestamptz;
begin
  if new.state = 'moved' then
    return null;                                     -- what it carried goes to the visit that follows it
  end if;
  if new.state = 'planned' then
    for line in select * from delivery d where d.visit_id = new.id and d.ended_by = 'visit' order by d.id for update loop
      perform resume_delivery(line, new.arrive);
    end loop;
    return null;
  end if;
  select least(coalesce(o.ended, o.began, now()), now()) into at from visit_outcome o where o.visit_id = new.id;
  for line in select * from delivery d where d.visit_id = new.id and d.state = 'planned' order by d.id for update loop
    perform settle_delivery(line, new.state, new.state_reason, coalesce(at, now()));
  end loop;
  return null;
end $$;
-- By its name after ``follow_state``: the outcome of the visit is kept by then.
create trigger settle_deliveries after update of state on visit
  for each row when (old.state is distinct from new.state) execute function settle_deliveries();

-- A visit at another time: so is what it carries.
create function retime_deliveries(which uuid, agreed tstzrange) returns void
language sql security definer set search_path = public, pg_temp
begin atomic
  update equipment_order o set slot = agreed, revision = o.revision + 1
  from delivery d where d.visit_id = which and d.state = 'planned' and d.errand = 'bring' and o.id = d.order_id
    and o.slot is distinct from agreed;
  update equipment_order o set fit_slot = agreed, revision = o.revision + 1
  from delivery d where d.visit_id = which and d.state = 'planned' and d.errand = 'fit' and o.id = d.order_id
    and o.fit_slot is distinct from agreed;
  update equipment_collection c set slot = agreed, revision = c.revision + 1
  from delivery d where d.visit_id = which and d.state = 'planned' and d.errand = 'collect' and c.id = d.collection_id
    and c.slot is distinct from agreed;
end;

create function follow_visit_time() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform retime_deliveries(new.id, new.arrive);
  return null;
end $$;
create trigger retime_deliveries after update of arrive on visit
  for each row when (old.arrive is distinct from new.arrive) execute function follow_visit_time();

-- To another day: the lines go to the visit in whose place it stands.
create function follow_visit_to_another_day() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  update delivery set visit_id = new.moved_to, revision = revision + 1
  where visit_id = new.visit_id and state = 'planned';
  if found then
    perform retime_deliveries(new.moved_to, (select v.arrive from visit v where v.id = new.moved_to));
  end if;
  return null;
end $$;
create trigger move_deliveries after insert or update of moved_to on visit_outcome
  for each row when (new.moved_to is not null) execute function follow_visit_to_another_day();

-- Moved, and no other visit stands in its place when the transaction is over: nobody comes with it.
create function drop_left_deliveries() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare line delivery;
begin
  for line in select d.* from delivery d join visit v on v.id = d.visit_id
              where d.visit_id = new.id and d.state = 'planned' and v.state = 'moved' order by d.id loop
    perform settle_delivery(line, 'moved', new.state_reason, now());
  end loop;
  return null;
end $$;
create constraint trigger drop_left_deliveries after update of state on visit deferrable initially deferred
  for each row when (new.state = 'moved') execute function drop_left_deliveries();

-- ---------------------------------------------------------------- from the order to the visit

-- One line has ended without its visit. A visit that carries nothing more is not made; one on which somebody has begun, and
-- that did what it was for, is done.
create function end_delivery(line delivery, as_state text, why text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare began boolean;
begin
  update delivery set state = as_state, ended_by = 'order', revision = revision + 1 where id = line.id;
  if exists (select 1 from delivery d where d.visit_id = line.visit_id and d.state = 'planned') then
    return;
  end if;
  began := exists (select 1 from allocation a where a.visit_id = line.visit_id and lower(a.period) <= now())
           and exists (select 1 from delivery d where d.visit_id = line.visit_id and d.state = 'done');
  if not began then
    delete from allocation where visit_id = line.visit_id;
  end if;
  update visit set state = case when began then 'done' else 'cancelled' end,
                   state_reason = case when began then '' else coalesce(nullif(btrim(why), ''), 'No longer needed') end,
                   revision = revision + 1
  where id = line.visit_id and state = 'planned';
end $$;

-- What an order did without its visit is taken back: the visit is planned again with it.
create function take_up_delivery(line delivery) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update delivery set state = 'planned', ended_by = null, revision = revision + 1 where id = line.id;
  update visit set state = 'planned', state_reason = '', revision = revision + 1 where id = line.visit_id and state <> 'planned';
end $$;

create function follow_order_in_visits() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare line delivery;
begin
  for line in select d.* from delivery d where d.order_id = new.id and d.state = 'planned' order by d.id for update loop
    if line.errand = 'bring' then
      if new.state in ('delivered', 'fitted') then
        perform end_delivery(line, 'done', 'Delivered already');
      elsif new.state in ('ordered', 'reserved', 'cancelled') or new.slot is null then
        perform end_delivery(line, 'dropped', new.reason);
      elsif new.slot <> (select v.arrive from visit v where v.id = line.visit_id) then
        raise exception 'the visit says' using errcode = 'check_violation', constraint = 'delivery_time_is_the_visits';
      end if;
    elsif new.state = 'fitted' then
      perform end_delivery(line, 'done', 'Fitted already');
    elsif new.state <> 'delivered' or new.fit_slot is null then
      perform end_delivery(line, 'dropped', new.reason);
    elsif new.fit_slot <> (select v.arrive from visit v where v.id = line.visit_id) then
      raise exception 'the visit says' using errcode = 'check_violation', constraint = 'delivery_time_is_the_visits';
    end if;
  end loop;
  if old.state in ('delivered', 'fitted') and new.state not in ('delivered', 'fitted') then
    for line in select d.* from delivery d where d.order_id = new.id and d.errand = 'bring' and d.state = 'done'
                order by d.id desc limit 1 loop
      if line.ended_by = 'visit' then
        raise exception 'done at the visit' using errcode = 'check_violation', constraint = 'delivery_is_the_visits';
      elsif new.slot is not null and new.slot = (select v.arrive from visit v where v.id = line.visit_id) then
        perform take_up_delivery(line);
      end if;
    end loop;
  end if;
  return null;
end $$;
create trigger follow_in_visits after update of state, slot, fit_slot on equipment_order
  for each row when ((old.state, old.slot, old.fit_slot) is distinct from (new.state, new.slot, new.fit_slot))
  execute function follow_order_in_visits();

create function follow_collection_in_visits() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare line delivery;
begin
  for line in select d.* from delivery d where d.collection_id = new.id and d.state = 'planned' order by d.id for update loop
    if new.state = 'collected' then
      perform end_delivery(line, 'done', 'Collected already');
    elsif new.state <> 'slot_agreed' then
      perform end_delivery(line, 'dropped', new.reason);
    elsif new.slot <> (select v.arrive from visit v where v.id = line.visit_id) then
      raise exception 'the visit says' using errcode = 'check_violation', constraint = 'delivery_time_is_the_visits';
    end if;
  end loop;
  if old.state = 'collected' and new.state <> 'collected' then
    for line in select d.* from delivery d where d.collection_id = new.id and d.state = 'done' order by d.id desc limit 1 loop
      if line.ended_by = 'visit' then
        raise exception 'done at the visit' using errcode = 'check_violation', constraint = 'delivery_is_the_visits';
      elsif new.slot is not null and new.slot = (select v.arrive from visit v where v.id = line.visit_id) then
        perform take_up_delivery(line);
      end if;
    end loop;
  end if;
  return null;
end $$;
create trigger follow_in_visits after update of state, slot on equipment_collection
  for each row when ((old.state, old.slot) is distinct from (new.state, new.slot))
  execute function follow_collection_in_visits();

-- What is to be collected is not fitted first.
create function drop_fitting() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update equipment_order o set fit_slot = null, revision = o.revision + 1
  from equipment_loan l where l.id = new.loan_id and o.id = l.order_id and o.state = 'delivered' and o.fit_slot is not null;
  return null;
end $$;
create trigger drop_fitting after insert on equipment_collection for each row execute function drop_fitting();

-- ---------------------------------------------------------------- who may see and do what

alter table delivery enable row level security;
create policy shared_with_me on delivery to centre_user
  using (exists (select 1 from visit v where v.id = visit_id));
create trigger watch after insert or update or delete on delivery
  for each row execute function audit.watch('deployment', 'visit_id', '');
revoke execute on function settle_delivery(delivery, text, text, timestamptz), resume_delivery(delivery, tstzrange),
  retime_deliveries(uuid, tstzrange), end_delivery(delivery, text, text), take_up_delivery(delivery) from public;
grant select on delivery to centre_user;
-- What comes of a line is the database's to write.
grant insert (id, visit_id, errand, fits, order_id, collection_id) on delivery to care_coordinator, team_lead, trusted_assessor;
