"""What the page can be asked to open, beside a concern by its id: a new one about somebody, or that of a referral."""

from __future__ import annotations

from dataclasses import dataclass

from coordination.values import PersonId, ReferralId


@dataclass(frozen=True, slots=True)
class RaiseAbout:
    """Raise a concern about a person; ``name`` is shown at the head of the form."""

    person_id: PersonId
    name: str


@dataclass(frozen=True, slots=True)
class OfReferral:
    """The concern of a referral; where it has none, one can be raised about it."""

    referral_id: ReferralId
    number: int
