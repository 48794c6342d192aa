"""Loans, collections, reminders and what is overdue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Date,
    Row,
    Select,
    String,
    Text,
    Uuid,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from coordination.equipment.loans_model import (
    Collection,
    CollectionId,
    Loan,
    LoanId,
    Overdue,
    OverdueKind,
    Reminder,
    ReminderHow,
    ReminderId,
)
from coordination.equipment.model import CollectionCause, OrderId
from coordination.equipment.stock_model import ItemId
from coordination.errors import NotFound
from coordination.values import PersonId
from db.stores.equipment_rows import LOCALITY, PLACE, POSTCODE, TODAY, WHO, for_whom, in_locality, utc, window, written
from db.tables.equipment import (
    equipment_collection,
    equipment_item,
    equipment_loan,
    equipment_model,
    equipment_order,
    equipment_reminder,
    equipment_service,
    equipment_store,
    equipment_whereabouts,
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

    def loans(self, person: PersonId | None, *, ended: bool, limit: int) -> list[Loan]:
        query = _loans()
        # What is fixed to a home, or used up, is shown with its person only: nobody waits for it to come back.
        query = query.where(equipment_model.c.returns if person is None else _O.person_id == person)
        if not ended:
            query = query.where(_L.ended_at.is_(None))
        query = query.order_by(_L.ended_at.desc().nulls_first(), _L.until_on.asc().nulls_last(), _L.since, _L.id)
        return [_loan(row) for row in self._connection.execute(query.limit(limit))]

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
        query = _collections().where(in_locality(where.get("locality")))
        if "person" in where:
            query = query.where(_O.person_id == where["person"])
        if "states" in where:
            query = query.where(_C.state.in_(where["states"]))  # type: ignore[arg-type]
        order = (_C.asked_at.desc(), _C.id) if where.get("newest") else (_C.wanted_by, _C.asked_at, _C.id)
        return [_collection(row) for row in self._connection.execute(query.order_by(*order).limit(limit))]

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

    # ------------------------------------------------------------------ overdue

    def overdue(self, kind: OverdueKind | None, locality: str | None, limit: int) -> list[Overdue]:
        kinds = (kind,) if kind is not None else ("loan", "collection", "service")
        parts = {"loan": _late_loans, "collection": _late_collections, "service": _late_services}
        late = union_all(*(parts[each](locality) for each in kinds)).subquery("late")
        last = _reminders(late)
        query = (
            select(late, last.c.many, last.c.last, equipment_model.c.name, equipment_store.c.name.label("store_name"))
            .join(equipment_model, equipment_model.c.code == late.c.model)
            .join(equipment_store, equipment_store.c.code == late.c.store)
            .join(last, true())
            .order_by(late.c.due_on, late.c.key)
            .limit(limit)
        )
        return [_overdue(row) for row in self._connection.execute(query)]

    def add_reminder(
        self, key: ReminderId, kind: OverdueKind, about: UUID, to_whom: str, how: ReminderHow, note: str
    ) -> None:
        row = {"id": key, _ABOUT[kind]: about, "to_whom": to_whom, "how": how, "note": note}
        self._connection.execute(upsert(equipment_reminder).values(row).on_conflict_do_nothing(index_elements=["id"]))

    def reminders(self, about: UUID) -> list[Reminder]:
        query = (
            select(equipment_reminder, func.coalesce(user_account.c.display_name, _R.by_user).label("by_name"))
            .outerjoin(user_account, user_account.c.user_name == _R.by_user)
            .where(or_(_R.loan_id == about, _R.collection_id == about, _R.item_id == about))
            .order_by(_R.at.desc(), _R.id.desc())
        )
        return [_reminder(row._mapping) for row in self._connection.execute(query)]

    def drop_reminder(self, key: ReminderId) -> bool:
        return self._connection.execute(delete(equipment_reminder).where(_R.id == key)).rowcount == 1


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


def _lent() -> Any:
    return (
        equipment_collection.join(equipment_loan, _L.id == _C.loan_id)
        .join(equipment_order, _O.id == _L.order_id)
        .join(equipment_model, equipment_model.c.code == _O.model)
        .join(equipment_store, equipment_store.c.code == _O.store)
        .outerjoin(equipment_item, _I.id == _O.item_id)
    )


def _collections() -> Select[Any]:
    return select(
        equipment_collection, *WHO, person.c.deceased_on, PLACE, POSTCODE, LOCALITY.label("locality"), _O.person_id,
        _O.model, _O.quantity, _O.item_id, _O.store, equipment_model.c.name, equipment_model.c.workers,
        equipment_model.c.deliver_minutes.label("visit_minutes"), func.coalesce(_I.serial, "").label("serial"),
        equipment_store.c.name.label("store_name"),
        func.coalesce(user_account.c.display_name, _C.asked_by).label("asked_by_name"),
    ).select_from(
        for_whom(_lent()).outerjoin(user_account, user_account.c.user_name == _C.asked_by)
    )  # fmt: skip


def _collection(r: Row[Any]) -> Collection:
    return Collection(
        CollectionId(r.id), LoanId(r.loan_id), PersonId(r.person_id), r.surname, r.given, r.title, r.deceased_on,
        r.going_to, r.postcode, r.locality, r.model, r.name, r.workers, r.visit_minutes,
        None if r.item_id is None else ItemId(r.item_id), r.serial, r.quantity, r.store, r.store_name, r.cause,
        r.asked_at, r.asked_by_name, r.wanted_by, r.state, window(r.slot), utc(r.collected_at), r.back, r.returned_as,
        r.reason, r.tries, r.note, r.revision,
    )  # fmt: skip


# -------------------------------------------------------------------- what is overdue


def _phone() -> Any:
    return func.coalesce(func.nullif(person.c.phone, ""), person.c.other_phone, "").label("phone")


def _late_loans(locality: str | None) -> Select[Any]:
    asked = select(_C.id).where(_C.loan_id == _L.id, _C.state.in_(_OPEN)).exists()
    lent = (
        equipment_loan.join(equipment_order, _O.id == _L.order_id)
        .outerjoin(equipment_item, _I.id == _O.item_id)
    )  # fmt: skip
    return (
        select(
            literal("loan", String).label("kind"), _L.id.label("key"), _L.revision, _O.person_id, *WHO, _phone(),
            _O.model, func.coalesce(_I.serial, "").label("serial"), _O.quantity, _O.store,
            literal("on_loan", String).label("place"),
            _L.until_on.label("due_on"), cast(null(), Text).label("cause"),
        )
        .select_from(for_whom(lent))
        .where(_L.ended_at.is_(None), _L.until_on < TODAY, ~asked, in_locality(locality))
    )  # fmt: skip


def _late_collections(locality: str | None) -> Select[Any]:
    return (
        select(
            literal("collection", String).label("kind"), _C.id.label("key"), _C.revision, _O.person_id, *WHO, _phone(),
            _O.model, func.coalesce(_I.serial, "").label("serial"), _O.quantity, _O.store,
            literal("on_loan", String).label("place"), _C.wanted_by.label("due_on"), _C.cause,
        )
        .select_from(for_whom(_lent()))
        .where(_C.state.in_(_OPEN), _C.wanted_by < TODAY, in_locality(locality))
    )  # fmt: skip


def _late_services(locality: str | None) -> Select[Any]:
    """Of things that somebody may be given or has; what lies in repair is being seen to."""
    w = equipment_whereabouts.c
    there = and_(w.item_id == _I.id, func.upper_inf(w.period), w.place.in_(("store", "reserved", "in_van", "on_loan")))
    # Failed, with somebody, and nobody is to collect it: since the day on which it failed.
    asked = (
        select(_C.id)
        .join(equipment_loan, _L.id == _C.loan_id)
        .where(_L.order_id == w.order_id, _C.state.in_(_OPEN))
        .exists()
    )
    left = and_(_I.failed, w.place == "on_loan", ~asked)
    failed_on = (
        select(func.max(equipment_service.c.done_on))
        .where(equipment_service.c.item_id == _I.id, ~equipment_service.c.passed)
        .scalar_subquery()
    )
    due = func.least(_I.next_service_on, case((left, failed_on), else_=null()), type_=Date)
    with_whom = (
        equipment_item.join(equipment_whereabouts, there)
        .outerjoin(equipment_order, _O.id == w.order_id)
        .outerjoin(person, person.c.id == _O.person_id)
    )
    of_store = select(equipment_store.c.locality).where(equipment_store.c.code == _I.store).scalar_subquery()
    wanted = true() if locality is None else func.coalesce(of_store, "").in_((locality, ""))
    no_words = [func.coalesce(c, "").label(c.name) for c in WHO]
    return (
        select(
            literal("service", String).label("kind"), _I.id.label("key"), _I.revision,
            cast(_O.person_id, Uuid).label("person_id"),
            *no_words, _phone(), _I.model, _I.serial,
            literal(1).label("quantity"), _I.store, w.place, due.label("due_on"),
            cast(null(), Text).label("cause"),
        )
        .select_from(with_whom)
        .where(or_(_I.next_service_on < TODAY, left), wanted)
    )  # fmt: skip


def _reminders(late: Any) -> Any:
    """How often, and the last of them as one value."""
    of_it = or_(
        and_(late.c.kind == "loan", _R.loan_id == late.c.key),
        and_(late.c.kind == "collection", _R.collection_id == late.c.key),
        and_(late.c.kind == "service", _R.item_id == late.c.key),
    )
    by_name = func.coalesce(user_account.c.display_name, _R.by_user)
    one = func.jsonb_build_object(
        "id", _R.id, "to_whom", _R.to_whom, "how", _R.how, "note", _R.note, "by_name", by_name, "at", _R.at
    )
    newest = func.array_agg(one.op("order by")(_R.at.desc()))
    return (
        select(func.count(_R.id).label("many"), newest.label("last"))
        .select_from(equipment_reminder.outerjoin(user_account, user_account.c.user_name == _R.by_user))
        .where(of_it)
        .lateral("reminded")
    )


def _overdue(r: Row[Any]) -> Overdue:
    last = None if not r.last else _reminder(r.last[0], r.kind, r.key)
    return Overdue(
        r.kind, r.key, r.revision, None if r.person_id is None else PersonId(r.person_id), r.surname, r.given, r.title,
        r.phone, r.model, r.name, r.serial, r.quantity, r.store, r.store_name, r.place, r.due_on, r.cause, r.many, last,
    )  # fmt: skip


def _reminder(r: Any, kind: OverdueKind | None = None, about: UUID | None = None) -> Reminder:
    if kind is None:
        kind = "loan" if r["loan_id"] is not None else "collection" if r["collection_id"] is not None else "service"
        about = r[_ABOUT[kind]]
    assert about is not None
    at = r["at"]
    return Reminder(
        ReminderId(UUID(str(r["id"]))), kind, about, r["to_whom"], r["how"], r["note"], r["by_name"],
        datetime.fromisoformat(at) if isinstance(at, str) else at,
    )  # fmt: skip
