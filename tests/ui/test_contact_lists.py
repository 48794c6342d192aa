"""What can be chosen in a contact is there before the database has said so, and while it cannot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import QSettings

from coordination.errors import DatabaseAway
from coordination.intake.model import Refer, ServiceKind
from tests.ui.fakes import make_desk
from ui.intake import lists
from ui.intake.contact_form import ContactPage


class Away:
    """The services of a database that does not answer."""

    def __getattr__(self, _name: str) -> Away:
        return self

    def __call__(self, *_asked: Any) -> Any:
        raise DatabaseAway


@pytest.fixture
def desk(qapp: Any, tmp_path: Any) -> Iterator[Any]:
    made = make_desk(tmp_path, Away())
    yield made
    made.tasks.close()


def page_while_away(desk: Any, qtbot: Any) -> ContactPage:
    desk.foot.set_connection(False, desk.clock.now())
    page = ContactPage(desk)
    qtbot.addWidget(page)
    desk.commands.add(page.commands(), page, "contact")
    page.show()
    page.come_forward()
    return page


def test_a_referral_can_be_taken_on_a_desk_that_never_saw_the_database(desk: Any, dressed: Any, qtbot: Any) -> None:
    page = page_while_away(desk, qtbot)
    (block,) = page.ending.blocks
    assert block.service.count() > 10
    page.who.finder.set_text("Mrs Okafor, 12 Nelson Street")
    page.who.set_not_known()
    page.fields.need.setPlainText("Fell in the bathroom")
    block.service.set_value("equipment")
    block.urgency.set_value("same_day")
    block.form.field("urgency_reason").set_value("Alone")
    assert block.service.currentText() == "Equipment and adaptations"
    page.end()
    (item,) = desk.outbox.items
    assert isinstance(item.ending, Refer) and item.ending.referrals[0].service == "equipment"
    assert page.is_empty
    page.put_away()


def test_a_draft_shows_the_name_of_its_service_from_the_first_moment(desk: Any, dressed: Any, qtbot: Any) -> None:
    lists.keep(desk.settings, [ServiceKind("gone", "A service of last year", "health")], [])
    page = page_while_away(desk, qtbot)
    page.fields.need.setPlainText("Chair")
    page.ending.blocks[0].service.set_value("gone")
    before = page.typed()
    page.put_aside()
    page.resume(before)
    assert page.ending.blocks[0].service.currentText() == "A service of last year"
    page.put_away()


def test_what_the_database_says_takes_its_place_and_is_kept(settings: QSettings) -> None:
    comes_with_it = lists.last_known(settings)
    assert comes_with_it == lists.of_the_program() and len(comes_with_it.services) > 5
    lists.keep(settings, [ServiceKind("a", "A", "both")], [("MRI", "Manchester Royal Infirmary")])
    assert lists.last_known(settings).services == (ServiceKind("a", "A", "both"),)
    assert lists.last_known(settings).hospitals == (("MRI", "Manchester Royal Infirmary"),)


@given(st.one_of(st.text(), st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps)))
@example('{"services": [["a", "A", "mine"]], "hospitals": []}')
@example('{"services": [["a", "A"]], "hospitals": []}')
@example('{"services": [], "hospitals": []}')
@example('{"services": null, "hospitals": []}')
@example('{"services": [["a", "A", "both"]], "hospitals": [1]}')
def test_settings_that_say_nonsense_are_passed_over(said: str) -> None:
    assert lists._read(said) is None
