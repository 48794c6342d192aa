-- No index that a login may use holds what somebody hidden is known by. What an index found is counted by "explain
-- analyze", whatever the policies take away afterwards, so that by halving whoever has psql worked it out
-- (docs/decisions/who-sees-what.md; tests/db/test_found_without_the_hidden.py).

-- ---------------------------------------------------------------- indexes of those whom everybody may find
-- The others are found by their ids: agreed_people() says who of them this login may see, and there are few.
drop index person_nhs_number, person_surname, person_given, person_birth_date, person_postcode, person_postcode_start,
  person_phone, person_other_phone, person_practice, person_former_nhs_number, person_former_surname, person_former_given,
  person_former_birth_date, person_former_postcode, person_former_phone, person_former_other_phone, person_around_phone,
  contact_caller_phone_key, contact_caller_phone;
create index person_surname on person (surname_key collate "C", given_key collate "C", id) where not kept;
create index person_given on person (given_key collate "C", surname_key collate "C", id) where not kept;
create index person_birth_date on person (birth_date) where not kept;
create index person_postcode on person (postcode) where not kept;
create index person_postcode_start on person (postcode collate "C") where not kept;
create index person_phone on person (phone_key) where phone_key is not null and not kept;
create index person_other_phone on person (other_phone_key) where other_phone_key is not null and not kept;
create index person_practice on person (practice_code) where not kept;
create index person_former_nhs_number on person_former (nhs_number) where nhs_number is not null and not kept;
create index person_former_surname on person_former (surname_key collate "C", given_key collate "C") where not kept;
create index person_former_given on person_former (given_key collate "C") where not kept;
create index person_former_birth_date on person_former (birth_date) where not kept;
create index person_former_postcode on person_former (postcode) where not kept;
create index person_former_phone on person_former (phone_key) where phone_key is not null and not kept;
create index person_former_other_phone on person_former (other_phone_key) where other_phone_key is not null and not kept;
create index person_around_phone on person_around (phone_key) where phone_key is not null and not kept;
create index contact_caller_phone_key on contact (caller_phone_key, received_at desc) where caller_phone_key is not null and not kept;
create index contact_caller_phone on contact_caller (phone_key) where phone_key is not null and not kept;

-- ---------------------------------------------------------------- a number is somebody's once, of everybody
-- Held by what PostgreSQL never asks before a policy: a function that is not leakproof, and whose inside it does not see
-- (md5() is leakproof). By hashes, since an index in order could be read in its order, and what was passed over is counted.
create function number_once(number text) returns text language plpgsql immutable strict parallel safe as $$
begin
  return number;
end $$;
revoke all on function number_once(text) from public;
grant execute on function number_once(text) to centre_user;
alter table person add constraint person_nhs_number exclude using hash (number_once(nhs_number) with =)
  where (nhs_number is not null);
create index person_nhs_number_open on person (nhs_number) where nhs_number is not null and not kept;

-- ---------------------------------------------------------------- who looks for everybody
-- By their ids, and no column more: what stands beside an id in an index is compared after the policies, as in the table.
create index person_kept_known on person (id)
  include (surname_key, given_key, known_as, birth_date, postcode, nhs_number, phone_key, other_phone_key)
  where kept and merged_into is null;
-- Of those who keep something back, whom this login may see: what they are known by, to be compared by value. As functions
-- of the owner, since asking the policies about each of some thousand would take long at every key that is pressed.
create function agreed_known_by() returns table (id uuid, surname_key text, given_key text, known_as text, birth_date date,
  postcode text, nhs_number text, phone_key text, other_phone_key text)
language sql stable security definer rows 100 set search_path = public, pg_temp
begin atomic
  select p.id, p.surname_key, p.given_key, p.known_as, p.birth_date, p.postcode, p.nhs_number, p.phone_key, p.other_phone_key
  from person p where p.kept and p.merged_into is null and p.id = any (array(select agreed_people()))
    and coalesce(my_role() not in ('nobody', 'administrator'), false);
