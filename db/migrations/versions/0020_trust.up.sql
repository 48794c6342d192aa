-- Trusted (A3): agreements, assessors, competencies, and why somebody may not sign. Relied on (A4): receipts of a signed
-- assessment at each team that gets it, what is asked or challenged, and the answer.

-- ---------------------------------------------------------------- agreements, assessors, competencies

-- What somebody must be able to do before they are trusted. Data: resources/reference/competencies.toml.
create table competency (
  code text primary key check (code ~ '^[a-z0-9_]{2,40}$'),
  name text not null unique check (name <> '' and length(name) <= 200),
  months int check (months between 1 and 120),       -- how long it usually holds; null: it does not run out
  position smallint not null
);

-- Who assesses for whom. In force from starts_on to ends_on, both in; due for review says the date, and ends nothing.
create table trust_agreement (
  id uuid primary key,
  name text not null constraint trust_agreement_name unique check (name <> '' and length(name) <= 200),
  assessing text not null check (assessing <> '' and length(assessing) <= 200),   -- the organisation that assesses
  receiving text not null check (receiving <> '' and length(receiving) <= 400),   -- those who rely on it
  services text[] not null check (cardinality(services) > 0),                     -- their services; '*' for all
  forms text[] not null check (cardinality(forms) > 0),                           -- '*' for all
  needs text not null default '' check (length(needs) <= 2000),
  competencies text[] not null default '{}',         -- every one of them is required
  if_flawed text not null default '' check (length(if_flawed) <= 4000),           -- what then happens
  contact text references user_account,              -- to whom a challenge goes, beside the assessor
  contact_words text not null default '' check (length(contact_words) <= 200),    -- how else they are reached
  starts_on date not null,
  review_on date not null,
  ends_on date,
  end_reason text not null default '' check (length(end_reason) <= 2000),
  recorded_at timestamptz not null default now(),
  recorded_by text not null default session_user,
  revision int not null default 1,
  constraint trust_agreement_reviewed_after_start check (review_on >= starts_on),
  constraint trust_agreement_ends_after_start check (ends_on >= starts_on - 1),
  constraint trust_agreement_end_has_reason check (ends_on is null or end_reason <> '')
);

create table assessor_competency (
  id uuid primary key,
  user_name text not null references user_account,
  competency text not null references competency,
  gained_on date not null,
  expires_on date,                                   -- the last day that it holds; null: it does not run out
  evidence text not null default '' check (length(evidence) <= 400),
  recorded_at timestamptz not null default now(),
  recorded_by text not null default session_user,
  revision int not null default 1,
  constraint assessor_competency_ends_after_start check (expires_on >= gained_on - 1)
);
create index assessor_competency_user on assessor_competency (user_name, competency, expires_on);

-- What was recorded as recognition stays one: under an agreement of its organisation that carries it on.
alter table recognised_assessor drop constraint recognised_assessor_pkey;
alter table recognised_assessor
  add column id uuid not null default uuidv7(),
  add column agreement_id uuid references trust_agreement,
  add column forms text[],
  add column end_reason text not null default '' check (length(end_reason) <= 2000),
  add column revision int not null default 1;
insert into trust_agreement (id, name, assessing, receiving, services, forms, if_flawed, starts_on, review_on, recorded_by)
select uuidv7(), left(organisation, 180) || ', as recognised', left(organisation, 200), 'Manchester', '{*}', '{*}',
       'The assessor is told, and corrects it.', min(coalesce(lower(valid), '2000-01-01')),
       greatest(min(coalesce(lower(valid), '2000-01-01')), (now() at time zone 'Europe/London')::date), min(recorded_by)
from recognised_assessor group by organisation;
update recognised_assessor r set forms = array[r.form_id], agreement_id = g.id
from trust_agreement g where g.name = left(r.organisation, 180) || ', as recognised';
alter table recognised_assessor
  alter column agreement_id set not null,
  alter column forms set not null,
  alter column forms set default '{*}',
  add constraint recognised_assessor_forms check (cardinality(forms) > 0),
  add primary key (id);
create index recognised_assessor_user on recognised_assessor (user_name);

-- Under what it was signed: written with the signature, by the database.
alter table assessment
  add column agreement_id uuid references trust_agreement,
  add column recognition_id uuid constraint assessment_signed_under references recognised_assessor,
  add column signed_team int references team;
