"""What the schemes service needs of a store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from coordination.apartments.schemes_model import FlatDraft, PastLease, Scheme, SchemeDraft, SchemeNeed
from coordination.values import ApartmentId


class SchemeStore(Protocol):
    """Schemes, their apartments, and what they can meet."""

    def all(self) -> list[Scheme]:
        """In order of locality and name, with apartments and needs. One query."""
        ...

    def scheme(self, scheme: int) -> Scheme:
        """Raises NotFound."""
        ...

    def neighbourhoods(self) -> list[tuple[int, str, str]]:
        """Id, name, locality."""
        ...

    def add(self, draft: SchemeDraft) -> int:
        """Raises AlreadyExists for a name that is taken."""
        ...

    def change(self, scheme: int, seen: int, draft: SchemeDraft) -> bool:
        """False when ``seen`` is stale."""
        ...

    def touch(self, scheme: int, seen: int) -> bool:
        """The next revision; False when ``seen`` is stale."""
        ...

    def set_needs(self, scheme: int, needs: Sequence[SchemeNeed]) -> None: ...

    def remove(self, scheme: int) -> None:
        """Raises BrokenRule when it was used."""
        ...

    def add_flat(self, scheme: int, draft: FlatDraft) -> ApartmentId: ...

    def change_flat(self, flat: ApartmentId, seen: int, draft: FlatDraft) -> bool: ...

    def lease(self, flat: ApartmentId, seen: int, end: date | None) -> bool:
        """``end``: the first day not leased. False when ``seen`` is stale; BrokenRule while stays lie past it."""
        ...

    def remove_flat(self, flat: ApartmentId) -> None:
        """Raises BrokenRule when it was used."""
        ...

    def past(self, flat: ApartmentId, start: date, end: date | None) -> list[PastLease]:
        """What of an apartment lies outside these days, as far as this login may know."""
        ...

    def scheme_of(self, flat: ApartmentId) -> int:
        """Raises NotFound."""
        ...

    def today(self) -> date: ...
