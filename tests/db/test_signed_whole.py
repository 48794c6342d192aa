"""What a form needs before a signature is kept by the database too, branches and all (A2, A3)."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from coordination.assessment import rules
from coordination.assessment.faults import FormFaults
from coordination.assessment.forms import from_definition
from tests.care_kit import add_person, answer_all
from tests.database import CentreDb
from tests.db.test_form_library import refused
from tests.domain.test_form_shapes import CONDITIONS

SIGN = "update assessment set state = 'signed', signed_at = now(), signed_by = session_user where id = %s"
TYPES: dict[str, dict[str, Any]] = {
    "text": {},
    "yes_no": {},
    "number": {},
    "choices": {"options": [{"value": "x", "label": "X"}, {"value": "y", "label": "Y"}]},
}
GIVEN = st.sampled_from([None, "x", "y", True, False, 0, 1, 2.5, ["x"], ["x", "y"]])


@st.composite
def forms(draw: st.DrawFn) -> dict[str, Any]:
    """Well shaped, with questions a to f over one to three sections."""
    names = list("abcdef")
    sections = []
    for number in range(draw(st.integers(1, 3))):
        questions = []
        for _ in range(draw(st.integers(1, 2))):
            kind = draw(st.sampled_from(sorted(TYPES)))
            question = {"id": names.pop(0), "type": kind, "text": "?", "required": draw(st.booleans()), **TYPES[kind]}
            questions.append(question | draw(st.fixed_dictionaries({}, optional={"when": CONDITIONS})))
        section = {"id": f"s{number}", "title": "S", "question": questions}
        sections.append(section | draw(st.fixed_dictionaries({}, optional={"when": CONDITIONS})))
    return {"id": "f", "version": 1, "title": "F", "section": sections}


def missing_in_python(definition: dict[str, Any], answers: dict[str, Any], unconfirmed: list[str]) -> list[str]:
    values = {q: tuple(v) if isinstance(v, list) else v for q, v in answers.items()}
    asked = rules.asked_questions(from_definition(definition), values)
    return [q.id for q in asked if q.required and (values.get(q.id) is None or q.id in unconfirmed)]


def test_the_database_and_the_service_miss_the_same_answers(centre_db: CentreDb) -> None:
    ask = text("select form_missing(cast(:form as jsonb), cast(:answers as jsonb), cast(:unconfirmed as text[]))")

    with centre_db.owner.connect() as connection:

        @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(forms(), st.dictionaries(st.sampled_from("abcdef"), GIVEN), st.lists(st.sampled_from("abcdef")))
        def agree(definition: dict[str, Any], answers: dict[str, Any], unconfirmed: list[str]) -> None:
            try:
                expected = missing_in_python(definition, answers, unconfirmed)
            except FormFaults:  # a condition that nobody may publish
                return
            said = {"form": json.dumps(definition), "answers": json.dumps(answers), "unconfirmed": unconfirmed}
            with connection.begin_nested():
                assert connection.execute(ask, said).scalar_one() == expected

        agree()


def test_a_signature_by_hand_waits_for_every_answer_that_is_needed(centre_db: CentreDb) -> None:
    """With psql and a recognised assessor's own password; the conversation itself has been had."""
    asa = centre_db.sign_in("asa.assessor")
    service, person = asa.services.assessment, add_person(centre_db)
    sheet = answer_all(asa.services, service.start(person, "strengths-conversation"))
    key = sheet.assessment.id
    last = [q for q in rules.asked_questions(sheet.form, sheet.values) if q.required][-1]
    service.sign(key, sheet.revision)

    sheet = answer_all(asa.services, service.start(person, "carers-assessment"))
    key = sheet.assessment.id
    needed = [q.id for q in rules.asked_questions(sheet.form, sheet.values) if q.required]
    last_answer = sheet.answers[needed[-1]]
    service.answer(key, needed[-1], None, last_answer.revision)
    assert last.required and refused(centre_db, "asa.assessor", SIGN, key) == "assessment_answers_missing"
    sheet = answer_all(asa.services, service.reread(key))
    assert service.sign(key, sheet.revision).assessment.state == "signed"
