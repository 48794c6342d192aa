"""Contacts that are not ended yet: all that is typed in each, as records and as what is kept on this computer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from coordination.names import listed
from coordination.people.model import PersonRow
from coordination.values import ContactId, ReferralId, new_id

CONTACT = "contact"
"""the kind under which they are kept"""
VERSION = 1


@dataclass(frozen=True, slots=True)
class ContactTyped:
    """All that is typed in the form of one contact. ``id`` stays the same however often it is sent.

    ``who``, ``fields`` and ``ending`` are what the parts of the form gave; ``rest`` what a newer version of the program
    had kept and this one does not know.
    """

    id: ContactId
    begun: datetime
    person: PersonRow | None = None
    not_known: bool = False
    find: str = ""
    who: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    ending: Mapping[str, Any] = field(default_factory=dict)
    rest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is called in the strip: the person, else the beginning of the need, else who calls."""
        if self.person is not None:
            return listed(self.person.surname, self.person.given)
        need = " ".join(str(self.fields.get("need") or "").split())
        return _short(need) or self.fields.get("caller_name", "") or _short(self.find) or "New contact"

    @property
    def key(self) -> str:
        return str(self.id)

    def data(self) -> dict[str, Any]:
        """What is kept."""
        own = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "rest"}
        return {**self.rest, **own, "version": VERSION}

    def anew(self) -> ContactTyped:
        """The same words as a contact of its own: other ids, so that it is not taken for the one sent before."""
        ending = dict(self.ending)
        if isinstance(ending.get("blocks"), list):
            ending["blocks"] = [_with_new_ids(block) for block in ending["blocks"] if isinstance(block, Mapping)]
        return replace(self, id=ContactId(new_id()), ending=ending)


def _with_new_ids(block: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: ReferralId(new_id()) for name in ("id", "concern_id") if name in block}
    return {**block, **own}


def _short(words: str) -> str:
    return words[:24] + "…" if len(words) > 25 else words


def begin(now: datetime) -> ContactTyped:
    """An empty one."""
    return ContactTyped(ContactId(new_id()), now)


def typed_of(data: Mapping[str, Any], now: datetime) -> ContactTyped:
    """What ``data()`` gave, of this version or another: what is missing or unreadable is empty."""
    known = {each.name for each in fields(ContactTyped)} - {"rest"}
    found, begun = data.get("id"), data.get("begun")
    person = data.get("person")
    return ContactTyped(
        ContactId(found if isinstance(found, UUID) else new_id()),
        begun if isinstance(begun, datetime) else now,
        person if isinstance(person, PersonRow) else None,
        bool(data.get("not_known")),
        str(data.get("find") or ""),
        data.get("who") or {},
        data.get("fields") or {},
        data.get("ending") or {},
        {name: value for name, value in data.items() if name not in known and name != "version"},
    )


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A key for the contact page: go to the draft of that key."""

    key: str