alter table assessment disable trigger user;
update assessment a set signed_team = u.team_id from user_account u where u.user_name = a.signed_by;
update assessment a set recognition_id = r.id, agreement_id = r.agreement_id from recognised_assessor r
where a.state = 'signed' and r.user_name = a.signed_by and r.forms && array['*', a.form_id]
  and r.valid @> (a.signed_at at time zone 'Europe/London')::date;
alter table assessment enable trigger user;
create index assessment_recognition on assessment (recognition_id) where recognition_id is not null;

-- ---------------------------------------------------------------- who may sign, and why not

-- All that must hold, in one place: an agreement in force, the form in its scope and in the assessor's, and every
-- competency that the agreement asks for, in date.
create function has_competencies(assessor text, wanted text[], on_day date) returns boolean language sql stable
security definer set search_path = public, pg_temp
return not exists (
  select 1 from unnest(wanted) as w(code) where not exists (
    select 1 from assessor_competency c where c.user_name = assessor and c.competency = w.code
    and c.gained_on <= on_day and (c.expires_on is null or c.expires_on >= on_day)));

create function recognised_under(assessor text, form text, on_day date) returns table (recognition uuid, agreement uuid)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select r.id, g.id from recognised_assessor r join trust_agreement g on g.id = r.agreement_id
  where r.user_name = assessor and r.forms && array['*', form] and g.forms && array['*', form]
    and r.valid @> on_day and g.starts_on <= on_day and (g.ends_on is null or g.ends_on >= on_day)
    and has_competencies(assessor, g.competencies, on_day)
  order by r.id;
end;

create or replace function is_recognised(assessor text, form text, on_day date) returns boolean language sql stable
security definer set search_path = public, pg_temp
return exists (select 1 from recognised_under(assessor, form, on_day));

-- T2: a trusted assessor who is recognised for one of the hospitals.
create or replace function signed_in_hospital(assessor text, form text) returns boolean language sql stable
return exists (
  select 1 from recognised_assessor a, hospital h
  where a.id in (select recognition from recognised_under(assessor, form, (now() at time zone 'Europe/London')::date))
  and (starts_with(fold(h.name), fold(a.organisation)) or starts_with(fold(a.organisation), fold(h.name))));

alter table recognised_assessor drop column form_id;

-- What stands between this login and a signature: of the recognition that comes nearest, each thing that is missing, since
-- when, and whom to ask. No row: nothing. A manager may ask about others.
create function recognition_gaps(assessor text, form text, on_day date)
returns table (code text, agreement text, subject text, since date, ask text)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  best recognised_assessor; g trust_agreement; title text; managers text; whom text;
begin
  if assessor is distinct from session_user and coalesce(my_role(), '') <> 'manager' and not is_owner() then
    return;
  end if;
  if is_recognised(assessor, form, on_day) then
    return;
  end if;
  select coalesce(max(f.title), form) into title from form f where f.id = form
    and f.version = (select max(n.version) from form n where n.id = form);
  select string_agg(m.display_name, ', ' order by m.display_name) into managers
  from (select display_name from user_account where role = 'manager' and active order by display_name limit 3) m;
  select r.* into best from recognised_assessor r join trust_agreement a on a.id = r.agreement_id
  where r.user_name = assessor
  order by (r.forms && array['*', form] and a.forms && array['*', form]) desc,
           (r.valid @> on_day and a.starts_on <= on_day and coalesce(a.ends_on >= on_day, true)) desc,
           upper(r.valid) desc nulls first, r.id limit 1;
  if best.id is null then
    return query select 'assessor_not_recognised', '', title, null::date, coalesce(managers, '');
    return;
  end if;
  select * into g from trust_agreement where id = best.agreement_id;
  whom := coalesce((select display_name from user_account where user_name = g.contact and active),
                   nullif(g.contact_words, ''), managers, '');
  return query
  select s.code, g.name, s.subject, s.since, whom from (
    select 1 as place, 'form_not_in_agreement' as code, title as subject, g.starts_on as since
    where not g.forms && array['*', form]
    union all select 2, 'form_not_in_scope', title, lower(best.valid)
    where g.forms && array['*', form] and not best.forms && array['*', form]
    union all select 3, 'agreement_ended', '', g.ends_on where g.ends_on < on_day
    union all select 4, 'agreement_not_begun', '', g.starts_on where g.starts_on > on_day
    union all select 5, 'recognition_ended', '', upper(best.valid) - 1 where upper(best.valid) <= on_day
    union all select 6, 'recognition_not_begun', '', lower(best.valid) where lower(best.valid) > on_day
    union all
    select 7, case when held.ever is null then 'competency_missing' when held.first > on_day then 'competency_not_begun'
                   else 'competency_expired' end,
           c.name, case when held.ever is null then g.starts_on when held.first > on_day then held.first else held.last end
    from unnest(g.competencies) as w(wanted) join competency c on c.code = w.wanted
    cross join lateral (select bool_or(true) as ever, min(h.gained_on) as first, max(h.expires_on) as last
                        from assessor_competency h where h.user_name = assessor and h.competency = w.wanted) held
    where not has_competencies(assessor, array[w.wanted], on_day)) s
  order by s.place, s.subject;
