"""A1: everything known that a form asks, carried in with who said it and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.assessment import rules
from coordination.assessment.model import Answer, Form, KnownFact, Question
from coordination.values import PersonId, ReferralId

if TYPE_CHECKING:
    from coordination.work import Work


def known_answers(work: Work, form: Form, person: PersonId, referral: ReferralId | None) -> list[Answer]:
    """The latest word on each question: a signed answer, or else what record, call and referral say."""
    wanted = [q for q in form.questions() if q.carry]
    earlier = work.assessment.answers_to_carry(person, wanted) if wanted else {}
    facts: dict[str, KnownFact] = {}
    if any(q.known for q in form.questions()):
        facts = {fact.place: fact for fact in work.assessment.facts(person, referral)}
    found = []
    for question in form.questions():
        answer = earlier.get(question.id)
        if answer is not None and rules.fits(question, answer.value):
            found.append(answer)
        elif question.known in facts and rules.fits(question, facts[question.known].value):
            found.append(_from_fact(question, facts[question.known]))
    return found


def _from_fact(question: Question, fact: KnownFact) -> Answer:
    return Answer(
        question.id, fact.value, "carried_in", fact.said_at, fact.said_by, fact.said_by, None, 1,
        said_role=fact.said_role, from_kind=fact.from_kind, from_id=fact.from_id,
    )  # fmt: skip
