"""Messages: files brought in, what became of each, and the original beside what it says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from coordination.clock import local_date
from coordination.errors import CoordinationError
from coordination.messages.attachments import attachment
from coordination.messages.model import Attachment
from coordination.messages.reading import not_read
from coordination.messages.record import MessageFilter, MessageRecord, OpenedMessage, Taken
from coordination.values import PersonId, new_id
from ui import wording as plain
from ui.commands import Command
from ui.desk import Desk
from ui.governance.following import follow
from ui.messages import lines
from ui.messages.deciding import Deciding
from ui.messages.files import take_in
from ui.messages.inbox_view import InboxView
from ui.messages.lines import Line
from ui.messages.panel import MessageView, OriginalView
from ui.messages.saving import save_as
from ui.page import Page
from ui.sentences import sentence
from ui.tasks import Progress
from ui.widgets import (
    Busy,
    EmptyState,
    LinkLabel,
    PageHead,
    SegmentedChoice,
    SidePanel,
    StableTableModel,
    Table,
    button,
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
        self._sitting: dict[Any, str] = {}  # outcome of this sitting by message
        self._unkept: list[Line] = []
        self._opened: OpenedMessage | None = None
        self._asking: object = None
        self._wanted: UUID | None = None
        self._asked_for: MessageRecord | None = None
        self._files = 0
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
        self._deciding = Deciding(self)
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
        self.panel = SidePanel("", width=480)
        self.panel.hide()
        self._view = "read"
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
        self.table.current_changed.connect(self._chosen)
        follow(self.desk, self.table, "message")
        self.table.opened.connect(lambda _line: self.go_referral())
        self.panel.closed.connect(self.table.setFocus)

    def commands(self) -> list[Command]:
        return [*self._commands, *self.inbox.commands()]

    def _make_commands(self) -> list[Command]:
        one, kept = self._has_original, "Messages"
        return [
            Command("imports.referral", "Go to the referral", self.go_referral, "G", self._has_referral, kept, "tray"),
            Command("imports.person", "Open the person", self.go_person, "P", self._has_person, kept, "user"),
            Command("imports.original", "Original or what it says", self.show_original, "O", one, kept, "file-text"),
            Command("imports.save", "Save the original…", self.save_original, "", one, kept, "floppy-disk"),
        ]

    # ------------------------------------------------------------------ the list

    def open(self, key: object) -> None:
        """``key``: paths to bring in, or the id of a message."""
        if isinstance(key, UUID):
            self.run(lambda: self.desk.services.messages.locate(key), self._located, latest="locate")
        elif isinstance(key, Sequence) and not isinstance(key, str) and key is not self.key:
            self.key = key  # coming back to this page is not bringing the same files in again
            self.take_in([Path(path) for path in key])
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
        unkept = self._unkept if self.shown.value != "unknown" else []
        known = {record.id for record in records}
        if self._asked_for is not None and self._asked_for.id not in known and self.shown.value == "all":
            records = [self._asked_for, *records]
        kept = [lines.of_record(record, self._sitting.get(record.id, "")) for record in records]
        self.model.set_rows([*unkept, *kept])
        unknown = sum(r.outcome == "taken_in" and r.person_id is None for r in records)
        said = [plain.count(len(kept), "message")]
        if unknown and self.shown.value == "all":
            said.append(f"{unknown} where nobody has said whom it is about")
        self.head.say(", ".join(said) if kept else "")
        if self._wanted is not None and self.table.select_key(self._wanted):
            self._wanted = None
        elif self.table.current is not None:
            self._chosen(self.table.current)

    def _count(self, refused: int, undecided: int) -> None:
        """What waits for somebody is said whatever is shown."""
        for shown, number, words in zip(self._waits, (undecided, refused), ("to decide", "not taken in"), strict=True):
            shown.setText(f"{number:,} {words}")
            shown.setVisible(bool(number))

    def _show_inbox(self) -> None:
        self.shown.set_value("inbox")

    # ------------------------------------------------------------------ bringing files in

    def choose_files(self) -> None:
        kinds = "Messages (*.xml *.json *.eml);;All files (*)"
        names, _kind = QFileDialog.getOpenFileNames(self, "Import messages", "", kinds)
        if names:
            self.take_in([Path(name) for name in names])

    def take_in(self, paths: list[Path]) -> None:
        """One file after the other, on a thread of its own; stopping keeps what is in by then."""
        messages = self.desk.services.messages
        done: list[Taken] = []

        def work(progress: Progress) -> list[Taken]:
            for number, path in enumerate(paths):
                if progress.stopping:
                    break
                progress.moved.emit(number, len(paths), "")
                done.append(_take(messages, path))
            return done

        title = f"Importing {plain.count(len(paths), 'file')}"
        self.run(work, lambda taken: self._came(taken, len(paths)), progress=title)

    def _came(self, taken: list[Taken], asked: int) -> None:
        for one in taken:
            if one.record is not None:
                self._sitting[one.record.id] = one.outcome
            else:
                self._files += 1
                name = self.desk.actor.display_name
                self._unkept.insert(0, lines.of_taken(one, self._files, self.desk.clock.now(), name))
        first = lines.first_to_look_at(taken)
        self._wanted = first.id if first is not None else None
        self.shown.set_value("all")
        self.refresh()
        said, look = lines.summary(taken, asked)
        self.desk.notices.warn(said) if look else self.desk.notices.say(said)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.take_in(files)

    # ------------------------------------------------------------------ one message

    def _chosen(self, line: Line | None) -> None:
        if self._asking is not None and line is not None and line.key == self._asking:
            return  # what is being typed about it stays
        self._asking = None
        if line is None:
            self.panel.hide()
            return
        if self._opened is not None and line.record == self._opened.record:
            self._fill()
            return
        self._opened = None
        if line.record is None:
            self._fill()
            return
        message_id = line.record.id
        self.run(lambda: self.desk.services.messages.open(message_id), self._came_open, latest="open")

    def _came_open(self, opened: OpenedMessage) -> None:
        current = self.table.current
        if current is not None and current.key == opened.record.id:
            self._opened = opened
            self._fill()

    def _fill(self) -> None:
        self._asking = None
        line = self.table.current
        if line is None:
            return
        self.panel.set_title(f"{line.kind}, {'refused' if line.outcome == 'refused' else line.became.lower()}")
        if self._view == "original" and self._opened is not None:
            content: QWidget = OriginalView(self._opened.content, line.name, self.save_original)
        else:
            view = MessageView(line, self._opened, local_date(self.desk.clock.now()))
            view.person_chosen.connect(self.say_whose)
            view.register_wanted.connect(self.register)
            view.save_wanted.connect(self.save_attachment)
            content = view
        holder = QWidget()
        holder.setLayout(column(*([row(self._switch(), None)] if self._opened else []), content, gap=4))
        self.panel.set_content(holder)
        self._actions()
        self.panel.show()

    def _switch(self) -> SegmentedChoice:
        choices = [("read", "What it says"), ("original", "Original")]
        made = SegmentedChoice(choices, self._view, name="Shown")
        made.changed.connect(self._show_as)
        return made

    def _show_as(self, view: object) -> None:
        self._view = str(view)
        self._fill()

    def _actions(self) -> None:
        buttons: list[QWidget | None] = []
        if self._has_referral():
            buttons.append(button("Go to the referral", self.go_referral, kind="main"))
        if self._has_person():
            buttons.append(button("Open the person", self.go_person))
        if self._opened is not None:
            buttons += self._deciding.buttons(self._opened.record)
        self.panel.set_actions(*buttons, *([None] if buttons else []))

    def say_whose(self, person_id: PersonId) -> None:
        """Somebody has looked and says whom it is about."""
        opened = self._opened
        if opened is None:
            return
        record, messages = opened.record, self.desk.services.messages
        self.run(lambda: messages.say_whose(record.id, record.revision, person_id), self._said_whose, self._stale)

    def register(self) -> None:
        """Register the person as they were sent; the record opens, to be completed there."""
        opened = self._opened
        if opened is None:
            return
        record, messages, person_id = opened.record, self.desk.services.messages, PersonId(new_id())
        draft = messages.person_draft(opened)
        call = lambda: messages.register_whose(record.id, record.revision, draft, person_id)  # noqa: E731
        self.run(call, self._said_whose, self._stale)

    def _said_whose(self, record: MessageRecord) -> None:
        self._opened = None
        self.refresh()
        became = f", and referral {record.referral_number} with it" if record.referral_number else ""
        self.desk.notices.say(f"The message has its person{became}.")

    def decided(self, record: MessageRecord) -> None:
        """The contact of a message has its end."""
        self._opened = self._asking = None
        self._wanted = record.id
        self.refresh()

    def ask(self, title: str, content: QWidget, *buttons: QWidget) -> None:
        """Something to be filled in, in place of the message, about the message."""
        self._asking = self.table.current.key if self.table.current is not None else None
        self.panel.set_title(title)
        self.panel.set_content(content)
        self.panel.set_actions(*buttons, button("Back", self._fill), None)

    def _stale(self, error: Exception) -> bool:
        self._opened = None
        self.refresh()
        return False

    # ------------------------------------------------------------------ going on

    def _record(self) -> MessageRecord | None:
        line = self.table.current
        return line.record if line is not None else None

    def _has_referral(self) -> bool:
        record = self._record()
        return record is not None and record.referral_id is not None

    def _has_person(self) -> bool:
        record = self._record()
        return record is not None and record.person_id is not None

    def _has_original(self) -> bool:
        return self._record() is not None and not self.inbox.isVisible()

    def go_referral(self) -> None:
        record = self._record()
        if record is not None and record.referral_id is not None:
            self.desk.go.to("queue", record.referral_id)

    def go_person(self) -> None:
        record = self._record()
        if record is not None and record.person_id is not None:
            self.desk.go.to("person", record.person_id)

    def show_original(self) -> None:
        self._show_as("read" if self._view == "original" else "original")

    def save_original(self) -> None:
        if self._opened is not None:
            save_as(self, self._opened.record.name, self._opened.content)

    def save_attachment(self, file: Attachment) -> None:
        opened = self._opened
        if opened is None:
            return
        content = attachment(opened.record.kind, opened.record.media_type, opened.content, file.index)
        if content is None:
            self.desk.notices.warn("That file cannot be taken out of the message. Save the original instead.")
        else:
            save_as(self, file.name, content)


def _take(messages: Any, path: Path) -> Taken:
    """One file that the database refuses must not stop the others."""
    try:
        return take_in(messages, path)
    except CoordinationError as error:
        return Taken(not_read(path.name, "not_stored", why=sentence(error)), "refused")
