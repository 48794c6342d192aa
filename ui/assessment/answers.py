"""An editor for each type of question. All have ``value``, ``set_value`` and the signal ``edited``."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QCheckBox, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from coordination.assessment.model import AnswerValue, Option, Question
from coordination.errors import BadValue
from ui.assessment.answer_editor import AnswerEditor
from ui.assessment.external_editor import ExternalScoreEditor
from ui.style import fonts, theme
from ui.widgets.basics import TextArea, label, row
from ui.widgets.dates import DateEdit


class _Text(AnswerEditor):
    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self._field = TextArea(lines=2, most=14) if question.type == "long_text" else QLineEdit()
        fonts.dress(self._field)
        self.setLayout(row(self._field))
        self.setFocusProxy(self._field)
        self._field.textChanged.connect(self._changed)
        self._quiet = False

    def _changed(self, *_args: object) -> None:
        if not self._quiet:
            self.edited.emit()

    @property
    def value(self) -> AnswerValue:
        text = self._field.value if isinstance(self._field, TextArea) else self._field.text()
        return text.strip() or None

    def set_value(self, value: AnswerValue) -> None:
        self._quiet = True
        if isinstance(self._field, TextArea):
            self._field.set_value("" if value is None else str(value))
        elif self._field.text().strip() != ("" if value is None else str(value)):
            self._field.setText("" if value is None else str(value))
        self._quiet = False


class _Number(AnswerEditor):
    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self._field = QLineEdit()
        self._field.setMaximumWidth(theme.px(120))
        self._field.setAlignment(Qt.AlignmentFlag.AlignRight)
        fonts.dress(self._field)
        self.setLayout(row(self._field, label(question.unit, quiet=True), None))
        self.setFocusProxy(self._field)
        self._field.textEdited.connect(lambda _text: self.edited.emit())

    @property
    def value(self) -> AnswerValue:
        text = self._field.text().strip().replace(",", ".")
        if not text:
            return None
        try:
            return int(text) if text.lstrip("-").isdecimal() else float(text)
        except ValueError:
            raise BadValue(self.question.id, "not_a_number") from None

    def set_value(self, value: AnswerValue) -> None:
        self._field.setText("" if value is None else f"{value:g}" if isinstance(value, int | float) else str(value))

    def raw(self) -> tuple[str, ...]:
        return (self._field.text(),)

    def set_raw(self, typed: tuple[str, ...]) -> None:
        self._field.setText("".join(typed))


class _Date(AnswerEditor):
    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self._field = DateEdit()
        self._field.setMaximumWidth(theme.px(180))
        self.setLayout(row(self._field, None))
        self.setFocusProxy(self._field)
        self._field.changed.connect(lambda _day: self.edited.emit())
        self._field.textEdited.connect(lambda _text: None if self._field.good else self.edited.emit())

    @property
    def value(self) -> AnswerValue:
        try:
            return self._field.value
        except BadValue as bad:
            raise BadValue(self.question.id, bad.reason) from None

    def set_value(self, value: AnswerValue) -> None:
        self._field.set_value(value)  # type: ignore[arg-type]

    def raw(self) -> tuple[str, ...]:
        return (self._field.text(),)

    def set_raw(self, typed: tuple[str, ...]) -> None:
        self._field.setText("".join(typed))


class _Buttons(AnswerEditor):
    """One button an answer, beneath each other. Digits choose (of a score: its points, unless some are below 0), Delete
    takes back."""

    exclusive = True

    def __init__(self, question: Question, options: list[tuple[AnswerValue, str]], *, across: bool = False) -> None:
        super().__init__(question)
        self._values = [value for value, _ in options]
        points = [str(o.points) for o in question.options] if question.type == "score" else []
        digits = bool(points) and all(len(each) == 1 for each in points)
        self._digits = points if digits else [str(n) for n in range(1, min(9, len(options)) + 1)]
        self._buttons: list[QAbstractButton] = []
        for _, words in options:
            made: QAbstractButton = QRadioButton(words) if self.exclusive else QCheckBox(words)
            fonts.dress(made)
            made.installEventFilter(self)
            made.clicked.connect(lambda _on=False: self.edited.emit())
            self._buttons.append(made)
        if self.exclusive:
            self._group = QButtonGroup(self)
            for each in self._buttons:
                self._group.addButton(each)
        if across:
            self.setLayout(row(*self._buttons, None, gap=5))
        else:
            stack = QVBoxLayout(self)
            stack.setContentsMargins(0, 0, 0, 0)
            stack.setSpacing(0)
            for each in self._buttons:
                stack.addWidget(each, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self._buttons[0])

    def fields(self) -> list[QWidget]:
        return list(self._buttons)

    def take_focus(self) -> None:
        chosen = next((b for b in self._buttons if b.isChecked()), self._buttons[0])
        chosen.setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: object) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress and not event.modifiers():
            if event.text() in self._digits:
                chosen = self._buttons[self._digits.index(event.text())]
                chosen.setFocus(Qt.FocusReason.OtherFocusReason)
                chosen.click()
                return True
            if event.key() == Qt.Key.Key_Delete:
                self._show(())
                self.edited.emit()
                return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def _show(self, chosen: tuple[AnswerValue, ...]) -> None:
        if self.exclusive:
            self._group.setExclusive(False)
        for value, made in zip(self._values, self._buttons, strict=True):
            made.setChecked(value in chosen)
        if self.exclusive:
            self._group.setExclusive(True)


class _One(_Buttons):
    @property
    def value(self) -> AnswerValue:
        return next((v for v, b in zip(self._values, self._buttons, strict=True) if b.isChecked()), None)

    def set_value(self, value: AnswerValue) -> None:
        self._show(() if value is None else (value,))


class _Several(_Buttons):
    exclusive = False

    def __init__(self, question: Question, options: list[tuple[AnswerValue, str]]) -> None:
        super().__init__(question, options)
        self._alone = [o.value for o in question.options if o.alone]
        for value, made in zip(self._values, self._buttons, strict=True):
            made.toggled.connect(lambda on, value=value: self._make_room(value, on))

    def _make_room(self, chosen: AnswerValue, on: bool) -> None:
        """What stands alone goes when something else is chosen, and the other way round."""
        if self._alone and on:
            for value, made in zip(self._values, self._buttons, strict=True):
                if value != chosen and (chosen in self._alone or value in self._alone):
                    made.setChecked(False)

    @property
    def value(self) -> AnswerValue:
        chosen = tuple(
            v for v, b in zip(self._values, self._buttons, strict=True) if b.isChecked() and isinstance(v, str)
        )
        return chosen or None

    def set_value(self, value: AnswerValue) -> None:
        self._show(value if isinstance(value, tuple) else ())


def editor_for(question: Question) -> AnswerEditor:
    """The editor that suits a question."""
    match question.type:
        case "text" | "long_text":
            return _Text(question)
        case "number":
            return _Number(question)
        case "date":
            return _Date(question)
        case "yes_no":
            return _One(question, [(True, "Yes"), (False, "No")], across=True)
        case "choices":
            return _Several(question, [(o.value, o.label) for o in question.options])
        case "score":
            signed = "+d" if any((o.points or 0) < 0 for o in question.options) else "d"
            return _One(question, [(o.value, f"{_points(o, signed)}   {o.label}") for o in question.options])
        case "choice":
            return _One(question, [(o.value, o.label) for o in question.options])
        case "external_score":
            return ExternalScoreEditor(question)


def _points(option: Option, how: str) -> str:
    """``3``; where some are below 0, ``+1`` and a true minus."""
    return f"{option.points or 0:{how}}".replace("+0", "0").replace("-", "\N{MINUS SIGN}")
