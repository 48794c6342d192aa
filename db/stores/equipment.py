"""Equipment on the database (D6): one store of five parts, as its service is."""

from __future__ import annotations

from db.stores.equipment_keeping import PgEquipmentKeeping
from db.stores.equipment_loans import PgEquipmentLoans
from db.stores.equipment_orders import PgEquipmentOrders
from db.stores.equipment_overdue import PgEquipmentOverdue
from db.stores.equipment_stores import PgEquipmentStores


class PgEquipmentStore(PgEquipmentOrders, PgEquipmentLoans, PgEquipmentOverdue, PgEquipmentStores, PgEquipmentKeeping):
    """See coordination.equipment.store.EquipmentStore."""
