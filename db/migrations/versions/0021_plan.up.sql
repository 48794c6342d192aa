-- The plan whole (C1): strengths, needs, contingency, equipment, funding, agreement; numbered versions that every team
-- acknowledges (C2); reviews; what is the matter with a lead worker.

-- ---------------------------------------------------------------- the head, and its rows

alter table care_plan
  add column strengths text not null default '' check (length(strengths) <= 20000),
  add column funding text not null default '' check (length(funding) <= 20000),
  add column ended_at timestamptz,
  add column ended_by text references user_account,
  add column end_reason text not null default '' check (length(end_reason) <= 500);
create index care_plan_led_by on care_plan (lead_worker) where state = 'active';
create index care_plan_review on care_plan (review_on, id) where state = 'active';

create table plan_need (
  id uuid primary key,
  plan_id uuid not null references care_plan,
  position smallint not null,
  words text not null check (words <> '' and length(words) <= 2000),
  added_by text not null default session_user,
  added_at timestamptz not null default now(),
  revision int not null default 1,
  unique (id, plan_id)
);

alter table plan_outcome
  add column need_id uuid,
  add column importance smallint check (importance between 1 and 10),     -- to the person
  add column added_by text not null default session_user,
  add column added_at timestamptz not null default now(),
  add foreign key (need_id, plan_id) references plan_need (id, plan_id);
alter table plan_action
  add column confidence smallint check (confidence between 1 and 10),     -- the person's, that it will come about
  add column review_on date,
  add column added_by text not null default session_user,
  add column added_at timestamptz not null default now();
update plan_outcome o set added_by = p.created_by, added_at = p.created_at from care_plan p where p.id = o.plan_id;
update plan_action a set added_by = p.created_by, added_at = p.created_at from care_plan p where p.id = a.plan_id;

create table plan_contingency (
  id uuid primary key,
  plan_id uuid not null references care_plan,
  position smallint not null,
  sign text not null default '' check (length(sign) <= 2000),                       -- the trigger
  what_to_do text not null default '' check (length(what_to_do) <= 20000),
  whom_to_call text not null default '' check (length(whom_to_call) <= 500),
  added_by text not null default session_user,
  added_at timestamptz not null default now(),
  revision int not null default 1,
  constraint plan_contingency_says_something check (sign <> '' or what_to_do <> '')
);

create table plan_equipment (
  id uuid primary key,
  plan_id uuid not null references care_plan,
  position smallint not null,
  what text not null check (what <> '' and length(what) <= 2000),
  from_whom text not null default '' check (length(from_whom) <= 200),
  state text not null default '' check (length(state) <= 200),                      -- in words
  added_by text not null default session_user,
  added_at timestamptz not null default now(),
  revision int not null default 1
);

-- Whom it was agreed with, when and how; or why it was not.
create table plan_agreement (
  id uuid primary key,
  plan_id uuid not null references care_plan,
  position smallint not null,
  party text not null check (party in ('person', 'carer', 'attorney', 'advocate', 'family', 'other')),
  name text not null default '' check (length(name) <= 200),
  agreed boolean not null,
  agreed_on date,
  how text not null default '' check (length(how) <= 200),
  why_not text not null default '' check (length(why_not) <= 2000),
  added_by text not null default session_user,
  added_at timestamptz not null default now(),
  revision int not null default 1,
  constraint plan_agreement_is_whole check (case when agreed then agreed_on is not null and how <> '' and why_not = ''
                                                 else why_not <> '' and agreed_on is null end)
);

-- Teams that are on the plan without an action of their own.
create table plan_team (
  plan_id uuid not null references care_plan,
  team_id int not null references team,
  added_by text not null default session_user,
  added_at timestamptz not null default now(),
  revision int not null default 1,
  primary key (plan_id, team_id)
);

-- Where a row, or words within a text, came from (A1): the id is that of the suggestion, which its row has too.
create table plan_source (
  id uuid not null,
  plan_id uuid not null references care_plan,
  place text not null check (place in ('strengths', 'what_matters', 'need', 'outcome', 'action', 'if_things_go_wrong',
                                       'carers_part', 'self_care', 'equipment', 'funding')),
  assessment_id uuid not null references assessment,
  question text not null,
  said_by text not null default '',
  said_at timestamptz not null default now(),
  taken_by text not null default session_user,
  taken_at timestamptz not null default now(),
  revision int not null default 1,
  primary key (id, plan_id)
);
create index plan_source_plan on plan_source (plan_id);
create index plan_source_assessment on plan_source (assessment_id);

