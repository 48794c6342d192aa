"""A worker's day entered from paper, by keys alone, on a real database."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from coordination.errors import DatabaseAway
from tests.database import CentreDb
from tests.ui.fakes import make_desk, wait_idle
from tests.ui.outcomes_kit import Yesterday
from ui.commands import Commands
from ui.outcomes.papers import DRAFT, PapersPage

A_MINUTE = 60.0
# Keystroke-level model: a key of an average typist 0.28 s; looking at a line of the sheet and deciding, 1.35 s.
KEY, THINK = 0.28, 1.35


class Hands:
    """Presses keys and counts them."""

    def __init__(self, m: SimpleNamespace) -> None:
        self.m, self.keys = m, 0

    def press(self, *keys: Qt.Key, ctrl: bool = False) -> None:
        modifier = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        for key in keys:
            self.keys += 2 if ctrl else 1
            QTest.keyClick(self.m.page.focusWidget() or self.m.page, key, modifier)

    def type(self, text: str) -> None:
        self.keys += len(text)
        QTest.keyClicks(self.m.page.focusWidget(), text)


@pytest.fixture
def desk_of_lead(centre_db: CentreDb, qtbot, dressed, tmp_path):
    made = []

    def build(many: int = 14) -> SimpleNamespace:
        team = Yesterday.make(centre_db, many)
        desk = make_desk(tmp_path, team.session.services)
        team.dress(desk)
        page = PapersPage(desk)
        qtbot.addWidget(page)
        page.resize(1200, 700)
        page.show()
        qtbot.waitExposed(page)
        commands = Commands()
        commands.add(page.commands(), page, page.id)
        page.activateWindow()
        page.come_forward()
        wait_idle(qtbot, desk)
        made.append(desk)
        m = SimpleNamespace(team=team, desk=desk, page=page, commands=commands, idle=lambda: wait_idle(qtbot, desk))
        m.hands = Hands(m)
        return m

    yield build
    for desk in made:
        desk.tasks.close()


def said(m) -> list[str]:
    return [str(words) for _kind, words in m.desk.notices.said]


def test_a_day_of_fourteen_visits_with_two_exceptions_takes_well_under_a_minute(desk_of_lead, qtbot) -> None:
    m = desk_of_lead()
    hands = m.hands
    assert m.page.list.search.hasFocus()
    hands.type("am")
    hands.press(Qt.Key.Key_Return)
    m.idle()
    assert m.page.grid.hasFocus() and m.page.grid.at == 0
    hands.press(*[Qt.Key.Key_Return] * 4)
    hands.press(Qt.Key.Key_N, Qt.Key.Key_Return)
    hands.press(*[Qt.Key.Key_Return] * 3)
    hands.press(Qt.Key.Key_X, Qt.Key.Key_X, Qt.Key.Key_Return)
    hands.type("1105")
    hands.press(Qt.Key.Key_Return)
    hands.press(*[Qt.Key.Key_Return] * 4)
    hands.press(Qt.Key.Key_Return, ctrl=True)
    m.idle()
    expected = ["done"] * 14
    expected[4], expected[8] = "no_access", "declined"
    assert m.team.states() == expected
    assert said(m)[0].endswith("14 visits saved, 1 no access, 1 declined.")
    trace = m.team.session.services.outcomes.trace
    assert trace(m.team.visits[4]).happened.reason == "no_reply"
    assert trace(m.team.visits[8]).happened.reason == "managed_alone"
    assert trace(m.team.visits[9]).happened.began == m.team.at(11, 5), "half past eleven was five past"
    assert m.page.list.model.rowCount() == 0, "the worklist empties"
    assert m.page.list.search.hasFocus(), "ready for the next name"
    # 14 lines looked at, and 26 keys: 14 x 1.35 + 26 x 0.28 = 26.2 s
    assert hands.keys == 26
    assert 14 * THINK + hands.keys * KEY < A_MINUTE / 2
    m.desk.notices.undo()
    m.idle()
    assert m.team.states() == ["planned"] * 14, "one undo for the whole day"


def test_the_rest_as_planned_is_one_key(desk_of_lead) -> None:
    m = desk_of_lead(5)
    m.hands.press(Qt.Key.Key_Return)
    m.idle()
    m.hands.press(Qt.Key.Key_Down, Qt.Key.Key_M, Qt.Key.Key_A)
    assert [line.outcome for line in m.page.sheet.lines] == ["done", "missed", "done", "done", "done"]
    m.hands.press(Qt.Key.Key_Return, ctrl=True)
    m.idle()
    assert m.team.states() == ["done", "missed", "done", "done", "done"]


def test_a_bad_line_says_why_and_the_rest_is_saved(desk_of_lead) -> None:
    m = desk_of_lead(3)
    m.hands.press(Qt.Key.Key_Return)
    m.idle()
    board = m.team.session.services.deployment
    m.hands.press(Qt.Key.Key_Return, Qt.Key.Key_C, *[Qt.Key.Key_C] * 5)  # "another reason" asks for words
    m.hands.press(Qt.Key.Key_Return, Qt.Key.Key_Return)
    m.hands.press(Qt.Key.Key_Return, ctrl=True)
    m.idle()
    assert m.team.states() == ["done", "planned", "done"]
    line = m.page.sheet.lines[1]
    assert line.error == "This reason needs a few words: press W." and m.page.grid.at == 1
    assert m.desk.drafts.take(DRAFT, m.desk.drafts.of(DRAFT)[0].key)["lines"][0]["outcome"] == "cancelled"
    m.hands.press(Qt.Key.Key_W)
    m.hands.type("Went to her sister")
    m.hands.press(Qt.Key.Key_Return)
    m.hands.press(Qt.Key.Key_Return, ctrl=True)
    m.idle()
    assert board.visit(m.team.visits[1]).state_reason == "Another reason: Went to her sister"
    assert not m.desk.drafts.of(DRAFT), "nothing is left to be saved"


def test_nothing_is_lost_while_the_database_is_away(desk_of_lead, monkeypatch) -> None:
    m = desk_of_lead(2)
    m.hands.press(Qt.Key.Key_Return)
    m.idle()
    m.hands.press(Qt.Key.Key_N, Qt.Key.Key_Return)
    whole = m.desk.services.outcomes

    class Away:
        def save_day(self, _entries: object) -> None:
            raise DatabaseAway

        def __getattr__(self, name: str) -> object:
            return getattr(whole, name)

    monkeypatch.setitem(m.desk.services.__dict__, "outcomes", Away())
    m.hands.press(Qt.Key.Key_Return, ctrl=True)
    m.idle()
    assert "kept on this computer" in said(m)[-1] and m.page.sheet.lines[0].outcome == "no_access"
    monkeypatch.setitem(m.desk.services.__dict__, "outcomes", whole)
    m.page.sheet = None
    m.page._show_sheet()
    m.page.list.begin()
    m.page.refresh()
    m.idle()
    assert m.page.list.table.current is not None
    m.hands.press(Qt.Key.Key_Return)
    m.idle()
    assert m.page.sheet.lines[0].outcome == "no_access", "what was kept stands there again"
    m.hands.press(Qt.Key.Key_Return, ctrl=True)
    m.idle()
    assert m.team.states() == ["no_access", "planned"]


def test_an_answer_that_was_lost_leaves_no_draft_behind(desk_of_lead, monkeypatch) -> None:
    """The database had it all, and the line broke before it could say so."""
    m = desk_of_lead(2)
    m.hands.press(Qt.Key.Key_Return)
    m.idle()
    m.hands.press(Qt.Key.Key_Return, Qt.Key.Key_M)
    whole = m.desk.services.outcomes

    class Breaks:
        def save_day(self, entries: object) -> None:
            whole.save_day(entries)
            raise DatabaseAway

        def __getattr__(self, name: str) -> object:
            return getattr(whole, name)

    monkeypatch.setitem(m.desk.services.__dict__, "outcomes", Breaks())
    m.hands.press(Qt.Key.Key_Return, ctrl=True)
    m.idle()
    monkeypatch.setitem(m.desk.services.__dict__, "outcomes", whole)
    m.page.refresh()
    m.idle()
    assert m.team.states() == ["done", "missed"]
    assert m.page.sheet.said == 0 and not m.desk.drafts.of(DRAFT)
