-- Whether a branch of a form is taken, said of the definition as it is kept: the same as holds() in
-- coordination/assessment/conditions.py. No answer equals nothing; of several choices, one of them is enough.
create function form_condition_holds(condition jsonb, answers jsonb) returns boolean language plpgsql immutable
set search_path = public, pg_temp as $$
declare
  answer jsonb := answers -> (condition ->> 'question');
  parts jsonb := coalesce(condition -> 'any', condition -> 'all', condition -> 'of');
  held int;
begin
  if condition is null then
    return true;
  end if;
  if condition ? 'answered' then
    return (answer is not null) = (condition -> 'answered')::boolean;
  end if;
  if condition ? 'question' then
    return exists (
      select 1
      from jsonb_array_elements(case jsonb_typeof(answer) when 'array' then answer else jsonb_build_array(answer) end) given(one),
           jsonb_array_elements(coalesce(condition -> 'in', jsonb_build_array(condition -> 'equals'))) wanted(one)
      where given.one = wanted.one and given.one <> 'null');
  end if;
  select count(*) filter (where form_condition_holds(part, answers)) into held from jsonb_array_elements(parts) part;
  return case
    when condition ? 'any' then held > 0
    when condition ? 'all' then held = jsonb_array_length(parts)
    when condition ? 'at_least' then held >= (condition ->> 'at_least')::int
    else held <= (condition ->> 'at_most')::int end;
end $$;

-- What must be answered before a signature and is not: asked with these answers, required, and without an answer that
-- somebody gave or confirmed. An answer to a question that is not asked does not count for those after it.
create function form_missing(definition jsonb, answers jsonb, unconfirmed text[]) returns text[] language plpgsql immutable
set search_path = public, pg_temp as $$
declare
  section jsonb;
  question jsonb;
  name text;
  counting jsonb := '{}';
  missing text[] := '{}';
begin
  for section in select s from jsonb_array_elements(definition -> 'section') with ordinality t(s, place) order by place loop
    continue when not form_condition_holds(section -> 'when', counting);
    for question in
      select q from jsonb_array_elements(section -> 'question') with ordinality t(q, place) order by place
    loop
      continue when not form_condition_holds(question -> 'when', counting);
      name := question ->> 'id';
      if coalesce(answers -> name, 'null') <> 'null' then
        counting := counting || jsonb_build_object(name, answers -> name);
      end if;
      if question -> 'required' = 'true' and (not counting ? name or name = any (unconfirmed)) then
        missing := missing || name;
      end if;
    end loop;
  end loop;
  return missing;
end $$;

create function assessment_is_whole() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare missing text[];
begin
  if tg_op = 'UPDATE' and old.state = 'signed' then
    return new;
  end if;
  select form_missing(f.definition,
    coalesce((select jsonb_object_agg(a.question, a.value) from answer a where a.assessment_id = new.id), '{}'),
    coalesce((select array_agg(a.question) from answer a where a.assessment_id = new.id and a.source = 'carried_in'), '{}'))
  into missing from form f where f.id = new.form_id and f.version = new.form_version;
  if missing <> '{}' then
    raise exception 'answers missing' using errcode = 'check_violation', constraint = 'assessment_answers_missing';
  end if;
  return new;
end $$;
-- After strengths_first by its name: who skipped the conversation is told that, not that answers are missing.
create trigger whole_before_signed before insert or update on assessment for each row
  when (new.state = 'signed') execute function assessment_is_whole();
