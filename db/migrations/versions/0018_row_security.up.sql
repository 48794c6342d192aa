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
