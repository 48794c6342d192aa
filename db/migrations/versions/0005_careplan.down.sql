drop table plan_action, plan_outcome, care_plan cascade;
drop function guard_plan();
