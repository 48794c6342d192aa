"""Schemes, and referrals for an apartment, by keyboard on a real database (N2, N4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from coordination.apartments.model import StayDraft
from coordination.apartments.referrals_model import RequestDraft
from coordination.clock import SystemClock, local_date
from coordination.errors import Refused
from coordination.values import ApartmentId, DateRange
from tests.database import CentreDb
from tests.db.test_apartment_referrals import ANSWERS, referral
from tests.db.test_apartments import flats, person, stay_id
from tests.ui.page_kit import desk_of, form_of, opened, press, save
from ui.apartments.page import ApartmentsPage
from ui.apartments.referrals import ReferralsPage
from ui.apartments.schemes import SchemesPage
from ui.desk import Desk
from ui.sentences import sentence

__all__ = ["flats"]
TODAY = local_date(SystemClock().now())


@pytest.fixture
def desk(centre_db: CentreDb, flats: list[ApartmentId], tmp_path: Any) -> Iterator[Desk]:
    with centre_db.owner.begin() as c:  # the flats of the fixture have numbers of their own
        for table in ("scheme", "apartment"):
            c.execute(text(f"select setval(pg_get_serial_sequence('{table}', 'id'), 10)"))
    made = desk_of(centre_db.sign_in("pia.placement"), tmp_path)
    yield made
    made.tasks.close()


def test_schemes_and_leases_by_keyboard(qtbot: Any, dressed: Any, desk: Desk, centre_db: CentreDb) -> None:
    page: SchemesPage = opened(SchemesPage, desk, qtbot)
    press(page, qtbot, Qt.Key.Key_N)
    form = form_of(page)
    form.field("least_age").editor.setText("old")
    save(page, qtbot)
    assert page.acts.asking and form.field("least_age").problem  # said at the field, and what is typed stays
    form.set_values({"name": "New Court", "neighbourhood_id": 9, "least_age": "55", "postcode": "m22 3za"})
    save(page, qtbot)
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=30_000)
    assert desk.notices.undo is not None
    desk.notices.undo()
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=30_000)

    press(page, qtbot, Qt.Key.Key_C)
    form_of(page).set_values({"can_oxygen": "cannot", "note_oxygen": "no store"})
    save(page, qtbot)
    qtbot.waitUntil(lambda: page.table.current.cannot == {"oxygen"}, timeout=30_000)
    press(page, qtbot, Qt.Key.Key_P)
    form_of(page).set_values({"reason": "Lift broken"})
    save(page, qtbot)
    qtbot.waitUntil(lambda: page.table.current.accepting(TODAY) == (), timeout=30_000)
    press(page, qtbot, Qt.Key.Key_T)
    qtbot.waitUntil(lambda: len(page.table.current.accepting(TODAY)) == 2, timeout=30_000)

    who = person(centre_db, "Pankhurst")
    days = DateRange.of(TODAY + timedelta(days=10), 28)
    desk.services.apartments.book(stay_id(), StayDraft(page.flats.current.id, days, person_id=who))
    press(page, qtbot, Qt.Key.Key_L)
    form_of(page).field("last_day").editor.set_value(TODAY + timedelta(days=20))
    save(page, qtbot)
    error = desk.notices.said[-1][1]
    assert isinstance(error, Refused) and "PANKHURST, Test is booked from" in sentence(error)
    assert page.acts.asking
    page.acts.leave()
    press(page, qtbot, Qt.Key.Key_A)
    form_of(page).set_values({"name": "Flat 3", "bedrooms": 2})
    save(page, qtbot)
    qtbot.waitUntil(lambda: page.flats_model.rowCount() == 3, timeout=30_000)


def test_a_referral_is_recorded_declined_and_comes_back(
    qtbot: Any, dressed: Any, desk: Desk, centre_db: CentreDb
) -> None:
    key = referral(centre_db, person(centre_db, "Pankhurst"))
    page: ReferralsPage = opened(ReferralsPage, desk, qtbot)
    press(page, qtbot, Qt.Key.Key_R)
    form = form_of(page)
    assert not form.field("risk_note").isVisibleTo(form)
    form.field("reason").set_value("cuckooing")
    assert form.field("risk_note").isVisibleTo(form) and not form.field("expected_end").isVisibleTo(form)
    save(page, qtbot)
    assert page.acts.asking and form.field("risk_note").problem
    form.set_values({**ANSWERS, "needs": {"kept_secret"}, "features": {"step_free"}})
    save(page, qtbot)
    qtbot.waitUntil(lambda: page.waiting.current.request is not None, timeout=30_000)
    assert page.waiting.current.request.answers == ANSWERS

    press(page, qtbot, Qt.Key.Key_X)
    form_of(page).set_values({"code": "none_suits", "reason": "Nothing secret is free", "next_step": "Ask the South"})
    save(page, qtbot)
    qtbot.waitUntil(lambda: page.declined_model.rowCount() == 1, timeout=30_000)
    page.view.set_value("declined")
    page._show_view()
    assert page.declined.current.next_step == "Ask the South" and page.waiting_model.rowCount() == 0
    page.activated()
    press(page, qtbot, Qt.Key.Key_O)
    form_of(page).set_values({"reason": "One is free now"})
    save(page, qtbot)
    qtbot.waitUntil(lambda: page.declined_model.rowCount() == 0, timeout=30_000)
    page.open(key)
    qtbot.waitUntil(
        lambda: page.waiting.current is not None and page.waiting.current.request is not None, timeout=30_000
    )


def test_matches_beside_the_board_and_a_booking_against_an_age_limit(
    qtbot: Any, dressed: Any, desk: Desk, centre_db: CentreDb
) -> None:
    who = person(centre_db, "Pankhurst")
    with centre_db.owner.begin() as c:
        c.execute(text("update person set birth_date = '1990-05-01' where id = :p"), {"p": who})
    key = referral(centre_db, who)
    asked = RequestDraft(key, "cuckooing", step_free=True, answers=ANSWERS)
    desk.services.placements.record(asked)
    page: ApartmentsPage = opened(ApartmentsPage, desk, qtbot)
    page.waiting.list.setCurrentRow(0)
    best = page.waiting.best()
    assert [m.unmet for m in best] == [("age",), ("age", "step_free")]
    page.waiting.match_wanted.emit(best[0])
    form = page.panel.area.widget()
    assert form.form.value("purpose") == "cuckooing"
    desk.commands.get("apartments.save")()
    assert form.form.field("override").problem
    form.form.set_values({"override": "Her sister lives there"})
    desk.commands.get("apartments.save")()
    qtbot.waitUntil(lambda: desk.services.apartments.board(DateRange.of(TODAY, 60)).stays != (), timeout=30_000)
    stays = desk.services.apartments.board(DateRange.of(TODAY, 60)).stays
    stay = next(s for s in stays if s.kind == "stay")
    assert [o.reason for o in desk.services.placements.overrides(stay.id)] == ["Her sister lives there"]
