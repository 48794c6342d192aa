"""Stores: which are open, what is in each; closed with what is still in it said first, and opened again (D6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtWidgets import QLabel, QWidget

from coordination.equipment.stock_model import StoreHolds
from ui import wording
from ui.asking_panel import AskingPanel
from ui.commands import Command
from ui.desk import Desk
from ui.equipment.store_list import columns, facts, in_the_way
from ui.page import Page
from ui.side_acts import SideActs
from ui.widgets import tableio
from ui.widgets.basics import ask_again, column, command_button, label, plane
from ui.widgets.busy import Busy
from ui.widgets.empty import EmptyState
from ui.widgets.panels import Facts, PageHead, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import StableTableModel

NOTHING_NEW = "Nothing new is promised from it or taken in there. It can be opened again."
WHO_MAY = "An administrator closes stores and opens them again."


class StoresPage(Page):
    """A line a store. Administrators close and open them; the database holds to it."""

    id, title, icon = "stores", "Stores", "storefront"
    areas: ClassVar[frozenset[str]] = frozenset({"equipment"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.model = StableTableModel[StoreHolds](columns(), key=lambda x: x.store.code)
        empty = EmptyState("There are no stores", "Stores come with the reference data.", icon=self.icon)
        self.table = Table(self.model, settings=desk.settings, name="stores", title="Stores", empty=empty)
        self.acts = SideActs(self)
        self._commands = self._all_commands()
        close, again = self._commands[:2]
        self._buttons = [command_button(close, words="Close"), command_button(again, words="Open again")]
        self.head = PageHead("Stores", "", *self._buttons, self.table.menu_button())
        self.panel = AskingPanel("Store")
        self._facts, self._said = Facts(), label("" if self.may_close else WHO_MAY, quiet=True, wrap=True)
        self._beside = QWidget()
        self._beside.setLayout(column(self._facts, self._said, None, gap=3))
        whole = column(
            self.head, splitter(self.table, self.panel, sizes=(790, 390), settings=desk.settings, name="stores"), gap=0
        )
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.table.current_changed.connect(lambda _row: self._moved())
        Busy(self.table, desk.tasks, owner=self)
        self.show_side()

    @property
    def may_close(self) -> bool:
        """For the screen only; the database decides."""
        return self.desk.actor.role == "administrator"

    # reading

    def refresh(self) -> None:
        locality = self.desk.locality.value.lower() or None

        def show(found: tuple[StoreHolds, ...]) -> None:
            shown = [x for x in found if locality is None or x.store.locality in (locality, None)]
            self.model.set_rows(shown)
            self.head.say(wording.count(len(shown), "store"))
            if self.table.current is None and shown:
                self.table.selectRow(0)
            self._moved()

        self.run(self.desk.services.equipment.holdings, show, latest="stores")

    def _moved(self) -> None:
        ask_again(*self._buttons)
        chosen = self.table.current
        if chosen is not None and not self.acts.asking:
            self.panel.set_title(chosen.store.name)
            self._facts.set(facts(chosen))

    def show_side(self) -> None:
        """What the chosen store has."""
        self.panel.stand(self._beside)
        self._moved()

    def activated(self) -> None:
        if not self.acts.asking:
            self.table.setFocus()

    # closing and opening

    def close_store(self) -> None:
        """What is in the way is read again first: the row may be of the morning."""
        chosen, service = self._chosen, self.desk.services.equipment

        def show(found: tuple[StoreHolds, ...]) -> None:
            now = next((each for each in found if each.store.code == chosen.store.code), chosen)
            said: list[QLabel] = [label(words, wrap=True) for words in in_the_way(now)]
            rest = label(NOTHING_NEW, quiet=True, wrap=True)
            self.acts.ask_with(f"Close {now.store.name}?", plane(column(*said, rest, None, gap=3)), "Close it", close)

        def close() -> None:
            self.acts.leave()
            self.acts.do(
                lambda: service.close_store(chosen.store.code), f"{chosen.store.name} is closed.",
                lambda _now: lambda: service.open_store(chosen.store.code),
            )  # fmt: skip

        self.run(service.holdings, show, latest="closing")

    def open_store(self) -> None:
        chosen, service = self._chosen, self.desk.services.equipment
        self.acts.do(
            lambda: service.open_store(chosen.store.code), f"{chosen.store.name} is open.",
            lambda _now: lambda: service.close_store(chosen.store.code),
        )  # fmt: skip

    @property
    def _chosen(self) -> StoreHolds:
        chosen: StoreHolds | None = self.table.current
        assert chosen is not None
        return chosen

    def _can(self, *, active: bool) -> bool:
        chosen = self.table.current
        return self.may_close and not self.acts.asking and chosen is not None and chosen.store.active is active

    def commands(self) -> list[Command]:
        return self._commands

    def _all_commands(self) -> list[Command]:
        def make(name: str, title: str, run: Callable[[], object], key: str, when: Callable[[], bool], icon: str = "",
                 ) -> Command:  # fmt: skip
            return Command(f"stores.{name}", title, run, key, when, "Stores", icon)

        return [
            make("close", "Close the store", self.close_store, "K", lambda: self._can(active=True), "lock"),
            make("open", "Open the store again", self.open_store, "O", lambda: self._can(active=False), "lock-open"),
            make("save", "Do what is asked", self.acts.save, "Ctrl+Return", lambda: self.acts.asking),
            make("export", "Export the list", lambda: tableio.export_table(self.table, "Stores"), "Ctrl+Shift+E",
                 lambda: True, "export"),
            make("print", "Print the list", lambda: tableio.print_table(self.table, "Stores"), "Ctrl+P", lambda: True,
                 "printer"),
        ]  # fmt: skip
