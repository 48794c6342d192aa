"""The desktop: open the database, sign in, one window, until it is closed or somebody else signs in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

from PySide6.QtCore import QObject, QSettings, QTimer, Signal
from PySide6.QtWidgets import QApplication

from coordination.clock import Clock, DeskClock
from coordination.errors import CoordinationError, DatabaseAway, LoginDisabled, SignInFailed
from coordination.local.model import CannotKeep
from coordination.local.store import LocalStore
from coordination.training.users import TRAINING_USERS, training_password
from ui import remembered
from ui.at_desk import ALL, Changes
from ui.cli.opened import Opened
from ui.desk import Desk
from ui.dumps import no_dumps
from ui.duty.present import DutyPresence
from ui.governance.emergency_watch import EmergencyWatch
from ui.governance.seal_watch import SealWatch
from ui.local.telling import Telling
from ui.logs import report_unforeseen
from ui.messages.inbox_watch import InboxWatch
from ui.opening import OpeningWindow
from ui.outcomes.watch import NoAccessWatch
from ui.pages import pages_for, pages_of_others
from ui.safeguarding.count import UndecidedCount
from ui.schema_watch import SchemaWatch
from ui.sentences import sentence
from ui.shell.lock_minutes import LockMinutes
from ui.shell.palette import Hit, Provider
from ui.shell.refusals import FREE, Refusals
from ui.shell.signin import Keyring, SignInWindow, Trainee
from ui.shell.standing import StandingWatch
from ui.shell.window import MainWindow
from ui.style import theme
from ui.tasks import Tasks
from ui.trust.count import RelianceCount
from ui.workforce.ahead_watch import AheadWatch

SignedIn = tuple[Any, str]
"""A session, and the page to begin with."""
CENTRES = {"north": "North", "central": "Central", "south": "South", None: "City"}
FIRST_PAGE = {
    "placement_coordinator": "apartments",
    "trusted_assessor": "people",
    "manager": "people",
    "ig_lead": "people",
    "administrator": "users",
}


def make_app() -> QApplication:
    """The Qt application, with nothing of a display's needed yet."""
    no_dumps()
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
        app.setApplicationName("Co-ordination Centre")
        app.setQuitOnLastWindowClosed(False)
    return app


def settings_in(opened: Opened) -> QSettings:
    """Sizes, columns and look, in the data folder. Never personal data."""
    keep_settings_in(opened.folder)
    return QSettings(str(opened.folder / "window.ini"), QSettings.Format.IniFormat)


def keep_settings_in(folder: Path) -> None:
    """Qt's own file dialogue remembers places too; outside the data folder, unless it is told where to. What it
    remembered goes at the next start: the name of a folder or a file may be somebody's."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(folder))
    (folder / "QtProject.conf").unlink(missing_ok=True)


def trainees() -> list[Trainee]:
    """Everybody who signs in with one click."""
    return [
        Trainee(u.user_name, u.display_name, u.role, CENTRES[u.locality], training_password(u.user_name))
        for u in TRAINING_USERS
    ]


class _Line(QObject):
    """Brings the feed's word on the connection to the interface thread."""

    changed = Signal(bool)


