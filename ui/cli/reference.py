"""``centre admin import-reference FILE…``: practices, postcodes and ward outlines, again each quarter."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from coordination.reference.files import MOST_BYTES, read_register
from coordination.reference.model import KINDS, Finding, ImportSummary, Register, WrongFile
from ui.cli.opened import Opened
from ui.reference import messages

DONE, REFUSED, USAGE = 0, 1, 2
_ROWS_NAMED = 5
# Writes one register: a connection with the rights of an administrator, the register, its file's name and content.
Apply = Callable[..., ImportSummary]
Say = Callable[[str], object]


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "import-reference",
        help="take in ODS practices, postcodes or ward outlines",
        description="Finds out by itself what each file is: epraccur (27 columns), Code-Point Open (ten columns, or a "
        "table with a header that begins with the postcode), or ward outlines (GeoJSON). Run it again each quarter; "
        "only what has changed is written.",
        epilog="Exit codes: 0 every file is in, 1 some were refused, 2 usage.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "--part", action="store_true", help="the files are parts of the registers: what they lack has not gone"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, opened: Opened) -> int:
    """Reads every file before the database is opened."""
    missing = [path for path in options.files if not path.is_file()]
    for path in missing:
        print(f"{path}: there is no such file.", file=sys.stderr)
    if missing:
        return USAGE
    read, wrong = read_files(options.files, print)
    if read:
        from ui import root

        session = opened.sign_in("administrator")
        wrong += import_registers(read, session.raw, root.apply_import, print, part=options.part)
    return REFUSED if wrong else DONE


def read_files(paths: Iterable[Path], say: Say) -> tuple[list[tuple[Path, bytes, Register]], int]:
    """What could be read, in the order in which registers build on each other; and how many could not."""
    read: list[tuple[Path, bytes, Register]] = []
    wrong = 0
    for path in paths:
        try:
            if not path.is_file():  # a pipe has no end
                raise OSError("no file")
            if path.stat().st_size > MOST_BYTES:
                raise WrongFile("too_large", (("megabytes", path.stat().st_size // 1_000_000),))
            content = path.read_bytes()
            read.append((path, content, read_register(content)))
        except WrongFile as error:
            say(f"{path}: {_why(error)}")
            wrong += 1
        except OSError:
            say(f"{path}: cannot be read.")
            wrong += 1
    return sorted(read, key=lambda r: KINDS.index(r[2].kind)), wrong


def import_registers(
    read: Iterable[tuple[Path, bytes, Register]],
    connect: Callable[[], AbstractContextManager[Any]],
    apply: Apply,
    say: Say,
    *,
    part: bool = False,
) -> int:
    """Each in a transaction of its own. How many did not fit."""
    wrong = 0
    for path, content, register in read:
        try:
            with connect() as connection:
                summary = apply(connection, register, path.name, content, part=part)
        except WrongFile as error:
            say(f"{path}: {_why(error)}")
            wrong += 1
            continue
        say(_line(path, summary))
        for line in finding_lines(summary.findings, feature=summary.kind == "ward_outlines"):
            say(f"    {line}")
    return wrong


def _line(path: Path, summary: ImportSummary) -> str:
    counts = [
        f"{summary.added:,} added",
        f"{summary.changed:,} changed",
        f"{summary.retired:,} retired",
        f"{summary.unchanged:,} unchanged",
    ]
    if summary.refused:
        counts.append(f"{summary.refused:,} refused")
    if summary.passed_over:
        counts.append(f"{summary.passed_over:,} of no concern here")
    return f"{path}: {messages.KINDS[summary.kind]}: {', '.join(counts)}."


def finding_lines(findings: Iterable[Finding], *, feature: bool = False) -> list[str]:
    """One line for each kind of finding, with the first few rows."""
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    word = "feature" if feature else "line"
    lines = []
    for code, same in by_code.items():
        rows = ", ".join(str(f.row) for f in same[:_ROWS_NAMED])
        more = f" and {len(same) - _ROWS_NAMED:,} more" if len(same) > _ROWS_NAMED else ""
        plural = "s" if len(same) > 1 else ""
        left_out = "; left out" if same[0].refused else ""
        lines.append(f"{word}{plural} {rows}{more}: {messages.FINDINGS.get(code, code)}{left_out}")
    return lines


def _why(error: WrongFile) -> str:
    words = messages.SENTENCES.get(f"wrong_file.{error.reason}", error.reason)
    return words.format(**dict(error.facts))
