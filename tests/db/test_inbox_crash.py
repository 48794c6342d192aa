"""The reader killed at its worst moments, in a process of its own, on a real database."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.database import CentreDb, password_of
from tests.inbox_kit import count, folder_reader, mail, row, watched

# Reads one source and dies, without a word, where it is told to.
READER = """
import json, os, signal, sys
from pathlib import Path
from db.engine import open_engine
from db.stores.governance import whoami
from db.work import beginner
from coordination.services import Services
from coordination.messages import steps
from coordination.messages.inbox_folder import FolderPlace
from coordination.messages.inbox_reader import Reader
from datetime import timedelta
from uuid import UUID

where, password, source, folder, moment = json.loads(sys.stdin.read())
engine = open_engine(lambda: where, password)
with engine.begin() as connection:
    actor = whoami(connection)
services = Services(beginner(engine, actor))
die = lambda: os.kill(os.getpid(), signal.SIGKILL)

class Place(FolderPlace):
    def read(self, found, keep):
        if moment == "before it is fetched":
            die()
        return super().read(found, keep)

def settle_and_die(*given):
    taken = settle(*given)
    if moment == "before the commit":
        die()
    return taken

settle, steps.settle = steps.settle, settle_and_die
reading = Reader(services.inbox.reading, UUID(source), lambda _source: Place(Path(folder), quiet=timedelta()))
def tell(done, of):
    if moment == "after the commit" and done == 1:
        die()
reading.tell = tell
reading.once()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 on this system")
@pytest.mark.parametrize(
    ("moment", "taken"), [("before it is fetched", 0), ("before the commit", 0), ("after the commit", 1)]
)
def test_killed_and_resumed(moment: str, taken: int, centre_db: CentreDb, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.eml").write_bytes(mail(number))
    source = watched(centre_db, tmp_path)
    user = "cole.coordinator"
    told = json.dumps([centre_db.where(user), password_of(user), str(source.id), str(tmp_path), moment])
    died = subprocess.run(
        [sys.executable, "-c", READER], input=told.encode(), cwd=Path(__file__).parents[2], capture_output=True,
        check=False,
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    assert count(centre_db, "referral") == taken

    desk = centre_db.sign_in("cora.coordinator")
    assert folder_reader(desk, source).once().held  # its lease stands
    assert row(desk, source).state.held_by == "Cole Example"
    with centre_db.owner.begin() as connection:
        connection.execute(text("update inbox_state set lease_until = now() - interval '1 second'"))
    assert folder_reader(desk, source).once().new == 3 - taken
    assert count(centre_db, "referral") == 3 and count(centre_db, "original") == 3
    assert count(centre_db, "inbox_item") == 3 and not desk.services.inbox.to_settle()
    assert len(list(tmp_path.iterdir())) == 3
