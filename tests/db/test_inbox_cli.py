"""``centre inbox …`` on a real database: what it prints, and its exit codes."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace

import pytest

from coordination.messages.inbox import Source
from coordination.messages.inbox_folder import FolderPlace
from tests.database import CentreDb
from tests.inbox_kit import count, mail, row, watched
from ui.cli.main import parser
from ui.messages import inbox_cli


@pytest.fixture
def opened(centre_db: CentreDb, tmp_path: Path):
    """Whoever a command asks for, signed in to the database of this test."""
    users = {"care_coordinator": "cora.coordinator", "manager": "max.manager"}
    return SimpleNamespace(folder=tmp_path, sign_in=lambda role: centre_db.sign_in(users[role]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "post"
    made.mkdir()
    return made


def run(opened, *words: str) -> int:
    options: argparse.Namespace = parser().parse_args(["inbox", *words])
    done: Callable[[argparse.Namespace, object], int] = options.run
    return done(options, opened)


def test_added_read_once_and_listed(opened, folder, centre_db, capsys) -> None:
    assert run(opened, "sources") == 0
    assert "No source yet" in capsys.readouterr().out
    assert run(opened, "add", "Post", "--folder", str(folder)) == 0
    (folder / "a.eml").write_bytes(mail(1))
    assert run(opened, "run", "--once") == 0
    assert "Post  1 taken in." in capsys.readouterr().out
    (folder / "photo.png").write_bytes(b"\x89PNG....")
    assert run(opened, "run", "--once", "--source", "post") == 1
    assert "1 refused" in capsys.readouterr().out
    run(opened, "sources")
    said = capsys.readouterr().out
    assert "All read" in said and "1 read, 1 to see to" in said and count(centre_db, "referral") == 1


def test_wrong_usage(opened, folder, capsys) -> None:
    assert run(opened, "run", "--once", "--source", "Nothing") == 2
    assert run(opened, "run", "--once") == 2
    assert run(opened, "add", "Mail", "--folder", "INBOX", "--host", "mail.example.org", "--mailbox-user", "x",
               "--security", "plain") == 2  # fmt: skip
    told = capsys.readouterr()
    assert "There is no source called Nothing." in told.out and "Without TLS" in told.err


def test_a_folder_that_is_not_there(opened, folder, capsys) -> None:
    run(opened, "add", "Post", "--folder", str(folder / "gone"))
    assert run(opened, "run", "--once") == 1
    assert "The folder is not there." in capsys.readouterr().out


def test_runs_until_it_is_stopped(centre_db, folder) -> None:
    source: Source = watched(centre_db, folder)
    (folder / "a.eml").write_bytes(mail(1))
    desk = centre_db.sign_in("cora.coordinator")
    stop, said, came = Event(), [], Event()

    def say(line: str) -> None:
        said.append(line)
        if "taken in" in line:
            came.set()

    done: list[int] = []
    make = lambda where: FolderPlace(Path(where.folder))  # noqa: E731
    running = Thread(target=lambda: done.append(inbox_cli.read_on(desk.services.inbox, [source], make, say, stop)))
    running.start()
    try:
        assert came.wait(30)
    finally:
        stop.set()
        running.join(30)
    assert done == [0] and said[-1] == "Watched  1 taken in."
    assert row(desk, source).state.held_until is None  # the next one need not wait for its lease
