"""The rules of triage say in the queue too what they suggest, and one key takes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt

from tests.database import CentreDb
from tests.ui.test_intake_queue import Desks, refer, shown_words
from ui.intake.move_forms import TriageForm


@pytest.fixture
def desks(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[Desks]:
    made = Desks(centre_db, qtbot, tmp_path)
    yield made
    made.feed.stop()
    made.desk.tasks.close()


def test_one_key_takes_what_is_suggested(desks: Desks) -> None:
    r = refer(desks.cole, "She had a fall at home, no injury, cannot get up from the floor", "routine")
    page = desks.open()
    desks.press(Qt.Key.Key_T)
    form = page.moves.form
    assert isinstance(form, TriageForm) and form.suggestions.routes
    first = form.suggestions.next_to_take()
    assert first is not None and "Suggested: " in shown_words(form)
    assert page._by_id["queue.suggested"].enabled_when()
    assert (form.service.value, form.urgency.value) == ("reablement", "routine")  # nothing is decided by itself
    page._by_id["queue.suggested"]()
    assert (form.service.value, form.urgency.value) == (first.first.service, first.first.urgency)
    assert form.form.values()["urgency_reason"] == first.reason
    desks.idle()
    desks.qtbot.waitUntil(lambda: "Suggested, as it stands: " in shown_words(form), timeout=30_000)
    form.go()
    desks.idle()
    now = desks.cora.services.intake.referral(r.id)
    assert (now.service, now.urgency, now.urgency_reason) == (first.first.service, first.first.urgency, first.reason)
    assert not page._by_id["queue.suggested"].enabled_when()


def test_ones_own_words_stay_and_nothing_suggested_shows_nothing(desks: Desks) -> None:
    refer(desks.cole, "She had a fall at home, no injury, cannot get up from the floor", "routine")
    page = desks.open()
    desks.press(Qt.Key.Key_T)
    form = page.moves.form
    assert isinstance(form, TriageForm)
    form.form.set_values({"urgency_reason": "The crew is on its way"})
    page.moves.take_suggested()
    assert form.form.values()["urgency_reason"] == "The crew is on its way"
    page.moves.leave()
    page.moves.take_suggested()


def test_where_the_rules_say_nothing_there_is_nothing_to_take(desks: Desks) -> None:
    refer(desks.cole, "Zzz")
    page = desks.open()
    desks.press(Qt.Key.Key_T)
    form = page.moves.form
    assert isinstance(form, TriageForm) and not form.suggestions.routes
    assert not form.suggestions.isVisibleTo(form) and not page._by_id["queue.suggested"].enabled_when()
