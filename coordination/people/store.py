"""What the people service needs of a store."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from coordination.people.merging import Comparison, Rows
from coordination.people.model import (
    Alert,
    AlertDraft,
    Around,
    AroundDraft,
    Home,
    Person,
    PersonFields,
    PersonRow,
    Practice,
)
from coordination.people.record import (
    Merge,
    PersonRecord,
    RecordAround,
    RecordCare,
    RecordEntries,
    RecordPlaces,
    TimelineCursor,
    TimelinePage,
)
from coordination.people.search import Query
from coordination.values import NhsNumber, PersonId, Postcode


class PeopleStore(Protocol):
    """People: finding, registering, the record. A person whom this login may not see is not there at all (R2)."""

    def find(self, query: Query, limit: int) -> list[PersonRow]:
        """Best first, each with why it matched."""
        ...

    def candidates(self, fields: PersonFields, limit: int) -> list[tuple[PersonRow, PersonRow]]:
        """People who share something telling with a draft: number, telephone, postcode, name, birth date. Each as they
        are now, and as what was found says: now, or in a record that was merged into theirs."""
        ...

    def get(self, person_id: PersonId) -> Person | None:
        """Of a record that was merged: the one that it was merged into."""
        ...

    def with_nhs_number(self, number: NhsNumber) -> PersonRow | None: ...

    def record(self, person_id: PersonId, *, viewed: bool = False) -> PersonRecord | None:
        """Everything in place, in one query. So are the five below. ``viewed`` notes it as a view by the same (R4)."""
        ...

    def timeline(
        self, person_id: PersonId, kinds: Collection[str], after: TimelineCursor | None, limit: int
    ) -> TimelinePage: ...

    def entries(self, person_id: PersonId) -> RecordEntries: ...

    def care(self, person_id: PersonId) -> RecordCare: ...

    def places(self, person_id: PersonId) -> RecordPlaces: ...

    def people_around(self, person_id: PersonId) -> RecordAround: ...

    def insert(self, person_id: PersonId, fields: PersonFields, ward_code: str | None) -> bool:
        """False when the id or the NHS number is already registered."""
        ...

    def update(self, person_id: PersonId, seen: int, fields: PersonFields, ward_code: str | None) -> bool:
        """False when ``seen`` is not the present revision, or the person is not there."""
        ...

    def home(self, postcode: Postcode) -> Home | None: ...

    def practice(self, code: str) -> Practice | None: ...

    def practices(self) -> list[Practice]:
        """Active ones, in order of name."""
        ...

    def add_alert(self, person_id: PersonId, alert_id: UUID, draft: AlertDraft, today: date) -> None: ...

    def end_alert(self, alert_id: UUID, seen: int, until: date) -> bool: ...

    def alerts(self, person_id: PersonId) -> Sequence[Alert]: ...

    def add_around(self, person_id: PersonId, around_id: UUID, draft: AroundDraft) -> None: ...

    def end_around(self, around_id: UUID, seen: int, until: date | None) -> bool:
        """None: around them again."""
        ...

    def around(self, person_id: PersonId) -> Sequence[Around]: ...

    def compare(self, kept: PersonId, merged: PersonId) -> Comparison | None:
        """None when one of the two is not there. Raises NotAllowed."""
        ...

    def merge(
        self, merge_id: UUID, kept: PersonId, merged: PersonId, reason: str, taken: Iterable[str], seen: tuple[int, int]
    ) -> None:
        """Raises BrokenRule (merging_…), NotAllowed."""
        ...

    def part(self, merge_id: UUID, reason: str, also: Rows) -> None:
        """Raises BrokenRule (parting_…), NotAllowed."""
        ...

    def rows_since_merge(self, merge_id: UUID) -> Rows: ...

    def merges(self, person_id: PersonId) -> list[Merge]:
        """Newest first: those that this record took in, and those that it went into."""
        ...
