"""Several clients on one folder, alive, killed and careless."""

from __future__ import annotations

import os
import signal
import socket
import struct
from pathlib import Path

import pytest
from filelock import FileLock

from db.embedded import EmbeddedServer, FolderUnusable
from db.embedded.process import living
from db.embedded.settings import MAX_CONNECTIONS
from tests.db.embedded_kit import Client, Home, connect, copy_of, ended, home, kill_server, lone, process_of, value

__all__ = ["home", "lone"]


def test_two_that_open_a_new_folder_at_once_get_one_server(tmp_path: Path) -> None:
    half_made_by_one_that_died = tmp_path / "data" / "postgres.new-1234" / "data"
    half_made_by_one_that_died.mkdir(parents=True)
    (half_made_by_one_that_died / "PG_VERSION").write_text("18\n")
    with Client(tmp_path / "data") as one, Client(tmp_path / "data") as two:
        assert one.opened["port"] == two.opened["port"]
        assert sorted((one.opened["is_new"], two.opened["is_new"])) == [False, True]
        joiner = two if one.opened["is_new"] else one
        assert joiner.opened["said"] in (["waiting", "joining"], ["joining"])
        server = process_of(tmp_path / "data")
        one.ask("close")
        assert server.is_running()
        two.ask("close")
    assert not half_made_by_one_that_died.parent.exists()
    assert living(tmp_path / "data" / "postgres") is None


def test_the_last_one_out_stops_the_server(home: Home) -> None:
    with Client(home.folder) as other:
        assert other.opened["said"] == ["starting"]
        said: list[str] = []
        server = EmbeddedServer.open(home.folder, say=said.append)
        assert (said, server.port, server.others()) == (["joining"], other.opened["port"], 1)
        other.ask("close")
        assert server.others() == 0
        connect(server, home.password).close()
        process = process_of(home.folder)
        server.close()
        server.close()
        assert ended(process)


def test_the_owner_is_not_changed_under_another_client(home: Home) -> None:
    with (
        EmbeddedServer.open(home.folder) as server,
        Client(home.folder) as other,
        connect(server, home.password) as db,
    ):
        assert other.ask("owner") == {"others": 1}
        assert value(db, "SELECT 1") == 1


def test_a_client_that_is_killed_leaves_a_server_that_the_next_one_stops(home: Home) -> None:
    with Client(home.folder) as killed:
        port = killed.opened["port"]
        killed.signal(signal.SIGKILL)
    orphan = process_of(home.folder)
    with EmbeddedServer.open(home.folder) as server:
        assert (server.port, server.others()) == (port, 0)
        connect(server, home.password).close()
    assert ended(orphan)
    assert not list((home.folder / "clients").iterdir())


def test_server_and_client_killed_together_leave_nothing_in_the_way(home: Home) -> None:
    with Client(home.folder) as killed:
        assert killed.opened
        kill_server(home.folder)
        killed.signal(signal.SIGKILL)
    with EmbeddedServer.open(home.folder) as server:
        connect(server, home.password).close()


def test_ctrl_c_in_one_clients_terminal_leaves_the_server_to_the_others(home: Home) -> None:
    with Client(home.folder) as interrupted:
        port = interrupted.opened["port"]
        with EmbeddedServer.open(home.folder) as server, connect(server, home.password) as db:
            interrupted.signal(signal.SIGINT)
            assert server.port == port
            assert value(db, "SELECT 1") == 1


def test_a_client_that_ends_without_closing_leaves_all_the_same(home: Home) -> None:
    with Client(home.folder) as careless:
        assert careless.opened
        careless.say("walk away")
        careless.process.wait(30)
    assert living(home.folder / "postgres") is None


def test_a_pid_that_another_process_got_fools_nobody(home: Home) -> None:
    file = home.folder / "postgres" / "postmaster.pid"
    with Client(home.folder) as killed, socket.socket() as stranger:
        assert killed.opened
        killed.signal(signal.SIGKILL)
        kill_server(home.folder)
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        lines = file.read_text().splitlines()
        file.write_text("\n".join([str(os.getpid()), *lines[1:3], str(stranger.getsockname()[1]), *lines[4:], ""]))
        with EmbeddedServer.open(home.folder) as server:
            connect(server, home.password).close()


def test_a_copy_of_a_folder_in_use_is_another_folder(home: Home, tmp_path: Path) -> None:
    with EmbeddedServer.open(home.folder) as first:
        copy = tmp_path / "copied while it ran"
        copy_of(home, copy)
        assert (copy / "postgres" / "postmaster.pid").exists()
        with EmbeddedServer.open(copy) as second:
            assert second.port != first.port
        connect(first, home.password).close()


def test_a_full_server_is_joined_all_the_same(lone: Home) -> None:
    body = struct.pack("!i", 3 << 16) + b"user\0nobody\0\0"
    startup = struct.pack("!i", len(body) + 4) + body
    with EmbeddedServer.open(lone.folder) as server:
        lines = [socket.create_connection((server.host, server.port)) for _ in range(MAX_CONNECTIONS)]
        try:
            for line in lines:
                line.sendall(startup)
            for line in lines:
                assert line.recv(1)
            with EmbeddedServer.open(lone.folder) as joined:
                assert joined.port == server.port
        finally:
            for line in lines:
                line.close()


def test_a_folder_that_another_machine_has_open_is_not_opened(home: Home) -> None:
    held = FileLock(home.folder / "clients" / "elsewhere-1-00000000.lock")
    with held, pytest.raises(FolderUnusable) as caught:
        EmbeddedServer.open(home.folder)
    assert (caught.value.reason, caught.value.detail) == ("in_use_elsewhere", "elsewhere")
    EmbeddedServer.open(home.folder).close()
