"""Agreements, assessors and competencies of the training city (A3). Run by the owner; what is there already stays.

Two agreements, one of them due for review; a competency that runs out soon, and one that has run out.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from coordination.training.users import users_of

SOCIAL_WORK = "Social work for community teams"
HOME_FIRST = "Home first: starting reablement"

_AGREEMENTS: tuple[dict[str, Any], ...] = (
    {
        "name": SOCIAL_WORK,
        "assessing": "Manchester City Council, adult social work",
        "receiving": "Reablement and district nursing teams of the three localities",
        "services": ["*"],
        "forms": ["*"],
        "needs": "Whatever a strengths-based conversation brings up, for adults of the city.",
        "competencies": ["trusted_assessment", "mental_capacity", "safeguarding_adults"],
        "if_flawed": "The receiving team says what is wrong, and why. The assessor looks at it within two working"
        " days: right, and a correction is signed; not right, and the two speak with the contact. Harm that was"
        " possible is reported as an incident by both.",
        "starts": -420,
        "review": 230,
    },
    {
        "name": HOME_FIRST,
        "assessing": "Manchester district nursing",
        "receiving": "Reablement teams",
        "services": ["reablement", "complex_reablement"],
        "forms": ["reablement-start"],
        "needs": "What somebody can do for themselves on coming home, and what they want to do again.",
        "competencies": ["trusted_assessment", "moving_and_handling"],
        "if_flawed": "Reablement tells the assessor on the day, who corrects it.",
        "starts": -345,
        "review": 20,
    },
)

_AGREE = text(
    "insert into trust_agreement (id, name, assessing, receiving, services, forms, needs, competencies, if_flawed,"
    " contact, starts_on, review_on, recorded_by) select uuidv7(), :name, :assessing, :receiving, :services, :forms,"
    " :needs, :competencies, :if_flawed, :manager, day + :starts, day + :review, :manager"
    " from (select (now() at time zone 'Europe/London')::date as day) d"
    " where not exists (select 1 from trust_agreement where name = :name)"
)
_RECOGNISE = text(
    "insert into recognised_assessor (user_name, agreement_id, organisation, valid, recorded_by)"
    " select :user, g.id, g.assessing, daterange((month - interval '1 year')::date,"
    " (month + interval '1 year')::date), :manager from trust_agreement g"
    " cross join (select date_trunc('month', now() at time zone 'Europe/London') as month) d"
    " where g.name = :agreement and not exists (select 1 from recognised_assessor r where r.user_name = :user"
    " and r.agreement_id = g.id)"
)
_HOLDS = text(
    "insert into assessor_competency (id, user_name, competency, gained_on, expires_on, evidence, recorded_by)"
    " select uuidv7(), :user, :competency, day + :last - :held, day + :last, :evidence, :manager"
    " from (select (now() at time zone 'Europe/London')::date as day) d"
    " where not exists (select 1 from assessor_competency where user_name = :user and competency = :competency)"
)


def agree(connection: Connection) -> None:
    """The caller commits."""
    manager = users_of("manager")[0].user_name
    for agreement in _AGREEMENTS:
        connection.execute(_AGREE, {**agreement, "manager": manager})
    for place, user in enumerate(users_of("trusted_assessor")):
        _recognise(connection, SOCIAL_WORK, user.user_name, manager)
        for competency, last in (("trusted_assessment", 300), ("mental_capacity", 190), ("safeguarding_adults", 500)):
            # Of the one in the middle, the Mental Capacity Act is due for renewal.
            days = 23 if place == 1 and competency == "mental_capacity" else last - 31 * place
            _hold(connection, user.user_name, competency, days, manager)
    for place, user in enumerate(u for u in users_of("team_lead") if "nursing" in u.user_name):
        if place < 2:
            _recognise(connection, HOME_FIRST, user.user_name, manager)
            _hold(connection, user.user_name, "trusted_assessment", 410 - 60 * place, manager)
            # The first has let moving and handling run out, and cannot sign until it is renewed.
            _hold(connection, user.user_name, "moving_and_handling", 120 if place else -9, manager)


def _recognise(connection: Connection, agreement: str, user: str, manager: str) -> None:
    connection.execute(_RECOGNISE, {"user": user, "agreement": agreement, "manager": manager})


def _hold(connection: Connection, user: str, competency: str, last: int, manager: str) -> None:
    held = {"trusted_assessment": 730, "mental_capacity": 730, "moving_and_handling": 365}.get(competency, 1095)
    evidence = f"Certificate of {competency.replace('_', ' ')} seen"
    connection.execute(
        _HOLDS,
        {"user": user, "competency": competency, "last": last, "held": held, "evidence": evidence, "manager": manager},
    )


def finish(connection: Connection, now: datetime) -> None:
    """What a signature would have written, of assessments that were loaded: under what they were signed, and
    receipts at the teams whose actions are on the person's plan, in every state."""
    connection.execute(
        text(
            "update assessment a set signed_team = u.team_id, recognition_id = r.id, agreement_id = r.agreement_id"
            " from user_account u, recognised_assessor r where a.state = 'signed' and u.user_name = a.signed_by"
            " and r.id = (select m.id from recognised_assessor m where m.user_name = a.signed_by"
            " and m.forms && array['*', a.form_id] order by m.id limit 1)"
        )
    )
    connection.execute(_RECEIPTS, {"now": now})
    given = {"now": now, "more": _MORE, "why": _WHY, "reply": _REPLY, "flaw": _FLAW, "said": _SAID}
    connection.execute(_POINTS, given)