end;
-- And rows of theirs that hold one of these telephones, or a number that they had.
create function agreed_rows(keys text[], numbers text[] default '{}') returns table (of_table text, id uuid)
language sql stable security definer rows 10 set search_path = public, pg_temp
begin atomic
  with ours as materialized (
    select array(select agreed_people()) as ids
    where (keys <> '{}' or numbers <> '{}') and coalesce(my_role() not in ('nobody', 'administrator'), false)),
  around as materialized (
    select a.id, a.phone_key from ours o join person_around a on a.person_id = any (o.ids) and a.kept
    where (select works_with_records())),
  contacts as materialized (
    select c.id, c.caller_phone_key from ours o join contact c on c.person_id = any (o.ids) and c.kept
    where (select works_with_records())),
  called as (
    select c.id from contacts c
    union
    select k.contact_id from ours o join contact_caller k on k.caller_person_id = any (o.ids) where (select works_with_records())
    union
    select k.contact_id from around a join contact_caller k on k.caller_around_id = a.id)
  select 'person_former', f.id from ours o join person_former f on f.person_id = any (o.ids) and f.kept
  where f.phone_key = any (keys) or f.other_phone_key = any (keys) or f.nhs_number = any (numbers)
  union all
  select 'person_around', a.id from around a where a.phone_key = any (keys)
  union all
  select 'contact', c.id from contacts c where c.caller_phone_key = any (keys)
  union all
  select 'contact_caller', k.contact_id
  from called d join contact_caller k on k.contact_id = d.id and k.kept join contact c on c.id = k.contact_id
    left join person_around a on a.id = k.caller_around_id
  where k.phone_key = any (keys)
    and not exists (select 1 from hidden_from_me h where h.id in (c.person_id, k.caller_person_id))
    and not exists (select 1 from hidden_detail_from_me h where h.id = a.person_id);
end;
revoke all on function agreed_known_by(), agreed_rows(text[], text[]) from public;
grant execute on function agreed_known_by(), agreed_rows(text[], text[]) to centre_user;


-- As in 0051: by the number's own index, and beside those whom everybody may find those whom not.
create or replace function emergency_look(which uuid, number text, with_surname text, with_given text, born date) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  those uuid[]; exact boolean := nhs_number_holds(number); asked_by text;
begin
  if not cares_directly() then
    raise exception 'not a role of direct care' using errcode = 'insufficient_privilege', constraint = 'emergency_is_for_direct_care';
  end if;
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'counted' using errcode = 'insufficient_privilege', constraint = 'emergency_lookups_are_counted';
  end if;
  if not coalesce(exact, false) and (fold(coalesce(with_surname, '')) = '' or fold(coalesce(with_given, '')) = '' or born is null) then
    raise exception 'not exact' using errcode = 'check_violation', constraint = 'emergency_lookup_is_exact';
  end if;
  perform 1 from user_sign_in s where s.user_name = session_user for no key update;
  select l.by_user into asked_by from emergency_lookup l where l.id = which;
  if asked_by is not null then
    return;  -- sent twice
  end if;
  if (select count(*) from emergency_lookup l where l.by_user = session_user and l.at > clock_timestamp() - interval '1 hour')
     >= emergency_setting('emergency.lookups') then
    raise exception 'too many' using errcode = 'check_violation', constraint = 'emergency_lookups_are_few';
  end if;
  if exact then
    those := array(select p.id from person p where number_once(p.nhs_number) = number_once(number)
                   union select f.person_id from person_former f where f.nhs_number = number);
  else
    those := array(select p.id from person p where not p.kept and p.surname_key collate "C" = fold(with_surname) collate "C"
                   and p.given_key collate "C" = fold(with_given) collate "C" and p.birth_date = born and p.merged_into is null
                   union all
                   select p.id from person p where (p.sharing_level = 'named_teams' or p.merged_into is not null)
                   and p.surname_key collate "C" = fold(with_surname) collate "C"
                   and p.given_key collate "C" = fold(with_given) collate "C" and p.birth_date = born and p.merged_into is null
                   limit 3);
  end if;
  insert into emergency_lookup (id, by_user, at, by_what, person_id, several)
  values (which, session_user, clock_timestamp(), case when exact then 'nhs_number' else 'name_and_birth' end,
          case when cardinality(those) = 1 then kept_person(those[1]) end, cardinality(those) > 1);
