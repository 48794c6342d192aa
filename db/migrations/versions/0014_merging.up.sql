-- Two records of one person become one, and can be parted again.

-- A record that was merged stays as a shell: nobody lists or finds it, and its id leads to the record that was kept.
-- It points at that record itself, however many merges lie between.
alter table person
  add column merged_into uuid references person,
  add constraint person_merged_is_shell check (merged_into is null or (merged_into <> id and nhs_number is null));
create index person_merged_into on person (merged_into) where merged_into is not null;

-- Somebody who is around the person no longer stays on the record.
alter table person_around add column until date;

create table person_merge (
  id uuid primary key,
  kept_id uuid not null references person,
  merged_id uuid not null references person,
  at timestamptz not null default now(),
  by_user text not null default session_user,
  reason text not null constraint person_merge_has_reason check (reason <> '' and length(reason) <= 2000),
  taken text[] not null default '{}',                -- which facts of identity the kept record took from the other
  before jsonb not null,                             -- both records and the teams they were shared with
  after jsonb not null default '{}',                 -- the kept record, and its teams, as the merge left them
  moved jsonb not null default '{}',                 -- which rows of which table were pointed at the kept record
  own jsonb not null default '{}',                   -- which rows were the kept record's already
  moving xid8,                                       -- the transaction that is moving rows just now
  undone_at timestamptz,
  undone_by text,
  undone_reason text not null default '' check (length(undone_reason) <= 2000),
  undone_with jsonb not null default '{}',           -- rows made since the merge that went along when it was parted
  revision int not null default 1,
  constraint person_merge_of_two check (kept_id <> merged_id),
  constraint person_merge_parting_is_whole check ((undone_at is null) = (undone_by is null)
    and (undone_at is null) = (undone_reason = ''))
);
create unique index person_merge_once on person_merge (merged_id) where undone_at is null;
create index person_merge_kept on person_merge (kept_id, at);
create index person_merge_merged on person_merge (merged_id, at);

-- What somebody was registered as before a merge still finds them.
create table person_former (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person,
  merge_id uuid not null references person_merge,
  nhs_number text,
  surname text not null,
  given text not null,
  known_as text not null,
  birth_date date,
  postcode text,
  phone text not null,
  other_phone text not null,
  surname_key text generated always as (fold(surname)) stored,
  given_key text generated always as (fold(given)) stored,
  phone_key text generated always as (phone_key(phone)) stored,
  other_phone_key text generated always as (phone_key(other_phone)) stored
);
create index person_former_person on person_former (person_id);
create index person_former_merge on person_former (merge_id);
create index person_former_nhs_number on person_former (nhs_number) where nhs_number is not null;
create index person_former_surname on person_former (surname_key collate "C", given_key collate "C");
create index person_former_given on person_former (given_key collate "C");
create index person_former_birth_date on person_former (birth_date);
create index person_former_postcode on person_former (postcode);
create index person_former_phone on person_former (phone_key) where phone_key is not null;
create index person_former_other_phone on person_former (other_phone_key) where other_phone_key is not null;

-- ---------------------------------------------------------------- who is who

-- The record to open for an id: itself, or the one that it was merged into.
create function kept_person(which uuid) returns uuid language sql stable security definer set search_path = public, pg_temp
return coalesce((select p.merged_into from person p where p.id = which), which);

-- All ids that one record has gone by: its own, and those merged into it.
create function records_of(which uuid) returns uuid[] language sql stable security definer set search_path = public, pg_temp
return (select array_agg(p.id) from person p where p.id = which or p.merged_into = which);

-- Whether this transaction is merging or parting two records: only the two functions below can say so.
create function is_merging(which uuid) returns boolean language sql stable security definer set search_path = public, pg_temp
return exists (select 1 from person_merge m where m.moving = pg_current_xact_id() and which in (m.kept_id, m.merged_id));

