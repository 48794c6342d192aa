"""Use cases of the inbox: its sources, what waits for somebody, and the steps of a reader, a transaction each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from coordination.clock import local_date
from coordination.errors import AlreadyExists, BadValue, BadValues, Conflict, NotAllowed, NotFound
from coordination.messages.inbox import (
    LEASE,
    Begun,
    Found,
    Held,
    InboxItem,
    LeaseLost,
    SettledHow,
    Source,
    SourceDraft,
    SourceRow,
)
from coordination.messages.inbox_rules import check_source

if TYPE_CHECKING:
    from coordination.messages.record import Taken
    from coordination.work import Begin, Work

ITEMS = 300


class Inbox:
    """Sources and items, for screens and for whoever sets up."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self.reading = ReadingInbox(begin)

    def sources(self) -> list[SourceRow]:
        """Every source, by name, with how it stands."""
        with self._begin() as work:
            return work.inbox.sources()

    def add(self, draft: SourceDraft, source_id: UUID) -> Source:
        """A new source; of a mailbox only what arrives from today on, unless it says from when.

        Sent twice it is one. Raises BadValues, NotAllowed, AlreadyExists('inbox_source_named' or '…_place').
        """
        checked = check_source(draft)
        with self._begin() as work:
            if checked.kind == "imap" and checked.since is None:
                checked = _from_today(work, checked)
            work.inbox.insert_source(source_id, checked)
            return _need(work, source_id)

    def change(self, source_id: UUID, seen: int, draft: SourceDraft) -> Source:
        """Raises as ``add``; NotFound; Conflict with the present source. What kind it is stays."""
        checked = check_source(draft)
        with self._begin() as work:
            source = _need(work, source_id)
            if checked.kind != source.kind:
                raise BadValues((BadValue("kind", "source_kind_stays"),))
            if not work.inbox.change_source(source_id, seen, checked, source.active):
                raise _stale(work, source_id, seen)
            return _need(work, source_id)

    def switch(self, source_id: UUID, seen: int, active: bool) -> Source:
        """Off: nobody looks there any more, and a reader that is at it stops. Nothing is forgotten."""
        with self._begin() as work:
            _need(work, source_id)
            if not work.inbox.change_source(source_id, seen, None, active):
                raise _stale(work, source_id, seen)
            return _need(work, source_id)

    def ask_to_look(self, source_id: UUID) -> None:
        """Look as soon as a reader is free, also where it had been given up. Raises NotFound, NotAllowed."""
        with self._begin() as work:
            _need(work, source_id)
            work.inbox.ask_to_look(source_id)

    # what waits for somebody

    def to_settle(self) -> list[InboxItem]:
        """What could not be taken in, oldest first, until somebody has seen to it."""
        with self._begin() as work:
            return work.inbox.items(settled=False, limit=ITEMS)

    def settled(self) -> list[InboxItem]:
        """What somebody has seen to, newest first."""
        with self._begin() as work:
            return work.inbox.items(settled=True, limit=ITEMS)

    def counts_open(self) -> tuple[int, int]:
        """How many wait for somebody: items that were not taken in, and messages whose contact has no end."""
        with self._begin() as work:
            return work.inbox.counts_open()

    def count_open(self) -> int:
        """Both together."""
        return sum(self.counts_open())

    def settle(self, item_id: UUID, seen: int, how: SettledHow, reason: str = "") -> InboxItem:
        """``by_hand``: a contact was taken instead; ``set_aside``: nothing is needed, with the reason.

        Raises BadValues, NotFound, Conflict with the present item.
        """
        reason = reason.strip()
        if how == "set_aside" and not reason:
            raise BadValues((BadValue("set_aside_reason", "required"),))
        if len(reason) > 1000:
            raise BadValues((BadValue("set_aside_reason", "too_long"),))
        with self._begin() as work:
            if not work.inbox.settle(item_id, seen, how, reason):
                raise _stale_item(work, item_id, seen)
            return _need_item(work, item_id)

    def reopen(self, item_id: UUID, seen: int) -> InboxItem:
        """Undo of ``settle``. Raises NotFound, Conflict."""
        with self._begin() as work:
            if not work.inbox.reopen(item_id, seen):
                raise _stale_item(work, item_id, seen)
            return _need_item(work, item_id)

    def try_again(self, item_id: UUID, seen: int) -> InboxItem:
        """Read it once more with the next look, which is asked for. Raises NotFound, Conflict."""
        with self._begin() as work:
            if not work.inbox.try_again(item_id, seen):
                raise _stale_item(work, item_id, seen)
            item = _need_item(work, item_id)
            work.inbox.ask_to_look(item.source_id)
            return item