end $$;

-- As in 0025. A name is told to whoever may see somebody who bears it or bore it: names of records that were merged stand
-- with the one that was kept. That this login's team may see others is asked last, once.
create or replace function spelt_like(names text[]) returns table (name text, name_key text) language sql stable
security definer set search_path = public, pg_temp
begin atomic
  with asked as (select n.name, trigrams(n.name) as grams, length(n.name) as long,
                        case when length(n.name) > 7 then length(n.name) / 3 else greatest(length(n.name) / 2, 1) end
                          as head,
                        case when length(n.name) > 7 then length(n.name) / 3 else (length(n.name) + 1) / 2 end as tail,
                        case when length(n.name) > 7 then 2 else 1 end as slips,
                        case when length(n.name) > 7 then 7 else 4 end as spoilt  -- trigrams, at most
                 from (select distinct unnest(names) as name) n),
  near as (
    select a.name, l.name_key, l.trigrams from asked a join name_lexicon l
      on l.name_key collate "C" >= left(a.name, a.head)
     and l.name_key collate "C" < left(a.name, a.head) || U&'\+10FFFF'
    union all
    select a.name, l.name_key, l.trigrams from asked a join name_lexicon l
      on reverse(l.name_key) collate "C" >= left(reverse(a.name), a.tail)
     and reverse(l.name_key) collate "C" < left(reverse(a.name), a.tail) || U&'\+10FFFF'
    union all
    select a.name, l.name_key, l.trigrams from asked a join name_lexicon l
      on l.trigrams @> (select array_agg(substr(a.name, at, 3)) from generate_series(a.head + 1, a.long - a.tail - 2) at)
    where a.slips = 2
    union all
    select a.name, l.name_key, l.trigrams from asked a join name_lexicon l
      on l.name_key collate "C" = overlay(a.name placing reverse(substr(a.name, a.head, 2)) from a.head)
    where a.slips = 1),
  found as (
    select distinct n.name, n.name_key from near n join asked a on a.name = n.name
    where abs(length(n.name_key) - a.long) <= a.slips
      and (select count(*) from unnest(n.trigrams) t(gram) where t.gram = any (a.grams))
          >= cardinality(a.grams) - a.spoilt)
  select f.name, f.name_key from found f
  where my_role() <> 'administrator'
    and (exists (select 1 from person s where s.surname_key collate "C" = f.name_key collate "C" and not s.kept)
      or exists (select 1 from person g where g.given_key collate "C" = f.name_key collate "C" and not g.kept)
      or exists (select 1 from person_former s where s.surname_key collate "C" = f.name_key collate "C" and not s.kept)
      or exists (select 1 from person_former g where g.given_key collate "C" = f.name_key collate "C" and not g.kept)
      or f.name_key in (
      with ours as materialized (
        select k.id from person_sharing w join person k on k.id = w.person_id
        where w.team_id = (select my_team()) and k.kept and k.merged_into is null)
      select unnest(array[k.surname_key, k.given_key]) from ours o join person k on k.id = o.id
      union all
      select unnest(array[m.surname_key, m.given_key]) from ours o join person_former m on m.person_id = o.id));
end;

-- ---------------------------------------------------------------- statistics
-- No statistics are kept of what identifies or describes somebody. The planner asks its statistics before any policy,
-- and explain shows what it makes of them: with two estimates either side of a bound of the histogram, the NHS number of
-- somebody hidden could be worked out to the last figure, and whether a name is among the commonest of all rows.
-- The searches for people go by indexes whose choice does not hang on these.
do $$
declare
  t text; c text;
