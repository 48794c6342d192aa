"""What the service of published plans needs of a store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from coordination.deployment.published import Edition, Published
from coordination.values import TeamId, VisitId


class PublishedStore(Protocol):
    """What the service needs of a store. Every method is one statement."""

    def latest(self, team: TeamId, day: date) -> Published | None:
        """The newest version with its rows, or None when the day was never published."""
        ...

    def version(self, team: TeamId, day: date, version: int) -> Published | None: ...

    def editions(self, team: TeamId, day: date) -> Sequence[Edition]:
        """Every version without its rows, the newest first."""
        ...

    def publish(self, new_id: UUID, team: TeamId, day: date, seen: int, words: dict[VisitId, str]) -> int:
        """Take the day as the database has it; gives the version. Raises AlreadyExists('published_version_once')."""
        ...
