-- Takes back 0018_row_security.up.sql.
do $$
declare
  p record; clause text; words text;
  looked_up constant text := '\(NOT \(EXISTS \( SELECT 1\s+FROM (hidden_from_me|hidden_detail_from_me) h\s+WHERE \(h\.id = ([\w.]+)\)\)\)\)';
begin
  for p in select c.relname, o.polname, pg_get_expr(o.polqual, o.polrelid) as using_,
                  pg_get_expr(o.polwithcheck, o.polrelid) as check_
           from pg_policy o join pg_class c on c.oid = o.polrelid
           where c.relnamespace = 'public'::regnamespace and c.relname not in ('referral', 'presence') loop
    words := '';
    foreach clause in array array['using', 'with check'] loop
      declare was text := case clause when 'using' then p.using_ else p.check_ end;
      begin
        if was is null or was !~ looked_up then continue; end if;
        was := regexp_replace(was, replace(looked_up, '(hidden_from_me|hidden_detail_from_me)', 'hidden_from_me'),
                              '(\1 <> all ((select hidden_people(''record''))::uuid[]))', 'g');
        was := regexp_replace(was, replace(looked_up, '(hidden_from_me|hidden_detail_from_me)', 'hidden_detail_from_me'),
                              '(\1 <> all ((select hidden_people(''detail''))::uuid[]))', 'g');
        words := words || format(' %s (%s)', clause, was);
      end;
    end loop;
    if words <> '' then
      execute format('alter policy %I on %I%s', p.polname, p.relname, words);
    end if;
  end loop;
end $$;
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
    and (exists (select 1 from person p where p.surname_key collate "C" = n.name_key collate "C"
                 and p.id <> all ((select hidden_people('record'))::uuid[]))
         or exists (select 1 from person p where p.given_key collate "C" = n.name_key collate "C"
                    and p.id <> all ((select hidden_people('record'))::uuid[])));
end;

drop view hidden_detail_from_me;
drop index person_summary_or_less;
