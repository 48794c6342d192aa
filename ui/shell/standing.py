"""Whether one may still be here. The database ends sessions; the desk finds out why, and leaves."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from coordination.changes import RESYNC, SIGN_IN, Change
from coordination.errors import LockedOut, LoginDisabled, PasswordMustChange, SignInFailed
from coordination.governance.model import Standing
from ui.desk import Desk

BY = {
    "signed_out": "You were signed out everywhere by {by}.",
    "disabled": "This login was switched off by {by}. What was kept on this computer for it has been done away with.",
    "password_reset": "Your password was reset by {by}. Sign in with the one that you were given.",
    "password_changed": "Your password was changed at another desk. Sign in with the new one.",
    "role_changed": "Your role was changed by {by}. Sign in again.",
}
NOT_FITTING = "Your password was changed. Sign in with the new one, or ask an administrator."
LOCKED_OUT = (
    "Too many wrong passwords were tried for your user name from this computer or its network, so the server does not "
    "let you in from here for a while, usually 15 minutes. What you type is kept on this computer, and goes when the "
    "server lets you in again. If the wrong passwords were not yours, tell an administrator."
)
KEPT = " What you typed is kept on this computer, encrypted, for your next sign-in."


class Sitting(Protocol):
    """What is asked of a session."""

    began: datetime

    def standing(self) -> Standing: ...


class StandingWatch(QObject):
    """Looks when the line comes or goes, and when the account is said to have changed; never by the clock."""

    over = Signal(str, str)
    """the reason, and the words for it"""

    def __init__(self, desk: Desk, sitting: Sitting) -> None:
        super().__init__(desk.changes)
        self._desk, self._sitting, self._over = desk, sitting, False
        self._shut = False
        desk.changes.batch.connect(self._changed)
        desk.foot.changed.connect(self._line_changed)

    def _changed(self, changes: frozenset[Change]) -> None:
        asked_by = {Change("governance", self._desk.actor.user_name), Change(SIGN_IN, ""), RESYNC}
        if asked_by & changes:
            self.look()

    def look(self) -> None:
        """Ask the database; away from it nothing is found out."""
        if not self._over:
            self._desk.tasks.run(self, self._sitting.standing, self._found, self._failed, latest="standing")

    def _found(self, standing: Standing) -> None:
        if standing.is_over(self._sitting.began):
            why = "disabled" if standing.state == "disabled" else standing.ended_why or "signed_out"
            self._end(why, BY[why].format(by=standing.ended_by or "an administrator"))

    def _failed(self, error: Exception) -> bool:
        if isinstance(error, SignInFailed) and not isinstance(error, LoginDisabled | PasswordMustChange):
            self._end("password_changed", NOT_FITTING)
        if isinstance(error, LockedOut) and not self._shut and not self._is_up():
            self._shut = True
            self._desk.foot.set_away_words("Locked out for now")
            self._desk.notices.warn(LOCKED_OUT)
        return True

    def _line_changed(self) -> None:
        """The line is up again only where this login is let in again."""
        if self._shut and self._is_up():
            self._shut = False
            self._desk.foot.set_away_words("")
            self._desk.notices.withdraw(LOCKED_OUT)

    def _is_up(self) -> bool:
        line = self._desk.foot.connection
        return line is not None and line.up

    def _end(self, why: str, words: str) -> None:
        if not self._over:
            self._over = True
            self.over.emit(why, words if why == "disabled" else words + KEPT)
