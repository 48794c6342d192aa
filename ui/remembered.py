"""Passwords in the operating system's keyring, and nowhere else. Only when somebody asked for it."""

from __future__ import annotations

import contextlib

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


def forget(address: str, user: str) -> None:
    """Drop a kept password; nothing happens when there is none."""
    import keyring
    from keyring.errors import KeyringError

    with contextlib.suppress(KeyringError):
        keyring.delete_password(f"{_SERVICE} {address}", user)
