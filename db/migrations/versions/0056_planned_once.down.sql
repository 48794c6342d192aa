-- The exact way back: what is seen is the same, only the planner does more.
alter policy shared_with_me on information_request using (exists (select 1 from referral r where r.id = referral_id));
alter policy shared_with_me on clock_pause using (exists (select 1 from referral r where r.id = referral_id));
alter policy shared_with_me on handover_item using (
  (select my_role()) not in ('administrator')
  and (person_id is null or not exists (select 1 from hidden_from_me h where h.id = person_id))
  and (kind <> 'referral' or exists (select 1 from referral r where r.id = subject_id))
  and (kind <> 'contact' or exists (select 1 from contact c where c.id = subject_id))
  and (kind <> 'concern' or exists (select 1 from safeguarding_concern c where c.id = subject_id)));
alter policy as_it_came on original using (
  (select my_role()) = 'care_coordinator' or received_by = session_user
  or exists (select 1 from message m where m.original_id = original.id
             and num_nonnulls(m.person_id, m.contact_id, m.referral_id) > 0));
alter policy shared_with_me on original using (
  (select my_role()) not in ('administrator')
  and (received_by = session_user or exists (select 1 from message m where m.original_id = original.id))
  and not original_is_hidden(id));

-- As in 0045.
create or replace view hidden_detail_from_me as
  select p.id from person p
  where p.sharing_level <> 'everything'
    and not exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = (select my_team()))
    and p.id <> all (array(select e.person_id from my_emergency e));
create or replace view hidden_from_me as
  select p.id from person p
  where p.sharing_level = 'named_teams'
    and not exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = (select my_team()))
    and p.id <> all (array(select e.person_id from my_emergency e))
  union all  -- a record that was merged is hidden with the one that was kept
  select p.id from person p join person k on k.id = p.merged_into
  where k.sharing_level = 'named_teams'
    and not exists (select 1 from person_sharing s where s.person_id = k.id and s.team_id = (select my_team()))
    and k.id <> all (array(select e.person_id from my_emergency e));
drop function hidden_shells();
drop function agreed_people();
drop index person_kept_back;