class ReadingInbox:
    """The steps of one run of the reader. All of them but ``hold`` raise LeaseLost when another has the source.

    An item and its message are settled in one transaction: whenever the reader dies, the item is either taken in and
    known as such, or neither, and is read again by the next.
    """

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def hold(self, source_id: UUID, runner: UUID) -> Held | None:
        """The source for this run; None when another has it or it is switched off. Raises NotAllowed, NotFound."""
        with self._begin() as work:
            if work.inbox.source(source_id) is None:
                raise NotFound("inbox", str(source_id))
            return work.inbox.hold(source_id, runner, LEASE)

    def let_go(self, held: Held) -> None:
        with self._begin() as work:
            work.inbox.let_go(held.source.id, held.runner)

    def keep(self, held: Held) -> None:
        """Go on holding it: called now and then while something takes its time."""
        with self._begin() as work:
            _keep(work, held)

    def is_asked(self, held: Held) -> bool:
        """Go on holding it, and hear whether somebody wants it looked at now."""
        with self._begin() as work:
            _keep(work, held)
            return work.inbox.is_asked(held.source)

    def looked(
        self, held: Held, wait: timedelta, problem: str = "", facts: Mapping[str, Any] | None = None, *,
        give_up: bool = False,
    ) -> None:  # fmt: skip
        with self._begin() as work:
            _keep(work, held)
            work.inbox.looked(held, wait, problem, facts or {}, give_up=give_up)

    def start_over(self, held: Held, uid_validity: int) -> None:
        with self._begin() as work:
            _keep(work, held)
            work.inbox.start_over(held.source.id, uid_validity)

    def known(self, held: Held, keys: Collection[str]) -> set[str]:
        with self._begin() as work:
            return work.inbox.known(held.source.id, keys)

    def unfinished(self, held: Held) -> list[Found]:
        with self._begin() as work:
            return work.inbox.unfinished(held.source.id)

    def begin(self, held: Held, found: Found) -> Begun | None:
        """None when nothing is left to read of it."""
        with self._begin() as work:
            _keep(work, held)
            return work.inbox.begin(held.source.id, found)

    def take(self, held: Held, begun: Begun, name: str, data: bytes) -> Taken:
        """Read it and take it in, through the one door; what was refused of older versions needs nobody any more.

        Raises what ``Messages.take_in`` raises.
        """
        # With all that reads messages: a desk that only counts what waits does without.
        from coordination.messages import steps, taking
        from coordination.messages.reading import read_message
        from coordination.messages.record import Taken

        with self._begin() as work:
            today = local_date(work.now)
        message = read_message(name, data, today=today)  # outside: a large file takes a while to read
        try:
            with self._begin() as work:
                _keep(work, held)
                kept = message.taken_in or taking.is_message(message)
                taken = steps.settle(work, message, data) if kept else Taken(message, "refused")
                _note(work, begun, taken)
                work.inbox.supersede(begun.id)
                return taken
        except AlreadyExists as error:
            if error.constraint not in ("message_once", "original_once"):
                raise
            with self._begin() as work:  # by somebody else, and this login may not read it as it came
                _keep(work, held)
                return Taken(message, _note_unseen(work, begun))

    def refuse(self, held: Held, begun: Begun, problem: str, facts: Mapping[str, Any]) -> None:
        with self._begin() as work:
            _keep(work, held)
            work.inbox.refuse(begun.id, problem, facts, None)

    def wait(self, held: Held, begun: Begun, problem: str, facts: Mapping[str, Any], wait: timedelta) -> None:
        with self._begin() as work:
            _keep(work, held)
            work.inbox.wait(begun.id, problem, facts, wait)


def _note(work: Work, begun: Begun, taken: Taken) -> None:
    """What became of it stands on the item, in the same transaction as the message."""
    record_id = taken.record.id if taken.record else None
    if taken.outcome != "refused" or not taken.message.kind.needs_somebody:
        work.inbox.done(begun.id, record_id)
        return
    reason = taken.message.reasons[0]
    work.inbox.refuse(begun.id, reason.code, dict(reason.facts), record_id)


def _note_unseen(work: Work, begun: Begun) -> Literal["again", "refused"]:
    """What was taken in about somebody hidden is done. What was refused, and kept, is for whoever may read it."""
    item = work.inbox.item(begun.id)
    if item is not None and item.message_id is not None:
        work.inbox.refuse(begun.id, item.problem or "inbox_reopened", item.facts, None)
        return "refused"
    work.inbox.done(begun.id, None)
    work.inbox.supersede(begun.id)
    return "again"


def _keep(work: Work, held: Held) -> None:
    if not work.inbox.keep(held.source.id, held.runner, LEASE):
        raise LeaseLost


def _from_today(work: Work, draft: SourceDraft) -> SourceDraft:
    return replace(draft, since=local_date(work.now))


def _need(work: Work, source_id: UUID) -> Source:
    source = work.inbox.source(source_id)
    if source is None:
        raise NotFound("inbox", str(source_id))
    return source


def _need_item(work: Work, item_id: UUID) -> InboxItem:
    item = work.inbox.item(item_id)
    if item is None:
        raise NotFound("inbox", str(item_id))
    return item


def _stale(work: Work, source_id: UUID, seen: int) -> Exception:
    """A source that did not change: it moved on, or the database lets this login change none."""
    source = _need(work, source_id)
    if source.revision == seen:
        return NotAllowed("inbox_source")
    return Conflict("inbox", str(source_id), seen, source)


def _stale_item(work: Work, item_id: UUID, seen: int) -> Exception:
    return Conflict("inbox", str(item_id), seen, _need_item(work, item_id))
