"""The page of safeguarding on a real database: from raising a concern to its decision, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from coordination.changes import Change
from coordination.clock import FixedClock
from coordination.intake.model import ContactDraft, Refer, ReferralDraft
from coordination.people.model import PersonDraft
from coordination.safeguarding.model import Concern, ConcernDraft, ConcernFacts, ConcernId
from coordination.values import ContactId, PersonId, ReferralId, new_id
from tests.database import CentreDb
from tests.ui.fakes import make_desk, wait_idle
from ui.safeguarding.count import UndecidedCount
from ui.safeguarding.opening import OfReferral, RaiseAbout
from ui.safeguarding.page import SafeguardingPage


def words(widget: QWidget) -> str:
    return " ".join(each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget))


class Open:
    """Cora's page; a person is registered."""

    def __init__(self, db: CentreDb, qtbot: Any, folder: Any) -> None:
        self.db, self.qtbot = db, qtbot
        self.cora, self.cole = db.sign_in("cora.coordinator"), db.sign_in("cole.coordinator")
        person = self.cora.services.people.register(PersonDraft(surname="Davies", given="Ann"), PersonId(new_id()))
        self.person = person.id
        self.desk = make_desk(folder, self.cora.services)
        self.desk.actor = self.cora.actor
        self.desk.clock = FixedClock(datetime.now(UTC))
        self.page = SafeguardingPage(self.desk)
        qtbot.addWidget(self.page)
        self.page.resize(1170, 680)
        self.desk.commands.add(self.page.commands(), self.page, "safeguarding")
        self.page.show()
        self.page.come_forward()
        self.idle()

    def idle(self) -> None:
        wait_idle(self.qtbot, self.desk)

    def raised(self, said: str = "Frightened of her son", desk: Any = None) -> Concern:
        draft = ConcernDraft(ConcernId(new_id()), ConcernFacts(said), person_id=self.person, locality="north")
        return (desk or self.cora).services.safeguarding.raise_concern(draft)  # type: ignore[no-any-return]

    def show(self, concern: Concern) -> None:
        self.page.open(concern.id)
        self.idle()

    def do(self, command: str) -> None:
        self.desk.commands.get(f"safeguarding.{command}")()
        self.idle()

    def now(self, concern: Concern) -> Concern:
        return self.cora.services.safeguarding.open_concern(concern.id).concern

    @property
    def said(self) -> list[Any]:
        return [what for _kind, what in self.desk.notices.said]  # type: ignore[attr-defined]


