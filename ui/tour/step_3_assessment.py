"""Step 3. A trusted assessor has the conversation, writes it down and signs it."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit

from coordination.assessment.model import AssessmentSheet, Question
from coordination.values import AssessmentId
from ui.tour import hands, said
from ui.tour.desks import TourDesk
from ui.tour.hands import Unmet, expect, until
from ui.tour.tour import Tour

ASSESSOR = "piotr.assessor"
READER = "nadia.coordinator"
FORM = "strengths-conversation"


def run(tour: Tour) -> None:
    """From the person's record to the signature."""
    desk = tour.desk(ASSESSOR)
    page = _begin(tour, desk)
    wanted = page.draft.sheet.assessment.id
    tour.story.assessment = AssessmentId(wanted)
    _answer_everything(tour, desk, page)
    _sign(tour, desk, page)
    _read_back(tour, desk, wanted)


def _begin(tour: Tour, desk: TourDesk) -> Any:
    """Open the record by NHS number, and the conversation from there."""
    said.open_record(desk, tour.story)
    tour.picture("03-record", desk)
    record = desk.page
    said.do(desk, "person.assess")
    form = next(f for f in desk.services.assessment.forms() if f.id == FORM)
    hands.click(hands.button_saying(record.panel, form.title))
    page = desk.arrive("assessment")
    until(lambda: page.draft is not None, "the form to open")
    desk.quiet()
    expect(page.draft.sheet.form.id, FORM, "the form")
    if page.draft.signed:
        raise Unmet("expected a new assessment, and this one is signed")
    return page


def _answer_everything(tour: Tour, desk: TourDesk, page: Any) -> None:
    """Section by section: what is known already is confirmed by Enter, the rest is written or chosen."""
    sections = page.conversation.rail.shown()
    if page.conversation.current != sections[0]:
        hands.click(page.conversation.rail.items[sections[0]])
    for number, section in enumerate(sections):
        until(lambda wanted=section: page.conversation.current == wanted, f"the section {section}")
        done: set[str] = set()
        while left := [q for q in _asked(page) if q not in done]:
            _answer(page.conversation.row(left[0]), tour)
            done.add(left[0])
        if number == 0:
            desk.quiet()
            tour.picture("03-conversation", desk)
        if number + 1 < len(sections):
            desk.press("Ctrl+PgDown")
    until(lambda: not page.answering.busy, "the last answers to be saved", 20)
    desk.quiet()


def _asked(page: Any) -> list[str]:
    """The questions of the section in front, as the branches stand."""
    view = page.conversation.views[page.conversation.current]
    return [q.id for q in view.section.questions if q.id in view.rows and not view.rows[q.id].isHidden()]


def _answer(row: Any, tour: Tour) -> None:
    if row.known is not None:
        row.take_focus()
        hands.press(row, "Return")
        return
    question: Question = row.question
    answer = said.ANSWERS.get(question.id)
    if row.editor is None or answer is None:
        return
    if question.type in ("text", "long_text", "number", "date"):
        field = next(w for w in row.editor.fields() if isinstance(w, QLineEdit | QPlainTextEdit))
        hands.put(field, str(answer).format(daughter=tour.story.who.daughter))
        return
    labels = {o.value: (f"{o.points}   {o.label}" if question.type == "score" else o.label) for o in question.options}
    labels |= {True: "Yes", False: "No"}
    for one in answer if isinstance(answer, tuple) else (answer,):
        box = next(b for b in row.editor.fields() if isinstance(b, QAbstractButton) and b.text() == labels[one])
        hands.into_sight(box)
        if not box.isChecked():
            hands.click(box)


def _sign(tour: Tour, desk: TourDesk, page: Any) -> None:
    until(lambda: page.bar.sign.isEnabled(), f"nothing to be missing; the page reads {hands.reads(page.bar)!r}")
    tour.picture("03-before-signing", desk)
    desk.press("Ctrl+Shift+S")
    hands.click(page.bar.sure)
    until(lambda: page.draft.signed, "the assessment to be signed")
    desk.quiet()
    tour.picture("03-signed", desk)


def _read_back(tour: Tour, desk: TourDesk, wanted: Any) -> None:
    reader = tour.desk(READER).services.assessment  # answers are for who gives care, not for the witness
    sheet: AssessmentSheet = reader.reread(wanted)
    expect(sheet.assessment.state, "signed", "the state of the assessment")
    expect(sheet.assessment.signed_by_name, desk.display_name, "who signed it")
    expect(sheet.assessment.person, tour.story.person, "whose assessment it is")
    kept = sheet.answers["outcomes_wanted"].value
    expect(kept, said.ANSWERS["outcomes_wanted"], "what the person wants")
