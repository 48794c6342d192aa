"""One message at the side: what it says or its original, whose it is, what came with it, and what is decided on it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from coordination.clock import local_date
from coordination.messages.attachments import attachment
from coordination.messages.model import Attachment
from coordination.messages.record import MessageRecord, OpenedMessage
from coordination.values import PersonId, new_id
from ui.messages.deciding import Deciding
from ui.messages.lines import Line
from ui.messages.panel import MessageView, OriginalView
from ui.messages.saving import save_as
from ui.page import Page
from ui.widgets import SegmentedChoice, SidePanel, button, column, row


class OneMessage(QObject):
    """``current`` gives the line that the list stands on; ``show_line`` when it is another, or was read again."""

    decided_on = Signal(object)
    """MessageRecord: the contact of a message has its end"""

    def __init__(self, page: Page, current: Callable[[], Line | None]) -> None:
        super().__init__(page)
        self._page, self._current = page, current
        self.desk, self.run, self.refresh = page.desk, page.run, page.refresh
        self._deciding = Deciding(self)
        self._opened: OpenedMessage | None = None
        self._asking: object = None
        self._view = "read"
        self.panel = SidePanel("", width=480)
        self.panel.hide()

    @property
    def record(self) -> MessageRecord | None:
        """As it is kept; None where nothing was."""
        line = self._current()
        return line.record if line is not None else None

    @property
    def has_referral(self) -> bool:
        return self.record is not None and self.record.referral_id is not None

    @property
    def has_person(self) -> bool:
        return self.record is not None and self.record.person_id is not None

    # what is shown

    def show_line(self, line: Line | None) -> None:
        """Read what is kept of it, and show that."""
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
        current = self._current()
        if current is not None and current.key == opened.record.id:
            self._opened = opened
            self._fill()

    def _fill(self) -> None:
        self._asking = None
        line = self._current()
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

    def show_original(self) -> None:
        """Or what it says again."""
        self._show_as("read" if self._view == "original" else "original")

    def _actions(self) -> None:
        buttons: list[QWidget | None] = []
        if self.has_referral:
            buttons.append(button("Go to the referral", self.go_referral, kind="main"))
        if self.has_person:
            buttons.append(button("Open the person", self.go_person))
        if self._opened is not None:
            buttons += self._deciding.buttons(self._opened.record)
        self.panel.set_actions(*buttons, *([None] if buttons else []))

    def ask(self, title: str, content: QWidget, *buttons: QWidget) -> None:
        """Something to be filled in, in place of the message, about the message."""
        current = self._current()
        self._asking = current.key if current is not None else None
        self.panel.set_title(title)
        self.panel.set_content(content)
        self.panel.set_actions(*buttons, button("Back", self._fill), None)

    # whose it is, and what comes of it

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
        self.decided_on.emit(record)

    def _stale(self, error: Exception) -> bool:
        self._opened = None
        self.refresh()
        return False

    # going on

    def go_referral(self) -> None:
        record = self.record
        if record is not None and record.referral_id is not None:
            self.desk.go.to("queue", record.referral_id)

    def go_person(self) -> None:
        record = self.record
        if record is not None and record.person_id is not None:
            self.desk.go.to("person", record.person_id)

    def save_original(self) -> None:
        if self._opened is not None:
            save_as(self._page, self._opened.record.name, self._opened.content)

    def save_attachment(self, file: Attachment) -> None:
        opened = self._opened
        if opened is None:
            return
        content = attachment(opened.record.kind, opened.record.media_type, opened.content, file.index)
        if content is None:
            self.desk.notices.warn("That file cannot be taken out of the message. Save the original instead.")
        else:
            save_as(self._page, file.name, content)
