"""The reference data that the program needs from the first minute, read from ``resources/reference/*.toml``.

The bands of urgency are read where they are used, by coordination.intake.reference.

The files are meant to be edited by people; a mistake in one raises BadReferenceFile, which names file, table and row.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from coordination.errors import CoordinationError
from coordination.reference import equipment as kit

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
    trust: str = ""
    trust_name: str = ""


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
class OutcomeReason:
    """Why a visit ended other than done (D5). ``asks_words``: it says too little by itself."""

    code: str
    outcome: str
    name: str
    asks_words: bool
    position: int


@dataclass(frozen=True, slots=True)
class NoAccessStep:
    """What is done when nobody is found, by whom, ``minutes`` later; ``minutes_urgent`` where it presses."""

    code: str
    name: str
    hint: str
    who: str
    minutes: int
    minutes_urgent: int
    only_urgent: bool
    position: int


@dataclass(frozen=True, slots=True)
class NoAccessEnding:
    """How a no-access case may end. ``needs_all_steps``: only when every step has been done."""

    code: str
    name: str
    needs_all_steps: bool
    asks_words: bool
    position: int


@dataclass(frozen=True, slots=True)
class MoveOnStep:
    """What is to be done during a stay in an apartment, by the end of which ``week`` of it (N4)."""

    code: str
    words: str
    week: int
    position: int


@dataclass(frozen=True, slots=True)
class WentTo:
    """Where somebody went after a stay (N5). ``counts_as``: home, care_home, hospital, died or other."""

    code: str
    name: str
    counts_as: str
    position: int


@dataclass(frozen=True, slots=True)
class ApartmentReason:
    """Why somebody needs an apartment (N4). Of every list from ``list`` on, until ``retired_in``; ``asks``: codes of
    the questions that must be answered; ``instead_of``: what a stay usually stands in the place of (N5)."""

    code: str
    list: str
    words: str
    position: int
    asks: tuple[str, ...] = ()
    instead_of: str = ""
    retired_in: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "asks", tuple(self.asks))


@dataclass(frozen=True, slots=True)
class ApartmentQuestion:
    """Asked about a referral for an apartment. ``kind``: date or text; ``short`` stands beside the answer."""

    code: str
    words: str
    short: str
    kind: str
    position: int


@dataclass(frozen=True, slots=True)
class DeclineReason:
    """Why an apartment could not be offered; versioned like ``ApartmentReason``."""

    code: str
    list: str
    words: str
    position: int
    retired_in: str | None = None


@dataclass(frozen=True, slots=True)
class CareNeed:
    """What a person may need of a scheme, which can or cannot meet it."""

    code: str
    words: str
    position: int


@dataclass(frozen=True, slots=True)
class DelayReason:
    """Why somebody is still in hospital, in the words of the national list of one year (T6). ``short``: for paper."""

    list: str
    code: str
    words: str
    position: int
    short: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where somebody went from hospital, in the words of the national list of one year; ``pathway`` P0 to P3.
    ``elsewhere``: a bed that is not their home, which needs a reason (T3)."""

    list: str
    code: str
    words: str
    pathway: str
    position: int
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class ResideReason:
    """Why somebody still meets the criteria to reside, in the words and with the code of one year's national list."""

    list: str
    code: str
    national: str
    words: str
    position: int
    short: str = ""


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
    outcome_reasons: tuple[OutcomeReason, ...] = ()
    no_access_steps: tuple[NoAccessStep, ...] = ()
    no_access_endings: tuple[NoAccessEnding, ...] = ()
    move_on_steps: tuple[MoveOnStep, ...] = ()
    went_to: tuple[WentTo, ...] = ()
    apartment_reasons: tuple[ApartmentReason, ...] = ()
    apartment_questions: tuple[ApartmentQuestion, ...] = ()
    care_needs: tuple[CareNeed, ...] = ()
    decline_reasons: tuple[DeclineReason, ...] = ()
    delay_reasons: tuple[DelayReason, ...] = ()
    destinations: tuple[Destination, ...] = ()
    reside_reasons: tuple[ResideReason, ...] = ()
    equipment_models: tuple[kit.EquipmentModel, ...] = ()
    equipment_substitutes: tuple[kit.EquipmentSubstitute, ...] = ()
    equipment_stores: tuple[kit.EquipmentStore, ...] = ()

    def neighbourhood_of_ward(self) -> dict[str, Neighbourhood]:
        """Ward code to its neighbourhood."""
        by_id = {n.id: n for n in self.neighbourhoods}
        return {w.code: by_id[w.neighbourhood] for w in self.wards}


