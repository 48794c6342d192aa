"""Sheets into files: one PDF a worker and one for the team, a calendar a worker. A file is whole or not there, and
only whoever made it can read it."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from coordination.deployment.sheets import SheetData, WorkerSheet
from coordination.values import WorkerId

Said = Callable[[int, int, str], object]
_OWN_FILE, _OWN_FOLDER = 0o600, 0o700
_LONGEST_NAME = 220  # bytes; file systems take 255, and an ending comes behind it
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]) *(\..*)?", re.IGNORECASE)  # Windows, in each folder


def write_file(path: Path, content: bytes) -> None:
    """Write beside the target and put it in its place; nothing half-written stays behind, whatever happens."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _OWN_FILE)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_sheets(
    data: SheetData,
    folder: Path,
    said: Said = lambda _done, _of, _what: None,
    *,
    by_name: bool = True,
    team: bool = True,
) -> list[Path]:
    """The team's list and one sheet for each worker who has a visit, as files of ``folder`` (made if need be).

    ``said`` hears of each as it is written: how many are done, of how many, and whose. ``by_name`` False: files are
    named by the worker's number, so that a folder tells nobody's name.
    """
    from ui.sheets import pdf

    make_folder(folder)
    names = _names(data, by_name, team)
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


def write_calendars(data: SheetData, folder: Path, *, by_name: bool = True) -> list[Path]:
    """A calendar file for each worker who has, or had, a visit of the published day. None of a draft."""
    from coordination.deployment.calendars import calendar_of

    if data.edition is None:
        return []
    make_folder(folder)
    written = []
    for worker, name in _names(data, by_name, team=False).items():
        path = folder / f"{name}.ics"
        write_file(path, calendar_of(data, next(w for w in data.workers if w.worker_id == worker)))
        written.append(path)
    return written


def make_folder(folder: Path) -> None:
    """A folder that is made here is its owner's; one that is there stays as it is."""
    if not folder.is_dir():
        folder.mkdir(mode=_OWN_FOLDER, parents=True, exist_ok=True)


def file_name(data: SheetData, who: str) -> str:
    """``2026-11-23 North reablement, Amina Yusuf``, fit for every file system."""
    only = ", changes" if data.only_changes else ""
    return plain(f"{data.day.isoformat()} {data.team}, {who}{only}")


def _out(data: SheetData) -> Iterator[WorkerSheet]:
    return (sheet for sheet in data.workers if sheet.lines or sheet.elsewhere)


def _names(data: SheetData, by_name: bool, team: bool) -> dict[WorkerId | None, str]:
    """A name for each file: None is the team. Two workers of one name are told apart by number."""
    names: dict[WorkerId | None, str] = {None: file_name(data, "team")} if team else {}
    for sheet in _out(data):
        name = file_name(data, sheet.name if by_name else f"worker {sheet.worker_id}")
        if name.casefold() in {n.casefold() for n in names.values()}:
            name = file_name(data, f"{sheet.name} ({sheet.worker_id})")
        if name.casefold() in {n.casefold() for n in names.values()}:  # so long that the number was cut off
            name = file_name(data, f"worker {sheet.worker_id}")
        names[sheet.worker_id] = name
    return names


def plain(name: str) -> str:
    """Without what Windows, macOS or a shell cannot have in a name; letters of every script stay."""
    plain = re.sub(r"\s", " ", unicodedata.normalize("NFC", name))
    plain = "".join(c for c in plain if unicodedata.category(c)[0] != "C")
    plain = re.sub(r'[<>:"/\\|?*]', "-", plain).strip(" .")
    plain = plain[:120].encode()[:_LONGEST_NAME].decode(errors="ignore").strip(" .") or "unnamed"
    return f"_{plain}" if _DEVICE.fullmatch(plain) else plain
