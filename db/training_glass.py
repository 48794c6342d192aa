"""The training city's agreements on sharing, and some emergency access with its review (R2, R3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

# One agreement for everybody who does not share everything, on the day from which their teams were named.
_AGREED = """
with theirs as (
  select p.id, p.sharing_level, p.registered_at, p.registered_by,
         ('x' || left(md5(p.id::text), 6))::bit(24)::int as chance,
         array(select s.team_id from person_sharing s where s.person_id = p.id order by 1) as teams,
         coalesce((select min(s.agreed_on) from person_sharing s where s.person_id = p.id),
                  (p.registered_at at time zone 'Europe/London')::date) as agreed_on
  from person p where p.sharing_level <> 'everything' and p.merged_into is null)
insert into sharing_agreement (id, person_id, level, teams, agreed_on, how, authority, representative, reason,
                               recorded_at, recorded_by)
select md5('sharing ' || t.id)::uuid, t.id, t.sharing_level, t.teams, t.agreed_on, h.how,
       case h.how when 'representative' then (array['lasting_power', 'deputy'])[1 + t.chance % 2] else '' end,
       case h.how when 'representative' then coalesce(
         (select a.name from person_around a where a.person_id = t.id order by a.id limit 1), 'A daughter') else '' end,
       case h.how when 'best_interests' then 'Did not follow the question on two days; the family and the GP agree.'
         else '' end,
       greatest(t.registered_at, t.agreed_on::timestamp at time zone 'Europe/London' + interval '11 hours'),
       t.registered_by
from theirs t cross join lateral (select case when t.chance % 20 < 11 then 'in_person'
  when t.chance % 20 < 16 then 'phone' when t.chance % 20 < 19 then 'representative' else 'best_interests' end as how) h
"""
# (who, hours ago, minutes of it, reason, words, outcome, note, told, why not)
_ACCESSES = """
with said (place, by_user, ago, lasted, kind, words, outcome, note, told, told_why) as (values
  (1, 'nadia.coordinator', 3, 60, 'life_at_risk',
   'Ambulance crew at the door, person not responding. They need allergies and who to ring.', '', '', '', ''),
  (2, 'piotr.assessor', 27, 18, 'urgent_discharge',
   'Ward wants to send them home this afternoon; nobody can say whether the package still stands.', '', '', '', ''),
  (3, 'leanne.reablement', 118, 60, 'other',
   'Wanted to see whether she was the lady from the other scheme.', '', '', '', ''),
  (4, 'bethan.coordinator', 190, 41, 'safeguarding',
   'Neighbour reports shouting and a fall; the police ask who else lives there.', 'appropriate', '', 'told', ''),
  (5, 'kwame.placement', 402, 60, 'cannot_be_asked',
   'Found confused in the street, could give a name and date of birth only.', 'needs_action',
   'Right to open. The team should have been rung within the hour; raised with the lead.', 'not_told',
   'Would distress them now; their deputy has been told.')),
whose as (
  select p.id, p.sharing_level, row_number() over (order by md5(p.id::text)) as place
  from person p where p.sharing_level <> 'everything' and p.merged_into is null and p.deceased_on is null limit 5),
made as (
  insert into emergency_access (id, person_id, by_user, by_role, by_team, shut, kind, words, began_at, ends_at,
                                ended_at, ended_by)
  select md5('emergency ' || s.place || w.id)::uuid, w.id, s.by_user, u.role, u.team_id,
         case w.sharing_level when 'named_teams' then 'record' else 'detail' end, s.kind, s.words, b.began,
         b.began + interval '1 hour', case when s.lasted < 60 then b.began + s.lasted * interval '1 minute' end,
         case when s.lasted < 60 then s.by_user end
  from said s join whose w on w.place = s.place join user_account u on u.user_name = s.by_user
    cross join lateral (select cast(:now as timestamptz) - s.ago * interval '1 hour' as began) b
  returning id, person_id, by_user, by_role, began_at),
looked as (
  insert into audit.entry (at, actor, role, action, area, record, person_id, columns)
  select m.began_at + n.nth * interval '3 minutes', m.by_user, m.by_role, 'view', 'person', m.person_id::text,
         m.person_id, array['emergency_access:' || m.id]
  from made m cross join generate_series(0, 2) n(nth)
  returning 1)
insert into emergency_review (id, access_id, broke_by, number, outcome, note, told, told_why, reviewed_at, reviewed_by)
select md5('review ' || m.id)::uuid, m.id, m.by_user, 1, s.outcome, s.note, s.told, s.told_why,
       m.began_at + interval '26 hours', 'imran.governance'
from made m join said s on s.by_user = m.by_user where s.outcome <> ''
"""


def finish(connection: Connection, now: datetime) -> int:
    """After the people are there; gives how many agreements there are."""
    agreed = connection.execute(text(_AGREED)).rowcount
    connection.execute(text(_ACCESSES), {"now": now})
    return agreed
