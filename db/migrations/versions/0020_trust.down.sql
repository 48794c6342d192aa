-- Back to recognition without agreements. What was signed stays signed; receipts and what was said in them go.

drop trigger send_receipts on assessment;
drop function send_receipts();
drop function check_receiver(assessment_receipt);
drop table receipt_point, assessment_receipt;
drop function guard_point(), guard_receipt(), on_assessing_side(assessment), acts_for_team(int), team_may_read(int, uuid), receiving_team(text, text);
delete from setting where name = 'reask_days';

-- Nobody is recognised for more than before: for the days on which everything that was required held.
create temporary table recognised_before on commit drop as
select distinct r.user_name, f.form_id, r.organisation, r.recorded_by,
       r.valid * daterange(g.starts_on, g.ends_on, '[]') * coalesce(held.days, 'empty') as valid
from recognised_assessor r
join trust_agreement g on g.id = r.agreement_id
cross join lateral unnest(case when '*' = any (r.forms) then g.forms
                               when '*' = any (g.forms) then r.forms
                               else array(select unnest(r.forms) intersect select unnest(g.forms)) end) as f(form_id)
cross join lateral (
  select case when count(*) filter (where d.days is null) = 0
              then daterange(max(lower(d.days)), case when bool_and(upper(d.days) is null) then null else min(upper(d.days)) end) end as days
  from (select daterange(null, null) as days
        union all
        select (select daterange(c.gained_on, c.expires_on, '[]') from assessor_competency c
                where c.user_name = r.user_name and c.competency = w.code and c.expires_on is distinct from c.gained_on - 1
                order by c.expires_on desc nulls first limit 1)
        from unnest(g.competencies) as w(code)) d) held;

alter table assessment disable trigger user;
drop index assessment_recognition;
alter table assessment drop column agreement_id, drop column recognition_id, drop column signed_team;
alter table assessment enable trigger user;

drop policy colleagues on recognised_assessor;
drop policy keeping on recognised_assessor;
alter table recognised_assessor disable row level security;
drop trigger guard on recognised_assessor;
drop trigger watch on recognised_assessor;
revoke update on recognised_assessor from manager;
alter table recognised_assessor add column form_id text not null default '*';
create or replace function guard_assessment() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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

create or replace function signed_in_hospital(assessor text, form text) returns boolean language sql stable
return exists (
  select 1 from recognised_assessor a, hospital h
  where a.user_name = assessor and a.form_id in ('*', form) and a.valid @> (now() at time zone 'Europe/London')::date
  and (starts_with(fold(h.name), fold(a.organisation)) or starts_with(fold(a.organisation), fold(h.name))));


create or replace function is_recognised(assessor text, form text, on_day date) returns boolean language sql stable
security definer set search_path = public, pg_temp
return exists (select 1 from recognised_assessor a
               where a.user_name = assessor and a.form_id in ('*', form) and a.valid @> on_day);

drop function refuse_signature(text, text, text), gap_words(text, text, text, date), recognition_gaps(text, text, date),
  recognised_under(text, text, date), has_competencies(text, text[], date);

alter table recognised_assessor disable trigger user;
delete from recognised_assessor;
drop index recognised_assessor_user;
alter table recognised_assessor drop constraint recognised_assessor_pkey, drop column id, drop column agreement_id,
  drop column forms, drop column end_reason, drop column revision;
insert into recognised_assessor (user_name, form_id, organisation, valid, recorded_by)
select user_name, form_id, min(organisation), valid, min(recorded_by) from recognised_before
where not isempty(valid) group by user_name, form_id, valid;
alter table recognised_assessor add primary key (user_name, form_id, valid);
alter table recognised_assessor enable trigger user;
drop table recognised_before;
create trigger watch after insert or update or delete on recognised_assessor
  for each row execute function audit.watch('assessment', 'user_name', '');

drop table assessor_competency, trust_agreement, competency;
drop function guard_recognition(), guard_agreement(), guard_competency();
