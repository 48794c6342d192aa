"""Loans and collections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Date,
    Row,
    Select,
    func,
    insert,
    literal_column,
    select,
    true,
    tuple_,
    update,
)

from coordination.equipment.loans_model import (
    Collection,
    CollectionId,
    Loan,
    LoanId,
    OverdueKind,
)
from coordination.equipment.model import CollectionCause, OrderId
from coordination.equipment.stock_model import ItemId
from coordination.errors import NotFound
from coordination.values import PersonId
from db.stores.equipment_rows import (
    LENT,
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
from db.tables.equipment import (
    equipment_collection,
    equipment_item,
    equipment_loan,
    equipment_model,
    equipment_order,
    equipment_reminder,
    equipment_store,
)
from db.tables.governance import user_account
from db.tables.people import person

_O, _L, _C, _I, _R = (
    equipment_order.c, equipment_loan.c, equipment_collection.c, equipment_item.c, equipment_reminder.c,
)  # fmt: skip
_OPEN = ("to_collect", "slot_agreed")
_ABOUT: Mapping[OverdueKind, str] = {"loan": "loan_id", "collection": "collection_id", "service": "item_id"}


class PgEquipmentLoans:
    """Loans and collections. See coordination.equipment.store.EquipmentStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ------------------------------------------------------------------ loans

    def loans(
        self, person: PersonId | None, *, ended: bool, limit: int, after: Loan | None = None,
        locality: str | None = None,
    ) -> list[Loan]:  # fmt: skip
        until = func.coalesce(_L.until_on, literal_column("date '9999-12-31'", Date))
        if person is not None:
            query = _loans().where(_O.person_id == person, true() if ended else _L.ended_at.is_(None))
            query = query.order_by(_L.ended_at.desc().nulls_first(), until, _L.since, _L.id)
            return [_loan(row) for row in self._connection.execute(query.limit(limit))]
        # What is fixed to a home, or used up, is shown with its person only: nobody waits for it to come back.
        comes_back = select(equipment_model.c.code).where(equipment_model.c.returns)
        of_order = equipment_loan.join(equipment_order, _O.id == _L.order_id)
        where = of_order if locality is None else for_whom(of_order)
        keys = select(_L.id).select_from(where).where(_O.model.in_(comes_back), in_locality(locality)).limit(limit)
        order: tuple[Any, ...] = (_L.ended_at.desc(), _L.id.desc()) if ended else (until, _L.since, _L.id)
        keys = keys.where(_L.ended_at.is_not(None) if ended else _L.ended_at.is_(None))
        if after is not None and ended:
            keys = keys.where(tuple_(_L.ended_at, _L.id) < tuple_(after.ended_at, after.id))
        elif after is not None:
            last = tuple_(after.until_on or date.max, after.since, after.id)
            keys = keys.where(tuple_(until, _L.since, _L.id) > last)
        query = _loans().where(among(_L.id, keys.order_by(*order))).order_by(*order)
        return [_loan(row) for row in self._connection.execute(query)]

    def loan(self, key: LoanId) -> Loan:
        return self._one_loan(_loans().where(_L.id == key), key)

    def loan_of(self, order: OrderId) -> Loan:
        return self._one_loan(_loans().where(_L.order_id == order), order)

    def _one_loan(self, query: Select[Any], key: UUID) -> Loan:
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("community_equipment", str(key))
        return _loan(row)

    def change_loan(self, key: LoanId, seen: int, until_on: date | None) -> bool:
        done = self._connection.execute(
            update(equipment_loan)
            .where(_L.id == key, _L.revision == seen)
            .values(until_on=until_on, revision=_L.revision + 1)
        )
        return done.rowcount == 1

    # ------------------------------------------------------------------ collections

    def collections(self, where: Mapping[str, object], limit: int) -> list[Collection]:
        newest, after = where.get("newest"), where.get("after")
        order = (_C.asked_at.desc(), _C.id.desc()) if newest else (_C.wanted_by, _C.asked_at, _C.id)
        if "person" in where:
            query = _collections().where(_O.person_id == where["person"])
            return [_collection(row) for row in self._connection.execute(query.order_by(*order).limit(limit))]
        keys = select(_C.id).where(_C.state.in_(where["states"])).limit(limit)  # type: ignore[arg-type]
        if where.get("locality") is not None:
            lent = equipment_collection.join(equipment_loan, _L.id == _C.loan_id)
            lent = lent.join(equipment_order, _O.id == _L.order_id)
            keys = keys.select_from(for_whom(lent)).where(in_locality(where["locality"]))
        if isinstance(after, Collection) and newest:
            keys = keys.where(tuple_(_C.asked_at, _C.id) < tuple_(after.asked_at, after.id))
        elif isinstance(after, Collection):
            here = tuple_(_C.wanted_by, _C.asked_at, _C.id)
            keys = keys.where(here > tuple_(after.wanted_by, after.asked_at, after.id))
        query = _collections().where(among(_C.id, keys.order_by(*order))).order_by(*order)
        return [_collection(row) for row in self._connection.execute(query)]

    def collection(self, key: CollectionId) -> Collection:
        row = self._connection.execute(_collections().where(_C.id == key)).one_or_none()
        if row is None:
            raise NotFound("community_equipment", str(key))
        return _collection(row)

    def add_collection(
        self, key: CollectionId, loan: LoanId, cause: CollectionCause, wanted_by: date, note: str
    ) -> None:
        if self._connection.execute(select(_C.id).where(_C.id == key)).first() is not None:
            return
        row = {"id": key, "loan_id": loan, "cause": cause, "wanted_by": wanted_by, "note": note}
        self._connection.execute(insert(equipment_collection).values(row))

    def change_collection(self, key: CollectionId, seen: int, changes: Mapping[str, object]) -> bool:
        done = self._connection.execute(
            update(equipment_collection)
            .where(_C.id == key, _C.revision == seen)
            .values(**written(changes), revision=_C.revision + 1)
        )
        return done.rowcount == 1