end $$;

-- One gap as a sentence, for somebody with psql. On screen the sentences stand in ui/trust/messages.py.
create function gap_words(code text, agreement text, subject text, since date) returns text language sql immutable
return case code
  when 'assessor_not_recognised' then 'There is no recognition as a trusted assessor on record.'
  when 'form_not_in_agreement' then format('The agreement "%s" (since %s) does not cover the form "%s".', agreement, since, subject)
  when 'form_not_in_scope' then format('The form "%s" is outside the scope recognised since %s under "%s".', subject, since, agreement)
  when 'agreement_ended' then format('The agreement "%s" ended on %s.', agreement, since)
  when 'agreement_not_begun' then format('The agreement "%s" begins on %s.', agreement, since)
  when 'recognition_ended' then format('The recognition under "%s" ended on %s.', agreement, since)
  when 'recognition_not_begun' then format('The recognition under "%s" begins on %s.', agreement, since)
  when 'competency_missing' then format('The competency "%s", which "%s" asks for since %s, is not on record.', subject, agreement, since)
  when 'competency_not_begun' then format('The competency "%s", which "%s" asks for, holds from %s only.', subject, agreement, since)
  else format('The competency "%s", which "%s" asks for, ran out on %s.', subject, agreement, since) end;

grant execute on function is_recognised(text, text, date), recognition_gaps(text, text, date) to centre_user;

create function refuse_signature(assessor text, form text, named text) returns void language plpgsql stable
security definer set search_path = public, pg_temp as $$
declare
  said text; whom text;
begin
  select string_agg(gap_words(g.code, g.agreement, g.subject, g.since), ' '), max(g.ask) into said, whom
  from recognition_gaps(assessor, form, (now() at time zone 'Europe/London')::date) g;
  raise exception 'Only a recognised trusted assessor signs this.' using errcode = 'check_violation', constraint = named,
    detail = coalesce(said, 'There is no recognition as a trusted assessor on record.'),
    hint = format('Ask %s.', coalesce(nullif(whom, ''), 'a manager'));
end $$;

create or replace function guard_assessment() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare
  today date := (now() at time zone 'Europe/London')::date;
begin
  if tg_op = 'DELETE' then
    if old.state = 'signed' then
      raise exception 'signed' using errcode = 'check_violation', constraint = 'assessment_signed_is_immutable';
    end if;
    return old;
  end if;
  if tg_op = 'UPDATE' and old.state = 'signed' then
    raise exception 'signed' using errcode = 'check_violation', constraint = 'assessment_signed_is_immutable';
  end if;
  if tg_op = 'UPDATE' and (old.person_id, old.form_id, old.form_version, old.corrects)
     is distinct from (new.person_id, new.form_id, new.form_version, new.corrects) then
    raise exception 'another assessment' using errcode = 'check_violation', constraint = 'assessment_stays_what_it_is';
  end if;
  if new.corrects is not null and not exists (
       select 1 from assessment a where a.id = new.corrects and a.person_id = new.person_id
       and a.form_id = new.form_id and a.state = 'signed') then
    raise exception 'nothing to correct' using errcode = 'check_violation', constraint = 'assessment_corrects_signed';
  end if;
  new.agreement_id := null;
  new.recognition_id := null;
  new.signed_team := null;
  if new.state = 'signed' then
    if not is_owner() then
      if new.signed_by is distinct from session_user then
        raise exception 'sign for yourself' using errcode = 'check_violation', constraint = 'assessment_signed_by_self';
      end if;
      new.signed_at := now();
    end if;
    -- Locked first: what a manager ends at this moment is ended before the signature, or after it.
    perform 1 from recognised_assessor r join trust_agreement g on g.id = r.agreement_id
      where r.user_name = new.signed_by for share of r, g;
    perform 1 from assessor_competency c where c.user_name = new.signed_by for share;
    -- Of several recognitions, the one whose agreement is about the service that it goes to.
    select u.recognition, u.agreement into new.recognition_id, new.agreement_id
    from recognised_under(new.signed_by, new.form_id, today) u join trust_agreement g on g.id = u.agreement
    order by (g.services && array(select r.service from referral r where r.id = new.referral_id)) desc,
             ('*' = any (g.services)) desc, u.recognition limit 1;
    if new.recognition_id is null then
      perform refuse_signature(new.signed_by, new.form_id, 'assessment_signer_is_recognised');
    end if;
    new.signed_team := (select team_id from user_account where user_name = new.signed_by);
  end if;
  return new;
