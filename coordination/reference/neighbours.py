"""Who is next door (P2): councils and health services around the city, from ``resources/reference/neighbours.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from coordination.reference.standing import BadReferenceFile

FILE = "neighbours.toml"
_TEXTS = ("lives_in", "council", "health", "phone")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Whom to contact about somebody who lives there. ``phone`` empty: to be looked up. ``sure`` False: the outward
    code is shared with the city, so that they probably live there."""

    lives_in: str
    council: str
    health: str
    phone: str = ""
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Around:
    """By outward code: where it lies. ``city`` are the codes of the city itself."""

    neighbours: Mapping[str, Neighbour]
    city: frozenset[str]


@cache
def around() -> Around:
    """As shipped. Raises BadReferenceFile."""
    return parse((files("resources") / "reference" / FILE).read_text("utf-8"))


def parse(text: str) -> Around:
    """Raises BadReferenceFile, which names the row; a code that stands twice is a fault."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadReferenceFile(FILE, str(error), 0, "") from None
    city = frozenset(_codes(document, "city", "city", 0))
    found: dict[str, Neighbour] = {}
    rows = document.get("neighbour", [])
    for number, row in enumerate(rows, start=1):
        made = _neighbour(row, number)
        for name, sure in (("outward", True), ("shared", False)):
            for code in _codes(row, name, "neighbour", number):
                if code in found or code in city:
                    raise BadReferenceFile(FILE, "neighbour", number, f"{name}: {code} twice")
                found[code] = replace(made, sure=sure)
    return Around(found, city)


def _neighbour(row: Mapping[str, Any], number: int) -> Neighbour:
    unknown = row.keys() - {*_TEXTS, "outward", "shared"}
    if unknown:
        raise BadReferenceFile(FILE, "neighbour", number, min(unknown))
    for name in _TEXTS:
        value = row.get(name)
        if not isinstance(value, str) or (not value.strip() and name != "phone"):
            raise BadReferenceFile(FILE, "neighbour", number, name)
    return Neighbour(*(row[name].strip() for name in _TEXTS))


def _codes(row: Mapping[str, Any], name: str, table: str, number: int) -> list[str]:
    value = row.get(name, [])
    if not isinstance(value, list) or not all(isinstance(code, str) and code.isalnum() for code in value):
        raise BadReferenceFile(FILE, table, number, name)
    return value
