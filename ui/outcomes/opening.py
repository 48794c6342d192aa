"""What the page of cases can be opened with, besides the id of a case."""

from __future__ import annotations

from dataclasses import dataclass

from coordination.values import PersonId, VisitId


@dataclass(frozen=True, slots=True)
class OfVisit:
    """The case of a visit at which nobody was found."""

    visit: VisitId


@dataclass(frozen=True, slots=True)
class OfPerson:
    """The open case of a person."""

    person: PersonId
