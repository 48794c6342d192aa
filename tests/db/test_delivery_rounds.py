"""Where a round of deliveries begins, who agrees its times, and when what is promised for a later day is brought."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from coordination.clock import at_local, local_date
from coordination.deployment.model import Place
from coordination.deployment.outcomes.model import Entry
from coordination.equipment.loans_model import CollectionId
from coordination.equipment.model import OrderDraft, OrderId
from coordination.errors import Refused
from coordination.values import VisitId, new_id
from tests.care_kit import add_person
from tests.database import CentreDb
from tests.db.test_deliveries import Store

CITY, NORTH = Place(53.4717, -2.212), Place(53.5168, -2.2135)


def test_a_round_begins_at_the_store_of_its_goods(centre_db: CentreDb) -> None:
    store = Store(centre_db)
    deployment = store.tess.services.deployment

    def starts() -> dict[int, tuple[Place | None, str]]:
        return {w.id: (w.place, w.base) for w in deployment.board(store.team, store.tomorrow).workers}

    driver, fitter = store.workers
    assert starts() == {driver: (CITY, "base"), fitter: (CITY, "base")}  # the team's own
    store.cora.services.equipment.receive_counted(new_id(), "north", "walking_frame", 2)
    order = store.cora.services.equipment.place(OrderId(new_id()), OrderDraft(store.person, "walking_frame"))
    order = store.cora.services.equipment.reserve(order.id, order.revision, "north")
    visit = store.take(order)
    assert starts() == {driver: (NORTH, "base"), fitter: (NORTH, "base")}  # of what goes out on that day
    other = store.take(store.order("grab_rail", add_person(centre_db, address="9 Example Street")))
    deployment.allocate(other.id, fitter, other.arrive.start, seen=other.revision)
    deployment.allocate(visit.id, driver, visit.arrive.start, seen=visit.revision)
    assert starts() == {driver: (NORTH, "base"), fitter: (CITY, "base")}  # each to their own goods


def test_a_placement_co_ordinator_agrees_a_time_and_nothing_else_of_a_day(centre_db: CentreDb) -> None:
    store = Store(centre_db)
    pia = centre_db.sign_in("pia.placement")
    order = store.order("bed_profiling")
    offer = pia.services.deliveries.offer([order.id])
    visit = pia.services.deliveries.take(VisitId(new_id()), [(order.id, order.revision)], offer.slots[0])
    assert store.now(order).state == "slot_agreed" and visit.skills == ("two_person_lift",)
    pia.services.deliveries.give_back(visit.id)
    assert store.now(order).state == "reserved"
    with centre_db.psql("pia.placement") as c:
        nurses = c.execute("select id from team where service = 'district_nursing' limit 1").fetchone()
        assert nurses is not None
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            c.execute(
                "insert into visit (id, person_id, team_id, day, arrive, minutes, need) values (uuidv7(), %s, %s,"
                " current_date, tstzrange(now(), now() + interval '1 hour'), 30, 'x')",
                (store.person, nurses[0]),
            )


def test_what_is_promised_for_a_later_day_is_brought_in_the_week_before_it(centre_db: CentreDb) -> None:
    store = Store(centre_db)
    equipment, deliveries = store.cora.services.equipment, store.cora.services.deliveries
    wanted = store.tomorrow + timedelta(days=8)
    for worker in store.workers:
        for day in (wanted - timedelta(days=7), wanted - timedelta(days=1), wanted):
            store.kit.shift(worker, "work", at_local(day, 13), at_local(day, 17))
    order = equipment.place(OrderId(new_id()), OrderDraft(store.person, "bed_profiling", wanted_by=wanted))
    order = equipment.reserve(order.id, order.revision)
    assert order.promised_from == wanted
    offer = deliveries.offer([order.id])
    assert {local_date(s.window.start) for s in offer.slots} == {wanted - timedelta(days=1), wanted}
    visit = deliveries.take(VisitId(new_id()), [(order.id, order.revision)], offer.slots[0])
    order = store.now(order)
    assert (order.state, order.promised_from) == ("slot_agreed", visit.day)  # promised from the day it is brought
    assert equipment.item(order.item_id).place == "store" if order.item_id else False


def test_a_correction_of_what_has_gone_on_is_refused_alone(centre_db: CentreDb) -> None:
    store = Store(centre_db)
    frame, rail = store.order(), store.order("grab_rail", add_person(centre_db, address="9 Example Street"))
    visits = [
        store.begun(store.take(order), worker) for order, worker in zip((frame, rail), store.workers, strict=True)
    ]
    outcomes = store.tess.services.outcomes
    done = outcomes.save_day([Entry(v.id, v.revision, "done") for v in visits])
    assert [s.after.state for s in done.steps] == ["done", "done"]
    # The frame is being fetched again: it was there.
    equipment = store.cora.services.equipment
    equipment.ask_collection(CollectionId(new_id()), equipment.loan_of(frame.id).id)
    wrong = [Entry(s.after.id, s.after.revision, "no_access", "no_reply") for s in done.steps]
    corrected = outcomes.save_day(wrong)
    (refused,) = corrected.refused
    assert refused.visit == visits[0].id and isinstance(refused.error, Refused)
    assert [o.code for o in refused.error.obstacles] == ["delivery_went_on"]
    assert [s.after.state for s in corrected.steps] == ["no_access"]
    assert (store.now(frame).state, store.now(rail).state) == ("delivered", "reserved")
    # So is the undo of a sheet.
    undone = outcomes.undo_day(done)
    assert {r.visit for r in undone.refused} == {v.id for v in visits} and not undone.steps
    assert store.now(frame).state == "delivered"
