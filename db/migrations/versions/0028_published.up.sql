-- What workers were told: a team's day as it was published, version by version. The board goes on as the draft.
-- No words about people stand here: which visit, which worker, when, and a digest that tells whether the words of the
-- visit are still the same.

create table published_day (
  id uuid primary key,
  team_id int not null references team,
  day date not null,
  version int not null check (version >= 1),
  published_by text not null default session_user references user_account,
  published_at timestamptz not null default now(),
  unplaced int not null default 0 check (unplaced >= 0),   -- visits that still needed a worker
  -- Of two leads who publish at once, one makes the version.
  constraint published_version_once unique (team_id, day, version)
);

create table published_visit (
  published_id uuid not null references published_day,
  visit_id uuid not null references visit,
  worker_id int not null references worker,
  slot smallint not null check (slot in (1, 2)),
  period tstzrange not null check (not isempty(period) and not lower_inf(period) and not upper_inf(period)),
  -- How the words were digested, and the digest: nothing that somebody would like to have said. Null: not known to
  -- whoever published, and not compared.
  words text check (words ~ '^[0-9]{1,4}:[0-9a-f]{32,64}$'),
  primary key (published_id, visit_id, slot),
  constraint published_two_different_workers unique (published_id, visit_id, worker_id)
);
create index published_visit_of on published_visit (visit_id);

-- What has been handed out is not changed afterwards, by nobody: the next version says what is different.
create function published_stays() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  raise exception 'published' using errcode = 'check_violation', constraint = 'published_is_immutable';
end $$;
create trigger stays before update or delete on published_day for each row execute function published_stays();
create trigger stays before update or delete on published_visit for each row execute function published_stays();
create trigger stays_whole before truncate on published_day for each statement execute function published_stays();
create trigger stays_whole before truncate on published_visit for each statement execute function published_stays();

-- The one way in. The rows are those of the board at this moment, also those that the lead may not see; visits that are
-- cancelled or went to another day are none. words are the digests of the visits that the lead does see. Sent again with
-- the same id, it gives the version that it made.
create function publish_day(new_id uuid, of_team int, on_day date, seen int, words jsonb) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare made int; latest int;
begin
  if my_role() is distinct from 'team_lead' then
    raise exception 'not a lead' using errcode = 'insufficient_privilege', constraint = 'team_leads_publish';
  end if;
  select d.version into made from published_day d
  where d.id = new_id and d.team_id = of_team and d.day = on_day and d.published_by = session_user;
  if made is not null then return made; end if;
  if on_day < (now() at time zone 'Europe/London')::date then
    raise exception 'over' using errcode = 'check_violation', constraint = 'published_day_is_not_over';
  end if;
  select coalesce(max(d.version), 0) into latest from published_day d where d.team_id = of_team and d.day = on_day;
  if latest <> seen then
    raise exception 'published since' using errcode = 'unique_violation', constraint = 'published_version_once';
  end if;
  insert into published_day (id, team_id, day, version, unplaced)
  values (new_id, of_team, on_day, seen + 1,
          (select count(*) from visit v where v.team_id = of_team and v.day = on_day and v.state = 'planned'
           and (select count(*) from allocation a where a.visit_id = v.id) < v.workers_needed));
  insert into published_visit (published_id, visit_id, worker_id, slot, period, words)
  select new_id, a.visit_id, a.worker_id, a.slot, a.period, publish_day.words ->> a.visit_id::text
  from allocation a join visit v on v.id = a.visit_id
  where v.team_id = of_team and v.day = on_day and v.state not in ('cancelled', 'moved');
  return seen + 1;
end $$;
revoke execute on function publish_day(uuid, int, date, int, jsonb) from public;
grant execute on function publish_day(uuid, int, date, int, jsonb) to team_lead;

alter table published_day enable row level security;
alter table published_visit enable row level security;
create policy colleagues on published_day for select to centre_user
  using ((select my_role()) not in ('administrator'));
create policy shared_with_me on published_visit for select to centre_user
  using (exists (select 1 from visit v where v.id = visit_id));

create trigger watch after insert on published_day
  for each row execute function audit.watch('deployment', 'id', '');

grant select on published_day, published_visit to centre_user;
