"""Keys. Each file has a random key of its own, kept in its head under a lock or two: the password, and the keyring's.

From the password a key is derived by scrypt, with what OWASP asks for; it opens the file where there is no keyring. The
keyring's key stands for the day after the password was changed.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

KEY_BYTES, NONCE_BYTES, SALT_BYTES = 32, 12, 16
_MOST_LOCKS = 4  # of one file: each password one costs half a second
_PURPOSE = b"coordination-centre local store"


@dataclass(frozen=True, slots=True)
class Vault:
    """The operating system's keyring. ``keep`` is None where nothing may be put in (the user did not ask for it)."""

    read: Callable[[], bytes | None]
    keep: Callable[[bytes], object] | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """Of scrypt: memory is 128 · n · r bytes."""

    n: int = 2**17
    r: int = 8
    p: int = 1


class Locks:
    """What opens and seals the keys of files: derived once for each salt, forgotten with this object."""

    def __init__(self, password: str, vault: Vault | None = None, cost: Cost | None = None) -> None:
        self._password = password.encode("utf-8", "surrogatepass")
        self._cost = cost or Cost()
        self._derived: dict[tuple[bytes, Cost], bytes] = {}
        self._salt: bytes | None = None
        self._vault = _read(vault)
        if self._vault is None and vault is not None and vault.keep is not None:
            fresh = os.urandom(KEY_BYTES)
            self._vault = fresh if vault.keep(fresh) else None

    def wrap(self, key: bytes, file_id: str) -> list[dict[str, Any]]:
        """The key of a file, under each lock there is."""
        if self._salt is None:
            self._salt = os.urandom(SALT_BYTES)
        cost = self._cost
        by = {"by": "password", "salt": _text(self._salt), "n": cost.n, "r": cost.r, "p": cost.p}
        wraps = [{**by, "sealed": _text(_seal(self._derive(self._salt, cost), key, file_id))}]
        if self._vault is not None:
            wraps.append({"by": "keyring", "sealed": _text(_seal(self._vault, key, file_id))})
        return wraps

    def unwrap(self, wraps: list[Mapping[str, Any]], file_id: str) -> bytes | None:
        """The key of a file, or None when no lock opens. Raises ValueError, KeyError, TypeError for what is no wrap."""
        if len(wraps) > _MOST_LOCKS:
            raise ValueError("more locks than a file has")
        for wrap in sorted(wraps, key=lambda wrap: wrap["by"] != "keyring"):  # the keyring's costs nothing
            sealed = _bytes(wrap["sealed"])
            if wrap["by"] == "keyring" and self._vault is not None:
                key = _open(self._vault, sealed, file_id)
            elif wrap["by"] == "password":
                key = self._by_password(wrap, sealed, file_id)
            else:
                continue
            if key is not None:
                return key
        return None

    def password_opens(self, wraps: list[Mapping[str, Any]], file_id: str) -> bool:
        """Whether the password itself does."""
        return any(
            self._by_password(wrap, _bytes(wrap["sealed"]), file_id) is not None
            for wrap in wraps
            if wrap["by"] == "password"
        )

    def _by_password(self, wrap: Mapping[str, Any], sealed: bytes, file_id: str) -> bytes | None:
        cost = Cost(int(wrap["n"]), int(wrap["r"]), int(wrap["p"]))
        salt = _bytes(wrap["salt"])
        if not _bearable(cost):
            raise ValueError("a derivation that costs too much")
        key = _open(self._derive(salt, cost), sealed, file_id)
        if key is not None and self._salt is None and cost == self._cost:
            self._salt = salt  # the next file takes the same: one derivation a sign-in
        return key

    def _derive(self, salt: bytes, cost: Cost) -> bytes:
        if (salt, cost) not in self._derived:
            made = Scrypt(salt=salt, length=KEY_BYTES, n=cost.n, r=cost.r, p=cost.p).derive(self._password)
            self._derived[salt, cost] = made
        return self._derived[salt, cost]


def _read(vault: Vault | None) -> bytes | None:
    kept = vault.read() if vault is not None else None
    return kept if kept is not None and len(kept) == KEY_BYTES else None


def _bearable(cost: Cost) -> bool:
    power = cost.n >= 2 and cost.n & (cost.n - 1) == 0
    return (
        power and cost.r >= 1 and cost.p >= 1 and 128 * cost.n * cost.r <= 2**29 and cost.n * cost.r * cost.p <= 2**23
    )


def _seal(lock: bytes, key: bytes, file_id: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(lock).encrypt(nonce, key, _PURPOSE + file_id.encode())


def _open(lock: bytes, sealed: bytes, file_id: str) -> bytes | None:
    try:
        return AESGCM(lock).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _PURPOSE + file_id.encode())
    except InvalidTag:
        return None


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
