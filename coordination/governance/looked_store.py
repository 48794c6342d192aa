"""What the service about looks needs of a store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Literal, Protocol
from uuid import UUID

from coordination.governance.looked import Colleague, Emergency, Entries, ListArea, Whose
from coordination.governance.trail_notes import DoorList, Refusal, RefusalKind
from coordination.people.search import Query


class LookedStore(Protocol):
    """The audit trail, read by person and by user, and what is noted on it that no trigger sees."""

    def about(
        self, people: Sequence[UUID], since: date, until: date, *, actor: str | None, before: date | None, limit: int
    ) -> list[Entries]:
        """Of a person, by the ids of all their records: newest day first, at most ``limit`` rows."""
        ...

    def lists_with(
        self, people: Sequence[UUID], since: date, until: date, *, actor: str | None, before: date | None, limit: int
    ) -> list[Entries]:
        """Boards and sheets that were open and on which a visit to them stood, likewise."""
        ...

    def colleagues(self) -> Mapping[str, Colleague]:
        """Everybody who has an account, switched off ones too, by user name."""
        ...

    def teams(self) -> Mapping[int, str]: ...

    def emergency_reasons(self, person: UUID, since: date, until: date) -> Sequence[Emergency]:
        """Of a person, in order of time."""
        ...

    def of_user(self, user: str, since: date, until: date, limit: int) -> list[Entries]:
        """What a user did about people, newest day first, at most ``limit`` rows."""
        ...

    def people_a_day(self, role: str, since: date, until: date) -> list[tuple[str, date, int]]:
        """Of all users of a role: user, day, how many people's records they opened."""
        ...

    def whose(self, people: Collection[UUID]) -> Mapping[UUID, Whose]:
        """Who they are, for the information-governance lead."""
        ...

    def find_unseen(self, query: Query) -> list[UUID]:
        """People whom the finder does not show to this login."""
        ...

    def refusals(self, since: date, until: date, limit: int, of: DoorList = "refused") -> list[Refusal]:
        """The newest first."""
        ...

    def people_of_visits(self, visits: Collection[UUID]) -> list[UUID]:
        """Whose they are, each once."""
        ...

    def note_people(
        self, what: Literal["view", "print", "export"], area: str, record: str, form: str, people: Collection[UUID]
    ) -> None: ...

    def note_list(self, area: ListArea, team: int, day: date, worker: int | None) -> None: ...

    def note_sitting(self, what: Literal["sign_in", "sign_out"], sitting: UUID, facts: Sequence[str]) -> None: ...

    def note_refusal(self, kind: RefusalKind, area: str, record: str, about: UUID | None) -> None: ...