def _loans() -> Select[Any]:
    latest = (
        select(_C.id, _C.state)
        .where(_C.loan_id == _L.id, _C.state != "cancelled")
        .order_by(_C.asked_at.desc())
        .limit(1)
        .lateral("latest")
    )
    return select(
        equipment_loan, *WHO, _O.number, _O.person_id, _O.model, _O.quantity, _O.item_id, _O.store,
        equipment_model.c.name, equipment_model.c.returns, func.coalesce(_I.serial, "").label("serial"),
        equipment_store.c.name.label("store_name"), latest.c.id.label("collection_id"),
        latest.c.state.label("collection_state"),
    ).select_from(
        equipment_loan.join(equipment_order, _O.id == _L.order_id)
        .join(person, person.c.id == _O.person_id)
        .join(equipment_model, equipment_model.c.code == _O.model)
        .join(equipment_store, equipment_store.c.code == _O.store)
        .outerjoin(equipment_item, _I.id == _O.item_id)
        .outerjoin(latest, true())
    )  # fmt: skip


def _loan(r: Row[Any]) -> Loan:
    return Loan(
        LoanId(r.id), OrderId(r.order_id), r.number, PersonId(r.person_id), r.surname, r.given, r.title, r.model,
        r.name, r.returns, None if r.item_id is None else ItemId(r.item_id), r.serial, r.quantity, r.store,
        r.store_name, r.since, r.until_on, utc(r.ended_at),
        None if r.collection_id is None else CollectionId(r.collection_id), r.collection_state, r.revision,
    )  # fmt: skip


def _collections() -> Select[Any]:
    return select(
        equipment_collection, *WHO, person.c.deceased_on, PLACE, POSTCODE, LOCALITY.label("locality"), _O.person_id,
        _O.model, _O.quantity, _O.item_id, _O.store, equipment_model.c.name, equipment_model.c.workers,
        equipment_model.c.deliver_minutes.label("visit_minutes"), func.coalesce(_I.serial, "").label("serial"),
        equipment_store.c.name.label("store_name"),
        func.coalesce(user_account.c.display_name, _C.asked_by).label("asked_by_name"),
    ).select_from(
        for_whom(LENT).outerjoin(user_account, user_account.c.user_name == _C.asked_by)
    )  # fmt: skip


def _collection(r: Row[Any]) -> Collection:
    return Collection(
        CollectionId(r.id), LoanId(r.loan_id), PersonId(r.person_id), r.surname, r.given, r.title, r.deceased_on,
        r.going_to, r.postcode, r.locality, r.model, r.name, r.workers, r.visit_minutes,
        None if r.item_id is None else ItemId(r.item_id), r.serial, r.quantity, r.store, r.store_name, r.cause,
        r.asked_at, r.asked_by_name, r.wanted_by, r.state, window(r.slot), utc(r.collected_at), r.back, r.returned_as,
        r.reason, r.tries, r.note, r.revision,
    )  # fmt: skip