create function moves_with_merge(from_id uuid, to_id uuid) returns boolean language sql stable security definer
set search_path = public, pg_temp
return exists (
  select 1 from person_merge m where m.moving = pg_current_xact_id()
  and ((m.undone_at is null and m.merged_id = from_id and m.kept_id = to_id)
       or (m.undone_at is not null and m.kept_id = from_id and m.merged_id = to_id)));

grant execute on function kept_person(uuid), records_of(uuid), is_merging(uuid), moves_with_merge(uuid, uuid) to centre_user;

-- R2. A shell is hidden with the record that was kept.
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

-- The one place where shells are left out: to every login they are not there.
drop policy shared_with_me on person;
create policy shared_with_me on person for select to centre_user
  using (merged_into is null and (select my_role()) not in ('administrator')
         and id <> all ((select hidden_people('record'))::uuid[]));
drop policy correcting on person;
create policy correcting on person for update to centre_user
  using (merged_into is null
         and (select my_role()) in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead')
         and id <> all ((select hidden_people('record'))::uuid[]))
  with check (true);

create function guard_shell() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not is_owner() and not exists (select 1 from person_merge m where m.moving = pg_current_xact_id()) then
    raise exception 'only a merge does that' using errcode = 'check_violation', constraint = 'person_merged_by_merging';
  end if;
  return new;
end $$;
create trigger guard_shell before insert on person for each row when (new.merged_into is not null)
  execute function guard_shell();
create trigger guard_shell_update before update of merged_into on person for each row
  when (old.merged_into is distinct from new.merged_into) execute function guard_shell();

-- ---------------------------------------------------------------- what hangs on a person

-- Every column that refers to a person, found in the catalogue, so that no table is forgotten: the other columns of its
-- primary key, and whether something in it may be there but once a person.
create function person_references() returns table (tab regclass, col name, keys name[], once boolean)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select c.conrelid::regclass, a.attname,
         (select array_agg(k.attname order by k.attnum) from pg_index i
          join pg_attribute k on k.attrelid = i.indrelid and k.attnum = any (i.indkey::int2[])
          where i.indrelid = c.conrelid and i.indisprimary and k.attname <> a.attname),
         exists (select 1 from pg_index i where i.indrelid = c.conrelid and (i.indisunique or i.indisexclusion)
                 and a.attnum = any (i.indkey::int2[]))
  from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
  where c.contype = 'f' and c.confrelid = 'person'::regclass and cardinality(c.conkey) = 1
    and c.conrelid <> 'person_merge'::regclass
  order by c.conrelid::regclass::text, a.attname;
end;

-- Whatever is written about a merged record from now on, by a desk that does not know yet, goes to the kept one. The lock
-- makes it and a merge at that very moment wait for each other.
create function follow_merge() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  asked uuid := (to_jsonb(new) ->> tg_argv[0])::uuid;
  kept uuid;
begin
  select coalesce(p.merged_into, p.id) into kept from person p where p.id = asked for key share;
  if kept <> asked then
    new := jsonb_populate_record(new, jsonb_build_object(tg_argv[0], kept));
  end if;
  return new;
end $$;

-- Called by each migration that adds a reference to a person.
create function follow_merges() returns void language plpgsql set search_path = public, pg_temp as $$
declare r record;
begin
  for r in select * from person_references() where tab <> 'person'::regclass loop
    execute format('create or replace trigger follow_merge_%s before insert or update of %I on %s for each row'
                   ' when (new.%2$I is not null) execute function follow_merge(%2$L)', r.col, r.col, r.tab);
  end loop;
end $$;
select follow_merges();

-- What is immutable otherwise may go along with its person, and nothing else about it changes then.
drop trigger guard on assessment;
create trigger guard before insert or delete on assessment for each row execute function guard_assessment();
create trigger guard_update before update on assessment for each row
  when (not (old.person_id is distinct from new.person_id and moves_with_merge(old.person_id, new.person_id)))
  execute function guard_assessment();
drop trigger guard on care_plan;
create trigger guard before update on care_plan for each row
  when (not (old.person_id is distinct from new.person_id and moves_with_merge(old.person_id, new.person_id)))
  execute function guard_plan();
