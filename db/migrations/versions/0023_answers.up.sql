-- Provenance on every answer (A1): who said it, in which role, when, from which assessment, message or call; and the
-- whole of its history, which nobody rewrites. What is answered and signed away from the line says so.

alter table answer
  -- '': from before roles were kept
  add column said_role text not null default ''
    constraint answer_said_role_known check (said_role in ('', 'person', 'carer', 'professional', 'record')),
  add column said_name text not null default '' constraint answer_said_name_short check (length(said_name) <= 200),
  add column from_kind text not null default ''
    constraint answer_from_kind_known check (from_kind in ('', 'person', 'contact', 'referral', 'message')),
  add column from_id uuid,
  add column away_at timestamptz,                      -- by the clock of a computer without a connection
  add constraint answer_origin_is_whole check ((from_kind = '') = (from_id is null));
alter table answer alter column said_role set default 'person';

alter table assessment
  add column away_started_at timestamptz,
  add column away_signed_at timestamptz;

-- Each step of each answer. Written by a trigger alone; changed by nothing.
create table answer_change (
  id bigint primary key generated always as identity,
  assessment_id uuid not null references assessment,
  question text not null,
  revision int not null,                               -- of the answer, after this step
  step text not null check (step in ('carried_in', 'copied', 'asked', 'confirmed', 'changed', 'attributed', 'taken_back',
    'removed')),
  changed_by text not null,
  changed_at timestamptz not null default now(),
  was jsonb,                                           -- null: there was no answer
  is_now jsonb,
  source text not null,
  said_role text not null,
  said_name text not null,
  said_by text not null,
  said_at timestamptz not null,
  from_assessment uuid,
  from_kind text not null,
  from_id uuid,
  away_at timestamptz
);
create index answer_change_of on answer_change (assessment_id, question, id);

-- What was known before is the first step of each answer that there is.
insert into answer_change (assessment_id, question, revision, step, changed_by, changed_at, is_now, source, said_role,
  said_name, said_by, said_at, from_assessment, from_kind)
select a.assessment_id, a.question, a.revision,
       case when a.source = 'carried_in' then 'carried_in' when a.from_assessment is not null then 'copied' else 'asked' end,
       case when u.user_name is null then e.started_by else a.said_by end, a.said_at, nullif(a.value, 'null'), a.source,
       a.said_role, a.said_name, a.said_by, a.said_at, a.from_assessment, a.from_kind
from answer a join assessment e on e.id = a.assessment_id left join user_account u on u.user_name = a.said_by;

create function keep_answer_change() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare
  was jsonb; is_now jsonb; row_now answer; how text;
begin
  if tg_op <> 'INSERT' then was := nullif(old.value, 'null'); end if;
  if tg_op <> 'DELETE' then is_now := nullif(new.value, 'null'); row_now := new; else row_now := old; end if;
  how := case
    when tg_op = 'DELETE' then 'removed'
    when tg_op = 'INSERT' and new.source = 'carried_in' then 'carried_in'
    when tg_op = 'INSERT' and new.from_assessment is not null then 'copied'
    when tg_op = 'INSERT' or was is null then 'asked'
    when is_now is null then 'taken_back'
    when was <> is_now then 'changed'
    when old.source = 'carried_in' and new.source = 'confirmed' then 'confirmed'
    when (old.said_role, old.said_name) <> (new.said_role, new.said_name) then 'attributed'
    else 'asked'
  end;
  insert into answer_change (assessment_id, question, revision, step, changed_by, was, is_now, source, said_role,
    said_name, said_by, said_at, from_assessment, from_kind, from_id, away_at)
  values (row_now.assessment_id, row_now.question, row_now.revision, how, session_user, was, is_now, row_now.source,
    row_now.said_role, row_now.said_name, row_now.said_by, row_now.said_at, row_now.from_assessment, row_now.from_kind,
    row_now.from_id, row_now.away_at);
  return null;
