"""What comes back late to a page that is not in front, or while somebody writes, takes no cursor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from tests.database import CentreDb
from tests.ui.test_intake_queue import Desks, refer


@pytest.fixture
def desks(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[Desks]:
    made = Desks(centre_db, qtbot, tmp_path)
    yield made
    made.feed.stop()
    made.desk.tasks.close()


def test_a_hand_over_that_is_answered_when_one_is_elsewhere_takes_no_cursor(desks: Desks) -> None:
    """Ctrl+Enter in the queue, then at once to another page: its field keeps the keys."""
    r = refer(desks.cole, "Stairs")
    page = desks.open()
    stack, elsewhere = QStackedWidget(), QLineEdit()
    around = QWidget()
    around.setLayout(QVBoxLayout())
    around.layout().addWidget(stack)
    desks.qtbot.addWidget(around)
    stack.addWidget(page)
    stack.addWidget(elsewhere)
    around.show()
    around.activateWindow()
    desks.qtbot.waitUntil(around.isActiveWindow, timeout=30_000)
    page.table.setFocus()
    page.table.select_key(r.id)
    page.moves.close()
    desks.idle()
    form = page.moves.form
    assert form is not None
    desks.qtbot.waitUntil(lambda: form.isAncestorOf(QApplication.focusWidget()), timeout=30_000)
    form.form.fields["reason"].set_value("Settled")
    form.go()
    stack.setCurrentWidget(elsewhere)
    elsewhere.setFocus()
    desks.idle()
    desks.qtbot.keyClicks(QApplication.focusWidget(), "jones")
    assert elsewhere.text() == "jones" and page.moves.form is None
    assert desks.cole.services.intake.referral(r.id).state == "closed"
    page.setParent(None)


def test_a_form_that_comes_late_does_not_take_the_cursor_out_of_the_find_field(desks: Desks) -> None:
    """H for hand over reads the colleagues first; whoever has gone on to write in the list's find field stays there."""
    refer(desks.cole, "Stairs")
    page = desks.open()
    desks.qtbot.keyClick(page.table, Qt.Key.Key_H)
    page.filters.find.setFocus()
    desks.idle()
    desks.qtbot.waitUntil(lambda: page.moves.form is not None, timeout=30_000)
    assert page.filters.find.hasFocus()
