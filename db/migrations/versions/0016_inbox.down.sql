-- Takes back 0016_inbox.up.sql. Messages, contacts and referrals that came in this way stay.
drop table inbox_item, inbox_state, inbox_source;
drop function guard_inbox_item(), keep_inbox_state();
