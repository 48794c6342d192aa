-- One shared plan a person (C1).

create table care_plan (
  id uuid primary key,
  person_id uuid not null references person,
  assessment_id uuid references assessment,
  state text not null default 'draft' check (state in ('draft', 'active', 'ended')),
  lead_worker text references user_account,
  what_matters text not null default '' check (length(what_matters) <= 20000),
  if_things_go_wrong text not null default '' check (length(if_things_go_wrong) <= 20000),
  carers_part text not null default '' check (length(carers_part) <= 20000),
  self_care text not null default '' check (length(self_care) <= 20000),
  review_on date,
  created_at timestamptz not null default now(),
  created_by text not null default session_user,
  activated_at timestamptz,
  revision int not null default 1,
  constraint care_plan_active_is_whole check (state <> 'active' or (review_on is not null and lead_worker is not null and activated_at is not null))
);
create unique index care_plan_one_a_person on care_plan (person_id) where state in ('draft', 'active');
create index care_plan_person on care_plan (person_id);

create table plan_outcome (
  id uuid primary key,
  plan_id uuid not null references care_plan,
  position smallint not null,
  words text not null check (words <> '' and length(words) <= 2000),   -- the person's own
  revision int not null default 1
);
create index plan_outcome_plan on plan_outcome (plan_id, position);

create table plan_action (
  id uuid primary key,
  plan_id uuid not null references care_plan,
  outcome_id uuid references plan_outcome,
  position smallint not null,
  what text not null check (what <> '' and length(what) <= 2000),
  who text not null default '' check (length(who) <= 200),
  team_id int references team,
  due_on date,
  state text not null default 'to_do' check (state in ('to_do', 'under_way', 'done', 'dropped')),
  revision int not null default 1
);
create index plan_action_plan on plan_action (plan_id, position);

create function guard_plan() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if old.person_id <> new.person_id or (old.state <> new.state
     and (old.state, new.state) not in (('draft', 'active'), ('draft', 'ended'), ('active', 'ended'))) then
    raise exception 'illegal move' using errcode = 'check_violation', constraint = 'care_plan_move_is_legal';
  end if;
  if not is_owner() then
    new.activated_at := case when old.state = 'draft' and new.state = 'active' then now() else old.activated_at end;
  end if;
  return new;
end $$;
create trigger guard before update on care_plan for each row execute function guard_plan();
create trigger stamp before insert or update on care_plan
  for each row execute function stamp('created_by', 'created_at');

alter table care_plan enable row level security;
alter table plan_outcome enable row level security;
alter table plan_action enable row level security;
create policy shared_with_me on care_plan to centre_user
  using ((select my_role()) not in ('administrator') and person_id <> all ((select hidden_people('detail'))::uuid[]));
create policy shared_with_me on plan_outcome to centre_user
  using (exists (select 1 from care_plan p where p.id = plan_id));
create policy shared_with_me on plan_action to centre_user
  using (exists (select 1 from care_plan p where p.id = plan_id));

create trigger watch after insert or update or delete on care_plan
  for each row execute function audit.watch('careplan', 'id', 'person_id');
create trigger watch after insert or update or delete on plan_outcome
  for each row execute function audit.watch('careplan', 'plan_id', '');
create trigger watch after insert or update or delete on plan_action
  for each row execute function audit.watch('careplan', 'plan_id', '');

grant select on care_plan, plan_outcome, plan_action to centre_user;
grant insert, update on care_plan to care_coordinator, trusted_assessor, team_lead;
grant insert, update, delete on plan_outcome, plan_action to care_coordinator, trusted_assessor, team_lead;
