"""Deadlines beside the queue, and the moves by key that are about them; a colleague works at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt

from coordination.intake import clocks
from coordination.intake.clocks import PauseId
from coordination.intake.model import ContactDraft, Refer, ReferralDraft
from coordination.intake.reference import pause_reasons
from coordination.values import ContactId, ReferralId, new_id
from tests.database import CentreDb
from tests.ui.test_intake_queue import Desks, refer, shown_words
from ui.intake.caseload_form import CaseloadForm
from ui.intake.clock_forms import AnswerForm, AskForm, PauseForm, as_until, ends

NIGHT = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)  # when clocks go back
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desks(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[Desks]:
    made = Desks(centre_db, qtbot, tmp_path)
    yield made
    made.feed.stop()
    made.desk.tasks.close()


def fill(desks: Desks, **values: Any) -> None:
    form = desks.page.moves.form
    assert form is not None
    form.form.set_values(values)
    form.go()
    desks.idle()


def test_pause_by_key_says_why_in_the_row_and_runs_on_by_key(desks: Desks) -> None:
    r = refer(desks.cole, "Stairs")
    page = desks.open()
    desks.press(Qt.Key.Key_P)
    assert isinstance(page.moves.form, PauseForm)
    page.moves.form.go()
    desks.idle()
    assert page.moves.form.form.field("reason").problem == "A reason is needed."
    fill(desks, reason="unreachable", words="Rang twice")
    assert desks.cell(r, "time_left") == "Paused, no answer"
    assert "Paused until" in page.model.columns[0].tip(page.model.rows[0])  # type: ignore[misc]
    desks.press(Qt.Key.Key_Space)
    desks.qtbot.waitUntil(lambda: page.detail is not None, timeout=30_000)
    said = shown_words(page.panel)
    assert "because: no answer. Cora Example: “Rang twice”" in said
    assert "Paused by Cora Example until" in said
    desks.press(Qt.Key.Key_P)
    assert desks.cell(r, "time_left").endswith("left")
    desks.desk.notices.undo()  # type: ignore[attr-defined,misc]
    desks.idle()
    assert desks.cell(r, "time_left") == "Paused, no answer"


def test_every_deadline_is_shown_and_those_from_a_ward_side_by_side(desks: Desks) -> None:
    draft = ReferralDraft(ReferralId(new_id()), "reablement", "72_hours", "Ready")
    ward = ContactDraft(channel="ward", need="Home today", details={"ward": "A4"})
    desks.cole.services.intake.take_contact(ward, ContactId(new_id()), Refer((draft,)))
    page = desks.open()
    left = desks.cell(desks.cora.services.intake.referral(draft.id), "time_left")
    assert left in ("23 h left", "1 d left")  # of the 24 hours, not of the 72
    desks.press(Qt.Key.Key_W)
    fill(desks)
    desks.press(Qt.Key.Key_Space)
    desks.qtbot.waitUntil(lambda: page.detail is not None, timeout=30_000)
    said = shown_words(page.panel)
    for part in ("Assess within 24 h", "Assess within 4 h", "Response", "Claim", "comes first"):
        assert part in said, part
    tip = page.model.columns[0].tip(page.model.rows[0])  # type: ignore[misc]
    assert [line.split(":")[0] for line in tip.splitlines()] == [
        "Assess within 4 h",
        "Assess within 24 h",
        "Response",
        "Claim",
    ]
    desks.press(Qt.Key.Key_W)  # no longer
    assert "within 4 h" not in page.model.columns[0].tip(page.model.rows[0])  # type: ignore[misc]
    desks.press(Qt.Key.Key_U)
    assert "Assess within 4 h" in page.model.columns[0].tip(page.model.rows[0])  # type: ignore[misc]


def test_ask_answer_and_the_mark_in_the_list(desks: Desks) -> None:
    refer(desks.cole, "Stairs")
    page = desks.open()
    desks.press(Qt.Key.Key_M)
    assert isinstance(page.moves.form, AskForm)
    fill(desks, ask_of="named", question="Which dose?")
    assert page.moves.form.form.field("named").problem == "Name whom you ask."
    fill(desks, named="Dr Anand")
    state = next(c for c in page.model.columns if c.id == "state")
    look = state.badge(page.model.rows[0])  # type: ignore[misc]
    assert look is not None and look.mark == "question"
    assert "More information was asked for" in state.tip(page.model.rows[0])  # type: ignore[misc]
    page.filters.show_view("on_hold")
    desks.idle()
    assert len(page.model.rows) == 1
    desks.press(Qt.Key.Key_M)
    assert isinstance(page.moves.form, AnswerForm)
    assert "“Which dose?”" in shown_words(page.panel)
    fill(desks, answer="40 mg")
    assert desks.said()[-1].startswith("Answer written to no. ")


def test_transfer_and_first_response(desks: Desks) -> None:
    r = refer(desks.cora, "Stairs", hold=True)
    desks.open()
    desks.press(Qt.Key.Key_B)
    now = desks.cora.services.intake.referral(r.id)
    assert (now.state, now.responded_at is not None) == ("accepted", True)
    desks.press(Qt.Key.Key_S)
    fill(desks, locality="south", reason="Lives in Wythenshawe")
    now = desks.cora.services.intake.referral(r.id)
    assert (now.state, now.locality) == ("waiting", "south")
    desks.desk.notices.undo()  # type: ignore[attr-defined,misc]
    desks.idle()
    assert desks.cora.services.intake.referral(r.id).state == "accepted"


def test_a_form_opened_before_a_change_says_who_and_keeps_what_is_typed(desks: Desks) -> None:
    r = refer(desks.cole, "Stairs")
    page = desks.open()
    desks.press(Qt.Key.Key_D)
    moved = desks.cole.services.intake.triage(r.id, r.revision, "reablement", "two_hours", "Worse since").referral
    fill(desks, reason="Lives in Salford")
    form = page.moves.form
    assert form is not None
    assert "Triaged by Cole Example" in form.note.text() and "What you typed is kept" in form.note.text()
    assert form.form.value("reason") == "Lives in Salford"
    assert desks.cora.services.intake.referral(r.id) == moved
    form.go()  # having read it
    desks.idle()
    assert desks.cora.services.intake.referral(r.id).state == "declined"
    assert page.moves.form is None


def test_a_form_about_what_somebody_claimed_says_who_and_keeps_what_is_typed(desks: Desks) -> None:
    r = refer(desks.cole, "Stairs")
    page = desks.open()
    desks.press(Qt.Key.Key_X)
    desks.cole.services.intake.claim(r.id, r.revision)
    fill(desks, reason="Settled by telephone")
    form = page.moves.form
    assert form is not None
    assert form.note.text().startswith("Cole Example has this referral")
    assert form.form.value("reason") == "Settled by telephone"


def test_pressed_twice_it_is_sent_once(desks: Desks) -> None:
    r = refer(desks.cole, "Stairs")
    page = desks.open()
    desks.press(Qt.Key.Key_P)
    form = page.moves.form
    assert form is not None
    form.form.set_values({"reason": "unreachable"})
    form.go()
    form.go()
    form.go()
    desks.idle()
    assert desks.said() == [f"Paused no. {r.number}."]
    assert desks.cora.services.intake.referral(r.id).revision == r.revision + 1


def test_each_notice_takes_back_its_own_move(desks: Desks) -> None:
    first, second = refer(desks.cole, "Stairs"), refer(desks.cole, "Bath", "routine")
    page = desks.open()
    desks.press(Qt.Key.Key_C)
    undo_first = desks.desk.notices.undo  # type: ignore[attr-defined]
    page.choose(second.id)
    desks.press(Qt.Key.Key_C)
    undo_first()
    desks.idle()
    intake = desks.cora.services.intake
    assert (intake.referral(first.id).state, intake.referral(second.id).state) == ("waiting", "claimed")
    desks.press(Qt.Key.Key_U)
    assert intake.referral(second.id).state == "waiting"


def test_a_whole_caseload_with_what_changed_meanwhile_row_by_row(desks: Desks) -> None:
    held = [refer(desks.cora, f"Need {n}", hold=True) for n in range(4)]
    held = [desks.cora.services.intake.referral(r.id) for r in held]
    page = desks.open()
    desks.qtbot.keyClick(page.table, Qt.Key.Key_H, SHIFT)
    desks.idle()
    form = page.moves.form
    assert isinstance(form, CaseloadForm)
    assert len(form.chosen) == 4
    form.go()
    desks.idle()
    assert form.form.field("to").problem == "Choose one colleague or several, or the queue."
    desks.cole.services.intake.take_over(held[1].id, held[1].revision, "She asked for me")
    form.to.mark("cole.coordinator")
    form.to.mark("dina.lead")
    form.moving.mark("3", on=False)  # this one stays with me
    fill(desks, reason="My leave")
    intake = desks.cora.services.intake
    assert [intake.referral(r.id).holder for r in held] == [
        "cole.coordinator",
        "cole.coordinator",
        "dina.lead",
        "cora.coordinator",
    ]
    assert desks.said()[-1] == "Handed over 2 referrals; 1 was changed by others meanwhile and left."
    assert f"No. {held[1].number}: Taken over by Cole Example" in shown_words(page.panel)
    desks.desk.notices.undo()  # type: ignore[attr-defined,misc]
    desks.idle()
    assert [intake.referral(r.id).holder for r in held] == [
        "cora.coordinator",
        "cole.coordinator",
        "cora.coordinator",
        "cora.coordinator",
    ]


def test_left_too_long_in_a_stage_turns_amber_and_paused_it_does_not(desks: Desks) -> None:
    r = refer(desks.cole, "Stairs")
    page = desks.open()
    state = next(c for c in page.model.columns if c.id == "state")
    desks.desk.clock.at += timedelta(hours=2, minutes=1)  # type: ignore[attr-defined]
    assert state.badge(page.model.rows[0]).tone == "amber"  # type: ignore[misc,union-attr]
    assert state.tip(page.model.rows[0]) == "Nobody has claimed it in time."  # type: ignore[misc]
    desks.cole.services.intake.pause(r.id, r.revision, PauseId(new_id()), "asked_to_wait")
    page.refresh()
    desks.idle()
    assert state.badge(page.model.rows[0]).tone != "amber"  # type: ignore[misc,union-attr]


def test_no_wait_is_negative(desks: Desks) -> None:
    r = refer(desks.cole, "Stairs")
    desks.desk.clock.at -= timedelta(minutes=30)  # type: ignore[attr-defined]
    desks.open()
    assert desks.cell(r, "waiting") == "0 min"


def test_keys_are_unique_and_the_new_moves_are_in_the_menus(desks: Desks) -> None:
    refer(desks.cora, "Stairs", hold=True)
    page = desks.open()
    keys = [command.shortcut for command in page.commands() if command.shortcut]
    assert len(keys) == len(set(keys))
    desks.press(Qt.Key.Key_Space)
    desks.qtbot.waitUntil(lambda: page.detail is not None, timeout=30_000)
    assert page.detail is not None
    shown, more = page.moves.for_panel(page.detail)
    assert {"queue.pause", "queue.ask", "queue.transfer", "queue.moft"} <= {*shown, *more}


@pytest.mark.parametrize("code", list(pause_reasons()))
def test_what_the_form_offers_is_allowed(code: str) -> None:
    reason = pause_reasons()[code]
    offered = ends(reason, NIGHT)
    assert clocks.pause_until(reason, as_until(offered[0][0]), NIGHT) == NIGHT + timedelta(minutes=reason.minutes)
    for value, words in offered:
        assert words
        clocks.pause_until(reason, as_until(value), NIGHT)
