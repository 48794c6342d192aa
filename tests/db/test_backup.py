"""A backup is whole, closed to whoever has not the passphrase, and gives everything back (R4, E5)."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryFile
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from coordination.errors import BackupDamaged, Refused
from coordination.people.model import PersonDraft
from coordination.values import PersonId, new_id
from db import backup
from db.backup import sealed
from db.embedded.errors import FolderUnusable
from db.embedded.process import living
from db.setup import owner_engine
from tests.database import CentreDb, Cluster
from tests.db.catalogue import catalogue
from ui import root
from ui.cli.main import parser
from ui.sentences import sentence

PHRASE = "correct horse battery staple"
CORA, IDA = "cora.coordinator", "ida.governance"


def test_what_is_taken_while_desks_write_comes_back_with_logins_rights_and_seals(
    centre_db: CentreDb, cluster: Cluster, tmp_path: Path
) -> None:
    services = centre_db.sign_in(CORA).services
    known = services.people.register(PersonDraft(surname="Éxample"), PersonId(new_id()))
    services.governance.seal_up()
    stop = threading.Event()

    def writing() -> None:
        while not stop.is_set():
            services.people.register(PersonDraft(surname="Meanwhile"), PersonId(new_id()))

    writer = threading.Thread(target=writing)
    writer.start()
    file = tmp_path / "centre.backup"
    try:
        taken = backup.take(centre_db.where("centre_owner"), centre_db.owner_password, file, PHRASE)
    finally:
        stop.set()
        writer.join()
    assert file.stat().st_mode & 0o077 == 0
    for word in (b"xample", b"PGDMP", b"SCRAM", b"person"):
        assert word not in file.read_bytes()
    assert backup.read_manifest(file, PHRASE) == taken
    with pytest.raises(Refused):
        backup.take(centre_db.where("centre_owner"), centre_db.owner_password, file, PHRASE)

    cluster.admin("create database given_back")
    where = {**centre_db.where("centre_owner"), "dbname": "given_back"}
    manifest, differences = backup.restore(file, PHRASE, where, centre_db.owner_password)
    assert (manifest, differences) == (taken, ())
    given_back = CentreDb(centre_db.server, "given_back", centre_db.owner_password, centre_db.owner)
    again = given_back.sign_in(CORA).services
    assert again.people.get(known.id).fields.surname == "Éxample"
    assert given_back.sign_in(IDA).services.governance.verify_audit().sound
    again.people.register(PersonDraft(surname="After"), PersonId(new_id()))
    again.governance.seal_up()
    assert given_back.sign_in(IDA).services.governance.verify_audit().sound
    engine = owner_engine(where, centre_db.owner_password)
    with engine.connect() as ours, centre_db.owner.connect() as theirs:
        assert plain(catalogue(ours)) == plain(catalogue(theirs))
    engine.dispose()
    with pytest.raises(Refused):
        backup.restore(file, PHRASE, where, centre_db.owner_password)
    given_back.close()
    cluster.admin("drop database given_back with (force)")


def plain(text: str) -> list[str]:
    """PostgreSQL writes a chain of ANDs it has read back with fewer brackets. What makes a range is made with its type,
    and no dump says who may call it."""
    lines = text.translate(str.maketrans("", "", "()")).splitlines()
    return [line for line in lines if not re.match(r"\w+_?(range|span)", line)]


def opened(content: bytes, phrase: str = PHRASE) -> bytes:
    return b"".join(sealed.pieces(io.BytesIO(content), phrase))


@pytest.fixture(scope="module")
def written() -> tuple[bytes, bytes]:
    content = bytes(range(256)) * 9000  # three pieces
    with TemporaryFile() as file:
        writer = sealed.Writer(file, PHRASE, {"n": 16, "r": 8, "p": 1})
        for at in range(0, len(content), 100_000):
            writer.write(content[at : at + 100_000])
        writer.finish()
        file.seek(0)
        return content, file.read()


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_file_that_was_altered_or_cut_off_does_not_open(written: tuple[bytes, bytes], data: st.DataObject) -> None:
    content, file = written
    assert data.draw(st.just(opened(file))) == content
    at = data.draw(st.integers(0, len(file) - 1))
    with pytest.raises(BackupDamaged):
        opened(file[:at])
    altered = bytearray(file)
    altered[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(BackupDamaged):
        opened(bytes(altered))


def test_a_wrong_passphrase_another_file_and_pieces_in_another_order_do_not_open(written: tuple[bytes, bytes]) -> None:
    _content, file = written
    for content, phrase in ((file, "another"), (b"PK\x03\x04" + file, PHRASE), (file + b"x", PHRASE), (b"", PHRASE)):
        with pytest.raises(BackupDamaged):
            opened(content, phrase)
    head = file.index(b"\n", len(sealed.MAGIC)) + 1
    piece = 4 + sealed.PIECE + 16
    swapped = file[:head] + file[head + piece : head + 2 * piece] + file[head : head + piece] + file[head + 2 * piece :]
    with pytest.raises(BackupDamaged):
        opened(swapped)


def test_by_command_a_backup_is_taken_and_restored_into_a_new_folder(
    centre_db: CentreDb, tmp_path: Path, capsys: Any, monkeypatch: Any
) -> None:
    opened = SimpleNamespace(
        open=lambda **_: centre_db,
        owner_password=lambda: centre_db.owner_password,
        database=None,
        folder=tmp_path / "new",
    )
    file = tmp_path / "a.backup"

    def centre(given: str, *words: str) -> int:
        monkeypatch.setattr(sys, "stdin", io.StringIO(given + "\n"))
        options = parser().parse_args(["admin", *words])
        done: int = options.run(options, opened)
        return done

    assert centre("short", "backup", str(file)) == 1
    assert centre(PHRASE, "backup", "--no-proof", str(file)) == 0
    assert centre("another passphrase", "restore", str(file)) == 1
    assert not opened.folder.exists(), "what does not open makes no folder"
    assert centre(PHRASE, "restore", str(tmp_path / "none")) == 1
    capsys.readouterr()
    assert centre(PHRASE, "restore", str(file)) == 0
    assert "is restored; all" in capsys.readouterr().out
    assert centre(PHRASE, "restore", str(file)) == 1
    assert "There is a database in that place already." in capsys.readouterr().err


# ---------------------------------------------------------------- restores that do not come to their end

_KILLED = """
import os, signal, sys
from pathlib import Path
from db.backup import restoring
from ui import root
restoring._fill = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
file, phrase, *folder = sys.argv[1:]
root.restore_backup(Path(file), phrase, Path(folder[0])) if folder else root.prove_backup(Path(file), phrase)
"""


@pytest.fixture
def large(centre_db: CentreDb, tmp_path: Path) -> Path:
    """A backup of several pieces, so that it may be cut off behind what it says of itself."""
    with centre_db.owner.begin() as owner:
        owner.execute(
            text(
                "insert into original (id, sha256, name, media_type, size, content)"
                " values (uuidv7(), 'x', 'x', 'x', 1, :c)"
            ),
            {"c": os.urandom(3 * sealed.PIECE)},
        )
    file = tmp_path / "large.backup"
    backup.take(centre_db.where("centre_owner"), centre_db.owner_password, file, PHRASE)
    return file


@pytest.mark.skipif(sys.platform == "win32", reason="kills with a signal")
def test_a_restore_that_failed_or_was_killed_is_no_database_and_is_given_again(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut, folder, scratch = tmp_path / "cut.backup", tmp_path / "new", tmp_path / "scratch"
    scratch.mkdir()
    cut.write_bytes(large.read_bytes()[: 2 * sealed.PIECE])
    with pytest.raises(BackupDamaged):
        root.restore_backup(cut, PHRASE, folder)
    assert not (folder / "postgres").exists(), "what was rolled back would still lie in its files, in clear"
    for where in ([str(folder)], []):
        killed = subprocess.run(
            [sys.executable, "-c", _KILLED, str(large), PHRASE, *where],
            cwd=Path(__file__).parents[2], env={**os.environ, "TMPDIR": str(scratch)}, check=False,
        )  # fmt: skip
        assert killed.returncode == -9
    with pytest.raises(FolderUnusable) as unusable:
        root.open_embedded(folder)
    assert "Restore into it again" in sentence(unusable.value)
    assert root.restore_backup(large, PHRASE, folder)[1] == ()
    root.open_embedded(folder).close()
    with pytest.raises(Refused):
        root.restore_backup(large, PHRASE, folder)
    # the next proof takes away what one that was killed left, also where it comes to nothing itself
    (left,) = scratch.iterdir()
    running = living(left / "proof" / "postgres")
    assert running is not None
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    with pytest.raises(BackupDamaged):
        root.prove_backup(cut.with_name("large.backup"), "another passphrase")
    assert list(scratch.iterdir()) == [] and ended(running[1])


def ended(process: psutil.Process) -> bool:
    """Also where nobody has taken note of its end: that is for whoever runs the machine."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
