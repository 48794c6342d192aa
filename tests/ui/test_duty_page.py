"""The page Shift, its bars and the sheet on paper, with the real database of a test behind them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from sqlalchemy import text

from coordination.clock import SystemClock
from coordination.duty.model import DeskShift, HandoverDraft, ItemDraft
from coordination.values import UserName, new_id
from tests.database import CentreDb, SignedIn
from tests.db.test_duty_handover import held
from tests.ui.fakes import RecordedNavigator, RecordedNotices, wait_idle
from ui.at_desk import Changes
from ui.desk import Desk
from ui.duty import lines, words
from ui.duty.page import DutyPage
from ui.duty.paper import paper, pdf
from ui.duty.present import DutyPresence
from ui.duty.preview import HandoverPreview
from ui.intake.page import QueuePage
from ui.tasks import Tasks
from ui.widgets.badge import Badge

CORA, COLE = UserName("cora.coordinator"), UserName("cole.coordinator")
HOUR = timedelta(hours=1)


class Top:
    """The part of the top bar that a presence asks for."""

    def __init__(self) -> None:
        self.quiet: list[QWidget] = []

    def put_quiet(self, widget: QWidget) -> None:
        self.quiet.append(widget)


class Window(QWidget):
    """The part of the window that a presence asks for."""

    page_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.top, self.page = Top(), None
        self.setLayout(QVBoxLayout())

    def put_above(self, bar: QWidget) -> None:
        self.layout().addWidget(bar)

    def centralWidget(self) -> QWidget:
        return self


class Sitting:
    """One colleague at a desk: services over a real database, watch, bars and page."""

    def __init__(self, signed_in: SignedIn, folder: Any) -> None:
        self.notices = RecordedNotices()
        self.signed_in = signed_in
        self.desk = Desk(
            services=signed_in.services, tasks=Tasks(on_error=lambda e: self.notices.error(e)), clock=SystemClock(),
            actor=signed_in.actor, changes=Changes(wait_ms=1),
            settings=QSettings(str(folder / f"{signed_in.actor.user_name}.ini"), QSettings.Format.IniFormat),
            training=True,
        )  # fmt: skip
        self.desk.notices, self.desk.go = self.notices, RecordedNavigator()
        self.window = Window()
        self.presence = self.desk.duty = DutyPresence(self.desk, self.window)
        self.page = DutyPage(self.desk)
        self.window.layout().addWidget(self.page)
        self.desk.commands.add(self.page.commands(), self.page, "duty")

    @property
    def duty(self) -> Any:
        return self.signed_in.services.duty

    def show(self, qtbot: Any, key: object = None) -> DutyPage:
        self.window.resize(1366, 700)
        self.front(qtbot)
        self.page.come_forward(key)
        self.settle(qtbot)
        return self.page

    def front(self, qtbot: Any) -> None:
        """The window in front, and the watch up to date."""
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        self.presence.watch.refresh()
        wait_idle(qtbot, self.desk)

    def settle(self, qtbot: Any) -> None:
        wait_idle(qtbot, self.desk)
        self.page.refresh()
        wait_idle(qtbot, self.desk)

    def press(self, keys: str) -> None:
        """The command on those keys, as far as it can be done now."""
        (found,) = [c for c in self.desk.commands.here("duty") if c.shortcut == keys]
        found()

    def command(self, name: str) -> Any:
        return self.page.by_id[name]


@pytest.fixture
def sit(qtbot, dressed, centre_db: CentreDb, tmp_path):
    sittings: list[Sitting] = []

    def made(user: str) -> Sitting:
        sitting = Sitting(centre_db.sign_in(user), tmp_path)
        qtbot.addWidget(sitting.window)
        sittings.append(sitting)
        return sitting

    yield made
    for sitting in sittings:
        sitting.desk.tasks.close()
        sitting.desk.drafts.close()


def start(sitting: Sitting, hours: float = 8) -> DeskShift:
    return sitting.duty.start(new_id(), "north", datetime.now(UTC) + timedelta(hours=hours))


def hand_over(sitting: Sitting, note: str = "All quiet", to: UserName | None = None) -> Any:
    items = tuple(
        ItemDraft(new_id(), o.kind, o.id, "next", o.revision, "Rings back") for o in sitting.duty.outstanding()
    )
    return sitting.duty.sign(HandoverDraft(new_id(), items, note, to, "north"))


# ---------------------------------------------------------------- bars


def test_a_shift_is_offered_and_begins_with_one_key(sit, qtbot):
    cora = sit(CORA)
    cora.front(qtbot)
    assert cora.presence.bar.isVisible() and cora.presence.bar.kind == "start"
    assert cora.presence.label.text() == "No shift"
    cora.press("F9")
    wait_idle(qtbot, cora.desk)
    wait_idle(qtbot, cora.desk)
    assert cora.duty.on_duty().of(CORA) is not None
    assert not cora.presence.bar.isVisible()
    assert cora.presence.label.text().startswith("Shift since ")
    kind, said = cora.notices.said[-1]
    assert kind == "say" and said.startswith("Shift started at")


def test_dismissed_the_offer_stays_away_and_the_top_bar_has_it(sit, qtbot):
    cora = sit(CORA)
    cora.front(qtbot)
    cora.presence.bar.dismiss()
    cora.presence.watch.refresh()
    wait_idle(qtbot, cora.desk)
    assert not cora.presence.bar.isVisible()
    assert cora.presence.label.isVisible()


def test_a_break_and_back_with_one_key_and_colleagues_see_it(sit, qtbot):
    cora, cole = sit(CORA), sit(COLE)
    start(cora)
    referral = held(cora.signed_in)
    cora.show(qtbot)
    cora.press("Shift+F9")
    wait_idle(qtbot, cora.desk)
    wait_idle(qtbot, cora.desk)
    assert cora.presence.bar.kind == "break"
    cole.presence.watch.refresh()
    wait_idle(qtbot, cole.desk)
    mark = cole.presence.watch.mark(CORA, referral.id)
    assert mark.words.startswith("break until ") and mark.tip.startswith("On a break until ")
    queue = QueuePage(cole.desk)
    qtbot.addWidget(queue)
    queue.show()
    queue.open(referral.id)
    queue.come_forward(referral.id)
    qtbot.waitUntil(lambda: queue.detail is not None and queue.panel.isVisible(), timeout=30_000)
    badges = lambda: [b.accessibleName() or b.words for b in queue.panel.findChildren(Badge) if b.isVisibleTo(queue)]  # noqa: E731
    assert any(words.startswith("On a break until ") for words in badges()), badges()
    cora.press("Shift+F9")
    wait_idle(qtbot, cora.desk)
    wait_idle(qtbot, cora.desk)
    shift = cora.duty.on_duty().of(CORA)
    assert shift.on_break is None and len(shift.breaks) == 1
    cole.presence.watch.refresh()
    wait_idle(qtbot, cole.desk)
    assert not any(words.startswith("On a break") for words in badges()), "nor does it stay when they are back"


def test_a_forgotten_shift_is_asked_about(sit, qtbot, centre_db):
    cora = sit(CORA)
    shift = start(cora)
    with centre_db.owner.begin() as connection:
        back = {"back": timedelta(hours=20)}
        times = "started_at = started_at - :back, planned_end = planned_end - :back"
        connection.execute(text(f"update desk_shift set {times}"), back)
    cora.front(qtbot)
    bar = cora.presence.bar
    assert bar.kind == "forgotten" and bar.when.value == (shift.planned_end - timedelta(hours=20)).astimezone(
        words.rules.LONDON
    ).time().replace(second=0, microsecond=0)
    bar.go()
    wait_idle(qtbot, cora.desk)
    wait_idle(qtbot, cora.desk)
    over = cora.duty.recent()[0]
    assert (over.is_open, over.ended_how) == (False, "later")
    assert bar.kind == "start"  # and now today's


# ---------------------------------------------------------------- writing


def test_nothing_outstanding_says_that_one_may_go(sit, qtbot):
    page = sit(CORA).show(qtbot, "mine")
    assert page.table.model().rowCount() == 0
    assert "you may go" in page._empty._title.text()


def test_choices_lines_and_the_note_stay_through_refreshes_and_errors(sit, qtbot):
    cora = sit(CORA)
    one, other = held(cora.signed_in, need="One"), held(cora.signed_in, need="Other")
    page = cora.show(qtbot, "mine")
    page.form.note.setPlainText("All quiet")
    page.table.select_key(one.id)
    cora.command("duty.queue")()
    page.form.line.setFocus()
    qtbot.keyClicks(page.form.line, "She rings at four")
    cora.signed_in.services.intake.triage(other.id, other.revision, "reablement", "two_hours", "Worse")
    cora.command("duty.sign")()  # what was read is stale: refused, and read again
    wait_idle(qtbot, cora.desk)
    cora.settle(qtbot)
    assert cora.notices.said[-1][0] == "error"
    rows = {row.subject: row for row in page.model.all_rows}
    assert (rows[one.id].choice, rows[one.id].words) == ("queue", "She rings at four")
    assert page.form.note.value == "All quiet"
    assert cora.desk.drafts.take("handover", CORA)["note"] == "All quiet"
    cora.command("duty.sign")()
    wait_idle(qtbot, cora.desk)
    wait_idle(qtbot, cora.desk)
    assert page.sheet is not None and page.sheet.handover.note == "All quiet"
    assert {i.subject: i.state for i in page.sheet.items} == {one.id: "queued", other.id: "offered"}
    assert cora.desk.drafts.take("handover", CORA) is None
    assert page.form.note.value == ""


def test_what_was_typed_is_there_again_after_a_crash(sit, qtbot):
    cora = sit(CORA)
    referral = held(cora.signed_in)
    page = cora.show(qtbot, "mine")
    page.table.select_key(referral.id)
    cora.command("duty.stays")()
    page.form.note.setPlainText("Ring the ward")
    again = DutyPage(cora.desk)
    qtbot.addWidget(again)
    assert (again.form.note.value, again.form.choices[referral.id]) == ("Ring the ward", "stays")


def test_opening_the_page_is_no_draft(sit, qtbot):
    cora = sit(CORA)
    start(sit(COLE))
    held(cora.signed_in)
    cora.show(qtbot, "mine")
    assert cora.desk.drafts.kept == []


def test_to_whom_colleagues_on_shift_come_first(sit, qtbot):
    cora, cole = sit(CORA), sit(COLE)
    start(cole)
    page = cora.show(qtbot, "mine")
    offered = [page.form.to.itemText(n) for n in range(page.form.to.count())]
    assert offered[0] == "Cole Example · on shift, North"
    assert page.form.to.currentText() == "Whoever is next on shift in North"
    assert "Cora Example" not in " ".join(offered) and "Max Example" not in offered


def test_single_keys_choose_what_becomes_of_it(sit, qtbot):
    cora = sit(CORA)
    held(cora.signed_in)
    page = cora.show(qtbot, "mine")
    for key, choice in (("Q", "queue"), ("S", "stays"), ("N", "next")):
        cora.press(key)
        assert page.model.all_rows[0].choice == choice
    qtbot.keyClicks(page.form.note, "qs")
    assert (page.form.note.value, page.model.all_rows[0].choice) == ("qs", "next")


def test_ending_with_claims_leads_to_the_handover(sit, qtbot):
    cora = sit(CORA)
    start(cora)
    held(cora.signed_in)
    page = cora.show(qtbot, "mine")
    cora.command("duty.end")()
    wait_idle(qtbot, cora.desk)
    wait_idle(qtbot, cora.desk)
    assert cora.notices.said[-1][0] == "warn" and "You hold 1" in cora.notices.said[-1][1]
    cora.command("duty.sign")()
    wait_idle(qtbot, cora.desk)
    wait_idle(qtbot, cora.desk)
    cora.command("duty.end")()
    wait_idle(qtbot, cora.desk)
    assert cora.duty.on_duty().of(CORA) is None
    assert page.sheet is not None


# ---------------------------------------------------------------- answering


def test_the_next_one_is_told_sees_the_same_and_accepts_all(sit, qtbot):
    cora, cole = sit(CORA), sit(COLE)
    one, other = held(cora.signed_in, need="One"), held(cora.signed_in, need="Other")
    sheet = hand_over(cora, to=COLE)
    cole.duty.start(new_id(), "central", datetime.now(UTC) + 8 * HOUR)
    page = cole.show(qtbot)
    assert cole.presence.bar.kind == "handed" and "hands 2 items over to you" in cole.presence.bar._said.text()
    page.open(sheet.handover.id)
    wait_idle(qtbot, cole.desk)
    assert {row.subject for row in page.model.all_rows} == {one.id, other.id}
    assert all(lines.becomes(row) == "Waits · line" for row in page.model.all_rows)
    cole.press("Ctrl+Return")
    wait_idle(qtbot, cole.desk)
    cole.settle(qtbot)
    assert [row.item.state for row in page.model.all_rows] == ["accepted", "accepted"]
    assert cole.signed_in.services.intake.referral(one.id).holder == COLE
    cole.notices.undo()  # accepted by mistake: handed back
    wait_idle(qtbot, cole.desk)
    assert cole.signed_in.services.intake.referral(one.id).holder == CORA


def test_one_item_is_returned_with_the_reason(sit, qtbot):
    cora, cole = sit(CORA), sit(COLE)
    held(cora.signed_in)
    sheet = hand_over(cora)
    page = cole.show(qtbot, sheet.handover.id)
    cole.command("duty.return")()
    form = page.asking
    form.form.fields["reason"].set_value("You promised to ring")
    form.go()
    wait_idle(qtbot, cole.desk)
    cole.settle(qtbot)
    assert page.sheet.items[0].answer == "You promised to ring"
    back = cora.show(qtbot, sheet.handover.id)
    assert lines.becomes(back.model.all_rows[0]).startswith("Returned")


def test_what_changed_meanwhile_says_so(sit, qtbot):
    cora, cole = sit(CORA), sit(COLE)
    referral = held(cora.signed_in)
    sheet = hand_over(cora)
    cora.signed_in.services.intake.triage(referral.id, referral.revision, "reablement", "two_hours", "Worse")
    page = cole.show(qtbot, sheet.handover.id)
    assert lines.becomes(page.model.all_rows[0]).startswith("Waits, changed")


def test_a_waiting_handover_stands_at_the_referral_and_turns_amber(sit, qtbot, centre_db):
    cora = sit(CORA)
    referral = held(cora.signed_in)
    sheet = hand_over(cora)
    page = cora.show(qtbot, "mine")
    row = page.model.all_rows[0]
    assert (row.choice, lines.becomes(row), lines.look(row).tone) == (None, "Handed over", "accent")
    with centre_db.owner.begin() as connection:
        connection.execute(text("alter table handover disable trigger guard"))
        connection.execute(text("update handover set signed_at = signed_at - interval '31 min'"))
        connection.execute(text("alter table handover enable trigger guard"))
    cora.presence.watch.refresh()
    wait_idle(qtbot, cora.desk)
    assert lines.look(page.model.all_rows[0]).tone == "amber"
    mark = cora.presence.watch.mark(CORA, referral.id)
    assert (mark.words, mark.look.tone) == ("→ next on shift", "amber")
    assert any("waiting 31 min" in said for said in page.there.lines)
    page.see(sheet.handover.id)
    wait_idle(qtbot, cora.desk)
    cora.command("duty.withdraw")()
    wait_idle(qtbot, cora.desk)
    assert cora.duty.handover(sheet.handover.id).handover.state == "withdrawn"


def test_a_lead_ends_a_colleagues_shift_and_hands_over_for_her(sit, qtbot):
    cora, lead = sit(CORA), sit("tess.lead")
    shift = start(cora)
    referral = held(cora.signed_in)
    page = lead.show(qtbot, "mine")
    page.own.end_for(shift)
    form = page.asking
    form.go()
    wait_idle(qtbot, lead.desk)
    assert form.form.fields["reason"].problem
    form.form.fields["reason"].set_value("Gone home ill")
    form.go()
    wait_idle(qtbot, lead.desk)
    over = cora.duty.recent()[0]
    assert (over.ended_how, over.ended_by_name) == ("by_another", "Tess Example")
    page.show_what(type(page.shown)("colleague", CORA))
    wait_idle(qtbot, lead.desk)
    lead.command("duty.sign")()
    wait_idle(qtbot, lead.desk)
    wait_idle(qtbot, lead.desk)
    assert (page.sheet.handover.from_user, page.sheet.handover.signed_by) == (CORA, "tess.lead")
    assert page.sheet.items[0].subject == referral.id


# ---------------------------------------------------------------- paper


def test_the_sheet_has_all_items_and_no_more_than_it_needs(sit, qtbot, centre_db):
    pypdfium2 = pytest.importorskip("pypdfium2")
    cora = sit(CORA)
    for n in range(25):
        held(cora.signed_in, need=f"Need number {n:02d}", caller_phone="0161 496 0000")
    sheet = hand_over(cora, note="All quiet\nRing Łukasz at the ward")
    document = pypdfium2.PdfDocument(pdf(paper(sheet, datetime.now(UTC), "Cora Example")))
    pages = [document[n].get_textpage().get_text_range() for n in range(len(document))]
    whole = "\n".join(pages)
    assert [f"Page {n} of {len(pages)}" in said for n, said in enumerate(pages, start=1)] == [True] * len(pages)
    assert all(f"Need number {n:02d}" in whole for n in range(25))
    assert all("Line to the next" in said for said in pages[:-1])
    assert "Signed by Cora Example" in whole and "Łukasz" in whole
    assert "Taken over by" in whole
    assert not re.search(r"\d{4} ?496", whole)
    sizes = [document[n].get_size() for n in range(len(document))]
    assert {(round(w), round(h)) for w, h in sizes} == {(842, 595)}


def test_what_is_not_signed_says_so_on_paper(sit, qtbot):
    cora = sit(CORA)
    held(cora.signed_in)
    page = cora.show(qtbot, "mine")
    data = paper(page.handing.unsigned(), datetime.now(UTC), "Cora Example", signed=False)
    assert data.signature.startswith("Not signed") and len(data.rows) == 1


def test_the_preview_is_printed_and_saved_and_that_is_noted(sit, qtbot, tmp_path, centre_db):
    cora = sit(CORA)
    held(cora.signed_in)
    sheet = hand_over(cora)
    preview = HandoverPreview(cora.window, cora.desk, sheet)
    preview.show()
    qtbot.waitUntil(lambda: preview.ready, timeout=30_000)
    preview.save_to(tmp_path / "handover")
    wait_idle(qtbot, cora.desk)
    assert (tmp_path / "handover.pdf").read_bytes().startswith(b"%PDF")
    with centre_db.owner.begin() as connection:
        query = text("select action from audit.entry where area = 'duty' and record = :r")
        noted = connection.execute(query, {"r": f"handover {sheet.handover.id}"}).scalars().all()
    assert noted == ["export"]
    preview.close()


def test_uuid_keys_open_a_handover_that_is_gone_with_a_sentence(sit, qtbot):
    cora = sit(CORA)
    cora.show(qtbot, uuid4())
    assert cora.notices.said[-1][0] == "error"
