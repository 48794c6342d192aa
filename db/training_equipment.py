"""Equipment of the training city (D6): what plans, transfers and stays asked for, and stores that lack some."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from coordination.clock import local_date

# What was asked for: rows of plans by their words, people on their way home, in apartments, and some who died.
_ASKED = """
create temporary table asked on commit drop as
with by_words(part, model) as (values
    ('perching', 'perching_stool'), ('bath board', 'bath_board'), ('grab rail', 'grab_rail'), ('commode', 'commode'),
    ('cushion', 'cushion_foam'), ('pendant', 'pendant_alarm'), ('dispenser', 'medication_dispenser')),
of_plans as (
  select e.id as key, c.person_id, w.model, 'plan' as source, c.id as plan_id, e.id as plan_equipment_id,
         null::uuid as transfer_id, null::uuid as stay_id,
         case when s.state = 'delivered' then e.added_at
              else greatest(e.added_at, cast(:now as timestamptz)
                            - make_interval(hours => 4 + pg_temp.dice(e.id, 'ago'))) end as at, s.state
  from plan_equipment e join care_plan c on c.id = e.plan_id and c.state = 'active'
  cross join lateral (
    select case when e.state ilike any (array['in place%', 'on loan%', 'being tried%']) then 'delivered'
                when e.state ilike 'ordered%' then 'reserved' else 'ordered' end as state) s
  cross join lateral (select model from by_words b where e.what ilike '%' || part || '%' limit 1) w),
of_transfers as (
  select md5(t.id::text || m.model)::uuid, t.person_id, m.model, 'transfer', c.id, null::uuid, t.id, null::uuid,
         greatest(t.ready_at, cast(:now as timestamptz) - interval '3 days'),
         (array['ordered', 'reserved', 'reserved', 'delivered'])[1 + pg_temp.dice(t.id, m.model || 'far') % 4]
  from transfer t
  left join care_plan c on c.person_id = t.person_id and c.state = 'active'
  cross join unnest(array['walking_frame_wheels', 'toilet_frame', 'commode', 'key_safe', 'bed_profiling']) m(model)
  where t.state = 'in_hospital' and pg_temp.dice(t.id, m.model) < 28),
of_stays as (
  select md5(s.id::text || m.model)::uuid, s.person_id, m.model, 'stay', null::uuid, null::uuid, null::uuid, s.id,
         lower(s.period)::timestamp at time zone 'Europe/London' + interval '10 hours', 'delivered'
  from stay s cross join unnest(array['shower_chair', 'mattress_foam', 'hoist_mobile']) m(model)
  where s.kind = 'stay' and (s.state = 'in_stay' or (s.state = 'ended' and upper(s.period) > :today - 10))
    and pg_temp.dice(s.id, m.model) < 35),
of_lives as (
  select md5(p.id::text || m.model)::uuid, p.id, m.model, 'by_hand', null::uuid, null::uuid, null::uuid, null::uuid,
         p.deceased_on::timestamp at time zone 'Europe/London' - interval '60 days', 'delivered'
  from (select id, deceased_on from person where deceased_on is not null and merged_into is null
        order by deceased_on desc, id limit 4) p
  cross join unnest(array['bed_profiling', 'commode']) m(model)),
short_loans as (
  select md5(p.id::text || 'loan')::uuid, p.person_id,
         (array['wheelchair_transit', 'toilet_seat_raised', 'rollator'])[1 + pg_temp.dice(p.id, 'which') % 3],
         'by_hand', p.id, null::uuid, null::uuid, null::uuid,
         cast(:now as timestamptz) - make_interval(days => 75 + pg_temp.dice(p.id, 'ago') % 25), 'delivered'
  from (select id, person_id from care_plan where state = 'active' order by md5(id::text) limit 40) p),
every as (
  select * from of_plans union all select * from of_transfers union all select * from of_stays
  union all select * from of_lives union all select * from short_loans)
select md5(e.key::text || 'order')::uuid as id, e.*, m.single, m.fitting, m.returns, m.deliver_minutes,
  coalesce(n.locality, (array['north', 'central', 'south'])[1 + pg_temp.dice(e.key, 'where') % 3]) as store,
  pg_temp.dice(e.key, 'waits') as dice,
  least(e.at + make_interval(days => 1 + pg_temp.dice(e.key, 'waits') % 6, hours => pg_temp.dice(e.key, 'hour') % 7),
        cast(:now as timestamptz) - interval '2 hours') as brought_at,
  row_number() over (partition by e.model order by e.at, e.key) as place
