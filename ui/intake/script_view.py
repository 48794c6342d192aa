"""The script beside the call: questions with what to listen for; ticking one off can begin its answer in the need."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from coordination.intake.knowledge import Question, Script, Suggestion
from ui.style import theme
from ui.widgets.basics import Choice, column, icon_button, label, row
from ui.widgets.panels import scrolling


class _Tick(QCheckBox):
    """Space ticks it off; Enter ticks it off and writes; Up and Down go to the question before and after."""

    wrote = Signal()
    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.wrote.emit()
        elif plain and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)


class QuestionRow(QWidget):
    """One question."""

    def __init__(self, question: Question, ticked: bool) -> None:
        super().__init__()
        self.question = question
        self.tick = _Tick()
        self.tick.setChecked(ticked)
        self.tick.setAccessibleName(question.ask)
        self.tick.setAccessibleDescription(question.listen)
        self.tick.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        lines: list[QWidget] = [label(question.ask, wrap=True)]
        if question.listen:
            lines.append(label(question.listen, quiet=True, size="small", wrap=True))
        text = column(*lines, gap=0.5, margins=(0, 1, 0, 1))
        tip = f"Write “{question.words}” into what is asked for  (Enter)"
        self.write = icon_button("pencil-simple", tip, self.tick.wrote.emit)
        self.write.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if not question.words:
            self.write.hide()  # never setVisible(True) before it has a parent: that would open a window
        line = row(self.tick, text, self.write, gap=2)
        line.setStretch(1, 1)
        for part in (self.tick, self.write):
            line.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        self.setLayout(line)


class ScriptView(QWidget):
    """``ticked`` holds ``code.number`` of what was asked, over all scripts; ``asked`` when that changes."""

    asked = Signal()

    def __init__(self, need: QPlainTextEdit) -> None:
        super().__init__()
        self._need = need
        self._suggestions: list[Suggestion] = []
        self._chosen = ""  # by hand, or by working in it
        self.ticked: frozenset[str] = frozenset()
        self.rows: list[QuestionRow] = []
        self.choice = Choice()
        self.choice.setSizeAdjustPolicy(self.choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(10)
        self.choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.choice.setAccessibleName("Script")
        self.choice.chosen.connect(self._choose)
        self._why = label("", quiet=True, size="small", wrap=True)
        self._list: QVBoxLayout = column(gap=1.5)
        body = QWidget()
        body.setLayout(self._list)
        body.setContentsMargins(0, 0, theme.space(2), 0)
        self._area = scrolling(body)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = row(self.choice, icon_button("caret-right", "Next script  (Shift+F7)", self.next), gap=1)
        layout = column(head, self._why, self._area, gap=1.5)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    @property
    def shown(self) -> Suggestion | None:
        code = self.choice.value
        return next((each for each in self._suggestions if each.script.code == code), None)

    def suggest(self, suggestions: Sequence[Suggestion]) -> None:
        """What fits now, best first. A script that is being worked in stays; what fits better is told."""
        self._suggestions = list(suggestions)
        codes = [each.script.code for each in self._suggestions]
        keep = self._chosen if self._chosen in codes else codes[0] if codes else ""
        before = self.choice.value
        self.choice.blockSignals(True)
        self.choice.set_items([(each.script.code, each.script.title) for each in self._suggestions])
        self.choice.set_value(keep)
        self.choice.blockSignals(False)
        if keep != before or not self.rows:
            self._draw()
        self._say_why()

    def begin(self, ticked: frozenset[str]) -> None:
        """Another contact: nothing chosen by hand, and what was asked in it."""
        self._chosen, self.ticked = "", ticked
        self._draw()

    def next(self) -> None:
        """The next that fits; after the last the first again."""
        if self._suggestions:
            at = (self.choice.currentIndex() + 1) % len(self._suggestions)
            self.choice.setCurrentIndex(at)

    def take_focus(self) -> None:
        """To the first question that has not been asked."""
        waiting = next((each for each in self.rows if not each.tick.isChecked()), self.rows[0] if self.rows else None)
        (waiting.tick if waiting is not None else self.choice).setFocus(Qt.FocusReason.OtherFocusReason)

    # ---------------------------------------------------------------- drawing

    def _choose(self, code: object) -> None:
        self._chosen = str(code)
        self._draw()
        self._say_why()

    def _say_why(self) -> None:
        shown, best = self.shown, self._suggestions[0] if self._suggestions else None
        said = ""
        if shown is not None and shown.found:
            said = "Because of " + ", ".join(f"“{word}”" for word in shown.found[:3])
        if best is not None and shown is not None and best.found and best.script.code != shown.script.code:
            said = f"{said}. " if said else ""
            said += f"Fits as well: {best.script.title}  (Shift+F7)"
        self._why.setText(said)
        self._why.setVisible(bool(said))

    def _draw(self) -> None:
        while self._list.count():
            item = self._list.takeAt(0)
            if item is not None and item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        self.rows = []
        shown = self.shown
        for number, question in enumerate(shown.script.questions if shown else ()):
            made = QuestionRow(question, f"{shown.script.code}.{number}" in self.ticked)  # type: ignore[union-attr]
            made.tick.toggled.connect(lambda on, number=number: self._ticked(number, on))
            made.tick.wrote.connect(lambda number=number: self._write(number))
            made.tick.stepped.connect(lambda by, number=number: self._step(number + by))
            self.rows.append(made)
            self._list.addWidget(made)
        self._list.addStretch(1)

    def _script(self) -> Script | None:
        return self.shown.script if self.shown is not None else None

    def _ticked(self, number: int, on: bool) -> None:
        script = self._script()
        if script is not None:
            self._chosen = script.code
            key = frozenset({f"{script.code}.{number}"})
            self.ticked = self.ticked | key if on else self.ticked - key
            self.asked.emit()

    def _step(self, number: int) -> None:
        if 0 <= number < len(self.rows):
            self.rows[number].tick.setFocus(Qt.FocusReason.OtherFocusReason)
            self._area.ensureWidgetVisible(self.rows[number])
        elif number < 0:
            self.choice.setFocus(Qt.FocusReason.OtherFocusReason)

    def _write(self, number: int) -> None:
        """Its words into the need, and the cursor after them; where they stand already, only the cursor."""
        each = self.rows[number]
        each.tick.setChecked(True)
        if not each.question.words:
            self._step(number + 1)
            return
        begin_line(self._need, f"{each.question.words}: ")


def begin_line(editor: QPlainTextEdit, words: str) -> None:
    """A line that begins so, at the end of what is written, and the cursor at its end."""
    text = editor.toPlainText()
    lines = text.split("\n")
    at = next((n for n, line in enumerate(lines) if line.startswith(words.rstrip())), None)
    cursor = editor.textCursor()
    if at is None:
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(("\n" if text.strip() and not text.endswith("\n") else "") + words)
    else:
        cursor.setPosition(sum(len(line) + 1 for line in lines[:at]) + len(lines[at]))
    editor.setTextCursor(cursor)
    editor.setFocus(Qt.FocusReason.OtherFocusReason)
    editor.ensureCursorVisible()
