"""Right of the inbox: the source or the item that is chosen, or a form about it."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtWidgets import QWidget

from coordination.messages.inbox import InboxItem, PassResult, SourceRow
from ui.desk import Desk
from ui.messages import inbox_words
from ui.messages.inbox_watch import InboxWatch
from ui.widgets import SidePanel, column


class InboxSide(SidePanel):
    """``form``: what is being typed stays whatever changes meanwhile."""

    def __init__(self) -> None:
        super().__init__("", width=440)
        self.form: QWidget | None = None
        self.hide()
        self.closed.connect(self._closed)

    def put(self, title: str, content: QWidget, *actions: QWidget | None) -> None:
        """Something else stands here."""
        self.set_title(title)
        holder = QWidget()
        holder.setLayout(column(content, None))
        self.set_content(holder)
        self.set_actions(*actions, *([None] if actions else []))
        self.show()

    def leave(self) -> None:
        """Nothing stands here any more."""
        self.form = None
        self.hide()

    def _closed(self) -> None:
        self.form = None


class InboxShown(Protocol):
    """What those who act on a source or an item ask of the inbox."""

    watch: InboxWatch
    panel: InboxSide
    keeps: bool
    """says where messages come from"""
    reads: bool
    """sees to what could not be taken in"""

    @property
    def source(self) -> SourceRow | None: ...
    @property
    def item(self) -> InboxItem | None: ...
    def refresh(self) -> None: ...


def say_outcome(desk: Desk, result: PassResult) -> None:
    """What came of a look."""
    words = inbox_words.outcome(result)
    desk.notices.warn(words) if result.problem or result.refused else desk.notices.say(words)
