"""Editing one row where it stands. Ctrl+Enter saves, Esc leaves it as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from coordination.careplan.items import values_of
from coordination.careplan.rows import Item, ItemKind
from coordination.careplan.version_rules import merged
from coordination.errors import BadValue, BadValues
from coordination.values import new_id
from ui.careplan.differing import ChangedTwice, Twice
from ui.careplan.item_words import field_words, value_words
from ui.careplan.messages import NEEDS_WORDS
from ui.widgets.basics import Choice, button, column, label, row, set_tone
from ui.widgets.fields import Form


class RowEditor(QFrame):
    """``saved`` gives the values by name; the page saves, and either closes it or says what is wrong."""

    saved = Signal(object, int, dict)
    """id (None: new), the revision that was seen, values"""
    left = Signal()

    def __init__(
        self, key: UUID | None, seen: int, form: Form, *, kind: ItemKind | None = None, words: str = "Save"
    ) -> None:
        super().__init__()
        self.key, self.seen, self.form, self.kind = key, seen, form, kind
        self.new_key = new_id()  # of what is new: saving it again makes no second one
        self.base: Mapping[str, Any] = {}  # as it was when it was opened
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "sunken")
        self.setProperty("rule", "all")
        self._save = button(words, self.save, kind="main", tip=f"{words}  (Ctrl+Enter)")
        leave = button("Leave it", self.left.emit, tip="Leave it as it was  (Esc)")
        self.note = label("", tone="amber", wrap=True)
        self.note.hide()
        self._column = column(self.note, form, row(None, leave, self._save), margins=3)
        self.setLayout(self._column)
        self._differing: ChangedTwice | None = None
        self._before = self._written()

    def begin_from(self, item: Item) -> None:
        """A row that is there already, as it was when it was opened."""
        assert self.kind is not None
        self.base = values_of(self.kind, item)
        self.form.set_values({name: value for name, value in self.base.items() if name in self.form.fields})
        self._before = self._written()

    def take_focus(self) -> None:
        next(iter(self.form.fields.values())).editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Hand the values over, if they can be read; with two versions to choose from: as is chosen."""
        if self._differing is not None:
            self._differing.settle()
            return
        try:
            values = self.form.values()
        except BadValues as bad:
            self.form.set_problems(bad)
            return
        self.form.clear_problems()
        self.saved.emit(self.key, self.seen, values)

    def keep(self) -> None:
        """Somebody goes elsewhere: what was written is saved, what was not is left."""
        if self._written() == self._before:
            self.left.emit()
        elif self._differing is None:
            self.save()

    def _written(self) -> dict[str, Any] | None:
        try:
            return self.form.values()
        except BadValues:
            return None  # a date that is none: written, so not to be dropped

    def show_problem(self, error: BadValue | BadValues) -> None:
        self.form.set_problems(error)
        if error == BadValue("words", "required") and self.kind is not None:
            self.form.field("words").set_problem(NEEDS_WORDS[self.kind])

    # somebody else was first

    def show_differing(self, current: Item) -> None:
        """Somebody saved first. What only one of the two changed is put together; what both did is for us to choose."""
        assert self.kind is not None
        mine, theirs = self._written() or {}, values_of(self.kind, current)
        stands, twice = merged(self.base, mine, theirs)
        self.seen = current.revision
        if not twice:
            self._go_on(theirs, stands)
            return
        self._end_differing()
        made = ChangedTwice([self._twice(name, mine, theirs, current) for name in twice])
        both = {name: mine[name] for name in twice}
        made.mine.connect(lambda: self._go_on(theirs, {**stands, **both}))
        made.theirs.connect(lambda: self._go_on(theirs, stands))
        made.chosen.connect(lambda ours: self._go_on(theirs, {**stands, **{n: both[n] for n in twice if n in ours}}))
        self._differing = made
        self._column.insertWidget(1, made)
        self.form.setEnabled(False)
        made.show()
        made.start()

    def _go_on(self, theirs: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Over the version that stands."""
        self._end_differing()
        self.base = theirs
        self.form.set_values({**{n: v for n, v in theirs.items() if n in self.form.fields}, **values})
        self.save()

    def _twice(self, name: str, mine: Mapping[str, Any], theirs: Mapping[str, Any], current: Item) -> Twice:
        def said(values: Mapping[str, Any]) -> str:
            editor = self.form.fields[name].editor
            value = values.get(name)
            if isinstance(editor, Choice):
                at = editor.findData(value)
                return editor.itemText(at) if at >= 0 else getattr(current, "team_name", "") or str(value)
            return value_words(name, value)

        return Twice(name, field_words("", name), said(mine), said(theirs), said(self.base))

    def _end_differing(self) -> None:
        if self._differing is not None:
            self._differing.hide()
            self._differing.deleteLater()
            self._differing = None
        self.form.setEnabled(True)

    def show_gone(self) -> None:
        """Somebody took the row off meanwhile: what is written here stays, and can be put on again."""
        self._end_differing()
        self.key = None
        self.note.setText(
            "Somebody has taken this line off meanwhile. What you wrote is still here: save puts it on again."
        )
        set_tone(self.note, "amber")
        self.note.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif enter and (ctrl or isinstance(self.focusWidget(), QLineEdit)):
            self.save()
        else:
            super().keyPressEvent(event)


def heading(words: str, *tools: QWidget) -> QWidget:
    """Quiet words above a group of rows."""
    said = label(words, quiet=True, size="small", strong=True)
    made = QWidget()
    made.setLayout(row(said, None, *tools, margins=(0, 2, 0, 0)))
    return made
