-- Transfer: anybody on the list, criteria to reside, what one more costs (T4, T6), taken back.
delete from setting where name in ('transfer.recovery_days', 'transfer.small_numbers');
update setting set value = value #- '{rows,reside_reason}' where name = 'seeded_reference';

create or replace function guard_transfer() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and (old.person_id, old.begun_by, old.begun_at) is distinct from (new.person_id, new.begun_by, new.begun_at) then
    raise exception 'another person' using errcode = 'check_violation', constraint = 'transfer_stays_with_its_person';
  end if;
  if new.ready_at > now() + interval '10 minutes' or new.left_at > now() + interval '10 minutes' then
    raise exception 'still to come' using errcode = 'check_violation', constraint = 'transfer_is_not_still_to_come';
  end if;
  return new;
end $$;

drop index transfer_in_recovery;
alter table transfer
  drop constraint transfer_recovery_ends_later, drop constraint transfer_recovery_after_leaving,
  drop constraint transfer_recovery_has_service,
  drop column recovery_ended_on, drop column recovery_until, drop column recovery;
drop table reside_said;
drop function guard_reside_said();
drop table reside_reason;
alter table discharge_destination drop column elsewhere;
alter table delay_reason drop column short;
alter table hospital drop column trust_name, drop column trust;
