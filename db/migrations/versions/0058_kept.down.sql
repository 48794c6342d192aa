-- As it was: each policy looks up for itself who is hidden.

-- ---------------------------------------------------------------- the policies
drop policy asked_first on allocation;
drop policy asked_first_to_place on allocation;
drop policy asked_first on answer;
drop policy asked_first on answer_change;
drop policy asked_first on apartment_decline;
drop policy asked_first on apartment_request;
drop policy asked_first on assessment;
drop policy asked_first on assessment_receipt;
drop policy asked_first on assessor_competency;
drop policy asked_first on care_package;
drop policy asked_first on care_package_offer;
drop policy asked_first on care_plan;
drop policy asked_first on clock_pause;
drop policy asked_first on contact;
drop policy asked_first on contact_advice;
drop policy asked_first on contact_caller;
drop policy asked_first on delivery;
drop policy asked_first_to_place on delivery;
drop policy asked_first on desk_break;
drop policy asked_first on desk_correction;
drop policy asked_first on desk_shift;
drop policy asked_first on emergency_access;
drop policy asked_first on equipment_collection;
drop policy asked_first on equipment_loan;
drop policy asked_first on equipment_order;
drop policy asked_first on equipment_reminder;
drop policy asked_first on handover_item;
drop policy asked_first on hospital_notice;
drop policy asked_first on hospital_receipt;
drop policy asked_first on hospital_said;
drop policy asked_first on information_request;
drop policy asked_first on message;
drop policy asked_first on move_on_task;
drop policy asked_first on no_access_case;
drop policy asked_first on no_access_event;
drop policy asked_first on no_access_step;
drop policy asked_first on original;
drop policy asked_first on person;
drop policy asked_first on person_alert;
drop policy asked_first on person_around;
drop policy asked_first on person_former;
drop policy asked_first on person_merge;
drop policy asked_first on person_sharing;
drop policy asked_first on plan_acknowledgement;
drop policy asked_first on plan_action;
drop policy asked_first on plan_agreement;
drop policy asked_first on plan_contingency;
drop policy asked_first on plan_equipment;
drop policy asked_first on plan_need;
drop policy asked_first on plan_outcome;
drop policy asked_first on plan_review;
drop policy asked_first on plan_source;
drop policy asked_first on plan_team;
drop policy asked_first on plan_version;
drop policy asked_first on presence;
drop policy asked_first on published_visit;
drop policy asked_first on reablement_barrier;
drop policy asked_first on reablement_episode;
drop policy asked_first on reablement_event;
drop policy asked_first on reablement_review;
drop policy asked_first on receipt_point;
drop policy asked_first on referral;
drop policy asked_first on referral_clock;
drop policy asked_first on referral_event;
drop policy asked_first on referral_outside;
drop policy asked_first on referral_suggestion;
drop policy asked_first on reside_said;
drop policy asked_first on safeguarding_concern;
drop policy asked_first on safeguarding_event;
drop policy asked_first on safeguarding_told;
drop policy asked_first on saved_view;
drop policy asked_first on sharing_agreement;
drop policy asked_first on stay;
drop policy asked_first on stay_override;
drop policy asked_first on transfer;
drop policy asked_first on transfer_delay;
drop policy asked_first on transfer_light;
drop policy asked_first on visit;
drop policy asked_first_to_place on visit;
drop policy asked_first on visit_outcome;
drop policy asked_first on visit_outcome_former;
drop policy asked_first on visit_pair;
drop policy asked_first on visit_pattern;
drop policy asked_first on visit_pattern_skill;
drop policy asked_first on visit_pattern_slot;
drop policy asked_first on visit_skill;
drop policy asked_first_to_place on visit_skill;
drop policy asked_first on worker_person;

create function sees_message(which uuid) returns boolean language plpgsql stable set search_path = public, pg_temp as $$
begin
  return exists (select 1 from message m where m.id = which);
end $$;
revoke all on function sees_message(uuid) from public;
grant execute on function sees_message(uuid) to centre_user;

