"""Fields for a date and for a time that take what people type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Generic, TypeVar

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLineEdit, QVBoxLayout

from coordination.clock import SystemClock, local_date
from coordination.errors import BadValue
from ui import wording
from ui.style import fonts, icons, theme

T = TypeVar("T")


def _today() -> date:
    return local_date(SystemClock().now())


class _TypedEdit(QLineEdit, Generic[T]):
    """A field that reads what is typed: says each new value once, and shows how it was read when the cursor leaves."""

    changed = Signal(object)
    """the value, or None when empty; not emitted while what is typed can't be read"""

    def __init__(self, prompt: str) -> None:
        super().__init__()
        self._value: T | None = None
        fonts.dress(self)
        self.setPlaceholderText(prompt)
        self.textEdited.connect(self._edited)

    def _read(self) -> T | None:
        """What is typed. BadValue when it can't be read."""
        raise NotImplementedError

    def _words_of(self, value: T) -> str:
        raise NotImplementedError

    @property
    def value(self) -> T | None:
        """What is typed; BadValue when it can't be read."""
        return self._read()

    @property
    def good(self) -> bool:
        try:
            self._read()
        except BadValue:
            return False
        return True

    def set_value(self, value: T | None) -> None:
        self._value = value
        self.setText("" if value is None else self._words_of(value))

    def _edited(self, _text: str) -> None:
        if self.good and self.value != self._value:
            self._value = self.value
            self.changed.emit(self._value)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show how it was read."""
        if self.good:
            value = self.value
            self.setText("" if value is None else self._words_of(value))
        super().focusOutEvent(event)

    def _take(self, value: T) -> None:
        self.set_value(value)
        self.changed.emit(value)


class DateEdit(_TypedEdit[date]):
    """A date. Takes ``14071945``, ``14/7/45``, ``14-Jul-1945``, ``tomorrow``, ``+3``. Up and Down move a day; Alt+Down
    opens a calendar (not for a birth, which nobody finds by leafing)."""

    def __init__(self, value: date | None = None, *, birth: bool = False, today: Callable[[], date] = _today) -> None:
        super().__init__("14-Jul-1945" if birth else "22-Nov-2026")
        self._birth, self._today = birth, today
        self._popup: _CalendarPopup | None = None
        self.setMinimumWidth(theme.px(128))
        if not birth:
            self._add_calendar()
        self.set_value(value)

    def _read(self) -> date | None:
        """BadValue('date', 'not_a_date') when what is typed is none."""
        return wording.parse_date(self.text(), self._today(), past=self._birth)

    def _words_of(self, value: date) -> str:
        return wording.day(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._open_calendar()
        elif step is not None and self.good and not self.isReadOnly():
            self._take((self.value or self._today()) + timedelta(days=step if self.value else 0))
        else:
            super().keyPressEvent(event)

    def _add_calendar(self) -> None:
        opener = self.addAction(icons.icon("calendar-blank"), QLineEdit.ActionPosition.TrailingPosition)
        opener.setToolTip("Choose from a calendar  (Alt+Down)")
        opener.triggered.connect(self._open_calendar)
        self._opener = opener
        theme.hub().changed.connect(self._draw_opener)

    def _draw_opener(self) -> None:
        self._opener.setIcon(icons.icon("calendar-blank"))

    def _open_calendar(self) -> None:
        if self._birth or self.isReadOnly():
            return
        if self._popup is None:
            self._popup = _CalendarPopup(self)
            self._popup.picked.connect(self._take)
        self._popup.open_at((self.value if self.good else None) or self._today())


class _CalendarPopup(QFrame):
    """A month under the field. Made once and hidden again: destroying it from within its own signal is not safe."""

    picked = Signal(object)

    def __init__(self, field: QLineEdit) -> None:
        super().__init__(field, Qt.WindowType.Popup)
        self._field = field
        self.setProperty("plane", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._calendar = QCalendarWidget()
        self._calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self._calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self._calendar.activated.connect(self._pick)
        self._calendar.clicked.connect(self._pick)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self._calendar)

    def open_at(self, day: date) -> None:
        self._calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        self.move(self._field.mapToGlobal(QPoint(0, self._field.height())))
        self.show()
        self._calendar.setFocus()

    def _pick(self, day: QDate) -> None:
        if self.isVisible():
            self.hide()
            self.picked.emit(date(day.year(), day.month(), day.day()))


class TimeEdit(_TypedEdit[time]):
    """A time of day. Takes ``9``, ``930``, ``09:30``; Up and Down move a quarter of an hour."""

    def __init__(self, value: time | None = None) -> None:
        super().__init__("09:30")
        self.setMaximumWidth(theme.px(96))
        self.set_value(value)

    def _read(self) -> time | None:
        """BadValue('time', 'not_a_time') when what is typed is none."""
        return wording.parse_time(self.text())

    def _words_of(self, value: time) -> str:
        return wording.clock_time(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 15, Qt.Key.Key_Down: -15}.get(Qt.Key(event.key()))
        if step is None or not self.good or self.isReadOnly():
            super().keyPressEvent(event)
            return
        start = self.value or time(9)
        minutes = (start.hour * 60 + start.minute + step) % (24 * 60)
        self._take(time(minutes // 60, minutes % 60))
