-- Notices between a hospital ward and the council, and the receipts that the ward is owed (T1, T2).

-- The thirteen reasons of the PRSB hospital referral for community care, v1.1 (© PRSB); as resources/reference has them.
create table withdrawal_reason (
  code text primary key check (code ~ '^[0-9]{2}$'),
  name text not null check (name <> ''),
  position smallint not null
);
insert into withdrawal_reason (code, name, position) values
  ('01', 'Patient is safe to discharge without a needs assessment', 1),
  ('02', 'Patient is eligible for NHS Continuing Health Care', 2),
  ('03', 'Proposed care package is inadequate', 3),
  ('04', 'Patient''s proposed treatment has been cancelled or postponed', 4),
  ('05', 'Patient has refused a needs assessment', 5),
  ('06', 'Patient is resident in another local authority', 6),
  ('07', 'Patient''s condition has deteriorated', 7),
  ('08', 'Patient has died', 8),
  ('09', 'Patient has transferred to intermediate care', 9),
  ('10', 'Patient has self-discharged', 10),
  ('11', 'Patient is making their own arrangements', 11),
  ('12', 'Notice sent in error', 12),
  ('13', 'Other', 13);
grant select on withdrawal_reason to centre_user;

create table hospital_notice (
  id uuid primary key,
  message_id uuid not null references message,
  place smallint not null default 1 check (place between 1 and 100),  -- in its message
  kind text not null check (kind in ('assessment', 'discharge', 'withdrawal')),
  ward_keys text[] not null default '{}',             -- under which the hospital speaks of the referral
  sender_message text not null default '' check (length(sender_message) <= 200),  -- its id of the message, for the answer
  issued_at timestamptz,
  received_at timestamptz not null default now(),
  received_by text not null default session_user,
  referral_id uuid references referral,
  head jsonb not null,                                -- as it was sent: whom it is about, who wrote, who is addressed
  site text not null default '' check (length(site) <= 200),
  ward text not null default '' check (length(ward) <= 200),
  person_consulted text not null default '' check (person_consulted in ('', 'N', 'Y')),
  carer_consulted text not null default '' check (carer_consulted in ('', 'N', 'Y', 'NKC')),
  consent text not null default '' check (consent in ('', 'N', 'Y', 'L')),
  consent_source text not null default '' check (consent_source in ('', 'C', 'O', 'B', 'N/A')),
  expected_on date,
  discharge_at timestamptz,
  moft_at timestamptz,
  withdrawal_type smallint check (withdrawal_type between 1 and 3),
  withdrawal_reason text references withdrawal_reason,
  withdrawal_words text not null default '' check (length(withdrawal_words) <= 8000),
  -- pending: its referral is not here yet. asked: somebody decides on it. Or it was applied, rejected, or overtaken by a
  -- newer notice.
  state text not null check (state in ('pending', 'asked', 'applied', 'rejected', 'overtaken')),
  answer_words text not null default '' check (length(answer_words) <= 2000),
  settled_at timestamptz,
  settled_by text,
  withdrawn_by uuid references hospital_notice,       -- one withdrawal a notice
  revision int not null default 1,
  constraint notice_once_in_its_message unique (message_id, place),
  constraint notice_withdrawal_is_whole check (
    kind = 'withdrawal' or (withdrawal_type is null and withdrawal_reason is null and withdrawal_words = '')),
  -- What is not clear is never applied by itself.
  constraint notice_withdrawal_is_clear check (
    kind <> 'withdrawal' or state in ('pending', 'asked', 'rejected', 'overtaken')
    or (withdrawal_type is not null and withdrawal_reason is not null)),
  constraint notice_only_withdrawals_are_decided check (kind = 'withdrawal' or state in ('pending', 'applied')),
  constraint notice_pending_has_no_referral check ((state = 'pending') = (referral_id is null)),
  constraint notice_rejected_has_words check (state <> 'rejected' or btrim(answer_words) <> ''),
  constraint notice_withdrawn_by_another check (withdrawn_by is distinct from id and (withdrawn_by is null or kind <> 'withdrawal'))
);
create index hospital_notice_referral on hospital_notice (referral_id);
create index hospital_notice_asked on hospital_notice (received_at) where state = 'asked';
create index hospital_notice_pending on hospital_notice using gin (ward_keys) where state = 'pending';

-- What the ward says of needs, by the place that the questions of a form ask for.
create table hospital_said (
  notice_id uuid not null references hospital_notice,
  place text not null check (place ~ '^message\.[a-z0-9_.]+$' and length(place) <= 200),
  words text not null check (words <> '' and length(words) <= 20000),
  primary key (notice_id, place)
);

create table hospital_receipt (
  id uuid primary key default uuidv7(),
  notice_id uuid not null references hospital_notice,
  response text not null check (response in ('1', '2')),
  details text not null default '' check (length(details) <= 8000),
  made_at timestamptz not null default clock_timestamp(),
  made_by text not null default session_user,
  state text not null default 'due' check (state in ('due', 'sent', 'taken_back')),
  how text check (how in ('folder', 'saved')),
  file_name text not null default '' check (length(file_name) <= 200),
  sha256 bytea,
  settled_at timestamptz,
  settled_by text,
  constraint receipt_rejects_with_reason check (response = '1' or btrim(details) <> ''),
  constraint receipt_sent_is_whole check (
    (state = 'sent') = (how is not null) and (state = 'sent') = (sha256 is not null) and (state = 'due') = (settled_at is null))
);
create unique index hospital_receipt_one_due on hospital_receipt (notice_id) where state = 'due';
create index hospital_receipt_notice on hospital_receipt (notice_id, made_at);

