-- One contact and one referral for each of the next people, spread over two years. Triggers do what they do for a desk.
with chosen as (
  select p.id as person_id, p.ward_code, uuidv7() as contact_id, uuidv7() as referral_id,
         row_number() over (order by p.id) as n
  from (select * from person where id > %(after)s and deceased_on is null order by id limit %(count)s) p),
dated as (
  select c.*, n %% %(waiting)s = 0 as waits,
         now() - case when n %% %(waiting)s = 0 then interval '1 minute' * (n %% 4000)
                      else interval '1 day' + interval '1 minute' * ((n * 7919) %% 1050000) end as received
  from chosen c),
placed as (
  select d.*, w.neighbourhood_id, b.locality, s.code as service,
         (array['two_hours', 'same_day', '24_hours', '72_hours', 'routine'])[1 + n %% 5] as urgency
  from dated d
  left join ward w on w.code = d.ward_code
  left join neighbourhood b on b.id = w.neighbourhood_id
  join (select code, row_number() over (order by position) - 1 as place, count(*) over () as kinds from service) s
    on s.place = d.n %% s.kinds),
contacts as (
  insert into contact (id, channel, received_at, recorded_at, recorded_by, locality, person_id, caller_name, need,
                       ending, ended_at)
  select contact_id, 'telephone', received, received, %(by)s, locality, person_id, 'Invented caller',
         'An invented need, of a past call', 'referral', received
  from placed)
insert into referral (id, contact_id, person_id, service, urgency, urgency_reason, need, source, locality,
                      neighbourhood_id, received_at, due_at, state, state_reason, closed_at)
select referral_id, contact_id, person_id, service, urgency, 'As the caller said', 'An invented need, of a past call',
       'telephone', locality, neighbourhood_id, received, received + interval '1 day',
       case when waits then 'waiting' else 'closed' end, case when waits then '' else 'Done' end,
       case when waits then null else received + interval '20 hours' end
from placed
returning person_id
