"""Visits of a person: the list, what they recur by, and the form in which they are planned and changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from coordination.values import PersonId

WRITERS = frozenset({"care_coordinator", "team_lead"})  # for screens; the database decides


@dataclass(frozen=True)
class VisitsOf:
    """What to show of a person's visits: the list, and beside it a new visit, a new pattern, or one for an action."""

    person: PersonId
    begin: Literal["", "visit", "pattern"] = ""
    action: UUID | None = None
