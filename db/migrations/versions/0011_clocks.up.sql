-- Every deadline of a referral, what pauses it, and moves without dead ends (E3, E5, T1, T2).

-- ---------------------------------------------------------------- the rules, as data

create table urgency_band (
  code text primary key,
  name text not null,
  position smallint not null,
  hours int check (hours > 0),
  days int not null default 0 check (days >= 0),
  until text not null default '22:00' check (until ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  least_hours int not null default 0 check (least_hours >= 0),
  pausable boolean not null default true
);

-- `starts` and `ends` name what happens to a referral; minutes null: as its urgency says.
create table clock_kind (
  code text primary key,
  name text not null,
  position smallint not null,
  starts text not null check (starts in ('received', 'moft', 'waiting', 'claimed', 'accepted', 'responded')),
  ends text not null check (ends in ('response', 'assessment', 'stage')),
  minutes int check (minutes > 0),
  by_urgency jsonb not null default '{}',
  channels text[] not null default '{}',             -- empty: every channel
  governs boolean not null,                          -- a promise to the person; else a threshold of the centre's own
  pausable boolean not null,
  constraint clock_kind_stage_ends_with_it check ((starts in ('received', 'moft')) = (ends <> 'stage'))
);

create table pause_reason (
  code text primary key,
  name text not null,
  position smallint not null,
  minutes int not null check (minutes > 0),          -- until when, if nobody says otherwise
  longest_minutes int not null check (longest_minutes >= minutes),
  for_request boolean not null default false         -- comes with a request for information, and not by itself
);

grant select on urgency_band, clock_kind, pause_reason to centre_user;
grant insert, update on urgency_band, clock_kind, pause_reason to administrator;
do $$
declare t text;
begin
  foreach t in array array['urgency_band', 'clock_kind', 'pause_reason'] loop
    execute format('create trigger strangers before insert or update or delete on %I'
                   ' for each statement execute function refuse_strangers()', t);
  end loop;
end $$;

-- What resources/reference said when this was written: the referrals that are there already need their clocks now.
insert into urgency_band (code, name, position, hours, days, until, least_hours, pausable) values
  ('two_hours', 'Within 2 hours', 1, 2, 0, '22:00', 0, false),
  ('same_day', 'Same day', 2, null, 0, '22:00', 2, true),
  ('24_hours', 'Within 24 hours', 3, 24, 0, '22:00', 0, true),
  ('72_hours', 'Within 72 hours', 4, 72, 0, '22:00', 0, true),
  ('routine', 'Routine', 5, null, 7, '22:00', 0, true);
insert into clock_kind (code, name, position, starts, ends, minutes, by_urgency, channels, governs, pausable) values
  ('response', 'Response', 1, 'received', 'response', null, '{}', '{}', true, true),
  ('assess_24h', 'Assess within 24 h', 2, 'received', 'assessment', 1440, '{}', '{ward,emergency_department}', true, true),
  ('assess_4h', 'Assess within 4 h', 3, 'moft', 'assessment', 240, '{}', '{}', true, true),
  ('claim', 'Claim', 4, 'waiting', 'stage', 480,
   '{"two_hours": 15, "same_day": 60, "24_hours": 120, "routine": 1440}', '{}', false, true),
  ('accept', 'Accept', 5, 'claimed', 'stage', 30, '{"two_hours": 15}', '{}', false, true),
  ('begin', 'Begin', 6, 'accepted', 'stage', 1440,
   '{"two_hours": 60, "same_day": 240, "24_hours": 720, "routine": 4320}', '{}', false, true),
  ('finish', 'Finish', 7, 'responded', 'stage', 20160,
   '{"two_hours": 1440, "same_day": 4320, "24_hours": 10080, "routine": 40320}', '{}', false, true);
insert into pause_reason (code, name, position, minutes, longest_minutes, for_request) values
  ('information_sender', 'Sender asked', 1, 1440, 4320, true),
  ('information_person', 'Person asked', 2, 1440, 4320, true),
  ('information_named', 'Others asked', 3, 1440, 4320, true),
  ('unreachable', 'No answer', 4, 240, 1440, false),
  ('asked_to_wait', 'Asked to wait', 5, 1440, 20160, false),
  ('not_well_enough', 'Not well yet', 6, 1440, 10080, false),
  ('awaiting_bed', 'No bed yet', 7, 1440, 10080, false),
  ('awaiting_equipment', 'No equipment', 8, 1440, 10080, false);
-- Remembered as if seeded from the files, so that an edited file is taken up and a row changed by hand left alone.
insert into setting (name, value) values ('seeded_reference', '{"mark": "", "rows": {}}') on conflict do nothing;
update setting set value = jsonb_set(value, '{rows}', value -> 'rows' || jsonb_build_object(
  'urgency_band', (select jsonb_agg(to_jsonb(b)) from urgency_band b),
  'clock_kind', (select jsonb_agg(to_jsonb(k)) from clock_kind k),
  'pause_reason', (select jsonb_agg(to_jsonb(p)) from pause_reason p)))
where name = 'seeded_reference';

-- ---------------------------------------------------------------- what is kept

-- The server's own account of a referral; a client says that something happened, and the trigger writes when.
alter table referral
  add column responded_at timestamptz,               -- first response made: the work has begun
  add column assessed_at timestamptz,                -- assessed since it came (T1, T2)
  add column moft_at timestamptz,                    -- medically optimised since, as we were told
  add column moft_told_at timestamptz,               -- when we were told: the 4 hours run from the notice (T2)
  add column trusted_at timestamptz,                 -- trusted assessment in place, from a hospital (T2)
  add column due_kind text not null default 'response',
  add column stage_due_at timestamptz,               -- until when it may stay as it is: then it turns amber
  add column paused_reason text references pause_reason,
  add column paused_until timestamptz,
  add column asked_at timestamptz,                   -- more information was asked for, and has not come
  add column deadlines jsonb not null default '[]',  -- those that run, as a row of the queue shows them: no further reading
  add constraint referral_pause_is_whole check ((paused_reason is null) = (paused_until is null));
create index referral_asked on referral (asked_at) where asked_at is not null;

alter table referral_event
  add column kind text not null default '',          -- what was done; '' in entries from before it was kept
  add column from_holder text,
  add column details jsonb not null default '{}';    -- codes and times that the words need; never text about a person

create table referral_clock (
  id uuid primary key default uuidv7(),
  referral_id uuid not null references referral,
  kind text not null references clock_kind,
  holder text,                                       -- whose claim a threshold runs for
  started_at timestamptz not null,
  base_due timestamptz not null,                     -- without pauses
  due_at timestamptz not null,
  pausable boolean not null,
  governs boolean not null,
  met_at timestamptz,
  stopped_at timestamptz,
  stop_reason text not null default '',
  constraint clock_is_never_negative check (base_due >= started_at and due_at >= base_due),
  constraint clock_ends_once check (met_at is null or stopped_at is null),
  constraint clock_stop_has_reason check ((stopped_at is null) = (stop_reason = ''))
);
create unique index referral_clock_runs_once on referral_clock (referral_id, kind)
  where met_at is null and stopped_at is null;
create index referral_clock_referral on referral_clock (referral_id, kind, started_at);

create type uuid_range as range (subtype = uuid);     -- gist knows ranges of anything without a contrib extension
grant execute on function uuid_range(uuid, uuid, text) to centre_user;

create table clock_pause (
  id uuid primary key,
  referral_id uuid not null references referral,
  reason text not null references pause_reason,
  words text not null default '' check (length(words) <= 4000),
  request_id uuid,
  from_at timestamptz not null default clock_timestamp(),
  planned_until timestamptz not null,                -- runs on by itself then: a pause that is forgotten ends
  until_at timestamptz not null,
  by_user text not null default session_user,
  ended text not null default '' check (ended in ('', 'resumed', 'answered', 'withdrawn', 'closed')),
  ended_at timestamptz,
  ended_by text,
  constraint pause_is_never_negative check (from_at <= until_at and until_at <= planned_until),
  constraint pause_end_is_whole check ((ended = '') = (ended_at is null) and (ended = '') = (ended_by is null)),
  -- Never two at once, however many desks.
  constraint pause_one_at_a_time exclude using gist
    (uuid_range(referral_id, referral_id, '[]') with &&, tstzrange(from_at, until_at) with &&)
);
create index clock_pause_referral on clock_pause (referral_id, from_at);

create table information_request (
  id uuid primary key,
  referral_id uuid not null references referral,
  ask_of text not null check (ask_of in ('sender', 'person', 'named')),
  named text not null default '' check (length(named) <= 200),
  question text not null check (question <> '' and length(question) <= 4000),
  reply_by timestamptz not null,
  asked_at timestamptz not null default clock_timestamp(),
  asked_by text not null default session_user,
  state text not null default 'open' check (state in ('open', 'answered', 'withdrawn', 'closed')),
  answer text not null default '' check (length(answer) <= 20000),
  ended_at timestamptz,
  ended_by text,
  constraint request_names_somebody check ((ask_of = 'named') = (named <> '')),
  constraint request_answer_has_words check (state <> 'answered' or answer <> ''),
  constraint request_end_is_whole check ((state = 'open') = (ended_at is null) and (state = 'open') = (ended_by is null))
);
create unique index information_request_one_open on information_request (referral_id) where state = 'open';
create index information_request_referral on information_request (referral_id, asked_at);
alter table clock_pause add constraint pause_of_request foreign key (request_id) references information_request;

-- ---------------------------------------------------------------- arithmetic

-- The same rule as coordination.intake.rules.due_at.
create function urgency_due(urgency text, since timestamptz) returns timestamptz language sql stable
return (
  select case when b.hours is not null then since + make_interval(hours => b.hours)
         else greatest(((since at time zone 'Europe/London')::date + b.days + b.until::time) at time zone 'Europe/London',
                       since + make_interval(hours => b.least_hours)) end
  from urgency_band b where b.code = urgency);

-- Minutes are minutes through the night when the clocks change: no interval here has days in it.
create function clock_due(k clock_kind, urgency text, since timestamptz) returns timestamptz language sql stable
return case when k.minutes is null then urgency_due(urgency, since)
       else since + make_interval(mins => coalesce((k.by_urgency ->> urgency)::int, k.minutes)) end;

create function clock_pausable(k clock_kind, urgency text) returns boolean language sql stable
return k.pausable
       and (k.ends <> 'response' or coalesce((select b.pausable from urgency_band b where b.code = urgency), true));

-- How long a referral has stood still since a moment, and will; never negative.
create function paused_length(of_referral uuid, since timestamptz) returns interval language sql stable
return (
  select make_interval(secs => coalesce(sum(extract(epoch from greatest(p.until_at, since) - greatest(p.from_at, since))),
                                        0)::float8)
  from clock_pause p where p.referral_id = of_referral);

-- When a clock starts for the first time; null when it is not wanted.
create function clock_start(k clock_kind, r referral, channel text) returns timestamptz language sql stable
return case
  when r.state not in ('waiting', 'claimed', 'accepted') then null
  when cardinality(k.channels) > 0 and (channel = any (k.channels)) is not true then null
  when k.starts = 'received' then r.received_at
  -- T2: from the notice, the earlier of the two; of what is announced for later, from then. Least passes over null.
  when k.starts = 'moft' and (r.moft_at is not null or r.trusted_at is not null) then
    greatest(r.received_at, least(case when r.moft_at is not null then greatest(r.moft_at, r.moft_told_at) end, r.trusted_at))
  when k.starts = 'waiting' and r.state = 'waiting' then r.received_at
  when k.starts = 'claimed' and r.state = 'claimed' then r.claimed_at
  when k.starts = 'accepted' and r.state = 'accepted' and r.responded_at is null then r.claimed_at
  when k.starts = 'responded' and r.state = 'accepted' then r.responded_at
end;

create function running_clocks(of_referral uuid, moment timestamptz) returns jsonb language sql stable
return (
  select coalesce(jsonb_agg(jsonb_build_object(
    'kind', c.kind, 'started_at', c.started_at, 'due_at', c.due_at, 'pausable', c.pausable, 'governs', c.governs,
    'paused_from', p.from_at, 'paused_until', p.until_at, 'paused_reason', p.reason)), '[]')
  from referral_clock c
  left join clock_pause p on c.pausable and p.referral_id = c.referral_id and p.from_at <= moment and p.until_at > moment
  where c.referral_id = of_referral and c.met_at is null and c.stopped_at is null);

-- What a person wrote as a moment, as far as it is one.
create function stated_moment(words text) returns timestamptz language plpgsql stable
set timezone = 'Europe/London' set datestyle = 'ISO, DMY' as $$
begin
  return case when words ~ '^[0-9]' then words::timestamptz end;
exception when data_exception then
  return null;
end $$;

-- T2: a trusted assessor who is recognised for one of the hospitals.
create function signed_in_hospital(assessor text, form text) returns boolean language sql stable
return exists (
  select 1 from recognised_assessor a, hospital h
  where a.user_name = assessor and a.form_id in ('*', form) and a.valid @> (now() at time zone 'Europe/London')::date
  and (starts_with(fold(h.name), fold(a.organisation)) or starts_with(fold(a.organisation), fold(h.name))));

-- ---------------------------------------------------------------- clocks follow the referral

-- The due time of one that is new. Its clocks are written by start_clocks, once it is there.
create function first_due() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  came contact; trusted timestamptz; said text; loading boolean := is_owner(); first_kind text; first_moment timestamptz;
begin
  select * into came from contact where id = new.contact_id;
  if not loading then
    new.received_at := least(new.received_at, now());
    new.responded_at := null;
    new.assessed_at := null;
    new.paused_reason := null;
    new.paused_until := null;
    new.asked_at := null;
  end if;
  new.deadlines := '[]';
  if new.state not in ('waiting', 'claimed', 'accepted') then
    return new;                                       -- only who loads and imports begins with an end
  end if;
  said := coalesce(came.details ->> 'moft_at', '');   -- T2: the notice came with the contact
  new.moft_told_at := case when said <> '' then new.received_at end;
  new.moft_at := case when said <> '' then coalesce(stated_moment(said), new.received_at) end;
  if came.channel in ('ward', 'emergency_department') and new.person_id is not null then
    select max(a.signed_at) into trusted from assessment a
    where a.person_id = new.person_id and a.signed_at > now() - interval '168 hours'
    and signed_in_hospital(a.signed_by, a.form_id);
  end if;
  new.trusted_at := case when trusted is not null then greatest(trusted, new.received_at) end;
  select jsonb_agg(jsonb_build_object('kind', k.code, 'started_at', s.at, 'due_at', d.due, 'governs', k.governs,
                                      'pausable', clock_pausable(k, new.urgency), 'stage', k.ends = 'stage')),
         min(d.due) filter (where k.ends = 'stage'),
         (array_agg(k.code order by k.governs desc, d.due, k.position))[1],
         (array_agg(d.due order by k.governs desc, d.due, k.position))[1]
  into new.deadlines, new.stage_due_at, first_kind, first_moment
  from clock_kind k
  cross join lateral (select clock_start(k, new, came.channel) as at) s
  cross join lateral (select case when k.code = 'response' and loading then new.due_at
                                  else clock_due(k, new.urgency, s.at) end as due) d
  where s.at is not null;
  if not loading then                                 -- who loads and imports says when it is due
    new.due_kind := first_kind;
    new.due_at := first_moment;
  end if;
  return new;
end $$;
create trigger keep_clocks before insert on referral for each row execute function first_due();

create function start_clocks() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into referral_clock (referral_id, kind, holder, started_at, base_due, due_at, pausable, governs, met_at)
  select new.id, c.kind, case when c.stage then new.claimed_by end, c.started_at, c.due_at, c.due_at, c.pausable, c.governs,
         case when c.stage then null when c.kind = 'response' then new.responded_at else new.assessed_at end
  from jsonb_to_recordset(new.deadlines) as c(kind text, started_at timestamptz, due_at timestamptz, pausable boolean,
                                              governs boolean, stage boolean);
  return null;
end $$;
create trigger start_clocks after insert on referral for each row execute function start_clocks();

-- One clock that is there no more, or has been reached.
create function end_clock(clock uuid, met timestamptz, stopped timestamptz, why text) returns void language sql
set search_path = public, pg_temp
begin atomic
  update referral_clock set met_at = met, stopped_at = case when met is null then stopped end,
    stop_reason = case when met is null then why else '' end
  where id = clock;
end;

-- The thresholds of the stages: exactly one runs while it is open. It begins anew for a new holder and in another queue.
create function keep_stage_clock(k clock_kind, old_r referral, new_r referral, start timestamptz, place smallint,
                                 back boolean, moment timestamptz) returns void language plpgsql
set search_path = public, pg_temp as $$
declare
  cur referral_clock; again uuid; elsewhere boolean; passed boolean;
begin
  select * into cur from referral_clock c
  where c.referral_id = new_r.id and c.kind = k.code and c.met_at is null and c.stopped_at is null;
  elsewhere := new_r.state = 'waiting'
    and (old_r.service, old_r.locality) is distinct from (new_r.service, new_r.locality)
    and old_r.urgency_reason = new_r.urgency_reason;
  if cur.id is not null and start is not null and cur.holder is not distinct from new_r.claimed_by and not elsewhere then
    return;
  end if;
  if cur.id is not null then
    passed := start is null and (place > k.position or (new_r.state = 'closed' and k.starts = 'responded'));
    perform end_clock(cur.id, case when passed then moment end, moment,
      case when back then 'taken_back' when new_r.state in ('declined', 'closed') then new_r.state
           when elsewhere then 'transferred' when new_r.state = 'waiting' then 'released' else 'handed_over' end);
  end if;
  if start is null then
    return;
  end if;
  if back then                                        -- what is taken back has not begun anew
    select c.id into again from referral_clock c
    where c.referral_id = new_r.id and c.kind = k.code and c.holder is not distinct from new_r.claimed_by
    and c.id is distinct from cur.id order by c.started_at desc, c.id desc limit 1;
  end if;
  if again is not null then
    update referral_clock set met_at = null, stopped_at = null, stop_reason = '' where id = again;
  else
    insert into referral_clock (referral_id, kind, holder, started_at, base_due, due_at, pausable, governs)
    select new_r.id, k.code, new_r.claimed_by, moment, d, d, clock_pausable(k, new_r.urgency), k.governs
    from clock_due(k, new_r.urgency, moment) d;
  end if;
end $$;

-- What was promised to the person. Reopened, it is promised anew; what was before stays as history.
create function keep_promise_clock(k clock_kind, new_r referral, start timestamptz, done timestamptz, reopened boolean,
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

-- Times are the server's: a client says that something has happened, never when.
create function keep_clocks() returns trigger language plpgsql security definer set search_path = public, pg_temp
set timezone = 'UTC' as $$
declare
  moment timestamptz := clock_timestamp();
  back boolean := coalesce(current_setting('centre.undo', true), '') = 'on';
  is_open boolean := new.state in ('waiting', 'claimed', 'accepted');
  reopened boolean := old.state in ('declined', 'closed') and new.state = 'waiting';
  came_by text; place smallint; k clock_kind; start timestamptz; nearest referral_clock; pause clock_pause;
begin
  select channel into came_by from contact where id = new.contact_id;
  if not is_owner() then
    new.received_at := old.received_at;
    if pg_trigger_depth() < 2 then
      new.trusted_at := old.trusted_at;
    end if;
    if (new.responded_at is distinct from old.responded_at or new.assessed_at is distinct from old.assessed_at)
       and pg_trigger_depth() < 2 and (not is_open or new.claimed_by is distinct from session_user) then
      raise exception 'not the holder' using errcode = 'check_violation', constraint = 'done_is_said_by_the_holder';
    end if;
    new.responded_at := case when old.responded_at is null and new.responded_at is not null then moment
                             when new.responded_at is not null then old.responded_at end;
    new.assessed_at := case when old.assessed_at is null and new.assessed_at is not null then moment
                            when new.assessed_at is not null then old.assessed_at end;
    new.moft_told_at := old.moft_told_at;
    if new.moft_at is distinct from old.moft_at and new.moft_at is not null then
      if new.moft_at > moment + interval '10 minutes' then
        raise exception 'still to come' using errcode = 'check_violation', constraint = 'moft_is_not_still_to_come';
      end if;
      if old.moft_at is null and not back then
        new.moft_told_at := moment;
      end if;
    end if;
    if reopened and not back then
      new.responded_at := null;
      new.assessed_at := null;
    end if;
  elsif new.due_at <> old.due_at or new.received_at <> old.received_at then
    update referral_clock set started_at = new.received_at, base_due = new.due_at, due_at = new.due_at
    where referral_id = new.id and kind = 'response' and met_at is null and stopped_at is null;
  end if;
  select min(x.position) into place from clock_kind x
  where x.ends = 'stage' and clock_start(x, new, came_by) is not null;
  for k in select * from clock_kind order by position loop
    start := clock_start(k, new, came_by);
    if k.ends = 'stage' then
      perform keep_stage_clock(k, old, new, start, place, back, moment);
    else
      perform keep_promise_clock(k, new, start,
        case k.ends when 'response' then new.responded_at else new.assessed_at end, reopened and not back, back, moment);
    end if;
  end loop;

  if not is_open then
    update clock_pause set ended = 'closed' where referral_id = new.id and ended = '' and until_at > moment;
    update information_request set state = 'closed' where referral_id = new.id and state = 'open';
    new.paused_reason := null;
    new.paused_until := null;
    new.asked_at := null;
    new.stage_due_at := null;
    new.deadlines := '[]';
    if back then                                      -- it was reopened, and that is taken back: due as it was
      select c.* into nearest from referral_clock c
      where c.referral_id = new.id and c.governs and c.stop_reason <> 'taken_back' order by c.started_at desc, c.due_at limit 1;
      new.due_kind := coalesce(nearest.kind, new.due_kind);
      new.due_at := coalesce(nearest.due_at, new.due_at);
    end if;
    return new;
  end if;
  if reopened and back then
    update clock_pause set ended = '' where referral_id = new.id and ended = 'closed' and planned_until > moment;
    update information_request set state = 'open' where referral_id = new.id and state = 'closed';
  end if;

  update referral_clock c
  set base_due = d.base, pausable = d.pausable,
      due_at = d.base + case when d.pausable then paused_length(new.id, c.started_at) else interval '0' end
  from (select x.id,
               case when new.urgency <> old.urgency then clock_due(y, new.urgency, x.started_at) else x.base_due end as base,
               case when new.urgency <> old.urgency then clock_pausable(y, new.urgency) else x.pausable end as pausable
        from referral_clock x join clock_kind y on y.code = x.kind
        where x.referral_id = new.id and x.met_at is null and x.stopped_at is null) d
  where c.id = d.id;
  select c.* into nearest from referral_clock c
  where c.referral_id = new.id and c.met_at is null and c.stopped_at is null
  order by c.governs desc, c.due_at, c.kind limit 1;
  new.due_kind := nearest.kind;
  new.due_at := nearest.due_at;
  select min(c.due_at) into new.stage_due_at from referral_clock c join clock_kind y on y.code = c.kind
  where c.referral_id = new.id and c.met_at is null and c.stopped_at is null and y.ends = 'stage';
  -- It stands still when nothing that governs runs on.
  select p.* into pause from clock_pause p
  where p.referral_id = new.id and p.from_at <= moment and p.until_at > moment limit 1;
  if exists (select 1 from referral_clock c where c.referral_id = new.id and c.met_at is null and c.stopped_at is null
             and c.governs = nearest.governs and not c.pausable) then
    pause := null;
  end if;
  new.paused_reason := pause.reason;
  new.paused_until := pause.until_at;
  select max(r.asked_at) into new.asked_at from information_request r where r.referral_id = new.id and r.state = 'open';
  new.deadlines := running_clocks(new.id, moment);
  return new;
end $$;
create trigger keep_clocks_on before update on referral for each row execute function keep_clocks();

-- Whatever is done beside a referral changes it: its revision, its due time, and what the desks are told.
create function touch_referral(touched uuid) returns void language sql set search_path = public, pg_temp
begin atomic
  update referral set revision = revision + 1 where id = touched;
end;

-- ---------------------------------------------------------------- pauses and requests

-- Locked first and asked afterwards: whoever is second waits, and sees what the first has done (E5).
create function need_own_open_referral(wanted uuid) returns void language plpgsql
set search_path = public, pg_temp as $$
declare r referral;
begin
  select * into r from referral where id = wanted for update;
  if r.state not in ('waiting', 'claimed', 'accepted') then
    raise exception 'not open' using errcode = 'check_violation', constraint = 'clock_needs_an_open_referral';
  end if;
  if r.claimed_by is not null and r.claimed_by <> session_user and not is_owner() then
    raise exception 'held by another' using errcode = 'check_violation', constraint = 'clock_is_kept_by_the_holder';
  end if;
end $$;

create function guard_pause() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  moment timestamptz; why pause_reason; by_request boolean := pg_trigger_depth() > 1;
begin
  if not by_request then
    perform need_own_open_referral(case when tg_op = 'INSERT' then new.referral_id else old.referral_id end);
  end if;
  moment := clock_timestamp();                        -- after the wait for the lock
  if tg_op = 'INSERT' then
    select * into why from pause_reason where code = new.reason;
    if why.for_request <> by_request then
      raise exception 'ask for it' using errcode = 'check_violation', constraint = 'pause_for_information_asks_for_it';
    end if;
    new.from_at := moment;
    new.by_user := session_user;
    new.ended := '';
    new.ended_at := null;
    new.ended_by := null;
    if new.planned_until <= moment or new.planned_until > moment + make_interval(mins => why.longest_minutes + 5) then
      raise exception 'not so long' using errcode = 'check_violation', constraint = 'pause_is_not_too_long';
    end if;
    new.until_at := new.planned_until;
    return new;
  end if;
  if (old.ended, new.ended) not in (('', 'resumed'), ('', 'withdrawn'), ('resumed', ''))
     and not (by_request and (old.ended = '' or new.ended = '')) then
    raise exception 'not so' using errcode = 'check_violation', constraint = 'pause_end_is_legal';
  end if;
  if new.ended = '' and old.planned_until <= moment then
    raise exception 'it is over' using errcode = 'check_violation', constraint = 'pause_is_over';
  end if;
  -- Only how it ended is the client's to say.
  old.until_at := case new.ended when '' then old.planned_until when 'withdrawn' then old.from_at
                                 else greatest(old.from_at, least(old.until_at, moment)) end;
  old.ended_at := case when new.ended <> '' then moment end;
  old.ended_by := case when new.ended <> '' then session_user end;
  old.ended := new.ended;
  return old;
end $$;
create trigger guard before insert or update on clock_pause for each row execute function guard_pause();

create function pause_tells() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare state_now text; holder_now text;
begin
  if new.ended = 'closed' or (tg_op = 'UPDATE' and old.ended = 'closed') then
    return null;                                      -- the referral itself is being closed, or that is taken back
  end if;
  if new.request_id is null then
    select r.state, r.claimed_by into state_now, holder_now from referral r where r.id = new.referral_id;
    insert into referral_event (referral_id, from_state, to_state, from_holder, holder, kind, reason, details)
    values (new.referral_id, state_now, state_now, holder_now, holder_now,
            case when tg_op = 'INSERT' then 'paused' when new.ended = 'resumed' then 'resumed'
                 when new.ended = 'withdrawn' then 'pause_taken_back' else 'resume_taken_back' end,
            case when tg_op = 'INSERT' then new.words else '' end,
            jsonb_build_object('reason', new.reason, 'until', new.planned_until));
  end if;
  perform touch_referral(new.referral_id);
  return null;
end $$;
create trigger tell after insert or update on clock_pause for each row execute function pause_tells();

create function guard_request() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare moment timestamptz;
begin
  if pg_trigger_depth() > 1 then                      -- the referral closes, or that is taken back
    old.state := new.state;
    old.ended_at := case when new.state <> 'open' then clock_timestamp() end;
    old.ended_by := case when new.state <> 'open' then session_user end;
    return old;
  end if;
  perform need_own_open_referral(case when tg_op = 'INSERT' then new.referral_id else old.referral_id end);
  moment := clock_timestamp();
  if tg_op = 'INSERT' then
    new.asked_at := moment;
    new.asked_by := session_user;
    new.state := 'open';
    new.answer := '';
    new.ended_at := null;
    new.ended_by := null;
    if new.reply_by <= moment or new.reply_by > moment + (
         select make_interval(mins => p.longest_minutes + 5) from pause_reason p where p.code = 'information_' || new.ask_of) then
      raise exception 'not so long' using errcode = 'check_violation', constraint = 'pause_is_not_too_long';
    end if;
    return new;
  end if;
  if new.state = 'closed' or old.state = 'closed' or (old.state <> 'open' and new.state <> 'open') then
    raise exception 'not so' using errcode = 'check_violation', constraint = 'request_end_is_legal';
  end if;
  old.answer := case new.state when 'answered' then new.answer else '' end;
  old.ended_at := case when new.state <> 'open' then moment end;
  old.ended_by := case when new.state <> 'open' then session_user end;
  old.state := new.state;
  return old;
end $$;
create trigger guard before insert or update on information_request for each row execute function guard_request();

-- Asking stands still the clocks that may; the answer, or its not being needed any more, lets them run.
create function request_tells() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  back boolean := coalesce(current_setting('centre.undo', true), '') = 'on';
  state_now text; holder_now text; told int;
begin
  if new.state = 'closed' or (tg_op = 'UPDATE' and old.state = 'closed') then
    return null;
  end if;
  select r.state, r.claimed_by into state_now, holder_now from referral r where r.id = new.referral_id;
  insert into referral_event (referral_id, from_state, to_state, from_holder, holder, kind, reason, details)
  values (new.referral_id, state_now, state_now, holder_now, holder_now,
          case when tg_op = 'INSERT' then 'asked' when new.state = 'open' then 'answer_taken_back'
               when new.state = 'answered' then 'answered' when back then 'asking_taken_back' else 'asking_withdrawn' end,
          case when tg_op = 'INSERT' then new.question when new.state = 'answered' then new.answer else '' end,
          jsonb_build_object('of', new.ask_of, 'named', new.named, 'until', new.reply_by));
  if tg_op = 'INSERT' then
    insert into clock_pause (id, referral_id, reason, words, request_id, planned_until)
    select uuidv7(), new.referral_id, 'information_' || new.ask_of, new.question, new.id, new.reply_by
    where not exists (select 1 from clock_pause p where p.referral_id = new.referral_id
                      and p.ended = '' and p.until_at > clock_timestamp());
  elsif new.state = 'open' then
    update clock_pause set ended = '' where request_id = new.id and ended <> '' and planned_until > clock_timestamp();
  else
    update clock_pause set ended = case when back then 'withdrawn' when new.state = 'answered' then 'answered' else 'resumed' end
    where request_id = new.id and ended = '';
  end if;
  get diagnostics told = row_count;
  if told = 0 then
    perform touch_referral(new.referral_id);
  end if;
  return null;
end $$;
create trigger tell after insert or update on information_request for each row execute function request_tells();

-- T1, T2: an assessment that is signed meets the clocks that wait for it; one from a hospital starts the four hours.
create function assessment_tells_clocks() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if new.state <> 'signed' or (tg_op = 'UPDATE' and old.state = 'signed') then
    return null;
  end if;
  if signed_in_hospital(new.signed_by, new.form_id) then
    update referral r set trusted_at = greatest(new.signed_at, r.received_at), revision = r.revision + 1
    from contact c
    where r.person_id = new.person_id and r.state in ('waiting', 'claimed', 'accepted') and r.trusted_at is null
    and c.id = r.contact_id and c.channel in ('ward', 'emergency_department');
  else
    update referral r set assessed_at = new.signed_at, revision = revision + 1
    where r.person_id = new.person_id and r.state in ('waiting', 'claimed', 'accepted') and r.assessed_at is null
    and exists (select 1 from referral_clock c join clock_kind k on k.code = c.kind
                where c.referral_id = r.id and k.ends = 'assessment' and c.met_at is null and c.stopped_at is null);
  end if;
  return null;
end $$;
create trigger tell_clocks after insert or update on assessment for each row execute function assessment_tells_clocks();

-- ---------------------------------------------------------------- history and guard, anew

create or replace function record_referral_event() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare
  back boolean := coalesce(current_setting('centre.undo', true), '') = 'on';
  held boolean; what text; said text := new.state_reason; more jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    insert into referral_event (referral_id, to_state, holder, reason, kind)
    values (new.id, new.state, new.claimed_by, new.urgency_reason, 'referred');
    return null;
  end if;
  if back then                                        -- only one's own last deed can be taken back
    select e.by_user = session_user into back from referral_event e
    where e.referral_id = new.id order by e.at desc, e.id desc limit 1;
    back := coalesce(back, false);
  end if;
  held := new.claimed_by is distinct from old.claimed_by;
  what := case
    when back then 'taken_back'
    when old.state in ('declined', 'closed') and new.state = 'waiting' then 'reopened'
    when new.state = 'waiting' and new.urgency_reason = old.urgency_reason
         and (old.service, old.locality) is distinct from (new.service, new.locality) then 'transferred'
    when old.state <> 'waiting' and new.state = 'waiting' then 'released'
    when new.state in ('declined', 'closed') and new.state <> old.state then new.state
    when old.responded_at is null and new.responded_at is not null then 'responded'
    when new.assessed_at is distinct from old.assessed_at then 'assessed'
    when old.trusted_at is null and new.trusted_at is not null then 'trusted'
    when new.moft_at is distinct from old.moft_at then case when new.moft_at is null then 'moft_withdrawn' else 'moft' end
    when (old.urgency, old.urgency_reason, old.service) is distinct from (new.urgency, new.urgency_reason, new.service) then 'triaged'
    when held and old.claimed_by is not null then case when new.claimed_by = session_user then 'taken_over' else 'handed_over' end
    when held then case when new.claimed_by = session_user then 'claimed' else 'given' end
    when new.state = 'accepted' and old.state <> 'accepted' then 'accepted'
    when new.state_reason not in ('', old.state_reason) then ''
  end;
  if what is null or (back and (old.state, old.claimed_by, old.service, old.locality, old.urgency, old.urgency_reason,
       old.responded_at, old.assessed_at, old.moft_at)
     is not distinct from (new.state, new.claimed_by, new.service, new.locality, new.urgency, new.urgency_reason,
       new.responded_at, new.assessed_at, new.moft_at)) then
    return null;                                      -- what only moves the clocks says itself what it was
  end if;
  if what = 'transferred' or what = 'triaged' then
    more := jsonb_strip_nulls(jsonb_build_object(
      'service', case when new.service <> old.service then new.service end,
      'from_service', case when new.service <> old.service then old.service end,
      'locality', case when new.locality is distinct from old.locality then new.locality end,
      'from_locality', case when new.locality is distinct from old.locality then old.locality end,
      'urgency', case when new.urgency <> old.urgency then new.urgency end));
  elsif what in ('moft', 'moft_withdrawn') then
    more := jsonb_build_object('at', coalesce(new.moft_at, old.moft_at));
  end if;
  if what = 'taken_back' or (said = old.state_reason and what in ('responded', 'assessed', 'trusted', 'moft', 'moft_withdrawn')) then
    said := '';
  end if;
  insert into referral_event (referral_id, from_state, to_state, from_holder, holder, reason, kind, details)
  values (new.id, old.state, new.state, old.claimed_by, new.claimed_by, said, what, more);
  return null;
end $$;

create or replace function guard_referral() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  taking_back boolean := false;
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
  if new.claimed_by is distinct from old.claimed_by and not is_owner() then
    -- Whoever moved it last may put it back into the hand that it came from.
    select e.by_user = session_user and e.from_holder is not distinct from new.claimed_by into taking_back
    from referral_event e where e.referral_id = old.id order by e.at desc, e.id desc limit 1;
    taking_back := coalesce(taking_back, false);
  end if;
  if old.claimed_by is not null and new.claimed_by is not null and old.claimed_by <> new.claimed_by
     and old.claimed_by <> session_user and not taking_back
     and (new.state_reason = '' or new.state_reason = old.state_reason) then
    raise exception 'held by another' using errcode = 'check_violation', constraint = 'referral_take_over_has_reason';
  end if;
  -- What another holds leaves their hand with a reason as well: back to the queue, to another queue, or to an end.
  if old.state in ('claimed', 'accepted') and new.state in ('waiting', 'declined', 'closed')
     and old.claimed_by <> session_user and not taking_back and not is_owner()
     and (new.state_reason = '' or new.state_reason = old.state_reason) then
    raise exception 'held by another' using errcode = 'check_violation', constraint = 'referral_release_has_reason';
  end if;
  -- Nobody claims in another's name: given to a colleague it is handed over, by its holder or with a reason.
  if new.claimed_by is not null and old.claimed_by is null and new.claimed_by <> session_user and not taking_back
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

-- ---------------------------------------------------------------- who may

alter table referral_clock enable row level security;
alter table clock_pause enable row level security;
alter table information_request enable row level security;
create policy shared_with_me on referral_clock for select to centre_user
  using (exists (select 1 from referral r where r.id = referral_id));
create policy shared_with_me on clock_pause to centre_user
  using (exists (select 1 from referral r where r.id = referral_id));
create policy shared_with_me on information_request to centre_user
  using (exists (select 1 from referral r where r.id = referral_id));
create trigger watch after insert or update or delete on clock_pause
  for each row execute function audit.watch('intake', 'referral_id', '');
create trigger watch after insert or update or delete on information_request
  for each row execute function audit.watch('intake', 'referral_id', '');
grant select on referral_clock, clock_pause, information_request to centre_user;
grant insert (id, referral_id, reason, words, planned_until), update (ended) on clock_pause
  to care_coordinator, placement_coordinator, trusted_assessor, team_lead;
grant insert (id, referral_id, ask_of, named, question, reply_by), update (state, answer) on information_request
  to care_coordinator, placement_coordinator, trusted_assessor, team_lead;

-- ---------------------------------------------------------------- referrals that came without triggers

-- For the migration and for loading: every referral that has no clocks gets them, as of a moment. What was promised when it
-- came (its due time) stays. Run by the owner, with the triggers of referral off.
create function fill_clocks(as_of timestamptz) returns void language sql set search_path = public, pg_temp
begin atomic
  update referral r set moft_at = coalesce(stated_moment(c.details ->> 'moft_at'), r.received_at), moft_told_at = r.received_at
  from contact c
  where c.id = r.contact_id and c.details ->> 'moft_at' <> '' and r.moft_at is null
  and not exists (select 1 from referral_clock x where x.referral_id = r.id);

  insert into referral_clock (referral_id, kind, holder, started_at, base_due, due_at, pausable, governs, met_at)
  select r.id, k.code, case when k.ends = 'stage' then r.claimed_by end, s.at, d.base,
         d.base + case when d.pausable then paused_length(r.id, s.at) else interval '0' end, d.pausable, k.governs,
         case k.ends when 'response' then r.responded_at when 'assessment' then r.assessed_at end
  from referral r
  join contact c on c.id = r.contact_id
  cross join clock_kind k
  cross join lateral (select clock_start(k, r, c.channel) as at) s
  cross join lateral (select case when k.code = 'response' then r.due_at else clock_due(k, r.urgency, s.at) end as base,
                             clock_pausable(k, r.urgency) as pausable) d
  where r.state in ('waiting', 'claimed', 'accepted') and s.at is not null
  and not exists (select 1 from referral_clock x where x.referral_id = r.id);

  insert into referral_clock (referral_id, kind, started_at, base_due, due_at, pausable, governs, met_at, stopped_at, stop_reason)
  select r.id, k.code, r.received_at, r.due_at, r.due_at, clock_pausable(k, r.urgency), k.governs, r.responded_at,
         case when r.responded_at is null then r.closed_at end, case when r.responded_at is null then r.state else '' end
  from referral r
  join clock_kind k on k.code = 'response'
  where r.state in ('declined', 'closed') and not exists (select 1 from referral_clock x where x.referral_id = r.id);

  update referral r
  set due_at = n.due_at, due_kind = n.kind, stage_due_at = n.stage_due_at, deadlines = running_clocks(r.id, as_of),
      paused_reason = case when n.standing then p.reason end, paused_until = case when n.standing then p.until_at end,
      asked_at = (select max(q.asked_at) from information_request q where q.referral_id = r.id and q.state = 'open')
  from (
    select distinct on (c.referral_id) c.referral_id, c.kind, c.due_at,
           min(c.due_at) filter (where k.ends = 'stage') over whole as stage_due_at,
           bool_and(c.pausable) over (partition by c.referral_id, c.governs) as standing
    from referral_clock c join clock_kind k on k.code = c.kind
    where c.met_at is null and c.stopped_at is null
    window whole as (partition by c.referral_id)
    order by c.referral_id, c.governs desc, c.due_at, c.kind) n
  left join clock_pause p on p.referral_id = n.referral_id and p.from_at <= as_of and p.until_at > as_of
  where r.id = n.referral_id and r.state in ('waiting', 'claimed', 'accepted');
end;

alter table referral disable trigger user;
select fill_clocks(now());
alter table referral enable trigger user;
