"""Everything that happened around a person, newest first (R1): one statement a page.

Row security keeps back what the person does not share with this desk; the safeguarding tables have narrower policies.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT

from coordination.people.record import TimelineCursor, TimelineItem, TimelinePage
from coordination.values import PersonId

# Of each thing that happened: when, its kind, what became of it, a code that says more, the words, who, the id of the
# thing, and an id for this happening, so that two at one moment keep their order from page to page.
_PAGE = text("""
with me as (select kept_person(:person)),
items as materialized (
  select c.received_at as at, 'contact' as what, coalesce(c.ending, 'open') as state, c.channel as about,
         concat_ws(E'\\n', nullif(c.need, ''),
                   case when c.ending in ('no_action', 'linked') then nullif(c.ending_reason, '') end) as words,
         c.recorded_by as who, c.id as key, c.id as part
  from contact c where c.person_id = (table me)
  union all
  select c.received_at, 'made', coalesce(c.ending, 'open'), c.channel, c.need, c.recorded_by, c.id, c.id
  from contact_caller k join contact c on c.id = k.contact_id
  where k.caller_person_id = (table me) and c.person_id is distinct from k.caller_person_id
  union all
  select c.ended_at, 'advice', 'given', '', c.ending_reason, c.recorded_by, c.id, c.id
  from contact c where c.person_id = (table me) and c.ending = 'advice'
  union all
  select a.given_at, 'advice', 'given', '', concat_ws(': ', a.title, nullif(a.words, '')), a.given_by, c.id,
         md5(a.contact_id::text || a.code)::uuid
  from contact_advice a join contact c on c.id = a.contact_id where c.person_id = (table me)
    -- the words of an ending with advice mostly hold those of the topics: they are told once
    and not (c.ending = 'advice' and strpos(c.ending_reason, concat_ws(': ', a.title, nullif(a.words, ''))) > 0)
  union all
  select e.at, 'referral', e.to_state, r.urgency, concat_ws(': ', s.name || ', no. ' || r.number, nullif(e.reason, '')),
         e.by_user, r.id, e.id
  from referral r join referral_event e on e.referral_id = r.id join service s on s.code = r.service
  where r.person_id = (table me)
  union all
  select e.at, 'safeguarding', e.to_stage, coalesce(e.decision, ''), concat_ws(': ', 'Concern no. ' || k.number, d.name,
         nullif(e.reason, '')), e.by_user, k.id, e.id
  from safeguarding_concern k join safeguarding_event e on e.concern_id = k.id
    left join safeguarding_decision d on d.code = e.decision
  where k.person_id = (table me)
  union all
  select t.told_at, 'safeguarding', 'told', t.how, 'Concern no. ' || k.number || ': ' || t.name || ', ' || t.role,
         t.recorded_by, k.id, t.id
  from safeguarding_concern k join safeguarding_told t on t.concern_id = k.id where k.person_id = (table me)
  union all
  select a.started_at, 'assessment', 'draft', case when a.corrects is null then '' else 'correction' end, f.title,
         a.started_by, a.id, a.id
  from assessment a join form f on f.id = a.form_id and f.version = a.form_version where a.person_id = (table me)
  union all
  select a.signed_at, 'assessment', 'signed', '', concat_ws(': ', f.title, nullif(a.correction_reason, '')),
         a.signed_by, a.id, a.id
  from assessment a join form f on f.id = a.form_id and f.version = a.form_version
  where a.person_id = (table me) and a.signed_at is not null
  union all
  select p.created_at, 'plan', 'draft', '', '', p.created_by, p.id, p.id
  from care_plan p where p.person_id = (table me)
  union all
  select p.activated_at, 'plan', 'active', p.state, '', null, p.id, p.id
  from care_plan p where p.person_id = (table me) and p.activated_at is not null
  union all
  select lower(v.arrive), 'visit', v.state, '',
         concat_ws(': ', t.name, v.need || coalesce('. ' || nullif(v.state_reason, ''), '')),
         (select string_agg(w.name, ', ' order by a.slot) from allocation a join worker w on w.id = a.worker_id
          where a.visit_id = v.id), v.id, v.id
  from visit v join team t on t.id = v.team_id
  where v.person_id = (table me) and not v.dropped and lower(v.arrive) <= now()
  union all
  select s.booked_at, 'stay', case s.state when 'cancelled' then 'cancelled' else 'booked' end, s.purpose,
         concat_ws(', ', c.name, a.name) || coalesce(': ' || nullif(s.reason, ''), ''), s.booked_by, s.id, s.id
  from stay s join apartment a on a.id = s.apartment_id join scheme c on c.id = a.scheme_id
  where s.person_id = (table me)
  union all
  select lower(s.period)::timestamp at time zone 'Europe/London', 'stay', 'in_stay', '',
         concat_ws(', ', c.name, a.name), null, s.id, s.id
  from stay s join apartment a on a.id = s.apartment_id join scheme c on c.id = a.scheme_id
  where s.person_id = (table me) and s.state in ('in_stay', 'ended')
    and lower(s.period) <= (now() at time zone 'Europe/London')::date
  union all
  select upper(s.period)::timestamp at time zone 'Europe/London', 'stay', 'ended', '',
         concat_ws(', ', c.name, a.name) || coalesce(': ' || nullif(s.move_on, ''), ''), null, s.id, s.id
  from stay s join apartment a on a.id = s.apartment_id join scheme c on c.id = a.scheme_id
  where s.person_id = (table me) and s.state = 'ended'
  union all
  select a.since::timestamp at time zone 'Europe/London', 'alert', 'added', a.kind, a.words, a.recorded_by, a.id, a.id
  from person_alert a where a.person_id = (table me)
  union all
  select (a.until + 1)::timestamp at time zone 'Europe/London', 'alert', 'ended', a.kind, a.words, null, a.id, a.id
  from person_alert a where a.person_id = (table me) and a.until < (now() at time zone 'Europe/London')::date
  union all
  select m.read_at, 'message', m.outcome, m.kind, coalesce(o.name, ''), m.read_by, m.id, m.id
  from message m left join original o on o.id = m.original_id where m.person_id = (table me)
  union all
  select p.registered_at, 'record', 'registered', '', '', p.registered_by, p.id, p.id
  from person p where p.id = (table me)
  union all
  select s.agreed_on::timestamp at time zone 'Europe/London', 'record', 'shared', '', t.name, s.recorded_by,
         s.person_id, md5(s.person_id::text || s.team_id)::uuid
  from person_sharing s join team t on t.id = s.team_id where s.person_id = (table me)
    and not exists (select 1 from sharing_agreement g where g.person_id = s.person_id and s.team_id = any (g.teams))
  union all
  select g.recorded_at, 'record', 'sharing', g.level,
         coalesce((select string_agg(t.name, ', ' order by t.name) from team t where t.id = any (g.teams)), ''),
         g.recorded_by, g.id, g.id
  from sharing_agreement g where g.person_id = (table me)
  union all
  select e.began_at, 'record', 'emergency', e.kind, '', e.by_user, e.id, e.id
  from emergency_on_record e where e.person_id = (table me)
  union all
  select m.at, 'record', 'merged', case when m.merged_id = (table me) then 'away' else '' end,
         concat_ws(', ', m.before -> 'merged' ->> 'surname', nullif(m.before -> 'merged' ->> 'given', ''))
           || ': ' || m.reason,
         m.by_user, m.id, m.id
  from person_merge m where m.kept_id = any (records_of((table me))) or m.merged_id = (table me)
  union all
  select m.undone_at, 'record', 'parted', case when m.merged_id = (table me) then 'away' else '' end,
         concat_ws(', ', m.before -> 'merged' ->> 'surname', nullif(m.before -> 'merged' ->> 'given', ''))
           || ': ' || m.undone_reason,
         m.undone_by, m.id, m.id
  from person_merge m
  where m.undone_at is not null
    and (m.kept_id = any (records_of((table me))) or m.merged_id = (table me))
)
select i.*, coalesce(u.display_name, i.who, '') as who_name,
       (select jsonb_object_agg(n.what, n.many)
        from (select what, count(*) as many from items group by what) n) as counts
