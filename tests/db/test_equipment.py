"""Community equipment on the real database (D6): from order to collection and back, what is refused, and who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from coordination.equipment.model import Order, OrderDraft
from coordination.equipment.stock_model import NewItem
from coordination.errors import BadValues, Conflict, IllegalMove, NotAllowed, NotFound, Refused
from coordination.values import DateRange, PersonId, new_id
from tests.care_kit import add_person
from tests.database import CentreDb
from tests.db.equipment_kit import NOW, SINGLE, TODAY, Stores, cid, oid, rid, slot


def refused(db: CentreDb, user: str, statement: str, *values: object) -> str:
    connection = db.psql(user)
    try:
        with pytest.raises(psycopg.Error) as error:
            connection.execute(statement, values)
        return error.value.diag.constraint_name or error.value.sqlstate or ""
    finally:
        connection.close()


def said(action: Callable[[], object]) -> dict[str, dict[str, object]]:
    """Code and facts of each obstacle."""
    with pytest.raises(Refused) as told:
        action()
    return {o.code: dict(o.facts) for o in told.value.obstacles}


def kit_of(db: CentreDb, user: str = "cora.coordinator") -> Stores:
    return Stores(db, db.sign_in(user).services)


def test_from_order_to_collection_and_every_step_back(centre_db: CentreDb) -> None:
    kit = kit_of(centre_db)
    equipment, person, key = kit.services.equipment, add_person(centre_db), oid()
    kit.bought(2)
    assert equipment.standing(person).kind == "nothing_ordered"
    for _ in range(2):  # sent twice, there once
        order = equipment.place(key, OrderDraft(person, "commode", 2, note=" By the bed "))
    assert (order.state, order.note, order.ordered_by_name, order.source) == (
        "ordered", "By the bed", "Cora Example", "by_hand",
    )  # fmt: skip
    assert equipment.standing(person).words == "2 x Commode, fixed height: ordered"

    def counts() -> tuple[int, ...]:
        (line,) = equipment.stock("north")
        return line.free, line.reserved, line.in_van, line.on_loan, line.cleaning

    order = equipment.reserve(order.id, order.revision)
    assert (order.state, order.store_name) == ("reserved", "North store") and counts() == (0, 2, 0, 0, 0)
    released = equipment.release(order.id, order.revision)
    assert released.state == "ordered" and counts() == (2, 0, 0, 0, 0)
    with pytest.raises(Conflict) as late:
        equipment.reserve(order.id, order.revision)
    assert late.value.current == released
    order = equipment.reserve(order.id, released.revision)
    with pytest.raises(Refused):
        equipment.agree_slot(order.id, order.revision, slot(-48))
    order = equipment.agree_slot(order.id, order.revision, slot())
    assert equipment.standing(person).slot == slot() and equipment.standing(person).kind == "slot_agreed"
    order = equipment.load(order.id, order.revision)
    assert counts() == (0, 0, 2, 0, 0)
    assert equipment.unload(order.id, order.revision).state == "slot_agreed"
    order = equipment.order(order.id)
    failed = equipment.not_delivered(order.id, order.revision, "Nobody in")
    assert (failed.state, failed.slot, failed.tries, failed.reason) == ("reserved", None, 1, "Nobody in")
    with pytest.raises(Refused):
        equipment.delivered(order.id, failed.revision, when=NOW + timedelta(days=2))
    order = equipment.delivered(order.id, failed.revision)
    loan = equipment.loan_of(order.id)
    assert counts() == (0, 0, 0, 2, 0) and loan.since == order.delivered_at and loan.quantity == 2
    assert equipment.standing(person).is_ready
    back = equipment.delivery_undone(order.id, order.revision)
    assert back.state == "reserved" and counts() == (0, 2, 0, 0, 0) and not equipment.loans()
    order = equipment.delivered(order.id, back.revision)
    loan = equipment.loan_of(order.id)

    asked = equipment.ask_collection(cid(), loan.id)
    assert "equipment_collection_asked_already" in said(lambda: equipment.ask_collection(cid(), loan.id))
    assert "equipment_loan_went_on" in said(lambda: equipment.delivery_undone(order.id, order.revision))
    asked = equipment.agree_collection(asked.id, asked.revision, slot())
    asked = equipment.not_collected(asked.id, asked.revision, "Not at home")
    assert (asked.state, asked.tries) == ("to_collect", 1)
    off = equipment.cancel_collection(asked.id, asked.revision, "The plan goes on")
    asked = equipment.restore_collection(asked.id, off.revision)
    done = equipment.collected(asked.id, asked.revision, back=1)
    assert counts() == (0, 0, 0, 0, 1) and equipment.loan(loan.id).ended_at is not None
    assert equipment.standing(person).kind == "nothing_ordered"
    assert "equipment_loan_has_ended" in said(lambda: equipment.ask_collection(cid(), loan.id))
    asked = equipment.collection_undone(done.id, done.revision)
    assert counts() == (0, 0, 0, 2, 0) and equipment.loan(loan.id).ended_at is None
    equipment.collected(asked.id, asked.revision, returned_as="store")
    assert counts() == (2, 0, 0, 0, 0)
    moved = equipment.movements(DateRange.of(TODAY, 1))
    assert [m.order_number for m in moved] == [None, *[order.number] * (len(moved) - 1)]
    assert {m.by_name for m in moved} == {"Cora Example"}


def test_what_is_not_there_is_not_promised_and_the_refusal_says_what_is(centre_db: CentreDb) -> None:
    kit, other = kit_of(centre_db), add_person(centre_db, "Somebody")
    equipment, person = kit.services.equipment, add_person(centre_db)
    order = kit.order(person)
    nothing = said(lambda: equipment.reserve(order.id, order.revision))
    assert set(nothing) == {"equipment_none_free", "equipment_nothing_in_sight"}
    kit.bought(3, "commode_adjustable", "south")
    instead = said(lambda: equipment.reserve(order.id, order.revision, "north"))
    assert instead["equipment_none_free_here"]["store"] == "north"
    assert instead["equipment_substitute_free"] == {
        "model": "Commode, adjustable height", "substitute": "commode_adjustable", "note": "Height can be set",
        "store": "South store", "free": 3,
    }  # fmt: skip
    kit.bought(1)
    loan = kit.lent(other, until_on=TODAY + timedelta(days=20))
    coming = said(lambda: equipment.reserve(order.id, order.revision))
    assert coming["equipment_next_back"] == {"day": TODAY + timedelta(days=20), "store": "North store"}
    asked = equipment.ask_collection(cid(), loan.id, wanted_by=TODAY + timedelta(days=3))
    coming = said(lambda: equipment.reserve(order.id, order.revision))
    assert coming["equipment_next_back"]["day"] == TODAY + timedelta(days=3)
    equipment.collected(asked.id, asked.revision)
    cleaned = equipment.reserve(order.id, order.revision)  # certain by its day
    assert cleaned.promised_from == order.wanted_by
    order = equipment.release(cleaned.id, cleaned.revision)
    equipment.move_counted(new_id(), "north", "commode", 1, "cleaning", "in_repair")
    ready = said(lambda: equipment.reserve(order.id, order.revision))
    assert ready["equipment_made_ready"] == {"quantity": 1, "store": "North store"}
    kit.bought(1, store="city")
    elsewhere = said(lambda: equipment.reserve(order.id, order.revision, "north"))
    assert elsewhere["equipment_free_elsewhere"] == {"store": "City equipment store", "free": 1}
    assert "equipment_next_back" not in elsewhere
    changed = equipment.reserve_instead(order.id, order.revision, "commode_adjustable")
    assert (changed.name, changed.store) == ("Commode, adjustable height", "south")

    # By any other way the database says the same.
    for statement in (
        "update equipment_stock set free = 100",
        "insert into equipment_whereabouts (item_id, place, store, period) values (null, 'store', 'north', null)",
        "update equipment_order set store = 'city'",
        "update equipment_loan set ended_at = now()",
    ):
        assert refused(centre_db, "cora.coordinator", statement) in ("42501", "equipment_order_promise_stays"), (
            statement
        )
    assert refused(
        centre_db, "cora.coordinator",
        "insert into equipment_movement (id, model, store, to_store, quantity, from_place, to_place)"
        " values (uuidv7(), 'commode', 'city', 'city', 1, 'store', 'on_loan')",
    ) == "42501"  # fmt: skip
    assert refused(
        centre_db, "cora.coordinator",
        "insert into equipment_order (id, person_id, model, wanted_by, state, store)"
        " values (uuidv7(), %s, 'commode', current_date, 'reserved', 'city')", person,
    ) == "equipment_order_begins_ordered"  # fmt: skip


def test_a_thing_with_a_number_is_in_one_place(centre_db: CentreDb) -> None:
    kit = kit_of(centre_db)
    equipment, person = kit.services.equipment, add_person(centre_db)
    first, second = kit.thing(), kit.thing()
    assert first.next_service_on is not None and first.next_service_on > TODAY + timedelta(days=150)
    with pytest.raises(Refused) as twice:
        equipment.receive_item(new_id(), NewItem(SINGLE, "south", first.serial))  # type: ignore[arg-type]
    assert twice.value.obstacles[0].code == "equipment_serial_known"
    with pytest.raises(BadValues):
        kit.order(person, SINGLE, 2)
    order = kit.order(person, SINGLE)
    order = equipment.reserve(order.id, order.revision)
    assert order.serial == first.serial  # what has lain longest
    other = kit.order(person, SINGLE)
    taken = said(lambda: equipment.reserve(other.id, other.revision, item=first.id))
    assert taken["equipment_item_is_reserved"] == {"serial": first.serial, "who": order.who, "store": order.store_name}
    assert "equipment_is_promised" in said(
        lambda: equipment.move_item(new_id(), first.id, equipment.item(first.id).revision, "written_off")
    )
    # Another one came to the door than was put by.
    with pytest.raises(BadValues):
        equipment.delivered(order.id, order.revision, serial="T999")
    done = equipment.delivered(order.id, order.revision, serial=second.serial.lower())
    assert (done.item_id, equipment.item(first.id).place, equipment.item(second.id).place) == (
        second.id, "store", "on_loan",
    )  # fmt: skip
    assert equipment.item(second.id).who == "PANKHURST, Emmeline"
    done = equipment.fitted(done.id, done.revision)
    assert equipment.standing(person).kind == "ordered"  # the other one
    done = equipment.fitting_undone(done.id, done.revision)
    with pytest.raises(IllegalMove):
        equipment.cancel(done.id, done.revision, "No")
    other = equipment.reserve(other.id, other.revision)
    there = said(lambda: equipment.delivered(other.id, other.revision, serial=second.serial))
    assert there["equipment_item_is_on_loan"]["who"] == "PANKHURST, Emmeline"  # the sentence says where it is
    assert said(lambda: equipment.reserve(kit.order(person, SINGLE).id, 1))["equipment_none_free"]["free"] == 0
    cancelled = equipment.cancel(other.id, other.revision, "Gone to her sister")
    assert equipment.item(first.id).place == "store"
    assert equipment.restore(other.id, cancelled.revision).state == "ordered"
    places = [s.place for s in equipment.whereabouts(first.id)]
    assert places == ["store", "reserved", "store", "reserved", "store"]
    with centre_db.owner.begin() as c, pytest.raises(Exception, match="equipment_item_one_place"):
        c.execute(
            text("insert into equipment_whereabouts (item_id, place, store, period)"
                 " values (:i, 'cleaning', 'south', tstzrange(now() - interval '1 hour', null))"), {"i": first.id},
        )  # fmt: skip
    moved = equipment.move_item(new_id(), first.id, equipment.item(first.id).revision, "store", to_store="south")
    assert (moved.store, moved.place) == ("south", "store")
    assert equipment.idle(0)[0].id == first.id and not equipment.idle(30)


def test_service_passed_failed_and_past(centre_db: CentreDb) -> None:
    kit = kit_of(centre_db)
    equipment, person = kit.services.equipment, add_person(centre_db)
    past = kit.thing(next_service_on=TODAY - timedelta(days=3))
    order = kit.order(person, SINGLE)
    assert "equipment_none_free" in said(lambda: equipment.reserve(order.id, order.revision))
    (line,) = equipment.stock("north")
    assert (line.free, line.overdue_service) == (0, 1)
    assert [(d.serial, d.is_overdue(TODAY)) for d in equipment.service_due()] == [(past.serial, True)]
    (late,) = equipment.overdue("service")
    assert (late.key, late.days(TODAY), late.who, late.place) == (past.id, 3, "", "store")
    passed = equipment.serviced(new_id(), past.id, past.revision, passed=True)
    assert passed.next_service_on is not None and passed.next_service_on > TODAY and not equipment.overdue()
    order = equipment.reserve(order.id, order.revision)
    held = equipment.item(past.id)
    failed = equipment.serviced(new_id(), held.id, held.revision, passed=False, note="Battery")
    assert (failed.place, failed.failed) == ("in_repair", True)
    order = equipment.order(order.id)
    assert (order.state, order.item_id) == ("ordered", None)
    assert "equipment_item_failed" in said(lambda: equipment.move_item(new_id(), failed.id, failed.revision, "store"))
    with pytest.raises(BadValues):
        equipment.serviced(new_id(), failed.id, failed.revision, passed=False)
    mended = equipment.serviced(new_id(), failed.id, failed.revision, passed=True)
    equipment.move_item(new_id(), mended.id, mended.revision, "store")
    order = equipment.reserve(order.id, order.revision)
    order = equipment.delivered(order.id, order.revision)
    lent = equipment.item(past.id)
    equipment.serviced(new_id(), lent.id, lent.revision, passed=False, note="Frame is cracked")
    (asked,) = equipment.collections()
    assert not equipment.overdue()
    off = equipment.cancel_collection(asked.id, asked.revision, "She will not part with it")
    (left,) = equipment.overdue()
    assert (left.kind, left.key, left.days(TODAY), left.who) == ("service", past.id, 0, "PANKHURST, Emmeline")
    asked = equipment.restore_collection(asked.id, off.revision)
    assert (asked.cause, asked.who, asked.wanted_by) == ("service_failed", "PANKHURST, Emmeline", TODAY + timedelta(2))
    done = equipment.collected(asked.id, asked.revision)
    assert (done.returned_as, equipment.item(past.id).place) == ("in_repair", "in_repair")


def active_plan(db: CentreDb, person: PersonId) -> object:
    with db.owner.begin() as c:
        return c.execute(
            text("insert into care_plan (id, person_id, state, lead_worker, review_on, activated_at)"
                 " values (uuidv7(), :p, 'active', 'cora.coordinator', current_date + 30, now()) returning id"),
            {"p": person},
        ).scalar_one()  # fmt: skip


def test_what_ends_is_collected_by_itself_and_what_goes_on_is_not(centre_db: CentreDb) -> None:
    kit = kit_of(centre_db)
    equipment, person, stranger = kit.services.equipment, add_person(centre_db), add_person(centre_db, "Other")
    kit.bought(20)
    kit.bought(5, "grab_rail")
    before = kit.lent(person)  # before there was a plan
    own_end = kit.lent(person, until_on=TODAY + timedelta(days=40))
    plan = active_plan(centre_db, person)
    of_plan, rail, elsewhere = kit.lent(person), kit.lent(person, "grab_rail"), kit.lent(stranger)
    waiting = kit.order(person)
    waiting = equipment.reserve(waiting.id, waiting.revision)
    assert equipment.order(of_plan.order_id).plan_id == plan

    def turn(state: str) -> None:
        with centre_db.owner.begin() as c:
            c.execute(text("update care_plan set state = :s, ended_at = now() where id = :i"), {"s": state, "i": plan})

    def asked() -> dict[object, str]:
        return {c.loan_id: c.cause for c in equipment.collections()}

    turn("ended")
    assert asked() == {before.id: "plan_ended", of_plan.id: "plan_ended"}
    assert {c.wanted_by for c in equipment.collections()} == {TODAY + timedelta(days=7)}
    gone = equipment.order(waiting.id)
    assert (gone.state, gone.cause, gone.store) == ("cancelled", "plan_ended", "")
    assert equipment.stock("north")[0].reserved == 0
    one = equipment.collections()[0]
    equipment.agree_collection(one.id, one.revision, slot())
    turn("active")  # it was a mistake
    assert asked() == {} and {c.state for c in equipment.collections(done=True)} == {"cancelled"}
    assert equipment.order(waiting.id).state == "ordered"

    with centre_db.owner.begin() as c:
        c.execute(text("update person set deceased_on = current_date - 1 where id = :i"), {"i": person})
    assert asked() == dict.fromkeys([before.id, own_end.id, of_plan.id], "died")
    assert equipment.order(waiting.id).cause == "died" and rail.id not in asked() and elsewhere.id not in asked()
    assert "equipment_order_person_died" in said(lambda: kit.order(person))
    late = equipment.order(waiting.id)
    assert "equipment_order_person_died" in said(lambda: equipment.restore(late.id, late.revision))
    with centre_db.psql("cora.coordinator") as by_hand, pytest.raises(psycopg.errors.CheckViolation) as told:
        by_hand.execute(
            "update equipment_order set state = 'ordered', cause = '', revision = revision + 1 where id = %s",
            (late.id,),
        )
    assert told.value.diag.constraint_name == "equipment_order_person_died"
    turn("ended")
    turn("active")  # goes on, but not for somebody who has died
    assert set(asked().values()) == {"died"} and equipment.order(waiting.id).state == "cancelled"
    with centre_db.owner.begin() as c:
        c.execute(text("update person set deceased_on = null where id = :i"), {"i": person})
    assert asked() == {} and equipment.order(waiting.id).state == "ordered"


def test_the_end_of_a_stay_collects_what_was_lent_for_it(centre_db: CentreDb) -> None:
    kit = kit_of(centre_db, "pia.placement")
    stores = kit_of(centre_db)
    stores.bought(3)
    equipment, person = kit.services.equipment, add_person(centre_db)
    with centre_db.owner.begin() as c:
        c.execute(text("insert into scheme (name, kind, locality) values ('Example Court', 'extra_care', 'north')"))
        c.execute(text("insert into apartment (scheme_id, name, leased)"
                       " select id, '12', daterange('2020-01-01', '2040-01-01') from scheme"))  # fmt: skip
        stay = c.execute(
            text("insert into stay (id, apartment_id, person_id, period, state, purpose) select uuidv7(), a.id, :p,"
                 " daterange(current_date - 5, current_date + 20), 'in_stay', 'step_down'"
                 " from apartment a returning id"),
            {"p": person},
        ).scalar_one()  # fmt: skip
    loan, at_home = kit.lent(person, source="stay", stay_id=stay), kit.lent(person)
    order = equipment.order(loan.order_id)
    assert (order.place, order.locality) == ("Example Court · 12", "north")
    with centre_db.owner.begin() as c:
        c.execute(text("update stay set state = 'ended' where id = :i"), {"i": stay})
    (asked,) = equipment.collections(locality="north")
    assert (asked.loan_id, asked.cause, asked.place) == (loan.id, "stay_ended", "Example Court · 12")
    with centre_db.owner.begin() as c:
        c.execute(text("update stay set state = 'in_stay' where id = :i"), {"i": stay})
    assert not equipment.collections() and equipment.loan(at_home.id).ended_at is None

    # It goes on in another apartment: what was lent goes along, and back again.
    def on(statement: str) -> None:
        with centre_db.owner.begin() as c:
            c.execute(text(statement), {"s": stay, "p": person})

    on(
        "insert into apartment (scheme_id, name, leased)"
        " select id, '14', daterange('2020-01-01', '2040-01-01') from scheme"
    )
    on("update stay set state = 'ended', period = daterange(lower(period), current_date) where id = :s")
    assert [c.loan_id for c in equipment.collections()] == [loan.id]
    on("insert into stay (id, apartment_id, person_id, period, state, purpose) select uuidv7(), a.id, :p,"
       " daterange(current_date, current_date + 9), 'in_stay', 'step_down' from apartment a"
       " where name = '14'")  # fmt: skip
    assert not equipment.collections() and equipment.order(loan.order_id).place == "Example Court · 14"
    on("update stay set state = 'ended' where id <> :s and state = 'in_stay'")
    assert [c.place for c in equipment.collections()] == ["Example Court · 14"]
    on("update stay set state = 'in_stay' where id = :s")
    assert not equipment.collections() and equipment.order(loan.order_id).stay_id == stay
    on("update stay set state = 'ended' where id = :s")
    with pytest.raises(Refused):  # of somebody else's stay
        kit.order(add_person(centre_db, "Other"), source="stay", stay_id=stay)


def test_overdue_reminded_with_one_act_and_taken_back(centre_db: CentreDb) -> None:
    kit = kit_of(centre_db)
    equipment, person = kit.services.equipment, add_person(centre_db, phone="0161 496 0000")
    kit.bought(5)
    late, in_time = kit.lent(person, until_on=TODAY + timedelta(1)), kit.lent(person, until_on=TODAY + timedelta(1))
    kit.overdue_since(late.id, 12)
    (row,) = equipment.overdue()
    assert (row.kind, row.key, row.days(TODAY), row.reminders, row.last_reminder) == ("loan", late.id, 12, 0, None)
    assert row.phone == "0161 496 0000"
    key = rid()
    for _ in range(2):
        reminder = equipment.remind(key, row.kind, row.key, "Her daughter", "telephone", "Will bring it on Monday")
    (row,) = equipment.overdue("loan")
    assert (row.reminders, row.last_reminder) == (1, reminder) and reminder.by_name == "Cora Example"
    second = equipment.remind(rid(), row.kind, row.key, "Her", "letter")
    assert equipment.overdue()[0].last_reminder == second and len(equipment.reminders(late.id)) == 2
    theo = centre_db.sign_in("theo.lead").services.equipment
    with pytest.raises(Refused):
        theo.unremind(second.id)
    equipment.unremind(second.id)
    assert equipment.overdue()[0].last_reminder == reminder
    asked = equipment.ask_collection(cid(), late.id)
    assert not equipment.overdue()  # it is seen to
    with centre_db.owner.begin() as c:
        over = {"i": asked.id, "d": TODAY - timedelta(days=2)}
        c.execute(text("update equipment_collection set wanted_by = :d where id = :i"), over)
    (row,) = equipment.overdue()
    assert (row.kind, row.key, row.cause, row.days(TODAY)) == ("collection", asked.id, "asked", 2)
    longer = equipment.extend(in_time.id, in_time.revision, None)
    assert longer.until_on is None and not longer.is_overdue(TODAY)
    with pytest.raises(BadValues):
        equipment.remind(rid(), "loan", late.id, " ", "telephone")


def test_a_row_of_a_plan_becomes_an_order_once(centre_db: CentreDb) -> None:
    kit = kit_of(centre_db)
    equipment, person = kit.services.equipment, add_person(centre_db)
    plan = active_plan(centre_db, person)
    with centre_db.owner.begin() as c:
        row = c.execute(
            text("insert into plan_equipment (id, plan_id, position, what) values (uuidv7(), :p, 1,"
                 " 'Perching stool for the kitchen') returning id"), {"p": plan},
        ).scalar_one()  # fmt: skip
    ((wish, models),) = equipment.wishes(person)
    assert (wish.id, wish.plan_id, models[0].code) == (row, plan, "perching_stool")
    order = equipment.order_from_plan(oid(), row, models[0].code, wanted_by=TODAY + timedelta(days=2))
    assert (order.source, order.plan_id, order.plan_equipment_id) == ("plan", plan, row)
    assert not equipment.wishes(person)
    assert "equipment_ordered_already" in said(lambda: equipment.order_from_plan(oid(), row, models[0].code))
    gone = equipment.cancel(order.id, order.revision, "She has one")
    again = equipment.order_from_plan(oid(), row, models[0].code)
    assert "equipment_ordered_already" in said(lambda: equipment.restore(gone.id, gone.revision))
    assert [o.id for o in equipment.orders_of(person)] == [again.id, order.id]
    with pytest.raises(NotFound):
        equipment.order_from_plan(oid(), new_id(), "commode")


def test_who_may_and_who_is_hidden(centre_db: CentreDb) -> None:
    kit = kit_of(centre_db)
    equipment = kit.services.equipment
    hidden = add_person(centre_db, "Hidden")
    thing, open_person = kit.thing(), add_person(centre_db)
    order: Order = kit.order(hidden, SINGLE)
    order = equipment.reserve(order.id, order.revision)
    equipment.delivered(order.id, order.revision)
    with centre_db.owner.begin() as c:
        c.execute(text("update person set sharing_level = 'named_teams' where id = :i"), {"i": hidden})
        c.execute(text("update equipment_loan set until_on = current_date - 1"))
        c.execute(text("update equipment_item set next_service_on = current_date - 1"))
    assert not equipment.orders() and not equipment.loans() and not equipment.overdue("loan")
    with pytest.raises(NotFound):
        equipment.order(order.id)
    (row,) = equipment.overdue()  # that it is due for service is no secret; who has it is
    assert (row.kind, row.who, row.person_id) == ("service", "", None) and equipment.item(thing.id).who == ""
    assert equipment.available(SINGLE).lines[0].on_loan == 1
    with pytest.raises(NotAllowed):
        kit.order(hidden)
    manager, assessor = kit_of(centre_db, "max.manager"), kit_of(centre_db, "asa.assessor")
    with pytest.raises(NotAllowed):
        manager.order(open_person)
    with pytest.raises(NotAllowed):
        assessor.bought(1)
    assert assessor.order(open_person).state == "ordered"
    assert manager.services.equipment.set_minimum("north", "commode", 4).is_below_minimum
    assert [(line.model, line.short) for line in equipment.below_minimum()] == [("commode", 4)]
    with pytest.raises(psycopg.Error), centre_db.psql("ada.admin") as connection:
        connection.execute("insert into equipment_order (id, person_id, model, wanted_by) values"
                           " (uuidv7(), %s, 'commode', current_date)", [open_person])  # fmt: skip


def test_the_record_shows_what_somebody_has_and_what_is_on_order(centre_db: CentreDb) -> None:
    kit = kit_of(centre_db)
    equipment, person = kit.services.equipment, add_person(centre_db)
    kit.bought(2)
    kit.thing()
    until = TODAY + timedelta(days=9)
    has, ordered = kit.lent(person, until_on=until), kit.order(person, SINGLE)
    kit.lent(add_person(centre_db, "Other"))
    gone = kit.order(person)
    equipment.cancel(gone.id, gone.revision, "No longer")
    first, second = kit.services.people.open_record(person).equipment
    assert (first.id, first.name, first.day, first.until_on, first.to_collect) == (
        has.order_id, "Commode, fixed height", TODAY, until, False,
    )  # fmt: skip
    assert (second.id, second.is_there, second.wanted_by) == (ordered.id, False, ordered.wanted_by)
    asked = equipment.ask_collection(cid(), has.id)
    assert kit.services.people.open_record(person).equipment[0].to_collect
    equipment.collected(asked.id, asked.revision)
    assert [e.id for e in kit.services.people.open_record(person).equipment] == [ordered.id]


def test_what_two_records_had_is_one_persons_after_they_are_merged_and_theirs_again_when_parted(
    centre_db: CentreDb,
) -> None:
    kit = kit_of(centre_db)
    equipment, people = kit.services.equipment, kit.services.people
    kit.bought(3)
    kept, merged = add_person(centre_db, "Pankhurst"), add_person(centre_db, "Pankhurst", "Emeline")
    with centre_db.owner.begin() as c:
        c.execute(text("update person set deceased_on = current_date where id = :i"), {"i": kept})
    loan, waiting = kit.lent(merged), kit.order(merged)
    assert not equipment.collections()
    with centre_db.owner.begin() as c:
        merge = new_id()
        c.execute(text("select merge_people(:m, :k, :g, 'twice', '{}', 1, 1)"), {"m": merge, "k": kept, "g": merged})
    assert {o.id for o in equipment.orders_of(kept)} == {loan.order_id, waiting.id}
    assert [c.cause for c in equipment.collections_of(kept)] == ["died"]
    assert equipment.order(waiting.id).state == "cancelled"
    with centre_db.owner.begin() as c:
        c.execute(text("select part_people(:m, 'not the same')"), {"m": merge})
    assert {o.id for o in equipment.orders_of(merged)} == {loan.order_id, waiting.id}
    assert people.open_record(merged).equipment[0].id == loan.order_id
    assert not equipment.collections() and equipment.order(waiting.id).state == "ordered"
