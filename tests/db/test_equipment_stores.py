"""Stores that close, lists of one locality, and a promise for a later day that goes over to another thing (D6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coordination.errors import Conflict, IllegalMove, NotAllowed
from coordination.people.model import PersonDraft
from coordination.values import PersonId, new_id
from tests.care_kit import add_person
from tests.database import CentreDb
from tests.db.equipment_kit import COUNTED, SINGLE, TODAY
from tests.db.test_equipment_later import Later, said, that_day


def test_a_store_is_closed_with_what_is_in_it_and_opened_again(centre_db: CentreDb) -> None:
    cora, ada = centre_db.sign_in("cora.coordinator").services, centre_db.sign_in("ada.admin").services
    kit = Later(centre_db, cora)
    kit.bought(6)
    kit.thing()
    item = kit.thing()
    cora.equipment.move_item(new_id(), item.id, item.revision, "cleaning")
    kit.lent(add_person(centre_db), COUNTED, 2)
    order = kit.order(add_person(centre_db), COUNTED, 1)
    order = cora.equipment.reserve(order.id, order.revision)
    kit.reserved(COUNTED, 2)
    before = {each.store.code: each for each in ada.equipment.holdings()}
    north = before["north"]
    assert (north.lying, north.to_ready, north.on_loan, north.put_by, north.promised) == (4, 1, 2, 1, 2)
    assert (north.inside, north.going_out) == (5, 3) and before["city"].inside == 0
    assert north == next(each for each in cora.equipment.holdings() if each.store.code == "north")

    with pytest.raises(NotAllowed):
        cora.equipment.close_store("north")
    closed = ada.equipment.close_store("north")
    assert not closed.store.active and (closed.lying, closed.going_out) == (4, 3)  # told although nothing of it is free
    assert ada.equipment.close_store("north") == closed  # sent again
    other = kit.order(add_person(centre_db))
    assert "equipment_none_free" in said(lambda: cora.equipment.reserve(other.id, other.revision))
    done = cora.equipment.delivered(order.id, order.revision)  # what had its thing goes on
    assert done.state == "delivered"
    assert ada.equipment.open_store("north").store.active
    assert cora.equipment.reserve(other.id, other.revision).store == "north"
    with centre_db.owner.begin() as c:
        trail = c.exec_driver_sql(
            "select actor, columns from audit.entry where record = 'north' and columns = '{active}' order by id"
        ).all()
    assert [(who, columns) for who, columns in trail] == [("ada.admin", ["active"])] * 2


def test_loans_items_and_services_of_a_locality(centre_db: CentreDb) -> None:
    kit = Later(centre_db, centre_db.sign_in("cora.coordinator").services)
    equipment, people = kit.services.equipment, kit.services.people
    lived = {}
    for place, postcode in (("north", "M40 2JF"), ("south", "M22 4RJ"), ("", "")):
        draft = PersonDraft(surname=f"Of {place or 'nowhere'}", postcode=postcode)
        lived[place] = people.register(draft, PersonId(new_id()))
    with centre_db.owner.begin() as c:
        for place, person in lived.items():
            if place:
                c.exec_driver_sql(
                    "update person set ward_code = (select w.code from ward w join neighbourhood n on"
                    " n.id = w.neighbourhood_id where n.locality = %s limit 1) where id = %s",
                    (place, person.id),
                )
    kit.bought(5)
    loans = {place: kit.lent(person.id) for place, person in lived.items()}
    late = TODAY - timedelta(days=1)
    things = {store: kit.thing(SINGLE, store, late) for store in ("north", "south", "city")}

    for place, others in (("north", "south"), ("south", "north")):
        assert {x.id for x in equipment.loans(locality=place)} == {loans[place].id, loans[""].id}
        wanted = {things[place].id, things["city"].id}
        assert {x.id for x in equipment.items(locality=place)} == wanted
        assert {x.item_id for x in equipment.service_due(locality=place)} == wanted
        assert things[others].id not in wanted
    assert len(equipment.loans()) == len(equipment.items()) == len(equipment.service_due()) == 3
    first = equipment.loans(locality="north", limit=1)
    assert len(equipment.loans(locality="north", limit=5, after=first[0])) == 1


def test_what_is_promised_for_a_later_day_goes_over_to_another_one_and_back(centre_db: CentreDb) -> None:
    kit = Later(centre_db, centre_db.sign_in("cora.coordinator").services)
    equipment, thing = kit.services.equipment, kit.thing()
    later = kit.reserved()
    assert later.serial == thing.serial
    assert "equipment_no_other_in_time" in said(lambda: equipment.exchange(later.id, later.revision))

    second = kit.thing()
    second = equipment.move_item(new_id(), second.id, second.revision, "cleaning")
    today = kit.order(add_person(centre_db), SINGLE, wanted_by=TODAY)
    assert "equipment_none_free" in said(lambda: equipment.reserve(today.id, today.revision))
    now = equipment.exchange(later.id, later.revision)
    assert (now.serial, now.promised_from, now.state) == (second.serial, that_day(), "reserved")
    with pytest.raises(Conflict):
        equipment.exchange(later.id, later.revision)
    back = equipment.exchanged_back(now.id, now.revision, thing.id)
    assert back.serial == thing.serial
    now = equipment.exchange(back.id, back.revision)
    served = equipment.reserve(today.id, today.revision)  # free for today
    assert (served.serial, served.promised_from) == (thing.serial, None)
    assert "equipment_item_is_reserved" in said(lambda: equipment.exchanged_back(now.id, now.revision, thing.id))
    equipment.delivered(served.id, served.revision)
    assert said(lambda: equipment.exchanged_back(now.id, now.revision, thing.id))  # somebody has it, until nobody knows
    assert kit.now(now).serial == second.serial

    with pytest.raises(IllegalMove):
        fresh = kit.now(served)
        equipment.exchange(fresh.id, fresh.revision)
