-- A form is read in as a draft, looked at, and published by an administrator. What is published never changes; it can be
-- withdrawn, so that no new assessment begins with it. Needs are not signed before the conversation (A2).

alter table form
  add column state text not null default 'live' check (state in ('draft', 'live', 'withdrawn')),
  add column source text not null default '',         -- the file as it was read in; empty for what came with the program
  add column imported_at timestamptz,
  add column imported_by text references user_account,
  add column published_by text references user_account,  -- null: it came with the program
  add column withdrawn_at timestamptz,
  add column withdrawn_by text references user_account,
  add column withdrawn_reason text not null default '',
  add column revision int not null default 1,
  alter column published_at drop not null,
  add constraint form_is_what_it_says check (definition ->> 'id' = id and definition -> 'version' = to_jsonb(version)),
  add constraint form_published_has_date check ((state = 'draft') = (published_at is null)),
  add constraint form_withdrawn_is_whole check ((state = 'withdrawn') = (withdrawn_at is not null)),
  add constraint form_withdrawn_has_reason check ((state = 'withdrawn') = (btrim(withdrawn_reason) <> ''));

-- A2 in the form itself: a conversation that must be had stands before the first needs, or another form is named that
-- holds it. The checker (coordination/assessment/form_rules.py) says the same, and more.
create function form_talks_first(definition jsonb) returns boolean language sql immutable
return jsonb_array_length(coalesce(definition -> 'after', '[]')) > 0 or coalesce((
  select min(s.place) filter (where s.part ->> 'kind' = 'conversation' and not s.part ? 'when' and exists (
           select 1 from jsonb_array_elements(s.part -> 'question') q where q -> 'required' = 'true' and not q ? 'when'))
       < min(s.place) filter (where coalesce(s.part ->> 'kind', 'needs') in ('needs', 'scores'))
  from jsonb_array_elements(definition -> 'section') with ordinality s(part, place)
  having bool_or(coalesce(s.part ->> 'kind', 'needs') in ('needs', 'scores'))), not exists (
  select 1 from jsonb_array_elements(definition -> 'section') s
  where coalesce(s ->> 'kind', 'needs') in ('needs', 'scores')));

create function guard_form() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  loading boolean := is_owner();  -- what comes with the program is live from the start
begin
  if not loading and my_role() is distinct from 'administrator' then
    raise exception 'not an administrator' using errcode = 'insufficient_privilege', constraint = 'administrators_publish_forms';
  end if;
  if tg_op = 'DELETE' then
    if old.state <> 'draft' then
      raise exception 'published' using errcode = 'check_violation', constraint = 'form_published_is_immutable';
    end if;
    return old;
  end if;
  if tg_op = 'INSERT' then
    if loading then
      new.published_at := case when new.state <> 'draft' then coalesce(new.published_at, now()) end;
      return new;
    end if;
    if new.state <> 'draft' then
      raise exception 'not looked at yet' using errcode = 'check_violation', constraint = 'form_begins_as_draft';
    end if;
    new.imported_at := now();
    new.imported_by := session_user;
    new.revision := 1;
    new.published_at := null;
    new.published_by := null;
    new.withdrawn_at := null;
    new.withdrawn_by := null;
    return new;
  end if;

  if (old.id, old.version) is distinct from (new.id, new.version) then
    raise exception 'another form' using errcode = 'check_violation', constraint = 'form_stays_what_it_is';
  end if;
  if old.state <> 'draft' and (old.title, old.definition, old.source) is distinct from (new.title, new.definition, new.source) then
    raise exception 'published' using errcode = 'check_violation', constraint = 'form_published_is_immutable';
  end if;
  if (old.state, new.state) not in (('draft', 'live'), ('live', 'withdrawn'), ('withdrawn', 'live'))
     and old.state <> new.state then
    raise exception 'no such step' using errcode = 'check_violation', constraint = 'form_state_follows';
  end if;
  -- Who did what, and when, is the database's to say.
  new.imported_at := old.imported_at;
  new.imported_by := old.imported_by;
  new.published_at := old.published_at;
  new.published_by := old.published_by;
  new.withdrawn_at := old.withdrawn_at;
  new.withdrawn_by := old.withdrawn_by;
  new.revision := old.revision + 1;
  if old.state = new.state then
    new.withdrawn_reason := old.withdrawn_reason;
    if new.state = 'draft' and not loading then
      new.imported_at := now();
      new.imported_by := session_user;
    end if;
  elsif old.state = 'draft' then
    if not form_talks_first(new.definition) then
      raise exception 'needs first' using errcode = 'check_violation', constraint = 'form_talks_first';
    end if;
    new.published_at := now();
    new.published_by := case when not loading then session_user end;
  elsif new.state = 'withdrawn' then
    new.withdrawn_at := now();
    new.withdrawn_by := case when not loading then session_user end;
  else
    new.withdrawn_at := null;
    new.withdrawn_by := null;
    new.withdrawn_reason := '';
  end if;
  return new;
end $$;
create trigger guard before insert or update or delete on form for each row execute function guard_form();
create trigger watch after insert or update or delete on form for each row execute function audit.watch('forms', 'id', '');
grant update (title, definition, source, state, withdrawn_reason, revision), delete on form to administrator;

-- No assessment with a form that is only looked at, nor a new one with a form that has been withdrawn. The form is held,
-- so that a withdrawal waits for the assessment that is just beginning, and the other way round.
create function assessment_form_is_live() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare state_now text;
begin
  select f.state into state_now from form f where f.id = new.form_id and f.version = new.form_version for share;
  if state_now = 'draft' or (state_now = 'withdrawn' and new.corrects is null) then
    raise exception 'not a live form' using errcode = 'check_violation', constraint = 'assessment_form_is_live';
  end if;
  return new;
end $$;
create trigger form_is_live before insert on assessment for each row execute function assessment_form_is_live();

-- A2: needs are signed after the conversation: a signed one of each form that comes first, and in a form that holds its
-- own conversation an answer, given or confirmed, to all that must be asked in it.
create function strengths_first() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare definition jsonb;
begin
  if tg_op = 'UPDATE' and old.state = 'signed' then
    return new;
  end if;
  select f.definition into definition from form f where f.id = new.form_id and f.version = new.form_version;
  if exists (select 1 from jsonb_array_elements_text(coalesce(definition -> 'after', '[]')) earlier(form)
             where not exists (select 1 from assessment a where a.person_id = new.person_id
                               and a.form_id = earlier.form and a.state = 'signed')) then
    raise exception 'conversation first' using errcode = 'check_violation', constraint = 'assessment_conversation_first';
  end if;
  if exists (
       select 1 from jsonb_array_elements(definition -> 'section') s cross join jsonb_array_elements(s -> 'question') q
       where s ->> 'kind' = 'conversation' and not s ? 'when' and q -> 'required' = 'true' and not q ? 'when'
         and not exists (select 1 from answer a where a.assessment_id = new.id and a.question = q ->> 'id'
                         and a.value <> 'null' and a.source <> 'carried_in')) then
    raise exception 'conversation missing' using errcode = 'check_violation', constraint = 'assessment_conversation_missing';
  end if;
  return new;
end $$;
create trigger strengths_first before insert or update on assessment for each row
  when (new.state = 'signed') execute function strengths_first();
