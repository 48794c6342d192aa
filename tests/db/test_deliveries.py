"""Deliveries as visits: a time taken makes the visit, and what comes of the visit comes of the order (D6, D5)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib.resources import files
from typing import Any

import pytest
from sqlalchemy import text

from coordination.clock import at_local
from coordination.deployment.model import Visit
from coordination.equipment.deliveries import FreeSlot
from coordination.equipment.loans_model import CollectionId
from coordination.equipment.model import Order, OrderDraft, OrderId
from coordination.errors import BrokenRule, CoordinationError, Refused
from coordination.values import TeamId, VisitId, WorkerId, new_id
from tests.care_kit import add_person
from tests.database import CentreDb, SignedIn
from tests.db.deployment_kit import Kit


class Store:
    """A city's store with stock, an equipment team of two at work tomorrow and the day after, and two desks."""

    def __init__(self, db: CentreDb) -> None:
        self.db, self.kit = db, Kit(db)
        with db.owner.begin() as c:
            self.team = TeamId(
                c.execute(
                    text("insert into team (name, service) values ('Equipment test team', 'equipment') returning id")
                ).scalar_one()
            )
            c.execute(text("update user_account set team_id = :t where user_name = 'tess.lead'"), {"t": self.team})
            for model, many in (("walking_frame", 5), ("grab_rail", 5)):
                c.execute(
                    text(
                        "insert into equipment_movement (model, store, to_store, quantity, to_place)"
                        " values (:m, 'city', 'city', :n, 'store')"
                    ),
                    {"m": model, "n": many},
                )
            for n in (1, 2):
                c.execute(
                    text("insert into equipment_item (id, model, serial, store) values (uuidv7(), :m, :s, 'city')"),
                    {"m": "bed_profiling", "s": f"BED-{n}"},
                )
        self.tomorrow = self.kit.today() + timedelta(days=1)
        self.workers = [self.worker("Dev Driver", ()), self.worker("Fay Fitter", ("fit_rails",))]
        self.cora: SignedIn = db.sign_in("cora.coordinator")
        self.tess: SignedIn = db.sign_in("tess.lead")
        self.person = add_person(db, address="1 Example Street")

    def worker(self, name: str, skills: tuple[str, ...]) -> WorkerId:
        made = self.kit.worker(name, (), ("two_person_lift", *skills), team=self.team)
        for days in (0, 1):
            day = self.tomorrow + timedelta(days=days)
            self.kit.shift(made, "work", at_local(day, 8), at_local(day, 12))
        return made

    def order(self, model: str = "walking_frame", person: Any = None) -> Order:
        equipment = self.cora.services.equipment
        made = equipment.place(OrderId(new_id()), OrderDraft(person or self.person, model))
        return equipment.reserve(made.id, made.revision)

    def take(self, *orders: Order, at: FreeSlot | None = None) -> Visit:
        deliveries = self.cora.services.deliveries
        slot = at or deliveries.offer([o.id for o in orders]).slots[0]
        return deliveries.take(VisitId(new_id()), [(o.id, o.revision) for o in orders], slot)

    def now(self, order: Order) -> Order:
        return self.cora.services.equipment.order(order.id)

    def begun(self, visit: Visit, *workers: WorkerId) -> Visit:
        """Given to somebody, on a day that has come: as if the night had passed."""
        today = self.kit.today()
        start = at_local(today, 0)
        with self.db.owner.begin() as c:
            c.execute(
                text(
                    "update visit set day = :d, arrive = tstzrange(:s, :s + interval '1 hour'), revision = revision + 1"
                    " where id = :v"
                ),
                {"v": visit.id, "d": today, "s": start},
            )
        for slot, worker in enumerate(workers or (self.workers[1],), start=1):
            self.kit.shift(worker, "work", start, start + timedelta(hours=7))
            with self.db.owner.begin() as c:
                c.execute(
                    text(
                        "insert into allocation (id, visit_id, worker_id, slot, period)"
                        " values (uuidv7(), :v, :w, :n, tstzrange(:s, :e))"
                    ),
                    {"v": visit.id, "w": worker, "n": slot, "s": start, "e": start + timedelta(minutes=visit.minutes)},
                )
        return self.tess.services.deployment.visit(visit.id)


@pytest.fixture
def store(centre_db: CentreDb) -> Store:
    return Store(centre_db)


