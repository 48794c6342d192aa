-- R3. An emergency look begins and ends by one reading of the clock. With two, its end came some microseconds late, and one of
-- the longest that can be set (four hours) was refused by emergency_ends.
create or replace function break_glass(which uuid, about uuid, by_lookup uuid, of_kind text, in_words text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  asked uuid := about; shuts text; begun constant timestamptz := clock_timestamp();
begin
  if not cares_directly() then
    raise exception 'not a role of direct care' using errcode = 'insufficient_privilege', constraint = 'emergency_is_for_direct_care';
  end if;
  if exists (select 1 from emergency_access e where e.id = which and e.by_user = session_user) then
    return;  -- sent twice
  end if;
  if by_lookup is not null then
    select l.person_id into asked from emergency_lookup l
    where l.id = by_lookup and l.by_user = session_user and l.at > clock_timestamp() - interval '30 minutes'
      and l.transaction <> pg_current_xact_id();
  end if;
  asked := kept_person(asked);
  perform 1 from person p where p.id = asked for key share;
  if not found then
    raise exception 'nobody' using errcode = 'foreign_key_violation', constraint = 'emergency_access_person_id_fkey';
  end if;
  if exists (select 1 from emergency_access e where e.by_user = session_user and e.person_id = asked and e.ended_at is null
             and e.ends_at > clock_timestamp()) then
    raise exception 'in force' using errcode = 'check_violation', constraint = 'emergency_is_in_force';
  end if;
  shuts := kept_back_by_rights(asked);
  if shuts is null then
    raise exception 'not needed' using errcode = 'check_violation', constraint = 'emergency_is_needed';
  end if;
  if shuts = 'record' and by_lookup is null then
    raise exception 'look first' using errcode = 'check_violation', constraint = 'emergency_is_looked_for';
  end if;
  insert into emergency_access (id, person_id, by_user, by_role, by_team, shut, kind, words, began_at, ends_at, lookup_id)
  values (which, asked, session_user, my_role(), my_team(), shuts, of_kind, btrim(in_words), begun,
          begun + emergency_setting('emergency.minutes') * interval '1 minute', by_lookup);
end $$;
