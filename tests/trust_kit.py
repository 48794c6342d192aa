"""Agreements, assessors and receipts for the tests of trust (A3) and of relying on it (A4)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from coordination.assessment.model import AssessmentSheet
from coordination.assessment.receipts import Receipt
from coordination.assessment.trust import (
    Agreement,
    AgreementDraft,
    AgreementId,
    Assessor,
    RecognitionDraft,
    RecognitionId,
)
from coordination.clock import SystemClock, local_date
from coordination.values import PersonId, TeamId, UserName, new_id
from tests.care_kit import signed_conversation
from tests.database import CentreDb, SignedIn

TODAY = local_date(SystemClock().now())
CONVERSATION = "strengths-conversation"


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def agreement_draft(**changes: Any) -> AgreementDraft:
    facts: dict[str, Any] = {
        "name": "Ward to reablement",
        "assessing": "The ward",
        "receiving": "Reablement",
        "services": ("reablement",),
        "forms": (CONVERSATION,),
        "starts_on": days(-10),
        "review_on": days(200),
        "competencies": ("trusted_assessment",),
        "if_flawed": "It is corrected within two days.",
        "contact": UserName("max.manager"),
    }
    return AgreementDraft(**(facts | changes))


def agree(max_: SignedIn, **changes: Any) -> Agreement:
    return max_.services.trust.agree(AgreementId(new_id()), agreement_draft(**changes))


def recognise(max_: SignedIn, agreement: Agreement, user: str, first: int = -10, last: int = 100) -> Assessor:
    draft = RecognitionDraft(
        agreement.id, UserName(user), agreement.assessing, agreement.forms, days(first), days(last)
    )
    return max_.services.trust.recognise(RecognitionId(new_id()), draft)


def team_of(db: CentreDb, name: str) -> TeamId:
    with db.owner.connect() as connection:
        return TeamId(connection.execute(text("select id from team where name = :n"), {"n": name}).scalar_one())


def signed_and_received(asa: SignedIn, person: PersonId) -> tuple[AssessmentSheet, Receipt]:
    """A conversation that asa signs, and its only receipt: the person has an open referral for reablement."""
    sheet = signed_conversation(asa.services, person)
    (receipt,) = asa.services.reliance.of_assessment(sheet.assessment.id)
    return sheet, receipt
