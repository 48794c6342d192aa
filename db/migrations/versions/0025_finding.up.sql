-- Finding people as one types, in a city of 600,000: plans that are quick to make, indexes read in their order.

-- R2 on a person says the same as 0018, from the row itself: only for the few who share with named teams is anything
-- looked up. A record that was merged is not seen at all, so the one that it went into need not be asked about.
create view agreed_with_my_team as select s.person_id from person_sharing s where s.team_id = (select my_team());
grant select on agreed_with_my_team to centre_user;
alter policy shared_with_me on person
  using (merged_into is null and (select my_role()) not in ('administrator')
         and (sharing_level <> 'named_teams' or exists (select 1 from agreed_with_my_team a where a.person_id = id)));

-- Given names in their order, those of one name by surname: read only as far as a list is long.
drop index person_given;
create index person_given on person (given_key collate "C", surname_key collate "C", id);
create index person_postcode_start on person (postcode collate "C");

-- A name of up to seven letters with one slip in it has its first or its last half whole, or two letters in the middle
-- are swapped. A longer one with two slips has its beginning, its middle or its end whole. So a name is looked for from
-- its beginning, from its end and by the trigrams of its middle, instead of by whichever trigrams are rare.
create index name_lexicon_start on name_lexicon (name_key collate "C");
create index name_lexicon_end on name_lexicon (reverse(name_key) collate "C");

-- Whoever bears a name openly is enough to tell it by; only then is it asked whom this login may see besides.
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
