-- Sharing that is agreed with the person, dated and kept (R2); emergency access, "break glass" (R3).
--
-- Whoever asks "why could they?" of an entry of the audit trail finds emergency access in two ways:
--   * audit.entry.columns of a view, print or export under it holds 'emergency_access:<id>' (written before the entry is
--     sealed, by mark_emergency());
--   * of changes, and of anything else: emergency_access e where e.by_user = entry.actor and e.person_id = entry.person_id
--     and entry.at between e.began_at and coalesce(e.ended_at, e.ends_at). e.kind is the coded reason, e.words the words.
-- emergency_access: id, person_id, by_user, by_role, by_team, shut ('record' | 'detail': what the usual rights kept back),
-- kind, words, began_at, ends_at (when it ends by itself), ended_at and ended_by (earlier, by hand), lookup_id, transaction.

-- ---------------------------------------------------------------- emergency access

insert into setting (name, value) values
  ('emergency.minutes', '60'), ('emergency.review_days', '3'), ('emergency.lookups', '10')
on conflict (name) do nothing;
alter table setting add constraint setting_keeps_emergency_limits check (case name
  when 'emergency.minutes' then whole_between(value, 5, 240)
  when 'emergency.review_days' then whole_between(value, 1, 31)
  when 'emergency.lookups' then whole_between(value, 1, 100)
  else true end);
create function emergency_setting(of_name text) returns int language sql stable security definer set search_path = public, pg_temp
return coalesce((select (s.value #>> '{}')::int from setting s where s.name = of_name),
                case of_name when 'emergency.minutes' then 60 when 'emergency.review_days' then 3 else 10 end);
grant execute on function emergency_setting(text) to centre_user;

-- Whoever cares for people directly. Not managers, not the information-governance lead, who reviews it, and no administrator.
create function cares_directly() returns boolean language sql stable security definer set search_path = public, pg_temp
return coalesce(my_role() in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead'), false);
grant execute on function cares_directly() to centre_user;

-- A record that is hidden must be found in an emergency, and nobody learns from looking who is registered: what was asked
-- for is exact, counted, and written down before it is answered. What was typed is not kept.
create table emergency_lookup (
  id uuid primary key,
  by_user text not null default session_user references user_account,
  at timestamptz not null default now(),
  by_what text not null check (by_what in ('nhs_number', 'name_and_birth')),
  person_id uuid references person,
  several boolean not null default false,
  transaction xid8 not null default pg_current_xact_id()
);
create index emergency_lookup_by on emergency_lookup (by_user, at);
create index emergency_lookup_person on emergency_lookup (person_id) where person_id is not null;

create table emergency_access (
  id uuid primary key,
  person_id uuid not null references person,
  by_user text not null default session_user references user_account,
  by_role text not null,
  by_team int references team,
  shut text not null check (shut in ('record', 'detail')),
  kind text not null constraint emergency_has_kind
    check (kind in ('life_at_risk', 'serious_harm', 'safeguarding', 'urgent_discharge', 'cannot_be_asked', 'other')),
  words text not null constraint emergency_has_words check (length(btrim(words)) between 10 and 2000),
  began_at timestamptz not null default now(),
  ends_at timestamptz not null,
  ended_at timestamptz,
  ended_by text references user_account,
  lookup_id uuid references emergency_lookup,
  transaction xid8 not null default pg_current_xact_id(),
  constraint emergency_ends check (ends_at > began_at and ends_at <= began_at + interval '4 hours'),
  constraint emergency_ending_is_whole check ((ended_at is null) = (ended_by is null)),
  constraint emergency_access_of_user unique (id, by_user)
);
create index emergency_access_person on emergency_access (person_id, began_at);
create index emergency_access_in_force on emergency_access (by_user, ends_at) include (person_id) where ended_at is null;
create index emergency_access_began on emergency_access (began_at);

-- What this login has in force. Not in the transaction that wrote it: it would leave no trace once that is rolled back.
-- By the time of the statement: a transaction that is kept open keeps nothing open.
create view my_emergency as
  select e.id, e.person_id, e.shut, e.kind, e.began_at, e.ends_at from emergency_access e
  where e.by_user = session_user and e.ended_at is null and e.ends_at > statement_timestamp()
    and e.by_role = (select my_role()) and e.transaction is distinct from pg_current_xact_id_if_assigned();
grant select on my_emergency to centre_user;

-- Whether this login has emergency access to one person.
create function emergency_into(person uuid) returns boolean language sql stable security definer set search_path = public, pg_temp
return exists (select 1 from my_emergency e where e.person_id = person);
grant execute on function emergency_into(uuid) to centre_user;

-- R2, R3. As before (0015, 0018, 0014, 0025, 0008), without the people whom this login has emergency access to: asked once a
-- query, and of nobody where there is none.
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
create or replace view hidden_detail_from_me as
  select p.id from person p
  where p.sharing_level <> 'everything'
    and not exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = (select my_team()))
    and p.id <> all (array(select e.person_id from my_emergency e));
create or replace view agreed_with_my_team as
  select s.person_id from person_sharing s where s.team_id = (select my_team())
  union all
  select e.person_id from my_emergency e;
create or replace function hidden_people(level text) returns uuid[] language sql stable security definer
set search_path = public, pg_temp
return coalesce((
  with hidden as (
    select p.id from person p
    where (p.sharing_level = 'named_teams' or (level = 'detail' and p.sharing_level = 'summary'))
      and not exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = my_team())
      and p.id <> all (array(select e.person_id from my_emergency e)))
  select array_agg(h.id) from (
    select id from hidden union select p.id from hidden k join person p on p.merged_into = k.id) h),
  '{}');
create or replace function original_is_hidden(which uuid) returns boolean language sql stable security definer
set search_path = public, pg_temp
begin atomic
  select exists (
    select 1 from message m left join contact c on c.id = m.contact_id left join referral r on r.id = m.referral_id
      join person p on p.id in (m.person_id, c.person_id, r.person_id)
    where m.original_id = which and p.sharing_level = 'named_teams'
      and not exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = my_team())
      and not emergency_into(p.id));
