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
