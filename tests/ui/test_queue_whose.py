"""Saying in the queue whose a referral is, with a key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt

from coordination.intake.model import ContactDraft, Refer, Referral, ReferralDraft
from coordination.people.model import PersonDraft
from coordination.values import ContactId, PersonId, ReferralId, new_id
from tests.database import CentreDb
from tests.ui.test_intake_queue import Desks
from ui.intake.whose_form import HOW, NOT_KNOWN_AGAIN, WhoseForm


@pytest.fixture
def desks(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[Desks]:
    made = Desks(centre_db, qtbot, tmp_path)
    yield made
    made.feed.stop()
    made.desk.tasks.close()


def of_nobody(desks: Desks) -> Referral:
    draft = ReferralDraft(ReferralId(new_id()), "reablement", "24_hours", "Weak since the fall")
    contact = ContactDraft(need="Fell in the kitchen", details={"said_to_be": "Grace Okafor"})
    return desks.cole.services.intake.take_contact(contact, ContactId(new_id()), Refer((draft,))).referrals[0]


def opened(desks: Desks) -> WhoseForm:
    desks.press(Qt.Key.Key_I)
    form = desks.page.moves.form
    assert isinstance(form, WhoseForm)
    desks.idle()
    return form


def test_found_by_what_was_said_and_taken_back(desks: Desks) -> None:
    people = desks.cole.services.people
    who = people.register(PersonDraft(surname="Okafor", given="Grace"), PersonId(new_id()))
    r = of_nobody(desks)
    desks.open()
    form = opened(desks)
    assert form.finder.text == "Grace Okafor" and not form.confirm.isEnabled()
    form.go()  # nobody is chosen: it says nothing
    assert desks.cole.services.intake.referral(r.id).person_id is None
    desks.qtbot.waitUntil(lambda: bool(form.finder.list.people.rows), timeout=30_000)
    desks.qtbot.keyClick(form.finder.field, Qt.Key.Key_Return)
    assert form.person is not None and form.person.id == who.id and form.form.values()["reason"] == HOW
    desks.qtbot.keyClick(form.confirm, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desks.idle()
    assert desks.cole.services.intake.referral(r.id).person_id == who.id
    assert "OKAFOR" in desks.cell(r, "person")
    assert desks.said()[-1] == f"Now known whose is no. {r.number}."
    assert not desks.page._by_id["queue.whose"].enabled_when()
    desks.press(Qt.Key.Key_U)
    assert desks.cell(r, "person") == "Not known"
    assert desks.cole.services.intake.open_referral(r.id).events[-1].reason == NOT_KNOWN_AGAIN


def test_somebody_new_is_registered_on_the_way(desks: Desks) -> None:
    r = of_nobody(desks)
    desks.open()
    form = opened(desks)
    form.new.click()
    assert form.register.fields.form.value("surname") == "Okafor"
    form.register.register()
    desks.idle()
    assert form.person is not None and form.person.given == "Grace"
    form.look_again()
    assert form.person is None and form.finder.isVisibleTo(form)
    form.register.known.emit(desks.cole.services.people.find("Okafor", 5)[0])
    form.go()
    desks.idle()
    known = desks.cole.services.intake.referral(r.id).person_id
    assert known is not None and desks.cole.services.people.get(known).fields.surname == "Okafor"


def test_another_said_it_first(desks: Desks) -> None:
    people = desks.cole.services.people
    mine = people.register(PersonDraft(surname="Okafor", given="Grace"), PersonId(new_id()))
    theirs = people.register(PersonDraft(surname="Okoro", given="Ada"), PersonId(new_id()))
    r = of_nobody(desks)
    desks.open()
    form = opened(desks)
    desks.cole.services.intake.say_whose(r.id, r.revision, theirs.id, "Her brother said so")
    form.choose(people.find("Grace Okafor", 5)[0])
    assert form.person is not None and form.person.id == mine.id
    form.go()
    desks.idle()
    assert "Noted by" in form.note.text() and "was changed meanwhile" in form.note.text()
    assert desks.cole.services.intake.referral(r.id).person_id == theirs.id
