create or replace function merge_obstacles(kept uuid, merged uuid) returns text[] language sql stable security definer
set search_path = public, pg_temp
return array_remove(array[
  (select 'nhs_numbers_differ' from person a, person b where a.id = kept and b.id = merged
   and a.nhs_status = 'verified' and b.nhs_status = 'verified' and a.nhs_number <> b.nhs_number),
  (select 'both_have_a_plan' from care_plan a join care_plan b on b.person_id = merged and b.state <> 'ended'
   where a.person_id = kept and a.state <> 'ended'),
  (select 'both_have_reablement' from reablement_episode a join reablement_episode b on b.person_id = merged
   and b.ended_on is null where a.person_id = kept and a.ended_on is null),
  (select 'stays_overlap' where exists (
     select 1 from stay a join stay b on b.person_id = merged and b.state <> 'cancelled' and b.period && a.period
     where a.person_id = kept and a.state <> 'cancelled'))], null);

drop table transfer_light, transfer_delay, transfer;
drop function guard_transfer(), end_transfer_delays(), guard_transfer_delay();
drop table discharge_destination, delay_reason;
delete from setting where name = 'transfer.caseload';
update setting set value = value #- '{rows,delay_reason}' #- '{rows,discharge_destination}' where name = 'seeded_reference';
