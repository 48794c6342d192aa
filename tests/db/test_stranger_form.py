"""A form written by a stranger from docs/forms.md works without code: read in, live, filled in, signed, repeated."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from coordination.assessment import rules, scores
from coordination.assessment.external import ExternalScore
from coordination.assessment.model import AnswerValue, AssessmentSheet
from coordination.services import Services
from tests.care_kit import add_person
from tests.database import CentreDb

FORM = Path(__file__).parents[1] / "forms" / "getting-out.toml"
FRAIL = ExternalScore("cfs", "2.0", 5, date(2026, 11, 2), "Dr Amin, ward 4")
SAID: dict[str, AnswerValue] = {
    "go_favourite": "The pond in the park", "go_call_me": "Emmy", "go_last": date(2026, 5, 1), "go_alone": False,
    "go_why_not": ("toilet",), "go_metres": 120, "go_stand": "short", "go_turn": "yes", "go_frail": FRAIL,
    "go_goal": "The pond", "go_goal_level": "half", "go_comes": "yes",
}  # fmt: skip


def filled_in(services: Services, sheet: AssessmentSheet, said: dict[str, AnswerValue]) -> AssessmentSheet:
    """Answered as a person would: one after the other, over what stood there."""
    for question, value in said.items():
        present = sheet.answers.get(question)
        services.assessment.answer(sheet.assessment.id, question, value, present.revision if present else 0)
    sheet = services.assessment.reread(sheet.assessment.id)
    assert rules.missing(sheet) == []
    return services.assessment.sign(sheet.assessment.id, sheet.revision)


def test_a_form_written_by_a_stranger_works_without_code(centre_db: CentreDb) -> None:
    shelf = centre_db.sign_in("ada.admin").services.forms
    looked = shelf.look(FORM.read_text(encoding="utf-8"), FORM.name)
    assert looked.faults == ()
    draft = shelf.keep_draft(looked.text, looked.file)
    shelf.publish(draft.key, draft.revision)

    asa, person = centre_db.sign_in("asa.assessor").services, add_person(centre_db)
    first = filled_in(asa, asa.assessment.start(person, "getting-out"), SAID)
    assert first.values == SAID  # every type comes back as it went in
    steady, reach = first.form.scores
    assert rules.total(first.form, steady, first.values) == 3
    assert scores.read_as(steady, 3) == "Side by side"
    assert rules.total(first.form, reach, first.values) == 40

    # The next one carries in what was said, and shows what has changed since.
    sheet = asa.assessment.start(person, "getting-out")
    assert sheet.answers["go_frail"].value == FRAIL and sheet.answers["go_frail"].source == "carried_in"
    assert "go_stand" not in sheet.answers
    second = filled_in(asa, sheet, SAID | {"go_stand": "no", "go_turn": "yes", "go_goal_level": "beyond"})
    now = rules.total(second.form, steady, second.values)
    changed = scores.change(second.form, steady, now, second.earlier["getting-out"])
    assert changed is not None and (changed.was, changed.by, changed.genuine) == (3, -1, False)
    # Signed, it goes on being read against what was before it, and not against itself.
    third = filled_in(asa, asa.assessment.start(person, "getting-out"), SAID)
    assert third.earlier["getting-out"].values["go_stand"] == "no"
    assert asa.assessment.reread(second.assessment.id).earlier["getting-out"].values["go_stand"] == "short"
