"""Two desks at the stores at once, with real commits (D6): one thing is promised once, and every refusal says why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from random import Random
from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from coordination.equipment.loans_model import Collection
from coordination.equipment.model import Order, OrderDraft
from coordination.equipment.stock_model import Place
from coordination.errors import BadValues, Conflict, IllegalMove, NotFound, Refused
from coordination.services import Services
from coordination.values import PersonId, new_id
from tests.care_kit import add_person
from tests.database import CentreDb
from tests.db.equipment_kit import NOW, Stores, cid, oid, slot
from ui.sentences import sentences

EXPLAINED = (Refused, Conflict, IllegalMove, BadValues, NotFound)


@pytest.mark.parametrize("model", ["commode", "hoist_mobile"])
def test_of_two_desks_that_want_the_last_one_gets_it(centre_db: CentreDb, model: str) -> None:
    desks = [Stores(centre_db, centre_db.sign_in(user).services) for user in ("cora.coordinator", "cole.coordinator")]
    orders = [desk.order(add_person(centre_db, f"Person {n}"), model) for n, desk in enumerate(desks)]
    for _ in range(2):
        if model == "commode":
            desks[0].bought(1)
        else:
            desks[0].thing(model)
        (refusal,) = _both_reserve(desks, orders)
        assert [dict(o.facts)["free"] for o in refusal.obstacles if o.code == "equipment_none_free_here"] == [0]
        orders = [desks[0].services.equipment.order(order.id) for order in orders]
        for n, order in enumerate(orders):
            if order.state == "reserved":
                equipment = desks[0].services.equipment
                equipment.cancel(order.id, order.revision, "Again")
                _take_away(desks[0], model)
                orders[n] = desks[0].order(order.person_id, model)


def test_a_death_recorded_while_it_is_brought_leaves_nothing_behind(centre_db: CentreDb) -> None:
    kit = Stores(centre_db, centre_db.sign_in("cora.coordinator").services)
    equipment = kit.services.equipment
    kit.bought(10)
    for n in range(5):
        person = add_person(centre_db, f"Person {n}")
        order = kit.order(person)
        order = equipment.reserve(order.id, order.revision)
        gate = Barrier(2, timeout=60)

        def bring(order: Order = order, gate: Barrier = gate) -> None:
            gate.wait()
            with suppress(Conflict, IllegalMove):
                equipment.delivered(order.id, order.revision)

        def died(person: PersonId = person, gate: Barrier = gate) -> None:
            with centre_db.owner.connect() as c:
                gate.wait()
                c.execute(text("update person set deceased_on = current_date where id = :p"), {"p": person})
                c.commit()

        def ask(person: PersonId = person, gate: Barrier = gate) -> None:
            gate.wait()
            with suppress(Refused):
                kit.order(person)

        _both(bring, died)
        found = {o.state for o in equipment.orders_of(person)}
        collections = [c.cause for c in equipment.collections_of(person) if c.is_open]
        assert (found, collections) in (({"cancelled"}, []), ({"delivered"}, ["died"]))
    # An order at that moment is either refused, or cancelled with the rest.
    for n in range(3):
        person, gate = add_person(centre_db, f"Another {n}"), Barrier(2, timeout=60)
        _both(lambda: ask(person, gate), lambda: died(person, gate))  # noqa: B023
        assert all(o.cause == "died" for o in equipment.orders_of(person))


def test_random_acts_of_two_desks_lose_nothing_and_put_nothing_in_two_places(centre_db: CentreDb) -> None:
    _random_acts(centre_db, seed=6, many=12)


def _both_reserve(desks: list[Stores], orders: list[Order]) -> list[Refused]:
    gate, refusals = Barrier(2, timeout=60), list[Refused]()

    def reserve(n: int) -> None:
        gate.wait()
        try:
            desks[n].services.equipment.reserve(orders[n].id, orders[n].revision, "north")
        except Refused as refusal:
            refusals.append(refusal)

    _both(lambda: reserve(0), lambda: reserve(1))
    return refusals


def _random_acts(db: CentreDb, seed: int, many: int) -> Counter[str]:
    first = Stores(db, db.sign_in("cora.coordinator").services)
    for store in ("north", "south"):
        first.bought(4, store=store)
        first.bought(2, "commode_adjustable", store)
    for _ in range(3):
        first.thing()
    people = [add_person(db, f"Person {n}") for n in range(4)]
    done: Counter[str] = Counter()
    wrong: list[Exception] = []

    def desk(user: str, own_seed: int) -> None:
        acts = _Acts(db.sign_in(user).services, Random(own_seed), people)
        for _ in range(many):
            try:
                acts.one()
                done["done"] += 1
            except EXPLAINED as refusal:
                done[type(refusal).__name__] += 1
                if isinstance(refusal, Refused):
                    assert refusal.obstacles and all(o.code in sentences() for o in refusal.obstacles), refusal
            except Exception as error:  # a thread's own would be lost
                wrong.append(error)

    _both(lambda: desk("cora.coordinator", seed), lambda: desk("cole.coordinator", seed + 1000))
    assert wrong == []
    _whole(db)
    return done


class _Acts:
    """Anything that a desk may do, on whatever there is, now and then with what it saw a while ago."""

    def __init__(self, services: Services, dice: Random, people: list[PersonId]) -> None:
        self.equipment = services.equipment
        self.dice, self.people = dice, people
        self.orders: list[Order] = []
        self.collections: list[Collection] = []

    def one(self) -> None:
        if self.dice.random() < 0.7 or not self.orders:  # else it goes on with what it saw
            self.orders = [*self.equipment.orders("open"), *self.equipment.orders("done")]
            self.orders += self.equipment.orders("cancelled") if self.dice.random() < 0.2 else ()
            self.collections = [*self.equipment.collections(), *self.equipment.collections(done=True)]
        if not self.orders or self.dice.random() < 0.12:
            model = self.dice.choice(["commode", "commode", "hoist_mobile"])
            self.equipment.place(oid(), OrderDraft(self.dice.choice(self.people), model))
            return
        if self.dice.random() < 0.12:
            self.by_hand()
        elif self.collections and self.dice.random() < 0.3:
            self.collect(self.dice.choice(self.collections))
        else:
            self.order(self.dice.choice(self.orders))

    def order(self, o: Order) -> None:
        e, store = self.equipment, self.dice.choice([None, None, "north", "south"])
        acts: dict[str, list[Callable[[], object]]] = {
            "ordered": [lambda: e.reserve(o.id, o.revision, store), lambda: e.cancel(o.id, o.revision, "No longer"),
                        lambda: e.reserve_instead(o.id, o.revision, "commode_adjustable", store)],
            "reserved": [lambda: e.release(o.id, o.revision), lambda: e.agree_slot(o.id, o.revision, slot()),
                         lambda: e.delivered(o.id, o.revision), lambda: e.cancel(o.id, o.revision, "No longer")],
            "slot_agreed": [lambda: e.load(o.id, o.revision), lambda: e.delivered(o.id, o.revision),
                            lambda: e.not_delivered(o.id, o.revision, "Out"), lambda: e.drop_slot(o.id, o.revision)],
            "in_van": [lambda: e.unload(o.id, o.revision), lambda: e.delivered(o.id, o.revision, when=NOW),
                       lambda: e.delivered(o.id, o.revision, serial=f"T00{self.dice.randint(1, 4)}")],
            "delivered": [lambda: e.delivery_undone(o.id, o.revision), lambda: e.fitted(o.id, o.revision),
                          lambda: e.ask_collection(cid(), e.loan_of(o.id).id)],
            "fitted": [lambda: e.fitting_undone(o.id, o.revision), lambda: e.ask_collection(cid(), e.loan_of(o.id).id)],
            "cancelled": [lambda: e.restore(o.id, o.revision)],
        }  # fmt: skip
        wild = self.dice.random() < 0.2  # what suits another state is refused in words too
        self.dice.choice(acts[self.dice.choice(list(acts)) if wild else o.state])()

    def collect(self, c: Collection) -> None:
        e, where = self.equipment, self.dice.choice([None, "store", "in_repair", "lost"])
        acts: list[Callable[[], object]] = [
            lambda: e.agree_collection(c.id, c.revision, slot()),
            lambda: e.collected(c.id, c.revision, returned_as=where),
            lambda: e.collected(c.id, c.revision, back=self.dice.randint(0, 2)),
            lambda: e.collection_undone(c.id, c.revision), lambda: e.cancel_collection(c.id, c.revision, "It stays"),
            lambda: e.restore_collection(c.id, c.revision), lambda: e.not_collected(c.id, c.revision, "Out"),
        ]  # fmt: skip
        self.dice.choice(acts)()

    def by_hand(self) -> None:
        kept: list[Place] = ["store", "cleaning", "in_repair", "lost"]
        if self.dice.random() < 0.5:
            item = self.dice.choice(self.equipment.items())
            if self.dice.random() < 0.3:
                passed = self.dice.random() < 0.6
                self.equipment.serviced(new_id(), item.id, item.revision, passed=passed, note="Looked at")
            else:
                to = self.dice.choice(["north", "south"])
                self.equipment.move_item(new_id(), item.id, item.revision, self.dice.choice(kept), to_store=to)
        else:
            was, to_place = self.dice.sample(kept, 2)
            stores = self.dice.sample(["north", "south"], 2)
            self.equipment.move_counted(new_id(), stores[0], "commode", 1, was, to_place, to_store=stores[1])


def _whole(db: CentreDb) -> None:
    """Nothing was lost on the way, nothing is in two places, and what is promised is what the orders say."""
    sums = "free + reserved + in_van + on_loan + cleaning + in_repair + lost + written_off"
    with db.owner.connect() as c:
        counted = c.execute(text(f"select model, sum({sums}) from equipment_stock group by model order by model"))
        assert [tuple(row) for row in counted if row[1]] == [("commode", 8), ("commode_adjustable", 4)]
        promised = c.execute(text(
            "select count(*) from equipment_stock s full join ("
            "  select o.store, o.model, sum(o.quantity) filter"
            "      (where o.state in ('reserved', 'slot_agreed')) as reserved, "
            "    sum(o.quantity) filter (where o.state = 'in_van') as in_van,"
            "    sum(o.quantity) filter (where l.id is not null and l.ended_at is null) as on_loan"
            "  from equipment_order o left join equipment_loan l on l.order_id = o.id"
            "  where o.item_id is null and o.store is not null group by o.store, o.model) n"
            " on n.store = s.store and n.model = s.model where s.model <> 'hoist_mobile' and"
            " (s.reserved, s.in_van, s.on_loan) is distinct from"
            " (coalesce(n.reserved, 0), coalesce(n.in_van, 0), coalesce(n.on_loan, 0))"
        )).scalar_one()  # fmt: skip
        assert promised == 0
        things = c.execute(text(
            "select i.id, count(*) filter (where upper_inf(w.period)) as now,"
            " range_agg(w.period) = tstzmultirange(tstzrange(min(lower(w.period)), null)) as whole,"
            " max(w.place) filter (where upper_inf(w.period)) as place"
            " from equipment_item i join equipment_whereabouts w on w.item_id = i.id group by i.id"
        )).all()  # fmt: skip
        assert len(things) == 3 and all(t.now == 1 and t.whole for t in things)
        wrong = c.execute(text(
            "select count(*) from equipment_whereabouts w left join equipment_order o on o.id = w.order_id"
            " left join equipment_loan l on l.order_id = o.id where upper_inf(w.period) and w.order_id is not null"
            " and (o.item_id is distinct from w.item_id or w.place <> case when o.state in ('reserved', 'slot_agreed')"
            " then 'reserved' when o.state = 'in_van' then 'in_van' when l.ended_at is null then 'on_loan' end)"
        )).scalar_one()  # fmt: skip
        assert wrong == 0


def _take_away(kit: Stores, model: str) -> None:
    equipment = kit.services.equipment
    if model == "commode":
        equipment.move_counted(new_id(), "north", model, 1, "store", "written_off")
    else:
        (left,) = equipment.items(model=model, place="store")
        equipment.move_item(new_id(), left.id, left.revision, "written_off")


def _both(*acts: Callable[[], object]) -> None:
    threads = [Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
