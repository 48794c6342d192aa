-- As in 0022.
create or replace function guard_hospital_notice() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if not is_owner() then
      new.received_at := now();
      new.received_by := session_user;
    end if;
    return new;
  end if;
  if (new.message_id, new.place, new.kind, new.ward_keys, new.sender_message, new.issued_at, new.received_at,
      new.received_by, new.head, new.site, new.ward, new.person_consulted, new.carer_consulted, new.consent,
      new.consent_source, new.expected_on, new.discharge_at, new.moft_at, new.withdrawal_type, new.withdrawal_reason,
      new.withdrawal_words)
     is distinct from
     (old.message_id, old.place, old.kind, old.ward_keys, old.sender_message, old.issued_at, old.received_at,
      old.received_by, old.head, old.site, old.ward, old.person_consulted, old.carer_consulted, old.consent,
      old.consent_source, old.expected_on, old.discharge_at, old.moft_at, old.withdrawal_type, old.withdrawal_reason,
      old.withdrawal_words)
     or (old.referral_id is not null and new.referral_id is distinct from old.referral_id)
     or (old.withdrawn_by is not null and new.withdrawn_by is distinct from old.withdrawn_by) then
    raise exception 'a notice stays as it was sent' using errcode = 'check_violation', constraint = 'notice_stays';
  end if;
  if new.state <> old.state and (old.state, new.state) not in
     (('pending', 'applied'), ('pending', 'asked'), ('pending', 'overtaken'), ('asked', 'applied'), ('asked', 'rejected'),
      ('asked', 'overtaken')) then
    raise exception 'settled already' using errcode = 'check_violation', constraint = 'notice_settled_once';
  end if;
  new.revision := old.revision + 1;
  if new.state <> old.state and new.state in ('applied', 'rejected', 'overtaken') then
    new.settled_at := now();
    new.settled_by := session_user;
  else
    new.settled_at := old.settled_at;
    new.settled_by := old.settled_by;
  end if;
  return new;
end $$;

create or replace function hospital_notice_tells() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare
  r referral; what text; first boolean;
begin
  if new.referral_id is null or (tg_op = 'UPDATE' and new.state = old.state) then
    return null;
  end if;
  select * into r from referral where id = new.referral_id;
  select m.contact_id = r.contact_id into first from message m where m.id = new.message_id;
  what := case
    when new.kind = 'assessment' then case when not coalesce(first, false) then 'ward_notice' end
    when new.kind = 'discharge' then 'ward_discharge'
    else case new.state when 'asked' then 'ward_withdraws' when 'applied' then 'ward_withdrew'
                        when 'rejected' then 'ward_withdrawal_kept' when 'overtaken' then 'ward_withdrawal_late' end
  end;
  if what is not null then
    insert into referral_event (referral_id, from_state, to_state, from_holder, holder, kind, reason, details)
    values (r.id, r.state, r.state, r.claimed_by, r.claimed_by, what, new.answer_words,
            jsonb_strip_nulls(jsonb_build_object('withdrawal_type', new.withdrawal_type,
                                                 'withdrawal_reason', new.withdrawal_reason)));
  end if;
  if new.kind = 'withdrawal' and new.state = 'applied' then
    update hospital_receipt t set state = 'taken_back'
    from hospital_notice n
    where t.notice_id = n.id and t.state = 'due' and n.referral_id = new.referral_id and n.withdrawn_by is null
    and ((n.kind = 'assessment' and new.withdrawal_type in (1, 3)) or (n.kind = 'discharge' and new.withdrawal_type in (2, 3)))
    and (n.issued_at is null or new.issued_at is null or n.issued_at <= new.issued_at);
    update hospital_notice n set withdrawn_by = new.id
    where n.referral_id = new.referral_id and n.withdrawn_by is null
    and ((n.kind = 'assessment' and new.withdrawal_type in (1, 3)) or (n.kind = 'discharge' and new.withdrawal_type in (2, 3)))
    and (n.issued_at is null or new.issued_at is null or n.issued_at <= new.issued_at);
    perform owe_receipt(new.id, '1', '');
  elsif new.kind = 'withdrawal' and new.state = 'rejected' then
    perform owe_receipt(new.id, '2', new.answer_words);
  elsif new.kind <> 'withdrawal' and new.state = 'applied' and r.state = 'accepted' then
    perform owe_receipt(new.id, '1', '');
  end if;
  if what is not null then
    perform touch_referral(r.id);
  end if;
  return null;
end $$;

create or replace function referral_owes_receipts() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare
  n record;
begin
  if coalesce(current_setting('centre.undo', true), '') = 'on' or old.state = 'declined' then
    update hospital_receipt t set state = 'taken_back' from hospital_notice h
    where t.notice_id = h.id and h.referral_id = new.id and h.kind <> 'withdrawal' and t.state = 'due';
  end if;
  if new.state = 'closed' then                       -- what somebody was asked to decide is decided with it
    update hospital_notice h set state = 'applied'
    where h.referral_id = new.id and h.state = 'asked' and h.withdrawal_type in (1, 3) and h.withdrawal_reason is not null;
  end if;
  if new.state not in ('accepted', 'declined') then
    return null;
  end if;
  for n in select id from hospital_notice h
           where h.referral_id = new.id and h.kind <> 'withdrawal' and h.state = 'applied' and h.withdrawn_by is null
           order by h.received_at, h.id loop
    perform owe_receipt(n.id, case new.state when 'accepted' then '1' else '2' end,
                        case new.state when 'accepted' then '' else new.state_reason end);
  end loop;
  return null;
end $$;
