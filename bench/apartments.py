"""The calendar of fifteen apartments over three years, 1,000 stays and what follows them: opened, scrolled, dragged
over, changed by another desk.

    python -m bench.apartments [--stays N] [--data DIR] [--json FILE]

Beside each figure stands the bare statement or the bare rectangles of the same run. "Own" times are the work of the
interface thread (its processor time); the others are of the wall clock. A frame at 60 a second has 16.6 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.apartments_city import open_calendar
from bench.table import Row, Table, machine, publish, said
from launch.system import has_display

PATIENCE = 900
BARE = "bare rectangles, those in sight, own"

# name in the table, key of the measurement, baseline
ROWS = (
    ("open: its statements alone", "open, statements", None),
    ("open: asked for, read, painted", "open", "open: its statements alone"),
    ("  of it: this program's own work, all threads", "open, own", "open: its statements alone"),
    ("  of it: read into records", "open, records", "open: its statements alone"),
    ("  of it: laid out, own", "open, laid out", None),
    (BARE, "bare, in sight", None),
    ("bare rectangles, all three years, own", "bare, all", None),
    ("  of opening: first painting, own", "open, painted", BARE),
    ("scrolled by days, days of 18 px, own", "scroll", BARE),
    ("scrolled by days, days of 3 px, own", "scroll, all", BARE),
    ("an arrow key, own", "key", BARE),
    ("a drag begins: free places of all apartments, own", "drag, begun", BARE),
    ("a frame of the drag, own", "drag, a frame", BARE),
    ("another desk's change, from commit to paint", "another desk's change", None),
    ("own change, from key to paint", "own change", None),
)


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.apartments", description=__doc__.splitlines()[0])
    parser.add_argument("--stays", type=int, default=1_000, metavar="N")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep the city there, or find it there")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there too")
    parser.add_argument("--screens", metavar="DIR", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not has_display(os.environ, sys.platform):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if options.screens is not None:
        from bench import apartments_screens

        return apartments_screens.run(Path(options.screens))
    if options.data is not None:
        publish(measure(options.data, options.stays), options.json)
    else:
        with tempfile.TemporaryDirectory(prefix="bench apartments ") as folder:
            publish(measure(Path(folder), options.stays), options.json)
    return 0


def measure(folder: Path, stays: int) -> Table:
    """One city, one desktop in a process of its own."""
    where = machine()
    centre = open_calendar(folder, stays)
    try:
        said("A placement co-ordinator's calendar")
        command = [sys.executable, "-m", "bench.apartments", "--screens", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    finally:
        centre.close()
    if done.returncode != 0:
        said(done.stderr)
        raise SystemExit("The calendar could not be measured.")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    rows = [Row(name, tuple(found["seconds"][key]), base) for name, key, base in ROWS if key in found["seconds"]]
    counts = ", ".join(f"{count:,} {what}" for what, count in found["counts"].items())
    notes = (counts, "Ratios are of the p95 where there are 20 runs, else the median.")
    return Table("apartments", tuple(rows), where, notes)


if __name__ == "__main__":
    sys.exit(main())
