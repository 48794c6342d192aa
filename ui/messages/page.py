"""Messages: files brought in, what became of each, and the original beside what it says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from PySide6.QtGui import QDragEnterEvent, QDropEvent

from coordination.messages.record import MessageFilter, MessageRecord
from ui import wording as plain
from ui.commands import Command
from ui.desk import Desk
from ui.files_dropped import accepted_files
from ui.governance.following import follow
from ui.messages import lines
from ui.messages.bringing import Bringing
from ui.messages.inbox_view import InboxView
from ui.messages.one_message import OneMessage
from ui.page import Page
from ui.widgets import (
    Busy,
    EmptyState,
    LinkLabel,
    PageHead,
    SegmentedChoice,
    StableTableModel,
    Table,
    column,
    command_button,
    plane,
    row,
    splitter,
)

_FILTERS = {
    "all": MessageFilter(),
    "undecided": MessageFilter(undecided=True),
    "unknown": MessageFilter(whose="unknown"),
    "refused": MessageFilter(outcome="refused"),
}


class ImportsPage(Page):
    """Open with a list of paths to bring them in, or with the id of a message or of an original to show it."""

    id, title, icon = "imports", "Messages", "envelope-simple"
    areas = frozenset({"messages"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.bringing = Bringing(self)
        self._wanted: UUID | None = None
        self._asked_for: MessageRecord | None = None
        self.setAcceptDrops(True)
        self.model = StableTableModel(lines.columns(desk.clock.now), key=lambda r: r.key)
        self.bring = Command(
            "imports.bring",
            "Import messages…",
            self.choose_files,
            shortcut="I",
            group="Messages",
            icon="download-simple",
            also="BaRS e-mail form open drop",
        )
        self.one = OneMessage(self, lambda: self.table.current)
        self._commands = [self.bring, *self._make_commands()]
        empty = EmptyState(
            "No messages yet",
            "BaRS referrals, e-mails (.eml) and online forms appear here. Drop files on the window, or choose them.",
            icon="envelope-simple",
            action=("Import messages…", self.choose_files),
        )
        self.table = Table(self.model, settings=desk.settings, name="imports", title="Messages", empty=empty)
        self.shown = SegmentedChoice(
            [
                ("all", "All"),
                ("undecided", "To decide"),
                ("unknown", "Nobody has said whose"),
                ("refused", "Refused"),
                ("inbox", "Inbox"),
            ],
            name="Messages shown",
        )
        self.head = PageHead("Messages", "", command_button(self.bring, kind="main"))
        self.panel = self.one.panel
        self._waits = [LinkLabel("", lambda: self.shown.set_value("undecided")), LinkLabel("", self._show_inbox)]
        filters = plane(row(self.shown, None, *self._waits, gap=4, margins=(6, 2, 6, 2)), "surface", "below")
        self._split = splitter(self.table, self.panel, sizes=(900, 480), settings=desk.settings, name="imports")
        self.inbox = InboxView(self)
        self.inbox.hide()
        whole = column(self.head, filters, self._split, self.inbox, gap=0)
        whole.setStretch(2, 1)
        whole.setStretch(3, 1)
        self.setLayout(whole)
        Busy(self.table, desk.tasks, owner=self)
        self._count(*self.inbox.watch.counts)
        self.inbox.watch.counted.connect(self._count)
        self.shown.changed.connect(lambda _value: self.refresh())
        self.table.current_changed.connect(self.one.show_line)
        follow(self.desk, self.table, "message")
        self.table.opened.connect(lambda _line: self.one.go_referral())
        self.one.decided_on.connect(self._decided)
        self.panel.closed.connect(self.table.setFocus)

    def commands(self) -> list[Command]:
        return [*self._commands, *self.inbox.commands()]

    def _make_commands(self) -> list[Command]:
        one, original, kept = self.one, self._has_original, "Messages"
        return [
            Command("imports.referral", "Go to the referral", one.go_referral, "G", lambda: one.has_referral, kept,
                    "tray"),
            Command("imports.person", "Open the person", one.go_person, "P", lambda: one.has_person, kept, "user"),
            Command("imports.original", "Original or what it says", one.show_original, "O", original, kept,
                    "file-text"),
            Command("imports.save", "Save the original…", one.save_original, "", original, kept, "floppy-disk"),
        ]  # fmt: skip

    def _has_original(self) -> bool:
        return self.one.record is not None and not self.inbox.isVisible()

    # the list

    def open(self, key: object) -> None:
        """``key``: paths to bring in, or the id of a message."""
        if isinstance(key, UUID):
            self.run(lambda: self.desk.services.messages.locate(key), self._located, latest="locate")
        elif isinstance(key, Sequence) and not isinstance(key, str) and key is not self.key:
            self.key = key  # coming back to this page is not bringing the same files in again
            self.bringing.take_in([Path(path) for path in key])
        self.refresh()

    def _located(self, record: MessageRecord) -> None:
        """One that was asked for is shown, however old it is."""
        self._asked_for, self._wanted = record, record.id
        self.shown.set_value("all")
        self.refresh()

    def activated(self) -> None:
        self.table.setFocus()

    def refresh(self) -> None:
        shows_inbox = self.shown.value == "inbox"
        self._split.setVisible(not shows_inbox)
        self.inbox.setVisible(shows_inbox)
        if shows_inbox:
            self.head.say("")
            self.inbox.refresh()
            return
        asked = _FILTERS[str(self.shown.value)]
        messages = self.desk.services.messages
        self.run(lambda: messages.recent(asked), self._show, latest="rows")

    def _show(self, records: list[MessageRecord]) -> None:
        unkept = self.bringing.unkept if self.shown.value != "unknown" else []
        known = {record.id for record in records}
        if self._asked_for is not None and self._asked_for.id not in known and self.shown.value == "all":
            records = [self._asked_for, *records]
        kept = [lines.of_record(record, self.bringing.outcome_of(record)) for record in records]
        self.model.set_rows([*unkept, *kept])
        unknown = sum(r.outcome == "taken_in" and r.person_id is None for r in records)
        said = [plain.count(len(kept), "message")]
        if unknown and self.shown.value == "all":
            said.append(f"{unknown} where nobody has said whom it is about")
        self.head.say(", ".join(said) if kept else "")
        if self._wanted is not None and self.table.select_key(self._wanted):
            self._wanted = None
        elif self.table.current is not None:
            self.one.show_line(self.table.current)

    def _count(self, refused: int, undecided: int) -> None:
        """What waits for somebody is said whatever is shown."""
        for shown, number, words in zip(self._waits, (undecided, refused), ("to decide", "not taken in"), strict=True):
            shown.setText(f"{number:,} {words}")
            shown.setVisible(bool(number))

    def _show_inbox(self) -> None:
        self.shown.set_value("inbox")

    # bringing files in

    def choose_files(self) -> None:
        self.bringing.choose(self)

    def brought(self, first: MessageRecord | None) -> None:
        """All are in: shown, with the one to look at first."""
        self._wanted = first.id if first is not None else None
        self.shown.set_value("all")
        self.refresh()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        accepted_files(event)

    def dropEvent(self, event: QDropEvent) -> None:
        files = accepted_files(event)
        if files:
            self.bringing.take_in(files)

    def _decided(self, record: MessageRecord) -> None:
        self._wanted = record.id
        self.refresh()
