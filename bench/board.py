"""A deployment board of 100 workers and 1,000 visits: opened, scrolled, dragged over, changed by others, printed.

    python -m bench.board [--workers N] [--visits N] [--data DIR] [--json FILE]

Beside each figure stands the bare statement, the bare rectangles or the bare loop of the same run. "Own" times are the
work of the interface thread (its processor time); the others are of the wall clock.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench.board_city import bench_day, open_team
from bench.table import Row, Table, machine, publish, said
from coordination.values import TeamId
from launch.system import has_display

PATIENCE = 900

# name in the table, key of the measurement, baseline
ROWS = (
    ("open: its statements alone", "open, statements", None),
    ("open: asked for, read, worked out, painted", "open", "open: its statements alone"),
    ("  of it: this program's own work, all threads", "open, own", "open: its statements alone"),
    ("  of it: read into records", "open, records", "open: its statements alone"),
    ("  of it: read into records, own", "open, records own", "open: its statements alone"),
    ("  of it: warnings and demand worked out, on a thread of its own", "open, worked out", None),
    ("  of it: laid out, own", "open, laid out", None),
    ("bare rectangles, those in sight, own", "bare, in sight", None),
    ("bare rectangles, all visits, own", "bare, all", None),
    ("  of it: first painting, own", "open, painted", "bare rectangles, those in sight, own"),
    ("scrolled by a row and more, own", "scroll", "bare rectangles, those in sight, own"),
    ("an arrow key, own", "key", "bare rectangles, those in sight, own"),
    ("a drag begins: valid places of everybody, own", "drag, begun", "bare rectangles, those in sight, own"),
    ("a frame of the drag, own", "drag, a frame", "bare rectangles, those in sight, own"),
    ("a drag of a visit for two begins, own", "drag of two, begun", "bare rectangles, those in sight, own"),
    ("a frame of it, own", "drag of two, a frame", "bare rectangles, those in sight, own"),
    ("another desk's change, from commit to paint", "another desk's change", None),
    ("own change, from key to paint", "own change", None),
    ("the same words in a bare ReportLab loop", "sheets, bare", None),
    ("whole team's sheets", "sheets", "the same words in a bare ReportLab loop"),
)


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.board", description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=100, metavar="N")
    parser.add_argument("--visits", type=int, default=1_000, metavar="N")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep the city there, or find it there")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there too")
    parser.add_argument("--screens", nargs=3, metavar=("DIR", "TEAM", "DAY"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not has_display(os.environ, sys.platform):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if options.screens is not None:
        from bench import board_screens

        folder, team, day = options.screens
        return board_screens.run(Path(folder), TeamId(int(team)), date.fromisoformat(day))
    if options.data is not None:
        publish(measure(options.data, options.workers, options.visits), options.json)
    else:
        with tempfile.TemporaryDirectory(prefix="bench board ") as folder:
            publish(measure(Path(folder), options.workers, options.visits), options.json)
    return 0


def measure(folder: Path, workers: int, visits: int) -> Table:
    """One city, one desktop in a process of its own."""
    where, day = machine(), bench_day(datetime.now(UTC))
    centre, team = open_team(folder, day, workers, visits)
    try:
        said("A lead's board")
        command = [sys.executable, "-m", "bench.board", "--screens", str(folder), str(team), day.isoformat()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    finally:
        centre.close()
    if done.returncode != 0:
        said(done.stderr)
        raise SystemExit("The board could not be measured.")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    rows = [Row(name, tuple(found["seconds"][key]), base) for name, key, base in ROWS if key in found["seconds"]]
    counts = ", ".join(f"{count:,} {what}" for what, count in found["counts"].items())
    return Table(
        "board", tuple(rows), where, (counts, "Ratios are of the p95 where there are 20 runs, else the median.")
    )


if __name__ == "__main__":
    sys.exit(main())
