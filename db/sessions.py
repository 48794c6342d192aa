"""Signing in, and what somebody who is signed in holds: services, the feed of changes, a way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from coordination.changes import ChangeFeed
from coordination.errors import CoordinationError, LoginDisabled, PasswordMustChange, SignInFailed
from coordination.governance.model import Standing
from coordination.local.store import LocalStore
from coordination.services import Services
from coordination.values import new_id
from coordination.work import Actor
from db import migrations, signing, sittings
from db.engine import SESSION, Where, connect, open_engine
from db.errors import domain_errors
from db.listen import PgChangeFeed
from db.pulse import Lines
from db.revision import stating
from db.stores.governance import signed_in, whoami
from db.work import beginner

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


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


def sign_in(
    address: Where, password: str, *, database: str, refused: int = 0,
    revive: Callable[[], object] | None = None,
) -> Session:  # fmt: skip
    """``address``: libpq words of the user, as they are at each connection; ``database``: which one it is, for what is
    kept on this computer; ``refused``: how often this computer was refused for that name before. Raises SignInFailed
    (LoginDisabled, PasswordMustChange), DatabaseAway, or SchemaDiffers when program and database do not match."""
    revision = migrations.head()

    def where() -> dict[str, Any]:
        return stating(address(), revision, SESSION)

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
    feed = PgChangeFeed(where, secret, revive, lines, revision=revision)
    services = Services(beginner(engine, actor))
    return Session(actor, services, feed, engine, where, secret, database, revision, began, this)
