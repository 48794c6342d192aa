"""How long it takes from the command to a window that can be worked in, against a bare Qt window.

    python -m bench.start [--runs N] [--json FILE]

Each run is a process of its own, timed from just before it is started: interpreter, imports, database, sign-in with one
click, and the queue's first rows painted. Where there is no display it runs offscreen.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.table import Row, Table, machine, publish, said
from launch.system import has_display

USER = "nadia.coordinator"
BARE = "bare Qt window"
FIRST = "first start: new data folder, training city"
COLD = "cold start: the same less the loading of the city"
WARM = "warm start"
SECOND = "second desk, the database runs already"
PATIENCE = 600


def main() -> int:
    """Measure, print, write. 0 when every run came to a usable window."""
    parser = argparse.ArgumentParser(prog="python -m bench.start", description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="of each row (default 3)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there too")
    parser.add_argument("--one", choices=("bare", "desk"), help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one == "bare":
        return bare_window()
    if options.one == "desk":
        return desk(options.data)
    publish(measure(max(1, options.runs)), options.json)
    return 0


def measure(runs: int) -> Table:
    """Every row in every run, so that what slows the machine down slows all of them."""
    where = machine()
    found: dict[str, list[float]] = {name: [] for name in (BARE, FIRST, COLD, WARM, SECOND)}
    platform = "the display" if has_display(os.environ, sys.platform) else "no display (offscreen)"
    rows = 0
    for number in range(1, runs + 1):
        with tempfile.TemporaryDirectory(prefix="bench start ") as folder:
            data = Path(folder, "data")
            said(f"run {number} of {runs}")
            found[BARE].append(one("bare")["usable"])
            first = one("desk", data)
            found[FIRST].append(first["usable"])
            found[COLD].append(first["usable"] - first["city"])
            found[WARM].append(one("desk", data)["usable"])
            with server_of(data):
                second = one("desk", data)
            found[SECOND].append(second["usable"])
            rows = int(second["rows"])
    notes = (
        f"Usable: signed in with one click, the window shown, {rows} rows of the queue painted. On {platform}.",
        "Each start is a new process, timed from before its interpreter; the city has 20,000 people.",
    )
    lines = (Row(name, tuple(seconds), None if name == BARE else BARE) for name, seconds in found.items())
    return Table("start", tuple(lines), where, notes)


def one(what: str, data: Path | None = None) -> dict[str, float]:
    """Run one process to its end; seconds from its start, as it said itself."""
    command = [sys.executable, "-m", "bench.start", "--one", what, *(["--data", str(data)] if data else [])]
    variables = dict(os.environ)
    if not has_display(variables, sys.platform):
        variables["QT_QPA_PLATFORM"] = "offscreen"
    began = time.time()
    done = subprocess.run(command, env=variables, capture_output=True, timeout=PATIENCE, text=True, check=False)
    if done.returncode != 0:
        said(done.stderr)
        raise SystemExit(f"A run ended with {done.returncode} and came to no usable window.")
    found: dict[str, float] = json.loads(done.stdout)
    return {**found, "usable": found["usable"] - began}


@contextmanager
def server_of(data: Path) -> Iterator[None]:
    """The embedded server of a data folder, kept running as another desk would."""
    from db.embedded import EmbeddedServer

    with EmbeddedServer.open(data):
        yield


def bare_window() -> int:
    """The baseline: an empty window, painted once."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Bare(QMainWindow):
        def paintEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
            print(json.dumps({"usable": time.time()}), flush=True)
            QTimer.singleShot(0, app.quit)

    app = QApplication(sys.argv[:1])
    window = Bare()
    window.resize(1280, 800)
    window.show()
    return app.exec()


def desk(data: Path) -> int:
    """The desktop on a data folder, until it can be used."""
    from ui.cli.opened import Opened
    from ui.desktop import Desktop

    opened = Opened(data, None, USER)
    marks: dict[str, float] = {}
    found: dict[str, float] = {}

    def step(name: str, _done: int = 0, _total: int = 0) -> None:
        marks.setdefault(name, time.time())

    def usable(window: object) -> None:
        found["usable"] = time.time()
        found["rows"] = rows_shown(window)
        window.close()  # type: ignore[attr-defined]

    desktop = Desktop(opened, usable, USER)
    desktop.opening.stepped.connect(step)
    desktop.opening.closed.connect(lambda: step("opened"))
    try:
        desktop.app.exec()
    finally:
        desktop.close()
        opened.close()
    city = marks["opened"] - marks["loading_city"] if "loading_city" in marks else 0.0
    print(json.dumps({**found, "city": city}), flush=True)
    return 0 if found.get("rows") else 1


def rows_shown(window: object) -> int:
    """How many rows the queue, the page in front, shows."""
    page = window.page  # type: ignore[attr-defined]
    return int(page.model.rowCount()) if page is not None and page.id == "queue" else 0


if __name__ == "__main__":
    sys.exit(main())
