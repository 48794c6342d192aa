"""Sharing and emergency access in words (R2, R3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from coordination.people.sharing import Agreement, TeamName
from coordination.values import TeamId
from ui import wording

KINDS = {
    "life_at_risk": "Life or limb at risk now",
    "serious_harm": "To prevent serious harm",
    "safeguarding": "To protect an adult or a child",
    "urgent_discharge": "Cannot leave hospital safely without it",
    "cannot_be_asked": "The person cannot be asked, and it cannot wait",
    "other": "Something else",
}
"""why somebody needs a record that is not shared with them"""
SHUT = {
    "record": "The whole record is not shared with them",
    "detail": "Only a summary is shared with them",
}
LEVELS = {
    "everything": "Everything",
    "summary": "A summary only",
    "named_teams": "Named teams only",
}
LEVELS_SAID = {
    "everything": "Every team that works with the person sees the whole record.",
    "summary": "Who they are, alerts, contacts, referrals, visits and stays. Assessments, the plan and the people "
    "around them are seen only by teams that are named.",
    "named_teams": "Only the teams that are named see that there is a record.",
}
HOWS = {
    "in_person": "In person",
    "phone": "By phone",
    "representative": "By somebody who may decide for them",
    "best_interests": "They are not able to agree: in their best interests",
    "taken_back": "Taken back",
}
AUTHORITIES = {
    "lasting_power": "Lasting power of attorney, health and welfare",
    "deputy": "Deputy of the Court of Protection",
    "parent": "Parental responsibility",
}
SEEN = {"seen": "Yes", "part": "Part", "kept_back": "No", "unknown": "Varies"}
"""whether a team sees a part of the record, in the narrow columns of the preview"""


def level(code: str, teams: tuple[TeamId, ...], names: Mapping[TeamId, TeamName]) -> str:
    """``Named teams only: Ancoats nurses and North reablement``."""
    named = wording.listing([names[team].name for team in teams if team in names])
    if code == "summary" and named:
        return f"{LEVELS[code]}; everything for {named}"
    return f"{LEVELS[code]}: {named}" if named else LEVELS[code]


def agreed(found: Agreement) -> str:
    """``14-Nov-2026, by phone`` and by which authority, or why."""
    said = f"{wording.day(found.agreed_on)}, {HOWS[found.how][:1].lower()}{HOWS[found.how][1:]}"
    if found.how == "representative":
        said += (
            f": {found.representative}, {AUTHORITIES[found.authority][:1].lower()}{AUTHORITIES[found.authority][1:]}"
        )
    return said


def left(span: timedelta) -> str:
    """``43 min left``, ``less than a minute left``."""
    minutes = int(span.total_seconds() // 60)
    return f"{minutes} min left" if minutes else "less than a minute left"


PARTS = (
    ("Now", (("person", "Who they are, address"), ("person_alert", "Alerts"))),
    ("Contacts and referrals", (("contact", "Contacts"), ("referral", "Referrals"), ("message", "Messages"))),
    ("Safeguarding", (("safeguarding_concern", "Concerns"),)),
    ("Assessments and plan", (("assessment", "Assessments"), ("care_plan", "Care plan"))),
    ("Visits and stays", (
        ("visit", "Visits"), ("stay", "Apartment"), ("reablement_episode", "Reablement"), ("transfer", "Hospital"),
        ("equipment_order", "Equipment"),
    )),
    ("People around", (("person_around", "Carers, relatives"),)),
    ("About the record", (
        ("sharing_agreement", "How they share"), ("person_former", "Earlier details"),
        ("equality_answer", "Equality answers"),
    )),
)  # fmt: skip
"""tabs, and what stands in each, by the table that holds it; others have no place on the record"""
