"""The window is killed while contacts are written in it, and its server too: none is lost, none is there twice."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from coordination.training.users import TRAINING_USERS
from db.setup import owner_engine
from tests.db.embedded_kit import kill_server
from tests.made_once import Copies
from ui import root

ROOT = Path(__file__).resolve().parents[2]
USER = TRAINING_USERS[0].user_name

_WINDOW = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from PySide6.QtCore import QEventLoop, QSettings
from coordination.clock import SystemClock
from coordination.errors import DatabaseAway
from coordination.training.users import training_password
from coordination.values import new_id
from ui import root
from ui.desktop import make_app
from ui.open_desk import OpenDesk
from ui.style import theme

folder, user, most = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
app = make_app()
theme.apply(app, "light")

def until(holds):
    while not holds():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)

def signed_in():
    for _ in range(20):
        try:
            centre = root.open_embedded(folder)
            return centre, centre.sign_in(user, training_password(user))
        except DatabaseAway:
            pass
    raise SystemExit("the database does not come back")

centre, session = signed_in()
open_desk = OpenDesk(session, QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat), SystemClock(),
                     local=lambda: session.local_store(folder, lambda: None, None))
desk, window = open_desk.desk, open_desk.window
until(lambda: desk.drafts.where == "disk" and not desk.tasks.busy)
window.show()
window.new_contact()
page = window.page
until(lambda: not desk.tasks.busy and page._has_lists)
found = [each.fields["need"] for each in page.contacts.all if each.fields.get("need")]
print("found", *found, flush=True)
for number in range(most):
    page.contacts.begin_another()
    need = str(new_id())
    page.fields.need.setPlainText(need)
    desk.drafts.flush()
    desk.drafts.write_now([])
    print("typed", need, flush=True)
    page.ending.kind.set_value("no_action")
    page.ending.no_action.field("reason_list").set_value("Wrong number")
    page.end()
    until(lambda: page.fields.need.toPlainText() != need)
    print("ended", need, flush=True)
until(lambda: not desk.outbox.items)
print("done", flush=True)
if most:
    until(lambda: False)
open_desk.close()
centre.close()
os._exit(0)
"""


def window_on(folder: Path, most: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _WINDOW, str(folder), USER, str(most)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_none_is_lost_and_none_is_twice(tmp_path: Path, small_city: Copies) -> None:
    chance = random.Random(11)
    folder = small_city(tmp_path / "data")
    centre = root.open_embedded(folder)
    try:
        heard: dict[str, set[str]] = {"found": set(), "typed": set(), "ended": set()}
        for number in range(3):
            window = window_on(folder, 10_000)
            assert window.stdout
            for count in range(chance.randrange(4, 14)):
                word, *needs = window.stdout.readline().split()
                heard[word].update(needs)
                if number == 1 and count == 3:
                    kill_server(folder)
            window.kill()
            for line in window.stdout.read().splitlines():
                word, *needs = line.split()
                heard[word].update(needs)
            window.stdout.close()
            window.wait(30)
        last = window_on(folder, 0)
        assert last.stdout
        word, *found = last.stdout.readline().split()
        assert word == "found"
        assert last.stdout.readline() == "done\n", "the outbox empties itself"
        last.stdout.close()
        last.wait(60)
        engine = owner_engine(centre.where(root.OWNER), centre.owner_password())
        with engine.begin() as connection:
            stored = Counter(
                connection.execute(text("select need from contact where ending_reason = 'Wrong number'")).scalars()
            )
        engine.dispose()
        assert heard["ended"], "some were ended"
        assert heard["ended"] <= set(stored), "what was ended before the user's eyes is in the database"
        assert heard["typed"] <= set(stored) | set(found), "what was typed is in the database, or open again"
        assert max(stored[need] for need in heard["typed"]) == 1
        assert not set(found) & set(stored), "what is in the database is not open any more"
    finally:
        centre.close()
