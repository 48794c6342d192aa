"""Somebody known by their telephone number, and professionals (E1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NewType
from uuid import UUID

from coordination.people.model import PersonRow
from coordination.values import PersonId

ProfessionalId = NewType("ProfessionalId", UUID)
AroundId = NewType("AroundId", UUID)

CallerKind = Literal["person", "around", "professional", "practice", "team", "earlier"]
# In the order of a list: who it most likely is.
CALLER_KINDS: tuple[CallerKind, ...] = ("person", "around", "professional", "practice", "team", "earlier")


@dataclass(frozen=True, slots=True)
class ProfessionalDraft:
    """A professional as typed. ``id`` comes from ``values.new_id()``, so that sending it twice makes one.

    ``organisation`` is the practice, hospital site and ward, clinic or care agency, in words.
    """

    id: ProfessionalId
    name: str = ""
    role: str = ""
    organisation: str = ""
    practice_code: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Professional:
    """Somebody in the register. Not ``active``: taken out again; contacts that name them still do."""

    id: ProfessionalId
    name: str
    role: str
    organisation: str
    practice_code: str | None
    phone: str
    email: str
    active: bool
    revision: int


@dataclass(frozen=True, slots=True)
class FoundByNumber:
    """One thing that the database knows of a number. ``kind`` earlier: a contact made from it, with whom it linked.
    ``former``: it was the number of a record that has been merged into this person's since."""

    kind: CallerKind
    key: str
    name: str
    relation: str
    organisation: str
    phone: str
    is_carer: bool = False
    person_id: PersonId | None = None
    around_id: AroundId | None = None
    professional_id: ProfessionalId | None = None
    about: PersonRow | None = None
    at: datetime | None = None
    need: str = ""
    former: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody to whom a number belongs, ready to be taken into a contact.

    ``name``, ``relation`` and ``phone`` are what a form is filled with. At most one of the three ids is set. ``about``
    are those whom it is probably about, likeliest first; the first of a person is themselves. ``last_at``,
    ``last_need`` and ``last_about`` tell of their latest contact from the number.
    """

    kind: CallerKind
    key: str
    name: str
    relation: str
    organisation: str
    phone: str
    is_carer: bool = False
    person_id: PersonId | None = None
    around_id: AroundId | None = None
    professional_id: ProfessionalId | None = None
    about: tuple[PersonRow, ...] = ()
    last_at: datetime | None = None
    last_need: str = ""
    last_about: PersonRow | None = None
    former: bool = False  # the number is one that they had
