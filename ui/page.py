"""A page of the window.

    class QueuePage(Page):
        id, title, icon, areas = "queue", "Queue", "tray", frozenset({"intake"})

        def __init__(self, desk): super().__init__(desk); …build widgets…
        def refresh(self): self.run(lambda: self.desk.services.intake.queue(), self.show_rows, latest="rows")
        def commands(self): return [Command("queue.claim", "Claim", self.claim, shortcut="C")]

and, for the window, a :class:`PageSpec` (see ui/root.py), so that a page is built only when first looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from coordination.changes import RESYNC, SHARING, Change
from ui.commands import Command
from ui.desk import Desk
from ui.tasks import Failed, Task


class Page(QWidget):
    """Base of every page. ``areas`` names the areas whose changes refresh it."""

    id: ClassVar[str] = ""
    title: str = ""
    icon: ClassVar[str] = "circle"
    areas: ClassVar[frozenset[str]] = frozenset()
    stays_when_locked: ClassVar[bool] = False
    """in a second window, shown while the desk is locked: only for what names nobody"""

    title_changed = Signal()
    """a page about one thing says so by changing ``title`` (no personal data: it may stand in a window title)"""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.key: object = None
        self._stale = True
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "ground")
        self.setAccessibleName(self.title)
        desk.changes.batch.connect(self._changes_came)
        desk.locality.changed.connect(self._locality_moved)

    # what a page says of itself

    def commands(self) -> list[Command]:
        """What can be done here. Asked once, when the page is built."""
        return []

    def refresh(self) -> None:
        """Read again what is shown: on first showing, on changes in ``areas``, on another locality.

        Keep selection and scroll, and never overwrite an edit in progress."""

    def open(self, key: object) -> None:
        """Show the thing ``key``. The default remembers it and refreshes."""
        self.key = key
        self.refresh()

    def activated(self) -> None:
        """The page has come to the front. A place to set the focus."""

    def may_leave(self) -> bool:
        """False keeps the page in front; say why through ``desk.notices``. What is typed is a draft, so rarely."""
        return True

    @property
    def can_take_back(self) -> bool:
        """Whether Ctrl+Z takes back something on this page, rather than what the last notice tells of."""
        return False

    def take_back(self) -> None:
        """Ctrl+Z while the page is in front and ``can_take_back``."""

    def begin_another(self) -> None:
        """Ctrl+N while the page is in front: another of what is made here."""

    def put_away(self) -> None:
        """The second window that held the page closes. What is typed and kept goes to another page."""

    def changes_concern(self, changes: frozenset[Change]) -> bool:
        """Whether to refresh for these; the default looks at the areas only."""
        return any(change == RESYNC or change.area in self.areas for change in changes)

    @property
    def whose(self) -> UUID | None:
        """The person whose record this is, and nobody else's: what others share is nothing to it."""
        return None

    # what a page uses

    def run(
        self, call: Callable[..., Any], ok: Callable[[Any], object] | None = None, failed: Failed | None = None,
        latest: str | None = None, progress: str | None = None,
    ) -> Task:  # fmt: skip
        """``desk.tasks.run`` with this page as the owner."""
        if progress is None:
            return self.desk.tasks.run(self, call, ok, failed, latest)
        return self.desk.tasks.run(self, call, ok, failed, latest, progress=progress)

    def may_take_focus(self, leaving: QWidget | None = None) -> bool:
        """For an answer that came late: whether the cursor may be put into this page. Not while another page is in
        front, nor while somebody writes elsewhere; ``leaving`` is what they may be taken out of."""
        focus = QApplication.focusWidget()
        if self.isHidden() or (focus is not None and focus.window() is not self.window()):
            return False
        within = focus is None or (leaving is not None and leaving.isAncestorOf(focus))
        return within or not isinstance(focus, QLineEdit | QPlainTextEdit | QTextEdit | QAbstractSpinBox)

    def come_forward(self, key: object = None) -> None:
        """Called by the window when the page is shown: opens ``key``, or refreshes if anything changed meanwhile."""
        if key is not None:
            self._stale = False
            self.open(key)
        elif self._stale:
            self._stale = False
            self.refresh()
        self.activated()

    def mark_stale(self) -> None:
        """Read again now if in front, else when next shown."""
        if self.isVisible():
            self.refresh()
        else:
            self._stale = True

    def _changes_came(self, changes: frozenset[Change]) -> None:
        shared = {change.key for change in changes if change.area == SHARING}
        if shared and self.whose is not None and str(self.whose) not in shared:
            return
        if self.changes_concern(changes):
            self.mark_stale()

    def _locality_moved(self, _locality: str) -> None:
        self.mark_stale()


class OnDesk(Protocol):
    """What somebody who acts for a page asks of it: its desk, its way to do slow work, and to read again."""

    @property
    def desk(self) -> Desk: ...

    def run(
        self, call: Callable[..., Any], ok: Callable[[Any], object] | None = None, failed: Failed | None = None,
        latest: str | None = None, progress: str | None = None,
    ) -> Task: ...  # fmt: skip

    def refresh(self) -> None: ...


@dataclass(frozen=True)
class PageSpec:
    """How the window knows a page before it is built. ``in_rail`` pages stand in the rail, in order.

    One that needs a key (a person's record, an assessment) is not ``in_rail`` and not offered as a place.
    """

    id: str
    title: str
    icon: str
    build: Callable[[Desk], Page]
    in_rail: bool = True
    group: str = ""
    also: str = ""
    roles: frozenset[str] = frozenset()
    """whose desk has it; empty: everybody's. The database decides what they may do there"""
    rail_for: frozenset[str] = frozenset()
    """in whose rail it stands; empty: in everybody's. The others have it by Ctrl+K: a rail holds what a day holds"""

    def stands_in_rail_of(self, role: str) -> bool:
        return self.in_rail and (not self.rail_for or role in self.rail_for)
