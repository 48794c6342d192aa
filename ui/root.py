"""The composition root: the one place where screens, services and database meet.

Opens the embedded server or the shared one, brings an embedded database up to date, and signs people in.
Nothing here imports Qt, so that the commands without a window start quickly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from coordination.errors import BadValue, CoordinationError
from coordination.training.users import TRAINING_USERS, training_password
from db import address, logins, setup, signing
from db.data_folder import City, DataFolder
from db.embedded import EmbeddedServer
from db.embedded.errors import FolderUnusable
from db.engine import connect
from db.errors import domain_errors
from db.logins import NewUser
from db.sessions import Session, sign_in

OWNER = "centre_owner"
CITY_PEOPLE, CITY_SEED = 20_000, 7
Say = Callable[[str], None]


@dataclass
class Centre:
    """A database that answers: the embedded one of a data folder, or the shared one."""

    words: dict[str, Any]
    server: EmbeddedServer | None = None
    folder: Path | None = None

    @property
    def embedded(self) -> bool:
        return self.server is not None

    @property
    def identity(self) -> str:
        """Which database it is, as far as this computer can tell: the folder's own, or an address."""
        return "embedded" if self.embedded else ":".join(str(self.words.get(w, "")) for w in ("host", "port", "dbname"))

    def where(self, user: str) -> dict[str, Any]:
        """libpq words for a connection of ``user``, as they are now."""
        return self.server.dsn(user) if self.server is not None else {**self.words, "user": user}

    def sign_in(self, user: str, password: str, refused: int = 0) -> Session:
        """``refused``: how often this computer was refused for that name before. Raises SignInFailed (LoginDisabled,
        PasswordMustChange), DatabaseAway, or SchemaDiffers when program and database do not match."""
        revive = self.server.revive if self.server is not None else None
        return sign_in(lambda: self.where(user), password, database=self.identity, refused=refused, revive=revive)

    def choose_password(self, user: str, present: str, new: str) -> None:
        """In the place of one that somebody else gave. Raises BadValue('present', …), LoginDisabled, DatabaseAway."""
        signing.change_password(self.where(user), user, present, new)

    def has_training_users(self) -> bool:
        """Whether one click signs in here: only ever true where the city is invented."""
        user = TRAINING_USERS[0].user_name
        try:
            connect(self.where(user), training_password(user)).close()
        except CoordinationError:
            return False
        return True

    def owner_password(self) -> str:
        """The owner's password of the embedded server. Raises embedded.OwnerUnknown; BadValue for a shared one."""
        if self.server is None:
            raise BadValue("database", "owner_of_shared_database_not_here")
        return self.server.owner_password()

    def migrate(self, password: str | None = None, say: Say = lambda _: None) -> None:
        """Bring schema and reference data up to date, as the owner."""
        say("preparing_database")
        owner = password if password is not None else self.owner_password()
        setup.prepare_database(self.where(OWNER), owner, say)
        if self.folder is not None:
            DataFolder(self.folder).make_inbox()
            setup.watch_own_folder(self.where(OWNER), owner)

    def load_training(
        self,
        people: int,
        seed: int,
        *,
        password: str | None = None,
        progress: Callable[[str, int, int], None] = lambda *_: None,
        cancelled: Callable[[], bool] = lambda: False,
        replace: bool = False,
    ) -> Any:
        """Fill an empty database with the invented city. Raises Refused where people live already."""
        owner = password if password is not None else self.owner_password()
        from db import training  # with the makers of the city: not for a start that loads none

        summary = training.load(
            self.where(OWNER), owner, people=people, seed=seed, progress=progress, cancelled=cancelled, replace=replace
        )
        self.mark_city("loaded")
        return summary

    def see_to_city(self, progress: Callable[[str, int, int], None]) -> None:
        """A new embedded database is for training until somebody makes it another: load the city, once.

        What was interrupted is begun again. Raises what ``load_training`` raises.
        """
        if self.folder is None:
            return
        folder = DataFolder(self.folder)
        with folder.one_at_a_time():
            if folder.wants_city():
                self.load_training(CITY_PEOPLE, CITY_SEED, progress=progress)

    def mark_city(self, state: City) -> None:
        """Remember whether this data folder is for training."""
        if self.folder is not None:
            DataFolder(self.folder).mark_city(state)

    def close(self) -> None:
        """Leave; the last one out stops an embedded server."""
        if self.server is not None:
            self.server.close()


