"""Undo and redo over everything done on a board, by drag, key and menu, on a real database; and what others have
touched meanwhile."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from coordination.values import VisitId
from tests.database import CentreDb
from tests.db.deployment_kit import DAY, Kit, at
from tests.ui.fakes import make_desk, wait_idle
from ui.commands import Commands
from ui.deployment.layout import Spot
from ui.deployment.page import ReablementPage
from ui.deployment.words import said as said_of
from ui.undo_menu import history_menu


@pytest.fixture
def morning(centre_db: CentreDb, qtbot, dressed, tmp_path):
    """Amina and Bola, three visits of Amina's and one that nobody has."""
    kit = Kit(centre_db)
    session = centre_db.sign_in("tess.lead")
    service = session.services.deployment
    amina, bola = kit.worker("Amina"), kit.worker("Bola")
    drafts = [kit.draft(kit.person(name), at(hour)) for name, hour in (("Adams", 8), ("Brown", 10), ("Clark", 12))]
    drafts.append(kit.draft(kit.person("Davies"), at(9)))
    service.plan_visits(drafts)
    for draft, hour in zip(drafts, (8, 10, 12), strict=False):
        service.allocate(draft.id, amina, at(hour), seen=1)
    desk = make_desk(tmp_path, session.services)
    desk.actor = session.actor
    page = ReablementPage(desk)
    qtbot.addWidget(page)
    page.resize(1400, 700)
    page.day = DAY
    page.show()
    page.come_forward()
    commands = Commands()
    commands.add(page.commands(), page, page.id)
    wait_idle(qtbot, desk)
    yield SimpleNamespace(
        kit=kit, service=service, desk=desk, page=page, amina=amina, bola=bola, ids=[d.id for d in drafts],
        idle=lambda: wait_idle(qtbot, desk), db=centre_db, commands=commands,
    )  # fmt: skip
    desk.tasks.close()


def places(m) -> list[tuple[object, ...]]:
    """Where everything stands, by the database."""
    found = [m.service.visit(v) for v in m.ids]
    return [
        (v.state, tuple((a.worker_id, a.window.start, a.pinned) for a in v.allocations)) for v in found
    ]  # fmt: skip


def point(page: ReablementPage, number: int, hour: int) -> QPoint:
    view = page.board
    x = view.time_area().left() + view.laid.x(at(hour)) - view.scrolled_x()
    return QPointF(x + 3, view.row_top(number) + 20).toPoint()


def choose(m, visit: VisitId) -> None:
    m.page.board.choose(Spot(visit, 1))
    m.page.board.setFocus()
    m.idle()


def said(m) -> list[str]:
    return [str(words) for _kind, words in m.desk.notices.said]


def test_ten_mixed_steps_go_back_one_by_one_and_forward_again(morning, qtbot) -> None:
    m, page, keys = morning, morning.page, morning.page.board
    adams, brown, clark, davies = m.ids
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

    def drag() -> None:
        target, start = keys.viewport(), keys.box_of(Spot(davies, 1)).center().toPoint()
        QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(target, start + QPoint(12, 0))
        QTest.mouseMove(target, point(page, 1, 9))
        QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=point(page, 1, 9))

    def all_of_amina() -> None:
        keys.mark([Spot(adams, 1), Spot(brown, 1)], also=False)
        page.on_all(page.acts.pin)

    deeds = [
        (davies, drag),
        (davies, lambda: qtbot.keyClick(keys, Qt.Key.Key_Right, shift)),
        (adams, lambda: qtbot.keyClick(keys, Qt.Key.Key_Down, shift)),
        (adams, lambda: qtbot.keyClick(keys, Qt.Key.Key_Up, shift)),
        (brown, all_of_amina),
        (clark, lambda: qtbot.keyClick(keys, Qt.Key.Key_I)),
        (clark, lambda: qtbot.keyClick(keys, Qt.Key.Key_I)),
        (clark, lambda: qtbot.keyClick(keys, Qt.Key.Key_Delete)),
        (clark, lambda: page.acts.end(page.board.visit, "cancelled", "In hospital")),
        (davies, lambda: m.commands.get("reablement.take_back")()),
    ]
    stood = [places(m)]
    for visit, deed in deeds:
        choose(m, visit)
        deed()
        m.idle()
        stood.append(places(m))
        assert stood[-1] != stood[-2], said(m)[-1]
    labels = [entry.label for entry in page.undo_stack.done]
    assert len(labels) == 10 and labels[4] == "pin 2 visits" and labels[1].startswith("move DAVIES, Emmeline to Bola")
    for back in range(9, -1, -1):
        qtbot.keyClick(keys, Qt.Key.Key_Z, control)
        m.idle()
        assert places(m) == stood[back], (back, said(m)[-1])
    assert not page.undo_stack.can_undo and page.head.undo.isEnabled() is False
    for forward in range(1, 11):
        qtbot.keyClick(keys, Qt.Key.Key_Y if forward % 2 else Qt.Key.Key_Z, control if forward % 2 else control | shift)
        m.idle()
        assert places(m) == stood[forward], (forward, said(m)[-1])
    assert [entry.label for entry in page.undo_stack.done] == labels
    shown = history_menu(page.undo_stack, page)
    assert shown.actions()[0].text() == "Undo: take DAVIES, Emmeline back"
    shown.actions()[3].trigger()
    m.idle()
    assert places(m) == stood[6]


