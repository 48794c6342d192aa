"""The schema goes down and up while desks save: nothing is lost, nothing is there twice, and no program of another
revision writes anything."""

from __future__ import annotations

import queue
import threading
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import text

from coordination.changes import SCHEMA, Change
from coordination.errors import TooBusy
from coordination.intake.model import ContactDraft, NoAction
from coordination.local.outbox import Held, Outbox, OutboxItem, Waits
from coordination.values import ContactId, new_id
from db import migrations
from db.engine import SESSION, connect
from db.listen import PgChangeFeed
from db.revision import SchemaDiffers, stating
from db.setup import prepare_database
from tests.database import CentreDb, password_of

CORA, COLE = "cora.coordinator", "cole.coordinator"
OWNER = "centre_owner"
DOWN_TO = "0043"


def down(db: CentreDb, to: str = DOWN_TO) -> None:
    with db.owner.begin() as connection:
        migrations.downgrade(connection, to)


def up(db: CentreDb, tries: int = 60) -> None:
    prepare_database(db.where(OWNER), db.owner_password, tries=tries)


class SavingDesk(threading.Thread):
    """Takes contacts through its outbox, one after the other, until it is told to stop; each goes until it is there."""

    def __init__(self, db: CentreDb, user: str) -> None:
        super().__init__(daemon=True)
        self.services = db.sign_in(user).services
        self.over, self.rest = threading.Event(), threading.Event()
        self.sent: list[str] = []
        self.refused: list[Held] = []
        self.waited_for: set[type[Exception]] = set()

    def run(self) -> None:
        outbox = Outbox(lambda _steps: None, self.services.intake.take_contact, lambda: datetime.now(UTC))
        while not self.over.is_set():
            made = ContactId(new_id())
            item = OutboxItem(made, ContactDraft(need=f"{made}"), NoAction("Wrong number"), datetime.now(UTC))
            while isinstance(outcome := outbox.send(item), Waits):
                self.waited_for.add(type(outcome.error))
                self.rest.wait(0.02)
            if isinstance(outcome, Held):
                self.refused.append(outcome)
                return
            self.sent.append(str(made))


def test_migrations_go_down_and_up_while_desks_save(centre_db: CentreDb) -> None:
    desks = [SavingDesk(centre_db, user) for user in (CORA, COLE)]
    told: queue.Queue[Change] = queue.Queue()
    states: queue.Queue[bool] = queue.Queue()
    feed = PgChangeFeed(
        lambda: centre_db.where(CORA), password_of(CORA), beat=0.2, patience=10, revision=migrations.head()
    )
    feed.start(told.put, states.put)
    assert states.get(timeout=30)
    for desk in desks:
        desk.start()
    waits_for(lambda: all(len(desk.sent) > 2 for desk in desks))
    down(centre_db)
    waits_for(lambda: all(SchemaDiffers in desk.waited_for for desk in desks))
    before = [len(desk.sent) for desk in desks]
    with centre_db.owner.connect() as owner:
        there = owner.execute(text("select count(*) from contact")).scalar_one()
        assert there == sum(before), "nobody writes to a schema that is not theirs"
    up(centre_db)
    waits_for(lambda: all(len(desk.sent) > was + 2 for desk, was in zip(desks, before, strict=True)))
    for desk in desks:
        desk.over.set()
    for desk in desks:
        desk.join(60)
        assert desk.refused == []
    with centre_db.owner.connect() as owner:
        stored = list(owner.execute(text("select need from contact")).scalars())
    assert sorted(stored) == sorted([*desks[0].sent, *desks[1].sent])
    heard = [told.get(timeout=30)]
    while heard[-1] != Change(SCHEMA, migrations.head()):
        heard.append(told.get(timeout=30))
    assert Change(SCHEMA, DOWN_TO) in heard
    feed.stop()


def waits_for(true: object) -> None:
    """Looks until it is so; the test's own time limit is what ends it otherwise."""
    rest = threading.Event()
    for _ in range(3000):
        if true():  # type: ignore[operator]
            return
        rest.wait(0.02)
    raise AssertionError("it did not come to that")


def test_a_migration_lets_desks_finish_and_a_program_of_another_revision_is_refused_by_the_database(
    centre_db: CentreDb,
) -> None:
    busy = centre_db.sign_in(CORA)
    said: list[str] = []
    with busy.begin() as work:
        assert work.now
        with pytest.raises(TooBusy):
            prepare_database(centre_db.where(OWNER), centre_db.owner_password, said.append, tries=1)
    prepare_database(centre_db.where(OWNER), centre_db.owner_password, said.append, tries=1)
    assert said == []

    older = stating(centre_db.where(CORA), "0049", SESSION)
    with connect(older, password_of(CORA)) as program, pytest.raises(psycopg.Error) as refused:
        program.execute("select audit.note('view', 'people', 'x')")
    assert (refused.value.sqlstate, refused.value.diag.constraint_name) == ("55000", "program_fits")
    with centre_db.psql(CORA) as somebody:
        somebody.execute("select audit.note('view', 'people', 'x')")
    with centre_db.owner.begin() as owner:
        owner.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(SchemaDiffers) as differs:
        busy.services.people.find("pankhurst", 1)
    assert differs.value.ahead
    with centre_db.owner.begin() as owner:
        owner.execute(text("update alembic_version set version_num = :head"), {"head": migrations.head()})
    assert busy.services.people.find("pankhurst", 1) == []
