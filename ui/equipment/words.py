"""How equipment is said, and how it looks."""

from __future__ import annotations

from datetime import date, datetime

from coordination.clock import local_date
from coordination.equipment import rules
from coordination.equipment.loans_model import Collection, Loan, Overdue
from coordination.equipment.model import Order
from coordination.values import Window
from ui import wording
from ui.equipment.messages import CAUSE_WORDS, COLLECTION_WORDS, OVERDUE_WORDS, STATE_WORDS
from ui.style.tokens import State


def slot_words(window: Window | None, now: datetime) -> str:
    """``Today 14–16``, ``Tue 24-Nov 08–10``; minutes where it is not on the hour."""
    if window is None:
        return ""
    day, today = local_date(window.start), local_date(now)
    after = (day - today).days
    said = "Today" if after == 0 else "Tomorrow" if after == 1 else f"{wording.weekday(day)[:3]} {wording.day(day)[:6]}"
    first, last = wording.clock_time(window.start), wording.clock_time(window.end)
    if first.endswith(":00") and last.endswith(":00"):
        return f"{said} {first[:2]}–{last[:2]}"
    return f"{said} {first}–{last}"


def thing(name: str, serial: str, quantity: int = 1) -> str:
    """``Mobile hoist MH-0007``, ``2 × Walking frame``."""
    return f"{name} {serial}".strip() if quantity == 1 else f"{quantity} × {name}"


# ---------------------------------------------------------------- orders


def wanted_words(wanted: date, today: date) -> str:
    after = (wanted - today).days
    if after < 0:
        return f"{wording.count(-after, 'day')} late"
    return "Today" if after == 0 else "Tomorrow" if after == 1 else wording.day(wanted)


def order_wanted(order: Order, today: date) -> str:
    """Late is what is not there; of what is there, the day."""
    return wanted_words(order.wanted_by, today) if waits(order) else wording.day(order.wanted_by)


def wanted_look(wanted: date, today: date, *, waits: bool = True) -> State | None:
    if not waits:
        return None
    after = (wanted - today).days
    return State("red", "warning") if after < 0 else State("amber", "clock") if after <= 1 else None


def is_to_agree(order: Order, today: date) -> bool:
    """Somebody can be told when it comes: put by, promised for a day within two weeks, or still to be fitted."""
    if order.is_to_fit:
        return order.fit_slot is None
    far = order.promised_from is not None and (order.promised_from - today).days > 13
    return order.state == "reserved" and not far


def waits(order: Order) -> bool:
    return order.state in ("ordered", "reserved", "slot_agreed", "in_van")


def state_words(order: Order) -> str:
    if order.promised_from is not None and order.state == "reserved":
        return "Reserved"  # of its day, and lying with the others until then
    return "To fit" if order.is_to_fit else STATE_WORDS[order.state]


def reserved_words(order: Order) -> str:
    """``put by at North store``, ``reserved from 04-Dec-2026 on, North store``."""
    if order.promised_from is None:
        return f"put by at {order.store_name}"
    return f"reserved from {wording.day(order.promised_from)} on, {order.store_name}"


def state_look(order: Order) -> State | None:
    if order.is_to_fit:
        return State("amber", "wrench")
    return {
        "ordered": State("amber", "circle"), "reserved": State("neutral", "package"),
        "slot_agreed": State("ok", "calendar-check"), "in_van": State("ok", "truck"),
        "delivered": State("ok", "check"), "fitted": State("ok", "check"), "cancelled": State("neutral", "x"),
    }.get(order.state)  # fmt: skip


def next_words(order: Order, now: datetime) -> str:
    """What it waits for, or when somebody comes."""
    if order.state == "cancelled":
        return order.reason or CAUSE_WORDS.get(order.cause or "", "")
    if order.is_to_fit:
        return f"Fit: {slot_words(order.fit_slot, now)}" if order.fit_slot else "A time to fit"
    if order.state in ("delivered", "fitted"):
        done = order.fitted_at or order.delivered_at
        return wording.near_time(done, now) if done else ""
    if order.slot is not None:
        return slot_words(order.slot, now)
    tried = f" ({wording.count(order.tries, 'try', 'tries')}: {order.reason})" if order.tries else ""
    if order.state == "ordered":
        return f"To be put by{tried}"
    if order.promised_from is not None:
        return f"From {wording.day(order.promised_from)[:6]}{tried}"
    return f"A time to agree{tried}"


def order_buttons(order: Order, today: date) -> dict[str, str]:
    """What reserving would do: put by now, or promise for the day on which it is wanted."""
    if order.promised_from is not None:
        return {"reserve": "Put by now"}
    later = order.state == "ordered" and order.wanted_by > today + rules.PUT_BY_AHEAD
    return {"reserve": f"Reserve for {wording.day(order.wanted_by)[:6]}" if later else "Put by"}


