"""The care plan on screen. What others need to go there:

desk.go.to("plan", plan_id)
desk.go.to("plan", PlanFrom(assessment_id))   the person's plan, with what the signed assessment suggests
desk.go.to("plan", PlanFor(person_id))        the person's plan; an empty draft when there is none
"""

from __future__ import annotations

from dataclasses import dataclass

from coordination.values import AssessmentId, PersonId


@dataclass(frozen=True, slots=True)
class PlanFrom:
    """The person's plan, taking suggestions from this assessment."""

    assessment: AssessmentId


@dataclass(frozen=True, slots=True)
class PlanFor:
    """The person's plan, begun when there is none."""

    person: PersonId