drop trigger guard on visit;
create trigger guard before update on visit for each row
  when (not (old.person_id is distinct from new.person_id and moves_with_merge(old.person_id, new.person_id)))
  execute function guard_visit();
drop trigger guard on stay;
create trigger guard before insert on stay for each row execute function guard_stay();
create trigger guard_update before update on stay for each row
  when (not (old.person_id is distinct from new.person_id and moves_with_merge(old.person_id, new.person_id)))
  execute function guard_stay();
-- Neither do its clocks move: that it is about the kept record is no event of the referral.
drop trigger keep_clocks_on on referral;
create trigger keep_clocks_on before update on referral for each row
  when (not (old.person_id is distinct from new.person_id and moves_with_merge(old.person_id, new.person_id)))
  execute function keep_clocks();
drop trigger stamp on person_sharing;
create trigger stamp before insert or update on person_sharing for each row
  when (not is_merging(new.person_id)) execute function stamp('recorded_by', '');

-- ---------------------------------------------------------------- merging

-- Who may: those who keep the record straight, and the information-governance lead, who sets right what was merged wrongly.
create function may_merge(one uuid, other uuid) returns void language plpgsql stable security definer
set search_path = public, pg_temp as $$
begin
  if is_owner() then
    return;
  end if;
  if coalesce(my_role(), '') not in ('care_coordinator', 'team_lead', 'ig_lead') then
    raise exception 'not a role that merges' using errcode = 'insufficient_privilege', constraint = 'merging_has_roles';
  end if;
  -- R2: nobody merges what they cannot see all of.
  if hidden_people('detail') && array[one, other] then
    raise exception 'not shared' using errcode = 'insufficient_privilege', constraint = 'merging_is_shared_with_me';
  end if;
end $$;

-- What makes it impossible that two records become one, by code.
create function merge_obstacles(kept uuid, merged uuid) returns text[] language sql stable security definer
set search_path = public, pg_temp
return array_remove(array[
  (select 'nhs_numbers_differ' from person a, person b where a.id = kept and b.id = merged
   and a.nhs_status = 'verified' and b.nhs_status = 'verified' and a.nhs_number <> b.nhs_number),
  (select 'both_have_a_plan' from care_plan a join care_plan b on b.person_id = merged and b.state <> 'ended'
   where a.person_id = kept and a.state <> 'ended'),
  (select 'stays_overlap' where exists (
     select 1 from stay a join stay b on b.person_id = merged and b.state <> 'cancelled' and b.period && a.period
     where a.person_id = kept and a.state <> 'cancelled'))], null);

-- R2. The stricter of two agreements: what is merged is shown to nobody who did not see both.
create function stricter_sharing(one_level text, one_teams int[], other_level text, other_teams int[])
returns table (level text, teams int[]) language sql immutable set search_path = public, pg_temp
begin atomic
  select case when 'named_teams' in (one_level, other_level) then 'named_teams'
              when 'summary' in (one_level, other_level) then 'summary' else 'everything' end,
         case when one_level = 'everything' and other_level <> 'everything' then other_teams
              when other_level = 'everything' then one_teams
              else array(select unnest(one_teams) intersect select unnest(other_teams)) end;
end;

create function shared_teams(which uuid) returns jsonb language sql stable security definer set search_path = public, pg_temp
return coalesce((select jsonb_agg(to_jsonb(s) - 'person_id' order by s.team_id) from person_sharing s
                 where s.person_id = which), '[]');

-- Share with these teams and no others. Rows that stay are left as they are.
create function set_sharing(which uuid, as_level text, with_teams jsonb) returns void language plpgsql
set search_path = public, pg_temp as $$
begin
  update person set sharing_level = as_level where id = which and sharing_level <> as_level;
  delete from person_sharing s where s.person_id = which
    and not exists (select 1 from jsonb_array_elements(with_teams) t where (t ->> 'team_id')::int = s.team_id);
  insert into person_sharing (person_id, team_id, agreed_on, recorded_by)
  select which, (t ->> 'team_id')::int, (t ->> 'agreed_on')::date, t ->> 'recorded_by'
  from jsonb_array_elements(with_teams) t on conflict do nothing;
