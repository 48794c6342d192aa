"""Desks of the tour: each signs in by its own window and has a session, a window and a feed of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from coordination.clock import SystemClock
from coordination.training.users import TRAINING_USERS, training_password
from ui.open_desk import OpenDesk
from ui.page import Page
from ui.shell.signin_window import SignInWindow
from ui.shell.trainees import trainees
from ui.shell.window import MainWindow
from ui.tasks import Tasks
from ui.tour import hands
from ui.tour.hands import until
from ui.window_ini import keep_settings_in

SIZE = (1440, 900)
QUIET = 180  # the first lead of a day makes visits ahead in the background, thousands where nobody has for weeks


class TourDesk:
    """One colleague at work. ``user`` is a training user's name."""

    def __init__(self, centre: Any, user: str, settings: QSettings, *, at: tuple[int, int] = (0, 0)) -> None:
        self.user = user
        self.display_name = next(u.display_name for u in TRAINING_USERS if u.user_name == user)
        self._tasks = Tasks()
        self.sign_in_window = SignInWindow(self._tasks, centre.sign_in, trainees=trainees())
        self._came: list[Any] = []
        self.sign_in_window.signed_in.connect(self._came.append)
        self._settings, self._at = settings, at
        self._open: OpenDesk | None = None

    def sign_in(self) -> None:
        """One click on the tile of this colleague; the window opens."""
        window = self.sign_in_window
        window.show()
        tile = next(t for t in window.panel.tiles if t.trainee.user_name == self.user)
        hands.click(tile)
        until(lambda: self._came, f"{self.user} to be signed in", 60)
        window.hide()
        self._open = OpenDesk(self._came[0], self._settings, SystemClock())
        self.window.resize(*SIZE)
        self.window.move(*self._at)
        self.window.show()
        self.quiet()

    @property
    def open_desk(self) -> OpenDesk:
        assert self._open is not None
        return self._open

    @property
    def window(self) -> MainWindow:
        return self.open_desk.window

    @property
    def page(self) -> Any:
        """The page in front."""
        return self.window.page

    @property
    def services(self) -> Any:
        return self.open_desk.desk.services

    def go(self, page: str) -> Any:
        """To a page of the rail, by a click at the left."""
        hands.come_forward(self.window)
        hands.click(self.window.rail.buttons[page])
        until(lambda: self.window.page is not None and self.window.page.id == page, f"the page {page} to open")
        self.quiet()
        return self.window.page

    def arrive(self, page: str, seconds: float = hands.SECONDS) -> Any:
        """Wait until a page has come to the front."""
        until(lambda: isinstance(self.page, Page) and self.page.id == page, f"the page {page} to open", seconds)
        self.quiet()
        return self.page

    def press(self, keys: str) -> None:
        """Press keys where the cursor is."""
        hands.press(self.window, keys)

    def type(self, words: str) -> None:
        """Type where the cursor is."""
        hands.say(self.window, words)

    def quiet(self) -> None:
        """Wait until nothing is being read or saved."""
        until(lambda: not self.open_desk.tasks.busy, "reading and saving to come to an end", QUIET)
        hands.settle()

    def said(self) -> list[str]:
        """The notices at the foot of the page."""
        return [notice.words for notice in self.window.notices.notices]

    def failures(self) -> list[str]:
        """Notices of things that went wrong."""
        return [notice.words for notice in self.window.notices.notices if notice.kind == "error"]

    def clear_notices(self) -> None:
        self.window.notices.clear()

    def close(self) -> None:
        """Leave nothing running."""
        if self._open is not None:
            self._open.window.close()
            self._open.close()
        self._tasks.close()
        self.sign_in_window.deleteLater()
        app = QApplication.instance()
        if app is not None:
            app.sendPostedEvents()


def fresh_settings(folder: Path, user: str) -> QSettings:
    """Widths and columns as they are on a first day, so that every tour sees the same window."""
    keep_settings_in(folder)
    file = folder / f"{user}.ini"
    file.unlink(missing_ok=True)
    return QSettings(str(file), QSettings.Format.IniFormat)


def witness(centre: Any, user: str) -> Any:
    """A session of its own, with connections of its own, that reads back what was done."""
    return centre.sign_in(user, training_password(user))
