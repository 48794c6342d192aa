"""A shared server as a centre has one: PostgreSQL 18 in a process of its own, TLS, SCRAM, and a standby beside it."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
import trustme

from bench.tls_server import SUPERUSER, TlsServer, programs
from coordination.errors import DatabaseAway, LockedOut, PasswordMustChange, SignInFailed, StandbyOnly
from coordination.governance.lock_out import Limits
from coordination.intake.model import ContactDraft, NoAction
from coordination.local.outbox import Outbox, OutboxItem, Sent, Waits
from coordination.values import ContactId, new_id
from db.lock_out import KNOWN, RULES
from tests.db.lock_out_kit import HBA, LOGGED
from ui import root
from ui.cli.main import main
from ui.cli.server import _GOOD, _TO_MEND

pytestmark = pytest.mark.skipif(programs() is None, reason="no server with TLS for this system among the pins")
OWNER_PASSWORD, ADMIN, CORA, PHRASE = "of the owner of it", "ada.admin", "cora.coordinator", "correct horse battery"
GIVEN, CHOSEN = "given-to-begin-with-71", "chosen by oneself 93"


class Shared:
    """The server, its authority, and addresses of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.authority, self.pem = folder, trustme.CA(), folder / "ca.pem"
        self.authority.cert_pem.write_to_path(str(self.pem))
        self.pem.chmod(0o644)
        self.server = TlsServer.make(folder / "one", self.authority, hba=HBA, settings=LOGGED)
        self.server.start()

    def address(self, *others: TlsServer, database: str = "centre") -> str:
        hosts = ",".join(f"localhost:{server.port}" for server in (self.server, *others))
        return f"postgresql://{hosts}/{database}?sslrootcert={quote(str(self.pem))}"

    def run(self, monkeypatch: pytest.MonkeyPatch, words: list[str], *lines: str, database: str = "centre") -> int:
        """A command as an administrator's script gives it; passwords are lines of standard input."""
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        return main(["--data", str(self.folder / "data"), "--database", self.address(database=database), *words])