do $$
declare t text;
begin
  foreach t in array array['plan_need', 'plan_contingency', 'plan_equipment', 'plan_agreement'] loop
    execute format('create index %1$I on %2$I (plan_id, position)', t || '_plan', t);
  end loop;
end $$;

-- What to do when things go wrong was one text, and is rows from now on.
insert into plan_contingency (id, plan_id, position, what_to_do, added_by, added_at)
select uuidv7(), id, 1, if_things_go_wrong, created_by, created_at from care_plan where if_things_go_wrong <> '';
alter table care_plan drop column if_things_go_wrong;

-- ---------------------------------------------------------------- who is on it

create view plan_on_team with (security_invoker = true) as
  select t.plan_id, t.team_id, bool_or(t.by_hand) as by_hand, bool_or(t.leads) as leads
  from (select a.plan_id, a.team_id, false as by_hand, false as leads from plan_action a
        where a.team_id is not null and a.state <> 'dropped'
        union all
        select p.id, u.team_id, false, true from care_plan p join user_account u on u.user_name = p.lead_worker
        where u.team_id is not null
        union all
        select h.plan_id, h.team_id, true, false from plan_team h) t
  group by t.plan_id, t.team_id;

-- How many plans a lead worker may hold, by role. Data: an administrator changes it.
insert into setting (name, value) values ('plan.caseload',
  '{"care_coordinator": 120, "team_lead": 110, "trusted_assessor": 60, "placement_coordinator": 40, "manager": 20}')
on conflict (name) do nothing;

-- How things are with each colleague who may lead: still here, away now and until when, how many plans of how many.
-- It counts plans that the reader may not see; it gives the number and nothing else of them.
create view lead_worker_standing as
  select u.user_name, u.display_name, u.role, u.locality, u.team_id, u.active, away.kind as away_kind,
         away.until as away_until, coalesce(held.plans, 0)::int as plans,
         (select (s.value ->> u.role)::int from setting s where s.name = 'plan.caseload') as most
  from user_account u
  left join (select p.lead_worker, count(*) as plans from care_plan p where p.state = 'active' group by p.lead_worker) held
    on held.lead_worker = u.user_name
  left join lateral (
    select s.kind, upper(span) as until
    from (select s.kind, range_agg(s.period) as spans from worker w join shift s on s.worker_id = w.id
          where w.user_name = u.user_name and s.kind in ('leave', 'sickness') group by s.kind) s
    cross join lateral unnest(s.spans) span
    where span @> now() order by upper(span) desc limit 1) away on true
  where (select my_role()) is not null;
create index worker_user on worker (user_name) where user_name is not null;

-- ---------------------------------------------------------------- versions

-- The plan as a team would read it. Names are in it, because a version stays true when somebody leaves.
create function plan_content(which uuid) returns jsonb language sql stable set search_path = public, pg_temp
return (
  select jsonb_build_object(
    'lead_worker', p.lead_worker, 'lead_worker_name', coalesce(u.display_name, p.lead_worker, ''),
    'review_on', p.review_on, 'strengths', p.strengths, 'what_matters', p.what_matters, 'carers_part', p.carers_part,
    'self_care', p.self_care, 'funding', p.funding,
    'needs', (select coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'position', n.position, 'words', n.words)
                                        order by n.position, n.id), '[]') from plan_need n where n.plan_id = p.id),
    'outcomes', (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'position', o.position, 'words', o.words,
                   'need', o.need_id, 'importance', o.importance) order by o.position, o.id), '[]')
                 from plan_outcome o where o.plan_id = p.id),
    'actions', (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'position', a.position, 'what', a.what,
                  'who', a.who, 'team', a.team_id, 'team_name', coalesce(t.name, ''), 'outcome', a.outcome_id,
                  'due_on', a.due_on, 'state', a.state, 'confidence', a.confidence, 'review_on', a.review_on)
                  order by a.position, a.id), '[]')
                from plan_action a left join team t on t.id = a.team_id where a.plan_id = p.id),
    'contingencies', (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'position', c.position, 'sign', c.sign,
                        'what_to_do', c.what_to_do, 'whom_to_call', c.whom_to_call) order by c.position, c.id), '[]')
                      from plan_contingency c where c.plan_id = p.id),
    'equipment', (select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'position', e.position, 'what', e.what,
                    'from_whom', e.from_whom, 'state', e.state) order by e.position, e.id), '[]')
                  from plan_equipment e where e.plan_id = p.id),
    'agreements', (select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'position', g.position, 'party', g.party,
                     'name', g.name, 'agreed', g.agreed, 'agreed_on', g.agreed_on, 'how', g.how, 'why_not', g.why_not)
                     order by g.position, g.id), '[]') from plan_agreement g where g.plan_id = p.id),
    'teams', (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by t.name), '[]')
              from plan_on_team o join team t on t.id = o.team_id where o.plan_id = p.id))
  from care_plan p left join user_account u on u.user_name = p.lead_worker where p.id = which);
