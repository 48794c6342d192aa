"""The inbox on the page of messages: where they come from, how that stands, and what waits for somebody."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from coordination.messages.inbox import KEEPERS, READERS, InboxItem, Source, SourceRow
from ui.commands import Command
from ui.messages import inbox_lines
from ui.messages.inbox_item import HAND, OneItem
from ui.messages.inbox_side import InboxSide
from ui.messages.inbox_source import OneSource
from ui.messages.inbox_watch import InboxWatch
from ui.page import Page
from ui.style import theme
from ui.widgets import (
    Busy,
    EmptyState,
    Section,
    StableTableModel,
    Table,
    button,
    column,
    splitter,
)


class InboxView(QWidget):
    """Part of the page ``page``, which calls ``refresh``."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page, self._desk = page, page.desk
        self._inbox = page.desk.services.inbox
        self.watch = InboxWatch.of(page.desk)
        now, settings = self._desk.clock.now, self._desk.settings
        role = self._desk.actor.role
        self.keeps, self.reads = role in KEEPERS, role in READERS
        self.panel = InboxSide()
        self.one_source = OneSource(page, self)
        self.one_item = OneItem(page, self, self._source_of)
        self._commands = self._make_commands()
        self.sources = StableTableModel(inbox_lines.source_columns(now), key=lambda r: r.source.id)
        self.items = StableTableModel(inbox_lines.item_columns(now), key=lambda r: r.id)
        hint = "Add a watched folder or a mailbox." if self.keeps else "Managers and administrators say where to look."
        none = EmptyState("No source yet", hint, action=("Add a source…", self.one_source.add) if self.keeps else None)
        done = EmptyState("Nothing waits here", "What cannot be taken in appears here until somebody has seen to it.")
        self.source_table = Table(self.sources, settings=settings, name="inbox-sources", title="Sources", empty=none)
        self.item_table = Table(self.items, settings=settings, name="inbox-items", title="To see to", empty=done)
        add = [button("Add a source…", self.one_source.add, icon="plus")] if self.keeps else []
        top, below = Section("Where messages come from", *add), Section("To see to")
        top.add(self.source_table, 1)
        below.add(self.item_table, 1)
        for part in (top, below):
            part.setContentsMargins(theme.space(6), theme.space(3), theme.space(6), 0)
        lists, both = QWidget(), column(top, below, gap=0)
        both.setStretch(0, 2)
        both.setStretch(1, 3)
        lists.setLayout(both)
        whole = splitter(lists, self.panel, sizes=(900, 440), settings=settings, name="inbox")
        self.setLayout(column(whole, gap=0))
        Busy(self.item_table, self._desk.tasks, owner=page)
        self.source_table.current_changed.connect(self._source_chosen)
        self.item_table.current_changed.connect(self._item_chosen)
        self.watch.looked.connect(lambda _source, _result: self.refresh())

    # commands

    def commands(self) -> list[Command]:
        return self._commands

    def _make_commands(self) -> list[Command]:
        def looks() -> bool:
            return self.reads and self.isVisible() and self.source is not None

        def keeps() -> bool:
            return self.keeps and self.isVisible() and self.source is not None

        def sees_to() -> bool:
            return self.reads and self.isVisible() and self.item is not None

        def adds() -> bool:
            return self.keeps and self.isVisible()

        group = "Inbox"
        return [
            Command("inbox.look", "Look now", self.one_source.look, "L", looks, group, "arrows-clockwise"),
            Command("inbox.add", "Add a source…", self.one_source.add, "", adds, group, "plus"),
            Command("inbox.change", "Change the source…", self.one_source.change, "", keeps, group, "pencil-simple"),
            Command("inbox.switch", "Switch the source off or on", self.one_source.switch, "", keeps, group, "power"),
            Command("inbox.hand", HAND, self.one_item.by_hand, "H", sees_to, group, "phone"),
            Command("inbox.again", "Try again", self.one_item.try_again, "T", sees_to, group, "arrow-clockwise"),
            Command("inbox.aside", "Set aside…", self.one_item.set_aside, "A", sees_to, group, "tray"),
        ]

    @property
    def source(self) -> SourceRow | None:
        found: SourceRow | None = self.source_table.current
        return found

    @property
    def item(self) -> InboxItem | None:
        found: InboxItem | None = self.item_table.current
        return found

    # reading

    def refresh(self) -> None:
        if not self.isVisible():
            return
        self._page.run(lambda: (self._inbox.sources(), self._items()), self._show, latest="inbox")

    def _items(self) -> list[InboxItem]:
        return self._inbox.to_settle() if self._desk.actor.role != "administrator" else []

    def _show(self, found: tuple[list[SourceRow], list[InboxItem]]) -> None:
        sources, items = found
        self.sources.set_rows(sources)
        self.items.set_rows(items)
        if self.panel.form is None and self.panel.isVisible():
            if self.item is not None:
                self._item_chosen(self.item)
            elif self.source is not None:
                self._source_chosen(self.source)
            else:
                self.panel.hide()

    # what is chosen

    def _source_chosen(self, row: SourceRow | None) -> None:
        if row is not None:
            self.item_table.clearSelection()
            self.item_table.setCurrentIndex(self.items.index(-1, -1))
            self.panel.form = None
            self.one_source.show(row)

    def _item_chosen(self, item: InboxItem | None) -> None:
        if item is not None:
            self.source_table.clearSelection()
            self.source_table.setCurrentIndex(self.sources.index(-1, -1))
            self.panel.form = None
            self.one_item.show(item)

    def _source_of(self, item: InboxItem) -> Source | None:
        return next((r.source for r in self.sources.rows if r.source.id == item.source_id), None)