end $$;

-- ---------------------------------------------------------------- what an agreement may say

create function guard_agreement() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.id <> old.id then
    raise exception 'another agreement' using errcode = 'check_violation', constraint = 'trust_agreement_stays_what_it_is';
  end if;
  if exists (select 1 from unnest(new.forms) f(id) where f.id <> '*' and not exists (select 1 from form x where x.id = f.id)) then
    raise exception 'no such form' using errcode = 'check_violation', constraint = 'trust_agreement_forms_are_there';
  end if;
  if exists (select 1 from unnest(new.services) s(code) where s.code <> '*'
             and not exists (select 1 from service x where x.code = s.code)) then
    raise exception 'no such service' using errcode = 'check_violation', constraint = 'trust_agreement_services_are_there';
  end if;
  if exists (select 1 from unnest(new.competencies) c(code) where not exists (select 1 from competency x where x.code = c.code)) then
    raise exception 'no such competency' using errcode = 'check_violation', constraint = 'trust_agreement_competencies_are_there';
  end if;
  return new;
end $$;
create trigger guard before insert or update on trust_agreement for each row execute function guard_agreement();

create function guard_recognition() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and (new.id, new.user_name, new.agreement_id) is distinct from (old.id, old.user_name, old.agreement_id) then
    raise exception 'another' using errcode = 'check_violation', constraint = 'recognition_stays_what_it_is';
  end if;
  if exists (select 1 from unnest(new.forms) f(id) where f.id <> '*' and not exists (select 1 from form x where x.id = f.id)) then
    raise exception 'no such form' using errcode = 'check_violation', constraint = 'trust_agreement_forms_are_there';
  end if;
  return new;
end $$;
create trigger guard before insert or update on recognised_assessor for each row execute function guard_recognition();

-- What somebody has signed on the strength of is ended, never rubbed out.
create function guard_competency() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    if (new.id, new.user_name, new.competency) is distinct from (old.id, old.user_name, old.competency) then
      raise exception 'another' using errcode = 'check_violation', constraint = 'competency_stays_what_it_is';
    end if;
    return new;
  end if;
  if not is_owner() and exists (select 1 from assessment a where a.signed_by = old.user_name and a.signed_at >= old.recorded_at) then
    raise exception 'signed since' using errcode = 'check_violation', constraint = 'competency_was_relied_on';
  end if;
  return old;
end $$;
create trigger guard before update or delete on assessor_competency for each row execute function guard_competency();

-- ---------------------------------------------------------------- receipts (A4)

create table assessment_receipt (
  id uuid primary key,
  assessment_id uuid not null references assessment,
  team_id int not null references team,
  how text not null default 'by_hand' check (how in ('referral', 'by_hand', 'correction')),
  from_team int references team,                     -- whose assessor signed
  note text not null default '' check (length(note) <= 400),
  state text not null default 'waiting' check (state in ('waiting', 'accepted', 'asked', 'challenged', 'upheld')),
  state_since timestamptz not null default now(),
  state_by text,
  sent_at timestamptz not null default now(),
  sent_by text not null default session_user,
  follows uuid references assessment_receipt,        -- of the version before, when this is of a correction
  superseded_by uuid references assessment,          -- a correction has been signed since
  superseded_at timestamptz,
  revision int not null default 1,
  constraint receipt_once_a_team unique (assessment_id, team_id),
  constraint receipt_superseded_is_whole check ((superseded_by is null) = (superseded_at is null))
);
create index receipt_team on assessment_receipt (team_id, state, sent_at);
create index receipt_sent on assessment_receipt (sent_at);