grant execute on function plan_content(uuid) to centre_user;

create table plan_version (
  id uuid primary key,
  plan_id uuid not null references care_plan,
  number int not null check (number > 0),
  issued_at timestamptz not null default now(),
  issued_by text not null default session_user,
  note text not null default '' check (length(note) <= 500),       -- why it was issued again
  content jsonb not null check (jsonb_typeof(content) = 'object'),
  revision int not null default 1 check (revision = 1),
  constraint plan_version_number_once unique (plan_id, number)
);

create table plan_acknowledgement (
  version_id uuid not null references plan_version,
  team_id int not null references team,
  plan_id uuid not null references care_plan,
  by_user text not null default session_user references user_account,
  at timestamptz not null default now(),
  revision int not null default 1,
  primary key (version_id, team_id)
);
create index plan_acknowledgement_plan on plan_acknowledgement (plan_id);

create table plan_review (
  id uuid primary key,
  plan_id uuid not null references care_plan,
  held_on date not null,
  with_whom text not null check (with_whom <> '' and length(with_whom) <= 500),
  came_of_it text not null check (came_of_it <> '' and length(came_of_it) <= 20000),
  next_review_on date not null,
  due_on date,                                       -- for which day it had been planned; the database's to say
  recorded_by text not null default session_user,
  recorded_at timestamptz not null default now(),
  revision int not null default 1,
  constraint plan_review_next_is_later check (next_review_on > held_on)
);
create index plan_review_plan on plan_review (plan_id, held_on);

-- ---------------------------------------------------------------- what may not be

create or replace function guard_plan() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if old.person_id <> new.person_id or (old.state <> new.state
     and (old.state, new.state) not in (('draft', 'active'), ('draft', 'ended'), ('active', 'ended'))
     -- Ending is undone within the hour, if the person has no other plan by then; only of a plan that was active.
     and not (old.state = 'ended' and new.state = 'active' and old.activated_at is not null
              and old.ended_at > now() - interval '1 hour')) then
    raise exception 'illegal move' using errcode = 'check_violation', constraint = 'care_plan_move_is_legal';
  end if;
  if old.state = 'ended' and new.state = 'ended' and to_jsonb(old) <> to_jsonb(new) and not is_owner() then
    raise exception 'ended' using errcode = 'check_violation', constraint = 'care_plan_ended_stays';
  end if;
  if is_owner() then
    return new;
  end if;
  -- What is not there at all is the table's own check.
  if old.state = 'draft' and new.state = 'active' and new.review_on is not null and new.lead_worker is not null then
    if new.review_on < (now() at time zone 'Europe/London')::date then
      raise exception 'review is past' using errcode = 'check_violation', constraint = 'care_plan_review_lies_ahead';
    end if;
    if not exists (select 1 from plan_outcome o where o.plan_id = new.id)
       or not exists (select 1 from plan_action a where a.plan_id = new.id) then
      raise exception 'nothing on it' using errcode = 'check_violation', constraint = 'care_plan_has_outcome_and_action';
    end if;
  end if;
  new.activated_at := case when old.state = 'draft' and new.state = 'active' then now() else old.activated_at end;
  if new.state = 'ended' and old.state <> 'ended' then
    new.ended_at := now();
    new.ended_by := session_user;
  elsif new.state = 'ended' then
    new.ended_at := old.ended_at;
    new.ended_by := old.ended_by;
  else
    new.ended_at := null;
    new.ended_by := null;
    new.end_reason := '';
  end if;
  return new;
end $$;

-- Whatever hangs on a plan: the plan is held first and asked afterwards, so that nothing is written to one that is ending.
create function guard_plan_item() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare state_now text;
begin
  select p.state into state_now from care_plan p where p.id = coalesce(new.plan_id, old.plan_id) for share;
  if state_now = 'ended' then
    raise exception 'ended' using errcode = 'check_violation', constraint = 'care_plan_ended_stays';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  if tg_op = 'UPDATE' and old.plan_id <> new.plan_id then
    raise exception 'another plan' using errcode = 'check_violation', constraint = 'plan_item_stays_on_its_plan';
  end if;
  if tg_table_name = 'plan_action' then
    if new.outcome_id is not null
       and not exists (select 1 from plan_outcome o where o.id = new.outcome_id and o.plan_id = new.plan_id) then
      raise exception 'another plan' using errcode = 'check_violation', constraint = 'plan_item_stays_on_its_plan';
    end if;
  end if;
  return new;
