"""The queue on the wall, in a window of its own: what is due and what is breached, by locality. Initials only."""

from __future__ import annotations

import random
from datetime import timedelta

from PySide6.QtCore import QElapsedTimer, Qt, QTimer

from coordination.changes import RESYNC, Change
from coordination.errors import DatabaseAway, TooBusy
from coordination.intake.queue import Wall
from ui.at_desk import LOCALITIES
from ui.commands import Command
from ui.desk import Desk
from ui.intake.wall_view import ROWS, WallView
from ui.page import Page
from ui.widgets.basics import column

READ_MS = 30_000  # without a change: time goes on
REST_MS = 2_500  # between two readings while things change
TICK_MS, SHIFT_MS = 5_000, 60_000
LOST_MS = 100_000  # nothing was read for so long: said as a lost line, whatever the line says of itself


class WallPage(Page):
    """``open("north")`` shows one locality, ``open("")`` all three; at first it is what the desk looks at."""

    id, title, icon = "wall", "Wall display", "monitor"
    areas = frozenset({"intake", "people"})
    stays_when_locked = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.view = WallView()
        self.locality = desk.locality.value.lower()
        self._since_read = QElapsedTimer()
        self._wall: Wall | None = None
        self.setLayout(column(self.view, gap=0))
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.refresh)
        for milliseconds, do in ((READ_MS, self.refresh), (TICK_MS, self._tick), (SHIFT_MS, self.view.shift)):
            timer = QTimer(self, interval=milliseconds)
            timer.timeout.connect(do)
            timer.start()
        desk.foot.changed.connect(self._tick)
        self._tick()

    def commands(self) -> list[Command]:
        return [
            Command("wall.full", "Full screen, or not", self.full_screen, "F11", group="Wall display",
                    icon="arrows-out"),
            Command("wall.leave", "Leave the full screen, then the wall display", self.leave, "Esc",
                    group="Wall display", icon="x"),
            Command("wall.locality", "Another locality", self.next_locality, "L", group="Wall display",
                    icon="map-pin"),
        ]  # fmt: skip

    def open(self, key: object) -> None:
        self.key = key
        if isinstance(key, str):
            self.locality = key.lower()
        self.refresh()

    def refresh(self) -> None:
        wanted = frozenset({self.locality}) if self.locality else frozenset()
        intake = self.desk.services.intake
        self.run(lambda: intake.wall(wanted, ROWS), self._show, self._failed, latest="wall")

    def full_screen(self) -> None:
        """The whole screen, without a pointer; or back in its window."""
        window = self.window()
        if window.isFullScreen():
            window.showNormal()
            self.unsetCursor()
        else:
            window.showFullScreen()
            self.setCursor(Qt.CursorShape.BlankCursor)

    def leave(self) -> None:
        """Out of the full screen; from the window, away."""
        if self.window().isFullScreen():
            self.full_screen()
        else:
            self.window().close()

    def next_locality(self) -> None:
        """All three, then one after the other."""
        codes = ["", *(name.lower() for name in LOCALITIES)]
        self.locality = codes[(codes.index(self.locality) + 1) % len(codes)]
        self.refresh()

    # ---------------------------------------------------------------- inside

    def _changes_came(self, changes: frozenset[Change]) -> None:
        if not self.changes_concern(changes) or self._soon.isActive():
            return
        rest = REST_MS - self._since_read.elapsed() if self._since_read.isValid() else 0
        spread = random.randint(0, 600) if RESYNC in changes else 0  # noqa: S311
        self._soon.start(max(0, rest) + spread)

    def _locality_moved(self, _locality: str) -> None:
        """The wall stays what it is, whatever the desk looks at."""

    def _show(self, wall: Wall) -> None:
        self._wall = wall
        self._since_read.start()
        self._tick()

    def _failed(self, error: Exception) -> bool:
        self._tick()
        return isinstance(error, DatabaseAway | TooBusy)

    def _tick(self) -> None:
        """Time goes on by the server's clock, and is counted from its last answer."""
        if self._wall is not None and self._since_read.isValid():
            now = self._wall.as_of + timedelta(milliseconds=self._since_read.elapsed())
        else:
            now = self.desk.clock.now()
        self.view.show_wall(self._wall, now)
        line = self.desk.foot.connection
        if line is not None and not line.up:
            self.view.say_line(line.since)
        elif self._since_read.isValid() and self._since_read.elapsed() > LOST_MS and self._wall is not None:
            self.view.say_line(self._wall.as_of)
        else:
            self.view.say_line(None)
