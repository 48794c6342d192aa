-- Takes back 0029_outcomes.up.sql. A visit that was missed becomes one that was cancelled, and says so.

drop trigger follow_state on visit;
drop table no_access_event;
drop table no_access_step;
drop table no_access_case;
drop table visit_outcome_former;
drop table visit_outcome;
drop table no_access_ending;
drop table no_access_protocol;
drop table outcome_reason;
drop function follow_visit_state();
drop function open_no_access_case(uuid, timestamptz, text);
drop function guard_visit_outcome();
drop function visit_outcome_agrees();
drop function keep_former_outcome();
drop function guard_no_access_case();
drop function record_no_access_case();
drop function guard_no_access_step();
drop function record_no_access_step();
drop function keep_no_access();
update visit set state = 'cancelled', state_reason = rtrim('Missed. ' || state_reason) where state = 'missed';
set constraints all immediate;                       -- what waits for the commit would keep the table from being altered
set constraints all deferred;
alter table visit drop constraint visit_state_check;
alter table visit add constraint visit_state_check
  check (state in ('planned', 'done', 'no_access', 'declined', 'cancelled', 'moved'));
-- The next start with these tables fills the lists in anew.
update setting set value = value || '{"mark": ""}' where name = 'seeded_reference';
