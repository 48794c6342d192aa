"""The window is killed while a paper sheet is entered in it: what was said of the visits stands there again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.made_once import Copies
from tests.ui.test_contact_killed import ROOT
from ui import root

USER = "moira.reablement"

_WINDOW = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from PySide6.QtCore import QEventLoop, QSettings
from coordination.clock import SystemClock
from coordination.training.users import training_password
from ui import root
from ui.desktop import make_app
from ui.open_desk import OpenDesk
from ui.style import theme

folder, user, again = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "again"
app = make_app()
theme.apply(app, "light")

def until(holds):
    while not holds():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)

centre = root.open_embedded(folder)
session = centre.sign_in(user, training_password(user))
open_desk = OpenDesk(session, QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat), SystemClock(),
                     local=lambda: session.local_store(folder, lambda: None, None))
desk, window = open_desk.desk, open_desk.window
until(lambda: desk.drafts.where == "disk" and not desk.tasks.busy)
window.show()
window.to("papers")
page = window.page
until(lambda: not desk.tasks.busy and page.list.model.rowCount() > 0)
rows = [page.list.model.row_at(n) for n in range(page.list.model.rowCount())]
page._choose(max((r for r in rows if r.worker is not None), key=lambda r: r.open))
until(lambda: page.sheet is not None and not desk.tasks.busy)
if again:
    said = [f"{line.id}={line.outcome}/{line.reason.code if line.reason else ''}/{line.words}"
            for line in page.sheet.lines if line.is_said]
    print("found", *said, flush=True)
    page.save()
    until(lambda: not desk.tasks.busy)
    print("left", len(desk.drafts.of("paper")), flush=True)
    open_desk.close()
    centre.close()
    os._exit(0)
for at, outcome in enumerate(("done", "no_access", "declined")):
    page.grid.go_to(at)
    page._on(lambda s, n: s.say(n, outcome))
page._on(lambda s, n: s.write(n, "niece"))
said = [f"{line.id}={line.outcome}/{line.reason.code if line.reason else ''}/{line.words}"
        for line in page.sheet.lines if line.is_said]
desk.drafts.flush()
desk.drafts.write_now([])
print("typed", *said, flush=True)
until(lambda: False)
"""


def window_on(folder: Path, how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _WINDOW, str(folder), USER, how],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_what_was_entered_of_a_sheet_outlives_the_window(tmp_path: Path, small_city: Copies) -> None:
    folder = small_city(tmp_path / "data")
    centre = root.open_embedded(folder)
    try:
        window = window_on(folder, "first")
        assert window.stdout
        word, *typed = window.stdout.readline().split()
        window.kill()
        window.stdout.close()
        window.wait(30)
        assert word == "typed" and len(typed) == 3 and typed[2].endswith("/niece")
        after = window_on(folder, "again")
        assert after.stdout
        word, *found = after.stdout.readline().split()
        assert (word, found) == ("found", typed)
        assert after.stdout.readline() == "left 0\n", "saved, and kept no longer"
        after.stdout.close()
        after.wait(60)
    finally:
        centre.close()