def order_facts(order: Order, now: datetime) -> list[tuple[str, object | None]]:
    today = local_date(now)
    facts: list[tuple[str, object | None]] = [
        ("Order", f"No. {order.number}, {wording.near_time(order.ordered_at, now)} by {order.ordered_by_name}"),
        ("For", order.who),
        ("What", thing(order.name, order.serial, order.quantity)),
        ("State", f"{state_words(order)}. {next_words(order, now)}".strip(". ") + "."),
        ("Wanted by", f"{wording.day(order.wanted_by)} ({wanted_words(order.wanted_by, today).lower()})"
         if waits(order) and (order.wanted_by - today).days <= 1 else wording.day(order.wanted_by)),
        ("Goes to", ", ".join(part for part in (order.place, order.postcode) if part)),
    ]  # fmt: skip
    if order.store_name:
        facts.append(("From", order.store_name))
    if order.promised_from is not None:
        facts.append(("Reserved", f"From {wording.day(order.promised_from)} on. It is put by (R) when it is packed."))
    if order.fitting:
        facts.append(("Fitting", f"Has to be fitted; {order.visit_minutes} min with delivery"))
    if order.workers > 1:
        facts.append(("Carried by", f"{order.workers} people"))
    if order.until_on:
        facts.append(("On loan until", wording.day(order.until_on)))
    if order.note:
        facts.append(("Note", order.note))
    if order.reason and order.state != "cancelled":
        facts.append(("Last attempt" if order.tries else "Because", order.reason))
    return facts


# ---------------------------------------------------------------- collections, loans, overdue


def collection_words(one: Collection) -> str:
    return COLLECTION_WORDS[one.state]


def collection_look(one: Collection) -> State | None:
    return {
        "to_collect": State("amber", "circle"), "slot_agreed": State("ok", "calendar-check"),
        "collected": State("ok", "check"), "cancelled": State("neutral", "x"),
    }.get(one.state)  # fmt: skip


def collection_next(one: Collection, now: datetime) -> str:
    if one.slot is not None and one.is_open:
        return slot_words(one.slot, now)
    if one.is_open:
        tried = f" ({wording.count(one.tries, 'try', 'tries')}: {one.reason})" if one.tries else ""
        return f"To agree{tried}"
    return wording.near_time(one.collected_at, now) if one.collected_at else one.reason


def collection_facts(one: Collection, now: datetime) -> list[tuple[str, object | None]]:
    facts: list[tuple[str, object | None]] = [
        ("From", one.who),
        ("What", thing(one.name, one.serial, one.quantity)),
        ("Because", f"{CAUSE_WORDS[one.cause]}; asked {wording.near_time(one.asked_at, now)} by {one.asked_by_name}"),
        ("State", f"{collection_words(one)}. {collection_next(one, now)}".strip(". ") + "."),
        ("By", wording.day(one.wanted_by)),
        ("At", ", ".join(part for part in (one.place, one.postcode) if part)),
        ("Back to", one.store_name),
    ]
    if one.deceased_on:
        facts.insert(1, ("Died", wording.day(one.deceased_on)))
    if one.workers > 1:
        facts.append(("Carried by", f"{one.workers} people"))
    if one.note:
        facts.append(("Note", one.note))
    return facts


def loan_until(loan: Loan, today: date) -> str:
    if loan.ended_at is not None:
        return f"Came back {wording.day(local_date(loan.ended_at))}"
    if loan.until_on is None:
        return "No end"
    late = (today - loan.until_on).days
    return f"{wording.count(late, 'day')} over" if late > 0 else wording.day(loan.until_on)


def loan_look(loan: Loan, today: date) -> State | None:
    return State("red", "warning") if loan.is_overdue(today) else None


def loan_next(loan: Loan) -> str:
    if loan.collection_state in ("to_collect", "slot_agreed"):
        return COLLECTION_WORDS[loan.collection_state]
    return "" if loan.ended_at is not None or loan.returns else "Stays there"


def loan_facts(loan: Loan, now: datetime) -> list[tuple[str, object | None]]:
    return [
        ("With", loan.who), ("What", thing(loan.name, loan.serial, loan.quantity)),
        ("Since", wording.day(local_date(loan.since))), ("Until", loan_until(loan, local_date(now))),
        ("Collection", loan_next(loan) or "Not asked for"), ("From", loan.store_name),
        ("Order", f"No. {loan.order_number}"),
    ]  # fmt: skip


def overdue_facts(one: Overdue, now: datetime) -> list[tuple[str, object | None]]:
    facts: list[tuple[str, object | None]] = [
        ("What", thing(one.name, one.serial, one.quantity)),
        ("Overdue", f"{OVERDUE_WORDS[one.kind]}, since {wording.day(one.due_on)}"),
        ("Who", one.who or one.store_name),
        ("Telephone", one.phone),
        ("Store", one.store_name),
        ("Reminders", reminded_words(one, now) or "None yet"),
    ]
    if one.cause:
        facts.insert(2, ("Because", CAUSE_WORDS[one.cause]))
    return facts


def reminded_words(one: Overdue, now: datetime) -> str:
    """``2, last today 09:10 by Nadia Hussain``."""
    last = one.last_reminder
    return "" if last is None else f"{one.reminders}, last {wording.near_time(last.at, now)} by {last.by_name}"


def reminded_short(one: Overdue) -> str:
    """``2, 16-Nov``."""
    last = one.last_reminder
    return "" if last is None else f"{one.reminders}, {wording.day(local_date(last.at))[:6]}"


OVER = State("red", "warning")
"""How what is overdue looks"""
