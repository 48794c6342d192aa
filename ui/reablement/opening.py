"""What the page of an episode can be opened with, besides the id of one."""

from __future__ import annotations

from dataclasses import dataclass

from coordination.values import PersonId


@dataclass(frozen=True, slots=True)
class OfPerson:
    """The open episode of somebody; without one, the form that begins one. ``words``: the name, as it is listed."""

    person_id: PersonId
    words: str = ""
