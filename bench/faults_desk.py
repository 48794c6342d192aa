"""A desk without a window, in a process of its own: it takes contacts through the product's outbox and services until
it has had its number of them, is told to stop, or is killed. Run by ``bench.faults``.

What it tells whom is a line of its journal, on the disk before it goes on: ``told`` when the contact is in the outbox
and whoever typed it goes on to the next call, ``sent`` when the database has acknowledged it.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from coordination.errors import Conflict, CoordinationError, DatabaseAway, TooBusy
from coordination.intake.model import Advice, ContactDraft, Ending, NoAction, Refer, ReferralDraft
from coordination.local.model import CannotKeep
from coordination.local.outbox import OUTBOX, Held, Outbox, OutboxItem, Waits, read
from coordination.people.model import PersonDraft
from coordination.values import ContactId, PersonId, ReferralId, new_id
from db.listen import PgChangeFeed
from db.local import EncryptedStore
from db.local.wraps import Cost
from ui.root import Centre, Session, open_embedded

T = TypeVar("T")
AWAY = (DatabaseAway, TooBusy)
NEED = "bench fault"
SERVICES = ("reablement", "district_nursing", "therapy")
JUMPS = (0, 0, 1, -1, 60, -60, 3600, -3600, 86_400, -86_400, 30 * 86_400, -30 * 86_400, 400 * 86_400, -400 * 86_400)
"""Seconds by which this computer's clock may be wrong."""


class Journal:
    """Lines that outlive the process and the machine's memory."""

    def __init__(self, file: Path) -> None:
        self._out = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def say(self, what: str, key: object, fact: float = 0) -> None:
        """One line. It begins with a line end, so that one cut off by a kill spoils no other."""
        os.write(self._out, ("\n" + json.dumps([what, str(key), fact]) + "\n").encode("ascii"))
        os.fsync(self._out)


class FaultDesk:
    """``given``: see ``bench.faults_lab.Lab.desk``."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given
        self.chance = random.Random(f"{given['seed']} {os.getpid()}")
        self.stop = Path(given["stop"])
        self.pause = threading.Event()
        self.journal = Journal(Path(given["journal"]))
        self.store = EncryptedStore(Path(given["kept"]), given["password"], None, Cost(n=16))
        self.centre = self._sure(self._open)
        self.session = self._sure(lambda: self.centre.sign_in(given["user"], given["password"]))
        self.feed = self._listen(self.session)
        self.outbox = Outbox(self._write, lambda *a: self.session.services.intake.take_contact(*a), self._now)

    def _open(self) -> Centre:
        words = self.given["words"]
        return Centre(words) if words is not None else open_embedded(Path(self.given["data"]))

    def _listen(self, session: Session) -> PgChangeFeed:
        """The product's feed, which hangs up on a silent server; sooner than on a desk, so that a run is short."""
        session.feed.stop()
        feed = PgChangeFeed(
            session._where, self.given["password"], session.feed._revive, session.feed._lines,  # type: ignore[attr-defined]
            beat=self.given["beat"], patience=self.given["patience"], revision=session.revision,
        )  # fmt: skip
        feed.start(lambda _change: None, lambda _up: None)
        return feed

    def _sure(self, call: Callable[[], T]) -> T:
        """Until the database answers, as long as somebody wants it."""
        while True:
            try:
                return call()
            except AWAY:
                self.pause.wait(0.05)
            except CoordinationError:  # an embedded server that does not start yet
                if self.given["words"] is not None:
                    raise
                self.pause.wait(0.2)

    def _now(self) -> datetime:
        jump = self.chance.choice(JUMPS) if self.given["jumping"] else 0
        return datetime.now(UTC) + timedelta(seconds=jump)

    def _write(self, steps: Any) -> None:
        """As ui.local.outgoing does it: what cannot be written now is written with the next."""
        with suppress(CannotKeep):
            self.store.write(steps)

    # ---------------------------------------------------------------- saves

    def run(self) -> None:
        for entry in [e for e in self.store.entries() if e.kind == OUTBOX]:
            self._send(read(entry))
        for _ in range(self.given["most"]):
            if self.stop.exists():
                break
            if self.given["record"]:
                self._correct(PersonId(UUID(self.given["record"])))
            else:
                self._take_a_contact()
        left = sum(entry.kind == OUTBOX for entry in self.store.entries())
        self.journal.say("left", "outbox", left)
        self.feed.stop()
        self.session.close()
        self.store.close()
        self.centre.close()

    def _take_a_contact(self) -> None:
        made = ContactId(new_id())
        ending, needs = self._ending()
        item = OutboxItem(made, ContactDraft(need=f"{NEED} {made}"), ending, self._now(), "bench")
        self.journal.say("tried", made, needs)
        try:
            self.outbox_keep(item)
            self.journal.say("told", made)
        except CannotKeep:
            self.journal.say("not kept", made)
        self._send(item)

    def outbox_keep(self, item: OutboxItem) -> None:
        """Durable, or CannotKeep."""
        Outbox(self.store.write, self.session.services.intake.take_contact, self._now).keep(item)

    def _ending(self) -> tuple[Ending, int]:
        """And with how many referrals."""
        needs = self.chance.choice((0, 0, 1, 1, 2, 3))
        if not needs:
            return self.chance.choice((Advice("Invented advice"), NoAction("Wrong number"))), 0
        drafts = (
            ReferralDraft(ReferralId(new_id()), service, "routine", "Invented", hold=False)
            for service in SERVICES[:needs]
        )
        return Refer(tuple(drafts)), needs

    def _send(self, item: OutboxItem) -> None:
        began = time.monotonic()
        while isinstance(outcome := self.outbox.send(item), Waits):
            self.pause.wait(0.05)
        waited = time.monotonic() - began
        if isinstance(outcome, Held):
            self.journal.say(f"held {type(outcome.error).__name__} {outcome.error}", item.id, waited)
        else:
            self.journal.say("sent", item.id, waited)

    # ---------------------------------------------------------------- one record, several desks

    def _correct(self, person: PersonId) -> None:
        """Read, change, save over what was seen. Somebody was quicker: read again."""
        people = self.session.services.people
        token = str(new_id())
        self.journal.say("tried", token)
        began = time.monotonic()
        while True:
            try:
                seen = people.get(person)
                if seen.fields.access_notes == token:  # the answer was lost, and it was saved
                    break
                saved = people.update(person, seen.revision, PersonDraft(surname="Bench", access_notes=token))
            except AWAY:
                self.pause.wait(0.05)
            except Conflict:
                continue
            else:
                self.journal.say("revision", token, saved.revision)
                break
        self.journal.say("sent", token, time.monotonic() - began)


def main(given: dict[str, Any]) -> int:
    """Work to the end."""
    FaultDesk(given).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
