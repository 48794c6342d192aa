"""Messages as they are kept: what became of each, and what a screen shows of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from coordination.messages.model import Finding, Kind, ParsedMessage
from coordination.people.model import LikelyDuplicate
from coordination.values import ContactId, OriginalId, PersonId, ReferralId, UserName

Outcome = Literal["taken_in", "refused"]


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """One message that was read, with the names that a screen needs."""

    id: UUID
    original_id: OriginalId
    name: str
    media_type: str
    size: int
    sha256: str
    kind: Kind
    outcome: Outcome
    read_at: datetime
    read_by: UserName
    read_by_name: str
    person_id: PersonId | None
    person_name: tuple[str, str]  # surname and given name; empty while nobody knows
    contact_id: ContactId | None
    contact_ended: bool
    referral_id: ReferralId | None
    referral_number: int | None
    findings: tuple[Finding, ...]
    message_key: str | None
    content_key: str
    revision: int

    @property
    def is_undecided(self) -> bool:
        """E2: taken in, and its contact has no end yet."""
        return self.contact_id is not None and not self.contact_ended

    @property
    def suggested(self) -> tuple[ReferralId, int] | None:
        """The open referral, with its number, in whose thread a mail was sent; nothing else is known of it."""
        if not self.is_undecided:
            return None
        facts = next((dict(f.facts) for f in self.findings if f.code == "reply_to_open_referral"), None)
        return (ReferralId(UUID(facts["referral"])), facts["number"]) if facts else None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file.

    ``new``: taken in now. ``linked``: taken in now, as part of a referral that was there. ``again``: it had been taken
    in before, and ``record`` is that one. ``refused``: see the findings. ``record`` is None when nothing was kept (a
    file that is no message at all) or when it may not be shown to this desk.
    """

    message: ParsedMessage
    outcome: Literal["new", "linked", "again", "refused"]
    record: MessageRecord | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.message.findings


@dataclass(frozen=True, slots=True)
class OpenedMessage:
    """One message with its original, read anew, and who it may be about while nobody has said so."""

    record: MessageRecord
    message: ParsedMessage
    content: bytes
    candidates: tuple[LikelyDuplicate, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """Newest first. ``whose`` unknown: taken in, and nobody has said whom it is about. ``undecided``: taken in, and
    nobody has said what is to come of it."""

    outcome: Outcome | None = None
    undecided: bool = False
    whose: Literal["any", "unknown"] = "any"
    limit: int = 300