alter policy but_for_limits on allocation rename to shared_with_me;
alter policy but_for_limits on answer rename to shared_with_me;
alter policy but_for_limits on answer_change rename to shared_with_me;
alter policy but_for_limits on apartment_decline rename to shared_with_me;
alter policy but_for_limits on apartment_request rename to shared_with_me;
alter policy but_for_limits on assessment rename to shared_with_me;
alter policy but_for_limits on assessment_receipt rename to shared_with_me;
alter policy but_for_limits on care_package rename to shared_with_me;
alter policy but_for_limits on care_package_offer rename to shared_with_me;
alter policy but_for_limits on care_plan rename to shared_with_me;
alter policy but_for_limits on clock_pause rename to shared_with_me;
alter policy but_for_limits on contact rename to shared_with_me;
alter policy but_for_limits on contact_advice rename to shared_with_me;
alter policy but_for_limits on contact_caller rename to shared_with_me;
alter policy but_for_limits on delivery rename to shared_with_me;
alter policy but_for_limits on equipment_collection rename to shared_with_me;
alter policy but_for_limits on equipment_loan rename to shared_with_me;
alter policy but_for_limits on equipment_order rename to shared_with_me;
alter policy but_for_limits on equipment_reminder rename to shared_with_me;
alter policy but_for_limits on handover_item rename to shared_with_me;
alter policy but_for_limits on hospital_notice rename to shared_with_me;
alter policy but_for_limits on hospital_receipt rename to shared_with_me;
alter policy but_for_limits on hospital_said rename to shared_with_me;
alter policy but_for_limits on information_request rename to shared_with_me;
alter policy but_for_limits on message rename to shared_with_me;
alter policy but_for_limits on move_on_task rename to shared_with_me;
alter policy but_for_limits on no_access_case rename to shared_with_me;
alter policy but_for_limits on no_access_event rename to shared_with_me;
alter policy but_for_limits on no_access_step rename to shared_with_me;
alter policy but_for_limits on original rename to shared_with_me;
alter policy but_for_limits on person rename to shared_with_me;
alter policy but_for_limits on person_alert rename to shared_with_me;
alter policy but_for_limits on person_around rename to shared_with_me;
alter policy but_for_limits on person_former rename to shared_with_me;
alter policy but_for_limits on person_merge rename to shared_with_me;
alter policy but_for_limits on person_sharing rename to shared_with_me;
alter policy but_for_limits on plan_acknowledgement rename to shared_with_me;
alter policy but_for_limits on plan_action rename to shared_with_me;
alter policy but_for_limits on plan_agreement rename to shared_with_me;
alter policy but_for_limits on plan_contingency rename to shared_with_me;
alter policy but_for_limits on plan_equipment rename to shared_with_me;
alter policy but_for_limits on plan_need rename to shared_with_me;
alter policy but_for_limits on plan_outcome rename to shared_with_me;
alter policy but_for_limits on plan_review rename to shared_with_me;
alter policy but_for_limits on plan_source rename to shared_with_me;
alter policy but_for_limits on plan_team rename to shared_with_me;
alter policy but_for_limits on plan_version rename to shared_with_me;
alter policy but_for_limits on presence rename to on_what_i_see;
alter policy but_for_limits on published_visit rename to shared_with_me;
alter policy but_for_limits on reablement_barrier rename to shared_with_me;
alter policy but_for_limits on reablement_episode rename to shared_with_me;
alter policy but_for_limits on reablement_event rename to shared_with_me;
alter policy but_for_limits on reablement_review rename to shared_with_me;
alter policy but_for_limits on receipt_point rename to shared_with_me;
alter policy but_for_limits on referral rename to shared_with_me;
alter policy but_for_limits on referral_clock rename to shared_with_me;
alter policy but_for_limits on referral_event rename to shared_with_me;
alter policy but_for_limits on referral_outside rename to with_the_referral;
alter policy but_for_limits on referral_suggestion rename to with_the_referral;
alter policy but_for_limits on reside_said rename to shared_with_me;
alter policy but_for_limits on safeguarding_concern rename to shared_with_me;
alter policy but_for_limits on safeguarding_event rename to with_the_concern;
alter policy but_for_limits on safeguarding_told rename to with_the_concern;
alter policy but_for_limits on sharing_agreement rename to shared_with_me;
alter policy but_for_limits on stay rename to shared_with_me;
alter policy but_for_limits on stay_override rename to shared_with_me;
alter policy but_for_limits on transfer rename to shared_with_me;
alter policy but_for_limits on transfer_delay rename to shared_with_me;
alter policy but_for_limits on transfer_light rename to shared_with_me;
alter policy but_for_limits on visit rename to shared_with_me;
alter policy but_for_limits on visit_outcome rename to shared_with_me;
alter policy but_for_limits on visit_outcome_former rename to shared_with_me;
alter policy but_for_limits on visit_pair rename to shared_with_me;
alter policy but_for_limits on visit_pattern rename to shared_with_me;
alter policy but_for_limits on visit_pattern_skill rename to shared_with_me;
alter policy but_for_limits on visit_pattern_slot rename to shared_with_me;
alter policy but_for_limits on visit_skill rename to shared_with_me;
alter policy but_for_limits on worker_person rename to shared_with_me;

