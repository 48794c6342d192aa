"""A mailbox over IMAP, only looked at: opened with EXAMINE, fetched with PEEK. No mail is marked, moved or deleted.

``imapclient`` speaks the protocol. A password goes over TLS whose certificate holds, or in clear only where the source
says so.
"""

from __future__ import annotations

import logging
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError

from coordination.messages.inbox import Found, Held, ItemTrouble, PlaceTrouble, Source
from coordination.messages.inbox_place import Keep, Stop
from coordination.messages.reading import MAX_FILE

CONNECT, ANSWER = 15, 60  # seconds
CHUNK = 1024 * 1024  # bytes asked for at a time
WINDOW = 50_000  # mails in one search: an answer is one line, and a line of a megabyte is refused
_HIGHEST = 2**32 - 1  # of a UID, by the protocol
_MOST_MAILS = 20_000_000  # in one folder; a server that tells of more is out of order
IDLE_FOR = 20 * 60  # seconds; servers end it after 30 minutes
# What the library raises over an answer that is no IMAP, or that says it is larger than any memory.
_NONSENSE = (
    ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError, MemoryError, RecursionError,
)  # fmt: skip
_LATER = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]", re.IGNORECASE)

# At its most talkative the library would log what it sends and fetches.
logging.getLogger("imapclient").setLevel(logging.WARNING)


class ImapPlace:
    """One folder of a mailbox. ``password`` is asked for each connection, and not kept here."""

    def __init__(self, source: Source, password: Callable[[], str | None], tls: ssl.SSLContext | None = None) -> None:
        self._source, self._password, self._tls = source, password, tls
        self._client: IMAPClient | None = None
        self._exists = 0
        self.uid_validity: int | None = None

    # ------------------------------------------------------------------ connecting

    def open(self, held: Held) -> None:
        """Signed in, with the folder open for looking. A line that stood since the last look is used again."""
        if self._client is not None:
            with suppress(PlaceTrouble):
                return self._examine()
            self.close()
        try:
            self._connect()
            self._examine()
        except PlaceTrouble:
            self.close()
            raise

    def _connect(self) -> None:
        source, timeout = self._source, SocketTimeout(CONNECT, ANSWER)
        password = self._password()
        if password is None:
            raise PlaceTrouble("mailbox_without_password", give_up=True)
        context = self._tls or ssl.create_default_context()
        with _troubles():
            client = IMAPClient(
                source.host, source.port, ssl=source.security == "tls", ssl_context=context, timeout=timeout
            )
            self._client = client
            if source.security == "starttls":
                client.starttls(context)
        with _troubles(signing_in=True):
            if client.has_capability("LOGINDISABLED"):
                raise PlaceTrouble("mailbox_wants_tls", give_up=True)
            if client.has_capability("AUTH=PLAIN") or not (source.user_name + password).isascii():
                client.plain_login(source.user_name, password)
            else:
                client.login(source.user_name, password)

    def _examine(self) -> None:
        try:
            with _troubles():
                about = self._line.select_folder(self._source.folder, readonly=True)
                self._exists = _counted(about[b"EXISTS"], _MOST_MAILS)
                self.uid_validity = _counted(about[b"UIDVALIDITY"], _HIGHEST)
        except PlaceTrouble as trouble:
            if trouble.code == "mailbox_refuses":
                raise PlaceTrouble("mailbox_folder_missing", folder=self._source.folder) from None
            raise

    @property
    def _line(self) -> IMAPClient:
        if self._client is None:
            raise PlaceTrouble("mailbox_broke_off")
        return self._client

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):  # it may have gone already
                client.shutdown()

    # ------------------------------------------------------------------ mails

    def found(self, after_uid: int) -> Sequence[Found]:
        asked: list[Any] = ["UID", f"{after_uid + 1}:*"]
        if self._source.since is not None:
            asked += ["SINCE", self._source.since]
        uids: set[int] = set()
        with _troubles():
            for window in _windows(self._exists):
                uids.update(self._line.search([*window, *asked]))
        # "n:*" gives the newest mail also when its number is below n
        return [self._found(uid) for uid in sorted(uids) if after_uid < uid <= _HIGHEST]

    def _found(self, uid: int) -> Found:
        return Found(f"{self.uid_validity}/{uid}", f"mail-{uid}.eml", uid)

    def is_ready(self, found: Found) -> bool:
        return True

    def read(self, found: Found, keep: Keep) -> bytes:
        """In pieces, so that a slow line and a large mail do not outlast the lease."""
        validity, _, number = found.key.partition("/")
        if validity != str(self.uid_validity):
            raise ItemTrouble("mail_renumbered")
        uid = int(number)
        with _troubles():
            about = self._line.fetch([uid], ["RFC822.SIZE"]).get(uid, {})
            size = about.get(b"RFC822.SIZE")
            if size is None:
                raise ItemTrouble("mail_gone")
            if size > MAX_FILE:
                raise ItemTrouble("mail_too_large", size=size, limit=MAX_FILE)
            return self._whole(uid, keep)

    def _whole(self, uid: int, keep: Keep) -> bytes:
        data = bytearray()
        while True:
            answer = self._line.fetch([uid], [f"BODY.PEEK[]<{len(data)}.{CHUNK}>"]).get(uid, {})
            piece = next((value for name, value in answer.items() if name.startswith(b"BODY[]")), None)
            if piece is None and not data:
                raise ItemTrouble("mail_gone")
            data += piece or b""
            if len(data) > MAX_FILE:  # the size that was told is not always the size that comes
                raise ItemTrouble("mail_too_large", size=len(data), limit=MAX_FILE)
            if len(piece or b"") < CHUNK:
                return bytes(data)
            keep()

    # ------------------------------------------------------------------ waiting

    def wait(self, seconds: float, stop: Stop) -> bool:
        """Until the server tells of something new, where it offers that (IDLE)."""
        client = self._client
        if client is None or not client.has_capability("IDLE"):
            stop.wait(seconds)
            return False
        try:
            with _troubles():
                return _idle(client, min(seconds, IDLE_FOR), stop)
        except PlaceTrouble:  # the next look says what is the matter
            self.close()
            return True