from every e join equipment_model m on m.code = e.model
join person p on p.id = e.person_id and p.merged_into is null
left join ward w on w.code = p.ward_code left join neighbourhood n on n.id = w.neighbourhood_id
where e.at < cast(:now as timestamptz) - interval '3 hours'
"""

_ITEMS = """
insert into equipment_item (id, model, serial, store, bought_on, next_service_on, received_by, received_at)
select md5(i.key || 'item')::uuid, i.model,
       upper(left(replace(i.model, '_', ''), 3)) || '-' || lpad(i.number::text, 4, '0'),
       i.store, (i.at - interval '200 days')::date,
       case when i.service is not null then :today + (i.dice * 3 - case when i.dice < 6 then 20 else 0 end) end,
       'nadia.coordinator', i.at - interval '200 days'
from (
  select a.id::text as key, a.model, a.place as number, a.store, a.at, m.service_months as service,
         pg_temp.dice(a.id, 'due') as dice
  from asked a join equipment_model m on m.code = a.model where a.single and a.state <> 'ordered'
  union all
  select m.code || s.code || n, m.code, 5000 + s.position * 100 + n, s.code,
         cast(:now as timestamptz) - interval '30 days', m.service_months,
         pg_temp.dice(md5(m.code || s.code || n)::uuid, 'due')
  from equipment_model m cross join equipment_store s
  cross join generate_series(1, 1 + pg_temp.dice(md5(m.code || s.code)::uuid, 'many') % 4) n where m.single) i
"""

_ORDERS = """
insert into equipment_order (id, person_id, model, source, plan_id, plan_equipment_id, transfer_id, stay_id, wanted_by,
                             until_on, note, state, store, item_id, ordered_by, ordered_at, delivered_at, fitted_at,
                             revision, held)
select a.id, a.person_id, a.model, a.source, a.plan_id, a.plan_equipment_id, a.transfer_id, a.stay_id, w.wanted_by,
       case when w.until_on is not null then greatest(w.until_on, w.wanted_by) end,
       case when a.dice < 12 then 'Ring first: the bell does not work' when a.dice < 20 then 'To the upper floor'
            else '' end,
       case when w.fits then 'fitted' else a.state end,
       case when a.state <> 'ordered' then a.store end,
       case when a.single and a.state <> 'ordered' then md5(a.id::text || 'item')::uuid end, 'nadia.coordinator', a.at,
       case when a.state = 'delivered' then a.brought_at end,
       case when w.fits then a.brought_at + interval '30 minutes' end, 1,
       case when a.single and a.state <> 'ordered'
            then daterange((coalesce(case when a.state = 'delivered' then a.brought_at end, a.at)
                            at time zone 'Europe/London')::date, null) end
from asked a join equipment_model m on m.code = a.model
cross join lateral (select
  a.state = 'delivered' and a.fitting and (a.dice % 4 > 0 or a.brought_at < :today - 6) as fits,
  (a.at at time zone 'Europe/London')::date + 2 + a.dice % 5 as wanted_by,
  case when a.key = md5(a.plan_id::text || 'loan')::uuid
       then ((a.at at time zone 'Europe/London')::date + coalesce(m.usual_weeks, 12) * 7) end as until_on) w
order by a.at, a.id
"""

_LOANS = """
insert into equipment_loan (id, order_id, since, until_on)
select md5(o.id::text || 'loan')::uuid, o.id, o.delivered_at, o.until_on
from equipment_order o where o.state in ('delivered', 'fitted')
"""

# Stays and lives that have ended, and some that were asked for by telephone.
_COLLECTIONS = """
insert into equipment_collection (id, loan_id, cause, asked_by, asked_at, wanted_by)
select md5(l.id::text || 'collect')::uuid, l.id, c.cause, 'nadia.coordinator', c.day + interval '12 hours',
       c.day::date + c.within
from equipment_loan l join equipment_order o on o.id = l.order_id
join equipment_model m on m.code = o.model and m.returns
left join stay s on s.id = o.stay_id join person p on p.id = o.person_id
cross join lateral (select
  case when p.deceased_on is not null then 'died' when s.state = 'ended' then 'stay_ended'
       when pg_temp.dice(l.id, 'asked') < 4 then 'asked' end as cause,
  case when p.deceased_on is not null then greatest(p.deceased_on, :today - 4 - pg_temp.dice(l.id, 'died') % 16)
       when s.state = 'ended' then upper(s.period) else :today - pg_temp.dice(l.id, 'day') % 9 end::timestamp as day,
  case when p.deceased_on is not null then 14 when s.state = 'ended' then 2 else 7 end as within) c
where c.cause is not null
"""

_REMINDERS = """
insert into equipment_reminder (id, loan_id, to_whom, how, note, by_user, at)
select md5(l.id::text || 'reminder')::uuid, l.id,
       case when pg_temp.dice(l.id, 'whom') < 60 then 'The person' else 'Their daughter' end,
       (array['telephone', 'letter', 'text'])[1 + pg_temp.dice(l.id, 'how') % 3],
       case when pg_temp.dice(l.id, 'note') < 40 then 'Will ring when it can be fetched' else '' end,
       'nadia.coordinator', cast(:now as timestamptz) - make_interval(days => 1 + pg_temp.dice(l.id, 'when') % 6)
