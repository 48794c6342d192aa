"""A whole caseload changes hands: whose, to whom, why, and the list of what moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from coordination.intake.moved import BulkMoved, LeftBehind
from coordination.intake.queue import ReferralRow
from coordination.values import ReferralId, UserName
from ui import wording
from ui.intake import words
from ui.intake.move_forms import MoveForm
from ui.style import fonts, theme
from ui.widgets.basics import Choice, TextArea, button, column, label, row
from ui.widgets.tips import plain_tip

_QUEUE = ""
Values = dict[str, str]


class CaseloadForm(MoveForm):
    """``to`` are those that are marked: one, several in turn, or nobody, which is the queue."""

    about_row = False

    def __init__(
        self, me: str, colleagues: Sequence[tuple[str, str]], read: Callable[[str], object],
        do: Callable[[Values], object], leave: Callable[[], object],
    ) -> None:  # fmt: skip
        super().__init__("Hand over a whole caseload", "Hand over", do, leave)
        self.rows: tuple[ReferralRow, ...] = ()
        self.whose = Choice([(me, "Mine"), *colleagues])
        self.whose.set_value(me)
        self.whose.chosen.connect(lambda user: self._begin(read, str(user)))
        self.to = _Marks([(_QUEUE, "Back to the queue"), *colleagues], "To whom")
        self.to.setFixedHeight(theme.px(148))
        self.form.add("whose", "Whose", self.whose, required=True)
        self.form.add("to", "To; several take turns", self.to)
        self.form.add("reason", "Why, and what they should know", TextArea(2), required=True)
        self.said = label("", quiet=True, wrap=True)
        self.moving = _Marks([], "What moves")
        self.moving.setMinimumHeight(theme.px(120))
        self.form.add_widget(self.said)
        self.form.add_widget(self.moving)
        self.moving.itemChanged.connect(lambda _item: self._count())
        self._begin(read, me)

    def _begin(self, read: Callable[[str], object], user: str) -> None:
        self.rows = ()
        self.moving.clear()
        self.said.setText("Reading…")
        read(user)

    def show_caseload(self, rows: Sequence[ReferralRow], now: datetime) -> None:
        """All of it is marked; what is to stay can be taken out."""
        self.rows = tuple(rows)
        items = [(str(number), _line(each, now)) for number, each in enumerate(rows)]
        self.moving.set_items(items, marked=True)
        self._count()

    def _count(self) -> None:
        chosen = len(self.chosen)
        if not self.rows:
            self.said.setText("Nothing is held there.")
        else:
            self.said.setText(f"{wording.count(chosen, 'referral')} of {len(self.rows):,} move, first due first.")

    @property
    def chosen(self) -> list[tuple[ReferralId, int]]:
        """Id and the revision that is shown."""
        marked = {int(place) for place in self.moving.marked}
        return [(each.id, each.revision) for place, each in enumerate(self.rows) if place in marked]

    @property
    def colleagues(self) -> tuple[UserName, ...] | None:
        """To whom; empty for the queue, None while nobody is marked."""
        marked = self.to.marked
        return tuple(UserName(user) for user in marked if user != _QUEUE) if marked else None


class _Marks(QListWidget):
    """Lines to be marked, by Space."""

    def __init__(self, items: Sequence[tuple[str, str]], name: str) -> None:
        super().__init__()
        fonts.dress(self)
        self.setAccessibleName(name)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.set_items(items)

    def set_items(self, items: Sequence[tuple[str, str]], *, marked: bool = False) -> None:
        self.blockSignals(True)
        self.clear()
        for code, words_ in items:
            item = QListWidgetItem(words_, self)
            item.setToolTip(plain_tip(words_))
            item.setData(Qt.ItemDataRole.UserRole, code)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if marked else Qt.CheckState.Unchecked)
        if self.count():
            self.setCurrentRow(0)
        self.blockSignals(False)

    @property
    def value(self) -> str:
        """For the form: the codes that are marked."""
        return " ".join(self.marked)

    def set_value(self, codes: str) -> None:
        for code in codes.split():
            self.mark(code)

    @property
    def marked(self) -> list[str]:
        items = [self.item(number) for number in range(self.count())]
        return [str(i.data(Qt.ItemDataRole.UserRole)) for i in items if i.checkState() == Qt.CheckState.Checked]

    def mark(self, code: str, on: bool = True) -> None:
        for number in range(self.count()):
            item = self.item(number)
            if item.data(Qt.ItemDataRole.UserRole) == code:
                item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)


def _line(each: ReferralRow, now: datetime) -> str:
    who = wording.name(each.surname, each.given, each.title)
    return f"No. {each.number} · {words.time_left(each, now)} · {who} · {each.service_name}"


class LeftNote(QWidget):
    """What did not move, row by row: who did what to it meanwhile."""

    def __init__(self, result: BulkMoved, said: str, leave: Callable[[], object], now: datetime) -> None:
        super().__init__()
        lines = [label(left_words(each, now), wrap=True, selectable=True) for each in result.left]
        close = row(button("Good", leave, kind="main"), None)
        self.setLayout(column(label(said, strong=True, wrap=True), *lines, close, None, gap=3))


def left_words(each: LeftBehind, now: datetime) -> str:
    """``No. 12: Claimed by Cole Example, 10:42.``"""
    if each.current is None:
        return "One is not there any more, or you may not see it."
    if each.last is None:
        return f"No. {each.current.number} was changed meanwhile."
    told = words.event(each.last, None) or "Changed"
    return f"No. {each.current.number}: {told}, {words.when(each.last.at, now)}."
