"""People, referrals and answered assessments for the tests of assessment and care plan."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from coordination.assessment.model import AnswerValue, AssessmentSheet, Question
from coordination.assessment.rules import asked_questions, missing
from coordination.services import Services
from coordination.values import PersonId, ReferralId, new_id
from tests.database import CentreDb


def add_person(db: CentreDb, surname: str = "Pankhurst", given: str = "Emmeline", **columns: object) -> PersonId:
    person = PersonId(new_id())
    row = {"id": person, "surname": surname, "given": given, **columns}
    names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    with db.owner.begin() as connection:
        connection.execute(text(f"insert into person ({names}) values ({marks})"), row)
    return person


def add_referral(db: CentreDb, person: PersonId, need: str, caller: str = "", relation: str = "") -> ReferralId:
    contact, referral = new_id(), ReferralId(new_id())
    with db.owner.begin() as connection:
        connection.execute(
            text(
                "insert into contact (id, channel, received_at, recorded_by, person_id, caller_name, caller_relation)"
                " values (:id, 'telephone', '2026-11-20 09:30Z', 'cora.coordinator', :person, :caller, :relation)"
            ),
            {"id": contact, "person": person, "caller": caller, "relation": relation},
        )
        connection.execute(
            text(
                "insert into referral (id, contact_id, person_id, service, urgency, urgency_reason, need, source,"
                " received_at, due_at) values (:id, :contact, :person, 'reablement', 'same_day', 'told so', :need,"
                " 'telephone', '2026-11-20 09:30Z', '2026-11-20 17:30Z')"
            ),
            {"id": referral, "contact": contact, "person": person, "need": need},
        )
    return referral


def some_answer(question: Question) -> AnswerValue:
    """An answer that fits, the first that there is."""
    match question.type:
        case "choice" | "score":
            return question.options[-1].value
        case "choices":
            return (question.options[0].value,)
        case "yes_no":
            return True
        case "number":
            return question.minimum if question.minimum is not None else 1
        case "date":
            return date(2026, 11, 1)
    return f"Words about {question.id}"


def answer_all(services: Services, sheet: AssessmentSheet, **wanted: AnswerValue) -> AssessmentSheet:
    """Answer whatever a signature needs, with ``wanted`` where given."""
    service, key = services.assessment, sheet.assessment.id
    for question, value in wanted.items():
        present = sheet.answers.get(question)
        service.answer(key, question, value, present.revision if present else 0)
    sheet = service.reread(key)
    while problems := missing(sheet):
        asked = {q.id: q for q in asked_questions(sheet.form, sheet.values)}
        for problem in problems:
            present = sheet.answers.get(problem.field)
            seen = present.revision if present else 0
            if problem.reason == "not_confirmed":
                service.confirm(key, problem.field, seen)
            else:
                service.answer(key, problem.field, some_answer(asked[problem.field]), seen)
        sheet = service.reread(key)
    return sheet


def signed_conversation(services: Services, person: PersonId, **wanted: AnswerValue) -> AssessmentSheet:
    sheet = answer_all(services, services.assessment.start(person, "strengths-conversation"), **wanted)
    return services.assessment.sign(sheet.assessment.id, sheet.revision)
