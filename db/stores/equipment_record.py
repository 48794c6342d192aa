"""Equipment as the person's record shows it (R1): what they have, and what is ordered for them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select

from coordination.people.record import RecordEquipment
from db.tables.equipment import equipment_collection, equipment_item, equipment_loan, equipment_model, equipment_order


def of_person(me: Any) -> Select[Any]:
    """Orders that are not over, and loans that have not ended; what is there first."""
    o, loan, m = equipment_order.c, equipment_loan.c, equipment_model.c
    c = equipment_collection.c
    collected = select(c.id).where(c.loan_id == loan.id, c.state.in_(("to_collect", "slot_agreed"))).exists()
    day = func.timezone("Europe/London", func.coalesce(o.delivered_at, func.lower(o.slot)))
    return (
        select(
            o.id, m.name, o.quantity, func.coalesce(equipment_item.c.serial, "").label("serial"), o.state,
            and_(m.fitting, o.state == "delivered").label("to_fit"), func.date(day).label("day"), o.wanted_by,
            loan.until_on, collected.label("collected"),
        )
        .join(equipment_model, m.code == o.model)
        .outerjoin(equipment_item, equipment_item.c.id == o.item_id)
        .outerjoin(equipment_loan, loan.order_id == o.id)
        .where(o.person_id == me, o.state != "cancelled", or_(loan.id.is_(None), loan.ended_at.is_(None)))
        .order_by(loan.id.is_(None), o.number.desc())
    )  # fmt: skip


def read(r: Any) -> RecordEquipment:
    """One row of ``of_person`` as JSON has it."""
    return RecordEquipment(
        UUID(str(r["id"])), r["name"], r["quantity"], r["serial"], r["state"], r["to_fit"], _day(r["day"]),
        date.fromisoformat(r["wanted_by"]), _day(r["until_on"]), r["collected"],
    )  # fmt: skip


def _day(said: str | None) -> date | None:
    return None if said is None else date.fromisoformat(said)
