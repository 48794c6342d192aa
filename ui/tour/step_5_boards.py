"""Step 5. Visits of the plan stand on both boards for the day; they are given by hand, and refused where
they may not go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from coordination.clock import LONDON
from coordination.deployment.model import Board, Visit, Worker
from coordination.deployment.suggest import Candidate
from coordination.errors import Refused
from coordination.values import VisitId, Window, WorkerId
from ui.deployment import layout
from ui.deployment.candidates import CANDIDATE
from ui.deployment.layout import Spot
from ui.style import theme
from ui.tour import hands, said
from ui.tour.desks import TourDesk
from ui.tour.hands import Unmet, expect, until
from ui.tour.step_4_plan import LEAD as LEAD_WORKER
from ui.tour.tour import Tour

LEADS = {"reablement": "moira.reablement", "nursing": "samina.nursing"}
LATEST_HOUR = 14  # later in the day there may be nobody left who could still go: the tour plans for tomorrow then
QUARTER = timedelta(minutes=15)
SERVICES = {"reablement": "reablement", "nursing": "district_nursing"}
TIMES = {"reablement": ("17:00", "20:00"), "nursing": ("15:00", "20:00")}
SKILLS = {"reablement": (), "nursing": ("Catheter care",)}  # one that some of the team have and others lack


def run(tour: Tour) -> None:
    """Plan, refuse, give: on the reablement board and on the district nurses'."""
    day = day_of(tour)
    for board, lead in LEADS.items():
        visit = _plan(tour, board, day)
        desk = tour.desk(lead)
        page = open_board(desk, board, day)
        _stand_on(desk, page, visit)
        if board == "nursing":
            _refused_for_skill(tour, desk, page, visit)
            _give_from_the_list(tour, desk, page, visit)
        else:
            _refused_off_shift(tour, desk, page, visit)
            _give_by_dragging(tour, desk, page, visit)
            _refused_because_busy(tour, desk, page)


def day_of(tour: Tour) -> date:
    """Today; from the afternoon on, tomorrow."""
    now = tour.witness.intake.queue().as_of.astimezone(LONDON)
    return (now + timedelta(days=now.hour >= LATEST_HOUR)).date()  # type: ignore[no-any-return]


# planning, by the lead worker, from an action of the plan


def _plan(tour: Tour, board: str, day: date) -> VisitId:
    """One visit for the day, from the action that the team of the board has."""
    desk = tour.desk(LEAD_WORKER)
    if desk.page.id != "plan":
        said.open_record(desk, tour.story)
        said.do(desk, "person.plan")
    page = desk.arrive("plan")
    until(lambda: page.sheet is not None, "the plan to open")
    desk.quiet()
    teams = {t.id for t in desk.services.careplan.teams() if t.service == SERVICES[board]}
    action = next((a for a in page.sheet.actions if a.team in teams), None)
    if action is None:
        raise Unmet(f"expected an action for a team of {board} on the plan")
    page.listing.take_focus(action.id)
    desk.press("V")
    visits = desk.arrive("visits")
    editor = until(lambda: visits.editor, "the form that plans visits (V)")
    form, (after, before) = editor.form, TIMES[board]
    on = f"{day.day}/{day.month}/{day.year}"
    for name, words in (("times", f"{after}-{before}"), ("starts", on), ("ends", on), ("minutes", "30")):
        hands.put(form.field(name).editor, words)
    for skill in SKILLS[board]:
        hands.click(hands.button_saying(form.field("skills").editor, skill))
    tour.picture(f"05-plan-{board}", desk)
    hands.click(hands.button_saying(editor, "Plan these visits"))
    until(lambda: visits.editor is None, "the visits to be planned")
    found = [v for v in tour.witness.deployment.board(action.team, day).visits if v.plan_action_id == action.id]
    expect([v.person.id for v in found], [tour.story.person], "for whom a visit stands on the board")
    return VisitId(found[0].id)


# giving, by the team lead


