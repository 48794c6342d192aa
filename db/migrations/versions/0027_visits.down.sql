drop table visit_pair;
drop trigger gap on allocation;
drop trigger paired on visit;
drop trigger outcome on visit;
drop trigger outcome on visit_skill;
drop function guard_gap();
drop function guard_pair();
drop function guard_paired();
drop function guard_outcome();
drop function guard_outcome_skill();
drop function check_pairs(uuid);
drop index visit_once_in_pattern;
alter table visit
  drop column access_notes,
  drop column fixed_at,
  drop column pattern_id,
  drop column pattern_slot,
  drop column pattern_day,
  drop column modified,
  drop column dropped;
drop table visit_pattern_skill, visit_pattern_slot, visit_pattern;
