"""What the tour knows while it goes on: one invented person's way through the centre, new on every run."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from coordination.clock import local_date
from coordination.training import phones
from coordination.training.chance import Chance
from coordination.training.names import communities
from coordination.training.nhs_numbers import numbers
from coordination.values import AssessmentId, PersonId, PlanId, ReferralId, StayId

PANKHURST_MISSPELT = "Pankhirst"
TITLES = {"female": "Mrs", "male": "Mr"}


@dataclass
class Newcomer:
    """Somebody who rings for the first time. Invented: an NHS number of the 9xx range, a number that rings nowhere."""

    surname: str
    given: str
    title: str
    gender: str
    born: date
    nhs_number: str
    phone: str
    postcode: str
    address: str
    practice: str
    """code of a practice near home"""
    daughter: str

    @property
    def born_as_said(self) -> str:
        """As one types it while the caller says it."""
        return f"{self.born.day}/{self.born.month}/{self.born.year}"


@dataclass
class Story:
    """What was done so far, as ids: each step takes up where the one before left off."""

    who: Newcomer
    person: PersonId | None = None
    referral: ReferralId | None = None
    apartment_referral: ReferralId | None = None
    assessment: AssessmentId | None = None
    plan: PlanId | None = None
    stay: StayId | None = None
    sent_at: float = 0.0
    seen_at: list[float] = field(default_factory=list)


def newcomer(services: Any, today: date, seed: int | None = None) -> Newcomer:
    """Somebody whom the database does not know: a name that nobody has and an NHS number that nobody has.

    Lives in Mrs Pankhurst's street, so that the postcode is one that the city's table knows.
    """
    seed = seed if seed is not None else secrets.randbelow(1_000_000)
    chance = Chance(seed, "newcomer", services.intake.queue().as_of)
    neighbour = next(iter(services.people.find("Emmeline Pankhurst", 1)), None)
    english = communities()["english"]
    while True:
        gender = chance.one_of(("female", "male"))
        born = date(chance.between(1936, 1948), chance.between(1, 12), chance.between(13, 28))
        surname = f"{chance.one_of(english.surnames)}-{chance.one_of(english.surnames)}"
        given = chance.one_of(english.given[gender, "old"])
        number = next(numbers(chance.between(1, 90_000)))
        if not services.people.find(number, 1) and not services.people.find(f"{surname} {given} {born:%d/%m/%Y}", 1):
            break
    practices = services.people.practices()
    near = [p for p in practices if neighbour and p.place and p.place.neighbourhood == neighbour.neighbourhood]
    daughter = chance.one_of(english.given["female", "mid"])
    street = neighbour.address.split(" ", 1)[-1].split(",")[0] if neighbour else "Hollinfold Terrace"
    return Newcomer(
        surname, given, TITLES[gender], gender, born, number, phones.landline(chance),
        str(neighbour.postcode) if neighbour else "M9 4PA", f"{chance.between(5, 60)} {street}, Manchester",
        (near or practices)[0].code, f"{daughter} {surname.split('-')[0]}",
    )  # fmt: skip


def today_of(services: Any) -> date:
    """The centre's own day, by the server's clock."""
    return local_date(services.intake.queue().as_of)
