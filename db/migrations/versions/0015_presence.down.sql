-- Takes back 0015_presence.up.sql.
drop index referral_to_settle, referral_past, referral_urgent_first, referral_received_first, referral_open;
create index referral_open on referral (due_at, id) where state in ('waiting', 'claimed', 'accepted');

drop policy shared_with_me on referral;
create policy shared_with_me on referral to centre_user
  using ((select my_role()) not in ('administrator')
         and (person_id is null or person_id <> all ((select hidden_people('record'))::uuid[])));
drop view hidden_from_me;
drop index person_named_teams;

drop table saved_view;
drop table presence;
drop function tell_presence();
drop function stamp_presence();
