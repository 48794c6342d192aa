"""A call's screens in a large city: finding as one types, opening the queue, seeing another desk's claim.

    python -m bench.intake [--people N] [--referrals N] [--desks N] [--data DIR] [--json FILE]

Beside each figure stands the bare query, or the bare widget, of the same run; and the same city at a tenth of its size.
Making the cities takes some minutes; ``--data DIR`` keeps them for the next run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import claims
from bench.city import open_city
from bench.table import Row, Table, machine, publish, said
from launch.system import has_display
from ui.root import Centre

PATIENCE = 1800


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.intake", description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=600_000, metavar="N")
    parser.add_argument("--referrals", type=int, default=250_000, metavar="N")
    parser.add_argument("--desks", type=int, default=120, metavar="N", help="connected while claims are made")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep the cities there, or find them there")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there too")
    parser.add_argument("--screens", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not has_display(os.environ, sys.platform):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if options.screens is not None:
        from bench import screens

        return screens.run(options.screens)
    if options.data is not None:
        publish(measure(options.data, options.people, options.referrals, options.desks), options.json)
    else:
        with tempfile.TemporaryDirectory(prefix="bench intake ") as folder:
            publish(measure(Path(folder), options.people, options.referrals, options.desks), options.json)
    return 0


def measure(folder: Path, people: int, referrals: int, desks: int) -> Table:
    """Both cities, one after the other."""
    where = machine()
    with _city(folder / "small", people // 10, referrals // 10):
        small = _screens(folder / "small")
    with _city(folder / "large", people, referrals) as centre:
        large = _screens(folder / "large")
        seen = claims.measure(folder / "large", centre, desks)
    return Table("intake", tuple(_rows(large, small, seen, desks)), where, _notes(large, people, referrals))


@contextmanager
def _city(data: Path, people: int, referrals: int) -> Iterator[Centre]:
    centre = open_city(data, people, referrals)
    try:
        yield centre
    finally:
        centre.close()


def _screens(data: Path) -> dict[str, Any]:
    """One desktop on one city, in a process of its own."""
    said("Screens of a call")
    command = [sys.executable, "-m", "bench.intake", "--screens", str(data)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if done.returncode != 0:
        said(done.stderr)
        raise SystemExit("The screens could not be measured.")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _rows(large: dict[str, Any], small: dict[str, Any], seen: list[float], desks: int) -> list[Row]:
    now, tenth = large["seconds"], small["seconds"]
    return [
        Row("find, the statements alone", tuple(now["find_alone"])),
        Row("find, from key to painted answer", tuple(now["find"]), "find, the statements alone"),
        Row("find, from key to painted answer: a tenth", tuple(tenth["find"])),
        Row("find again, against a tenth", tuple(now["find"]), "find, from key to painted answer: a tenth"),
        Row("queue, the statements alone", tuple(now["queue_alone"])),
        Row("queue, a bare table of its rows", tuple(now["table"])),
        Row("queue, opened and painted", tuple(now["queue"]), "queue, the statements alone"),
        Row("queue, opened and painted: a tenth", tuple(tenth["queue"])),
        Row("queue again, against a tenth", tuple(now["queue"]), "queue, opened and painted: a tenth"),
        Row(f"a claim seen on another desktop, {desks} connected", tuple(seen)),
    ]


def _notes(large: dict[str, Any], people: int, referrals: int) -> tuple[str, ...]:
    asked = ", ".join(f"{page} {queries} and {kept}" for page, (queries, kept) in large["statements"].items())
    return (
        f"{people:,} people, {referrals:,} referrals; a tenth of both where it says so.",
        "Ratios are of the p95 where there are 20 runs, else of the median.",
        f"Queries when opened, and bookkeeping beside them (who is there; notes of the audit): {asked}.",
        "A record is noted as a view by the query that reads it. Begin and commit are not counted.",
    )


if __name__ == "__main__":
    sys.exit(main())
