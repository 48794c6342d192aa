"""Beside the tables of the inbox: one source, or one item that waits for somebody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from coordination.messages.inbox import InboxItem, SourceRow
from coordination.messages.record import OpenedMessage
from ui import wording as plain
from ui.messages import inbox_words
from ui.messages.panel import OriginalView
from ui.widgets import Facts, Field, Form, Section, TextArea, button, column, label, row

_SECURITY = {"tls": "TLS", "starttls": "STARTTLS", "plain": "None: in clear"}


class SourcePanel(QWidget):
    """Where it is, how it stands, and, of a mailbox, a place for its password."""

    password_given = Signal(str)
    reads_here = Signal(bool)

    def __init__(self, source: SourceRow, now: datetime, *, may_read: bool, reads_here: bool) -> None:
        super().__init__()
        words = inbox_words.standing(source)
        bad = bool(source.state.problem) and source.source.active
        parts: list[QWidget] = [label(words, wrap=True, tone="red" if bad else "", strong=bad)]
        parts.append(Facts(self._facts(source, now)))
        if may_read and source.source.kind == "imap" and source.source.active:
            parts.append(self._password())
        if may_read:
            here = QCheckBox("This computer reads the inbox while the desk is open")
            here.setChecked(reads_here)
            here.toggled.connect(self.reads_here)
            parts.append(here)
            parts.append(label("What reads day and night is the command centre inbox run.", quiet=True, wrap=True))
        self.setLayout(column(*parts, None, gap=4))

    def _facts(self, found: SourceRow, now: datetime) -> list[tuple[str, object | None]]:
        source, state = found.source, found.state

        def near(moment: datetime | None) -> str:
            return plain.near_time(moment, now) if moment is not None else "Never"

        facts: list[tuple[str, object | None]] = [("Where", inbox_words.place(source))]
        if source.kind == "imap":
            facts.append(("Security", f"{_SECURITY[source.security or 'tls']}, port {source.port}"))
            facts.append(("Only mails since", plain.day(source.since) if source.since else "All"))
        facts += [
            ("Looked at", near(state.looked_at)),
            ("Read to its end", near(state.good_at)),
            ("Next look", inbox_words.next_look(found, now)),
            ("Looks every", plain.length(source.every)),
            ("Messages read", f"{state.read:,}"),
            ("To see to", f"{state.refused:,}"),
        ]
        if state.held_by:
            facts.append(("Read by", f"{state.held_by}, just now"))
        return facts

    def _password(self) -> Section:
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        help_ = "Kept in this computer's keyring, or while the desk is open where there is none"
        field = Field("password", "Password of the mailbox", self.password, help=help_)
        self.password.returnPressed.connect(self._give)
        holder = QWidget()
        holder.setLayout(column(field, row(button("Keep and look now", self._give), None), gap=2))
        return Section("Password", content=holder)

    def _give(self) -> None:
        given = self.password.text()
        if given:
            self.password.clear()
            self.password_given.emit(given)


class ItemPanel(QWidget):
    """Why it was not taken in, and its original where it was kept."""

    def __init__(self, item: InboxItem, opened: OpenedMessage | None, save: Callable[[], None], now: datetime) -> None:
        super().__init__()
        parts: list[QWidget] = [label(inbox_words.item_words(item), wrap=True, selectable=True)]
        facts: list[tuple[str, object | None]] = [
            ("From", item.source_name),
            ("Name", item.name),
            ("Found", plain.near_time(item.found_at, now)),
            ("Tried", f"{plain.count(item.tries, 'time')}, last {plain.near_time(item.tried_at, now)}"),
        ]
        if item.retry_at is not None:
            facts.append(("Tried again", plain.near_time(item.retry_at, now)))
        parts.append(Facts(facts))
        if opened is not None:
            parts.append(Section("Original", content=OriginalView(opened.content, opened.record.name, save)))
        elif item.message_id is None:
            where = "in the mailbox" if item.source_kind == "imap" else "in the folder"
            parts.append(label(f"Nothing of it is kept here; it lies {where} as it was.", quiet=True, wrap=True))
        self.setLayout(column(*parts, None, gap=4))


class AsidePanel(QWidget):
    """The reason for setting something aside."""

    def __init__(self) -> None:
        super().__init__()
        self.form = Form()
        self.form.add("set_aside_reason", "Why nothing is needed", TextArea(), required=True)
        self.setLayout(column(self.form, None))
