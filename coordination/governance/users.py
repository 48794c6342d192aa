"""Users and teams, as administrators see and change them. Which rows, and whether, is the database's to say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from coordination.errors import BadValue, BadValues
from coordination.governance.model import ROLES
from coordination.values import TeamId, UserName

LOCALITIES = ("north", "central", "south")
State = Literal["in", "out", "never", "passing", "off"]
_USER_NAME = re.compile(r"[a-z][a-z0-9._-]{1,62}")
# Names that PostgreSQL keeps for itself, or that the database uses for its roles.
_TAKEN = frozenset(
    {*ROLES, "centre_owner", "centre_user", "postgres", "public", "none", "session_user", "current_user"}
)


@dataclass(frozen=True, slots=True)
class UserLine:
    """One login. ``desks``: connections that are open now. ``passing``: the password is one that must be changed."""

    user_name: UserName
    display_name: str
    role: str
    locality: str | None
    team_id: TeamId | None
    team: str
    active: bool
    training: bool
    revision: int
    last_at: datetime | None
    before_at: datetime | None
    refused: int
    passing: bool
    password_set_at: datetime | None
    ended_at: datetime | None
    ended_why: str | None
    connections: int

    @property
    def state(self) -> State:
        """What counts most."""
        if not self.active:
            return "off"
        if self.passing:
            return "passing"
        if self.connections:
            return "in"
        return "never" if self.last_at is None else "out"


@dataclass(frozen=True, slots=True)
class TeamLine:
    """``users``: how many of it may sign in."""

    id: TeamId
    name: str
    service: str
    service_name: str
    locality: str | None
    phone: str
    revision: int
    users: int


@dataclass(frozen=True, slots=True)
class Scope:
    """What can be chosen."""

    teams: tuple[TeamLine, ...]
    services: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class UserDraft:
    """``password``: the first one, which must be changed."""

    user_name: str
    display_name: str
    role: str
    locality: str | None
    team_id: TeamId | None
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UserChange:
    display_name: str
    locality: str | None
    team_id: TeamId | None


@dataclass(frozen=True, slots=True)
class TeamDraft:
    name: str
    service: str
    locality: str | None
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """Before and after: what an undo needs."""

    before: Any
    after: Any


def check_user(draft: UserDraft) -> UserDraft:
    """Raises BadValues by field name."""
    name = draft.user_name.strip().lower()
    problems = _text("display_name", draft.display_name, 120)
    if not _USER_NAME.fullmatch(name):
        problems.append(BadValue("user_name", "user_name_form"))
    elif name in _TAKEN or name.startswith("pg_"):
        problems.append(BadValue("user_name", "user_name_reserved"))
    if draft.role not in ROLES:
        problems.append(BadValue("role", "required"))
    problems += _place(draft.locality)
    if problems:
        raise BadValues(tuple(problems))
    return UserDraft(name, draft.display_name.strip(), draft.role, draft.locality, draft.team_id, draft.password)


def check_change(change: UserChange) -> UserChange:
    """Raises BadValues by field name."""
    problems = [*_text("display_name", change.display_name, 120), *_place(change.locality)]
    if problems:
        raise BadValues(tuple(problems))
    return UserChange(change.display_name.strip(), change.locality, change.team_id)


def check_team(draft: TeamDraft) -> TeamDraft:
    """Raises BadValues by field name."""
    problems = [*_text("name", draft.name, 120), *_place(draft.locality)]
    if not draft.service:
        problems.append(BadValue("service", "required"))
    if len(draft.phone.strip()) > 50:
        problems.append(BadValue("phone", "too_long"))
    if problems:
        raise BadValues(tuple(problems))
    return TeamDraft(draft.name.strip(), draft.service, draft.locality, draft.phone.strip())


def _text(name: str, text: str, most: int) -> list[BadValue]:
    if not text.strip():
        return [BadValue(name, "required")]
    return [BadValue(name, "too_long")] if len(text.strip()) > most else []


def _place(locality: str | None) -> list[BadValue]:
    return [] if locality is None or locality in LOCALITIES else [BadValue("locality", "unknown_choice")]
