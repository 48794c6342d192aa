-- Who has looked at a person, and why could they (R4). The trail already holds views and changes; now also what was let out of
-- the house and about whom, sittings, connections and refusals. Each look carries what let them in at that moment, because
-- teams, referrals and agreements are others by the time that somebody asks.
--
-- audit.entry.columns: of a change, the columns; of anything else, facts of the form kind:value. Identifiers, never content.
--   sharing:LEVEL team:ID place:LOCALITY   what the person had agreed to, and who asked
--   why:CODE                               what they had to do with the person then (audit.standing); none: nothing was found
--   form:CODE people:N                     of a print or an export: as what, and of how many
--   system: version: how: app:             of a sitting or a connection

alter table audit.entry drop constraint entry_action_check;
alter table audit.entry add constraint entry_action_check check (action in (
  'insert', 'update', 'delete', 'view', 'print', 'export', 'sign_in', 'sign_out', 'connect', 'refused', 'load'));
-- The rows stand in order of time: a few pages are enough to find a month of them.
create index entry_at on audit.entry using brin (at) with (pages_per_range = 32);
create index entry_refused on audit.entry (at) where action = 'refused';
create index entry_verified on audit.entry (id) where area = 'audit_seals';

-- ---------------------------------------------------------------- what let them in

-- For each person: their sharing level, and what this login has to do with them now. Nobody is excused by their office:
-- whoever has nothing to do with a person has no why, whatever their role.
create function audit.standing(about uuid[]) returns table (person uuid, facts text[])
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  me constant text := session_user;
  role constant text := coalesce(my_role(), '');
  team constant int := my_team();
  mine constant int[] := my_team() || my_teams();  -- a lead has those of their service in their locality
  of_service text; place text; today constant date := (now() at time zone 'Europe/London')::date;
begin
  select t.service into of_service from team t where t.id = team;
  select coalesce(a.locality, t.locality) into place
    from user_account a left join team t on t.id = a.team_id where a.user_name = me;
  return query
  select p.id, array_remove(array[
    'sharing:' || p.sharing_level, 'team:' || team, 'place:' || place,
    case when emergency_into(p.id) then 'why:emergency' end,
    case when exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = team) then 'why:named' end,
    case when exists (select 1 from referral r where r.person_id = p.id and r.state in ('claimed', 'accepted')
                      and r.claimed_by = me) then 'why:mine' end,
    case when role in ('care_coordinator', 'placement_coordinator') and exists (
      select 1 from referral r where r.person_id = p.id and r.state = 'waiting') then 'why:queue' end,
    case when exists (select 1 from referral r where r.person_id = p.id and r.state in ('waiting', 'claimed', 'accepted')
                      and r.service = of_service and (r.locality is null or place is null or r.locality = place))
      then 'why:referral' end,
    case when exists (select 1 from contact c where c.person_id = p.id
                      and c.recorded_at > now() - interval '1 day' and (c.recorded_by = me or role = 'care_coordinator'))
      then 'why:contact' end,
    case when exists (select 1 from care_plan c where c.person_id = p.id and c.state <> 'ended' and c.lead_worker = me)
      then 'why:lead' end,
    case when exists (select 1 from care_plan c join plan_team t on t.plan_id = c.id
                      where c.person_id = p.id and c.state <> 'ended' and t.team_id = team) then 'why:plan' end,
    case when exists (select 1 from visit v where v.person_id = p.id and v.team_id = any (mine) and v.state <> 'cancelled'
                      and v.day between today - 7 and today + 14) then 'why:visit' end,
    case when exists (select 1 from reablement_episode e where e.person_id = p.id and e.team_id = any (mine)
                      and e.ended_on is null) then 'why:episode' end,
    case when exists (select 1 from assessment a where a.person_id = p.id and (a.started_by = me or a.signed_by = me)
                      and (a.state = 'draft' or a.signed_at > now() - interval '90 days')) then 'why:assessment' end,
    case when exists (select 1 from assessment a join assessment_receipt r on r.assessment_id = a.id
                      where a.person_id = p.id and r.team_id = team and r.superseded_by is null) then 'why:receipt' end,
    case when exists (select 1 from safeguarding_concern c where c.person_id = p.id and c.stage <> 'decided'
                      and (c.owner = me or me = any (c.involved))) then 'why:concern' end,
    case when role = 'placement_coordinator' and exists (
      select 1 from stay s where s.person_id = p.id and s.state in ('booked', 'in_stay')) then 'why:stay' end,
    case when role in ('care_coordinator', 'placement_coordinator', 'trusted_assessor') and exists (
      select 1 from transfer t where t.person_id = p.id
      and (t.state = 'in_hospital' or t.left_at > now() - interval '7 days')) then 'why:transfer' end,
    case when of_service = 'equipment' and exists (
      select 1 from equipment_order o where o.person_id = p.id and o.state <> 'cancelled') then 'why:equipment' end,
    case when exists (select 1 from person k where k.id = p.id and k.registered_by = me
                      and k.registered_at > now() - interval '1 day') then 'why:registered' end
  ], null)
  from person p where p.id = any (about);
