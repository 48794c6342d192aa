"""The calendar of the measured size, timed where a placement co-ordinator sits. Prints JSON; run by
``bench.apartments``."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QPoint, Qt
from PySide6.QtTest import QTest

from bench.apartments_city import OTHER, USER
from bench.board_screens import Bare, on_this_thread
from bench.screens import ROUNDS as ROUNDS_OF_REPLAY
from bench.screens import Screens
from coordination.training.users import training_password
from coordination.values import DateRange
from ui.apartments import layout
from ui.apartments.page import ApartmentsPage
from ui.cli.opened import Opened

ROUNDS, FRAMES = 7, 120
WIDE, HIGH = 1366, 700


class CalendarBench:
    """One desktop, one page at a time."""

    def __init__(self, data: Path) -> None:
        self.screens = Screens(data, USER)
        self.seconds: dict[str, list[float]] = {}
        self.page: Any = None
        self.statements: set[int] = set()

    def note(self, name: str, seconds: float) -> None:
        self.seconds.setdefault(name, []).append(seconds)

    def settle(self) -> None:
        self.screens.app.sendPostedEvents()
        self.screens.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)

    def open(self) -> None:
        """From asking for the calendar to its painting, and its parts. All localities: fifteen apartments."""
        screens, desk = self.screens, self.screens.window.desk
        desk.locality.set("")
        service = desk.services.apartments
        for _ in range(ROUNDS):
            screens.idle()
            with screens.recording() as statements:
                began, own = time.perf_counter(), time.process_time()
                page = ApartmentsPage(desk)
                page.resize(WIDE, HIGH)
                page.show()
                page.come_forward()
                screens.until(lambda page=page: page.board.board is not None)  # type: ignore[misc]
                page.board.viewport().repaint()
                self.note("open", time.perf_counter() - began)
                self.note("open, own", time.process_time() - own)
            screens.idle()
            reads = [s for s in statements if "presence" not in s[0] and "audit.note" not in s[0]]
            self.statements.add(len(reads))
            self.note("open, statements", sum(screens.replay(reads)) / ROUNDS_OF_REPLAY)
            board = page.board.board
            days = board.days
            began = time.perf_counter()
            board = service.board(days)
            self.note("open, records", time.perf_counter() - began)
            self.note("open, laid out", on_this_thread(lambda b=board, p=page: p.board.show_board(b, p.today)))  # type: ignore[misc]
            self.note("open, painted", on_this_thread(page.board.viewport().repaint))
            if self.page is not None:
                self.page.close()
                self.page.deleteLater()
            self.page = page

    def bare(self) -> None:
        """The rectangles alone: of three years, and of those in sight."""
        board = self.page.board
        laid = board.laid
        boxes = [board.stay_box(s, laid.line_of[s.apartment_id]) for s in laid.board.stays]
        seen = [b for b in boxes if b.right() > layout.GUTTER and b.left() < WIDE]
        for name, shown in (("bare, all", boxes), ("bare, in sight", seen)):
            widget = Bare(shown)
            widget.resize(WIDE, HIGH)
            widget.show()
            self.settle()
            for _ in range(ROUNDS * 3):
                self.note(name, on_this_thread(widget.repaint))
            widget.close()

    def scroll(self) -> None:
        """By a few days each frame, through all three years; then with all days narrow."""
        board = self.page.board
        bar = board.horizontalScrollBar()
        for name, narrower in (("scroll", 0), ("scroll, all", 4)):
            for _ in range(narrower):
                board.zoom(-1)
            for step in range(FRAMES):
                bar.setValue(bar.maximum() * step // FRAMES)
                self.note(name, on_this_thread(board.viewport().repaint))
        for _ in range(4):
            board.zoom(1)
        board.go_to(self.page.today - timedelta(days=7))

    def keys(self) -> None:
        board = self.page.board
        board.setFocus()
        for key in [Qt.Key.Key_Down] * 12 + [Qt.Key.Key_Right] * 20:
            self.screens.idle()

            def press(key: Qt.Key = key) -> None:
                QTest.keyClick(board, key)
                board.viewport().repaint()

            self.note("key", on_this_thread(press))

    def drag(self) -> None:
        """Picking up, and each step of the way."""
        board = self.page.board
        target = board.viewport()
        stays = [s for s in board.board.stays if s.kind == "stay" and s.state == "booked"]

        def move(to: QPoint) -> None:
            QTest.mouseMove(target, to)
            self.settle()

        for stay in stays[:5]:
            board.choose_stay(stay.id)
            self.settle()
            start = board.stay_box(stay, board.laid.line_of[stay.apartment_id]).center().toPoint()
            QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=start)
            self.note("drag, begun", on_this_thread(lambda at=start: move(at + QPoint(14, 2))))  # type: ignore[misc]
            assert board.carry is not None
            for step in range(FRAMES // 5):
                to = QPoint(300 + step * 37 % (WIDE - 720), 100 + step * 53 % (HIGH - 200))
                self.note("drag, a frame", on_this_thread(lambda to=to: move(to)))  # type: ignore[misc]
            QTest.keyClick(board, Qt.Key.Key_Escape)
            QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=start)
            self.settle()

    def changes(self, data: Path) -> None:
        """Another desk shortens a stay: from their commit to the bar painted here. The same by this desk's own keys."""
        page, board = self.page, self.page.board
        opened = Opened(data, None, OTHER)
        other = opened.open().sign_in(OTHER, training_password(OTHER)).services.calendar
        stays = [s for s in board.board.stays if s.kind == "stay" and s.state == "booked" and s.period.days > 3]
        for stay in stays[: ROUNDS * 2]:
            self.screens.idle()
            other.resize(stay.id, stay.revision, DateRange(stay.period.start, stay.period.last))
            began = time.perf_counter()
            self.screens.until(lambda s=stay: board.board.stay(s.id).revision > s.revision)  # type: ignore[misc]
            board.viewport().repaint()
            self.note("another desk's change", time.perf_counter() - began)
        for stay in stays[ROUNDS * 2 : ROUNDS * 4]:
            self.screens.idle()
            board.choose_stay(stay.id)
            board.setFocus()
            began = time.perf_counter()
            QTest.keyClick(board, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
            QTest.keyClick(board, Qt.Key.Key_Return)
            self.screens.until(lambda s=stay: board.board.stay(s.id).revision > s.revision)  # type: ignore[misc]
            board.viewport().repaint()
            self.note("own change", time.perf_counter() - began)
        self.screens.idle()
        assert page.undo_stack.can_undo
        opened.close()


def run(data: Path) -> int:
    """Measure one city."""
    bench = CalendarBench(data)
    bench.open()
    bench.bare()
    bench.scroll()
    bench.keys()
    bench.drag()
    bench.changes(data)
    board = bench.page.board.board
    counts = {
        "apartments": len(board.apartments),
        "stays": sum(s.kind == "stay" for s in board.stays),
        "rows with cleaning and inspection": len(board.stays),
        "days": board.days.days,
        "statements to open": max(bench.statements),
    }
    bench.screens.close()
    print(json.dumps({"seconds": bench.seconds, "counts": counts}), flush=True)
    return 0