-- ---------------------------------------------------------------- what may change

-- What was sent stays what it was. A notice finds its referral once, and is settled once.
create function guard_hospital_notice() returns trigger language plpgsql set search_path = public, pg_temp as $$
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
create trigger guard before insert or update on hospital_notice for each row execute function guard_hospital_notice();

-- The answer that a notice is owed, unless it was the last that the ward was given. One that has not gone out yet is
-- taken back for it.
create function owe_receipt(to_notice uuid, answer text, words text) returns void language plpgsql security definer
set search_path = public, pg_temp as $$
declare
  last hospital_receipt;
begin
  perform 1 from hospital_notice where id = to_notice for update;
  select * into last from hospital_receipt r
  where r.notice_id = to_notice and r.state <> 'taken_back' order by r.made_at desc, r.id desc limit 1;
  if last.response = answer and last.details = left(words, 8000) then
    return;
  end if;
  update hospital_receipt set state = 'taken_back' where notice_id = to_notice and state = 'due';
  insert into hospital_receipt (notice_id, response, details) values (to_notice, answer, left(words, 8000));
end $$;
revoke execute on function owe_receipt(uuid, text, text) from public;

create function guard_hospital_receipt() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  of_notice hospital_notice;
begin
  if tg_op = 'INSERT' then
    select * into of_notice from hospital_notice where id = new.notice_id;
    if of_notice.withdrawn_by is not null then
      raise exception 'withdrawn' using errcode = 'check_violation', constraint = 'receipt_notice_withdrawn';
    end if;
    if exists (select 1 from (select r.response, r.details from hospital_receipt r
                              where r.notice_id = new.notice_id and r.state <> 'taken_back'
                              order by r.made_at desc, r.id desc limit 1) l
               where l.response = new.response and l.details = new.details) then
      raise exception 'answered already' using errcode = 'unique_violation', constraint = 'receipt_once';
    end if;
    if not is_owner() then
      new.made_at := clock_timestamp();
      new.made_by := session_user;
      new.state := 'due'; new.how := null; new.sha256 := null; new.file_name := ''; new.settled_at := null; new.settled_by := null;
    end if;
    return new;
  end if;
  if old.state <> 'due' or (new.id, new.notice_id, new.response, new.details, new.made_at, new.made_by)
     is distinct from (old.id, old.notice_id, old.response, old.details, old.made_at, old.made_by) then
    raise exception 'gone out' using errcode = 'check_violation', constraint = 'receipt_stays';
  end if;
  if new.state <> 'due' then
    new.settled_at := now();
    new.settled_by := session_user;
  end if;
  return new;
end $$;
create trigger guard before insert or update on hospital_receipt for each row execute function guard_hospital_receipt();

-- ---------------------------------------------------------------- what follows from what

-- A notice is told on its referral: in its history, and to every desk that shows it.
create function hospital_notice_tells() returns trigger language plpgsql security definer
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
create trigger tell after insert or update on hospital_notice for each row execute function hospital_notice_tells();

-- Accepted or declined, the ward hears of it: in the same transaction, whoever did it and however.
create function referral_owes_receipts() returns trigger language plpgsql security definer
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
create trigger owe_receipts after update of state on referral for each row when (old.state <> new.state)
  execute function referral_owes_receipts();

-- ---------------------------------------------------------------- who may

-- In a function of its own the policies of a message are planned once a session, and not again in every query that
-- speaks of notices, which took a panel a sixth of a second.
create function sees_message(which uuid) returns boolean language plpgsql stable set search_path = public, pg_temp as $$
begin
  return exists (select 1 from message m where m.id = which);
end $$;
grant execute on function sees_message(uuid) to centre_user;

alter table hospital_notice enable row level security;
alter table hospital_said enable row level security;
alter table hospital_receipt enable row level security;
-- A notice is seen by whoever sees its message, which stands with its referral under the same person.
create policy shared_with_me on hospital_notice to centre_user
  using (sees_message(message_id));
create policy shared_with_me on hospital_said to centre_user
  using (exists (select 1 from hospital_notice n where n.id = notice_id));
create policy shared_with_me on hospital_receipt to centre_user
  using (exists (select 1 from hospital_notice n where n.id = notice_id));

create trigger strangers before insert or update or delete on withdrawal_reason
  for each statement execute function refuse_strangers();
create trigger watch after insert or update or delete on hospital_notice
  for each row execute function audit.watch('messages', 'message_id', '');
create trigger watch after insert or update or delete on hospital_said
  for each row execute function audit.watch('messages', 'notice_id', '');
create trigger watch after insert or update or delete on hospital_receipt
  for each row execute function audit.watch('messages', 'notice_id', '');

grant select on hospital_notice, hospital_said, hospital_receipt to centre_user;
grant insert (id, message_id, place, kind, ward_keys, sender_message, issued_at, referral_id, head, site, ward,
              person_consulted, carer_consulted, consent, consent_source, expected_on, discharge_at, moft_at,
              withdrawal_type, withdrawal_reason, withdrawal_words, state),
      update (referral_id, state, answer_words) on hospital_notice
  to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
grant insert on hospital_said to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
grant insert (id, notice_id, response, details), update (state, how, file_name, sha256) on hospital_receipt
  to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