def open_board(desk: TourDesk, board: str, day: date) -> Any:
    """The board of a lead's own team, on that day."""
    page = desk.page if desk.page.id == board else desk.go(board)
    until(lambda: page.board.board is not None, "the board")
    if page.day != day:
        desk.press("]")
        until(lambda: page.board.board is not None and page.board.board.day == day, f"the board of {day} (])")
    desk.quiet()
    if not any(w.at_work for w in page.board.board.workers):
        raise Unmet(f"expected somebody at work on {day}; the training city is loaded with a week of shifts")
    return page


def _stand_on(desk: TourDesk, page: Any, visit: VisitId) -> None:
    """Click the visit where it stands among those that nobody has."""
    until(lambda: visit in page.board.board.visit_by_id, "the planned visit on the board of the lead, by itself")
    click_spot(page, Spot(visit, 1))
    desk.press("P")
    until(lambda: page.side.list.isVisible() and page.side.list.model().rowCount(), "who could take it (P)")
    desk.quiet()


def click_spot(page: Any, spot: Spot) -> None:
    """Click a visit on the board."""
    hands.come_forward(page.window())
    page.board.choose(spot)
    at = page.board.box_of(spot).center()
    where = QPoint(round(at.x()), round(at.y()))
    QTest.mouseClick(page.board.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    until(lambda: page.board.spot == spot, "the visit to be chosen")
    page.board.setFocus()


def _candidates(page: Any) -> list[Candidate]:
    model = page.side.list.model()
    return [model.index(n, 0).data(CANDIDATE) for n in range(model.rowCount())]


def _refused_for_skill(tour: Tour, desk: TourDesk, page: Any, visit: VisitId) -> None:
    """Somebody of the list who lacks the skill: the screen says so."""
    rows = _candidates(page)
    place = next((n for n, c in enumerate(rows) if "lacks_skill" in {o.code for o in c.obstacles}), None)
    if place is None:
        raise Unmet("expected a worker who lacks the skill that the visit needs")
    desk.clear_notices()
    hands.select_row(page.side.list, place)
    desk.press("Return")
    _check_refusal(tour, desk, visit, rows[place].worker, "lacks_skill", visit_start(tour, visit))


def _refused_off_shift(tour: Tour, desk: TourDesk, page: Any, visit: VisitId) -> None:
    """Dragged to somebody who has gone home by then."""
    start = visit_start(tour, visit)
    window = Window.of(start, 30)
    away = [w for w in page.board.board.workers if w.at_work and not any(s.overlaps(window) for s in w.at_work)]
    if not away:
        raise Unmet("expected a worker whose shift is over when the visit begins")
    desk.clear_notices()
    _drag(page, Spot(visit, 1), away[0].id, start)
    _check_refusal(tour, desk, visit, away[0], "off_shift", start)


def visit_start(tour: Tour, visit: VisitId) -> datetime:
    """The beginning of the visit's window."""
    return tour.witness.deployment.visit(visit).arrive.start  # type: ignore[no-any-return]


def _check_refusal(tour: Tour, desk: TourDesk, visit: VisitId, worker: Worker, code: str, start: datetime) -> None:
    """The screen names the worker, nothing has changed, and the database refuses the same by itself."""
    told = until(desk.said, f"to be told why {worker.name} cannot ({code})")[-1]
    if worker.name not in told:
        raise Unmet(f"expected the refusal to name {worker.name}, it reads: {told}")
    tour.picture(f"05-refused-{code.replace('_', '-')}", desk)
    tour.note(f"refused: {told}")
    held: Visit = tour.witness.deployment.visit(visit)
    expect(held.allocations, (), "who has the visit after the refusal")
    try:
        tour.session(desk.user).deployment.allocate(visit, worker.id, start, seen=held.revision)
    except Refused as refused:
        if code not in {o.code for o in refused.obstacles}:
            raise Unmet(f"expected the database to refuse by {code}, it did by {refused.obstacles}") from None
    else:
        raise Unmet(f"expected the database to refuse by {code}, and it took it")


def _drag(page: Any, spot: Spot, worker: WorkerId, start: datetime) -> None:
    """Pick a visit up and let it go over a worker's row at a time."""
    board, view = page.board, page.board.viewport()
    row = board._laid.row_of[worker]
    bar = board.verticalScrollBar()
    bar.setValue(round(row * theme.px(layout.ROW) - board.rows_area().height() / 2))
    board.choose(spot)
    box = board.box_of(spot)
    begin = QPoint(round(box.left()) + 6, round(box.center().y()))
    across = theme.px(layout.NAMES) - board.scrolled_x() + board._laid.x(start)
    end = QPoint(round(across), round(board.row_top(row) + theme.px(layout.ROW) / 2))
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(view, left, Qt.KeyboardModifier.NoModifier, begin)
    for part in range(1, 11):
        QTest.mouseMove(view, begin + (end - begin) * part / 10)
        hands.breathe()
    QTest.mouseRelease(view, left, Qt.KeyboardModifier.NoModifier, end)


def _give_by_dragging(tour: Tour, desk: TourDesk, page: Any, visit: VisitId) -> None:
    """To the best of those who can, where there is room."""
    best = _first_able(page)
    desk.clear_notices()
    _drag(page, Spot(visit, 1), best.worker.id, best.start or visit_start(tour, visit))
    _check_given(tour, desk, visit, best)
    tour.picture("05-reablement", desk)


def _give_from_the_list(tour: Tour, desk: TourDesk, page: Any, visit: VisitId) -> None:
    """To the best of those who can, with Enter."""
    click_spot(page, Spot(visit, 1))
    desk.press("P")
    best = _first_able(page)
    desk.clear_notices()
    hands.select_row(page.side.list, _candidates(page).index(best))
    tour.picture("05-who-could", desk)
    desk.press("Return")
    _check_given(tour, desk, visit, best)
    tour.picture("05-nursing", desk)


def _first_able(page: Any) -> Candidate:
    found = until(lambda: [c for c in _candidates(page) if c.start is not None], "somebody who could take the visit")
    return found[0]  # type: ignore[no-any-return]


def _check_given(tour: Tour, desk: TourDesk, visit: VisitId, to: Candidate) -> None:
    kept: Visit = until(
        lambda: (v := tour.witness.deployment.visit(visit)).allocations and v,
        f"the visit to be given to {to.worker.name}; the screen says {desk.said()}",
    )
    desk.quiet()
    expect(kept.allocations[0].worker_id, to.worker.id, "who goes")
    expect(kept.allocations[0].window.start, to.start, "when it begins")


def _refused_because_busy(tour: Tour, desk: TourDesk, page: Any) -> None:
    """A quarter of an hour later the worker is with somebody else already."""
    pair = next(_tight(page.board.board), None)
    if pair is None:
        raise Unmet("expected two visits of one worker with less than a quarter of an hour between them")
    spot, worker, other = pair
    before = tour.witness.deployment.visit(spot.visit)
    click_spot(page, spot)
    desk.clear_notices()
    desk.press("Alt+Shift+Right")
    told = until(desk.said, f"to be told that {worker} is busy")[-1]
    desk.quiet()
    if worker not in told or other.person.listed not in told:
        raise Unmet(f"expected the refusal to name {worker} and {other.person.listed}, it reads: {told}")
    tour.picture("05-refused-busy", desk)
    tour.note(f"refused: {told}")
    expect(tour.witness.deployment.visit(spot.visit), before, "the visit after the refusal")


def _tight(board: Board) -> Iterator[tuple[Spot, str, Visit]]:
    """A visit, its worker's name, and the visit that follows it at once."""
    for worker, row in board.row_of.items():
        for (visit, held), (after, then) in pairwise(row):
            gap = then.window.start - held.window.end
            movable = visit.workers_needed == 1 and not visit.is_over and not held.pinned
            if movable and not after.is_over and timedelta(0) <= gap < QUARTER:
                yield Spot(visit.id, held.slot), _name(board, worker), after


def _name(board: Board, worker: WorkerId) -> str:
    return board.worker_by_id[worker].name
