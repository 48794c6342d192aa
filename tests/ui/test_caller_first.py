"""Caller first, with real keys on a real database: a number finds those it belongs to, and one key takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from sqlalchemy import text

from coordination.intake.model import ContactDraft, NoAction
from coordination.people.callers.model import ProfessionalDraft, ProfessionalId
from coordination.people.model import AroundDraft, PersonDraft
from coordination.values import ContactId, PersonId, new_id
from tests.database import CentreDb
from tests.ui.test_intake_contact import Call, shown_words

NUMBER = "0161 496 0903"


@pytest.fixture
def call(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[Call]:
    made = Call(centre_db, qtbot, tmp_path)
    yield made
    made.desk.tasks.close()


def christabel(call: Call, phone: str = NUMBER) -> None:
    people = call.signed_in.services.people
    people.add_around(call.person.id, AroundDraft("Christabel Pankhurst", "daughter", phone, True), new_id())


def type_number(call: Call, number: str = NUMBER) -> None:
    phone = call.page.fields.phone
    phone.setFocus()
    call.qtbot.keyClicks(phone, number)
    call.idle()


def press(call: Call, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    call.qtbot.keyClick(call.page.focusWidget() or call.page, key, modifier)
    call.idle()


def advise(call: Call) -> None:
    call.page.ending.kind.set_value("advice")
    call.page.ending.advice.field("advice").set_value("Said what to do")
    call.end()


def callers(call: Call) -> list[str]:
    return [caller.name for caller in call.page.caller.list.callers.rows]


@pytest.mark.parametrize("number", [NUMBER, "+44 (0)161-496 0903", "(0161) 4960903", "496 0903"])
def test_a_number_that_is_typed_finds_the_carer_and_enter_takes_her(call: Call, number: str) -> None:
    christabel(call)
    type_number(call, number)
    page = call.page
    assert callers(call) == ["Christabel Pankhurst"]
    assert page.caller.list.callers.lines == [("Christabel Pankhurst", "Daughter and carer of PANKHURST, Emmeline")]
    press(call, Qt.Key.Key_Return)
    assert page.who.person is not None and page.who.person.id == call.person.id
    assert (page.fields.name.text(), page.fields.head.value("caller_relation")) == ("Christabel Pankhurst", "Daughter")
    assert page.fields.need.hasFocus()
    call.qtbot.keyClicks(page.fields.need, "Cannot go on")
    advise(call)
    (contact,) = call.stored()
    assert contact.person_id == call.person.id
    assert contact.caller_name == ""  # of people the words stand with the caller
    stored = call.intake.contact(contact.id)
    assert (stored.caller_name, stored.caller_phone, stored.caller_of) == (
        "Christabel Pankhurst", number, "PANKHURST, Emmeline",
    )  # fmt: skip
    assert page.is_empty and not page.caller.isVisibleTo(page)


def test_a_number_that_is_pasted_into_the_find_field_does_the_same(call: Call) -> None:
    christabel(call)
    QGuiApplication.clipboard().setText("  +44 (0) 161 496 0903\n")
    field = call.page.who.finder.field
    field.setFocus()
    press(call, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert callers(call) == ["Christabel Pankhurst"]
    press(call, Qt.Key.Key_Return)
    page = call.page
    assert page.who.person is not None and page.fields.link is not None
    assert "496 0903" in page.fields.phone.text()
    assert page.who.finder.text == ""


def test_enter_before_the_answer_takes_whoever_it_turns_out_to_be(call: Call) -> None:
    christabel(call)
    phone = call.page.fields.phone
    phone.setFocus()
    call.qtbot.keyClicks(phone, NUMBER)
    call.qtbot.keyClick(phone, Qt.Key.Key_Return)
    call.qtbot.waitUntil(lambda: call.page.fields.link is not None, timeout=30_000)
    call.idle()
    assert call.page.who.person is not None


def test_a_person_who_also_cares_for_another_is_asked_about_whom(call: Call) -> None:
    people = call.signed_in.services.people
    sylvia = people.register(PersonDraft(surname="Pankhurst", given="Sylvia", phone=NUMBER), PersonId(new_id()))
    people.add_around(call.person.id, AroundDraft("Sylvia Pankhurst", "daughter", NUMBER, True), new_id())
    type_number(call)
    assert [c.kind for c in call.page.caller.list.callers.rows] == ["person", "around"]
    press(call, Qt.Key.Key_Return)
    page = call.page
    assert page.who.person is None
    assert page.caller.offers.hasFocus()
    assert [row.id for row in page.caller.offers.people.rows] == [sylvia.id, call.person.id]
    press(call, Qt.Key.Key_Down)
    press(call, Qt.Key.Key_Return)
    assert page.who.person is not None and page.who.person.id == call.person.id
    assert page.fields.values()["caller_person_id"] == sylvia.id


def test_they_call_for_themselves_by_one_key(call: Call) -> None:
    call.find("pankhurst emmeline")
    press(call, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    values = call.page.fields.values()
    assert values["caller_person_id"] == call.person.id
    assert (values["caller_name"], values["caller_relation"]) == ("Emmeline Pankhurst", "The person")
    assert "Calls for themselves" in shown_words(call.page.caller)


def test_another_name_is_another_caller(call: Call) -> None:
    christabel(call)
    type_number(call)
    press(call, Qt.Key.Key_Return)
    assert call.page.fields.link is not None
    call.page.fields.name.setFocus()
    call.qtbot.keyClicks(call.page.fields.name, "x")
    assert call.page.fields.link is None
    assert "caller_around_id" not in call.page.fields.values()


def test_down_goes_to_the_list_and_escape_leaves_it(call: Call) -> None:
    christabel(call)
    type_number(call)
    press(call, Qt.Key.Key_Down)
    assert call.page.caller.list.hasFocus()
    press(call, Qt.Key.Key_Escape)
    assert call.page.fields.phone.hasFocus()
    assert not call.page.caller.list.isVisibleTo(call.page)
    press(call, Qt.Key.Key_F4)
    assert call.page.caller.list.hasFocus()


def test_who_is_chosen_already_stays_chosen(call: Call) -> None:
    people = call.signed_in.services.people
    other = people.register(PersonDraft(surname="Goulden", given="Adela"), PersonId(new_id()))
    people.add_around(other.id, AroundDraft("Bea Goulden", "sister", NUMBER), new_id())
    call.find("pankhurst emmeline")
    type_number(call)
    press(call, Qt.Key.Key_Return)
    assert call.page.who.person is not None and call.page.who.person.id == call.person.id
    assert call.page.fields.name.text() == "Bea Goulden"


def test_an_nhs_number_in_the_find_field_is_no_telephone(call: Call) -> None:
    call.find("943 476 5919")
    assert call.page.who.person is not None
    assert callers(call) == []


def test_a_hidden_person_is_not_there(call: Call) -> None:
    christabel(call)
    with call.db.owner.begin() as connection:
        connection.execute(text("update person set sharing_level = 'named_teams'"))
    type_number(call)
    assert callers(call) == []


# ---------------------------------------------------------------- professionals


def test_a_professional_is_kept_by_one_key_found_next_time_and_can_be_taken_out(call: Call) -> None:
    page = call.page
    page.fields.channel.set_value("gp")
    page.fields.extra.field("practice").set_value("Ancoats practice")
    page.fields.name.setFocus()
    call.qtbot.keyClicks(page.fields.name, "Nia Rees")
    page.fields.head.field("caller_relation").set_value("Practice nurse")
    type_number(call, "0161 496 0700")
    assert "Nobody known has this number." in shown_words(page.caller)
    press(call, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert page.caller.work.value("organisation") == "Ancoats practice"
    page.fields.need.setPlainText("Asks about dressings")
    advise(call)
    assert call.said[-1] == ("say", "Nia Rees is in the register of professionals.")
    type_number(call, "+44 161 4960700")
    assert page.caller.list.callers.lines[0][0] == "Nia Rees"
    assert page.caller.list.callers.lines[0][1].startswith("Practice nurse, Ancoats practice. Called today")
    page.fields.phone.clear()
    call.desk.notices.undo()  # type: ignore[attr-defined]
    call.idle()
    type_number(call, "0161 496 0700")
    assert callers(call) == []


def test_a_professional_without_a_name_is_told_at_the_field(call: Call) -> None:
    page = call.page
    page.fields.name.setText("x")
    page.caller.keep.setChecked(True)
    page.fields.name.setText(" ")
    page.fields.need.setPlainText("Asks")
    advise(call)
    assert (
        page.fields.head.field("caller_name").problem
        == "A professional is kept by name: write it, or do not keep them."
    )
    assert call.stored() == []


def test_what_is_put_aside_comes_back_with_who_calls(call: Call) -> None:
    christabel(call)
    type_number(call)
    press(call, Qt.Key.Key_Return)
    fields = call.page.fields
    raw, link = fields.raw(), fields.link
    fields.restore({})
    assert fields.link is None and fields.is_empty
    fields.restore(raw)
    assert fields.link == link
    fields.set_caller(None)
    call.page.caller.keep.setChecked(True)
    raw, keep = fields.raw(), fields.keep
    fields.restore({})
    assert not call.page.caller.keep.isChecked()
    fields.restore(raw)
    assert fields.keep == keep and call.page.caller.keep.isChecked()


@pytest.mark.parametrize("bad", ["{", "[]", '{"name": 1}', '{"id": "x", "organisation": ""}', "null"])
def test_a_draft_that_cannot_be_read_is_no_caller(call: Call, bad: str) -> None:
    call.page.fields.restore({"link": bad, "keep": bad, "advice": bad, "caller_name": "Ann"})
    assert (call.page.fields.link, call.page.fields.keep, call.page.fields.advice) == (None, None, ())
    assert call.page.fields.name.text() == "Ann"


def test_a_professional_of_the_register_brings_the_practice_along(call: Call) -> None:
    draft = ProfessionalDraft(ProfessionalId(new_id()), "Nia Rees", "Nurse", "Ancoats practice", phone=NUMBER)
    call.signed_in.services.callers.add_professional(draft)
    call.page.fields.channel.set_value("gp")
    type_number(call)
    press(call, Qt.Key.Key_Return)
    assert call.page.fields.extra.value("practice") == "Ancoats practice"
    assert call.page.fields.values()["caller_professional_id"] == draft.id
    assert isinstance(call.page.who.finder.field, QLineEdit) and call.page.who.finder.field.hasFocus()


def test_who_called_before_without_being_known_is_offered_with_what_it_was(call: Call) -> None:
    who = {"caller_name": "Mr Bright", "caller_relation": "Neighbour", "caller_phone": NUMBER}
    earlier = ContactDraft(need="Curtains shut", person_id=call.person.id, **who)
    call.signed_in.services.intake.take_contact(earlier, ContactId(new_id()), NoAction("Test or training"))
    type_number(call)
    assert call.page.caller.list.callers.lines == [
        ("Mr Bright", "Neighbour. Called today about PANKHURST, Emmeline: Curtains shut")
    ]
    press(call, Qt.Key.Key_Return)
    assert call.page.who.person is not None
    assert call.page.fields.link is None and call.page.fields.name.text() == "Mr Bright"
