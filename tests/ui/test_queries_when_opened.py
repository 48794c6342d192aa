"""A screen asks the database at most three things when it is opened, however much there is in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from coordination.changes import Change
from coordination.clock import FixedClock
from coordination.people.model import PersonDraft
from coordination.values import PersonId, new_id
from tests.database import CentreDb
from tests.db.test_people import statements
from tests.ui.fakes import make_desk, wait_idle
from ui.desk import Desk
from ui.intake.contact_form import ContactPage
from ui.page import Page
from ui.people.page import PeoplePage, PersonPage

MOST = 3
PANKHURSTS = ("Emmeline", "Emmeline", "Sylvia")


@pytest.fixture
def desk(centre_db: CentreDb, tmp_path: Any, dressed: object) -> Iterator[tuple[Desk, Any, PersonId]]:
    signed_in = centre_db.sign_in("cora.coordinator")
    made = make_desk(tmp_path, signed_in.services)
    made.actor, made.clock = signed_in.actor, FixedClock(datetime.now(UTC))
    people = [
        signed_in.services.people.register(PersonDraft("Pankhurst", given, birth_date="14/7/1945"), PersonId(new_id()))
        for given in PANKHURSTS
    ]
    yield made, signed_in.engine, people[0].id
    made.tasks.close()


def opened(qtbot: Any, desk: Desk, engine: Any, page: Page, key: object) -> list[str]:
    """What a page asks from when it comes forward until it shows what was asked. Who is there is not counted."""
    with statements(engine) as seen:
        qtbot.addWidget(page)
        page.resize(1366, 760)
        page.show()
        page.come_forward(key)
        wait_idle(qtbot, desk)
    return [one for one in seen if " presence" not in one]


def test_contact_people_and_person(qtbot: Any, desk: tuple[Desk, Any, PersonId]) -> None:
    made, engine, person_id = desk
    with statements(engine) as building:
        contact = ContactPage(made)
        wait_idle(qtbot, made)
    asked = [*building, *opened(qtbot, made, engine, contact, person_id)]
    assert contact.who.record is not None
    assert not made.choices.stale
    assert len(asked) <= MOST, asked

    again = ContactPage(made)
    asked = opened(qtbot, made, engine, again, person_id)
    assert len(asked) == 1, "the lists are known by now"

    people = PeoplePage(made)
    asked = opened(qtbot, made, engine, people, "pankhrust emeline")
    qtbot.waitUntil(lambda: bool(people.model.rows), timeout=30_000)
    assert len(asked) <= MOST, asked

    person = PersonPage(made)
    asked = opened(qtbot, made, engine, person, person_id)
    assert person.record is not None
    qtbot.waitUntil(person.twice.isVisible, timeout=30_000)
    assert len(asked) <= MOST, asked


def test_the_lists_of_a_sitting_are_read_again_when_an_account_has_changed(
    qtbot: Any, desk: tuple[Desk, Any, PersonId], centre_db: CentreDb
) -> None:
    made, engine, _ = desk
    owner = ContactPage(made)
    qtbot.addWidget(owner)
    wait_idle(qtbot, made)
    names: list[list[str]] = []

    def want() -> int:
        with statements(engine) as seen:
            for _ in range(3):
                made.choices.want(owner, lambda found: names.append([each.display_name for each in found.colleagues]))
            wait_idle(qtbot, made)
        return len(seen)

    assert (want(), len(names)) == (0, 3)
    with centre_db.owner.begin() as connection:
        connection.execute(text("update user_account set display_name = 'Zora' where user_name = 'cole.coordinator'"))
    made.changes.deliver(Change("governance", "cole.coordinator"))
    qtbot.waitUntil(lambda: made.choices.stale, timeout=30_000)
    assert want() == 1
    assert "Zora" in names[-1]
    assert "Zora" not in names[0]
