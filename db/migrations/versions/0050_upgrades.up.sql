-- A program says when it connects for which revision of the schema it was written (centre.revision). Whatever it asks of a
-- database of another one, it changes nothing there that is audited, and opens no record: every one of these makes an
-- entry in the audit trail. Somebody with psql states nothing, and is held by the same rights as ever.
create function audit.program_fits() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  stated text := nullif(current_setting('centre.revision', true), '');
  is_now text;
begin
  if stated is not null then
    select version_num into is_now from alembic_version;
    if stated is distinct from is_now then
      raise exception 'this program was written for another revision of the database'
        using errcode = 'object_not_in_prerequisite_state', constraint = 'program_fits', detail = is_now;
    end if;
  end if;
  return null;
end $$;
create trigger program_fits before insert on audit.entry for each statement execute function audit.program_fits();
