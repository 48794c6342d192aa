"""Real databases for tests: one embedded server a test process, one cloned database a test.

``centre_db`` gives a fresh migrated and seeded database with one active user a role (two for the roles that race).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import pytest
from psycopg import sql
from sqlalchemy import Engine, text

from coordination.services import Services
from coordination.work import Actor, Begin
from db.embedded import EmbeddedServer
from db.engine import SESSION, connect, open_engine, verifier
from db.migrations import head
from db.revision import stating
from db.setup import owner_engine, prepare_database
from db.stores.governance import whoami
from db.work import beginner
from tests.made_once import copy_tree, made_once

USERS = {
    # user name: (display name, role, locality, team)
    "cora.coordinator": ("Cora Example", "care_coordinator", "north", None),
    "cole.coordinator": ("Cole Example", "care_coordinator", "central", None),
    "pia.placement": ("Pia Example", "placement_coordinator", "north", None),
    "pip.placement": ("Pip Example", "placement_coordinator", "south", None),
    "tess.lead": ("Tess Example", "team_lead", "north", "North reablement test team"),
    "theo.lead": ("Theo Example", "team_lead", "north", "North reablement test team"),
    "dina.lead": ("Dina Example", "team_lead", "north", "North district nursing test team"),
    "asa.assessor": ("Asa Example", "trusted_assessor", "north", None),
    "max.manager": ("Max Example", "manager", None, None),
    "ida.governance": ("Ida Example", "ig_lead", None, None),
    "ada.admin": ("Ada Example", "administrator", None, None),
}
TEAMS = {"North reablement test team": "reablement", "North district nursing test team": "district_nursing"}
MEMORY = Path("/dev/shm")
OURS = "centre tests "
ROOM = 2 * 1024**3  # bytes: a server, its template and the databases of a few tests


def password_of(user: str) -> str:
    return f"test password of {user}"


@dataclass
class SignedIn:
    """One desk: a login of its own with its own pool."""

    engine: Engine
    actor: Actor
    begin: Begin
    services: Services


@dataclass
class CentreDb:
    """A database of one test. ``where(user)`` are libpq words for a connection of one's own."""

    server: EmbeddedServer
    name: str
    owner_password: str
    owner: Engine
    _desks: list[Engine] = field(default_factory=list)

    def where(self, user: str) -> dict[str, Any]:
        return {**self.server.dsn(user), "dbname": self.name}

    def sign_in(self, user: str) -> SignedIn:
        revision = head()
        engine = open_engine(lambda: stating(self.where(user), revision, SESSION), password_of(user), revision=revision)
        self._desks.append(engine)
        with engine.begin() as connection:
            actor = whoami(connection)
        begin = beginner(engine, actor)
        return SignedIn(engine, actor, begin, Services(begin))

    def psql(self, user: str) -> Any:
        """A plain connection of that user, as somebody with psql would have it. The caller closes it."""
        return connect(self.where(user), password_of(user), autocommit=True)

    def close(self) -> None:
        for engine in [*self._desks, self.owner]:
            engine.dispose()


@dataclass
class Cluster:
    server: EmbeddedServer
    password: str
    made: int = 0
    _admin: Any = None
    _dropping: Any = None
    _goes: str = ""

    def _connection(self) -> Any:
        return connect({**self.server.dsn("centre_owner"), "dbname": "postgres"}, self.password, autocommit=True)

    def admin(self, statement: str) -> None:
        """Over one connection for all of them: a test would open three, and each costs ten milliseconds."""
        if self._admin is None:
            self._admin = self._connection()
        self._admin.execute(statement)

    def clone(self) -> CentreDb:
        """A copy of the prepared database: its files, which is cheapest where nothing waits for the disk."""
        self.made += 1
        name = f"test_{self.made}"
        self.admin(f"create database {name} template {self.server.database} strategy file_copy")
        self.admin(f"revoke all on database {name} from public")  # as the migration does: a clone has grants of its own
        self.admin(f"grant connect on database {name} to centre_user")
        owner = owner_engine({**self.server.dsn("centre_owner"), "dbname": name}, self.password)
        return CentreDb(self.server, name, self.password, owner)

    def drop(self, database: CentreDb) -> None:
        """Sent and not waited for: the next test need not stand behind the server's checkpoint."""
        database.close()
        if self._dropping is None:
            self._dropping = self._connection()
        self._dropped()
        self._goes = database.name
        self._dropping.pgconn.send_query(f"drop database {database.name} with (force)".encode())
        self._dropping.pgconn.flush()

    def _dropped(self) -> None:
        """Wait for the drop under way, if there is one. On a busy machine sessions that are told to go may take longer
        than the server waits for them: then again."""
        while (result := self._dropping.pgconn.get_result()) is not None:
            if result.error_message:
                self.admin(f"drop database if exists {self._goes} with (force)")

    def close(self) -> None:
        if self._dropping is not None:
            self._dropped()
            self._dropping.close()
        if self._admin is not None:
            self._admin.close()
        self.server.close()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """An embedded server of this test process, its database ``centre`` prepared as a template."""
    prepared = made_once(tmp_path_factory, "a prepared server", _prepare)
    with _in_memory() as memory:
        folder = memory or tmp_path_factory.mktemp("embedded server")
        copy_tree(prepared, folder)
        yield from _serve(folder)


