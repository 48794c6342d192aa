"""A desk's day, then every byte that it left on the disk searched for what was typed, and its titles and logs too.

The day: signed in, after a wrong password; a record, a search, paper looked at, printed and saved where somebody chose;
a contact that is ended while the server is away, and one that is begun; an error; locked, and killed.
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coordination.values import new_id
from tests.database import CentreDb, password_of
from tests.db.deployment_kit import Kit, at

ROOT = Path(__file__).resolve().parents[2]
USER = "cora.coordinator"
TYPED = {
    "surname": "Quixworthington", "given": "Zebulonia", "nhs_number": "9990001103", "address": "77 Gasworks Xylophone",
    "need": "purplegiraffe neckbrace", "phone": "07700 900461", "searched": "Obadiahspeculum",
}  # fmt: skip

_DAY = """
import os, resource, signal, sys, logging
import psycopg
from datetime import date
from pathlib import Path
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from coordination.people.model import PersonDraft
from coordination.values import PersonId, TeamId, new_id
from ui import root
from ui.cli.opened import Opened
from ui.desktop import Desktop
from ui.logs import log_to
from ui.sheets.preview import open_preview
from ui.sheets.printing import make_printer

folder, host, port, name, user, password, chosen, team, day = sys.argv[1:10]
typed = dict(pair.split("=", 1) for pair in sys.argv[10:])
opened = Opened(Path(folder), None, None)
opened.centre = root.Centre({"host": host, "port": port, "dbname": name})
log_to(Path(folder))
plain = sys.excepthook
desktop = Desktop(opened)
of_desk, sys.excepthook = sys.excepthook, plain
app = desktop.app
titles = set()

def until(holds):
    while not holds():
        titles.update(w.windowTitle() for w in QApplication.topLevelWidgets())
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)

until(lambda: desktop.sign_in_window is not None and desktop.sign_in_window.isVisible())
panel = desktop.sign_in_window.panel
for attempt in ("wrong " + typed["need"], password):
    panel.user.setText(user)
    panel.password.setText(attempt)
    panel.submit()
    until(lambda: not desktop.tasks.busy)
until(lambda: desktop.open_desk is not None)
open_desk = desktop.open_desk
desk, window = open_desk.desk, open_desk.window
until(lambda: desk.drafts.where == "disk" and not desk.tasks.busy)
who = PersonId(new_id())
desk.services.people.register(PersonDraft(surname=typed["surname"], given=typed["given"], birth_date="14/7/45",
    nhs_number=typed["nhs_number"], address=typed["address"], phone=typed["phone"]), who)
window.to("people")
window.page.field.setText(typed["searched"])
until(lambda: not desk.tasks.busy)
window.to("person", who)
until(lambda: not desk.tasks.busy)
window.open_second("person", who)
window.finder.open()
window.top.find_box.setText(typed["searched"])
until(lambda: not desk.tasks.busy)
window.finder.close_palette()
paper = open_preview(window.page, desk, TeamId(int(team)), date.fromisoformat(day), None)
until(lambda: paper.ready and not desk.tasks.busy)
printer = make_printer("sheets", upright=True)
printer.setOutputFileName(os.path.join(chosen, "printed.pdf"))
for take in (lambda: paper.print_on(printer), lambda: paper.save_to(Path(chosen, "saved.pdf")),
             lambda: paper.save_each_to(Path(chosen)), lambda: paper.save_calendars_to(Path(chosen)), paper.save):
    take()
    until(lambda: not desk.tasks.busy)
print("pages", len(paper.view.document))
paper.close()
window.new_contact()
until(lambda: not desk.tasks.busy and window.page._has_lists)
window.page.fields.need.setPlainText(typed["need"])
window.page.fields.head.field("caller_name").editor.setText(typed["given"])
opened.centre.words["port"] = "1"  # the server is away
with psycopg.connect(host=host, port=port, dbname=name, user=user, password=password, sslmode="disable") as line:
    line.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = session_user"
                 " and pid <> pg_backend_pid()")
page = window.page
page.ending.kind.set_value("no_action")
page.ending.no_action.field("reason_list").set_value("Wrong number")
page.end()
until(lambda: page.fields.need.toPlainText() != typed["need"])
print("waiting", len(desk.outbox.items))
page.fields.need.setPlainText(typed["need"])
page.fields.head.field("caller_name").editor.setText(typed["given"])
desk.drafts.flush()
desk.drafts.write_now([])
QGuiApplication.clipboard().setText(typed["need"])