end $$;

-- The key of a row besides its person, as one value.
create function row_key(keys name[]) returns text language sql immutable set search_path = public, pg_temp
return 'jsonb_build_array(' || (select string_agg(quote_ident(k), ', ') from unnest(keys) k) || ')';

-- {"contact.person_id": [[key], ...], ...}: everything that refers to a person.
create function rows_of(which uuid) returns jsonb language plpgsql stable set search_path = public, pg_temp as $$
declare r record; found jsonb; result jsonb := '{}';
begin
  for r in select * from person_references() where tab <> 'person_sharing'::regclass loop
    execute format('select jsonb_agg(%s) from %s where %I = $1', row_key(r.keys), r.tab, r.col) into found using which;
    if found is not null then
      result := result || jsonb_build_object(r.tab || '.' || r.col, found);
    end if;
  end loop;
  return result;
end $$;

-- Point rows of one person at another; only those of ``wanted`` (null: all). Gives the keys of those that went, by whatever
-- trigger; what may be there but once, and is there already, stays.
create function move_rows(from_id uuid, to_id uuid, wanted jsonb) returns jsonb language plpgsql
set search_path = public, pg_temp as $$
declare r record; place text; statement text; key jsonb; was jsonb := rows_of(from_id); stayed jsonb; result jsonb := '{}';
begin
  for r in select * from person_references() where tab <> 'person_sharing'::regclass loop
    place := r.tab || '.' || r.col;
    continue when wanted is not null and not wanted ? place;
    statement := format('update %1$s set %2$I = $2 where %2$I = $1 and ($3 is null or %3$s in (select jsonb_array_elements($3)))',
                        r.tab, r.col, row_key(r.keys));
    if r.once then
      for key in select jsonb_array_elements(was -> place) loop
        continue when wanted is not null and not wanted -> place @> jsonb_build_array(key);
        begin
          execute statement using from_id, to_id, jsonb_build_array(key);
        exception when unique_violation or exclusion_violation then null;
        end;
      end loop;
    else
      execute statement using from_id, to_id, wanted -> place;
    end if;
  end loop;
  stayed := rows_of(from_id);
  for place in select jsonb_object_keys(was) loop
    select jsonb_agg(k.item) into key from jsonb_array_elements(was -> place) k(item)
    where k.item not in (select jsonb_array_elements(stayed -> place));
    if key is not null then
      result := result || jsonb_build_object(place, key);
    end if;
  end loop;
  return result;
end $$;

-- Both records locked, always in the same order, with what was merged into them.
create function lock_people(one uuid, other uuid) returns void language plpgsql set search_path = public, pg_temp as $$
begin
  perform 1 from person p where p.id in (one, other) or p.merged_into in (one, other) order by p.id for update;
end $$;

