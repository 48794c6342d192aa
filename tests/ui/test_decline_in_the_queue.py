"""A referral for an apartment is declined in the queue by the same list as where apartments are placed (N4)."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt

from coordination.clock import local_date
from tests.care_kit import add_person
from tests.db.test_intake import refer
from tests.ui.test_intake_queue import Desks, desks

__all__ = ["desks"]


def test_it_has_a_code_a_next_step_and_a_day_and_undo_takes_all_of_it_back(desks: Desks) -> None:
    person = add_person(desks.db, "Pankhurst")
    referral = refer(desks.cole, "A flat near her sister", service="neighbourhood_apartment", person_id=person)
    page = desks.open()
    desks.press(Qt.Key.Key_D)
    form = page.moves.form
    assert form is not None
    form.go()
    desks.idle()
    assert form.form.field("code").problem and form.form.field("next_step").problem
    form.form.set_values({"code": "other", "next_step": "Ask the South"})
    form.go()
    desks.idle()
    assert form.form.field("reason").problem and page.moves.form is form  # a code that says nothing by itself
    form.form.set_values({"code": "none_suits"})
    form.go()
    desks.idle()
    assert page.moves.form is None
    placements, today = desks.cora.services.placements, local_date(desks.desk.clock.now())
    (declined,) = placements.declined()
    assert (declined.code, declined.next_step) == ("none_suits", "Ask the South")
    assert declined.look_again_on == today + timedelta(days=7)
    now = desks.cora.services.intake.referral(referral.id)
    assert (now.state, now.holder) == ("declined", "cole.coordinator") and now.state_reason
    desks.desk.notices.undo()  # type: ignore[attr-defined,misc]
    desks.idle()
    assert placements.declined() == [] and desks.cora.services.intake.referral(referral.id).state == "waiting"


def test_one_that_is_about_nobody_yet_is_declined_in_words(desks: Desks) -> None:
    referral = refer(desks.cole, "A flat", service="neighbourhood_apartment")
    page = desks.open()
    desks.press(Qt.Key.Key_D)
    form = page.moves.form
    assert form is not None and "code" not in form.form.fields
    form.form.set_values({"reason": "The caller rang off"})
    form.go()
    desks.idle()
    assert desks.cora.services.intake.referral(referral.id).state == "declined"
