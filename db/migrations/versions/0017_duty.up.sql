-- A co-ordinator's shift at the desk, its breaks, and the handover when it ends.
-- ("Shift" by itself is a worker's, in the deployment area; here everything is called desk_... or handover...)

-- A user name as a range, so that "no two of one user at once" can be an exclusion constraint without an extension.
create type user_span as range (subtype = text, collation = "C");
grant execute on function user_span(text, text, text) to centre_user;

-- ---------------------------------------------------------------- who may

create function my_locality() returns text language sql stable security definer set search_path = public, pg_temp
return (select locality from user_account where user_name = session_user and active);

-- Whoever answers for a desk besides the one who sits at it: a manager, and the team leads of its locality.
create function answers_for_desk(at_locality text) returns boolean language sql stable security definer
set search_path = public, pg_temp
return my_role() = 'manager'
  or (my_role() = 'team_lead' and (my_locality() is null or at_locality is null or my_locality() = at_locality));
grant execute on function my_locality(), answers_for_desk(text) to centre_user;

-- ---------------------------------------------------------------- shifts and breaks

create table desk_shift (
  id uuid primary key,
  user_name text not null default session_user references user_account,
  locality text references locality,                 -- the centre; null for the whole city
  started_at timestamptz not null default clock_timestamp(),
  planned_end timestamptz not null,
  ended_at timestamptz,
  ended_how text check (ended_how in ('signed_off', 'later', 'by_another')),
  ended_by text references user_account,
  revision int not null default 1,
  constraint desk_shift_of_user unique (id, user_name),
  constraint desk_shift_planned_is_after_start check (planned_end > started_at and planned_end <= started_at + interval '24 hours'),
  constraint desk_shift_ends_after_start check (ended_at >= started_at),
  constraint desk_shift_end_is_whole check ((ended_at is null) = (ended_how is null) and (ended_at is null) = (ended_by is null)),
  constraint desk_shift_never_two exclude using gist
    (user_span(user_name, user_name, '[]') with &&, tstzrange(started_at, ended_at) with &&)
);
create unique index desk_shift_one_open on desk_shift (user_name) where ended_at is null;
create index desk_shift_user on desk_shift (user_name, started_at);

create table desk_break (
  id uuid primary key,
  shift_id uuid not null,
  user_name text not null default session_user,
  started_at timestamptz not null default clock_timestamp(),
  planned_end timestamptz not null,                  -- "on a break until"
  ended_at timestamptz,
  cover text references user_account,                -- who looks after the claims meanwhile
  revision int not null default 1,
  foreign key (shift_id, user_name) references desk_shift (id, user_name),
  constraint desk_break_planned_is_after_start check (planned_end > started_at and planned_end <= started_at + interval '4 hours'),
  constraint desk_break_ends_after_start check (ended_at >= started_at),
  constraint desk_break_cover_is_another check (cover <> user_name),
  constraint desk_break_never_two exclude using gist
    (user_span(user_name, user_name, '[]') with &&, tstzrange(started_at, ended_at) with &&)
);
create unique index desk_break_one_open on desk_break (user_name) where ended_at is null;
create index desk_break_shift on desk_break (shift_id);

-- Times are the server's. What is put right afterwards is a row here: a correction cannot be made without its trace.
create table desk_correction (
  id uuid primary key,
  shift_id uuid not null references desk_shift,
  break_id uuid references desk_break,               -- null: the shift itself
  at timestamptz not null default clock_timestamp(),
  by_user text not null default session_user references user_account,
  kind text not null check (kind in ('started', 'ended_later', 'ended_by_another', 'times', 'reopened')),
  was_started_at timestamptz not null,
  was_ended_at timestamptz,
  started_at timestamptz not null,
  ended_at timestamptz,
  reason text not null,
  constraint desk_correction_has_reason check (btrim(reason) <> '' and length(reason) <= 2000)
);
create index desk_correction_shift on desk_correction (shift_id, at);

-- ---------------------------------------------------------------- handovers

create table handover (
  id uuid primary key,
  shift_id uuid references desk_shift,               -- the one that ends, when there is one
  from_user text not null references user_account,   -- whose work it is
  signed_by text not null default session_user references user_account,
  signed_at timestamptz not null default now(),
  to_user text references user_account,              -- null: whoever comes next
  locality text references locality,                 -- where; null for the whole city
  note text not null default '' check (length(note) <= 8000),
  drafts smallint not null default 0 check (drafts >= 0),   -- contacts begun and not sent, on the leaver's computer
  corrects uuid references handover,
  state text not null default 'offered' check (state in ('offered', 'settled', 'withdrawn')),
  settled_at timestamptz,
  settled_by text references user_account,
  revision int not null default 1,
  constraint handover_to_another check (to_user <> from_user),
  constraint handover_settled_is_whole check ((state = 'offered') = (settled_at is null) and (settled_at is null) = (settled_by is null))
);
create index handover_open on handover (signed_at) where state = 'offered';
create index handover_from on handover (from_user, signed_at);
create index handover_shift on handover (shift_id);

create table handover_item (
  id uuid primary key,
  handover_id uuid not null references handover,
  position smallint not null check (position >= 0),
  kind text not null check (kind in ('referral', 'contact', 'concern', 'message', 'request')),
  subject_id uuid not null,
  person_id uuid references person,
  choice text not null check (choice in ('stays', 'next', 'queue')),
  line text not null default '' check (length(line) <= 1000),
  seen int not null,                                 -- the subject's revision when it was signed
  state text not null check (state in ('stays', 'queued', 'offered', 'accepted', 'returned', 'gone', 'withdrawn')),
  answer text not null default '' check (length(answer) <= 2000),
  settled_at timestamptz,
  settled_by text references user_account,
  revision int not null default 1,
  constraint handover_item_once unique (handover_id, subject_id),
  constraint handover_item_return_has_reason check (state <> 'returned' or btrim(answer) <> '')
);
create unique index handover_item_offered_once on handover_item (subject_id) where state = 'offered';
create index handover_item_of on handover_item (handover_id, position);
create index handover_item_accepted on handover_item (subject_id, settled_at) where state = 'accepted';

-- ---------------------------------------------------------------- what a shift may become

-- Referrals and concerns that one has, and of which no handover of this shift says what becomes of them.
create function held_without_word(which uuid, who text) returns bigint language sql stable security definer
set search_path = public, pg_temp
return (
  select count(*)
  from (select id from referral where claimed_by = who and state in ('claimed', 'accepted')
        union all
        select id from safeguarding_concern where owner = who and stage <> 'decided') r
  where not exists (select 1 from handover_item i join handover h on h.id = i.handover_id
                    where i.subject_id = r.id and h.shift_id = which and h.from_user = who and i.state in ('offered', 'stays')));

-- Depth 1 is a client's own statement. Deeper is correct_desk below, which has asked who may and why.
create function guard_desk_shift() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if pg_trigger_depth() = 1 and not is_owner() then
    if tg_op = 'INSERT' then
      new.user_name := session_user;
      new.started_at := clock_timestamp();
      new.ended_at := null; new.ended_how := null; new.ended_by := null;
      return new;
    end if;
    if old.ended_at is not null then
      raise exception 'over' using errcode = 'check_violation', constraint = 'desk_shift_is_over';
    end if;
    if new.ended_at is not null then
      if held_without_word(old.id, old.user_name) > 0 then
        raise exception 'still holds' using errcode = 'check_violation', constraint = 'desk_shift_end_needs_handover';
      end if;
      new.ended_at := greatest(clock_timestamp(), old.started_at);
      new.ended_how := 'signed_off';
      new.ended_by := session_user;
    end if;
  end if;
  if tg_op = 'UPDATE' then
    -- A break that is still running ends with its shift.
    if new.ended_at is not null then
      update desk_break set ended_at = greatest(new.ended_at, started_at), revision = revision + 1
      where shift_id = new.id and ended_at is null;
    end if;
    if exists (select 1 from desk_break b where b.shift_id = new.id
               and (b.started_at < new.started_at or coalesce(b.ended_at, b.started_at) > new.ended_at)) then
      raise exception 'break outside' using errcode = 'check_violation', constraint = 'desk_break_within_shift';
    end if;
  end if;
  return new;
end $$;
create trigger guard before insert or update on desk_shift for each row execute function guard_desk_shift();

create function guard_desk_break() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  around desk_shift;
begin
  if is_owner() and pg_trigger_depth() = 1 then
    return new;
  end if;
  if tg_op = 'INSERT' then
    -- FOR SHARE: the shift cannot end beside this.
    select * into around from desk_shift where id = new.shift_id and user_name = session_user for share;
    if around.id is null or around.ended_at is not null then
      raise exception 'no shift' using errcode = 'check_violation', constraint = 'desk_break_within_shift';
    end if;
    new.user_name := session_user;
    new.started_at := greatest(clock_timestamp(), around.started_at);
    new.ended_at := null;
  elsif pg_trigger_depth() = 1 then
    if old.ended_at is not null then
      raise exception 'over' using errcode = 'check_violation', constraint = 'desk_break_is_over';
    end if;
    if new.ended_at is not null then
      new.ended_at := greatest(clock_timestamp(), old.started_at);
    end if;
  end if;
  return new;
end $$;
create trigger guard before insert or update on desk_break for each row execute function guard_desk_break();

create function correct_desk() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  of_shift desk_shift; of_break desk_break;
begin
  if is_owner() then
    return new;
  end if;
  new.by_user := session_user;
  new.at := clock_timestamp();
  select * into of_shift from desk_shift where id = new.shift_id for update;
  if of_shift.id is null or (of_shift.user_name <> session_user and not coalesce(answers_for_desk(of_shift.locality), false)) then
    raise exception 'of another' using errcode = 'insufficient_privilege', constraint = 'desk_shift_is_anothers';
  end if;
  if new.started_at > new.at or new.ended_at > new.at then
    raise exception 'still to come' using errcode = 'check_violation', constraint = 'desk_correction_is_past';
  end if;
  if new.break_id is not null then
    select * into of_break from desk_break where id = new.break_id and shift_id = new.shift_id for update;
    if of_break.id is null or new.ended_at is null
       or new.started_at < of_shift.started_at or new.ended_at > coalesce(of_shift.ended_at, new.at) then
      raise exception 'break outside' using errcode = 'check_violation', constraint = 'desk_break_within_shift';
    end if;
    new.was_started_at := of_break.started_at; new.was_ended_at := of_break.ended_at; new.kind := 'times';
    update desk_break set started_at = new.started_at, ended_at = new.ended_at,
      planned_end = case when planned_end > new.started_at and planned_end <= new.started_at + interval '4 hours'
                         then planned_end else new.started_at + interval '1 minute' end,
      revision = revision + 1 where id = new.break_id;
    return new;
  end if;
  new.was_started_at := of_shift.started_at; new.was_ended_at := of_shift.ended_at;
  new.kind := case
    when of_shift.ended_at is not null and new.ended_at is null then 'reopened'
    when of_shift.ended_at is not null then 'times'
    when new.ended_at is null then 'started'
    when of_shift.user_name = session_user then 'ended_later'
    else 'ended_by_another' end;
  update desk_shift set started_at = new.started_at, ended_at = new.ended_at,
    planned_end = case when planned_end > new.started_at and planned_end <= new.started_at + interval '24 hours'
                       then planned_end else coalesce(nullif(new.ended_at, new.started_at), new.started_at + interval '1 hour') end,
    ended_how = case when new.ended_at is null then null
                     else coalesce(ended_how, case when user_name = session_user then 'later' else 'by_another' end) end,
    ended_by = case when new.ended_at is null then null else coalesce(ended_by, session_user) end,
    revision = revision + 1
  where id = new.shift_id;
  return new;
end $$;
create trigger correct before insert on desk_correction for each row execute function correct_desk();

-- ---------------------------------------------------------------- what a handover may become

create function guard_handover() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  rest text[] := array['state', 'settled_at', 'settled_by', 'revision'];
begin
  if tg_op = 'DELETE' or (tg_op = 'UPDATE' and to_jsonb(new) - rest is distinct from to_jsonb(old) - rest) then
    raise exception 'signed' using errcode = 'check_violation', constraint = 'handover_is_signed';
  end if;
  if is_owner() then
    return new;
  end if;
  if tg_op = 'INSERT' then
    new.signed_by := session_user; new.signed_at := now();
    new.state := 'offered'; new.settled_at := null; new.settled_by := null;
    if new.from_user <> session_user and not coalesce(answers_for_desk(new.locality), false) then
      raise exception 'of another' using errcode = 'insufficient_privilege', constraint = 'handover_is_anothers';
    end if;
    if new.shift_id is not null and not exists (select 1 from desk_shift where id = new.shift_id and user_name = new.from_user) then
      raise exception 'of another' using errcode = 'check_violation', constraint = 'handover_shift_is_theirs';
    end if;
    return new;
  end if;
  if old.state <> 'offered' and new.state is distinct from old.state then
    raise exception 'over' using errcode = 'check_violation', constraint = 'handover_is_over';
  end if;
  if old.state = 'offered' and new.state <> 'offered' then
    if exists (select 1 from handover_item where handover_id = new.id and state = 'offered') then
      raise exception 'not answered' using errcode = 'check_violation', constraint = 'handover_is_answered';
    end if;
    if new.state = 'withdrawn' and session_user not in (old.from_user, old.signed_by)
       and not coalesce(answers_for_desk(old.locality), false) then
      raise exception 'of another' using errcode = 'insufficient_privilege', constraint = 'handover_is_anothers';
    end if;
    new.settled_at := clock_timestamp(); new.settled_by := session_user;
  else
    new.settled_at := old.settled_at; new.settled_by := old.settled_by;
  end if;
  return new;
end $$;
create trigger guard before insert or update or delete on handover for each row execute function guard_handover();

create function guard_handover_item() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  rest text[] := array['state', 'answer', 'settled_at', 'settled_by', 'revision'];
  whole handover; holder text;
begin
  if tg_op = 'DELETE' or (tg_op = 'UPDATE' and to_jsonb(new) - rest is distinct from to_jsonb(old) - rest
     -- Of two records that are merged, or parted again, an item goes along with its person.
     and not (to_jsonb(new) - rest - 'person_id' = to_jsonb(old) - rest - 'person_id'
              and moves_with_merge(old.person_id, new.person_id))) then
    raise exception 'signed' using errcode = 'check_violation', constraint = 'handover_is_signed';
  end if;
  if is_owner() then
    return new;
  end if;
  if tg_op = 'INSERT' then
    select * into whole from handover where id = new.handover_id;
    -- The signature covers what was there: items come in its own transaction or not at all.
    if whole.signed_by is distinct from session_user or whole.signed_at is distinct from now() then
      raise exception 'signed' using errcode = 'check_violation', constraint = 'handover_is_signed';
    end if;
    new.answer := ''; new.settled_at := null; new.settled_by := null;
    new.state := case new.choice when 'next' then 'offered' when 'queue' then 'queued' else 'stays' end;
    if new.kind = 'referral' then
      select r.person_id, r.claimed_by into new.person_id, holder from referral r where r.id = new.subject_id;
      if new.choice <> 'queue' and holder is distinct from whole.from_user then
        raise exception 'not theirs' using errcode = 'check_violation', constraint = 'handover_item_is_theirs';
      end if;
      if new.choice = 'queue' and holder is not null then
        raise exception 'still held' using errcode = 'check_violation', constraint = 'handover_item_is_in_queue';
      end if;
    elsif new.choice = 'queue' then
      raise exception 'no queue' using errcode = 'check_violation', constraint = 'handover_item_is_in_queue';
    elsif new.kind = 'contact' then
      select c.person_id into new.person_id from contact c where c.id = new.subject_id;
    elsif new.kind = 'message' then
      select m.person_id into new.person_id from message m where m.id = new.subject_id;
    elsif new.kind = 'request' then
      select r.person_id into new.person_id from information_request q join referral r on r.id = q.referral_id
      where q.id = new.subject_id;
    elsif new.kind = 'concern' then
      select c.person_id, c.owner into new.person_id, holder from safeguarding_concern c where c.id = new.subject_id;
      if holder is distinct from whole.from_user then
        raise exception 'not theirs' using errcode = 'check_violation', constraint = 'handover_item_is_theirs';
      end if;
    end if;
    return new;
  end if;
  new.settled_at := old.settled_at; new.settled_by := old.settled_by;
  if new.state is not distinct from old.state then
    return new;
  end if;
  select * into whole from handover where id = new.handover_id for update;
  if (old.state, new.state) not in (('offered', 'accepted'), ('offered', 'returned'), ('offered', 'gone'),
                                    ('offered', 'withdrawn'), ('accepted', 'returned')) then
    raise exception 'illegal' using errcode = 'check_violation', constraint = 'handover_item_move_is_legal';
  end if;
  if old.state = 'offered' and whole.state <> 'offered' then
    raise exception 'over' using errcode = 'check_violation', constraint = 'handover_is_over';
  end if;
  if new.state in ('accepted', 'returned') and session_user = whole.from_user then
    raise exception 'own' using errcode = 'check_violation', constraint = 'handover_answered_by_another';
  end if;
  if old.state = 'accepted' and session_user <> old.settled_by then
    raise exception 'of another' using errcode = 'insufficient_privilege', constraint = 'handover_is_anothers';
  end if;
  if new.state = 'withdrawn' and session_user not in (whole.from_user, whole.signed_by)
     and not coalesce(answers_for_desk(whole.locality), false) then
    raise exception 'of another' using errcode = 'insufficient_privilege', constraint = 'handover_is_anothers';
  end if;
  new.settled_at := clock_timestamp(); new.settled_by := session_user;
  return new;
end $$;
create trigger guard before insert or update or delete on handover_item for each row execute function guard_handover_item();

-- How many are not answered, those about people whom this login may not see as well.
create function handover_waiting(which uuid) returns bigint language sql stable security definer
set search_path = public, pg_temp
return (select count(*) from handover_item where handover_id = which and state = 'offered' and my_role() is not null);
grant execute on function handover_waiting(uuid) to centre_user;

-- An accepted referral is held by the one who accepted it, one handed back by the one it came from, and a concern
-- likewise: asked at commit, so that the answer and the change of holder are one.
create function check_handover_holder() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  holder text; wanted text;
begin
  if new.kind = 'concern' then
    select owner into holder from safeguarding_concern where id = new.subject_id;
  else
    select claimed_by into holder from referral where id = new.subject_id;
  end if;
  if new.state = 'accepted' then
    wanted := new.settled_by;
  else
    select from_user into wanted from handover where id = new.handover_id;
  end if;
  if holder is distinct from wanted then
    raise exception 'holder' using errcode = 'check_violation', constraint = 'handover_changes_holder';
  end if;
  return null;
end $$;
create constraint trigger holder after update on handover_item deferrable initially deferred for each row
  when (new.kind in ('referral', 'concern') and new.state <> old.state
        and (new.state = 'accepted' or (old.state = 'accepted' and new.state = 'returned')))
  execute function check_handover_holder();

-- ---------------------------------------------------------------- who sees, who writes

alter table desk_shift enable row level security;
alter table desk_break enable row level security;
alter table desk_correction enable row level security;
alter table handover enable row level security;
alter table handover_item enable row level security;

-- Colleagues see who is there, as they see each other's names.
create policy colleagues on desk_shift for select to centre_user using ((select my_role()) is not null);
create policy colleagues on desk_break for select to centre_user using ((select my_role()) is not null);
create policy colleagues on desk_correction for select to centre_user
  using (by_user = session_user or (select my_role()) in ('team_lead', 'manager', 'ig_lead')
         or exists (select 1 from desk_shift s where s.id = shift_id and s.user_name = session_user));
create policy own_desk on desk_shift for insert to centre_user
  with check (user_name = session_user and (select my_role()) in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead'));
create policy own_desk_update on desk_shift for update to centre_user
  using (user_name = session_user and (select my_role()) is not null);
create policy own_desk on desk_break for insert to centre_user
  with check (user_name = session_user and (select my_role()) in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead'));
create policy own_desk_update on desk_break for update to centre_user
  using (user_name = session_user and (select my_role()) is not null);
create policy with_reason on desk_correction for insert to centre_user
  with check (by_user = session_user and (select my_role()) is not null);

create policy at_the_desk on handover to centre_user
  using ((select my_role()) not in ('administrator'))
  with check ((select my_role()) in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead', 'manager'));
create policy shared_with_me on handover_item to centre_user
  using ((select my_role()) not in ('administrator')
         and (person_id is null or person_id <> all ((select hidden_people('record'))::uuid[]))
         and (kind <> 'referral' or exists (select 1 from referral r where r.id = subject_id))
         and (kind <> 'contact' or exists (select 1 from contact c where c.id = subject_id))
         and (kind <> 'concern' or exists (select 1 from safeguarding_concern c where c.id = subject_id)))
  with check ((select my_role()) in ('care_coordinator', 'placement_coordinator', 'trusted_assessor', 'team_lead', 'manager')
              and (person_id is null or person_id <> all ((select hidden_people('record'))::uuid[])));

create trigger watch after insert or update or delete on desk_shift
  for each row execute function audit.watch('duty', 'id', '');
create trigger watch after insert or update or delete on desk_break
  for each row execute function audit.watch('duty', 'id', '');
create trigger watch after insert or update or delete on desk_correction
  for each row execute function audit.watch('duty', 'id', '');
create trigger watch after insert or update or delete on handover
  for each row execute function audit.watch('duty', 'id', '');
create trigger watch after insert or update or delete on handover_item
  for each row execute function audit.watch('duty', 'id', 'person_id');

grant select on desk_shift, desk_break, desk_correction, handover, handover_item to centre_user;
grant insert (id, locality, planned_end), update (planned_end, ended_at, revision) on desk_shift
  to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
grant insert (id, shift_id, planned_end, cover), update (planned_end, cover, ended_at, revision) on desk_break
  to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
grant insert (id, shift_id, break_id, started_at, ended_at, reason) on desk_correction
  to care_coordinator, placement_coordinator, trusted_assessor, team_lead, manager;
grant insert (id, shift_id, from_user, to_user, locality, note, drafts, corrects), update (state, revision) on handover
  to care_coordinator, placement_coordinator, trusted_assessor, team_lead, manager;
grant insert (id, handover_id, position, kind, subject_id, choice, line, seen), update (state, answer, revision)
  on handover_item to care_coordinator, placement_coordinator, trusted_assessor, team_lead, manager;

-- What is handed over about a merged record goes to the one that was kept.
select follow_merges();
