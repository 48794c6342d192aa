"""The queue page on a real database, with a second desk that works at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from coordination.clock import FixedClock
from coordination.intake.model import ContactDraft, Refer, Referral, ReferralDraft
from coordination.people.model import PersonDraft
from coordination.values import ContactId, PersonId, ReferralId, new_id
from db.listen import PgChangeFeed
from tests.database import CentreDb, SignedIn, password_of
from tests.db.test_people import statements
from tests.ui.fakes import make_desk, wait_idle
from ui.intake.page import QueuePage


def refer(desk: SignedIn, need: str, urgency: str = "24_hours", **of: Any) -> Referral:
    draft = ReferralDraft(ReferralId(new_id()), "reablement", urgency, "Weak since the fall", **of)
    ended = desk.services.intake.take_contact(ContactDraft(need=need), ContactId(new_id()), Refer((draft,)))
    return ended.referrals[0]


def shown_words(widget: QWidget) -> str:
    return " ".join(each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget))


class Desks:
    """Cora's queue page, its change feed, and Cole, who works elsewhere."""

    def __init__(self, db: CentreDb, qtbot: Any, folder: Any) -> None:
        self.db, self.qtbot = db, qtbot
        self.cora, self.cole = db.sign_in("cora.coordinator"), db.sign_in("cole.coordinator")
        self.desk = make_desk(folder, self.cora.services)
        self.desk.actor = self.cora.actor
        self.desk.clock = FixedClock(datetime.now(UTC))
        self.feed = PgChangeFeed(lambda: db.where("cora.coordinator"), password_of("cora.coordinator"))

    def open(self) -> QueuePage:
        self.page = QueuePage(self.desk)
        self.qtbot.addWidget(self.page)
        self.page.resize(1400, 700)
        self.desk.commands.add(self.page.commands(), self.page, "queue")
        self.page.show()
        self.page.come_forward()
        self.idle()
        self.page.table.setFocus()
        self.idle()
        return self.page

    def idle(self) -> None:
        wait_idle(self.qtbot, self.desk)

    def press(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.page.table, key)
        self.idle()

    def cell(self, referral: Referral, column: str) -> str:
        number = next(n for n, c in enumerate(self.page.model.columns) if c.id == column)
        row = self.page.model.number_of(referral.id)
        assert row is not None
        return str(self.page.model.index(row, number).data())

    def said(self) -> list[str]:
        return [words for kind, words in self.desk.notices.said if kind == "say"]  # type: ignore[attr-defined]