@cache
def read() -> Standing:
    """The files, read once in the life of the program: pages ask for a name here and there."""
    places = _parse("places.toml")
    equipment = kit.flat(_parse("equipment.toml"))
    standing = Standing(
        localities=_rows(places, "places.toml", "locality", Locality),
        neighbourhoods=_rows(places, "places.toml", "neighbourhood", Neighbourhood),
        wards=_rows(places, "places.toml", "ward", Ward),
        services=_rows(_parse("services.toml"), "services.toml", "service", Service),
        skills=_rows(_parse("skills.toml"), "skills.toml", "skill", Skill),
        hospitals=_rows(_parse("hospitals.toml"), "hospitals.toml", "hospital", Hospital),
        decisions=_rows(_parse("safeguarding.toml"), "safeguarding.toml", "decision", Decision),
        competencies=_rows(_parse("competencies.toml"), "competencies.toml", "competency", Competency),
        outcome_reasons=_rows(_parse("outcomes.toml"), "outcomes.toml", "reason", OutcomeReason),
        no_access_steps=_rows(_parse("no_access.toml"), "no_access.toml", "step", NoAccessStep),
        no_access_endings=_rows(_parse("no_access.toml"), "no_access.toml", "ending", NoAccessEnding),
        move_on_steps=_rows(_parse("move_on.toml"), "move_on.toml", "step", MoveOnStep),
        went_to=_rows(_parse("move_on.toml"), "move_on.toml", "went_to", WentTo),
        apartment_reasons=_rows(_parse("apartments.toml"), "apartments.toml", "reason", ApartmentReason),
        apartment_questions=_rows(_parse("apartments.toml"), "apartments.toml", "question", ApartmentQuestion),
        care_needs=_rows(_parse("apartments.toml"), "apartments.toml", "need", CareNeed),
        decline_reasons=_rows(_parse("apartments.toml"), "apartments.toml", "decline", DeclineReason),
        delay_reasons=_rows(_parse("discharge.toml"), "discharge.toml", "reason", DelayReason),
        destinations=_rows(_parse("discharge.toml"), "discharge.toml", "destination", Destination),
        reside_reasons=_rows(_parse("discharge.toml"), "discharge.toml", "reside", ResideReason),
        equipment_models=_rows(equipment, "equipment.toml", "model", kit.EquipmentModel),
        equipment_substitutes=_rows(equipment, "equipment.toml", "substitute", kit.EquipmentSubstitute),
        equipment_stores=_rows(equipment, "equipment.toml", "store", kit.EquipmentStore),
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
    models = {model.code for model in standing.equipment_models}
    for number, each in enumerate(standing.equipment_substitutes, start=1):
        if each.instead not in models or each.instead == each.model:
            raise BadReferenceFile("equipment.toml", "substitute", number, "instead")
    questions = {question.code for question in standing.apartment_questions}
    for number, reason in enumerate(standing.apartment_reasons, start=1):
        if not questions.issuperset(reason.asks):
            raise BadReferenceFile("apartments.toml", "reason", number, "asks")
    for number, step in enumerate(standing.no_access_steps, start=1):
        if not 0 <= step.minutes_urgent <= step.minutes:
            raise BadReferenceFile("no_access.toml", "step", number, "minutes_urgent")
