"""Who signed in last here and asked to be remembered: the name in the settings, the password in the keyring."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from ui import remembered
from ui.shell.signin import Keyring

_USER = "signin/user"


class RememberedUser:
    """One a computer and database. ``address``: of the database."""

    def __init__(self, settings: QSettings, address: str) -> None:
        self._settings, self._address = settings, address

    def keyring(self) -> Keyring:
        """As the sign-in window asks for it."""
        return Keyring(self._read, self._keep, self._forget_last, remembered.can_remember)

    def forget(self, user: str) -> None:
        """Nothing of this user, whoever signed in last."""
        remembered.forget(self._address, user)
        if self._settings.value(_USER) == user:
            self._settings.remove(_USER)

    def _read(self) -> tuple[str, str] | None:
        user = self._settings.value(_USER)
        password = remembered.recall(self._address, str(user)) if user else None
        return (str(user), password) if user and password else None

    def _keep(self, user: str, password: str) -> None:
        if remembered.remember(self._address, user, password):
            self._settings.setValue(_USER, user)

    def _forget_last(self) -> None:
        remembered.forget(self._address, str(self._settings.value(_USER, "")))
        self._settings.remove(_USER)
