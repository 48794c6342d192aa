"""Referrals for an apartment: what for, what is needed, what has been said of it, and those that were declined (N4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from coordination.apartments.schemes_model import Scheme
from coordination.clock import local_date
from coordination.distance import Point
from coordination.names import listed
from coordination.values import PersonId, ReferralId, StayId, UserName

LIST = "apartments-2026-11"
"""The list of reasons in force (resources/reference/apartments.toml)."""
LONGEST_ANSWER, LONGEST_STEP, LONGEST_OVERRIDE = 2000, 500, 500
MOST_BEDROOMS = 6


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody lives: by residence, as P2 has it. ``place``: of their postcode, else the centre of their ward."""

    neighbourhood_id: int | None = None
    neighbourhood: str = ""
    locality: str | None = None
    place: Point | None = field(default=None, repr=False)


NO_HOME = Home()
"""Nobody knows."""


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """What a referral is for and what is needed. ``wanted_scheme`` or ``wanted_locality``, not both: a wish. ``needs``
    are codes of care needs, ``answers`` by the code of the question."""

    referral_id: ReferralId
    reason: str
    step_free: bool = False
    hoist: bool = False
    pets: bool = False
    bedrooms: int = 0
    wanted_locality: str | None = None
    wanted_scheme: int | None = None
    needs: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Request(RequestDraft):
    """As it is kept. ``list``: the list of reasons that was in force."""

    list: str = LIST
    recorded_by_name: str = ""
    recorded_at: datetime | None = None
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open referral for an apartment, without a stay yet, the earliest due first. ``request`` None: nobody has
    recorded yet what is needed."""

    referral_id: ReferralId
    number: int
    person_id: PersonId
    surname: str
    given: str
    birth_date: date | None
    locality: str | None
    need: str
    urgency: str
    due_at: datetime
    state: str
    holder: str | None
    revision: int = 1
    received_at: datetime | None = None
    holder_name: str = ""
    home: Home = NO_HOME
    request: Request | None = None

    @property
    def who(self) -> str:
        return listed(self.surname, self.given)


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the calendar: who waits, and the schemes that may suit them."""

    waiting: tuple[Waiting, ...]
    schemes: tuple[Scheme, ...]


@dataclass(frozen=True, slots=True)
class Declined:
    """A referral for an apartment that was declined, and its way back: whose it is next, what they do, and when
    somebody looks again. ``revision`` is that of the way back, ``referral_revision`` that of the referral. ``times``:
    how often it was declined. ``code``: of the list of reasons, empty where nobody was asked for one."""

    id: UUID
    revision: int
    referral_id: ReferralId
    referral_revision: int
    number: int
    person_id: PersonId
    surname: str
    given: str
    locality: str | None
    need: str = field(repr=False)
    purpose: str
    reason: str = field(repr=False)
    next_owner: UserName | None
    next_owner_name: str
    next_step: str = field(repr=False)
    look_again_on: date
    declined_at: datetime
    declined_by_name: str
    times: int = 1
    code: str = ""

    @property
    def who(self) -> str:
        return listed(self.surname, self.given)

    def age(self, today: date) -> int:
        """Days since it was declined."""
        return (today - local_date(self.declined_at)).days

    def is_due(self, today: date) -> bool:
        """Somebody is to look again."""
        return today >= self.look_again_on


@dataclass(frozen=True, slots=True)
class WayBack:
    """What goes with a decline. ``code``: of the list of reasons; ``reason``: what there is to add, in words."""

    reason: str
    next_step: str
    look_again_on: date
    next_owner: UserName | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody stays although the scheme does not take them: who said so, and why."""

    stay_id: StayId
    scheme_id: int
    criterion: str
    reason: str = field(repr=False)
    by_name: str
    at: datetime
