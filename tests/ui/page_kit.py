"""One page of a desk on a real database, by keyboard."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from coordination.clock import SystemClock
from tests.database import SignedIn
from tests.ui.fakes import make_desk, wait_idle
from ui.desk import Desk


def desk_of(signed_in: SignedIn, folder: Any) -> Desk:
    """The desk of somebody who is signed in, with the clock of the day. The caller closes its tasks."""
    made: Desk = make_desk(folder, signed_in.services)
    made.clock = SystemClock()
    made.actor = signed_in.actor
    return made


def opened(kind: Any, desk: Desk, qtbot: Any) -> Any:
    """The page, shown and read."""
    page = kind(desk)
    qtbot.addWidget(page)
    page.resize(1180, 640)
    desk.commands.add(page.commands(), page, page.id)
    page.show()
    qtbot.waitExposed(page)
    page.come_forward()
    wait_idle(qtbot, desk)
    page.activateWindow()
    return page


def press(page: Any, qtbot: Any, key: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(page.window().focusWidget() or page, key, modifier)
    wait_idle(qtbot, page.desk)


def form_of(page: Any) -> Any:
    """The form that is asked at the side."""
    return page.panel.area.widget().layout().itemAt(0).widget()


def save(page: Any, qtbot: Any) -> None:
    """Ctrl+Enter in whatever is asked."""
    page.acts.save()
    wait_idle(qtbot, page.desk)
