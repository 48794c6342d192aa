"""The page Forms on a real database: a file read in, looked at with branches and scores, kept, published, withdrawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest

import resources
from coordination.assessment.external import ExternalScore
from coordination.assessment.model import FormKey
from tests.database import CentreDb, SignedIn
from tests.ui.fakes import make_desk, wait_idle
from ui.assessment.external_editor import ExternalScoreEditor
from ui.forms.page import FAULTS, LIST, PREVIEW, FormsPage

SHIPPED = Path(resources.__file__).parent / "forms"
MINE = FormKey("mine", 1)


def desk_of(tmp_path: Path, who: SignedIn) -> Any:
    made = make_desk(tmp_path, who.services)
    made.actor = who.actor
    return made


@pytest.fixture
def page(qtbot: Any, dressed: Any, tmp_path: Path, centre_db: CentreDb) -> Any:
    desk = desk_of(tmp_path, centre_db.sign_in("ada.admin"))
    made = FormsPage(desk)
    qtbot.addWidget(made)
    made.resize(1180, 700)
    made.show()
    made.refresh()
    settle(qtbot, made)
    yield made
    desk.tasks.close()


def settle(qtbot: Any, page: FormsPage) -> None:
    wait_idle(qtbot, page.desk)
    QTest.qWait(0)
    wait_idle(qtbot, page.desk)


def said(page: FormsPage) -> str:
    kind, words = page.desk.notices.said[-1]
    assert kind == "say", words
    return words


def commands(page: FormsPage) -> set[str]:
    return {c.id.removeprefix("forms.") for c in page.commands() if c.id.startswith("forms.") and c.enabled_when()}


def answer(page: FormsPage, question: str, value: Any) -> None:
    row = page.preview.conversation.row(question)
    assert row is not None and row.editor is not None
    row.editor.set_value(value)
    row.editor.edited.emit()


def test_from_a_file_with_faults_to_a_live_form_and_back(qtbot: Any, page: FormsPage, tmp_path: Path) -> None:
    good = (SHIPPED / "about-me.toml").read_text(encoding="utf-8")
    good = good.replace('id = "about-me"', 'id = "mine"').replace('title = "About me"', 'title = "Mine"')
    file = tmp_path / "mine.toml"
    file.write_text(good.replace('type = "date"', 'type = "day"'), encoding="utf-8")
    before = len(page.model.rows)
    page.read_file(file)
    settle(qtbot, page)
    assert page.faces.currentIndex() == FAULTS
    (fault,) = page.faults.model.rows
    assert fault[1].line == good[: good.index('type = "date"')].count("\n") + 1
    assert not {"keep", "publish"} & commands(page)

    file.write_text(good, encoding="utf-8")
    page.read_again()
    settle(qtbot, page)
    assert page.faces.currentIndex() == PREVIEW and "keep" in commands(page)
    page.refresh()
    settle(qtbot, page)
    assert len(page.model.rows) == before  # nothing of it is kept yet
    page.keep()
    settle(qtbot, page)
    assert "kept as a draft" in said(page) and "publish" in commands(page)
    page.publish()
    settle(qtbot, page)
    assert "is live" in said(page) and page.faces.currentIndex() == LIST
    assert page.table.current is not None and page.table.current.key == MINE
    page.desk.notices.undo()
    settle(qtbot, page)
    assert page.table.current.state == "withdrawn" and "restore" in commands(page)
    page.restore()
    settle(qtbot, page)
    page.panel.ask_reason()
    page.panel.reason.setText("Nobody asks it")
    page.panel.reason.returnPressed.emit()
    settle(qtbot, page)
    assert page.table.current.withdrawn_reason == "Nobody asks it"
    page.desk.notices.undo()
    settle(qtbot, page)
    assert page.table.current.state == "live"


def test_a_draft_thrown_away_comes_back_with_undo(qtbot: Any, page: FormsPage) -> None:
    text = (SHIPPED / "about-me.toml").read_text(encoding="utf-8").replace('id = "about-me"', 'id = "mine"')
    page.desk.services.forms.keep_draft(text, "mine.toml")
    page.refresh()
    settle(qtbot, page)
    assert page.table.select_key(MINE)
    page.discard()
    settle(qtbot, page)
    assert MINE not in {f.key for f in page.model.rows}
    page.desk.notices.undo()
    settle(qtbot, page)
    assert MINE in {f.key for f in page.model.rows}


def test_a_preview_branches_and_scores_and_saves_nothing(qtbot: Any, page: FormsPage, centre_db: CentreDb) -> None:
    assert page.table.select_key(FormKey("reablement-start", 2))
    page.look()
    settle(qtbot, page)
    conversation = page.preview.conversation
    conversation.go_to_section("goals")
    assert conversation.row("goal_1_level") is None
    answer(page, "goal_1", "Walk to the shop")
    for question, value in (("importance", "very"), ("difficulty", "very"), ("level", "less")):
        answer(page, f"goal_1_{question}", value)
    (line,) = conversation.views["goals"].scores
    assert line.total.text() == "T 40.0"
    answer(page, "goal_2", "Sleep upstairs")
    assert line.total.text() == "3 of 6 answers"
    conversation.go_to_section("company")
    for item in ("ucla_companionship", "ucla_left_out", "ucla_isolated"):
        answer(page, item, "2")
    (line,) = conversation.views["company"].scores
    assert (line.total.text(), line.reading.text()) == ("6 of 9", "6 to 9: commonly read as lonely")
    page.preview.start_over()
    assert page.preview.draft is not None and not page.preview.draft.seen.values
    with centre_db.owner.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from assessment").scalar() == 0


def test_the_decision_stands_beside_what_was_answered(qtbot: Any, page: FormsPage) -> None:
    assert page.table.select_key(FormKey("care-act-eligibility", 1))
    page.look()
    settle(qtbot, page)
    conversation = page.preview.conversation
    conversation.go_to_section("condition_2")
    answer(page, "el_hygiene", ("assistance", "pain"))
    row = conversation.row("el_hygiene")
    assert row is not None
    alone = row.editor.fields()[0]  # type: ignore[union-attr]
    alone.click()  # type: ignore[attr-defined]
    assert page.preview.draft is not None and page.preview.draft.value("el_hygiene") == ("achieves",)
    conversation.go_to_section("decision")
    row = conversation.row("el_decision")
    assert row is not None and row._beside is not None
    shown = {said.text(): words.text() for _, said, words in row._beside._lines}
    assert shown["Maintaining personal hygiene"] == "Achieves it"
    assert shown["Managing toilet needs"] == "Not answered"
    assert page.preview.draft.value("el_decision") is None
    conversation.go_to_section("condition_1")
    answer(page, "el_impairment", "no")
    conversation.go_to_section("decision")
    answer(page, "el_decision", "eligible")
    assert conversation.row("el_differs_eligible") is not None


def test_a_score_of_a_tool_is_an_answer_once_it_is_whole(qtbot: Any, page: FormsPage) -> None:
    assert page.table.select_key(FormKey("hospital-referral", 1))
    page.look()
    settle(qtbot, page)
    page.preview.conversation.go_to_section("scores")
    row = page.preview.conversation.row("cfs")
    assert row is not None and isinstance(row.editor, ExternalScoreEditor)
    editor, draft = row.editor, page.preview.draft
    assert draft is not None
    for field, words in ((editor.score, "5"), (editor.version, "2.0"), (editor.on, "2/11/2026")):
        field.setFocus()
        QTest.keyClicks(field, words)
    assert draft.value("cfs") is None
    page.preview.conversation.refresh()
    assert editor.score.text() == "5"  # what is half typed stays
    QTest.keyClicks(editor.by, "Dr Amin, ward 4")
    value = draft.value("cfs")
    assert isinstance(value, ExternalScore) and (value.tool, value.score, value.by) == ("cfs", 5, "Dr Amin, ward 4")
    QTest.keyClicks(editor.score, "5")
    assert draft.value("cfs") == value  # 55 is no such score: the answer stays until it is right
    editor.edited.emit()
    assert "higher than this tool goes" in row._note.text()


def test_a_manager_looks_and_changes_nothing(qtbot: Any, dressed: Any, tmp_path: Path, centre_db: CentreDb) -> None:
    desk = desk_of(tmp_path, centre_db.sign_in("max.manager"))
    page = FormsPage(desk)
    qtbot.addWidget(page)
    page.show()
    page.refresh()
    settle(qtbot, page)
    page.table.select_key(FormKey("about-me", 1))
    assert {"look", "read_in"} <= commands(page)
    assert not {"publish", "withdraw", "restore", "discard", "keep"} & commands(page)
    page.read_file(SHIPPED / "about-me.toml")
    settle(qtbot, page)
    assert page.faces.currentIndex() == PREVIEW and "keep" not in commands(page)
    desk.tasks.close()


def test_what_somebody_put_there_by_hand_is_shown_with_its_faults(
    qtbot: Any, page: FormsPage, centre_db: CentreDb, tmp_path: Path
) -> None:
    with centre_db.psql("ada.admin") as connection:
        definition = '{"id":"odd","version":1,"title":"Odd","section":[]}'
        row = "insert into form (id, version, title, definition, state) values ('odd', 1, 'Odd', %s, 'draft')"
        connection.execute(row, (definition,))
    page.refresh()
    settle(qtbot, page)
    assert page.table.select_key(FormKey("odd", 1))
    for deed in (page.look, page.publish):
        deed()
        settle(qtbot, page)
        assert page.faces.currentIndex() == FAULTS and page.faults.model.rows
        page.back()
    page.read_file(tmp_path / "none.toml")
    settle(qtbot, page)
    assert page.desk.notices.said[-1][0] == "warn" and page.faces.currentIndex() == LIST
