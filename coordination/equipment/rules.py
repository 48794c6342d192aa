"""Rules of equipment (D6): which model words mean, from which store, what is in the way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from coordination.equipment.model import OrderDraft, OrderState, StandingKind
from coordination.equipment.stock_model import Availability, CatalogueItem, Item, StockLine, Substitute
from coordination.errors import BadValue, BadValues, Obstacle, obstacle
from coordination.values import is_storable

MOST_LISTED = 500
"""rows of a list that are read at a time"""
LONGEST_NOTE, LONGEST_REASON, LONGEST_WHOM, LONGEST_SERIAL = 500, 500, 200, 60
MOST_AT_ONCE = 20
LONGEST_LOAN = timedelta(days=365 * 5)
USUAL_WAIT = timedelta(days=7)
"""From order to wanted day where nobody said a day."""
PUT_BY_AHEAD = timedelta(days=7)
"""What is wanted within these days is put by where it lies in a store; what is wanted later, from its day on."""


def check_words(name: str, words: str, longest: int, *, required: bool = False) -> list[BadValue]:
    if required and not words.strip():
        return [BadValue(name, "required")]
    if not is_storable(words):
        return [BadValue(name, "has_unstorable_character")]
    return [BadValue(name, "too_long")] if len(words.strip()) > longest else []


def check_draft(draft: OrderDraft, model: CatalogueItem | None, today: date) -> date:
    """The day that it is wanted by. Raises BadValues."""
    problems = check_words("note", draft.note, LONGEST_NOTE)
    wanted = draft.wanted_by or min(today + USUAL_WAIT, draft.until_on or date.max)
    if model is None or not model.active:
        problems.append(BadValue("model", "not_in_the_catalogue"))
    elif model.single and draft.quantity != 1:
        problems.append(BadValue("quantity", "one_at_a_time"))
    if not 1 <= draft.quantity <= MOST_AT_ONCE:
        problems.append(BadValue("quantity", "out_of_range"))
    if wanted < today:
        problems.append(BadValue("wanted_by", "has_passed"))
    if draft.until_on is not None and not wanted <= draft.until_on <= wanted + LONGEST_LOAN:
        problems.append(BadValue("until_on", "not_after_delivery"))
    if problems:
        raise BadValues(tuple(problems))
    return wanted


def next_service(model: CatalogueItem, day: date) -> date | None:
    """When it is due again after ``day``; the last of a month stays the last. None: nothing to service."""
    if model.service_months is None:
        return None
    months = day.year * 12 + day.month - 1 + model.service_months
    year, month = divmod(months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


# -------------------------------------------------------------------- which store


def by_nearness(lines: Iterable[StockLine], locality: str) -> list[StockLine]:
    """The person's own locality first, then the city's store, then the others; most free first among equals."""

    def key(line: StockLine) -> tuple[int, int, str]:
        far = 0 if line.locality == locality else 1 if line.locality is None else 2
        return far, -line.free, line.store_name

    return sorted(lines, key=key)


def best_store(available: Availability, quantity: int, locality: str) -> StockLine | None:
    """The nearest that has so many free."""
    return next((line for line in by_nearness(available.lines, locality) if line.free >= quantity), None)


def availability(
    model: CatalogueItem, lines: Sequence[StockLine], quantity: int = 1, locality: str = "", day: date | None = None
) -> Availability:
    """``lines`` of the model and of its substitutes, all stores; as they are from ``day`` on."""
    own = tuple(by_nearness((line for line in lines if line.model == model.code), locality))
    instead: list[tuple[Substitute, StockLine]] = []
    for each in model.substitutes:
        there = [line for line in lines if line.model == each.code and line.free >= quantity]
        instead += [(each, line) for line in by_nearness(there, locality)[:1]]
    return Availability(model, own, tuple(instead), day)


def in_the_way(available: Availability, store: str | None, quantity: int) -> tuple[Obstacle, ...]:
    """Why so many cannot be promised, and what can: free elsewhere, the nearest day, next back, being cleaned, and what
    does instead."""
    name, lines = available.model.name, available.lines
    here = next((line for line in lines if line.store == store), None)
    if store is None and best_store(available, quantity, "") is not None:
        found = [obstacle("equipment_taken_just_now", model=name)]
    elif store is None:
        found = [obstacle("equipment_none_free", model=name, wanted=quantity, free=available.free)]
    else:
        found = [
            obstacle(
                "equipment_none_free_here", model=name, wanted=quantity, free=here.free if here else 0,
                store=here.store_name if here else store,
            )
        ]  # fmt: skip
    others = [line for line in lines if line.store != store and line.free >= quantity]
    found += [obstacle("equipment_free_elsewhere", store=line.store_name, free=line.free) for line in others]
    if not others:
        found += _certain(lines) or _coming(lines)
    found += [
        obstacle("equipment_substitute_free", model=s.name, substitute=s.code, note=s.note, store=line.store_name,
                 free=line.free)
        for s, line in available.substitutes
    ]  # fmt: skip
    if len(found) == 1:
        found.append(obstacle("equipment_nothing_in_sight", model=name))
    return tuple(found)


def _certain(lines: Sequence[StockLine]) -> list[Obstacle]:
    """The nearest day from which so many can be promised."""
    dated = [(line.soonest, line.store_name, line.store) for line in lines if line.soonest is not None]
    return [obstacle("equipment_certain_from", day=day, store=store, at=code) for day, store, code in sorted(dated)[:1]]


def _coming(lines: Sequence[StockLine]) -> list[Obstacle]:
    dated = [(line.next_back, line.store_name) for line in lines if line.next_back is not None]
    found = [obstacle("equipment_next_back", day=day, store=store) for day, store in sorted(dated)[:1]]
    made_ready = [(line.cleaning + line.in_repair, line.store_name) for line in lines]
    best = max(made_ready, default=(0, ""))
    return found + ([obstacle("equipment_made_ready", quantity=best[0], store=best[1])] if best[0] else [])


# -------------------------------------------------------------------- which model


def _words(text: str) -> frozenset[str]:
    found = re.findall(r"[a-z0-9]+", text.casefold())
    return frozenset(w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in found)


_WEAK = frozenset({"a", "and", "the", "for", "with", "of", "to", "by", "in", "on", "at", "one", "two", "x", "or"})


def meant(text: str, catalogue: Sequence[CatalogueItem], most: int = 5) -> tuple[CatalogueItem, ...]:
    """Models that words of a plan may mean, the likeliest first: as much as possible of a name stands in the words."""
    said = _words(text) - _WEAK

    def weight(model: CatalogueItem) -> float:
        shares = []
        for name in (model.name, *model.also_called):
            parts = _words(name) - _WEAK
            if parts & said:
                shares.append(len(parts & said) ** 2 / (len(parts) * len(said)))
        return max(shares, default=0.0)

    weighed = sorted(((weight(m), m.name, m) for m in catalogue if m.active), key=lambda w: (-w[0], w[1]))
    return tuple(m for share, _, m in weighed[:most] if share > 0.2)


# -------------------------------------------------------------------- how far


_STEPS: tuple[StandingKind, ...] = ("ordered", "reserved", "slot_agreed", "in_van", "delivered")
STATE_WORDS: Mapping[OrderState, str] = {
    "ordered": "ordered", "reserved": "reserved", "slot_agreed": "delivery agreed", "in_van": "on its way",
    "delivered": "delivered", "fitted": "fitted", "cancelled": "cancelled",
}  # fmt: skip


def told(name: str, quantity: int, state: OrderState, fitting: bool) -> str:
    """One thing and how far it is, in words: "Commode: reserved"."""
    many = f"{quantity} x " if quantity > 1 else ""
    rest = ", not fitted yet" if fitting and state == "delivered" else ""
    return f"{many}{name}: {STATE_WORDS[state]}{rest}"


def least(states: Iterable[tuple[OrderState, bool]]) -> StandingKind:
    """How far all of it is: (state, needs fitting) of each order that was not cancelled. What is brought and not fitted
    yet has its slot, and is not there for use."""
    reached = [_step(state, fitting) for state, fitting in states if state != "cancelled"]
    return "nothing_ordered" if not reached else _STEPS[min(reached)]


def _step(state: OrderState, fitting: bool) -> int:
    if state == "fitted":
        return len(_STEPS) - 1
    if state == "delivered":
        return len(_STEPS) - 2 if fitting else len(_STEPS) - 1
    return ("ordered", "reserved", "slot_agreed", "in_van").index(state)


def elsewhere(item: Item) -> Obstacle:
    """Where this very one is, when it does not lie in a store: whose it is, as far as this desk may know it."""
    code = f"equipment_item_is_{item.place}"
    if item.place in ("reserved", "in_van", "on_loan") and not item.who:
        code += "_for_somebody"
    return obstacle(code, serial=item.serial, who=item.who, store=item.store_name)