def open_embedded(folder: Path, say: Say = lambda _: None) -> Centre:
    """The embedded database of a data folder, started or joined, with the schema that this program expects."""
    server = EmbeddedServer.open(folder, say=say)
    centre, kept = Centre({}, server, folder), DataFolder(folder)
    try:
        with kept.one_at_a_time():
            if kept.is_restoring():
                raise FolderUnusable(folder, "restore_unfinished")
            if server.is_new:
                kept.mark_city("wanted")
            if not kept.is_prepared():
                centre.migrate(say=say)
                kept.mark_prepared()
    except BaseException:
        server.close()
        raise
    return centre


def open_shared(url: str) -> Centre:
    """The shared database at a ``postgresql://`` address without a password: over verified TLS, whatever address or
    environment say (``db.address``). Raises BadValue('database', …) for an address that cannot be."""
    words = address.shared_words(url)
    address.forget_environment()
    return Centre(words)


def user_in(url: str) -> str | None:
    """The user name that an address carries, if any."""
    try:
        user = conninfo_to_dict(url).get("user")
    except Exception:
        return None
    return str(user) if user else None


def add_user(session: Session, user: NewUser) -> None:
    """A new login and account, by an administrator. Only the verifier of the password reaches the server."""
    with session.raw() as connection:
        logins.create(connection, user)


def add_user_as_owner(centre: Centre, owner_password: str, user: NewUser) -> None:
    """The first administrator of a database, by its owner."""
    with domain_errors(), connect(centre.where(OWNER), owner_password) as connection:
        logins.create(connection, user)
    centre.mark_city("none")


def give_password_as_owner(centre: Centre, owner_password: str, user: str, password: str) -> None:
    """To somebody whom no administrator can help: the only administrator, or all after a restore without passwords.
    It must be changed when it is first used. Raises NotFound."""
    with domain_errors(), connect(centre.where(OWNER), owner_password) as connection:
        logins.give_password(connection, user, password)


def take_backup(centre: Centre, owner_password: str, file: Path, passphrase: str) -> Any:
    """Everything in the database, encrypted; see ``db.backup.take``."""
    from db import backup

    return backup.take(centre.where(OWNER), owner_password, file, passphrase)


def prove_backup(file: Path, passphrase: str) -> Any:
    """Into a server that lives for this alone, to compare; see ``db.backup.prove``."""
    from db import backup

    return backup.prove(file, passphrase)


def restore_backup(file: Path, passphrase: str, folder: Path) -> Any:
    """Into the embedded server of a data folder that has none yet; see ``db.backup.restore_into``."""
    from db import backup

    return backup.restore_into(file, passphrase, folder)


def restore_shared(file: Path, passphrase: str, centre: Centre, owner_password: str) -> Any:
    """Into an empty database of a shared server; see ``db.backup.restore``."""
    from db import backup

    return backup.restore(file, passphrase, centre.where(OWNER), owner_password)


def prepare_server(
    centre: Centre, superuser: str, desks: int, administrator: tuple[str, str] | None, ask: Any, say: Say,
    *, look_only: bool,
) -> Any:  # fmt: skip
    """A shared server made ready, and what is found of it, one after the other; see ``db.shared_prepare.prepare``."""
    from db import shared_prepare

    return shared_prepare.prepare(
        centre.where, shared_prepare.Wishes(superuser, desks, administrator, look_only), ask, say
    )


def sign_in_guard(data: Path, limits: Any = None) -> Any:
    """Who guards the sign-ins of the server whose data folder that is; see ``db.lock_out.Guard``."""
    from coordination.clock import SystemClock
    from db.lock_out import Guard

    return Guard(data, SystemClock(), limits)


def wipe_local(folder: Path, centre: Centre, user: str) -> bool:
    """Do away with all that is kept in a data folder for a user of this database who is no more to sign in. False when
    something of it could not be removed. What the keyring has is ``ui.remembered.forget``'s."""
    from db import local

    return local.wipe(local.place_of(folder, centre.identity, user))


def apply_import(connection: Any, register: Any, file_name: str, content: bytes, *, part: bool = False) -> Any:
    """A register into the database; see ``db.reference.apply_import``."""
    from db import reference

    return reference.apply_import(connection, register, file_name, content, part=part)


__all__ = [
    "OWNER",
    "Centre",
    "NewUser",
    "Session",
    "add_user",
    "add_user_as_owner",
    "apply_import",
    "give_password_as_owner",
    "open_embedded",
    "open_shared",
    "prepare_server",
    "prove_backup",
    "restore_backup",
    "restore_shared",
    "sign_in_guard",
    "take_backup",
    "user_in",
    "wipe_local",
]
