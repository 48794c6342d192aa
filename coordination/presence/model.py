"""Who has what in front of them just now. A mark stops nobody, and is no record of viewing: the audit note is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from coordination.values import UserName

Doing = Literal["looking", "editing"]
BEAT = timedelta(seconds=15)
"""How often a desk says that it is still there."""
LASTING = timedelta(seconds=40)
"""A mark that nobody has renewed for so long is not shown any more: two beats may be lost, then the desk is gone."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What one desk says of itself. ``area`` and ``record``: ``intake`` and a referral, ``people`` and a person,
    ``deployment`` and a visit, or an id made of a team and a day."""

    area: str
    record: UUID
    doing: Doing


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody at another desk. ``since`` by the server's clock."""

    desk: UUID
    area: str
    record: UUID
    user_name: UserName
    display_name: str
    doing: Doing
    since: datetime
