drop trigger guard_away on assessment;
drop function guard_away();
drop trigger keep_change on answer;
drop function keep_answer_change();

create or replace function guard_answer() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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

drop function known_facts(uuid, uuid, uuid), record_said(uuid, text, text[]);
drop table answer_change;
drop function refuse_answer_change();
alter table assessment drop column away_started_at, drop column away_signed_at;
alter table answer
  drop constraint answer_origin_is_whole,
  drop column said_role, drop column said_name, drop column from_kind, drop column from_id, drop column away_at;
