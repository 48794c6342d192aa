"""Equipment: what waits for what, what is to be collected, what is overdue, who has what, what the stores have (D6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from PySide6.QtWidgets import QStackedWidget

from coordination.clock import local_date
from coordination.equipment.model import Order, OrderId
from coordination.equipment.rules import MOST_LISTED
from ui import wording
from ui.asking_panel import AskingPanel
from ui.commands import Command
from ui.desk import Desk
from ui.equipment import reading
from ui.equipment.commands import equipment_commands
from ui.equipment.deeds import Deeds
from ui.equipment.list_kind import ListKind
from ui.equipment.lists import LISTS
from ui.equipment.ordering import EquipmentOf, OrderFor
from ui.equipment.side import Beside
from ui.governance.following import follow
from ui.page import Page
from ui.widgets.basics import ask_again, button, column, command_button, plane, row
from ui.widgets.busy import Busy
from ui.widgets.chips import FilterChips, SegmentedChoice
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import StableTableModel

MOST_BUTTONS = 3  # at the foot of the side


class EquipmentPage(Page):
    """Seven lists in one place. Single keys act on the row that is chosen.

    ``open`` takes the id of an order, the name of a list, OrderFor or EquipmentOf.
    """

    id, title, icon = "equipment", "Equipment", "package"
    areas: ClassVar[frozenset[str]] = frozenset({"equipment"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.kind: ListKind = LISTS[0]
        self.of: EquipmentOf | None = None
        self._rows: Sequence[Any] = ()
        self._pages, self._more = 1, False
        self._tables: dict[str, Table] = {}
        self._chips: dict[str, FilterChips] = {}
        self.view = SegmentedChoice([(kind.id, kind.title) for kind in LISTS], LISTS[0].id, "List")
        self.lists, self.filters = QStackedWidget(), QStackedWidget()
        self.panel = AskingPanel("Equipment")
        self.beside = Beside(desk)
        for kind in LISTS:
            self._add_list(kind)
        self.deeds = Deeds(self)
        self._commands = equipment_commands(self)
        self._by = {c.id.removeprefix("equipment."): c for c in self._commands}
        self._head_buttons = [command_button(self._by["new"], kind="main"), command_button(self._by["board"])]
        self._menu = QStackedWidget()
        for table in self._tables.values():
            self._menu.addWidget(table.menu_button())
        self._menu.setFixedSize(self._menu.sizeHint())
        self._everybody = button("Of everybody", self.show_all, tip=self._by["all"].keys)
        self._everybody.hide()
        self._further = command_button(self._by["further"], words="Further ones")
        self._further.hide()
        self.head = PageHead("Equipment", "", self._further, self._everybody, *self._head_buttons, self._menu)
        parts = splitter(self.lists, self.panel, sizes=(760, 420), settings=desk.settings, name="equipment")
        bar = plane(column(row(self.view, None), self.filters, gap=1.5, margins=(6, 1.5, 4, 1.5)), "surface", "below")
        whole = column(self.head, bar, parts, gap=0)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.view.changed.connect(self.show_list)
        self.show_side()
        Busy(self.lists, desk.tasks, owner=self)

    def _add_list(self, kind: ListKind) -> None:
        model = StableTableModel[Any](kind.columns(self.desk.clock.now), key=kind.key)
        empty = EmptyState(*kind.empty, icon=kind.icon)
        table = Table(
            model, settings=self.desk.settings, name=f"equipment-{kind.id}", title=f"Equipment, {kind.title.lower()}",
            empty=empty,
        )  # fmt: skip
        table.about = self._about
        table.current_changed.connect(lambda _row: self._moved())
        follow(self.desk, table, "equipment_order")
        table.opened.connect(lambda found: self.deeds.open(found))
        chips = FilterChips([(value, said) for value, (said, _) in kind.chips.items()], f"Filter {kind.title.lower()}")
        chips.changed.connect(lambda _value, of=kind: self._filtered(of))
        self._tables[kind.id], self._chips[kind.id] = table, chips
        self._empties = {**getattr(self, "_empties", {}), kind.id: empty}
        self.lists.addWidget(table)
        self.filters.addWidget(chips)

    @property
    def table(self) -> Table:
        """The list that is shown."""
        return self._tables[self.kind.id]

    @property
    def model(self) -> StableTableModel[Any]:
        return self.table.table_model

    @property
    def chips(self) -> FilterChips:
        return self._chips[self.kind.id]

    @property
    def rows(self) -> Sequence[Any]:
        """All that was read of the list, hidden by chips or not."""
        return self._rows

    def _about(self) -> list[str]:
        on = [said for value, (said, _) in self.kind.chips.items() if value in self.chips.value]
        return [
            self.kind.title, *on, f"Locality: {self.desk.locality.value or 'all'}", *([self.of.who] if self.of else []),
        ]  # fmt: skip

    # ------------------------------------------------------------------ reading

    def refresh(self) -> None:
        kind, of, chips = self.kind, self.of, self.chips.value
        services, locality = self.desk.services, self.desk.locality.value.lower() or None

        wanted, today = self._pages * MOST_LISTED, local_date(self.desk.clock.now())

        def read() -> tuple[Sequence[Any], bool]:
            if of is not None:
                return reading.of_person(services.equipment, kind, of), False
            return reading.until(services, kind, locality, chips, wanted, today)

        self.run(read, lambda found: self._show(kind, *found), latest="rows")

    def read_further(self) -> None:
        """The next rows of a list that is longer than what was read at first."""
        self._pages += 1
        self.refresh()

    @property
    def has_more(self) -> bool:
        return self._more

    def open(self, key: object) -> None:
        self.of = key if isinstance(key, EquipmentOf) else None
        if isinstance(key, UUID):
            service = self.desk.services.equipment
            self.run(lambda: service.order(OrderId(key)), self._show_of, latest="of")
            return
        self.key = self.of.order if self.of is not None else None
        wanted = key if isinstance(key, str) else "orders"
        if self.view.value == wanted:
            self.show_list(wanted)
        else:
            self.view.set_value(wanted)  # which shows the list
        if isinstance(key, OrderFor):
            self.deeds.orders.new(key)

    def _show_of(self, order: Order) -> None:
        """All of the person of an order, and the order chosen."""
        self.open(EquipmentOf(order.person_id, order.who, None, order.id))

    def show_list(self, name: object) -> None:
        """Another of the lists."""
        self.deeds.drop()
        self._pages = 1
        self.kind = next(kind for kind in LISTS if kind.id == name)
        at = LISTS.index(self.kind)
        for stack in (self.lists, self.filters, self._menu):
            stack.setCurrentIndex(at)
        self.show_side()
        self.refresh()

    def show_all(self) -> None:
        """Of everybody again."""
        self.of = None
        self.refresh()

    def _filtered(self, kind: ListKind) -> None:
        if kind is not self.kind:
            return
        self._pages = 1
        if kind.reads_anew or self._more:
            self.refresh()  # what is over is not among what is open, nor what was not read among what was
        else:
            self._narrow()

    def _show(self, kind: ListKind, found: Sequence[Any], more: bool) -> None:
        if kind is not self.kind:
            return
        self._rows, self._more = found, more
        today = local_date(self.desk.clock.now())
        over = self.chips.value & kind.reads_anew
        counted = [v for v in kind.chips if v not in kind.reads_anew and not over and not more]
        tests = {v: kind.chips[v][1] for v in counted}
        self.chips.set_counts({v: sum(1 for r in found if test(r, today)) for v, test in tests.items()})
        self._narrow()
        if self.key is not None and self.table.select_key(self.key):
            self.key = None

    def _narrow(self) -> None:
        today, on = local_date(self.desk.clock.now()), self.chips.value
        tests = [self.kind.chips[str(v)][1] for v in on]
        shown = [r for r in self._rows if self.of is not None or all(test(r, today) for test in tests)]
        hidden = bool(on) and not shown and bool(self._rows)
        self._empties[self.kind.id].say(
            *(("None of these", "Other rows are hidden by what is chosen above.") if hidden else self.kind.empty)
        )
        self.model.set_rows(shown)
        many = wording.count(len(shown), self.kind.one)
        first = "the first " if self._more else ""
        said = (
            f"{len(shown)} of {first}{len(self._rows):,}"
            if len(shown) != len(self._rows)
            else first.capitalize() + many
        )
        self._further.setVisible(self._more and self.of is None)
        ask_again(self._further)
        self.head.say(f"{self.of.who}: {many}" if self.of else said if self._rows else "")
        self._everybody.setVisible(self.of is not None)
        if self.table.current is None and shown:
            self.table.selectRow(0)
        self._moved()

    # ------------------------------------------------------------------ the side

    def _moved(self) -> None:
        ask_again(*self._head_buttons)
        if self.deeds.asking:
            return
        chosen = self.table.current
        self.panel.set_title(self.kind.title_of(chosen) if chosen is not None else self.kind.title)
        self.beside.show_row(self.kind, chosen)
        self._fit_buttons()

    def _fit_buttons(self) -> None:
        """What can be done with the row, the first three: there is no room for more, and keys do the rest."""
        left, chosen = MOST_BUTTONS, self.table.current
        said = self.kind.said(chosen, local_date(self.desk.clock.now())) if chosen is not None else {}
        ask_again(*self.panel.buttons)
        for name, each in zip(self.kind.buttons, self.panel.buttons, strict=True):
            each.setText(said.get(name, self.kind.buttons[name]))
            may = each.isEnabled() and left > 0
            left -= may
            each.setVisible(may)

    def show_side(self) -> None:
        """What is known of the chosen row, and what can be done with it."""
        buttons = [command_button(self._by[name], words=said) for name, said in self.kind.buttons.items()]
        self.panel.stand(self.beside.content, *buttons, None)
        self._moved()

    def activated(self) -> None:
        if not self.deeds.asking:
            self.table.setFocus()

    def begin_another(self) -> None:
        """Ctrl+N."""
        self.deeds.orders.new()

    def commands(self) -> list[Command]:
        return self._commands
