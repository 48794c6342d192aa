-- Trusted assessment: done once, signed by a recognised assessor, then immutable (A1-A4).

create table form (
  id text not null,
  version int not null check (version > 0),
  title text not null,
  definition jsonb not null,
  published_at timestamptz not null default now(),
  primary key (id, version)
);

-- A3: who is recognised as a trusted assessor, for which forms ('*' for all), until when.
create table recognised_assessor (
  user_name text not null references user_account,
  form_id text not null default '*',
  organisation text not null,
  valid daterange not null check (not isempty(valid)),
  recorded_by text not null default session_user,
  primary key (user_name, form_id, valid)
);

create table assessment (
  id uuid primary key,
  person_id uuid not null references person,
  referral_id uuid references referral,
  form_id text not null,
  form_version int not null,
  state text not null default 'draft' check (state in ('draft', 'signed')),
  started_at timestamptz not null default now(),
  started_by text not null default session_user,
  signed_at timestamptz,
  signed_by text references user_account,
  corrects uuid references assessment,               -- a correction is a new version of the same
  correction_reason text not null default '',
  revision int not null default 1,
  foreign key (form_id, form_version) references form,
  constraint assessment_signature_is_whole check ((state = 'signed') = (signed_at is not null and signed_by is not null)),
  constraint assessment_correction_has_reason check (corrects is null or correction_reason <> '')
);
create index assessment_person on assessment (person_id, started_at);
create unique index assessment_corrected_once on assessment (corrects) where corrects is not null;

-- One answer, with who said it, when, and where it came from (A1).
create table answer (
  assessment_id uuid not null references assessment,
  question text not null,
  value jsonb not null,
  source text not null default 'asked' check (source in ('asked', 'carried_in', 'confirmed')),
  said_at timestamptz not null default now(),
  said_by text not null default session_user,
  from_assessment uuid references assessment,
  revision int not null default 1,
  primary key (assessment_id, question)
);

create function is_recognised(assessor text, form text, on_day date) returns boolean language sql stable
security definer set search_path = public, pg_temp
return exists (select 1 from recognised_assessor a
               where a.user_name = assessor and a.form_id in ('*', form) and a.valid @> on_day);
grant execute on function is_recognised(text, text, date) to centre_user;

create function guard_assessment() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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
  if new.state = 'signed' then
    if not is_owner() then
      if new.signed_by is distinct from session_user then
        raise exception 'sign for yourself' using errcode = 'check_violation', constraint = 'assessment_signed_by_self';
      end if;
      new.signed_at := now();
    end if;
    if not is_recognised(new.signed_by, new.form_id, (now() at time zone 'Europe/London')::date) then
      raise exception 'not recognised' using errcode = 'check_violation', constraint = 'assessment_signer_is_recognised';
    end if;
  end if;
  return new;
end $$;
create trigger guard before insert or update or delete on assessment for each row execute function guard_assessment();

create function guard_answer() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare state_now text;
begin
  -- Locked first and asked afterwards: an answer saved while another desk signs waits for that desk, and is refused then.
  select a.state into state_now from assessment a where a.id = coalesce(new.assessment_id, old.assessment_id) for share;
  if state_now = 'signed' then
    raise exception 'signed' using errcode = 'check_violation', constraint = 'assessment_signed_is_immutable';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  if is_owner() then
    return new;
  end if;
  if tg_op = 'UPDATE' and (old.assessment_id, old.question, old.from_assessment)
     is distinct from (new.assessment_id, new.question, new.from_assessment) then
    raise exception 'another answer' using errcode = 'check_violation', constraint = 'answer_stays_where_it_is';
  end if;
  -- A1: who said it is whoever is asking now, unless it was known before; then it is as it was said.
  if tg_op = 'INSERT' and new.from_assessment is not null then
    if not exists (select 1 from answer a join assessment e on e.id = a.assessment_id and e.state = 'signed'
                   join assessment mine on mine.id = new.assessment_id and mine.person_id = e.person_id
                   where a.assessment_id = new.from_assessment and a.question = new.question
                   and (a.value, a.said_by, a.said_at) = (new.value, new.said_by, new.said_at)) then
      raise exception 'not what was said' using errcode = 'check_violation', constraint = 'answer_is_as_it_was_said';
    end if;
  elsif (tg_op = 'INSERT' and new.source <> 'carried_in')
     or (tg_op = 'UPDATE' and (new.value <> old.value or new.source = 'asked')) then
    new.said_by := session_user;
    new.said_at := now();
  elsif tg_op = 'UPDATE' then
    new.said_by := old.said_by;
    new.said_at := old.said_at;
  end if;
  return new;
end $$;
create trigger guard before insert or update or delete on answer for each row execute function guard_answer();

alter table assessment enable row level security;
alter table answer enable row level security;
create policy shared_with_me on assessment to centre_user
  using ((select my_role()) not in ('administrator') and person_id <> all ((select hidden_people('detail'))::uuid[]));
create policy shared_with_me on answer to centre_user
  using (exists (select 1 from assessment a where a.id = assessment_id));

create trigger stamp before insert or update on assessment
  for each row execute function stamp('started_by', 'started_at');
create trigger stamp before insert or update on recognised_assessor
  for each row execute function stamp('recorded_by', '');
create trigger strangers before insert or update or delete on recognised_assessor
  for each statement execute function refuse_strangers();
create trigger strangers before insert or update or delete on form
  for each statement execute function refuse_strangers();

create trigger watch after insert or update or delete on recognised_assessor
  for each row execute function audit.watch('assessment', 'user_name', '');
create trigger watch after insert or update or delete on assessment
  for each row execute function audit.watch('assessment', 'id', 'person_id');
create trigger watch after insert or update or delete on answer
  for each row execute function audit.watch('assessment', 'assessment_id', '');

grant select on form, recognised_assessor, assessment, answer to centre_user;
grant insert on form to administrator;
grant insert, update, delete on assessment, answer to trusted_assessor;
grant insert, update on assessment, answer to care_coordinator, team_lead;
grant insert, delete on recognised_assessor to manager;
