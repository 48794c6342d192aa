"""Catalogue, stores, stock, things with serial numbers, what moved, what is due for service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    Row,
    Select,
    Text,
    Uuid,
    and_,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    table,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.dialects.postgresql import insert as upsert

from coordination.equipment.stock_model import (
    CatalogueItem,
    Item,
    ItemId,
    Movement,
    NewItem,
    Place,
    ServiceDue,
    StockLine,
    Stretch,
    Substitute,
)
from coordination.equipment.store import Certain, MovementRow
from coordination.errors import NotFound
from coordination.values import DateRange, PersonId
from db.stores.equipment_rows import utc
from db.tables.equipment import (
    equipment_item,
    equipment_model,
    equipment_movement,
    equipment_order,
    equipment_service,
    equipment_stock,
    equipment_store,
    equipment_substitute,
    equipment_whereabouts,
)
from db.tables.governance import user_account
from db.tables.people import person

_M, _S, _I, _W, _V = (
    equipment_model.c, equipment_store.c, equipment_item.c, equipment_whereabouts.c, equipment_movement.c,
)  # fmt: skip
_COUNTS = ("free", "reserved", "in_van", "on_loan", "cleaning", "in_repair", "overdue_service", "minimum")
_LINE = table(
    "equipment_stock_line", Column("store", Text), Column("model", Text), *(Column(c, Integer) for c in _COUNTS),
    Column("next_back", Date), Column("promised", Integer),
)  # fmt: skip
_NOW = and_(_W.item_id == _I.id, func.upper_inf(_W.period, type_=Boolean))


class PgEquipmentKeeping:
    """Stores and what is in them. See coordination.equipment.store.EquipmentStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def catalogue(self) -> list[CatalogueItem]:
        other = equipment_model.alias("other")
        one = func.jsonb_build_array(equipment_substitute.c.instead, other.c.name, equipment_substitute.c.note)
        instead = (
            select(func.jsonb_agg(aggregate_order_by(one, equipment_substitute.c.position)))
            .join(other, other.c.code == equipment_substitute.c.instead)
            .where(equipment_substitute.c.model == _M.code, other.c.active)
            .correlate(equipment_model)
            .scalar_subquery()
        )
        query = select(equipment_model, instead.label("substitutes")).order_by(_M.position, _M.code)
        return [_model(row) for row in self._connection.execute(query)]

    def stock(self, store: str | None, models: Sequence[str] | None) -> list[StockLine]:
        line = _LINE.c
        query = (
            select(_LINE, _S.name.label("store_name"), _S.locality, _M.name, _M.family, _M.single)
            .join(equipment_store, _S.code == line.store)
            .join(equipment_model, _M.code == line.model)
            .order_by(_M.position, _M.code, _S.position)
        )
        if store is not None:
            query = query.where(line.store == store)
        if models is not None:
            query = query.where(line.model.in_(models))
        return [
            StockLine(
                r.store, r.store_name, r.locality, r.model, r.name, r.family, r.single, r.free, r.reserved, r.in_van,
                r.on_loan, r.cleaning, r.in_repair, r.overdue_service, r.minimum, r.next_back,
                r.promised,
            )
            for r in self._connection.execute(query)
        ]  # fmt: skip

    def set_minimum(self, store: str, model: str, minimum: int) -> None:
        t = equipment_stock
        change = {"minimum": minimum, "revision": t.c.revision + 1}
        self._connection.execute(
            upsert(t)
            .values(store=store, model=model, minimum=minimum)
            .on_conflict_do_update(index_elements=["store", "model"], set_=change)
        )

    # ------------------------------------------------------------------ things with serial numbers

    def items(
        self, store: str | None, model: str | None, place: Place | None, limit: int, after: Item | None = None,
        locality: str | None = None,
    ) -> list[Item]:  # fmt: skip
        query = _items().order_by(_M.name, _I.serial).limit(limit)
        if after is not None:
            query = query.where(tuple_(_M.name, _I.serial) > tuple_(after.name, after.serial))
        if store is not None:
            query = query.where(_I.store == store)
        if model is not None:
            query = query.where(_I.model == model)
        if place is not None:
            query = query.where(_W.place == place)
        if locality is not None:
            query = query.where(_near(locality))
        return [_item(row) for row in self._connection.execute(query)]

    def item(self, key: ItemId) -> Item:
        row = self._connection.execute(_items().where(_I.id == key)).one_or_none()
        if row is None:
            raise NotFound("community_equipment", str(key))
        return _item(row)

    def item_called(self, model: str, serial: str) -> Item | None:
        query = _items().where(_I.model == model, func.lower(_I.serial) == serial.lower())
        row = self._connection.execute(query).first()
        return None if row is None else _item(row)

    def add_item(self, key: ItemId, new: NewItem, next_service_on: date | None) -> None:
        if self._connection.execute(select(_I.id).where(_I.id == key)).first() is not None:
            return
        self._connection.execute(
            insert(equipment_item).values(
                id=key, model=new.model, serial=new.serial, store=new.store, bought_on=new.bought_on,
                next_service_on=next_service_on,
            )
        )  # fmt: skip

    def pick(self, model: str, store: str) -> ItemId | None:
        found = self._connection.execute(select(func.equipment_pick(model, store, type_=Uuid))).scalar_one()
        return None if found is None else ItemId(found)

    def pick_from(self, model: str, store: str, day: date) -> ItemId | None:
        found = self._connection.execute(select(func.equipment_pick_from(model, store, day, type_=Uuid))).scalar_one()
        return None if found is None else ItemId(found)

    def certain(self, models: Sequence[str], quantity: int, day: date) -> dict[tuple[str, str], Certain]:
        columns = (Column("store", Text), Column("model", Text), Column("free", Integer), Column("soonest", Date))
        found = func.equipment_certain(cast(list(models), ARRAY(Text)), quantity, day).table_valued(*columns)
        return {(r.store, r.model): Certain(r.free or 0, r.soonest) for r in self._connection.execute(select(found))}

    def stretches(self, key: ItemId) -> list[Stretch]:
        query = (
            select(_W.place, _S.name, _W.period)
            .join(equipment_store, _S.code == _W.store)
            .where(_W.item_id == key)
            .order_by(func.lower(_W.period).desc())
        )
        return [Stretch(r.place, r.name, r.period.lower, utc(r.period.upper)) for r in self._connection.execute(query)]

    # ------------------------------------------------------------------ what moved

    def movements(self, days: DateRange, store: str | None, limit: int) -> list[Movement]:
        day, to = func.timezone("Europe/London", _V.at), equipment_store.alias("to_store")
        query = (
            select(
                equipment_movement, _S.name.label("store_name"), to.c.name.label("to_name"), _M.name,
                func.coalesce(_I.serial, "").label("serial"), equipment_order.c.number,
                func.coalesce(user_account.c.display_name, _V.by_user).label("by_name"),
            )
            .join(equipment_store, _S.code == _V.store)
            .join(to, to.c.code == _V.to_store)
            .join(equipment_model, _M.code == _V.model)
            .outerjoin(equipment_item, _I.id == _V.item_id)
            .outerjoin(equipment_order, equipment_order.c.id == _V.order_id)
            .outerjoin(user_account, user_account.c.user_name == _V.by_user)
            .where(day >= days.start, day < days.end)
            .order_by(_V.at, _V.id)
            .limit(limit)
        )  # fmt: skip
        if store is not None:
            query = query.where(or_(_V.store == store, _V.to_store == store))
        return [
            Movement(
                r.id, r.at, r.by_name, r.store, r.store_name, r.to_name, r.model, r.name, r.serial, r.quantity,
                r.from_place, r.to_place, r.number, r.note,
            )
            for r in self._connection.execute(query)
        ]  # fmt: skip

    def move(self, row: MovementRow) -> None:
        if self._connection.execute(select(_V.id).where(_V.id == row.id)).first() is not None:
            return
        self._connection.execute(
            insert(equipment_movement).values(
                id=row.id, model=row.model, item_id=row.item, store=row.store, to_store=row.to_store,
                quantity=row.quantity, from_place=row.from_place, to_place=row.to_place, note=row.note,
            )
        )  # fmt: skip

    # ------------------------------------------------------------------ service

    def service_due(
        self, until: date, store: str | None, limit: int, after: ServiceDue | None = None, locality: str | None = None
    ) -> list[ServiceDue]:
        due = func.coalesce(_I.next_service_on, date.min)
        query = (
            _items()
            .where(or_(_I.next_service_on < until, _I.failed), _W.place.not_in(("lost", "written_off")))
            .order_by(due, _I.id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(tuple_(due, _I.id) > tuple_(after.next_service_on, after.item_id))
        if store is not None:
            query = query.where(_I.store == store)
        if locality is not None:
            query = query.where(_near(locality))
        return [_due(_item(row)) for row in self._connection.execute(query)]

    def add_service(self, key: UUID, item: ItemId, on: date, passed: bool, note: str, next_on: date | None) -> None:
        t = equipment_service
        if self._connection.execute(select(t.c.id).where(t.c.id == key)).first() is not None:
            return
        row = {"id": key, "item_id": item, "done_on": on, "passed": passed, "note": note, "next_on": next_on}
        self._connection.execute(insert(t).values(row))

    def drop_service(self, key: UUID) -> bool:
        return self._connection.execute(delete(equipment_service).where(equipment_service.c.id == key)).rowcount == 1


def _near(locality: str) -> Any:
    """Of a store of that locality, or of the city's own."""
    return func.coalesce(_S.locality, locality) == locality


def _model(r: Row[Any]) -> CatalogueItem:
    return CatalogueItem(
        r.code, r.name, r.family, r.purpose, tuple(r.also_called), r.single, r.fitting, r.returns, r.workers,
        r.deliver_minutes, r.fit_minutes, r.service_months, r.usual_weeks,
        tuple(Substitute(*each) for each in r.substitutes or ()), r.active,
    )  # fmt: skip


def _items() -> Select[Any]:
    who = (func.coalesce(c, "").label(c.name) for c in (person.c.surname, person.c.given))
    return (
        select(
            equipment_item, _M.name, _S.name.label("store_name"), _W.place, func.lower(_W.period).label("since"),
            equipment_order.c.person_id, *who,
        )
        .join(equipment_model, _M.code == _I.model)
        .join(equipment_store, _S.code == _I.store)
        .join(equipment_whereabouts, _NOW)
        .outerjoin(equipment_order, equipment_order.c.id == _W.order_id)
        .outerjoin(person, person.c.id == equipment_order.c.person_id)
    )  # fmt: skip


def _item(r: Row[Any]) -> Item:
    return Item(
        ItemId(r.id), r.model, r.name, r.serial, r.store, r.store_name, r.place, r.since, r.bought_on,
        r.next_service_on, r.failed, None if r.person_id is None else PersonId(r.person_id), r.surname, r.given,
        r.revision,
    )  # fmt: skip


def _due(i: Item) -> ServiceDue:
    return ServiceDue(
        i.id, i.model, i.name, i.serial, i.store, i.store_name, i.place, i.person_id, i.surname, i.given,
        i.next_service_on or i.since.date(), i.failed, i.revision,
    )  # fmt: skip
