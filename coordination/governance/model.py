"""Accounts: who may sign in, as what, from where."""

from __future__ import annotations

from dataclasses import dataclass

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
