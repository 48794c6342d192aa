"""Trusted assessors and Relied on, on a real database: by key, with undo, and what others do is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from sqlalchemy import text

from coordination.assessment.receipts import AskMore, PointId
from coordination.assessment.trust import HeldDraft, HeldId
from coordination.changes import Change
from coordination.clock import FixedClock
from coordination.values import PersonId, UserName, new_id
from tests.care_kit import add_person, add_referral
from tests.database import CentreDb, SignedIn
from tests.trust_kit import agree, days, recognise, signed_and_received
from tests.ui.fakes import make_desk, wait_idle
from ui import wording
from ui.assessment.editor import AssessmentPage
from ui.desk import Desk
from ui.page import Page
from ui.sentences import sentence
from ui.trust.page import AGREEMENTS, TrustPage
from ui.trust.reliance_page import OF_ME, REASKED, SETTLED, ReliancePage

DeskOf = Callable[[SignedIn], Desk]


@pytest.fixture
def desk_of(qapp: Any, tmp_path: Any, dressed: Any) -> Iterator[DeskOf]:
    made = []

    def make(who: SignedIn) -> Desk:
        folder = tmp_path / who.actor.user_name
        folder.mkdir(exist_ok=True)
        desk = make_desk(folder, who.services)
        desk.actor, desk.clock = who.actor, FixedClock(datetime.now(UTC))
        made.append(desk)
        return desk

    yield make
    for desk in made:
        desk.tasks.close()


@pytest.fixture
def person(centre_db: CentreDb) -> PersonId:
    made = add_person(centre_db)
    referral = add_referral(centre_db, made, "Washing again by himself")
    with centre_db.owner.begin() as connection:
        connection.execute(text("update referral set locality = 'north' where id = :i"), {"i": referral})
    return made


class At:
    """A page of one desk."""

    def __init__(self, qtbot: Any, desk: Desk, page: Page, key: object = None) -> None:
        self.qtbot, self.desk, self.page = qtbot, desk, page
        qtbot.addWidget(page)
        desk.commands.add(page.commands(), page, page.id)
        page.resize(1170, 680)
        page.show()
        qtbot.waitExposed(page)
        page.come_forward(key)
        self.idle()

    def idle(self) -> None:
        wait_idle(self.qtbot, self.desk)
        QTest.qWait(0)
        wait_idle(self.qtbot, self.desk)

    def do(self, command: str) -> None:
        self.desk.commands.get(command)()
        self.idle()

    def fill(self, form: Any, **values: object) -> None:
        form.form.set_values(values)
        form.go()
        self.idle()

    def undo(self) -> None:
        assert self.desk.notices.undo is not None  # type: ignore[attr-defined]
        self.desk.notices.undo()  # type: ignore[attr-defined]
        self.idle()

    @property
    def said(self) -> list[str]:
        return [w if isinstance(w, str) else sentence(w) for _, w in self.desk.notices.said]  # type: ignore[attr-defined]


def words(widget: QWidget) -> str:
    return " ".join(each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget))


def test_a_manager_agrees_recognises_and_takes_back_by_key(qtbot: Any, desk_of: DeskOf, centre_db: CentreDb) -> None:
    boss = centre_db.sign_in("max.manager")
    page = TrustPage(desk_of(boss))
    at = At(qtbot, page.desk, page)
    assert "Asa Example" in words(page)
    at.do("trust.agree")
    assert page.shown.value == AGREEMENTS and page.deeds.form is not None
    page.deeds.form.go()
    at.idle()
    assert page.deeds.form is not None and page.deeds.form.form.field("name").problem  # said at the field, kept open
    at.fill(
        page.deeds.form, name="Ward to reablement", assessing="The ward", receiving="Reablement",
        services=("reablement",), forms=("*",), competencies=("care_act",), if_flawed="It is corrected.",
        contact="max.manager",
    )  # fmt: skip
    assert page.deeds.form is None and at.said[-1] == "Agreed."
    made = next(a for a in boss.services.trust.agreements() if a.name == "Ward to reablement")
    assert (made.services, made.competencies, made.contact) == (("reablement",), ("care_act",), "max.manager")
    page.table.select_key(made.id)
    at.do("trust.recognise")
    at.fill(page.deeds.form, user="cora.coordinator")
    page.shown.set_value("assessors")
    at.idle()
    rows = {a.user: a for a in boss.services.trust.assessors()}
    cora = rows[UserName("cora.coordinator")]
    page.table.select_key(cora.id)
    assert "2 recognitions, 1 cannot sign" in words(page)
    at.do("trust.competency")
    at.fill(page.deeds.form, competency="care_act", gained_on=days(-3), last=days(30), evidence="Certificate")
    assert boss.services.trust.assessors()[0].soon(days(0))  # what ends within 60 days stands on top
    at.undo()
    assert not next(a for a in boss.services.trust.assessors() if a.id == cora.id).held
    page.table.select_key(cora.id)
    at.do("trust.end_recognition")
    at.fill(page.deeds.form, last=days(-1), reason="Left")
    assert next(a for a in boss.services.trust.assessors() if a.id == cora.id).validity(days(0)) == "expired"
    at.undo()
    assert next(a for a in boss.services.trust.assessors() if a.id == cora.id).validity(days(0)) != "expired"


def test_everybody_else_reads(qtbot: Any, desk_of: DeskOf, centre_db: CentreDb) -> None:
    boss = centre_db.sign_in("max.manager")
    one = agree(boss)
    recognise(boss, one, "cora.coordinator")
    held = HeldDraft(UserName("asa.assessor"), "care_act", days(-10), days(20))
    boss.services.trust.add_competency(HeldId(new_id()), held)
    page = TrustPage(desk_of(centre_db.sign_in("asa.assessor")))
    at = At(qtbot, page.desk, page)
    assert not [c.id for c in page.commands() if c.id not in ("trust.export", "trust.print") and c.enabled_when()]
    own = next(a for a in page.assessors._rows if a.user == "asa.assessor")
    page.table.select_key(own.id)
    assert "Care Act assessment" in words(page) and f"gained {wording.day(days(-10))}" in words(page)
    other = next(a for a in page.assessors._rows if a.user == "cora.coordinator")
    page.table.select_key(other.id)
    assert "Shown to the assessor, team leads and managers." in words(page)
    assert not [b for b in page.findChildren(QPushButton) if b.isVisible() and b.text() == "Change"] and at.said == []


def test_the_worklist_of_a_team_and_of_an_assessor(
    qtbot: Any, desk_of: DeskOf, centre_db: CentreDb, person: PersonId
) -> None:
    asa, tess = centre_db.sign_in("asa.assessor"), centre_db.sign_in("tess.lead")
    _, sent = signed_and_received(asa, person)
    page = ReliancePage(desk_of(tess))
    at = At(qtbot, page.desk, page)
    assert page.receipt is not None and page.receipt.id == sent.id
    QTest.keyClick(page.table, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: page.receipt is not None and page.receipt.state == "accepted", timeout=30_000)
    at.idle()
    assert at.said[-1] == "Accepted." and page.model.rowCount() == 0
    at.undo()
    assert page.receipt is not None and page.receipt.state == "waiting"
    at.do("relying.ask")
    form = page.deeds.form
    assert form is not None and form.form.field("words").editor.hasFocus()
    form.go()
    at.idle()
    assert form.form.field("why").problem == "Say what it is needed for."
    at.fill(form, words="Which stairs?", why="The rail", due_on=days(2), question="what_matters")
    assert page.receipt.state == "asked" and page.deeds.form is None
    assert "Which stairs?" in words(page) and "Needed for: The rail" in words(page)

    mine = ReliancePage(desk_of(asa))
    here = At(qtbot, mine.desk, mine)
    assert mine.shown.value == OF_ME and mine.model.rowCount() == 1
    here.do("relying.reply")
    here.fill(mine.deeds.form, reply="The back ones")
    assert here.said[-1] == "Answered and signed."
    assert centre_db.sign_in("theo.lead").services.reliance.rows()[0].answered

    page.desk.changes.deliver(Change("trust", str(sent.assessment)))
    qtbot.waitUntil(lambda: page.receipt is not None and page.receipt.answered, timeout=30_000)
    at.do("relying.challenge")
    theo = centre_db.sign_in("theo.lead").services.reliance
    now = theo.get(sent.id)
    theo.accept(sent.id, now.revision)
    at.fill(page.deeds.form, reason="Third floor")
    assert at.said[-1] == "A colleague was faster. It is shown as it is now."
    assert page.receipt is not None and page.receipt.state == "accepted" and page.deeds.form is not None
    page.deeds.close_asking()
    page.shown.set_value(SETTLED)
    at.idle()
    assert page.model.rowCount() == 1


def test_the_strip_on_a_signed_assessment(qtbot: Any, desk_of: DeskOf, centre_db: CentreDb, person: PersonId) -> None:
    asa, tess = centre_db.sign_in("asa.assessor"), centre_db.sign_in("tess.lead")
    sheet, sent = signed_and_received(asa, person)
    page = AssessmentPage(desk_of(asa))
    at = At(qtbot, page.desk, page, sheet.assessment.id)
    strip = page.relied_on
    qtbot.waitUntil(strip.isVisible, timeout=30_000)
    assert "North reablement test team" in words(strip) and strip.receipt_for("accept") is None
    at.do("reliance.send")
    assert strip.deeds.form is not None
    team = next(v for v in range(99) if strip.deeds.form.form.field("team").editor.itemData(0) == v)
    at.fill(strip.deeds.form, team=team, note="For the leg")
    assert len(strip.receipts) == 2 and at.said[-1] == "Sent to North district nursing test team."
    at.undo()
    assert [r.id for r in strip.receipts] == [sent.id]

    asked = tess.services.reliance.ask(
        PointId(new_id()), sent.id, sent.revision, AskMore("", "Which stairs?", "The rail", days(1))
    )
    page.desk.changes.deliver(Change("trust", str(sheet.assessment.id)))
    qtbot.waitUntil(lambda: "Which stairs?" in words(strip), timeout=30_000)
    at.do("reliance.reply")
    at.fill(strip.deeds.form, reply="The back ones")
    assert tess.services.reliance.get(asked.id).answered
    assert "Signed answer by Asa Example" in words(strip)
    other = AssessmentPage(desk_of(tess))
    there = At(qtbot, other.desk, other, sheet.assessment.id)
    qtbot.waitUntil(lambda: other.relied_on.receipt_for("accept") is not None, timeout=30_000)
    there.do("reliance.accept")
    assert other.relied_on.receipts[0].state == "accepted"
    draft = asa.services.assessment.correct(sheet.assessment.id, "The floor was wrong")
    page.open(draft.assessment.id)
    at.idle()
    assert not strip.isVisible()


def test_a_figure_of_asked_again_opens_to_its_rows(
    qtbot: Any, desk_of: DeskOf, centre_db: CentreDb, person: PersonId
) -> None:
    asa, tess = centre_db.sign_in("asa.assessor"), centre_db.sign_in("tess.lead")
    sheet, sent = signed_and_received(asa, person)
    ask = AskMore("", "Which stairs?", "The rail", days(1))
    tess.services.reliance.ask(PointId(new_id()), sent.id, sent.revision, ask)
    page = ReliancePage(desk_of(tess))
    at = At(qtbot, page.desk, page)
    page.shown.set_value(REASKED)
    at.idle()
    at.idle()
    (row,) = page.reask.model._rows
    assert (row.asked, row.reasked) == (1, 1)
    assert page.reask.model.index(0, 8).data() == "100 % (1 of 1)"
    (case,) = page.reask.cases._rows
    page.reask.case_table.opened.emit(case)
    assert page.desk.go.went[-1] == ("assessment", sheet.assessment.id)  # type: ignore[attr-defined]
    assert "within 28 days" in page.reask.table.about()[0]
