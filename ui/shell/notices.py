"""Quiet lines at the foot of the page: what was done (with Undo), what to know, what failed. No modal boxes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.sentences import sentence
from ui.style import icons, theme
from ui.widgets.basics import button, icon_button, label, row

SAID_MS = 6_000
UNDO_MS = 12_000
MOST = 3
INKS = {"say": "on-notice", "warn": "tone:amber", "error": "tone:red"}
MARKS = {"say": "check-circle", "warn": "warning-circle", "error": "warning-octagon"}


class Notice(QFrame):
    """One line. ``ended`` when it goes, by itself or by its cross."""

    ended = Signal()

    def __init__(
        self, kind: str, words: str, undo: Callable[[], object] | None = None, undo_words: str = "Undo"
    ) -> None:
        super().__init__()
        self.kind, self.words, self.undo = kind, words, undo
        self.setProperty("notice", kind)
        self.setAccessibleName(words)
        self._picture = QLabel()
        self._words = label(words, wrap=True, selectable=kind != "say")
        self._words.setProperty("on", kind)
        parts: list[QWidget | None] = [self._picture, self._words]
        self.button: QPushButton | None = None
        if undo is not None:
            self.button = button(undo_words, self.take_back, kind="quiet")
            self.button.setProperty("on", kind)
            parts.append(self.button)
        cross = icon_button("x", "Dismiss", self.end, INKS[kind])
        cross.setProperty("on", kind)
        layout = row(*parts, cross, gap=3, margins=(4, 1.5, 2, 1.5))
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._timer = QTimer(self, singleShot=True, interval=UNDO_MS if undo else SAID_MS)
        self._timer.timeout.connect(self.end)
        theme.hub().changed.connect(self._draw)
        self._draw()
        if kind == "say":
            self._timer.start()

    def add_deed(self, words: str, do: Callable[[], object]) -> None:
        """Something that can be done about it: a button before the cross, which Undo does not press."""

        def pressed() -> None:
            self.end()
            do()

        self.button = button(words, pressed, kind="quiet")
        self.button.setProperty("on", self.kind)
        self._timer.setInterval(UNDO_MS)
        line = self.layout()
        assert isinstance(line, QBoxLayout)
        line.insertWidget(line.count() - 1, self.button)

    def take_back(self) -> None:
        """Undo, once."""
        undo, self.undo = self.undo, None
        self.end()
        if undo is not None:
            undo()

    def end(self) -> None:
        self._timer.stop()
        self.ended.emit()

    def enterEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        """Nothing goes while it is being read."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if self.kind == "say":
            self._timer.start()
        super().leaveEvent(event)

    def _draw(self) -> None:
        self._picture.setPixmap(icons.pixmap(MARKS[self.kind], INKS[self.kind], 20, self.devicePixelRatioF()))


class NoticeBar(QWidget):
    """Holds the notices of a window, newest below; at most three, a failure is never pushed out by a result.

    The same failure twice is shown once."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self.notices: list[Notice] = []
        self.hide()

    def say(
        self, words: str, *, undo: Callable[[], object] | None = None, undo_words: str = "Undo",
        do: Callable[[], object] | None = None, do_words: str = "",
    ) -> None:  # fmt: skip
        """Something was done. Goes by itself."""
        made = Notice("say", words, undo, undo_words)
        if do is not None:
            made.add_deed(do_words, do)
        self._add(made)

    def warn(self, words: str, *, do: Callable[[], object] | None = None, do_words: str = "") -> None:
        """Something to know before going on. Stays until dismissed, or until its button is pressed."""
        made = Notice("warn", words)
        if do is not None:
            made.add_deed(do_words, do)
        self._add(made)

    def error(self, error: Exception) -> None:
        """Something failed. Stays until dismissed."""
        self._add(Notice("error", sentence(error)))

    def withdraw(self, words: str) -> None:
        """Take back what was said in these words: it does not hold any more."""
        for notice in [n for n in self.notices if n.words == words]:
            notice.end()

    @property
    def can_undo(self) -> bool:
        return any(notice.undo is not None for notice in self.notices)

    def undo_last(self) -> None:
        """Take back what the newest notice with an undo tells of."""
        for notice in reversed(self.notices):
            if notice.undo is not None:
                notice.take_back()
                return

    def dismiss_last(self) -> None:
        if self.notices:
            self.notices[-1].end()

    def clear(self) -> None:
        for notice in list(self.notices):
            notice.end()

    def _add(self, notice: Notice) -> None:
        for shown in list(self.notices):
            if shown.kind == notice.kind and shown.words == notice.words:
                self._remove(shown)
        while len(self.notices) >= MOST:
            self._remove(next((shown for shown in self.notices if shown.kind == "say"), self.notices[0]))
        self.notices.append(notice)
        self._column.addWidget(notice)
        notice.ended.connect(lambda: self._remove(notice))
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(notice, QAccessible.Event.Alert))

    def _remove(self, notice: Notice) -> None:
        if notice in self.notices:
            self.notices.remove(notice)
            self._column.removeWidget(notice)
            notice.hide()
            notice.deleteLater()
        self.setVisible(bool(self.notices))
