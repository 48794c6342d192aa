"""The board itself: where things stand, keyboard, dragging. No database."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from coordination.deployment.model import Board, Visit, Worker
from tests.domain.deployment_boards import alert, at, board, person, visit, worker
from ui.deployment import words
from ui.deployment.board import DeploymentBoard
from ui.deployment.layout import Layout, Spot, whole_day
from ui.deployment.outlook import Outlook


def small_day() -> tuple[Board, dict[str, Worker], dict[str, Visit]]:
    """Amina has two visits, Bola one, Carl is off; one visit nobody has."""
    amina, bola = worker(1, "Amina", skills=["hoist"]), worker(2, "Bola", hours=[(12, 20)])
    carl = worker(3, "Carl", hours=[])
    visits = {
        "first": visit("Adams", start=(8, 0), to=[(amina, (8, 0))]),
        "second": visit("Brown", start=(11, 0), to=[(amina, (11, 0))]),
        "later": visit("Clark", start=(13, 0), to=[(bola, (13, 0))]),
        "open": visit("Davies", start=(9, 0), window=60, skills=("hoist",)),
    }
    return board([amina, bola, carl], list(visits.values())), {"amina": amina, "bola": bola, "carl": carl}, visits


@pytest.fixture
def view(qtbot, dressed):
    made = DeploymentBoard()
    qtbot.addWidget(made)
    made.resize(1100, 600)
    made.show()
    return made


def shown(view: DeploymentBoard, day: Board) -> None:
    view.show_board(Outlook.of(day))


def spot(visit_: Visit, slot: int = 1) -> Spot:
    return Spot(visit_.id, slot)


def point_at(view: DeploymentBoard, number: int, hour: int, minute: int = 0) -> QPoint:
    """In the row of a worker, at a time."""
    assert view._laid is not None
    x = view.time_area().left() + view._laid.x(at(hour, minute)) - view.scrolled_x()
    return QPointF(x, view.row_top(number) + 20).toPoint()


def drag(view: DeploymentBoard, start: QPoint, *ends: QPoint, drop: bool = True) -> None:
    target = view.viewport()
    QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(target, start + QPoint(12, 0))
    for end in ends:
        QTest.mouseMove(target, end)
    if drop:
        QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=ends[-1])


# ---------------------------------------------------------------- geometry


def test_time_and_pixels_are_each_others_inverse() -> None:
    day, _, _ = small_day()
    laid = Layout(day, (7, 22), 900, round)
    for moment in (at(7), at(9, 35), at(21, 55)):
        assert laid.moment(laid.x(moment)) == moment


def test_the_day_is_as_long_as_what_is_on_it() -> None:
    early = worker(1, hours=[(5, 23)])
    assert whole_day(board([early])) == (7, 22)
    day = board([early], [visit(start=(5, 30), to=[(early, (5, 30))]), visit(start=(22, 15), to=[(early, (22, 15))])])
    assert whole_day(day) == (5, 23)


def test_chips_of_one_lane_do_not_overlap() -> None:
    many = [visit(f"V{n}", start=(9 + n // 4, n % 4 * 15)) for n in range(30)]
    laid = Layout(board([worker(1)], many), (7, 22), 900, round)
    assert sum(map(len, laid.lanes)) == 30
    for lane in laid.lanes:
        edges = [laid.chip(v) for _, v in lane]
        assert all(a[0] + a[1] <= b[0] for a, b in itertools.pairwise(edges))


def test_what_is_not_placed_is_in_sight_whatever_hours_are_shown() -> None:
    late = visit(start=(20, 0))
    laid = Layout(board([worker(1)], [late]), (7, 14), 700, round)
    left, width = laid.chip(late)
    assert left >= 0 and left + width <= 700


# ---------------------------------------------------------------- keyboard


def test_arrow_keys_go_from_visit_to_visit(view: DeploymentBoard, qtbot) -> None:
    day, _, visits = small_day()
    shown(view, day)
    for key, name in (
        (Qt.Key.Key_Down, "open"),
        (Qt.Key.Key_Down, "first"),
        (Qt.Key.Key_Right, "second"),
        (Qt.Key.Key_Right, "second"),
        (Qt.Key.Key_Down, "later"),
        (Qt.Key.Key_Up, "second"),
        (Qt.Key.Key_Left, "first"),
        (Qt.Key.Key_Home, "open"),
    ):
        qtbot.keyClick(view, key)
        assert view.visit == visits[name], name
    assert "DAVIES, Emmeline" in view.accessibleDescription()


def test_a_chosen_visit_scrolls_into_sight(view: DeploymentBoard) -> None:
    many = [worker(n, f"W{n:02}") for n in range(1, 41)]
    last = visit(to=[(many[-1], (9, 0))])
    shown(view, board(many, [last]))
    view.choose(spot(last))
    assert view.rows_area().contains(view.box_of(spot(last)))


def test_enter_opens_and_ctrl_z_takes_back(view: DeploymentBoard, qtbot) -> None:
    day, _, visits = small_day()
    shown(view, day)
    view.choose(spot(visits["first"]))
    with qtbot.waitSignal(view.opened) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [spot(visits["first"])]
    with qtbot.waitSignal(view.undo_asked):
        qtbot.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


# ---------------------------------------------------------------- dragging


def test_an_open_visit_is_dropped_where_it_may_go(view: DeploymentBoard, qtbot) -> None:
    day, staff, visits = small_day()
    shown(view, day)
    start = view.box_of(spot(visits["open"])).center().toPoint()
    with qtbot.waitSignal(view.dropped) as dropped:
        drag(view, start, point_at(view, 0, 9, 20))
    where, worker_id, when = dropped.args
    assert (where, worker_id) == (spot(visits["open"]), staff["amina"].id)
    assert abs(when - at(9, 20)) <= timedelta(minutes=5)


def test_a_drop_in_the_way_of_another_says_whose(view: DeploymentBoard, qtbot) -> None:
    day, _, visits = small_day()
    shown(view, day)
    start = view.box_of(spot(visits["open"])).center().toPoint()
    with qtbot.waitSignal(view.refused) as refused, qtbot.assertNotEmitted(view.dropped):
        drag(view, start, point_at(view, 0, 11, 20))
    assert [words.short(o) for o in refused.args[0]] == ["with BROWN, Emmeline 11:00–11:45"]


def test_while_dragging_closed_lanes_say_why(view: DeploymentBoard) -> None:
    day, staff, visits = small_day()
    shown(view, day)
    drag(view, view.box_of(spot(visits["open"])).center().toPoint(), point_at(view, 1, 13), drop=False)
    assert view.drag is not None and not view.drag.is_open
    assert [words.short(o) for o in view.drag.why_not(staff["carl"])] == ["not at work", "no Hoist"]
    assert view.drag.why_not(staff["amina"]) == ()
    view.grab()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.drag is None


def test_a_drop_near_an_open_place_is_drawn_to_it(view: DeploymentBoard, qtbot) -> None:
    day, _, visits = small_day()
    shown(view, day)
    start = view.box_of(spot(visits["open"])).center().toPoint()
    with qtbot.waitSignal(view.dropped) as dropped:
        drag(view, start, point_at(view, 0, 8, 40))  # Adams lasts until 08:45
    assert dropped.args[2] == at(8, 45)


def test_a_placed_visit_is_taken_back_by_dragging_it_up(view: DeploymentBoard, qtbot) -> None:
    day, _, visits = small_day()
    shown(view, day)
    up = view.lanes_area().center().toPoint()
    with qtbot.waitSignal(view.taken_back) as taken:
        drag(view, view.box_of(spot(visits["later"])).center().toPoint(), up)
    assert taken.args == [spot(visits["later"])]


def test_a_refresh_does_not_disturb_a_drag(view: DeploymentBoard) -> None:
    day, _, visits = small_day()
    shown(view, day)
    drag(view, view.box_of(spot(visits["open"])).center().toPoint(), point_at(view, 0, 9, 20), drop=False)
    newer = replace(day, visits=tuple(v for v in day.visits if v.id != visits["later"].id))
    shown(view, newer)
    assert view.drag is not None and view.board is day
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.board is newer


def test_what_is_over_cannot_be_dragged(view: DeploymentBoard) -> None:
    amina = worker(1)
    done = visit(to=[(amina, (9, 0))], state="done")
    shown(view, board([amina], [done]))
    drag(view, view.box_of(spot(done)).center().toPoint(), point_at(view, 0, 12), drop=False)
    assert view.drag is None


# ---------------------------------------------------------------- what is shown


def test_what_is_chosen_stays_chosen_when_it_is_placed(view: DeploymentBoard) -> None:
    day, staff, visits = small_day()
    shown(view, day)
    view.choose(spot(visits["open"]))
    placed = visit("Davies", to=[(staff["amina"], (9, 0))], skills=("hoist",))
    placed = replace(placed, id=visits["open"].id)
    shown(view, replace(day, visits=tuple(placed if v.id == placed.id else v for v in day.visits)))
    assert view.visit == placed
    shown(view, replace(day, visits=()))
    assert view.visit is None


def test_late_and_broken_visits_are_known(view: DeploymentBoard) -> None:
    ill = worker(1, away=[("sickness", 10, 15)])
    late = visit(start=(7, 0), window=30, to=[(ill, (8, 0))])
    broken = visit("Brown", start=(11, 0), to=[(ill, (11, 0))])
    shown(view, board([ill], [late, broken]))
    assert [w.kind for w in view.warnings_at(spot(late))] == ["late"]
    assert [w.kind for w in view.warnings_at(spot(broken))] == ["shift"]


def test_a_full_board_is_painted_light_and_dark(view: DeploymentBoard, qapp) -> None:
    from ui.style import theme

    staff = [worker(n, f"Worker {n}", away=[("leave", 7, 9)] if n == 2 else []) for n in range(1, 6)]
    special = person("Nguyễn", alerts=(alert("do_not_visit_alone"),))
    made = [
        visit("Done", to=[(staff[0], (7, 0))], state="done"),
        visit("Pinned", to=[(staff[0], (8, 0))], pinned=True),
        visit("Both", to=[(staff[2], (9, 0)), (staff[3], (9, 0))], workers_needed=2, time_critical=True),
        visit("Nobody", to=[(staff[4], (7, 30))], state="no_access"),
        visit(who=special, gender_asked="female", workers_needed=2),
    ]
    shown(view, board(staff, made))
    view.show_now(at(10, 30))
    pictures = []
    for mode in ("light", "dark"):
        theme.apply(qapp, mode)
        pictures.append(view.grab().toImage())
    assert pictures[0] != pictures[1]
    theme.apply(qapp, "light")


def test_words_of_a_visit_hold_all_that_a_block_cannot_show() -> None:
    day, _, visits = small_day()
    said = words.about(day, visits["open"])
    assert "DAVIES, Emmeline" in said and "09:00–10:00" in said and "Needs Hoist" in said
    assert "Amina" in words.about(day, visits["first"])


def test_the_tip_tells_what_the_pointer_is_over(view: DeploymentBoard) -> None:
    day, _, visits = small_day()
    shown(view, day)
    QTest.mouseMove(view.viewport(), view.box_of(spot(visits["first"])).center().toPoint())
    assert "ADAMS, Emmeline" in view.viewport().toolTip()
    QTest.mouseMove(view.viewport(), point_at(view, 2, 9))
    assert view.viewport().toolTip() == ""


def test_the_tip_of_an_hour_tells_demand_and_capacity(view: DeploymentBoard) -> None:
    day, _, _ = small_day()
    shown(view, day)
    assert view._laid is not None
    x = view.time_area().left() + view._laid.x(at(8, 30))
    QTest.mouseMove(view.viewport(), QPointF(x, 10).toPoint())
    assert "Given 45 min, open 0 min" in view.viewport().toolTip()


def test_typed_words_are_never_read_as_markup() -> None:
    assert words.tip("<b>x</b>\ny") == "<qt>&lt;b&gt;x&lt;/b&gt;<br>y</qt>"
