"""Contacts that are not ended yet, kept while the program runs.

In memory only for now: an encrypted store on this computer is still to come, and the page says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from coordination.names import listed
from coordination.people.model import PersonRow
from coordination.values import ContactId, new_id


@dataclass(frozen=True, slots=True)
class ContactTyped:
    """All that is typed in the form of one contact. ``id`` stays the same however often it is sent."""

    id: ContactId
    begun: datetime
    person: PersonRow | None = None
    not_known: bool = False
    find: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    ending: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is called in the row of those put aside: the person, else the beginning of the need."""
        if self.person is not None:
            return listed(self.person.surname, self.person.given)
        need = " ".join(self.fields.get("need", "").split())
        return (need[:24] + "…" if len(need) > 25 else need) or self.fields.get("caller_name", "") or "Contact"


def begin(now: datetime) -> ContactTyped:
    """An empty one."""
    return ContactTyped(ContactId(new_id()), now)
