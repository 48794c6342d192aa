"""The calendar of the apartments: apartments down, days across, painted; keyboard and mouse alike."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea

from coordination.apartments import rules
from coordination.apartments.model import Apartment, ApartmentBoard, Stay
from coordination.values import ApartmentId, DateRange, StayId
from ui import wording
from ui.apartments import layout
from ui.apartments.messages import KIND_WORDS, PURPOSE_WORDS, SCHEME_WORDS
from ui.apartments.painting import BoardPainter
from ui.style import theme

ZOOMS = (12.0, 18.0, 26.0, 36.0)


class ApartmentsBoard(QAbstractScrollArea):
    """Arrow keys move over days and apartments; Enter opens the stay; the place chosen is drawn with a frame."""

    place_changed = Signal()
    opened = Signal(object)
    """a Stay that was opened with Enter or a double click"""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Apartments by day")
        self.viewport().setMouseTracking(True)
        self.today = date(2000, 1, 1)
        self._zoom = 1
        self._layout: layout.Layout | None = None
        self._apartment: ApartmentId | None = None
        self._day: date | None = None
        self._free: dict[ApartmentId, DateRange] = {}
        theme.hub().changed.connect(self._restyled)

    # ------------------------------------------------------------------ what is shown

    def show_board(self, board: ApartmentBoard, today: date) -> None:
        """Show a board; the chosen place and the scrolled-to day stay."""
        first = self._layout is None
        self.today = today
        self._layout = layout.lay_out(board, ZOOMS[self._zoom])
        if self._apartment is None and board.apartments:
            self._apartment, self._day = board.apartments[0].id, today
        self._fit()
        if first:
            self.go_to(today - timedelta(days=7))
        self.viewport().update()
        self.place_changed.emit()

    @property
    def board(self) -> ApartmentBoard | None:
        return self._layout.board if self._layout else None

    @property
    def apartment(self) -> Apartment | None:
        """The apartment of the chosen place."""
        if self._layout is None or self._apartment is None:
            return None
        return next((a for a in self._layout.board.apartments if a.id == self._apartment), None)

    @property
    def day(self) -> date | None:
        return self._day

    @property
    def stay(self) -> Stay | None:
        """The stay at the chosen place, if any."""
        if self._layout is None or self.apartment is None or self._day is None:
            return None
        return self._layout.stay_at(self.apartment, self._day)

    def choose(self, apartment: ApartmentId, day: date) -> None:
        """Choose a place and bring it into view."""
        if self._layout is None:
            return
        days = self._layout.board.days
        self._apartment, self._day = apartment, min(max(day, days.start), days.last)
        self._bring_into_view()
        self.viewport().update()
        self.place_changed.emit()

    def choose_stay(self, stay: StayId) -> None:
        """Choose the place of a stay, at today or its first day."""
        found = next((s for s in self._layout.board.stays if s.id == stay), None) if self._layout else None
        if found is not None:
            self.choose(found.apartment_id, self.today if self.today in found.period else found.period.start)

    def show_free(self, free: dict[ApartmentId, DateRange]) -> None:
        """Light up the days that are offered for a referral, by apartment."""
        self._free = free
        self.viewport().update()

    def zoom(self, step: int) -> None:
        """Wider or narrower days, around the chosen day."""
        self._zoom = min(max(self._zoom + step, 0), len(ZOOMS) - 1)
        if self._layout is not None:
            self._layout = layout.lay_out(self._layout.board, ZOOMS[self._zoom])
            self._fit()
            self._bring_into_view()
            self.viewport().update()

    def go_to(self, day: date) -> None:
        """Scroll so that ``day`` is at the left."""
        if self._layout is not None:
            self.horizontalScrollBar().setValue(theme.px(self._layout.left(day)))

    # ------------------------------------------------------------------ geometry

    def origin(self) -> QPointF:
        """Where the first day of the first line is painted, in pixels of the viewport."""
        return QPointF(
            theme.px(layout.GUTTER) - self.horizontalScrollBar().value(),
            theme.px(layout.HEAD) - self.verticalScrollBar().value(),
        )

    def stay_box(self, stay: Stay, line: layout.Line) -> QRectF:
        """Where a stay is painted, in pixels of the viewport: from the middle of a day, as guests come and go."""
        assert self._layout is not None
        at = self.origin()
        left, right = self._layout.left(stay.period.start), self._layout.left(stay.period.end)
        return QRectF(
            at.x() + theme.px(left) + 1,
            at.y() + theme.px(line.top + 4),
            theme.px(right) - theme.px(left) - 2,
            theme.px(line.height - 8),
        )

    def _fit(self) -> None:
        if self._layout is None:
            return
        view = self.viewport().size()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        room = view.width() - theme.px(layout.GUTTER)
        across.setRange(0, max(0, theme.px(self._layout.width) - room))
        across.setPageStep(max(1, room))
        across.setSingleStep(theme.px(self._layout.day_width * 7))
        room = view.height() - theme.px(layout.HEAD)
        down.setRange(0, max(0, theme.px(self._layout.height) - room))
        down.setPageStep(max(1, room))
        down.setSingleStep(theme.px(layout.LINE))

    def _bring_into_view(self) -> None:
        if self._layout is None or self._day is None or self.apartment is None:
            return
        line = next(ln for ln in self._layout.flats if ln.apartment == self.apartment)
        bar, room = self.horizontalScrollBar(), self.viewport().width() - theme.px(layout.GUTTER)
        left = theme.px(self._layout.left(self._day))
        bar.setValue(min(max(bar.value(), left + theme.px(80) - room), left - theme.px(8)))
        bar, room = self.verticalScrollBar(), self.viewport().height() - theme.px(layout.HEAD)
        bar.setValue(min(max(bar.value(), theme.px(line.top + line.height) - room), theme.px(line.top)))

    def _place_at(self, point: QPoint) -> tuple[Apartment, date] | None:
        if self._layout is None or point.y() < theme.px(layout.HEAD):
            return None
        at = self.origin()
        line = self._layout.line_at((point.y() - at.y()) / theme.px(1000) * 1000)
        if line is None or line.apartment is None:
            return None
        if point.x() < theme.px(layout.GUTTER):
            return line.apartment, self._day or self.today
        day = self._layout.day_at((point.x() - at.x()) / theme.px(1000) * 1000)
        return (line.apartment, day) if day in self._layout.board.days else None

    # ------------------------------------------------------------------ events

    def _restyled(self) -> None:
        self._fit()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        if self._layout is None:
            painter.fillRect(self.viewport().rect(), theme.colour("surface"))
        else:
            BoardPainter(painter, self, self._layout, self._free).paint()
            self._paint_place(painter)
        painter.end()

    def _paint_place(self, painter: QPainter) -> None:
        assert self._layout is not None
        if self._day is None or self.apartment is None:
            return
        line = next(ln for ln in self._layout.flats if ln.apartment == self.apartment)
        at, stay = self.origin(), self.stay
        if stay is not None:
            box = self.stay_box(stay, line).adjusted(-1, -1, 1, 1)
        else:
            box = QRectF(
                at.x() + theme.px(self._layout.left(self._day)),
                at.y() + theme.px(line.top) + 1,
                theme.px(self._layout.day_width),
                theme.px(line.height) - 2,
            )
        painter.setClipRect(self.viewport().rect().adjusted(theme.px(layout.GUTTER) - 2, theme.px(layout.HEAD), 0, 0))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("focus" if self.hasFocus() else "edge"), 2))
        painter.drawRoundedRect(box, theme.px(4), theme.px(4))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key
        days = {key.Key_Left: -1, key.Key_Right: 1, key.Key_PageUp: -7, key.Key_PageDown: 7}
        lines = {key.Key_Up: -1, key.Key_Down: 1}
        pressed = key(event.key())
        if self._layout is None or self._day is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif pressed in days:
            self._step_days(days[pressed])
        elif pressed in lines:
            self._step_lines(lines[pressed])
        elif pressed == key.Key_Home and self._apartment is not None:
            self.choose(self._apartment, self.today)
        elif pressed in (key.Key_Return, key.Key_Enter) and self.stay is not None:
            self.opened.emit(self.stay)
        else:
            super().keyPressEvent(event)

    def _step_days(self, step: int) -> None:
        """By day over free days, over a stay in one step."""
        assert self._apartment is not None and self._day is not None
        stay, day = self.stay, self._day + timedelta(days=step)
        if stay is not None and abs(step) == 1:
            day = stay.period.end if step > 0 else stay.period.start - timedelta(days=1)
        self.choose(self._apartment, day)

    def _step_lines(self, step: int) -> None:
        assert self._layout is not None and self._day is not None
        flats = [line.apartment for line in self._layout.flats if line.apartment is not None]
        here = next((n for n, flat in enumerate(flats) if flat.id == self._apartment), 0)
        self.choose(flats[min(max(here + step, 0), len(flats) - 1)].id, self._day)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().toPoint())
        if place is not None:
            self.choose(place[0].id, place[1])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._place_at(event.position().toPoint()) is not None and self.stay is not None:
            self.opened.emit(self.stay)

    def focusInEvent(self, event: QEvent) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.viewport().update()

    def focusOutEvent(self, event: QEvent) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.viewport().setToolTip(self._tip(event.position().toPoint()))

    def _tip(self, point: QPoint) -> str:
        place = self._place_at(point)
        if place is None or self._layout is None:
            return ""
        apartment, day = place
        stay = self._layout.stay_at(apartment, day)
        if point.x() < theme.px(layout.GUTTER) or stay is None:
            return describe_apartment(apartment)
        return describe_stay(stay, self.today)


def describe_apartment(apartment: Apartment) -> str:
    """What an apartment has, in a line: "Extra Care, 2 bedrooms, step-free, hoist, staff on site, from 55"."""
    parts = [
        SCHEME_WORDS[apartment.scheme_kind],
        wording.count(apartment.bedrooms, "bedroom") if apartment.bedrooms else "studio",
    ]
    parts += [words for has, words in (
        (apartment.step_free, "step-free"), (apartment.hoist, "hoist"), (apartment.pets, "pets welcome"),
        (apartment.staff_on_site, "staff on site"),
    ) if has]  # fmt: skip
    if apartment.least_age:
        parts.append(f"from age {apartment.least_age}")
    return ", ".join(parts)


def describe_stay(stay: Stay, today: date) -> str:
    """Who or what, from when to when, which day of it this is."""
    what = stay.who or ("Not shared with you" if stay.hidden else KIND_WORDS.get(stay.kind, ""))
    parts = [what, f"{wording.day(stay.period.start)} to {wording.day(stay.period.last)}"]
    day = rules.day_of_stay(stay, today)
    if day is not None:
        parts.append(f"day {day} of {stay.period.days}")
    if stay.purpose:
        parts.append(PURPOSE_WORDS[stay.purpose])
    return "\n".join(part for part in parts if part)
