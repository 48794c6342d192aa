"""What the inbox needs of a store."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from coordination.messages.inbox import Begun, Found, Held, InboxItem, SettledHow, Source, SourceDraft, SourceRow


class InboxStore(Protocol):
    """Sources, how far they are read, and items. Every time is the server's."""

    def sources(self) -> list[SourceRow]: ...

    def source(self, source_id: UUID) -> Source | None: ...

    def insert_source(self, source_id: UUID, draft: SourceDraft) -> None:
        """Once; the same id again changes nothing. AlreadyExists('inbox_source_named' or 'inbox_source_place')."""
        ...

    def change_source(self, source_id: UUID, seen: int, draft: SourceDraft | None, active: bool) -> bool:
        """False when it has moved on. ``draft`` None leaves the rest as it is."""
        ...

    def ask_to_look(self, source_id: UUID) -> None:
        """Whoever reads the source looks now, also when it had been given up."""
        ...

    # one reader at a time

    def hold(self, source_id: UUID, runner: UUID, lease: timedelta) -> Held | None:
        """The source for this run of the reader; None when another has it or it is switched off."""
        ...

    def keep(self, source_id: UUID, runner: UUID, lease: timedelta) -> bool:
        """Extend the lease, and keep others out until this transaction ends. False when it is lost."""
        ...

    def is_asked(self, source: Source) -> bool:
        """Whether somebody has asked to look, or changed the source, since the last look."""
        ...

    def let_go(self, source_id: UUID, runner: UUID) -> None: ...

    def looked(self, held: Held, wait: timedelta, problem: str, facts: Mapping[str, Any], *, give_up: bool) -> None:
        """A look has ended: well when ``problem`` is empty. The next one is in ``wait``."""
        ...

    def start_over(self, source_id: UUID, uid_validity: int) -> None:
        """The mailbox numbers its mails anew: whatever was known of numbers is not true any more."""
        ...

    # items

    def known(self, source_id: UUID, keys: Collection[str]) -> set[str]:
        """Those of the keys that are settled one way or another: nothing is left to read."""
        ...

    def unfinished(self, source_id: UUID) -> list[Found]:
        """What was begun and not ended, and what is due to be tried again, as far as this login may know its name."""
        ...

    def begin(self, source_id: UUID, found: Found) -> Begun | None:
        """Note that it is being read now. None when nothing is left to read."""
        ...

    def done(self, item_id: UUID, message_id: UUID | None) -> None: ...

    def refuse(self, item_id: UUID, problem: str, facts: Mapping[str, Any], message_id: UUID | None) -> None:
        """``message_id``: what was kept of it; None leaves what was kept before."""
        ...

    def wait(self, item_id: UUID, problem: str, facts: Mapping[str, Any], wait: timedelta) -> None: ...

    def supersede(self, newer: UUID) -> None:
        """A newer version of a file was taken in: what was refused of older ones needs nobody any more."""
        ...

    def item(self, item_id: UUID) -> InboxItem | None: ...

    def items(self, *, settled: bool, limit: int) -> list[InboxItem]:
        """What waits for somebody, oldest first; or what was settled, newest first."""
        ...

    def settle(self, item_id: UUID, seen: int, how: SettledHow, reason: str) -> bool: ...

    def reopen(self, item_id: UUID, seen: int) -> bool:
        """Settled, and after all not."""
        ...

    def try_again(self, item_id: UUID, seen: int) -> bool: ...

    def counts_open(self) -> tuple[int, int]:
        """How many wait for somebody: items that could not be taken in, and messages whose contact has no end."""
        ...

    def now(self) -> datetime: ...
