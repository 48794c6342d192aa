"""The desktop: open the database, sign in, one window, until it is closed or somebody else signs in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from coordination.clock import DeskClock
from coordination.errors import LoginDisabled, SignInFailed
from coordination.training.users import TRAINING_USERS, training_password
from ui import remembered, window_ini
from ui.cli.opened import Opened
from ui.dumps import no_dumps
from ui.first_page import first_page_of
from ui.logs import report_unforeseen
from ui.open_desk import OpenDesk
from ui.opening import OpeningWindow
from ui.remembered_user import RememberedUser
from ui.sentences import sentence
from ui.shell.refusals import FREE, Refusals
from ui.shell.signin_window import SignInWindow
from ui.shell.trainees import trainees
from ui.shell.window import MainWindow
from ui.style import theme
from ui.tasks import Tasks

SignedIn = tuple[Any, str]
"""A session, and the page to begin with."""


def make_app() -> QApplication:
    """The Qt application, with nothing of a display's needed yet."""
    no_dumps()
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
        app.setApplicationName("Co-ordination Centre")
        app.setQuitOnLastWindowClosed(False)
    return app


class Desktop(QObject):
    """From start to end. ``on_usable`` is called when a window that can be worked in has been painted."""

    def __init__(
        self, opened: Opened, on_usable: Callable[[MainWindow], object] | None = None, sign_in_as: str | None = None
    ) -> None:
        super().__init__()
        self.opened, self.on_usable, self.sign_in_as = opened, on_usable, sign_in_as
        self.app = make_app()
        self.settings = window_ini.settings_in(opened.folder)
        theme.apply(self.app, *window_ini.look(self.settings))
        self.tasks = Tasks(on_error=self._unforeseen)
        self.refusals = Refusals(self.settings, opened.address)
        self._remembered = RememberedUser(self.settings, opened.address)
        self._refused = 0
        self.open_desk: OpenDesk | None = None
        self.sign_in_window: SignInWindow | None = None
        self._training = False
        self.opening = OpeningWindow(self.begin)
        self.opening.closed.connect(self._gave_up)
        opened.tell = self.opening.stepped.emit
        report_unforeseen(self._unforeseen)
        self.opening.show()
        self.begin()

    def begin(self) -> None:
        """Open the database, on a worker thread; another reads in meanwhile what the first page is made of."""
        self.opening.begin()
        self.tasks.run(self, self._open, self._opened, self._failed)
        self.tasks.run(self, lambda: import_module("ui.intake.page"))

    def _open(self) -> tuple[bool, SignedIn | None]:
        """Whether one click signs in here; and who is to be signed in at once."""
        centre = self.opened.open()
        if any(user.user_name == self.sign_in_as for user in TRAINING_USERS):
            with suppress(SignInFailed):
                return True, self._sign_in(str(self.sign_in_as), training_password(str(self.sign_in_as)))
        return centre.has_training_users(), None

    def _sign_in(self, user: str, password: str) -> SignedIn:
        centre = self.opened.open(city=False)
        self._refused = self.refusals.count(user)
        try:
            session = centre.sign_in(user, password, self._refused)
        except LoginDisabled:
            self._wipe(user)
            raise
        return session, first_page_of(session)

    def _choose(self, user: str, given: str, new: str) -> None:
        self.opened.open(city=False).choose_password(user, given, new)

    def _wipe(self, user: str) -> None:
        """What was kept here for a login that is switched off: drafts, outbox, password, keys."""
        self._remembered.forget(user)
        self.opened.wipe(user)

    def _failed(self, error: Exception) -> bool:
        self.opening.fail(error)
        return True

    def _unforeseen(self, error: Exception) -> None:
        """Said where people are looking: at the desk, or while it opens. ``sentence`` logs type and place."""
        if self.open_desk is not None:
            self.open_desk.desk.notices.error(error)
        elif self.opening.isVisible():
            self.opening.fail(error)
        else:
            sentence(error)

    def _opened(self, found: tuple[bool, SignedIn | None]) -> None:
        self._training, signed_in = found
        if signed_in is not None:
            self._signed_in(signed_in)
        else:
            self._show_sign_in()
        self.opening.closed.disconnect(self._gave_up)
        self.opening.close()
        self.app.setQuitOnLastWindowClosed(True)

    def _show_sign_in(self) -> None:
        """Made when it is first needed: whoever is signed in at once sees it only after signing out."""
        if self.sign_in_window is None:
            known = trainees() if self._training else ()
            window = SignInWindow(
                self.tasks, self._sign_in, trainees=known, keyring=self._remembered.keyring(), choose=self._choose,
                refusals=self.refusals,
            )  # fmt: skip
            window.signed_in.connect(self._signed_in)
            self.sign_in_window = window
        self.sign_in_window.show()

    def _signed_in(self, signed_in: SignedIn) -> None:
        session, page = signed_in
        folder, address, user = self.opened.folder, self.opened.address, session.actor.user_name
        self.open_desk = OpenDesk(
            session, self.settings, DeskClock(), first_page=page,
            local=lambda: session.local_store(folder, *remembered.draft_key(address, user)),
            keep_password=lambda new: remembered.replace(address, user, new), refusals=self.refusals,
        )  # fmt: skip
        self.open_desk.standing.over.connect(self._session_over)
        window = self.open_desk.window
        window.signed_out.connect(self._signed_out)
        self.open_desk.shown.connect(self._usable)
        window.show()
        if self._refused >= FREE:
            window.notices.warn(f"Before you came, a password for your name was refused {self._refused} times on this "
                                "computer. If that was not you, tell an administrator.")  # fmt: skip
        if self.sign_in_window is not None:
            self.sign_in_window.hide()

    def _usable(self) -> None:
        """The first page shows what it was asked for."""
        if self.on_usable is not None and self.open_desk is not None:
            self.open_desk.window.repaint()
            self.on_usable(self.open_desk.window)

    def _signed_out(self) -> None:
        """Somebody else's turn."""
        self._close_desk()
        self._show_sign_in()

    def _session_over(self, why: str, words: str) -> None:
        """The database, or somebody who may, ended it: the desk goes, and the sign-in window says why."""
        if self.open_desk is None:
            return
        user = self.open_desk.session.actor.user_name
        if why == "disabled":
            self.open_desk.desk.drafts.forget_all()
        self._show_sign_in()
        self.open_desk.window.leave_now()
        self._close_desk()
        if why == "disabled":
            self.tasks.run(self, lambda: self._wipe(user))
        if self.sign_in_window is not None:
            self.sign_in_window.panel.tell(words)

    def _close_desk(self) -> None:
        if self.open_desk is not None:
            desk, self.open_desk = self.open_desk, None
            desk.close()

    def _gave_up(self) -> None:
        self.app.quit()

    def close(self) -> None:
        """Leave nothing running."""
        self._close_desk()
        self.tasks.close()


def run_desktop(
    opened: Opened, on_usable: Callable[[MainWindow], object] | None = None, user: str | None = None
) -> int:
    """Run until the last window is closed. ``user`` signs a training user in at once."""
    desktop = Desktop(opened, on_usable, user or opened.user)
    try:
        return desktop.app.exec()
    finally:
        desktop.close()