def test_a_time_taken_is_a_visit_and_done_delivers_what_it_carries(store: Store) -> None:
    frame, rail, bed = store.order(), store.order("grab_rail"), store.order("bed_profiling")
    offer = store.cora.services.deliveries.offer([frame.id, rail.id])
    assert [s.window.start for s in offer.slots[:2]] == [at_local(store.tomorrow, 8), at_local(store.tomorrow, 10)]
    visit = store.take(frame, rail)
    assert (visit.team_id, visit.skills, visit.arrive) == (store.team, ("fit_rails",), offer.slots[0].window)
    assert visit.need.startswith("Bring: ") and "Bring and fit: " in visit.need  # what, not why
    assert store.now(frame).state == "slot_agreed" and store.now(rail).slot == visit.arrive
    carried = store.take(bed)
    assert (carried.workers_needed, carried.skills) == (2, ("two_person_lift",))
    assert "BED-1" in carried.need

    begun = store.begun(visit)
    assert store.now(frame).slot == begun.arrive  # the visit's time is the order's
    deployment = store.tess.services.deployment
    done = deployment.end(begun.id, "done", seen=begun.revision)
    assert store.now(frame).state == "delivered" and store.now(rail).state == "fitted"
    assert [loan.name for loan in store.cora.services.equipment.loans_of(store.person)] != []

    # Corrected at the visit it is corrected everywhere; by the order alone it is not.
    with pytest.raises((BrokenRule, Refused)):
        now = store.now(frame)
        store.cora.services.equipment.delivery_undone(now.id, now.revision)
    undone = deployment.undo(done)
    assert (store.now(frame).state, store.now(rail).state) == ("slot_agreed", "slot_agreed")
    assert store.cora.services.equipment.loans_of(store.person) == ()
    deployment.end(begun.id, "no_access", "Nobody in", seen=undone.after.revision)
    back = store.now(frame)
    assert (back.state, back.slot, back.reason, back.tries, back.store) == ("reserved", None, "Nobody in", 1, "city")


def test_what_ends_the_order_ends_the_visit_and_the_other_way_round(store: Store) -> None:
    equipment, deliveries = store.cora.services.equipment, store.cora.services.deliveries
    frame, rail = store.order(), store.order("grab_rail")
    visit = store.take(frame, rail)
    equipment.cancel(frame.id, store.now(frame).revision, "Bought one")
    deployment = store.tess.services.deployment
    assert deployment.visit(visit.id).state == "planned"  # the rail is still to be fitted
    assert [line.state for line in deliveries.on_visit(visit.id)] == ["dropped", "planned"]
    equipment.cancel(rail.id, store.now(rail).revision, "Moved house")
    over = deployment.visit(visit.id)
    assert (over.state, over.state_reason, over.allocations) == ("cancelled", "Moved house", ())
    # Opened again it would carry nothing that is wanted: what was cancelled stays so.
    assert deployment.reopen(visit.id, seen=over.revision).after.state == "planned"
    assert store.now(rail).state == "cancelled"

    again = store.order()
    second = store.take(again)
    to = store.tomorrow + timedelta(days=1)
    window = type(second.arrive)(at_local(to, 10), at_local(to, 12))
    new = VisitId(new_id())
    deployment.move_to(second.id, to, window, "They asked", seen=second.revision, new_visit=new)
    assert store.now(again).slot == window
    there = deliveries.visit_of(again.id)
    assert there is not None and there.id == new
    with pytest.raises(CoordinationError):  # the visit has the time: it is moved on the board
        now = store.now(again)
        equipment.agree_slot(now.id, now.revision, second.arrive)
    gone = deliveries.give_back(new)
    assert [line.order_id for line in gone] == [again.id]
    assert (store.now(again).state, deployment.visit(new).state) == ("reserved", "cancelled")

    # Cancelled on the board: put by, without a time; opened again, agreed again; given another time, it went on.
    third = store.take(store.now(again))
    ended = deployment.end(third.id, "cancelled", "Van broke down", seen=third.revision)
    assert (store.now(again).state, store.now(again).reason) == ("reserved", "Van broke down")
    opened = deployment.undo(ended)
    assert store.now(again).slot == third.arrive
    deployment.end(third.id, "cancelled", "Van broke down", seen=opened.after.revision)
    store.take(store.now(again))
    with pytest.raises(Refused) as refused:
        deployment.reopen(third.id, seen=deployment.visit(third.id).revision)
    assert [o.code for o in refused.value.obstacles] == ["delivery_went_on"]