class OpenDesk(QObject):
    """One signed-in user: desk, window and the feed behind it. Closed once."""

    shown = Signal()
    """what the first page asked for is there; what stands around it is asked for only then"""

    def __init__(
        self, session: Any, settings: QSettings, clock: Clock, *, first_page: str | None = None,
        local: Callable[[], LocalStore] | None = None, keep_password: Callable[[str], object] = lambda _new: None,
        refusals: Refusals | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.session, self._keep_password = session, keep_password
        self.tasks = Tasks(on_error=lambda error: self.desk.notices.error(error))
        actor = session.actor
        self.desk = Desk(
            services=session.services, tasks=self.tasks, clock=clock, actor=actor, changes=Changes(),
            settings=settings, training=actor.training,
        )  # fmt: skip
        self.desk.locality.set(_locality(settings, actor.locality))
        trainee = next((t for t in trainees() if t.user_name == actor.user_name), None) if actor.training else None
        self.window = MainWindow(
            self.desk, pages_for(actor.role), unlock=self._unlock, trainee=trainee,
            change_password=self._change_password if trainee is None else None, refusals=refusals,
            of_others=pages_of_others(actor.role),
        )  # fmt: skip
        self.standing = StandingWatch(self.desk, session)
        self._duty = self.desk.duty = DutyPresence(self.desk, self.window, read=False)
        self.window.finder.add_provider(Provider("People", self._people))
        self._inbox = InboxWatch.of(self.desk)
        self.window.files_dropped.connect(lambda files: self.window.to("imports", files))
        self._line = _Line()
        self._line.changed.connect(lambda up: self.desk.foot.set_connection(up, datetime.now(UTC)))
        self._local = local
        self.is_shown = self._closed = False
        self._undecided: UndecidedCount | None = None
        self._relied_on: RelianceCount | None = None
        self._no_access: NoAccessWatch | None = None
        self._ahead: AheadWatch | None = None
        self._sealing: SealWatch | None = None
        self._emergency: EmergencyWatch | None = None
        self._schema = SchemaWatch(self.desk, session.revision)
        session.feed.start(self.desk.changes.deliver, self._line.changed.emit)
        self.window.to(first_page or first_page_of(session))
        Telling(self.desk, lambda: self.window.history.behind is None, self.window)
        self.tasks.owner_busy.connect(self._look_soon)
        self._look_soon()

    def _look_soon(self, *_of: object) -> None:
        """An answer may ask another question: looked at when it has been taken in."""
        QTimer.singleShot(0, self, self._look_whether_shown)

    def _look_whether_shown(self) -> None:
        page = self.window.page
        if self._closed or self.is_shown or (page is not None and self.tasks.running(page)):
            return
        self.tasks.owner_busy.disconnect(self._look_soon)
        self.is_shown = True
        self.shown.emit()
        if not self._closed:
            self._ask_around()

    def _ask_around(self) -> None:
        self._undecided = UndecidedCount(self.desk)
        self._relied_on = RelianceCount(self.desk)
        self._no_access = self.desk.no_access = NoAccessWatch(self.desk)
        self._ahead = AheadWatch(self.desk)
        self._sealing = SealWatch(self.desk)
        self._emergency = EmergencyWatch(self.desk)
        self._duty.watch.refresh()
        LockMinutes(self.desk, self.window.idle)
        self.desk.presence.start()
        self._inbox.start()
        if self._local is not None:
            self.desk.drafts.open(self._local)

    def _unlock(self, _user: str, password: str) -> bool:
        """The password again, at the lock; while the database is away, by what is kept on this computer."""
        try:
            fits = self.session.check_password(password)
        except DatabaseAway:
            fits = self.desk.drafts.opens_with(password)
            if not fits and self.desk.drafts.where != "disk":
                raise
        if not fits:
            raise SignInFailed
        return True

    def _change_password(self, present: str, new: str) -> None:
        """On a worker thread: on the server, then for what is kept on this computer. Raises what Session does."""
        self.session.change_password(present, new)
        self._keep_password(new)
        with suppress(CannotKeep):  # it opens with the former password then, and says so
            self.desk.drafts.change_password(new)

    def _people(self, words: str) -> list[Hit]:
        """People for the palette; on a worker thread."""
        from ui.people.words import found_line

        return [
            Hit(title, lambda key=row.id: self.desk.go.to("person", key), detail, "user")  # type: ignore[misc]
            for row in self.desk.services.people.find(words, limit=8)
            for title, detail in (found_line(row),)
        ]

    def close(self) -> None:
        """Stop everything that this desk runs."""
        self._closed = True
        self.desk.presence.stop()
        self._inbox.close()
        self.session.feed.stop()
        self.tasks.close()
        if not self.desk.away:
            with suppress(CoordinationError):  # its marks end by themselves all the same
                self.session.services.presence.leave(self.desk.presence.desk_id)
            self.session.sign_out()
        self.desk.drafts.close()
        self.session.close()
        self.window.deleteLater()


def _look(settings: QSettings) -> tuple[theme.Wish, float]:
    """Light or dark, and the size of the words; a settings file that says nonsense does not keep anybody out."""
    wish = settings.value("look/wish")
    try:
        scale = float(str(settings.value("look/scale", 1.0)))
    except ValueError:
        scale = 1.0
    return wish if wish in get_args(theme.Wish) else "system", scale if 0.5 <= scale <= 3 else 1.0


def _locality(settings: QSettings, own: str | None) -> str:
    """The locality this desk looked at last, or that of who signs in."""
    kept = settings.value("window/locality")
    if isinstance(kept, str) and kept in (ALL, *CENTRES.values()):
        return kept
    return CENTRES.get(own, ALL) if own else ALL


def first_page_of(session: Any) -> str:
    """Where somebody begins. It may ask the database."""
    return FIRST_PAGE.get(session.actor.role) or _board_of(session) or "queue"


def _board_of(session: Any) -> str | None:
    """A team lead begins on the board of the team."""
    actor = session.actor
    if actor.role != "team_lead" or actor.team_id is None:
        return None
    team = next((t for t in session.services.deployment.teams() if t.id == actor.team_id), None)
    return (
        {"district_nursing": "nursing", "equipment": "deliveries"}.get(team.service, "reablement")
        if team is not None
        else None
    )


class Desktop(QObject):
    """From start to end. ``on_usable`` is called when a window that can be worked in has been painted."""

    def __init__(
        self, opened: Opened, on_usable: Callable[[MainWindow], object] | None = None, sign_in_as: str | None = None
    ) -> None:
        super().__init__()
        self.opened, self.on_usable, self.sign_in_as = opened, on_usable, sign_in_as
        self.app = make_app()
        self.settings = settings_in(opened)
        theme.apply(self.app, *_look(self.settings))
        self.tasks = Tasks(on_error=self._unforeseen)
        self.refusals = Refusals(self.settings, opened.address)
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
        remembered.forget(self.opened.address, user)
        self.opened.wipe(user)
        if self.settings.value("signin/user") == user:
            self.settings.remove("signin/user")

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
                self.tasks, self._sign_in, trainees=known, keyring=self._keyring(), choose=self._choose,
                refusals=self.refusals,
            )  # fmt: skip
            window.signed_in.connect(self._signed_in)
            self.sign_in_window = window
        self.sign_in_window.show()

    def _keyring(self) -> Keyring:
        address = self.opened.address

        def read() -> tuple[str, str] | None:
            user = self.settings.value("signin/user")
            password = remembered.recall(address, str(user)) if user else None
            return (str(user), password) if user and password else None

        def keep(user: str, password: str) -> None:
            if remembered.remember(address, user, password):
                self.settings.setValue("signin/user", user)

        def forget() -> None:
            remembered.forget(address, str(self.settings.value("signin/user", "")))
            self.settings.remove("signin/user")

        return Keyring(read, keep, forget, remembered.can_remember)

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
