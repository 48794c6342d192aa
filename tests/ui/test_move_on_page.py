"""The tracker by keyboard, on a real database: steps, undo, a hold; figures that open to their stays (N4, N5, O2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt

from coordination.apartments.model import StayDraft
from coordination.clock import SystemClock, local_date
from coordination.values import ApartmentId, DateRange
from tests.database import CentreDb, SignedIn
from tests.db.test_apartments import flats, person, stay_id
from tests.ui.fakes import wait_idle
from tests.ui.page_kit import desk_of, form_of, opened, press
from ui.apartments.figures import ApartmentFiguresPage
from ui.apartments.tracker import MoveOnPage
from ui.desk import Desk

__all__ = ["flats"]
TODAY = local_date(SystemClock().now())


@pytest.fixture
def pia(centre_db: CentreDb, flats: list[ApartmentId]) -> SignedIn:
    pia = centre_db.sign_in("pia.placement")
    service = pia.services.apartments
    for flat, surname, ago, purpose in ((1, "Pankhurst", 20, "hospital_bed"), (2, "Rylands", 3, "")):
        days = DateRange.of(TODAY - timedelta(days=ago), 28)
        draft = StayDraft(ApartmentId(flat), days, person_id=person(centre_db, surname), instead_of=purpose)
        stay = service.book(stay_id(), draft)
        service.arrive(stay.id, stay.revision)
    return pia


@pytest.fixture
def desk(pia: SignedIn, tmp_path: Any) -> Iterator[Desk]:
    made = desk_of(pia, tmp_path)
    yield made
    made.tasks.close()


def test_steps_and_a_hold_by_keyboard(qtbot: Any, dressed: Any, desk: Desk) -> None:
    page: MoveOnPage = opened(MoveOnPage, desk, qtbot)
    assert page.table.current is not None and page.table.current.who == "PANKHURST, Test"
    assert page.tasks.current is not None and page.tasks.current.is_open
    first = page.tasks.current.id
    page.activateWindow()
    page.table.setFocus()
    press(page, qtbot, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: sum(t.is_open for t in page.table.current.tasks) == 4, timeout=30_000)
    page.acts.hold()
    assert page.acts.asking
    press(page, qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.table.current.hold_until is not None, timeout=30_000)
    assert not page.acts.asking
    press(page, qtbot, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: page.table.current.hold_until is None, timeout=30_000)
    assert {t.id for t in page.table.current.tasks if not t.is_open} == {first}


def test_a_step_that_waits_says_for_what_and_a_day_that_is_none_is_said_at_its_field(
    qtbot: Any, dressed: Any, desk: Desk
) -> None:
    page: MoveOnPage = opened(MoveOnPage, desk, qtbot)
    page.acts.edit()
    wait_idle(qtbot, page.desk)
    form = form_of(page)
    form.field("blocked_by").editor.set_value("The grant is not decided")
    form.field("due_on").editor.setText("soon")
    page.acts.save()
    assert page.acts.asking
    form.field("due_on").editor.setText("+3")
    page.acts.save()
    wait_idle(qtbot, page.desk)
    qtbot.waitUntil(lambda: bool(page.table.current.blocked), timeout=30_000)
    assert page.table.current.blocked[0].blocked_by == "The grant is not decided"
    assert page.table.current.blocked[0].due_on == TODAY + timedelta(days=3)


def test_figures_open_to_their_stays(qtbot: Any, dressed: Any, desk: Desk) -> None:
    page: ApartmentFiguresPage = opened(ApartmentFiguresPage, desk, qtbot)
    (found,) = page.model.rows
    assert found.name == "Test Court" and found.discharge_days == 21 and found.stay_days == 25
    assert page.stays_model.rowCount() == 2
    page.figure.set_value("discharge_days")
    page._open_figure()
    assert [f.who for f in page.stays_model.rows] == ["PANKHURST, Test"]
    page.last.set_value(TODAY - timedelta(days=400))
    page.refresh()
    assert not page.problem.isHidden()
