"""The reference data that the program needs from the first minute, read from ``resources/reference/*.toml``.

The bands of urgency are read where they are used, by coordination.intake.reference.

The files are meant to be edited by people; a mistake in one raises BadReferenceFile, which names file, table and row.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, TypeVar

from coordination.errors import CoordinationError

T = TypeVar("T")


@dataclass(unsafe_hash=True)
class BadReferenceFile(CoordinationError):
    """A row of a reference file lacks a field, or holds something that cannot be."""

    file: str
    table: str
    row: int
    field: str

    def __str__(self) -> str:
        return f"{self.file}: {self.table} {self.row}: {self.field}"


@dataclass(frozen=True, slots=True)
class Locality:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    id: int
    name: str
    locality: str


@dataclass(frozen=True, slots=True)
class Ward:
    code: str
    name: str
    neighbourhood: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Service:
    """``side``: health, social_care or both (P2)."""

    code: str
    name: str
    side: str
    position: int


@dataclass(frozen=True, slots=True)
class Skill:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Hospital:
    code: str
    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What may be decided about a safeguarding concern. ``asks_reason``: never without words."""

    code: str
    name: str
    asks_reason: bool
    position: int


@dataclass(frozen=True, slots=True)
class Competency:
    """What a trusted assessor must be able to do (A3). ``months``: how long it usually holds; None: for good."""

    code: str
    name: str
    position: int
    months: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it. Wards and neighbourhoods are held against each other on reading."""

    localities: tuple[Locality, ...]
    neighbourhoods: tuple[Neighbourhood, ...]
    wards: tuple[Ward, ...]
    services: tuple[Service, ...]
    skills: tuple[Skill, ...]
    hospitals: tuple[Hospital, ...]
    decisions: tuple[Decision, ...] = ()
    competencies: tuple[Competency, ...] = ()

    def neighbourhood_of_ward(self) -> dict[str, Neighbourhood]:
        """Ward code to its neighbourhood."""
        by_id = {n.id: n for n in self.neighbourhoods}
        return {w.code: by_id[w.neighbourhood] for w in self.wards}


def read() -> Standing:
    """The files as they are now."""
    places = _parse("places.toml")
    standing = Standing(
        localities=_rows(places, "places.toml", "locality", Locality),
        neighbourhoods=_rows(places, "places.toml", "neighbourhood", Neighbourhood),
        wards=_rows(places, "places.toml", "ward", Ward),
        services=_rows(_parse("services.toml"), "services.toml", "service", Service),
        skills=_rows(_parse("skills.toml"), "skills.toml", "skill", Skill),
        hospitals=_rows(_parse("hospitals.toml"), "hospitals.toml", "hospital", Hospital),
        decisions=_rows(_parse("safeguarding.toml"), "safeguarding.toml", "decision", Decision),
        competencies=_rows(_parse("competencies.toml"), "competencies.toml", "competency", Competency),
    )
    _hold_together(standing)
    return standing


def _parse(name: str) -> Mapping[str, Any]:
    text = (files("resources") / "reference" / name).read_text(encoding="utf-8")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadReferenceFile(name, str(error), 0, "") from None


def _rows(parsed: Mapping[str, Any], file: str, table: str, make: Callable[..., T]) -> tuple[T, ...]:
    rows = []
    for number, row in enumerate(parsed.get(table, ()), start=1):
        try:
            rows.append(make(**row))
        except (TypeError, ValueError) as error:
            raise BadReferenceFile(file, table, number, str(error)) from None
    return tuple(rows)


def _hold_together(standing: Standing) -> None:
    localities = {x.code for x in standing.localities}
    for number, n in enumerate(standing.neighbourhoods, start=1):
        if n.locality not in localities:
            raise BadReferenceFile("places.toml", "neighbourhood", number, "locality")
    ids = {n.id for n in standing.neighbourhoods}
    for number, ward in enumerate(standing.wards, start=1):
        if ward.neighbourhood not in ids:
            raise BadReferenceFile("places.toml", "ward", number, "neighbourhood")
    for number, service in enumerate(standing.services, start=1):
        if service.side not in ("health", "social_care", "both"):
            raise BadReferenceFile("services.toml", "service", number, "side")