-- ``taken``: the facts of identity that come from the merged record, each a column of person or the head of a group.
create function merge_people(merge_id uuid, kept uuid, merged uuid, why text, taken text[], seen_kept int, seen_merged int)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  k person; m person; share record; teams jsonb; stopped text[];
begin
  perform lock_people(kept, merged);
  if exists (select 1 from person_merge d where d.id = merge_id and d.kept_id = kept and d.merged_id = merged) then
    return;  -- sent twice
  end if;
  perform may_merge(kept, merged);
  select * into k from person where id = kept;
  select * into m from person where id = merged;
  if k.id is null or m.id is null then
    raise exception 'nobody' using errcode = 'insufficient_privilege', constraint = 'merging_is_shared_with_me';
  end if;
  if k.merged_into is not null or m.merged_into is not null then
    raise exception 'merged' using errcode = 'check_violation', constraint = 'merging_once';
  end if;
  if (k.revision, m.revision) <> (seen_kept, seen_merged) then
    raise exception 'stale' using errcode = 'check_violation', constraint = 'merging_as_seen';
  end if;
  stopped := merge_obstacles(kept, merged);
  if cardinality(stopped) > 0 then
    raise exception 'in the way' using errcode = 'check_violation', constraint = 'merging_' || stopped[1];
  end if;
  insert into person_merge (id, kept_id, merged_id, by_user, reason, taken, before, own, moving)
  values (merge_id, kept, merged, session_user, why, taken,
          jsonb_build_object('kept', to_jsonb(k), 'merged', to_jsonb(m), 'kept_teams', shared_teams(kept),
                             'merged_teams', shared_teams(merged)),
          rows_of(kept), pg_current_xact_id());
  update person set merged_into = kept, nhs_number = null, revision = revision + 1 where id = merged;
  update person p set
    surname = case when 'surname' = any (taken) then m.surname else k.surname end,
    given = case when 'given' = any (taken) then m.given else k.given end,
    title = case when 'title' = any (taken) then m.title else k.title end,
    known_as = case when 'known_as' = any (taken) then m.known_as else k.known_as end,
    birth_date = case when 'birth_date' = any (taken) then m.birth_date else k.birth_date end,
    gender = case when 'gender' = any (taken) then m.gender else k.gender end,
    nhs_number = case when m.nhs_number is not null and ('nhs_number' = any (taken) or k.nhs_number is null)
                      then m.nhs_number else k.nhs_number end,
    nhs_status = case when m.nhs_number is not null and ('nhs_number' = any (taken) or k.nhs_number is null)
                      then m.nhs_status else k.nhs_status end,
    address = case when 'address' = any (taken) then m.address else k.address end,
    postcode = case when 'address' = any (taken) then m.postcode else k.postcode end,
    ward_code = case when 'address' = any (taken) then m.ward_code else k.ward_code end,
    phone = case when 'phone' = any (taken) then m.phone else k.phone end,
    other_phone = case when 'spare_phone' = any (taken) then case when 'phone' = any (taken) then k.phone else m.phone end
                       when 'other_phone' = any (taken) then m.other_phone else k.other_phone end,
    email = case when 'email' = any (taken) then m.email else k.email end,
    language = case when 'language' = any (taken) then m.language else k.language end,
    interpreter = case when 'language' = any (taken) then m.interpreter else k.interpreter end,
    communication = case when 'communication' = any (taken) then m.communication else k.communication end,
    access_notes = case when 'access_notes' = any (taken) then m.access_notes else k.access_notes end,
    practice_code = case when 'practice_code' = any (taken) then m.practice_code else k.practice_code end,
    deceased_on = case when 'deceased_on' = any (taken) then m.deceased_on else k.deceased_on end,
    -- K1: a risk that one of them was known to run is not lost.
    risk_score = greatest(k.risk_score, m.risk_score),
    risk_tier = case when array_position(array['low', 'moderate', 'high', 'very_high'], m.risk_tier)
                          > array_position(array['low', 'moderate', 'high', 'very_high'], k.risk_tier)
                     then m.risk_tier else k.risk_tier end,
    revision = p.revision + 1
  where p.id = kept;
  select * into share from stricter_sharing(
    k.sharing_level, array(select team_id from person_sharing where person_id = kept),
    m.sharing_level, array(select team_id from person_sharing where person_id = merged));
  teams := (select coalesce(jsonb_agg(t), '[]') from (
    select distinct on (t ->> 'team_id') t from jsonb_array_elements(shared_teams(kept) || shared_teams(merged)) t
    where (t ->> 'team_id')::int = any (share.teams) order by t ->> 'team_id', t ->> 'agreed_on' desc) x);
  perform set_sharing(kept, share.level, teams);
  -- After the sharing, so that nobody sees for a moment what they may not.
  update person_merge d set moved = move_rows(merged, kept, null) where d.id = merge_id;
  insert into person_former (person_id, merge_id, nhs_number, surname, given, known_as, birth_date, postcode, phone, other_phone)
  select kept, merge_id, f.nhs_number, f.surname, f.given, f.known_as, f.birth_date, f.postcode, f.phone, f.other_phone
  from (select m.* union all select k.*) f join person p on p.id = kept
  where f.id = merged or (f.nhs_number, f.surname, f.given, f.known_as, f.birth_date, f.postcode, f.phone, f.other_phone)
    is distinct from (p.nhs_number, p.surname, p.given, p.known_as, p.birth_date, p.postcode, p.phone, p.other_phone);
  update person_merge d set moving = null,
    after = jsonb_build_object('kept', (select to_jsonb(p) from person p where p.id = kept), 'kept_teams', shared_teams(kept))
  where d.id = merge_id;
