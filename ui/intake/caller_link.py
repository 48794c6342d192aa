"""Who calls, as a form holds it: somebody known, or a professional who is to be known from now on."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from coordination.people.callers.model import AroundId, Caller, ProfessionalDraft, ProfessionalId
from coordination.values import PersonId, new_id
from ui import plain_json


@dataclass(frozen=True, slots=True)
class CallerLink:
    """At most one id is set. ``name`` is the one that was filled in: another name in the field is another caller.
    ``said`` tells who they are."""

    name: str
    said: str
    person_id: UUID | None = None
    around_id: UUID | None = None
    professional_id: UUID | None = None
    organisation: str = ""

    @classmethod
    def to(cls, caller: Caller, said: str) -> CallerLink | None:
        """None for one who is known by the number only: nothing to link with."""
        if caller.person_id is None and caller.around_id is None and caller.professional_id is None:
            return None
        return cls(caller.name, said, caller.person_id, caller.around_id, caller.professional_id, caller.organisation)

    def ids(self) -> dict[str, Any]:
        """The fields of a ContactDraft."""
        return {
            "caller_person_id": PersonId(self.person_id) if self.person_id else None,
            "caller_around_id": AroundId(self.around_id) if self.around_id else None,
            "caller_professional_id": ProfessionalId(self.professional_id) if self.professional_id else None,
        }


@dataclass(frozen=True, slots=True)
class Keep:
    """A caller who goes into the register of professionals with this contact. ``id`` stays however often it is sent."""

    id: ProfessionalId
    organisation: str = ""

    @classmethod
    def begin(cls, organisation: str = "") -> Keep:
        return cls(ProfessionalId(new_id()), organisation)

    def draft(self, name: str, role: str, phone: str, email: str, practice_code: str) -> ProfessionalDraft:
        return ProfessionalDraft(self.id, name, role, self.organisation, practice_code, phone, email)


def as_text(value: CallerLink | Keep | None) -> str:
    """For a draft, which keeps texts."""
    return json.dumps(asdict(value), default=str) if value is not None else ""


def link_of(text: str) -> CallerLink | None:
    """None where there is nothing, or nothing that can be read."""
    found = _read(text)
    try:
        ids = {name: UUID(found[name]) if found.get(name) else None for name in _IDS}
        words = {name: str(found[name]) for name in ("name", "said", "organisation")}
        return CallerLink(**words, **ids) if found else None
    except (KeyError, TypeError, ValueError, AttributeError):  # an id that is no text
        return None


def keep_of(text: str) -> Keep | None:
    """As ``link_of``."""
    found = _read(text)
    try:
        return Keep(ProfessionalId(UUID(found["id"])), str(found["organisation"])) if found else None
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


_IDS = ("person_id", "around_id", "professional_id")


def _read(text: str) -> dict[str, Any]:
    found = plain_json.read(text)
    return found if isinstance(found, dict) else {}
