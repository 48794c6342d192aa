drop function take_back_reablement(uuid, int);
drop function caseload_unseen();
drop trigger guard on apartment_decline;
drop function guard_decline();
alter table apartment_decline drop column code, drop column list;
drop table apartment_decline_reason;