from (values (1)) one left join lateral (
    select * from items
    where (cast(:kinds as text[]) = '{}' or what = any (cast(:kinds as text[])))
      and (cast(:at as timestamptz) is null
           or (at, state, part) < (cast(:at as timestamptz), :state, cast(:part as uuid)))
    order by at desc, state desc, part desc limit :limit) i on true
  left join user_account u on u.user_name = i.who
order by i.at desc, i.state desc, i.part desc
""").bindparams(bindparam("kinds", type_=ARRAY(TEXT)))


def page(
    connection: Connection, person_id: PersonId, kinds: Collection[str], after: TimelineCursor | None, limit: int
) -> TimelinePage:
    """One statement."""
    values: dict[str, Any] = {"person": person_id, "kinds": sorted(kinds), "limit": limit + 1}
    values |= (
        {"at": after.at, "state": after.state, "part": after.part} if after else dict.fromkeys(("at", "state", "part"))
    )
    rows = connection.execute(_PAGE, values).all()
    items = tuple(
        TimelineItem(r.at, r.what, r.state, r.about, r.words, r.who_name, r.key, r.part)
        for r in rows
        if r.at is not None
    )
    shown, last = items[:limit], items[limit - 1] if len(items) > limit else None
    more = TimelineCursor(last.at, last.state, last.part) if last else None
    return TimelinePage(shown, rows[0].counts or {}, more)