end $$;
create trigger keep_change after insert or update or delete on answer
  for each row execute function keep_answer_change();

create function refuse_answer_change() returns trigger language plpgsql as $$
begin
  raise exception 'the history of answers is append-only'
    using errcode = 'insufficient_privilege', constraint = 'answer_history_is_append_only';
end $$;
create trigger append_only before update or delete on answer_change
  for each row execute function refuse_answer_change();
create trigger no_truncate before truncate on answer_change
  for each statement execute function refuse_answer_change();
alter table answer_change enable row level security;
create policy shared_with_me on answer_change for select to centre_user
  using (exists (select 1 from assessment a where a.id = assessment_id));
grant select on answer_change to centre_user;

-- ---------------------------------------------------------------- what the record knows (R1, K1)

-- Who last said something of the record, and when: the audit trail knows, if only by the names of columns.
create function record_said(about uuid, of_table text, of_columns text[]) returns table (said_by text, said_at timestamptz)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select e.actor, e.at from audit.entry e
  where e.person_id = about and e.area = of_table and e.action in ('insert', 'update')
    and (e.action = 'insert' or of_columns = '{}' or e.columns && of_columns)
    and not exists (select 1 from hidden_from_me h where h.id = about)
  order by e.at desc, e.id desc limit 1;
end;
grant execute on function record_said(uuid, text, text[]) to centre_user;

