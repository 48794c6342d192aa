-- Takes back 0030_reablement.up.sql.

drop function reablement_endings(int[], date);
drop function visit_demand(int[], date, int);
delete from setting where name = 'forecast.travel';

create or replace function merge_obstacles(kept uuid, merged uuid) returns text[] language sql stable security definer
set search_path = public, pg_temp
return array_remove(array[
  (select 'nhs_numbers_differ' from person a, person b where a.id = kept and b.id = merged
   and a.nhs_status = 'verified' and b.nhs_status = 'verified' and a.nhs_number <> b.nhs_number),
  (select 'both_have_a_plan' from care_plan a join care_plan b on b.person_id = merged and b.state <> 'ended'
   where a.person_id = kept and a.state <> 'ended'),
  (select 'stays_overlap' where exists (
     select 1 from stay a join stay b on b.person_id = merged and b.state <> 'cancelled' and b.period && a.period
     where a.person_id = kept and a.state <> 'cancelled'))], null);

drop trigger link_reablement on assessment;
drop function hold_reablement(uuid);
drop table reablement_event, care_package_offer, care_package, reablement_barrier, reablement_review, reablement_episode,
  care_provider;
drop function link_reablement_scores(), record_reablement_event(), guard_care_package_offer(), guard_care_package(),
  guard_reablement_barrier(), reablement_is_reviewed(), guard_reablement_review(), guard_reablement();
