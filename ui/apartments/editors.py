"""The small forms of a stay: a reason, another last day."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.apartments.model import Stay
from coordination.errors import BadValue
from coordination.reference import standing
from ui.widgets.basics import Choice, TextArea, column, label
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form


class ReasonForm(QWidget):
    """One question that needs an answer."""

    def __init__(self, question: str) -> None:
        super().__init__()
        self.form = Form()
        self.form.add("reason", question, TextArea(3), required=True)
        self.setLayout(column(self.form, None))

    def reason(self) -> str:
        """The answer; empty when there is none, and the field says so."""
        text = str(self.form.value("reason"))
        if not text:
            self.form.set_problems(BadValue("reason", "required"))
        return text


class MovedOnForm(QWidget):
    """Where somebody went: a code that the figures are made of (N5), and words if there are any to say."""

    def __init__(self) -> None:
        super().__init__()
        self.form = Form()
        codes = Choice([(each.code, each.name) for each in standing.read().went_to], prompt="Choose")
        self.form.add("code", "Where did the person go?", codes, required=True)
        self.form.add("went_to", "Anything to add", TextArea(3))
        self.setLayout(column(self.form, None))

    def read(self) -> tuple[str, str] | None:
        """Words and code; None when none is chosen, and the field says so."""
        code = self.form.value("code")
        if not code:
            self.form.set_problems(BadValue("code", "required"))
            return None
        return str(self.form.value("went_to") or ""), str(code)


class EndForm(QWidget):
    """The last day of a stay, and why when it is past six weeks."""

    def __init__(self, stay: Stay) -> None:
        super().__init__()
        self._start = stay.period.start
        self.form = Form()
        editor = DateEdit()
        editor.set_value(stay.period.last)
        self.form.add("last", "Last day", editor, required=True)
        reason = QLineEdit(stay.past_six_weeks_reason)
        self.form.add("past_six_weeks_reason", "Reason past six weeks", reason, help="Needed past day 42 only.")
        self.setLayout(column(label(stay.who, strong=True), self.form, None, gap=3))

    def read(self) -> tuple[date, str] | None:
        """The first free day and the reason; None when the day cannot be, and the field says why."""
        self.form.clear_problems()
        try:
            last = self.form.value("last")
            if last is None:
                raise BadValue("last", "required")
            if last < self._start:
                raise BadValue("last", "ends_before_it_starts")
        except BadValue as error:
            self.form.set_problems(error)
            return None
        return last + timedelta(days=1), str(self.form.value("past_six_weeks_reason"))
