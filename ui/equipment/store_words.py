"""How stores, what is in them, and what is free are said, and how they look."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from coordination.clock import local_date
from coordination.equipment.stock_model import Availability, Item, ServiceDue, StockLine
from ui import wording
from ui.equipment import words
from ui.equipment.messages import PLACE_WORDS
from ui.style.tokens import State

# ---------------------------------------------------------------- stores


def stock_look(line: StockLine) -> State | None:
    if not line.is_below_minimum:
        return None
    return State("red" if line.free == 0 else "amber", "warning")


def stock_words(line: StockLine) -> str:
    return f"{line.short} below" if line.is_below_minimum else "Enough"


def stock_facts(line: StockLine, _now: datetime) -> list[tuple[str, object | None]]:
    return [
        ("What", line.name), ("Store", line.store_name), ("Free", str(line.free)), ("Minimum", str(line.minimum)),
        ("For a later day", str(line.promised)), ("Put by", str(line.reserved)), ("In vans", str(line.in_van)),
        ("On loan", str(line.on_loan)), ("Being cleaned", str(line.cleaning)), ("In repair", str(line.in_repair)),
        ("Past service", str(line.overdue_service)),
        ("Next back", wording.day(line.next_back) if line.next_back else "No day is known"),
    ]  # fmt: skip


def item_words(item: Item) -> str:
    """Where it is, and with whom."""
    return f"{PLACE_WORDS[item.place]}{f', {item.who}' if item.who else ''}"


def item_look(item: Item) -> State | None:
    if item.failed:
        return State("red", "warning")
    return {"lost": State("red", "question"), "in_repair": State("amber", "wrench")}.get(item.place)


def item_facts(item: Item, now: datetime) -> list[tuple[str, object | None]]:
    return [
        ("What", item.name), ("Serial number", item.serial),
        ("Where", item_words(item)), ("Since", wording.near_time(item.since, now)), ("Store", item.store_name),
        ("Bought", wording.day(item.bought_on) if item.bought_on else None),
        ("Next service", _service_words(item.next_service_on, failed=item.failed)),
    ]  # fmt: skip


def _service_words(due: date | None, *, failed: bool) -> str:
    if failed:
        return "Failed the last one: given to nobody"
    return wording.day(due) if due else "None needed"


def service_when(one: ServiceDue, today: date) -> str:
    if one.failed:
        return "Failed"
    late = (today - one.next_service_on).days
    return f"{wording.count(late, 'day')} over" if late > 0 else wording.day(one.next_service_on)


def service_look(one: ServiceDue, today: date) -> State | None:
    return State("red", "warning") if one.failed or one.is_overdue(today) else None


def with_whom(one: ServiceDue) -> str:
    return wording.name(one.surname, one.given) if one.surname else ""


def service_facts(one: ServiceDue, now: datetime) -> list[tuple[str, object | None]]:
    who = with_whom(one)
    return [
        ("What", words.thing(one.name, one.serial)), ("Due", service_when(one, local_date(now))),
        ("Where", f"{PLACE_WORDS[one.place]}{f', {who}' if who else ''}"), ("Store", one.store_name),
    ]  # fmt: skip


# ---------------------------------------------------------------- what is free


def free_words(lines: Any) -> str:
    """``North 2, City 5``; of those that have none nothing is said."""
    return ", ".join(f"{short_store(line.store_name)} {line.free}" for line in lines if line.free)


def short_store(name: str) -> str:
    """``City equipment store`` as ``City``."""
    return name.removesuffix(" store").removesuffix(" equipment") or name


def availability_words(found: Availability) -> str:
    """What is free where; when it is not, from when it can be promised, or when the next comes back."""
    on = f" on {wording.day(found.day)}" if found.day else ""
    if found.free:
        return f"Free{on}: {free_words(found.lines)}."
    certain = sorted((line.soonest, line.store_name) for line in found.lines if line.soonest)
    if certain:
        return f"None free{on}. From {wording.day(certain[0][0])} it can be promised, {certain[0][1]}."
    back = sorted((line.next_back, line.store_name) for line in found.lines if line.next_back)
    ready = sum(line.cleaning + line.in_repair for line in found.lines)
    said = [f"None free. The next is due back on {wording.day(back[0][0])}, {back[0][1]}." if back else "None free."]
    if ready:
        said.append(f"{ready} being cleaned or repaired.")
    return " ".join(said)