-- Everything known about a person that a form may ask for by its place ("known" in a form), with where it comes from.
-- Row security of whoever asks decides what is known to them.
create function known_facts(about uuid, of_referral uuid default null, of_contact uuid default null)
returns table (place text, value jsonb, said_role text, said_by text, said_at timestamptz, from_kind text, from_id uuid)
language sql stable set search_path = public, pg_temp
begin atomic
  with me as (select * from person p where p.id = about),
  r as (
    select f.id, f.need, f.contact_id from referral f
    where f.person_id = about
      and case when of_referral is null then f.state in ('waiting', 'claimed', 'accepted') else f.id = of_referral end
    order by f.received_at desc limit 1),
  c as (
    select c.id, c.need, c.received_at,
      case when n.name <> '' then n.name || case when n.relation <> '' then ' (' || n.relation || ')' else '' end
           else c.recorded_by end as said_by,
      case when k.caller_person_id = about then 'person' when k.caller_professional_id is not null then 'professional'
           when k.caller_around_id is not null or k.caller_person_id is not null then 'carer'
           when n.name = '' then 'professional' when n.relation in ('self', 'themselves') then 'person'
           when n.relation <> '' then 'carer' else '' end as said_role
    from contact c left join contact_caller k on k.contact_id = c.id
    cross join lateral (select coalesce(nullif(k.name, ''), c.caller_name) as name,
                               coalesce(nullif(k.relation, ''), c.caller_relation) as relation) n
    where c.id = coalesce(
      (select l.id from contact l where l.id = of_contact and (l.person_id = about
         or exists (select 1 from referral f where f.contact_id = l.id and f.person_id = about))),
      (select contact_id from r),
      (select l.id from contact l where l.person_id = about order by l.received_at desc limit 1))),
  around as (
    select string_agg(a.name || case when a.relation <> '' then ' (' || a.relation || ')' else '' end, ', '
                      order by a.is_carer desc, a.name) as everybody,
           string_agg(a.name || case when a.relation <> '' then ' (' || a.relation || ')' else '' end, ', '
                      order by a.name) filter (where a.is_carer) as carers,
           bool_or(a.is_carer) as has_carer
    from person_around a
    where a.person_id = about
      and (a.until is null or a.until >= (now() at time zone 'Europe/London')::date)),
  alerts as (
    select string_agg(replace(a.kind, '_', ' ') || case when a.words <> '' then ': ' || a.words else '' end, '; '
                      order by a.kind, a.words) as words,
           string_agg(nullif(a.words, ''), '; ' order by a.words) filter (where a.kind = 'allergy') as allergies,
           (array_agg(a.recorded_by order by a.since desc, a.id))[1] as said_by, max(a.since)::timestamptz as said_at
    from person_alert a
    where a.person_id = about
      and (a.until is null or a.until >= (now() at time zone 'Europe/London')::date)),
  gp as (select g.name || case when g.phone <> '' then ', ' || g.phone else '' end as words
         from me join practice g on g.code = me.practice_code),
  of_record as (
    select f.place, f.value, f.columns from me, lateral (values
      ('person.known_as', to_jsonb(nullif(me.known_as, '')), array['known_as']),
      ('person.address', to_jsonb(nullif(concat_ws(', ', nullif(replace(me.address, e'\n', ', '), ''), me.postcode), '')),
        array['address', 'postcode']),
      ('person.phone', to_jsonb(coalesce(nullif(me.phone, ''), nullif(me.other_phone, ''))), array['phone', 'other_phone']),
      ('person.language', to_jsonb(nullif(me.language, '')), array['language']),
      ('person.interpreter', to_jsonb(case when me.interpreter then true end), array['interpreter']),
      ('person.communication', to_jsonb(nullif(me.communication, '')), array['communication']),
      ('person.access', to_jsonb(nullif(me.access_notes, '')), array['access_notes']),
      ('person.gp', to_jsonb((select words from gp)), array['practice_code']),
      ('person.risk_tier', to_jsonb(me.risk_tier), array['risk_tier', 'risk_score'])
    ) f(place, value, columns) where f.value is not null)
  select f.place, f.value, 'record', coalesce(s.said_by, me.registered_by), coalesce(s.said_at, me.registered_at),
         'person', me.id
  from of_record f cross join me left join lateral record_said(about, 'person', f.columns) s on true
  union all
  select f.place, f.value, 'record', coalesce(s.said_by, me.registered_by), coalesce(s.said_at, me.registered_at),
         'person', me.id
  from me cross join around, lateral (values ('person.around', to_jsonb(around.everybody)),
    ('person.carers', to_jsonb(around.carers)), ('person.has_carer', to_jsonb(nullif(around.has_carer, false)))
  ) f(place, value) left join lateral record_said(about, 'person_around', '{}') s on true
  where f.value is not null
  union all
  select f.place, f.value, 'record', alerts.said_by, alerts.said_at, 'person', me.id
  from me cross join alerts,
    lateral (values ('person.alerts', to_jsonb(alerts.words)), ('person.allergies', to_jsonb(alerts.allergies))
  ) f(place, value) where f.value is not null
  union all
  select 'referral.need', to_jsonb(r.need), c.said_role, c.said_by, c.received_at, 'referral', r.id
  from r join c on c.id = r.contact_id
  union all
  select 'contact.need', to_jsonb(c.need), c.said_role, c.said_by, c.received_at, 'contact', c.id
  from c where c.need <> '';
end;
grant execute on function known_facts(uuid, uuid, uuid) to centre_user;

-- ---------------------------------------------------------------- what an answer may say of itself

create or replace function guard_answer() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare
  mine record; there record; known boolean;
