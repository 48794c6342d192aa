-- Takes back 0025_finding.up.sql.
create or replace function spelt_like(names text[]) returns table (name text, name_key text) language sql stable
security definer set search_path = public, pg_temp
begin atomic
  with asked as (select n.name, trigrams(n.name) as grams, case when length(n.name) > 7 then 7 else 4 end as spoilt
                 from (select distinct unnest(names) as name) n),
  counted as (select a.name, g.gram, (select count(*) from name_lexicon l where l.trigrams @> array[g.gram]) as known
              from asked a cross join lateral unnest(a.grams) g(gram)),
  rare as (select c.name, c.gram
           from (select name, gram, row_number() over (partition by name order by known, gram) as place
                 from counted where known > 0) c where c.place <= 5),
  found as (select distinct r.name, l.name_key, l.trigrams
            from rare r join name_lexicon l on l.trigrams @> array[r.gram]
            where abs(length(l.name_key) - length(r.name)) <= 2),
  near as (select f.name, f.name_key from found f join asked a on a.name = f.name
           where (select count(*) from unnest(f.trigrams) t(gram) where t.gram = any(a.grams))
                 >= cardinality(a.grams) - a.spoilt)
  select n.name, n.name_key from near n
  where my_role() <> 'administrator'
    and exists (
      select 1 from (select s.id, s.merged_into from person s where s.surname_key collate "C" = n.name_key collate "C"
                     union all
                     select g.id, g.merged_into from person g where g.given_key collate "C" = n.name_key collate "C") p
      join person k on k.id = coalesce(p.merged_into, p.id) and k.merged_into is null
      where k.sharing_level <> 'named_teams'
         or exists (select 1 from person_sharing w where w.person_id = k.id and w.team_id = (select my_team())));
end;

drop index name_lexicon_end, name_lexicon_start, person_postcode_start, person_given;
create index person_given on person (given_key collate "C");
alter policy shared_with_me on person
  using (merged_into is null and (select my_role()) not in ('administrator')
         and not exists (select 1 from hidden_from_me h where h.id = person.id));
drop view agreed_with_my_team;