@contextmanager
def _in_memory() -> Iterator[Path | None]:
    """A folder in a file system of memory, where a database is copied in a tenth of the time; None without one."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        yield None
        return
    _sweep()
    with TemporaryDirectory(prefix=f"{OURS}{os.getpid()} ", dir=MEMORY, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _sweep() -> None:
    """Take away what runs left that were killed: memory is not given back by itself."""
    for left in MEMORY.glob(f"{OURS}*"):
        process = left.name.removeprefix(OURS).partition(" ")[0]
        if process.isdigit() and not psutil.pid_exists(int(process)):
            shutil.rmtree(left, ignore_errors=True)


def _prepare(folder: Path) -> None:
    with EmbeddedServer.open(folder) as server:
        password = server.owner_password()
        where = server.dsn("centre_owner")
        prepare_database(where, password)
        engine = owner_engine(where, password)
        with engine.begin() as connection:
            _people_of_the_tests(connection)
        engine.dispose()
        # What a test commits need not outlive the machine; tests of crashes have servers of their own.
        with connect(where, password, autocommit=True) as connection:
            connection.execute("alter role all set synchronous_commit = off")
            # What the migrations left behind would be copied for each test.
            connection.execute("vacuum (full, analyze)")
            _ease(connection, {user: password_of(user) for user in USERS})


def _ease(connection: Any, passwords: dict[str, str]) -> None:
    """A client goes through all the iterations of a password at each sign-in, and here are thousands of them."""
    connection.execute("set scram_iterations = 1")
    for user, password in passwords.items():
        easy = verifier(connection, user, password)
        connection.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(user), easy))


def _serve(folder: Path) -> Iterator[Cluster]:
    server = EmbeddedServer.open(folder)
    made = Cluster(server, server.owner_password())
    with connect(server.dsn("centre_owner"), made.password, autocommit=True) as connection:
        _ease(connection, {"centre_owner": made.password})
    yield made
    made.close()


def _people_of_the_tests(connection: Any) -> None:
    for name, service in TEAMS.items():
        connection.execute(
            text("insert into team (name, service, locality) values (:name, :service, 'north')"),
            {"name": name, "service": service},
        )
    driver = connection.connection.driver_connection
    for user, (display, role, locality, team) in USERS.items():
        connection.execute(
            text("select create_login(:u, :v, :d, :r, :l, (select id from team where name = :t))"),
            {
                "u": user,
                "v": verifier(driver, user, password_of(user)),
                "d": display,
                "r": role,
                "l": locality,
                "t": team,
            },
        )
    connection.execute(
        text(
            "with agreed as (insert into trust_agreement (id, name, assessing, receiving, services, forms, if_flawed,"
            " contact, starts_on, review_on) values (uuidv7(), 'Test agreement', 'North Manchester General',"
            " 'Manchester', '{*}', '{*}', 'It is corrected.', 'max.manager', current_date - 30, current_date + 365)"
            " returning id)"
            " insert into recognised_assessor (user_name, agreement_id, organisation, valid) select 'asa.assessor', id,"
            " 'North Manchester General', daterange(current_date - 30, current_date + 365) from agreed"
        )
    )


@pytest.fixture
def centre_db(cluster: Cluster) -> Iterator[CentreDb]:
    """A database of this test's own: migrated, seeded, with the users above, and no people."""
    database = cluster.clone()
    yield database
    cluster.drop(database)