from equipment_loan l where l.until_on < :today and pg_temp.dice(l.id, 'reminded') < 55
"""

# Where each thing is: in its store until it was promised or lent. A few are being cleaned or mended.
_WHEREABOUTS = """
insert into equipment_whereabouts (item_id, place, store, order_id, period)
select i.id, w.place, i.store, case when w.place in ('reserved', 'on_loan') then o.id end, tstzrange(w.since, w.until)
from equipment_item i left join equipment_order o on o.item_id = i.id
cross join lateral (
  select 'store' as place, i.received_at as since, coalesce(o.delivered_at, o.ordered_at + interval '1 hour',
    case when pg_temp.dice(i.id, 'out') < 12 then cast(:now as timestamptz) - interval '2 days' end) as until
  union all
  select case when o.state in ('delivered', 'fitted') then 'on_loan' when o.id is not null then 'reserved'
              when pg_temp.dice(i.id, 'out') < 8 then 'cleaning' else 'in_repair' end,
    coalesce(o.delivered_at, o.ordered_at + interval '1 hour', cast(:now as timestamptz) - interval '2 days'), null
  where o.id is not null or pg_temp.dice(i.id, 'out') < 12) w
"""

_STOCK = """
insert into equipment_stock (store, model, free, reserved, on_loan, cleaning, minimum)
select s.code, m.code,
  case when m.single or m.code in ('rollator', 'cushion_air')      -- nowhere, so that something else must do
            or pg_temp.dice(md5(s.code || m.code)::uuid, 'none') < 6 then 0
       else greatest(0, least.many + pg_temp.dice(md5(s.code || m.code)::uuid, 'more') % 9 - 2) end,
  count(o.id) filter (where not m.single and o.state = 'reserved'),
  count(o.id) filter (where not m.single and o.state in ('delivered', 'fitted')),
  case when m.single then 0 else pg_temp.dice(md5(s.code || m.code)::uuid, 'dirty') % 3 end, least.many
from equipment_store s cross join equipment_model m
cross join lateral (select case when m.single then 1 when s.code = 'city' then 6 else 3 end as many) least
left join equipment_order o on o.store = s.code and o.model = m.code
group by s.code, m.code, m.single, least.many
"""

# Some of what nobody has reserved yet is wanted in a later week, and promised from its day on.
_PROMISES = """
update equipment_order o
set state = 'reserved', store = p.store, item_id = p.item, promised_from = p.day, wanted_by = p.day, until_on = null,
    held = case when p.item is not null then daterange(p.day, null) end
from (
  select distinct on (a.store, a.model) a.id, a.store, i.id as item, :today + 9 + a.dice % 12 as day
  from asked a join equipment_order x on x.id = a.id and x.state = 'ordered'
  left join equipment_stock k on k.store = a.store and k.model = a.model and not a.single and k.free > 0
  left join lateral (
    select i.id from equipment_item i join equipment_whereabouts w on w.item_id = i.id and upper_inf(w.period)
    where i.model = a.model and i.store = a.store and w.place = 'store'
      and coalesce(i.next_service_on > :today + 30, true) order by i.id limit 1) i on a.single
  where (k.store is not null or i.id is not null) and a.dice % 2 = 0
  order by a.store, a.model, a.id) p
where o.id = p.id
"""

_MOVEMENTS = """
insert into equipment_movement (id, at, by_user, model, item_id, store, to_store, quantity, from_place, to_place,
                                order_id)
select md5(o.id::text || 'movement')::uuid, o.delivered_at, 'nadia.coordinator', o.model, o.item_id, o.store, o.store,
       o.quantity, 'reserved', 'on_loan', o.id
from equipment_order o where o.state in ('delivered', 'fitted')
"""

FILLED = ("equipment_order", "equipment_item", "equipment_stock", "equipment_movement")
"""What the training city empties before it is filled anew; the rest hangs on these."""


def finish(connection: Connection, now: datetime) -> int:
    """After plans, stays and transfers are there; gives how many orders were made."""
    said = {"now": now, "today": local_date(now)}
    connection.execute(text(_ASKED), said)
    made = 0
    for statement in (_ITEMS, _ORDERS, _LOANS, _COLLECTIONS, _REMINDERS, _WHEREABOUTS, _STOCK, _PROMISES, _MOVEMENTS):
        done = connection.execute(text(statement), said).rowcount
        made = done if statement is _ORDERS else made
    return int(made)
