"""Whom the training city's workers know, whom they are not to visit, and how long some of them may be with people.

Said of what the boards have made, so that nobody has a visit that they could not be given.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_LEAD = """(select u.user_name from user_account u where u.team_id = w.team_id and u.role = 'team_lead'
            order by u.user_name limit 1)"""

# Whoever has been to somebody most often; a third of those, spread by the ids.
_KNOWS = f"""
    insert into worker_person (worker_id, person_id, relation, recorded_by, recorded_at)
    select w.id, f.person_id, 'knows', coalesce({_LEAD}, 'centre_owner'), cast(:now as timestamptz) - interval '20 days'
    from (select a.worker_id, v.person_id, count(*) as times,
                 row_number() over (partition by a.worker_id order by count(*) desc, v.person_id) as place
          from allocation a join visit v on v.id = a.visit_id group by a.worker_id, v.person_id) f
    join worker w on w.id = f.worker_id
    where f.place <= 2 and f.times >= 3 and (w.id + f.place) % 3 = 0"""  # noqa: S608

# Somebody of the team who has never been there: one for about every fifth worker.
_NOT_TO = f"""
    insert into worker_person (worker_id, person_id, relation, reason, recorded_by, recorded_at)
    select w.id, p.person_id, 'not_to', (cast(:reasons as text[]))[1 + w.id % 4], coalesce({_LEAD}, 'centre_owner'),
           cast(:now as timestamptz) - interval '60 days'
    from worker w
    cross join lateral (
      select v.person_id from visit v
      where v.team_id = w.team_id and not exists (
        select 1 from allocation a join visit o on o.id = a.visit_id
        where a.worker_id = w.id and o.person_id = v.person_id)
      group by v.person_id order by md5(v.person_id::text || w.id) limit 1) p
    where w.id % 5 = 2"""  # noqa: S608

# A limit that what they have been given keeps, on whole half hours.
_LIMIT = """
    update worker w set most_minutes = greatest(300, (ceil(d.most / 30.0) * 30)::int)
    from (select worker_id, max(minutes) as most from (
            select a.worker_id, v.day, sum(v.minutes) as minutes
            from allocation a join visit v on v.id = a.visit_id group by a.worker_id, v.day) t
          group by worker_id) d
    where d.worker_id = w.id and w.id % 6 = 1"""

_REASONS = [
    "Asked for by the person after a disagreement in the summer",
    "A relative: declared by the worker",
    "A complaint is being looked into; back when it is closed",
    "The worker is allergic to the cats there",
]


def finish(connection: Connection, now: object) -> dict[str, int]:
    """Rows made, by table. A few agency workers have no base yet: somebody has to ask them."""
    made = connection.execute(text(_KNOWS), {"now": now}).rowcount
    made += connection.execute(text(_NOT_TO), {"now": now, "reasons": _REASONS}).rowcount
    connection.execute(text(_LIMIT))
    without = "update worker set lat = null, lon = null where agency <> '' and id % 4 = 0"
    connection.execute(text(without))
    return {"worker_person": made}