end $$;

-- Who said it and when is as the signed answer has it, of the person whose plan it is; nobody writes it by hand.
create function fill_plan_source() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  select a.said_by, a.said_at into new.said_by, new.said_at
  from answer a join assessment e on e.id = a.assessment_id and e.state <> 'draft'
  join care_plan p on p.id = new.plan_id and p.person_id = e.person_id
  where a.assessment_id = new.assessment_id and a.question = new.question;
  if not found then
    raise exception 'no such answer' using errcode = 'check_violation', constraint = 'plan_source_is_a_signed_answer';
  end if;
  return new;
end $$;

create function issue_plan_version() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare state_now text; last record;
begin
  select p.state into state_now from care_plan p where p.id = new.plan_id for update;
  if state_now is distinct from 'active' then
    raise exception 'not active' using errcode = 'check_violation', constraint = 'plan_version_of_active_plan';
  end if;
  select v.number, v.content into last from plan_version v where v.plan_id = new.plan_id order by v.number desc limit 1;
  new.number := coalesce(last.number, 0) + 1;
  new.content := plan_content(new.plan_id);
  new.revision := 1;
  if last.content = new.content then
    raise exception 'nothing new' using errcode = 'check_violation', constraint = 'plan_version_says_something_new';
  end if;
  return new;
end $$;

create function refuse_version_change() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  raise exception 'frozen' using errcode = 'check_violation', constraint = 'plan_version_is_immutable';
end $$;

-- The first version is what was activated; a plan that is taken up again after all has its versions already.
create function issue_first_version() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into plan_version (id, plan_id, number, content)
  select uuidv7(), new.id, 1, '{}' where not exists (select 1 from plan_version v where v.plan_id = new.id);
  return null;
end $$;

-- C2. A team acknowledges the version that stands: one that is being issued meanwhile is waited for.
create function guard_acknowledgement() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare state_now text; of_version record;
begin
  if tg_op = 'UPDATE' then
    raise exception 'said already' using errcode = 'check_violation', constraint = 'plan_acknowledgement_is_immutable';
  end if;
  select v.plan_id, v.number into of_version from plan_version v where v.id = new.version_id;
  new.plan_id := of_version.plan_id;
  select p.state into state_now from care_plan p where p.id = of_version.plan_id for share;
  if state_now is distinct from 'active' then
    raise exception 'not active' using errcode = 'check_violation', constraint = 'plan_version_of_active_plan';
  end if;
  if exists (select 1 from plan_version v where v.plan_id = of_version.plan_id and v.number > of_version.number) then
    raise exception 'a newer one' using errcode = 'check_violation', constraint = 'plan_acknowledgement_of_latest';
  end if;
  if not exists (select 1 from plan_on_team t where t.plan_id = of_version.plan_id and t.team_id = new.team_id) then
    raise exception 'not on it' using errcode = 'check_violation', constraint = 'plan_acknowledged_by_its_teams';
  end if;
  return new;
end $$;

create function take_review() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare head record;
begin
  if tg_op = 'DELETE' then
    if not exists (select 1 from care_plan p where p.id = old.plan_id and p.state = 'active') then
      raise exception 'not active' using errcode = 'check_violation', constraint = 'plan_review_of_active_plan';
    end if;
    update care_plan p set review_on = coalesce(old.due_on, p.review_on), revision = p.revision + 1
    where p.id = old.plan_id and p.review_on = old.next_review_on;
    return old;
  end if;
  select p.state, p.review_on into head from care_plan p where p.id = new.plan_id for update;
  if head.state is distinct from 'active' then
    raise exception 'not active' using errcode = 'check_violation', constraint = 'plan_review_of_active_plan';
  end if;
  if new.held_on > (now() at time zone 'Europe/London')::date and not is_owner() then
    raise exception 'ahead' using errcode = 'check_violation', constraint = 'plan_review_has_been';
  end if;
  new.due_on := head.review_on;
  update care_plan p set review_on = new.next_review_on, revision = p.revision + 1 where p.id = new.plan_id;
  return new;
end $$;

create trigger first_version after update on care_plan for each row
  when (old.state = 'draft' and new.state = 'active') execute function issue_first_version();
