"""A co-ordinator's shift at the desk, its breaks, and the handover at its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from coordination.values import PersonId, UserName

EndedHow = Literal["signed_off", "later", "by_another"]
ItemKind = Literal["referral", "contact", "concern", "message", "request"]
Choice = Literal["stays", "next", "queue"]
CHOICES: tuple[Choice, ...] = ("stays", "next", "queue")
HandoverState = Literal["offered", "settled", "withdrawn"]
ItemState = Literal["stays", "queued", "offered", "accepted", "returned", "gone", "withdrawn"]
CorrectionKind = Literal["started", "ended_later", "ended_by_another", "times", "reopened"]


@dataclass(frozen=True, slots=True)
class Break:
    """``ended_at`` None: on it now, until ``planned_end``. ``cover`` looks after the claims meanwhile."""

    id: UUID
    started_at: datetime
    planned_end: datetime
    ended_at: datetime | None = None
    cover: UserName | None = None
    cover_name: str | None = None
    revision: int = 1


@dataclass(frozen=True, slots=True)
class DeskShift:
    """One shift at the desk. All times aware UTC, by the server. Breaks in order of time."""

    id: UUID
    user: UserName
    user_name: str  # as colleagues read it
    role: str
    locality: str | None
    started_at: datetime
    planned_end: datetime
    ended_at: datetime | None
    ended_how: EndedHow | None
    ended_by_name: str | None
    revision: int
    breaks: tuple[Break, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def on_break(self) -> Break | None:
        """The break that runs now."""
        return next((b for b in self.breaks if b.ended_at is None), None)


@dataclass(frozen=True, slots=True)
class Correction:
    """What was put right afterwards, by whom and why: the trace of it."""

    id: UUID
    shift_id: UUID
    break_id: UUID | None
    at: datetime
    by_name: str
    kind: CorrectionKind
    was: tuple[datetime, datetime | None]
    became: tuple[datetime, datetime | None]
    reason: str


@dataclass(frozen=True, slots=True)
class NewCorrection:
    """Other times for a shift, or for one of its breaks (``break_id``). ``ended_at`` None: the shift goes on."""

    id: UUID
    shift_id: UUID
    started_at: datetime
    ended_at: datetime | None
    reason: str
    break_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """A handover that nobody has accepted yet, as lists show it."""

    id: UUID
    from_user: UserName
    from_name: str
    signed_at: datetime
    to_user: UserName | None
    to_name: str | None
    locality: str | None
    waiting: int  # items that nobody has answered
    subjects: frozenset[UUID]  # what they are about: ids of referrals, contacts, …
    revision: int


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who is at the desks now, and what waits to be accepted."""

    shifts: tuple[DeskShift, ...]  # open ones, in order of locality and name
    offered: tuple[Offered, ...]  # oldest first

    def of(self, user: str) -> DeskShift | None:
        """The open shift of a user."""
        return next((s for s in self.shifts if s.user == user), None)


@dataclass(frozen=True, slots=True)
class Outstanding:
    """One thing that is not done. ``id`` is that of the referral, contact, concern, message or request."""

    kind: ItemKind
    id: UUID
    number: int | None  # of a referral, said aloud on the telephone
    person_id: PersonId | None
    title: str
    surname: str
    given: str
    birth_date: date | None
    words: str  # the beginning of what it is about
    service_name: str
    urgency: str
    state: str
    state_reason: str
    since: datetime
    due_at: datetime | None
    holder: UserName
    holder_name: str
    locality: str | None
    revision: int
    safeguarding: bool = False
    waits_for: str = ""  # why its clock is paused, or what was asked
    waits_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """What becomes of one outstanding thing. ``seen`` is its revision as the screen showed it."""

    id: UUID
    kind: ItemKind
    subject: UUID
    choice: Choice
    seen: int
    line: str = ""


@dataclass(frozen=True, slots=True)
class HandoverDraft:
    """A handover before it is signed. ``id`` and the items' come from ``values.new_id()``: sent twice it is one.

    ``from_user`` None for one's own. ``to_user`` None for whoever comes next in ``locality`` (None: the city).
    """

    id: UUID
    items: tuple[ItemDraft, ...]
    note: str = ""
    to_user: UserName | None = None
    locality: str | None = None
    from_user: UserName | None = None
    drafts: int = 0
    corrects: UUID | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """As it was signed. Nothing of it changes afterwards but ``state``: offered, settled or withdrawn."""

    id: UUID
    shift_id: UUID | None
    from_user: UserName
    from_name: str
    signed_by: UserName
    signed_by_name: str
    signed_at: datetime
    to_user: UserName | None
    to_name: str | None
    locality: str | None
    note: str
    drafts: int
    corrects: UUID | None
    state: HandoverState
    settled_at: datetime | None
    settled_by_name: str | None
    revision: int


@dataclass(frozen=True, slots=True)
class HandoverItem:
    """One line of a handover with its subject as it stands now; ``now`` is None when it is not to be seen any more."""

    id: UUID
    handover_id: UUID
    position: int
    kind: ItemKind
    subject: UUID
    choice: Choice
    line: str
    seen: int
    state: ItemState
    answer: str
    settled_at: datetime | None
    settled_by: UserName | None
    settled_by_name: str | None
    revision: int
    now: Outstanding | None

    @property
    def changed(self) -> bool:
        """Whether somebody touched it since it was signed."""
        return self.now is None or self.now.revision != self.seen


@dataclass(frozen=True, slots=True)
class HandoverSheet:
    """A handover and its lines."""

    handover: Handover
    items: tuple[HandoverItem, ...]

    @property
    def waiting(self) -> tuple[HandoverItem, ...]:
        return tuple(i for i in self.items if i.state == "offered")


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item to accept, with the revision of its subject that the screen saw."""

    item: UUID
    seen: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What accepting did: ``accepted`` are mine now; ``changed`` were touched since I looked, so look again;
    ``gone`` are held by somebody else, or done, and leave the handover."""

    sheet: HandoverSheet
    accepted: tuple[UUID, ...] = field(default=())
    changed: tuple[UUID, ...] = field(default=())
    gone: tuple[UUID, ...] = field(default=())
