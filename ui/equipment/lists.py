"""The lists of the equipment page: what each shows, how it is read, what can be filtered, what stands beside a row."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from typing import Any

from coordination.clock import local_date
from coordination.equipment.loans_model import Collection, Loan, Overdue
from coordination.equipment.model import Order
from coordination.equipment.stock_model import Item, ServiceDue, StockLine
from ui import wording
from ui.equipment import store_words, words
from ui.equipment.list_kind import ListKind, Now
from ui.equipment.messages import CAUSE_WORDS, OVERDUE_WORDS, PLACE_WORDS, SOURCE_WORDS
from ui.widgets.table_model import Column


def _today(now: Now) -> date:
    return local_date(now())


def _order_columns(now: Now) -> list[Column[Order]]:
    return [
        Column("wanted", "Wanted by", lambda o: words.order_wanted(o, _today(now)),
               sort=lambda o: o.wanted_by, value=lambda o: o.wanted_by, width=122,
               badge=lambda o: words.wanted_look(o.wanted_by, _today(now), waits=words.waits(o))),
        Column("person", "Person", lambda o: o.who, strong=True, width=188, tip=lambda o: o.who),
        Column("what", "What", lambda o: words.thing(o.name, o.serial, o.quantity), width=160, stretch=True,
               tip=lambda o: words.thing(o.name, o.serial, o.quantity)),
        Column("state", "State", words.state_words, badge=words.state_look, width=104),
        Column("next", "Waits for", lambda o: words.next_words(o, now()), width=132,
               sort=lambda o: o.slot.start if o.slot else None, tip=lambda o: words.next_words(o, now())),
        Column("store", "Store", lambda o: o.store_name, quiet=True, hidden=True, width=130),
        Column("number", "Order", lambda o: f"No. {o.number}", sort=lambda o: o.number, value=lambda o: o.number,
               quiet=True, hidden=True, width=76),
        Column("postcode", "Postcode", lambda o: o.postcode, quiet=True, hidden=True, width=84),
        Column("source", "From", lambda o: SOURCE_WORDS[o.source], quiet=True, hidden=True, width=96),
        Column("by", "Ordered by", lambda o: o.ordered_by_name, quiet=True, hidden=True, width=120),
    ]  # fmt: skip


def _collection_columns(now: Now) -> list[Column[Collection]]:
    return [
        Column("by", "By", lambda c: words.wanted_words(c.wanted_by, _today(now)), sort=lambda c: c.wanted_by,
               value=lambda c: c.wanted_by, width=112,
               badge=lambda c: words.wanted_look(c.wanted_by, _today(now), waits=c.is_open)),
        Column("person", "Person", lambda c: c.who, strong=True, width=182, tip=lambda c: c.who),
        Column("what", "What", lambda c: words.thing(c.name, c.serial, c.quantity), width=136, stretch=True,
               tip=lambda c: words.thing(c.name, c.serial, c.quantity)),
        Column("cause", "Because", lambda c: CAUSE_WORDS[c.cause], width=90),
        Column("state", "State", words.collection_words, badge=words.collection_look, width=104),
        Column("next", "Waits for", lambda c: words.collection_next(c, now()), width=92,
               tip=lambda c: words.collection_next(c, now()),
               sort=lambda c: c.slot.start if c.slot else None),
        Column("store", "Back to", lambda c: c.store_name, quiet=True, hidden=True, width=130),
        Column("postcode", "Postcode", lambda c: c.postcode, quiet=True, hidden=True, width=84),
    ]  # fmt: skip


def _overdue_columns(now: Now) -> list[Column[Overdue]]:
    return [
        Column("days", "Overdue", lambda o: wording.count(o.days(_today(now)), "day"), sort=lambda o: o.due_on,
               value=lambda o: o.days(_today(now)), badge=lambda _o: words.OVER, width=112),
        Column("kind", "What for", lambda o: OVERDUE_WORDS[o.kind], width=92),
        Column("who", "Who", lambda o: o.who or o.store_name, strong=True, width=190,
               tip=lambda o: o.who or o.store_name),
        Column("what", "What", lambda o: words.thing(o.name, o.serial, o.quantity), width=150, stretch=True),
        Column("reminded", "Reminders", words.reminded_short, width=120,
               sort=lambda o: o.last_reminder.at if o.last_reminder else None,
               tip=lambda o: words.reminded_words(o, now())),
        Column("phone", "Telephone", lambda o: o.phone, quiet=True, hidden=True, width=120),
    ]  # fmt: skip


def _loan_columns(now: Now) -> list[Column[Loan]]:
    return [
        Column("until", "Until", lambda x: words.loan_until(x, _today(now)), sort=lambda x: x.until_on,
               value=lambda x: x.until_on, badge=lambda x: words.loan_look(x, _today(now)), width=128),
        Column("person", "Person", lambda x: x.who, strong=True, width=192, tip=lambda x: x.who),
        Column("what", "What", lambda x: words.thing(x.name, x.serial, x.quantity), width=170, stretch=True),
        Column("since", "Since", lambda x: wording.day(local_date(x.since)), sort=lambda x: x.since,
               value=lambda x: x.since, width=104),
        Column("next", "Collection", words.loan_next, width=116),
        Column("store", "From", lambda x: x.store_name, quiet=True, hidden=True, width=132),
    ]  # fmt: skip


def _store_column() -> Column[Any]:
    """``City``, ``North``: there are few, and the name says more of the thing."""
    return Column(
        "store", "Store", lambda x: store_words.short_store(x.store_name), width=84, tip=lambda x: x.store_name
    )


def _stock_columns(_now: Now) -> list[Column[StockLine]]:
    def number(name: str, title: str, width: int = 76, *, hidden: bool = False) -> Column[StockLine]:
        def of(line: StockLine) -> int:
            return int(getattr(line, name))

        return Column(name, title, lambda x: str(of(x)) if of(x) else "–", sort=of, value=of, numeric=True, width=width,
                      hidden=hidden)  # fmt: skip

    return [
        Column("what", "What", lambda x: x.name, strong=True, width=180, stretch=True, tip=lambda x: x.name),
        _store_column(),
        number("free", "Free", 56),
        number("minimum", "Minimum", 80),
        Column("enough", "", store_words.stock_words, badge=store_words.stock_look, sort=lambda x: -x.short, width=96),
        number("promised", "For later", 78, hidden=True),
        number("reserved", "Put by", 66), number("on_loan", "On loan", 72),
        number("in_van", "In vans", 76, hidden=True),
        number("cleaning", "Cleaning", 84, hidden=True), number("in_repair", "Repair", 72, hidden=True),
        number("overdue_service", "Past service", 108, hidden=True),
        Column("back", "Next back", lambda x: wording.day(x.next_back) if x.next_back else "", width=104,
               sort=lambda x: x.next_back, value=lambda x: x.next_back, quiet=True, hidden=True),
    ]  # fmt: skip


def _item_columns(now: Now) -> list[Column[Item]]:
    return [
        Column("serial", "Serial number", lambda i: i.serial, strong=True, width=106),
        Column("what", "What", lambda i: i.name, width=160, stretch=True, tip=lambda i: i.name),
        Column("where", "Where", store_words.item_words, badge=store_words.item_look, width=190,
               tip=store_words.item_words),
        Column("since", "Since", lambda i: wording.day(local_date(i.since)), sort=lambda i: i.since,
               value=lambda i: i.since, width=104),
        _store_column(),
        Column("service", "Next service", lambda i: wording.day(i.next_service_on) if i.next_service_on else "",
               sort=lambda i: i.next_service_on, value=lambda i: i.next_service_on, hidden=True, width=112),
    ]  # fmt: skip


def _service_columns(now: Now) -> list[Column[ServiceDue]]:
    return [
        Column("due", "Service due", lambda s: store_words.service_when(s, _today(now)),
               sort=lambda s: s.next_service_on, value=lambda s: s.next_service_on,
               badge=lambda s: store_words.service_look(s, _today(now)), width=124),
        Column("serial", "Serial number", lambda s: s.serial, strong=True, width=106),
        Column("what", "What", lambda s: s.name, width=160, stretch=True, tip=lambda s: s.name),
        Column("where", "Where", lambda s: PLACE_WORDS[s.place], width=108),
        Column("who", "With", store_words.with_whom, width=150, tip=store_words.with_whom),
        Column("store", "Store", lambda s: s.store_name, quiet=True, hidden=True, width=150),
    ]  # fmt: skip


def _read_orders(services: Any, locality: str | None, chips: frozenset[Hashable], after: Any) -> Sequence[Order]:
    view = "over" if "over" in chips else "open"
    return services.equipment.orders(view, locality, after=after)  # type: ignore[no-any-return]


def _near(lines: Sequence[Any], locality: str | None) -> Sequence[Any]:
    return [x for x in lines if locality is None or x.locality in (locality, None)]


LISTS: tuple[ListKind, ...] = (
    ListKind(
        "orders", "Orders", "package", ("Nothing is on order", "What is ordered for somebody waits here. N orders."),
        _order_columns, _read_orders, lambda o: o.id, words.order_facts, lambda o: o.who,
        {"reserve": "Put by", "exchange": "Exchange", "instead": "Instead", "slot": "Agree time", "fitted": "Fitted",
         "done": "Delivered", "visit": "Board", "cancel": "Cancel"},
        {
            "to_reserve": ("To reserve", lambda o, _d: o.state == "ordered"),
            "to_agree": ("To agree", lambda o, d: words.is_to_agree(o, d)),
            "coming": ("Time agreed", lambda o, _d: o.state in ("slot_agreed", "in_van")
                       or (o.is_to_fit and o.fit_slot is not None)),
            "to_fit": ("To fit", lambda o, _d: o.is_to_fit),
            "later": ("For a later day", lambda o, _d: o.promised_from is not None),
            "late": ("Late", lambda o, d: o.is_late(d)),
            "over": ("Delivered and cancelled", lambda o, _d: not o.is_open),
        },
        frozenset({"over"}),
        one="order", said=words.order_buttons,
    ),
    ListKind(
        "collections", "Collections", "archive-tray",
        ("Nothing is to be collected", "When a plan, a stay or a life ends, what was lent waits here."),
        _collection_columns,
        lambda s, place, chips, x: s.equipment.collections(done="over" in chips, locality=place, after=x),
        lambda c: c.id, words.collection_facts, lambda c: c.who,
        {"slot": "Agree time", "done": "Collected", "visit": "Board", "cancel": "Call off"},
        {
            "to_agree": ("To agree", lambda c, _d: c.state == "to_collect"),
            "coming": ("Time agreed", lambda c, _d: c.state == "slot_agreed"),
            "late": ("Late", lambda c, d: c.is_late(d)),
            "over": ("Collected and called off", lambda c, _d: not c.is_open),
        },
        frozenset({"over"}),
        one="collection",
    ),
    ListKind(
        "overdue", "Overdue", "warning",
        ("Nothing is overdue", "Loans past their end, collections not made and services due appear here."),
        _overdue_columns, lambda s, place, _c, x: s.equipment.overdue(None, place, after=x), lambda o: (o.kind, o.key),
        words.overdue_facts, lambda o: o.who or o.name,
        {"remind": "Reminded", "remind_how": "By letter …", "collect": "Collect"},
        {
            "loan": ("Loans", lambda o, _d: o.kind == "loan"),
            "collection": ("Collections", lambda o, _d: o.kind == "collection"),
            "service": ("Services", lambda o, _d: o.kind == "service"),
            "not_reminded": ("Not reminded", lambda o, _d: not o.reminders),
        },
        one="thing",
    ),
    ListKind(
        "loans", "Loans", "users",
        ("Nothing is on loan", "What was delivered to somebody stands here until it is back."),
        _loan_columns,
        lambda s, place, chips, x: s.equipment.loans(ended="over" in chips, after=x, locality=place), lambda x: x.id,
        words.loan_facts, lambda x: x.who, {"edit": "Other end", "collect": "Have it collected"},
        {
            "late": ("Past their end", lambda x, d: x.is_overdue(d)),
            "to_collect": ("To collect", lambda x, _d: x.collection_state in ("to_collect", "slot_agreed")),
            "over": ("Came back", lambda x, _d: x.ended_at is not None),
        },
        frozenset({"over"}),
        one="loan",
    ),
    ListKind(
        "stock", "Stock", "stack", ("The stores are empty", "What was bought for a store stands here. A takes it in."),
        _stock_columns, lambda s, place, _c, _x: _near(s.equipment.stock(), place), lambda x: (x.store, x.model),
        store_words.stock_facts, lambda x: f"{x.name}, {x.store_name}",
        {"edit": "Minimum", "add": "Take in", "move": "Move"},
        {
            "below": ("Below the minimum", lambda x, _d: x.is_below_minimum),
            "none": ("None free", lambda x, _d: x.free == 0),
            "to_ready": ("To clean or repair", lambda x, _d: x.cleaning + x.in_repair > 0),
        },
        one="line",
        paged=False,
    ),
    ListKind(
        "items", "Items", "barcode", ("Nothing has a serial number yet", "A takes in something with a serial number."),
        _item_columns, lambda s, place, _c, x: s.equipment.items(after=x, locality=place), lambda i: i.id,
        store_words.item_facts,
        lambda i: f"{i.name} {i.serial}", {"move": "Move", "service": "Looked after", "add": "Take in"},
        {
            "store": ("In a store", lambda i, _d: i.place == "store"),
            "out": ("With people", lambda i, _d: i.place == "on_loan"),
            "to_ready": ("To clean or repair", lambda i, _d: i.place in ("cleaning", "in_repair")),
            "gone": ("Lost or written off", lambda i, _d: i.place in ("lost", "written_off")),
        },
        one="item",
    ),
    ListKind(
        "service", "Service", "wrench",
        ("No service is due", "What is to be looked after within four weeks, and what is overdue, appears here."),
        _service_columns, lambda s, place, _c, x: s.equipment.service_due(after=x, locality=place), lambda x: x.item_id,
        store_words.service_facts, lambda x: f"{x.name} {x.serial}", {"done": "Passed", "failed": "Failed"},
        {
            "late": ("Overdue", lambda x, d: x.is_overdue(d)),
            "out": ("With people", lambda x, _d: x.place == "on_loan"),
        },
        one="service",
    ),
)  # fmt: skip
