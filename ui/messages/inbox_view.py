"""The inbox on the page of messages: where they come from, how that stands, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from coordination.errors import BadValue, BadValues, CoordinationError
from coordination.messages.inbox import KEEPERS, READERS, InboxItem, PassResult, Source, SourceRow
from coordination.messages.model import ParsedMessage
from coordination.messages.record import OpenedMessage
from coordination.values import ContactId, new_id
from ui.commands import Command
from ui.intake.drafts import ContactTyped
from ui.messages import inbox_lines, inbox_words
from ui.messages.inbox_form import SourceForm
from ui.messages.inbox_panels import AsidePanel, ItemPanel, SourcePanel
from ui.messages.inbox_watch import InboxWatch
from ui.messages.saving import save_as
from ui.page import Page
from ui.style import theme
from ui.widgets import (
    Busy,
    EmptyState,
    Section,
    SidePanel,
    StableTableModel,
    Table,
    button,
    column,
    splitter,
)

_HAND = "Take it by hand"


class InboxView(QWidget):
    """Part of the page ``page``, which calls ``refresh``."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page, self._desk = page, page.desk
        self._inbox = page.desk.services.inbox
        self.watch = InboxWatch.of(page.desk)
        self._form: QWidget | None = None  # what is being typed stays whatever changes meanwhile
        self._opened: OpenedMessage | None = None
        now, settings = self._desk.clock.now, self._desk.settings
        role = self._desk.actor.role
        self._keeps, self._reads = role in KEEPERS, role in READERS
        self._commands = self._make_commands()
        self.sources = StableTableModel(inbox_lines.source_columns(now), key=lambda r: r.source.id)
        self.items = StableTableModel(inbox_lines.item_columns(now), key=lambda r: r.id)
        hint = "Add a watched folder or a mailbox." if self._keeps else "Managers and administrators say where to look."
        none = EmptyState("No source yet", hint, action=("Add a source…", self.add) if self._keeps else None)
        done = EmptyState("Nothing waits here", "What cannot be taken in appears here until somebody has seen to it.")
        self.source_table = Table(self.sources, settings=settings, name="inbox-sources", title="Sources", empty=none)
        self.item_table = Table(self.items, settings=settings, name="inbox-items", title="To see to", empty=done)
        self.panel = SidePanel("", width=440)
        self.panel.hide()
        add = [button("Add a source…", self.add, icon="plus")] if self._keeps else []
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
        self.panel.closed.connect(self._form_closed)
        self.watch.looked.connect(lambda _source, _result: self.refresh())

    # ------------------------------------------------------------------ commands

    def commands(self) -> list[Command]:
        return self._commands

    def _make_commands(self) -> list[Command]:
        def looks() -> bool:
            return self._reads and self.isVisible() and self.source is not None

        def keeps() -> bool:
            return self._keeps and self.isVisible() and self.source is not None

        def sees_to() -> bool:
            return self._reads and self.isVisible() and self.item is not None

        def adds() -> bool:
            return self._keeps and self.isVisible()

        group = "Inbox"
        return [
            Command("inbox.look", "Look now", self.look, "L", looks, group, "arrows-clockwise"),
            Command("inbox.add", "Add a source…", self.add, "", adds, group, "plus"),
            Command("inbox.change", "Change the source…", self.change, "", keeps, group, "pencil-simple"),
            Command("inbox.switch", "Switch the source off or on", self.switch, "", keeps, group, "power"),
            Command("inbox.hand", _HAND, self.by_hand, "H", sees_to, group, "phone"),
            Command("inbox.again", "Try again", self.try_again, "T", sees_to, group, "arrow-clockwise"),
            Command("inbox.aside", "Set aside…", self.set_aside, "A", sees_to, group, "tray"),
        ]

    @property
    def source(self) -> SourceRow | None:
        found: SourceRow | None = self.source_table.current
        return found

    @property
    def item(self) -> InboxItem | None:
        found: InboxItem | None = self.item_table.current
        return found

    # ------------------------------------------------------------------ reading

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
        if self._form is None and self.panel.isVisible():
            if self.item is not None:
                self._item_chosen(self.item)
            elif self.source is not None:
                self._source_chosen(self.source)
            else:
                self.panel.hide()

    # ------------------------------------------------------------------ one source

    def _source_chosen(self, row: SourceRow | None) -> None:
        if row is None:
            return
        self.item_table.clearSelection()
        self.item_table.setCurrentIndex(self.items.index(-1, -1))
        self._form = None
        shown = SourcePanel(row, self._desk.clock.now(), may_read=self._reads, reads_here=self.watch.reads_here)
        shown.password_given.connect(lambda password: self._keep_password(row.source, password))
        shown.reads_here.connect(self.watch.set_reads_here)
        actions: list[QWidget | None] = []
        if self._reads and row.source.active:
            actions.append(button("Look now", self.look, kind="main"))
        if self._keeps:
            actions += [
                button("Change…", self.change),
                button("Switch off" if row.source.active else "Switch on", self.switch),
            ]
        self._put(row.source.name, shown, *actions)

    def look(self) -> None:
        row = self.source
        if row is not None:
            self.watch.look(row.source, self._said)

    def _said(self, result: PassResult) -> None:
        words = inbox_words.outcome(result)
        self._desk.notices.warn(words) if result.problem or result.refused else self._desk.notices.say(words)

    def _keep_password(self, source: Source, password: str) -> None:
        def kept(in_keyring: bool) -> None:
            if not in_keyring:
                self._desk.notices.warn("This computer has no keyring, so the password is kept while the desk is open.")
            self.watch.look(source, self._said)

        self._page.run(lambda: self.watch.keep(source, password), kept)

    def add(self) -> None:
        source_id = new_id()
        self._edit("Add a source", SourceForm(), lambda draft: self._inbox.add(draft, source_id), "Added.")

    def change(self) -> None:
        row = self.source
        if row is None:
            return
        source = row.source
        self._edit(
            f"Change {source.name}", SourceForm(source),
            lambda draft: self._inbox.change(source.id, source.revision, draft), "Changed.", before=source,
        )  # fmt: skip

    def _edit(
        self, title: str, form: SourceForm, save: Callable[[Any], Source], said: str, before: Source | None = None
    ) -> None:
        self._form = form

        def run() -> None:
            try:
                draft = form.draft()
            except (BadValue, BadValues) as error:
                form.set_problems(error)
                return
            keep.setEnabled(False)  # pressed twice it is saved once
            self._page.run(lambda: save(draft), saved, failed)

        def saved(source: Source) -> None:
            self._form = None
            undo = (lambda: self._take_back(source, before)) if before else (lambda: self._switch(source))
            self._desk.notices.say(said, undo=undo)
            self.refresh()

        def failed(error: Exception) -> bool:
            if isValid(keep):
                keep.setEnabled(True)
            return isinstance(error, BadValue | BadValues) and not form.set_problems(error)

        keep = button("Save", run, kind="main")
        self._put(title, form, keep, button("Cancel", self._leave_form))
        form.start()

    def _take_back(self, now: Source, before: Source) -> None:
        self._page.run(lambda: self._inbox.change(now.id, now.revision, before.draft), lambda _source: self.refresh())

    def _form_closed(self) -> None:
        self._form = None

    def _leave_form(self) -> None:
        self._form = None
        self.panel.hide()
        self.refresh()

    def switch(self) -> None:
        row = self.source
        if row is not None:
            self._switch(row.source)

    def _switch(self, source: Source) -> None:
        def done(changed: Source) -> None:
            said = f"{changed.name} is switched {'on' if changed.active else 'off'}."
            self._desk.notices.say(said, undo=lambda: self._switch(changed))
            self.refresh()

        self._page.run(lambda: self._inbox.switch(source.id, source.revision, not source.active), done)

    # ------------------------------------------------------------------ one item

    def _item_chosen(self, item: InboxItem | None) -> None:
        if item is None:
            return
        self.source_table.clearSelection()
        self.source_table.setCurrentIndex(self.sources.index(-1, -1))
        self._form = None
        if item.message_id is None:
            self._opened = None
            self._show_item(item)
        elif self._opened is not None and self._opened.record.id == item.message_id:
            self._show_item(item)
        else:
            key = item.message_id
            self._page.run(lambda: self._desk.services.messages.open(key), self._came_open, latest="item")

    def _came_open(self, opened: OpenedMessage) -> None:
        item = self.item
        if item is not None and item.message_id == opened.record.id:
            self._opened = opened
            self._show_item(item)

    def _show_item(self, item: InboxItem) -> None:
        shown = ItemPanel(item, self._opened, self._save_original, self._desk.clock.now())
        actions: list[QWidget | None] = []
        if self._reads:
            actions = [
                button(_HAND, self.by_hand, kind="main"),
                button("Try again", self.try_again),
                button("Set aside…", self.set_aside),
            ]
        self._put("Not taken in" if item.state == "refused" else "Tried again by itself", shown, *actions)

    def _save_original(self) -> None:
        if self._opened is not None:
            save_as(self._page, self._opened.record.name, self._opened.content)

    def by_hand(self) -> None:
        """A contact with what can be read of it; the original opens beside it in a window of its own."""
        item = self.item
        if item is None:
            return
        opened = self._opened if item.message_id is not None else None
        self._settle(item, "by_hand", "", "Yours to take by hand.")
        if opened is not None:
            self._desk.go.to("imports", opened.record.id, new_window=True)
        typed = typed_of(opened.message if opened else None, item, self._desk.clock.now())
        self._desk.go.to("contact", typed)

    def try_again(self) -> None:
        item = self.item
        if item is None:
            return
        source = next((r.source for r in self.sources.rows if r.source.id == item.source_id), None)

        def asked(_item: InboxItem) -> None:
            if source is not None and (source.kind == "folder" or self.watch.reads_here):
                self.watch.look(source, self._said)
            else:
                self._desk.notices.say("It is tried again with the next look.")
            self.refresh()

        self._page.run(lambda: self._inbox.try_again(item.id, item.revision), asked, self._stale)

    def set_aside(self) -> None:
        item = self.item
        if item is None:
            return
        self._form = shown = AsidePanel()

        def save() -> None:
            self._settle(item, "set_aside", shown.form.value("set_aside_reason"), "Set aside.", shown)

        self._put(
            "Set aside", shown, button("Set aside", save, kind="main"), button("Back", lambda: self._item_chosen(item))
        )
        shown.form.field("set_aside_reason").editor.setFocus()

    def _settle(self, item: InboxItem, how: Any, reason: str, said: str, form: AsidePanel | None = None) -> None:
        def done(settled: InboxItem) -> None:
            self._form = None
            self.panel.hide()
            self._desk.notices.say(said, undo=lambda: self._reopen(settled))
            self.refresh()

        def failed(error: Exception) -> bool:
            if form is not None and isinstance(error, BadValues):
                return not form.form.set_problems(error)
            return self._stale(error)

        self._page.run(lambda: self._inbox.settle(item.id, item.revision, how, reason), done, failed)

    def _reopen(self, item: InboxItem) -> None:
        self._page.run(lambda: self._inbox.reopen(item.id, item.revision), lambda _item: self.refresh())

    def _stale(self, error: Exception) -> bool:
        if isinstance(error, CoordinationError):
            self.refresh()
        return False

    def _put(self, title: str, content: QWidget, *actions: QWidget | None) -> None:
        self.panel.set_title(title)
        holder = QWidget()
        holder.setLayout(column(content, None))
        self.panel.set_content(holder)
        self.panel.set_actions(*actions, *([None] if actions else []))
        self.panel.show()


def typed_of(message: ParsedMessage | None, item: InboxItem, now: Any) -> ContactTyped:
    """What can be read of an item, as somebody would have typed it into a contact."""
    fields = {"channel": "email" if item.source_kind == "imap" else "online_form"}
    if message is not None:
        sender = message.sender
        fields["channel"] = message.channel or ("email" if message.kind.is_mail else fields["channel"])
        fields |= {
            "caller_name": sender.name or sender.organisation, "caller_relation": sender.role,
            "caller_phone": sender.phone, "need": message.need,
        }  # fmt: skip
        if message.kind.is_mail and sender.email:
            fields["details.sender"] = sender.email
    return ContactTyped(ContactId(new_id()), now, fields={name: words for name, words in fields.items() if words})
