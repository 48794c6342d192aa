-- R2 on every table as 0015 has it on referrals: whether one person is hidden is looked up in a small index, instead of
-- listing everybody who is hidden for each query and going through the list for each row.

create index person_summary_or_less on person (id) where sharing_level <> 'everything';
create view hidden_detail_from_me as
  select p.id from person p
  where p.sharing_level <> 'everything'
    and not exists (select 1 from person_sharing s where s.person_id = p.id and s.team_id = (select my_team()));
grant select on hidden_detail_from_me to centre_user;

-- Each policy keeps every other condition that it has: only this one is put differently, wherever it stands.
do $$
declare
  p record; clause text; words text;
  listed constant text :=
    '\(([\w.]+) <> ALL \(\( SELECT hidden_people\(''(record|detail)''::text\) AS hidden_people\)::uuid\[\]\)\)';
begin
  for p in select c.relname, o.polname, o.polrelid, pg_get_expr(o.polqual, o.polrelid) as using_,
                  pg_get_expr(o.polwithcheck, o.polrelid) as check_
           from pg_policy o join pg_class c on c.oid = o.polrelid
           where c.relnamespace = 'public'::regnamespace loop
    words := '';
    foreach clause in array array['using', 'with check'] loop
      declare was text := case clause when 'using' then p.using_ else p.check_ end; found text[]; col text; now_ text;
      begin
        if was is null or position('hidden_people(' in was) = 0 then continue; end if;
        now_ := was;
        for found in select regexp_matches(was, listed, 'g') loop
          col := case when position('.' in found[1]) > 0 then found[1] else p.relname || '.' || found[1] end;
          now_ := replace(now_,
            format('(%s <> ALL (( SELECT hidden_people(''%s''::text) AS hidden_people)::uuid[]))', found[1], found[2]),
            format('(NOT EXISTS (SELECT 1 FROM %s h WHERE h.id = %s))',
                   case found[2] when 'record' then 'hidden_from_me' else 'hidden_detail_from_me' end, col));
        end loop;
        if position('hidden_people(' in now_) > 0 then
          raise exception 'policy % of % is put in a way that is not known', p.polname, p.relname;
        end if;
        words := words || format(' %s (%s)', clause, now_);
      end;
    end loop;
    if words <> '' then
      execute format('alter policy %I on %I%s', p.polname, p.relname, words);
    end if;
  end loop;
end $$;

-- The same for the names that are like what was typed: the first who bears a name and may be seen is enough.
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
