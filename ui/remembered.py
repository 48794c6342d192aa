"""Passwords in the operating system's keyring, and nowhere else. Only when somebody asked for it."""

from __future__ import annotations

import base64
import binascii
import contextlib
from collections.abc import Callable

_SERVICE = "coordination-centre"


def can_remember() -> bool:
    """Whether this computer has a keyring that is not a plain file."""
    import keyring
    from keyring.backends import fail, null

    backend = keyring.get_keyring()
    plain = type(backend).__module__.startswith("keyrings.alt")
    return not plain and not isinstance(backend, fail.Keyring | null.Keyring)


def remember(address: str, user: str, password: str) -> bool:
    """Keep a password; False where there is no keyring to keep it in."""
    import keyring
    from keyring.errors import KeyringError

    if not can_remember():
        return False
    try:
        keyring.set_password(f"{_SERVICE} {address}", user, password)
    except KeyringError:
        return False
    return True


def replace(address: str, user: str, password: str) -> None:
    """The new one in the place of one that was kept; nothing where none was."""
    if recall(address, user) is not None:
        remember(address, user, password)


def recall(address: str, user: str) -> str | None:
    """A password kept earlier, or None."""
    import keyring
    from keyring.errors import KeyringError

    if not can_remember():
        return None
    try:
        return keyring.get_password(f"{_SERVICE} {address}", user)
    except KeyringError:
        return None


def draft_key(address: str, user: str) -> tuple[Callable[[], bytes | None], Callable[[bytes], bool] | None]:
    """Ways to the key of the drafts: to read it, and to keep it. It is kept only beside a password that the user asked
    this computer to remember: for anybody else it would open what the password keeps closed."""
    drafts = f"{address} drafts"

    def read() -> bytes | None:
        kept = recall(drafts, user)
        try:
            return base64.b64decode(kept, validate=True) if kept else None
        except binascii.Error:
            return None

    def keep(key: bytes) -> bool:
        return remember(drafts, user, base64.b64encode(key).decode("ascii"))

    return read, keep if recall(address, user) is not None else None


def forget(address: str, user: str) -> None:
    """Drop a kept password, and the key of the drafts with it; nothing happens when there is none."""
    import keyring
    from keyring.errors import KeyringError

    for name in (address, f"{address} drafts"):
        with contextlib.suppress(KeyringError):
            keyring.delete_password(f"{_SERVICE} {name}", user)
