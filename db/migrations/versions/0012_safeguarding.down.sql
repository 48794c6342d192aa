-- Takes back 0012_safeguarding.up.sql.

drop trigger safeguarding_follows on referral;
drop trigger safeguarding_first on referral;
drop trigger open_safeguarding_path on referral;
drop table referral_outside;
drop table referral_suggestion;
drop table safeguarding_event;
drop table safeguarding_told;
drop table safeguarding_concern;
drop table safeguarding_decision;
drop function follow_referral_to_person();
drop function keep_safeguarding_referral_open();
drop function open_safeguarding_path();
drop function note_what_was_chosen();
drop function keep_safeguarding();
drop function record_safeguarding_event();
drop function guard_concern();
-- The next start with these tables fills the decisions in anew.
update setting set value = value || '{"mark": ""}' where name = 'seeded_reference';