end $$;

-- Rows of the kept record that were made since the merge, as rows_of() gives them.
create function rows_since_merge(which uuid) returns jsonb language plpgsql stable security definer
set search_path = public, pg_temp as $$
declare d person_merge; place text; found jsonb; fresh jsonb; result jsonb := '{}';
begin
  select * into d from person_merge where id = which;
  perform may_merge(d.kept_id, d.merged_id);
  for place, found in select e.key, e.value from jsonb_each(rows_of(d.kept_id)) e loop
    continue when place in ('person.merged_into', 'person_former.person_id');
    select jsonb_agg(k.item) into fresh from jsonb_array_elements(found) k(item)
    where k.item not in (select jsonb_array_elements(d.own -> place))
      and k.item not in (select jsonb_array_elements(d.moved -> place));
    if fresh is not null then
      result := result || jsonb_build_object(place, fresh);
    end if;
  end loop;
  return result;
end $$;

-- Two records again. Every row that the merge moved, and that is still where the merge put it, goes back; of those made
-- since, the ones in ``also``. A fact of identity goes back unless somebody changed it since.
create function part_people(which uuid, why text, also jsonb default '{}') returns void language plpgsql security definer
set search_path = public, pg_temp as $$
declare
  d person_merge; now_kept person; back jsonb; restored person; share record; extra jsonb;
