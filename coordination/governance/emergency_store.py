"""What emergency access needs of a store."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from coordination.governance.emergency import Answer, Deed, ListState, Look, ReviewDraft, Reviewing
from coordination.people.emergency import Access, Kind
from coordination.values import PersonId


class EmergencyStore(Protocol):
    """The database decides; each of these raises what it refuses with (BrokenRule, NotAllowed)."""

    def look(self, look_id: UUID, look: Look) -> None:
        """Written down. The answer is given to a later transaction."""
        ...

    def answer(self, look_id: UUID) -> Answer | None:
        """None: not mine, or too long ago."""
        ...

    def open(self, access_id: UUID, person: PersonId | None, look_id: UUID | None, kind: Kind, words: str) -> None:
        """In force for later transactions."""
        ...

    def end(self, access_id: UUID) -> None:
        """Nothing where it has ended already."""
        ...

    def mine(self) -> list[Access]:
        """In force, mine, the one that ends first at first."""
        ...

    def minutes(self) -> int:
        """How long one lasts."""
        ...

    def accesses(self, state: ListState, limit: int) -> list[Reviewing]:
        """Those that wait first, the oldest of them at first; then the others, newest first."""
        ...

    def deeds(self, access_id: UUID) -> list[Deed]: ...

    def review(self, review_id: UUID, access_id: UUID, number: int, draft: ReviewDraft) -> None:
        """Raises AlreadyExists('emergency_review_once') where ``number`` is not the next one."""
        ...

    def withdraw(self, review_id: UUID, access_id: UUID, number: int) -> None: ...