# How it went follows from the id of the assessment: the same city, the same receipts.
_RECEIPTS = text("""
insert into assessment_receipt (id, assessment_id, team_id, how, from_team, state, state_since, state_by, sent_at,
  sent_by)
select md5('receipt ' || a.id || t.team_id)::uuid, a.id, t.team_id, 'referral', a.signed_team, s.state,
  case when s.state = 'waiting' then a.signed_at
       else least(:now, a.signed_at + make_interval(mins => 35 + (l.luck / 100 % 2400)::int)) end,
  case when s.state <> 'waiting' then u.user_name end, a.signed_at, a.signed_by
from assessment a
join lateral (select min(p.team_id) as team_id from care_plan c join plan_action p on p.plan_id = c.id
              where c.person_id = a.person_id) t on t.team_id is distinct from a.signed_team
cross join lateral (select abs(hashtextextended(a.id::text, t.team_id)) as luck) l
cross join lateral (select case
  when a.signed_at > :now - interval '4 days' and l.luck % 100 < 30 then 'waiting'
  when l.luck % 400 < 1 then 'waiting' when a.signed_at > :now - interval '6 days' and l.luck % 100 < 34 then 'asked'
  when a.signed_at > :now - interval '6 days' and l.luck % 100 < 36 then 'challenged'
  when l.luck % 150 < 1 then 'upheld' else 'accepted' end as state) s
left join lateral (select user_name from user_account where role = 'team_lead' and team_id = t.team_id
                   order by user_name limit 1) u on true
where a.state = 'signed' and a.form_id in ('strengths-conversation', 'reablement-start') and t.team_id is not null
  and team_may_read(t.team_id, a.person_id)
""")
_POINTS = text("""
insert into receipt_point (id, receipt_id, kind, words, why, due_on, seen, was_state, raised_at, raised_by, reply,
  reply_at, reply_by, outcome, outcome_words, settled_at, settled_by)
select md5('point ' || r.id)::uuid, r.id, k.kind, w.words[1 + l.luck % cardinality(w.words)],
  case k.kind when 'more' then (cast(:why as text[]))[1 + l.luck % cardinality(cast(:why as text[]))] else '' end,
  case k.kind when 'more' then (r.state_since at time zone 'Europe/London')::date + 2 end, 1, 'waiting',
  case when k.settled then r.sent_at + (r.state_since - r.sent_at) * 0.4 else r.state_since end, u.user_name,
  case when k.settled and k.kind = 'more'
       then (cast(:reply as text[]))[1 + l.luck % cardinality(cast(:reply as text[]))] else '' end,
  case when k.settled and k.kind = 'more' then r.sent_at + (r.state_since - r.sent_at) * 0.8 end,
  case when k.settled and k.kind = 'more' then r.sent_by end,
  case when r.state = 'upheld' then 'upheld' when k.settled then 'answered' end,
  case when r.state = 'upheld' then :said else '' end,
  case when k.settled then r.sent_at + (r.state_since - r.sent_at) * 0.8 end, case when k.settled then r.sent_by end
from assessment_receipt r
cross join lateral (select abs(hashtextextended(r.id::text, 1)) as luck) l
cross join lateral (select case when r.state in ('challenged', 'upheld') then 'challenge' else 'more' end as kind,
                           r.state in ('accepted', 'upheld') as settled) k
cross join lateral (select case k.kind when 'more' then cast(:more as text[]) else cast(:flaw as text[]) end as words) w
join lateral (select user_name from user_account where role = 'team_lead' and team_id = r.team_id
              order by user_name limit 1) u on true
where r.state in ('asked', 'challenged', 'upheld') or (r.state = 'accepted' and l.luck % 12 = 0)
""")
_MORE = [
    "Which floor, and is there a lift that works?",
    "Who lets the carers in when the neighbour is away?",
    "How many steps are there from the street to the door?",
    "Does the walking frame go home from the ward?",
]
_WHY = ["The first visit is tomorrow", "Equipment is ordered by it", "Two workers may be needed"]
_REPLY = [
    "Second floor; the lift has been out of order since Monday.",
    "The daughter, after five; her number is on the record.",
    "Three, with a rail at the right. Seen on the visit.",
]
_FLAW = [
    "It says that she washes alone. On the first visit she could not stand at the basin.",
    "The stairs are left out: the bedroom is upstairs, and he came down once in four days.",
]
_SAID = "Right: that was asked before the fall."
