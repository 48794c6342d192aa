"""What of a board is seen: zoom, hours, rows, several visits at once, links, warnings. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from coordination.deployment.model import Board, Pair, Visit
from tests.domain.deployment_boards import at, board, visit, worker
from ui.deployment.as_list import lines_of, seen
from ui.deployment.board import DeploymentBoard
from ui.deployment.finding import looked_for
from ui.deployment.layout import Spot
from ui.deployment.outlook import Outlook
from ui.style import theme


@pytest.fixture
def view(qtbot, dressed):
    made = DeploymentBoard()
    qtbot.addWidget(made)
    made.resize(1100, 600)
    made.show()
    return made


def busy_day() -> tuple[Board, dict[str, Visit]]:
    """Amina has three visits and Bola two; one is for both; one begins before seven; one nobody has."""
    amina, bola = worker(1, "Amina", hours=[(6, 15)], skills=["hoist"]), worker(2, "Bola")
    visits = {
        "early": visit("Early", start=(6, 0), to=[(amina, (6, 0))]),
        "first": visit("Adams", start=(8, 0), to=[(amina, (8, 0))]),
        "both": visit("Brown", start=(10, 0), to=[(amina, (10, 0)), (bola, (10, 0))], workers_needed=2),
        "late": visit("Clark", start=(11, 0), window=30, to=[(bola, (13, 0))]),
        "open": visit("Davies", start=(9, 0)),
    }
    return board([amina, bola], list(visits.values())), visits


def spot(visit_: Visit, slot: int = 1) -> Spot:
    return Spot(visit_.id, slot)


def middle(view: DeploymentBoard, where: Spot) -> QPoint:
    return view.box_of(where).center().toPoint()


def test_zoom_by_key_wheel_and_back_keeps_the_moment_under_it(view: DeploymentBoard) -> None:
    day, visits = busy_day()
    view.show_board(Outlook.of(day))
    x = view.box_of(spot(visits["both"])).left()
    whole = view.box_of(spot(visits["both"])).width()
    view.step_zoom(1, x)
    assert view.zoom == 1.25 and abs(view.box_of(spot(visits["both"])).left() - x) < 12
    assert view.box_of(spot(visits["both"])).width() > whole * 1.2
    at_ = QPointF(x, 300)
    turn = QWheelEvent(
        at_, at_, QPoint(0, 0), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), turn)
    assert view.zoom == 1.5 and view.horizontalScrollBar().maximum() > 0
    view.step_zoom(0)
    assert view.zoom == 1 and abs(view.box_of(spot(visits["both"])).width() - whole) < 1


def test_what_the_hours_leave_out_is_told(view: DeploymentBoard) -> None:
    day, visits = busy_day()
    view.show_board(Outlook.of(day))
    assert view.hours == (6, 22)  # as long as anything on the board lasts
    assert [view.laid.beyond(w) for w in day.workers] == [(0, 0), (0, 0)]
    view.show_hours((8, 12))
    assert [view.laid.beyond(w) for w in day.workers] == [(1, 0), (0, 1)]
    view.grab()
    assert {line.visit.id for line in seen(view)} == {visits[n].id for n in ("first", "both", "open")}


def test_rows_are_found_by_name_skill_and_grade(view: DeploymentBoard) -> None:
    day, _ = busy_day()
    view.show_board(Outlook.of(day))
    for words, names in (("bol", ["Bola"]), ("HOIST", ["Amina"]), ("officer", ["Amina", "Bola"]), ("x", [])):
        view.show_workers(looked_for(words, day, {}))
        assert [w.name for w in view.laid.workers] == names, words
        view.grab()
    accents = replace(day.workers[0], name="Aurélie Bokolo")
    assert looked_for("aurelie", day, {})(accents)
    assert looked_for("  ", day, {}) is None


def test_rows_of_one_line_show_twice_as_many(view: DeploymentBoard) -> None:
    many = [worker(n, f"W{n:02}") for n in range(1, 41)]
    view.show_board(Outlook.of(board(many, [visit(to=[(many[20], (9, 0))])])))
    before = view.rows_area().height() / view.laid.row_height
    view.show_close_rows(True)
    assert view.rows_area().height() / view.laid.row_height > before * 1.6
    view.grab()


def test_several_are_chosen_with_the_mouse_and_let_go_with_escape(view: DeploymentBoard) -> None:
    day, visits = busy_day()
    view.show_board(Outlook.of(day))
    press = QTest.mouseClick
    press(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, spot(visits["first"])))
    press(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier,
          middle(view, spot(visits["late"])))  # fmt: skip
    assert view.selected == (spot(visits["first"]), spot(visits["late"]))
    press(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier,
          middle(view, spot(visits["late"])))  # fmt: skip
    assert view.selected == (spot(visits["first"]),)
    press(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, spot(visits["early"])))
    press(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier,
          middle(view, spot(visits["both"])))  # fmt: skip
    assert view.selected == tuple(spot(visits[n]) for n in ("early", "first", "both"))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert len(view.selected) == 1 and view.marked == frozenset()


def test_several_are_chosen_by_keyboard_alone(view: DeploymentBoard, qtbot) -> None:
    day, visits = busy_day()
    view.show_board(Outlook.of(day))
    view.choose(spot(visits["first"]))
    qtbot.keyClick(view, Qt.Key.Key_Space)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert view.selected == (spot(visits["first"]), spot(visits["both"]))
    assert view.accessibleDescription().startswith("2 visits chosen. BROWN")
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert {s.visit for s in view.selected} == {visits[n].id for n in ("early", "first", "both")}
    assert lines_of(view, view.selected)[0].startswith("06:00–06:45\tAmina\tEARLY")


def test_halves_of_a_visit_and_visits_a_gap_apart_are_linked(view: DeploymentBoard) -> None:
    day, visits = busy_day()
    pair = Pair(visits["late"].id, 60, 240, False)
    first = replace(visits["first"], pairs=(pair,))
    day = replace(day, visits=tuple(first if v.id == first.id else v for v in day.visits))
    view.show_board(Outlook.of(day))
    links = {(link.one, link.other, link.double) for link in view.laid.links}
    assert links == {
        (spot(visits["both"], 1), spot(visits["both"], 2), True),
        (spot(first), spot(visits["late"]), False),
    }
    view.choose(spot(first))
    view.grab()


def test_f8_goes_through_what_is_warned_of_in_order_of_time(view: DeploymentBoard) -> None:
    ill = worker(1, "Amina", away=[("sickness", 12, 15)])
    late, shift = visit("Late", start=(7, 0), window=30, to=[(ill, (8, 0))]), visit("Shift", to=[(ill, (12, 30))])
    view.show_board(Outlook.of(board([ill], [late, shift]), at(9, 30)))
    assert view.outlook.counts == {"missed": 1, "shift": 1, "late": 2}
    everywhere = view.outlook.spots()
    assert view.next_of(everywhere, 1) == spot(late)
    view.choose(spot(late))
    assert view.next_of(everywhere, 1) == spot(shift) and view.next_of(everywhere, -1) == spot(shift)
    assert view.next_of(view.outlook.spots(("missed",)), 1) == spot(late)
    view.show_warned(view.outlook.spots(("missed",)))
    view.grab()
    assert view.tell_time(at(14)) and view.outlook.counts["missed"] == 2


def test_a_row_is_painted_again_only_when_it_has_changed(view: DeploymentBoard) -> None:
    day, visits = busy_day()
    view.show_board(Outlook.of(day))
    view.grab()
    kept = dict(view.cache._kept)
    view.show_now(at(9))
    view.choose(spot(visits["first"]))
    view.grab()
    assert all(view.cache._kept[name][1] is picture for name, (_, picture) in kept.items())
    moved = replace(visits["late"], allocations=(replace(visits["late"].allocations[0], pinned=True),), revision=2)
    view.show_board(Outlook.of(replace(day, visits=tuple(moved if v.id == moved.id else v for v in day.visits))))
    view.grab()
    assert view.cache._kept["row", 1][1] is kept["row", 1][1]
    assert view.cache._kept["row", 2][1] is not kept["row", 2][1]


def test_what_cannot_be_does_not_break_the_painting(view: DeploymentBoard, qapp) -> None:
    """A visit longer than any shift, one in the past, a skill nobody has, a shift over midnight, nobody at all."""
    from coordination.clock import at_local
    from coordination.deployment.model import Shift
    from coordination.values import Window
    from tests.domain.deployment_boards import DAY

    night = replace(worker(1, "Night", hours=[]), shifts=(Shift("work", Window(at(20), at_local(DAY, 30))),))
    nowhere = replace(worker(2, "Nowhere"), place=None)
    long = visit("Long", start=(0, 0), minutes=480, to=[(night, (22, 0))])
    odd = [long, visit("Skill", skills=("no such skill",)), visit("Past", start=(0, 5), window=5)]
    odd += [visit(f"Many{n}", start=(9, 0)) for n in range(200)]
    for day in (board([night, nowhere], odd), board([], odd), board([night], [])):
        outlook = Outlook.of(day, at(23) + timedelta(days=3))
        for mode in ("light", "dark"):
            theme.apply(qapp, mode)
            view.show_board(outlook)
            view.show_now(at(12))
            view.choose(view.laid.first)
            view.show_hours((23, 30))
            view.grab()
            view.show_hours(None)
            assert not view.grab().isNull()
    theme.apply(qapp, "light")


def test_the_models_behind_the_lists_are_sound(view: DeploymentBoard, qtmodeltester) -> None:
    from coordination.deployment.suggest import who_could_take
    from ui.deployment.as_list import COLUMNS
    from ui.deployment.candidates import CandidateList
    from ui.widgets import StableTableModel

    day, visits = busy_day()
    view.show_board(Outlook.of(day))
    listed, lines = CandidateList(), StableTableModel(COLUMNS, key=lambda line: line.spot)
    for model, rows in ((listed.model(), who_could_take(day, visits["open"])), (lines, seen(view))):
        qtmodeltester.check(model, force_py=True)
        model.set_rows(rows)
        assert model.rowCount() == len(rows) > 0
        qtmodeltester.check(model, force_py=True)


def test_on_both_days_that_the_clocks_change_every_moment_has_one_place(view: DeploymentBoard) -> None:
    from datetime import date

    from coordination.clock import at_local
    from coordination.deployment.model import Allocation, Shift
    from coordination.values import AllocationId, Window, new_id

    for day, length in ((date(2026, 10, 25), 25), (date(2027, 3, 28), 23)):
        whole = Window(at_local(day, 0), at_local(day, 24))
        assert whole.minutes == length * 60
        night = replace(worker(1, "Night"), shifts=(Shift("work", whole),))
        begins = at_local(day, 3)
        held = Allocation(AllocationId(new_id()), night.id, 1, Window.of(begins, 45))
        arrive = Window.of(begins, 60)
        early = replace(visit("Early"), day=day, arrive=arrive, allocations=(held,))
        view.show_board(Outlook.of(replace(board([night], [early]), day=day)))
        view.show_hours((0, 24))
        laid = view.laid
        for hour in (0, 3, 12, 23):
            assert laid.moment(laid.x(at_local(day, hour, 35))) == at_local(day, hour, 35)
        assert [x for x, _ in laid.hour_marks] == sorted(x for x, _ in laid.hour_marks)
        assert view.outlook.counts == {}
        view.choose(spot(early))
        view.grab()
