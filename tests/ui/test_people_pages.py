"""The people page and the person's record, on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from sqlalchemy import text

from coordination.changes import Change
from coordination.clock import FixedClock
from coordination.intake.model import Advice, ContactDraft, Refer, ReferralDraft
from coordination.people.model import AlertDraft, Match, PersonDraft
from coordination.values import ContactId, PersonId, ReferralId, new_id
from tests.database import CentreDb
from tests.ui.fakes import make_desk, wait_idle
from ui.page import Page
from ui.people import words
from ui.people.correct import CorrectPerson
from ui.people.page import PeoplePage, PersonPage
from ui.widgets.fields import Form

EMMELINE = PersonDraft(
    surname="Pankhurst", given="Emmeline", title="Mrs", birth_date="14/7/1945", gender="female",
    nhs_number="9434765919", phone="0161 496 0000",
)  # fmt: skip


def shown_words(widget: QWidget) -> str:
    labels = [each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget)]
    return " ".join([*labels, *(b.text() for b in widget.findChildren(QAbstractButton) if b.isVisibleTo(widget))])


class Place:
    def __init__(self, db: CentreDb, qtbot: Any, folder: Any) -> None:
        self.db, self.qtbot = db, qtbot
        self.signed_in = db.sign_in("cora.coordinator")
        self.people = self.signed_in.services.people
        self.person = self.people.register(EMMELINE, PersonId(new_id()))
        self.desk = make_desk(folder, self.signed_in.services)
        self.desk.actor = self.signed_in.actor
        self.desk.clock = FixedClock(datetime.now(UTC))

    def show(self, page: Page, key: object = None) -> None:
        self.qtbot.addWidget(page)
        page.resize(1366, 760)
        self.desk.commands.add(page.commands(), page, page.id)
        page.show()
        page.come_forward(key)
        self.idle()

    def idle(self) -> None:
        wait_idle(self.qtbot, self.desk)

    @property
    def went(self) -> list[tuple[str, object]]:
        return self.desk.go.went  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def place(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[Place]:
    made = Place(centre_db, qtbot, tmp_path)
    yield made
    made.desk.tasks.close()


def test_type_and_enter_opens_the_record(place: Place) -> None:
    page = PeoplePage(place.desk)
    place.show(page)
    place.qtbot.waitUntil(page.field.hasFocus, timeout=30_000)
    place.qtbot.keyClicks(page.field, "pankhrust 14/7/45")
    place.qtbot.keyClick(page.field, Qt.Key.Key_Return)
    place.qtbot.waitUntil(lambda: bool(place.went), timeout=30_000)
    assert place.went == [("person", place.person.id)]
    row = page.model.rows[0]
    assert page.model.columns[-1].text(row) == "Date of birth; surname spelt nearly so"


def test_nobody_found_says_how_to_go_on(place: Place) -> None:
    page = PeoplePage(place.desk)
    place.show(page)
    page.field.setText("943 476 5918")
    place.qtbot.waitUntil(lambda: "digit" in page._empty._hint.text(), timeout=30_000)
    assert page._empty._title.text() == "Nobody found"


def test_register_on_the_people_page(place: Place) -> None:
    page = PeoplePage(place.desk)
    place.show(page)
    page.field.setText("begum amina 3/4/1950")
    page.begin_register()
    place.idle()
    assert page.register.fields.form.value("surname") == "Amina"  # given names come first when nothing tells
    page.register.fields.form.set_values({"surname": "Begum", "given": "Amina"})
    page.register.register()
    place.qtbot.waitUntil(lambda: bool(place.went), timeout=30_000)
    assert place.people.find("begum amina")[0].id == place.went[0][1]


def test_the_record_shows_banner_sections_and_timeline(place: Place) -> None:
    intake = place.signed_in.services.intake
    place.people.add_alert(place.person.id, AlertDraft("safeguarding", "See the notes of May"), new_id())
    draft = ReferralDraft(ReferralId(new_id()), "reablement", "24_hours", "Weak")
    contact = ContactDraft(person_id=place.person.id, need="Cannot manage the stairs")
    referral = intake.take_contact(contact, ContactId(new_id()), Refer((draft,))).referrals[0]
    page = PersonPage(place.desk)
    place.show(page, place.person.id)
    assert page.banner.facts is not None
    assert page.banner.facts.name == "PANKHURST, Emmeline (Mrs)"
    # The banner lays its facts out anew when the page has got its size.
    place.qtbot.waitUntil(lambda: "14-Jul-1945" in shown_words(page), timeout=30_000)
    said = shown_words(page)
    for part in (
        "943 476 5919",
        "Reablement",
        "Cannot manage the stairs",
        "None planned.",
        "Nobody yet",
    ):
        assert part in said, part
    page.show_tab(1)
    place.idle()
    happened = {words.happened(item) for item in page.timeline.model.rows}
    assert happened >= {"Contact, referral", "Referral waiting", "Alert: safeguarding", "Registered"}
    number = next(b for b in page.findChildren(QAbstractButton) if b.text() == f"No. {referral.number}")
    number.click()
    page.contact()
    page.plan()
    place.qtbot.waitUntil(lambda: len(place.went) == 3, timeout=30_000)
    assert place.went[:2] == [("queue", referral.id), ("contact", place.person.id)]
    assert place.went[2][0] == "plan"


def test_an_assessment_is_started_from_the_record(place: Place) -> None:
    page = PersonPage(place.desk)
    place.show(page, place.person.id)
    page.assess()
    place.idle()
    form = next(
        b for b in page.panel.findChildren(QAbstractButton) if b.isVisibleTo(page) and b.text() not in ("Leave it", "")
    )
    form.click()
    place.qtbot.waitUntil(lambda: bool(place.went), timeout=30_000)
    assert place.went[0][0] == "assessment"
    page.refresh()
    place.idle()
    assert page.record is not None
    assert [a.id for a in page.record.assessments] == [place.went[0][1]]


def test_correcting_when_somebody_was_first_shows_both(place: Place) -> None:
    page = PersonPage(place.desk)
    place.show(page, place.person.id)
    page.correct()
    form = page.panel.findChildren(CorrectPerson)[-1].fields
    form.form.set_values({"phone": "0161 496 0002"})
    place.people.update(place.person.id, 1, replace(EMMELINE, phone="0161 496 0001"))
    save = next(b for b in page.panel.findChildren(QAbstractButton) if b.text() == "Save")
    save.click()
    place.idle()
    said = shown_words(page.panel)
    assert "Somebody corrected this record" in said
    assert "0161 496 0001  (yours: 0161 496 0002)" in said
    assert form.form.value("phone") == "0161 496 0002"
    save.click()
    place.idle()
    assert place.people.get(place.person.id).fields.phone == "0161 496 0002"


def test_bad_corrections_are_told_at_the_field(place: Place) -> None:
    page = PersonPage(place.desk)
    place.show(page, place.person.id)
    page.correct()
    form = page.panel.findChildren(CorrectPerson)[-1].fields
    form.form.field("birth_date").editor.setText("31/02/1945")
    next(b for b in page.panel.findChildren(QAbstractButton) if b.text() == "Save").click()
    place.idle()
    assert form.form.field("birth_date").problem == "There is no such day."


def test_alerts_and_people_around_are_added_and_ended(place: Place) -> None:
    page = PersonPage(place.desk)
    place.show(page, place.person.id)
    page.add("alert")
    form = page.panel.findChildren(Form)[-1]
    form.set_values({"kind": "key_safe", "words": "Code 4711"})
    add = next(b for b in page.panel.findChildren(QAbstractButton) if b.text() == "Add" and b.isVisibleTo(page))
    add.click()
    place.idle()
    assert "Never write a key-safe code" in form.field("words").problem
    form.set_values({"words": "Left of the door"})
    add.click()
    place.idle()
    assert page.record is not None
    (alert,) = page.record.alerts
    page.add(f"end:{alert.id}:{alert.revision}")
    place.idle()
    assert page.record.alerts == ()
    place.desk.notices.undo()  # type: ignore[attr-defined,misc]
    place.qtbot.waitUntil(lambda: page.record is not None and len(page.record.alerts) == 1, timeout=30_000)
    page.add("around")
    page.panel.findChildren(Form)[-1].set_values({"name": "Sylvia", "relation": "daughter", "is_carer": True})
    [b for b in page.panel.findChildren(QAbstractButton) if b.text() == "Add"][-1].click()
    place.idle()
    assert page.banner.facts is not None
    assert page.banner.facts.carer == "Sylvia (daughter)"


def test_a_record_that_is_not_shared_is_not_there(place: Place) -> None:
    with place.db.owner.begin() as connection:
        connection.execute(text("update person set sharing_level = 'named_teams'"))
    page = PersonPage(place.desk)
    place.show(page, place.person.id)
    assert "not shared with your team" in shown_words(page)
    assert page.record is None
    assert not any(c.enabled_when() for c in page.commands())


def test_a_summary_says_what_is_kept_back(place: Place) -> None:
    with place.db.owner.begin() as connection:
        connection.execute(text("update person set sharing_level = 'summary'"))
    page = PersonPage(place.desk)
    place.show(page, place.person.id)
    assert "shares a summary only" in shown_words(page)


def test_only_changes_of_this_person_read_the_record_again(place: Place) -> None:
    intake = place.signed_in.services.intake
    contact = ContactDraft(person_id=place.person.id, need="A call")
    ended = intake.take_contact(contact, ContactId(new_id()), Advice("Told"))
    page = PersonPage(place.desk)
    place.show(page, place.person.id)
    assert not page.changes_concern(frozenset({Change("people", str(new_id())), Change("intake", str(new_id()))}))
    assert page.changes_concern(frozenset({Change("people", str(place.person.id))}))
    assert page.changes_concern(frozenset({Change("intake", str(ended.contact.id))}))


def test_why_is_said_in_words() -> None:
    assert words.why((Match("surname", "exact"), Match("birth_date", "exact"))) == "Surname, date of birth"
    assert words.why((Match("surname", "misspelt"),)) == "Surname spelt nearly so"
    assert words.why((Match("surname", "exact"), Match("birth_date", "differs"))) == "Surname; date of birth differs"
