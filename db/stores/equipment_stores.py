"""The stores themselves: which are open, and what each has."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Connection, Integer, Row, Text, func, select, table, update

from coordination.equipment.stock_model import Store, StoreHolds
from db.tables.equipment import equipment_item, equipment_stock, equipment_store, equipment_whereabouts

_S, _W, _K = equipment_store.c, equipment_whereabouts.c, equipment_stock.c
_COUNTS = ("reserved", "in_van", "on_loan", "cleaning", "in_repair", "promised")
_LINE = table("equipment_stock_line", Column("store", Text), *(Column(c, Integer) for c in _COUNTS))


class PgEquipmentStores:
    """Open, closed, and how full. See coordination.equipment.store.EquipmentStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def stores(self) -> list[Store]:
        found = self._connection.execute(select(equipment_store).order_by(_S.position, _S.code))
        return [_store(row) for row in found]

    def holdings(self) -> list[StoreHolds]:
        # A line of stock says nothing free of a closed store; what lies there is counted where it lies.
        things = (
            select(func.count())
            .select_from(equipment_whereabouts.join(equipment_item, equipment_item.c.id == _W.item_id))
            .where(_W.store == _S.code, _W.place == "store", func.upper_inf(_W.period, type_=Boolean))
            .scalar_subquery()
        )
        counted = select(func.coalesce(func.sum(_K.free), 0)).where(_K.store == _S.code).scalar_subquery()
        sums = [func.coalesce(func.sum(_LINE.c[name]), 0).label(name) for name in _COUNTS]
        lines = select(_LINE.c.store, *sums).group_by(_LINE.c.store).subquery()
        query = (
            select(equipment_store, (things + counted).label("lying"), *(lines.c[name] for name in _COUNTS))
            .outerjoin(lines, lines.c.store == _S.code)
            .order_by(_S.position, _S.code)
        )
        return [
            StoreHolds(
                _store(r), int(r.lying), (r.cleaning or 0) + (r.in_repair or 0), r.promised or 0, r.reserved or 0,
                r.in_van or 0, r.on_loan or 0,
            )
            for r in self._connection.execute(query)
        ]  # fmt: skip

    def open_store(self, store: str, active: bool) -> bool:
        done = self._connection.execute(update(equipment_store).where(_S.code == store).values(active=active))
        return done.rowcount == 1


def _store(r: Row[Any]) -> Store:
    return Store(r.code, r.name, r.locality, r.address, r.postcode, r.phone, r.active)