def fails():
    raise ValueError(typed["surname"])

sys.excepthook = of_desk
QTimer.singleShot(0, fails)
logging.getLogger("x").warning("something", exc_info=ValueError(typed["need"]))
until(lambda: any("did not expect" in n.words for n in window.notices.notices))
window.lock()
until(lambda: window.desk_lock.screen.isVisible())
shown = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
desktop.settings.sync()
print("titles", sorted(titles), [w.windowTitle() for w in shown])
print("shown", len(shown), "body", window._body.isVisible(), "core", resource.getrlimit(resource.RLIMIT_CORE)[0])
print("files", [f for f in os.listdir("/proc/self/fd")] and [os.readlink(f"/proc/self/fd/{f}") for f in
      os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{f}")], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def forms_of(text: str) -> Iterator[bytes]:
    """As they might lie there: letters of any case, the two widths, in base64 at each of three places."""
    for words in {text, text.lower(), text.upper(), text.replace(" ", ""), text.replace(" ", "%20")}:
        yield words.encode()
        yield words.encode("utf-16-le")
        for before in range(3):
            coded = base64.b64encode(b"\0" * before + words.encode())
            yield coded[4 if before else 0 : -4]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at the files of a process")
def test_nothing_that_was_typed_is_left_in_clear(centre_db: CentreDb, tmp_path: Path) -> None:
    home = tmp_path / "home"
    places = {"HOME": home, "XDG_CONFIG_HOME": home / "config", "XDG_CACHE_HOME": home / "cache",
              "XDG_DATA_HOME": home / "share", "XDG_STATE_HOME": home / "state", "XDG_RUNTIME_DIR": home / "run",
              "TMPDIR": tmp_path / "tmp"}  # fmt: skip
    for place in places.values():
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
    where, data, chosen = centre_db.where(USER), tmp_path / "data", tmp_path / "chosen"
    chosen.mkdir()
    kit = Kit(centre_db)
    today, amina = kit.today(), kit.worker("Amina", hours=[])
    kit.shift(amina, "work", at(7, day=today), at(15, day=today))
    tess = centre_db.sign_in("tess.lead").services
    draft = kit.draft(kit.person(TYPED["surname"], TYPED["given"]), at(9, day=today), need=TYPED["need"])
    tess.deployment.plan_visits([draft])
    tess.deployment.allocate(draft.id, amina, at(9, day=today), seen=1)
    tess.published.publish(kit.team(), today, seen=0, new_id=new_id())
    said = [f"{name}={text}" for name, text in TYPED.items()]
    day = subprocess.run(
        [sys.executable, "-c", _DAY, str(data), where["host"], str(where["port"]), where["dbname"], USER,
         password_of(USER), str(chosen), str(kit.team()), str(today), *said],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
        env={**os.environ, **{name: str(place) for name, place in places.items()}, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert "body False core 0" in day.stdout, day.stderr[-3000:]
    assert "shown 1 " in day.stdout and "['Locked – Co-ordination Centre']" in day.stdout
    assert "waiting 1" in day.stdout, day.stderr[-3000:]
    taken = [path for path in chosen.iterdir() if path.is_file()]
    assert {path.suffix for path in taken} == {".pdf", ".ics"}, "what was taken lies where it was wanted"
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path not in taken]
    assert any(path.suffix == ".log" and path.parent.parent.name == "drafts" for path in files), "there was a draft"
    secrets = {**TYPED, "password": password_of(USER)}
    left = {*day.stdout.splitlines(), *day.stderr.splitlines()}
    for name, text in secrets.items():
        for form in forms_of(text):
            found = [str(path) for path in files if form in path.read_bytes() or form in os.fsencode(path)]
            assert not found, f"{name} is left in {found}"
            assert not any(form in line.encode() for line in left), f"{name} was said"
    lines = next(line for line in day.stdout.splitlines() if line.startswith("files"))
    opened = [each.strip("'") for each in lines.removeprefix("files [").rstrip("]").split(", ")]
    outside = [each for each in opened if each.startswith(("/tmp", "/var/tmp")) and str(tmp_path) not in each]
    assert not outside, "nothing is written beside the places it was given"
