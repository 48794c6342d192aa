"""The embedded server as one client sees it: private from the start, whole after a crash, silent about people."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import threading
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from db.embedded import (
    OWNER,
    EmbeddedServer,
    FolderUnusable,
    ProgramsMissing,
    ServerWontStart,
    TooNew,
    TooOld,
)
from db.embedded.client_tools import tool
from db.embedded.process import living
from tests.db.embedded_kit import Home, connect, copy_of, ended, home, kill_server, lone, modes, process_of, value

__all__ = ["home", "lone"]


def test_a_new_folder_becomes_a_private_cluster(tmp_path: Path) -> None:
    folder = tmp_path / "no parent yet" / "Zoë's data"
    before = modes(tmp_path)
    said: list[str] = []
    with EmbeddedServer.open(folder, say=said.append) as server, connect(server, server.owner_password()) as db:
        assert server.is_new
        assert said == ["making", "starting"]
        assert value(db, "SELECT current_database()") == "centre"
        assert value(db, "SELECT datlocale FROM pg_database WHERE datname = 'centre'") == "C.UTF-8"
        assert value(db, "SELECT string_agg(DISTINCT auth_method, ' ') FROM pg_hba_file_rules") == "scram-sha-256"
        assert value(db, "SHOW listen_addresses") == "127.0.0.1"
        assert value(db, "SHOW unix_socket_directories") == ""
        assert value(db, "SHOW fsync") == "on"
        assert value(db, "SHOW timezone") == "UTC"
        assert value(db, "SELECT rolpassword FROM pg_authid WHERE rolname = current_user").startswith("SCRAM-SHA-256$")
        assert not value(db, "SELECT has_database_privilege('public', 'postgres', 'CONNECT')")
        secret = server.owner_password().encode()
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert not [path for path in files if secret in path.read_bytes()]
    assert modes(tmp_path) == before
    for made_by_us in (folder.parent, folder, folder / "postgres", folder / "log", folder / "clients"):
        assert stat.S_IMODE(made_by_us.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "log" / "postgres.log").stat().st_mode) == 0o600
    assert sorted(path.name for path in folder.iterdir()) == ["clients", "log", "postgres", "postgres.lock"]


def test_nobody_enters_without_the_password(home: Home) -> None:
    with EmbeddedServer.open(home.folder) as server:
        for wrong in ("", "wrong", home.password + "x"):
            with pytest.raises(psycopg.OperationalError):
                connect(server, wrong)
        with pytest.raises(psycopg.OperationalError):
            connect(server, home.password, user="postgres")
        connect(server, home.password).close()


def test_a_later_client_gets_a_fresh_owner_password(lone: Home) -> None:
    with EmbeddedServer.open(lone.folder) as server:
        assert not server.is_new
        port = server.port
        fresh = server.owner_password()
        assert fresh == server.owner_password() != lone.password
        assert server.port == port
        with connect(server, fresh) as db:
            assert value(db, "SELECT current_user") == OWNER
        with pytest.raises(psycopg.OperationalError):
            connect(server, lone.password)


def test_two_folders_run_side_by_side(home: Home, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy_of(home, copy)
    with EmbeddedServer.open(home.folder) as one, EmbeddedServer.open(copy) as two:
        assert one.port != two.port
        with connect(one, home.password) as db:
            db.execute("CREATE TABLE only_here ()")
        with connect(two, home.password) as db:
            assert value(db, "SELECT to_regclass('only_here')") is None


def test_what_was_acknowledged_survives_kill_9(home: Home) -> None:
    acknowledged: list[int] = []
    enough = threading.Event()

    def write() -> None:
        with connect(server, home.password) as db:
            for number in range(1_000_000):
                db.execute("INSERT INTO kept VALUES (%s)", [number])
                acknowledged.append(number)
                if number == 100:
                    enough.set()

    def write_until_it_dies() -> None:
        with pytest.raises(psycopg.OperationalError):
            write()

    with EmbeddedServer.open(home.folder) as server:
        with connect(server, home.password) as db:
            db.execute("DROP TABLE IF EXISTS kept; CREATE TABLE kept (number int)")
        writer = threading.Thread(target=write_until_it_dies)
        writer.start()
        assert enough.wait(30)
        kill_server(home.folder)
        writer.join(30)
        assert (home.folder / "postgres" / "postmaster.pid").exists()
        assert server.revive()
        assert not server.revive()
        with connect(server, home.password) as db:
            kept = {row[0] for row in db.execute("SELECT number FROM kept")}
        assert set(acknowledged) <= kept
        assert len(kept) - len(acknowledged) <= 1
        kill_server(home.folder)
    with EmbeddedServer.open(home.folder) as server, connect(server, home.password) as db:
        assert value(db, "SELECT count(*) FROM kept") == len(kept)


def test_a_backend_that_is_killed_does_not_take_the_server_with_it(home: Home) -> None:
    with EmbeddedServer.open(home.folder) as server:
        postmaster = process_of(home.folder).pid
        with connect(server, home.password) as victim:
            process = value(victim, "SELECT pg_backend_pid()")
            os.kill(process, signal.SIGKILL)
            with pytest.raises(psycopg.OperationalError):
                victim.execute("SELECT 1")
        assert not server.revive()
        connect(server, home.password).close()
        assert process_of(home.folder).pid == postmaster


def test_the_log_holds_nothing_about_people(lone: Home) -> None:
    name = "Pankhurst"
    with EmbeddedServer.open(lone.folder) as server:
        with connect(server, lone.password) as db:
            db.execute("CREATE TABLE person (surname text PRIMARY KEY, born date)")
            db.execute("INSERT INTO person VALUES (%s)", [name])
            with pytest.raises(psycopg.errors.UniqueViolation, match=name):
                db.execute("INSERT INTO person VALUES (%s)", [name])
            with pytest.raises(psycopg.errors.InvalidDatetimeFormat, match=name):
                db.execute(f"INSERT INTO person VALUES ('x', '{name}')")
            with pytest.raises(psycopg.errors.RaiseException, match=name):
                db.execute(f"DO $$ BEGIN RAISE EXCEPTION '{name}'; END $$")
            with pytest.raises(psycopg.errors.SyntaxError):
                db.execute(f"SELEKT '{name}'")
            db.execute(f"DO $$ BEGIN RAISE WARNING '{name}'; END $$")
            with closing(connect(server, lone.password)) as victim:
                victim.pgconn.send_query(f"SELECT pg_sleep(60) /* {name} */".encode())
                asleep = f"SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%sleep%{name}%'"
                while value(db, asleep) < 2:  # the victim's and this one itself
                    pass
                os.kill(victim.info.backend_pid, signal.SIGKILL)
            with pytest.raises(psycopg.OperationalError):
                while True:
                    db.execute("SELECT 1")
        with pytest.raises(psycopg.OperationalError):
            connect(server, name)
        server.revive()
        connect(server, lone.password).close()
        server.owner_password()
    written = b"".join(path.read_bytes() for path in (lone.folder / "log").iterdir())
    assert b"terminated by signal 9" in written
    assert name.encode() not in written
    assert b"SCRAM-SHA-256$" not in written


def test_a_long_log_is_put_aside(lone: Home) -> None:
    log = lone.folder / "log" / "postgres.log"
    log.write_bytes(b"x" * 1_000_001)
    EmbeddedServer.open(lone.folder).close()
    assert log.stat().st_size < 10_000
    assert log.with_suffix(".log.1").stat().st_size == 1_000_001


def test_the_environment_does_not_steer_the_server(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, setting in {
        "PGDATA": "/nowhere",
        "PGPORT": "1",
        "PGOPTIONS": "--x",
        "PGHOST": "/x",
        "LC_ALL": "xx",
    }.items():
        monkeypatch.setenv(name, setting)
    with EmbeddedServer.open(home.folder) as server:
        monkeypatch.delenv("PGOPTIONS")  # the client library's own, and rightly so
        connect(server, home.password).close()


def test_a_folder_that_was_open_to_others_stays_as_it_was(lone: Home) -> None:
    lone.folder.chmod(0o750)
    before = modes(lone.folder)
    EmbeddedServer.open(lone.folder).close()
    assert modes(lone.folder) == before


@pytest.mark.parametrize(("version", "error"), [("16", TooOld), ("99", TooNew), ("none", FolderUnusable)])
def test_a_cluster_of_another_version_is_left_alone(tmp_path: Path, version: str, error: type[Exception]) -> None:
    stamp = tmp_path / "postgres" / "PG_VERSION"
    stamp.parent.mkdir()
    stamp.write_text(version)
    with pytest.raises(error) as caught:
        EmbeddedServer.open(tmp_path)
    assert str(tmp_path) not in str(caught.value)
    assert stamp.read_text() == version


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(FolderUnusable) as caught:
            EmbeddedServer.open(folder)
        assert caught.value.reason == "not_a_folder"


def test_a_server_that_cannot_start_says_where_it_says_why(lone: Home) -> None:
    (lone.folder / "postgres" / "global" / "pg_control").unlink()
    with pytest.raises(ServerWontStart) as caught:
        EmbeddedServer.open(lone.folder)
    assert (caught.value.step, caught.value.log) == ("start", lone.folder / "log" / "postgres.log")
    assert any("pg_control" in line or "control file" in line for line in caught.value.tail())
    assert not list((lone.folder / "clients").iterdir())


def test_the_folder_may_be_taken_away_under_a_client(lone: Home) -> None:
    server = EmbeddedServer.open(lone.folder)
    process = process_of(lone.folder)
    elsewhere = lone.folder.with_name("elsewhere")
    lone.folder.rename(elsewhere)
    server.close()
    with EmbeddedServer.open(elsewhere) as again:
        assert again.port == server.port
    assert ended(process)
    assert living(elsewhere / "postgres") is None


def test_the_client_programs_are_there(home: Home) -> None:
    with EmbeddedServer.open(home.folder) as server:
        facts = server.dsn(OWNER)
        done = subprocess.run(
            [tool("pg_dump"), "-h", facts["host"], "-p", str(facts["port"]), "-U", OWNER, "centre"],
            env={**os.environ, "PGPASSWORD": home.password},
            capture_output=True,
            check=True,
        )
    assert b"PostgreSQL database dump complete" in done.stdout
    with pytest.raises(ProgramsMissing):
        tool("no_such_program")
