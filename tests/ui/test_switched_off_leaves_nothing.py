"""Whoever is switched off: the desk wipes what it kept for them, whether it stood open then or is opened later."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.database import CentreDb, password_of
from tests.ui.test_left_on_disk import ROOT, USER

_DESK = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QEventLoop
from ui import root
from ui.cli.opened import Opened
from ui.desktop import Desktop

folder, host, port, name, user, password = sys.argv[1:]
opened = Opened(Path(folder), None, None)
opened.centre = root.Centre({"host": host, "port": port, "dbname": name})
desktop = Desktop(opened)
app = desktop.app

def until(holds):
    while not holds():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)

def kept():
    return list(Path(folder, "drafts").rglob("*.log"))

until(lambda: desktop.sign_in_window is not None and desktop.sign_in_window.isVisible())
panel = desktop.sign_in_window.panel
panel.user.setText(user)
panel.password.setText(password)
panel.submit()
until(lambda: not desktop.tasks.busy)
if desktop.open_desk is not None:
    desk = desktop.open_desk.desk
    until(lambda: desk.drafts.where == "disk" and not desk.tasks.busy)
    desk.drafts.keep("handover", "today", {"note": "half"}, title="Note")
    desk.drafts.flush()
    desk.drafts.write_now([])
    assert kept()
    print("kept", flush=True)
    until(lambda: desktop.open_desk is None)
until(lambda: not desktop.tasks.busy and not kept())
print("gone", flush=True)
os._exit(0)
"""


def desk_of(db: CentreDb, folder: Path) -> subprocess.Popen[str]:
    where = db.where(USER)
    return subprocess.Popen(
        [sys.executable, "-c", _DESK, str(folder), where["host"], str(where["port"]), where["dbname"], USER,
         password_of(USER)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(folder / "config")},
    )  # fmt: skip


@pytest.mark.timeout(180)
def test_a_desk_wipes_what_it_kept_for_whoever_is_switched_off(centre_db: CentreDb, tmp_path: Path) -> None:
    users = centre_db.sign_in("ada.admin").services.users
    stood_open, killed_before = (desk_of(centre_db, tmp_path / which) for which in ("open", "killed"))
    for desk in (stood_open, killed_before):
        assert desk.stdout is not None and desk.stdout.readline() == "kept\n"
    killed_before.kill()
    killed_before.communicate()
    assert list((tmp_path / "killed" / "drafts").rglob("*.log"))
    users.set_active(USER, False, seen=next(u for u in users.all() if u.user_name == USER).revision)
    assert stood_open.communicate()[0] == "gone\n"
    opened_later = desk_of(centre_db, tmp_path / "killed")
    assert opened_later.communicate()[0] == "gone\n"
    assert not [path for path in tmp_path.rglob("drafts/**/*") if path.is_file()]
