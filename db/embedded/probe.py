"""Knock at a port and learn whether *this* cluster answers.

A start-up for an account that no cluster has begins a SCRAM exchange, and the salt in the answer is made from a random
number in the cluster's own ``pg_control``. So a reused port or pid fools nobody, no password is needed, and the server
logs nothing because the exchange is dropped before it fails.
"""

from __future__ import annotations

import base64
import re
import secrets
import socket
import struct
import subprocess
from enum import Enum
from pathlib import Path

from db.embedded.programs import program
from db.embedded.runner import environment
from db.embedded.scram import mock_salt

HOST = "127.0.0.1"
_NOBODY = "centre_who_is_there"
_PROTOCOL = 3 << 16
_SASL, _SASL_CONTINUE = struct.pack("!i", 10), struct.pack("!i", 11)
_LONGEST = 8192


class Answer(Enum):
    THIS = "this cluster"
    FULL = "a server without a free connection: it does not say which"
    OTHER = "another server, or one that takes nobody yet"
    NOBODY = "no answer, or not that of a PostgreSQL server"


def nonce_of(cluster: Path) -> bytes | None:
    """The cluster's mock authentication nonce, or None when ``pg_control`` cannot be read."""
    done = subprocess.run(  # noqa: S603  our own program, no shell
        [program("pg_controldata"), "-D", cluster],
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    found = re.search(rb"^Mock authentication nonce:\s*([0-9a-f]{64})\s*$", done.stdout, re.MULTILINE)
    return bytes.fromhex(found[1].decode("ascii")) if found else None


def knock(port: int, nonce: bytes, timeout: float = 2.0) -> Answer:
    """Who listens at ``port`` of this machine. Waits ``timeout`` seconds at most for each step."""
    try:
        with socket.create_connection((HOST, port), timeout) as line:
            kind, body = _ask(line, _startup())
            if kind == b"R" and body[:4] == _SASL:
                kind, body = _ask(line, _first_message())
    except (OSError, ValueError):
        return Answer.NOBODY
    if kind == b"E" and b"\0C53300\0" in body:
        return Answer.FULL
    if kind != b"R" or body[:4] != _SASL_CONTINUE:
        return Answer.OTHER
    salt = re.search(rb",s=([A-Za-z0-9+/=]+),", body)
    same = salt is not None and salt[1] == base64.b64encode(mock_salt(_NOBODY, nonce))
    return Answer.THIS if same else Answer.OTHER


def _startup() -> bytes:
    body = struct.pack("!i", _PROTOCOL) + b"user\0" + _NOBODY.encode("ascii") + b"\0\0"
    return struct.pack("!i", len(body) + 4) + body


def _first_message() -> bytes:
    first = b"n,,n=,r=" + secrets.token_urlsafe(18).encode("ascii")
    body = b"SCRAM-SHA-256\0" + struct.pack("!i", len(first)) + first
    return b"p" + struct.pack("!i", len(body) + 4) + body


def _ask(line: socket.socket, message: bytes) -> tuple[bytes, bytes]:
    line.sendall(message)
    head = _read(line, 5)
    length = struct.unpack("!i", head[1:])[0] - 4
    if not 0 <= length <= _LONGEST:
        raise ValueError("not a PostgreSQL server")
    return head[:1], _read(line, length)


def _read(line: socket.socket, count: int) -> bytes:
    taken = b""
    while len(taken) < count:
        more = line.recv(count - len(taken))
        if not more:
            raise ValueError("closed")
        taken += more
    return taken
