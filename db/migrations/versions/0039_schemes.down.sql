drop trigger way_back on referral;
drop function keep_way_back();
drop table apartment_decline;
drop trigger criteria on stay;
drop trigger criteria_moved on stay;
drop function guard_criteria();
drop function unmet_here(uuid);
drop function unmet_criteria(uuid);
drop table stay_override;
drop table apartment_request;
drop function guard_apartment_request();
drop trigger known_purpose on stay;
drop function known_purpose();
-- What was said since of reasons that there were not before.
alter table stay disable trigger user;
update stay set purpose = 'other' where purpose not in
  ('', 'step_down', 'respite', 'carer_breakdown', 'adaptations', 'fire_or_flood', 'cuckooing', 'crisis', 'other');
alter table stay enable trigger user;
alter table stay add constraint stay_purpose_check check (purpose in
  ('', 'step_down', 'respite', 'carer_breakdown', 'adaptations', 'fire_or_flood', 'cuckooing', 'crisis', 'other'));
drop table apartment_question;
drop table apartment_reason;
drop table scheme_need;
drop table care_need;
update setting set value = value #- '{rows,care_need}' #- '{rows,apartment_reason}' #- '{rows,apartment_question}' #- '{mark}'
  where name = 'seeded_reference';
delete from setting where name = 'apartment.look_again_days';
drop trigger note_lifting on apartment_pause;
drop function note_lifting();
alter table apartment_pause drop column lifted_on;
revoke insert, update on scheme, apartment from manager;
revoke delete on scheme, apartment from placement_coordinator, manager, administrator;
drop trigger watch on apartment;
drop trigger watch on scheme;
drop trigger guard_lease on apartment;
drop trigger take_turns on apartment;
drop function guard_lease();
alter table apartment drop constraint apartment_has_name, drop constraint apartment_lease_begins,
  drop column furnished, drop column notes, drop column revision;
alter table scheme drop constraint scheme_has_name, drop constraint scheme_age_possible,
  drop constraint scheme_connection_has_place,
  drop column staff_hours, drop column notes, drop column local_connection, drop column revision;
