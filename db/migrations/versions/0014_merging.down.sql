-- Takes back 0014_merging.up.sql. What was merged is parted first, the newest first, so that nothing is lost.
do $$
declare d record;
begin
  for d in select id from person_merge where undone_at is null order by at desc, id desc loop
    perform part_people(d.id, 'Merging was taken back');
  end loop;
end $$;

do $$
declare t record;
begin
  for t in select tgname, tgrelid::regclass as tab from pg_trigger where tgname like 'follow\_merge\_%' and not tgisinternal loop
    execute format('drop trigger %I on %s', t.tgname, t.tab);
  end loop;
end $$;

drop trigger guard on assessment;
drop trigger guard_update on assessment;
create trigger guard before insert or update or delete on assessment for each row execute function guard_assessment();
drop trigger guard on care_plan;
create trigger guard before update on care_plan for each row execute function guard_plan();
drop trigger guard on visit;
create trigger guard before update on visit for each row execute function guard_visit();
drop trigger guard on stay;
drop trigger guard_update on stay;
create trigger guard before insert or update on stay for each row execute function guard_stay();
drop trigger keep_clocks_on on referral;
create trigger keep_clocks_on before update on referral for each row execute function keep_clocks();
drop trigger stamp on person_sharing;
create trigger stamp before insert or update on person_sharing
  for each row execute function stamp('recorded_by', '');
drop trigger guard_shell on person;
drop trigger guard_shell_update on person;

drop policy shared_with_me on person;
create policy shared_with_me on person for select to centre_user
  using ((select my_role()) not in ('administrator') and id <> all ((select hidden_people('record'))::uuid[]));
drop policy correcting on person;
create policy correcting on person for update to centre_user
  using ((select my_role()) in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead')
         and id <> all ((select hidden_people('record'))::uuid[]))
  with check (true);

create or replace function hidden_people(level text) returns uuid[] language sql stable security definer
set search_path = public, pg_temp
return coalesce((
  select array_agg(p.id) from person p
  where (p.sharing_level = 'named_teams' or (level = 'detail' and p.sharing_level = 'summary'))
    and not exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = my_team())),
  '{}');

drop function merge_preview(uuid, uuid);
drop function part_people(uuid, text, jsonb);
drop function rows_since_merge(uuid);
drop function merge_people(uuid, uuid, uuid, text, text[], int, int);
drop function lock_people(uuid, uuid);
drop function move_rows(uuid, uuid, jsonb);
drop function rows_of(uuid);
drop function row_key(name[]);
drop function set_sharing(uuid, text, jsonb);
drop function shared_teams(uuid);
drop function stricter_sharing(text, int[], text, int[]);
drop function merge_obstacles(uuid, uuid);
drop function may_merge(uuid, uuid);
drop function follow_merges();
drop function follow_merge();
drop function person_references();
drop function guard_shell();
drop function moves_with_merge(uuid, uuid);
drop function is_merging(uuid);
drop function records_of(uuid);
drop function kept_person(uuid);
drop table person_former;
drop table person_merge;
alter table person drop constraint person_merged_is_shell, drop column merged_into;
alter table person_around drop column until;
drop index referral_of_nobody;
