"""Planning on a board, by keyboard: plan, stop, apply, undo; why not; sickness; what matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt

from coordination.deployment.planner.problem import Budget
from coordination.values import VisitId
from tests.database import CentreDb
from tests.db.deployment_kit import DAY, Kit, at
from tests.ui.fakes import make_desk, wait_idle
from ui.commands import Commands
from ui.deployment.layout import Spot
from ui.deployment.page import ReablementPage
from ui.deployment.planning_panel import ProgressPanel, ProposalPanel
from ui.deployment.planning_weights import WeightsPanel
from ui.deployment.planning_whynot import WhyNotPanel
from ui.deployment.planning_wrong import WrongForm

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def morning(centre_db: CentreDb, qtbot, dressed, tmp_path):
    """Amina and Bola, one visit that stands and three that are open; one of them nobody can take."""
    kit = Kit(centre_db)
    kit.skill("insulin")
    session = centre_db.sign_in("tess.lead")
    service = session.services.deployment
    amina, bola = kit.worker("Amina"), kit.worker("Bola")
    stands, first, second = (kit.draft(kit.person(n), at(h)) for n, h in (("Adams", 8), ("Bell", 9), ("Chew", 11)))
    skilled = kit.draft(kit.person("Davies"), at(10), skills=("insulin",))
    service.plan_visits([stands, first, second, skilled])
    service.allocate(stands.id, amina, at(8), seen=1)
    desk = make_desk(tmp_path, session.services)
    desk.actor = replace(session.actor, locality="north")
    page = ReablementPage(desk)
    deeds = page._commands["plan"].run.__self__
    deeds.budget, deeds.seed = Budget(iterations=200, chains=1), 7
    qtbot.addWidget(page)
    page.resize(1366, 768)
    page.day = DAY
    page.show()
    page.come_forward()
    commands = Commands()
    commands.add(page.commands(), page, page.id)
    wait_idle(qtbot, desk)
    yield SimpleNamespace(
        kit=kit, service=service, desk=desk, page=page, amina=amina, bola=bola, stands=stands.id, first=first.id,
        second=second.id, skilled=skilled.id, deeds=deeds, db=centre_db, idle=lambda: wait_idle(qtbot, desk),
    )  # fmt: skip
    desk.tasks.close()


def beside(m) -> object:
    return m.page.panel.area.widget()


def press(qtbot, m, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    m.page.board.setFocus()
    qtbot.keyClick(m.page.board, key, modifier)
    m.idle()


def said(m) -> list[str]:
    return [str(words) for _kind, words in m.desk.notices.said]


def choose(m, visit: VisitId) -> None:
    m.page.board.choose(Spot(visit, 1))
    m.idle()


def placed(m) -> set[VisitId]:
    return {v.id for v in m.service.board(m.kit.team(), DAY).visits if v.is_placed}


def test_l_plans_ctrl_enter_applies_and_u_takes_it_all_back(morning, qtbot) -> None:
    press(qtbot, morning, Qt.Key.Key_L)
    panel = beside(morning)
    assert isinstance(panel, ProposalPanel)
    assert panel.summary.text() == "2 visits placed. 1 visit stays open."
    assert placed(morning) == {morning.stands}  # nothing is saved yet
    titles = [line.title for line in panel.list.lines]
    assert titles[0] == "DAVIES, Emmeline" and sorted(titles[1:]) == ["BELL, Emmeline", "CHEW, Emmeline"]
    assert "nobody at work has Insulin" in panel.list.lines[0].below
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert morning.page.board.preview is not None  # where it would go is shown on the board
    assert "Nobody was going" in panel.detail.text() or "nobody was going" in panel.detail.text()
    qtbot.keyClick(panel.list, Qt.Key.Key_Return, CTRL)
    morning.idle()
    assert placed(morning) == {morning.stands, morning.first, morning.second}
    assert {v.id for v in morning.page.board.board.unplaced} == {morning.skilled}
    assert any("Applied: plan of" in words for words in said(morning))
    press(qtbot, morning, Qt.Key.Key_U)
    assert placed(morning) == {morning.stands}
    press(qtbot, morning, Qt.Key.Key_Y, CTRL)
    assert placed(morning) == {morning.stands, morning.first, morning.second}


def test_escape_leaves_a_proposal_and_nothing_is_changed(morning, qtbot) -> None:
    press(qtbot, morning, Qt.Key.Key_L)
    qtbot.keyClick(beside(morning).list, Qt.Key.Key_Escape)
    morning.idle()
    assert not isinstance(beside(morning), ProposalPanel) and placed(morning) == {morning.stands}
    assert morning.page.board.preview is None


def test_stop_keeps_the_best_so_far_and_cancel_forgets_it(morning, qtbot) -> None:
    morning.deeds.budget = Budget(seconds=600, chains=1)
    for key, kept in ((Qt.Key.Key_Return, True), (Qt.Key.Key_Escape, False)):
        morning.page.board.setFocus()
        qtbot.keyClick(morning.page.board, Qt.Key.Key_L)
        panel = beside(morning)
        assert isinstance(panel, ProgressPanel)
        qtbot.waitUntil(lambda p=panel: "Better plans" in p.state.text(), timeout=60000)
        qtbot.keyClick(panel, key)
        morning.idle()
        assert isinstance(beside(morning), ProposalPanel) is kept
        if kept:
            assert len(beside(morning).proposal.changes) == 2
            qtbot.keyClick(beside(morning).list, Qt.Key.Key_Escape)
    assert placed(morning) == {morning.stands}


def test_what_another_lead_changed_is_named_and_the_rest_is_applied(morning, qtbot) -> None:
    press(qtbot, morning, Qt.Key.Key_L)
    theo = morning.db.sign_in("theo.lead").services.deployment
    theo.allocate(morning.first, morning.bola, at(14), seen=1)
    qtbot.keyClick(beside(morning).list, Qt.Key.Key_Return, CTRL)
    morning.idle()
    panel = beside(morning)
    assert isinstance(panel, ProposalPanel) and "BELL, Emmeline was changed by somebody else" in panel.warned.text()
    assert [c.visit for c in panel.proposal.changes] == [morning.second]
    qtbot.keyClick(panel.list, Qt.Key.Key_Return, CTRL)
    morning.idle()
    assert placed(morning) == {morning.stands, morning.first, morning.second}
    assert morning.service.visit(morning.first).starts == at(14)


def test_w_says_why_nobody_goes_and_enter_does_what_would_help(morning, qtbot) -> None:
    choose(morning, morning.skilled)
    press(qtbot, morning, Qt.Key.Key_W)
    panel = beside(morning)
    assert isinstance(panel, WhyNotPanel)
    assert [line.below for line in panel.list.lines] == ["no Insulin", "no Insulin"]
    assert "No small change would do" in panel.count.text() and not panel.do.isEnabled()
    qtbot.keyClick(panel.list, Qt.Key.Key_Escape)
    # both workers are taken until a quarter past: the visit can begin late
    for worker in (morning.amina, morning.bola):
        busy = morning.kit.draft(morning.kit.person("Busy"), at(12), 60, window=1)
        morning.service.plan_visits([busy])
        morning.service.allocate(busy.id, worker, at(12), seen=1)
    late = morning.kit.draft(morning.kit.person("Eze"), at(12), 30, window=10)
    morning.service.plan_visits([late])
    morning.page.refresh()
    morning.idle()
    choose(morning, late.id)
    press(qtbot, morning, Qt.Key.Key_W)
    panel = beside(morning)
    assert panel.do.isEnabled() and "with BUSY" in panel.list.lines[0].below
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    morning.idle()
    assert morning.service.visit(late.id).is_placed
    press(qtbot, morning, Qt.Key.Key_U)
    assert not morning.service.visit(late.id).is_placed


def test_sickness_is_one_form_one_repair_and_one_undo(morning, qtbot) -> None:
    choose(morning, morning.stands)
    press(qtbot, morning, Qt.Key.Key_S)
    form = beside(morning)
    assert isinstance(form, WrongForm) and form.form.value("worker") == morning.amina
    qtbot.keyClick(form, Qt.Key.Key_Return, CTRL)
    morning.idle()
    panel = beside(morning)
    assert isinstance(panel, ProposalPanel) and panel.summary.text() == "Amina is ill"
    assert [c.visit for c in panel.proposal.changes] == [morning.stands]
    assert not morning.service.board(morning.kit.team(), DAY).worker_by_id[morning.amina].away
    qtbot.keyClick(panel.list, Qt.Key.Key_Return, CTRL)
    morning.idle()
    board = morning.service.board(morning.kit.team(), DAY)
    assert [s.kind for s in board.worker_by_id[morning.amina].away] == ["sickness"]
    assert board.visit_by_id[morning.stands].allocations[0].worker_id == morning.bola
    press(qtbot, morning, Qt.Key.Key_U)
    board = morning.service.board(morning.kit.team(), DAY)
    assert not board.worker_by_id[morning.amina].away
    assert board.visit_by_id[morning.stands].allocations[0].worker_id == morning.amina


def test_running_late_and_a_visit_now_are_repaired_too(morning, qtbot) -> None:
    choose(morning, morning.stands)
    press(qtbot, morning, Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
    form = beside(morning)
    form.form.set_values({"minutes": 30})
    qtbot.keyClick(form, Qt.Key.Key_Return, CTRL)
    morning.idle()
    panel = beside(morning)
    assert panel.summary.text() == "Amina runs 30 min late"
    (change,) = panel.proposal.changes
    assert change.after[0].worker_id == morning.bola or change.after[0].window.start >= at(8) + timedelta(minutes=30)
    qtbot.keyClick(panel.list, Qt.Key.Key_Escape)
    choose(morning, morning.stands)
    press(qtbot, morning, Qt.Key.Key_A)
    form = beside(morning)
    form.form.set_values({"need": ""})
    qtbot.keyClick(form, Qt.Key.Key_Return, CTRL)
    assert form.form.field("need").problem
    form.form.set_values({"need": "Dressing came off"})
    qtbot.keyClick(form, Qt.Key.Key_Return, CTRL)
    morning.idle()
    qtbot.keyClick(beside(morning).list, Qt.Key.Key_Return, CTRL)
    morning.idle()
    needs = {v.need: v.is_placed for v in morning.service.board(morning.kit.team(), DAY).visits}
    assert needs["Dressing came off"]


def test_weights_are_tried_out_then_saved_for_the_team(morning, qtbot) -> None:
    press(qtbot, morning, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    panel = beside(morning)
    assert isinstance(panel, WeightsPanel) and not panel.save.isEnabled()
    travel = panel.rows["travel"]
    travel.slider.setFocus()
    qtbot.keyClick(travel.slider, Qt.Key.Key_Right)
    assert travel.value == 60 and travel.said.text() == "1.2 times"
    qtbot.keyClick(panel, Qt.Key.Key_E, CTRL)
    morning.idle()
    assert panel.effect.isVisible() and panel.try_out.isEnabled()
    assert placed(morning) == {morning.stands}  # a draft changes nothing
    qtbot.keyClick(panel, Qt.Key.Key_Return, CTRL)
    morning.idle()
    team = morning.kit.team()
    assert morning.deeds.service.weights(team).row("travel").value == 60
    assert travel.said.text() == "1.2 times, own" and not panel.save.isEnabled()
    assert "Saved for this team" in said(morning)[-1]


def test_somebody_who_is_no_lead_reads_why_not_and_the_weights(morning, qtbot) -> None:
    morning.desk.actor = replace(morning.desk.actor, role="care_coordinator")
    press(qtbot, morning, Qt.Key.Key_L)
    assert not isinstance(beside(morning), ProgressPanel | ProposalPanel)
    choose(morning, morning.skilled)
    press(qtbot, morning, Qt.Key.Key_W)
    assert isinstance(beside(morning), WhyNotPanel) and beside(morning).do.isHidden()
    press(qtbot, morning, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    assert beside(morning).save.isHidden() and not beside(morning).try_out.isHidden()