@pytest.fixture
def opened(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[Open]:
    made = Open(centre_db, qtbot, tmp_path)
    yield made
    made.desk.tasks.close()


def test_empty_it_says_how_to_start(opened: Open) -> None:
    assert "No concern is open" in words(opened.page)
    assert "One is raised with a referral, or from a person's record." in words(opened.page)


def test_raised_looked_into_told_and_decided(opened: Open) -> None:
    page = opened.page
    page.open(RaiseAbout(opened.person, "DAVIES, Ann"))
    opened.idle()
    assert page.raising is not None
    editor = page.raising.form.field("seen_or_said").editor
    assert editor.hasFocus()
    opened.qtbot.keyClicks(editor, "Neighbour heard shouting")
    page.raising.form.set_values({"danger": "yes"})
    next(b for b in page.findChildren(QWidget) if getattr(b, "text", lambda: "")() == "Raise the concern").click()
    opened.idle()
    opened.qtbot.waitUntil(lambda: page.concern is not None, timeout=30_000)
    concern = page.concern
    assert concern is not None
    assert (concern.owner, concern.stage, concern.person_id) == ("cora.coordinator", "raised", opened.person)
    assert "DAVIES, Ann" in words(page)
    opened.do("look")
    assert opened.now(concern).stage == "looking"
    view = page.view
    assert view is not None
    assert not view.decide.isEnabled(), "nobody was told yet"
    assert "First write down who was told." in words(view)
    opened.do("told")
    assert page.view is not None
    name = page.view.telling.field("name").editor
    assert name.hasFocus()
    opened.qtbot.keyClicks(name, "Amina Shah")
    page.view.telling.field("role").set_value("Duty social worker")
    page.deeds.tell()
    opened.idle()
    assert "Amina Shah, Duty social worker" in words(page)
    assert page.view.telling.value("name") == "", "ready for the next"
    opened.do("decide")
    page.view.deciding.set_values({"decision": "section_42", "decision_words": "Referred to the team"})
    opened.do("finish")
    done = opened.now(concern)
    assert (done.stage, done.decision_name) == ("decided", "Section 42 enquiry")
    assert "Section 42 enquiry" in words(page)
    opened.desk.notices.undo()  # type: ignore[attr-defined,misc]
    opened.idle()
    assert opened.now(concern).stage == "looking"


def test_what_is_typed_survives_what_others_do_meanwhile(opened: Open) -> None:
    concern = opened.raised()
    opened.show(concern)
    page = opened.page
    assert page.view is not None
    page.view.looked.field("found").editor.setPlainText("GP saw it too")  # type: ignore[attr-defined]
    page.view.deciding.set_values({"decision_words": "Half a sentence"})
    page.view.telling.field("name").editor.setText("Half a name")  # type: ignore[attr-defined]
    taken = opened.cole.services.safeguarding.take_over(concern.id, concern.revision, "She is on leave")
    opened.desk.changes.deliver(Change("safeguarding", str(concern.id)))
    opened.qtbot.waitUntil(
        lambda: page.concern is not None and page.concern.owner == "cole.coordinator", timeout=30_000
    )
    opened.idle()
    view = page.view
    assert view.looked.value("found") == "GP saw it too"
    assert view.deciding.value("decision_words") == "Half a sentence"
    assert view.telling.value("name") == "Half a name"
    assert "Cole Example has it. Take it over to decide it." in words(view)
    page.deeds.save()
    opened.idle()
    assert opened.now(concern).found == "GP saw it too"
    assert opened.now(concern).revision == taken.revision + 1


def test_two_at_once_is_a_conflict_that_shows_what_is_now_and_keeps_what_is_typed(opened: Open) -> None:
    concern = opened.raised()
    opened.show(concern)
    page = opened.page
    assert page.view is not None
    page.view.looked.field("found").editor.setPlainText("Mine")  # type: ignore[attr-defined]
    opened.cole.services.safeguarding.take_over(concern.id, concern.revision, "At once")
    page.deeds.save()  # the page has not heard of it yet
    opened.idle()
    assert [type(s).__name__ for s in opened.said] == ["Conflict"]
    opened.qtbot.waitUntil(
        lambda: page.concern is not None and page.concern.owner == "cole.coordinator", timeout=30_000
    )
    opened.idle()
    assert page.view.looked.value("found") == "Mine"
    page.deeds.save()
    opened.idle()
    assert opened.now(concern).found == "Mine"


def test_handing_over_and_taking_over_ask_why(opened: Open) -> None:
    concern = opened.raised()
    opened.show(concern)
    page = opened.page
    opened.do("hand_over")
    assert page.form is not None
    page.form.go()
    opened.idle()
    assert page.form is not None, "nothing was chosen"
    assert {n for n, f in page.form.form.fields.items() if f.problem} == {"reason"}
    page.form.form.set_values({"reason": "Central knows her"})
    page.form.go()
    opened.idle()
    assert page.form.form.field("to_user").problem == "Choose a colleague."
    page.form.form.set_values({"to_user": "cole.coordinator", "reason": "Central knows her"})
    page.form.go()
    opened.idle()
    assert page.form is None
    assert opened.now(concern).owner == "cole.coordinator"
    opened.qtbot.waitUntil(
        lambda: page.concern is not None and page.concern.owner == "cole.coordinator", timeout=30_000
    )
    opened.do("take_over")
    assert page.form is not None
    page.form.form.set_values({"reason": "He is ill"})
    opened.qtbot.keyClick(page.form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    opened.idle()
    assert opened.now(concern).owner == "cora.coordinator"
    assert "“He is ill”" in words(page)


def test_a_concern_that_is_begun_gives_way_and_can_be_had_back(opened: Open) -> None:
    concern = opened.raised()
    page = opened.page
    page.open(RaiseAbout(opened.person, "DAVIES, Ann"))
    opened.idle()
    assert page.raising is not None
    page.raising.form.set_values({"seen_or_said": "Half a sentence", "danger": "yes"})
    opened.show(concern)
    assert page.concern is not None
    assert "The concern that you began is kept." in opened.said
    opened.desk.notices.undo()  # type: ignore[attr-defined,misc]
    assert page.raising is not None
    assert page.raising.facts().seen_or_said == "Half a sentence"
    assert page.raising.facts().danger == "yes"


def test_one_that_is_open_already_is_shown_before_another_is_raised(opened: Open) -> None:
    concern = opened.raised()
    page = opened.page
    page.open(RaiseAbout(opened.person, "DAVIES, Ann"))
    opened.idle()
    assert f"Open already: no. {concern.number}, raised, with Cora Example." in words(page)
    leave = next(b for b in page.findChildren(QPushButton) if b.text() == "Leave it" and b.isVisibleTo(page))
    opened.qtbot.mouseClick(leave, Qt.MouseButton.LeftButton)
    opened.idle()
    assert page.raising is None


def test_the_concern_of_a_referral_or_a_new_one_about_it(opened: Open) -> None:
    intake = opened.cora.services.intake

    def refer(**of: Any) -> Any:
        draft = ReferralDraft(ReferralId(new_id()), "social_work", "same_day", "Bruises", **of)
        return intake.take_contact(ContactDraft(need="Bruises"), ContactId(new_id()), Refer((draft,))).referrals[0]

    with_one, without = refer(safeguarding=True, hold=True), refer()
    opened.page.open(OfReferral(with_one.id, with_one.number))
    opened.idle()
    opened.qtbot.waitUntil(lambda: opened.page.concern is not None, timeout=30_000)
    assert opened.page.concern is not None
    assert opened.page.concern.referral_id == with_one.id
    assert "Nobody knows yet who" in words(opened.page)
    opened.page.open(OfReferral(without.id, without.number))
    opened.idle()
    opened.qtbot.waitUntil(lambda: opened.page.raising is not None, timeout=30_000)
    assert f"A new concern about Referral no. {without.number}" in words(opened.page)


def test_lists_mine_and_what_is_decided(opened: Open) -> None:
    mine, theirs = opened.raised("Mine"), opened.raised("Theirs", opened.cole)
    page = opened.page
    page.refresh()
    opened.idle()
    assert {row.id for row in page.model.all_rows} == {mine.id, theirs.id}
    page.shown.set_value("mine")
    opened.idle()
    assert {row.id for row in page.model.all_rows} == {mine.id}
    page.shown.set_value("decided")
    opened.idle()
    assert page.model.all_rows == []
    opened.desk.locality.set("South")
    page.shown.set_value("undecided")
    opened.idle()
    assert page.model.all_rows == [], "those of another locality"


def test_the_rail_counts_what_is_not_decided(opened: Open, qtbot: Any) -> None:
    opened.raised()
    count = UndecidedCount(opened.desk)
    opened.idle()
    assert opened.desk.foot.counts["safeguarding"] == (1, "not decided")
    assert opened.desk.foot.due == 0, "it is not due in a quarter of an hour"
    opened.raised("Another")
    opened.desk.changes.deliver(Change("safeguarding", "x"))
    qtbot.waitUntil(lambda: opened.desk.foot.counts["safeguarding"][0] == 2, timeout=30_000)
    opened.desk.locality.set("South")
    opened.idle()
    assert opened.desk.foot.counts["safeguarding"][0] == 0
    count.deleteLater()
