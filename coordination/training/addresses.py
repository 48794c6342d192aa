"""Invented streets and postcodes in the real wards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from coordination.reference.standing import Standing, Ward
from coordination.training.chance import Chance
from coordination.training.names import place_name
from coordination.training.sources import listed, source

PANKHURST_POSTCODE = "M9 1AE"  # hers alone
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"  # those that Royal Mail uses after the figure
_PEOPLE_A_POSTCODE = 40
_FEWEST, _MOST = 24, 420  # postcodes a ward
_SPREAD = 0.0042  # degrees of latitude, about 470 m: most of a ward lies within twice that


@dataclass(frozen=True, slots=True)
class TrainingPostcode:
    """A postcode with its street. ``ward`` is None outside the city; ``town`` is what stands in the address."""

    postcode: str
    ward: str | None
    lat: float
    lon: float
    street: str
    town: str
    building: str = ""

    def address(self, chance: Chance) -> str:
        """One front door of it."""
        number = chance.between(1, 148)
        if self.building and chance.happens(0.7):
            return f"Flat {chance.between(1, 36)}, {self.building}, {self.street}, {self.town}"
        return f"{number} {self.street}, {self.town}"


@dataclass(frozen=True)
class Addresses:
    """Every postcode of the training city, by ward code, and those outside by locality."""

    by_ward: Mapping[str, tuple[TrainingPostcode, ...]]
    outside: Mapping[str, tuple[TrainingPostcode, ...]]

    def in_the_city(self) -> Iterator[TrainingPostcode]:
        for postcodes in self.by_ward.values():
            yield from postcodes


def addresses(standing: Standing, people: int, chance: Chance) -> Addresses:
    """As many postcodes as so many people need; the first ones are the same for any number of people."""
    city = source("city")
    units = _units(city["free_sectors"])
    wanted = min(max(people // len(standing.wards) // _PEOPLE_A_POSTCODE, _FEWEST), _MOST)
    demand: dict[str, float] = {}
    for ward in standing.wards:
        for outward, share in _shares(ward).items():
            demand[outward] = demand.get(outward, 0) + share * wanted
    # Where the free sectors do not suffice, every ward of the outward code gets its part of what there is.
    scale = {outward: wanted * min(1, len(units[outward]) / needed) for outward, needed in demand.items()}
    by_ward = {ward.code: tuple(_of_ward(ward, units, scale, chance)) for ward in standing.wards}
    outside: dict[str, list[TrainingPostcode]] = {}
    for place in city["outside"]:
        for sector in place["sectors"]:
            for unit in Random(sector).sample(_unit_letters(), 30):  # noqa: S311
                found = TrainingPostcode(sector + unit, None, 0.0, 0.0, _street(chance), place["town"])
                outside.setdefault(place["locality"], []).append(found)
    return Addresses(by_ward, {locality: tuple(found) for locality, found in outside.items()})


def _shares(ward: Ward) -> dict[str, float]:
    shares: dict[str, float] = source("city")["ward"][ward.name]["outward"]
    return {outward: share / sum(shares.values()) for outward, share in shares.items()}


def _of_ward(
    ward: Ward, units: dict[str, list[str]], scale: Mapping[str, float], chance: Chance
) -> Iterator[TrainingPostcode]:
    for outward, share in _shares(ward).items():
        for _ in range(max(int(scale[outward] * share), 1)):
            lat, lon = _nearby(ward, chance)
            building = chance.one_of(_buildings()) if chance.happens(0.3) else ""
            yield TrainingPostcode(
                f"{outward} {units[outward].pop()}", ward.code, lat, lon, _street(chance), "Manchester", building
            )


def _nearby(ward: Ward, chance: Chance) -> tuple[float, float]:
    north = max(-2.0, min(2.0, chance.around(0, 1))) * _SPREAD
    east = max(-2.0, min(2.0, chance.around(0, 1))) * _SPREAD / 0.595  # a degree of longitude is shorter up here
    return round(ward.lat + north, 6), round(ward.lon + east, 6)


def _units(free_sectors: Mapping[str, str]) -> dict[str, list[str]]:
    """Every inward code of the free sectors, in an order of chance that no seed changes."""
    found = {}
    for outward, sectors in free_sectors.items():
        every = [sector + letters for sector in sectors for letters in _unit_letters()]
        kept = [unit for unit in every if f"{outward} {unit}" != PANKHURST_POSTCODE]
        found[outward] = Random(outward).sample(kept, len(kept))  # noqa: S311
    return found


def _unit_letters() -> list[str]:
    return [a + b for a in _LETTERS for b in _LETTERS]


def _street(chance: Chance) -> str:
    return f"{place_name(chance).capitalize()} {chance.one_of(_kinds())}"


@lru_cache
def _kinds() -> list[str]:
    return listed(source("city")["streets"]["kind"])


@lru_cache
def _buildings() -> list[str]:
    return listed(source("city")["streets"]["building"])
