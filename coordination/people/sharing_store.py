"""What sharing needs of a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from coordination.people.sharing import PreviewRow, Sharing, SharingDraft
from coordination.values import PersonId, TeamId


class SharingStore(Protocol):
    """A person whom this login may not see is not there (R2)."""

    def sharing(self, person: PersonId) -> Sharing | None:
        """One query."""
        ...

    def agree(self, agreement: UUID, person: PersonId, follows: UUID | None, draft: SharingDraft) -> bool:
        """False where that agreement is written down already. Raises BrokenRule (sharing_…), NotAllowed."""
        ...

    def take_back(self, agreement: UUID, person: PersonId, which: UUID) -> None: ...

    def preview(self, person: PersonId, team: TeamId | None, role: str, named: Sequence[TeamId]) -> list[PreviewRow]:
        """One query. Raises NotAllowed where the person is not there."""
        ...
