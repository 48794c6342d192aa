"""What the three parts of the equipment store read alike: whom and where it is for, times, who did it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, func, true
from sqlalchemy.dialects.postgresql import TSTZRANGE

from coordination.values import Window
from db.tables.apartments import apartment, scheme, stay
from db.tables.equipment import (
    equipment_collection,
    equipment_item,
    equipment_loan,
    equipment_model,
    equipment_order,
    equipment_store,
)
from db.tables.people import person
from db.tables.reference import neighbourhood, ward

# Where an order goes: to the apartment of its stay, or home.
_FLAT = func.nullif(func.concat_ws(" · ", scheme.c.name, apartment.c.name), "")
PLACE = func.coalesce(_FLAT, person.c.address).label("going_to")
POSTCODE = func.coalesce(person.c.postcode, "").label("postcode")
LOCALITY = func.coalesce(scheme.c.locality, neighbourhood.c.locality, "")
LENT: Any = (
    equipment_collection.join(equipment_loan, equipment_loan.c.id == equipment_collection.c.loan_id)
    .join(equipment_order, equipment_order.c.id == equipment_loan.c.order_id)
    .join(equipment_model, equipment_model.c.code == equipment_order.c.model)
    .join(equipment_store, equipment_store.c.code == equipment_order.c.store)
    .outerjoin(equipment_item, equipment_item.c.id == equipment_order.c.item_id)
)
"""Collections with what was lent: its loan, order, model, store and thing"""
WHO = (person.c.surname, person.c.given, person.c.title)


def for_whom(source: Any) -> Any:
    """``source`` has ``equipment_order`` in it: with the person, their stay and where they live."""
    return (
        source.join(person, person.c.id == equipment_order.c.person_id)
        .outerjoin(stay, stay.c.id == equipment_order.c.stay_id)
        .outerjoin(apartment, apartment.c.id == stay.c.apartment_id)
        .outerjoin(scheme, scheme.c.id == apartment.c.scheme_id)
        .outerjoin(ward, ward.c.code == person.c.ward_code)
        .outerjoin(neighbourhood, neighbourhood.c.id == ward.c.neighbourhood_id)
    )


def in_locality(locality: object) -> Any:
    """Of that locality, or of none that is known: nobody's are everybody's."""
    return true() if locality is None else LOCALITY.in_((locality, ""))


def among(column: Any, keys: Select[Any]) -> Any:
    """Those whose keys were found first, in one go: row security and joins are asked about no others."""
    return column == func.any(func.array(keys.scalar_subquery()))


def written(changes: Mapping[str, object]) -> dict[str, Any]:
    """Changes as columns: a window is a range."""
    return {name: _range(value) if isinstance(value, Window) else value for name, value in changes.items()}


def _range(window: Window) -> Any:
    return func.tstzrange(window.start, window.end, type_=TSTZRANGE)


def window(found: Any) -> Window | None:
    return None if found is None else Window(found.lower.astimezone(UTC), found.upper.astimezone(UTC))


def utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)
