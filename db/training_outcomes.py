"""The training city: how the visits of the last week ended, a sheet of each team that is still to be entered, and
somebody whom nobody has found. Set by set from what the boards hold; the same city gives the same rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

# In place of chance stand digits that belong to a visit for good: abs(hashtext(v.id::text)).
# Somebody with a plan who has declined the last three visits that were made.
_DECLINES = """
update visit set state = 'declined' where id in (
  select v.id from visit v where v.state = 'done' and v.day between cast(:yesterday as date) - 4 and :yesterday
    and v.person_id = (
      select y.person_id from visit y join care_plan p on p.person_id = y.person_id and p.state = 'active'
      where y.state = 'done' and y.day between cast(:yesterday as date) - 4 and :yesterday and not y.time_critical
      group by y.person_id having count(*) >= 3 order by count(*) desc, y.person_id limit 1)
  order by v.day desc, v.id limit 3)
"""

_REASONS = """
update visit v set state_reason = r.name
from (select outcome, array_agg(code order by position) as codes from outcome_reason where not asks_words
      group by outcome) o, outcome_reason r
where o.outcome = v.state and v.state <> 'moved'
  and r.code = o.codes[1 + abs(hashtext(v.id::text)) % cardinality(o.codes)]
"""

# Of each team the worker with most visits yesterday, whose sheet lies on the desk.
_TO_ENTER = """
update visit v set state = 'planned', state_reason = ''
from allocation a,
     (select distinct on (w.team_id) w.team_id, w.id from visit y join allocation b on b.visit_id = y.id
      join worker w on w.id = b.worker_id where y.day = :yesterday and y.state <> 'cancelled'
      group by w.team_id, w.id order by w.team_id, count(*) desc, w.id) most
where a.visit_id = v.id and a.worker_id = most.id and v.day = :yesterday and v.state <> 'cancelled'
  and v.workers_needed = 1
"""

# Of each team one visit of the day before that nobody made, and the last that has begun at which nobody was found.
_MISSED = """
update visit set state = 'missed' where id in (
  select distinct on (v.team_id) v.id from visit v where v.day = cast(:yesterday as date) - 1 and v.state = 'done'
    and v.workers_needed = 1 and not v.time_critical order by v.team_id, upper(v.arrive) desc, v.id)
"""
_NOT_FOUND = """
update visit set state = 'no_access' where id in (
  select distinct on (v.team_id) v.id from visit v join allocation a on a.visit_id = v.id
  where v.state in ('done', 'planned') and v.workers_needed = 1 and lower(a.period) <= :now - interval '12 minutes'
    and v.day >= :yesterday and (v.day > :yesterday or v.state = 'done')
  order by v.team_id, lower(a.period) desc, v.id)
"""

_OUTCOMES = """
insert into visit_outcome (visit_id, outcome, reason, words, began, ended, from_paper, entered_by, entered_at)
select v.id, v.state, r.code, case when r.code is null and v.state <> 'done' then v.state_reason else '' end,
       t.began, case when v.state = 'done' then t.ended end, luck % 10 < 3 and v.day < :today,
       coalesce(a.allocated_by, l.lead),
       least(:now, coalesce(t.ended, lower(v.arrive)) + make_interval(mins => 10 + luck % 90))
from visit v
cross join lateral (select abs(hashtext(v.id::text)) as luck) n
cross join lateral (select min(u.user_name) as lead from user_account u
                    where u.team_id = v.team_id and u.role = 'team_lead') l
left join outcome_reason r on r.outcome = v.state and r.name = v.state_reason
left join lateral (select min(b.allocated_by) as allocated_by, min(lower(b.period)) as starts from allocation b
                   where b.visit_id = v.id) a on true
left join lateral (
  select least(s.began, :now - interval '2 minutes') as began,
         least(s.began + make_interval(mins => greatest(5, v.minutes + luck / 21 % 13 - 7)), :now) as ended
  from (select a.starts + make_interval(mins => luck % 21 - 6) as began) s) t
  on v.state in ('done', 'no_access') and a.starts is not null
where v.state not in ('planned', 'moved') and coalesce(a.allocated_by, l.lead) is not null
"""

_CASES = """
select open_no_access_case(o.visit_id, o.began, o.entered_by) from visit_outcome o
where o.outcome = 'no_access' and o.began is not null
"""
_STEPS_DONE = """
update no_access_step s set owner = c.owner, owner_since = s.due, done_by = c.owner,
       done_at = least(s.due + interval '3 minutes', :now),
       words = case s.code when 'knock_and_ring' then 'Knocked front and back, rang twice, nobody answered.'
                           when 'ring_next_of_kin' then 'Rang: no answer, a message was left.'
                           when 'second_visit' then 'Somebody goes back within the hour.'
                           when 'ask_around' then 'Neighbour has not seen them today. Not at the Royal Infirmary.'
                           else 'Asked for; they ring back.' end
from no_access_case c
where c.id = s.case_id and (s.due <= :now - interval '6 minutes' or c.since < :now - interval '1 day')
"""
# All but the newest of each team have ended: with who went, or by somebody on the telephone.
_ENDED = """
update no_access_case c set ending = e.code, ending_words = e.words, ended_by = c.owner,
       ended_at = least(c.since + interval '50 minutes', :now)
from (values (0, 'found_safe', 'Was in the garden and had not heard the bell.'),
             (1, 'with_family', 'At a daughter''s since the day before.'),
             (2, 'in_hospital', 'Was taken in overnight; the ward rang back.'),
             (3, 'away_or_out', 'At the day centre, and well.')) e(n, code, words)
where e.n = abs(hashtext(c.visit_id::text)) % 4
  and c.id not in (select distinct on (v.team_id) k.id from no_access_case k join visit v on v.id = k.visit_id
                   order by v.team_id, k.since desc, k.id)
"""
_EVENTS = """
update no_access_case set opened_at = since + interval '1 minute', opened_by = coalesce(owner, opened_by);
update no_access_event e set at = c.opened_at, by_user = c.opened_by from no_access_case c where c.id = e.case_id;
insert into no_access_event (case_id, at, by_user, what, step, words)
select s.case_id, s.done_at, s.done_by, 'done', s.code, s.words from no_access_step s where s.done_at is not null;
insert into no_access_event (case_id, at, by_user, what, words)
select c.id, c.ended_at, c.ended_by, 'ended', c.ending from no_access_case c where c.ending is not null;
"""


def finish(connection: Connection, now: datetime) -> None:
    """After the boards, with triggers off. A few statements, whatever the size of the city."""
    day = "(cast(:now as timestamptz) at time zone 'Europe/London')::date"
    today = connection.execute(text(f"select {day}"), {"now": now}).scalar_one()
    yesterday = connection.execute(text("select cast(:t as date) - 1"), {"t": today}).scalar_one()
    for statement in (_TO_ENTER, _DECLINES, _MISSED, _NOT_FOUND, _REASONS, _OUTCOMES, _CASES, _STEPS_DONE, _ENDED):
        wanted = {"now": now, "today": today, "yesterday": yesterday}
        connection.execute(text(statement), {n: v for n, v in wanted.items() if f":{n}" in statement})
    connection.exec_driver_sql(_EVENTS)
