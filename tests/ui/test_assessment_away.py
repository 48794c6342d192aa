"""An assessment without a connection: it goes on, is signed here, outlives its client, and comes back (A1, A3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import event

from coordination.assessment.rules import asked_questions
from coordination.changes import Change
from coordination.clock import FixedClock
from coordination.errors import DatabaseAway
from coordination.services import Services
from coordination.values import AssessmentId, PersonId
from db.local import EncryptedStore
from db.local.wraps import Cost
from tests.care_kit import add_person, add_referral, answer_all, signed_conversation, some_answer
from tests.database import CentreDb, SignedIn
from tests.ui.fakes import make_desk, wait_idle
from ui.assessment import NewAssessment
from ui.assessment.editor import AssessmentPage
from ui.desk import Desk
from ui.local.page import UnsentPage

CONVERSATION = "strengths-conversation"
Client = Callable[[], Desk]


@contextmanager
def no_line() -> Iterator[Any]:
    raise DatabaseAway
    yield


@pytest.fixture
def asa(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("asa.assessor")


@pytest.fixture
def emmeline(centre_db: CentreDb) -> PersonId:
    return add_person(centre_db, title="Mrs")


@pytest.fixture
def client(qapp: Any, dressed: Any, qtbot: Any, tmp_path: Path, asa: SignedIn) -> Iterator[Client]:
    """A client on this computer with its store on the disk; another one is what was started after a crash."""
    made: list[Desk] = []

    def start() -> Desk:
        desk = make_desk(tmp_path, asa.services)
        desk.clock = FixedClock(datetime.now(UTC))
        desk.actor = asa.actor
        made.append(desk)
        with qtbot.waitSignal(desk.drafts.opened):
            desk.drafts.open(lambda: EncryptedStore(tmp_path / "drafts" / "asa", "a password", None, Cost(n=16)))
        return desk

    yield start
    for desk in made:
        desk.tasks.close()
        desk.drafts.close()


def line(desk: Desk, asa: SignedIn, up: bool) -> None:
    desk.services = asa.services if up else Services(no_line)
    desk.foot.set_connection(up, datetime.now(UTC))


def shown(qtbot: Any, desk: Desk, key: object) -> AssessmentPage:
    page = AssessmentPage(desk)
    qtbot.addWidget(page)
    page.resize(1180, 700)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    page.open(key)
    settle(qtbot, desk)
    return page


def settle(qtbot: Any, desk: Desk) -> None:
    wait_idle(qtbot, desk)
    QTest.qWait(0)
    wait_idle(qtbot, desk)


def answer_on_page(page: AssessmentPage) -> None:
    """Whatever a signature needs, given on this page."""
    assert page.answering is not None
    draft = page.answering.draft
    while missing := draft.missing():
        asked = {q.id: q for q in asked_questions(draft.sheet.form, draft.seen.values)}
        for question, reason in missing.items():
            if reason == "not_confirmed":
                page.answering.confirm([question])
            else:
                page.answering.edit(question, some_answer(asked[question]), typed=False)


def said(desk: Desk) -> str:
    return " | ".join(str(words) for _, words in desk.notices.said)  # type: ignore[attr-defined]


def test_the_line_goes_while_one_types_and_the_assessment_is_signed_here(
    qtbot: Any, client: Client, asa: SignedIn, emmeline: PersonId
) -> None:
    desk = client()
    page = shown(qtbot, desk, NewAssessment(emmeline))
    key = page.key
    line(desk, asa, up=False)
    row = page.conversation.row("who_is_here")
    assert row is not None and row.editor is not None
    QTest.keyClicks(row.editor.focusProxy(), "Sylvia")
    answer_on_page(page)
    page.answering and page.answering.flush()
    qtbot.waitUntil(lambda: "no connection" in page.saved_words.text(), timeout=30_000)
    assert page.bar.sign.isEnabled() and page.may_leave()
    page.bar.ask()
    page.bar.sure.click()
    assert page.away.bar.isVisible() and not page.bar.isVisible()
    assert page.away.bar.words.text().startswith("Signed on this computer at ")
    assert "when the connection is back" in page.away.bar.words.text()
    row = page.conversation.row("who_is_here")
    assert row is None or row.editor is None  # signed here, it is read
    # Taken back, it can be changed, and is signed again.
    page.away.bar.take_back.click()
    assert page.bar.isVisible() and not page.away.bar.isVisible()
    page.answering.edit("who_is_here", "Sylvia and Christabel", typed=False)
    page.bar.ask()
    page.bar.sure.click()
    settle(qtbot, desk)
    assert asa.services.assessment.reread(key).answers == {}
    line(desk, asa, up=True)
    qtbot.waitUntil(lambda: page.draft is not None and page.draft.sheet.assessment.state == "signed", timeout=30_000)
    sheet = asa.services.assessment.reread(key)
    assert sheet.assessment.away_signed_at is not None and sheet.values["who_is_here"] == "Sylvia and Christabel"
    assert desk.assessments.all == [] and desk.drafts.of("assessment.answer") == []
    assert page.bar.isVisible() and not page.away.bar.isVisible()


def test_opening_one_is_three_statements_also_from_the_page(
    qtbot: Any, client: Client, asa: SignedIn, emmeline: PersonId
) -> None:
    key = asa.services.assessment.start(emmeline, CONVERSATION).assessment.id
    desk, statements = client(), []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(asa.engine, "before_cursor_execute", note)
    page = shown(qtbot, desk, key)
    event.remove(asa.engine, "before_cursor_execute", note)
    assert page.draft is not None and len(statements) == 3, statements


def test_a_client_that_died_shows_what_was_typed_and_says_so(
    qtbot: Any, client: Client, asa: SignedIn, emmeline: PersonId
) -> None:
    desk = client()
    page = shown(qtbot, desk, NewAssessment(emmeline))
    key = page.key
    line(desk, asa, up=False)
    page.conversation.go_to_section("matters")
    row = page.conversation.row("what_matters")
    assert row is not None and row.editor is not None
    QTest.keyClicks(row.editor.focusProxy(), "Her roses")
    desk.drafts.flush()
    qtbot.waitUntil(lambda: not desk.drafts._pending, timeout=30_000)
    desk.drafts.close()  # all that a dead client does for its file is to let go of the lock
    page.answering.leave()
    other = client()
    kept = other.assessments.kept(key)
    assert kept is not None and kept.answers["what_matters"].value == "Her roses" and kept.along is not None
    # The database is still away: it opens from this computer, with what was typed.
    line(other, asa, up=False)
    again = shown(qtbot, other, key)
    assert "PANKHURST, Emmeline (Mrs)" in again.banner.accessibleName() or again.person == emmeline
    row = again.conversation.row("what_matters")
    assert row is not None and row.editor is not None and row.editor.value == "Her roses"
    assert "1 answer that had not reached the database is on the screen again" in said(other)
    line(other, asa, up=True)
    again.answering.flush()
    qtbot.waitUntil(
        lambda: asa.services.assessment.reread(key).values.get("what_matters") == "Her roses", timeout=30_000
    )
    settle(qtbot, other)
    assert other.drafts.of("assessment.answer") == []


def test_taken_along_begun_signed_and_found_in_the_list(
    qtbot: Any, client: Client, asa: SignedIn, centre_db: CentreDb, emmeline: PersonId
) -> None:
    add_referral(centre_db, emmeline, "Fell in the kitchen", "Sylvia Test", "daughter")
    signed_conversation(asa.services, emmeline)
    desk = client()
    page = shown(qtbot, desk, emmeline)
    assert page.chooser.isVisible() and page.away.can_take_along()
    page.away.take_along()
    settle(qtbot, desk)
    assert "Taken along: " in said(desk) and "encrypted" in said(desk)
    line(desk, asa, up=False)
    listed = UnsentPage(desk)
    qtbot.addWidget(listed)
    listed.refresh()
    row = listed.model.rows[0] if hasattr(listed.model, "rows") else listed.table.current
    assert row.what == "Assessment" and row.state == "Taken along" and "forms to begin" in row.said
    listed.table.select_key(row.key)
    listed.open_current()
    where, key = desk.go.went[-1]  # type: ignore[attr-defined]
    assert (where, key) == ("assessment", emmeline)
    other = shown(qtbot, desk, key)
    assert other.chooser.isVisible()
    tile = next(t for t in other.chooser.tiles if t.text().startswith("Reablement start"))
    QTest.keyClick(tile, Qt.Key.Key_Space)
    settle(qtbot, desk)
    assert other.draft is not None and other.draft.sheet.form.id == "reablement-start" and other.answering.begun_here
    answer_on_page(other)
    other.bar.ask()
    other.bar.sure.click()
    begun = AssessmentId(other.key)  # type: ignore[arg-type]
    other.put_away()
    line(desk, asa, up=True)
    qtbot.waitUntil(lambda: desk.assessments.kept(begun) is None, timeout=30_000)
    head = asa.services.assessment.reread(begun).assessment
    assert head.state == "signed" and head.away_started_at is not None and head.away_signed_at is not None


def test_what_somebody_else_did_meanwhile_stands_beside_ours_and_nothing_is_lost(
    qtbot: Any, client: Client, asa: SignedIn, centre_db: CentreDb, emmeline: PersonId
) -> None:
    sheet = answer_all(asa.services, asa.services.assessment.start(emmeline, CONVERSATION), good_day="Up at seven")
    key = sheet.assessment.id
    desk = client()
    page = shown(qtbot, desk, key)
    line(desk, asa, up=False)
    page.answering.edit("good_day", "Up at six", typed=False)
    page.bar.ask()
    page.bar.sure.click()
    cora = centre_db.sign_in("cora.coordinator").services.assessment
    cora.answer(key, "good_day", "Up at nine", sheet.answers["good_day"].revision)
    line(desk, asa, up=True)
    qtbot.waitUntil(lambda: "was not taken" in page.away.bar.words.text(), timeout=30_000)
    assert page.bar.isVisible() and not page.bar.sign.isEnabled()
    page.away.bar.link.click()
    row = page.conversation.row("good_day")
    assert row is not None and row.differing is not None
    assert "Yours: Up at six" in row.differing.accessibleName() and "Up at nine" in row.differing.accessibleName()
    row.differing.keep.click()
    qtbot.waitUntil(lambda: page.answering is not None and not page.answering.busy, timeout=30_000)
    settle(qtbot, desk)
    assert asa.services.assessment.reread(key).values["good_day"] == "Up at six"
    page.bar.ask()
    page.bar.sure.click()
    settle(qtbot, desk)
    assert asa.services.assessment.reread(key).assessment.state == "signed"


def test_answers_after_somebody_elses_signature_go_beside_it_into_a_correction(
    qtbot: Any, client: Client, asa: SignedIn, emmeline: PersonId
) -> None:
    sheet = answer_all(asa.services, asa.services.assessment.start(emmeline, CONVERSATION))
    key = sheet.assessment.id
    desk = client()
    page = shown(qtbot, desk, key)
    line(desk, asa, up=False)
    page.answering.edit("what_matters", "Roses", typed=False)
    asa.services.assessment.sign(key, sheet.revision)
    line(desk, asa, up=True)
    desk.changes.deliver(Change("assessment", str(key)))
    qtbot.waitUntil(lambda: page.draft is not None and page.draft.signed, timeout=30_000)
    assert "1 answer of yours came after it" in said(desk)
    page.correct("It was roses")
    settle(qtbot, desk)
    _where, correction = desk.go.went[-1]  # type: ignore[attr-defined]
    page.open(correction)
    settle(qtbot, desk)
    page.conversation.go_to_question("what_matters")
    row = page.conversation.row("what_matters")
    qtbot.waitUntil(lambda: row is not None and row.differing is not None, timeout=30_000)
    assert row is not None and row.differing is not None and "Yours: Roses" in row.differing.accessibleName()


def test_how_do_we_know_this_is_one_key_also_once_it_is_signed(
    qtbot: Any, client: Client, asa: SignedIn, centre_db: CentreDb, emmeline: PersonId
) -> None:
    add_referral(centre_db, emmeline, "Fell in the kitchen", "Sylvia Test", "daughter")
    desk = client()
    page = shown(qtbot, desk, NewAssessment(emmeline))
    row = page.conversation.row("what_happened")
    assert row is not None
    page.confirm("what_happened")
    page.answering.flush()
    qtbot.waitUntil(lambda: not page.answering.busy, timeout=30_000)
    page.speaking.role.setCurrentIndex(1)
    page.speaking.name.setText("Sylvia")
    page.answering.edit("what_happened", "Slipped on the mat", typed=False)
    page.answering.flush()
    qtbot.waitUntil(lambda: not page.answering.busy, timeout=30_000)
    page.conversation.go_to_question("what_happened")
    page.show_history()
    settle(qtbot, desk)
    assert row.beneath is not None and row.beneath.hasFocus()
    words = row.beneath.accessibleName()
    assert "Carried in: “Fell in the kitchen”" in words and "said by Sylvia Test (daughter)" in words
    assert "Changed: “Fell in the kitchen” → “Slipped on the mat”. said by Sylvia (carer)" in words
    QTest.keyClick(row.beneath, Qt.Key.Key_Escape)
    assert row.beneath is None
    answer_all(asa.services, page.draft.sheet)
    signed = asa.services.assessment.reread(page.key)
    asa.services.assessment.sign(page.key, signed.revision)
    page.refresh()
    settle(qtbot, desk)
    page.conversation.go_to_question("what_happened")
    read = page.conversation.focused_question()
    assert read is not None and read.question.id == "what_happened"
    page.show_history()
    settle(qtbot, desk)
    assert read.beneath is not None and "Confirmed as it stands" in read.beneath.accessibleName()


def test_what_can_not_be_read_yet_outlives_the_client_and_nobody_signs_past_it(
    qtbot: Any, client: Client, asa: SignedIn, emmeline: PersonId
) -> None:
    signed_conversation(asa.services, emmeline)
    desk = client()
    page = shown(qtbot, desk, NewAssessment(emmeline, "carers-assessment"))
    key = page.key
    answer_on_page(page)
    question = next(q for q in asked_questions(page.draft.sheet.form, page.draft.seen.values) if q.type == "number")
    page.conversation.go_to_question(question.id)
    row = page.conversation.row(question.id)
    assert row is not None and row.editor is not None
    row.editor.set_value(None)
    row._edited()
    QTest.keyClicks(row.editor.focusProxy(), "about 1")
    assert page.draft.missing() == {question.id: "half_typed"} and not page.bar.sign.isEnabled()
    settle(qtbot, desk)
    desk.drafts.flush()
    qtbot.waitUntil(lambda: not desk.drafts._pending, timeout=30_000)
    desk.drafts.close()
    page.answering.leave()
    other = client()
    again = shown(qtbot, other, key)
    again.conversation.go_to_question(question.id)
    row = again.conversation.row(question.id)
    assert row is not None and row.editor is not None and row.editor.raw() == ("about 1",)
    assert list(again.draft.missing()) == [question.id]
    for _ in "about ":
        QTest.keyClick(row.editor.focusProxy(), Qt.Key.Key_Home)
        QTest.keyClick(row.editor.focusProxy(), Qt.Key.Key_Delete)
    assert row.editor.value == 1 and again.draft.missing() == {}
    settle(qtbot, other)
    assert other.drafts.of("assessment.half") == []
