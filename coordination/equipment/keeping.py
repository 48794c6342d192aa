"""Use cases of the stores (D6): what there is, where each thing is, what comes in and leaves them for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from coordination.equipment import rules
from coordination.equipment.figures import EquipmentFigures, figures
from coordination.equipment.stock_model import (
    KEPT,
    CatalogueItem,
    Item,
    ItemId,
    Movement,
    NewItem,
    Place,
    ServiceDue,
    StockLine,
    Store,
    Stretch,
)
from coordination.equipment.store import MovementRow
from coordination.errors import AlreadyExists, BadValue, BadValues, BrokenRule, Conflict, NotFound, Refused, obstacle
from coordination.values import DateRange
from coordination.work import Begin, Work

MOST_COUNTED = 5000
_SERVICE_AHEAD = 28


class Keeping:
    """Stores and what is in them."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def catalogue(self) -> tuple[CatalogueItem, ...]:
        """Every model, by group and name; those that are given out no longer too (``active`` False)."""
        with self._begin() as work:
            return tuple(work.equipment.catalogue())

    def stores(self) -> tuple[Store, ...]:
        """The city's own first, then North, Central, South."""
        with self._begin() as work:
            return tuple(work.equipment.stores())

    def stock(self, store: str | None = None) -> tuple[StockLine, ...]:
        """What of each model is where. One query."""
        with self._begin() as work:
            return tuple(work.equipment.stock(store, None))

    def below_minimum(self, store: str | None = None) -> tuple[StockLine, ...]:
        """What has to be bought or brought over, the most missing first."""
        return tuple(
            sorted((line for line in self.stock(store) if line.is_below_minimum), key=lambda x: (-x.short, x.name))
        )

    def items(
        self,
        store: str | None = None,
        model: str | None = None,
        place: Place | None = None,
        limit: int = rules.MOST_LISTED,
        after: Item | None = None,
        locality: str | None = None,
    ) -> tuple[Item, ...]:
        """Things with serial numbers; ``locality``: of its stores and the city's own. One query."""
        with self._begin() as work:
            return tuple(work.equipment.items(store, model, place, limit, after, locality))

    def item(self, item: ItemId) -> Item:
        """Raises NotFound."""
        with self._begin() as work:
            return work.equipment.item(item)

    def whereabouts(self, item: ItemId) -> tuple[Stretch, ...]:
        """Where it was, newest first, without a gap."""
        with self._begin() as work:
            return tuple(work.equipment.stretches(item))

    def movements(self, days: DateRange, store: str | None = None, limit: int = 10_000) -> tuple[Movement, ...]:
        """What went in and out of a store, or of all, in the order in which it went. One query; rows for export."""
        with self._begin() as work:
            return tuple(work.equipment.movements(days, store, limit))

    def figures(self, days: DateRange) -> EquipmentFigures:
        """Time from order to delivery and how much came in time, of the orders of these days."""
        with self._begin() as work:
            return figures(work.equipment.order_facts(days), work.equipment.today())

    def idle(self, days: int = 90, store: str | None = None) -> tuple[Item, ...]:
        """Things that have lain in a store for so long, the longest first."""
        with self._begin() as work:
            lying = work.equipment.items(store, None, "store", MOST_COUNTED)
            now = work.now
        return tuple(sorted((i for i in lying if (now - i.since).days >= days), key=lambda i: i.since))

    # ------------------------------------------------------------------ coming in

    def receive_item(self, key: ItemId, new: NewItem) -> Item:
        """A thing with a serial number was bought. Sent again it comes in once.

        Raises BadValues; Refused when there is one of this number already.
        """
        with self._begin() as work:
            model = _model(work, new.model)
            today = work.equipment.today()
            problems = rules.check_words("serial", new.serial, rules.LONGEST_SERIAL, required=True)
            if not model.single:
                problems.append(BadValue("model", "is_counted"))
            if new.bought_on is not None and new.bought_on > today:
                problems.append(BadValue("bought_on", "still_to_come"))
            if problems:
                raise BadValues(tuple(problems))
            due = new.next_service_on or rules.next_service(model, new.bought_on or today)
        try:
            with self._begin() as work:
                work.equipment.add_item(key, replace(new, serial=new.serial.strip()), due)
                return work.equipment.item(key)
        except AlreadyExists as error:
            if error.constraint != "equipment_item_serial_once":
                raise
            raise Refused("receive_equipment", (obstacle("equipment_serial_known"),)) from error
        except BrokenRule as error:
            if error.constraint != "equipment_store_is_closed":
                raise
            raise Refused("receive_equipment", (obstacle(error.constraint),)) from error

    def receive_counted(self, key: UUID, store: str, model: str, quantity: int, note: str = "") -> StockLine:
        """So many were bought. Sent again they come in once. Raises BadValues."""
        return self._counted(MovementRow(key, model, store, store, None, quantity, None, "store", note))

    # ------------------------------------------------------------------ moved by hand

    def move_counted(
        self,
        key: UUID,
        store: str,
        model: str,
        quantity: int,
        from_place: Place,
        to_place: Place,
        *,
        to_store: str | None = None,
        note: str = "",
    ) -> StockLine:
        """Cleaned, repaired, brought to another store, lost, written off. Undo: the same the other way round.

        Raises BadValues; Refused when there are not so many.
        """
        return self._counted(
            MovementRow(key, model, store, to_store or store, None, quantity, from_place, to_place, note)
        )

    def move_item(
        self, key: UUID, item: ItemId, seen: int, to_place: Place, *, to_store: str | None = None, note: str = ""
    ) -> Item:
        """The same of one thing. Raises Conflict; Refused for what is promised, on loan, or has failed its service."""
        problems = rules.check_words("note", note, rules.LONGEST_NOTE)
        if to_place not in KEPT:
            problems.append(BadValue("to_place", "follows_an_order"))
        if problems:
            raise BadValues(tuple(problems))
        try:
            with self._begin() as work:
                now = work.equipment.item(item)
                if now.revision != seen:
                    raise Conflict("community_equipment", str(item), seen, now)
                if now.place not in KEPT:
                    raise Refused("move_equipment", (obstacle("equipment_is_promised", place=now.place, who=now.who),))
                to = to_store or now.store
                work.equipment.move(
                    MovementRow(key, now.model, now.store, to, item, 1, now.place, to_place, note.strip())
                )
                return work.equipment.item(item)
        except BrokenRule as error:
            raise Refused("move_equipment", (obstacle(error.constraint),)) from error

    def set_minimum(self, store: str, model: str, minimum: int) -> StockLine:
        """How many are to be there at least. Raises BadValues."""
        if not 0 <= minimum <= MOST_COUNTED:
            raise BadValues((BadValue("minimum", "out_of_range"),))
        with self._begin() as work:
            work.equipment.set_minimum(store, model, minimum)
            return _line(work, store, model)

    # ------------------------------------------------------------------ service

    def service_due(
        self,
        days: int = _SERVICE_AHEAD,
        store: str | None = None,
        after: ServiceDue | None = None,
        locality: str | None = None,
    ) -> tuple[ServiceDue, ...]:
        """What is to be looked after within so many days, and what is overdue, the earliest first; ``locality``: as in
        ``items``. One query."""
        with self._begin() as work:
            until = DateRange.of(work.equipment.today(), max(1, days)).end
            return tuple(work.equipment.service_due(until, store, rules.MOST_LISTED, after, locality))

    def serviced(
        self,
        key: UUID,
        item: ItemId,
        seen: int,
        *,
        passed: bool,
        on: date | None = None,
        note: str = "",
        next_on: date | None = None,
    ) -> Item:
        """It was looked after. Passed: due again after its interval. Failed: it is taken out of use; where somebody has
        it, a collection is made by the database. Sent again it counts once.

        Raises BadValues, Conflict.
        """
        with self._begin() as work:
            now = work.equipment.item(item)
            if now.revision != seen:
                raise Conflict("community_equipment", str(item), seen, now)
            today = work.equipment.today()
            day = on or today
            problems = rules.check_words("note", note, rules.LONGEST_NOTE, required=not passed)
            if day > today:
                problems.append(BadValue("on", "still_to_come"))
            if next_on is not None and next_on <= day:
                problems.append(BadValue("next_on", "not_after_service"))
            if problems:
                raise BadValues(tuple(problems))
            due = next_on or rules.next_service(_model(work, now.model), day)
            work.equipment.add_service(key, item, day, passed, note.strip(), due)
            return work.equipment.item(item)

    def service_undone(self, key: UUID, item: ItemId) -> Item:
        """Undo of ``serviced``, within the hour and one's own: the thing is in use as before. Where its failing made a
        collection, that is called off; where it was reserved, it is again, without a time. Raises Refused otherwise."""
        try:
            with self._begin() as work:
                if not work.equipment.drop_service(key):
                    raise Refused("undo_service", (obstacle("equipment_service_stays"),))
                return work.equipment.item(item)
        except BrokenRule as error:
            codes = {"equipment_service_stays", "equipment_service_went_on"}
            code = error.constraint if error.constraint in codes else "equipment_service_went_on"
            raise Refused("undo_service", (obstacle(code),)) from error

    def _counted(self, row: MovementRow) -> StockLine:
        problems = rules.check_words("note", row.note, rules.LONGEST_NOTE)
        if not 1 <= row.quantity <= MOST_COUNTED:
            problems.append(BadValue("quantity", "out_of_range"))
        if row.to_place not in KEPT or row.from_place not in (None, *KEPT):
            problems.append(BadValue("to_place", "follows_an_order"))
        if problems:
            raise BadValues(tuple(problems))
        try:
            with self._begin() as work:
                if _model(work, row.model).single:
                    raise BadValues((BadValue("model", "has_serial_numbers"),))
                work.equipment.move(replace(row, note=row.note.strip()))
                return _line(work, row.to_store, row.model)
        except BrokenRule as error:
            if error.constraint in ("equipment_store_is_closed", "equipment_stock_is_promised"):
                raise Refused("move_equipment", (obstacle(error.constraint),)) from error
            if error.constraint != "equipment_stock_not_below_zero":
                raise
            raise Refused("move_equipment", (obstacle("equipment_not_so_many"),)) from error


def _model(work: Work, code: str) -> CatalogueItem:
    found = next((m for m in work.equipment.catalogue() if m.code == code), None)
    if found is None:
        raise NotFound("community_equipment", code)
    return found


def _line(work: Work, store: str, model: str) -> StockLine:
    found = work.equipment.stock(store, (model,))
    if not found:
        raise NotFound("community_equipment", f"{store} {model}")
    return found[0]
