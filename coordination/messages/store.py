"""What the messages service needs of a store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from coordination.messages.model import Finding, Kind
from coordination.messages.record import MessageFilter, MessageRecord, Outcome
from coordination.values import ContactId, OriginalId, PersonId, Postcode, ReferralId


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to store, read and settled."""

    id: UUID
    original_id: OriginalId
    kind: str
    message_key: str | None
    content_key: str
    keys: tuple[str, ...]
    outcome: Outcome
    person_id: PersonId | None
    contact_id: ContactId | None
    referral_id: ReferralId | None
    findings: tuple[Finding, ...]


class MessageStore(Protocol):
    """Messages and their originals. A message about a person whom this login may not see is not there at all (R2)."""

    def queue_up(self, keys: Iterable[str]) -> None:
        """Wait until no other transaction works on the same file or message, and hold them until this one ends."""
        ...

    def keep_original(
        self, original_id: OriginalId, name: str, media_type: str, sha256: str, content: bytes
    ) -> OriginalId:
        """Store the bytes once; returns the id under which they stand. AlreadyExists('original_once') when they
        stand where this login may not look."""
        ...

    def of_bytes(self, sha256: str) -> MessageRecord | None:
        """The latest message read from exactly these bytes, one that was taken in before one that was refused."""
        ...

    def of_key(self, message_key: str) -> MessageRecord | None: ...

    def spoken_of(self, keys: Sequence[str], kind: Kind | None = None) -> MessageRecord | None:
        """The earliest message with a referral that is known under one of these keys; an open referral first.

        With ``kind`` only among messages of that kind."""
        ...

    def insert(self, row: NewMessage) -> None:
        """Raises AlreadyExists('message_once') when the key stands where this login may not look."""
        ...

    def get(self, message_id: UUID) -> MessageRecord | None: ...

    def of_original(self, original_id: UUID) -> MessageRecord | None:
        """The message that was read from an original, one that was taken in before one that was refused."""
        ...

    def recent(self, asked: MessageFilter) -> list[MessageRecord]: ...

    def content(self, original_id: OriginalId) -> bytes | None: ...

    def say_whose(self, message: MessageRecord, person_id: PersonId) -> bool:
        """Put the person on the message and its contact. False when the message has moved on."""
        ...

    def belongs_to(self, message: MessageRecord, referral_id: ReferralId | None) -> bool:
        """Put the referral on the message. False when the message has moved on."""
        ...

    def knows_postcode(self, postcode: Postcode) -> bool | None:
        """Whether the city's table has it; None when there is no table to ask."""
        ...
