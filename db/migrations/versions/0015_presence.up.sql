-- Who is looking at what, the views that people save for themselves, and what the queue needs to be read at scale.

-- ---------------------------------------------------------------- presence

-- A mark says that somebody has a record in front of them now. It is advisory and no record of viewing: that is the
-- audit note. Unlogged, because after a crash nobody is present until their desk says so again.
create unlogged table presence (
  desk uuid not null,                                -- one sign-in on one computer; made by the client
  area text not null check (area in ('intake', 'people')),
  record uuid not null,                              -- a referral, a person
  user_name text not null default session_user references user_account,
  doing text not null check (doing in ('looking', 'editing')),
  since timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  primary key (desk, area, record)
);
create index presence_record on presence (record);
create index presence_seen on presence (seen_at);

-- Who and when are the database's to say; a heartbeat moves seen_at only.
create function stamp_presence() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if is_owner() then
    return new;
  end if;
  new.user_name := session_user;
  new.seen_at := now();
  if tg_op = 'UPDATE' and new.doing = old.doing then new.since := old.since; else new.since := now(); end if;
  return new;
end $$;
create trigger stamp before insert or update on presence for each row execute function stamp_presence();

-- Desks are told when a mark comes, goes or becomes another; never by a heartbeat. The record's id, nothing more.
create function tell_presence() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  perform pg_notify('centre', 'presence:' || coalesce(new.record, old.record));
  return null;
end $$;
create trigger tell_come_and_gone after insert or delete on presence for each row execute function tell_presence();
create trigger tell_changed after update on presence for each row when (old.doing <> new.doing)
  execute function tell_presence();

-- A mark is seen by those who see what it stands on: the tables asked here have row security of their own.
alter table presence enable row level security;
create policy on_what_i_see on presence for select to centre_user
  using (user_name = session_user
         or case area when 'intake' then exists (select 1 from referral r where r.id = record)
                      else exists (select 1 from person p where p.id = record) end);
create policy my_own_come on presence for insert to centre_user
  with check (user_name = session_user and (select my_role()) is not null
              and case area when 'intake' then exists (select 1 from referral r where r.id = record)
                            else exists (select 1 from person p where p.id = record) end);
create policy my_own_stay on presence for update to centre_user
  using (user_name = session_user) with check (user_name = session_user);
-- Whoever comes by sweeps up after desks that died.
create policy my_own_go on presence for delete to centre_user
  using (user_name = session_user or seen_at < now() - interval '1 minute');
grant select, insert, update, delete on presence to centre_user;

-- ---------------------------------------------------------------- saved views

create table saved_view (
  id uuid primary key,
  owner text not null default session_user references user_account,
  name text not null check (name <> '' and length(name) <= 40),
  position int not null default 0,
  shows jsonb not null check (jsonb_typeof(shows) = 'object' and length(shows::text) <= 8000),
  revision int not null default 1,
  constraint saved_view_name_once unique (owner, name)
);
alter table saved_view enable row level security;
create policy my_own on saved_view to centre_user
  using (owner = session_user) with check (owner = session_user and (select my_role()) is not null);
create trigger stamp before insert or update on saved_view for each row execute function stamp('owner', '');
create trigger watch after insert or update or delete on saved_view
  for each row execute function audit.watch('views', 'id', '');
grant select, insert, update, delete on saved_view to centre_user;

-- ---------------------------------------------------------------- the queue at scale

-- R2, one by one or all at once, as the planner sees fit: an array of some thousand people, asked for every row of a
-- list, costs more than the list. The same people as hidden_people('record').
create index person_named_teams on person (id) where sharing_level = 'named_teams';
create view hidden_from_me as
  select p.id from person p
  where p.sharing_level = 'named_teams'
    and not exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = (select my_team()))
  union all  -- a record that was merged is hidden with the one that was kept
  select p.id from person p join person k on k.id = p.merged_into
  where k.sharing_level = 'named_teams'
    and not exists (select 1 from person_sharing s where s.person_id = k.id and s.team_id = (select my_team()));
grant select on hidden_from_me to centre_user;

drop policy shared_with_me on referral;
create policy shared_with_me on referral to centre_user
  using ((select my_role()) not in ('administrator')
         and (person_id is null or not exists (select 1 from hidden_from_me h where h.id = person_id)));

-- One partial index for each order that the server offers, so that a page is read from where the last one ended.
-- That of the usual order also holds all that is counted.
drop index referral_open;
create index referral_open on referral (due_at, id)
  include (state, urgency, locality, neighbourhood_id, claimed_by, claimed_at, service, source, safeguarding, person_id)
  where state in ('waiting', 'claimed', 'accepted');
create index referral_received_first on referral (received_at, id) where state in ('waiting', 'claimed', 'accepted');
create index referral_urgent_first on referral
  (array_position(array['two_hours', 'same_day', '24_hours', '72_hours', 'routine'], urgency), due_at, id)
  where state in ('waiting', 'claimed', 'accepted');
create index referral_past on referral (closed_at, id) where state in ('declined', 'closed');
create index referral_to_settle on referral (claimed_by, closed_at) where state = 'declined';
