"""The plan as a whole on screen: lead worker's alarms, versions, acknowledgement, reviews; two editors at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import text

from coordination.careplan.model import PlanSheet
from coordination.changes import Change
from coordination.clock import SystemClock, local_date
from coordination.presence.model import Mark
from coordination.values import PersonId, UserName, new_id
from tests.care_kit import add_person
from tests.database import CentreDb, SignedIn
from tests.ui.fakes import make_desk
from tests.ui.test_careplan_page import settle, sheet_of
from ui.careplan.page import PlanPage
from ui.careplan.versions_page import VersionsPage
from ui.careplan.worklist import PlansPage
from ui.desk import Desk
from ui.page import Page
from ui.widgets.basics import LinkLabel

TODAY = local_date(SystemClock().now())
LATER = TODAY + timedelta(days=400)  # ahead of the desk's clock as well as of the server's


@pytest.fixture
def tess(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("tess.lead")


@pytest.fixture
def emmeline(centre_db: CentreDb) -> PersonId:
    return add_person(centre_db, title="Mrs")


@pytest.fixture
def desk(qapp: Any, tmp_path: Any, tess: SignedIn) -> Any:
    made = make_desk(tmp_path, tess.services)
    made.actor = tess.actor
    yield made
    made.tasks.close()


@pytest.fixture
def shown(qtbot: Any, desk: Desk, dressed: Any) -> Callable[..., Any]:
    def show(kind: type[Page], key: object = None) -> Any:
        page = kind(desk)
        qtbot.addWidget(page)
        page.resize(1180, 700)
        page.show()
        qtbot.waitExposed(page)
        page.activateWindow()
        page.open(key) if key is not None else page.refresh()
        settle(qtbot, desk)
        return page

    return show


def active(tess: SignedIn, person: PersonId, review: date = LATER, lead: str = "cora.coordinator") -> PlanSheet:
    plans = tess.services.careplan
    plan = plans.start(person).plan
    team = next(t.id for t in plans.teams() if t.service == "reablement")
    plans.add_action(plan.id, "A lift", outcome=plans.add_outcome(plan.id, "Sing").id, team=team)
    plan = plans.update(plan.id, plan.revision, lead_worker=UserName(lead), review_on=LATER)
    plan = plans.activate(plan.id, plan.revision)
    if review != LATER:
        plans.update(plan.id, plan.revision, review_on=review)
    return plans.reread(plan.id)


def undo(qtbot: Any, desk: Desk) -> None:
    desk.notices.undo()  # type: ignore[attr-defined]
    settle(qtbot, desk)


def test_the_alarm_is_at_the_foot_and_another_leads_by_one_key(
    qtbot: Any, desk: Desk, shown: Callable[..., Any], centre_db: CentreDb, tess: SignedIn, emmeline: PersonId
) -> None:
    plan = active(tess, emmeline).plan.id
    with centre_db.owner.begin() as owner:
        owner.execute(text("update user_account set active = false where user_name = 'cora.coordinator'"))
    page: PlanPage = shown(PlanPage, plan)
    assert page.bar.alarms.isVisible() and page.bar.alarm.text() == "Cora Example does not work here any more."
    assert page.who.lead.currentText() == "Cora Example", "always in sight, although she can't be chosen"
    next(c for c in page.commands() if c.id == "plan.lead").run()
    assert page.who.lead.hasFocus()
    page.who.lead.set_value("cole.coordinator")
    settle(qtbot, desk)
    qtbot.waitUntil(lambda: sheet_of(page).plan.lead_worker == "cole.coordinator", timeout=30_000)
    settle(qtbot, desk)
    assert not page.bar.alarms.isVisible()
    assert desk.notices.said[-1] == ("say", "Cole Example leads the plan now.")  # type: ignore[attr-defined]
    undo(qtbot, desk)
    qtbot.waitUntil(lambda: page.bar.alarms.isVisible(), timeout=30_000)
    assert tess.services.careplan.reread(plan).plan.lead_worker == "cora.coordinator"


def test_versions_are_issued_acknowledged_and_laid_side_by_side(
    qtbot: Any, desk: Desk, shown: Callable[..., Any], tess: SignedIn, emmeline: PersonId
) -> None:
    plan = active(tess, emmeline).plan.id
    page: PlanPage = shown(PlanPage, plan)
    commands = {c.id: c for c in page.commands()}
    assert page.bar.acknowledge.isVisible() and not page.bar.issue.isVisible()
    commands["plan.acknowledge"].run()
    settle(qtbot, desk)
    assert not page.bar.acknowledge.isVisible() and sheet_of(page).outstanding == ()
    undo(qtbot, desk)
    assert page.bar.acknowledge.isVisible() and not commands["plan.issue"].enabled_when()
    action = sheet_of(page).actions[0]
    page.deeds.set_state(action.id, "done")
    settle(qtbot, desk)
    assert page.bar.issue.isVisible() and commands["plan.issue"].enabled_when()
    undo(qtbot, desk)
    assert sheet_of(page).actions[0].state == "to_do" and not sheet_of(page).changed
    page.deeds.set_state(action.id, "done")
    settle(qtbot, desk)
    commands["plan.issue"].run()
    assert page.rounds.asking is not None
    page.rounds.asking.form.set_values({"why": "The lift is there"})
    page.rounds.asking.go()
    settle(qtbot, desk)
    version = sheet_of(page).version
    assert version is not None and (version.number, version.note) == (2, "The lift is there")
    assert page.rounds.asking is None and page.side.isVisible()
    side: VersionsPage = shown(VersionsPage, plan)
    assert (side.was.value, side.is_now.value) == (1, 2)
    words = [label.text() for label in side._area.widget().findChildren(type(page.writing.words))]
    assert "To do" in words and "Done" in words and "State" in words
    side.is_now.set_value(1)
    side._compare()
    assert side._empty.isVisible()


def test_a_review_is_recorded_and_taken_back(
    qtbot: Any, desk: Desk, shown: Callable[..., Any], tess: SignedIn, emmeline: PersonId
) -> None:
    plan = active(tess, emmeline).plan.id
    page: PlanPage = shown(PlanPage, plan)
    page.rounds.ask_review()
    asked = page.rounds.asking
    assert asked is not None
    asked.go()
    assert asked.form.fields["next_review_on"].problem
    asked.form.set_values({"held_on": TODAY, "with_whom": "Emmeline", "came_of_it": "", "next_review_on": TODAY})
    asked.go()
    settle(qtbot, desk)
    assert asked.form.fields["came_of_it"].problem == "What came of it?"
    assert asked.form.fields["next_review_on"].problem == "The next review comes after this one."
    asked.form.set_values({"came_of_it": "She sings", "next_review_on": LATER + timedelta(days=28)})
    asked.go()
    settle(qtbot, desk)
    assert sheet_of(page).plan.review_on == LATER + timedelta(days=28)
    assert page.who.review.value == LATER + timedelta(days=28)
    undo(qtbot, desk)
    assert sheet_of(page).plan.review_on == LATER and sheet_of(page).reviews == ()


def test_an_ended_plan_is_read_and_its_end_undone(
    qtbot: Any, desk: Desk, shown: Callable[..., Any], tess: SignedIn, emmeline: PersonId
) -> None:
    plan = active(tess, emmeline).plan.id
    page: PlanPage = shown(PlanPage, plan)
    page.rounds.ask_end()
    page.rounds._end({"reason": "Moved away"})
    settle(qtbot, desk)
    assert sheet_of(page).plan.state == "ended" and page.texts["funding"].area.isHidden()
    assert not any(c.enabled_when() for c in page.commands() if c.id.startswith("plan.add") or c.id == "plan.end")
    assert page.listing.rows, "it stays readable"
    undo(qtbot, desk)
    assert sheet_of(page).plan.state == "active"


def test_two_editors_of_one_row_choose_field_by_field(
    qtbot: Any, desk: Desk, shown: Callable[..., Any], centre_db: CentreDb, tess: SignedIn, emmeline: PersonId
) -> None:
    """What only one of them changed is put together; what both did is chosen with the keyboard; nothing is lost."""
    sheet = active(tess, emmeline)
    action = sheet.actions[0]
    page: PlanPage = shown(PlanPage, sheet.plan.id)
    cora = centre_db.sign_in("cora.coordinator").services.careplan
    page.listing.edit(action.id)
    editor = page.listing.editor
    assert editor is not None
    editor.form.set_values({"what": "A lift on Tuesdays", "who": "Sylvia"})
    cora.update_item("action", action.id, 1, {"confidence": 4, "who": "Adela"})
    editor.save()
    settle(qtbot, desk)
    choose = editor._differing
    assert choose is not None and list(choose.choices) == ["who"], "only what both changed is asked"
    assert "yours: Sylvia. Saved meanwhile: Adela. It was: ." in choose.accessibleName()
    focused = choose.choices["who"]._group.checkedButton()
    assert focused.hasFocus()
    QTest.keyClick(focused, Qt.Key.Key_Right)
    assert choose.choices["who"].value == "theirs"
    QTest.keyClick(choose.choices["who"]._group.checkedButton(), Qt.Key.Key_Return)
    settle(qtbot, desk)
    assert page.listing.editor is None
    now = tess.services.careplan.reread(sheet.plan.id).actions[0]
    assert (now.what, now.who, now.confidence) == ("A lift on Tuesdays", "Adela", 4)

    page.listing.edit(action.id)
    page.listing.editor.form.set_values({"confidence": 9})  # type: ignore[union-attr]
    cora.update_item("action", action.id, now.revision, {"what": "A taxi"})
    page.listing.editor.save()  # type: ignore[union-attr]
    settle(qtbot, desk)
    now = tess.services.careplan.reread(sheet.plan.id).actions[0]
    assert page.listing.editor is None and (now.what, now.confidence) == ("A taxi", 9), "nothing to ask"

    page.listing.edit(action.id)
    page.listing.editor.form.set_values({"what": "A tandem"})  # type: ignore[union-attr]
    cora.remove_item("action", action.id, now.revision)
    page.listing.editor.save()  # type: ignore[union-attr]
    settle(qtbot, desk)
    assert page.listing.editor is not None and page.listing.editor.note.isVisible()
    assert page.listing.editor.form.value("what") == "A tandem"
    page.listing.editor.save()
    settle(qtbot, desk)
    assert [a.what for a in tess.services.careplan.reread(sheet.plan.id).actions] == ["A tandem"]


def test_two_editors_see_each_other(
    qtbot: Any, desk: Desk, shown: Callable[..., Any], centre_db: CentreDb, tess: SignedIn, emmeline: PersonId
) -> None:
    plan = active(tess, emmeline).plan.id
    cora = centre_db.sign_in("cora.coordinator").services.presence
    other = new_id()
    cora.say(other, [Mark("careplan", plan, "editing")])
    desk.presence.start()
    page: PlanPage = shown(PlanPage, plan)
    desk.changes.deliver(Change("presence", str(plan)))
    qtbot.waitUntil(lambda: page.here.text().startswith("Cora Example is writing here"), timeout=30_000)

    def seen() -> set[str]:
        return {p.doing for p in cora.others(other, [plan]) if p.user_name == "tess.lead"}

    qtbot.waitUntil(lambda: seen() == {"looking"}, timeout=30_000)
    page.listing.add("need")
    qtbot.waitUntil(lambda: seen() == {"editing"}, timeout=30_000)
    page.listing.close_editor()
    qtbot.waitUntil(lambda: seen() == {"looking"}, timeout=30_000)
    desk.presence.stop()
    settle(qtbot, desk)


def test_every_kind_of_row_by_its_key(
    qtbot: Any, desk: Desk, shown: Callable[..., Any], tess: SignedIn, emmeline: PersonId
) -> None:
    plan = tess.services.careplan.start(emmeline).plan.id
    page: PlanPage = shown(PlanPage, plan)
    commands = {c.id: c for c in page.commands()}
    for name, values in (
        ("plan.add_need", {"words": "Stairs"}),
        ("plan.add_what_if", {"sign": "A fall", "what_to_do": "Sit down", "whom_to_call": "Sylvia"}),
        ("plan.add_equipment", {"what": "Stool", "state": "Ordered"}),
        ("plan.add_agreement", {"party": "carer", "name": "Sylvia", "how": "At home", "agreed_on": TODAY}),
    ):
        commands[name].run()
        assert page.listing.editor is not None
        page.listing.editor.form.set_values(values)
        page.listing.editor.save()
        settle(qtbot, desk)
        assert page.listing.editor is None, name
    sheet = sheet_of(page)
    for item in sheet.items():
        page.listing.take_focus(item.id)
        QTest.keyClick(page.listing.rows[item.id], Qt.Key.Key_Delete)
        settle(qtbot, desk)
        assert item.id not in page.listing.rows
        undo(qtbot, desk)
        assert item.id in page.listing.rows
    assert [page.listing.rows[i.id].accessibleName().split(":")[0] for i in sheet.items()] == [
        "Need",
        "If things go wrong",
        "Equipment",
        "Agreed with",
    ]


def test_the_worklist_gives_a_plan_to_another_with_undo(
    qtbot: Any, desk: Desk, shown: Callable[..., Any], centre_db: CentreDb, tess: SignedIn, emmeline: PersonId
) -> None:
    late = active(tess, emmeline, TODAY - timedelta(days=3))
    active(tess, add_person(centre_db, "Later"))
    page: PlansPage = shown(PlansPage)
    assert [r.surname for r in page._rows] == ["Pankhurst"]
    assert page.view._group.button(1).text() == "Overdue 1"
    page.view.set_value("to_acknowledge")
    settle(qtbot, desk)
    assert len(page._rows) == 2
    commands = {c.id: c for c in page.commands()}
    assert {"plans.export", "plans.print_table"} <= set(commands)
    commands["plans.give"].run()
    settle(qtbot, desk)
    assert page.asking.isVisible() and page.lead.value == "cole.coordinator", "who could take it best is chosen"
    QTest.keyClick(page.lead, Qt.Key.Key_Return)
    settle(qtbot, desk)
    assert tess.services.careplan.reread(late.plan.id).plan.lead_worker == "cole.coordinator"
    assert not page.asking.isVisible() and page.table.current is not None
    undo(qtbot, desk)
    assert tess.services.careplan.reread(late.plan.id).plan.lead_worker == "cora.coordinator"
    commands["plans.open"].run()
    assert desk.go.went[-1] == ("plan", late.plan.id)  # type: ignore[attr-defined]


def test_a_line_being_written_is_there_again_after_the_desk_went_down(
    qtbot: Any, desk: Desk, shown: Callable[..., Any], centre_db: CentreDb, tess: SignedIn, emmeline: PersonId
) -> None:
    sheet = active(tess, emmeline)
    action = sheet.actions[0]
    page: PlanPage = shown(PlanPage, sheet.plan.id)
    page.listing.edit(action.id)
    words = page.listing.editor.form.fields["what"].editor  # type: ignore[union-attr]
    QTest.keyClicks(words, "There and back: ")
    written = page.listing.editor.form.value("what")  # type: ignore[union-attr]
    page.hide()  # nobody saved
    tess.services.careplan.update_item("action", action.id, 1, {"who": "Adela"})
    again: PlanPage = shown(PlanPage)  # by way of the list of what is not sent yet, which knows no key
    qtbot.waitUntil(lambda: again.listing.editor is not None, timeout=30_000)
    editor = again.listing.editor
    assert editor is not None and editor.form.value("what") == written and "and back" in written
    editor.save()
    settle(qtbot, desk)
    now = sheet_of(again).actions[0]
    assert again.listing.editor is None and (now.what, now.who) == (written, "Adela"), "theirs is kept as well"
    assert desk.drafts.of("plan_row") == []


def test_earlier_plans_can_be_opened_and_read(
    qtbot: Any, desk: Desk, shown: Callable[..., Any], tess: SignedIn, emmeline: PersonId
) -> None:
    old = active(tess, emmeline).plan
    tess.services.careplan.end(old.id, old.revision, "Sings")
    page: PlanPage = shown(PlanPage, active(tess, emmeline).plan.id)
    page.rounds.show_past()
    settle(qtbot, desk)
    links = page.side.findChildren(LinkLabel)
    assert len(links) == 1
    links[0].click()
    assert desk.go.went[-1] == ("plan", old.id)  # type: ignore[attr-defined]
    page.open(old.id)
    settle(qtbot, desk)
    assert sheet_of(page).plan.state == "ended" and page.listing.rows and "Sings" in page.bar._since.text()
