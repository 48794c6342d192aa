-- Planning cost the server more than running, since each statement planned all of this again, many times over
-- (docs/decisions/policies-planned.md). Who is hidden from whom stays as it was (0045).

-- ---------------------------------------------------------------- who is hidden
-- Those whom most are not: all that is asked of anybody else is whether they stand in this index. With both columns, so that
-- the table itself is not read when all of them are asked for.
create index if not exists person_kept_back on person (id) include (sharing_level, merged_into)
  where sharing_level = 'named_teams' or merged_into is not null;

-- The rest stands in functions, which a connection plans once. Each is asked at most once by a look into the views below, and
-- not before somebody comes by who stands in the index.
create function agreed_people() returns setof uuid language sql stable security definer rows 100 set search_path = public, pg_temp
begin atomic
  select a.person_id from agreed_with_my_team a;
end;
-- A record that was merged is hidden with the one that was kept.
create function hidden_shells() returns setof uuid language sql stable security definer rows 100 set search_path = public, pg_temp
begin atomic
  select p.id from person p join person k on k.id = p.merged_into
  where k.sharing_level = 'named_teams' and not exists (select 1 from agreed_with_my_team a where a.person_id = k.id);
end;
revoke all on function agreed_people(), hidden_shells() from public;
grant execute on function agreed_people(), hidden_shells() to centre_user;

-- As a case: of two conditions with "or" between them the planner would weigh every way through every index.
create or replace view hidden_from_me as
  select p.id from person p
  where (p.sharing_level = 'named_teams' or p.merged_into is not null)
    and case when p.sharing_level = 'named_teams' and p.id not in (select agreed_people()) then true
             else p.merged_into is not null and p.id in (select hidden_shells()) end;
create or replace view hidden_detail_from_me as
  select p.id from person p where p.sharing_level <> 'everything' and p.id not in (select agreed_people());

-- ---------------------------------------------------------------- what is read by key
-- "offset 0" forbids the planner to think of a second way, a hash over the whole table within, and with it to plan that
-- table's own policies twice. Only where no list of the program reads the table whole.
alter policy shared_with_me on original using (
  (select my_role()) not in ('administrator')
  and (received_by = session_user or exists (select 1 from message m where m.original_id = original.id offset 0))
  and not original_is_hidden(id));
alter policy as_it_came on original using (
  (select my_role()) = 'care_coordinator' or received_by = session_user
  or exists (select 1 from message m where m.original_id = original.id
             and num_nonnulls(m.person_id, m.contact_id, m.referral_id) > 0 offset 0));
alter policy shared_with_me on handover_item using (
  (select my_role()) not in ('administrator')
  and (person_id is null or not exists (select 1 from hidden_from_me h where h.id = person_id))
  and (kind <> 'referral' or exists (select 1 from referral r where r.id = subject_id offset 0))
  and (kind <> 'contact' or exists (select 1 from contact c where c.id = subject_id offset 0))
  and (kind <> 'concern' or exists (select 1 from safeguarding_concern c where c.id = subject_id offset 0)));
alter policy shared_with_me on clock_pause using (
  exists (select 1 from referral r where r.id = referral_id offset 0));
alter policy shared_with_me on information_request using (
  exists (select 1 from referral r where r.id = referral_id offset 0));
