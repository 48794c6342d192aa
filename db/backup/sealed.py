"""A file that only a passphrase opens, written and read as a stream.

A line of JSON says how the key is derived (scrypt) and with which salt. Pieces of up to 1 MiB follow, each with its
length and sealed by AES-256-GCM. A piece is bound to its place and to that line, and the last one says that it is the
last: a file that was cut off, put together anew or altered does not open.
"""

from __future__ import annotations

import io
import json
import os
import struct
from collections.abc import Iterator, Mapping
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from coordination.errors import BackupDamaged

MAGIC = b"CENTRE-BACKUP-1\n"
PIECE = 1024 * 1024
COST = {"n": 2**17, "r": 8, "p": 1}  # 128 MB and about half a second for each guess
_LONGEST = 2**29  # bytes that a derivation may take, whatever a file asks
_LENGTH = struct.Struct(">I")
_MORE, _LAST = b"more", b"last"


class Writer(io.RawIOBase):
    """Seals what is written to it. Without :meth:`finish` the file stays one that nobody can open."""

    def __init__(self, file: IO[bytes], passphrase: str, cost: Mapping[str, int] = COST) -> None:
        how = {**cost, "salt": os.urandom(16).hex()}
        self._head = MAGIC + json.dumps(how).encode() + b"\n"
        self._lock = AESGCM(_key(passphrase, how))
        self._file, self._waiting, self._number = file, bytearray(), 0
        file.write(self._head)

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._waiting += content
        while len(self._waiting) > PIECE:
            self._piece(bytes(self._waiting[:PIECE]), _MORE)
            del self._waiting[:PIECE]
        return len(content)

    def finish(self) -> None:
        """The last piece, and everything on the disk."""
        self._piece(bytes(self._waiting), _LAST)
        self._file.flush()
        os.fsync(self._file.fileno())

    def _piece(self, content: bytes, which: bytes) -> None:
        sealed = self._lock.encrypt(_nonce(self._number), content, self._head + which)
        self._file.write(_LENGTH.pack(len(sealed)) + sealed)
        self._number += 1


def pieces(file: IO[bytes], passphrase: str) -> Iterator[bytes]:
    """What was written, piece by piece, each known to be whole and in its place. Raises BackupDamaged."""
    if file.read(len(MAGIC)) != MAGIC:
        raise BackupDamaged("foreign")
    line = file.readline(1000)
    lock = AESGCM(_key(passphrase, _read_cost(line)))
    number, last = 0, False
    while not last:
        length = file.read(_LENGTH.size)
        if len(length) < _LENGTH.size:
            raise BackupDamaged("cut_off")
        size = _LENGTH.unpack(length)[0]
        sealed = file.read(size) if size <= PIECE + 16 else b""
        if len(sealed) < size:
            raise BackupDamaged("cut_off")
        content, last = _opened(lock, number, sealed, MAGIC + line)
        number += 1
        yield content
    if file.read(1):
        raise BackupDamaged("foreign")


def _opened(lock: AESGCM, number: int, sealed: bytes, head: bytes) -> tuple[bytes, bool]:
    for which in (_MORE, _LAST):
        try:
            return lock.decrypt(_nonce(number), sealed, head + which), which == _LAST
        except InvalidTag:
            continue
    raise BackupDamaged("closed")


def _read_cost(line: bytes) -> dict[str, Any]:
    try:
        how = json.loads(line)
        n, r, p, salt = int(how["n"]), int(how["r"]), int(how["p"]), bytes.fromhex(how["salt"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise BackupDamaged("foreign") from None
    sound = n > 1 and n & (n - 1) == 0 and r >= 1 and 128 * n * r <= _LONGEST and 1 <= p <= 4
    if not sound or len(salt) != 16:
        raise BackupDamaged("foreign")
    return {"n": n, "r": r, "p": p, "salt": salt.hex()}


def _key(passphrase: str, how: dict[str, Any]) -> bytes:
    scrypt = Scrypt(salt=bytes.fromhex(how["salt"]), length=32, n=how["n"], r=how["r"], p=how["p"])
    return scrypt.derive(passphrase.encode())


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")  # the key is this file's alone: a number is enough
