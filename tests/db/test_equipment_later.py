"""Reservations for a day that is still to come: what is certain by then, what the database refuses, what gives way."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from uuid import UUID

import psycopg
import pytest

from coordination.clock import at_local
from coordination.equipment.model import Order
from coordination.errors import CoordinationError, Refused
from coordination.values import Window, new_id
from tests.care_kit import add_person
from tests.database import CentreDb
from tests.db.equipment_kit import COUNTED, SINGLE, TODAY, Stores, cid, slot

READY = 2


def that_day() -> date:
    """The day for which things are promised here; today may become another one while the tests run."""
    return TODAY + timedelta(days=20)


def said(action: Callable[[], object]) -> dict[str, dict[str, object]]:
    """Code and facts of each obstacle."""
    with pytest.raises(Refused) as told:
        action()
    return {o.code: dict(o.facts) for o in told.value.obstacles}


def at(days: int) -> Window:
    return Window.of(at_local(TODAY + timedelta(days=days), 10), 120)


class Later(Stores):
    def reserved(self, model: str = SINGLE, quantity: int = 1, days: int = 20) -> Order:
        order = self.order(add_person(self.db), model, quantity, wanted_by=TODAY + timedelta(days=days))
        return self.services.equipment.reserve(order.id, order.revision)

    def fetched(self, loan_of: Order, days: int) -> None:
        """A time to fetch it is agreed."""
        equipment = self.services.equipment
        loan = equipment.loan_of(loan_of.id)
        asked = equipment.ask_collection(cid(), loan.id)
        equipment.agree_collection(asked.id, asked.revision, at(days))

    def now(self, order: Order) -> Order:
        return self.services.equipment.order(order.id)


def test_a_thing_is_promised_from_its_day_on_and_to_nobody_else(centre_db: CentreDb) -> None:
    kit = Later(centre_db, centre_db.sign_in("cora.coordinator").services)
    equipment, item = kit.services.equipment, kit.thing()
    first = kit.reserved()
    assert (first.state, first.promised_from, first.serial) == ("reserved", that_day(), item.serial)
    (line,) = equipment.stock("north")
    assert (line.free, line.promised, line.reserved) == (0, 1, 0) and equipment.item(item.id).place == "store"

    # Neither today nor on another day, nor by hand to another store, nor past the program.
    second = kit.order(add_person(centre_db), SINGLE)
    answer = said(lambda: equipment.reserve(second.id, second.revision))
    assert answer["equipment_none_free"]["free"] == 0 and "equipment_nothing_in_sight" in answer
    assert "equipment_none_free" in said(lambda: equipment.reserve(second.id, second.revision, from_on=that_day()))
    assert said(lambda: equipment.reserve(second.id, second.revision, item=item.id))
    assert "equipment_item_is_promised" in said(
        lambda: equipment.move_item(new_id(), item.id, equipment.item(item.id).revision, "store", to_store="city")
    )
    with centre_db.psql("cora.coordinator") as c, pytest.raises(psycopg.errors.ExclusionViolation):
        c.execute(
            "update equipment_order set state = 'reserved', store = 'north', item_id = %s, promised_from = %s"
            " where id = %s",
            (item.id, that_day() + timedelta(days=40), second.id),
        )

    # Put by, back again, loaded, brought: it is where its order says.
    there = equipment.put_by(first.id, first.revision)
    assert there.promised_from is None and equipment.item(item.id).place == "reserved"
    back = equipment.promise_again(there.id, there.revision, that_day())
    assert back.promised_from == that_day() and equipment.item(item.id).place == "store"
    van = equipment.load(back.id, back.revision)
    assert van.promised_from is None and equipment.item(item.id).place == "in_van"
    equipment.delivered(van.id, van.revision)

    # What is not certain is not counted: it is due back, and no time to fetch it was agreed.
    answer = said(lambda: equipment.reserve(second.id, second.revision, from_on=that_day()))
    assert "equipment_none_free" in answer and "equipment_certain_from" not in answer
    kit.fetched(first, 10)
    answer = said(lambda: equipment.reserve(second.id, second.revision))
    assert answer["equipment_certain_from"] == {
        "day": TODAY + timedelta(days=10 + READY), "store": "North store", "at": "north",
    }  # fmt: skip
    second = equipment.reserve(second.id, second.revision, from_on=TODAY + timedelta(days=10 + READY))
    assert second.serial == item.serial
    answer = said(lambda: equipment.put_by(second.id, second.revision))
    assert answer["equipment_not_back_yet"]["place"] == "on_loan"

    # The time to fetch it is lost: so is the promise, and the order waits and says why.
    (fetch,) = equipment.collections_of(first.person_id)
    equipment.not_collected(fetch.id, fetch.revision, "Nobody in")
    second = kit.now(second)
    assert (second.state, second.promised_from, second.item_id) == ("ordered", None, None) and second.reason


def test_what_is_counted_is_promised_by_the_piece(centre_db: CentreDb) -> None:
    kit = Later(centre_db, centre_db.sign_in("cora.coordinator").services)
    equipment = kit.services.equipment
    kit.bought(5)
    lent = kit.order(add_person(centre_db), COUNTED, 2)
    lent = equipment.reserve(lent.id, lent.revision)
    equipment.delivered(lent.id, lent.revision)
    kit.fetched(lent, 5)
    first = kit.reserved(COUNTED, 2)  # of the 3 that are there
    (line,) = equipment.stock("north")
    # From the seventh day on two more are certain, so that all three could go today.
    assert (first.promised_from, line.free, line.promised) == (that_day(), 3, 2)
    early = kit.order(add_person(centre_db), COUNTED, 4)
    answer = said(lambda: equipment.reserve(early.id, early.revision))
    assert answer["equipment_none_free"]["free"] == 3 and "equipment_certain_from" not in answer
    early = equipment.change(early.id, early.revision, wanted_by=early.wanted_by, until_on=None, note="", quantity=3)
    early = equipment.reserve(early.id, early.revision)
    assert early.promised_from is None
    # Brought earlier than promised, it would take what somebody else was given since.
    assert said(lambda: equipment.agree_slot(first.id, first.revision, slot()))["equipment_none_free_here"]["free"] == 0
    assert said(lambda: kit.reserved(COUNTED, 1, 30))["equipment_none_free"]["free"] == 0
    with centre_db.psql("cora.coordinator") as c, pytest.raises(psycopg.errors.CheckViolation) as told:
        c.execute(
            "update equipment_order set state = 'reserved', store = 'north', promised_from = current_date + 30"
            " where id = %s",
            (kit.order(add_person(centre_db), COUNTED).id,),
        )
    assert told.value.diag.constraint_name == "equipment_stock_is_promised"

    # What was to be fetched is not: who was promised last waits again, and who has it keeps it.
    (fetch,) = equipment.collections_of(lent.person_id)
    equipment.cancel_collection(fetch.id, fetch.revision, "They still need it")
    assert kit.now(first).state == "ordered" and kit.now(early).state == "reserved"

    # Lost from the store, it is lost; taken to another store, it would be promised no longer.
    kit.bought(2)
    first = equipment.reserve(first.id, kit.now(first).revision)
    assert said(lambda: equipment.move_counted(new_id(), "north", COUNTED, 1, "store", "store", to_store="city")) == {
        "equipment_stock_is_promised": {}
    }
    equipment.move_counted(new_id(), "north", COUNTED, 1, "store", "lost")
    assert kit.now(first).state == "ordered"


def test_another_one_takes_its_place_where_there_is_one(centre_db: CentreDb) -> None:
    kit = Later(centre_db, centre_db.sign_in("cora.coordinator").services)
    equipment = kit.services.equipment
    one, other = kit.thing(), kit.thing()
    order = kit.reserved()
    broken, whole = (one, other) if order.serial == one.serial else (other, one)
    equipment.serviced(new_id(), broken.id, equipment.item(broken.id).revision, passed=False, note="Bent")
    now = kit.now(order)
    assert (now.state, now.serial, now.promised_from) == ("reserved", whole.serial, that_day())
    # Brought to somebody else by mistake: so it is. The order waits again, and what was put by for that one is there.
    third = kit.thing()
    soon = kit.order(add_person(centre_db), SINGLE)
    soon = equipment.reserve(soon.id, soon.revision)
    assert soon.serial == third.serial
    soon = equipment.delivered(soon.id, soon.revision, serial=whole.serial)
    now = kit.now(order)
    assert soon.serial == whole.serial and now.state == "ordered" and now.reason
    now = equipment.reserve(now.id, now.revision)
    assert (now.serial, now.promised_from) == (third.serial, that_day())

    # Whoever dies, nothing stays promised to them.
    with centre_db.owner.begin() as c:
        c.exec_driver_sql("update person set deceased_on = current_date where id = %s", (order.person_id,))
    assert kit.now(order).state == "cancelled" and equipment.stock("north")[0].promised == 0


def test_a_store_that_is_closed_and_a_model_that_is_withdrawn(centre_db: CentreDb) -> None:
    kit = Later(centre_db, centre_db.sign_in("cora.coordinator").services)
    equipment, person = kit.services.equipment, add_person(centre_db)
    kit.bought(3)
    with centre_db.owner.begin() as c:
        c.exec_driver_sql("update equipment_store set active = false where code = 'north'")
    order = kit.order(person)
    assert "equipment_none_free" in said(lambda: equipment.reserve(order.id, order.revision))
    assert "equipment_none_free_here" in said(lambda: equipment.reserve(order.id, order.revision, "north"))
    assert said(lambda: kit.bought(1)) == {"equipment_store_is_closed": {}}
    equipment.move_counted(new_id(), "north", COUNTED, 3, "store", "store", to_store="city")  # what is there goes on
    with centre_db.psql("cora.coordinator") as c, pytest.raises(psycopg.errors.CheckViolation):
        c.execute("update equipment_order set state = 'reserved', store = 'north' where id = %s", (order.id,))
    with centre_db.owner.begin() as c:
        c.exec_driver_sql("update equipment_model set active = false where code = 'hoist_mobile'")
    with centre_db.psql("cora.coordinator") as c, pytest.raises(psycopg.errors.CheckViolation) as told:
        c.execute(
            "insert into equipment_order (id, person_id, model, wanted_by) values (uuidv7(), %s, %s, current_date)",
            (person, SINGLE),
        )
    assert told.value.diag.constraint_name == "equipment_model_is_withdrawn"


@pytest.mark.parametrize("model", [COUNTED, SINGLE])
def test_of_two_desks_that_promise_the_last_one_for_a_day_one_does(centre_db: CentreDb, model: str) -> None:
    desks = [Later(centre_db, centre_db.sign_in(u).services) for u in ("cora.coordinator", "cole.coordinator")]
    desks[0].bought(1) if model == COUNTED else desks[0].thing()
    start = Barrier(2, timeout=60)

    def promise(kit: Later) -> str:
        order = kit.order(add_person(centre_db), model, wanted_by=that_day())
        start.wait()
        try:
            return kit.services.equipment.reserve(order.id, order.revision).state
        except CoordinationError as error:
            return type(error).__name__

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(promise, desks)) == ["Refused", "reserved"]


def test_the_result_of_a_service_and_something_else_instead_are_taken_back(centre_db: CentreDb) -> None:
    kit = Later(centre_db, centre_db.sign_in("cora.coordinator").services)
    equipment = kit.services.equipment
    item = kit.thing()
    before = equipment.item(item.id)

    def looked_after(passed: bool) -> UUID:
        key = new_id()
        equipment.serviced(key, item.id, equipment.item(item.id).revision, passed=passed, note="" if passed else "Bent")
        return key

    key = looked_after(True)
    assert equipment.service_undone(key, item.id).next_service_on == before.next_service_on
    key = looked_after(False)
    assert equipment.item(item.id).place == "in_repair"
    back = equipment.service_undone(key, item.id)
    assert (back.place, back.failed, back.next_service_on) == ("store", False, before.next_service_on)

    # Put by for somebody: put by again. Lent: the collection is called off.
    order = kit.reserved(days=1)
    key = looked_after(False)
    assert kit.now(order).state == "ordered"
    equipment.service_undone(key, item.id)
    order = kit.now(order)
    assert (order.state, order.item_id) == ("reserved", item.id)
    equipment.delivered(order.id, order.revision)
    key = looked_after(False)
    (fetch,) = equipment.collections_of(order.person_id)
    equipment.service_undone(key, item.id)
    assert equipment.collection(fetch.id).state == "cancelled" and not equipment.item(item.id).failed

    # Not somebody else's, not when it has gone on, not when another followed.
    key = looked_after(True)
    other = centre_db.sign_in("cole.coordinator").services.equipment
    assert "equipment_service_stays" in said(lambda: other.service_undone(key, item.id))
    newer = looked_after(False)
    assert "equipment_service_stays" in said(lambda: equipment.service_undone(key, item.id))
    (_, fetch) = equipment.collections_of(order.person_id)[::-1]
    equipment.collected(fetch.id, fetch.revision)
    assert "equipment_service_went_on" in said(lambda: equipment.service_undone(newer, item.id))
    assert "equipment_service_stays" in said(lambda: equipment.service_undone(new_id(), item.id))

    kit.bought(1, "commode_adjustable")
    wish = kit.order(add_person(centre_db))
    instead = equipment.reserve_instead(wish.id, wish.revision, "commode_adjustable")
    undone = equipment.instead_undone(instead.id, instead.revision, wish.model)
    assert (undone.state, undone.model) == ("ordered", COUNTED) and equipment.stock("north")[0].free == 1
