"""Use cases of the stores themselves (D6): which are open, what each has, and closing one."""

from __future__ import annotations

from coordination.equipment.stock_model import StoreHolds
from coordination.errors import NotFound
from coordination.work import Begin


class Stores:
    """Open and closed."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def holdings(self) -> tuple[StoreHolds, ...]:
        """Every store with what it has, the city's own first. One query."""
        with self._begin() as work:
            return tuple(work.equipment.holdings())

    def close_store(self, store: str) -> StoreHolds:
        """Nothing new is promised from it and nothing comes in; what is in it goes on: orders that have their things
        keep them, loans come back to it. Gives back what is still there. Raises NotFound, NotAllowed."""
        return self._turn_store(store, active=False)

    def open_store(self, store: str) -> StoreHolds:
        """Undo of ``close_store``. Raises NotFound, NotAllowed."""
        return self._turn_store(store, active=True)

    def _turn_store(self, store: str, *, active: bool) -> StoreHolds:
        with self._begin() as work:
            if not work.equipment.open_store(store, active):
                raise NotFound("community_equipment", store)
            return next(each for each in work.equipment.holdings() if each.store.code == store)
