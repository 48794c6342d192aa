"""Whoever tries too many passwords is locked out of a real server: with TLS, SCRAM, its log and its rules."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from psycopg import sql

from bench.tls_server import programs
from db.address import shared_words
from db.lock_out import KNOWN, RULES
from db.sign_in_log import NoLog
from tests.db.lock_out_kit import FAR, NEAR, RIGHT, Guarded
from ui.cli.main import main

pytestmark = pytest.mark.skipif(programs() is None, reason="no server with TLS for this system among the pins")
ADA, BEN, CORA = "ada.admin", "ben.lead", "cora.coordinator"
OUT = "LockedOut"
_BROKEN = "select count(*) from pg_hba_file_rules where error is not null"


@pytest.fixture(scope="module")
def server() -> Iterator[Guarded]:
    with TemporaryDirectory(prefix="centre guarded ", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        made = Guarded(Path(folder))
        yield made
        made.close()


@pytest.fixture(autouse=True)
def nobody_is_out(server: Guarded) -> Iterator[None]:
    """Each test begins with a guard who knows of nothing."""
    yield
    server.clock.ahead = timedelta()
    for whom in (ADA, BEN, CORA, NEAR, FAR):
        server.guard(tries=10).release(whom)
    server.turn()
    for login in (ADA, BEN):
        server.until("in", login)


def test_ten_wrong_passwords_lock_that_login_out_from_there_and_nobody_else(
    server: Guarded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server.wrong(ADA, 9)
    assert server.turn().locks == [] and server.sign_in(ADA) == "in"
    server.wrong(ADA, 10)
    assert [(lock.login, lock.address) for lock in server.turn().locks] == [(ADA, NEAR)]
    server.until(OUT, ADA)
    assert server.rules() == [f'host  all,replication  "{ADA}"  127.0.0.1/32  reject']
    assert server.sign_in(ADA, "whatever") == OUT, "nobody learns whether it was the right one"
    assert server.sign_in(BEN) == "in" and server.sign_in(ADA, at=FAR) == "in"
    with pytest.raises(psycopg.OperationalError, match="rejects replication connection"):
        psycopg.connect(**shared_words(server.address()), user=ADA, password=RIGHT, replication="true")
    line = ["--data", str(tmp_path), "--database", server.address(), "--user", ADA, "admin", "verify-audit"]
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{RIGHT}\n"))
    assert main(line) == 4
    said = capsys.readouterr().err
    assert "Too many wrong passwords were tried for this user name" in said and "cannot be reached" not in said


def test_it_ends_by_itself_also_when_somebody_else_guards_by_then(server: Guarded) -> None:
    server.wrong(ADA, 10)
    server.turn()
    server.until(OUT, ADA)
    server.clock.ahead = timedelta(minutes=14)
    assert server.turn().locks and server.sign_in(ADA) == OUT
    server.clock.ahead = timedelta(minutes=15)
    assert server.turn().locks == []
    server.until("in", ADA)
    server.wrong(ADA, 1)
    assert server.turn().locks == [], "what is over does not count again"


def test_what_is_known_may_be_lost(server: Guarded) -> None:
    server.wrong(ADA, 6)
    server.turn()
    for kept in ("", "{}", "[" * 9999, '{"pairs": [["a", "b", 1, "2026", {}]], "read": {}, "limits": {}, "told": ""}'):
        (server.data / KNOWN).write_text(kept)
        assert server.turn().locks == []
    (server.data / KNOWN).unlink()
    server.wrong(ADA, 4)
    assert [lock.login for lock in server.turn().locks] == [ADA], "the log is read again"


def test_by_the_command_line_it_is_looked_at_and_ended(server: Guarded, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["admin", "guard-sign-ins", "--server-data", str(server.data)]
    server.wrong(ADA, 5)
    server.wrong(ADA, 5, at=FAR)
    assert main([*command, "--once", "--tries", "5"]) == 0
    said = capsys.readouterr().out
    assert f"{ADA} at 127.0.0.1 is locked out until" in said and f"{ADA} at 127.0.0.2" in said
    assert main([*command, "--once", "--tries", "5"]) == 0
    assert capsys.readouterr().out == "", "cron tells of it once"
    assert main([*command, "--list"]) == 0
    assert capsys.readouterr().out.count(ADA) == 2, "by the limits of whoever guards"
    assert main([*command, "--release", FAR]) == 0
    server.until("in", ADA, at=FAR)
    assert server.sign_in(ADA) == OUT
    assert main([*command, "--release", ADA]) == 0
    server.until("in", ADA)
    assert main([*command, "--release", ADA]) == 0 and main([*command, "--list"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Nobody is locked out."
    assert main([*command[:3], str(server.data.parent)]) == 1
    assert "not the data folder of a PostgreSQL server" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([*command, "--tries", "0"])


def test_many_names_at_one_address_are_caught_where_that_was_asked_for(
    server: Guarded, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (BEN, CORA, "no.such", "nor.this"):
        server.wrong(name, 1, at=FAR)
    assert server.turn().locks == []
    for name in ("a b", "ł"):
        server.wrong(name, 1, at=FAR)
    server.wrong(BEN, 1)
    (server.data / KNOWN).unlink()
    assert [(lock.login, lock.address) for lock in server.turn(names=6).locks] == [("", FAR)]
    server.until(OUT, BEN, at=FAR)
    assert server.sign_in(ADA, at=FAR) == OUT and server.sign_in(ADA) == "in"
    assert main(["admin", "guard-sign-ins", "--server-data", str(server.data), "--release", "no.such.at.all"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("Everybody at 127.0.0.2 is locked out until")
    assert main(["admin", "guard-sign-ins", "--server-data", str(server.data), "--release", "nor.this"]) == 0
    assert capsys.readouterr().out == "nor.this is let in again.\n", "five names are left"
    server.until("in", ADA, at=FAR)


HOSTILE = [
    "all", "replication", "+ada.admin", "/.*", "/^.*$", "@pg_hba.conf", '"', '""', "a\nhost all all all reject", "\\",
    f'{ADA}" 127.0.0.1/32 reject\nhost all "{BEN}', f"{ADA} ", f"{ADA}#", "#", "ąłł", "‮", "\x01", "y" * 9000, "ń" * 40,
]  # fmt: skip


def test_whatever_is_typed_as_a_name_locks_nobody_else_out_and_breaks_nothing(server: Guarded) -> None:
    for name in HOSTILE:
        server.wrong(name, 3)
    assert server.turn(tries=3).locks == [] and server.rules() == []
    names = HOSTILE[:7]
    for name in names:
        server.make_login(name)
        server.wrong(name, 3)
    try:
        assert {lock.login for lock in server.turn(tries=3).locks} == {"all", "replication"}
        server.until(OUT, "all")
        assert server.sign_in(ADA) == server.sign_in(BEN) == "in"
        with server.superuser() as superuser:
            assert superuser.execute("select count(*) from pg_hba_file_rules where error is not null").fetchone() == (
                0,
            )
    finally:
        with server.superuser() as superuser:
            for name in names:
                superuser.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))
        for name in ("all", "replication"):
            server.guard().release(name)


def test_rules_that_somebody_broke_are_written_anew_and_meanwhile_the_server_keeps_its_own(server: Guarded) -> None:
    server.wrong(ADA, 10)
    server.turn()
    server.until(OUT, ADA)
    rules = server.data / RULES
    good = rules.read_bytes()
    rules.write_text('host all "')
    with server.superuser() as superuser:
        assert superuser.execute("select pg_reload_conf()").fetchone() == (True,)
        assert superuser.execute(_BROKEN).fetchone() == (1,)
    assert server.sign_in(ADA) == OUT and server.sign_in(BEN) == "in"
    server.server.stop()
    with pytest.raises(AssertionError):  # it does not start, which is why nobody but the guard writes that file
        server.server.start()
    while not server.logged(b"could not load"):  # written by a process that may outlive the server a little
        os.sched_yield()
    server.turn()
    assert rules.read_bytes() == good
    server.server.start()
    assert server.sign_in(ADA) == OUT, "a lock outlives a start of the server"


def test_without_a_log_it_says_so_and_locks_end_all_the_same(
    server: Guarded, capsys: pytest.CaptureFixture[str]
) -> None:
    server.wrong(ADA, 10)
    server.turn()
    server.until(OUT, ADA)
    logs = server.data / "current_logfiles"
    said = logs.read_bytes()
    try:
        logs.write_text("stderr log/x.log\n")
        turn = server.turn()
        assert isinstance(turn.fault, NoLog) and turn.locks
        assert main(["admin", "guard-sign-ins", "--server-data", str(server.data), "--once"]) == 1
        assert "writes no log as JSON" in capsys.readouterr().err
        server.clock.ahead = timedelta(minutes=15)
        assert server.turn().locks == []
        server.until("in", ADA)
    finally:
        logs.write_bytes(said)


def test_whoever_stops_the_guard_lets_everybody_in_until_it_guards_again(server: Guarded) -> None:
    server.wrong(ADA, 10)
    (server.data / RULES).unlink(missing_ok=True)
    command = [sys.executable, "-m", "ui.cli.main", "admin", "guard-sign-ins", "--server-data", str(server.data)]
    service = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    while not (server.data / RULES).exists():
        assert service.poll() is None
    server.until(OUT, ADA)
    service.send_signal(signal.SIGTERM)
    said, _ = service.communicate()
    warned, told, *_, last = said.splitlines()
    assert warned.startswith("One password tried for many names is not caught.")
    assert service.returncode == 0 and told.startswith(f"{ADA} at 127.0.0.1 is locked out until")
    assert last.startswith("Nobody guards the sign-ins any more")
    assert server.guard().locks() == [] and server.rules() == []
    server.guard().release(BEN)
    assert server.rules() == [], "to let one in locks nobody out"
    assert [lock.login for lock in server.turn().locks] == [ADA]
    server.until(OUT, ADA)
    server.guard().leave()
    server.until("in", ADA)
    assert server.turn().locks == [], "whoever came in by then does not count any more"


def test_a_guard_that_dies_before_the_server_was_told_tells_it_next_time(
    server: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.wrong(ADA, 10)
    with monkeypatch.context() as patch:
        patch.setattr("db.lock_out._have_read", _dies)
        with pytest.raises(SystemError):
            server.turn()
    assert server.rules() and server.sign_in(BEN) == "in"
    server.turn()
    server.until(OUT, ADA)


def _dies(*_of: object) -> None:
    raise SystemError


def test_the_files_belong_to_the_servers_account_and_to_nobody_else(server: Guarded) -> None:
    server.turn()
    for name in (RULES, KNOWN):
        found = (server.data / name).stat()
        assert found.st_mode & 0o777 == 0o600 and found.st_uid == server.data.stat().st_uid
    assert not (server.data / f"{RULES}.part").exists()