-- One named thing more, or a challenge; and what the assessing side says to it. Nothing of it changes afterwards.
create table receipt_point (
  id uuid primary key,
  receipt_id uuid not null references assessment_receipt,
  kind text not null check (kind in ('more', 'challenge')),
  question text not null default '' check (length(question) <= 200),     -- of the form; '' when it is none of these
  words text not null constraint point_says_what check (btrim(words) <> '' and length(words) <= 4000),
  why text not null default '' check (length(why) <= 2000),
  due_on date,
  seen int not null,                                 -- the revision of the receipt that was on the screen
  was_state text not null,
  raised_at timestamptz not null default now(),
  raised_by text not null default session_user,
  reply text not null default '' check (length(reply) <= 20000),
  reply_at timestamptz,
  reply_by text,
  outcome text check (outcome in ('answered', 'taken_back', 'upheld', 'withdrawn', 'corrected')),
  outcome_words text not null default '' check (length(outcome_words) <= 2000),
  settled_at timestamptz,
  settled_by text,
  revision int not null default 1,
  constraint point_more_is_whole check (kind <> 'more' or (btrim(why) <> '' and due_on is not null)),
  constraint point_reply_is_whole check ((reply <> '') = (reply_at is not null) and (reply_at is null) = (reply_by is null)),
  constraint point_outcome_is_whole check ((outcome is null) = (settled_at is null) and (settled_at is null) = (settled_by is null)),
  constraint point_outcome_fits check (outcome is null or outcome in ('corrected')
    or (kind = 'more') = (outcome in ('answered', 'taken_back')))
);
create unique index point_one_open on receipt_point (receipt_id) where outcome is null;
create index point_receipt on receipt_point (receipt_id);

-- Who acts for a team: the team leads of its service there, and the care co-ordinators of its centre.
create function acts_for_team(which int) returns boolean language sql stable security definer set search_path = public, pg_temp
return exists (
  select 1 from team t where t.id = which and (
    (my_role() = 'team_lead' and exists (
       select 1 from team m where m.id = my_team() and m.service = t.service
       and (m.locality is null or t.locality is null or m.locality = t.locality)))
    or (my_role() = 'care_coordinator' and (my_locality() is null or t.locality is null or my_locality() = t.locality))));

-- The assessing side: who signed it, those recognised under the same agreement today, and its contact.
create function on_assessing_side(a assessment) returns boolean language sql stable security definer set search_path = public, pg_temp
return my_role() is not null and (
  a.signed_by = session_user
  or exists (select 1 from recognised_assessor r where r.agreement_id = a.agreement_id and r.user_name = session_user
             and r.valid @> (now() at time zone 'Europe/London')::date)
  or exists (select 1 from trust_agreement g where g.id = a.agreement_id and g.contact = session_user)
  or (my_role() = 'manager' and not exists (select 1 from trust_agreement g where g.id = a.agreement_id and g.contact is not null)));

create function team_may_read(which int, person uuid) returns boolean language sql stable security definer
set search_path = public, pg_temp
return exists (select 1 from person p where p.id = person and (p.sharing_level = 'everything'
  or exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = which)));

-- The team of a referral: that of its service in its locality, else the one for the whole city.
create function receiving_team(of_service text, at_locality text) returns int language sql stable security definer
set search_path = public, pg_temp
return (select t.id from team t where t.service = of_service and (t.locality = at_locality or t.locality is null)
        order by t.locality nulls last, t.id limit 1);
grant execute on function acts_for_team(int), team_may_read(int, uuid), on_assessing_side(assessment) to centre_user;

create function guard_receipt() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  a assessment; inside boolean := pg_trigger_depth() > 1 or is_owner();
  rest text[] := array['state', 'state_since', 'state_by', 'superseded_by', 'superseded_at', 'revision'];