def test_collections_and_fittings_are_visits_too(store: Store) -> None:
    equipment, deliveries = store.cora.services.equipment, store.cora.services.deliveries
    rail = store.order("grab_rail")
    rail = equipment.delivered(rail.id, rail.revision)
    fitting = store.take(rail)
    assert fitting.need.startswith("Fit: ")
    begun = store.begun(fitting)
    step = store.tess.services.deployment.end(begun.id, "done", seen=begun.revision)
    assert store.now(rail).state == "fitted"
    store.tess.services.deployment.undo(step)
    assert (store.now(rail).state, store.now(rail).fit_slot) == ("delivered", begun.arrive)

    frame = store.order()
    equipment.delivered(frame.id, frame.revision)
    one = equipment.ask_collection(CollectionId(new_id()), equipment.loan_of(frame.id).id)
    slot = deliveries.offer([], [one.id]).slots[0]
    visit = deliveries.take(VisitId(new_id()), [], slot, [(one.id, one.revision)])
    assert visit.need.startswith("Collect: ")
    begun = store.begun(visit, store.workers[0])
    step = store.tess.services.deployment.end(begun.id, "done", seen=begun.revision)
    assert equipment.collection(one.id).state == "collected"
    assert equipment.loan_of(frame.id).ended_at is not None
    store.tess.services.deployment.undo(step)
    assert equipment.collection(one.id).state == "slot_agreed"
    equipment.collected(one.id, equipment.collection(one.id).revision)  # brought to the store by a relative
    assert store.tess.services.deployment.visit(visit.id).state in ("done", "cancelled")

    # The step goes down, with all this in place, and up again.
    folder = files("db.migrations") / "versions"
    with store.db.owner.begin() as c:
        for way in ("down", "up"):
            c.exec_driver_sql((folder / f"0037_deliveries.{way}.sql").read_text(encoding="utf-8"))
        assert c.execute(text("select count(*) from delivery")).scalar_one() == 0
    assert equipment.collection(one.id).state == "collected"


def test_nothing_is_promised_twice_nor_to_whom_may_not_be_visited(store: Store) -> None:
    deliveries = store.cora.services.deliveries
    ordered = store.cora.services.equipment.place(OrderId(new_id()), OrderDraft(store.person, "walking_frame"))
    with pytest.raises(Refused) as refused:
        deliveries.offer([ordered.id])
    assert [o.code for o in refused.value.obstacles] == ["delivery_not_put_by"]

    # Twenty minutes of one driver are room for one frame, whoever else asks at the same moment.
    frames = [store.order(person=add_person(store.db, f"Frame{n}")) for n in range(2)]
    with store.db.owner.begin() as c:
        gone = "update shift set period = tstzrange(lower(period), lower(period) + interval '20 minutes')"
        c.execute(text(gone))
        c.execute(text("delete from shift where worker_id = :w"), {"w": store.workers[1]})
    slot = deliveries.offer([frames[0].id]).slots[0]
    desks = [store.cora, store.db.sign_in("cole.coordinator")]

    def take(n: int) -> str:
        try:
            desks[n].services.deliveries.take(VisitId(new_id()), [(frames[n].id, frames[n].revision)], slot)
        except Refused as error:
            return error.obstacles[0].code
        return "taken"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(take, range(2))) == ["delivery_slot_gone", "taken"]

    theo = store.db.sign_in("theo.lead")
    private = store.order()
    with store.db.owner.begin() as c:
        c.execute(text("update person set sharing_level = 'named_teams' where id = :p"), {"p": store.person})
        shared = (
            "insert into person_sharing (person_id, team_id, agreed_on, recorded_by) values (:p, :t, current_date, 'x')"
        )
        c.execute(text(shared), {"p": store.person, "t": theo.actor.team_id})
    slot = theo.services.deliveries.offer([private.id]).slots[0]
    with pytest.raises(Refused) as refused:
        theo.services.deliveries.take(VisitId(new_id()), [(private.id, private.revision)], slot)
    assert [o.code for o in refused.value.obstacles] == ["delivery_person_is_shared"]
