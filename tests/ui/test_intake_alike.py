"""While a contact is written: referrals that look the same show beside it, and one key makes it about one of them."""

from __future__ import annotations

from typing import Any

import pytest

from coordination.intake.model import ContactDraft, Refer, ReferralDraft
from coordination.values import ContactId, ReferralId, new_id
from tests.ui.test_people_pages import Place, place, shown_words
from ui.intake.contact_form import ContactPage

__all__ = ["place"]

NEED = "Fell in the bathroom on Sunday, cannot wash or dress"


@pytest.fixture
def referral(place: Place) -> Any:
    draft = ReferralDraft(ReferralId(new_id()), "reablement", "routine", "Weak")
    contact = ContactDraft(person_id=place.person.id, need=NEED, caller_phone="0161 496 0009")
    return place.signed_in.services.intake.take_contact(contact, ContactId(new_id()), Refer((draft,))).referrals[0]


def test_one_key_makes_it_about_the_open_one(place: Place, referral: Any) -> None:
    page = ContactPage(place.desk)
    place.show(page, place.person.id)
    place.qtbot.waitUntil(lambda: page.who.record is not None, timeout=30_000)
    command = next(c for c in page.commands() if c.id == "contact.alike")
    assert not command.enabled_when()
    page.fields.need.setFocus()
    place.qtbot.keyClicks(page.fields.need, "She fell in the bathroom and cannot wash")
    place.qtbot.waitUntil(lambda: bool(page.alike.found), timeout=30_000)
    said = shown_words(page.alike)
    assert f"No. {referral.number}, Reablement: waiting" in said
    assert "The same need in similar words" in said
    assert "It is about this  (F12)" in said
    command()
    assert page.ending.kind.value == "linked"
    assert page.ending.linked is not None
    assert page.ending.linked.id == referral.id


def test_of_somebody_not_known_by_the_telephone(place: Place, referral: Any) -> None:
    page = ContactPage(place.desk)
    place.show(page)
    page.who.set_not_known()
    page.fields.head.set_values({"caller_phone": "0161 496 0009"})
    place.qtbot.keyClicks(page.fields.need, NEED)
    place.qtbot.waitUntil(lambda: bool(page.alike.found), timeout=30_000)
    page.alike.take()
    assert page.ending.linked is not None
    assert page.ending.linked.id == referral.id


def test_nothing_is_said_of_an_empty_form(place: Place, referral: Any) -> None:
    page = ContactPage(place.desk)
    place.show(page, place.person.id)
    place.qtbot.waitUntil(lambda: page.who.record is not None, timeout=30_000)
    page.alike._ask()
    place.idle()
    assert not page.alike.isVisibleTo(page)
