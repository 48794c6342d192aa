"""An open safeguarding concern is seen on the record and when a call comes in, and leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from coordination.safeguarding.model import ConcernDraft, ConcernFacts, ConcernId
from coordination.values import new_id
from tests.database import CentreDb
from tests.ui.test_people_pages import Place, shown_words
from ui.people.glance import Glance
from ui.people.page import PersonPage
from ui.widgets.basics import LinkLabel


@pytest.fixture
def place(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[Place]:
    made = Place(centre_db, qtbot, tmp_path)
    yield made
    made.desk.tasks.close()


def test_banner_tab_and_call_say_it(place: Place) -> None:
    service = place.db.sign_in("tess.lead").services.safeguarding
    draft = ConcernDraft(ConcernId(new_id()), ConcernFacts("Bruises"), person_id=place.person.id)
    concern = service.raise_concern(draft)
    page = PersonPage(place.desk)
    place.show(page, place.person.id)
    assert page.banner.facts is not None
    said = page.banner.facts.alerts[0]
    assert said.code == "safeguarding" and said.words.startswith("Safeguarding concern open, with Tess Example since ")
    assert page.record is not None
    link = next(b for b in page.findChildren(LinkLabel) if b.text() == f"Concern no. {concern.number}")
    link.click()
    assert place.went[-1] == ("safeguarding", concern.id)

    went: list[UUID] = []
    glance = Glance(page.record, place.desk.clock.now(), None, went.append)
    place.qtbot.addWidget(glance)
    glance.show()
    assert "Safeguarding concern open, with Tess Example" in shown_words(glance)
    next(b for b in glance.findChildren(LinkLabel) if b.text() == "Open the concern").click()
    assert went == [concern.id]


def test_nothing_is_said_where_none_is_open(place: Place) -> None:
    page = PersonPage(place.desk)
    place.show(page, place.person.id)
    assert page.banner.facts is not None and page.banner.facts.alerts == ()
    assert "Safeguarding" not in shown_words(page._now)
