"""What the page of an episode can be opened with, besides the id of one."""

from __future__ import annotations

from dataclasses import dataclass

from coordination.values import PersonId, ReferralId


@dataclass(frozen=True, slots=True)
class OfPerson:
    """The open episode of somebody; without one, the form that begins one. ``words``: the name, as it is listed.
    From the queue: the referral that asks for it, for which service and in which locality."""

    person_id: PersonId
    words: str = ""
    referral_id: ReferralId | None = None
    service: str = ""
    locality: str = ""