alter policy shared_with_me on allocation to centre_user using (exists ( select 1 from visit v where (v.id =
  allocation.visit_id)));
alter policy shared_with_me on answer to centre_user using (exists ( select 1 from assessment a where (a.id =
  answer.assessment_id)));
alter policy shared_with_me on answer_change to centre_user using (exists ( select 1 from assessment a where (a.id =
  answer_change.assessment_id)));
alter policy shared_with_me on apartment_decline to centre_user using (exists ( select 1 from referral r where (r.id =
  apartment_decline.referral_id)));
alter policy shared_with_me on apartment_request to centre_user using (exists ( select 1 from referral r where (r.id =
  apartment_request.referral_id)));
alter policy shared_with_me on assessment to centre_user using (((select my_role()) <> 'administrator') and (not (exists (
  select 1 from hidden_detail_from_me h where (h.id = assessment.person_id)))));
alter policy shared_with_me on assessment_receipt to centre_user using (exists ( select 1 from assessment a where (a.id =
  assessment_receipt.assessment_id)));
alter policy concerned on assessor_competency to centre_user using ((user_name = session_user) or ((select my_role()) = any
  (array['manager', 'team_lead', 'ig_lead'])));
alter policy shared_with_me on care_package to centre_user using (exists ( select 1 from reablement_episode e where (e.id =
  care_package.episode_id)));
alter policy shared_with_me on care_package_offer to centre_user using (exists ( select 1 from care_package p where (p.id =
  care_package_offer.package_id)));
alter policy shared_with_me on care_plan to centre_user using (((select my_role()) <> 'administrator') and (not (exists (
  select 1 from hidden_detail_from_me h where (h.id = care_plan.person_id)))));
alter policy shared_with_me on clock_pause to centre_user using (exists ( select 1 from referral r where (r.id =
  clock_pause.referral_id) offset 0));
alter policy shared_with_me on contact to centre_user using (((select my_role()) <> 'administrator') and ((person_id is null)
  or (not (exists ( select 1 from hidden_from_me h where (h.id = contact.person_id))))));
alter policy shared_with_me on contact_advice to centre_user using (((select my_role()) <> 'administrator') and (exists (
  select 1 from contact c where (c.id = contact_advice.contact_id))));
alter policy shared_with_me on contact_caller to centre_user using (((select my_role()) <> 'administrator') and
  ((caller_person_id is null) or (not (exists ( select 1 from hidden_from_me h where (h.id =
  contact_caller.caller_person_id))))) and ((caller_around_id is null) or (exists ( select 1 from person_around a where (a.id
  = contact_caller.caller_around_id)))) and (exists ( select 1 from contact c where (c.id = contact_caller.contact_id))));
alter policy shared_with_me on delivery to centre_user using (exists ( select 1 from visit v where (v.id =
  delivery.visit_id)));
create policy with_the_shift on desk_break as restrictive for select to centre_user using (exists ( select 1 from desk_shift
  s where (s.id = desk_break.shift_id)));
