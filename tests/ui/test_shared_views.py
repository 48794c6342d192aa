"""A view that is shared: colleagues see it marked with whose it is, and only its owner changes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from coordination.intake.queue import OwnView, QueueFilter
from coordination.values import new_id
from tests.database import CentreDb
from tests.ui.test_intake_queue import Desks, refer


@pytest.fixture
def desks(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[Desks]:
    with centre_db.owner.begin() as owner:
        owner.execute(text("update user_account set locality = 'north' where user_name like '%.coordinator'"))
    made = Desks(centre_db, qtbot, tmp_path)
    yield made
    made.feed.stop()
    made.desk.tasks.close()


def test_shared_views_are_seen_with_whose_they_are(desks: Desks) -> None:
    urgent, _other = refer(desks.cole, "Stairs", "two_hours"), refer(desks.cole, "Bath", "routine")
    asked = QueueFilter(urgencies=frozenset({"two_hours"}))
    cole = desks.cole.services.intake
    cole.save_view(OwnView(new_id(), "At once", asked, {}, 0, shared="centre"))
    page = desks.open()
    (shared,) = page.filters.choices.shared
    page.filters.show_view(str(shared.id))
    desks.idle()
    assert [row.id for row in page.model.rows] == [urgent.id]
    assert page.filters.view_name == "At once · Cole Example"
    assert not page.own_views.this.isVisible(), "nothing about it is mine to change"
    by_id = {command.id: command for command in page.own_views.commands()}
    assert not any(by_id[name].enabled_when() for name in ("queue.view_forget", "queue.view_centre"))
    page.own_views.ask_name()
    page.own_views.name.setText("At once, mine")
    page.own_views.name_given()
    desks.idle()
    assert page.filters.view_name == "At once, mine", "a copy of one's own"
    by_id["queue.view_centre"]()
    desks.idle()
    assert [view.name for view in cole.choices().shared] == ["At once, mine"]
    assert not by_id["queue.view_centre"].enabled_when() and by_id["queue.view_private"].enabled_when()
    desks.desk.notices.undo()  # type: ignore[attr-defined,misc]
    desks.idle()
    assert cole.choices().shared == ()