def test_several_visits_go_to_one_worker_by_keyboard_and_come_back_at_once(morning, qtbot) -> None:
    m, view = morning, morning.page.board
    choose(m, m.ids[0])
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_G):
        qtbot.keyClick(view, key)
    m.idle()
    panel = m.page.panel.area.widget()
    assert panel.list.current.worker.name == "Bola"
    stood = places(m)
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    m.idle()
    held = [m.service.visit(v).allocations[0] for v in m.ids[:2]]
    assert [(a.worker_id, a.window.start) for a in held] == [(m.bola, at(8)), (m.bola, at(10))]
    assert said(m)[-1] == "2 visits given to Bola." and m.page.panel.area.widget() is m.page.side
    m.page.take_back()
    m.idle()
    assert places(m) == stood


def test_a_key_pressed_twice_acts_twice(morning, qtbot) -> None:
    choose(morning, morning.ids[0])
    for _ in range(3):
        qtbot.keyClick(morning.page.board, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(morning.page.board, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    morning.idle()
    assert morning.service.visit(morning.ids[0]).starts == at(8, 10)
    assert not [words for kind, words in morning.desk.notices.said if kind != "say"]


def test_what_somebody_else_touched_drops_out_and_the_rest_can_still_be_undone(morning) -> None:
    adams, brown, *_ = morning.ids
    page = morning.page
    for visit in (brown, adams):
        page.acts.pin(Spot(visit, 1))
        morning.idle()
    other = morning.db.sign_in("theo.lead").services.deployment
    other.pin(adams, False, seen=morning.service.visit(adams).revision)
    page.undo_stack.undo()
    morning.idle()
    assert said(morning)[-1] == (
        "Not undone: pin ADAMS, Emmeline. Somebody has changed it since; the board shows it as it stands now."
    )
    page.undo_stack.undo()
    morning.idle()
    assert not morning.service.visit(brown).is_pinned and not page.undo_stack.can_undo


def test_others_push_anything_that_has_a_way_back(morning) -> None:
    stack, done = morning.page.undo_stack, []
    stack.push("Amina sick", lambda: done.append("well"), lambda: done.append("sick"))
    assert stack.undo_label == "Amina sick" and "Undo: Amina sick" in morning.page.head.undo.toolTip()
    stack.undo()
    stack.redo()
    stack.undo()
    morning.idle()
    assert done == ["well", "sick", "well"] and stack.redo_label == "Amina sick"
    stack.push("once", lambda: None)
    assert not stack.can_redo


def test_what_was_done_on_another_day_is_gone_to_when_it_is_undone(morning) -> None:
    page = morning.page
    page.acts.pin(Spot(morning.ids[0], 1))
    morning.idle()
    page.step_day(3)
    morning.idle()
    assert page.board.board.day != DAY
    page.take_back()
    morning.idle()
    assert page.board.board.day == DAY and not morning.service.visit(morning.ids[0]).is_pinned


def test_words_of_a_step_name_person_worker_and_time(morning) -> None:
    step = morning.service.move(morning.ids[0], 1, morning.bola, at(8), seen=2)
    assert said_of(step, morning.page.board.board) == "ADAMS, Emmeline moved to Bola at 08:00."


def test_two_visits_are_joined_and_parted_by_key_and_undone(morning, qtbot) -> None:
    """J and Ctrl+Enter, X, U; a gap that cannot be says so at its field."""
    m, view = morning, morning.page.board
    who = m.service.visit(m.ids[0]).person.id
    late = m.kit.draft(who, at(14))
    m.service.plan_visits([late])
    m.page.refresh()
    m.idle()
    choose(m, m.ids[1])
    qtbot.keyClick(view, Qt.Key.Key_J)
    assert any("no other open visit to BROWN" in words for words in said(m))

    choose(m, m.ids[0])
    qtbot.keyClick(view, Qt.Key.Key_J)
    form = m.page.panel.area.widget()
    assert form.form.values() == {"other": late.id, "how": "gap", "gap": 240, "most": 0}
    form.form.fields["gap"].editor.setValue(800)
    qtbot.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    m.idle()
    assert "windows do not allow that" in form.form.fields["gap"].problem and not m.service.visit(late.id).pairs
    form.form.fields["gap"].editor.setValue(300)
    qtbot.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    m.idle()
    assert (m.service.visit(late.id).pair.least, m.service.visit(late.id).pair.other_first) == (300, True)
    assert view.visit.pairs and view.hasFocus()
    qtbot.keyClick(view, Qt.Key.Key_X)
    m.idle()
    assert not m.service.visit(late.id).pairs
    for key, paired in ((Qt.Key.Key_U, True), (Qt.Key.Key_U, False)):
        qtbot.keyClick(view, key)
        m.idle()
        assert bool(m.service.visit(late.id).pairs) is paired
    qtbot.keyClick(view, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    m.idle()
    assert m.service.visit(late.id).pairs

    choose(m, m.ids[0])
    qtbot.keyClick(view, Qt.Key.Key_J)
    m.page.panel.area.widget().form.fields["how"].editor.set_value("double")
    qtbot.keyClick(m.page.panel.area.widget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    m.idle()
    assert any("There is no time at which both may begin" in words and "gap" in words for words in said(m))
