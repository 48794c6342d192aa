"""Fields for a date and for a time that take what people type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLineEdit, QVBoxLayout

from coordination.clock import SystemClock, local_date
from coordination.errors import BadValue
from ui import wording
from ui.style import fonts, icons, theme


def _today() -> date:
    return local_date(SystemClock().now())


class DateEdit(QLineEdit):
    """A date. Takes ``14071945``, ``14/7/45``, ``14-Jul-1945``, ``tomorrow``, ``+3``. Up and Down move a day; Alt+Down
    opens a calendar (not for a birth, which nobody finds by leafing)."""

    changed = Signal(object)
    """the date, or None when empty; not emitted while what is typed is no date"""

    def __init__(self, value: date | None = None, *, birth: bool = False, today: Callable[[], date] = _today) -> None:
        super().__init__()
        self._birth, self._today = birth, today
        self._value: date | None = None
        self._popup: _CalendarPopup | None = None
        fonts.dress(self)
        self.setPlaceholderText("14-Jul-1945" if birth else "22-Nov-2026")
        self.setMinimumWidth(theme.px(128))
        self.textEdited.connect(self._edited)
        if not birth:
            self._add_calendar()
        self.set_value(value)

    @property
    def value(self) -> date | None:
        """The date typed. BadValue('date', 'not_a_date') when what is typed is none."""
        return wording.parse_date(self.text(), self._today(), past=self._birth)

    @property
    def good(self) -> bool:
        try:
            _ = self.value
        except BadValue:
            return False
        return True

    def set_value(self, value: date | None) -> None:
        self._value = value
        self.setText(wording.day(value) if value else "")

    def _edited(self, _text: str) -> None:
        if self.good and self.value != self._value:
            self._value = self.value
            self.changed.emit(self._value)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show how the date was read."""
        if self.good:
            self.setText(wording.day(self.value) if self.value else "")
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._open_calendar()
        elif step is not None and self.good and not self.isReadOnly():
            self._take((self.value or self._today()) + timedelta(days=step if self.value else 0))
        else:
            super().keyPressEvent(event)

    def _take(self, value: date) -> None:
        self.set_value(value)
        self.changed.emit(value)

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


class TimeEdit(QLineEdit):
    """A time of day. Takes ``9``, ``930``, ``09:30``; Up and Down move a quarter of an hour."""

    changed = Signal(object)

    def __init__(self, value: time | None = None) -> None:
        super().__init__()
        self._value: time | None = None
        fonts.dress(self)
        self.setPlaceholderText("09:30")
        self.setMaximumWidth(theme.px(96))
        self.textEdited.connect(self._edited)
        self.set_value(value)

    @property
    def value(self) -> time | None:
        """The time typed. BadValue('time', 'not_a_time') when what is typed is none."""
        return wording.parse_time(self.text())

    @property
    def good(self) -> bool:
        try:
            _ = self.value
        except BadValue:
            return False
        return True

    def set_value(self, value: time | None) -> None:
        self._value = value
        self.setText(wording.clock_time(value) if value else "")

    def _edited(self, _text: str) -> None:
        if self.good and self.value != self._value:
            self._value = self.value
            self.changed.emit(self._value)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self.good:
            self.setText(wording.clock_time(self.value) if self.value else "")
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 15, Qt.Key.Key_Down: -15}.get(Qt.Key(event.key()))
        if step is None or not self.good or self.isReadOnly():
            super().keyPressEvent(event)
            return
        start = self.value or time(9)
        minutes = (start.hour * 60 + start.minute + step) % (24 * 60)
        self.set_value(time(minutes // 60, minutes % 60))
        self.changed.emit(self._value)
