"""What the transfer service needs of a store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from coordination.transfer.caseload import Load
from coordination.transfer.model import (
    Delay,
    LightKind,
    LightState,
    Told,
    Transfer,
    TransferDraft,
    TransferId,
)
from coordination.transfer.reside import Expected, Said, SaidDraft, SaidId
from coordination.values import PersonId, ReferralId, UserName


class TransferStore(Protocol):
    """Transfers with their lights and delays."""

    def rows(self, locality: str | None) -> list[Transfer]:
        """Everybody in hospital who is ready. One query."""
        ...

    def between(self, first: date, last: date) -> list[Transfer]:
        """Everybody who was ready on one of these days, whatever became of it. One query."""
        ...

    def told(self, limit: int) -> list[Told]: ...

    def told_since(self, referral: ReferralId, transfer: TransferId) -> bool:
        """Whether the referral heard that the person is ready when, or after, this transfer was begun."""
        ...

    def load(self) -> Load:
        """Who is in the caseload, who is in hospital and ready, how many there are whom this login may not see, and the
        most there may be. One query."""
        ...

    def in_episodes(self) -> int: ...

    def small_number(self) -> int: ...

    def carers(self, person_id: PersonId) -> list[str]: ...

    def hospital_referral(self, person_id: PersonId) -> ReferralId | None: ...

    def of_person(self, person_id: PersonId) -> Transfer | None:
        """Who is on the list of those in hospital."""
        ...

    def one(self, transfer: TransferId) -> Transfer:
        """Raises NotFound."""
        ...

    def add(self, key: TransferId, draft: TransferDraft, list_: str) -> None:
        """Raises BrokenRule, AlreadyExists('transfer_one_at_a_time'). The same id again changes nothing."""
        ...

    def change(self, transfer: TransferId, seen: int, changes: Mapping[str, object]) -> bool:
        """False when ``seen`` is stale. Raises BrokenRule."""
        ...

    def set_light(self, transfer: TransferId, kind: LightKind, state: LightState | None, note: str) -> None:
        """None: nobody has said anything of it."""
        ...

    def begin_delay(self, key: UUID, transfer: TransferId, list_: str, reason: str, since: date, note: str) -> None:
        """From that day; what counted then and after it ends there. Raises BrokenRule."""
        ...

    def put_delays_back(self, transfer: TransferId, delays: tuple[Delay, ...]) -> None:
        """Exactly these, and no others: undo."""
        ...

    def owners(self) -> list[tuple[UserName, str]]: ...

    def hospitals(self) -> dict[str, str]:
        """Code to name, in the order in which they are named."""
        ...

    def now(self) -> datetime: ...


class ResideStore(Protocol):
    """What was said of the criteria to reside."""

    def latest(self) -> list[Said]:
        """The last of each person, except of those who have left since."""
        ...

    def expected(self) -> list[Expected]: ...

    def say(self, key: SaidId, draft: SaidDraft) -> None:
        """Raises BrokenRule. The same id again changes nothing."""
        ...

    def take_back(self, key: SaidId) -> None:
        """Raises BrokenRule('reside_said_stands') for what somebody else said, or longer than an hour ago."""
        ...
