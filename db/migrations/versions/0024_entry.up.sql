-- A safeguarding concern out of a contact that makes no referral (E3); views of the queue that a centre or a team shares.

-- ---------------------------------------------------------------- a concern of a contact

alter table safeguarding_concern add column contact_id uuid references contact;  -- raised in a contact without a referral
alter table safeguarding_concern add constraint safeguarding_one_a_contact unique (contact_id);
alter table safeguarding_concern add constraint safeguarding_out_of_one check (referral_id is null or contact_id is null);

-- Whom it is about and where is the contact's to say, not the client's; and so it stays.
create function concern_out_of_contact() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    if new.contact_id is distinct from old.contact_id then
      raise exception 'it came out of that contact' using errcode = 'check_violation', constraint = 'safeguarding_contact_stays';
    end if;
    return new;
  end if;
  select c.person_id, c.locality into new.person_id, new.locality from contact c where c.id = new.contact_id for no key update;
  return new;
end $$;
-- Between "stamp" and "then_guard" in the order of their names.
create trigger then_contact before insert on safeguarding_concern
  for each row when (new.contact_id is not null) execute function concern_out_of_contact();
create trigger then_contact_stays before update of contact_id on safeguarding_concern
  for each row execute function concern_out_of_contact();

-- Once it is known whom the contact is about, it is known of its concern.
create function follow_contact_to_person() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  update safeguarding_concern set person_id = new.person_id where contact_id = new.id;
  return null;
end $$;
create trigger safeguarding_follows after update of person_id on contact
  for each row when (old.person_id is distinct from new.person_id
                     and not moves_with_merge(old.person_id, new.person_id))  -- a merge moves the concern itself
  execute function follow_contact_to_person();

grant insert (contact_id) on safeguarding_concern
  to care_coordinator, placement_coordinator, trusted_assessor, team_lead, manager;

-- ---------------------------------------------------------------- views that are shared

alter table saved_view add column shared text not null default '' check (shared in ('', 'centre', 'team'));
alter table saved_view add column locality text references locality;
alter table saved_view add column team_id int references team;
alter table saved_view add constraint saved_view_shared_with check (
  (shared = 'centre') = (locality is not null) and (shared = 'team') = (team_id is not null));
create index saved_view_of_centre on saved_view (locality) where shared = 'centre';
create index saved_view_of_team on saved_view (team_id) where shared = 'team';

-- With one's own centre or team, and no other.
create function share_view() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.shared = old.shared then
    new.locality := old.locality;
    new.team_id := old.team_id;
    return new;
  end if;
  new.locality := case when new.shared = 'centre' then my_locality() end;
  new.team_id := case when new.shared = 'team' then my_team() end;
  if (new.shared = 'centre' and new.locality is null) or (new.shared = 'team' and new.team_id is null) then
    raise exception 'of none' using errcode = 'check_violation', constraint = 'saved_view_shared_with';
  end if;
  return new;
end $$;
create trigger then_share before insert or update on saved_view for each row execute function share_view();

-- Seen by those whom it is shared with; changed by nobody but its owner (my_own).
create policy shared_with_me on saved_view for select to centre_user
  using ((select my_role()) is not null
         and (locality = (select my_locality()) or team_id = (select my_team())));
