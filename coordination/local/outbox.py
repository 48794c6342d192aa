"""Contacts that are ended and not yet acknowledged by the database: kept first, sent then, dropped last.

A contact carries its id and those of its referrals from the first key on, so that sending it again makes nothing twice.
It leaves the outbox when the database has said that it has it, and no sooner; refused, it stays for somebody to mend.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from coordination.errors import BadValue, BadValues, CoordinationError, DatabaseAway, SignInFailed, TooBusy
from coordination.intake.model import ContactDraft, EndedContact, Ending
from coordination.local import wire
from coordination.local.model import Drop, Entry, Name, Put, Step
from coordination.values import ContactId

OUTBOX = "outbox"
AT_ONCE = timedelta(seconds=30)
"""Sent within that time, a contact gets the server's time; later, that of its end on this computer."""


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A contact that waits. ``typed`` is its form as it stood, for mending; ``title`` what it is called in a list.

    ``refused`` says why the database would not have it; ``unforeseen`` the type of an error that nobody foresaw.
    """

    id: ContactId
    draft: ContactDraft
    ending: Ending
    queued_at: datetime
    title: str = ""
    typed: Mapping[str, Any] = field(default_factory=dict, repr=False)
    refused: CoordinationError | None = None
    unforeseen: str = ""

    @property
    def is_waiting(self) -> bool:
        """It will go by itself as soon as it can."""
        return self.refused is None and not self.unforeseen

    @property
    def name(self) -> Name:
        return OUTBOX, str(self.id)

    def entry(self) -> Entry:
        """As it is kept."""
        return Entry(OUTBOX, str(self.id), {
            "id": wire.encode(self.id), "draft": wire.encode(self.draft), "ending": wire.encode(self.ending),
            "queued_at": wire.encode(self.queued_at), "title": self.title, "typed": dict(self.typed),
            "refused": _refusal(self.refused),
            "unforeseen": self.unforeseen,
        }, self.queued_at)  # fmt: skip


def read(entry: Entry) -> OutboxItem:
    """The item that was kept. Raises wire.Unreadable for what this version of the program cannot read."""
    found = entry.data
    try:
        refused = wire.decode(found.get("refused"))
    except wire.Unreadable:
        refused = BadValue("contact", "refused")
    try:
        return OutboxItem(
            wire.decode(found["id"]), wire.decode(found["draft"]), wire.decode(found["ending"]),
            wire.decode(found["queued_at"]), found.get("title", ""), found.get("typed", {}), refused,
            found.get("unforeseen", ""),
        )  # fmt: skip
    except KeyError as missing:
        raise wire.Unreadable(str(missing)) from None


def _refusal(error: CoordinationError | None) -> Any:
    try:
        return wire.encode(error)
    except TypeError:  # facts that are no plain values: which error it was is enough
        return wire.encode(BadValue("contact", "refused"))


@dataclass(frozen=True, slots=True)
class Sent:
    """The database has it."""

    ended: EndedContact


@dataclass(frozen=True, slots=True)
class Waits:
    """It could not be sent, or the answer was lost: it goes again later. ``error`` says what was in the way."""

    error: Exception


@dataclass(frozen=True, slots=True)
class Held:
    """The database would not have it. ``item`` stays, with the reason in it."""

    item: OutboxItem
    error: Exception


Outcome: TypeAlias = Sent | Waits | Held
Take = Callable[[ContactDraft, ContactId, Ending], EndedContact]
Write = Callable[[Sequence[Step]], None]


class Outbox:
    """``write`` makes steps durable before it returns; ``take`` is ``Intake.take_contact``; ``now`` this computer's."""

    def __init__(self, write: Write, take: Take, now: Callable[[], datetime]) -> None:
        self._write, self._take, self._now = write, take, now

    def keep(self, item: OutboxItem, instead_of: Name | None = None) -> None:
        """Into the outbox, in one step out of the drafts. Raises CannotKeep; it can be sent all the same."""
        steps: list[Step] = [Put(item.entry())]
        if instead_of is not None:
            steps.append(Drop(*instead_of))
        self._write(steps)

    def send(self, item: OutboxItem) -> Outcome:
        """Send it once. What the outcome changes is written before this returns. Raises CannotKeep."""
        try:
            ended = self._sent(item)
        except (DatabaseAway, TooBusy, SignInFailed) as error:
            return Waits(error)
        except CoordinationError as error:
            return self._hold(replace(item, refused=error, unforeseen=""), error)
        except Exception as error:
            return self._hold(replace(item, refused=None, unforeseen=type(error).__name__), error)
        self._write([Drop(*item.name)])
        return Sent(ended)

    def _hold(self, item: OutboxItem, error: Exception) -> Held:
        self._write([Put(item.entry())])
        return Held(item, error)

    def _sent(self, item: OutboxItem) -> EndedContact:
        draft = item.draft
        if draft.received_at is None and self._now() - item.queued_at > AT_ONCE:
            draft = replace(draft, received_at=item.queued_at)
        try:
            return self._take(draft, item.id, item.ending)
        except BadValues as error:
            # A clock that runs ahead must not keep a contact from the database: it gets the server's time.
            if draft is item.draft or error.problems != (BadValue("received_at", "in_the_future"),):
                raise
            return self._take(item.draft, item.id, item.ending)
