"""Knowledge beside the call and the fields of each channel, with real keys on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from coordination.intake.model import CHANNELS, Contact, ContactDraft, GivenAdvice, NoAction, Refer, ReferralDraft
from coordination.values import ContactId, ReferralId, new_id
from tests.database import CentreDb
from tests.ui.test_intake_contact import Call, shown_words
from ui.intake import channel_words, given
from ui.intake.contact_fields import ContactFields
from ui.intake.contact_form import ContactPage
from ui.intake.detail import contact_facts
from ui.style import theme
from ui.widgets.basics import TextArea

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def call(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[Call]:
    made = Call(centre_db, qtbot, tmp_path)
    yield made
    made.desk.tasks.close()


def press(call: Call, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    call.qtbot.keyClick(call.page.focusWidget() or call.page, key, modifier)
    call.idle()


def write_need(call: Call, words: str) -> None:
    need = call.page.fields.need
    need.setFocus()
    call.qtbot.keyClicks(need, words)
    call.page.knowledge.look()


# ---------------------------------------------------------------- scripts


def test_the_script_follows_the_need_and_its_answer_goes_into_it(call: Call) -> None:
    write_need(call, "She fell in the bath")
    panel, need = call.page.knowledge, call.page.fields.need
    assert panel.scripts.shown is not None and panel.scripts.shown.script.code == "fall"
    press(call, Qt.Key.Key_F7)
    assert panel.isVisible() and panel.scripts.rows[0].tick.hasFocus()
    press(call, Qt.Key.Key_Down)
    press(call, Qt.Key.Key_Return)
    assert need.hasFocus()
    call.qtbot.keyClicks(need, "her hip")
    assert need.toPlainText() == "She fell in the bath\nHurt: her hip"
    assert call.page.fields.ticked == {"fall.1"}
    press(call, Qt.Key.Key_F7)  # on to the first that was not asked yet
    assert panel.scripts.rows[0].tick.hasFocus()
    press(call, Qt.Key.Key_Down)
    press(call, Qt.Key.Key_Return)  # asked again: no second line, only the cursor
    call.qtbot.keyClicks(need, ", left")
    assert need.toPlainText() == "She fell in the bath\nHurt: her hip, left"


def test_a_script_that_is_worked_in_stays_and_says_what_fits_as_well(call: Call) -> None:
    write_need(call, "Help with washing")
    scripts = call.page.knowledge.scripts
    assert scripts.shown is not None and scripts.shown.script.code == "home_support"
    scripts.rows[0].tick.setChecked(True)
    write_need(call, ". Bruises, afraid of her son, he is taking money")
    assert scripts.shown.script.code == "home_support"
    assert "A worry about harm or neglect" in shown_words(scripts)
    first = scripts.shown
    press(call, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    assert scripts.shown != first


def test_escape_closes_it_for_good_and_the_button_still_says_what_fits(call: Call) -> None:
    panel = call.page.knowledge
    press(call, Qt.Key.Key_F7)
    assert panel.isVisible()
    press(call, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert call.page.fields.need.hasFocus()
    call.page.resize(1800, 900)
    assert not panel.isVisible()
    write_need(call, "He slipped")
    assert panel.opener.isVisible() and panel.opener.text() == "Script: A fall"


def test_it_stands_open_where_there_is_room_and_only_there(call: Call) -> None:
    panel = call.page.knowledge
    call.page.resize(1170, 660)
    assert not panel.isVisible()
    call.page.resize(1500, 800)
    assert panel.isVisible()
    call.page.resize(1170, 660)
    press(call, Qt.Key.Key_F7)
    assert panel.isVisible()
    for part in (call.page.who, call.page.fields.need, call.page.ending.kind):
        assert part.isVisible() and part.width() >= 280


def test_another_contact_has_a_script_of_its_own(call: Call) -> None:
    write_need(call, "She fell")
    call.page.knowledge.scripts.rows[0].tick.setChecked(True)
    raw = call.page.fields.raw()
    call.page.fields.restore({})
    scripts = call.page.knowledge.scripts
    assert scripts.shown is not None and scripts.shown.script.code == "opening"
    assert not any(each.tick.isChecked() for each in scripts.rows)
    call.page.fields.restore(raw)
    assert scripts.shown.script.code == "fall" and scripts.rows[0].tick.isChecked()


# ---------------------------------------------------------------- information and advice


def test_advice_is_found_given_by_a_key_and_recorded(call: Call) -> None:
    call.find("pankhurst emmeline")
    write_need(call, "What will it cost?")
    press(call, Qt.Key.Key_I, CONTROL)
    view = call.page.knowledge.advice
    assert view.search.hasFocus()
    call.qtbot.keyClicks(view.search, "paying")
    press(call, Qt.Key.Key_Return)
    assert [a.code for a in call.page.fields.advice] == ["paying_for_care"]
    assert "1 given, kept with the contact" in shown_words(view)
    call.page.ending.kind.set_value("advice")
    assert call.page.ending.advice.value("advice").startswith("Paying for care and support: ")
    call.end()
    (contact,) = call.stored()
    stored = call.intake.contact(contact.id)
    assert [(a.title, a.by_name) for a in stored.advice] == [("Paying for care and support", "Cora Example")]
    assert ("Advice given", "Paying for care and support") in contact_facts(stored, call.desk.clock.now())
    assert call.page.fields.advice == () and view.given == ()


def test_what_is_given_goes_with_every_end(call: Call) -> None:
    call.find("pankhurst emmeline")
    write_need(call, "She fell")
    call.page.knowledge.advice.give()
    call.refer_to("falls", "routine", "No injury")
    call.end()
    (contact,) = call.stored()
    assert contact.ending == "referral"
    assert len(call.intake.contact(contact.id).advice) == 1


def test_once_more_takes_it_back_and_own_words_are_left_alone(call: Call) -> None:
    view, field = call.page.knowledge.advice, call.page.ending.advice.field("advice")
    view.give()
    assert field.value
    view.give()
    assert (call.page.fields.advice, field.value) == ((), "")
    field.set_value("In my own words")
    view.give()
    assert field.value == "In my own words"


def test_nothing_found_says_so(call: Call) -> None:
    press(call, Qt.Key.Key_I, CONTROL)
    call.qtbot.keyClicks(call.page.knowledge.advice.search, "qqqq")
    assert "Nothing found" in shown_words(call.page.knowledge.advice)
    press(call, Qt.Key.Key_Return)
    assert call.page.fields.advice == ()


def test_many_topics_still_fit_into_an_ending() -> None:
    advice = [GivenAdvice(str(n), f"Topic {n}", "x" * 390) for n in range(20)]
    said = given.sentence(advice)
    assert len(said) <= 4_000 and "Topic 19" in said
    assert given.of_text(given.as_text(advice)) == tuple(advice)


# ---------------------------------------------------------------- channels


def fill(fields: ContactFields) -> dict[str, str]:
    """Something into every field of the channel; gives what was typed or chosen."""
    typed = {}
    for name, field in fields.extra.fields.items():
        editor: QWidget = field.editor
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.count() - 1)
            typed[name] = editor.currentText()
        elif isinstance(editor, TextArea):
            editor.setPlainText("Dear all,\n\n  she fell.")
            typed[name] = "Dear all,\n\n  she fell."
        elif isinstance(editor, QLineEdit):
            said = {"link": "https://example.org/1", "sender": "Ann <ann@example.org>"}.get(name, f"the {name}")
            said = "21/11/2026" if name.endswith("_day") else "10:15" if name.endswith("_time") else said
            editor.setText(said)
            typed[name] = said
    return typed


@pytest.mark.parametrize("channel", CHANNELS)
def test_each_channel_keeps_its_own_fields_and_shows_them_in_words(call: Call, channel: str) -> None:
    call.idle()
    fields = call.page.fields
    fields.channel.set_value(channel)
    typed = fill(fields)
    fields.need.setPlainText("Help")
    values = fields.values()
    call.signed_in.services.intake.take_contact(
        ContactDraft(**values), contact_id := ContactId(new_id()), NoAction("Test or training")
    )
    contact = call.intake.contact(contact_id)
    shown = dict(contact_facts(contact, datetime(2026, 11, 22, 9, tzinfo=UTC)))
    for name, said in typed.items():
        if name not in ("received_day", "received_time", "moft_day", "moft_time"):
            assert shown[channel_words.label(channel, name)] == said, name
    if channel == "ward":
        assert "21-Nov-2026 10:15" in str(shown["Medically optimised since"])


def test_what_was_typed_for_another_channel_waits_and_is_not_sent(call: Call) -> None:
    fields = call.page.fields
    fields.channel.set_value("gp")
    fields.extra.field("clinician").set_value("Dr Malik")
    fields.channel.set_value("emergency_department")
    assert fields.extra.value("clinician") == ""
    assert "clinician" not in fields.values()["details"]
    fields.channel.set_value("telephone")
    assert fields.values()["details"] == {}
    fields.channel.set_value("gp")
    assert fields.extra.value("clinician") == "Dr Malik"
    raw = fields.raw()
    fields.restore({})
    fields.restore(raw)
    assert (fields.channel.value, fields.extra.value("clinician")) == ("gp", "Dr Malik")


@pytest.mark.parametrize(
    ("channel", "name", "typed", "said"),
    [
        ("social_media", "link", "over there", "That is no link."),
        ("social_media", "link", "javascript:alert(1)", "That is no link."),
        ("email", "sender", "nobody", "That is not an e-mail address."),
        ("email", "text", "x" * 20_001, "That is too long."),
    ],
)
def test_a_bad_value_is_marked_at_its_field(call: Call, channel: str, name: str, typed: str, said: str) -> None:
    page = call.page
    page.fields.channel.set_value(channel)
    page.fields.extra.field(name).set_value(typed)
    page.fields.need.setPlainText("Help")
    page.ending.kind.set_value("advice")
    page.ending.advice.field("advice").set_value("Said so")
    call.end()
    assert page.fields.extra.field(name).problem.startswith(said)
    assert page.fields.extra.field(name).editor.hasFocus()
    assert call.stored() == []


def test_a_practice_is_offered_by_any_part_of_its_name(call: Call) -> None:
    from sqlalchemy import text

    with call.db.owner.begin() as connection:
        connection.execute(text("insert into practice (code, name) values ('P84004', 'Ancoats Urban Village')"))
    fields = call.page.fields
    fields.set_practices(call.signed_in.services.people.practices())
    fields.channel.set_value("gp")
    editor = fields.extra.field("practice").editor
    assert isinstance(editor, QLineEdit)
    completer = editor.completer()
    completer.setCompletionPrefix("urban")  # its list is a window, which a platform without a display cannot hold
    assert completer.currentCompletion() == "Ancoats Urban Village"
    editor.setText("Ancoats Urban Village")
    assert fields.practice_code == "P84004"


def test_the_panel_beside_the_queue_names_caller_and_whom_they_are_around(call: Call) -> None:
    referral = ReferralDraft(ReferralId(new_id()), "reablement", "routine", "No hurry")
    draft = ContactDraft(need="x", caller_name="Nia", caller_relation="Nurse", channel="gp", details={"practice": "A"})
    ended = call.intake.take_contact(draft, ContactId(new_id()), Refer((referral,)))
    assert facts(ended.contact)["Caller"] == "Nia (Nurse)"


def facts(contact: Contact) -> dict[str, object | None]:
    return dict(contact_facts(contact, contact.received_at))


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_on_a_wide_screen_nothing_of_the_three_is_cut_off(call: Call, qapp: Any, scale: float) -> None:
    try:
        theme.apply(qapp, "light", scale)
        page = ContactPage(call.desk)
        call.qtbot.addWidget(page)
        page.resize(1724, 900)
        page.show()
        call.idle()
        assert page.knowledge.isVisible() == (scale == 1)
        for part in (page.who._new, page.who._nobody):
            assert part.width() >= part.sizeHint().width()
        what = page._what
        assert what.parentWidget().width() >= what.minimumSizeHint().width()
        if scale == 1:  # on a small screen whom it is about has the room of the panel that is closed
            page.resize(1170, 680)
            call.idle()
            assert not page.knowledge.isVisible() and page.who.width() > 400
    finally:
        theme.apply(qapp, "light", 1.0)
