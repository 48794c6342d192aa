"""A desk is locked by hand or after some idle minutes: everything of it is covered, and comes back as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.desk import Desk
from ui.shell.covering import Cover, Place
from ui.shell.idle import WARN_SECONDS, IdleWatch
from ui.shell.lock import LockScreen
from ui.shell.refusals import Refusals
from ui.shell.signin import Trainee

SOON = f"Nobody has touched this desk for a while: it locks in {WARN_SECONDS} seconds. Any key keeps it open."


class DeskLock(QObject):
    """``body`` of ``window`` is hidden; ``keep``: windows that may be seen all the same; ``busy``: somebody is on a
    call. Without a way to ``unlock`` nothing is ever locked."""

    about_to_lock = Signal()
    """what lies over the body is to close"""
    unlocked = Signal()
    left = Signal()
    """at the lock, somebody else wants to sign in; what was typed is kept, or they know that it is not"""

    def __init__(
        self, window: QWidget, body: QWidget, desk: Desk, unlock: Callable[[str, str], Any] | None, *,
        trainee: Trainee | None, refusals: Refusals | None, minutes: float, keep: Callable[[QWidget], bool],
        busy: Callable[[], bool],
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._window, self._body, self._desk = window, body, desk
        self._place: Place | None = None
        self._cover = Cover(keep, self)
        self.screen: LockScreen | None = None
        if unlock is not None:
            self.screen = LockScreen(window, desk, unlock, trainee, self.somebody_else, refusals)
            self.screen.opened_again.connect(self._open)
        self.idle = IdleWatch(minutes if unlock is not None else 0, self, busy)
        self.idle.idle.connect(self.lock)
        self.idle.soon.connect(lambda: desk.notices.say(SOON))
        self.idle.stirred.connect(lambda: desk.notices.withdraw(SOON))

    @property
    def can_lock(self) -> bool:
        return self.screen is not None

    @property
    def is_locked(self) -> bool:
        return self.screen is not None and self.screen.isVisible()

    def watch(self, window: QWidget) -> None:
        """A key or a touch in this window, which is shown, is a sign of life."""
        handle = window.windowHandle()
        if handle is not None:
            self.idle.watch(handle)

    def lock(self) -> None:
        """Hide everything until the password is given again."""
        if self.screen is None or self.is_locked:
            return
        self._desk.notices.withdraw(SOON)
        self._desk.drafts.flush()
        self.about_to_lock.emit()
        self._place = Place()
        self._body.hide()
        self._window.setWindowTitle("Locked – Co-ordination Centre")
        self.screen.open()
        self._cover.close()

    def _open(self) -> None:
        self._body.show()
        self.unlocked.emit()
        self._cover.open()
        if self._place is not None:
            self._place.go_back()
        self.idle.touch()

    def somebody_else(self) -> None:
        """At the lock. What was typed is kept for whoever typed it; where it can't be kept, that is said first."""
        foot, screen = self._desk.foot, self.screen
        is_lost = bool(foot.drafts or foot.outbox) and self._desk.drafts.where != "disk"
        if is_lost and screen is not None and not screen.told:
            screen.tell("Something typed here cannot be kept on this computer and would be lost. Unlock to save it, or "
                        "press the button once more.")  # fmt: skip
            return
        self.left.emit()

    def let_go(self) -> None:
        """Nothing that was covered comes back: the window closes."""
        self._cover.let_go()

    def end(self) -> None:
        """The session is over: nothing comes back, and nothing is locked any more."""
        self.idle.set_minutes(0)
        self.let_go()
