drop table planner_weight;
