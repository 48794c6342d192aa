"""What finding a caller needs of a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from coordination.people.callers.model import FoundByNumber, Professional, ProfessionalDraft, ProfessionalId


class CallerStore(Protocol):
    """Numbers and professionals. Whoever this login may not see is not there at all (R2)."""

    def by_number(self, keys: Sequence[str], each: int) -> list[FoundByNumber]:
        """Everything known of these keys, ``each`` of a kind at most. One query."""
        ...

    def can_be_named(self, person_id: UUID | None, around_id: UUID | None, professional_id: UUID | None) -> bool:
        """Whether the one that is given is there, for this desk."""
        ...

    def professional(self, professional_id: ProfessionalId) -> Professional | None: ...

    def same_professional(self, draft: ProfessionalDraft) -> ProfessionalId | None:
        """One in use with that name, organisation and number."""
        ...

    def add_professional(self, draft: ProfessionalDraft) -> None:
        """The same id twice is the same one."""
        ...

    def set_active(self, professional_id: ProfessionalId, seen: int, active: bool) -> bool:
        """False when ``seen`` is not the present revision."""
        ...

    def professionals(self, text: str, limit: int) -> list[Professional]:
        """Those in use whose name or organisation holds the text, in order of name."""
        ...
