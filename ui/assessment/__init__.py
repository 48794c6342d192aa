"""The assessment on screen. What others need to go there:

desk.go.to("assessment", assessment_id)
desk.go.to("assessment", NewAssessment(person_id, "strengths-conversation", referral_id))
"""

from __future__ import annotations

from dataclasses import dataclass

from coordination.values import PersonId, ReferralId

CONVERSATION = "strengths-conversation"


@dataclass(frozen=True, slots=True)
class NewAssessment:
    """Begin one, or go on with the person's open draft of that form."""

    person: PersonId
    form: str = CONVERSATION
    referral: ReferralId | None = None
