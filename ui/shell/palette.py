"""Find (Ctrl+K): people, actions, places, in one list under the find box, as one types.

palette.add_provider(Provider("People", search_people))   # Callable[[str], list[Hit]], run on a worker thread
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.commands import Command
from ui.shell.found import ENTRY_ROLE, Group, Hit, HitDelegate, HitList
from ui.style import theme
from ui.tasks import Tasks

__all__ = ["Hit", "Palette", "Provider", "command_hits", "fits"]

WAIT_MS = 40  # people and records are asked together; a burst of keys is one question
MOST_OF_A_GROUP = 8


@dataclass(frozen=True)
class Provider:
    """A source of hits that takes time (the database). ``search`` runs on a worker thread."""

    group: str
    search: Callable[[str], list[Hit]]
    least: int = 2


def fits(words: str, text: str) -> bool:
    """True when every word typed begins a word of the text."""
    starts = text.casefold().split()
    return all(any(start.startswith(word) for start in starts) for word in words.casefold().split())


def command_hits(commands: Sequence[Command], words: str) -> list[Hit]:
    """The commands that fit and can be done now."""
    return [
        Hit(command.title, command.__call__, command.group, command.icon or "lightning", command.keys)
        for command in commands
        if command.in_palette and fits(words, f"{command.title} {command.group} {command.also}")
        and command.enabled_when()
    ]  # fmt: skip


class Palette(QFrame):
    """The list under the find box. ``commands`` gives the commands that can be reached now."""

    opened = Signal()

    def __init__(
        self, over: QWidget, box: QLineEdit, tasks: Tasks, commands: Callable[[], Sequence[Command]],
        places: Callable[[], Sequence[Command]],
    ) -> None:  # fmt: skip
        super().__init__(over)
        self._over = over
        self._box, self._tasks, self._commands, self._places = box, tasks, commands, places
        self._providers: list[Provider] = []
        self._found: dict[str, Group] = {}
        self._before: QWidget | None = None
        self._asked = False
        self._moved = False
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "surface")
        self.setProperty("rule", "float")
        self._model = HitList()
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(HitDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setAccessibleName("Found")
        self.list.clicked.connect(self._clicked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, theme.space(1), 1, theme.space(1))
        layout.addWidget(self.list)
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._wait.timeout.connect(self._ask_providers)
        box.textEdited.connect(self._typed)
        box.installEventFilter(self)
        self.hide()

    def add_provider(self, provider: Provider) -> None:
        self._providers.append(provider)

    def open(self) -> None:
        """Go to the find box and show what can be done."""
        focus = QApplication.focusWidget()
        if focus is not self._box:
            self._before = focus
        self._box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._box.selectAll()
        self._typed(self._box.text())

    def close_palette(self, *, back: bool = True) -> None:
        self._wait.stop()
        self._tasks.drop(self)
        self.hide()
        if back:
            self._box.clear()
            if self._before is not None and self._before.isVisible():
                self._before.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self._box.clearFocus()

    def run_chosen(self) -> None:
        """Go to what is chosen."""
        entry = self.list.currentIndex().data(ENTRY_ROLE)
        if isinstance(entry, Hit):
            self.close_palette()
            entry.run()

    def _clicked(self, index: QModelIndex) -> None:
        self._choose(index.row())
        self.run_chosen()

    def shown(self) -> list[str]:
        """The titles that can be chosen now, from the top."""
        return [self._model.index(number, 0).data(ENTRY_ROLE).title for number in self._model.hits()]

    def _typed(self, words: str) -> None:
        self._moved = False
        self._asked = any(len(words.strip()) >= provider.least for provider in self._providers)
        for provider in self._providers:
            old = self._found.get(provider.group, Group(provider.group))
            wanted = len(words.strip()) >= provider.least
            self._found[provider.group] = (
                Group(provider.group, old.hits, "Looking…") if wanted else Group(provider.group)
            )
        self._show(words)
        self._wait.start()

    def _ask_providers(self) -> None:
        words = self._box.text().strip()
        for provider in self._providers:
            if len(words) >= provider.least:
                self._ask(provider, words)

    def _ask(self, provider: Provider, words: str) -> None:
        def came(hits: list[Hit]) -> None:
            self._asked = False
            note = "" if hits else f"No {provider.group.lower()} found for these words"
            self._found[provider.group] = Group(provider.group, hits[:MOST_OF_A_GROUP], note)
            self._show(self._box.text())

        def failed(_error: Exception) -> None:
            self._asked = False
            note = f"{provider.group} cannot be searched just now"
            self._found[provider.group] = Group(provider.group, [], note)
            self._show(self._box.text())

        self._tasks.run(self, lambda: provider.search(words), came, failed, latest=provider.group)

    def _show(self, words: str) -> None:
        words = words.strip()
        groups = [self._found[provider.group] for provider in self._providers if provider.group in self._found]
        groups.append(Group("Actions", command_hits(self._commands(), words)[: MOST_OF_A_GROUP if words else 6]))
        groups.append(Group("Places", command_hits(self._places(), words)[:12]))
        chosen = self.list.currentIndex().data(ENTRY_ROLE) if self.isVisible() else None
        self._model.set_groups(groups)
        rows = self._model.hits()
        if not rows and not any(group.note for group in groups):
            self._model.set_groups([Group("Nothing found", note="Try a surname, a date of birth, an NHS number")])
        if self._moved and chosen is not None:
            rows = [number for number in rows if self._model.index(number, 0).data(ENTRY_ROLE) == chosen] or rows
        if rows and (self._moved or not self._asked):
            # while people are still being looked for nothing is chosen: Enter must not do something else meanwhile
            self._choose(rows[0])
        self._place()
        if not self.isVisible():
            self.show()
            self.opened.emit()
        self.raise_()

    def _choose(self, number: int) -> None:
        if number in self._model.hits():
            self.list.setCurrentIndex(self._model.index(number, 0))

    def _step(self, by: int) -> None:
        rows = self._model.hits()
        self._moved = True
        if rows:
            now = self.list.currentIndex().row()
            place = rows.index(now) if now in rows else -1
            self._choose(rows[(place + by) % len(rows)])
            self.list.scrollTo(self.list.currentIndex())

    def _place(self) -> None:
        over = self._over
        corner = self._box.mapTo(over, QPoint(0, self._box.height() + theme.px(4)))
        width = max(self._box.width(), theme.px(560))
        heights = sum(
            self.list.itemDelegate().sizeHint(QStyleOptionViewItem(), self._model.index(number, 0)).height()
            for number in range(self._model.rowCount())
        )
        height = min(heights + theme.px(12), over.height() - corner.y() - theme.px(48))
        self.setGeometry(corner.x(), corner.y(), min(width, over.width() - corner.x() - theme.px(16)), height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._box and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        if watched is self._box and event.type() == QEvent.Type.FocusOut and self.isVisible():
            self._left(event)
        if watched is self._box and event.type() == QEvent.Type.MouseButtonPress and not self.isVisible():
            self.open()
        return super().eventFilter(watched, event)

    def _left(self, event: QEvent) -> None:
        """Left by a person it closes. A page whose answer came late gets the cursor when it closes, and not before:
        what is typed on would be keys of that page."""
        by_program = isinstance(event, QFocusEvent) and event.reason() == Qt.FocusReason.OtherFocusReason
        wanted = QApplication.focusWidget()
        if by_program and wanted is not None and wanted.window() is self._over.window():
            self._before = wanted
            self._box.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.close_palette(back=False)

    def _key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}
        if key in steps:
            if not self.isVisible():
                self.open()
            self._step(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.run_chosen()
        elif key == Qt.Key.Key_Escape:
            self.close_palette()
        else:
            return False
        return True