alter policy colleagues on desk_correction to centre_user using ((by_user = session_user) or ((select my_role()) = any
  (array['team_lead', 'manager', 'ig_lead'])) or (exists ( select 1 from desk_shift s where ((s.id =
  desk_correction.shift_id) and (s.user_name = session_user)))));
create policy own_locality on desk_shift as restrictive for select to centre_user using ((user_name = session_user) or
  (ended_at is null) or ((select my_role()) = 'manager') or ((ended_at > (now() - interval '2 days')) and ((select my_role())
  <> all (array['ig_lead', 'administrator']))) or (((select my_role()) = 'team_lead') and ((locality is null) or ((select
  my_locality()) is null) or (locality = (select my_locality())))));
alter policy mine_or_reviewing on emergency_access using (((by_user = session_user) and ((select my_role()) is not null)) or
  ((select my_role()) = any (array['ig_lead', 'manager'])));
alter policy reading on emergency_review to centre_user;
alter policy shared_with_me on equipment_collection to centre_user using (exists ( select 1 from equipment_loan l where (l.id
  = equipment_collection.loan_id)));
alter policy shared_with_me on equipment_loan to centre_user using (exists ( select 1 from equipment_order o where (o.id =
  equipment_loan.order_id)));
alter policy everybody_reads on equipment_movement to centre_user;
alter policy shared_with_me on equipment_order to centre_user using (((select my_role()) <> 'administrator') and (not (exists
  ( select 1 from hidden_from_me h where (h.id = equipment_order.person_id)))));
alter policy shared_with_me on equipment_reminder to centre_user using (((select my_role()) <> 'administrator') and ((item_id
  is not null) or (exists ( select 1 from equipment_loan l where (l.id = equipment_reminder.loan_id))) or (exists ( select 1
  from equipment_collection c where (c.id = equipment_reminder.collection_id)))));
alter policy at_the_desk on handover to centre_user;
alter policy shared_with_me on handover_item to centre_user using (((select my_role()) <> 'administrator') and ((person_id is
  null) or (not (exists ( select 1 from hidden_from_me h where (h.id = handover_item.person_id))))) and ((kind <> 'referral')
  or (exists ( select 1 from referral r where (r.id = handover_item.subject_id) offset 0))) and ((kind <> 'contact') or
  (exists ( select 1 from contact c where (c.id = handover_item.subject_id) offset 0))) and ((kind <> 'concern') or (exists (
  select 1 from safeguarding_concern c where (c.id = handover_item.subject_id) offset 0))));
alter policy shared_with_me on hospital_notice to centre_user using (sees_message(message_id));
alter policy shared_with_me on hospital_receipt to centre_user using (exists ( select 1 from hospital_notice n where (n.id =
  hospital_receipt.notice_id)));
alter policy shared_with_me on hospital_said to centre_user using (exists ( select 1 from hospital_notice n where (n.id =
  hospital_said.notice_id)));
alter policy reading on inbox_item to centre_user;
alter policy shared_with_me on information_request to centre_user using (exists ( select 1 from referral r where (r.id =
  information_request.referral_id) offset 0));
alter policy shared_with_me on message to centre_user using (((select my_role()) <> 'administrator') and ((person_id is null)
  or (not (exists ( select 1 from hidden_from_me h where (h.id = message.person_id))))) and ((contact_id is null) or (exists
  ( select 1 from contact c where (c.id = message.contact_id)))) and ((referral_id is null) or (exists ( select 1 from
  referral r where (r.id = message.referral_id)))));
alter policy shared_with_me on move_on_task to centre_user using (exists ( select 1 from stay s where (s.id =
  move_on_task.stay_id)));
alter policy shared_with_me on no_access_case to centre_user using (exists ( select 1 from visit v where (v.id =
  no_access_case.visit_id)));
alter policy shared_with_me on no_access_event to centre_user using (exists ( select 1 from no_access_case c where (c.id =
  no_access_event.case_id)));
