"""Clients and the server are killed while contacts are sent, again and again: each contact is there once, none lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from coordination.training.users import TRAINING_USERS, training_password
from tests.db.embedded_kit import kill_server
from tests.made_once import Copies
from ui import root

ROOT = Path(__file__).resolve().parents[2]
USER = TRAINING_USERS[0].user_name

# A desk without a window. "kept" is said when the contact is on this computer's disk and its user goes on to the next
# call; "held" if the database would not have one.
_DESK = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from coordination.intake.model import Advice, ContactDraft, GivenAdvice, Link, NoAction, Refer, ReferralDraft
from coordination.local.model import Entry, Put
from coordination.local.outbox import OUTBOX, Held, Outbox, OutboxItem, Sent, read
from coordination.errors import DatabaseAway
from coordination.training.users import training_password
from coordination.values import ContactId, ReferralId, new_id
from db.local import EncryptedStore, place_of
from db.local.wraps import Cost
from ui import root

folder, user, linked, most = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])

def opened():
    for _ in range(20):
        try:
            centre = root.open_embedded(folder)
            return centre, centre.sign_in(user, training_password(user))
        except DatabaseAway:
            pass
    raise SystemExit("the database does not come back")

centre, session = opened()
store = EncryptedStore(place_of(folder, centre.identity, user), training_password(user), None, Cost(n=16))
now = lambda: datetime.now(UTC)
box = Outbox(store.write, session.services.intake.take_contact, now)

def send(item):
    while True:
        outcome = box.send(item)
        if isinstance(outcome, Held):
            print("held", item.id, outcome.error, flush=True)
        if isinstance(outcome, (Sent, Held)):
            return

def ending(contact_id, number):
    match number % 4:
        case 0:
            return Advice(f"{contact_id}")
        case 1:
            made = [ReferralDraft(ReferralId(new_id()), service, "routine", "No hurry", need=f"{contact_id} {n}",
                                  safeguarding=n == 1, hold=n != 2)
                    for n, service in enumerate(("reablement", "falls", "therapy"))]
            return Refer(tuple(made))
        case 2:
            return Link(ReferralId(UUID(linked)), "more of it")
        case _:
            return NoAction("Wrong number")

for entry in [e for e in store.entries() if e.kind == OUTBOX]:
    send(read(entry))
for number in range(most):
    contact_id = ContactId(new_id())
    store.write([Put(Entry("contact", str(contact_id), {"need": "half a sentence"}, now()))])
    given = (GivenAdvice("a", "A topic", "Its words"),) if number % 3 == 0 else ()
    item = OutboxItem(contact_id, ContactDraft(need=f"{contact_id}", advice=given), ending(contact_id, number), now())
    box.keep(item, ("contact", str(contact_id)))
    print("kept", contact_id, flush=True)
    send(item)
    print("sent", contact_id, flush=True)
print("left", sum(entry.kind == OUTBOX for entry in store.entries()), flush=True)
store.close()
session.close()
centre.close()
"""


class Desk:
    """One such process."""

    def __init__(self, folder: Path, linked: str, most: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _DESK, str(folder), USER, linked, str(most)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def hear(self) -> tuple[str, str] | None:
        """The next thing that it says; None when it has ended."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line.endswith("\n"):  # the end, or a line cut off by the kill: that was not said
            return None
        word, _, rest = line.strip().partition(" ")
        return word, rest

    def rest(self) -> list[tuple[str, str]]:
        heard = []
        while (said := self.hear()) is not None:
            heard.append(said)
        self.process.wait(60)
        assert self.process.stdout
        self.process.stdout.close()
        return heard

    def kill(self) -> list[tuple[str, str]]:
        self.process.send_signal(signal.SIGKILL)
        return self.rest()


@pytest.fixture
def folder(tmp_path: Path, small_city: Copies) -> Path:
    return small_city(tmp_path / "data")


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_each_contact_is_in_the_database_once_whatever_is_killed(folder: Path) -> None:
    chance = random.Random(3)
    centre = root.open_embedded(folder)
    try:
        session = centre.sign_in(USER, training_password(USER))
        linked = str(session.services.intake.queue().rows[0].id)
        session.close()
        kept: set[str] = set()
        held: list[str] = []

        def note(heard: list[tuple[str, str]]) -> None:
            kept.update(rest for word, rest in heard if word == "kept")
            held.extend(rest for word, rest in heard if word == "held")

        for number in range(6):
            desks = [Desk(folder, linked, 10_000) for _ in range(1 + number % 2)]
            for desk in desks:
                for _ in range(chance.randrange(1, 16)):
                    said = desk.hear()
                    assert said is not None
                    note([said])
            if number % 3 == 1:
                kill_server(folder)
                note([said for desk in desks for _ in range(3) if (said := desk.hear()) is not None])
            for desk in desks:
                note(desk.kill())
        last = Desk(folder, linked, 3)
        heard = last.rest()
        note(heard)
        assert heard[-1] == ("left", "0"), heard[-3:]
        assert held == []
        assert len(kept) > 20
        _each_is_there_once(centre, kept, kills=12)
    finally:
        centre.close()


def _each_is_there_once(centre: root.Centre, kept: set[str], kills: int) -> None:
    from db.setup import owner_engine

    engine = owner_engine(centre.where(root.OWNER), centre.owner_password())
    with engine.begin() as connection:
        rows = connection.execute(
            text("select id::text, need, ending, ended_at from contact where need = id::text")
        ).all()
        referrals = connection.execute(
            text(
                "select c.id::text as contact, r.need, r.state, r.safeguarding from referral r"
                " join contact c on c.id = r.contact_id where c.need = c.id::text"
            )
        ).all()
        advice = connection.execute(
            text("select contact_id::text from contact_advice a join contact c on c.id = a.contact_id"
                 " where c.need = c.id::text")
        ).scalars().all()  # fmt: skip
        concerns = connection.execute(
            text("select count(*) from referral where need like '% 1' and safeguarding")
        ).scalar()
    engine.dispose()
    there = Counter(row.id for row in rows)
    assert set(there) >= kept, f"{len(kept - set(there))} of {len(kept)} contacts are lost"
    assert max(there.values()) == 1
    assert len(set(there) - kept) <= kills, "kept on the disk, and killed before that could be said"
    assert all(row.ending and row.ended_at for row in rows)
    by_contact = Counter(row.contact for row in referrals)
    assert set(by_contact.values()) == {3}
    assert {row.id for row in rows if row.ending == "referral"} == set(by_contact)
    assert Counter(row.need for row in referrals).most_common(1)[0][1] == 1
    assert all(row.state == ("waiting" if row.need.endswith(" 2") else "claimed") for row in referrals)
    assert max(Counter(advice).values()) == 1
    assert concerns == len(by_contact)