create trigger fill before insert on plan_source for each row execute function fill_plan_source();
create trigger issue before insert on plan_version for each row execute function issue_plan_version();
create trigger frozen before update or delete on plan_version for each row execute function refuse_version_change();
create trigger guard before insert or update on plan_acknowledgement
  for each row execute function guard_acknowledgement();
create trigger take before insert or delete on plan_review for each row execute function take_review();

do $$
declare t text;
begin
  foreach t in array array['plan_need', 'plan_outcome', 'plan_action', 'plan_contingency', 'plan_equipment',
                           'plan_agreement', 'plan_team', 'plan_source'] loop
    execute format('create trigger guard before insert or update or delete on %I'
                   ' for each row execute function guard_plan_item()', t);
  end loop;
  foreach t in array array['plan_need', 'plan_outcome', 'plan_action', 'plan_contingency', 'plan_equipment',
                           'plan_agreement', 'plan_team'] loop
    execute format('create trigger stamp before insert or update on %I'
                   ' for each row execute function stamp(''added_by'', ''added_at'')', t);
  end loop;
  foreach t in array array['plan_need', 'plan_contingency', 'plan_equipment', 'plan_agreement', 'plan_team',
                           'plan_source', 'plan_version', 'plan_acknowledgement', 'plan_review'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create trigger watch after insert or update or delete on %I'
                   ' for each row execute function audit.watch(''careplan'', ''plan_id'', '''')', t);
    execute format('grant select on %I to centre_user', t);
    if t <> 'plan_acknowledgement' then
      execute format('create policy shared_with_me on %I to centre_user'
                     ' using (exists (select 1 from care_plan p where p.id = plan_id))', t);
    end if;
  end loop;
end $$;
create trigger stamp before insert or update on plan_source
  for each row execute function stamp('taken_by', 'taken_at');
create trigger stamp before insert on plan_version for each row execute function stamp('issued_by', 'issued_at');
create trigger stamp before insert on plan_acknowledgement for each row execute function stamp('by_user', 'at');
create trigger stamp before insert on plan_review for each row execute function stamp('recorded_by', 'recorded_at');

-- One speaks for one's own team, and takes back only what one has said oneself, a moment ago.
create policy shared_with_me on plan_acknowledgement for select to centre_user
  using (exists (select 1 from care_plan p where p.id = plan_id));
create policy my_team_says on plan_acknowledgement for insert to centre_user
  with check (team_id = (select my_team()) and exists (select 1 from care_plan p where p.id = plan_id));
create policy i_take_back on plan_acknowledgement for delete to centre_user
  using (by_user = session_user and at > now() - interval '1 hour');
create policy i_take_back on plan_review as restrictive for delete to centre_user
  using (recorded_by = session_user and recorded_at > now() - interval '1 hour');

grant select on plan_on_team, lead_worker_standing to centre_user;
grant insert, update, delete on plan_need, plan_contingency, plan_equipment, plan_agreement
  to care_coordinator, trusted_assessor, team_lead;
grant insert, delete on plan_team, plan_review to care_coordinator, trusted_assessor, team_lead;
grant insert on plan_source, plan_version to care_coordinator, trusted_assessor, team_lead;
grant insert, delete on plan_acknowledgement to centre_user;

-- Plans that were active before there were versions: what stands now is their first.
create function fill_plan_versions() returns void language sql set search_path = public, pg_temp
begin atomic
  insert into plan_version (id, plan_id, number, issued_at, issued_by, content)
  select uuidv7(), p.id, 1, p.activated_at, p.created_by, plan_content(p.id) from care_plan p
  where p.activated_at is not null and not exists (select 1 from plan_version v where v.plan_id = p.id);
end;
alter table plan_version disable trigger issue;
select fill_plan_versions();
alter table plan_version enable trigger issue;

-- ---------------------------------------------------------------- who has a plan open

alter table presence drop constraint presence_area_check;
alter table presence add constraint presence_area_check check (area in ('intake', 'people', 'careplan'));
drop policy on_what_i_see on presence;
create policy on_what_i_see on presence for select to centre_user
  using (user_name = session_user
         or case area when 'intake' then exists (select 1 from referral r where r.id = record)
                      when 'careplan' then exists (select 1 from care_plan c where c.id = record)
                      else exists (select 1 from person p where p.id = record) end);
drop policy my_own_come on presence;
create policy my_own_come on presence for insert to centre_user
  with check (user_name = session_user and (select my_role()) is not null
              and case area when 'intake' then exists (select 1 from referral r where r.id = record)
                            when 'careplan' then exists (select 1 from care_plan c where c.id = record)
                            else exists (select 1 from person p where p.id = record) end);
