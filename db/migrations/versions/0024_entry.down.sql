drop policy shared_with_me on saved_view;
drop trigger then_share on saved_view;
drop function share_view();
alter table saved_view drop constraint saved_view_shared_with;
alter table saved_view drop column team_id, drop column locality, drop column shared;

-- The concerns stay, as those of the person or of somebody whom nobody knows.
drop trigger safeguarding_follows on contact;
drop function follow_contact_to_person();
drop trigger then_contact_stays on safeguarding_concern;
drop trigger then_contact on safeguarding_concern;
drop function concern_out_of_contact();
alter table safeguarding_concern drop constraint safeguarding_out_of_one;
alter table safeguarding_concern drop column contact_id;
