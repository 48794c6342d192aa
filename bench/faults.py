"""Is anything lost, or there twice, when servers, desks, lines, disks, clocks and migrations fail?

    python -m bench.faults [--seed N] [--tries N] [--only KIND ...] [--json FILE]

Desks save through the product's own outbox and services. ``acknowledged`` is what somebody was told is safe: kept on
this computer's disk, or saved in the database. After the last fault everything is started again; what is then not found
is lost. Exit code 0 only when nothing was lost, nothing is there twice, and nothing else was wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from bench import faults_disk, faults_kinds, faults_migration
from bench.faults_lab import Lab, Outcome
from bench.table import machine, machine_line, said, shown

KINDS: dict[str, tuple[Callable[[Lab, int], Outcome], float]] = {
    "servers": (faults_kinds.servers_killed, 0.25),
    "desks": (faults_kinds.desks_killed, 0.25),
    "lines": (faults_kinds.lines_cut, 0.2),
    "frozen": (faults_kinds.server_frozen, 0.1),
    "disk": (faults_disk.server_disk_full, 0.06),
    "outbox": (faults_disk.outbox_disk_full, 0.04),
    "clocks": (faults_kinds.clocks_jump, 0.05),
    "record": (faults_kinds.one_record, 0.045),
    "migration": (faults_migration.half_applied, 0.005),
}
"""What makes each line, and its share of the tries. A try of ``migration`` is a migration, all others are saves."""
COLUMNS = ("tries", "acknowledged", "found", "lost", "doubled", "worst wait")


def main() -> int:
    """Run the kinds, print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--tries", type=int, default=2000, metavar="N", help="saves in all (default 2000)")
    parser.add_argument("--only", nargs="+", choices=tuple(KINDS), metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    where = machine()
    with tempfile.TemporaryDirectory(prefix="bench faults ", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        outcomes = run(Path(folder), options.seed, options.tries, options.only or list(KINDS))
    print(table(outcomes))
    print(f"\nseed {options.seed}. {machine_line(where)}")
    for outcome in outcomes:
        for words in outcome.wrong[:20]:
            print(words)
    if options.json is not None:
        report = {"bench": "faults", "seed": options.seed, "machine": where, "rows": [vars(o) for o in outcomes]}
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0 if all(outcome.sound for outcome in outcomes) else 1


def run(folder: Path, seed: int, tries: int, kinds: list[str], **patience: float) -> list[Outcome]:
    """One line a kind. Each has chances of its own, so that one alone goes as it went among the others."""
    outcomes = []
    made: Path | None = None
    for kind in kinds:
        call, share = KINDS[kind]
        lab = Lab(folder, random.Random(f"{seed} {kind}"), city=made, **patience)
        said(f"{kind} …")
        made = lab.city
        try:
            outcomes.append(call(lab, max(2, round(tries * share))))
        except Exception as error:  # the other lines are worth having
            traceback.print_exc()
            outcomes.append(Outcome(kind, wrong=[f"{kind}: {type(error).__name__}: {error}"]))
    return outcomes


def table(outcomes: list[Outcome]) -> str:
    """As it is printed."""
    lines: list[tuple[str, ...]] = [("", *COLUMNS, "faults")]
    for o in outcomes:
        figures = (o.tries, o.acknowledged, o.found, o.lost, o.doubled)
        lines.append((o.kind, *[f"{figure:,}" for figure in figures], shown(o.worst_wait), o.faults))
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    printed = [
        "  ".join(
            cell.ljust(width) if place in (0, len(widths) - 1) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join([printed[0], "-" * len(printed[0]), *printed[1:]])


if __name__ == "__main__":
    sys.exit(main())
