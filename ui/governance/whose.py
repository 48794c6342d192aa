"""Whose a row is, for the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID


def person_of(row: Any) -> UUID | None:
    """Whose row it is; None for one about nobody."""
    for name in ("person_id", "person"):
        found = getattr(row, name, None)
        if isinstance(found, UUID):
            return found
        inner = getattr(found, "id", None)
        if isinstance(inner, UUID):
            return inner
    return None


def people_of(rows: Iterable[Any]) -> list[UUID]:
    """Everybody that rows are about, once."""
    from coordination.people.model import PersonRow

    found = (row.id if isinstance(row, PersonRow) else person_of(row) for row in rows)
    return list(dict.fromkeys(person for person in found if person is not None))
