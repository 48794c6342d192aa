"""Ninety invented GP practices (P3)."""

from __future__ import annotations

from dataclasses import dataclass

from coordination.reference.standing import Standing
from coordination.training.addresses import Addresses
from coordination.training.chance import Chance
from coordination.training.names import communities
from coordination.training.sources import source

PRACTICES = 90


@dataclass(frozen=True, slots=True)
class TrainingPractice:
    """``code`` is TRN and three figures: real practices have a letter and five figures."""

    code: str
    name: str
    address: str
    postcode: str
    phone: str
    neighbourhood: int


def practices(standing: Standing, homes: Addresses, chance: Chance) -> tuple[TrainingPractice, ...]:
    """Spread over the neighbourhoods as their people are."""
    people = dict.fromkeys((n.id for n in standing.neighbourhoods), 0.0)
    wards: dict[int, list[str]] = {}
    for ward in standing.wards:
        people[ward.neighbourhood] += source("city")["ward"][ward.name]["people"]
        wards.setdefault(ward.neighbourhood, []).append(ward.code)
    found: list[TrainingPractice] = []
    used: set[str] = set()
    for neighbourhood, count in _shares(people, PRACTICES).items():
        for _ in range(count):
            place = chance.one_of(homes.by_ward[chance.one_of(wards[neighbourhood])])
            name = _name(place.street, chance)
            while name in used:
                name = _name(place.street, chance)
            used.add(name)
            number = len(found) + 1
            found.append(
                TrainingPractice(
                    f"TRN{number:03d}",
                    name,
                    f"{chance.between(1, 180)} {place.street}, Manchester",
                    place.postcode,
                    f"0161 496 0{600 + number}",
                    neighbourhood,
                )
            )
    return tuple(found)


def _name(street: str, chance: Chance) -> str:
    doctors = communities()[chance.one_of(("english", "pakistani", "indian", "irish", "yoruba"))]
    partners = f"Dr {doctors.surname(chance)} and partners"
    stem = street.rsplit(" ", 1)[0]
    return chance.one_of((f"{stem} Medical Centre", f"{stem} Surgery", f"{stem} Health Centre", partners))


def _shares(weights: dict[int, float], total: int) -> dict[int, int]:
    """Whole numbers that sum to ``total``, as near to the weights as can be."""
    exact = {key: total * weight / sum(weights.values()) for key, weight in weights.items()}
    shares = {key: int(value) for key, value in exact.items()}
    for key in sorted(exact, key=lambda key: shares[key] - exact[key])[: total - sum(shares.values())]:
        shares[key] += 1
    return shares