begin
  if tg_op = 'DELETE' then
    if not is_owner() and (old.how <> 'by_hand' or old.sent_by <> session_user or old.state <> 'waiting' or old.superseded_by is not null) then
      raise exception 'on its way' using errcode = 'check_violation', constraint = 'receipt_is_on_its_way';
    end if;
    return old;
  end if;
  if tg_op = 'INSERT' then
    select * into a from assessment where id = new.assessment_id for share;
    if a.state is distinct from 'signed' then
      raise exception 'not signed' using errcode = 'check_violation', constraint = 'receipt_of_signed';
    end if;
    if not is_owner() then
      new.from_team := a.signed_team; new.sent_at := now(); new.sent_by := session_user;
      new.state := 'waiting'; new.state_since := now(); new.state_by := null; new.revision := 1;
    end if;
    if inside then
      return new;
    end if;
    new.how := 'by_hand'; new.follows := null; new.superseded_by := null; new.superseded_at := null;
    if exists (select 1 from assessment c where c.corrects = a.id and c.state = 'signed') then
      raise exception 'corrected' using errcode = 'check_violation', constraint = 'receipt_is_of_latest';
    end if;
    if new.team_id = a.signed_team then
      raise exception 'own' using errcode = 'check_violation', constraint = 'receipt_is_for_another_team';
    end if;
    if not team_may_read(new.team_id, a.person_id) then
      raise exception 'not shared' using errcode = 'check_violation', constraint = 'receipt_is_shared_with_team';
    end if;
    return new;
  end if;
  if to_jsonb(new) - rest is distinct from to_jsonb(old) - rest then
    raise exception 'another' using errcode = 'check_violation', constraint = 'receipt_stays_what_it_is';
  end if;
  if new.state is distinct from old.state and (old.state, new.state) not in
     (('waiting', 'accepted'), ('waiting', 'asked'), ('waiting', 'challenged'), ('accepted', 'waiting'), ('accepted', 'asked'),
      ('accepted', 'challenged'), ('asked', 'waiting'), ('asked', 'accepted'), ('challenged', 'waiting'),
      ('challenged', 'accepted'), ('challenged', 'upheld'), ('upheld', 'challenged')) then
    raise exception 'illegal move' using errcode = 'check_violation', constraint = 'receipt_move_is_legal';
  end if;
  if not inside then
    -- Asking, challenging and answering are points of their own; here a team accepts, or takes that back.
    if (old.state, new.state) not in (('waiting', 'accepted'), ('accepted', 'waiting')) then
      raise exception 'illegal move' using errcode = 'check_violation', constraint = 'receipt_move_is_legal';
    end if;
    if new.revision <> old.revision + 1 then
      raise exception 'moved on' using errcode = 'check_violation', constraint = 'receipt_moved_on';
    end if;
    perform check_receiver(old);
  end if;
  if new.state is distinct from old.state then
    new.state_since := clock_timestamp(); new.state_by := session_user;
  end if;
  return new;
end $$;

-- Only the receiving side, never who signed it, and only of the version that counts.
create function check_receiver(r assessment_receipt) returns void language plpgsql stable security definer
set search_path = public, pg_temp as $$
begin
  if r.superseded_by is not null then
    raise exception 'corrected' using errcode = 'check_violation', constraint = 'receipt_is_of_latest';
  end if;
  if not acts_for_team(r.team_id) or exists (select 1 from assessment a where a.id = r.assessment_id and a.signed_by = session_user) then
    raise exception 'of another team' using errcode = 'insufficient_privilege', constraint = 'receipt_is_of_another_team';
  end if;
end $$;
create trigger guard before insert or update or delete on assessment_receipt for each row execute function guard_receipt();

create function guard_point() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  r assessment_receipt; a assessment; today date := (now() at time zone 'Europe/London')::date;
  rest text[] := array['reply', 'reply_at', 'reply_by', 'outcome', 'outcome_words', 'settled_at', 'settled_by', 'revision'];
