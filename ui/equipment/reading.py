"""How the lists of the equipment page are read: page by page, and of one person."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from coordination.equipment.rules import MOST_LISTED
from ui.equipment.list_kind import ListKind
from ui.equipment.ordering import EquipmentOf

MOST_READ = 20  # pages in one go


def until(
    services: Any, kind: ListKind, locality: str | None, chips: frozenset[Hashable], wanted: int, today: date
) -> tuple[Sequence[Any], bool]:
    """Rows of a list until so many of them pass what was chosen above it; and whether there are further ones. What is
    filtered out here does not count: the list would seem to end where it does not."""
    tests = [kind.chips[str(v)][1] for v in chips - kind.reads_anew]
    rows: list[Any] = []
    passed = 0
    for _ in range(MOST_READ):
        page = kind.read(services, locality, chips, rows[-1] if rows else None)
        rows += page
        passed += sum(all(test(r, today) for test in tests) for r in page)
        if not kind.paged or len(page) < MOST_LISTED:
            return rows, False
        if passed >= wanted:
            break
    return rows, True


def of_person(equipment: Any, kind: ListKind, of: EquipmentOf) -> Sequence[Any]:
    """One person's rows; of lists that are about stores: all."""
    found: Sequence[Any]
    if kind.id == "orders":
        found = equipment.orders_of(of.person_id)
    elif kind.id == "loans":
        found = equipment.loans_of(of.person_id)
    elif kind.id == "collections":
        found = equipment.collections_of(of.person_id)
    else:
        found = [x for x in _all(kind, _Only(equipment)) if _is_of(x, of)]
    return found


def _all(kind: ListKind, services: Any) -> list[Any]:
    rows: list[Any] = []
    for _ in range(MOST_READ):
        page = kind.read(services, None, frozenset(), rows[-1] if rows else None)
        rows += page
        if not kind.paged or len(page) < MOST_LISTED:
            break
    return rows


@dataclass(frozen=True, slots=True)
class _Only:
    equipment: Any


def _is_of(row: Any, of: EquipmentOf) -> bool:
    return getattr(row, "person_id", of.person_id) == of.person_id
