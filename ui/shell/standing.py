"""Whether one may still be here. The database ends sessions; the desk finds out why, and leaves."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from coordination.changes import RESYNC, SIGN_IN, Change
from coordination.errors import LoginDisabled, PasswordMustChange, SignInFailed
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
        desk.changes.batch.connect(self._changed)

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
        return True

    def _end(self, why: str, words: str) -> None:
        if not self._over:
            self._over = True
            self.over.emit(why, words if why == "disabled" else words + KEPT)