end $$;
revoke all on function audit.standing(uuid[]) from public;

-- ---------------------------------------------------------------- what no trigger sees

-- As before, and what let them in is noted with it.
create or replace function audit.note(what text, in_area text, of_record text, about uuid default null) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if my_role() is null then
    raise exception 'no such user' using errcode = 'insufficient_privilege', constraint = 'user_is_active';
  end if;
  -- Identifiers are short: there is no room for what somebody would like to have said.
  if what not in ('view', 'print', 'export', 'sign_in') or length(in_area) > 60 or length(of_record) > 200 then
    raise exception 'not an action to note' using errcode = 'check_violation', constraint = 'audit_action';
  end if;
  insert into audit.entry (role, action, area, record, person_id, columns)
  values (my_role(), what, in_area, of_record, about, (select s.facts from audit.standing(array[about]) s));
end $$;

-- People seen in the detail of a board, printed, or exported: an entry for each; of a print or an export about several, or
-- about nobody, one more says what it was and of how many. ``form``: paper, pdf, xlsx, csv, ics, json, screen …
create function audit.note_people(what text, in_area text, of_record text, form text, about uuid[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare people constant bigint := (select count(*) from person p where p.id = any (about));
begin
  if my_role() is null then
    raise exception 'no such user' using errcode = 'insufficient_privilege', constraint = 'user_is_active';
  end if;
  if what not in ('view', 'print', 'export') or length(in_area) > 60 or length(of_record) > 200
     or form !~ '^[a-z_]{1,20}$' or coalesce(cardinality(about), 0) > 20000 then
    raise exception 'not an action to note' using errcode = 'check_violation', constraint = 'audit_action';
  end if;
  if what <> 'view' and people <> 1 then
    insert into audit.entry (role, action, area, record, columns)
    values (my_role(), what, in_area, of_record, array['form:' || form, 'people:' || people]);
  end if;
  insert into audit.entry (role, action, area, record, person_id, columns)
  select my_role(), what, in_area, of_record, s.person, s.facts || ('form:' || form) from audit.standing(about) s;
end $$;

-- A sitting: from signing in to signing out. The computer is known by its kind alone.
create function audit.note_sitting(what text, sitting uuid, facts text[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if my_role() is null and what <> 'sign_out' then
    raise exception 'no such user' using errcode = 'insufficient_privilege', constraint = 'user_is_active';
  end if;
  if what not in ('sign_in', 'sign_out') or cardinality(facts) > 4
     or exists (select 1 from unnest(facts) f where f !~ '^(system|version|how):[A-Za-z0-9._ -]{1,40}$') then
    raise exception 'not an action to note' using errcode = 'check_violation', constraint = 'audit_action';
  end if;
  insert into audit.entry (role, action, area, record, columns) values (my_role(), what, 'sitting', sitting::text, facts);
end $$;

-- A refusal. What was refused was rolled back, so this comes from the client in a transaction of its own; whoever is no user
-- any more may be noted too. A person is named only where there is one of that id: the client hears nothing about it.
create function audit.note_refusal(kind text, in_area text, of_record text, about uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if kind not in ('permission', 'rule', 'not_there', 'sign_in') or length(in_area) > 63 or length(of_record) > 63 then
    raise exception 'not an action to note' using errcode = 'check_violation', constraint = 'audit_action';
  end if;
  if kind = 'not_there' and not exists (select 1 from person where id = about) then return; end if;
  insert into audit.entry (role, action, area, record, person_id, columns)
  values (my_role(), 'refused', in_area, of_record, (select id from person where id = about), array['how:' || kind]);
end $$;

grant execute on function audit.note_people(text, text, text, text, uuid[]), audit.note_sitting(text, uuid, text[]),
  audit.note_refusal(text, text, text, uuid) to centre_user;

-- ---------------------------------------------------------------- every connection, by the database itself

-- Whoever connects, with whatever program, is on the trail before their first statement. It costs them an insert. Only a
-- superuser may set it up or switch it off: an embedded server does so when it is prepared; on a shared one its superuser runs
-- the statement in docs/shared-server.md. A standby notes nothing; where the disk is full, working goes before noting.
create function audit.on_login() returns event_trigger
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '4s' as $$
begin
  if not pg_is_in_recovery() then
    perform set_config('centre.revision', '', true);  -- a program of another revision hears so when it asks for something
    insert into audit.entry (role, action, area, record, columns)
    values (my_role(), 'connect', 'connection', pg_backend_pid()::text, array['app:' || left(
      regexp_replace(coalesce(current_setting('application_name', true), ''), '[^A-Za-z0-9._-]', '', 'g'), 40)]);
  end if;
exception when insufficient_resources then null;
end $$;

-- True where each connection is noted from now on, or was already.
create function audit.watch_connections() returns boolean language plpgsql set search_path = public, pg_temp as $$
begin
  if not exists (select 1 from pg_event_trigger where evtname = 'connections_are_noted') then
    if not (select rolsuper from pg_roles where rolname = current_user) then return false; end if;
    create event trigger connections_are_noted on login execute function audit.on_login();
  end if;
  return (select evtenabled in ('O', 'A') from pg_event_trigger where evtname = 'connections_are_noted');
end $$;

-- ---------------------------------------------------------------- sealing without making anybody wait

-- All entries up to here are written and done with, none that comes later has a lower id. Drawn in a transaction of its own,
-- which has the lock for as long as it takes to look up one number; the digests are made afterwards, with no lock on the trail.
create table audit.border (
  one boolean primary key default true check (one),
  upto bigint not null
);
alter table audit.border enable row level security;

create function audit.draw_border() returns boolean
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '300ms' as $$
begin
  if my_role() is null and not is_owner() then
    raise exception 'no such user' using errcode = 'insufficient_privilege', constraint = 'user_is_active';
  end if;
  begin
    lock table audit.border in share row exclusive mode;
    lock table audit.entry in share mode;
  exception when lock_not_available then return false;
  end;
  insert into audit.border (upto) select coalesce(max(id), 0) from audit.entry
    on conflict (one) do update set upto = greatest(audit.border.upto, excluded.upto);
  return true;
end $$;
grant execute on function audit.draw_border() to centre_user;

-- As before, up to the border, and without the lock on the trail.
create or replace function audit.seal_up() returns bigint
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '300ms' as $$
declare
  last audit.seal;
  made audit.seal;
begin
  if my_role() is null and not is_owner() then
    raise exception 'no such user' using errcode = 'insufficient_privilege', constraint = 'user_is_active';
  end if;
  begin
    lock table audit.seal in share row exclusive mode;
  exception when lock_not_available then return null;
  end;
  select * into last from audit.seal order by number desc limit 1;
  select array_agg(e.id order by e.id), string_agg(sha256(convert_to(audit.entry_text(e), 'UTF8')), '' order by e.id)
    into made.ids, made.digests
    from (select * from audit.entry where id > coalesce(last.ids[cardinality(last.ids)], 0)
            and id <= (select upto from audit.border) order by id limit 2000) e;
  if made.ids is null then return null; end if;
  made.number := coalesce(last.number, 0) + 1;
  made.sealed_at := clock_timestamp();
  made.sealed_by := session_user;
  made.before := coalesce(last.digest, decode(repeat('00', 32), 'hex'));
  made.digest := sha256(convert_to(audit.seal_text(made), 'UTF8'));
  insert into audit.seal select made.*;
  return made.number;
end $$;

-- ---------------------------------------------------------------- whose trail it is

-- Who a person is, and nothing of their care, for the information-governance lead alone: people who share with named teams
-- only are those who most want to know who has looked.
create function audit.whose(about uuid[]) returns table (id uuid, surname text, given text, title text, birth_date date,
    nhs_number text, address text, postcode text, sharing_level text, same uuid[])
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select p.id, p.surname, p.given, p.title, p.birth_date, p.nhs_number, p.address, p.postcode, p.sharing_level,
         array(select m.id from person m where m.merged_into = p.id)
  from person p where p.id = any (about) and my_role() = 'ig_lead';
end;

-- Those whom the finder does not show to this login: by NHS number, or by how their names begin (folded, surname among them).
create function audit.find_unseen(nhs text, names text[], born date) returns table (id uuid)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select p.id from person p
  where my_role() = 'ig_lead' and p.sharing_level = 'named_teams' and p.merged_into is null
    and (nhs is not null or names <> '{}')
    and (nhs is null or p.nhs_number = nhs)
    and (born is null or p.birth_date = born)
    and not exists (select 1 from unnest(names) n
                    where not starts_with(p.surname_key, fold(n)) and not starts_with(p.given_key, fold(n)))
    and (names = '{}' or exists (select 1 from unnest(names) n where starts_with(p.surname_key, fold(n))))
  order by p.surname_key, p.given_key, p.id limit 30;
end;
grant execute on function audit.whose(uuid[]), audit.find_unseen(text, text[], date) to ig_lead;
