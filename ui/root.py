"""The composition root: the one place where screens, services and database meet.

Opens the embedded server or the shared one, brings an embedded database up to date, and signs people in.
Nothing here imports Qt, so that the commands without a window start quickly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal
from uuid import UUID

from filelock import FileLock
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Engine

import resources
from coordination.changes import ChangeFeed
from coordination.errors import (
    BadValue,
    CoordinationError,
    LoginDisabled,
    NotFound,
    PasswordMustChange,
    Refused,
    SignInFailed,
    obstacle,
)
from coordination.governance.model import Standing
from coordination.local.store import LocalStore
from coordination.messages.inbox import DEFAULT_FOLDER
from coordination.services import Services
from coordination.training.users import TRAINING_USERS, training_password
from coordination.values import new_id
from coordination.work import Actor
from db import address, migrations, setup, signing, sittings
from db.embedded import EmbeddedServer
from db.engine import SESSION, Where, connect, open_engine, verifier
from db.errors import domain_errors
from db.listen import PgChangeFeed
from db.pulse import Lines
from db.revision import stating
from db.stores.governance import signed_in, whoami
from db.work import beginner

OWNER = "centre_owner"
CITY_PEOPLE, CITY_SEED = 20_000, 7
RESOURCES = Path(resources.__file__).parent
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
Say = Callable[[str], None]


@dataclass
class Session:
    """One signed-in user: services, the feed of changes, and a way out."""

    actor: Actor
    services: Services
    feed: ChangeFeed
    _engine: Engine = field(repr=False)
    _where: Where = field(repr=False)
    _secret: signing.Secret = field(repr=False)
    _database: str = field(repr=False, default="embedded")
    revision: str = ""
    """of the schema that this program was written for"""
    began: datetime = _LONG_AGO
    """by the server's clock: sessions that began before the database ended them are over"""
    sitting: UUID | None = None
    """its name on the audit trail"""

    def local_store(
        self, folder: Path, read_key: Callable[[], bytes | None], keep_key: Callable[[bytes], bool] | None
    ) -> LocalStore:
        """What is kept on this computer, in a data folder, for this user of this database. The two calls are ways to
        the operating system's keyring. Takes about half a second. Raises CannotKeep."""
        from db import local

        place = local.place_of(folder, self._database, self.actor.user_name)
        return local.EncryptedStore(place, self._secret(), local.Vault(read_key, keep_key))

    def sign_out(self) -> None:
        """R4: the sitting has ended, for the audit trail. It never raises."""
        if self.sitting is not None:
            sittings.end(self._engine, self.sitting)

    def close(self) -> None:
        """Stop the feed and drop every connection."""
        self.feed.stop()
        self._engine.dispose()

    def check_password(self, password: str) -> bool:
        """For the lock screen: whether this is the password of the one who is signed in. One that was changed on
        another desk is taken over. Raises LoginDisabled, PasswordMustChange, DatabaseAway."""
        try:
            signing.try_password(self._where(), password)
        except (LoginDisabled, PasswordMustChange):
            raise
        except SignInFailed:
            return False
        self._secret.replace(password)
        return True

    def standing(self) -> Standing:
        """How the login stands now. Raises SignInFailed when the password does not fit any more, DatabaseAway."""
        return signing.standing(self._where(), self._secret)

    def change_password(self, present: str, new: str) -> None:
        """One's own; other desks are signed out, this one goes on. Raises BadValue('present', …), DatabaseAway."""
        self.began = signing.change_password(self._where(), self.actor.user_name, present, new)
        self._secret.replace(new)

    @contextmanager
    def raw(self) -> Iterator[Any]:
        """A plain connection of this login, for administration in bulk. Commits on a clean exit."""
        with domain_errors(), connect(self._where(), self._secret) as connection:
            yield connection


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

        revision = migrations.head()

        def where() -> dict[str, Any]:
            return stating(self.where(user), revision, SESSION)

        lines, secret, this = Lines(), signing.Secret(password), new_id()
        engine = open_engine(where, secret, revive, lines, revision=revision)
        try:
            with domain_errors(), engine.begin() as connection:
                began = signing.refuse_unless_good(connection).at
                actor = whoami(connection)
                signed_in(connection, refused)
                sittings.begin(connection, this)
        except CoordinationError:
            engine.dispose()
            raise
        begin = beginner(engine, actor)
        feed = PgChangeFeed(where, secret, revive, lines, revision=revision)
        return Session(actor, Services(begin), feed, engine, where, secret, self.identity, revision, began, this)

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
            inbox = self.folder / DEFAULT_FOLDER
            inbox.mkdir(mode=0o700, exist_ok=True)
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
        if self.folder is None or self._city_file is None:
            return
        with _one_at_a_time(self.folder):
            if self._city_file.exists() and self._city_file.read_text("ascii") == "wanted":
                self.load_training(CITY_PEOPLE, CITY_SEED, progress=progress)

    def mark_city(self, state: Literal["wanted", "loaded", "none"]) -> None:
        """Remember whether this data folder is for training."""
        if self._city_file is not None:
            self._city_file.write_text(state, encoding="ascii")

    @property
    def _city_file(self) -> Path | None:
        return None if self.folder is None else self.folder / "training-city"

    def close(self) -> None:
        """Leave; the last one out stops an embedded server."""
        if self.server is not None:
            self.server.close()


