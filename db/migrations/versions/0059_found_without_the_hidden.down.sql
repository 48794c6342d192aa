-- As it was.
alter table person drop constraint person_nhs_number;
drop index person_nhs_number_open, person_kept_known;
create unique index person_nhs_number on person (nhs_number) where nhs_number is not null;
drop index person_surname, person_given, person_birth_date, person_postcode, person_postcode_start, person_phone,
  person_other_phone, person_practice, person_former_nhs_number, person_former_surname, person_former_given,
  person_former_birth_date, person_former_postcode, person_former_phone, person_former_other_phone, person_around_phone,
  contact_caller_phone_key, contact_caller_phone;
create index person_surname on person (surname_key collate "C", given_key collate "C", id);
create index person_given on person (given_key collate "C", surname_key collate "C", id);
create index person_birth_date on person (birth_date);
create index person_postcode on person (postcode);
create index person_postcode_start on person (postcode collate "C");
create index person_phone on person (phone_key) where phone_key is not null;
create index person_other_phone on person (other_phone_key) where other_phone_key is not null;
create index person_practice on person (practice_code);
create index person_former_nhs_number on person_former (nhs_number) where nhs_number is not null;
create index person_former_surname on person_former (surname_key collate "C", given_key collate "C");
create index person_former_given on person_former (given_key collate "C");
create index person_former_birth_date on person_former (birth_date);
create index person_former_postcode on person_former (postcode);
create index person_former_phone on person_former (phone_key) where phone_key is not null;
create index person_former_other_phone on person_former (other_phone_key) where other_phone_key is not null;
create index person_around_phone on person_around (phone_key) where phone_key is not null;
create index contact_caller_phone_key on contact (caller_phone_key, received_at desc) where caller_phone_key is not null;
create index contact_caller_phone on contact_caller (phone_key) where phone_key is not null;
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
    and (exists (select 1 from person s where s.surname_key collate "C" = f.name_key collate "C"
                 and s.merged_into is null and s.sharing_level <> 'named_teams')
      or exists (select 1 from person g where g.given_key collate "C" = f.name_key collate "C"
                 and g.merged_into is null and g.sharing_level <> 'named_teams')
      or exists (
      select 1 from (select s.id, s.merged_into from person s where s.surname_key collate "C" = f.name_key collate "C"
                     union all
                     select g.id, g.merged_into from person g where g.given_key collate "C" = f.name_key collate "C") p
      join person k on k.id = coalesce(p.merged_into, p.id) and k.merged_into is null
      where k.sharing_level <> 'named_teams'
         or exists (select 1 from person_sharing w where w.person_id = k.id and w.team_id = (select my_team()))));
end;
drop function number_once(text), agreed_known_by(), agreed_rows(text[], text[]);
-- Statistics are gathered again, when the tables are next analysed.
do $$
declare
  t regclass; c text;
begin
  for t, c in
    select attrelid::regclass, attname from pg_attribute a join pg_class k on k.oid = a.attrelid
    where k.relnamespace = 'public'::regnamespace and k.relkind = 'r' and a.attnum > 0 and a.attstattarget = 0
  loop
    execute format('alter table %s alter column %I set statistics default', t, c);
  end loop;
end $$;