alter policy shared_with_me on no_access_step to centre_user using (exists ( select 1 from no_access_case c where (c.id =
  no_access_step.case_id)));
create policy as_it_came on original as restrictive for select to centre_user using (((select my_role()) =
  'care_coordinator') or (received_by = session_user) or (exists ( select 1 from message m where ((m.original_id =
  original.id) and (num_nonnulls(m.person_id, m.contact_id, m.referral_id) > 0)) offset 0)));
alter policy shared_with_me on original to centre_user using (((select my_role()) <> 'administrator') and ((received_by =
  session_user) or (exists ( select 1 from message m where (m.original_id = original.id) offset 0))) and (not
  original_is_hidden(id)));
alter policy shared_with_me on person to centre_user using ((merged_into is null) and ((select my_role()) <> 'administrator')
  and ((sharing_level <> 'named_teams') or (exists ( select 1 from agreed_with_my_team a where (a.person_id = person.id)))));
alter policy shared_with_me on person_alert to centre_user using (((select my_role()) <> 'administrator') and (not (exists (
  select 1 from hidden_from_me h where (h.id = person_alert.person_id)))));
alter policy shared_with_me on person_around to centre_user using (((select my_role()) <> 'administrator') and (not (exists (
  select 1 from hidden_detail_from_me h where (h.id = person_around.person_id)))));
alter policy shared_with_me on person_former to centre_user using (((select my_role()) <> 'administrator') and (not (exists (
  select 1 from hidden_from_me h where (h.id = person_former.person_id)))));
alter policy shared_with_me on person_merge to centre_user using (((select my_role()) <> 'administrator') and (not (exists (
  select 1 from hidden_detail_from_me h where (h.id = person_merge.kept_id)))) and (not (exists ( select 1 from
  hidden_detail_from_me h where (h.id = person_merge.merged_id)))));
alter policy shared_with_me on person_sharing to centre_user using (((select my_role()) <> 'administrator') and (not (exists
  ( select 1 from hidden_from_me h where (h.id = person_sharing.person_id)))));
alter policy shared_with_me on plan_acknowledgement to centre_user using (exists ( select 1 from care_plan p where (p.id =
  plan_acknowledgement.plan_id)));
alter policy shared_with_me on plan_action to centre_user using (exists ( select 1 from care_plan p where (p.id =
  plan_action.plan_id)));
alter policy shared_with_me on plan_agreement to centre_user using (exists ( select 1 from care_plan p where (p.id =
  plan_agreement.plan_id)));
alter policy shared_with_me on plan_contingency to centre_user using (exists ( select 1 from care_plan p where (p.id =
  plan_contingency.plan_id)));
alter policy shared_with_me on plan_equipment to centre_user using (exists ( select 1 from care_plan p where (p.id =
  plan_equipment.plan_id)));
alter policy shared_with_me on plan_need to centre_user using (exists ( select 1 from care_plan p where (p.id =
  plan_need.plan_id)));
alter policy shared_with_me on plan_outcome to centre_user using (exists ( select 1 from care_plan p where (p.id =
  plan_outcome.plan_id)));
alter policy shared_with_me on plan_review to centre_user using (exists ( select 1 from care_plan p where (p.id =
  plan_review.plan_id)));
alter policy shared_with_me on plan_source to centre_user using (exists ( select 1 from care_plan p where (p.id =
  plan_source.plan_id)));
alter policy shared_with_me on plan_team to centre_user using (exists ( select 1 from care_plan p where (p.id =
  plan_team.plan_id)));
alter policy shared_with_me on plan_version to centre_user using (exists ( select 1 from care_plan p where (p.id =
  plan_version.plan_id)));
alter policy colleagues on planner_weight to centre_user;
alter policy on_what_i_see on presence using ((user_name = session_user) or case area when 'intake' then (exists ( select 1
  from referral r where (r.id = presence.record))) when 'careplan' then (exists ( select 1 from care_plan c where (c.id =
  presence.record))) when 'deployment' then ((select my_role()) is not null) else (exists ( select 1 from person p where
  (p.id = presence.record))) end);
