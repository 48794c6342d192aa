"""Information and advice beside the call (Care Act 2014): found by a word, said in plain words, recorded as given."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QSizePolicy, QWidget

from coordination.intake import knowledge
from coordination.intake.knowledge import Topic
from coordination.intake.model import GivenAdvice
from ui.style import fonts, icons, theme
from ui.widgets.basics import button, column, label, row
from ui.widgets.panels import scrolling

_CODE = Qt.ItemDataRole.UserRole


class _Search(QLineEdit):
    """Down and Up move in the list, Enter gives what is chosen there."""

    entered = Signal()
    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif plain and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)


class AdviceView(QWidget):
    """``given_changed`` when a topic was given, or taken back; ``given`` in the order of giving."""

    given_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._topics = knowledge.by_code(knowledge.read_topics())
        self._suggested: list[str] = []
        self.given: tuple[GivenAdvice, ...] = ()
        self.search = _Search()
        self.search.setPlaceholderText("Paying, carers, falls, warmth …")
        self.search.setAccessibleName("Find information and advice")
        fonts.dress(self.search)
        self.list = QListWidget()
        self.list.setAccessibleName("Topics")
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        fonts.dress(self.list)
        self._nothing = label("Nothing found. Try another word; what you say in your own words goes under Advice.",
                              quiet=True, wrap=True)  # fmt: skip
        self.words = label("", wrap=True, selectable=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.words.setContentsMargins(0, 0, theme.space(2), 0)
        area = scrolling(self.words)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.give_button = button("Give", self.give, icon="check", tip="Record it as given  (Enter)")
        self._given_said = label("", quiet=True, size="small", wrap=True)
        foot = row(self.give_button, self._given_said, gap=2)
        foot.setStretch(1, 1)
        layout = column(self.search, self.list, self._nothing, area, foot, gap=2)
        layout.setStretch(1, 5)
        layout.setStretch(3, 6)
        self.setLayout(layout)
        self.search.textChanged.connect(lambda _text: self._fill())
        self.search.entered.connect(self.give)
        self.search.stepped.connect(self._step)
        self.list.currentRowChanged.connect(lambda _row: self._show())
        self.list.itemActivated.connect(lambda _item: self.give())
        theme.hub().changed.connect(self._fill)
        self._fill()

    def suggest(self, topics: Sequence[Topic]) -> None:
        """What the words of the need bring up: on top while nothing is searched for."""
        codes = [topic.code for topic in topics]
        if codes != self._suggested:
            self._suggested = codes
            if not self.search.text().strip():
                self._fill()

    def begin(self, given: tuple[GivenAdvice, ...]) -> None:
        """Another contact."""
        self.given = given
        self.search.clear()
        self._fill()

    @property
    def current(self) -> Topic | None:
        item = self.list.currentItem()
        return self._topics.get(item.data(_CODE)) if item is not None else None

    def take_focus(self) -> None:
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.selectAll()

    def give(self) -> None:
        """Record the topic as given; once more takes it back."""
        topic = self.current
        if topic is None:
            return
        if self._is_given(topic.code):
            self.given = tuple(one for one in self.given if one.code != topic.code)
        else:
            self.given = (*self.given, topic.given())
        self._mark()
        self.given_changed.emit()

    def _is_given(self, code: str) -> bool:
        return any(one.code == code for one in self.given)

    def _fill(self) -> None:
        found = knowledge.find_topics(self.search.text())
        if not self.search.text().strip():
            found = sorted(found, key=lambda topic: self._rank(topic.code))
        self.list.blockSignals(True)
        self.list.clear()
        for topic in found:
            item = QListWidgetItem(topic.title)
            item.setData(_CODE, topic.code)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.blockSignals(False)
        self.list.setVisible(bool(found))
        self._nothing.setVisible(not found)
        self._mark()
        self._show()

    def _rank(self, code: str) -> int:
        return self._suggested.index(code) if code in self._suggested else len(self._suggested)

    def _mark(self) -> None:
        """Which were given already; said in words too."""
        for number in range(self.list.count()):
            item = self.list.item(number)
            topic = self._topics[item.data(_CODE)]
            given = self._is_given(topic.code)
            item.setIcon(icons.icon("check-circle-fill" if given else "info", "tone:ok" if given else "text-quiet"))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{topic.title}, given" if given else topic.title)
        count = len(self.given)
        self._given_said.setText(f"{count} given, kept with the contact" if count else "")
        self._show_button()

    def _show_button(self) -> None:
        given = self.current is not None and self._is_given(self.current.code)
        self.give_button.setText("Take back" if given else "Give")
        self.give_button.setEnabled(self.current is not None)

    def _show(self) -> None:
        self.words.setText(self.current.words if self.current is not None else "")
        self._show_button()

    def _step(self, by: int) -> None:
        self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + by)))
