"""Orders of equipment, and how far they are for somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Date, Row, Select, and_, func, insert, or_, select, tuple_, update

from coordination.equipment import rules
from coordination.equipment.figures import OrderFact
from coordination.equipment.model import Order, OrderDraft, OrderId, Standing
from coordination.equipment.stock_model import ItemId
from coordination.equipment.store import PlanWish
from coordination.errors import NotFound
from coordination.values import AssessmentId, DateRange, PersonId, PlanId, ReferralId, StayId, Window
from db.stores.equipment_rows import (
    LOCALITY,
    PLACE,
    POSTCODE,
    WHO,
    among,
    for_whom,
    in_locality,
    utc,
    window,
    written,
)
from db.tables.careplan import care_plan, plan_equipment
from db.tables.equipment import (
    equipment_collection,
    equipment_item,
    equipment_loan,
    equipment_model,
    equipment_order,
    equipment_store,
)
from db.tables.governance import user_account
from db.today import TODAY

_O = equipment_order.c
_TO_COLLECT = ("to_collect", "slot_agreed")
_WAITING = ("ordered", "reserved", "slot_agreed", "in_van")
_COLUMNS = (
    "person_id", "model", "quantity", "until_on", "source", "plan_id", "plan_equipment_id", "assessment_id",
    "transfer_id", "stay_id", "referral_id",
)  # fmt: skip


class PgEquipmentOrders:
    """Orders. See coordination.equipment.store.EquipmentStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def today(self) -> date:
        day: date = self._connection.execute(select(TODAY)).scalar_one()
        return day

    def orders(self, where: Mapping[str, object], limit: int) -> list[Order]:
        """Names and addresses are looked up for those only that are shown, however many there are."""
        view, after = where.get("view"), where.get("after")
        keys = select(_O.id).limit(limit)
        if "person" in where:
            keys = keys.where(_O.person_id == where["person"])
        if "states" in where:
            keys = keys.where(_O.state.in_(where["states"]))  # type: ignore[arg-type]
        if view == "to_fit":
            keys = keys.where(_fits(), ~_going_back())
        elif view == "open":
            keys = keys.where(or_(_O.state.in_(_WAITING), and_(_O.state == "delivered", _fits(), ~_going_back())))
        elif view in ("done", "over"):
            keys = keys.where(or_(_O.state != "delivered", ~_fits()))
        elif view == "late":
            keys = keys.where(_O.wanted_by < TODAY)
        if where.get("locality") is not None:
            keys = keys.select_from(for_whom(equipment_order)).where(in_locality(where["locality"]))
        newest = "person" in where or view in ("done", "over", "cancelled")
        order = (_O.ordered_at.desc(), _O.id.desc()) if newest else (_O.wanted_by, _O.number)
        if isinstance(after, Order):
            here, there = (_O.ordered_at, _O.id), (after.ordered_at, after.id)
            if not newest:
                keys = keys.where(tuple_(_O.wanted_by, _O.number) > tuple_(after.wanted_by, after.number))
            else:
                keys = keys.where(tuple_(*here) < tuple_(*there))
        query = _query().where(among(_O.id, keys.order_by(*order))).order_by(*order)
        return [_order(row) for row in self._connection.execute(query)]

    def order(self, key: OrderId) -> Order:
        row = self._connection.execute(_query().where(_O.id == key)).one_or_none()
        if row is None:
            raise NotFound("community_equipment", str(key))
        return _order(row)

    def earliest(self, order: OrderId) -> date | None:
        query = select(func.equipment_earliest(_O.id, type_=Date)).where(_O.id == order, _O.promised_from.is_not(None))
        found: date | None = self._connection.execute(query).scalar()
        return found

    def add_order(self, key: OrderId, draft: OrderDraft, wanted_by: date) -> None:
        if self._connection.execute(select(_O.id).where(_O.id == key)).first() is not None:
            return
        said = asdict(draft)
        row = {name: said[name] for name in _COLUMNS} | {"id": key, "wanted_by": wanted_by, "note": draft.note.strip()}
        self._connection.execute(insert(equipment_order).values(row))

    def change_order(self, key: OrderId, seen: int, changes: Mapping[str, object]) -> bool:
        done = self._connection.execute(
            update(equipment_order)
            .where(_O.id == key, _O.revision == seen)
            .values(**written(changes), revision=_O.revision + 1)
        )
        return done.rowcount == 1

    def plan_wish(self, plan_equipment_id: UUID) -> PlanWish:
        row = self._connection.execute(_wishes().where(plan_equipment.c.id == plan_equipment_id)).one_or_none()
        if row is None:
            raise NotFound("community_equipment", str(plan_equipment_id))
        return _wish(row)

    def plan_wishes(self, person: PersonId) -> list[PlanWish]:
        ordered = select(_O.id).where(_O.plan_equipment_id == plan_equipment.c.id, _O.state != "cancelled").exists()
        query = _wishes().where(care_plan.c.person_id == person, care_plan.c.state != "ended", ~ordered)
        return [_wish(row) for row in self._connection.execute(query.order_by(plan_equipment.c.position))]

    def standings(self, persons: Sequence[PersonId], since: datetime | None) -> list[Standing]:
        gone = select(equipment_loan.c.id).where(
            equipment_loan.c.order_id == _O.id, equipment_loan.c.ended_at.is_not(None)
        )
        query = (
            select(
                _O.person_id, _O.state, _O.slot, _O.fit_slot, _O.quantity, equipment_model.c.name,
                equipment_model.c.fitting,
            )
            .join(equipment_model, equipment_model.c.code == _O.model)
            .where(_O.person_id.in_(persons), _O.state != "cancelled", ~gone.exists())
            .order_by(_O.number)
        )  # fmt: skip
        if since is not None:
            query = query.where(_O.ordered_at >= since)
        by_person: dict[UUID, list[Any]] = {}
        for row in self._connection.execute(query):
            by_person.setdefault(row.person_id, []).append(row)
        return [_standing(PersonId(who), rows) for who, rows in by_person.items()]

    def order_facts(self, days: DateRange) -> list[OrderFact]:
        day = func.timezone("Europe/London", _O.ordered_at)
        query = (
            select(
                _O.number, _O.model, equipment_model.c.name, LOCALITY.label("locality"), _O.ordered_at, _O.wanted_by,
                _O.delivered_at, _O.state,
            )
            .select_from(for_whom(equipment_order.join(equipment_model, equipment_model.c.code == _O.model)))
            .where(and_(day >= days.start, day < days.end))
            .order_by(_O.number)
        )  # fmt: skip
        return [
            OrderFact(
                r.number, r.model, r.name, r.locality, r.ordered_at, r.wanted_by, r.delivered_at, r.state == "cancelled"
            )
            for r in self._connection.execute(query)
        ]


