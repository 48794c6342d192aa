"""Where somebody begins."""

from __future__ import annotations

from typing import Any

FIRST_PAGE = {
    "placement_coordinator": "apartments",
    "trusted_assessor": "people",
    "manager": "people",
    "ig_lead": "people",
    "administrator": "users",
}


def first_page_of(session: Any) -> str:
    """Where somebody begins. It may ask the database."""
    return FIRST_PAGE.get(session.actor.role) or _board_of(session) or "queue"


def _board_of(session: Any) -> str | None:
    """A team lead begins on the board of the team."""
    actor = session.actor
    if actor.role != "team_lead" or actor.team_id is None:
        return None
    team = next((t for t in session.services.deployment.teams() if t.id == actor.team_id), None)
    return (
        {"district_nursing": "nursing", "equipment": "deliveries"}.get(team.service, "reablement")
        if team is not None
        else None
    )
