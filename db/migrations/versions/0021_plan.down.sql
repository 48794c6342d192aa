delete from presence where area = 'careplan';
alter table presence drop constraint presence_area_check;
alter table presence add constraint presence_area_check check (area in ('intake', 'people'));
drop policy on_what_i_see on presence;
create policy on_what_i_see on presence for select to centre_user
  using (user_name = session_user
         or case area when 'intake' then exists (select 1 from referral r where r.id = record)
                      else exists (select 1 from person p where p.id = record) end);
drop policy my_own_come on presence;
create policy my_own_come on presence for insert to centre_user
  with check (user_name = session_user and (select my_role()) is not null
              and case area when 'intake' then exists (select 1 from referral r where r.id = record)
                            else exists (select 1 from person p where p.id = record) end);

drop function fill_plan_versions();
drop view lead_worker_standing;
delete from setting where name = 'plan.caseload';
drop index worker_user;
drop trigger first_version on care_plan;
drop table plan_acknowledgement, plan_review, plan_version, plan_source;
drop function plan_content(uuid);
drop view plan_on_team;
drop function issue_first_version(), guard_acknowledgement(), take_review(), refuse_version_change(),
  issue_plan_version(), fill_plan_source();

-- What to do when things go wrong is one text again, a paragraph a row.
alter table care_plan add column if_things_go_wrong text not null default '' check (length(if_things_go_wrong) <= 20000);
alter table care_plan disable trigger user;
update care_plan p set if_things_go_wrong = left(c.words, 20000)
from (select plan_id, string_agg(concat_ws(E'\n', nullif(sign, ''), nullif(what_to_do, ''), nullif(whom_to_call, '')),
                                 E'\n\n' order by position, id) as words
      from plan_contingency group by plan_id) c
where c.plan_id = p.id;
alter table care_plan enable trigger user;

drop trigger guard on plan_outcome;
drop trigger guard on plan_action;
drop trigger stamp on plan_outcome;
drop trigger stamp on plan_action;
alter table plan_outcome drop column need_id, drop column importance, drop column added_by, drop column added_at;
alter table plan_action drop column confidence, drop column review_on, drop column added_by, drop column added_at;
drop table plan_need, plan_contingency, plan_equipment, plan_agreement, plan_team;
drop function guard_plan_item();
drop index care_plan_led_by, care_plan_review;

create or replace function guard_plan() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
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
alter table care_plan drop column strengths, drop column funding, drop column ended_at, drop column ended_by,
  drop column end_reason;
