"""What every benchmark prints and writes: one table, the baseline of the same run beside each figure, the machine."""

from __future__ import annotations

import json
import os
import platform
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psutil


@dataclass(frozen=True)
class Row:
    """One thing measured: seconds of each run, and the name of the row that it is compared with (None: a baseline)."""

    name: str
    seconds: tuple[float, ...]
    baseline: str | None = None

    @property
    def median(self) -> float:
        return median(self.seconds)

    @property
    def p95(self) -> float:
        """What 95 of 100 runs stay within; of few runs, the longest."""
        return quantiles(self.seconds, n=20)[-1] if len(self.seconds) >= 20 else max(self.seconds)


@dataclass(frozen=True)
class Table:
    """``machine`` as it was before the first run; ``notes`` are lines of their own under the table."""

    bench: str
    rows: tuple[Row, ...]
    machine: dict[str, Any]
    notes: tuple[str, ...] = ()

    def baseline_of(self, row: Row) -> Row | None:
        return next((other for other in self.rows if other.name == row.baseline), None)

    def ratio(self, row: Row) -> float | None:
        """How many times its baseline a row takes, by p95 where there are runs enough; None for a baseline."""
        baseline = self.baseline_of(row)
        if baseline is None:
            return None
        if min(len(row.seconds), len(baseline.seconds)) >= 20:
            return row.p95 / baseline.p95
        return row.median / baseline.median

    def text(self) -> str:
        """The table as it is printed."""
        lines = [("", "median", "p95", "least", "most", "runs", "baseline", "ratio")]
        for row in self.rows:
            baseline, ratio = self.baseline_of(row), self.ratio(row)
            lines.append(
                (
                    row.name, shown(row.median), shown(row.p95), shown(min(row.seconds)), shown(max(row.seconds)),
                    str(len(row.seconds)), shown(baseline.median) if baseline else "-",
                    f"{ratio:.1f} x" if ratio is not None else "-",
                )
            )  # fmt: skip
        widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
        printed = [
            "  ".join([line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))])
            for line in lines
        ]
        return "\n".join([printed[0], "-" * len(printed[0]), *printed[1:], "", *self.notes, machine_line(self.machine)])

    def document(self) -> dict[str, Any]:
        """The same for a program to read. Times in seconds."""
        return {
            "bench": self.bench,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": self.machine,
            "notes": list(self.notes),
            "rows": [
                {
                    "name": row.name,
                    "seconds": list(row.seconds),
                    "median": row.median,
                    "p95": row.p95,
                    "baseline": row.baseline,
                    "ratio": self.ratio(row),
                }
                for row in self.rows
            ],
        }


def publish(table: Table, file: Path | None = None) -> None:
    """Print the table; write it as JSON too when a file is named."""
    print(table.text())
    if file is not None:
        file.write_text(json.dumps(table.document(), indent=2) + "\n", encoding="utf-8")


def shown(seconds: float) -> str:
    """A time with as many digits as it deserves."""
    if seconds < 0.0995:
        return f"{seconds * 1000:.1f} ms"
    return f"{seconds:.2f} s" if seconds < 99.5 else f"{seconds:.0f} s"


def machine() -> dict[str, Any]:
    """What the figures were taken on. No host name, no user, no path."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "python": platform.python_version(),
        "load": round(psutil.getloadavg()[0], 1),
    }


def machine_line(found: dict[str, Any]) -> str:
    return (
        f"{found['system']}, {found['processor']}, {found['cores']} cores, {found['memory_gb']} GB, "
        f"Python {found['python']}; load at the start {found['load']}"
    )


def said(words: str) -> None:
    """Progress, on standard error: the table alone goes to standard output."""
    print(words, file=sys.stderr, flush=True)
