"""A move that meets a change: both versions side by side, words kept, one key goes on; and answers that come late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt

from coordination.values import UserName
from tests.database import CentreDb
from tests.ui.test_intake_queue import Desks, refer, shown_words
from ui.intake.both_versions import BothVersions


@pytest.fixture
def desks(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[Desks]:
    made = Desks(centre_db, qtbot, tmp_path)
    yield made
    made.feed.stop()
    made.desk.tasks.close()


def enter(desks: Desks, form: Any) -> None:
    desks.qtbot.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desks.idle()


def test_words_stay_and_both_versions_stand_side_by_side(desks: Desks) -> None:
    r = refer(desks.cole, "Stairs", "routine")
    page = desks.open()
    desks.press(Qt.Key.Key_X)
    form = page.moves.form
    form.form.fields["reason"].set_value("Settled by telephone")
    cole = desks.cole.services.intake
    now = cole.triage(r.id, r.revision, "falls", "two_hours", "Fell again").referral
    enter(desks, form)
    assert page.moves.form is form and form.form.value("reason") == "Settled by telephone"
    assert "was changed meanwhile. Triaged by Cole Example" in form.note.text()
    told = shown_words(page.panel.findChild(BothVersions))
    for part in ("You saw", "Stands now", "Reablement", "Falls", "Routine", "2 hours", "Cole Example, "):
        assert part in told, part
    cole.transfer(r.id, now.revision, "therapy", None, "Rather theirs")
    enter(desks, form)
    told = shown_words(page.panel.findChildren(BothVersions)[-1])
    assert "Falls" in told and "Routine" not in told, "the second time only what is new since the first"
    enter(desks, form)
    assert cole.referral(r.id).state == "closed" and cole.referral(r.id).state_reason == "Settled by telephone"
    assert page.moves.form is None


def test_a_claim_that_met_a_change_goes_on_with_enter_or_is_left_with_esc(desks: Desks) -> None:
    r = refer(desks.cole, "Stairs", "routine")
    page = desks.open()
    cole = desks.cole.services.intake
    now = cole.triage(r.id, r.revision, "reablement", "two_hours", "Fell again").referral
    desks.press(Qt.Key.Key_C)
    form = page.moves.form
    assert form is not None and "Claim all the same" in form.confirm.text()
    assert "2 hours" in shown_words(form) and cole.referral(r.id).state == "waiting"
    desks.qtbot.waitUntil(lambda: form.confirm.hasFocus(), timeout=30_000)
    desks.qtbot.keyClick(form, Qt.Key.Key_Escape)
    desks.idle()
    assert page.moves.form is None
    desks.press(Qt.Key.Key_C)
    assert cole.referral(r.id).holder == "cora.coordinator"
    cole.take_over(r.id, cole.referral(r.id).revision, "She asked me to")
    desks.press(Qt.Key.Key_R)
    assert "Cole Example has this referral" in shown_words(page.panel)
    assert now.id == r.id


def test_enter_does_it_all_the_same(desks: Desks) -> None:
    r = refer(desks.cole, "Stairs", "routine")
    page = desks.open()
    desks.cole.services.intake.triage(r.id, r.revision, "reablement", "two_hours", "Fell again")
    desks.press(Qt.Key.Key_C)
    form = page.moves.form
    desks.qtbot.keyClick(form.confirm, Qt.Key.Key_Return)
    desks.idle()
    assert page.moves.form is None
    assert desks.cole.services.intake.referral(r.id).holder == "cora.coordinator"


def test_an_answer_that_comes_late_closes_no_form_that_was_opened_since(desks: Desks) -> None:
    """Claim, and hand over before the claim is answered: what is typed stays, and one's own claim is no surprise."""
    r = refer(desks.cole, "Stairs", "routine")
    page = desks.open()
    held = []
    run = page.run
    page.run = lambda call, ok, *more, **by: run(call, lambda found: held.append((ok, found)), *more, **by)
    desks.press(Qt.Key.Key_C)
    claimed = held.pop()
    page.run = run
    desks.press(Qt.Key.Key_H)
    form = page.moves.form
    form.form.fields["to_user"].set_value("cole.coordinator")
    form.form.fields["reason"].set_value("Knows her")
    claimed[0](claimed[1])
    desks.idle()
    assert page.moves.form is form and form.isVisible() and form.form.value("reason") == "Knows her"
    enter(desks, form)
    assert page.moves.form is None, form.note.text()
    assert desks.cole.services.intake.referral(r.id).holder == UserName("cole.coordinator")


def test_an_error_that_comes_late_touches_no_other_form(desks: Desks) -> None:
    first, second = refer(desks.cole, "Stairs", "two_hours"), refer(desks.cole, "Bath", "routine")
    page = desks.open()
    held = []
    run = page.run

    def late(call: Any, ok: Any, failed: Any = None, **by: Any) -> None:
        run(call, ok, lambda error: held.append((failed, error)) or True, **by)

    desks.cole.services.intake.claim(first.id, first.revision)
    page.run = late
    desks.press(Qt.Key.Key_C)
    page.run = run
    page.table.select_key(second.id)
    desks.press(Qt.Key.Key_X)
    form = page.moves.form
    form.form.fields["reason"].set_value("Settled")
    failed, error = held[0]
    assert failed(error) is False, "the notices say it"
    desks.idle()
    assert page.moves.form is form and form.isVisible() and form.form.value("reason") == "Settled"
    enter(desks, form)
    assert desks.cole.services.intake.referral(second.id).state == "closed"
    assert desks.cole.services.intake.referral(first.id).state == "claimed"
