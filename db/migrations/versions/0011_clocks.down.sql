drop trigger tell_clocks on assessment;
drop trigger keep_clocks_on on referral;
drop trigger keep_clocks on referral;
drop trigger start_clocks on referral;
drop function assessment_tells_clocks(), fill_clocks(timestamptz), running_clocks(uuid, timestamptz), start_clocks(), first_due(), keep_clocks(),
  keep_stage_clock(clock_kind, referral, referral, timestamptz, smallint, boolean, timestamptz),
  keep_promise_clock(clock_kind, referral, timestamptz, timestamptz, boolean, boolean, timestamptz),
  clock_start(clock_kind, referral, text), clock_due(clock_kind, text, timestamptz),
  clock_pausable(clock_kind, text), urgency_due(text, timestamptz);
alter table referral drop constraint referral_pause_is_whole, drop column responded_at, drop column assessed_at, drop column moft_at,
  drop column moft_told_at, drop column trusted_at, drop column due_kind, drop column stage_due_at, drop column paused_reason,
  drop column paused_until, drop column asked_at, drop column deadlines;
alter table referral_event drop column kind, drop column from_holder, drop column details;
drop function paused_length(uuid, timestamptz), end_clock(uuid, timestamptz, timestamptz, text);
drop table clock_pause, information_request, referral_clock, pause_reason, clock_kind, urgency_band;
drop type uuid_range;
drop function guard_pause(), pause_tells(), guard_request(), request_tells(), touch_referral(uuid), need_own_open_referral(uuid),
  stated_moment(text), signed_in_hospital(text, text);
update setting set value = value #- '{rows,urgency_band}' #- '{rows,clock_kind}' #- '{rows,pause_reason}'
where name = 'seeded_reference';
-- Kept by the database, so that no client can forget or rewrite it.
create or replace function record_referral_event() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into referral_event (referral_id, to_state, holder, reason)
    values (new.id, new.state, new.claimed_by, new.urgency_reason);
  elsif (old.state, old.claimed_by, old.state_reason) is distinct from (new.state, new.claimed_by, new.state_reason) then
    insert into referral_event (referral_id, from_state, to_state, holder, reason)
    values (new.id, old.state, new.state, new.claimed_by, new.state_reason);
  end if;
  return null;
end $$;

-- Legal moves, and no taking over without saying so: a holder changes through 'waiting', by the holder, or with a reason.
create or replace function guard_referral() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    -- A client's referral begins in the queue; how it came to be held is history, not an assertion.
    if not is_owner() and (new.state <> 'waiting' or new.claimed_by is not null) then
      raise exception 'begins in the queue' using errcode = 'check_violation', constraint = 'referral_begins_waiting';
    end if;
    return new;
  end if;
  if old.state <> new.state and (old.state, new.state) not in
     (('waiting', 'claimed'), ('waiting', 'declined'), ('waiting', 'closed'),
      ('claimed', 'waiting'), ('claimed', 'accepted'), ('claimed', 'declined'), ('claimed', 'closed'),
      ('accepted', 'waiting'), ('accepted', 'claimed'), ('accepted', 'closed'), ('accepted', 'declined'),
      ('declined', 'waiting'), ('closed', 'waiting')) then
    raise exception 'illegal move' using errcode = 'check_violation', constraint = 'referral_move_is_legal';
  end if;
  if old.claimed_by is not null and new.claimed_by is not null and old.claimed_by <> new.claimed_by
     and old.claimed_by <> session_user and (new.state_reason = '' or new.state_reason = old.state_reason) then
    raise exception 'held by another' using errcode = 'check_violation', constraint = 'referral_take_over_has_reason';
  end if;
  -- Nobody claims in another's name: given to a colleague it is handed over, by its holder or with a reason.
  if new.claimed_by is not null and old.claimed_by is null and new.claimed_by <> session_user
     and new.state_reason = '' and not is_owner() then
    raise exception 'claim for yourself' using errcode = 'check_violation', constraint = 'referral_hand_over_has_reason';
  end if;
  if new.claimed_by is not null and new.claimed_by is distinct from old.claimed_by then
    new.claimed_at := clock_timestamp();
  elsif new.claimed_by is not null then
    new.claimed_at := old.claimed_at;
  end if;
  return new;
end $$;
