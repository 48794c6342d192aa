"""The composition root on real data folders: first start, second start, a server that dies, a shared address."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from coordination.changes import RESYNC
from coordination.errors import BadValue, DatabaseAway, PasswordMustChange, SignInFailed
from coordination.training.users import TRAINING_USERS, training_password
from db.revision import SchemaDiffers
from ui import root

NADIA = TRAINING_USERS[0].user_name


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a small training city."""
    made = tmp_path_factory.mktemp("data folder of Siân")
    centre = root.open_embedded(made)
    centre.load_training(300, 7)
    centre.close()
    return made


@pytest.fixture
def centre(folder: Path) -> Iterator[root.Centre]:
    opened = root.open_embedded(folder)
    yield opened
    opened.close()


@pytest.fixture
def session(centre: root.Centre) -> Iterator[root.Session]:
    signed_in = centre.sign_in(NADIA, training_password(NADIA))
    yield signed_in
    signed_in.close()


def test_a_new_folder_is_for_training_until_it_is_loaded(tmp_path: Path) -> None:
    centre = root.open_embedded(tmp_path)
    assert not centre.has_training_users()
    assert (tmp_path / "training-city").read_text() == "wanted"
    centre.close()


def test_a_second_start_prepares_nothing_again(folder: Path) -> None:
    steps: list[str] = []
    root.open_embedded(folder, say=steps.append).close()
    assert steps == ["starting"]


def test_one_click_users_are_there(centre: root.Centre, session: root.Session) -> None:
    assert centre.has_training_users()
    assert session.actor.training
    assert session.services.people.find("Pankhurst")
    assert session.check_password(training_password(NADIA))
    assert not session.check_password("other")


def test_a_wrong_password_is_refused(centre: root.Centre) -> None:
    with pytest.raises(SignInFailed):
        centre.sign_in(NADIA, "wrong")


def test_two_folders_at_once(centre: root.Centre, tmp_path: Path) -> None:
    other = root.open_embedded(tmp_path)
    assert other.where(NADIA)["port"] != centre.where(NADIA)["port"]
    other.close()


def test_a_server_that_was_killed_is_back_for_the_next_calls(
    centre: root.Centre, session: root.Session, folder: Path
) -> None:
    heard: list[Any] = []
    session.feed.start(heard.append, lambda _up: None)
    before = len(session.services.people.find("Pankhurst"))
    postmaster = int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGKILL)
    # A call that was under way when the server died is lost, and says so; one after it finds a server again.
    again = _but_for_lost_calls(lambda: session.services.people.find("Pankhurst"))
    assert len(again) == before
    session.feed.stop()
    assert RESYNC in heard


def _but_for_lost_calls(call: Callable[[], Any], most: int = 4) -> Any:
    for _ in range(most):
        with contextlib.suppress(DatabaseAway):
            return call()
    return call()


def test_the_embedded_server_as_a_shared_one(centre: root.Centre) -> None:
    where = centre.where(NADIA)
    shared = root.Centre({word: where[word] for word in ("host", "port", "dbname")})
    signed_in = shared.sign_in(NADIA, training_password(NADIA))
    assert signed_in.services.governance.accounts()
    signed_in.close()


def test_a_database_newer_than_the_program_is_not_written_to(centre: root.Centre) -> None:
    from db.setup import owner_engine

    engine = owner_engine(centre.where(root.OWNER), centre.owner_password())
    with engine.begin() as c:
        kept = c.execute(text("select version_num from alembic_version")).scalar_one()
        c.execute(text("update alembic_version set version_num = '9999'"))
    try:
        with pytest.raises(SchemaDiffers) as error:
            centre.sign_in(NADIA, training_password(NADIA))
        assert error.value.ahead
        with pytest.raises(SchemaDiffers):
            centre.migrate(centre.owner_password())
    finally:
        with engine.begin() as c:
            c.execute(text("update alembic_version set version_num = :v"), {"v": kept})
        engine.dispose()


def test_the_first_administrator_is_made_by_the_owner(tmp_path: Path) -> None:
    centre = root.open_embedded(tmp_path)
    first = root.NewUser("ada.first", "Ada First", "administrator", None, "a long first password")
    root.add_user_as_owner(centre, centre.owner_password(), first)
    administrator = centre.sign_in("ada.first", first.password)
    second = root.NewUser("ben.second", "Ben Second", "care_coordinator", "north", "another long password")
    root.add_user(administrator, second)
    with pytest.raises(PasswordMustChange):
        centre.sign_in("ben.second", second.password)
    with pytest.raises(BadValue, match="password_wrong"):
        centre.choose_password("ben.second", "not that one", "violet trumpet gravel")
    centre.choose_password("ben.second", second.password, "violet trumpet gravel")
    signed_in = centre.sign_in("ben.second", "violet trumpet gravel")
    assert signed_in.actor.role == "care_coordinator"
    assert (tmp_path / "training-city").read_text() == "none"
    for each in (administrator, signed_in):
        each.close()
    centre.close()