def _counted(told: object, most: int) -> int:
    """A number that a server may tell. Raises ValueError."""
    number = int(str(told))
    if not 0 <= number <= most:
        raise ValueError("no such number")
    return number


def _windows(exists: int) -> list[list[str]]:
    """The mails of a mailbox by their place in it, so many at a time; no window where one search does."""
    if exists <= WINDOW:
        return [[]] if exists else []
    firsts = range(1, exists + 1, WINDOW)
    return [[f"{first}:{min(first + WINDOW - 1, exists)}"] for first in firsts]


def _idle(client: IMAPClient, seconds: float, stop: Stop) -> bool:
    client.idle()
    try:
        ends = monotonic() + seconds
        while not stop.is_set() and (left := ends - monotonic()) > 0:
            told = client.idle_check(timeout=min(left, 1.0))
            if any(len(one) > 1 and one[1] in (b"EXISTS", b"RECENT") for one in told):
                return True
        return False
    finally:
        client.idle_done()


@contextmanager
def _troubles(*, signing_in: bool = False) -> Iterator[None]:
    """What the line, the certificate or the server can do, as PlaceTrouble with a code. No answer of a server is
    kept: it may hold anything."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise PlaceTrouble("mailbox_certificate", reason=error.verify_message) from None
    except ssl.SSLError:
        raise PlaceTrouble("mailbox_no_tls") from None
    except CapabilityError:
        raise PlaceTrouble("mailbox_no_starttls") from None
    except IMAPClientAbortError:
        raise PlaceTrouble("mailbox_broke_off") from None
    except LoginError as error:
        if isinstance(error.__context__, IMAPClientAbortError):  # the line broke; nobody looked at the password
            raise PlaceTrouble("mailbox_broke_off") from None
        if _LATER.search(str(error)):
            raise PlaceTrouble("mailbox_busy") from None
        raise PlaceTrouble("mailbox_password_refused", give_up=True) from None
    except IMAPClientError as error:
        if _LATER.search(str(error)):
            raise PlaceTrouble("mailbox_busy") from None
        raise PlaceTrouble("mailbox_refuses") from None
    except (OSError, EOFError):
        raise PlaceTrouble("mailbox_unreachable" if not signing_in else "mailbox_broke_off") from None
    except _NONSENSE:
        raise PlaceTrouble("mailbox_speaks_nonsense") from None
