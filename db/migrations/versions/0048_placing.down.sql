alter table transfer drop column admitted_on;
alter table hospital_notice drop column admitted_at;
drop function take_back_reablement(uuid, int);
drop function caseload_unseen();
drop trigger guard on apartment_decline;
drop function guard_decline();
alter table apartment_decline drop column code, drop column list;
drop table apartment_decline_reason;
