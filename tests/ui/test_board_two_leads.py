"""Two leads on one board: two desks on a real database, with real commits and the real feed of changes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from db.listen import PgChangeFeed
from tests.database import CentreDb, password_of
from tests.db.deployment_kit import DAY, Kit, at
from tests.ui.fakes import make_desk, wait_idle
from ui.deployment.layout import Spot
from ui.deployment.live import AREA, board_id
from ui.deployment.page import ReablementPage


def a_desk(centre_db: CentreDb, name: str, team: int, qtbot, folder) -> SimpleNamespace:
    session = centre_db.sign_in(name)
    folder.mkdir()
    desk = make_desk(folder, session.services)
    desk.actor = session.actor
    page = ReablementPage(desk)
    qtbot.addWidget(page)
    page.resize(1200, 600)
    page.team, page.day = team, DAY
    page.show()
    page.come_forward()
    wait_idle(qtbot, desk)
    feed = PgChangeFeed(lambda: centre_db.where(name), password_of(name))
    feed.start(desk.changes.deliver, lambda _up: None)
    desk.presence.start()
    return SimpleNamespace(desk=desk, page=page, view=page.board, service=session.services.deployment, feed=feed)


@pytest.fixture
def two(centre_db: CentreDb, qtbot, tmp_path, dressed):
    kit = Kit(centre_db)
    amina, bola = kit.worker("Amina"), kit.worker("Bola")
    drafts = [kit.draft(kit.person(name), at(hour)) for name, hour in (("Adams", 8), ("Brown", 10))]
    with_visits = centre_db.sign_in("tess.lead").services.deployment
    with_visits.plan_visits(drafts)
    with_visits.allocate(drafts[0].id, amina, at(8), seen=1)
    tess = a_desk(centre_db, "tess.lead", kit.team(), qtbot, tmp_path / "tess")
    theo = a_desk(centre_db, "theo.lead", kit.team(), qtbot, tmp_path / "theo")
    yield SimpleNamespace(tess=tess, theo=theo, amina=amina, bola=bola, adams=drafts[0].id, brown=drafts[1].id, kit=kit)
    for each in (tess, theo):
        each.desk.presence.stop()
        each.feed.stop()
        wait_idle(qtbot, each.desk)
        each.desk.tasks.close()


def until(qtbot, true) -> None:
    qtbot.waitUntil(lambda: bool(true()), timeout=30_000)


def test_they_see_each_other_and_each_others_moves_and_cannot_clash(two, qtbot) -> None:
    tess, theo = two.tess, two.theo
    # each other, and which visit is in front of the other
    until(qtbot, lambda: tess.page.live.line.text() and theo.page.live.line.text())
    assert "has this open" in tess.page.live.line.text()
    theo.view.choose(Spot(two.adams, 1))
    until(qtbot, lambda: two.adams in tess.view.others)
    tess.view.grab()
    # a move is there by itself, and its rows light up; one's own do not
    theo.page.acts.give(Spot(two.adams, 1), two.bola, at(9))
    until(qtbot, lambda: tess.view.board.visit_by_id[two.adams].starts == at(9))
    assert set(tess.view.flash.strengths) == {two.amina, two.bola} and not theo.view.flash.strengths
    tess.view.grab()
    # a visit planned elsewhere comes too
    third = two.kit.draft(two.kit.person("Clark"), at(12))
    theo.service.plan_visits([third])
    until(qtbot, lambda: third.id in tess.view.board.visit_by_id)
    # both give the same visit at once: one has it, the other is told how it stands, and theirs is a key away
    tess.feed.stop()
    theo.page.acts.give(Spot(two.brown, 1), two.amina, at(10))
    until(qtbot, lambda: theo.view.board.visit_by_id[two.brown].is_placed)
    tess.page.acts.give(Spot(two.brown, 1), two.bola, at(10))
    until(qtbot, lambda: tess.page.acts.mine is not None)
    told = str(tess.desk.notices.said[-1][1])
    assert (
        told
        == "Somebody was quicker with BROWN, Emmeline: it is with Amina at 10:00 now. Nothing of theirs was changed."
    )
    tess.page.acts.do_mine()
    until(qtbot, lambda: tess.service.visit(two.brown).allocations[0].worker_id == two.bola)
    wait_idle(qtbot, tess.desk)
    assert tess.page.undo_stack.undo_label.startswith("move BROWN, Emmeline to Bola")
    # two at one time of one worker: the second is refused with a sentence
    tess.page.acts.give(Spot(third.id, 1), two.bola, at(9, 15))
    wait_idle(qtbot, tess.desk)
    assert "Bola is with ADAMS, Emmeline from 09:00 to 09:45." in str(tess.desk.notices.said[-1][1])


def test_a_board_is_a_mark_of_its_own_for_every_team_and_day(two, qtbot) -> None:
    here = board_id(two.kit.team(), DAY)
    assert here == board_id(two.kit.team(), DAY) and here != board_id(two.kit.team() + 1, DAY)
    until(qtbot, lambda: bool(two.tess.desk.presence.of(AREA, here)))
    two.theo.page.step_day(1)
    until(qtbot, lambda: not two.tess.desk.presence.of(AREA, here))
    assert two.tess.page.live.line.isHidden()
