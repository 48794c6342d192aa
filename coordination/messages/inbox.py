"""Where messages arrive by themselves (E1): the sources, how far each has been read, and what was found there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from coordination.messages.model import Finding, Kind, Severity

SourceKind = Literal["folder", "imap"]
Security = Literal["tls", "starttls", "plain"]
ItemState = Literal["reading", "waiting", "done", "refused", "settled"]
SettledHow = Literal["by_hand", "set_aside", "newer_version"]

# Who says where to look. Whoever takes contacts may read what is there; the database holds the same lists.
KEEPERS = frozenset(("administrator", "manager"))
READERS = frozenset(("care_coordinator", "placement_coordinator", "trusted_assessor", "team_lead"))

# The folder that an embedded database comes with: ``inbox`` in its data folder, wherever that lies.
DEFAULT_SOURCE = UUID("00000000-0000-7000-8000-000000000001")
DEFAULT_FOLDER = "inbox"

LEASE = timedelta(seconds=120)  # how long a reader that died keeps others out
MOST_CRASHES = 3  # an item that was being read when the reader died so often is not tried again by itself
MOST_TRIES = 6  # of what may pass: a file in use, a busy database


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """A source as somebody types it. Checked by ``inbox_rules.check_source``.

    ``folder``: a path, or a folder of the mailbox. ``since``: mails that the server received before that day are left
    alone. ``every`` is the time between two looks. No password: it is asked for or lies in the keyring.
    """

    kind: SourceKind = "folder"
    name: str = ""
    folder: str = ""
    host: str = ""
    port: int | None = None
    user_name: str = ""
    security: Security | None = None
    plain_reason: str = ""
    since: date | None = None
    every: timedelta = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Source:
    """One place to look, as it is stored."""

    id: UUID
    kind: SourceKind
    name: str
    folder: str
    host: str
    port: int | None
    user_name: str
    security: Security | None
    plain_reason: str
    since: date | None
    every: timedelta
    active: bool
    revision: int

    @property
    def draft(self) -> SourceDraft:
        """The part that somebody can change."""
        return SourceDraft(
            self.kind, self.name, self.folder, self.host, self.port, self.user_name, self.security, self.plain_reason,
            self.since, self.every,
        )  # fmt: skip

    @property
    def account(self) -> str:
        """Under what a password is kept: of this account on this host, so that another host never gets it."""
        return f"imap://{self.user_name}@{self.host.lower()}:{self.port}"


@dataclass(frozen=True, slots=True)
class SourceState:
    """How it stands with a source. Times are the server's. ``problem`` is a code, with facts for its sentence.

    ``given_up``: it is not tried again by itself, because trying does harm (a refused password locks an account).
    ``read`` counts what became a message; ``refused`` what waits for somebody; ``waiting`` what is tried again.
    """

    looked_at: datetime | None = None
    good_at: datetime | None = None
    next_at: datetime | None = None
    look_asked_at: datetime | None = None
    held_by: str = ""  # display name of whoever runs the reader now
    held_until: datetime | None = None
    problem: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    failures: int = 0
    given_up: bool = False
    read: int = 0
    refused: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One line of the list of sources. ``as_of`` is the server's time."""

    source: Source
    state: SourceState
    as_of: datetime

    @property
    def is_due(self) -> bool:
        """Whether it should be looked at now by a reader that is free to."""
        state, now = self.state, self.as_of
        if not self.source.active or (state.held_until is not None and state.held_until > now):
            return False
        if state.look_asked_at is not None and (state.looked_at is None or state.look_asked_at > state.looked_at):
            return True
        return not state.given_up and (state.next_at is None or state.next_at <= now)


@dataclass(frozen=True, slots=True)
class Held:
    """A source, held by one run of the reader until its lease ends."""

    source: Source
    runner: UUID
    uid_validity: int | None
    uid_done: int
    failures: int
    given_up: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One mail, or one version of one file, at its source. ``uid`` of a mail: all up to it are known from then on."""

    key: str
    name: str
    uid: int = 0


@dataclass(frozen=True, slots=True)
class Begun:
    """An item that this reader has begun to read. ``crashed``: the one before it did not get to the end."""

    id: UUID
    key: str
    tries: int
    crashed: bool


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One item that somebody must look at, or has settled. ``findings`` say why; of a message, what was found in it."""

    id: UUID
    source_id: UUID
    source_name: str
    source_kind: SourceKind
    name: str
    state: ItemState
    tries: int
    found_at: datetime
    tried_at: datetime
    retry_at: datetime | None
    problem: str
    facts: Mapping[str, Any]
    message_id: UUID | None
    message_kind: Kind | None
    settled_how: SettledHow | None
    settled_reason: str
    settled_by_name: str
    settled_at: datetime | None
    revision: int

    @property
    def finding(self) -> Finding:
        """Its problem in the form in which those of messages are shown."""
        return Finding("", Severity.FATAL, self.problem, tuple(self.facts.items()))


@dataclass(frozen=True, slots=True)
class PassResult:
    """What one look at a source came to. ``problem``: why it ended before its end, ``held``: somebody else reads."""

    new: int = 0
    linked: int = 0
    again: int = 0
    refused: int = 0
    waiting: int = 0
    problem: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    held: bool = False
    given_up: bool = False

    @property
    def taken(self) -> int:
        return self.new + self.linked + self.again


class PlaceTrouble(Exception):
    """A whole source cannot be read now. ``give_up``: trying again by itself would do harm."""

    def __init__(self, code: str, *, give_up: bool = False, **facts: object) -> None:
        super().__init__(code)
        self.code, self.give_up, self.facts = code, give_up, facts


class ItemTrouble(Exception):
    """One item cannot be read; the line goes on. ``passes``: it is worth trying again by itself."""

    def __init__(self, code: str, *, passes: bool = False, **facts: object) -> None:
        super().__init__(code)
        self.code, self.passes, self.facts = code, passes, facts


class LeaseLost(Exception):
    """Another reader has the source now, or it was switched off: this one stops without a trace."""
