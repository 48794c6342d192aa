"""What the intake service needs of a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from coordination.intake.alike import BeingWritten, Referred
from coordination.intake.choices import ContactChoices
from coordination.intake.clocks import Clocks, PauseId, RequestId
from coordination.intake.detail import Beside, ReferralDetail
from coordination.intake.model import (
    Contact,
    EndingKind,
    GivenAdvice,
    Referral,
    ReferralEvent,
    ServiceKind,
    Suggestion,
)
from coordination.intake.queue import (
    OwnView,
    QueueChoices,
    QueueCursor,
    QueueFilter,
    QueuePage,
    QueueRows,
    QueueView,
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

    def say_whose(self, contact_id: ContactId, before: PersonId | None, after: PersonId | None) -> bool:
        """The contact, and the message that it came from, are about ``after``. False, and the contact stays as it is,
        when it is about another than ``before``."""
        ...

    def insert_referral(self, row: NewReferral) -> bool:
        """False when the id is already there."""
        ...

    def referral(self, referral_id: ReferralId) -> Referral | None: ...

    def referrals_of_contact(self, contact_id: ContactId) -> list[Referral]: ...

    def move(self, referral_id: ReferralId, seen: int, changes: Mapping[str, Any]) -> bool:
        """Change a referral only if it is still at revision ``seen`` (E5); False when somebody was first."""
        ...

    def lock(self, referral_id: ReferralId) -> Referral | None:
        """As it is now, held against every other desk until the end of the transaction."""
        ...

    def lock_many(self, ids: Sequence[ReferralId]) -> list[Referral]:
        """The same of several, locked in one order."""
        ...

    def taking_back(self) -> None:
        """From here to the end of the transaction the history is told that a move is taken back."""
        ...

    def take_back(self, move: str, thing: UUID) -> None:
        """Take back what was done with a pause or a request."""
        ...

    def has_pause(self, pause_id: PauseId) -> bool: ...

    def insert_pause(
        self, pause_id: PauseId, referral_id: ReferralId, reason: str, words: str, until: datetime
    ) -> None:
        """From now on, by the server's clock. Raises BrokenRule."""
        ...

    def end_pause(self, pause_id: PauseId, ended: str) -> None:
        """``resumed``, ``withdrawn`` (as if it had not been) or empty: it goes on after all."""
        ...

    def has_request(self, request_id: RequestId) -> bool: ...

    def insert_request(
        self, request_id: RequestId, referral_id: ReferralId, ask_of: str, named: str, question: str, reply_by: datetime
    ) -> None: ...

    def change_request(self, request_id: RequestId, state: str, answer: str) -> None: ...

    def clocks(self, referral_id: ReferralId) -> Clocks:
        """All deadlines, the pause that goes on, and the request that is open."""
        ...

    def last_event(self, referral_id: ReferralId) -> ReferralEvent | None:
        """Who did what last."""
        ...

    def events(self, referral_id: ReferralId) -> tuple[ReferralEvent, ...]:
        """Its history, the oldest first."""
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

    def alike_candidates(self, written: BeingWritten) -> list[Referred]:
        """Referrals that could be the same as one about to be made, open or ended lately, in one query."""
        ...

    def contact_choices(self) -> ContactChoices:
        """In one query."""
        ...

    def services(self) -> list[ServiceKind]:
        """In the order of lists."""
        ...

    def keep_suggestions(self, referral_id: ReferralId, suggestions: Sequence[Suggestion]) -> None:
        """What the rules said of a referral that is being made; the database adds what was chosen."""
        ...

    def keep_outside(self, referral_id: ReferralId, reason: str, whom: str) -> None:
        """P2. Nobody in the city is responsible for it."""
        ...

    def beside(self, referral_id: ReferralId) -> Beside: ...
