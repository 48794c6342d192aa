"""Every use case of the centre, one service an area. Built once a sign-in, by the composition root."""

from __future__ import annotations

from dataclasses import dataclass

from coordination.apartments.service import Apartments
from coordination.assessment.service import Assessments
from coordination.careplan.service import CarePlans
from coordination.deployment.service import Deployment
from coordination.duty.service import Duty
from coordination.governance.service import Governance
from coordination.intake.service import Intake
from coordination.messages.inbox_service import Inbox
from coordination.messages.service import Messages
from coordination.people.callers.service import Callers
from coordination.people.service import People
from coordination.presence.service import Presences
from coordination.safeguarding.service import Safeguarding
from coordination.work import Begin


@dataclass(frozen=True, slots=True)
class Services:
    people: People
    callers: Callers
    intake: Intake
    assessment: Assessments
    careplan: CarePlans
    deployment: Deployment
    apartments: Apartments
    messages: Messages
    inbox: Inbox
    governance: Governance
    presence: Presences
    safeguarding: Safeguarding
    duty: Duty

    @classmethod
    def over(cls, begin: Begin) -> Services:
        """All services over one way of beginning a transaction."""
        return cls(
            People(begin),
            Callers(begin),
            Intake(begin),
            Assessments(begin),
            CarePlans(begin),
            Deployment(begin),
            Apartments(begin),
            Messages(begin),
            Inbox(begin),
            Governance(begin),
            Presences(begin),
            Safeguarding(begin),
            Duty(begin),
        )