def open_embedded(folder: Path, say: Say = lambda _: None) -> Centre:
    """The embedded database of a data folder, started or joined, with the schema that this program expects."""
    server = EmbeddedServer.open(folder, say=say)
    centre = Centre({}, server, folder)
    try:
        with _one_at_a_time(folder):
            if server.is_new:
                centre.mark_city("wanted")
            stamp = folder / "prepared-for"
            wanted = _expected()
            if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
                centre.migrate(say=say)
                stamp.write_text(wanted, encoding="ascii")
    except BaseException:
        server.close()
        raise
    return centre


def _one_at_a_time(folder: Path) -> FileLock:
    """Two desks that open one new data folder: the second waits until the first has prepared it."""
    return FileLock(folder / "prepare.lock", timeout=600)


def _expected() -> str:
    """What a prepared database holds: the revision, and the reference data and forms as they stand in the files.

    Kept beside the cluster, because asking the database needs a login and none is kept on disk.
    """
    content = hashlib.sha256()
    for file in sorted((*(RESOURCES / "reference").glob("*.toml"), *(RESOURCES / "forms").glob("*.toml"))):
        content.update(file.name.encode() + b"\0" + file.read_bytes())
    return f"{migrations.head()} {content.hexdigest()}"


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


@dataclass(frozen=True)
class NewUser:
    """A login to be made, with its first password."""

    user_name: str
    display_name: str
    role: str
    locality: str | None
    password: str = field(repr=False)


def add_user(session: Session, user: NewUser) -> None:
    """A new login and account, by an administrator. Only the verifier of the password reaches the server."""
    with session.raw() as connection:
        _create_login(connection, user)


def add_user_as_owner(centre: Centre, owner_password: str, user: NewUser) -> None:
    """The first administrator of a database, by its owner."""
    with domain_errors(), connect(centre.where(OWNER), owner_password) as connection:
        _create_login(connection, user)
    centre.mark_city("none")


def give_password_as_owner(centre: Centre, owner_password: str, user: str, password: str) -> None:
    """To somebody whom no administrator can help: the only administrator, or all after a restore without passwords.
    It must be changed when it is first used. Raises NotFound."""
    with domain_errors(), connect(centre.where(OWNER), owner_password) as connection:
        if connection.execute("select 1 from user_account where user_name = %s", (user,)).fetchone() is None:
            raise NotFound("user", user)
        secret = verifier(connection, user, password)
        connection.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(user), sql.Literal(secret)))
        connection.execute(
            "update user_sign_in set password_temporary = true, password_set_at = now() where user_name = %s", (user,)
        )


def _create_login(connection: Any, user: NewUser) -> None:
    connection.execute(
        "select create_login(%s, %s, %s, %s, %s, null)",
        (
            user.user_name, verifier(connection, user.user_name, user.password), user.display_name, user.role,
            user.locality,
        ),
    )  # fmt: skip


def take_backup(centre: Centre, owner_password: str, file: Path, passphrase: str) -> Any:
    """Everything in the database, encrypted; see ``db.backup.take``."""
    from db import backup

    return backup.take(centre.where(OWNER), owner_password, file, passphrase)


def prove_backup(file: Path, passphrase: str) -> Any:
    """Restore into a server that lives for this alone, and compare. Raises what ``db.backup.restore`` raises."""
    with TemporaryDirectory(prefix="centre backup ", ignore_cleanup_errors=True) as folder:
        return restore_backup(file, passphrase, Path(folder) / "proof")


def restore_backup(file: Path, passphrase: str, folder: Path) -> Any:
    """Into the embedded server of a data folder that has none yet. Raises Refused where it has."""
    from db import backup

    backup.read_manifest(file, passphrase)  # what does not open makes no folder
    server = EmbeddedServer.open(folder)
    try:
        if not server.is_new:
            raise Refused("restore", (obstacle("database_not_empty"),))
        Centre({}, server, folder).mark_city("none")
        password = server.owner_password()
        return backup.restore(file, passphrase, server.dsn(OWNER), password)
    finally:
        server.close()


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
    "take_backup",
    "user_in",
    "wipe_local",
]
