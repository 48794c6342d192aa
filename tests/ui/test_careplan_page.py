"""The plan page on a real database: suggestions, rows by keyboard, two desks, activation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from coordination.careplan.model import PlanSheet
from coordination.changes import Change
from coordination.errors import DatabaseAway
from coordination.values import PersonId, UserName
from tests.care_kit import add_person, signed_conversation
from tests.database import CentreDb, SignedIn
from tests.ui.fakes import make_desk, wait_idle
from ui.careplan import PlanFor, PlanFrom
from ui.careplan.page import PlanPage
from ui.commands import Commands
from ui.desk import Desk
from ui.sentences import sentence
from ui.visits import VisitsOf

Shown = Callable[[object], PlanPage]


@pytest.fixture
def asa(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("asa.assessor")


@pytest.fixture
def emmeline(centre_db: CentreDb) -> PersonId:
    return add_person(centre_db, title="Mrs")


@pytest.fixture
def desk(qapp: Any, tmp_path: Any, asa: SignedIn) -> Any:
    made = make_desk(tmp_path, asa.services)
    made.actor = asa.actor
    yield made
    made.tasks.close()


@pytest.fixture
def shown(qtbot: Any, desk: Desk, dressed: Any) -> Shown:
    def show(key: object) -> PlanPage:
        page = PlanPage(desk)
        qtbot.addWidget(page)
        page.resize(1180, 700)
        page.show()
        qtbot.waitExposed(page)
        page.activateWindow()
        page.open(key)
        settle(qtbot, desk)
        return page

    return show


def settle(qtbot: Any, desk: Desk) -> None:
    """Until everything asked for has come back and been shown."""
    wait_idle(qtbot, desk)
    QTest.qWait(0)
    wait_idle(qtbot, desk)


def saved(qtbot: Any, page: PlanPage) -> None:
    """Until nothing waits to be saved."""
    assert page.saver is not None
    page.saver.flush()
    qtbot.waitUntil(lambda: page.saver is not None and not page.saver.busy, timeout=30_000)
    settle(qtbot, page.desk)


def sheet_of(page: PlanPage) -> PlanSheet:
    assert page.sheet is not None
    return page.sheet


def key_on(page: PlanPage, key: UUID, pressed: Qt.Key) -> None:
    QTest.keyClick(page.listing.rows[key], pressed)


def test_each_suggestion_is_taken_over_by_one_key(
    qtbot: Any, desk: Desk, shown: Shown, asa: SignedIn, emmeline: PersonId
) -> None:
    signed = signed_conversation(
        asa.services, emmeline, what_matters="Roses", outcomes_wanted="Walk\nSing", washing="some_help"
    )
    page = shown(PlanFrom(signed.assessment.id))
    offered = page.suggestions
    assert not offered.isHidden()
    taken = 0
    while offered.rows:
        focused = offered.focused()
        assert focused is not None, "the cursor goes on to the next suggestion"
        QTest.keyClick(offered.rows[focused], Qt.Key.Key_Return)
        settle(qtbot, desk)
        taken += 1
        assert taken < 40
    assert offered.isHidden()
    sheet = desk.services.careplan.reread(sheet_of(page).plan.id)
    assert [o.words for o in sheet.outcomes] == ["Walk", "Sing"]
    assert "Roses" in sheet.plan.what_matters and page.texts["what_matters"].area.value == sheet.plan.what_matters


def test_actions_go_under_the_outcome_chosen(
    qtbot: Any, desk: Desk, shown: Shown, asa: SignedIn, emmeline: PersonId
) -> None:
    signed = signed_conversation(asa.services, emmeline, outcomes_wanted="Walk", washing="some_help")
    page = shown(PlanFrom(signed.assessment.id))
    walk = next(s.key for s in sheet_of(page).suggestions if s.kind == "outcome")
    page.deeds.accept(walk)
    settle(qtbot, desk)
    page.suggestions._under.set_value(walk)
    page.deeds.accept_all()
    settle(qtbot, desk)
    sheet = sheet_of(page)
    assert sheet.suggestions == () and sheet.actions_of(None) == ()
    assert len(sheet.actions_of(walk)) == len(sheet.actions) > 0


def test_rows_are_written_by_keyboard(qtbot: Any, desk: Desk, shown: Shown, emmeline: PersonId) -> None:
    page = shown(PlanFor(emmeline))
    page.listing.add_outcome()
    assert page.listing.editor is not None
    words = page.listing.editor.form.fields["words"].editor
    QTest.keyClicks(words, "Sing in the choir")
    QTest.keyClick(words, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, desk)
    (outcome,) = sheet_of(page).outcomes
    assert page.listing.editor is None and page.listing.rows[outcome.id].hasFocus()
    page.listing.add_action()
    form = page.listing.editor.form  # type: ignore[union-attr]
    form.set_values({"what": "A lift on Tuesdays", "who": "Sylvia", "due_on": date(2027, 1, 5)})
    form.fields["who"].editor.setFocus()
    QTest.keyClick(form.fields["who"].editor, Qt.Key.Key_Return)
    settle(qtbot, desk)
    (action,) = sheet_of(page).actions
    assert (action.outcome, action.who, action.due_on) == (outcome.id, "Sylvia", date(2027, 1, 5))
    key_on(page, action.id, Qt.Key.Key_Up)
    assert page.listing.rows[outcome.id].hasFocus()
    key_on(page, outcome.id, Qt.Key.Key_Down)
    key_on(page, action.id, Qt.Key.Key_Space)
    settle(qtbot, desk)
    assert sheet_of(page).actions[0].state == "under_way"
    key_on(page, action.id, Qt.Key.Key_Return)
    QTest.keyClick(page.listing.editor, Qt.Key.Key_Escape)
    assert page.listing.editor is None


def test_an_empty_row_is_said_at_its_field(qtbot: Any, desk: Desk, shown: Shown, emmeline: PersonId) -> None:
    page = shown(PlanFor(emmeline))
    page.listing.add_outcome()
    editor = page.listing.editor
    assert editor is not None
    editor.save()
    settle(qtbot, desk)
    assert page.listing.editor is editor
    assert editor.form.fields["words"].problem == "Write what the person wants, in their own words."


def test_taking_off_can_be_undone(qtbot: Any, desk: Desk, shown: Shown, asa: SignedIn, emmeline: PersonId) -> None:
    plans = asa.services.careplan
    plan = plans.start(emmeline).plan.id
    outcome = plans.add_outcome(plan, "Sing")
    action = plans.add_action(plan, "A lift", outcome=outcome.id, who="Sylvia", state="under_way")
    page = shown(plan)
    for key in (action.id, outcome.id):
        before = [(a.what, a.who, a.state, a.outcome) for a in sheet_of(page).actions]
        page.listing.take_focus(key)
        key_on(page, key, Qt.Key.Key_Delete)
        settle(qtbot, desk)
        assert key not in page.listing.rows
        desk.notices.undo()  # type: ignore[attr-defined]
        settle(qtbot, desk)
        assert key in page.listing.rows
        assert [(a.what, a.who, a.state, a.outcome) for a in sheet_of(page).actions] == before


def test_other_parts_changed_meanwhile_are_no_conflict(
    qtbot: Any, desk: Desk, shown: Shown, centre_db: CentreDb, emmeline: PersonId
) -> None:
    page = shown(PlanFor(emmeline))
    plan = sheet_of(page).plan
    cora = centre_db.sign_in("cora.coordinator").services.careplan
    cora.update(plan.id, plan.revision, carers_part="Sylvia cooks")
    page.texts["self_care"].area.setPlainText("The cat")
    saved(qtbot, page)
    now = cora.reread(plan.id).plan
    assert (now.carers_part, now.self_care) == ("Sylvia cooks", "The cat")
    assert page.texts["carers_part"].area.value == "Sylvia cooks"


def test_of_two_lead_workers_chosen_at_once_all_three_are_named_and_mine_is_a_key_away(
    qtbot: Any, desk: Desk, shown: Shown, centre_db: CentreDb, emmeline: PersonId
) -> None:
    page = shown(PlanFor(emmeline))
    plan = sheet_of(page).plan
    cora = centre_db.sign_in("cora.coordinator").services.careplan
    page.writing.put("lead_worker", "tess.lead")
    cora.update(plan.id, plan.revision, lead_worker=UserName("cora.coordinator"))
    settle(qtbot, desk)
    saved(qtbot, page)
    assert cora.reread(plan.id).plan.lead_worker == "cora.coordinator"
    assert desk.notices.said[-1] == (  # type: ignore[attr-defined]
        "warn",
        "The lead worker: you chose Tess Example. It was nobody, and somebody else made it Cora Example first.",
    )
    desk.notices.do()  # type: ignore[attr-defined]
    saved(qtbot, page)
    assert cora.reread(plan.id).plan.lead_worker == "tess.lead"


@pytest.mark.parametrize("mine", [True, False])
def test_the_same_part_changed_twice_is_shown_side_by_side(
    qtbot: Any, desk: Desk, shown: Shown, centre_db: CentreDb, emmeline: PersonId, mine: bool
) -> None:
    page = shown(PlanFor(emmeline))
    plan = sheet_of(page).plan
    cora = centre_db.sign_in("cora.coordinator").services.careplan
    page.texts["self_care"].area.setPlainText("The cat")
    cora.update(plan.id, plan.revision, self_care="The garden")
    page.refresh()  # theirs is read before ours is sent: it must not be overwritten for that
    settle(qtbot, desk)
    saved(qtbot, page)
    part = page.texts["self_care"]
    assert part._differing is not None and cora.reread(plan.id).plan.self_care == "The garden"
    (part._differing.mine if mine else part._differing.theirs).emit()
    saved(qtbot, page)
    wanted = "The cat" if mine else "The garden"
    assert part.area.value == cora.reread(plan.id).plan.self_care == wanted


def test_a_row_changed_twice_is_shown_side_by_side(
    qtbot: Any, desk: Desk, shown: Shown, asa: SignedIn, centre_db: CentreDb, emmeline: PersonId
) -> None:
    plans = asa.services.careplan
    plan = plans.start(emmeline).plan.id
    action = plans.add_action(plan, "Shoes")
    page = shown(plan)
    page.listing.edit(action.id)
    editor = page.listing.editor
    assert editor is not None
    editor.form.set_values({"what": "Blue shoes"})
    cora = centre_db.sign_in("cora.coordinator").services.careplan
    cora.update_action(action.id, 1, what="Red shoes")
    desk.changes.deliver(Change("careplan", str(plan)))
    qtbot.waitUntil(lambda: sheet_of(page).actions[0].what == "Red shoes", timeout=30_000)
    assert page.listing.editor is editor and editor.form.value("what") == "Blue shoes", "an edit is left alone"
    editor.save()
    settle(qtbot, desk)
    assert editor._differing is not None and "Red shoes" in editor._differing.accessibleName()
    editor._differing.mine.emit()
    settle(qtbot, desk)
    assert page.listing.editor is None
    assert plans.reread(plan).actions[0].what == "Blue shoes"


def test_activation_leads_through_what_is_needed(
    qtbot: Any, desk: Desk, shown: Shown, asa: SignedIn, emmeline: PersonId
) -> None:
    plans = asa.services.careplan
    plan = plans.start(emmeline).plan.id
    page = shown(plan)
    needed = [link.text() for link in page.bar.links]
    assert needed == ["an outcome", "an action", "a lead worker", "a review date"]
    withdrawn: list[str] = []
    desk.notices.withdraw = withdrawn.append  # type: ignore[method-assign]
    page.rounds.activate()
    settle(qtbot, desk)
    kind, error = desk.notices.said[-1]  # type: ignore[attr-defined]
    assert kind == "error" and not withdrawn
    page.bar.links[0].click()
    assert page.listing.editor is not None and "words" in page.listing.editor.form.fields
    page.listing.close_editor()
    plans.add_action(plan, "A lift", outcome=plans.add_outcome(plan, "Sing").id)
    page.refresh()
    settle(qtbot, desk)
    page.bar.links[0].click()
    assert page.who.lead.hasFocus()
    page.who.lead.set_value("cora.coordinator")
    saved(qtbot, page)
    assert page.banner.facts is not None and page.banner.facts.lead_worker == "Cora Example"
    page.who.review._take(date.today() + timedelta(days=42))  # noqa: DTZ011
    saved(qtbot, page)
    assert page.bar.links == [] and page.bar.activate.isEnabled()
    page.bar.activate.click()
    settle(qtbot, desk)
    assert sheet_of(page).plan.state == "active"
    assert withdrawn == [sentence(error)]  # what was in the way is not any more
    page.rounds.ask_end()
    asked = page.rounds.asking
    assert asked is not None
    asked.form.set_values({"reason": "She sings again"})
    asked.go()
    settle(qtbot, desk)
    assert sheet_of(page).plan.state == "ended"
    assert page.texts["self_care"].area.isHidden() and not page.who.isEnabled()


def test_going_to_another_row_saves_the_one_before(
    qtbot: Any, desk: Desk, shown: Shown, asa: SignedIn, emmeline: PersonId
) -> None:
    plans = asa.services.careplan
    plan = plans.start(emmeline).plan.id
    first, second = (plans.add_action(plan, words) for words in ("Shoes", "Hat"))
    page = shown(plan)
    page.listing.edit(first.id)
    page.listing.edit(second.id)
    assert page.listing.editor is not None and page.listing.editor.key == second.id, "nothing was written: it is left"
    page.listing.editor.form.set_values({"what": "Straw hat"})
    page.listing.edit(first.id)
    settle(qtbot, desk)
    assert page.listing.editor is not None and page.listing.editor.key == first.id
    now = plans.reread(plan).actions
    assert [(a.what, a.revision) for a in now] == [("Shoes", 1), ("Straw hat", 2)]
    page.listing.editor.form.set_values({"what": ""})
    page.listing.edit(second.id)
    settle(qtbot, desk)
    assert page.listing.editor.key == first.id, "what can't be saved stays open"
    assert page.listing.editor.form.fields["what"].problem


def test_an_action_of_a_team_that_visits_leads_to_its_visits(
    qtbot: Any, desk: Desk, shown: Shown, asa: SignedIn, emmeline: PersonId
) -> None:
    plans = asa.services.careplan
    plan = plans.start(emmeline).plan.id
    team = next(team.id for team in plans.teams() if team.service == "reablement")
    action = plans.add_action(plan, "Practise the stairs", team=team)
    loose = plans.add_action(plan, "By nobody yet")
    page = shown(plan)
    assert page.listing.board_of(loose) == ""
    page.deeds.plan_visits(loose.id)
    page.deeds.plan_visits(action.id)
    assert desk.go.went == [("visits", VisitsOf(emmeline, action=action.id))]  # type: ignore[attr-defined]


def test_nothing_typed_is_lost_while_the_database_is_away(
    qtbot: Any, desk: Desk, shown: Shown, emmeline: PersonId, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(PlanFor(emmeline))

    def away(*_: object, **__: object) -> None:
        raise DatabaseAway

    monkeypatch.setattr(type(desk.services.careplan), "update", away)
    page.texts["self_care"].area.setPlainText("The cat")
    page.saver.flush()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: "no connection" in page.writing.words.text(), timeout=30_000)
    assert not page.may_leave()
    settle(qtbot, desk)
    monkeypatch.undo()
    saved(qtbot, page)
    assert desk.services.careplan.head(emmeline).self_care == "The cat"  # type: ignore[union-attr]


def test_a_person_without_a_plan_can_have_one_begun(
    qtbot: Any, desk: Desk, shown: Shown, asa: SignedIn, emmeline: PersonId
) -> None:
    signed = signed_conversation(asa.services, emmeline, outcomes_wanted="Sing")
    page = shown(emmeline)
    assert page.sheet is None and page._empty.isVisible()
    assert asa.services.careplan.current(emmeline) is None, "looking begins nothing"
    page.begin()
    settle(qtbot, desk)
    assert sheet_of(page).plan.assessment == signed.assessment.id and page._empty.isHidden()
    again = shown(emmeline)
    assert sheet_of(again).plan.id == sheet_of(page).plan.id


def test_commands_are_told_apart(qtbot: Any, desk: Desk, shown: Shown, emmeline: PersonId) -> None:
    page = shown(PlanFor(emmeline))
    commands = Commands()
    commands.add(page.commands(), page, "plan")
    assert commands.get("plan.add_outcome").enabled_when()
    for name in ("plan.accept", "plan.edit", "plan.visits", "plan.end"):
        assert not commands.get(name).enabled_when(), name
