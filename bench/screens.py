"""The screens of a call, timed where a person sits: a key is pressed, an answer is painted. One process, one desktop.

Prints JSON: ``seconds`` by what was measured, ``statements`` by screen. Run by ``bench.intake``.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView
from sqlalchemy import Engine, event

from bench.city import USER
from ui.cli.opened import Opened
from ui.desktop import Desktop
from ui.people.finder import PersonFinder

SAID = (
    "okonkwo", "pankhurst", "khan mohammed", "smith jo", "garrett 1951", "walsh m14", "ali fatima", "nowak",
    "o'brien sean", "begum 14/7", "hussain", "wright ann",
)  # fmt: skip
ROUNDS = 5
BOOKKEEPING = ("INSERT INTO presence", "UPDATE presence", "DELETE FROM presence", "SELECT audit.note")
PATIENCE = 240.0  # the planner may be made ready in the background at first
BEAT_MS = 100

Statements = list[tuple[str, Any]]


class Screens:
    """One signed-in desktop, and what it asked of the database."""

    def __init__(self, data: Path, user: str = USER) -> None:
        self.opened = Opened(data, None, user)
        self.window: Any = None
        self.desktop = Desktop(self.opened, self._usable, user)
        self.app: QApplication = self.desktop.app
        sys.excepthook = sys.__excepthook__  # the desktop keeps what went wrong to itself
        self._recording: Statements | None = None
        self._beat = QTimer(interval=BEAT_MS)  # wakes an interface to which nothing happens
        self._beat.start()
        event.listen(Engine, "before_cursor_execute", self._record)
        self.until(lambda: self.window is not None)
        self.idle()
        QTest.qWait(500)  # drafts that were left open come to the front by themselves

    def _usable(self, window: object) -> None:
        self.window = window

    def _record(self, _c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if self._recording is not None:
            self._recording.append((statement, parameters))

    @contextmanager
    def recording(self) -> Iterator[Statements]:
        """The statements that the desktop sends meanwhile."""
        found: Statements = []
        self._recording = found
        try:
            yield found
        finally:
            self._recording = None

    def until(self, true: Callable[[], bool]) -> None:
        """Let the interface work until it is so. It sleeps between events, as it does at a desk: one that is asked over
        and over would take the interpreter away from the thread that is waited for."""
        end = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > end:
                raise SystemExit("The interface did not come to it in time.")
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def idle(self) -> None:
        """Nothing is being read any more."""
        self.until(lambda: not self.window.desk.tasks.busy)

    def replay(self, statements: Statements) -> list[float]:
        """The same statements alone, on an open connection of the same login: the bare query."""
        engine = self.desktop.open_desk.session._engine  # type: ignore[union-attr]
        seconds = []
        with engine.connect() as connection:
            cursor = connection.connection.cursor()
            for _ in range(ROUNDS):
                for statement, parameters in statements:
                    began = time.perf_counter()
                    cursor.execute(statement, parameters)
                    if cursor.description:
                        cursor.fetchall()
                    seconds.append(time.perf_counter() - began)
        return seconds

    def close(self) -> None:
        self.window.close()
        self.desktop.close()
        self.opened.close()


def find(screens: Screens) -> tuple[list[float], list[float]]:
    """Seconds from a key to the painted answer, and of the same questions' statements alone."""
    finder = PersonFinder(screens.window.desk)
    finder.resize(430, 700)
    finder.show()
    answers: list[float] = []
    finder.found.connect(lambda _count: answers.append(time.perf_counter()))
    seconds: list[float] = []
    alone: list[float] = []
    for said in SAID * ROUNDS:
        finder.clear()
        screens.idle()
        for number, key in enumerate(said):
            with screens.recording() as statements:
                answers.clear()
                began = time.perf_counter()
                QTest.keyClicks(finder.field, key)
                if number >= 1:
                    screens.until(lambda: bool(answers) and not screens.window.desk.tasks.busy)
                    finder.list.viewport().repaint()
                    seconds.append(time.perf_counter() - began)
            if number >= 1 and statements:
                took = screens.replay(statements)
                each = [sum(took[at :: len(statements)]) / ROUNDS for at in range(len(statements))]
                alone.append(sum(each))
    finder.deleteLater()
    return seconds, alone


def queue(screens: Screens) -> tuple[list[float], list[float], list[float]]:
    """Seconds to open the queue, of its statements alone, and of a bare table with the same rows."""
    from ui.intake.page import QueuePage

    seconds, bare, alone = [], [], []
    for _ in range(ROUNDS * 2):
        screens.idle()
        with screens.recording() as statements:
            began = time.perf_counter()
            page = QueuePage(screens.window.desk)
            page.resize(1280, 760)
            page.show()
            page.refresh()
            screens.until(lambda page=page: page.model.rowCount() > 0 and not screens.window.desk.tasks.busy)  # type: ignore[misc]
            page.repaint()
            seconds.append(time.perf_counter() - began)
        began = time.perf_counter()
        table = QTableView()
        table.setModel(page.model)
        table.resize(1280, 700)
        table.show()
        table.repaint()
        bare.append(time.perf_counter() - began)
        took = screens.replay(statements)
        alone.append(sum(took) / ROUNDS)
        table.close()
        page.close()
        for gone in (table, page):
            gone.deleteLater()
    return seconds, alone, bare


def statements_of(screens: Screens) -> dict[str, tuple[int, int]]:
    """How many queries each screen of a call runs when it is first opened in a sitting, and how many statements of
    bookkeeping beside them: who is there, and notes on the audit trail that are not taken by a query itself."""
    desk = screens.window.desk
    person = next(iter(desk.services.people.find("pankhurst", 1)))
    found = {}
    for page, key in (("queue", None), ("contact", person.id), ("people", "pankhurst"), ("person", person.id)):
        screens.idle()
        with screens.recording() as statements:
            screens.window.to(page, key)
            QTest.qWait(50)
            screens.idle()
        kept = sum(statement.startswith(BOOKKEEPING) for statement, _ in statements)
        found[page] = len(statements) - kept, kept
        if page == "contact":  # nothing is left behind for the next sign-in
            next(c for c in screens.window.page.commands() if c.id == "contact.close").run()
    return found


def run(data: Path) -> int:
    """Measure one city."""
    screens = Screens(data)
    screens.idle()
    asked = statements_of(screens)
    found, found_alone = find(screens)
    opened, opened_alone, table = queue(screens)
    screens.close()
    seconds = {
        "find": found, "find_alone": found_alone, "queue": opened, "queue_alone": opened_alone, "table": table,
    }  # fmt: skip
    print(json.dumps({"seconds": seconds, "statements": asked}), flush=True)
    return 0
