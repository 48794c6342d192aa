"""One item of the inbox that could not be taken in: by hand, tried again, or set aside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from coordination.errors import BadValues, CoordinationError
from coordination.messages.inbox import InboxItem, Source
from coordination.messages.model import ParsedMessage
from coordination.messages.record import OpenedMessage
from coordination.values import ContactId, new_id
from ui.intake.drafts import ContactTyped
from ui.messages.inbox_panels import AsidePanel, ItemPanel
from ui.messages.inbox_side import InboxShown, say_outcome
from ui.messages.saving import save_as
from ui.page import Page
from ui.widgets import button

HAND = "Take it by hand"


class OneItem:
    """The one that is chosen. ``source_of``: where an item came from."""

    def __init__(self, page: Page, view: InboxShown, source_of: Callable[[InboxItem], Source | None]) -> None:
        self._page, self._desk, self._view = page, page.desk, view
        self._inbox, self._source_of = page.desk.services.inbox, source_of
        self._opened: OpenedMessage | None = None

    def show(self, item: InboxItem) -> None:
        """What it is and why it waits; what was kept of it is read first."""
        if item.message_id is None:
            self._opened = None
            self._show_item(item)
        elif self._opened is not None and self._opened.record.id == item.message_id:
            self._show_item(item)
        else:
            key = item.message_id
            self._page.run(lambda: self._desk.services.messages.open(key), self._came_open, latest="item")

    def _came_open(self, opened: OpenedMessage) -> None:
        item = self._view.item
        if item is not None and item.message_id == opened.record.id:
            self._opened = opened
            self._show_item(item)

    def _show_item(self, item: InboxItem) -> None:
        shown = ItemPanel(item, self._opened, self._save_original, self._desk.clock.now())
        actions: list[QWidget | None] = []
        if self._view.reads:
            actions = [
                button(HAND, self.by_hand, kind="main"),
                button("Try again", self.try_again),
                button("Set aside…", self.set_aside),
            ]
        self._view.panel.put("Not taken in" if item.state == "refused" else "Tried again by itself", shown, *actions)

    def _save_original(self) -> None:
        if self._opened is not None:
            save_as(self._page, self._opened.record.name, self._opened.content)

    def by_hand(self) -> None:
        """A contact with what can be read of it; the original opens beside it in a window of its own."""
        item = self._view.item
        if item is None:
            return
        opened = self._opened if item.message_id is not None else None
        self._settle(item, "by_hand", "", "Yours to take by hand.")
        if opened is not None:
            self._desk.go.to("imports", opened.record.id, new_window=True)
        typed = typed_of(opened.message if opened else None, item, self._desk.clock.now())
        self._desk.go.to("contact", typed)

    def try_again(self) -> None:
        item = self._view.item
        if item is None:
            return
        source = self._source_of(item)

        def asked(_item: InboxItem) -> None:
            if source is not None and (source.kind == "folder" or self._view.watch.reads_here):
                self._view.watch.look(source, lambda result: say_outcome(self._desk, result))
            else:
                self._desk.notices.say("It is tried again with the next look.")
            self._view.refresh()

        self._page.run(lambda: self._inbox.try_again(item.id, item.revision), asked, self._stale)

    def set_aside(self) -> None:
        item = self._view.item
        if item is None:
            return
        self._view.panel.form = shown = AsidePanel()

        def save() -> None:
            self._settle(item, "set_aside", shown.form.value("set_aside_reason"), "Set aside.", shown)

        self._view.panel.put(
            "Set aside", shown, button("Set aside", save, kind="main"), button("Back", lambda: self._back(item))
        )
        shown.form.field("set_aside_reason").editor.setFocus()

    def _settle(self, item: InboxItem, how: Any, reason: str, said: str, form: AsidePanel | None = None) -> None:
        def done(settled: InboxItem) -> None:
            self._view.panel.leave()
            self._desk.notices.say(said, undo=lambda: self._reopen(settled))
            self._view.refresh()

        def failed(error: Exception) -> bool:
            if form is not None and isinstance(error, BadValues):
                return not form.form.set_problems(error)
            return self._stale(error)

        self._page.run(lambda: self._inbox.settle(item.id, item.revision, how, reason), done, failed)

    def _reopen(self, item: InboxItem) -> None:
        self._page.run(lambda: self._inbox.reopen(item.id, item.revision), lambda _item: self._view.refresh())

    def _stale(self, error: Exception) -> bool:
        if isinstance(error, CoordinationError):
            self._view.refresh()
        return False

    def _back(self, item: InboxItem) -> None:
        self._view.panel.form = None
        self.show(item)


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
