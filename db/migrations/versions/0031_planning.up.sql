-- How much each part of a plan matters, as data: of the city (no team), and of a team that sets its own.
create table planner_weight (
  id uuid primary key default uuidv7(),
  team_id int references team,
  term text not null check (term in ('unplaced', 'critical', 'late', 'known', 'travel', 'fair', 'breaks', 'local',
                                     'language', 'changes')),
  value smallint not null,
  revision int not null default 1,
  changed_by text not null default session_user,
  changed_at timestamptz not null default now(),
  constraint planner_weight_once unique nulls not distinct (team_id, term),
  -- A plan that may leave everything out is no plan.
  constraint planner_weight_range check (value between case term when 'unplaced' then 10 else 0 end and 100)
);
insert into planner_weight (team_id, term, value)
select null, term, 50
from unnest(array['unplaced', 'critical', 'late', 'known', 'travel', 'fair', 'breaks', 'local', 'language',
                  'changes']) term;

alter table planner_weight enable row level security;
create policy colleagues on planner_weight for select to centre_user using ((select my_role()) is not null);
-- A team's own are a team lead's; what holds for the whole city is the manager's.
create policy leads on planner_weight for all to team_lead
  using ((select my_role()) = 'team_lead' and team_id is not null)
  with check ((select my_role()) = 'team_lead' and team_id is not null);
create policy city on planner_weight for update to manager
  using ((select my_role()) = 'manager' and team_id is null)
  with check ((select my_role()) = 'manager' and team_id is null);

create trigger stamp before insert or update on planner_weight
  for each row execute function stamp('changed_by', 'changed_at', 'again');
create trigger watch after insert or update or delete on planner_weight
  for each row execute function audit.watch('deployment', 'term', '');

grant select on planner_weight to centre_user;
grant insert (id, team_id, term, value), update (value, revision), delete on planner_weight to team_lead;
grant update (value, revision) on planner_weight to manager;
