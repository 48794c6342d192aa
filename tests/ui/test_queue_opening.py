"""The queue asks before its widgets are made; the answer is taken only where it still is one."""

from __future__ import annotations

from tests.ui.test_intake_live import desks
from tests.ui.test_intake_queue import Desks, refer
from ui.intake.page import QueuePage

__all__ = ["desks"]


def test_what_was_asked_ahead_serves_only_the_same_question_at_once(desks: Desks) -> None:
    refer(desks.cole, "Stairs")
    late = QueuePage(desks.desk)
    desks.qtbot.addWidget(late)
    desks.idle()
    assert late.model.rowCount() == 0, "it came before anybody wanted it"
    refer(desks.cole, "Bath")
    late.show()
    late.come_forward()
    desks.idle()
    assert late.model.rowCount() == 2
    elsewhere = QueuePage(desks.desk)
    desks.qtbot.addWidget(elsewhere)
    desks.desk.locality.set("South")
    elsewhere.show()
    elsewhere.come_forward()
    desks.idle()
    assert elsewhere.model.rowCount() == 0
    assert elsewhere.live.asked is not None
    assert elsewhere.live.asked.localities == {"south"}