alter policy everybody_reads on professional to centre_user;
alter policy colleagues on published_day to centre_user;
alter policy shared_with_me on published_visit to centre_user using (exists ( select 1 from visit v where (v.id =
  published_visit.visit_id)));
alter policy shared_with_me on reablement_barrier to centre_user using (exists ( select 1 from reablement_episode e where
  (e.id = reablement_barrier.episode_id)));
alter policy shared_with_me on reablement_episode to centre_user using (((select my_role()) <> 'administrator') and (not
  (exists ( select 1 from hidden_from_me h where (h.id = reablement_episode.person_id)))));
alter policy shared_with_me on reablement_event to centre_user using (exists ( select 1 from reablement_episode e where (e.id
  = reablement_event.episode_id)));
alter policy shared_with_me on reablement_review to centre_user using (exists ( select 1 from reablement_episode e where
  (e.id = reablement_review.episode_id)));
alter policy shared_with_me on receipt_point to centre_user using (exists ( select 1 from assessment_receipt r where (r.id =
  receipt_point.receipt_id)));
alter policy colleagues on recognised_assessor to centre_user;
alter policy shared_with_me on referral to centre_user using (((select my_role()) <> 'administrator') and ((person_id is
  null) or (not (exists ( select 1 from hidden_from_me h where (h.id = referral.person_id))))));
alter policy shared_with_me on referral_clock to centre_user using (exists ( select 1 from referral r where (r.id =
  referral_clock.referral_id)));
alter policy shared_with_me on referral_event to centre_user using (exists ( select 1 from referral r where (r.id =
  referral_event.referral_id)));
alter policy with_the_referral on referral_outside to centre_user using (exists ( select 1 from referral r where (r.id =
  referral_outside.referral_id)));
alter policy with_the_referral on referral_suggestion to centre_user using (exists ( select 1 from referral r where (r.id =
  referral_suggestion.referral_id)));
alter policy shared_with_me on reside_said to centre_user using (((select my_role()) <> 'administrator') and (not (exists (
  select 1 from hidden_from_me h where (h.id = reside_said.person_id)))));
alter policy colleagues on rota to centre_user;
alter policy colleagues on rota_exception to centre_user;
alter policy colleagues on rota_spell to centre_user;
create policy own_locality on safeguarding_concern as restrictive for select to centre_user using (((select my_role()) <>
  'team_lead') or (locality is null) or ((select my_locality()) is null) or (locality = (select my_locality())) or (owner =
  session_user) or (raised_by = session_user) or (session_user = any (involved)));
alter policy shared_with_me on safeguarding_concern to centre_user using ((((select my_role()) = any
  (array['care_coordinator', 'team_lead', 'manager'])) or (((select my_role()) = any (array['placement_coordinator',
  'trusted_assessor'])) and (session_user = any (involved)))) and ((person_id is null) or (not (exists ( select 1 from
  hidden_from_me h where (h.id = safeguarding_concern.person_id))))));
alter policy with_the_concern on safeguarding_event to centre_user using (exists ( select 1 from safeguarding_concern c where
  (c.id = safeguarding_event.concern_id)));
alter policy with_the_concern on safeguarding_told to centre_user using (exists ( select 1 from safeguarding_concern c where
  (c.id = safeguarding_told.concern_id)));
alter policy shared_with_me on saved_view using (((select my_role()) is not null) and ((locality = (select my_locality())) or
  (team_id = (select my_team()))));
alter policy shared_with_me on sharing_agreement to centre_user using (coalesce(((select my_role()) <> 'administrator'),
  false) and (not (exists ( select 1 from hidden_from_me h where (h.id = sharing_agreement.person_id)))));
alter policy colleagues on shift to centre_user;
alter policy shared_with_me on stay to centre_user using (((select my_role()) <> 'administrator') and ((person_id is null) or
  (not (exists ( select 1 from hidden_from_me h where (h.id = stay.person_id))))));
alter policy shared_with_me on stay_override to centre_user using (exists ( select 1 from stay s where (s.id =
  stay_override.stay_id)));