@pytest.fixture(scope="module")
def shared() -> Iterator[Shared]:
    """Where the account that the server runs under may come: pytest's own folders are closed to others."""
    with TemporaryDirectory(prefix="centre shared ", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        made = Shared(Path(folder))
        yield made
        made.server.stop()


@pytest.fixture(scope="module")
def ready(shared: Shared) -> Shared:
    """Prepared by the one command, with a co-ordinator who has chosen a password."""
    with pytest.MonkeyPatch.context() as patch:
        words = ["admin", "prepare-server", "--desks", "10", "--administrator", ADMIN, "Ada Example"]
        assert shared.run(patch, words, shared.server.password, OWNER_PASSWORD, GIVEN) == 0
    centre = root.open_shared(shared.address())
    user = root.NewUser(CORA, "Cora Example", "care_coordinator", "north", GIVEN)
    root.add_user_as_owner(centre, OWNER_PASSWORD, user)
    centre.choose_password(CORA, GIVEN, CHOSEN)
    return shared


def test_one_command_makes_a_server_ready_says_what_is_wrong_and_may_be_run_again(
    shared: Shared, ready: Shared, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(_TO_MEND) <= set(_GOOD)
    words = ["admin", "prepare-server", "--desks", "10"]
    assert shared.run(monkeypatch, words, shared.server.password, OWNER_PASSWORD) == 0
    said = capsys.readouterr().out
    assert "MEND" not in said
    assert "A connection without encryption is refused." in said
    with shared.server.psql(shared.pem) as superuser:
        assert superuser.execute("show log_error_verbosity").fetchone() == ("terse",)

    hba = shared.server.data / "pg_hba.conf"
    good = hba.read_text()
    hba.write_text("host all all 127.0.0.1/32 md5\n" + good)
    try:
        with shared.server.psql(shared.pem) as superuser:
            superuser.execute("select pg_reload_conf()")
        assert shared.run(monkeypatch, words, shared.server.password, OWNER_PASSWORD) == 1
        said = capsys.readouterr().out
        assert " MEND  The server speaks without encryption" in said
        assert " MEND  pg_hba.conf lets somebody in with trust, password or md5, in line 1." in said
        assert "Schema" not in said, "nothing is made on a server that is open"
    finally:
        hba.write_text(good)
        with shared.server.psql(shared.pem) as superuser:
            superuser.execute("select pg_reload_conf()")
    assert shared.run(
        monkeypatch, [*words[:2], "--desks", "900", "--look-only"], shared.server.password, OWNER_PASSWORD
    )
    assert "MEND  max_connections is 100, and 900 desks need" in capsys.readouterr().out
    with pytest.raises(psycopg.OperationalError) as refused:
        psycopg.connect(host="localhost", port=shared.server.port, user=SUPERUSER, password="x", sslmode="disable")
    assert refused.value.pgconn is not None and not refused.value.pgconn.used_password


def test_it_says_whether_whoever_tries_passwords_is_locked_out(
    ready: Shared, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["admin", "prepare-server", "--desks", "10", "--look-only"]

    def line() -> str:
        code = ready.run(monkeypatch, words, ready.server.password, OWNER_PASSWORD)
        found = next(line for line in capsys.readouterr().out.splitlines() if " locked out " in line)
        assert code == ("MEND" in found)
        return found

    found = line()
    assert found.startswith(" NOTE  Nobody is locked out"), "a server may be guarded by other means"
    assert "as the first rule of pg_hba.conf, include_if_exists" in found and "log_destination" not in found
    guard = root.sign_in_guard(ready.server.data)
    guard.turn()
    assert line() == "   ok  Whoever tries too many passwords is locked out for a while."
    os.utime(ready.server.data / KNOWN, (0, 0))
    found = line()
    assert found.startswith(" MEND ") and "keep centre admin guard-sign-ins" in found and "include" not in found
    guard.turn()
    hba = ready.server.data / "pg_hba.conf"
    good = hba.read_text()
    hba.write_text("hostssl all nobody 127.0.0.1/32 scram-sha-256\n" + good)
    assert "MEND" in (found := line()) and found.endswith(f"include_if_exists {ready.server.data / RULES}.")
    hba.write_text(good)


def test_a_desk_that_is_locked_out_keeps_its_session_and_what_is_typed(ready: Shared) -> None:
    session = root.open_shared(ready.address()).sign_in(CORA, CHOSEN)
    guard = root.sign_in_guard(ready.server.data, Limits(tries=3))
    assert {_refused(ready) for _ in range(3)} == {SignInFailed}
    while not guard.turn().locks:
        continue
    while _refused(ready) is not LockedOut:
        continue
    assert session.services.governance.accounts(), "nobody is thrown out in the middle of a call"
    kept: dict[Any, Any] = {}
    outbox = Outbox(lambda steps: kept.update(enumerate(steps)), session.services.intake.take_contact, _now)
    waits = _contact("While locked out")
    with ready.server.psql(ready.pem) as superuser:
        superuser.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = %s", (CORA,))
    outcome = outbox.send(waits)
    if isinstance(outcome, Waits) and type(outcome.error) is DatabaseAway:  # the line that was cut just now
        outcome = outbox.send(waits)
    assert isinstance(outcome, Waits) and isinstance(outcome.error, LockedOut)
    with pytest.raises(LockedOut):
        session.standing()
    with pytest.raises(LockedOut):
        session.check_password(CHOSEN)
    assert guard.release(CORA) == 1
    while isinstance(outcome := outbox.send(waits), Waits):
        assert isinstance(outcome.error, LockedOut)
    assert isinstance(outcome, Sent) and session.check_password(CHOSEN)
    session.close()


def _refused(ready: Shared) -> type[Exception]:
    """By a wrong password, and how."""
    with pytest.raises((SignInFailed, LockedOut)) as told:
        root.open_shared(ready.address()).sign_in(CORA, "another")
    return told.type


def test_a_backup_by_an_owner_who_is_no_superuser_goes_over_tls_and_says_that_passwords_must_be_given_anew(
    ready: Shared, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = ready.folder / "centre.backup"
    assert ready.run(monkeypatch, ["admin", "backup", "--no-proof", str(file)], PHRASE, OWNER_PASSWORD) == 0
    assert "2 logins" in capsys.readouterr().out
    with ready.server.psql(ready.pem) as superuser:
        superuser.execute("create database given_back owner centre_owner template template0")
    restore = ["admin", "restore", str(file)]
    assert ready.run(monkeypatch, restore, PHRASE, OWNER_PASSWORD, database="given_back") == 0
    said = capsys.readouterr().out
    assert "tables are alike" in said
    assert "2 logins have no password in it: give them one before they sign in." in said
    with ready.server.psql(ready.pem, "given_back") as superuser:
        assert superuser.execute("select user_name from user_account order by 1").fetchall() == [(ADMIN,), (CORA,)]
    assert ready.run(monkeypatch, restore, PHRASE, OWNER_PASSWORD, database="given_back") == 1
    # No administrator can sign in there: the owner gives passwords, as the command said.
    anew = ["admin", "password", CORA, "--as-owner"]
    assert ready.run(monkeypatch, anew, OWNER_PASSWORD, GIVEN) == 0
    with pytest.raises(PasswordMustChange):
        root.open_shared(ready.address()).sign_in(CORA, GIVEN)
    root.open_shared(ready.address()).choose_password(CORA, GIVEN, CHOSEN)


def test_the_main_server_dies_and_the_standby_takes_over_while_a_desk_is_open(ready: Shared) -> None:
    with ready.server.psql(ready.pem) as superuser:
        superuser.execute(f"create role replicator login replication password '{TlsServer.password}'")
    standby = ready.server.standby(ready.folder / "two", ready.pem)
    standby.start()
    try:
        alone = root.open_shared(f"postgresql://localhost:{standby.port}/centre?sslrootcert={quote(str(ready.pem))}")
        with pytest.raises(StandbyOnly):
            alone.sign_in(CORA, CHOSEN)
        with pytest.raises(SignInFailed):
            alone.sign_in(CORA, "another")
        session = root.open_shared(ready.address(standby)).sign_in(CORA, CHOSEN)
        kept: dict[Any, Any] = {}
        outbox = Outbox(lambda steps: kept.update(enumerate(steps)), session.services.intake.take_contact, _now)
        assert isinstance(outbox.send(_contact("Before")), Sent)
        waits = _contact("Meanwhile")
        _followed(ready, standby)
        ready.server.kill()
        outcome = outbox.send(waits)
        assert isinstance(outcome, Waits) and isinstance(outcome.error, DatabaseAway)
        outcome = outbox.send(waits)
        assert isinstance(outcome, Waits) and isinstance(outcome.error, StandbyOnly), (
            "it says that only a copy is there"
        )
        with standby.psql(ready.pem) as superuser:
            assert superuser.execute("select pg_promote(true, 30)").fetchone() == (True,)
        assert isinstance(outbox.send(waits), Sent)
        with standby.psql(ready.pem, "centre") as superuser:
            found = superuser.execute("select need from contact order by recorded_at").fetchall()
            assert found[-2:] == [("Before",), ("Meanwhile",)]
            row = superuser.execute("select bool_and(ssl) from pg_stat_ssl join pg_stat_activity using (pid)"
                                    " where usename = %s", (CORA,)).fetchone()  # fmt: skip
            assert row == (True,)
        session.close()
    finally:
        standby.stop()


def _followed(shared: Shared, standby: TlsServer) -> None:
    """The standby has what the main server has."""
    with shared.server.psql(shared.pem) as main_one, standby.psql(shared.pem) as other:
        row = main_one.execute("select pg_current_wal_lsn()").fetchone()
        assert row is not None
        while other.execute("select pg_last_wal_replay_lsn() >= %s::pg_lsn", row).fetchone() != (True,):
            continue


def _now() -> datetime:
    return datetime.now(UTC)


def _contact(need: str) -> OutboxItem:
    return OutboxItem(ContactId(new_id()), ContactDraft(need=need), NoAction("Wrong number"), _now())
