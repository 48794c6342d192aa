"""Deliveries, fittings and collections as visits of an equipment team (D6): what a visit carries, how long it takes,
which skills it asks for, and what a driver is told to bring. Pure.

A delivery is a visit like any other, so exclusion, skills, boards, planner, sheets and outcomes work as they are. What
came of the visit is what came of its orders; the database does both in one transaction.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, NewType
from uuid import UUID

from coordination.equipment.loans_model import Collection, CollectionId
from coordination.equipment.model import Order, OrderId
from coordination.values import PersonId, TeamId, VisitId, Window

DeliveryId = NewType("DeliveryId", UUID)
Errand = Literal["bring", "fit", "collect"]
ERRANDS: tuple[Errand, ...] = ("bring", "fit", "collect")
DeliveryState = Literal["planned", "done", "failed", "dropped"]
LONGEST_NEED = 500
_VERBS = {"bring": "Bring", "fit": "Fit", "collect": "Collect"}


@dataclass(frozen=True, slots=True)
class Errands:
    """One thing to do at the door. ``fits``: what is brought is fitted at once."""

    errand: Errand
    key: OrderId | CollectionId
    person_id: PersonId
    what: str
    minutes: int
    workers: int
    skills: tuple[str, ...]
    fits: bool = False
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What one visit is to do for one person. ``locality`` is that of the address it goes to."""

    person_id: PersonId
    who: str
    locality: str
    place: str
    errands: tuple[Errands, ...]
    minutes: int
    workers: int
    skills: tuple[str, ...]
    need: str


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A stretch in which the team can still come. ``begins`` both ends in, as a visit's arrival."""

    team_id: TeamId
    team: str
    window: Window


@dataclass(frozen=True, slots=True)
class Offer:
    """What is asked, and when somebody could come, the soonest first."""

    asked: Asked
    slots: tuple[FreeSlot, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One line of what a visit carries, and what came of it."""

    id: DeliveryId
    visit_id: VisitId
    errand: Errand
    fits: bool
    order_id: OrderId | None
    collection_id: CollectionId | None
    order_number: int | None
    name: str
    serial: str
    quantity: int
    store_name: str
    state: DeliveryState


@dataclass(frozen=True, slots=True)
class Rules:
    """What stands in resources/reference/deliveries.toml. ``windows`` in hours on the centre's clock; ``fitted_by``:
    the skill that fitting a model asks for, by its code."""

    windows: tuple[tuple[int, int], ...]
    days: int
    lead_minutes: int
    further: int
    heavy: str
    fitted_by: Mapping[str, str]


@cache
def rules() -> Rules:
    """As the file says."""
    found = tomllib.loads((files("resources") / "reference" / "deliveries.toml").read_text(encoding="utf-8"))
    return Rules(
        tuple((int(a), int(b)) for a, b in found["windows"]), int(found["days"]), int(found["lead_minutes"]),
        int(found["further"]), found["heavy"],
        {model: each["skill"] for each in found["fitted_by"] for model in each["models"]},
    )  # fmt: skip


def of_order(order: Order) -> Errands:
    """To bring it and, where that is needed, fit it at once; to fit it, when it is there already."""
    errand: Errand = "fit" if order.is_to_fit else "bring"
    skills = skills_of(order.model, fitting=order.fitting, workers=order.workers)
    return Errands(
        errand, order.id, order.person_id, thing_of(order.name, order.serial, order.quantity), order.visit_minutes,
        order.workers, skills, errand == "bring" and order.fitting, order.revision,
    )  # fmt: skip


def of_collection(one: Collection) -> Errands:
    skills = skills_of(one.model, fitting=False, workers=one.workers)
    return Errands(
        "collect", one.id, one.person_id, thing_of(one.name, one.serial, one.quantity), one.visit_minutes, one.workers,
        skills, False, one.revision,
    )  # fmt: skip


def asked(orders: Sequence[Order], collections: Sequence[Collection] = ()) -> Asked:
    """One visit for all of it. They are of one person, and at least one: raises ValueError otherwise."""
    every: list[Order | Collection] = [*orders, *collections]
    if len({one.person_id for one in every}) != 1:
        raise ValueError("a visit is to one person")
    first = every[0]
    errands = (*map(of_order, orders), *map(of_collection, collections))
    return Asked(
        first.person_id, first.who, first.locality, first.place, errands, minutes_of(errands),
        max(e.workers for e in errands), tuple(dict.fromkeys(s for e in errands for s in e.skills)), need_of(errands),
    )  # fmt: skip


def need_of(errands: Sequence[Errands]) -> str:
    """``Bring and fit: Mobile hoist MH-0007. Collect: Commode C-12``: what to bring, not why."""
    said: dict[str, list[str]] = {}
    for each in errands:
        said.setdefault("Bring and fit" if each.fits else _VERBS[each.errand], []).append(each.what)
    words = ". ".join(f"{verb}: {', '.join(things)}" for verb, things in said.items())
    return words if len(words) <= LONGEST_NEED else words[: LONGEST_NEED - 1].rstrip() + "…"


def thing_of(name: str, serial: str, quantity: int) -> str:
    return f"{name} {serial}" if serial else f"{quantity} × {name}" if quantity > 1 else name


def minutes_of(errands: Sequence[Errands]) -> int:
    """The longest in full, a part of each of the others: the way to the door is gone once."""
    times = sorted((e.minutes for e in errands), reverse=True)
    whole = times[0] + sum(t * rules().further / 100 for t in times[1:])
    return min(480, max(5, int(-(-whole // 5)) * 5))


def skills_of(model: str, *, fitting: bool, workers: int) -> tuple[str, ...]:
    fitter = rules().fitted_by.get(model, "") if fitting else ""
    return tuple(skill for skill in (rules().heavy if workers > 1 else "", fitter) if skill)
