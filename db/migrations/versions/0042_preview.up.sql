-- A board is read at once: who is known to the people on it.

-- For each of these visits, who has been with its person in the four weeks before, most often first; nothing of a visit
-- that this login may not see (R2). Asked of each earlier visit, as row security would, it is the longest part of reading
-- a board; the earlier visits are the same person's, so the one answer holds for all of them.
create function known_faces(of_visits uuid[]) returns table (visit_id uuid, workers int[]) language sql stable
security definer set search_path = public, pg_temp
begin atomic
  select v.id, array_agg(f.worker_id order by f.times desc, f.worker_id)
  from visit v cross join lateral (
    select a.worker_id, count(*) as times
    from visit b join allocation a on a.visit_id = b.id
    where b.person_id = v.person_id and b.day < v.day and b.day >= v.day - 28 and b.state not in ('cancelled', 'missed')
    group by a.worker_id) f
  where v.id = any (of_visits) and coalesce(my_role(), 'administrator') <> 'administrator'
    and v.person_id not in (select h.id from hidden_from_me h)
  group by v.id;
end;
grant execute on function known_faces(uuid[]) to centre_user;
