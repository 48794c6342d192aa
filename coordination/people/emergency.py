"""Emergency access as the record of a person shows it: one's own, while it is in force (R3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from coordination.values import PersonId

Kind = Literal["life_at_risk", "serious_harm", "safeguarding", "urgent_discharge", "cannot_be_asked", "other"]
KINDS: tuple[Kind, ...] = (
    "life_at_risk", "serious_harm", "safeguarding", "urgent_discharge", "cannot_be_asked", "other",
)  # fmt: skip
Shut = Literal["record", "detail"]


@dataclass(frozen=True, slots=True)
class Access:
    """My emergency access to one person's record. ``shut``: what the usual rights keep back."""

    id: UUID
    person_id: PersonId
    shut: Shut
    kind: Kind
    began_at: datetime
    ends_at: datetime

    def left(self, now: datetime) -> timedelta:
        """Never less than nothing."""
        return max(self.ends_at - now, timedelta())