alter policy shared_with_me on transfer to centre_user using (((select my_role()) <> 'administrator') and (not (exists (
  select 1 from hidden_from_me h where (h.id = transfer.person_id)))));
alter policy shared_with_me on transfer_delay to centre_user using (exists ( select 1 from transfer t where (t.id =
  transfer_delay.transfer_id)));
alter policy shared_with_me on transfer_light to centre_user using (exists ( select 1 from transfer t where (t.id =
  transfer_light.transfer_id)));
alter policy colleagues on trust_agreement to centre_user;
create policy seen_by_role on visit as restrictive for select to centre_user using (team_id <> all (( select
  teams_unseen_by_me() as teams_unseen_by_me)::integer[]));
alter policy shared_with_me on visit to centre_user using (((select my_role()) <> 'administrator') and (not (exists ( select
  1 from hidden_from_me h where (h.id = visit.person_id)))));
alter policy shared_with_me on visit_outcome to centre_user using (exists ( select 1 from visit v where (v.id =
  visit_outcome.visit_id)));
alter policy shared_with_me on visit_outcome_former to centre_user using (exists ( select 1 from visit v where (v.id =
  visit_outcome_former.visit_id)));
alter policy shared_with_me on visit_pair to centre_user using (exists ( select 1 from visit v where (v.id =
  visit_pair.first_id)));
alter policy shared_with_me on visit_pattern to centre_user using (((select my_role()) <> 'administrator') and (not (exists (
  select 1 from hidden_from_me h where (h.id = visit_pattern.person_id)))));
alter policy shared_with_me on visit_pattern_skill to centre_user using (exists ( select 1 from visit_pattern p where (p.id =
  visit_pattern_skill.pattern_id)));
alter policy shared_with_me on visit_pattern_slot to centre_user using (exists ( select 1 from visit_pattern p where (p.id =
  visit_pattern_slot.pattern_id)));
alter policy shared_with_me on visit_skill to centre_user using (exists ( select 1 from visit v where (v.id =
  visit_skill.visit_id)));
alter policy colleagues on worker to centre_user;
alter policy shared_with_me on worker_person to centre_user using (((select my_role()) <> 'administrator') and (not (exists (
  select 1 from hidden_from_me h where (h.id = worker_person.person_id)))));
alter policy colleagues on worker_rota to centre_user;
alter policy colleagues on worker_skill to centre_user;

-- ---------------------------------------------------------------- views and the preview

create or replace view worker_start with (security_barrier) as
select id,
    lat,
    lon
   from worker w
  where (((( select my_role() as my_role) = 'manager'::text) or (user_name = session_user) or (team_id = any (( select my_teams() as my_teams)::integer[])) or ((base = 'base'::text) and (( select my_role() as my_role) = any (array['care_coordinator'::text, 'placement_coordinator'::text, 'team_lead'::text, 'trusted_assessor'::text])))) and (( select my_role() as my_role) is not null));

create or replace view absence_reason with (security_barrier) as
select s.id,
    s.category
   from (shift s
     join worker w on ((w.id = s.worker_id)))
  where (((( select my_role() as my_role) = 'manager'::text) or (w.user_name = session_user) or (w.team_id = any (( select my_teams() as my_teams)::integer[]))) and (( select my_role() as my_role) is not null));

create or replace view worker_person_reason with (security_barrier) as
select p.worker_id,
    p.person_id,
    p.relation,
    p.reason
   from (worker_person p
     join worker w on ((w.id = p.worker_id)))
  where (((( select my_role() as my_role) = 'manager'::text) or (w.team_id = any (( select my_teams() as my_teams)::integer[]))) and (not (exists ( select 1
           from hidden_from_me h
          where (h.id = p.person_id)))));

create or replace view emergency_on_record with (security_barrier) as
select id,
    person_id,
    by_user,
    kind,
    shut,
    began_at,
    coalesce(ended_at, ends_at) as until
   from emergency_access e
  where (coalesce((( select my_role() as my_role) <> 'administrator'::text), false) and (not (exists ( select 1
           from hidden_from_me h
          where (h.id = e.person_id)))));

