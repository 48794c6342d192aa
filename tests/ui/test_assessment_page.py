"""The assessment page on a real database: confirming, autosave, two desks, signing, correcting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from coordination.assessment.forms import check, load
from coordination.assessment.model import AssessmentSheet
from coordination.changes import Change
from coordination.errors import DatabaseAway
from coordination.values import PersonId
from db.stores.forms import publish_forms
from tests.care_kit import add_person, add_referral, answer_all, signed_conversation
from tests.database import CentreDb, SignedIn
from tests.ui.fakes import make_desk, wait_idle
from ui.assessment import NewAssessment
from ui.assessment.editor import AssessmentPage
from ui.assessment.messages import fault_words
from ui.careplan import PlanFrom
from ui.commands import Commands
from ui.desk import Desk
from ui.sentences import sentence

Shown = Callable[[object], AssessmentPage]


@pytest.fixture
def asa(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("asa.assessor")


@pytest.fixture
def emmeline(centre_db: CentreDb) -> PersonId:
    return add_person(centre_db, title="Mrs")


@pytest.fixture
def desk(qapp: Any, tmp_path: Any, asa: SignedIn) -> Any:
    made = make_desk(tmp_path, asa.services)
    made.actor = asa.actor
    yield made
    made.tasks.close()


@pytest.fixture
def shown(qtbot: Any, desk: Desk, dressed: Any) -> Shown:
    def show(key: object) -> AssessmentPage:
        page = AssessmentPage(desk)
        qtbot.addWidget(page)
        page.resize(1180, 700)
        page.show()
        qtbot.waitExposed(page)
        page.activateWindow()
        page.open(key)
        settle(qtbot, desk)
        return page

    return show


def settle(qtbot: Any, desk: Desk) -> None:
    """Until everything asked for has come back and been shown."""
    wait_idle(qtbot, desk)
    QTest.qWait(0)
    wait_idle(qtbot, desk)


def saved(qtbot: Any, page: AssessmentPage) -> None:
    """Until nothing waits to be saved."""
    assert page.answering is not None
    page.answering.flush()
    qtbot.waitUntil(lambda: page.answering is not None and not page.answering.busy, timeout=30_000)
    settle(qtbot, page.desk)


def sheet_of(page: AssessmentPage) -> AssessmentSheet:
    assert page.draft is not None
    return page.draft.sheet


def said(desk: Desk) -> list[str]:
    return [w if isinstance(w, str) else sentence(w) for _, w in desk.notices.said]  # type: ignore[attr-defined]


def test_one_key_confirms_what_is_known(
    qtbot: Any, desk: Desk, shown: Shown, centre_db: CentreDb, emmeline: PersonId
) -> None:
    referral = add_referral(centre_db, emmeline, "Fell in the kitchen", "Sylvia Test", "daughter")
    page = shown(NewAssessment(emmeline, referral=referral))
    row = page.conversation.row("what_happened")
    assert row is not None and row.known is not None
    assert row.known.words.text() == "Fell in the kitchen"
    assert "Sylvia Test (daughter)" in row.known.accessibleName()
    assert row.known.hasFocus()
    QTest.keyClick(row.known, Qt.Key.Key_Return)
    assert page.conversation.focused_question() is page.conversation.row("who_is_here")
    saved(qtbot, page)
    assert row.known is None and row.editor is not None and row.editor.value == "Fell in the kitchen"
    assert sheet_of(page).answers["what_happened"].source == "confirmed"


def test_typing_over_what_is_known_changes_it(
    qtbot: Any, desk: Desk, shown: Shown, centre_db: CentreDb, emmeline: PersonId
) -> None:
    add_referral(centre_db, emmeline, "Fell in the kitchen")
    page = shown(NewAssessment(emmeline))
    row = page.conversation.row("what_happened")
    assert row is not None and row.known is not None
    QTest.keyClicks(row.known, "S")
    assert row.editor is not None
    QTest.keyClicks(row.editor.focusProxy(), "lipped")
    saved(qtbot, page)
    answer = sheet_of(page).answers["what_happened"]
    assert (answer.value, answer.source, answer.said_by) == ("Slipped", "asked", "asa.assessor")


def test_answers_save_themselves_and_open_branches(qtbot: Any, desk: Desk, shown: Shown, emmeline: PersonId) -> None:
    page = shown(NewAssessment(emmeline))
    page.conversation.go_to_section("everyday")
    row = page.conversation.row("washing")
    assert row is not None and row.editor is not None
    assert page.conversation.row("washing_more") is None
    QTest.keyClick(row.editor.fields()[0], "3")
    more = page.conversation.row("washing_more")
    assert more is not None and not more.isHidden()
    qtbot.waitUntil(lambda: page.saved_words.text().startswith("Saved"), timeout=30_000)
    QTest.keyClick(row.editor.fields()[2], "1")
    assert more.isHidden()
    saved(qtbot, page)
    assert sheet_of(page).values == {"washing": "alone"}
    QTest.keyClick(row.editor.fields()[0], Qt.Key.Key_Delete)
    saved(qtbot, page)
    assert sheet_of(page).values == {}


def test_a_score_is_chosen_by_its_points(qtbot: Any, desk: Desk, shown: Shown, emmeline: PersonId) -> None:
    page = shown(NewAssessment(emmeline, "reablement-start"))
    page.conversation.go_to_section("barthel")
    view = page.conversation.views["barthel"]
    for question in view.section.questions:
        row = view.row(question.id)
        assert row is not None and row.editor is not None
        QTest.keyClick(row.editor.fields()[0], "1")
    saved(qtbot, page)
    assert view.scores[0].total.text() == "10 of 20"


def test_a_number_that_is_none_is_said_at_the_question(qtbot: Any, shown: Shown, emmeline: PersonId) -> None:
    page = shown(NewAssessment(emmeline))
    page.conversation.go_to_question("weight")
    row = page.conversation.row("weight")
    assert row is not None and row.editor is not None
    field = row.editor.focusProxy()
    QTest.keyClicks(field, "heavy")
    assert row._note.text() == "That is not a number."
    field.clear()
    QTest.keyClicks(field, "1000")
    saved(qtbot, page)
    assert row._note.text() == "That is more than this form allows."
    field.clear()
    QTest.keyClicks(field, "61,5")
    saved(qtbot, page)
    assert sheet_of(page).values == {"weight": 61.5}


def test_what_another_desk_answers_appears(
    qtbot: Any, desk: Desk, shown: Shown, centre_db: CentreDb, emmeline: PersonId
) -> None:
    page = shown(NewAssessment(emmeline))
    page.conversation.go_to_section("matters")
    key = sheet_of(page).assessment.id
    cora = centre_db.sign_in("cora.coordinator")
    cora.services.assessment.answer(key, "good_day", "Up at seven", 0)
    desk.changes.deliver(Change("assessment", str(key)))
    row = page.conversation.row("good_day")
    assert row is not None and row.editor is not None
    qtbot.waitUntil(lambda: row.editor is not None and row.editor.value == "Up at seven", timeout=30_000)
    assert "Cora Example" in row._note.text()


@pytest.mark.parametrize("mine", [True, False])
def test_two_answers_stand_side_by_side(
    qtbot: Any, desk: Desk, shown: Shown, centre_db: CentreDb, emmeline: PersonId, mine: bool
) -> None:
    page = shown(NewAssessment(emmeline))
    page.conversation.go_to_section("matters")
    key = sheet_of(page).assessment.id
    row = page.conversation.row("what_matters")
    assert row is not None and row.editor is not None
    QTest.keyClicks(row.editor.focusProxy(), "Roses")
    centre_db.sign_in("cora.coordinator").services.assessment.answer(key, "what_matters", "Tulips", 0)
    # The other answer is read before ours is sent: it must not be overwritten for that.
    page.refresh()
    settle(qtbot, desk)
    saved(qtbot, page)
    assert row.differing is not None and "Tulips" in row.differing.accessibleName()
    assert page.desk.services.assessment.reread(key).values["what_matters"] == "Tulips"
    (row.differing.mine if mine else row.differing.theirs).emit()
    saved(qtbot, page)
    assert row.differing is None
    assert row.editor.value == page.desk.services.assessment.reread(key).values["what_matters"]
    assert row.editor.value == ("Roses" if mine else "Tulips")


def test_nothing_typed_is_lost_while_the_database_is_away(
    qtbot: Any, desk: Desk, shown: Shown, emmeline: PersonId, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(NewAssessment(emmeline))
    service = desk.services.assessment

    def away(*_: object) -> None:
        raise DatabaseAway

    monkeypatch.setattr(type(service), "answer", away)
    row = page.conversation.row("who_is_here")
    assert row is not None and row.editor is not None
    QTest.keyClicks(row.editor.focusProxy(), "Sylvia")
    assert page.answering is not None
    page.answering.flush()
    qtbot.waitUntil(lambda: "no connection" in page.saved_words.text(), timeout=30_000)
    assert page.may_leave()  # it is kept on this computer, and goes by itself later
    kept = desk.assessments.kept(sheet_of(page).assessment.id)
    assert kept is not None and kept.answers["who_is_here"].value == "Sylvia"
    settle(qtbot, desk)
    monkeypatch.undo()
    saved(qtbot, page)
    assert sheet_of(page).values == {"who_is_here": "Sylvia"}
    assert page.may_leave()


def test_signing_from_the_first_missing_answer_to_the_signature(
    qtbot: Any, desk: Desk, shown: Shown, asa: SignedIn, emmeline: PersonId
) -> None:
    page = shown(NewAssessment(emmeline))
    assert not page.bar.sign.isEnabled()
    page.bar.jump()
    assert page.conversation.focused_question() is page.conversation.row("what_happened")
    answer_all(asa.services, sheet_of(page))
    page.refresh()
    settle(qtbot, desk)
    assert page.bar.needed.text() == "Nothing is missing"
    page.bar.ask()
    page.bar.sure.click()
    settle(qtbot, desk)
    assert sheet_of(page).assessment.state == "signed"
    assert page.bar.signature.text().startswith("Signed by Asa Example, ")
    view = page.conversation.views[page.conversation.current]
    assert all(row.editor is None for row in view.rows.values())
    page.bar.plan.click()
    assert desk.go.went[-1] == ("plan", PlanFrom(sheet_of(page).assessment.id))  # type: ignore[attr-defined]


def test_who_may_not_sign_is_told_why(
    qtbot: Any, desk: Desk, shown: Shown, centre_db: CentreDb, emmeline: PersonId
) -> None:
    cora = centre_db.sign_in("cora.coordinator")
    desk.services, desk.actor = cora.services, cora.actor
    answer_all(cora.services, cora.services.assessment.start(emmeline, "strengths-conversation"))
    page = shown(NewAssessment(emmeline))
    assert not page.bar.sign.isEnabled()
    assert "not recognised as a trusted assessor" in page.bar.obstacle.text()


def test_a_correction_shows_what_it_was(
    qtbot: Any, desk: Desk, shown: Shown, asa: SignedIn, emmeline: PersonId
) -> None:
    signed = signed_conversation(asa.services, emmeline, what_matters="Roses")
    page = shown(signed.assessment.id)
    page.bar.ask_reason()
    page.bar.correct_asked.emit("")
    settle(qtbot, desk)
    assert said(desk)[-1] == "Say what was wrong; it stands beside the correction."
    QTest.keyClicks(page.bar.reason, "It was tulips")
    QTest.keyClick(page.bar.reason, Qt.Key.Key_Return)
    settle(qtbot, desk)
    where, key = desk.go.went[-1]  # type: ignore[attr-defined]
    assert where == "assessment"
    page.open(key)
    settle(qtbot, desk)
    page.conversation.go_to_section("matters")
    row = page.conversation.row("what_matters")
    assert row is not None and row.editor is not None
    row.editor.focusProxy().setPlainText("Tulips")
    saved(qtbot, page)
    assert row._note.text().startswith("Was: Roses")


def test_another_assessment_on_the_same_page(
    qtbot: Any, desk: Desk, shown: Shown, asa: SignedIn, emmeline: PersonId
) -> None:
    page = shown(NewAssessment(emmeline))
    first = sheet_of(page).assessment.id
    row = page.conversation.row("who_is_here")
    assert row is not None and row.editor is not None
    QTest.keyClicks(row.editor.focusProxy(), "Sylvia")
    page.open(NewAssessment(emmeline, "reablement-start"))
    settle(qtbot, desk)
    assert sheet_of(page).form.id == "reablement-start"
    assert asa.services.assessment.reread(first).values == {"who_is_here": "Sylvia"}


def test_two_hundred_questions_stay_instant(
    qtbot: Any, desk: Desk, shown: Shown, centre_db: CentreDb, emmeline: PersonId
) -> None:
    text = 'id = "long"\nversion = 1\ntitle = "Long"\n'
    for section in range(4):
        text += f'[[section]]\nid = "s{section}"\ntitle = "Section {section}"\nkind = "conversation"\n'
        for number in range(50):
            name = f"q{section}_{number}"
            text += f'[[section.question]]\nid = "{name}"\ntext = "Question {name}"\nrequired = true\n'
            text += 'type = "choice"\noptions = [{ value = "a", label = "A" }, { value = "b", label = "B" }]\n'
    with centre_db.owner.begin() as connection:
        publish_forms(connection, {"long.toml": text})
    assert len(load(text).questions()) == 200
    page = shown(NewAssessment(emmeline, "long"))
    page.conversation.go_to_section("s2")
    # Instant, because only what is looked at is built: of the other sections nothing is.
    assert all(not page.conversation.views[unseen].rows for unseen in ("s1", "s3") if unseen in page.conversation.views)
    assert page.answering is not None
    page.answering.edit("s2_1", "a", typed=False)
    view = page.conversation.views["s2"]
    qtbot.waitUntil(lambda: len(view.rows) == 50, timeout=30_000)
    page.conversation.go_to_question("q3_49")
    assert page.conversation.focused_question() is page.conversation.row("q3_49")
    saved(qtbot, page)


def test_a_person_gets_the_conversation_first_and_then_a_choice(
    qtbot: Any, desk: Desk, shown: Shown, asa: SignedIn, emmeline: PersonId
) -> None:
    page = shown(emmeline)
    assert sheet_of(page).form.id == "strengths-conversation"
    signed_conversation(asa.services, emmeline)
    page.open(None)
    page.open(emmeline)
    settle(qtbot, desk)
    assert page.draft is None and page.chooser.isVisible() and page.conversation.isHidden()
    words = [tile.text() for tile in page.chooser.tiles]
    assert words[0] == "About me\nNothing yet" and "Reablement end\nSigned after: Reablement start" in words
    assert words[-1].startswith("Strengths-based conversation\nLast signed by Asa Example")
    QTest.keyClick(page.chooser.tiles[words.index("Reablement start\nNothing yet")], Qt.Key.Key_Space)
    settle(qtbot, desk)
    assert sheet_of(page).form.id == "reablement-start" and page.chooser.isHidden()


def test_commands_are_told_apart(qtbot: Any, desk: Desk, shown: Shown, emmeline: PersonId) -> None:
    page = shown(NewAssessment(emmeline))
    commands = Commands()
    commands.add(page.commands(), page, "assessment")
    assert commands.get("assessment.sign").enabled_when()
    assert not commands.get("assessment.plan").enabled_when()
    assert not commands.get("assessment.confirm").enabled_when()


def test_faults_of_a_form_are_sentences(tmp_path: Any) -> None:
    (tmp_path / "bad.toml").write_text('id = "bad"\nversion = 0\ntitle = "Bad"\nshoe = 1\nsection = []\n')
    words = [fault_words(fault) for fault in check([tmp_path / "bad.toml"])]
    assert "bad.toml, line 2, version: Versions count from 1." in words
    assert "bad.toml, line 4, shoe: “shoe” is not a word that forms know here." in words
