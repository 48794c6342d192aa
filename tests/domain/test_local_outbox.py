"""The outbox: kept before it is sent, dropped after the database has said that it has it, held when it is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from coordination.errors import (
    BadValue,
    BadValues,
    Conflict,
    DatabaseAway,
    NotAllowed,
    NotFound,
    Refused,
    SignInFailed,
    TooBusy,
    obstacle,
)
from coordination.intake.model import Advice, ContactDraft, EndedContact, Refer, ReferralDraft
from coordination.local import wire
from coordination.local.model import Drop, Entry, Put, apply, join
from coordination.local.outbox import OUTBOX, Held, Outbox, OutboxItem, Sent, Waits, read
from coordination.local.store import MemoryStore
from coordination.values import ContactId, ReferralId, new_id

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def item(**how: Any) -> OutboxItem:
    return OutboxItem(ContactId(new_id()), ContactDraft(need="Stairs"), Advice("Rest"), NOW, "Stairs", {"a": 1}, **how)


class Server:
    """What the database would say, and what it was sent."""

    def __init__(self, *answers: Exception | None) -> None:
        self.answers, self.sent = list(answers), list[Any]()

    def take(self, draft: ContactDraft, contact_id: ContactId, ending: Any) -> EndedContact:
        self.sent.append((draft, contact_id, ending))
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        return EndedContact(None)  # type: ignore[arg-type]


def outbox(store: MemoryStore, server: Server, at: datetime = NOW) -> Outbox:
    return Outbox(store.write, server.take, lambda: at)


def test_kept_before_it_is_sent_and_gone_when_it_is_acknowledged() -> None:
    store, server, one = MemoryStore(), Server(), item()
    store.write([Put(Entry("contact", "draft", {}, NOW))])
    box = outbox(store, server)
    box.keep(one, instead_of=("contact", "draft"))
    assert [entry.name for entry in store.entries()] == [one.name]
    assert isinstance(box.send(one), Sent)
    assert store.entries() == ()
    assert server.sent == [(one.draft, one.id, one.ending)]


@pytest.mark.parametrize("error", [DatabaseAway(), TooBusy(), SignInFailed()])
def test_what_could_not_be_sent_waits_as_it_was(error: Exception) -> None:
    store, one = MemoryStore(), item()
    box = outbox(store, Server(error))
    box.keep(one)
    assert isinstance(box.send(one), Waits)
    assert read(store.entries()[0]) == one


@pytest.mark.parametrize(
    "error",
    [
        BadValues((BadValue("need", "missing"),)),
        NotFound("people", "x"),
        NotAllowed("contact"),
        Conflict("intake", "x", 1, None),
        Refused("refer", (obstacle("closed", at=NOW),)),
    ],
)
def test_refused_it_stays_with_the_reason(error: Exception) -> None:
    store, one = MemoryStore(), item()
    box = outbox(store, Server(error, None))
    box.keep(one)
    held = box.send(one)
    assert isinstance(held, Held)
    kept = read(store.entries()[0])
    assert kept.refused == error and not kept.is_waiting
    assert isinstance(box.send(kept), Sent), "mended at the other end, it goes"
    assert store.entries() == ()


def test_an_error_that_nobody_foresaw_keeps_it_too_and_none_of_its_words() -> None:
    store, one = MemoryStore(), item()
    box = outbox(store, Server(RuntimeError("Pankhurst")))
    box.keep(one)
    box.send(one)
    kept = read(store.entries()[0])
    assert kept.unforeseen == "RuntimeError" and "Pankhurst" not in str(store.entries()[0].data)


def test_sent_late_it_was_received_when_it_was_taken() -> None:
    server, one = Server(), item()
    outbox(MemoryStore(), server, NOW + timedelta(hours=3)).send(one)
    assert server.sent[0][0].received_at == NOW
    known = replace(one, draft=replace(one.draft, received_at=NOW - timedelta(days=1)))
    outbox(MemoryStore(), server, NOW + timedelta(hours=3)).send(known)
    assert server.sent[1][0].received_at == NOW - timedelta(days=1)


def test_a_clock_that_runs_ahead_does_not_keep_it_from_the_database() -> None:
    server, one = Server(BadValues((BadValue("received_at", "in_the_future"),))), item()
    assert isinstance(outbox(MemoryStore(), server, NOW + timedelta(hours=3)).send(one), Sent)
    assert [draft.received_at for draft, _id, _ending in server.sent] == [NOW, None]


def test_it_is_kept_whole() -> None:
    referrals = tuple(ReferralDraft(ReferralId(new_id()), "falls", "routine", "No hurry", hold=True) for _ in range(3))
    one = replace(item(), ending=Refer(referrals), refused=NotFound("people", "x"))
    assert read(one.entry()) == one


@pytest.mark.parametrize(
    "change", [lambda d: d.pop("draft"), lambda d: d.update(ending={"$": "record", "of": "x", "v": 1})]
)
def test_what_another_version_wrote_is_unreadable_and_no_more(change: Callable[[dict[str, Any]], object]) -> None:
    data = dict(item().entry().data)
    change(data)
    with pytest.raises(wire.Unreadable):
        read(Entry(OUTBOX, "x", data, NOW))


def test_of_two_with_one_name_the_later_has_it_and_the_earlier_stays() -> None:
    mine, same = Entry("note", "a", {"n": 1}, NOW), Entry("note", "a", {"n": 1}, NOW - timedelta(hours=1))
    assert join({mine.name: mine}, [same]) == []
    later = Entry("note", "a", {"n": 2}, NOW + timedelta(hours=1))
    kept: dict[Any, Entry] = {mine.name: mine}
    apply(kept, [Put(entry) for entry in join(kept, [later])])
    assert {entry.key: entry.data["n"] for entry in kept.values()} == {"a": 2, "a (2)": 1}
    apply(kept, [Put(entry) for entry in join(kept, [Entry("note", "a", {"n": 0}, NOW - timedelta(days=1))])])
    assert {entry.key: entry.data["n"] for entry in kept.values()} == {"a": 2, "a (2)": 1, "a (3)": 0}
    apply(kept, [Drop("note", "a"), Drop("note", "no such")])
    assert ("note", "a") not in kept
