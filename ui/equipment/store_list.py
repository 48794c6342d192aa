"""How the stores are shown: which are open, what is in each, and what is in the way of closing one."""

from __future__ import annotations

from collections.abc import Callable

from coordination.equipment.stock_model import StoreHolds
from ui.style.tokens import State
from ui.widgets.table_model import Column


def serves(one: StoreHolds) -> str:
    return "The whole city" if one.store.locality is None else one.store.locality.capitalize()


def state_words(one: StoreHolds) -> str:
    return "Open" if one.store.active else "Closed"


def _state_look(one: StoreHolds) -> State | None:
    return None if one.store.active else State("amber", "lock")


def columns() -> list[Column[StoreHolds]]:
    def number(name: str, title: str, width: int, of: Callable[[StoreHolds], int], help_: str) -> Column[StoreHolds]:
        return Column(name, title, lambda x: f"{of(x):,}" if of(x) else "–", sort=of, value=of, numeric=True,
                      width=width, help=help_)  # fmt: skip

    return [
        Column("name", "Store", lambda x: x.store.name, strong=True, width=150, stretch=True),
        Column("serves", "Serves", serves, width=112),
        Column("state", "State", state_words, badge=_state_look, width=92),
        number("lying", "In it", 70, lambda x: x.lying, "Lies there, put by for nobody."),
        number("ready", "Cleaning, repair", 122, lambda x: x.to_ready, "Being cleaned or repaired."),
        number("going", "For orders", 88, lambda x: x.going_out, "Put by, in a van, or promised for a later day."),
        number("on_loan", "On loan", 76, lambda x: x.on_loan, "Comes back to this store."),
    ]


def facts(one: StoreHolds) -> list[tuple[str, object | None]]:
    where = ", ".join(part for part in (one.store.address, one.store.postcode) if part)
    return [
        ("Store", one.store.name), ("State", state_words(one)), ("Serves", serves(one)), ("At", where),
        ("Telephone", one.store.phone), ("In it", f"{one.lying:,}"), ("To make ready", f"{one.to_ready:,}"),
        ("For a later day", f"{one.promised:,} of these" if one.promised else "0"), ("Put by", f"{one.put_by:,}"),
        ("In vans", f"{one.in_vans:,}"), ("On loan", f"{one.on_loan:,}"),
    ]  # fmt: skip


def in_the_way(one: StoreHolds) -> list[str]:
    """What is still there when a store is closed, and what becomes of it."""
    said = []
    if one.inside:
        said.append(
            f"{_things(one.inside)} {'lies' if one.inside == 1 else 'lie'} in it or"
            f" {_are(one.inside)} being made ready."
            " Whoever keeps the stock can move them to another store: from a closed one nothing is promised."
        )
    if one.going_out:
        said.append(f"{_things(one.going_out)} {_are(one.going_out)} for open orders. These go on.")
    if one.on_loan:
        said.append(f"{_things(one.on_loan)} {_are(one.on_loan)} on loan and will come back to it.")
    return said or ["Nothing is in it, and nothing will come back to it."]


def _things(many: int) -> str:
    return f"{many:,} {'thing' if many == 1 else 'things'}"


def _are(many: int) -> str:
    return "is" if many == 1 else "are"
