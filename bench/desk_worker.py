"""Some simulated desks in one process: each takes contacts and works the queue until it is told to stop, or killed.

Each keeps what a desktop keeps (the encrypted outbox), and a journal of what it was promised, for ``bench.desks`` to
hold against the database. Run by ``bench.desks``.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from bench.desks_place import open_for
from coordination.errors import AlreadyClaimed, Conflict, CoordinationError, DatabaseAway, IllegalMove, TooBusy
from coordination.intake.model import ContactDraft, Refer, Referral, ReferralDraft
from coordination.intake.queue import QueueFilter
from coordination.local import outbox
from coordination.local.outbox import OUTBOX, Held, Outbox, OutboxItem, Waits
from coordination.values import ContactId, ReferralId, new_id
from db.local.store import EncryptedStore
from ui.root import Centre

T = TypeVar("T")
AWAY = (DatabaseAway, TooBusy)


class Journal:
    """What a desk was promised, a line each, on the disk before it goes on."""

    def __init__(self, file: Path) -> None:
        self._out = file.open("a", encoding="ascii")

    def say(self, what: str, key: object, fact: float = 0) -> None:
        self._out.write(json.dumps([what, str(key), time.time(), fact]) + "\n")
        self._out.flush()
        os.fsync(self._out.fileno())


class SimulatedDesk:
    """One co-ordinator without a screen."""

    def __init__(self, data: Path, centre: Centre, user: str, password: str, pace: float) -> None:
        self.user, self.pace = user, pace
        self._stop = data / "stop"
        self._wait = threading.Event()
        self._chance = random.Random(f"{user} {time.time_ns()}")
        self.journal = Journal(data / "journal" / f"{user}.log")
        self.session = self._sure(lambda: centre.sign_in(user, password))
        self.session.feed.start(lambda _change: None, lambda _up: None)
        self.intake = self.session.services.intake
        self.store = EncryptedStore(data / "kept" / user, password)
        self.store.take_in()
        self.outbox = Outbox(self.store.write, self.intake.take_contact, lambda: datetime.now(UTC))

    def run(self) -> None:
        """Until the supervisor says stop; then everything that waits is sent."""
        self._settle_what_was_left()
        while not self._stop.exists():
            if self._chance.random() < 0.5:
                self._take_a_contact()
            else:
                self._work_the_queue()
            self._wait.wait(self._chance.expovariate(1 / self.pace))
        self._send_all()
        self.session.close()
        self.store.close()

    def _sure(self, call: Callable[[], T]) -> T:
        """Until the database answers."""
        while True:
            try:
                return call()
            except AWAY:
                self._wait.wait(0.2)

    # ---------------------------------------------------------------- contacts

    def _take_a_contact(self) -> None:
        made = ContactId(new_id())
        needs = self._chance.choice((1, 1, 1, 2))
        referrals = tuple(
            ReferralDraft(ReferralId(new_id()), service, "24_hours", "Invented", hold=False)
            for service in self._chance.sample(("reablement", "district_nursing", "therapy", "equipment"), needs)
        )
        draft = ContactDraft(need=f"bench call {made}", caller_name="Invented caller")
        item = OutboxItem(made, draft, Refer(referrals), datetime.now(UTC), "bench")
        self.outbox.keep(item)
        self.journal.say(f"kept {needs}", made)
        self._send(item)

    def _send(self, item: OutboxItem) -> None:
        began = time.monotonic()
        while isinstance(outcome := self.outbox.send(item), Waits):
            self._wait.wait(0.2)
        if isinstance(outcome, Held):
            self.journal.say("refused", item.id)
        else:
            self.journal.say("acknowledged", item.id, time.monotonic() - began)

    def _send_all(self) -> None:
        for entry in self.store.entries():
            if entry.kind == OUTBOX:
                self._send(outbox.read(entry))

    def _settle_what_was_left(self) -> None:
        """After a crash: the outbox is sent, and what this desk holds in the database is put back."""
        self._send_all()
        mine = self._sure(lambda: self.intake.queue(QueueFilter(holder="me"))).rows
        for row in mine:
            self._let_go(self._sure(lambda key=row.id: self.intake.referral(key)))  # type: ignore[misc]

    # ---------------------------------------------------------------- the queue

    def _work_the_queue(self) -> None:
        try:
            moved = self.intake.claim_next(QueueFilter())
        except AWAY:  # it may have been claimed, the answer is lost: what is mine is put back
            self._settle_what_was_left()
            return
        if moved is not None:
            self.journal.say("holds", moved.referral.id)
            self._wait.wait(self._chance.expovariate(1 / self.pace))
            self._let_go(moved.referral)

    def _let_go(self, held: Referral) -> None:
        self.journal.say("lets go", held.id)
        done = self._chance.random() < 0.5
        while True:
            try:
                if done:
                    self.intake.close(held.id, held.revision, "Done")
                else:
                    self.intake.release(held.id, held.revision, "Not for me")
            except AWAY:
                self._wait.wait(0.2)
            except (Conflict, IllegalMove, AlreadyClaimed):  # an earlier try had come through
                return
            else:
                return


def main(data: Path, address: str | None, pace: float, users: list[list[str]]) -> int:
    """Run the desks of this process, one thread each."""
    centre = open_for(data, address)

    def work(user: str, password: str) -> None:
        try:
            SimulatedDesk(data, centre, user, password, pace).run()
        except CoordinationError as error:
            print(f"{user}: {type(error).__name__} {error}", file=sys.stderr, flush=True)
            os._exit(3)

    threads = [threading.Thread(target=work, args=tuple(user)) for user in users]
    for thread in threads:
        thread.start()
    print("working", flush=True)
    for thread in threads:
        thread.join()
    centre.close()
    return 0


if __name__ == "__main__":
    arguments: dict[str, Any] = json.loads(sys.argv[1])
    sys.exit(main(Path(arguments["data"]), arguments["address"], arguments["pace"], arguments["users"]))
