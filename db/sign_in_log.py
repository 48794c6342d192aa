"""Refused and accepted passwords, read from the log that a shared server writes as JSON.

Whoever tries to sign in types the name that stands there, so nothing of a line is believed but its place in the
server's own JSON. A line that is not understood is passed over, and of one that is too long only the end is looked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import BinaryIO

from coordination.governance.lock_out import Try

LOGIN = re.compile(r"[A-Za-z_][A-Za-z0-9._-]{0,62}")
"""Names that are ever written into a file of the server's. Those that this program makes are of this kind."""
LONGEST_LINE = 64 * 1024  # bytes; the server cuts names at 63
_REFUSED = "28P01"
_FITTED = ("connection authenticated:", "connection authorized:")  # with lc_messages = C, as prepare-server sets it
_MARKS = (_REFUSED.encode(), *(words.encode() for words in _FITTED))
_ZONES = {"UTC": 0, "GMT": 0, "BST": 1}
_ZONE = re.compile(r"([+-]\d\d)(\d\d)?")


class NoLog(Exception):
    """The server writes no log as JSON, or none that can be found."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a file was read, in bytes. ``inode``: which file it was, because rotation uses names again."""

    inode: int
    offset: int


def read(data: Path, places: dict[str, Place], since: datetime) -> Iterator[Try]:
    """What is new in the log of the server whose data folder is ``data``, the oldest file first. ``places`` is brought
    up to date at the end; a file that was not written to after ``since`` is left out. Raises NoLog, OSError."""
    now_there: dict[str, Place] = {}
    for file in _files(data, since):
        found, was = file.stat(), places.get(file.name)
        same = was is not None and was.inode == found.st_ino and was.offset <= found.st_size
        offset = was.offset if was is not None and same else 0
        if offset < found.st_size:
            with file.open("rb") as log:
                log.seek(offset)
                for line in _lines(log):
                    offset = log.tell()
                    one = understood(line)
                    if one is not None:
                        yield one
        now_there[file.name] = Place(found.st_ino, offset)
    places.clear()
    places.update(now_there)


def understood(line: bytes) -> Try | None:
    """One line of the log; None where it is about something else, or cannot be understood."""
    if not any(mark in line for mark in _MARKS):
        return None
    try:
        entry = json.loads(line.decode())
        fitted = entry["message"].startswith(_FITTED) and entry["error_severity"] == "LOG"
        if not fitted and (entry.get("state_code"), entry["error_severity"]) != (_REFUSED, "FATAL"):
            return None
        login, detail = entry["user"], entry.get("detail", "")
        known = LOGIN.fullmatch(login) is not None and not detail.startswith(f'Role "{login}" does not exist.')
        return Try(
            f"{entry['session_id']}.{entry['line_num']}",
            _moment(entry["timestamp"]),
            login if LOGIN.fullmatch(login) else "?" + sha256(login.encode("utf-8", "surrogatepass")).hexdigest()[:16],
            str(ip_address(entry["remote_host"].partition("%")[0])),
            fitted,
            known,
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None


def _moment(said: str) -> datetime:
    """Raises ValueError for a zone whose name says no offset: prepare-server asks for UTC."""
    day, clock, zone = said.split(" ")
    numbers = _ZONE.fullmatch(zone)
    if numbers is not None:
        hours, minutes = int(numbers[1]), int(numbers[1][0] + (numbers[2] or "0"))
    elif zone in _ZONES:
        hours, minutes = _ZONES[zone], 0
    else:
        raise ValueError(zone)
    local = datetime.fromisoformat(f"{day}T{clock}")
    return local.replace(tzinfo=timezone(timedelta(hours=hours, minutes=minutes))).astimezone(UTC)


def _lines(log: BinaryIO) -> Iterator[bytes]:
    """Whole lines. One that is too long comes in pieces, so that nobody waits for its end: all but the last of them as
    empty lines. The last is no JSON, because within a string of the server's no quotation mark stands bare."""
    while piece := log.readline(LONGEST_LINE):
        whole = piece.endswith(b"\n")
        if not whole and len(piece) < LONGEST_LINE:
            return
        yield piece if whole else b""


def _files(data: Path, since: datetime) -> list[Path]:
    """Those of the folder that the server writes to now."""
    try:
        said = (data / "current_logfiles").read_text("utf-8", "replace")
    except FileNotFoundError:
        raise NoLog from None
    current = next((line.partition(" ")[2] for line in said.splitlines() if line.startswith("jsonlog ")), None)
    if current is None:
        raise NoLog
    written = {file: file.stat().st_mtime for file in (data / current).parent.glob("*.json") if file.is_file()}
    late = [file for file, at in written.items() if at > since.timestamp()]
    return sorted(late, key=lambda file: (written[file], file.name))
