"""P2 in full: who is responsible for health and for social care, why, and whom to contact outside the city. Pure.

``rules.responsible_for`` routes a referral; this says what stands behind it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from coordination.people.model import Person, Place, Practice
from coordination.reference.neighbours import Around, Neighbour, around

Why = Literal[
    "practice",  # the practice's neighbourhood
    "residence",  # where they live
    "no_practice",  # no GP: by residence
    "practice_elsewhere",  # a practice outside the city
    "lives_elsewhere",  # outside the city, and so is whoever is responsible
    "perhaps_elsewhere",  # the postcode is not in the city's table, and its outward code is shared
    "not_in_table",  # a postcode of the city's, by its outward code, that the table does not have
    "no_fixed_abode",  # the council where they are now
    "no_address",  # nobody knows where they live
]
ELSEWHERE: frozenset[Why] = frozenset({"practice_elsewhere", "lives_elsewhere"})
_NO_ABODE = re.compile(r"\b(no fixed (abode|address)|nfa|homeless|rough sleep\w*|sleeping rough)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two. ``place`` is where in the city it belongs; None: outside it, or not known yet. ``neighbour`` is
    whom to contact, ``outward`` the part of the postcode that tells."""

    place: Place | None
    why: Why
    neighbour: Neighbour | None = None
    practice: Practice | None = None
    outward: str = ""

    @property
    def elsewhere(self) -> bool:
        """Nobody in the city is responsible."""
        return self.why in ELSEWHERE


@dataclass(frozen=True, slots=True)
class Whose:
    health: Side
    social_care: Side

    @property
    def plain(self) -> bool:
        """A resident with a practice in the same neighbourhood: one place says it all."""
        same = self.health.place is not None and self.health.place == self.social_care.place
        return same and (self.health.why, self.social_care.why) == ("practice", "residence")

    def of(self, side: str) -> Side:
        """Who answers for a service of that side, as ``rules.responsible_for`` has it: what both run together goes by
        residence, and by practice for somebody who lives outside the city."""
        if side == "health":
            return self.health
        if side == "both" and self.social_care.place is None and self.health.place is not None:
            return self.health
        if side == "both" and self.social_care.elsewhere and not self.health.elsewhere:
            return self.health
        return self.social_care


def whose(person: Person, known: Around | None = None) -> Whose:
    """Both sides of one person."""
    social_care = _residence(person, known or around())
    practice = person.practice
    if practice is not None and practice.place is not None:
        return Whose(Side(practice.place, "practice", practice=practice), social_care)
    if practice is not None:
        return Whose(Side(None, "practice_elsewhere", practice=practice), social_care)
    if social_care.place is not None:
        return Whose(Side(social_care.place, "no_practice"), social_care)
    return Whose(replace(social_care), social_care)


def _residence(person: Person, known: Around) -> Side:
    if person.home is not None:
        return Side(person.home.place, "residence")
    postcode = person.fields.postcode
    if postcode is None:
        return Side(None, "no_fixed_abode" if _NO_ABODE.search(person.fields.address) else "no_address")
    neighbour = known.neighbours.get(postcode.outward)
    if neighbour is not None:
        return Side(
            None, "lives_elsewhere" if neighbour.sure else "perhaps_elsewhere", neighbour, None, postcode.outward
        )
    if postcode.outward in known.city:
        return Side(None, "not_in_table", None, None, postcode.outward)
    return Side(None, "lives_elsewhere", None, None, postcode.outward)
