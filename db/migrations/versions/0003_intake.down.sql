alter table contact drop constraint contact_linked_referral;
drop table referral_event, referral, contact cascade;
drop function guard_referral(), record_referral_event();
