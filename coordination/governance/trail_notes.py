"""What is noted on the audit trail that no trigger sees: sittings, refusals (R4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from coordination.errors import BrokenRule, CoordinationError, NotAllowed, NotFound

RefusalKind = Literal["permission", "rule", "not_there", "sign_in"]
_LONGEST = 63  # of a name in the database


@dataclass(frozen=True, slots=True)
class ToNote:
    """What is noted of a refusal. ``area``: the kind of record; ``record``: the rule or table that refused."""

    kind: RefusalKind
    area: str
    record: str
    person: UUID | None = None


DoorList = Literal["refused", "in_and_out", "hidden"]
"""What was refused; connections and sittings; looks for records that are not shared."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal on the trail, or what else happened at the door: then ``kind`` is ``connect``, ``sign_in``,
    ``sign_out`` or ``looked_for``, and ``facts`` what was noted with it (``system:Windows 11``, ``app:psql`` …)."""

    at: datetime
    actor: str
    role: str | None
    kind: str
    area: str
    record: str
    person: UUID | None
    facts: tuple[str, ...] = ()


def refused_by(error: CoordinationError) -> ToNote | None:
    """What to note of an error; None for one that is no refusal of the database.

    ``NotFound`` of a person is one when there is such a person: whoever asked was not let see them. Whether there is,
    the database looks by itself, and says nothing.
    """
    if isinstance(error, NotAllowed):
        return ToNote("permission", "", error.action[:_LONGEST])
    if isinstance(error, BrokenRule):
        return ToNote("rule", "", error.constraint[:_LONGEST])
    if isinstance(error, NotFound) and error.area == "people":
        try:
            person = UUID(error.key)
        except ValueError:
            return None
        return ToNote("not_there", "person", "", person)
    return None
