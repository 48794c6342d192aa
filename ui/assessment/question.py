"""One question on the page: what is asked, the answer, and where the answer comes from."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF, Qt, Signal, SignalInstance
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from coordination.assessment.model import Answer, AnswerValue, Question
from coordination.errors import BadValue
from ui.assessment.answer_editor import AnswerEditor
from ui.assessment.answers import editor_for
from ui.assessment.beside import Beside
from ui.assessment.draft import Draft, answer_words, said_words
from ui.assessment.reading import ReadAnswer
from ui.sentences import sentence
from ui.style import theme
from ui.widgets.badge import Badge
from ui.widgets.basics import button, column, label, restyle, row


class KnownPanel(QFrame):
    """What is known already, in grey, with who said it and when (A1). Enter confirms; typing changes it."""

    confirmed = Signal()
    change_asked = Signal(str)
    """with the first character typed, if it was typing that asked"""

    def __init__(self, words: str, source: str) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "sunken")
        self.setProperty("rule", "all")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"Known already: {words}. {source}. Enter confirms, typing changes it.")
        self.words = label(words, quiet=True, wrap=True)
        origin = label(f"Carried in from {source}", quiet=True, size="small", wrap=True)
        self.confirm = button("Confirm", self.confirmed.emit, icon="check", tip="It still holds  (Enter)")
        self.change = button("Change", lambda: self.change_asked.emit(""), kind="quiet", tip="Write something else")
        for each in (self.confirm, self.change):
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        said = column(self.words, origin, gap=1)
        line = row(said, self.confirm, self.change, gap=2, margins=(3, 2, 2, 2))
        line.setStretch(0, 1)
        self.setLayout(line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.confirmed.emit()
        elif event.key() == Qt.Key.Key_F2:
            self.change_asked.emit("")
        elif (
            event.text().isprintable() and event.text() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.change_asked.emit(event.text())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("focus"), theme.px(2)))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.px(4), theme.px(4))
            painter.end()


class Differing(QFrame):
    """Two answers to one question, side by side, and a choice between them."""

    mine = Signal()
    theirs = Signal()

    def __init__(self, mine: str, theirs: str, who: str) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "sunken")
        self.setProperty("rule", "all")
        self.keep = button("Keep mine", self.mine.emit)
        take = button("Take theirs", self.theirs.emit)
        left = column(
            label("Yours", strong=True, size="small"), label(mine or "No answer", wrap=True), None, row(self.keep, None)
        )
        right = column(
            label(who, strong=True, size="small"), label(theirs or "No answer", wrap=True), None, row(take, None)
        )
        both = QHBoxLayout()
        for side in (left, right):
            both.addLayout(side, 1)
        self.setLayout(
            column(
                row(Badge("Answered twice", "accent", "users"), label("Which one stands?", quiet=True), None),
                both,
                margins=3,
            )
        )
        self.setAccessibleName(f"Answered twice. Yours: {mine}. {who}: {theirs}")


class QuestionRow(QWidget):
    """A question with its answer. It asks :class:`~ui.assessment.draft.Draft` what to show."""

    edited = Signal(str, object, bool)
    """question id, value, whether it was typed"""
    half_typed = Signal(str, tuple)
    """question id, what stands in its fields; empty: it can be read again"""
    confirmed = Signal(str)
    theirs_taken = Signal(str)
    mine_kept = Signal(str)

    def __init__(self, question: Question, draft: Draft, now: datetime) -> None:
        super().__init__()
        self.question, self._draft, self._now = question, draft, now
        self.editor: AnswerEditor | None = None
        self.known: KnownPanel | None = None
        self.differing: Differing | None = None
        self.beneath: QWidget | None = None
        self._stood: object = None
        self._reading: QWidget | None = None
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(theme.space(1.5))
        self.caption = label(question.text, strong=True, wrap=True)
        self._mark = label("needed", tone="accent", size="small")
        self._help = label(question.help, quiet=True, size="small", wrap=True)
        if not question.help:
            self._help.hide()
        head = row(self.caption, self._mark, gap=2)
        head.setStretch(0, 1)
        head.setAlignment(self._mark, Qt.AlignmentFlag.AlignTop)
        self._stack.addLayout(head)
        self._beside = Beside(question, draft) if question.beside else None
        self._stack.addLayout(column(self._help, *([self._beside] if self._beside else []), gap=1.5))
        self._note = label("", quiet=True, size="small", wrap=True)
        self._stack.addWidget(self._note)
        self.show_answer()
        self._put_back_half()

    # showing

    def refresh(self) -> None:
        """Show what is another since it was last shown: of two hundred rows, a key changes one."""
        question = self.question.id
        stands = (
            self._draft.answer(question), self._draft.given(question), self._draft.signed,
            question in self._draft.theirs, self._draft.sheet.assessment.id,
        )  # fmt: skip
        if stands != self._stood or self._beside is not None:
            self._stood = stands
            self.show_answer()

    def show_answer(self) -> None:
        """Show the answer as it stands in the draft: to read, to confirm, or to edit."""
        if self._beside is not None:
            self._beside.show_answers()
        if self._draft.signed:
            self._show_reading()
        elif self._draft.carried(self.question.id) and not self._changing():
            self._show_known()
        else:
            self._show_editor(self._draft.value(self.question.id))
        if self.question.id in self._draft.theirs and self.differing is None and not self._draft.signed:
            self.show_differing(self._draft.theirs[self.question.id], take_focus=False)
        self._say_source()

    def show_beneath(self, panel: QWidget | None) -> bool:
        """Show something beneath the question, or (None) away with what is there; True when there was anything."""
        was = self.beneath is not None
        had = was and self.has_focus()
        self._drop("beneath")
        if panel is not None:
            self.beneath = panel
            self._stack.addWidget(panel)
            panel.show()
            panel.setFocus(Qt.FocusReason.OtherFocusReason)
        elif had:
            self.take_focus()
        return was

    def _changing(self) -> bool:
        """The editor has been opened over a carried-in answer."""
        return self.editor is not None and self.editor.isVisibleTo(self) and self.known is None

    def _show_known(self) -> None:
        answer = self._draft.answer(self.question.id)
        assert answer is not None
        self._drop("editor", "known")
        self.known = KnownPanel(answer_words(self.question, answer.value), said_words(answer, self._now))
        self.known.confirmed.connect(lambda: self.confirmed.emit(self.question.id))
        self.known.change_asked.connect(self._change_known)
        self._stack.insertWidget(2, self.known)
        self.known.show()

    def _change_known(self, typed: str) -> None:
        answer = self._draft.answer(self.question.id)
        self._drop("known")
        self._show_editor(None if typed or answer is None else answer.value)
        assert self.editor is not None
        if typed and self.question.type in ("text", "long_text"):
            self.editor.set_value(typed)
            self._edited()
        self.editor.take_focus()
        if typed and self.question.type in ("text", "long_text"):
            self._to_end()
        self._say_source()

    def _to_end(self) -> None:
        field = self.editor.focusProxy() if self.editor is not None else None
        if isinstance(field, QPlainTextEdit):
            field.moveCursor(QTextCursor.MoveOperation.End)
        elif isinstance(field, QLineEdit):
            field.end(False)

    def _show_editor(self, value: AnswerValue) -> None:
        self._drop("known", "_reading")
        if self.editor is None:
            self.editor = editor_for(self.question)
            self.editor.name_fields(self.question.text)
            for field in self.editor.fields():
                field.setAccessibleDescription(self.question.help)
            self.editor.set_value(value)
            self.editor.edited.connect(self._edited)
            self.editor.half_typed.connect(self._half_typed)
            self._stack.insertWidget(2, self.editor)
            self.editor.show()
        elif not self._draft.edited(self.question.id) and self._readable() not in (self, value):
            self.editor.set_value(value)

    def _show_reading(self) -> None:
        self._drop("editor", "known", "differing")
        words = answer_words(self.question, self._draft.value(self.question.id))
        if isinstance(self._reading, ReadAnswer) and self._reading.said == words:
            return
        self._drop("_reading")
        self._reading = ReadAnswer(self.question.text, words)
        self._stack.insertWidget(2, self._reading)
        self._reading.show()
        self._help.hide()

    def _readable(self) -> AnswerValue | object:
        try:
            return self.editor.value if self.editor is not None else None
        except BadValue:
            return self  # half typed: nobody takes that away

    def _drop(self, *names: str) -> None:
        for name in names:
            part: QWidget | None = getattr(self, name)
            if part is not None:
                self._stack.removeWidget(part)
                part.hide()
                part.deleteLater()
                setattr(self, name, None)

    # what is said beneath

    def _say_source(self, problem: str = "") -> None:
        answer = self._draft.answer(self.question.id)
        was = self._draft.was(self.question)
        words = problem or self._source_words(answer)
        if was is not None and not problem:
            words = f"Was: {answer_words(self.question, was)}" + (f"  ·  {words}" if words else "")
        self._note.setText(words)
        self._note.setVisible(bool(words))
        if self._note.property("quiet") == bool(problem):
            self._note.setProperty("tone", "red" if problem else "")
            self._note.setProperty("quiet", not problem)
            restyle(self._note)
        needed = self.question.required and not self._draft.signed
        self._mark.setVisible(needed and self._draft.value(self.question.id) is None)

    def _source_words(self, answer: Answer | None) -> str:
        if answer is None or answer.value is None or self.known is not None:
            return ""
        if self._draft.edited(self.question.id):
            return ""
        if answer.source == "asked":
            said = said_words(answer, self._now)
            return said[:1].upper() + said[1:]
        how = "Confirmed" if answer.source == "confirmed" else "Carried in, not confirmed"
        return f"{how}. First said by {said_words(answer, self._now)}"

    def set_problem(self, words: str) -> None:
        """Say beneath the answer what is wrong with it; empty words take that back."""
        self._say_source(words)

    def show_differing(self, theirs: Answer | None, *, take_focus: bool = True) -> None:
        """Another desk answered first: both answers, and a choice."""
        self._drop("differing")
        mine = answer_words(self.question, self._draft.value(self.question.id))
        who = "Taken back meanwhile" if theirs is None else said_words(theirs, self._now)
        other = "" if theirs is None else answer_words(self.question, theirs.value)
        self.differing = Differing(mine, other, who)
        self.differing.mine.connect(lambda: self._settle(self.mine_kept))
        self.differing.theirs.connect(lambda: self._settle(self.theirs_taken))
        self._stack.addWidget(self.differing)
        self.differing.show()
        if take_focus:
            self.differing.keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def _settle(self, chosen: SignalInstance) -> None:
        self._drop("differing")
        chosen.emit(self.question.id)

    # what is done

    def _edited(self) -> None:
        assert self.editor is not None
        try:
            value = self.editor.value
        except BadValue as bad:
            self._say_source(sentence(bad))
            self._half_typed()
            return
        self.half_typed.emit(self.question.id, ())
        self.edited.emit(self.question.id, value, self.editor.typed)
        self._say_source()

    def _half_typed(self) -> None:
        assert self.editor is not None
        self.half_typed.emit(self.question.id, self.editor.raw())

    def _put_back_half(self) -> None:
        """What could not be read when the page was last shown stands where it was typed, and says so."""
        typed = self._draft.half.get(self.question.id)
        if not typed or self._draft.signed:
            return
        if self.known is not None:
            self._drop("known")
            self._show_editor(None)
        assert self.editor is not None
        self.editor.set_raw(typed)
        try:
            self.editor.value  # noqa: B018 - asked whether it can be read
        except BadValue as bad:
            self._say_source(sentence(bad))

    def take_back(self) -> None:
        """No answer after all."""
        if self.known is not None:
            self._change_known("")
        if self.editor is not None:
            self.editor.set_value(None)
            self._edited()

    def take_focus(self) -> None:
        target = self.known or self.editor or self._reading
        if isinstance(target, AnswerEditor):
            target.take_focus()
        elif target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)

    def has_focus(self) -> bool:
        focus = self.window().focusWidget()
        return focus is not None and (focus is self or self.isAncestorOf(focus))
