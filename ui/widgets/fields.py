"""Forms: labelled fields with help, a required mark, and what is wrong said at the field.

form = Form()
form.add("surname", "Surname", QLineEdit(), required=True)
form.add("born", "Date of birth", DateEdit(birth=True), help="As the person says it")
form.add("channel", "By", Choice([("telephone", "Telephone"), …]))
form.value("born"); form.set_problems(error)
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from coordination.errors import BadValue, BadValues
from ui import sentences
from ui.style import fonts, theme
from ui.widgets.basics import Choice, TextArea, label, restyle
from ui.widgets.chips import FilterChips, SegmentedChoice
from ui.widgets.dates import DateEdit, TimeEdit


class Field(QWidget):
    """A label, an editor, and a line beneath for help or for what is wrong."""

    edited = Signal()
    """a person changed it; not when it is filled in"""

    def __init__(
        self, name: str, words: str, editor: QWidget, *, help: str = "", required: bool = False,  # noqa: A002
        label_left: int = 0,
    ) -> None:  # fmt: skip
        super().__init__()
        self.name, self.editor, self._help = name, editor, help
        self.caption = label(words, quiet=True, size="small" if not label_left else "body")
        self.caption.setBuddy(editor)
        self._filling = False
        self._mark = label("needed", tone="accent", size="small") if required else None
        self._note = label(help, quiet=True, size="small", wrap=True)
        if not help:
            self._note.hide()
        editor.setAccessibleName(f"{words}, needed" if required else words)
        editor.setAccessibleDescription(help)
        if isinstance(editor, QLineEdit | QAbstractSpinBox):
            fonts.dress(editor)
        head = QHBoxLayout()
        head.setSpacing(theme.space(2))
        head.addWidget(self.caption)
        if self._mark is not None:
            head.addWidget(self._mark)
        head.addStretch(1)
        body = QVBoxLayout()
        body.setSpacing(theme.space(1))
        body.addWidget(editor)
        body.addWidget(self._note)
        self._lay_out(head, body, label_left)
        _on_edit(editor, self._was_edited)

    def _lay_out(self, head: QHBoxLayout, body: QVBoxLayout, label_left: int) -> None:
        if label_left:
            line = QHBoxLayout(self)
            line.setSpacing(theme.space(3))
            side = QWidget()
            side.setFixedWidth(theme.px(label_left))
            head.setContentsMargins(0, theme.px(6), 0, 0)
            side.setLayout(head)
            line.addWidget(side, 0, Qt.AlignmentFlag.AlignTop)
            line.addLayout(body, 1)
            line.setContentsMargins(0, 0, 0, 0)
            return
        stack = QVBoxLayout(self)
        stack.setSpacing(theme.space(1))
        stack.setContentsMargins(0, 0, 0, 0)
        stack.addLayout(head)
        stack.addLayout(body)
        stack.addStretch(1)

    @property
    def value(self) -> Any:
        """What the editor holds: text stripped, empty text as "". BadValue for a date that is none."""
        return editor_value(self.editor, self.name)

    def set_value(self, value: Any) -> None:
        """Fill in; this is no edit."""
        self._filling = True
        set_editor_value(self.editor, value)
        self._filling = False

    def set_problem(self, words: str) -> None:
        """Say at the field what is wrong; empty words clear it."""
        wrong = bool(words)
        self._note.setText(words or self._help)
        self._note.setVisible(bool(words or self._help))
        self._note.setProperty("tone", "red" if wrong else "")
        self._note.setProperty("quiet", not wrong)
        restyle(self._note)
        if self.editor.property("wrong") != wrong:
            self.editor.setProperty("wrong", wrong)
            restyle(self.editor)
        self.editor.setAccessibleDescription(words or self._help)

    @property
    def problem(self) -> str:
        return self._note.text() if self.editor.property("wrong") else ""

    def _was_edited(self) -> None:
        if self.editor.property("wrong"):
            self.set_problem("")
        if not self._filling:
            self.edited.emit()


class Form(QWidget):
    """Fields in a grid. ``label_left`` (pixels) puts labels beside; otherwise above, which is faster to read down."""

    edited = Signal(str)
    """name of the field that was edited"""

    def __init__(self, *, columns: int = 1, label_left: int = 0) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.space(4))
        self._grid.setVerticalSpacing(theme.space(3))
        self._columns, self._label_left = columns, label_left
        self._next = 0
        self.fields: dict[str, Field] = {}
        for number in range(columns):
            self._grid.setColumnStretch(number, 1)

    def add(
        self, name: str, words: str, editor: QWidget, *, help: str = "", required: bool = False, span: int = 1,  # noqa: A002
    ) -> Field:  # fmt: skip
        """Add a field in the next cell of the grid, ``span`` columns wide. ``name`` is the one errors use."""
        field = Field(name, words, editor, help=help, required=required, label_left=self._label_left)
        field.edited.connect(lambda: self.edited.emit(name))
        self.fields[name] = field
        self.add_widget(field, span=span)
        return field

    def add_widget(self, widget: QWidget, *, span: int = 0) -> None:
        """Put something else in the grid (a heading, a note), over the whole width unless told."""
        span = min(span or self._columns, self._columns)
        at = self._next % self._columns
        if at + span > self._columns:
            self._next += self._columns - at
            at = 0
        self._grid.addWidget(widget, self._next // self._columns, at, 1, span)
        self._next += span

    def share(self, *parts: int) -> None:
        """How wide the columns are beside each other; alike unless told."""
        for number, part in enumerate(parts):
            self._grid.setColumnStretch(number, part)

    def field(self, name: str) -> Field:
        return self.fields[name]

    def value(self, name: str) -> Any:
        return self.fields[name].value

    def values(self) -> dict[str, Any]:
        """All values by name. Raises BadValues for what cannot be read (a date that is none)."""
        found, problems = {}, []
        for name, field in self.fields.items():
            try:
                found[name] = field.value
            except BadValue as problem:
                problems.append(problem)
        if problems:
            raise BadValues(tuple(problems))
        return found

    def set_values(self, values: dict[str, Any]) -> None:
        """Fill in the fields that are named."""
        for name, value in values.items():
            if name in self.fields:
                self.fields[name].set_value(value)

    def set_problems(self, error: BadValue | BadValues) -> list[BadValue]:
        """Mark the fields that are wrong and go to the first; gives back the problems that are of no field here."""
        problems = error.problems if isinstance(error, BadValues) else (error,)
        self.clear_problems()
        elsewhere = []
        for problem in problems:
            field = self.fields.get(problem.field)
            if field is None:
                elsewhere.append(problem)
            else:
                field.set_problem(sentences.sentence(problem))
        first = next((field for field in self.fields.values() if field.problem), None)
        if first is not None:
            first.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return elsewhere

    def clear_problems(self) -> None:
        for field in self.fields.values():
            if field.problem:
                field.set_problem("")


def editor_value(editor: QWidget, name: str = "") -> Any:
    """The value of any editor that a form may hold."""
    if isinstance(editor, DateEdit | TimeEdit):
        try:
            return editor.value
        except BadValue as problem:
            raise BadValue(name or problem.field, problem.reason) from None
    if isinstance(editor, Choice | SegmentedChoice | FilterChips):
        return editor.value
    if isinstance(editor, QLineEdit):
        return editor.text().strip()
    if isinstance(editor, QPlainTextEdit | QTextEdit):
        return editor.toPlainText().strip()
    if isinstance(editor, QComboBox):
        return editor.currentText()
    if isinstance(editor, QAbstractButton):
        return editor.isChecked()
    return editor.value() if callable(editor.value) else editor.value  # type: ignore[attr-defined]


def set_editor_value(editor: QWidget, value: Any) -> None:
    """Put a value into any editor that a form may hold."""
    if isinstance(editor, QLineEdit) and not isinstance(editor, DateEdit | TimeEdit):
        editor.setText("" if value is None else str(value))
    elif isinstance(editor, TextArea):
        editor.set_value("" if value is None else str(value))
    elif isinstance(editor, QPlainTextEdit | QTextEdit):
        editor.setPlainText("" if value is None else str(value))
    elif isinstance(editor, QCheckBox):
        editor.setChecked(bool(value))
    elif hasattr(editor, "set_value"):
        editor.set_value(value)
    elif isinstance(editor, QComboBox):
        editor.setCurrentText("" if value is None else str(value))
    else:
        editor.setValue(value)  # type: ignore[attr-defined]


def _on_edit(editor: QWidget, call: Any) -> None:
    for name in ("changed", "chosen", "textEdited", "textChanged", "toggled", "valueChanged"):
        signal = getattr(editor, name, None)
        if signal is not None and hasattr(signal, "connect"):
            signal.connect(lambda *_args: call())
            if name != "changed" or not isinstance(editor, QLineEdit):
                return
