"""Use cases of community equipment (D6), one method each: orders, loans and collections, the stores."""

from __future__ import annotations

from coordination.equipment.bringing import Bringing
from coordination.equipment.exchanging import Exchanging
from coordination.equipment.keeping import Keeping
from coordination.equipment.lending import Lending
from coordination.equipment.orders import Orders
from coordination.equipment.reserving import Reserving
from coordination.equipment.stores import Stores
from coordination.work import Begin


class Equipment(Orders, Reserving, Exchanging, Bringing, Lending, Keeping, Stores):
    """Equipment deployed from the same place as everything else. What each part does stands with it."""

    def __init__(self, begin: Begin) -> None:
        super().__init__(begin)