end;

-- What the usual rights keep back from this login: 'record', 'detail', or null. Emergency access does not count.
create function kept_back_by_rights(which uuid) returns text language sql stable security definer set search_path = public, pg_temp
return (select case p.sharing_level when 'named_teams' then 'record' when 'summary' then 'detail' end from person p
        where p.id = which and not exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = my_team()));

-- A look by what identifies somebody exactly. Its answer is asked for afterwards: see emergency_answer().
create function emergency_look(which uuid, number text, with_surname text, with_given text, born date) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  those uuid[]; exact boolean := nhs_number_holds(number); asked_by text;
begin
  if not cares_directly() then
    raise exception 'not a role of direct care' using errcode = 'insufficient_privilege', constraint = 'emergency_is_for_direct_care';
  end if;
  if not coalesce(exact, false) and (fold(coalesce(with_surname, '')) = '' or fold(coalesce(with_given, '')) = '' or born is null) then
    raise exception 'not exact' using errcode = 'check_violation', constraint = 'emergency_lookup_is_exact';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('emergency_look ' || session_user, 0));
  select l.by_user into asked_by from emergency_lookup l where l.id = which;
  if asked_by is not null then
    return;  -- sent twice
  end if;
  if (select count(*) from emergency_lookup l where l.by_user = session_user and l.at > clock_timestamp() - interval '1 hour')
     >= emergency_setting('emergency.lookups') then
    raise exception 'too many' using errcode = 'check_violation', constraint = 'emergency_lookups_are_few';
  end if;
  if exact then
    those := array(select p.id from person p where p.nhs_number = number
                   union select f.person_id from person_former f where f.nhs_number = number);
  else
    those := array(select p.id from person p where p.surname_key collate "C" = fold(with_surname) collate "C"
                   and p.given_key collate "C" = fold(with_given) collate "C" and p.birth_date = born and p.merged_into is null
                   limit 3);
  end if;
  insert into emergency_lookup (id, by_user, at, by_what, person_id, several)
  values (which, session_user, clock_timestamp(), case when exact then 'nhs_number' else 'name_and_birth' end,
          case when cardinality(those) = 1 then kept_person(those[1]) end, cardinality(those) > 1);
end $$;

-- What a look found: 'nobody'; 'several' (only a number tells which); 'shared' (the record is there for this login, with its
-- id); 'not_shared', with initials and nothing else. Not in the transaction that asked: whoever asks leaves a trace.
create function emergency_answer(which uuid) returns table (answer text, person_id uuid, initials text)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select case when l.several then 'several' when p.id is null then 'nobody'
              when kept_back_by_rights(p.id) = 'record' and not emergency_into(p.id) then 'not_shared' else 'shared' end,
         case when kept_back_by_rights(p.id) is distinct from 'record' or emergency_into(p.id) then p.id end,
         case when p.id is not null then left(p.given, 1) || left(p.surname, 1) end
  from emergency_lookup l left join person p on p.id = l.person_id
  where l.id = which and l.by_user = session_user and l.at > statement_timestamp() - interval '30 minutes'
    and l.transaction is distinct from pg_current_xact_id_if_assigned() and cares_directly();
