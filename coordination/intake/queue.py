"""The queue: its rows, what can be asked of it, the views of it, and what the wall display shows of it (E4, E5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from coordination.intake.clocks import Deadline
from coordination.intake.model import OPEN_STATES, ServiceKind, State
from coordination.intake.reference import Urgency
from coordination.values import PersonId, ReferralId, UserName


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """One line of the queue."""

    id: ReferralId
    number: int
    person_id: PersonId | None
    title: str
    surname: str  # empty while nobody knows who it is
    given: str
    birth_date: date | None
    need: str  # the beginning of it
    service: str
    service_name: str
    urgency: Urgency
    source: str
    neighbourhood: str | None
    locality: str | None
    state: State
    holder: UserName | None
    holder_name: str | None
    claimed_at: datetime | None
    received_at: datetime
    due_at: datetime
    safeguarding: bool
    revision: int
    due_kind: str = "response"
    stage_due_at: datetime | None = None  # until when it may stay as it is: then it turns amber
    paused_reason: str | None = None
    paused_until: datetime | None = None
    asked_at: datetime | None = None  # more information was asked for, and has not come
    responded_at: datetime | None = None
    moft_at: datetime | None = None
    deadlines: tuple[Deadline, ...] = ()  # those that run


Holder = Literal["anyone", "me", "nobody"]
# The orders that the server pages in: first due, longest waiting, most urgent, last closed first.
QueueOrder = Literal["due", "received", "urgency", "closed"]
QUEUE_ORDERS: tuple[QueueOrder, ...] = ("due", "received", "urgency", "closed")


@dataclass(frozen=True, slots=True)
class QueueCursor:
    """Where a page ended: the place of its last row in the order that it was asked in."""

    key: tuple[Any, ...]
    id: ReferralId


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """E4: one queue with filters. Empty sets mean any."""

    states: frozenset[State] = frozenset(OPEN_STATES)
    holder: Holder = "anyone"
    overdue: bool = False
    due_within: timedelta | None = None  # due from now on, and no later than this
    safeguarding: bool = False
    urgencies: frozenset[Urgency] = frozenset()
    localities: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    person_id: PersonId | None = None
    ids: frozenset[ReferralId] | None = None  # only these, of a list that is shown already
    holders: frozenset[UserName] = frozenset()  # named colleagues
    neighbourhoods: frozenset[int] = frozenset()
    sources: frozenset[str] = frozenset()
    number: int | None = None
    people: frozenset[PersonId] | None = None  # found by name, telephone, …
    closed_by: datetime | None = None  # closed or declined no later than this
    on_hold: bool = False  # paused, or more information was asked for
    order: QueueOrder = "due"
    after: QueueCursor | None = None
    limit: int = 300


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Rows in the order asked for. ``more`` is where the next page begins; ``as_of`` the server's time."""

    rows: tuple[ReferralRow, ...]
    more: QueueCursor | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class QueueRows:
    """A few referrals as they are now, whatever their state; ``belong``: those that a list shows, or would show."""

    rows: tuple[ReferralRow, ...]
    belong: frozenset[ReferralId]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class OwnView:
    """A view that somebody saved. ``look`` is the screen's own: columns, order of a column. No personal data.

    ``shared`` with the owner's ``centre`` or ``team``, or with nobody; only the owner changes it.
    ``owner``: the colleague who shares it, None for one's own."""

    id: UUID
    name: str
    filter: QueueFilter
    look: Mapping[str, Any]
    position: int
    revision: int = 1
    shared: str = ""
    owner: UserName | None = None
    owner_name: str = ""


@dataclass(frozen=True, slots=True)
class QueueChoices:
    """What the queue can be filtered by, the views of who asks in their order, and those that others share."""

    services: tuple[ServiceKind, ...]
    neighbourhoods: tuple[tuple[int, str], ...]
    colleagues: tuple[tuple[UserName, str], ...]
    own: tuple[OwnView, ...]
    shared: tuple[OwnView, ...] = ()


@dataclass(frozen=True, slots=True)
class WallRow:
    """One referral on the wall: initials only, and nothing that tells who it is."""

    id: ReferralId
    initials: str  # empty while nobody knows who it is
    service_name: str
    urgency: Urgency
    locality: str
    state: State
    due_at: datetime
    received_at: datetime
    paused: bool = False


@dataclass(frozen=True, slots=True)
class WallPlace:
    """One locality on the wall. ``oldest``: since when the longest waits unclaimed."""

    locality: str
    open: int
    unclaimed: int
    overdue: int
    due_soon: int  # within the hour
    next_due: datetime | None
    oldest: datetime | None
    rows: tuple[WallRow, ...]  # first due first


@dataclass(frozen=True, slots=True)
class Wall:
    """What is due and what is breached, by locality."""

    places: tuple[WallPlace, ...]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class QueueView:
    """A saved view and how many referrals it shows now. ``code`` is one of ``views.VIEWS``, or a desk's own.

    ``count`` is None for a view of the past, which is not counted."""

    code: str
    filter: QueueFilter
    count: int | None
