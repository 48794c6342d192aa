"""Merging and parting two records on the page of a person, by keyboard, on a real database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QCheckBox

from coordination.intake.model import Advice, ContactDraft
from coordination.people.model import AlertDraft, AroundDraft, Person, PersonDraft
from coordination.values import ContactId, PersonId, new_id
from tests.ui.test_people_pages import EMMELINE, Place, place, shown_words
from ui.people import words
from ui.people.correct import CorrectPerson
from ui.people.merging import MergeView
from ui.people.page import PersonPage
from ui.widgets.fields import Form

__all__ = ["place"]

EMILY = replace(EMMELINE, given="Emeline", nhs_number="", phone="0161 496 0077", title="", email="x" * 200 + "@a.org")


def opened(place: Place) -> tuple[PersonPage, Person]:
    """The record of somebody who is registered twice."""
    other = place.people.register(EMILY, PersonId(new_id()))
    place.people.add_alert(other.id, AlertDraft("allergy", "Nuts"), new_id())
    page = PersonPage(place.desk)
    place.show(page, place.person.id)
    return page, other


def until(place: Place, holds: Callable[[], object]) -> None:
    """One answer may ask the next question: wait for what is to be seen."""
    place.qtbot.waitUntil(lambda: bool(holds()), timeout=30_000)
    place.idle()


def press(page: PersonPage, words_: str) -> None:
    next(b for b in page.findChildren(QAbstractButton) if b.text() == words_ and b.isVisibleTo(page)).click()


def comparing(place: Place) -> tuple[PersonPage, MergeView, Person]:
    page, other = opened(place)
    until(place, lambda: "May be the same as PANKHURST, Emeline" in shown_words(page))
    press(page, "Compare")
    until(place, lambda: page.twice.merging)
    view = page.twice.merging
    assert view is not None
    return page, view, other


def test_compare_choose_merge_and_undo(place: Place) -> None:
    page, view, other = comparing(place)
    said = shown_words(view)
    for part in ("Is kept: PANKHURST, Emmeline (Mrs)", "Is merged into it: PANKHURST, Emeline", "1 alert", "Emeline"):
        assert part in said, part
    assert view.compared.differing == ("given", "title", "nhs_number", "phone", "email")
    assert view.taken == {"email", "spare_phone"}
    view.choices["given"].setChecked(True)
    view.merge()
    place.idle()
    assert "is needed" in view.reason.field("reason").problem
    place.qtbot.keyClicks(view.reason.field("reason").editor, "Her daughter says so")
    place.qtbot.keyClick(view.reason.field("reason").editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(place, lambda: page.banner.facts is not None and page.banner.facts.given == "Emeline")
    assert page.twice.merging is None
    assert [a.words for a in page.record.alerts] == ["Nuts"]  # type: ignore[union-attr]
    place.desk.notices.undo()  # type: ignore[attr-defined,misc]
    until(place, lambda: page.record is not None and page.record.person.fields.given == "Emmeline")
    assert page.record is not None
    assert page.record.alerts == ()
    assert place.people.get(other.id).fields.phone == "0161 496 0077"


def test_the_other_way_round_and_leaving_it(place: Place) -> None:
    page, view, other = comparing(place)
    press(page, "Keep the other one instead")
    until(place, lambda: page.twice.merging not in (None, view))
    view = page.twice.merging  # type: ignore[assignment]
    assert view.compared.kept.id == other.id
    place.qtbot.keyClick(view, Qt.Key.Key_Escape)
    place.idle()
    assert page.twice.merging is None
    assert place.people.get(other.id).id == other.id


def test_what_is_in_the_way_is_said(place: Place) -> None:
    plans = place.signed_in.services.careplan
    page, other = opened(place)
    plans.start(place.person.id)
    plans.start(other.id)
    page.compare(other.id)
    place.idle()
    view = page.twice.merging
    assert view is not None
    assert "a person has one plan" in shown_words(view)
    assert not view.confirm.isEnabled()


def test_merged_meanwhile_by_somebody_else(place: Place) -> None:
    page, view, other = comparing(place)
    cole = place.db.sign_in("cole.coordinator").services.people
    compared = cole.compare(other.id, place.person.id)
    cole.merge(new_id(), compared.kept, compared.merged, "The same", ())
    view.reason.set_values({"reason": "The same"})
    view.merge()
    place.idle()
    assert "already, by Cole Example" in shown_words(view)
    page.twice.leave()
    until(place, lambda: page.record is not None and page.record.person.id == other.id)
    assert "was merged into this one" in shown_words(page)
    assert "by Cole Example" in shown_words(page)


def test_part_them_again_with_what_was_made_since(place: Place) -> None:
    page, other = opened(place)
    compared = place.people.compare(place.person.id, other.id)
    place.people.merge(new_id(), compared.kept, compared.merged, "The same", ())
    contact = ContactDraft(person_id=place.person.id, need="About the boiler")
    made = place.signed_in.services.intake.take_contact(contact, ContactId(new_id()), Advice("Told"))
    page.refresh()
    page.show_tab(5)
    until(place, lambda: "Brought along 1 alert." in shown_words(page))
    press(page, "Part them again")
    until(place, lambda: page.panel.findChildren(QCheckBox))
    box = next(b for b in page.panel.findChildren(QCheckBox) if "About the boiler" in b.text())
    box.setChecked(True)
    page.panel.findChildren(Form)[-1].set_values({"reason": "Two sisters"})
    press(page, "Part them")
    until(place, lambda: "Two sisters" in shown_words(page))
    assert [c.id for c in place.people.open_record(other.id).contacts] == [made.contact.id]


def test_only_those_who_merge_are_offered_it(place: Place) -> None:
    place.people.register(EMILY, PersonId(new_id()))
    place.desk.actor = replace(place.desk.actor, role="placement_coordinator")
    page = PersonPage(place.desk)
    place.show(page, place.person.id)
    assert "May be the same" not in shown_words(page)
    command = next(c for c in page.commands() if c.id == "person.merge")
    assert not command.enabled_when()


# -------------------------------------------------------------------- the tabs


def test_tabs_by_key_and_the_timeline_to_print(place: Place, monkeypatch: Any) -> None:
    page, _other = opened(place)
    for number in range(6):
        next(c for c in page.commands() if c.shortcut == f"Ctrl+{number + 1}")()
        place.idle()
        assert page._tabs.currentIndex() == number
    assert page._table is None
    page.show_tab(1)
    assert page._table is page.timeline.table
    page.timeline.chips.set_value(frozenset({"record"}))
    place.idle()
    assert {item.what for item in page.timeline.model.rows} == {"record"}


def test_the_timeline_goes_on_where_it_ended(place: Place) -> None:
    intake = place.signed_in.services.intake
    for number in range(60):
        contact = ContactDraft(person_id=place.person.id, need=f"Call {number}")
        intake.take_contact(contact, ContactId(new_id()), Advice("Told"))
    page = PersonPage(place.desk)
    place.show(page, place.person.id)
    page.show_tab(1)
    place.idle()
    assert len(page.timeline.model.rows) == 100
    assert page.timeline._said.text() == "100 of 121"
    page.timeline.earlier.click()
    place.idle()
    assert len(page.timeline.model.rows) == 121
    assert not page.timeline.earlier.isVisibleTo(page)


def test_undo_of_what_was_added_and_corrected(place: Place) -> None:
    page = PersonPage(place.desk)
    place.show(page, place.person.id)
    page.add("alert")
    page.panel.findChildren(Form)[-1].set_values({"kind": "allergy", "words": "Nuts"})
    press(page, "Add")
    place.idle()
    place.desk.notices.undo()  # type: ignore[attr-defined,misc]
    until(place, lambda: page.record is not None and page.record.alerts == ())
    assert page.record is not None
    page.add("around")
    page.panel.findChildren(Form)[-1].set_values({"name": "Sylvia"})
    [b for b in page.panel.findChildren(QAbstractButton) if b.text() == "Add"][-1].click()
    until(place, lambda: page.record is not None and page.record.around)
    place.desk.notices.undo()  # type: ignore[attr-defined,misc]
    until(place, lambda: page.record is not None and page.record.around == ())
    page.correct()
    page.panel.findChildren(CorrectPerson)[-1].fields.form.set_values({"phone": "0161 496 0002"})
    press(page, "Save")
    until(place, lambda: page.record.person.fields.phone == "0161 496 0002")  # type: ignore[union-attr]
    place.desk.notices.undo()  # type: ignore[attr-defined,misc]
    until(place, lambda: page.record.person.fields.phone == "0161 496 0000")  # type: ignore[union-attr]


def test_somebody_is_around_no_longer_and_again(place: Place) -> None:
    place.people.add_around(place.person.id, AroundDraft("Sylvia", "daughter"), new_id())
    page = PersonPage(place.desk)
    place.show(page, place.person.id)
    page.show_tab(5)
    place.idle()
    press(page, "No longer")
    until(place, lambda: "Around again" in shown_words(page))
    assert page.record is not None
    assert page.record.around == ()
    place.desk.notices.undo()  # type: ignore[attr-defined,misc]
    until(place, lambda: page.record is not None and page.record.around)


def test_a_very_long_word_makes_no_page_wider(place: Place) -> None:
    place.people.update(place.person.id, 1, replace(EMMELINE, email="x" * 300 + "@a.org"))
    contact = ContactDraft(person_id=place.person.id, need="y" * 500)
    place.signed_in.services.intake.take_contact(contact, ContactId(new_id()), Advice("z" * 500))
    page = PersonPage(place.desk)
    place.show(page, place.person.id)
    for number in range(6):
        page.show_tab(number)
        place.idle()
        assert page.minimumSizeHint().width() <= 1366, number


def test_words() -> None:
    assert words.beginning("Cannot manage the stairs", 18) == "Cannot manage the …"
    assert words.beginning("x" * 30, 10) == "x" * 9 + " …"
    assert words.beginning("short", 10) == "short"
    assert words.soft("a plain text") == "a plain text"
    assert words.soft("x" * 30).replace("\u200b", "") == "x" * 30
    assert words.moved((("contact", 3), ("referral", 1), ("visit", 2))) == "3 contacts, 1 referral and 2 visits"
    draft = PersonDraft(surname="A")
    assert draft.surname == "A"
