"""Agreements, assessors and competencies of the training city (A3). Run by the owner; what is there already stays.

Two agreements, one of them due for review; a competency that runs out soon, and one that has run out.
"""

from __future__ import annotations

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
    " :needs, :competencies, :if_flawed, :manager, current_date + :starts, current_date + :review, :manager"
    " where not exists (select 1 from trust_agreement where name = :name)"
)
_RECOGNISE = text(
    "insert into recognised_assessor (user_name, agreement_id, organisation, valid, recorded_by)"
    " select :user, g.id, g.assessing, daterange((date_trunc('month', current_date) - interval '1 year')::date,"
    " (date_trunc('month', current_date) + interval '1 year')::date), :manager from trust_agreement g"
    " where g.name = :agreement and not exists (select 1 from recognised_assessor r where r.user_name = :user"
    " and r.agreement_id = g.id)"
)
_HOLDS = text(
    "insert into assessor_competency (id, user_name, competency, gained_on, expires_on, evidence, recorded_by)"
    " select uuidv7(), :user, :competency, current_date + :last - :held, current_date + :last, :evidence, :manager"
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


def finish(connection: Connection) -> None:
    """What the signature would have written, of assessments that were loaded."""
    connection.execute(
        text(
            "update assessment a set signed_team = u.team_id, recognition_id = r.id, agreement_id = r.agreement_id"
            " from user_account u, recognised_assessor r where a.state = 'signed' and u.user_name = a.signed_by"
            " and r.id = (select m.id from recognised_assessor m where m.user_name = a.signed_by"
            " and m.forms && array['*', a.form_id] order by m.id limit 1)"
        )
    )
