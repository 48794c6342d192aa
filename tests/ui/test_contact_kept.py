"""Contacts that are open, on a real database: several at once, found again after a crash, taken while it is away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from coordination.intake.model import Advice, ContactDraft
from coordination.local.model import Entry, Put
from coordination.values import ContactId, new_id
from tests.database import CentreDb
from tests.ui.fakes import make_desk
from tests.ui.test_drafts import crash, store_in
from tests.ui.test_intake_contact import Call, shown_words
from ui.intake.contact_form import ContactPage
from ui.intake.drafts import CONTACT
from ui.local.telling import Telling
from ui.shell.second import SecondWindow


class KeptCall(Call):
    """Cora's desk with a store on the disk."""

    def __init__(self, db: CentreDb, qtbot: Any, folder: Any) -> None:
        super().__init__(db, qtbot, folder)
        self.folder = folder
        self.open_store()

    def open_store(self) -> None:
        with self.qtbot.waitSignal(self.desk.drafts.opened, timeout=30_000):
            self.desk.drafts.open(store_in(self.folder))

    def die_and_come_back(self) -> None:
        """The client is gone, as it is; another one starts."""
        self.desk.drafts.flush()
        self.desk.drafts._writer.write([]).result()
        crash(self.desk)
        self.close()
        self.desk = make_desk(self.folder, self.signed_in.services)
        self.desk.actor = self.signed_in.actor
        self.desk.clock.at = datetime.now(UTC)  # type: ignore[attr-defined]
        self.telling = Telling(self.desk, lambda: False, self.desk.drafts)
        self.page = ContactPage(self.desk)
        self.qtbot.addWidget(self.page)
        self.page.resize(1366, 760)
        self.desk.commands.add(self.page.commands(), self.page, "contact")
        self.page.show()
        self.page.come_forward()
        self.open_store()
        self.idle()

    def close(self) -> None:
        self.page.put_away()
        self.page.hide()
        self.desk.tasks.close()
        self.desk.drafts.close()

    @property
    def tabs(self) -> list[str]:
        return [tab.text() for tab in self.page.strip.tabs.values()]


