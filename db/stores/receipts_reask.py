"""How often people are asked again (A4), by sending and receiving team. Each function is one query.

A unit is one signed assessment at one other team: because it was sent there, or because that team assessed again. It is
asked again when more was asked for (and not taken back), when a challenge was upheld, or when the team signed the same
form for the same person, or asked one of the same questions afresh, within the days of the setting ``reask_days``. An
answer that was carried in and changed is no asking afresh; a correction is no repeat.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from coordination.assessment.receipts import ReaskCase, ReaskRow
from coordination.values import TeamId

_DAYS = "select coalesce((select (value #>> '{}')::int from setting where name = 'reask_days'), 28)"

_UNITS = f"""
with days as materialized (select make_interval(days => ({_DAYS})) as span),
sent as (
  select r.assessment_id, r.team_id, r.from_team, r.state, r.superseded_by is not null as over,
    exists (select 1 from receipt_point p where p.receipt_id = r.id and p.kind = 'more'
            and p.outcome is distinct from 'taken_back') as asked,
    exists (select 1 from receipt_point p where p.receipt_id = r.id and p.outcome = 'upheld') as upheld
  from assessment_receipt r where r.sent_at >= :since),
again as (
  select distinct on (a.id, b.signed_team) a.id as assessment_id, b.signed_team as team_id, a.signed_team as from_team,
    b.id as repeat, b.form_id as repeat_form, b.form_version as repeat_version, b.signed_at as repeat_at
  from assessment b cross join days d
  join assessment a on a.person_id = b.person_id and a.id <> b.id and a.state = 'signed'
    and a.signed_at < b.signed_at and a.signed_at >= b.signed_at - d.span and a.signed_team is not null
    and a.signed_team <> b.signed_team
  where b.state = 'signed' and b.corrects is null and b.signed_team is not null and b.signed_at >= :since
    and not exists (select 1 from assessment c where c.corrects = a.id and c.state = 'signed'
                    and c.signed_at < b.signed_at)
    and (a.form_id = b.form_id or exists (
      select 1 from answer mine join answer theirs on theirs.assessment_id = a.id and theirs.question = mine.question
      where mine.assessment_id = b.id and mine.source = 'asked' and mine.from_assessment is null
        and mine.value <> 'null' and theirs.value <> 'null'))
  order by a.id, b.signed_team, (a.form_id = b.form_id) desc, b.signed_at),
units as (
  select coalesce(s.assessment_id, g.assessment_id) as assessment_id, coalesce(s.team_id, g.team_id) as team_id,
    coalesce(s.from_team, g.from_team) as from_team, s.assessment_id is not null as was_sent, s.state, s.over,
    coalesce(s.asked, false) as asked, coalesce(s.upheld, false) as upheld, g.repeat, g.repeat_form, g.repeat_version,
    g.repeat_at, (coalesce(s.asked, false) or coalesce(s.upheld, false) or g.repeat is not null) as reasked
  from sent s full join again g on g.assessment_id = s.assessment_id and g.team_id = s.team_id)
"""  # noqa: S608

_ROWS = text(f"""{_UNITS}
select u.from_team, coalesce(f.name, '') as from_name, u.team_id, t.name as to_name,
  count(*) filter (where u.was_sent) as sent,
  count(*) filter (where u.state = 'waiting' and not u.over) as waiting,
  count(*) filter (where u.state = 'accepted') as accepted,
  count(*) filter (where u.asked) as asked, count(*) filter (where u.upheld) as upheld,
  count(*) filter (where u.repeat is not null) as repeated,
  count(*) filter (where u.reasked) as reasked,
  count(*) filter (where u.reasked or coalesce(u.state <> 'waiting' or u.over, true)) as decided
from units u join team t on t.id = u.team_id left join team f on f.id = u.from_team
group by 1, 2, 3, 4 order by 2, 4
""")  # noqa: S608

_CASES = text(f"""{_UNITS}
select u.*, a.person_id, p.title, p.surname, p.given, o.title as form_title, a.signed_at,
  coalesce(s.display_name, a.signed_by) as signed_by_name, coalesce(o2.title, '') as repeat_title
from units u join assessment a on a.id = u.assessment_id join person p on p.id = a.person_id
join form o on o.id = a.form_id and o.version = a.form_version
left join form o2 on o2.id = u.repeat_form and o2.version = u.repeat_version
left join user_account s on s.user_name = a.signed_by
where u.team_id = :to_team and u.from_team is not distinct from :from_team
order by u.reasked desc, a.signed_at desc, a.id limit 500
""")  # noqa: S608


def days(connection: Connection) -> int:
    found: int = connection.execute(text(_DAYS)).scalar_one()
    return found


def rows(connection: Connection, since: datetime) -> list[ReaskRow]:
    return [
        ReaskRow(
            r.from_team, r.from_name, r.team_id, r.to_name, r.sent, r.waiting, r.accepted, r.asked, r.upheld,
            r.repeated, r.reasked, r.decided,
        )
        for r in connection.execute(_ROWS, {"since": since})
    ]  # fmt: skip


def cases(connection: Connection, from_team: TeamId | None, to_team: TeamId, since: datetime) -> list[ReaskCase]:
    given = {"since": since, "from_team": from_team, "to_team": to_team}
    return [_case(row) for row in connection.execute(_CASES, given)]


def _case(r: Row[Any]) -> ReaskCase:
    return ReaskCase(
        r.assessment_id, r.person_id, r.title or "", r.surname or "", r.given or "", r.form_title, r.signed_by_name,
        r.signed_at.astimezone(UTC), r.state, r.asked, r.upheld, r.repeat, r.repeat_title,
        None if r.repeat_at is None else r.repeat_at.astimezone(UTC), r.reasked,
    )  # fmt: skip
