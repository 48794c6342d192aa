-- T2. The four hours start with what came first of what still stands: where a ward takes back that somebody is ready, and an
-- assessment signed in hospital stands, they start with that; where the withdrawal is taken back, with the notice again.
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
      -- A clock that was begun anew when its referral was reopened keeps its own beginning.
      if k.starts = 'moft' and (start > cur.started_at and new_r.moft_at is null
                                or start < cur.started_at and cur.started_at = greatest(new_r.received_at, new_r.trusted_at)) then
        update referral_clock c set started_at = start, base_due = d, due_at = d + (c.due_at - c.base_due)
        from clock_due(k, new_r.urgency, start) d where c.id = cur.id;
      end if;
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

-- D6. Nothing is ordered anew for somebody who has died: by the undo of a cancellation neither.
create function equipment_order_of_the_living() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if (select p.deceased_on from person p where p.id = new.person_id for share) is not null then
    raise exception 'died' using errcode = 'check_violation', constraint = 'equipment_order_person_died';
  end if;
  return new;
end $$;
create trigger of_the_living before update of state on equipment_order for each row
  when (old.state = 'cancelled' and new.state = 'ordered') execute function equipment_order_of_the_living();
