"""One signed-in user at work: desk, window, and what runs behind them until they leave."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QObject, QSettings, QTimer, Signal

from coordination.clock import Clock
from coordination.errors import CoordinationError, DatabaseAway, SignInFailed
from coordination.local.model import CannotKeep
from coordination.local.store import LocalStore
from ui import window_ini
from ui.at_desk import Changes
from ui.desk import Desk
from ui.duty.present import DutyPresence
from ui.first_page import first_page_of
from ui.governance.emergency_watch import EmergencyWatch
from ui.governance.seal_watch import SealWatch
from ui.local.telling import Telling
from ui.messages.inbox_watch import InboxWatch
from ui.outcomes.watch import NoAccessWatch
from ui.pages import pages_for, pages_of_others
from ui.safeguarding.count import UndecidedCount
from ui.schema_watch import SchemaWatch
from ui.shell.lock_minutes import LockMinutes
from ui.shell.palette import Hit, Provider
from ui.shell.refusals import Refusals
from ui.shell.standing import StandingWatch
from ui.shell.trainees import trainees
from ui.shell.window import MainWindow
from ui.tasks import Tasks
from ui.trust.count import RelianceCount
from ui.workforce.ahead_watch import AheadWatch


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
        self.desk.locality.set(window_ini.locality(settings, actor.locality))
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
        LockMinutes(self.desk, self.window.desk_lock.idle)
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
