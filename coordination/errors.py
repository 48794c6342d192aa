"""Errors that carry data, not sentences. ``ui/messages.py`` turns them into words.

``str()`` of any of them holds codes and ids only: it is safe in a log. They are compared by their data, and not
frozen, because Python itself writes to an exception that passes through a ``with``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


class CoordinationError(Exception):
    """Whatever the centre foresees going wrong."""


@dataclass(unsafe_hash=True)
class BadValue(CoordinationError):
    """A field holds something that cannot be. ``reason`` is a code known to ui/messages.py."""

    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"


@dataclass(unsafe_hash=True)
class BadValues(CoordinationError):
    """Several fields at once, so that a form can mark each of them."""

    problems: tuple[BadValue, ...]

    def __str__(self) -> str:
        return "; ".join(map(str, self.problems))


@dataclass(unsafe_hash=True)
class NotFound(CoordinationError):
    area: str
    key: str

    def __str__(self) -> str:
        return f"{self.area} {self.key} not found"


@dataclass(unsafe_hash=True)
class Conflict(CoordinationError):
    """Somebody saved first. ``current`` is the record as it stands now, to show beside one's own."""

    area: str
    key: str
    seen: int
    current: Any = field(repr=False)

    def __str__(self) -> str:
        return f"{self.area} {self.key}: revision {self.seen} is stale"


@dataclass(unsafe_hash=True)
class AlreadyClaimed(CoordinationError):
    """E5: whoever claims second is told who has it."""

    key: str
    by: str
    by_name: str
    since: datetime

    def __str__(self) -> str:
        return f"referral {self.key} is claimed by {self.by}"


@dataclass(unsafe_hash=True)
class IllegalMove(CoordinationError):
    """A state that cannot follow the present one."""

    area: str
    state: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.area}: {self.state} -> {self.wanted}"


@dataclass(frozen=True)
class Obstacle:
    """One thing in the way: a code for ui/messages.py and the facts that the sentence needs."""

    code: str
    facts: tuple[tuple[str, Any], ...] = ()

    def fact(self, name: str) -> Any:
        return dict(self.facts)[name]


def obstacle(code: str, **facts: Any) -> Obstacle:
    return Obstacle(code, tuple(facts.items()))


@dataclass(unsafe_hash=True)
class Refused(CoordinationError):
    """An action with obstacles in its way: a busy worker, an occupied apartment, a missing skill."""

    action: str
    obstacles: tuple[Obstacle, ...]

    def __str__(self) -> str:
        return f"{self.action} refused: " + ", ".join(o.code for o in self.obstacles)


@dataclass(unsafe_hash=True)
class NotAllowed(CoordinationError):
    """The database says that this login may not do that."""

    action: str = ""

    def __str__(self) -> str:
        return f"not allowed: {self.action}"


@dataclass(unsafe_hash=True)
class AlreadyExists(CoordinationError):
    """A unique fact is taken. ``constraint`` is the database's name for it."""

    constraint: str

    def __str__(self) -> str:
        return f"already exists: {self.constraint}"


@dataclass(unsafe_hash=True)
class BrokenRule(CoordinationError):
    """A constraint or trigger refused a row. A service that knows the constraint explains it as Refused."""

    constraint: str
    detail: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"refused by {self.constraint}"


class CannotOpen(CoordinationError):
    """The database cannot be opened or must not be written to; ``obstacle`` says why."""

    @property
    def obstacle(self) -> Obstacle:
        """What is in the way, as a code and facts for the sentence."""
        raise NotImplementedError


class TooBusy(CoordinationError):
    """The database could not do it in time, or two transactions blocked each other. Nothing was saved; try again."""


class NoRoom(TooBusy):
    """The server has no room left on its disk, or no memory. Nothing was saved; it can be sent again when it has."""


class SignInFailed(CoordinationError):
    """Wrong user name or password, or the login may not enter."""


class LoginDisabled(SignInFailed):
    """The password fits, and an administrator has switched the login off."""


class PasswordMustChange(SignInFailed):
    """The password fits. Somebody else gave it, so it is good for choosing another and for nothing more."""


class NoPassword(SignInFailed):
    """A password is needed, and nobody was there to ask: no terminal, and nothing on standard input."""


class DatabaseAway(CoordinationError):
    """No connection, or it died. A commit under way has an unknown outcome: send it again."""


class LockedOut(DatabaseAway):
    """The server answers, and lets this login in from this address no more for a while, whatever the password. Sessions
    that stand are not touched: to whoever has one it is as if the server were away."""


class StandbyOnly(DatabaseAway):
    """The only server that answers is a standby: it can be read from, and takes nothing in."""


@dataclass(unsafe_hash=True)
class BackupDamaged(CoordinationError):
    """``why``: ``foreign`` (no backup), ``cut_off`` (not whole), ``closed`` (altered, or another passphrase)."""

    why: str

    def __str__(self) -> str:
        return f"backup {self.why}"


@dataclass(unsafe_hash=True)
class BackupFailed(CoordinationError):
    """A program that takes or restores backups ended with an error. What it said is not kept: it may name rows."""

    program: str
    code: int

    def __str__(self) -> str:
        return f"{self.program} ended with {self.code}"