end;

-- R3. Open one person's record to this login for a while. The person is told by ``about``, or by an earlier look: whose
-- record is hidden altogether is opened by a look only, because ids of hidden people can be listed.
create function break_glass(which uuid, about uuid, by_lookup uuid, of_kind text, in_words text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  asked uuid := about; shuts text;
begin
  if not cares_directly() then
    raise exception 'not a role of direct care' using errcode = 'insufficient_privilege', constraint = 'emergency_is_for_direct_care';
  end if;
  if exists (select 1 from emergency_access e where e.id = which and e.by_user = session_user) then
    return;  -- sent twice
  end if;
  if by_lookup is not null then
    select l.person_id into asked from emergency_lookup l
    where l.id = by_lookup and l.by_user = session_user and l.at > clock_timestamp() - interval '30 minutes'
      and l.transaction <> pg_current_xact_id();
  end if;
  asked := kept_person(asked);
  perform 1 from person p where p.id = asked for key share;
  if not found then
    raise exception 'nobody' using errcode = 'foreign_key_violation', constraint = 'emergency_access_person_id_fkey';
  end if;
  if exists (select 1 from emergency_access e where e.by_user = session_user and e.person_id = asked and e.ended_at is null
             and e.ends_at > clock_timestamp()) then
    raise exception 'in force' using errcode = 'check_violation', constraint = 'emergency_is_in_force';
  end if;
  shuts := kept_back_by_rights(asked);
  if shuts is null then
    raise exception 'not needed' using errcode = 'check_violation', constraint = 'emergency_is_needed';
  end if;
  if shuts = 'record' and by_lookup is null then
    raise exception 'look first' using errcode = 'check_violation', constraint = 'emergency_is_looked_for';
  end if;
  insert into emergency_access (id, person_id, by_user, by_role, by_team, shut, kind, words, began_at, ends_at, lookup_id)
  values (which, asked, session_user, my_role(), my_team(), shuts, of_kind, btrim(in_words), clock_timestamp(),
          clock_timestamp() + emergency_setting('emergency.minutes') * interval '1 minute', by_lookup);
end $$;

-- Earlier than by itself: by whoever has it, or by the information-governance lead.
create function end_emergency(which uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare whose uuid;
begin
  update emergency_access e set ended_at = least(clock_timestamp(), e.ends_at), ended_by = session_user
  where e.id = which and e.ended_at is null and e.ends_at > clock_timestamp()
    and (e.by_user = session_user or my_role() = 'ig_lead')
  returning e.person_id into whose;
  if whose is not null then
    perform tell_of_person(whose);  -- whatever is open of this person on the desk that had it
  end if;
end $$;
grant execute on function emergency_look(uuid, text, text, text, date), emergency_answer(uuid),
  break_glass(uuid, uuid, uuid, text, text), end_emergency(uuid) to centre_user;

-- Nothing about it changes but its end.
create function guard_emergency() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if is_owner() or (tg_op = 'UPDATE' and old.person_id <> new.person_id and moves_with_merge(old.person_id, new.person_id)) then
    return new;
  end if;
  if tg_op = 'DELETE' or to_jsonb(old) - array['ended_at', 'ended_by'] <> to_jsonb(new) - array['ended_at', 'ended_by']
     or old.ended_at is not null then
    raise exception 'it is kept as it was' using errcode = 'check_violation', constraint = 'emergency_is_kept';
  end if;
  return new;
end $$;
create trigger guard before update or delete on emergency_access for each row execute function guard_emergency();

-- Two records do not become one by somebody who sees one of them in an emergency only.
create function guard_merge_in_emergency() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not is_owner() and (emergency_into(new.kept_id) or emergency_into(new.merged_id)) then
    raise exception 'not shared' using errcode = 'insufficient_privilege', constraint = 'merging_is_shared_with_me';
  end if;
  return new;
end $$;
create trigger guard_emergency before insert on person_merge for each row execute function guard_merge_in_emergency();

-- R4. A view, print or export under emergency access says so, and is sealed with it.
create function audit.mark_emergency() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare under uuid;
begin
  select e.id into under from my_emergency e where e.person_id = new.person_id limit 1;
  if under is not null then
    new.columns := new.columns || array['emergency_access:' || under];
  end if;
  return new;
end $$;
create trigger mark_emergency before insert on audit.entry for each row
  when (new.person_id is not null and new.action in ('view', 'print', 'export')) execute function audit.mark_emergency();

-- ---------------------------------------------------------------- its review

create table emergency_review (
  id uuid primary key,
  access_id uuid not null,
  broke_by text not null,
  number smallint not null check (number >= 1),      -- the first, the second, … of this access; the last one stands
  outcome text not null check (outcome in ('appropriate', 'inappropriate', 'needs_action', 'withdrawn')),
  note text not null default '' check (length(note) <= 2000),
  told text not null default '' check (told in ('', 'told', 'not_yet', 'not_told')),
  told_why text not null default '' check (length(told_why) <= 500),
  reviewed_at timestamptz not null default now(),
  reviewed_by text not null default session_user references user_account,
  constraint emergency_review_once unique (access_id, number),
  constraint emergency_review_of_access foreign key (access_id, broke_by) references emergency_access (id, by_user),
  constraint emergency_review_by_another check (reviewed_by <> broke_by),
  constraint emergency_review_has_note check (outcome not in ('inappropriate', 'needs_action') or length(btrim(note)) >= 5),
  constraint emergency_review_says_told check ((outcome = 'withdrawn') = (told = '')),
  constraint emergency_review_says_why_not check (told <> 'not_told' or length(btrim(told_why)) >= 5)
);
create index emergency_review_access on emergency_review (access_id, number);

create function guard_emergency_review() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op <> 'INSERT' then
    if is_owner() then return coalesce(new, old); end if;
    raise exception 'it is kept as it was' using errcode = 'check_violation', constraint = 'emergency_review_is_kept';
  end if;
  select e.by_user into new.broke_by from emergency_access e where e.id = new.access_id for key share;
  if not is_owner() and new.number <> 1 + coalesce((select max(r.number) from emergency_review r where r.access_id = new.access_id), 0) then
    raise exception 'reviewed meanwhile' using errcode = 'unique_violation', constraint = 'emergency_review_once';
  end if;
  return new;
end $$;
create trigger guard before insert or update or delete on emergency_review for each row execute function guard_emergency_review();
create trigger stamp before insert or update on emergency_review for each row execute function stamp('reviewed_by', 'reviewed_at');

-- The list: everything for whoever reviews it and for managers; a team lead sees that there was one in their team, when and
-- of which kind, and what came of it: not whose record it was, nor anybody's words.
create function emergency_list(of_state text, most int)
returns table (id uuid, person_id uuid, initials text, by_user text, by_name text, by_role text, team text, shut text,
               kind text, words text, began_at timestamptz, ends_at timestamptz, ended_at timestamptz, in_force boolean,
               due_at timestamptz, reviews int, outcome text, note text, told text, told_why text, reviewed_at timestamptz,
               reviewed_by_name text, views int, changes int)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  with me as (select my_role() as role, my_team() as team_id)
  select e.id, case when me.role <> 'team_lead' then e.person_id end,
         case when me.role <> 'team_lead' then left(p.given, 1) || left(p.surname, 1) else '' end,
         e.by_user, u.display_name, e.by_role, coalesce(t.name, ''), e.shut, e.kind,
         case when me.role <> 'team_lead' then e.words else '' end,
         e.began_at, e.ends_at, e.ended_at, e.ended_at is null and e.ends_at > statement_timestamp(),
         e.began_at + emergency_setting('emergency.review_days') * interval '1 day',
         coalesce(r.number, 0)::int, coalesce(nullif(r.outcome, 'withdrawn'), ''),
         case when me.role <> 'team_lead' then coalesce(r.note, '') else '' end,
         coalesce(r.told, ''), case when me.role <> 'team_lead' then coalesce(r.told_why, '') else '' end,
         r.reviewed_at, coalesce(v.display_name, ''), coalesce(d.views, 0)::int, coalesce(d.changes, 0)::int
  from me, emergency_access e
    join person p on p.id = e.person_id
    join user_account u on u.user_name = e.by_user
    left join team t on t.id = e.by_team
    left join lateral (select * from emergency_review x where x.access_id = e.id order by x.number desc limit 1) r on true
    left join user_account v on v.user_name = r.reviewed_by
    left join lateral (
      select count(*) filter (where a.action in ('view', 'print', 'export')) as views,
             count(*) filter (where a.action in ('insert', 'update', 'delete') and a.area <> 'emergency_access') as changes
      from audit.entry a
      where a.person_id = e.person_id and a.actor = e.by_user
        and a.at between e.began_at and coalesce(e.ended_at, e.ends_at)) d on true
  where (me.role in ('ig_lead', 'manager') or (me.role = 'team_lead' and e.by_team = me.team_id))
    and case of_state when 'awaiting' then coalesce(r.outcome, 'withdrawn') = 'withdrawn'
                      when 'reviewed' then coalesce(r.outcome, 'withdrawn') <> 'withdrawn' else true end
  order by (coalesce(r.outcome, 'withdrawn') = 'withdrawn') desc,
           case when coalesce(r.outcome, 'withdrawn') = 'withdrawn' then e.began_at end, e.began_at desc, e.id
  limit least(most, 1000);
end;

-- What was looked at and changed under one access: areas, counts and ids, no content.
create function emergency_deeds(which uuid) returns table (action text, area text, many int, records text[], first_at timestamptz)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select a.action, a.area, count(*)::int, (array_agg(distinct a.record))[1:20], min(a.at)
  from emergency_access e join audit.entry a
    on a.actor = e.by_user and a.at between e.began_at and coalesce(e.ended_at, e.ends_at)
   and (a.person_id = e.person_id
        or (a.person_id is null and a.record in (select c.id::text from care_plan c where c.person_id = e.person_id)))
  where e.id = which and a.area <> 'emergency_access' and my_role() in ('ig_lead', 'manager')
  group by a.action, a.area order by min(a.at), a.area;
end;
grant execute on function emergency_list(text, int), emergency_deeds(uuid) to centre_user;

-- On the record, for all who may see the record: who, when, which kind. The words are the reviewer's.
create view emergency_on_record as
  select e.id, e.person_id, e.by_user, e.kind, e.shut, e.began_at, coalesce(e.ended_at, e.ends_at) as until
  from emergency_access e
  where coalesce((select my_role()) not in ('administrator'), false)
    and not exists (select 1 from hidden_from_me h where h.id = e.person_id);
grant select on emergency_on_record to centre_user;

alter table emergency_lookup enable row level security;
alter table emergency_access enable row level security;
alter table emergency_review enable row level security;
create policy reviewing on emergency_lookup for select to ig_lead using ((select my_role()) = 'ig_lead');
create policy mine_or_reviewing on emergency_access for select to centre_user
  using ((by_user = session_user and (select my_role()) is not null) or (select my_role()) in ('ig_lead', 'manager'));
create policy reading on emergency_review for select to centre_user using ((select my_role()) in ('ig_lead', 'manager'));
create policy reviewing on emergency_review for insert to ig_lead with check ((select my_role()) = 'ig_lead');
grant select on emergency_lookup to ig_lead;
grant select on emergency_access, emergency_review to centre_user;
grant insert on emergency_review to ig_lead;

create trigger watch after insert or update or delete on emergency_lookup
  for each row execute function audit.watch('governance', 'id', 'person_id');
create trigger watch after insert or update or delete on emergency_access
  for each row execute function audit.watch('people', 'person_id', 'person_id');
create trigger watch after insert or update or delete on emergency_review
  for each row execute function audit.watch('governance', 'access_id', '');
create function tell_reviewers() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  perform pg_notify('centre', 'governance:' || new.id);
  return null;
end $$;
create trigger tell_reviewers after insert or update on emergency_access for each row execute function tell_reviewers();

-- ---------------------------------------------------------------- sharing, agreed with the person

create table sharing_agreement (
  id uuid primary key,
  person_id uuid not null references person,
  follows uuid references sharing_agreement,          -- the one that stood when this one was written down
  level text not null check (level in ('everything', 'summary', 'named_teams')),
  teams int[] not null default '{}',
  was_level text not null default 'everything' check (was_level in ('everything', 'summary', 'named_teams')),
  was_teams int[] not null default '{}',
  agreed_on date not null default current_date,
  how text not null check (how in ('in_person', 'phone', 'representative', 'best_interests', 'taken_back')),
  authority text not null default '' check (authority in ('', 'lasting_power', 'deputy', 'parent')),
  representative text not null default '' check (length(representative) <= 200),
  reason text not null default '' check (length(reason) <= 2000),
  takes_back uuid references sharing_agreement,
  gained boolean not null default false,              -- it opened the record further to whoever wrote it down
  recorded_at timestamptz not null default now(),
  recorded_by text not null default session_user,
  constraint sharing_representative_has_authority
    check (how <> 'representative' or (authority <> '' and btrim(representative) <> '')),
  constraint sharing_best_interests_has_reason check (how <> 'best_interests' or length(btrim(reason)) >= 10),
  constraint sharing_named_teams_are_named check (level <> 'named_teams' or cardinality(teams) between 1 and 200 or how = 'taken_back'),
  constraint sharing_everything_names_no_teams check (level <> 'everything' or cardinality(teams) = 0 or how = 'taken_back'),
  constraint sharing_taken_back_is_whole check ((how = 'taken_back') = (takes_back is not null))
);
create index sharing_agreement_person on sharing_agreement (person_id, recorded_at);
create index sharing_agreement_gained on sharing_agreement (recorded_at) where gained;

create function guard_sharing_agreement() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  p person; last sharing_agreement; had int[];
begin
  if tg_op = 'DELETE' then
    if is_owner() then return old; end if;
    raise exception 'it is kept as it was' using errcode = 'check_violation', constraint = 'sharing_is_kept';
  elsif tg_op = 'UPDATE' then
    if is_owner() or (old.person_id <> new.person_id and moves_with_merge(old.person_id, new.person_id)
                      and to_jsonb(old) - 'person_id' = to_jsonb(new) - 'person_id') then
      return new;
    end if;
    raise exception 'it is kept as it was' using errcode = 'check_violation', constraint = 'sharing_is_kept';
  end if;
  select * into p from person where id = new.person_id for no key update;
  select * into last from sharing_agreement a where a.person_id = new.person_id order by a.recorded_at desc, a.id desc limit 1;
  if new.follows is distinct from last.id then
    raise exception 'agreed meanwhile' using errcode = 'check_violation', constraint = 'sharing_as_seen';
  end if;
  had := array(select s.team_id from person_sharing s where s.person_id = new.person_id order by 1);
  new.teams := array(select distinct unnest(new.teams) order by 1);
  if exists (select 1 from unnest(new.teams) w(id) where not exists (select 1 from team t where t.id = w.id)) then
    raise exception 'no such team' using errcode = 'foreign_key_violation', constraint = 'sharing_teams_are_there';
  end if;
  if new.takes_back is not null then
    if new.takes_back is distinct from last.id
       or (not is_owner() and (last.recorded_by <> session_user or last.recorded_at < now() - interval '30 minutes')) then
      raise exception 'not the last one' using errcode = 'check_violation', constraint = 'sharing_takes_back_own';
    end if;
    new.level := last.was_level;
    new.teams := last.was_teams;
  elsif not is_owner() and kept_back_by_rights(new.person_id) = 'record' then
    -- Emergency access opens a record; it does not change with whom the person shares.
    raise exception 'not shared' using errcode = 'insufficient_privilege', constraint = 'sharing_is_shared_with_me';
  end if;
  if new.agreed_on > (now() at time zone 'Europe/London')::date then
    raise exception 'still to come' using errcode = 'check_violation', constraint = 'sharing_agreed_by_today';
  end if;
  new.was_level := p.sharing_level;
  new.was_teams := had;
  new.gained := new.takes_back is null and kept_back_by_rights(new.person_id) is not null
    and (new.level = 'everything' or my_team() = any (new.teams));
  return new;
end $$;
create trigger guard before insert or update or delete on sharing_agreement for each row execute function guard_sharing_agreement();
create trigger stamp before insert or update on sharing_agreement for each row
  when (not is_merging(new.person_id)) execute function stamp('recorded_by', 'recorded_at');

-- Every desk that has something of this person open reads it again: whatever table is watched and says whose a row is.
-- Ids only, as ever.
create function tell_of_person(which uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare r record;
begin
  for r in
    select t.tgrelid::regclass as tab, string_to_array(encode(t.tgargs, 'escape'), '\000') as args
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where t.tgname = 'watch' and c.relnamespace = 'public'::regnamespace
  loop
    if r.args[3] <> '' then
      execute format('select pg_notify(''centre'', %L || k.key) from (select distinct %I::text as key from %s where %I = $1 limit 500) k',
                     r.args[1] || ':', r.args[2], r.tab, r.args[3]) using which;
    end if;
  end loop;
end $$;

create function apply_sharing() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform set_sharing(new.person_id, new.level, (
    select coalesce(jsonb_agg(jsonb_build_object('team_id', t.id, 'agreed_on', new.agreed_on, 'recorded_by', new.recorded_by)), '[]')
    from unnest(new.teams) t(id)));
  perform tell_of_person(new.person_id);
  return null;
end $$;
create trigger apply after insert on sharing_agreement for each row execute function apply_sharing();
create trigger watch after insert or update or delete on sharing_agreement
  for each row execute function audit.watch('people', 'person_id', 'person_id');

alter table sharing_agreement enable row level security;
create policy shared_with_me on sharing_agreement for select to centre_user
  using (coalesce((select my_role()) not in ('administrator'), false)
         and not exists (select 1 from hidden_from_me h where h.id = person_id));
create policy agreeing on sharing_agreement for insert to centre_user
  with check ((select my_role()) in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead', 'ig_lead'));
grant select on sharing_agreement to centre_user;
grant insert on sharing_agreement to care_coordinator, placement_coordinator, trusted_assessor, team_lead, ig_lead;

-- From now on a level changes with an agreement that says so, or with a merge, and in no other way.
revoke insert, delete on person_sharing from care_coordinator, trusted_assessor, ig_lead;
create function guard_sharing_level() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if current_user = session_user and not is_owner() then
    raise exception 'write down what was agreed' using errcode = 'check_violation', constraint = 'sharing_is_agreed';
  end if;
  return new;
end $$;
create trigger guard_sharing before update of sharing_level on person for each row
  when (old.sharing_level is distinct from new.sharing_level) execute function guard_sharing_level();
create trigger guard_sharing_insert before insert on person for each row
  when (new.sharing_level <> 'everything') execute function guard_sharing_level();

select follow_merges();

-- ---------------------------------------------------------------- what a team would see

-- The answer comes from the policies themselves. A role that owns nothing, and is no user, reads as the login that asks; for
-- a moment, in a subtransaction that is always taken back, that login belongs to another team and role, and the person
-- shares at another level. Nothing of it is ever committed, and nobody else sees it.

do $$
begin
  create role centre_preview nologin;
exception when duplicate_object or unique_violation then null;  -- another database of this server made it
end $$;

create function preview_pretend(which uuid, as_level text, with_teams int[], as_team int, as_role text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update emergency_access e set ended_at = e.began_at, ended_by = e.by_user
  where e.by_user = session_user and e.person_id = which and e.ended_at is null;   -- the usual rights only
  if as_level is not null then
    perform set_sharing(which, as_level, (
      select coalesce(jsonb_agg(jsonb_build_object('team_id', t.id, 'agreed_on', current_date, 'recorded_by', session_user)), '[]')
      from unnest(with_teams) t(id)));
  end if;
  update user_account u set role = as_role, team_id = as_team,
    locality = (select t.locality from team t where t.id = as_team)
  where u.user_name = session_user;
  if not pg_has_role(session_user, as_role, 'member') then
    execute format('grant %I to %I', as_role, session_user);
  end if;
  execute format('grant %I to centre_preview', as_role);
end $$;

-- Tables with something about a person, and how many rows: as the owner counts them.
create function preview_rows(which uuid) returns table (tab regclass, col name, many int) language plpgsql stable security definer
set search_path = public, pg_temp as $$
begin
  tab := 'person'; col := 'id'; many := 1;
  return next;
  for tab, col in select r.tab, min(r.col) from person_references() r where r.tab <> 'person'::regclass and r.col = 'person_id' group by r.tab loop
    execute format('select count(*) from (select from %s where %I = $1 limit 1000) x', tab, col) into many using which;
    return next;
  end loop;
end $$;

-- What the policies for reading say of a row about this person that is not there yet. Null where they ask for more than
-- whose it is.
create function preview_says(tab regclass, col name, which uuid) returns boolean language plpgsql set search_path = public, pg_temp as $$
declare allows text; forbids text; said boolean;
begin
  select string_agg('(' || pg_get_expr(p.polqual, p.polrelid) || ')', ' or ') filter (where p.polpermissive),
         string_agg('(' || pg_get_expr(p.polqual, p.polrelid) || ')', ' and ') filter (where not p.polpermissive)
    into allows, forbids
  from pg_policy p
  where p.polrelid = tab and p.polcmd in ('r', '*') and p.polqual is not null
    and exists (select 1 from unnest(p.polroles) r(id) where r.id = 0 or pg_has_role('centre_preview', r.id, 'usage'));
  if allows is null or not has_table_privilege('centre_preview', tab, 'select') then
    return false;
  end if;
  execute format('select (%s) and (%s) from (select (jsonb_populate_record(null::%s, jsonb_build_object(%L, $1))).*) %I',
                 allows, coalesce(forbids, 'true'), tab, col, (select c.relname from pg_class c where c.oid = tab))
    into said using which;
  return said;
exception when others then
  return null;
end $$;

-- {"person": "seen", "care_plan": "kept_back", …} as somebody of that team and role would have it. 'part': some rows.
create function preview_as(which uuid, parts jsonb, as_level text, with_teams int[], as_team int, as_role text) returns jsonb
language plpgsql set search_path = public, pg_temp as $$
declare
  r record; many int; said boolean; result jsonb := '{}';
begin
  begin
    perform preview_pretend(which, as_level, with_teams, as_team, as_role);
    for r in select e.key as tab, e.value ->> 'col' as col, (e.value ->> 'many')::int as many, (e.value ->> 'whole')::boolean as whole
             from jsonb_each(parts) e loop
      many := null;
      if r.many > 0 and r.whole and has_table_privilege('centre_preview', r.tab::regclass, 'select') then
        execute format('select count(*) from (select from %s where %I = $1 limit 1000) x', r.tab::regclass, r.col) into many using which;
      end if;
      if many is not null then
        result := result || jsonb_build_object(r.tab, case many when 0 then 'kept_back' when r.many then 'seen' else 'part' end);
      else
        said := preview_says(r.tab::regclass, r.col, which);
        result := result || jsonb_build_object(r.tab, case when said then 'seen' when not said then 'kept_back' else 'unknown' end);
      end if;
    end loop;
    raise exception using errcode = 'PV045';
  exception when sqlstate 'PV045' then null;
  end;
  return result;
end $$;

-- Table by table, for a team and a role: how it is now, and at each level. ``there``: rows, as far as this login sees them
-- all; null where it does not. ``with_teams`` are those that would be named.
create function sharing_preview(which uuid, as_team int, as_role text, with_teams int[])
returns table (tab text, there int, as_it_is text, everything text, summary text, named_teams text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  parts jsonb := '{}'; r record; mine int; four jsonb[];
begin
  if not row_security_active('person') then
    raise exception 'nothing keeps it back here' using errcode = 'insufficient_privilege', constraint = 'preview_stands_apart';
  end if;
  if as_role not in ('care_coordinator', 'placement_coordinator', 'team_lead', 'trusted_assessor', 'manager', 'ig_lead', 'administrator')
     or not exists (select 1 from person p where p.id = which) then
    raise exception 'not there' using errcode = 'insufficient_privilege', constraint = 'preview_is_of_what_i_see';
  end if;
  for r in select p.tab, p.col, p.many from preview_rows(which) p loop
    mine := 0;
    if has_table_privilege('centre_preview', r.tab, 'select') then
      execute format('select count(*) from (select from %s where %I = $1 limit 1000) x', r.tab, r.col) into mine using which;
    end if;
    parts := parts || jsonb_build_object(r.tab::text, jsonb_build_object('col', r.col, 'many', r.many, 'whole', mine = r.many));
  end loop;
  four := array[preview_as(which, parts, null, null, as_team, as_role),
                preview_as(which, parts, 'everything', '{}', as_team, as_role),
                preview_as(which, parts, 'summary', with_teams, as_team, as_role),
                preview_as(which, parts, 'named_teams', with_teams, as_team, as_role)];
  return query
    select e.key, case when (e.value ->> 'whole')::boolean then (e.value ->> 'many')::int end,
           four[1] ->> e.key, four[2] ->> e.key, four[3] ->> e.key, four[4] ->> e.key
    from jsonb_each(parts) e order by e.key;
end $$;

-- The role reads what users read, and owns this one function. Called again after a restore, which gives it to the owner.
create function keep_preview_apart() returns void language plpgsql set search_path = public, pg_temp as $$
begin
  execute 'grant centre_user to centre_preview';
  if not pg_has_role(current_user, 'centre_preview', 'set') then
    execute format('grant centre_preview to %I with set true, inherit false', current_user);
  end if;
  execute 'grant execute on function preview_pretend(uuid, text, int[], int, text), preview_rows(uuid),'
          ' preview_says(regclass, name, uuid), preview_as(uuid, jsonb, text, int[], int, text) to centre_preview';
  execute 'grant create on schema public to centre_preview';
  execute 'alter function sharing_preview(uuid, int, text, int[]) owner to centre_preview';
  execute 'revoke create on schema public from centre_preview';
end $$;
grant execute on function sharing_preview(uuid, int, text, int[]) to centre_user;
select keep_preview_apart();
