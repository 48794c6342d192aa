"""A board of the measured size, timed where a lead sits: opened, scrolled, dragged over, shifted by key, and changed by
another desk. Prints JSON; run by ``bench.board``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from bench.board_city import LEAD
from bench.screens import ROUNDS as ROUNDS_OF_REPLAY
from bench.screens import Screens
from coordination.training.users import training_password
from coordination.values import TeamId
from ui.cli.opened import Opened
from ui.deployment.layout import Spot
from ui.deployment.outlook import Outlook
from ui.deployment.page import ReablementPage

ROUNDS, FRAMES = 7, 120
WIDE, HIGH = 1366, 700


class Bare(QWidget):
    """As many rectangles as a board of this size shows visits, with a line of words each, and nothing else."""

    def __init__(self, boxes: list[QRectF]) -> None:
        super().__init__()
        self._boxes = boxes

    def paintEvent(self, _event: Any) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor("#1d70b8"), 1))
        painter.setBrush(QColor("#e8f1f8"))
        for box in self._boxes:
            painter.drawRoundedRect(box, 4, 4)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft, "PANKHURST")
        painter.end()


def timed(what: Callable[[], object]) -> float:
    """Seconds of the wall clock."""
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def on_this_thread(what: Callable[[], object]) -> float:
    """Seconds that the interface thread itself was at work: what people feel, whatever else the machine does."""
    began = time.thread_time()
    what()
    return time.thread_time() - began


class BoardBench:
    """One desktop, one page at a time."""

    def __init__(self, data: Path, team: TeamId, day: date) -> None:
        self.screens = Screens(data, LEAD)
        self.team, self.day = team, day
        self.seconds: dict[str, list[float]] = {}
        self.page: ReablementPage | None = None
        self.counts: dict[str, int] = {}

    def note(self, name: str, seconds: float) -> None:
        self.seconds.setdefault(name, []).append(seconds)

    def settle(self) -> None:
        self.screens.app.sendPostedEvents()
        self.screens.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)

    # ------------------------------------------------------------------ opening

    def open(self) -> None:
        """From asking for the board to its painting, and its parts."""
        screens, desk = self.screens, self.screens.window.desk
        service = desk.services.deployment
        for _ in range(ROUNDS):
            screens.idle()
            page = ReablementPage(desk)
            page.resize(WIDE, HIGH)
            page.show()
            screens.idle()
            with screens.recording() as statements:
                began, own = time.perf_counter(), time.process_time()
                page.open((self.team, self.day))
                screens.until(lambda page=page: page.board.board is not None and page.board.board.team.id == self.team)  # type: ignore[misc]
                page.board.viewport().repaint()
                self.note("open", time.perf_counter() - began)
                self.note("open, own", time.process_time() - own)
            screens.idle()
            board_reads = [s for s in statements if "presence" not in s[0] and "deployment_plan" not in s[0]]
            self.note("open, statements", sum(screens.replay(board_reads)) / ROUNDS_OF_REPLAY)
            self.note("open, records", timed(lambda: service.board(self.team, self.day)))
            self.note("open, records own", on_this_thread(lambda: service.board(self.team, self.day)))
            board = service.board(self.team, self.day)
            self.note("open, worked out", on_this_thread(lambda board=board: Outlook.of(board)))  # type: ignore[misc]
            outlook = Outlook.of(board)
            page.board.cache.clear()
            self.note("open, laid out", on_this_thread(lambda o=outlook, p=page: p.board.show_board(o)))  # type: ignore[misc]
            self.note("open, painted", on_this_thread(page.board.viewport().repaint))
            if self.page is not None:
                self.page.close()
                self.page.deleteLater()
            self.page = page

    def bare(self) -> None:
        """The rectangles alone: of all visits, and of those in sight."""
        assert self.page is not None
        laid = self.page.board.laid
        assert laid is not None
        everything = [self.page.board.box_of(spot) for spot in laid.placed]
        for name, boxes in (
            ("bare, all", everything),
            ("bare, in sight", [b for b in everything if 0 < b.top() < HIGH]),
        ):
            widget = Bare(boxes)
            widget.resize(WIDE, HIGH)
            widget.show()
            self.settle()
            for _ in range(ROUNDS * 3):
                self.note(name, on_this_thread(widget.repaint))
            widget.close()

    # ------------------------------------------------------------------ at work

    def scroll(self) -> None:
        assert self.page is not None
        board = self.page.board
        bar = board.verticalScrollBar()
        for step in range(40):
            bar.setValue((step * 61) % max(1, bar.maximum()))
            self.note("scroll", on_this_thread(board.viewport().repaint))

    def keys(self) -> None:
        """An arrow key to its painted answer, with the panel's facts."""
        assert self.page is not None
        board = self.page.board
        board.setFocus()
        board.choose(board.laid.first if board.laid else None)
        for key in [Qt.Key.Key_Down] * 12 + [Qt.Key.Key_Right] * 6 + [Qt.Key.Key_Down] * 12:
            self.screens.idle()

            def press(key: Qt.Key = key) -> None:
                QTest.keyClick(board, key)
                board.viewport().repaint()

            self.note("key", on_this_thread(press))

    def drag(self) -> None:
        """Picking up (valid places of all workers), each step of the way, for one worker and for two."""
        assert self.page is not None
        board = self.page.board
        laid = board.laid
        assert laid is not None
        double = next((link.one for link in laid.links if link.double), None)
        single = next(iter(laid.lane_of), None)
        for name, spot in (("drag", single), ("drag of two", double)):
            if spot is not None:
                self._carry(name, spot)

    def _carry(self, name: str, spot: Spot) -> None:
        assert self.page is not None
        board = self.page.board
        target = board.viewport()

        def move(to: QPoint) -> None:
            QTest.mouseMove(target, to)
            self.settle()

        for _ in range(5):
            board.choose(None)
            board.choose(spot)  # in sight again: near an edge the board came along
            self.settle()
            start = board.box_of(spot).center().toPoint()
            QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=start)
            self.note(f"{name}, begun", on_this_thread(lambda at=start: move(at + QPoint(14, 2))))  # type: ignore[misc]
            assert board.drag is not None
            for step in range(FRAMES // 5):
                x, y = 260 + step * 37 % (WIDE - 320), 260 + step * 53 % (HIGH - 300)
                self.note(f"{name}, a frame", on_this_thread(lambda x=x, y=y: move(QPoint(x, y))))  # type: ignore[misc]
            QTest.keyClick(board, Qt.Key.Key_Escape)
            QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=start)  # else the next press is a double click
            self.settle()

    def other_desk(self, data: Path) -> None:
        """The same lead pins a visit at another desk: from its commit to the row painted here. Then by a key."""
        assert self.page is not None
        page, board = self.page, self.page.board
        opened = Opened(data, None, LEAD)
        other = opened.open().sign_in(LEAD, training_password(LEAD)).services.deployment
        spots = [s for s in board.laid.placed if board.board.visit_by_id[s.visit].workers_needed == 1]  # type: ignore[union-attr]
        for spot in spots[: ROUNDS * 2]:
            self.screens.idle()
            visit = board.board.visit_by_id[spot.visit]  # type: ignore[union-attr]
            seen = visit.revision
            other.pin(visit.id, not visit.is_pinned, seen=seen)
            began = time.perf_counter()
            self.screens.until(lambda v=visit, s=seen: board.board.visit_by_id[v.id].revision > s)  # type: ignore[misc, union-attr]
            board.viewport().repaint()
            self.note("another desk's change", time.perf_counter() - began)
        for spot in spots[: ROUNDS * 2]:
            self.screens.idle()
            board.choose(Spot(spot.visit, 1))
            self.screens.idle()
            revision = board.visit.revision  # type: ignore[union-attr]
            began = time.perf_counter()
            page.acts.pin(Spot(spot.visit, 1))
            self.screens.until(lambda r=revision: board.visit is not None and board.visit.revision > r)  # type: ignore[misc]
            board.viewport().repaint()
            self.note("own change", time.perf_counter() - began)
        opened.close()

    def sheets(self) -> None:
        """The whole team's sheets, and the same words drawn by ReportLab in a bare loop."""
        from bench.board_sheets import bare_loop, words_of
        from ui.sheets.pdf import whole_team

        data = self.screens.window.desk.services.deployment.sheets(self.team, self.day)
        pdf = whole_team(data)
        pages = words_of(pdf)
        self.counts["pages of the whole team's sheets"] = len(pages)
        for _ in range(3):
            self.note("sheets", on_this_thread(lambda: whole_team(data)))
            self.note("sheets, bare", on_this_thread(lambda: bare_loop(pages)))


def run(data: Path, team: TeamId, day: date) -> int:
    """Measure one city."""
    bench = BoardBench(data, team, day)
    bench.open()
    bench.bare()
    bench.scroll()
    bench.keys()
    bench.drag()
    bench.other_desk(data)
    bench.sheets()
    shown = bench.page.board.board if bench.page else None
    counts = {
        **bench.counts,
        "workers": len(shown.workers) if shown else 0,
        "visits": len(shown.visits) if shown else 0,
        "for two": sum(v.workers_needed == 2 for v in shown.visits) if shown else 0,
        "not placed": len(shown.unplaced) if shown else 0,
    }
    bench.screens.close()
    print(json.dumps({"seconds": bench.seconds, "counts": counts}), flush=True)
    return 0
