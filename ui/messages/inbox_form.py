"""Saying where to look: a folder, or a mailbox. No password is among the fields that are kept."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.errors import BadValue, BadValues
from coordination.messages.inbox import Source, SourceDraft
from coordination.messages.inbox_rules import PORTS
from ui.widgets import Choice, DateEdit, Form, SegmentedChoice, column, label

_SECURITY = [("tls", "TLS"), ("starttls", "STARTTLS"), ("plain", "None: in clear")]
_EVERY = [(10, "10 seconds"), (30, "30 seconds"), (60, "a minute"), (300, "5 minutes"), (900, "15 minutes")]
_FOLDER, _MAILBOX = ("folder",), ("host", "user_name", "mailbox", "security", "port", "since", "plain_reason")


class SourceForm(QWidget):
    """A source as it is typed. ``draft()`` raises BadValues for what cannot be read."""

    edited = Signal()

    def __init__(self, source: Source | None = None) -> None:
        super().__init__()
        self.kind = SegmentedChoice([("folder", "A folder"), ("imap", "A mailbox")], "folder", name="Kind of source")
        self.form = Form()
        add = self.form.add
        add("name", "Name", QLineEdit(), required=True, help="As everybody is to see it")
        add("folder", "Folder", QLineEdit(), required=True, help="The whole path, as the computer sees it that reads")
        add("host", "Mail server", QLineEdit(), required=True, help="Such as mail.example.org")
        add("user_name", "User name there", QLineEdit(), required=True)
        add("mailbox", "Folder of the mailbox", QLineEdit())
        add("security", "Security", Choice(_SECURITY))
        add("port", "Port", QLineEdit())
        add("plain_reason", "Why in clear", QLineEdit(), help="Anybody on the way can then read the password")
        add("since", "Only mails since", DateEdit())
        add("every", "Look every", Choice(_EVERY))
        self.form.set_values({"mailbox": "INBOX", "security": "tls", "port": "993", "every": 60})
        said = label("Nothing is deleted, moved or marked there. No password is kept in the database.", quiet=True,
                     wrap=True)  # fmt: skip
        self.setLayout(column(self.kind, self.form, said, gap=3))
        if source is not None:
            self._fill(source)
        self.kind.setVisible(source is None)
        self.kind.changed.connect(self._show_kind)
        self.form.edited.connect(self._edited)
        self._show_kind(self.kind.value)

    def start(self) -> None:
        """The cursor into the first field."""
        self.form.field("name").editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def draft(self) -> SourceDraft:
        found = self.form.values()
        every = timedelta(seconds=int(found["every"]))
        if self.kind.value == "folder":
            return SourceDraft("folder", found["name"], found["folder"], every=every)
        port = str(found["port"]).strip()
        if port and not (port.isascii() and port.isdigit()):
            raise BadValues((BadValue("port", "not_a_number"),))
        return SourceDraft(
            "imap", found["name"], found["mailbox"], found["host"], int(port) if port else None, found["user_name"],
            found["security"], found["plain_reason"], found["since"], every,
        )  # fmt: skip

    def set_problems(self, error: BadValue | BadValues) -> list[BadValue]:
        """Mark the fields; gives back what is of none."""
        problems = error.problems if isinstance(error, BadValues) else (error,)
        if self.kind.value == "imap":
            problems = tuple(BadValue("mailbox", p.reason) if p.field == "folder" else p for p in problems)
        return self.form.set_problems(BadValues(problems))

    def _fill(self, source: Source) -> None:
        self.kind.set_value(source.kind)
        seconds = round(source.every.total_seconds())
        every = min((s for s, _words in _EVERY), key=lambda s: abs(s - seconds))
        self.form.set_values(
            {
                "name": source.name, "folder": source.folder, "mailbox": source.folder, "host": source.host,
                "user_name": source.user_name, "security": source.security or "tls", "port": str(source.port or ""),
                "plain_reason": source.plain_reason, "since": source.since, "every": every,
            }
        )  # fmt: skip

    def _edited(self, name: str) -> None:
        if name == "security":
            self.form.set_values({"port": str(PORTS[self.form.value("security")])})
            self._show_kind(self.kind.value)
        self.edited.emit()

    def _show_kind(self, kind: object) -> None:
        for name in _FOLDER:
            self.form.field(name).setVisible(kind == "folder")
        for name in _MAILBOX:
            self.form.field(name).setVisible(kind == "imap")
        plain = kind == "imap" and self.form.value("security") == "plain"
        self.form.field("plain_reason").setVisible(plain)
