"""The contact form on a real database: from the first word to the end, and nothing lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from sqlalchemy import text

from coordination.clock import FixedClock
from coordination.errors import NotAllowed
from coordination.intake.model import ContactDraft, Refer, ReferralDraft
from coordination.people.model import AlertDraft, PersonDraft
from coordination.values import ContactId, PersonId, ReferralId, new_id
from tests.database import CentreDb
from tests.ui.fakes import make_desk, wait_idle
from ui.intake.contact_form import ContactPage


def shown_words(widget: QWidget) -> str:
    return " ".join(each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget))


class Call:
    """Cora at the telephone; Emmeline is registered, with an open referral."""

    def __init__(self, db: CentreDb, qtbot: Any, folder: Any, user: str = "cora.coordinator") -> None:
        self.db, self.qtbot = db, qtbot
        cora = db.sign_in("cora.coordinator").services
        self.signed_in = db.sign_in(user)
        draft = PersonDraft(
            surname="Pankhurst", given="Emmeline", birth_date="14/7/1945", nhs_number="9434765919", postcode="M13 9WP"
        )
        self.person = cora.people.register(draft, PersonId(new_id()))
        cora.people.add_alert(self.person.id, AlertDraft("do_not_visit_alone", "Dog"), new_id())
        referral = ReferralDraft(ReferralId(new_id()), "reablement", "24_hours", "Weak")
        contact = ContactDraft(person_id=self.person.id, need="Stairs")
        self.referral = cora.intake.take_contact(contact, ContactId(new_id()), Refer((referral,))).referrals[0]
        self.intake = cora.intake
        self.desk = make_desk(folder, self.signed_in.services)
        self.desk.actor = self.signed_in.actor
        self.desk.clock = FixedClock(datetime.now(UTC))
        self.page = ContactPage(self.desk)
        qtbot.addWidget(self.page)
        self.page.resize(1366, 760)
        self.desk.commands.add(self.page.commands(), self.page, "contact")
        self.page.show()
        self.page.come_forward()
        self.idle()

    def idle(self) -> None:
        wait_idle(self.qtbot, self.desk)

    def find(self, typed: str) -> None:
        finder = self.page.who.finder
        self.qtbot.keyClicks(finder.field, typed)
        self.qtbot.keyClick(finder.field, Qt.Key.Key_Return)
        who = self.page.who
        self.qtbot.waitUntil(lambda: who.record is not None and bool(shown_words(who)), timeout=30_000)

    def end(self) -> None:
        self.qtbot.keyClick(self.page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self.idle()

    def refer_to(self, service: str, urgency: str, reason: str) -> None:
        block = self.page.ending.blocks[0]
        block.service.set_value(service)
        block.urgency.set_value(urgency)
        block.form.field("urgency_reason").set_value(reason)

    @property
    def said(self) -> list[tuple[str, Any]]:
        return self.desk.notices.said  # type: ignore[attr-defined,no-any-return]

    def stored(self) -> list[Any]:
        query = "select * from contact where need <> 'Stairs' order by recorded_at"
        with self.db.owner.begin() as connection:
            return list(connection.execute(text(query)))


@pytest.fixture
def call(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[Call]:
    made = Call(centre_db, qtbot, tmp_path)
    yield made
    made.desk.tasks.close()


def test_from_a_misspelt_name_to_a_referral_in_the_queue(call: Call) -> None:
    page = call.page
    assert page.who.finder.field.hasFocus()
    call.find("pankhrust emeline")
    call.qtbot.waitUntil(lambda: "Lead worker" in shown_words(page.who), timeout=30_000)
    in_place = shown_words(page.who)
    for part in (
        "PANKHURST, Emmeline",
        "14-Jul-1945",
        "943 476 5919",
        "Reablement · waiting",
        "Lead worker",
        "None today",
    ):
        assert part in in_place, part
    assert page.fields.need.hasFocus()
    call.qtbot.keyClicks(page.fields.need, "Cannot get into the bath")
    call.refer_to("therapy", "72_hours", "Washing at the sink meanwhile")
    assert page.ending.blocks[0]._due.text().startswith("Due ")
    call.end()
    (contact,) = call.stored()
    assert (contact.person_id, contact.ending, contact.channel) == (call.person.id, "referral", "telephone")
    (row,) = [r for r in call.intake.queue().rows if r.service == "therapy"]
    assert (row.need, row.urgency, row.surname) == ("Cannot get into the bath", "72_hours", "Pankhurst")
    assert call.said[-1][1].startswith(f"Contact ended: referral no. {row.number} to Occupational therapy")
    assert page.is_empty
    assert page.who.finder.field.hasFocus()


def test_what_is_wrong_is_said_at_the_fields_and_nothing_is_sent(call: Call) -> None:
    call.find("pankhurst")
    call.end()
    page = call.page
    assert page.fields.need_form.field("need").problem == "Write what is asked for, in the caller's words."
    block = page.ending.blocks[0].form
    assert {name: field.problem for name, field in block.fields.items() if field.problem} == {
        "service": "Choose a service.",
        "urgency": "Choose how urgent it is.",
        "urgency_reason": "Say why it is that urgent, so that nobody has to ask again.",
    }
    assert page.fields.need.hasFocus()
    assert call.stored() == []


def test_a_referral_needs_a_person_or_the_word_that_nobody_knows(call: Call) -> None:
    call.page.fields.need.setPlainText("A man lies in the street")
    call.refer_to("urgent_community_response", "two_hours", "On the ground")
    call.end()
    assert "say that nobody knows" in shown_words(call.page.who)
    assert call.stored() == []
    call.page.who.set_not_known()
    call.end()
    (contact,) = call.stored()
    assert contact.person_id is None


def test_about_an_open_referral_by_one_click(call: Call) -> None:
    call.find("9434765919")
    link = next(b for b in call.page.who.findChildren(QPushButton) if b.text() == "It is about this")
    link.click()
    assert call.page.ending.kind.value == "linked"
    call.page.fields.need.setPlainText("Daughter asks when they come")
    call.end()
    (contact,) = call.stored()
    assert (contact.ending, contact.linked_referral_id) == ("linked", call.referral.id)


def test_keys_choose_the_ending(call: Call) -> None:
    kind = call.page.ending.kind
    call.page.head.setFocus()
    call.qtbot.keyClick(call.page.head, Qt.Key.Key_4)
    assert kind.value == "no_action"
    call.qtbot.keyClick(call.page.who.finder.field, Qt.Key.Key_1)
    assert kind.value == "no_action"  # that was typed
    call.qtbot.keyClick(call.page, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert kind.value == "advice"
    call.page.who.finder.clear()
    call.page.fields.need.setPlainText("Which bus goes to the clinic?")
    call.page.ending.advice.field("advice").set_value("The 53 from the corner")
    call.end()
    (contact,) = call.stored()
    assert (contact.ending, contact.ending_reason) == ("advice", "The 53 from the corner")


def test_a_hundred_thousand_characters_are_refused_and_kept(call: Call) -> None:
    call.find("pankhurst")
    long = "x" * 100_000
    call.page.fields.need.setPlainText(long)
    call.refer_to("reablement", "routine", "No hurry")
    call.end()
    assert "20,000" in call.page.fields.need_form.field("need").problem
    assert call.page.fields.need.toPlainText() == long
    assert call.stored() == []


def test_a_ward_adds_its_site_and_the_moment_of_moft(call: Call) -> None:
    call.find("pankhurst")
    fields = call.page.fields
    fields.channel.set_value("ward")
    fields.extra.set_values({"site": "MRI", "ward": "A4", "consultant": "Dr Okafor"})
    fields.extra.field("moft_day").editor.setText("21/11/2026")  # type: ignore[attr-defined]
    fields.need.setPlainText("Home tomorrow")
    fields.channel.set_value("telephone")
    fields.channel.set_value("ward")  # looking at another channel forgets nothing
    assert fields.extra.value("ward") == "A4"
    call.refer_to("reablement", "24_hours", "Bed needed")
    call.end()
    assert fields.extra.field("moft_time").problem == "This is needed."
    fields.extra.field("moft_time").editor.setText("14:30")  # type: ignore[attr-defined]
    call.end()
    (contact,) = call.stored()
    assert contact.details == {
        "site": "MRI", "ward": "A4", "consultant": "Dr Okafor", "moft_at": "2026-11-21T14:30:00+00:00"
    }  # fmt: skip


def test_an_e_mail_of_yesterday_is_due_from_when_it_came(call: Call) -> None:
    call.find("pankhurst")
    fields = call.page.fields
    fields.channel.set_value("email")
    yesterday = call.desk.clock.now() - timedelta(days=1)
    fields.extra.field("received_day").editor.setText(f"{yesterday:%d/%m/%Y}")  # type: ignore[attr-defined]
    fields.extra.field("received_time").editor.setText("00:30")  # type: ignore[attr-defined]
    fields.need.setPlainText("Written in the night")
    call.refer_to("reablement", "two_hours", "Fell twice")
    call.page.ending.say_due()
    assert "overdue" in call.page.ending.blocks[0]._due.text()
    call.end()
    (row,) = [r for r in call.intake.queue().rows if r.need == "Written in the night"]
    assert row.due_at == row.received_at + timedelta(hours=2)
    assert row.due_at < call.desk.clock.now()


def test_a_wrong_number_needs_no_more_than_that(call: Call) -> None:
    call.page.ending.kind.set_value("no_action")
    call.page.ending.no_action.field("reason_list").set_value("Wrong number")
    call.end()
    (contact,) = call.stored()
    assert (contact.ending, contact.ending_reason, contact.need) == ("no_action", "Wrong number", "")


def test_safeguarding_is_never_just_queued(call: Call) -> None:
    call.find("pankhurst")
    call.page.fields.need.setPlainText("Bruises on both arms")
    call.refer_to("social_work", "routine", "Afraid of her grandson")
    call.page.ending.blocks[0].safeguarding.setChecked(True)
    assert call.page.ending.blocks[0].urgency.value == "same_day"
    call.end()
    (row,) = [r for r in call.intake.queue().rows if r.safeguarding]
    assert (row.state, row.holder) == ("claimed", "cora.coordinator")


def test_two_services_from_one_call(call: Call) -> None:
    call.find("pankhurst")
    call.page.fields.need.setPlainText("Fell, and cannot wash")
    call.refer_to("falls", "72_hours", "Second fall")
    second = call.page.ending.add_block()
    call.end()
    assert second.form.field("service").problem == "Choose a service."
    assert call.stored() == []
    second.service.set_value("reablement")
    second.urgency.set_value("24_hours")
    second.form.field("urgency_reason").set_value("Alone")
    call.end()
    assert {r.service for r in call.intake.queue().rows if r.id != call.referral.id} == {"falls", "reablement"}
    assert len(call.page.ending.blocks) == 1


def test_put_aside_for_another_call_and_taken_up_again(call: Call) -> None:
    page = call.page
    call.find("pankhurst")
    page.fields.head.set_values({"caller_name": "Sylvia", "caller_relation": "Daughter"})
    page.fields.need.setPlainText("Stairs again")
    call.refer_to("reablement", "24_hours", "Alone at night")
    page.fields.channel.set_value("email")
    page.fields.extra.set_values({"subject": "Mother"})
    assert call.desk.foot.drafts == 1
    page.put_aside()
    assert page.is_empty
    assert [tab.text() for tab in page.strip.tabs.values()] == ["PANKHURST, Emmeline", "New contact"]
    page.fields.need.setPlainText("The other call")
    assert call.desk.foot.drafts == 2
    page.resume(page.aside[0])
    call.idle()
    assert page.fields.need.toPlainText() == "Stairs again"
    assert page.fields.head.value("caller_relation") == "Daughter"
    assert page.fields.extra.value("subject") == "Mother"
    assert page.ending.blocks[0].urgency.value == "24_hours"
    assert page.who.person is not None
    assert [typed.fields["need"] for typed in page.aside] == ["The other call"]
    call.end()
    assert [c.need for c in call.stored()] == ["Stairs again"]


def test_clear_can_be_taken_back(call: Call) -> None:
    call.find("pankhurst")
    call.page.fields.need.setPlainText("Not to be lost")
    call.page.clear()
    assert call.page.is_empty
    call.desk.notices.undo()  # type: ignore[attr-defined,misc]
    call.idle()
    assert call.page.fields.need.toPlainText() == "Not to be lost"


def test_register_from_what_was_typed_and_who_it_may_be(call: Call) -> None:
    page = call.page
    call.qtbot.keyClicks(page.who.finder.field, "emmeline pankurst 14/7/45")
    page.who.begin_register()
    register = page.who.register
    assert register.fields.form.value("surname") == "Pankurst"
    call.idle()
    assert [r.id for r in register.duplicates.people.rows] == [call.person.id]
    assert "Possibly the same person" in register.duplicates.people.notes[0]
    register.fields.form.set_values({"nhs_number": "943 476 5919"})
    register.register()
    call.idle()
    assert "belongs to Pankhurst, Emmeline" in register.fields.form.field("nhs_number").problem
    register.fields.form.set_values({"nhs_number": "943 476 5918", "postcode": "nonsense"})
    register.register()
    call.idle()
    assert "wrong digit" in register.fields.form.field("nhs_number").problem
    assert "form of a postcode" in register.fields.form.field("postcode").problem
    register.fields.form.set_values({"nhs_number": "", "postcode": "M1 1AA", "given": "Emmeline Ann"})
    register.register()
    call.qtbot.waitUntil(lambda: page.who.record is not None, timeout=30_000)
    assert page.who.person is not None
    assert page.who.person.given == "Emmeline Ann"
    assert page.fields.need.hasFocus()


def test_the_one_who_is_registered_already_is_taken_instead(call: Call) -> None:
    page = call.page
    page.who.finder.set_text("emmeline pankhurst 14/7/45 m13 9wp")
    page.who.begin_register()
    call.idle()
    page.who.register.duplicates.choose(0)
    call.qtbot.waitUntil(lambda: page.who.record is not None, timeout=30_000)
    assert page.who.person is not None
    assert page.who.person.id == call.person.id


def test_another_page_brings_the_person_and_what_is_begun_is_put_aside(call: Call) -> None:
    call.page.fields.need.setPlainText("Begun before")
    call.page.open(call.person.id)
    call.qtbot.waitUntil(lambda: call.page.who.record is not None, timeout=30_000)
    assert call.page.who.person is not None
    assert call.page.fields.need.toPlainText() == ""
    assert [typed.fields["need"] for typed in call.page.aside] == ["Begun before"]


def test_who_may_not_write_loses_no_word(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> None:
    call = Call(centre_db, qtbot, tmp_path, "max.manager")
    call.find("pankhurst")
    call.page.fields.need.setPlainText("Kept")
    call.refer_to("reablement", "routine", "No hurry")
    call.end()
    assert isinstance(call.said[-1][1], NotAllowed)
    assert call.page.fields.need.toPlainText() == "Kept"
    assert call.page._end.isEnabled()
    call.desk.tasks.close()


def test_sent_again_after_a_lost_answer_it_is_one_contact(call: Call) -> None:
    call.find("pankhurst")
    call.page.fields.need.setPlainText("Once")
    call.refer_to("reablement", "routine", "No hurry")
    before = call.page.typed()
    call.end()
    call.page.take_up(before)  # the answer was lost: the form still stands, and is sent again
    call.idle()
    call.end()
    assert [c.need for c in call.stored()] == ["Once"]
    assert len([r for r in call.intake.queue().rows if r.need == "Once"]) == 1
