"""Names for a city of many languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from coordination.training.chance import Chance, Weighted
from coordination.training.sources import listed, source

_OLD, _MID = 1955, 1985  # given names go by year of birth
_FROM_PLACES = 0.22  # share of English surnames taken from place names, of which there are thousands
_DOUBLE_BARRELLED = 0.025


@dataclass(frozen=True)
class Community:
    """How people of one community are called, and which languages they speak."""

    code: str
    surnames: tuple[str, ...]
    given: Mapping[tuple[str, str], tuple[str, ...]] = field(repr=False)  # by gender and old, mid, young
    languages: Weighted[str]
    interpreter: float
    single: float
    feminine: Mapping[str, str]
    of_men: Mapping[str, str]
    of_women: Mapping[str, str]
    native: Mapping[str, str]

    def surname(self, chance: Chance) -> str:
        """One for a household; ``married`` gives each member's form of it."""
        if self.code == "english" and chance.happens(_FROM_PLACES):
            return place_name(chance).capitalize()
        name = chance.one_of(self.surnames)
        if self.code in ("english", "welsh_scottish", "irish", "caribbean") and chance.happens(_DOUBLE_BARRELLED):
            return f"{name}-{chance.one_of(self.surnames)}"
        return name

    def form_of(self, surname: str, gender: str) -> str:
        """The surname as this member bears it (Kowalski, Kowalska)."""
        if gender == "male":
            return self.of_men.get(surname, surname)
        if gender == "female":
            surname = self.of_women.get(surname, surname)
            for ending, feminine in self.feminine.items():
                if surname.endswith(ending):
                    return surname[: -len(ending)] + feminine
        return surname

    def given_name(self, chance: Chance, gender: str, born: int) -> str:
        era = "old" if born < _OLD else "mid" if born < _MID else "young"
        names = self.given[gender, era]
        name = chance.one_of(names)
        if chance.happens(0.08):
            second = chance.one_of(names)
            return name if second in name else f"{name} {second}"
        return name


@lru_cache
def communities() -> Mapping[str, Community]:
    """All of them, by code."""
    return {entry["code"]: _community(entry) for entry in source("names")["community"]}


def mixture(ward: str) -> Weighted[str]:
    """How often each community is met in a ward; the city's own mixture for a ward that is not named."""
    tilt = source("names")["tilt"].get(ward, {})
    return Weighted({c["code"]: c["weight"] * tilt.get(c["code"], 1) for c in source("names")["community"]})


def known_as(given: str) -> str:
    """What somebody of that name is often called; empty when nothing else."""
    name: str = source("names")["known_as"].get(given, "")
    return name


@lru_cache(maxsize=50_000)
def plain(name: str) -> str:
    """For a mail address: lower case, without accents, blanks and signs."""
    letters = unicodedata.normalize("NFKD", name.lower().translate(_PLAIN))
    return "".join(c for c in letters if c.isascii() and c.isalnum())


_PLAIN = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "ı": "i", "æ": "ae"})


def place_name(chance: Chance) -> str:
    """The stem of a street or of a surname: two syllables of the country round about."""
    first, second = _stems()
    return chance.one_of(first) + chance.one_of(second)


@lru_cache
def _stems() -> tuple[tuple[str, ...], tuple[str, ...]]:
    streets = source("city")["streets"]
    return tuple(listed(streets["first"])), tuple(listed(streets["second"]))


def _community(entry: dict[str, Any]) -> Community:
    given = {}
    for gender in ("female", "male"):
        always = listed(entry.get(gender))
        for era in ("old", "mid", "young"):
            given[gender, era] = tuple(listed(entry.get(f"{era}_{gender}")) or always)
    languages: dict[str, float] = entry.get("languages", {})
    return Community(
        code=entry["code"],
        surnames=tuple(listed(entry["surnames"])),
        given=given,
        languages=Weighted({**languages, "": max(1 - sum(languages.values()), 0.01)}),
        interpreter=entry.get("interpreter", 0.0),
        single=entry.get("single", 0.0),
        feminine=entry.get("feminine", {}),
        of_men=entry.get("of_men", {}),
        of_women=entry.get("of_women", {}),
        native=entry.get("native", {}),
    )
