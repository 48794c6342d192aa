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
drop view hidden_detail_from_me;
drop index person_summary_or_less;