@pytest.fixture
def call(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[KeptCall]:
    made = KeptCall(centre_db, qtbot, tmp_path)
    yield made
    made.close()


def test_after_a_crash_everything_is_as_it_was(call: KeptCall) -> None:
    page = call.page
    call.find("pankhurst")
    page.fields.head.set_values({"caller_name": "Sylvia", "caller_relation": "Daughter"})
    page.fields.need.setPlainText("Stairs again")
    page.fields.channel.set_value("ward")
    page.fields.extra.set_values({"site": "MRI", "ward": "A4"})
    page.fields.extra.field("moft_day").editor.setText("21/1")  # type: ignore[attr-defined]
    call.refer_to("reablement", "24_hours", "Alone at night")
    second = page.ending.add_block()
    second.service.set_value("falls")
    call.idle()
    before = page.typed()
    page.put_aside()
    page.who.finder.set_text("somebody els")
    page.put_aside()
    page.who.finder.set_text("jones anna")
    page.who.begin_register()
    page.who.register.fields.form.field("phone").editor.setText("0161")  # type: ignore[attr-defined]
    page.who.edited.emit()
    call.die_and_come_back()
    page = call.page
    assert call.said[-1] == ("warn", "3 contacts were not ended. They are kept as they were.")
    call.desk.notices.do()  # type: ignore[attr-defined]
    kind, key = call.desk.go.went[-1]  # type: ignore[attr-defined]
    assert (kind, key.key) == ("contact", page.contacts.front.key)
    assert call.tabs == ["PANKHURST, Emmeline", "somebody els", "jones anna"]
    assert page.strip.tabs[page.contacts.front.key].isChecked()
    assert page.who.finder.text == "jones anna"
    assert page.who.register.fields.form.value("phone") == "0161"
    assert page.who.register.fields.form.value("surname") == "Anna"
    call.qtbot.keyClick(page, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    call.idle()
    now = page.typed()
    assert now.fields == before.fields
    assert now.ending == before.ending
    assert (now.id, now.begun, now.not_known, now.find) == (before.id, before.begun, before.not_known, before.find)
    assert now.person is not None and before.person is not None and now.person.id == before.person.id
    call.idle()
    assert page.typed().ending == before.ending, "the lists that came later have forgotten nothing"


def test_a_draft_that_is_found_before_the_lists_keeps_its_choices(call: KeptCall) -> None:
    call.find("pankhurst")
    call.page.fields.need.setPlainText("Stairs")
    call.refer_to("therapy", "72_hours", "No hurry")
    before = call.page.typed()
    call.page.ending.set_services([])
    assert call.page.typed().ending == before.ending
    call.page.take_up(before)
    assert call.page.ending.blocks[0].service.value == "therapy"


def test_several_are_open_and_each_is_reached_by_keys(call: KeptCall) -> None:
    page, control = call.page, Qt.KeyboardModifier.ControlModifier
    for need in ("One", "Two", "Three"):
        page.fields.need.setPlainText(need)
        call.qtbot.keyClick(page, Qt.Key.Key_A, control | Qt.KeyboardModifier.ShiftModifier)
    assert call.tabs == ["One", "Two", "Three", "New contact"]
    assert call.desk.foot.drafts == 3
    both = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
    call.qtbot.keyClick(page, Qt.Key.Key_2, both)
    assert page.fields.need.toPlainText() == "Two"
    assert call.tabs == ["One", "Two", "Three"], "an empty one that is left is none"
    call.qtbot.keyClick(page, Qt.Key.Key_Tab, control)
    assert page.fields.need.toPlainText() == "Three"
    call.qtbot.keyClick(page, Qt.Key.Key_Tab, control)
    assert page.fields.need.toPlainText() == "One"
    call.qtbot.keyClick(page, Qt.Key.Key_W, control)
    assert call.tabs == ["Two", "Three"] and page.fields.need.toPlainText() == "Two"
    assert call.desk.foot.drafts == 2
    call.desk.notices.undo()  # type: ignore[attr-defined,misc]
    assert call.tabs == ["One", "Two", "Three"] and page.fields.need.toPlainText() == "One"
    list(page.strip.tabs.values())[2].cross.click()
    assert call.tabs == ["One", "Two"] and page.fields.need.toPlainText() == "One"
    call.desk.notices.undo()  # type: ignore[attr-defined,misc]
    assert call.tabs == ["One", "Two", "Three"] and page.fields.need.toPlainText() == "Three"
    page.strip.new.click()
    assert page.is_empty and len(call.desk.drafts.of(CONTACT)) == 3
    page.strip.tabs[page.contacts.all[1].key].click()
    page.fields.head.field("caller_name").editor.setFocus()
    call.qtbot.keyClicks(page.fields.head.field("caller_name").editor, "Bo")
    call.die_and_come_back()
    assert sorted(call.tabs) == ["One", "Three", "Two"]
    assert call.page.fields.need.toPlainText() == "Two"
    assert call.page.fields.head.field("caller_name").editor.hasFocus(), "at the place where it was"


def test_what_is_ended_or_emptied_is_kept_no_longer(call: KeptCall) -> None:
    call.page.fields.need.setPlainText("Typed, and taken back")
    call.page.fields.need.setPlainText("")
    assert call.desk.drafts.kept == []
    call.page.fields.need.setPlainText("Which bus?")
    call.page.ending.kind.set_value("advice")
    call.page.ending.advice.field("advice").set_value("The 53")
    call.end()
    assert [c.need for c in call.stored()] == ["Which bus?"]
    call.die_and_come_back()
    assert call.desk.drafts.kept == [] and call.page.is_empty and call.tabs == ["New contact"]


def away(call: KeptCall) -> None:
    call.desk.foot.set_connection(False, call.desk.clock.now())


def test_while_the_database_is_away_contacts_are_taken_and_go_when_it_is_back(call: KeptCall) -> None:
    away(call)
    page = call.page
    assert "nobody can be looked up" in shown_words(page.who)
    page.who.finder.set_text("Mrs Okafor, 12 Nelson Street")
    go_on = next(b for b in page.who.findChildren(QPushButton) if b.text() == "Go on with these words")
    go_on.click()
    assert "Said to be: Mrs Okafor, 12 Nelson Street" in shown_words(page.who)
    page.fields.need.setPlainText("Fell in the bathroom")
    call.refer_to("falls", "same_day", "On the floor for an hour")
    call.end()
    assert page.is_empty and call.stored() == []
    assert call.desk.foot.outbox == 1 and call.desk.foot.drafts == 0
    page.ending.kind.set_value("no_action")
    page.ending.no_action.field("reason_list").set_value("Wrong number")
    call.end()
    call.die_and_come_back()
    call.qtbot.waitUntil(lambda: len(call.stored()) == 2, timeout=30_000)
    call.qtbot.waitUntil(lambda: not call.desk.outbox.items, timeout=30_000)
    by_need = {c.need: c for c in call.stored()}
    fell = by_need["Fell in the bathroom"]
    assert fell.person_id is None and fell.details == {"said_to_be": "Mrs Okafor, 12 Nelson Street"}
    assert [r.need for r in call.intake.queue().rows if r.service == "falls"] == ["Fell in the bathroom"]
    assert call.desk.foot.outbox == 0


def test_no_answer_for_long_lets_the_next_call_be_taken(call: KeptCall, monkeypatch: pytest.MonkeyPatch) -> None:
    page = call.page
    call.find("pankhurst")
    page.fields.need.setPlainText("Slow")
    call.refer_to("reablement", "routine", "No hurry")
    page.sending.patience_ms = 0
    with call.db.owner.begin() as blocking:
        blocking.exec_driver_sql("lock table contact in exclusive mode")
        call.qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        call.qtbot.waitUntil(lambda: page.is_empty, timeout=30_000)
        call.qtbot.waitUntil(lambda: call.desk.foot.outbox == 1, timeout=30_000)
        page.fields.need.setPlainText("The next call")
    call.qtbot.waitUntil(lambda: not call.desk.outbox.items, timeout=30_000)
    assert [c.need for c in call.stored()] == ["Slow"]
    assert page.fields.need.toPlainText() == "The next call"
    call.idle()


def test_a_contact_that_another_end_was_recorded_for_is_not_taken_twice(call: KeptCall) -> None:
    page = call.page
    page.fields.need.setPlainText("Which bus?")
    page.ending.kind.set_value("advice")
    page.ending.advice.field("advice").set_value("The 53")
    first = page.typed()
    call.intake.take_contact(ContactDraft(need="Which bus?"), ContactId(first.id), Advice("The 52"))
    call.end()
    assert [c.ending_reason for c in call.stored()] == ["The 52"]
    assert page.fields.need.toPlainText() == "Which bus?", "refused, it is a draft again"
    assert call.desk.outbox.items == [] and call.desk.foot.drafts == 1
    again = first.anew()
    assert again.id != first.id and again.fields == first.fields


def test_a_contact_in_a_second_window_comes_back_when_that_window_closes(call: KeptCall) -> None:
    window = SecondWindow(call.desk, ContactPage(call.desk), 1)
    window.show()
    other: Any = window.page
    other.come_forward()
    assert other.is_empty
    call.page.fields.need.setPlainText("Here")
    other.fields.need.setPlainText("There")
    assert call.tabs == ["Here"] and [t.text() for t in other.strip.tabs.values()] == ["There"]
    call.idle()
    window.close()
    assert call.tabs == ["Here", "There"] and call.page.fields.need.toPlainText() == "Here"
    call.die_and_come_back()
    assert call.tabs == ["Here", "There"]


def test_what_another_version_wrote_is_shown_as_far_as_it_goes_and_kept_whole(call: KeptCall) -> None:
    call.desk.drafts.keep(
        CONTACT,
        str(new_id()),
        {
            "version": 9,
            "fields": {"need": "From the future", "no such field": 1},
            "ending": {"kind": "a fifth way", "blocks": [{"id": new_id()}]},
            "person": {"no": "person"},
            "mood": "calm",
        },
        "From the future",
    )
    call.die_and_come_back()
    assert call.page.fields.need.toPlainText() == "From the future"
    assert "another version" in shown_words(call.page)
    kept = [entry for entry in call.desk.drafts.kept if entry.kind != CONTACT]
    assert kept and kept[0].data["data"]["ending"]["kind"] == "a fifth way"
    (draft,) = call.desk.drafts.of(CONTACT)
    assert draft.data["data"]["mood"] == "calm"


def test_a_person_that_this_version_cannot_read_is_not_forgotten(call: KeptCall) -> None:
    call.find("pankhurst")
    call.page.fields.need.setPlainText("Stairs")
    key = call.page.contacts.front.key
    (entry,) = call.desk.drafts.of(CONTACT)
    newer = {**entry.data, "data": {**entry.data["data"], "person": {"$": "record", "of": "coordination.x:Y", "v": {}}}}
    call.desk.drafts.commit([Put(Entry(CONTACT, key, newer, entry.at))])
    call.die_and_come_back()
    assert call.page.fields.need.toPlainText() == "Stairs" and call.page.who.person is None
    (other,) = call.desk.drafts.of(f"{CONTACT}.other")
    assert other.data == newer


def test_the_tabs_say_how_long_each_is_open(call: KeptCall) -> None:
    call.page.fields.need.setPlainText("One")
    call.page.put_aside()
    call.desk.clock.advance(timedelta(minutes=12))  # type: ignore[attr-defined]
    call.page.contacts.show()
    first = next(iter(call.page.strip.tabs.values()))
    assert first.age == "12 min"
    assert first.accessibleName() == "Contact 1 of 2: One, 12 min"
