"""Root steps down without opening a folder; an ordinary account needs no such thing."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from db.embedded import EmbeddedServer, FolderUnusable
from db.embedded.process import living
from db.embedded.programs import tree
from tests.db.embedded_kit import AS_ROOT, Client, Home, connect, copy_of, home, lone, modes, process_of

__all__ = ["home", "lone"]

pytestmark = AS_ROOT


@pytest.fixture
def somebody() -> tuple[int, int]:
    """An ordinary account."""
    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


@pytest.fixture
def their_folder(somebody: tuple[int, int]) -> Iterator[Path]:
    """A folder that an ordinary account owns and can reach."""
    folder = Path(tempfile.mkdtemp(prefix="centre test "))
    os.chown(folder, *somebody)
    yield folder
    shutil.rmtree(folder)


def owners(folder: Path) -> set[int]:
    return {path.lstat().st_uid for path in (folder, *folder.rglob("*"))}


def test_root_runs_an_unprivileged_server_behind_closed_parents(lone: Home) -> None:
    closed = lone.folder.parent
    closed.chmod(0o700)
    before = modes(lone.folder)
    with EmbeddedServer.open(lone.folder) as server:
        process = process_of(lone.folder)
        assert 0 not in process.uids()
        assert 0 not in process.gids()
        connect(server, server.owner_password()).close()
        assert modes(lone.folder) == before
    assert owners(lone.folder / "postgres").isdisjoint({0})
    assert (closed.stat().st_uid, lone.folder.stat().st_uid) == (0, 0)


def test_root_runs_programs_that_stand_behind_closed_parents(lone: Home, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    wheel = tree().parent
    for part in (wheel, wheel.with_name(wheel.name + ".libs")):
        shutil.copytree(part, closed / part.name, copy_function=os.link)
    before = modes(closed / wheel.name)
    with Client(lone.folder, PYTHONPATH=str(closed)) as client:
        assert "port" in client.opened
        copy = (lone.folder / "programs").readlink()
        assert Path(process_of(lone.folder).exe()).is_relative_to(copy)
        assert {path.lstat().st_uid for path in copy.rglob("*")} == {0}
        assert not [path for path in copy.rglob("*") if path.stat().st_mode & 0o022]
        assert client.ask("owner")["port"] == client.opened["port"]
        copy_in_use = (lone.folder / "programs").readlink()
        client.ask("close")
    assert not copy.exists()
    assert not copy_in_use.exists()
    assert not (lone.folder / "programs").is_symlink()
    assert modes(closed / wheel.name) == before


def test_an_ordinary_account_runs_its_own_server(their_folder: Path, somebody: tuple[int, int]) -> None:
    with Client(their_folder, somebody) as client:
        assert client.opened["is_new"]
        assert psutil.Process(process_of(their_folder).pid).uids().real == somebody[0]
        client.ask("close")
    assert owners(their_folder) == {somebody[0]}


def test_root_in_somebodys_folder_leaves_it_theirs(home: Home, their_folder: Path, somebody: tuple[int, int]) -> None:
    subprocess.run(["cp", "-a", home.folder / "postgres", their_folder], check=True)
    for path in their_folder.rglob("*"):
        os.chown(path, *somebody)
    with EmbeddedServer.open(their_folder) as server:
        assert process_of(their_folder).uids().real == somebody[0]
        with Client(their_folder, somebody) as client:
            assert client.opened["port"] == server.port
            client.ask("close")
    assert owners(their_folder) == {somebody[0]}
    with Client(their_folder, somebody) as client:
        assert not client.opened["is_new"]
        client.ask("close")
    assert living(their_folder / "postgres") is None


def test_somebody_elses_folder_is_refused(their_folder: Path, somebody: tuple[int, int]) -> None:
    os.chown(their_folder, 0, 0)
    with Client(their_folder, somebody) as client:
        assert (client.opened["error"], client.opened["reason"]) == ("FolderUnusable", "no_permission")


def test_a_cluster_of_roots_is_refused(tmp_path: Path) -> None:
    cluster = tmp_path / "postgres"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("18\n")
    with pytest.raises(FolderUnusable) as caught:
        EmbeddedServer.open(tmp_path)
    assert caught.value.reason == "owned_by_root"


def without(capability: str) -> list[str]:
    """A command that runs another as root without ``capability``, as a container does."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("needs setpriv of util-linux")
    return [setpriv, "--bounding-set", f"-{capability}", "--inh-caps", f"-{capability}"]


def test_root_of_a_container_that_may_not_look_into_processes_joins_all_the_same(home: Home, tmp_path: Path) -> None:
    copy = tmp_path / "copied while it ran"
    with EmbeddedServer.open(home.folder) as server:
        copy_of(home, copy)
        with Client(home.folder, under=without("sys_ptrace")) as client:
            assert (client.opened["said"], client.opened["port"]) == (["joining"], server.port)
            client.ask("close")
        with Client(copy, under=without("sys_ptrace")) as client:
            assert client.opened["said"] == ["starting"]
            client.ask("close")


def test_root_that_may_not_step_down_is_told(tmp_path: Path) -> None:
    with Client(tmp_path / "data", under=without("setuid")) as client:
        assert (client.opened["error"], client.opened["reason"]) == ("FolderUnusable", "no_account")
