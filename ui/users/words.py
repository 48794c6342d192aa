"""What the states of logins are called, and how they look."""

from __future__ import annotations

from datetime import datetime

from coordination.governance.users import LOCALITIES, State, TeamLine, UserLine
from ui import wording
from ui.style import tokens

STATES: dict[State, str] = {
    "in": "Signed in",
    "out": "Not signed in",
    "never": "Never came",
    "passing": "First password",
    "off": "Switched off",
}
SHORT: dict[State, str] = {**STATES, "out": "Out", "off": "Off"}
LOOKS: dict[State, tokens.State] = {
    "in": tokens.State("ok", "check"),
    "out": tokens.State("neutral", "circle"),
    "never": tokens.State("neutral", "hourglass"),
    "passing": tokens.State("amber", "key"),
    "off": tokens.State("red", "prohibit"),
}
ENDED = {
    "signed_out": "Signed out everywhere",
    "disabled": "Switched off",
    "password_reset": "Password reset",
    "password_changed": "Password changed",
    "role_changed": "Role changed",
}
PLACES = [(None, "The whole city"), *((code, code.capitalize()) for code in LOCALITIES)]


def place(locality: str | None) -> str:
    return locality.capitalize() if locality else "City"


def last(line: UserLine, now: datetime) -> str:
    return wording.near_time(line.last_at, now) if line.last_at else "Never"


def facts(line: UserLine, now: datetime) -> list[tuple[str, object | None]]:
    """Beside the list."""
    found: list[tuple[str, object | None]] = [
        ("User name", line.user_name), ("Role", wording.role(line.role)), ("Team", line.team or "None"),
        ("Locality", place(line.locality)), ("Signed in", last(line, now)),
        ("Password", password(line, now)),
    ]  # fmt: skip
    if line.refused:
        found.append(("Refused before", wording.count(line.refused, "time")))
    if line.ended_at is not None and line.ended_why in ENDED:
        found.append((ENDED[line.ended_why], wording.near_time(line.ended_at, now)))
    if line.training:
        found.append(("Training", "A login of the training city, with a published password"))
    return found


def password(line: UserLine, now: datetime) -> str:
    """How old it is, and whether it must be changed."""
    if line.passing:
        return "Must be changed when it is used"
    return (
        f"Set {wording.near_time(line.password_set_at, now)}" if line.password_set_at else "Set when the login was made"
    )


def found_by(line: UserLine, typed: str) -> bool:
    """Whether every word that was typed stands somewhere in the line."""
    parts = (line.display_name, line.user_name, wording.role(line.role), line.team, place(line.locality),
             STATES[line.state])  # fmt: skip
    return _holds(" ".join(parts), typed)


def team_found_by(line: TeamLine, typed: str) -> bool:
    """As ``found_by``."""
    return _holds(f"{line.name} {line.service_name} {place(line.locality)} {line.phone}", typed)


def _holds(text: str, typed: str) -> bool:
    folded = text.casefold()
    return all(word in folded for word in typed.casefold().split())
