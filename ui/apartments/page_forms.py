"""The small forms of the board: with whom to change places, where a stay goes on, why an apartment takes nobody in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.apartments.model import Apartment, ApartmentBoard, Stay
from coordination.errors import BadValue, BadValues
from coordination.values import ApartmentId
from ui import wording
from ui.widgets.basics import Choice, TextArea, column, label
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form


def day_edit(value: date | None) -> DateEdit:
    editor = DateEdit()
    editor.set_value(value)
    return editor


class SwapForm(QWidget):
    """Who changes places with whom, whole or from a day on."""

    def __init__(self, board: ApartmentBoard, stay: Stay, others: Sequence[Stay], day: date | None) -> None:
        super().__init__()
        self.form = Form()
        choices = [(str(s.id), f"{s.who}, {board.apartment(s.apartment_id).label}") for s in others]
        self.form.add("other", "Changes places with", Choice(choices, prompt="Choose"), required=True)
        self.form.add("day", "From", day_edit(day), help="Empty: for the whole of both stays.")
        title = f"{board.apartment(stay.apartment_id).label}, {wording.day(stay.period.start)}"
        self.setLayout(column(label(stay.who, strong=True), label(title, quiet=True), self.form, None, gap=3))
        self._others = {str(s.id): s for s in others}

    def read(self) -> tuple[Stay, date | None]:
        """Raises BadValues at the field."""
        other = self._others.get(str(self.form.value("other") or ""))
        if other is None:
            raise BadValues((BadValue("other", "required"),))
        return other, self.form.value("day")


class SplitForm(QWidget):
    """From which day on a stay goes on in which apartment."""

    def __init__(self, board: ApartmentBoard, stay: Stay, day: date) -> None:
        super().__init__()
        self.form = Form()
        flats = [(str(a.id), a.label) for a in board.apartments if a.id != stay.apartment_id]
        self.form.add("apartment", "Goes on in", Choice(flats, prompt="Choose"), required=True)
        self.form.add("day", "From", day_edit(day), required=True)
        self.setLayout(column(label(stay.who, strong=True), self.form, None, gap=3))

    def read(self) -> tuple[ApartmentId, date]:
        """Raises BadValues at the field."""
        apartment, day = self.form.value("apartment"), self.form.value("day")
        missing = [BadValue(n, "required") for n, v in (("apartment", apartment), ("day", day)) if not v]
        if missing:
            raise BadValues(tuple(missing))
        return ApartmentId(int(apartment)), day


class PauseForm(QWidget):
    """From when to when an apartment takes nobody in, and why."""

    def __init__(self, apartment: Apartment, day: date) -> None:
        super().__init__()
        self.form = Form()
        self.form.add("start", "From", day_edit(day), required=True)
        self.form.add("last", "Last day", day_edit(None), help="Empty: until further notice.")
        self.form.add("reason", "Why it takes nobody in", TextArea(2), required=True)
        told = label("Who is there stays, and who is booked stays booked.", quiet=True, wrap=True)
        self.setLayout(column(label(apartment.label, strong=True), told, self.form, None, gap=3))

    def read(self) -> tuple[date, date | None, str]:
        """First day, first day on which it accepts again, reason. Raises BadValues at the field."""
        start, last = self.form.value("start"), self.form.value("last")
        if start is None:
            raise BadValues((BadValue("start", "required"),))
        return start, None if last is None else last + timedelta(days=1), str(self.form.value("reason") or "")


class DaysForm(QWidget):
    """First and last day of a stay, and why when it is past six weeks."""

    def __init__(self, stay: Stay) -> None:
        super().__init__()
        self.form = Form()
        self.form.add("start", "From", day_edit(stay.period.start), required=True)
        self.form.add("last", "Last day", day_edit(stay.period.last), required=True)
        if stay.kind == "stay":
            reason = QLineEdit(stay.past_six_weeks_reason)
            self.form.add("past_six_weeks_reason", "Reason past six weeks", reason, help="Needed past day 42 only.")
        self.setLayout(column(label(stay.who, strong=True), self.form, None, gap=3))

    def read(self) -> tuple[date, date, str]:
        """First day, first free day, reason. Raises BadValues at the field."""
        start, last = self.form.value("start"), self.form.value("last")
        missing = [BadValue(n, "required") for n, v in (("start", start), ("last", last)) if v is None]
        if missing:
            raise BadValues(tuple(missing))
        if last < start:
            raise BadValues((BadValue("last", "ends_before_it_starts"),))
        why = self.form.value("past_six_weeks_reason") if "past_six_weeks_reason" in self.form.fields else ""
        return start, last + timedelta(days=1), str(why or "")
