-- Takes back 0045_glass.up.sql. Levels and the teams agreed stay as they stand; how they came about goes.
drop function sharing_preview(uuid, int, text, int[]);
drop function keep_preview_apart();
drop function preview_as(uuid, jsonb, text, int[], int, text);
drop function preview_says(regclass, name, uuid);
drop function preview_rows(uuid);
drop function preview_pretend(uuid, text, int[], int, text);
-- The role belongs to the whole server, where another database may still need it; here it has nothing any more.

drop trigger guard_sharing_insert on person;
drop trigger guard_sharing on person;
drop function guard_sharing_level();
grant insert, delete on person_sharing to care_coordinator, trusted_assessor, ig_lead;
drop table sharing_agreement;
drop function apply_sharing();
drop function tell_of_person(uuid);
drop function guard_sharing_agreement();

drop view emergency_on_record;
drop function emergency_deeds(uuid);
drop function emergency_list(text, int);
drop table emergency_review;
drop function guard_emergency_review();
drop trigger mark_emergency on audit.entry;
drop function audit.mark_emergency();
drop trigger guard_emergency on person_merge;
drop function guard_merge_in_emergency();
drop function end_emergency(uuid);
drop function break_glass(uuid, uuid, uuid, text, text);
drop function emergency_answer(uuid);
drop function emergency_look(uuid, text, text, text, date);
drop function kept_back_by_rights(uuid);

create or replace function original_is_hidden(which uuid) returns boolean language sql stable security definer
set search_path = public, pg_temp
begin atomic
  select exists (
    select 1 from message m left join contact c on c.id = m.contact_id left join referral r on r.id = m.referral_id
      join person p on p.id in (m.person_id, c.person_id, r.person_id)
    where m.original_id = which and p.sharing_level = 'named_teams'
      and not exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = my_team()));
end;
create or replace function hidden_people(level text) returns uuid[] language sql stable security definer
set search_path = public, pg_temp
return coalesce((
  with hidden as (
    select p.id from person p
    where (p.sharing_level = 'named_teams' or (level = 'detail' and p.sharing_level = 'summary'))
      and not exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = my_team()))
  select array_agg(h.id) from (
    select id from hidden union select p.id from hidden k join person p on p.merged_into = k.id) h),
  '{}');
create or replace view agreed_with_my_team as
  select s.person_id from person_sharing s where s.team_id = (select my_team());
create or replace view hidden_detail_from_me as
  select p.id from person p
  where p.sharing_level <> 'everything'
    and not exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = (select my_team()));
create or replace view hidden_from_me as
  select p.id from person p
  where p.sharing_level = 'named_teams'
    and not exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = (select my_team()))
  union all  -- a record that was merged is hidden with the one that was kept
  select p.id from person p join person k on k.id = p.merged_into
  where k.sharing_level = 'named_teams'
    and not exists (select 1 from person_sharing s where s.person_id = k.id and s.team_id = (select my_team()));
drop function emergency_into(uuid);
drop view my_emergency;
drop table emergency_access;
drop function tell_reviewers();
drop function guard_emergency();
drop table emergency_lookup;
drop function cares_directly();
drop function emergency_setting(text);
alter table setting drop constraint setting_keeps_emergency_limits;
delete from setting where name in ('emergency.minutes', 'emergency.review_days', 'emergency.lookups');
