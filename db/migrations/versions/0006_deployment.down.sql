drop table allocation, visit_skill, visit, shift, worker_skill, worker, skill cascade;
drop function guard_allocation(), guard_visit(), guard_visit_skill();
