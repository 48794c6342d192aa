"""What the intake service needs of a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from coordination.intake.model import (
    Contact,
    EndingKind,
    GivenAdvice,
    OwnView,
    QueueChoices,
    QueueCursor,
    QueueFilter,
    QueuePage,
    QueueRows,
    QueueView,
    Referral,
    ReferralDetail,
    ServiceKind,
    Wall,
)
from coordination.people.callers.model import AroundId, ProfessionalId
from coordination.values import ContactId, PersonId, ReferralId, UserName


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact to store, checked."""

    id: ContactId
    channel: str
    received_at: datetime
    locality: str | None
    person_id: PersonId | None
    caller_name: str
    caller_relation: str
    caller_phone: str
    need: str
    details: Mapping[str, Any]
    caller_person_id: PersonId | None = None
    caller_around_id: AroundId | None = None
    caller_professional_id: ProfessionalId | None = None


@dataclass(frozen=True, slots=True)
class NewReferral:
    """A referral to store, checked and placed."""

    id: ReferralId
    contact_id: ContactId
    person_id: PersonId | None
    service: str
    urgency: str
    urgency_reason: str
    need: str
    source: str
    locality: str | None
    neighbourhood_id: int | None
    received_at: datetime
    due_at: datetime
    safeguarding: bool


class IntakeStore(Protocol):
    """Contacts and referrals."""

    def insert_contact(self, row: ContactRow) -> bool:
        """False when the id is already there: the same create, sent again."""
        ...

    def contact(self, contact_id: ContactId) -> Contact | None: ...

    def give_advice(self, contact_id: ContactId, advice: Sequence[GivenAdvice]) -> None:
        """What was given, once a topic."""
        ...

    def end_contact(
        self, contact_id: ContactId, seen: int, ending: EndingKind, reason: str, linked: ReferralId | None
    ) -> bool:
        """False when ``seen`` is not the present revision."""
        ...

    def update_contact(self, row: ContactRow, seen: int) -> bool:
        """Correct an open contact. False when ``seen`` is not the present revision."""
        ...

    def insert_referral(self, row: NewReferral) -> bool:
        """False when the id is already there."""
        ...

    def referral(self, referral_id: ReferralId) -> Referral | None: ...

    def referrals_of_contact(self, contact_id: ContactId) -> list[Referral]: ...

    def move(self, referral_id: ReferralId, seen: int, changes: Mapping[str, Any]) -> bool:
        """Change a referral only if it is still at revision ``seen`` (E5); False when somebody was first."""
        ...

    def lock_next(self, asked: QueueFilter, me: UserName) -> Referral | None:
        """The first of a filter that no other transaction holds, locked (SKIP LOCKED)."""
        ...

    def detail(self, referral_id: ReferralId) -> ReferralDetail | None: ...

    def queue(self, asked: QueueFilter, me: UserName) -> QueuePage:
        """One page, one query."""
        ...

    def rows_now(
        self, ids: frozenset[ReferralId], asked: QueueFilter, me: UserName, upto: QueueCursor | None
    ) -> QueueRows:
        """These as they are now, and which belong to a page of ``asked`` that ends at ``upto``; by key, one query."""
        ...

    def views(self, views: Mapping[str, QueueFilter], me: UserName) -> list[QueueView]:
        """Counts of all in one query, in the order given."""
        ...

    def choices(self) -> QueueChoices:
        """What the queue can be filtered by, and the views of who asks; one query."""
        ...

    def insert_view(self, view: OwnView) -> bool:
        """False when the id is already there."""
        ...

    def update_view(self, view: OwnView) -> bool:
        """False when ``view.revision`` is not the present one."""
        ...

    def delete_view(self, view_id: UUID) -> None: ...

    def wall(self, localities: frozenset[str], most: int) -> Wall:
        """Counts by locality, and the ``most`` first due of each, by initials; empty: all localities."""
        ...

    def hospitals(self) -> list[tuple[str, str]]:
        """Code and name of the acute sites (P3), in order of name."""
        ...

    def services(self) -> list[ServiceKind]:
        """In the order of lists."""
        ...
