"""Sheets into files: one PDF a worker and one for the team. A file is whole or not there."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

from coordination.deployment.sheets import SheetData
from coordination.values import WorkerId

Said = Callable[[int, int, str], object]


def write_file(path: Path, content: bytes) -> None:
    """Write beside the target and put it in its place; nothing half-written stays behind, whatever happens."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_sheets(data: SheetData, folder: Path, said: Said = lambda _done, _of, _what: None) -> list[Path]:
    """The team's list and one sheet for each worker who has a visit, as files of ``folder`` (made if need be).

    ``said`` hears of each as it is written: how many are done, of how many, and whose.
    """
    from ui.sheets import pdf

    folder.mkdir(parents=True, exist_ok=True)
    names = _names(data)
    written: list[Path] = []
    whole = len(names)
    for number, (worker, name) in enumerate(names.items()):
        said(number, whole, name)
        content = pdf.team_sheet(data) if worker is None else pdf.worker_sheets(data.of_worker(worker))
        path = folder / f"{name}.pdf"
        write_file(path, content)
        written.append(path)
    said(whole, whole, "")
    return written


def file_name(data: SheetData, who: str) -> str:
    """``2026-11-23 North reablement, Amina Yusuf``, fit for every file system."""
    return plain(f"{data.day.isoformat()} {data.team}, {who}")


def _names(data: SheetData) -> dict[WorkerId | None, str]:
    """A name for each file: None is the team. Two workers of one name are told apart by number."""
    names: dict[WorkerId | None, str] = {None: file_name(data, "team")}
    for sheet in data.workers:
        if not sheet.lines and not sheet.elsewhere:
            continue
        name = file_name(data, sheet.name)
        if name.casefold() in {n.casefold() for n in names.values()}:
            name = file_name(data, f"{sheet.name} ({sheet.worker_id})")
        names[sheet.worker_id] = name
    return names


def plain(name: str) -> str:
    """Without what Windows, macOS or a shell cannot have in a name; letters of every script stay."""
    plain = unicodedata.normalize("NFC", name)
    plain = "".join(c for c in plain if unicodedata.category(c)[0] != "C")
    return re.sub(r'[<>:"/\\|?*]', "-", plain).strip(" .")[:120]
