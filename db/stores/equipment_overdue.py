"""What is overdue, and who was reminded of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
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
    literal,
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from coordination.equipment.loans_model import (
    Overdue,
    OverdueKind,
    Reminder,
    ReminderHow,
    ReminderId,
)
from coordination.values import PersonId
from db.stores.equipment_rows import (
    LENT,
    WHO,
    among,
    for_whom,
    in_locality,
)
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
from db.today import TODAY

_O, _L, _C, _I, _R = (
    equipment_order.c, equipment_loan.c, equipment_collection.c, equipment_item.c, equipment_reminder.c,
)  # fmt: skip
_OPEN = ("to_collect", "slot_agreed")
_ABOUT: Mapping[OverdueKind, str] = {"loan": "loan_id", "collection": "collection_id", "service": "item_id"}


class PgEquipmentOverdue:
    """What is overdue, and reminders. See coordination.equipment.store.EquipmentStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def overdue(
        self, kind: OverdueKind | None, locality: str | None, limit: int, after: Overdue | None = None
    ) -> list[Overdue]:
        kinds: tuple[OverdueKind, ...] = (kind,) if kind is not None else ("loan", "collection", "service")
        parts = {
            "loan": lambda: _late_loans(locality, limit, after),
            "collection": lambda: _late_collections(locality, limit, after),
            "service": lambda: _late_services(locality),
        }
        late = union_all(*(parts[each]() for each in kinds)).subquery("late")
        last = _reminders(late)
        query = (
            select(late, last.c.many, last.c.last, equipment_model.c.name, equipment_store.c.name.label("store_name"))
            .join(equipment_model, equipment_model.c.code == late.c.model)
            .join(equipment_store, equipment_store.c.code == late.c.store)
            .join(last, true())
            .order_by(late.c.due_on, late.c.key)
            .limit(limit)
        )
        if after is not None:
            query = query.where(tuple_(late.c.due_on, late.c.key) > tuple_(after.due_on, after.key))
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


def _phone() -> Any:
    return func.coalesce(func.nullif(person.c.phone, ""), person.c.other_phone, "").label("phone")


def _longest(keys: Select[Any], due: Any, key: Any, limit: int, after: Overdue | None) -> Select[Any]:
    """Of each kind no more than are shown, the longest overdue first."""
    if after is not None:
        keys = keys.where(tuple_(due, key) > tuple_(after.due_on, after.key))
    return keys.order_by(due, key).limit(limit)


def _late_loans(locality: str | None, limit: int, after: Overdue | None) -> Select[Any]:
    asked = select(_C.id).where(_C.loan_id == _L.id, _C.state.in_(_OPEN)).exists()
    keys = select(_L.id).where(_L.ended_at.is_(None), _L.until_on < TODAY, ~asked)
    if locality is not None:
        of_loan = equipment_loan.join(equipment_order, _O.id == _L.order_id)
        keys = keys.select_from(for_whom(of_loan)).where(in_locality(locality))
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
        .where(among(_L.id, _longest(keys, _L.until_on, _L.id, limit, after)))
    )  # fmt: skip


def _late_collections(locality: str | None, limit: int, after: Overdue | None) -> Select[Any]:
    keys = select(_C.id).where(_C.state.in_(_OPEN), _C.wanted_by < TODAY)
    if locality is not None:
        of_order = equipment_collection.join(equipment_loan, _L.id == _C.loan_id)
        of_order = of_order.join(equipment_order, _O.id == _L.order_id)
        keys = keys.select_from(for_whom(of_order)).where(in_locality(locality))
    return (
        select(
            literal("collection", String).label("kind"), _C.id.label("key"), _C.revision, _O.person_id, *WHO, _phone(),
            _O.model, func.coalesce(_I.serial, "").label("serial"), _O.quantity, _O.store,
            literal("on_loan", String).label("place"), _C.wanted_by.label("due_on"), _C.cause,
        )
        .select_from(for_whom(LENT))
        .where(among(_C.id, _longest(keys, _C.wanted_by, _C.id, limit, after)))
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
