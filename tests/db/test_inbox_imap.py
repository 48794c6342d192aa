"""A mailbox on a real IMAP server: read once, marked nowhere, resumed after whatever happens in between."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import trustme
from sqlalchemy import text

from coordination.messages.inbox import LEASE, PassResult, Source
from coordination.messages.inbox_imap import CHUNK, ImapPlace
from coordination.messages.inbox_reader import Reader
from coordination.messages.reading import MAX_FILE
from coordination.values import new_id
from tests.database import CentreDb, SignedIn
from tests.imap_server import PASSWORD, Cord, ImapServer, start_imap


def mail(number: int, words: str = "She fell and cannot get up the stairs.", **headers: str) -> bytes:
    lines = {"From": "Sylvia <s@example.org>", "Subject": f"Mail {number}", "Message-ID": f"<{number}@example.org>"}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in {**lines, **headers}.items())
    return f"{head}\r\n{words} {number}\r\n".encode()


@pytest.fixture(scope="module")
def server() -> Iterator[ImapServer]:
    made = start_imap()
    yield made
    made.stop()


@pytest.fixture
def mailbox(server: ImapServer) -> ImapServer:
    """A folder of its own for each test."""
    folder = f"Referrals {new_id()}"
    with server.client() as client:
        client.create_folder(folder)
    return replace(server, folder=folder, source_id=new_id())


@pytest.fixture
def desk(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("cora.coordinator")


def add(db: CentreDb, mailbox: ImapServer, **changes: Any) -> Source:
    keeper = db.sign_in("max.manager")
    return keeper.services.inbox.add(mailbox.draft(**changes), mailbox.source_id)


def reader(desk: SignedIn, source: Source, password: str | None = PASSWORD, **how: Any) -> Reader:
    tls = how.pop("tls", None)
    return Reader(
        desk.services.inbox.reading, source.id, lambda where: ImapPlace(where, lambda: password, tls), **how
    )  # fmt: skip


def row(desk: SignedIn, source: Source) -> Any:
    return next(r for r in desk.services.inbox.sources() if r.source.id == source.id)


def count(db: CentreDb, table: str) -> int:
    with db.owner.connect() as connection:
        return connection.execute(text(f"select count(*) from {table}")).scalar_one()


def test_every_mail_once_and_no_mail_touched(desk, centre_db, mailbox) -> None:
    mailbox.put(*(mail(n) for n in range(3)))
    source = add(centre_db, mailbox)
    first = reader(desk, source).once()
    assert (first.new, first.refused, first.problem) == (3, 0, "")
    assert reader(desk, source).once() == PassResult()
    mailbox.put(mail(3))
    assert reader(desk, source).once().new == 1
    assert count(centre_db, "referral") == 4
    assert list(mailbox.flags().values()) == [set()] * 4  # nothing seen, nothing deleted, nothing moved
    stands = row(desk, source).state
    assert stands.read == 4 and stands.good_at is not None and stands.held_until is None
    assert abs(stands.next_at - stands.looked_at - source.every) <= timedelta(milliseconds=1)


def test_the_original_is_the_mail_to_the_last_byte(desk, centre_db, mailbox) -> None:
    odd = mail(1).replace(b"stairs", b"\xff\xfe st\tairs\r\n.\r\n")
    mailbox.put(odd)
    reader(desk, add(centre_db, mailbox)).once()
    [record] = desk.services.messages.recent()
    assert desk.services.messages.open(record.id).content == odd


def test_a_mail_longer_than_one_piece(desk, centre_db, mailbox) -> None:
    long = mail(1, "A line of forty letters and so on, go. \r\n" * (CHUNK // 40 * 2 + 7))
    exact = mail(2, "")
    exact += b"x" * (CHUNK - len(exact))
    mailbox.put(long, exact)
    assert reader(desk, add(centre_db, mailbox)).once().new == 2
    kept = {desk.services.messages.open(record.id).content for record in desk.services.messages.recent()}
    assert kept == {long, exact}


def test_a_mail_too_large_is_not_fetched_and_the_rest_goes_on(desk, centre_db, mailbox) -> None:
    mailbox.put(mail(1), mail(2) + b"x" * MAX_FILE, mail(3))
    cord = Cord(mailbox.port)
    result = reader(desk, add(centre_db, mailbox, port=cord.port)).once()
    cord.close()
    assert (result.new, result.refused) == (2, 1) and cord.passed < 100_000
    [item] = desk.services.inbox.to_settle()
    assert item.problem == "mail_too_large" and item.facts["size"] > MAX_FILE
    assert desk.services.inbox.count_open() == 1 and row(desk, add(centre_db, mailbox)).state.refused == 1


def test_malformed_mails_do_not_stop_the_line(desk, centre_db, mailbox) -> None:
    mailbox.put(b"no header at all", mail(1), b"\xff\xfe\x01", b"Content-Type: multipart/mixed\r\n\r\n", mail(2))
    result = reader(desk, add(centre_db, mailbox)).once()
    assert result.new >= 2 and result.new + result.refused == 5 and not result.problem
    assert len(desk.services.inbox.to_settle()) == result.refused


def test_two_readers_race(centre_db, mailbox) -> None:
    mailbox.put(*(mail(n) for n in range(6)))
    source = add(centre_db, mailbox)
    desks = [centre_db.sign_in(user) for user in ("cora.coordinator", "cole.coordinator")]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda n: reader(desks[n % 2], source).once(), range(4)))
    assert sum(r.new for r in results) == 6 and count(centre_db, "referral") == 6
    assert count(centre_db, "inbox_item") == 6


def test_a_reader_that_lost_its_lease_changes_nothing(desk, centre_db, mailbox) -> None:
    mailbox.put(mail(1), mail(2))
    source = add(centre_db, mailbox)
    first, second = reader(desk, source), reader(centre_db.sign_in("cole.coordinator"), source)
    results = []

    def taken_over(done: int, _of: int) -> None:
        if done == 0:  # it stood still for longer than its lease: another reads
            with centre_db.owner.begin() as connection:
                connection.execute(text("update inbox_state set lease_until = now() - interval '1 s'"))
            results.append(second.once())

    first.tell = taken_over
    assert first.once() == PassResult(held=True)
    assert results[0].new == 2 and count(centre_db, "referral") == 2


def test_the_mailbox_numbers_its_mails_anew(desk, centre_db, mailbox) -> None:
    mails = [mail(n) for n in range(3)]
    mailbox.put(*mails)
    source = add(centre_db, mailbox)
    assert reader(desk, source).once().new == 3
    with mailbox.client() as client:
        client.delete_folder(mailbox.folder)
        client.create_folder(mailbox.folder)
    mailbox.put(mail(9), *mails)
    result = reader(desk, source).once()
    assert (result.new, result.again) == (1, 3) and count(centre_db, "referral") == 4


def test_mails_from_before_are_left_alone(desk, centre_db, mailbox) -> None:
    with mailbox.client() as client:
        client.append(mailbox.folder, mail(1), msg_time=datetime(2020, 3, 1, 12, tzinfo=UTC))
    mailbox.put(mail(2))
    assert reader(desk, add(centre_db, mailbox, since=None)).once().new == 1


def test_a_mail_deleted_meanwhile_is_noted(desk, centre_db, mailbox) -> None:
    mailbox.put(mail(1), mail(2))
    source = add(centre_db, mailbox)
    reading = reader(desk, source)
    uid = max(mailbox.flags())
    reading.tell = lambda done, _of: mailbox.delete(uid) if done == 0 else None
    result = reading.once()
    assert (result.new, result.refused) == (1, 1)
    [item] = desk.services.inbox.to_settle()
    assert item.problem == "mail_gone" and item.name == f"mail-{uid}.eml"


def test_the_line_breaks_in_the_middle(desk, centre_db, mailbox) -> None:
    mailbox.put(mail(1), mail(2, "words " * 20_000), mail(3))
    cord = Cord(mailbox.port, cut_after=20_000)
    source = add(centre_db, mailbox, port=cord.port)
    broken = reader(desk, source, chance=lambda: 0.0).once()
    assert broken.new == 1 and broken.problem == "mailbox_broke_off"
    state = row(desk, source).state
    assert state.problem == "mailbox_broke_off" and state.failures == 1 and state.waiting == 1
    cord.cut_after = None
    whole = reader(desk, source).once()
    cord.close()
    assert whole.new == 2 and count(centre_db, "referral") == 3
    assert row(desk, source).state.problem == "" and row(desk, source).state.waiting == 0


def test_one_mail_at_which_the_line_always_breaks_does_not_hold_up_the_others(desk, centre_db, mailbox) -> None:
    mailbox.put(mail(1, "words " * 20_000), mail(2))
    cord = Cord(mailbox.port, cut_after=20_000)
    source = add(centre_db, mailbox, port=cord.port)
    for _attempt in range(8):
        cord.passed = 0
        last = reader(desk, source, chance=lambda: 0.0).once()
    cord.close()
    assert not last.problem and count(centre_db, "referral") == 1
    [item] = desk.services.inbox.to_settle()
    assert item.problem == "inbox_breaks_off"


def test_a_refused_password_is_said_once_and_not_tried_again(desk, centre_db, mailbox) -> None:
    cord = Cord(mailbox.port)
    source = add(centre_db, mailbox, port=cord.port)
    wrong = reader(desk, source, "wrong").once()
    assert wrong.problem == "mailbox_password_refused" and wrong.given_up and cord.connections == 1
    for _again in range(3):
        assert reader(desk, source, "wrong").once().given_up
    assert cord.connections == 1 and not row(desk, source).is_due
    desk.services.inbox.ask_to_look(source.id)  # by somebody who has a new one
    assert row(desk, source).is_due
    assert reader(desk, source).once() == PassResult() and cord.connections == 2
    cord.close()


def test_a_line_that_breaks_while_signing_in_is_no_refused_password(desk, centre_db, mailbox) -> None:
    cord = Cord(mailbox.port, cut_after=500)
    source = add(centre_db, mailbox, port=cord.port)
    for cut in range(80, 500, 60):
        cord.cut_after, cord.passed = cut, 0
        result = reader(desk, source).once()
        assert result.problem in ("mailbox_broke_off", "mailbox_unreachable", "") and not result.given_up
    cord.close()


def test_without_a_password_nobody_is_asked(desk, centre_db, mailbox) -> None:
    result = reader(desk, add(centre_db, mailbox), None).once()
    assert result.problem == "mailbox_without_password"


def test_a_server_that_is_not_there(desk, centre_db, mailbox) -> None:
    cord = Cord(mailbox.port)
    cord.close()
    source = add(centre_db, mailbox, port=cord.port)
    assert reader(desk, source).once().problem == "mailbox_unreachable"
    assert not row(desk, source).is_due  # it waits before it tries again


def test_a_folder_that_is_not_there(desk, centre_db, mailbox) -> None:
    result = reader(desk, add(centre_db, mailbox, folder="No such folder")).once()
    assert result.problem == "mailbox_folder_missing" and result.facts == {"folder": "No such folder"}


def test_something_else_than_imap_answers(desk, centre_db, mailbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:

        def answer() -> None:
            client, _address = other.accept()
            with client:
                client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = Thread(target=answer)
        thread.start()
        result = reader(desk, add(centre_db, mailbox, port=other.getsockname()[1])).once()
        thread.join()
    assert result.problem in ("mailbox_broke_off", "mailbox_refuses", "mailbox_speaks_nonsense")


# ---------------------------------------------------------------- TLS


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def secured(authority: trustme.CA, port: int, host: str = "localhost") -> Cord:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return Cord(port, tls=context)


def test_tls_only_with_a_certificate_that_holds(desk, centre_db, mailbox, authority) -> None:
    mailbox.put(mail(1))
    cord = secured(authority, mailbox.port)
    source = add(centre_db, mailbox, host="localhost", port=cord.port, security="tls")
    untrusted = reader(desk, source).once()
    assert untrusted.problem == "mailbox_certificate" and not untrusted.given_up
    assert reader(desk, source, tls=trusting(authority)).once().new == 1
    cord.close()


def test_tls_of_another_host_is_refused(desk, centre_db, mailbox, authority) -> None:
    cord = secured(authority, mailbox.port, "other.example.org")
    source = add(centre_db, mailbox, host="localhost", port=cord.port, security="tls")
    assert reader(desk, source, tls=trusting(authority)).once().problem == "mailbox_certificate"
    cord.close()


def test_starttls(desk, centre_db, authority, tmp_path: Path) -> None:
    issued = authority.issue_cert("localhost")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
    key.write_bytes(issued.private_key_pem.bytes())
    server = start_imap((cert, key))
    try:
        source = add(centre_db, server, host="localhost", security="starttls")
        assert reader(desk, source).once().problem == "mailbox_certificate"
        assert reader(desk, source, tls=trusting(authority)).once().problem == ""
    finally:
        server.stop()


def test_no_password_in_clear_where_starttls_is_wanted(desk, centre_db, mailbox) -> None:
    source = add(centre_db, mailbox, security="starttls")
    assert reader(desk, source).once().problem == "mailbox_no_starttls"


# ---------------------------------------------------------------- going on and on


def test_a_running_reader_hears_of_new_mail_and_stops_when_asked(desk, centre_db, mailbox) -> None:
    source = add(centre_db, mailbox, every=timedelta(hours=1))  # the server tells; nobody waits an hour
    stop, came, looked = Event(), Event(), Event()

    def said(result: PassResult) -> None:
        looked.set()
        if result.new:
            came.set()

    running = Thread(target=reader(desk, source, stop=stop).run, args=(said,))
    running.start()
    try:
        assert looked.wait(30)
        mailbox.put(mail(1))
        assert came.wait(30)
        held = row(desk, source).state
        assert held.held_by == "Cora Example" and held.held_until - row(desk, source).as_of <= LEASE
        assert reader(centre_db.sign_in("cole.coordinator"), source).once().held
    finally:
        stop.set()
        running.join(30)
    assert not running.is_alive() and row(desk, source).state.held_until is None
