"""What the presence service needs of a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from coordination.presence.model import Mark, Present


class PresenceStore(Protocol):
    """Marks of desks."""

    def renew(self, desk: UUID, marks: Sequence[Mark]) -> None:
        """The desk has exactly these; one on what it may not see is left out. What dead desks left is swept up."""
        ...

    def others(self, desk: UUID, records: Sequence[UUID] | None) -> list[Present]:
        """The marks of living desks but this one, longest first; on these records, or on all."""
        ...
