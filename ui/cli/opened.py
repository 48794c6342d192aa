"""What a command is given: the database, opened when first asked for, and somebody signed in."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from coordination.errors import NoPassword, SignInFailed
from coordination.training.users import TRAINING_USERS, training_password

if TYPE_CHECKING:
    from ui.root import Centre, Session

_STEPS = {
    "waiting": "Waiting for another start to finish …",
    "making": "Making the database (once) …",
    "starting": "Starting the database …",
    "joining": "Joining the running database …",
    "preparing_database": "Bringing the database up to date …",
    "waiting_for_desks": "Desks are at work; waiting for a moment to bring the database up to date …",
    "loading_city": "Loading the training city (once) …",
}


class Lines:
    """One calm line a step on standard error; results go to standard output. A long step counts on one line."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, step: str, done: int, total: int) -> None:
        if step != self._last:
            self._last = step
            print(_STEPS.get(step, step), file=sys.stderr, flush=True)
        elif total and sys.stderr.isatty():
            print(f"\r  {done * 100 // total} %  ", end="\n" if done >= total else "", file=sys.stderr, flush=True)


class Opened:
    """The database of this run. Nothing is opened before it is needed, so that ``--help`` and checks are instant."""

    def __init__(self, folder: Path, database: str | None, user: str | None) -> None:
        self.folder = folder
        self.database = database
        self.user = user
        self.centre: Centre | None = None
        self.tell: Callable[[str, int, int], object] = Lines()
        self._sessions: list[Session] = []

    def open(self, *, city: bool = True) -> Centre:
        """The embedded database of the data folder, or the shared one.

        A new embedded database gets the training city, unless ``city`` says that something else is to come.
        """
        from ui import root

        if self.centre is None:
            if self.database is None:
                self.centre = root.open_embedded(self.folder, say=self.say)
            else:
                self.user = self.user or root.user_in(self.database)
                self.centre = root.open_shared(self.database)
        if city:
            self.centre.see_to_city(lambda _what, done, total: self.tell("loading_city", done, total))
        return self.centre

    def say(self, step: str) -> None:
        """A step has begun."""
        self.tell(step, 0, 0)

    def sign_in(self, role: str) -> Session:
        """Whoever ``--user`` names; else, where one click signs in, the first training user of that role."""
        centre = self.open()
        user = self.user
        if user is None:
            if not centre.has_training_users():
                raise SignInFailed
            user = next(u.user_name for u in TRAINING_USERS if u.role == role)
        session = centre.sign_in(user, self.password_of(user))
        self._sessions.append(session)
        return session

    def password_of(self, user: str) -> str:
        """A training user's is known; anybody else's comes from the keyring or is asked for."""
        centre = self.open()
        if any(u.user_name == user for u in TRAINING_USERS) and centre.has_training_users():
            return training_password(user)
        from ui.remembered import recall

        remembered = recall(self.address, user)
        if remembered is not None:
            return remembered
        return asked(f"Password of {user}: ")

    def owner_password(self) -> str:
        """The owner's password: known for the embedded database, asked for where it is shared."""
        centre = self.open(city=False)
        if centre.embedded:
            return centre.owner_password()
        return asked("Password of the database's owner: ")

    def wipe(self, user: str) -> bool:
        """Do away with what is kept in the data folder for a user; False when something of it could not be removed."""
        from ui import root

        return self.centre is None or root.wipe_local(self.folder, self.centre, user)

    @property
    def address(self) -> str:
        """Under what the keyring keeps passwords for this database."""
        return self.database or str(self.folder)

    def close(self) -> None:
        """Sign everybody out and leave the database."""
        for session in self._sessions:
            session.sign_out()
            session.close()
        if self.centre is not None:
            self.centre.close()


def asked(prompt: str) -> str:
    """A password from whoever sits there, or from the script that runs this. Raises NoPassword."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise NoPassword
    return given
