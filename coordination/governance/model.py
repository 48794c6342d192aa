"""Accounts: who may sign in, as what, from where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from coordination.values import TeamId, UserName

ROLES = (
    "care_coordinator",
    "placement_coordinator",
    "team_lead",
    "trusted_assessor",
    "manager",
    "ig_lead",
    "administrator",
)


@dataclass(frozen=True, slots=True)
class Account:
    """One login. Each has exactly one role: one role a session."""

    user_name: UserName
    display_name: str
    role: str
    locality: str | None
    team_id: TeamId | None
    active: bool
    training: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a login stands, as the database says to whoever has its password. ``ended_*``: sessions that began before
    ``ended_at`` are over, and why: ``signed_out``, ``disabled``, ``password_reset``, ``password_changed``,
    ``role_changed``."""

    state: Literal["good", "temporary", "disabled", "without_role", "unknown"]
    at: datetime
    ended_at: datetime | None = None
    ended_why: str | None = None
    ended_by: str | None = None

    def is_over(self, began: datetime) -> bool:
        """Whether a session that began then is to end."""
        return self.state != "good" or (self.ended_at is not None and self.ended_at > began)
