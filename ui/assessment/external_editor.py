"""The score of a tool that was used elsewhere: which tool and version, the score, the day, and who scored it."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.assessment import external
from coordination.assessment.external import ExternalScore, Tool
from coordination.assessment.model import AnswerValue, Question
from coordination.errors import BadValue
from ui.assessment.answer_editor import AnswerEditor
from ui.style import fonts, theme
from ui.widgets.basics import Choice, column, label, row
from ui.widgets.dates import DateEdit
from ui.widgets.tips import plain_tip


class ExternalScoreEditor(AnswerEditor):
    """Says nothing while one field is filled in after the other: only what is whole, or empty again, is an answer."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        offered = [t for t in external.tools().values() if not question.tools or t.id in question.tools]
        self._only = offered[0] if len(offered) == 1 else None
        self.tool = Choice([(t.id, t.name) for t in offered], prompt="Which tool?")
        self.version, self.score, self.by = _line(150), _line(90), _line(0)
        self.score.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.by.setPlaceholderText("Name and role")
        self.on = DateEdit()
        self.on.setMaximumWidth(theme.px(150))
        self._about = label("", quiet=True, size="small", wrap=True)
        fields = (("Score", self.score), ("Version", self.version), ("Scored on", self.on), ("Scored by", self.by))
        parts = [column(label(words, quiet=True, size="small"), field, gap=0.5) for words, field in fields]
        line = row(*parts, gap=3)
        line.setStretch(len(parts) - 1, 1)
        which = [] if self._only else [row(self.tool, None)]
        self.setLayout(column(*which, line, self._about, gap=1))
        self.setFocusProxy(self.score if self._only else self.tool)
        self.tool.chosen.connect(lambda _tool: self._chosen())
        for field in self._typed_fields:
            field.textEdited.connect(lambda _text: self._typed())
            field.editingFinished.connect(self._left)
        self._show_tool()

    @property
    def _picked(self) -> Tool | None:
        return self._only or external.tools().get(self.tool.value or "")

    def fields(self) -> list[QWidget]:
        own: list[QWidget] = [] if self._only else [self.tool]
        return [*own, self.score, self.version, self.on, self.by]

    def name_fields(self, question: str) -> None:
        """Each field by its own name, for a screen reader."""
        for field, words in (
            (self.tool, "Tool"), (self.score, "Score"), (self.version, "Version"), (self.on, "Scored on"),
            (self.by, "Scored by"),
        ):  # fmt: skip
            field.setAccessibleName(f"{question} {words}")

    def _chosen(self) -> None:
        self._show_tool()
        self._typed()

    def _show_tool(self) -> None:
        tool = self._picked
        self._about.setText(
            "" if tool is None else f"{tool.name}, {tool.low:g} to {tool.high:g}. {tool.reads}. © {tool.owner}"
        )
        self._about.setVisible(tool is not None)
        self.version.setPlaceholderText("" if tool is None else ", ".join(tool.versions))
        self.version.setToolTip(plain_tip("" if tool is None else " or ".join(tool.versions)))

    def _typed(self) -> None:
        try:
            self.value  # noqa: B018 - asked whether it can be read
        except BadValue:
            self.half_typed.emit()
            return
        self.edited.emit()

    def _left(self) -> None:
        """The cursor leaves a field: say what is still wrong, once the cursor is in none of them."""
        if not any(field.hasFocus() for field in self.fields()):
            self.edited.emit()

    @property
    def value(self) -> AnswerValue:
        typed = [field.text().strip() for field in self._typed_fields]
        if not any(typed):
            return None
        tool, score = self._picked, typed[1].replace(",", ".")
        if tool is None:
            raise BadValue(self.question.id, "tool_missing")
        try:
            points: float = int(score) if score.lstrip("-").isdecimal() else float(score)
        except ValueError:
            raise BadValue(self.question.id, "not_a_number" if score else "score_missing") from None
        day = self._day()
        return external.checked(self.question.id, ExternalScore(tool.id, typed[0], points, day, typed[2]))

    def _day(self) -> date:
        try:
            day = self.on.value
        except BadValue as bad:
            raise BadValue(self.question.id, bad.reason) from None
        if day is None:
            raise BadValue(self.question.id, "scored_on_missing")
        return day

    def set_value(self, value: AnswerValue) -> None:
        known = value if isinstance(value, ExternalScore) else None
        self.tool.blockSignals(True)
        if known is None or self._only is None:
            self.tool.set_value(None if known is None else known.tool)
        self.tool.blockSignals(False)
        self.version.setText("" if known is None else known.version)
        self.score.setText("" if known is None else f"{known.score:g}")
        self.by.setText("" if known is None else known.by)
        self.on.set_value(None if known is None else known.on)
        self._show_tool()

    def raw(self) -> tuple[str, ...]:
        return (self.tool.value or "", *(field.text() for field in self._typed_fields))

    def set_raw(self, typed: tuple[str, ...]) -> None:
        tool, *words = typed
        if self._only is None and tool in external.tools():
            self.tool.blockSignals(True)
            self.tool.set_value(tool)
            self.tool.blockSignals(False)
        for field, each in zip(self._typed_fields, words, strict=False):
            field.setText(each)
        self._show_tool()

    @property
    def _typed_fields(self) -> tuple[QLineEdit, ...]:
        return self.version, self.score, self.by, self.on


def _line(width: int) -> QLineEdit:
    made = QLineEdit()
    fonts.dress(made)
    if width:
        made.setMaximumWidth(theme.px(width))
    return made