begin
  -- Locked first and asked afterwards: an answer saved while another desk signs waits for that desk, and is refused then.
  select a.state, a.person_id, a.referral_id, a.corrects into mine from assessment a
  where a.id = coalesce(new.assessment_id, old.assessment_id) for share;
  if mine.state = 'signed' then
    raise exception 'signed' using errcode = 'check_violation', constraint = 'assessment_signed_is_immutable';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  if is_owner() then
    return new;
  end if;
  if tg_op = 'INSERT' then
    new.revision := 1;
    if new.from_assessment is not null then
      select a.* into there from answer a join assessment e on e.id = a.assessment_id and e.state = 'signed'
        and e.person_id = mine.person_id
      where a.assessment_id = new.from_assessment and a.question = new.question
        and (a.value, a.said_by, a.said_at) = (new.value, new.said_by, new.said_at);
      -- Only a correction begins with what was confirmed or asked before; everywhere else it waits to be confirmed.
      if not found or (new.source <> 'carried_in'
                       and (new.from_assessment is distinct from mine.corrects or new.source <> there.source)) then
        raise exception 'not what was said' using errcode = 'check_violation', constraint = 'answer_is_as_it_was_said';
      end if;
      new.said_role := there.said_role; new.said_name := there.said_name; new.away_at := there.away_at;
      new.from_kind := there.from_kind; new.from_id := there.from_id;
      return new;
    elsif new.source = 'carried_in' then
      new.said_name := ''; new.away_at := null;
      if new.from_kind = 'message' then
        known := exists (select 1 from message m where m.id = new.from_id and m.person_id = mine.person_id);
      else
        known := exists (
          select 1 from known_facts(mine.person_id, case new.from_kind when 'referral' then new.from_id end,
                                    case new.from_kind when 'contact' then new.from_id end) f
          where (f.from_kind, f.from_id, f.value, f.said_role, f.said_by, f.said_at)
              = (new.from_kind, new.from_id, new.value, new.said_role, new.said_by, new.said_at));
      end if;
      if not known then
        raise exception 'not what is known' using errcode = 'check_violation', constraint = 'answer_is_as_it_is_known';
      end if;
      return new;
    end if;
    new.from_kind := ''; new.from_id := null;
  else
    if (old.assessment_id, old.question, old.from_assessment, old.from_kind, old.from_id)
       is distinct from (new.assessment_id, new.question, new.from_assessment, new.from_kind, new.from_id) then
      raise exception 'another answer' using errcode = 'check_violation', constraint = 'answer_stays_where_it_is';
    end if;
    new.revision := old.revision + 1;
    if new.away_at is not distinct from old.away_at then
      new.away_at := null;
    end if;
    if new.value = old.value and new.source <> 'asked'
       and (new.said_role, new.said_name) = (old.said_role, old.said_name) then
      -- A1: confirmed, it is still as it was said.
      new.said_by := old.said_by; new.said_at := old.said_at; new.away_at := old.away_at;
      if old.source <> 'carried_in' then
        new.source := old.source;
      end if;
      return new;
    end if;
  end if;
  -- A1: who wrote it down is whoever is asking now; whose words they are, the assessor says.
  new.source := 'asked';
  new.said_by := session_user;
  new.said_at := now();
  new.away_at := least(new.away_at, now());
  if new.said_role = '' then
    new.said_role := 'person';
  end if;
  return new;
end $$;

-- ---------------------------------------------------------------- begun and signed away from the line (A3)

-- Whoever signs is recognised on the day of signing too, not only on the day on which the signature arrives.
create function guard_away() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if is_owner() then
    return new;
  end if;
  if tg_op = 'INSERT' then
    new.away_started_at := least(new.away_started_at, now());
  elsif new.away_started_at is distinct from old.away_started_at then
    raise exception 'begun once' using errcode = 'check_violation', constraint = 'assessment_stays_what_it_is';
  end if;
  if new.state <> 'signed' then
    new.away_signed_at := null;
  elsif tg_op = 'UPDATE' and old.state <> 'signed' and new.away_signed_at is not null then
    new.away_signed_at := least(new.away_signed_at, now());
    if new.away_signed_at < now() - interval '30 days' then
      raise exception 'too long ago' using errcode = 'check_violation', constraint = 'assessment_away_not_too_long';
    end if;
    if not is_recognised(session_user::text, new.form_id, (new.away_signed_at at time zone 'Europe/London')::date) then
      raise exception 'not recognised then'
        using errcode = 'check_violation', constraint = 'assessment_away_signer_is_recognised';
    end if;
  end if;
  return new;
end $$;
create trigger guard_away before insert or update of state, away_started_at, away_signed_at on assessment
  for each row execute function guard_away();
