"""One file of the local store: a head, written twice, and after it sealed records, each added as a whole.

A record that was half written when the power went is passed over, and nothing before it is touched. A byte that
changed on the disk spoils the record in which it lies, is noticed, and spoils no other: each piece begins with a mark
and says its length under a checksum, so that reading finds the next one.
"""

from __future__ import annotations

import json
import os
import struct
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from db.local.wraps import NONCE_BYTES

HEAD, RECORD = b"\x9dLch", b"\x9dLcr"
_MARK = b"\x9dLc"
_FRAME = struct.Struct(">4sQI")  # what it is, its number, the length of its body
_SUM = struct.Struct(">I")
FRAME_BYTES = _FRAME.size + _SUM.size
VERSION = 1


@dataclass(frozen=True, slots=True)
class Frame:
    """A piece of a file as it lies there; the body is not looked into."""

    what: bytes
    number: int
    body: bytes


@dataclass(slots=True)
class Read:
    """What could be read of a file. ``head`` None: neither of the two heads can be read."""

    head: dict[str, Any] | None = None
    payloads: list[Any] = field(default_factory=list)
    lost: int = 0
    """records that were there whole and cannot be read any more"""


def frame(what: bytes, number: int, body: bytes) -> bytes:
    begin = _FRAME.pack(what, number, len(body))
    return begin + _SUM.pack(zlib.crc32(begin)) + body


def head_frames(head: dict[str, Any]) -> bytes:
    """The head, twice: if one is spoilt, the file still opens."""
    body = json.dumps(head, sort_keys=True).encode("ascii")
    return frame(HEAD, 0, body + _SUM.pack(zlib.crc32(body))) * 2


def seal(key: bytes, file_id: str, number: int, payload: Any) -> bytes:
    """A record. Its place in the file is sealed with it, so that records cannot change places."""
    nonce = os.urandom(NONCE_BYTES)
    content = json.dumps(payload, separators=(",", ":")).encode("ascii")
    return frame(RECORD, number, nonce + AESGCM(key).encrypt(nonce, content, _place(file_id, number)))


def _place(file_id: str, number: int) -> bytes:
    return f"{file_id}:{number}".encode("ascii")


def read_head(content: bytes) -> dict[str, Any] | None:
    """The first head that is whole."""
    for piece in frames(content):
        if isinstance(piece, Frame) and piece.what == HEAD:
            body, given = piece.body[: -_SUM.size], piece.body[-_SUM.size :]
            if given == _SUM.pack(zlib.crc32(body)):
                head: dict[str, Any] = json.loads(body)
                return head
    return None


def read_records(content: bytes, key: bytes, file_id: str) -> Read:
    """All that can be read, in order."""
    found = Read(head=read_head(content))
    seen: set[int] = set()
    highest, bad_tail = 0, False
    for piece in frames(content):
        bad_tail = not isinstance(piece, Frame)
        if not isinstance(piece, Frame) or piece.what != RECORD:
            continue
        payload = _unsealed(piece, key, file_id)
        if payload is not None and piece.number not in seen and piece.number >= highest:
            seen.add(piece.number)
            found.payloads.append(payload)
        highest = max(highest, piece.number)
    found.lost = len(set(range(1, highest + 1)) - seen) + bad_tail
    return found


def _unsealed(piece: Frame, key: bytes, file_id: str) -> Any:
    nonce, sealed = piece.body[:NONCE_BYTES], piece.body[NONCE_BYTES:]
    try:
        return json.loads(AESGCM(key).decrypt(nonce, sealed, _place(file_id, piece.number)))
    except (InvalidTag, ValueError):
        return None


def frames(content: bytes) -> Iterator[Frame | None]:
    """The pieces of a file in order; None for a stretch that is spoilt. One half written at the end is no piece."""
    at = 0
    while at < len(content):
        begin = _begin(content, at)
        if begin is None:
            spoilt = len(content) - at >= FRAME_BYTES
            at = _next(content, at + 1)
            if spoilt or at < len(content):
                yield None
            continue
        what, number, length = begin
        end = at + FRAME_BYTES + length
        if end <= len(content):
            yield Frame(what, number, content[at + FRAME_BYTES : end])
            at = end
        else:  # cut off while it was written; or, of a write that failed and was done again, followed by others
            at = _next(content, at + 1)


def _begin(content: bytes, at: int) -> tuple[bytes, int, int] | None:
    begin = content[at : at + FRAME_BYTES]
    if len(begin) < FRAME_BYTES or begin[_FRAME.size :] != _SUM.pack(zlib.crc32(begin[: _FRAME.size])):
        return None
    what, number, length = _FRAME.unpack(begin[: _FRAME.size])
    return (what, number, length) if what in (HEAD, RECORD) else None


def _next(content: bytes, at: int) -> int:
    """Where the next piece begins; the end when there is none."""
    while True:
        at = content.find(_MARK, at)
        if at < 0:
            return len(content)
        if _begin(content, at) is not None:
            return at
        at += 1


class Log:
    """A file that is written to. Each ``add`` is on the disk when it returns; one that fails leaves nothing behind."""

    def __init__(self, path: Path, file_id: str, key: bytes, head: dict[str, Any]) -> None:
        """A new file, which must not be there yet. Raises OSError."""
        self.path, self.file_id, self.head = path, file_id, head
        self._key, self._number, self.size = key, 0, 0
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        self._file = os.open(path, flags, 0o600)
        try:
            self._write(head_frames(head))
            sync_folder(path.parent)
        except OSError:
            self.close()
            raise

    def add(self, payload: Any) -> None:
        """Raises OSError."""
        self._write(seal(self._key, self.file_id, self._number + 1, payload))
        self._number += 1

    def _write(self, content: bytes) -> None:
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(self._file, rest) :]
            sync(self._file)
        except OSError:
            self._take_back()
            raise
        self.size += len(content)

    def _take_back(self) -> None:
        """The beginning of a record that could not be written whole; were it to stay, reading would pass over it."""
        try:
            os.ftruncate(self._file, self.size)
            os.lseek(self._file, self.size, os.SEEK_SET)
        except OSError:
            self.size = os.lseek(self._file, 0, os.SEEK_END)

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def open_again(self) -> None:
        """After ``close``, to add more. Raises OSError."""
        self._file = os.open(self.path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))

    def move_to(self, path: Path) -> None:
        """Take the place of another file, which nobody may have open. Raises OSError."""
        self.close()  # an open file keeps its name on Windows
        try:
            self.path = self.path.replace(path)
            sync_folder(path.parent)
        finally:
            self.open_again()


def sync(file: int) -> None:
    """To the disk itself, and not only to its cache where the system tells the two apart."""
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(file, fcntl.F_FULLFSYNC)
    else:
        os.fsync(file)


def sync_folder(folder: Path) -> None:
    """The name of a new file, too, must outlive the machine. Windows sees to that by itself."""
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