begin
  if tg_op = 'DELETE' then
    if is_owner() then return old; end if;
    raise exception 'kept' using errcode = 'check_violation', constraint = 'point_is_kept';
  end if;
  select * into r from assessment_receipt where id = new.receipt_id for update;
  select * into a from assessment where id = r.assessment_id;
  if is_owner() or pg_trigger_depth() > 1 then
    return new;
  end if;
  if tg_op = 'INSERT' then
    if r.revision <> new.seen then
      raise exception 'moved on' using errcode = 'check_violation', constraint = 'receipt_moved_on';
    end if;
    perform check_receiver(r);
    if r.state not in ('waiting', 'accepted') then
      raise exception 'illegal move' using errcode = 'check_violation', constraint = 'receipt_move_is_legal';
    end if;
    if new.kind = 'more' and new.due_on < today then
      raise exception 'past' using errcode = 'check_violation', constraint = 'point_due_is_to_come';
    end if;
    if new.question <> '' and not exists (
         select 1 from form f, jsonb_path_query(f.definition, '$.section[*].question[*].id') q
         where f.id = a.form_id and f.version = a.form_version and q #>> '{}' = new.question) then
      raise exception 'no such question' using errcode = 'check_violation', constraint = 'point_question_is_of_form';
    end if;
    new.was_state := r.state; new.raised_at := clock_timestamp(); new.raised_by := session_user;
    new.reply := ''; new.reply_at := null; new.reply_by := null;
    new.outcome := null; new.outcome_words := ''; new.settled_at := null; new.settled_by := null; new.revision := 1;
    update assessment_receipt set state = case new.kind when 'more' then 'asked' else 'challenged' end, revision = revision + 1
    where id = r.id;
    return new;
  end if;
  if to_jsonb(new) - rest is distinct from to_jsonb(old) - rest then
    raise exception 'another' using errcode = 'check_violation', constraint = 'point_stays_what_it_is';
  end if;
  if new.revision <> old.revision + 1 then
    raise exception 'moved on' using errcode = 'check_violation', constraint = 'receipt_moved_on';
  end if;
  new.reply_at := old.reply_at; new.reply_by := old.reply_by;
  new.settled_at := old.settled_at; new.settled_by := old.settled_by;
  if r.superseded_by is not null then
    raise exception 'corrected' using errcode = 'check_violation', constraint = 'receipt_is_of_latest';
  end if;
  if old.outcome = 'upheld' and new.outcome is null and new.reply = old.reply and old.settled_by = session_user
     and not exists (select 1 from assessment c where c.corrects = a.id) then
    new.settled_at := null; new.settled_by := null; new.outcome_words := '';
    update assessment_receipt set state = 'challenged', revision = revision + 1 where id = r.id;
    return new;
  end if;
  if old.outcome is not null then
    raise exception 'settled' using errcode = 'check_violation', constraint = 'point_is_settled';
  end if;
  if new.reply is distinct from old.reply then
    if old.reply <> '' then
      raise exception 'signed' using errcode = 'check_violation', constraint = 'point_reply_is_signed';
    end if;
    if not on_assessing_side(a) then
      raise exception 'not yours' using errcode = 'insufficient_privilege', constraint = 'point_is_answered_by_assessor';
    end if;
    new.reply_at := clock_timestamp(); new.reply_by := session_user;
    if new.kind = 'more' then                         -- A3: an answer is signed as an assessment is
      if not is_recognised(session_user, a.form_id, today) then
        perform refuse_signature(session_user, a.form_id, 'assessment_signer_is_recognised');
      end if;
      new.outcome := 'answered';
    end if;
  end if;
  if new.outcome is not null then
    if new.outcome = 'upheld' then
      if not on_assessing_side(a) then
        raise exception 'not yours' using errcode = 'insufficient_privilege', constraint = 'point_is_answered_by_assessor';
      end if;
    elsif new.outcome in ('taken_back', 'withdrawn') then
      perform check_receiver(r);
    elsif new.outcome <> 'answered' or new.reply = '' then
      raise exception 'illegal move' using errcode = 'check_violation', constraint = 'receipt_move_is_legal';
    end if;
    new.settled_at := clock_timestamp(); new.settled_by := session_user;
    update assessment_receipt set state = case new.outcome when 'upheld' then 'upheld' when 'answered' then 'waiting' else new.was_state end,
      revision = revision + 1 where id = r.id;
  end if;
  return new;
end $$;
create trigger guard before insert or update or delete on receipt_point for each row execute function guard_point();

-- With the signature the receipts go out. Whoever had the version before gets the correction, and sees that it is one.
create function send_receipts() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.state <> 'signed' or (tg_op = 'UPDATE' and old.state = 'signed') then
    return null;
  end if;
  if new.corrects is not null then
    insert into assessment_receipt (id, assessment_id, team_id, how, follows, from_team)
    select uuidv7(), new.id, r.team_id, 'correction', r.id, new.signed_team
    from assessment_receipt r where r.assessment_id = new.corrects;
    update receipt_point p set outcome = case p.kind when 'challenge' then 'upheld' else 'corrected' end,
      settled_at = now(), settled_by = new.signed_by, revision = p.revision + 1
    from assessment_receipt r where r.id = p.receipt_id and r.assessment_id = new.corrects and p.outcome is null;
    update assessment_receipt set superseded_by = new.id, superseded_at = now(), revision = revision + 1,
      state = case state when 'challenged' then 'upheld' else state end
    where assessment_id = new.corrects;
  end if;
  insert into assessment_receipt (id, assessment_id, team_id, how, from_team)
  select uuidv7(), new.id, t.team, 'referral', new.signed_team
  from (select distinct receiving_team(r.service, r.locality) as team from referral r
        where r.id = new.referral_id
           or (new.referral_id is null and r.person_id = new.person_id and r.state in ('waiting', 'claimed', 'accepted'))) t
  where t.team is not null and t.team is distinct from new.signed_team and team_may_read(t.team, new.person_id)
  on conflict (assessment_id, team_id) do nothing;
  return null;
end $$;
create trigger send_receipts after insert or update on assessment for each row execute function send_receipts();

-- ---------------------------------------------------------------- asked again

insert into setting (name, value) values ('reask_days', '28') on conflict (name) do nothing;

-- ---------------------------------------------------------------- who sees, who writes

alter table trust_agreement enable row level security;
alter table recognised_assessor enable row level security;
alter table assessor_competency enable row level security;
alter table assessment_receipt enable row level security;
alter table receipt_point enable row level security;

create policy colleagues on trust_agreement for select to centre_user using ((select my_role()) is not null);
create policy keeping on trust_agreement to manager
  using ((select my_role()) = 'manager') with check ((select my_role()) = 'manager');
create policy colleagues on recognised_assessor for select to centre_user using ((select my_role()) is not null);
create policy keeping on recognised_assessor to manager
  using ((select my_role()) = 'manager') with check ((select my_role()) = 'manager' and user_name <> session_user);
-- Whoever relies on assessors sees what they can do; everybody sees their own.
create policy concerned on assessor_competency for select to centre_user
  using (user_name = session_user or (select my_role()) in ('manager', 'team_lead', 'ig_lead'));
create policy keeping on assessor_competency to manager
  using ((select my_role()) = 'manager') with check ((select my_role()) = 'manager' and user_name <> session_user);
create policy shared_with_me on assessment_receipt to centre_user
  using (exists (select 1 from assessment a where a.id = assessment_id));
create policy shared_with_me on receipt_point to centre_user
  using (exists (select 1 from assessment_receipt r where r.id = receipt_id));

create trigger stamp before insert or update on trust_agreement
  for each row execute function stamp('recorded_by', 'recorded_at');
create trigger stamp before insert or update on assessor_competency
  for each row execute function stamp('recorded_by', 'recorded_at');
do $$
declare t text;
begin
  foreach t in array array['competency', 'trust_agreement', 'assessor_competency'] loop
    execute format('create trigger strangers before insert or update or delete on %I'
                   ' for each statement execute function refuse_strangers()', t);
  end loop;
end $$;

drop trigger watch on recognised_assessor;
create trigger watch after insert or update or delete on recognised_assessor
  for each row execute function audit.watch('trust', 'user_name', '');
create trigger watch after insert or update or delete on trust_agreement
  for each row execute function audit.watch('trust', 'id', '');
create trigger watch after insert or update or delete on assessor_competency
  for each row execute function audit.watch('trust', 'user_name', '');
create trigger watch after insert or update or delete on assessment_receipt
  for each row execute function audit.watch('trust', 'assessment_id', '');
create trigger watch after insert or update or delete on receipt_point
  for each row execute function audit.watch('trust', 'receipt_id', '');

grant select on competency, trust_agreement, assessor_competency, assessment_receipt, receipt_point to centre_user;
grant insert, update on competency to manager, administrator;
grant insert, update, delete on trust_agreement, assessor_competency to manager;
grant update on recognised_assessor to manager;
grant insert (id, assessment_id, team_id, note), update (state, revision), delete on assessment_receipt
  to care_coordinator, team_lead, trusted_assessor;
grant insert (id, receipt_id, kind, question, words, why, due_on, seen) on receipt_point to care_coordinator, team_lead;
grant update (reply, outcome, outcome_words, revision) on receipt_point
  to care_coordinator, team_lead, trusted_assessor, manager;