@pytest.fixture
def desks(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[Desks]:
    made = Desks(centre_db, qtbot, tmp_path)
    yield made
    made.feed.stop()
    made.desk.tasks.close()


def test_claim_by_key_undo_by_key(desks: Desks) -> None:
    first, second = refer(desks.cole, "Stairs"), refer(desks.cole, "Bath", "routine")
    page = desks.open()
    assert [row.id for row in page.model.rows] == [first.id, second.id]  # first due first
    assert desks.cell(first, "person") == "Not known"
    desks.press(Qt.Key.Key_C)
    assert (desks.cell(first, "state"), desks.cell(first, "holder")) == ("Claimed", "You")
    assert desks.said() == [f"Claimed no. {first.number}."]
    assert page.filters.views.accessibleName() == "Views"
    desks.press(Qt.Key.Key_U)
    assert desks.cell(first, "state") == "Waiting"
    assert desks.cora.services.intake.referral(first.id).holder is None


def test_second_claimer_is_told_in_place_who_and_since(desks: Desks) -> None:
    referral = refer(desks.cole, "Stairs")
    page = desks.open()
    desks.cole.services.intake.claim(referral.id, referral.revision)
    desks.press(Qt.Key.Key_C)
    assert "Cole Example has this referral, claimed" in shown_words(page.panel)
    assert desks.cell(referral, "holder") == "Cole Example"
    assert desks.desk.notices.said == []  # type: ignore[attr-defined]


def test_another_desks_referral_waits_behind_one_new(desks: Desks) -> None:
    referral = refer(desks.cole, "Stairs", "routine")
    page = desks.open()
    desks.feed.start(desks.desk.changes.deliver, lambda _up: None)
    urgent = refer(desks.cole, "Chest pain at the ward", "two_hours")
    desks.qtbot.waitUntil(lambda: page.model.held == 1, timeout=30_000)
    assert [row.id for row in page.model.rows] == [referral.id]  # nothing moved under the pointer
    assert page.table.current.id == referral.id
    assert page._new.text() == "1 new. Show it  (N)"
    desks.press(Qt.Key.Key_N)
    assert [row.id for row in page.model.rows] == [urgent.id, referral.id]
    assert page.table.current.id == referral.id
    assert not page._bar.isVisible()


def test_a_row_that_changed_elsewhere_says_so_and_stays(desks: Desks) -> None:
    first, second = refer(desks.cole, "Stairs"), refer(desks.cole, "Bath", "routine")
    page = desks.open()
    page.filters.show_view("unclaimed")
    desks.idle()
    desks.feed.start(desks.desk.changes.deliver, lambda _up: None)
    desks.cole.services.intake.claim(first.id, first.revision)
    desks.qtbot.waitUntil(lambda: desks.cell(first, "holder") == "Cole Example", timeout=30_000)
    assert page.model.touched(first.id)
    assert [row.id for row in page.model.rows] == [first.id, second.id]
    page.show_new()
    desks.idle()
    assert [row.id for row in page.model.rows] == [second.id]


def test_time_left_goes_on_without_a_query(desks: Desks) -> None:
    referral = refer(desks.cole, "Stairs", "two_hours")
    desks.open()
    desks.desk.clock.at = referral.received_at + timedelta(minutes=60)  # type: ignore[attr-defined]
    with statements(desks.cora.engine) as seen:
        assert desks.cell(referral, "time_left") == "1 h left"
        desks.desk.clock.at += timedelta(minutes=85)  # type: ignore[attr-defined]
        desks.page.model.repaint_all()
        assert desks.cell(referral, "time_left") == "25 min over"
    assert seen == []


def test_decline_asks_for_a_reason_at_the_field(desks: Desks) -> None:
    referral = refer(desks.cole, "Stairs")
    page = desks.open()
    desks.press(Qt.Key.Key_D)
    form = page.moves.form
    assert form is not None
    form.go()
    desks.idle()
    assert form.form.field("reason").problem == "A reason is needed."
    form.form.set_values({"reason": "Lives in Salford"})
    form.go()
    desks.idle()
    declined = desks.cora.services.intake.referral(referral.id)
    assert (declined.state, declined.state_reason, declined.holder) == (
        "declined",
        "Lives in Salford",
        "cole.coordinator",
    )
    assert page.moves.form is None
    desks.desk.notices.undo()  # type: ignore[attr-defined,misc]
    desks.idle()
    assert desks.cora.services.intake.referral(referral.id).state == "waiting"


def test_hand_over_to_a_colleague(desks: Desks) -> None:
    referral = refer(desks.cora, "Stairs")
    page = desks.open()
    desks.press(Qt.Key.Key_H)
    form = page.moves.form
    assert form is not None
    form.go()
    desks.idle()
    assert form.form.field("to_user").problem == "Choose a colleague."
    form.form.set_values({"to_user": "cole.coordinator", "reason": "You know her"})
    form.go()
    desks.idle()
    assert desks.cell(referral, "holder") == "Cole Example"
    assert desks.said()[-1] == f"Handed over no. {referral.number} to Cole Example."


def test_take_over_needs_a_reason_and_triage_moves_the_due_time(desks: Desks) -> None:
    referral = refer(desks.cole, "Stairs", "routine")
    desks.cole.services.intake.claim(referral.id, referral.revision)
    page = desks.open()
    desks.press(Qt.Key.Key_K)
    assert page.moves.form is not None
    page.moves.form.form.set_values({"reason": "Cole is off sick"})
    page.moves.form.go()
    desks.idle()
    assert desks.cell(referral, "holder") == "You"
    desks.press(Qt.Key.Key_T)
    assert page.moves.form is not None
    page.moves.form.form.set_values({"urgency": "two_hours", "urgency_reason": "Bleeding since this morning"})
    page.moves.form.go()
    desks.idle()
    now = desks.cora.services.intake.referral(referral.id)
    assert (now.urgency, now.due_at - now.received_at) == ("two_hours", timedelta(hours=2))
    assert desks.cell(referral, "urgency") == "2 hours"


def test_details_show_the_need_the_contact_and_what_happened(desks: Desks) -> None:
    person = desks.cora.services.people.register(PersonDraft(surname="Davies", given="Ann"), PersonId(new_id()))
    draft = ReferralDraft(ReferralId(new_id()), "reablement", "24_hours", "Nobody at home")
    contact = ContactDraft(
        channel="ward", person_id=person.id, need="Ready to go home", details={"ward": "A4", "consultant": "Dr Okafor"},
        caller_name="Sister Bailey",
    )  # fmt: skip
    desks.cora.services.intake.take_contact(contact, ContactId(new_id()), Refer((draft,)))
    page = desks.open()
    desks.press(Qt.Key.Key_Space)
    desks.qtbot.waitUntil(lambda: page.detail is not None, timeout=30_000)
    words = shown_words(page.panel)
    for part in (
        "DAVIES, Ann",
        "Ready to go home",
        "Nobody at home",
        "Hospital ward",
        "A4",
        "Dr Okafor",
        "Sister Bailey",
    ):
        assert part in words, part
    assert "Referred by Cora Example" in words
    desks.press(Qt.Key.Key_Return)
    assert desks.desk.go.went == [("person", person.id)]  # type: ignore[attr-defined]


def test_views_filters_and_own_views(desks: Desks) -> None:
    mine, other = refer(desks.cora, "Stairs", hold=True), refer(desks.cole, "Bath", "routine")
    page = desks.open()
    page.filters.show_view("mine")
    desks.idle()
    assert [row.id for row in page.model.rows] == [mine.id]
    page.filters.show_view("open")
    page.filters.urgencies.set_value({"routine"})
    desks.idle()
    assert [row.id for row in page.model.rows] == [other.id]
    page.own_views.ask_name()
    page.own_views.name.setText("Routine ones")
    page.own_views.name_given()
    desks.idle()
    assert page.filters.view_name == "Routine ones"
    assert [row.id for row in page.model.rows] == [other.id]
    again = QueuePage(desks.desk)
    desks.qtbot.addWidget(again)
    again.refresh()
    desks.idle()
    assert [view.name for view in again.filters.choices.own] == ["Routine ones"]
    page.own_views.forget()
    desks.idle()
    assert (page.filters.choices.own, page.filters.view) == ((), "open")
    desks.desk.notices.undo()  # type: ignore[attr-defined,misc]
    desks.idle()
    assert [view.name for view in page.filters.choices.own] == ["Routine ones"]
    desks.desk.locality.set("South")
    desks.idle()
    assert page.model.rows == []
    assert "South" in page._empty._title.text()


def test_claim_the_next_one(desks: Desks) -> None:
    first, second = refer(desks.cole, "Stairs", "two_hours"), refer(desks.cole, "Bath", "routine")
    desks.cole.services.intake.claim(first.id, first.revision)
    page = desks.open()
    page.moves.claim_next()
    desks.idle()
    assert page.table.current.id == second.id
    assert desks.cell(second, "holder") == "You"
    page.moves.claim_next()
    desks.idle()
    assert desks.said()[-1] == "Nothing here is unclaimed."


def test_who_may_only_read_has_nothing_to_press(desks: Desks) -> None:
    refer(desks.cole, "Stairs")
    max_ = desks.db.sign_in("max.manager")
    desks.desk.services, desks.desk.actor = max_.services, max_.actor
    page = desks.open()
    able = {c.id for c in page.commands() if c.enabled_when()}
    assert not able & {command.id for command in page.moves.commands()}


def test_a_referral_of_a_page_elsewhere_is_come_to(desks: Desks) -> None:
    refer(desks.cole, "Stairs", "two_hours")
    wanted = refer(desks.cole, "Bath", "routine")
    page = desks.open()
    page.open(wanted.id)
    desks.idle()
    assert page.table.current.id == wanted.id
    closed = desks.cole.services.intake.close(wanted.id, wanted.revision, "Settled").referral
    page.filters.show_view("mine")
    desks.idle()
    page.open(closed.id)
    desks.idle()
    assert page.panel.isVisible()


def test_claim_left_lying_turns_amber(desks: Desks) -> None:
    referral = refer(desks.cole, "Stairs")
    desks.cole.services.intake.claim(referral.id, referral.revision)
    page = desks.open()
    desks.desk.clock.at += timedelta(minutes=31)  # type: ignore[attr-defined]
    column = next(c for c in page.model.columns if c.id == "state")
    assert column.badge is not None
    look = column.badge(page.model.rows[0])
    assert look is not None
    assert look.tone == "amber"
    assert column.tip is not None
    assert "Cole Example since" in column.tip(page.model.rows[0])


def test_the_model_keeps_qts_rules(desks: Desks, qtmodeltester: Any) -> None:
    for n in range(3):
        refer(desks.cole, f"Need {n}")
    page = desks.open()
    qtmodeltester.check(page.model)
    refer(desks.cole, "One more")
    page.refresh()
    desks.idle()
    page.show_new()
    desks.idle()
    assert len(page.model.rows) == 4


def test_the_menu_of_the_table_opens_from_the_head(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    page, places = desks.open(), []
    monkeypatch.setattr(page.table, "popup_menu", places.append)  # the offscreen screen cannot show a menu
    next(b for b in page.head.findChildren(QToolButton) if "columns" in b.toolTip().lower()).click()
    assert len(places) == 1
    assert "Export…" in [entry.text() for entry in page.table.menu().actions()]
