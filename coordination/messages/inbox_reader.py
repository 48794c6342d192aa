"""Reading a source: one look after the other, each item by itself, whatever happens in between.

One reader at a time holds a source. An item is noted as being read before it is fetched, and is done in the same
transaction as its message, so that a reader that dies at any moment leaves nothing half done and nothing forgotten.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Event
from time import monotonic
from uuid import UUID

from coordination.errors import CoordinationError, DatabaseAway, NotAllowed, SignInFailed, TooBusy
from coordination.messages.inbox import (
    LEASE,
    MOST_CRASHES,
    MOST_TRIES,
    Begun,
    Found,
    Held,
    ItemTrouble,
    LeaseLost,
    PassResult,
    PlaceTrouble,
    Source,
)
from coordination.messages.inbox_place import Place, Stop
from coordination.messages.inbox_rules import wait_after
from coordination.messages.inbox_service import ReadingInbox
from coordination.values import new_id

MakePlace = Callable[[Source], Place]
Tell = Callable[[int, int], object]
_SLICE = LEASE.total_seconds() / 6  # seconds waited for at a time; the lease is extended in between
_QUIET = 2.0  # seconds until a file that is being written is looked at again
_QUIET_LOOKS = 3


@dataclass
class Reader:
    """One run of the reader on one source. ``tell(done, of)`` hears how far a look has come; ``after`` is done after
    each that ended well."""

    inbox: ReadingInbox
    source_id: UUID
    make_place: MakePlace
    stop: Stop = field(default_factory=Event)
    tell: Tell = lambda _done, _of: None
    chance: Callable[[], float] = random.random
    after: Callable[[Source], object] = lambda _source: None  # once a look has ended: what goes out goes now
    runner: UUID = field(default_factory=new_id)
    _place: Place | None = None
    _source: Source | None = None
    _known: set[str] = field(default_factory=set)
    _unready: int = 0

    def once(self) -> PassResult:
        """One look, and the source is free again. Raises DatabaseAway, NotAllowed, NotFound."""
        held = self.inbox.hold(self.source_id, self.runner)
        if held is None:
            return PassResult(held=True)
        try:
            return self._look(held)
        except LeaseLost:
            return PassResult(held=True)
        finally:
            self._close()
            with suppress(CoordinationError):
                self.inbox.let_go(held)

    def run(self, said: Callable[[PassResult], object] = lambda _result: None) -> None:
        """Look again and again until asked to stop. Raises NotAllowed, NotFound and SignInFailed; whatever else goes
        wrong is waited for."""
        failures = 0
        try:
            while not self.stop.is_set():
                held: Held | None = None
                try:
                    held = self.inbox.hold(self.source_id, self.runner)
                    result = self._look(held) if held is not None else PassResult(held=True)
                    said(result)
                    failures = 0
                    if held is None:
                        self.stop.wait(_SLICE)
                    else:
                        self._until_next(held, result)
                except LeaseLost:
                    self._close()
                except (DatabaseAway, TooBusy):
                    failures += 1
                    self._close()
                    self.stop.wait(wait_after(failures, self.chance()).total_seconds())
        finally:
            self._close()
            with suppress(CoordinationError):
                held = self.inbox.hold(self.source_id, self.runner)
                if held is not None:
                    self.inbox.let_go(held)

    def _until_next(self, held: Held, result: PassResult) -> None:
        """Wait for the next look; at once when something new is told of, or somebody asks."""
        if self._unready:
            self.stop.wait(_QUIET)
            return
        wait = held.source.every
        if result.problem:
            self._close()
            wait = wait_after(held.failures + 1, self.chance())
        ends = monotonic() + wait.total_seconds()
        while not self.stop.is_set() and (result.given_up or monotonic() < ends):
            left = _SLICE if result.given_up else min(ends - monotonic(), _SLICE)
            if self._place is not None and not result.problem:
                told = self._place.wait(max(left, 0.05), self.stop)
            else:
                told = self.stop.wait(max(left, 0.05))
            if told or self.inbox.is_asked(held):
                return

    # ------------------------------------------------------------------ one look

    def _look(self, held: Held) -> PassResult:
        if held.given_up:
            return PassResult(problem="given_up", given_up=True)
        result = PassResult()
        try:
            place = self._open(held)
            for _look in range(_QUIET_LOOKS):
                for outcome in self._read_all(held, place):
                    result = _counted(result, outcome)
                if not self._unready or self.stop.is_set() or self.stop.wait(_QUIET):
                    break
        except PlaceTrouble as trouble:
            self._close()
            wait = wait_after(held.failures + 1, self.chance())
            self.inbox.looked(held, wait, trouble.code, trouble.facts, give_up=trouble.give_up)
            return replace(result, problem=trouble.code, facts=trouble.facts, given_up=trouble.give_up)
        if not self.stop.is_set():  # asked to stop, it has not seen the end: the next look is due at once
            self.inbox.looked(held, timedelta(seconds=_QUIET) if self._unready else held.source.every)
            self.after(held.source)
        return result

    def _open(self, held: Held) -> Place:
        if self._source != held.source:  # somebody has changed where to look
            self._close()
        if self._place is None:
            self._source, self._place = held.source, self.make_place(held.source)
        self._place.open(held)
        validity = self._place.uid_validity
        if validity is not None and validity != held.uid_validity:
            self.inbox.start_over(held, validity)
            self._known.clear()
        return self._place

    def _read_all(self, held: Held, place: Place) -> Iterator[str]:
        """What became of each item, as it happens."""
        fresh = held.uid_validity == place.uid_validity
        waiting = self._to_read(held, place, held.uid_done if fresh else 0)
        for number, found in enumerate(waiting):
            if self.stop.is_set():
                return
            self.tell(number, len(waiting))
            begun = self.inbox.begin(held, found)
            if begun is not None:
                yield self._one(held, place, found, begun)

    def _to_read(self, held: Held, place: Place, after_uid: int) -> list[Found]:
        """What was begun or put off before, then what is new and written to its end."""
        found = {one.key: one for one in self.inbox.unfinished(held)}
        fresh = [one for one in place.found(after_uid) if one.key not in self._known and one.key not in found]
        known = self.inbox.known(held, [one.key for one in fresh]) if fresh else set()
        self._known |= known
        fresh = [one for one in fresh if one.key not in known]
        ready = [one for one in fresh if place.is_ready(one)]
        self._unready = len(fresh) - len(ready)
        return [*found.values(), *ready]

    def _one(self, held: Held, place: Place, found: Found, begun: Begun) -> str:
        if begun.crashed and begun.tries > MOST_CRASHES:
            self.inbox.refuse(held, begun, "inbox_stops_reader", {"count": begun.tries - 1})
            return "refused"
        try:
            data = place.read(found, lambda: self.inbox.keep(held))
            return self._take(held, found, begun, data)
        except ItemTrouble as trouble:
            return self._put_off(held, begun, trouble.code, trouble.facts, passes=trouble.passes)
        except PlaceTrouble as trouble:
            # The line broke. If it does so at this one mail every time, the others must not wait for it.
            self._put_off(held, begun, "inbox_breaks_off", {"count": begun.tries}, passes=True, at_once=True)
            raise trouble
        except (DatabaseAway, NotAllowed, SignInFailed, LeaseLost):
            raise
        except TooBusy:
            return self._put_off(held, begun, "inbox_database_busy", {}, passes=True)
        except Exception as error:  # one bad item must never stop the line
            self.inbox.refuse(held, begun, "inbox_not_stored", {"error": type(error).__name__})
            return "refused"

    def _take(self, held: Held, found: Found, begun: Begun, data: bytes) -> str:
        taken = self.inbox.take(held, begun, found.name, data)
        self._known.add(found.key)
        return taken.outcome

    def _put_off(
        self, held: Held, begun: Begun, code: str, facts: dict[str, object], *, passes: bool, at_once: bool = False
    ) -> str:
        if not passes or begun.tries >= MOST_TRIES:
            self.inbox.refuse(held, begun, code, facts)
            return "refused"
        wait = timedelta() if at_once else wait_after(begun.tries, self.chance())
        self.inbox.wait(held, begun, code, facts, wait)
        return "waiting"

    def _close(self) -> None:
        if self._place is not None:
            self._place.close()
            self._place = None


def _counted(result: PassResult, outcome: str) -> PassResult:
    return replace(result, **{outcome: getattr(result, outcome) + 1})
