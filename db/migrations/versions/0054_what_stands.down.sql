drop trigger of_the_living on equipment_order;
drop function equipment_order_of_the_living();
create or replace function keep_promise_clock(k clock_kind, new_r referral, start timestamptz, done timestamptz, reopened boolean,
                                   back boolean, moment timestamptz) returns void language plpgsql
set search_path = public, pg_temp as $$
declare
  cur referral_clock; since timestamptz;
begin
  select * into cur from referral_clock c
  where c.referral_id = new_r.id and c.kind = k.code order by c.started_at desc, c.id desc limit 1;
  if start is null then
    if cur.id is not null and cur.met_at is null and cur.stopped_at is null then
      perform end_clock(cur.id, null, moment, case when back then 'taken_back'
        when new_r.state in ('declined', 'closed') then new_r.state else 'withdrawn' end);
    end if;
    return;
  end if;
  if cur.id is not null and not reopened then
    if cur.met_at is not null and done is null or cur.stopped_at is not null and back then
      update referral_clock set met_at = null, stopped_at = null, stop_reason = '' where id = cur.id;
      cur.met_at := null;
      cur.stopped_at := null;
    end if;
    if cur.met_at is null and cur.stopped_at is null then
      if done is not null then
        perform end_clock(cur.id, done, null, '');
      end if;
      return;
    end if;
  end if;
  if done is null and (cur.id is null or reopened or cur.stopped_at is not null) then
    since := case when reopened or cur.stop_reason in ('declined', 'closed') then moment else start end;
    insert into referral_clock (referral_id, kind, started_at, base_due, due_at, pausable, governs)
    select new_r.id, k.code, since, d, d, clock_pausable(k, new_r.urgency), k.governs
    from clock_due(k, new_r.urgency, since) d;
  end if;
end $$;
