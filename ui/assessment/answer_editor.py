"""What every editor of an answer is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QWidget

from coordination.assessment.model import AnswerValue, Question

_TYPED = ("text", "long_text", "number", "date", "external_score")


class AnswerEditor(QWidget):
    """``value`` raises BadValue while what is typed can't be read."""

    edited = Signal()
    half_typed = Signal()
    """something was typed that can't be read yet"""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question

    @property
    def typed(self) -> bool:
        """Answered by typing, so that saving waits for a pause."""
        return self.question.type in _TYPED

    @property
    def value(self) -> AnswerValue:
        raise NotImplementedError

    def set_value(self, value: AnswerValue) -> None:
        """Show it; ``edited`` is not emitted."""
        raise NotImplementedError

    def raw(self) -> tuple[str, ...]:
        """What stands in the fields, letter by letter; empty for what is always an answer."""
        return ()

    def set_raw(self, typed: tuple[str, ...]) -> None:
        """Put back what :meth:`raw` gave."""

    def take_focus(self) -> None:
        for field in self.fields()[:1]:
            field.setFocus(Qt.FocusReason.TabFocusReason)

    def fields(self) -> list[QWidget]:
        """What a screen reader names: the parts that take the focus."""
        proxy = self.focusProxy()
        return [] if proxy is None else [proxy]

    def name_fields(self, question: str) -> None:
        """Tell a screen reader what each of the fields is for."""
        for field in self.fields():
            words = field.text() if isinstance(field, QAbstractButton) else ""
            field.setAccessibleName(f"{question} {words}".strip())