begin
  for t, c in
    select split_part(of.name, '.', 1), split_part(of.name, '.', 2) from unnest(string_to_array(regexp_replace(trim($list$
      answer.value answer.said_name answer_change.was answer_change.is_now answer_change.said_name
      apartment_decline.reason apartment_decline.next_step apartment_request.needs apartment_request.answers
      assessment.correction_reason assessment_receipt.note
      care_package.tasks care_package_offer.words
      care_plan.what_matters care_plan.carers_part care_plan.self_care care_plan.strengths care_plan.funding
      clock_pause.words
      contact.caller_name contact.caller_relation contact.caller_phone contact.caller_phone_key contact.need
      contact.details contact.ending_reason
      contact_advice.title contact_advice.words
      contact_caller.name contact_caller.relation contact_caller.phone contact_caller.phone_key
      equality_answer.value emergency_access.words emergency_review.note emergency_review.told_why
      equipment_collection.reason equipment_collection.note equipment_movement.note equipment_order.note
      equipment_order.reason equipment_reminder.to_whom equipment_reminder.note
      handover.note handover_item.line handover_item.answer
      hospital_notice.head hospital_notice.ward_keys hospital_notice.withdrawal_words hospital_notice.answer_words
      hospital_receipt.details hospital_receipt.file_name hospital_said.words
      inbox_item.name inbox_item.problem inbox_item.facts
      information_request.named information_request.question information_request.answer
      message.findings message.read_by message.keys
      move_on_task.words move_on_task.note
      no_access_case.ending_words no_access_event.words no_access_step.name no_access_step.words
      original.name original.content
      person.nhs_number person.surname person.given person.known_as person.birth_date person.deceased_on
      person.address person.postcode person.phone person.other_phone person.email person.communication
      person.access_notes person.surname_key person.given_key person.phone_key person.other_phone_key
      person_alert.words
      person_around.name person_around.relation person_around.phone person_around.phone_key
      person_former.nhs_number person_former.surname person_former.given person_former.known_as
      person_former.birth_date person_former.postcode person_former.phone person_former.other_phone
      person_former.surname_key person_former.given_key person_former.phone_key person_former.other_phone_key
      person_merge.reason person_merge.taken person_merge.before person_merge.after person_merge.moved person_merge.own
      person_merge.undone_reason person_merge.undone_with
      plan_action.what plan_action.who plan_agreement.name plan_agreement.how plan_agreement.why_not
      plan_contingency.sign plan_contingency.what_to_do plan_contingency.whom_to_call
      plan_equipment.what plan_equipment.from_whom plan_need.words plan_outcome.words
      plan_review.with_whom plan_review.came_of_it plan_source.question
      plan_version.note plan_version.content
      published_visit.words
      reablement_barrier.words reablement_barrier.done
      reablement_episode.complex_reason reablement_episode.past_six_weeks_reason reablement_episode.end_words
      reablement_event.words reablement_review.with_whom reablement_review.words
      receipt_point.words receipt_point.why receipt_point.reply receipt_point.outcome_words
      referral.urgency_reason referral.need referral.state_reason referral_clock.stop_reason
      referral_event.reason referral_event.details referral_outside.reason referral_outside.whom
      referral_suggestion.reason
      reside_said.note reside_said.said_by
      safeguarding_concern.seen_or_said safeguarding_concern.found safeguarding_concern.made_safe
      safeguarding_concern.consent safeguarding_concern.involved safeguarding_concern.reason
      safeguarding_concern.decision_words safeguarding_event.reason safeguarding_told.name safeguarding_told.role
      sharing_agreement.representative sharing_agreement.reason
      stay.purpose stay.reason stay.past_six_weeks_reason stay_override.reason
      transfer.bed_reason transfer.why_not_ready transfer_delay.note transfer_light.note
      visit.need visit.state_reason visit.access_notes
      visit_outcome.words visit_outcome_former.reason visit_outcome_former.words
      visit_pattern.action_words visit_pattern_slot.need visit_pattern_slot.access_notes
      worker_person.reason
      person.title person.language hospital_notice.site hospital_notice.ward hospital_notice.sender_message
      transfer.ward reside_said.ward message.message_key message.content_key inbox_item.key
      inbox_item.settled_reason rota_exception.note desk_correction.reason saved_view.name
      hospital_receipt.sha256 original.sha256
    $list$, E' \n'), '\s+', ' ', 'g'), ' ')) of(name)
  loop
    execute format('alter table public.%I alter column %I set statistics 0', t, c);
    perform pg_clear_attribute_stats('public', t, c, false);  -- what was gathered would stay
  end loop;
end $$;
-- What an index makes of a column is sampled by itself.
alter index person_nhs_number alter column 1 set statistics 0;