create or replace view inbox_found with (security_barrier) as
select id,
        case
            when (state = any (array['reading'::text, 'waiting'::text])) then key
            else null::text
        end as key,
    name
   from inbox_item i
  where ((state <> 'done'::text) and (( select my_role() as my_role) = any (array['care_coordinator'::text, 'placement_coordinator'::text, 'trusted_assessor'::text, 'team_lead'::text, 'manager'::text])) and
        case
            when (key !~~ '%|%'::text) then true
            when (message_id is null) then (settled_how is distinct from 'newer_version'::text)
            else ((state = any (array['reading'::text, 'waiting'::text])) and reads_original_of(message_id))
        end);

create or replace function preview_says(tab regclass, col name, which uuid) returns boolean language plpgsql set search_path = public, pg_temp as $$
declare allows text; forbids text; said boolean;
begin
  select string_agg('(' || pg_get_expr(p.polqual, p.polrelid) || ')', ' or ') filter (where p.polpermissive),
         string_agg('(' || pg_get_expr(p.polqual, p.polrelid) || ')', ' and ') filter (where not p.polpermissive)
    into allows, forbids
  from pg_policy p
  where p.polrelid = tab and p.polcmd in ('r', '*') and p.polqual is not null
    and exists (select 1 from unnest(p.polroles) r(id) where r.id = 0 or pg_has_role('centre_preview', r.id, 'usage'));
  if allows is null or not has_table_privilege('centre_preview', tab, 'select') then
    return false;
  end if;
  execute format('select (%s) and (%s) from (select (jsonb_populate_record(null::%s, jsonb_build_object(%L, $1))).*) %I',
                 allows, coalesce(forbids, 'true'), tab, col, (select c.relname from pg_class c where c.oid = tab))
    into said using which;
  return said;
exception when others then
  return null;
end $$;

-- ---------------------------------------------------------------- the marks
do $$
declare
  r record;
begin
  for r in select distinct b.tab from kept_by b union select 'person' loop
    execute format('drop trigger if exists zz_pass_mark on %I', r.tab);
    execute format('drop trigger if exists zz_keep_mark_on on %I', r.tab);
    execute format('drop trigger if exists zz_keep_mark on %I', r.tab);
  end loop;
end $$;
do $$
declare
  f regprocedure;
begin
  for f in
    select p.oid from pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and p.proname in (select 'shown_' || b.parent from kept_by b where b.parent not in ('person', 'detail'))
  loop
    execute format('drop function %s', f);
  end loop;
end $$;
do $$
declare
  t text;
begin
  for t in select distinct b.tab from kept_by b union select 'person' loop
    execute format('alter table %I drop column kept', t);
  end loop;
end $$;

do $$
begin
  execute replace(pg_get_functiondef('merge_people'::regproc), E'\n#variable_conflict use_variable', '');
end $$;

drop function is_kept(text, uuid);
drop function inbox_name_is_mine(text, text, text, uuid);
drop function emergency_shows(uuid);
drop function absence_is_mine(int);
drop function worker_is_mine(int, boolean);
drop function competency_is_mine(text);
drop function shared_view_is_mine(text, text, int);
drop function emergency_is_mine(text);
drop function desk_correction_is_mine(text, uuid);
drop function sees_desk(uuid);
drop function desk_is_mine(text, text, timestamptz);
drop function sees_present(text, text, uuid);
drop function sees_original(uuid, text);
drop function sees_subject(text, uuid, uuid);
drop function sees_concern(uuid);
drop function concern_is_mine(text, text, text, text[]);
drop function sees_visit(uuid);
drop function nursing_is_mine(int);
drop function keep_marks();
drop function shown_by(text);
drop function shown_detail(uuid);
drop function shown_person(uuid);
drop function agreed_with_me(uuid);
drop function marks_wrong();
drop function marks_at_the_end(boolean);
drop function mark_all();
drop function pass_mark_on();
drop function pass_mark(text, uuid[]);
drop function keep_own_mark();
drop function keep_mark();
drop function kept_behind(text);
drop function kept_behind(text, text);
drop view kept_by;