begin
  select * into d from person_merge where id = which;
  if d.id is null then
    raise exception 'no such merge' using errcode = 'insufficient_privilege', constraint = 'merging_is_shared_with_me';
  end if;
  perform lock_people(d.kept_id, d.merged_id);
  select * into d from person_merge where id = which for update;
  perform may_merge(d.kept_id, d.merged_id);
  if d.undone_at is not null then
    raise exception 'parted' using errcode = 'check_violation', constraint = 'parting_once';
  end if;
  select * into now_kept from person where id = d.kept_id;
  if now_kept.merged_into is not null then
    raise exception 'merged further' using errcode = 'check_violation', constraint = 'parting_in_turn';
  end if;
  extra := case when also = '{}' then also else rows_since_merge(which) end;
  update person_merge set undone_at = now(), undone_by = session_user, undone_reason = why, moving = pg_current_xact_id(),
    revision = revision + 1 where id = which;
  delete from person_former where merge_id = which;
  -- The kept record first: a number that it carried must be free before it goes back.
  select jsonb_object_agg(a.key, d.before -> 'kept' -> a.key) into back
  from jsonb_each(d.after -> 'kept') a
  where a.value is distinct from d.before -> 'kept' -> a.key and a.value = to_jsonb(now_kept) -> a.key
    and a.key not in ('id', 'revision', 'sharing_level', 'merged_into', 'registered_at', 'registered_by')
    and a.key not like '%\_key';
  restored := jsonb_populate_record(now_kept, coalesce(back, '{}'));
  update person set
    (surname, given, title, known_as, birth_date, gender, nhs_number, nhs_status, address, postcode, ward_code, phone,
     other_phone, email, language, interpreter, communication, access_notes, practice_code, deceased_on, risk_score,
     risk_tier, revision)
    = (restored.surname, restored.given, restored.title, restored.known_as, restored.birth_date, restored.gender,
       restored.nhs_number, restored.nhs_status, restored.address, restored.postcode, restored.ward_code, restored.phone,
       restored.other_phone, restored.email, restored.language, restored.interpreter, restored.communication,
       restored.access_notes, restored.practice_code, restored.deceased_on, restored.risk_score, restored.risk_tier,
       now_kept.revision + 1)
  where id = d.kept_id;
  update person set merged_into = null, revision = revision + 1,
    nhs_number = case when (d.before -> 'merged' ->> 'nhs_number') = restored.nhs_number then null
                      else d.before -> 'merged' ->> 'nhs_number' end
  where id = d.merged_id;
  if (now_kept.sharing_level, shared_teams(d.kept_id)) = (d.after -> 'kept' ->> 'sharing_level', d.after -> 'kept_teams') then
    perform set_sharing(d.kept_id, d.before -> 'kept' ->> 'sharing_level', d.before -> 'kept_teams');
  else
    -- The agreement was changed since, by somebody who meant this person: neither record is shown to more than that.
    select * into share from stricter_sharing(
      now_kept.sharing_level, array(select team_id from person_sharing where person_id = d.kept_id),
      d.before -> 'merged' ->> 'sharing_level', array(select (t ->> 'team_id')::int from jsonb_array_elements(d.before -> 'merged_teams') t));
    perform set_sharing(d.merged_id, share.level, (
      select coalesce(jsonb_agg(t), '[]') from (
        select distinct on (t ->> 'team_id') t from jsonb_array_elements(shared_teams(d.kept_id) || (d.before -> 'merged_teams')) t
        where (t ->> 'team_id')::int = any (share.teams) order by t ->> 'team_id') x));
  end if;
  perform move_rows(d.kept_id, d.merged_id, d.moved);
  -- What was asked for besides, as far as it was made since the merge.
  select jsonb_object_agg(e.key, (select coalesce(jsonb_agg(k.item), '[]') from jsonb_array_elements(e.value) k(item)
                                  where also -> e.key @> jsonb_build_array(k.item))) into extra
  from jsonb_each(extra) e where also ? e.key;
  update person_merge set moving = null, undone_with = case when extra is null then '{}' else move_rows(d.kept_id, d.merged_id, extra) end
  where id = which;
end $$;

-- For a screen that compares two records: what would move, and what is in the way.
create function merge_preview(kept uuid, merged uuid) returns jsonb language plpgsql stable security definer
set search_path = public, pg_temp as $$
begin
  perform may_merge(kept, merged);
  return jsonb_build_object(
    'obstacles', to_jsonb(merge_obstacles(kept, merged)),
    'moves', (select coalesce(jsonb_object_agg(split_part(e.key, '.', 1), jsonb_array_length(e.value)), '{}')
              from jsonb_each(rows_of(merged)) e where e.key not in ('person.merged_into', 'person_former.person_id')));
end $$;

grant execute on function merge_people(uuid, uuid, uuid, text, text[], int, int), part_people(uuid, text, jsonb),
  merge_preview(uuid, uuid), rows_since_merge(uuid) to care_coordinator, team_lead, ig_lead;

-- ---------------------------------------------------------------- who sees it

alter table person_merge enable row level security;
alter table person_former enable row level security;
create policy shared_with_me on person_merge for select to centre_user
  using ((select my_role()) not in ('administrator') and kept_id <> all ((select hidden_people('detail'))::uuid[])
         and merged_id <> all ((select hidden_people('detail'))::uuid[]));
create policy shared_with_me on person_former for select to centre_user
  using ((select my_role()) not in ('administrator') and person_id <> all ((select hidden_people('record'))::uuid[]));

create trigger watch after insert or update or delete on person_merge
  for each row execute function audit.watch('people', 'kept_id', 'kept_id');
create trigger watch after insert or update or delete on person_former
  for each row execute function audit.watch('people', 'person_id', 'person_id');

grant select on person_merge, person_former to centre_user;

-- Referrals of nobody known yet are looked through for one that says the same.
create index referral_of_nobody on referral (received_at) where person_id is null;
