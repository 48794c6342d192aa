"""As much of SCRAM-SHA-256 as the supervisor needs: a verifier to store, the salt of an account that is not there."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

_ITERATIONS = 4096
_SALT_BYTES = 16


def new_password() -> str:
    """192 random bits in plain ASCII, so that SASLprep leaves it as it is."""
    return secrets.token_urlsafe(24)


def verifier(password: str) -> str:
    """What the server keeps for ``password`` (ASCII). Sent in its place it keeps the password out of files, logs."""
    salt = secrets.token_bytes(_SALT_BYTES)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, _ITERATIONS)
    client = hmac.digest(salted, b"Client Key", "sha256")
    server = hmac.digest(salted, b"Server Key", "sha256")
    stored = hashlib.sha256(client).digest()
    return f"SCRAM-SHA-256${_ITERATIONS}:{_b64(salt)}${_b64(stored)}:{_b64(server)}"


def mock_salt(user: str, nonce: bytes) -> bytes:
    """The salt that a cluster with this mock authentication nonce answers for a ``user`` that it does not have
    (``scram_mock_salt`` in auth-scram.c): the same at each asking, and different for every cluster."""
    return hashlib.sha256(user.encode("utf-8") + nonce).digest()[:_SALT_BYTES]


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
