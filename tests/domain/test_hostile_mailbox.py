"""A mailbox whose server answers anything at all: the line is in trouble, by a code, and nothing else happens."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.fuzz_mutate import edited
from coordination.messages.inbox import Found, Held, ItemTrouble, PlaceTrouble, Source
from coordination.messages.inbox_imap import ImapPlace
from coordination.messages.reading import MAX_FILE
from coordination.values import new_id
from tests.domain.test_hostile_files import EDITS

TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # nothing is signed in to over it here
SOUND = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\n",
    b"EXAMINE": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 9] ok\r\n",
    b"SEARCH": b"* SEARCH 4 6 8\r\n",
    b"SIZE": b"* 1 FETCH (UID 4 RFC822.SIZE 12)\r\n",
    b"BODY": b"* 1 FETCH (UID 4 BODY[]<0> {12}\r\nSubject: a\r\n)\r\n",
}
WILD = (
    b"* 99999999999999999999 EXISTS\r\n* OK [UIDVALIDITY 99999999999999] x\r\n", b"* -1 EXISTS\r\n",
    b"* 3 EXISTS\r\n",
    b"* OK [UIDVALIDITY x] \r\n* 1 EXISTS\r\n", b"* SEARCH " + b"9" * 5000 + b"\r\n", b"* SEARCH \x00 \xff\r\n",
    b"* SEARCH 99999999999999999999999\r\n", b"* 1 FETCH (UID 4 RFC822.SIZE NIL)\r\n", b"* 1 FETCH (UID 4\r\n",
    b"* 1 FETCH (UID 4 RFC822.SIZE 99999999999)\r\n", b"* 1 FETCH (UID 4 BODY[]<0> {99999999999999999999}\r\n",
    b"* 1 FETCH (UID 4 BODY[]<0> {-5}\r\n", b"* 1 FETCH (UID 4 BODY[]<0> NIL)\r\n", b"(" * 3000 + b"\r\n", b"\r\n",
    b"* BYE gone\r\n", b"x" * 1_100_000, b"* 1 FETCH (UID 4 BODY[]<0> 7)\r\n", b"+ \r\n", b"* \x00\x00 OK\r\n",
)  # fmt: skip


@contextmanager
def a_server(answers: Callable[[bytes], bytes]) -> Iterator[int]:
    """Answers each command with what ``answers`` says of its line, then with OK; closes when it is asked no more."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            line, _ = listening.accept()
            with line, line.makefile("rb") as said:
                line.sendall(b"* OK here\r\n")
                for command in said:
                    tag = command.split(b" ")[0]
                    line.sendall(answers(command) + tag + b" OK done\r\n")
                    if not command.split(b" ")[1:]:
                        return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()
        thread.join()


def source(port: int) -> Source:
    return Source(new_id(), "imap", "Mail", "INBOX", "127.0.0.1", port, "u", "plain", "test", None,
                  timedelta(minutes=1), True, 1)  # fmt: skip


def answered(command: bytes, changed: bytes | None, of: bytes) -> bytes:
    for word in (b"BODY", b"SIZE", b"SEARCH", b"EXAMINE", b"CAPABILITY"):
        if word in command:
            return changed if word == of and changed is not None else SOUND[word]
    return b""


def look(of: bytes, changed: bytes | None) -> list[bytes]:
    """What a look at the mailbox brings; every trouble is one of the two kinds."""
    read: list[bytes] = []
    with a_server(lambda command: answered(command, changed, of)) as port:
        place = ImapPlace(source(port), lambda: "p", TLS)
        try:
            place.open(cast("Held", None))
            for found in place.found(0)[:2]:
                assert 0 < (found.uid or 0) < 2**32 and isinstance(found, Found)
                with suppress(ItemTrouble):
                    read.append(place.read(found, lambda: None))
        except PlaceTrouble as trouble:
            assert trouble.args[0].startswith("mailbox_")
        finally:
            place.close()
    assert all(len(content) <= MAX_FILE for content in read)
    return read


def test_a_sound_server_is_read() -> None:
    assert look(b"", None)[0] == b"Subject: a\r\n"


@pytest.mark.parametrize("of", SOUND)
def test_whatever_a_server_answers_the_line_is_in_trouble_and_nothing_else(of: bytes) -> None:
    for wild in WILD:
        if not wild.endswith(b"}\r\n") and wild != b"x" * 1_100_000:  # those would be waited for
            look(of, wild)


@given(st.sampled_from(sorted(SOUND)), EDITS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_altered_answers(of: bytes, edits: list[tuple[int, int, int, int]]) -> None:
    changed = edited(SOUND[of], edits)[:20_000].replace(b"{", b"(")  # a literal that never comes would be waited for
    look(of, changed + b"\r\n")