def _fits() -> ColumnElement[bool]:
    return _O.model.in_(select(equipment_model.c.code).where(equipment_model.c.fitting))


def _going_back() -> ColumnElement[bool]:
    """It is back, or is to be collected: nobody fits it any more."""
    asked = select(equipment_collection.c.id).where(
        equipment_collection.c.loan_id == equipment_loan.c.id, equipment_collection.c.state.in_(_TO_COLLECT)
    )
    over = or_(equipment_loan.c.ended_at.is_not(None), asked.exists())
    return select(equipment_loan.c.id).where(equipment_loan.c.order_id == _O.id, over).exists()


def _query() -> Select[Any]:
    named = equipment_order.join(equipment_model, equipment_model.c.code == _O.model)
    return select(
        equipment_order, *WHO, PLACE, POSTCODE, LOCALITY.label("locality"), equipment_model.c.name,
        equipment_model.c.single, equipment_model.c.fitting, equipment_model.c.workers,
        (equipment_model.c.deliver_minutes + equipment_model.c.fit_minutes).label("visit_minutes"),
        func.coalesce(equipment_store.c.name, "").label("store_name"),
        func.coalesce(equipment_item.c.serial, "").label("serial"),
        func.coalesce(user_account.c.display_name, _O.ordered_by).label("ordered_by_name"),
    ).select_from(
        for_whom(named)
        .outerjoin(equipment_store, equipment_store.c.code == _O.store)
        .outerjoin(equipment_item, equipment_item.c.id == _O.item_id)
        .outerjoin(user_account, user_account.c.user_name == _O.ordered_by)
    )  # fmt: skip


def _order(r: Row[Any]) -> Order:
    return Order(
        OrderId(r.id), r.number, PersonId(r.person_id), r.surname, r.given, r.title, r.going_to, r.postcode, r.locality,
        r.model, r.name, r.single, r.fitting, r.workers, r.visit_minutes, r.quantity, r.source,
        None if r.plan_id is None else PlanId(r.plan_id), r.plan_equipment_id,
        None if r.assessment_id is None else AssessmentId(r.assessment_id), r.transfer_id,
        None if r.stay_id is None else StayId(r.stay_id),
        None if r.referral_id is None else ReferralId(r.referral_id), r.wanted_by, r.until_on, r.note, r.state,
        r.store or "", r.store_name, None if r.item_id is None else ItemId(r.item_id), r.serial, window(r.slot),
        window(r.fit_slot), r.ordered_by_name, r.ordered_at, utc(r.delivered_at), utc(r.fitted_at), r.reason, r.tries,
        r.revision, None, r.cause, r.promised_from,
    )  # fmt: skip


def _wishes() -> Select[Any]:
    return select(plan_equipment.c.id, plan_equipment.c.plan_id, care_plan.c.person_id, plan_equipment.c.what).join(
        care_plan, care_plan.c.id == plan_equipment.c.plan_id
    )


def _wish(r: Row[Any]) -> PlanWish:
    return PlanWish(r.id, PlanId(r.plan_id), PersonId(r.person_id), r.what)


def _standing(person: PersonId, rows: Sequence[Any]) -> Standing:
    there = [r for r in rows if r.state == "fitted" or (r.state == "delivered" and not r.fitting)]
    slots: list[Window] = [w for r in rows if r not in there and (w := window(_next_slot(r))) is not None]
    words = "; ".join(rules.told(r.name, r.quantity, r.state, r.fitting) for r in rows)
    return Standing(
        person, rules.least((r.state, r.fitting) for r in rows), len(rows) - len(there), len(there),
        min(slots, key=lambda slot: slot.start, default=None), words,
    )  # fmt: skip


def _next_slot(r: Any) -> Any:
    return r.fit_slot if r.state == "delivered" else r.slot
