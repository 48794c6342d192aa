"""The frame of the apartments' calendar: what it shows, what is chosen, where things stand in the viewport."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea

from coordination.apartments.model import Apartment, ApartmentBoard, Stay
from coordination.values import ApartmentId, DateRange, StayId
from ui.apartments import board_words, layout
from ui.apartments.board_carry import Carry
from ui.row_cache import RowCache
from ui.style import theme

ZOOMS = (3.0, 5.0, 8.0, 12.0, 18.0, 26.0, 36.0)
USUAL_ZOOM = 4


class ApartmentsFrame(QAbstractScrollArea):
    """``apartment`` and ``day`` are the chosen place, ``stay`` what is there; ``carry`` what is on its way."""

    place_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Apartments by day")
        self.viewport().setMouseTracking(True)
        self.today = date(2000, 1, 1)
        self.carry: Carry | None = None
        self.cache, self.version = RowCache(), 0
        self._zoom = USUAL_ZOOM
        self._layout: layout.Layout | None = None
        self._apartment: ApartmentId | None = None
        self._day: date | None = None
        self._free: dict[ApartmentId, DateRange] = {}
        theme.hub().changed.connect(self._restyled)

    # ------------------------------------------------------------------ what is shown

    def show_board(self, board: ApartmentBoard, today: date) -> None:
        """Show a board; the chosen place and the scrolled-to day stay. What is on its way meets the new board."""
        before = self.first_day
        if board != self.board or today != self.today:
            self.version += 1
        self.today = today
        self._layout = layout.lay_out(board, ZOOMS[self._zoom])
        if self._apartment is None and board.apartments:
            self._apartment, self._day = board.apartments[0].id, today
        if self.carry is not None:
            self.carry.meet(board)
        self._fit()
        self.go_to(before or today - timedelta(days=7))
        self.viewport().update()
        self.place_changed.emit()

    @property
    def board(self) -> ApartmentBoard | None:
        return self._layout.board if self._layout else None

    @property
    def laid(self) -> layout.Layout | None:
        return self._layout

    @property
    def first_day(self) -> date | None:
        """The day at the left edge."""
        if self._layout is None:
            return None
        return self._layout.day_at((self.horizontalScrollBar().value() + 1) / theme.px(1000) * 1000)

    @property
    def days_seen(self) -> DateRange | None:
        """The days that are in sight."""
        first = self.first_day
        if self._layout is None or first is None:
            return None
        room = self.viewport().width() - theme.px(layout.GUTTER)
        many = max(1, int(room / max(1, theme.px(1000) * self._layout.day_width / 1000)) + 1)
        return DateRange(
            first, min(first + timedelta(days=many), max(self._layout.board.days.end, first + timedelta(1)))
        )

    @property
    def apartment(self) -> Apartment | None:
        """The apartment of the chosen place."""
        line = self._layout.line_of.get(self._apartment) if self._layout and self._apartment is not None else None
        return line.apartment if line is not None else None

    @property
    def day(self) -> date | None:
        return self._day

    @property
    def stay(self) -> Stay | None:
        """The stay at the chosen place, if any."""
        if self._layout is None or self.apartment is None or self._day is None:
            return None
        return self._layout.stay_at(self.apartment, self._day)

    def choose(self, apartment: ApartmentId, day: date, *, reveal: bool = True) -> None:
        """Choose a place and bring it into view."""
        if self._layout is None:
            return
        days = self._layout.board.days
        self._apartment, self._day = apartment, min(max(day, days.start), days.last)
        if reveal:
            self._bring_into_view(apartment, self._day)
        self.viewport().update()
        self._tell()
        self.place_changed.emit()

    def choose_stay(self, stay: StayId) -> bool:
        """Choose the place of a stay, at today or its first day; of a person: that they have or will have. False: it
        is not on this board."""
        board = self._layout.board if self._layout is not None else None
        found = board.stay(stay) or board.stay_of(stay, self.today) if board is not None else None
        if found is not None:
            self.choose(found.apartment_id, self.today if self.today in found.period else found.period.start)
        return found is not None

    def show_free(self, free: dict[ApartmentId, DateRange]) -> None:
        """Light up the days that are offered for a referral, by apartment."""
        if free != self._free:
            self._free, self.version = free, self.version + 1
        self.viewport().update()

    def zoom(self, step: int, at: float | None = None) -> None:
        """Wider or narrower days; the day at ``at`` (pixels of the viewport; the chosen day) stays where it is."""
        wanted = min(max(self._zoom + step, 0), len(ZOOMS) - 1)
        if self._layout is None or wanted == self._zoom:
            return
        gutter = theme.px(layout.GUTTER)
        held = self._day if at is None else self._layout.day_at((at - self.origin().x()) / theme.px(1000) * 1000)
        held = held or self.today
        x = self.origin().x() + theme.px(self._layout.left(held))
        x = x if gutter <= x <= self.viewport().width() else gutter + theme.px(80)
        self._zoom, self.version = wanted, self.version + 1
        self._layout = layout.lay_out(self._layout.board, ZOOMS[wanted])
        self._fit()
        self.horizontalScrollBar().setValue(round(theme.px(self._layout.left(held)) + gutter - x))
        self.viewport().update()

    def go_to(self, day: date) -> None:
        """Scroll so that ``day`` is at the left."""
        if self._layout is not None:
            self.horizontalScrollBar().setValue(theme.px(self._layout.left(day)))

    def describe(self, stay: Stay) -> str:
        """All that is said of a stay under the pointer, and to a screen reader."""
        assert self._layout is not None
        board, without = self._layout.board, self._layout.without_turnaround.get(stay.id, ())
        pause = board.pause_on(stay.apartment_id, stay.period.start)
        return board_words.describe_stay(stay, self.today, pause, without)

    def _tell(self) -> None:
        """Let a screen reader say what is chosen."""
        apartment, stay, board = self.apartment, self.stay, self.board
        if apartment is None or self._day is None or board is None:
            return
        if stay is not None:
            said = self.describe(stay)
        else:
            pause = board.pause_on(apartment.id, self._day)
            said = board_words.describe_pause(pause) if pause else "Free"
        self.setAccessibleDescription(f"{apartment.label}. {said}".replace("\n", ". "))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # ------------------------------------------------------------------ geometry

    def origin(self) -> QPointF:
        """Where the first day of the first line is painted, in pixels of the viewport."""
        return QPointF(
            theme.px(layout.GUTTER) - self.horizontalScrollBar().value(),
            theme.px(layout.HEAD) - self.verticalScrollBar().value(),
        )

    def days_box(self, days: DateRange, line: layout.Line) -> QRectF:
        """Where days of an apartment are painted, in pixels of the viewport."""
        assert self._layout is not None
        at = self.origin()
        left, right = self._layout.left(days.start), self._layout.left(days.end)
        return QRectF(
            at.x() + theme.px(left) + 1,
            at.y() + theme.px(line.top + 4),
            max(2, theme.px(right) - theme.px(left) - 2),
            theme.px(line.height - 8),
        )

    def stay_box(self, stay: Stay, line: layout.Line) -> QRectF:
        return self.days_box(stay.period, line)

    def _fit(self) -> None:
        if self._layout is None:
            return
        view = self.viewport().size()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        room = view.width() - theme.px(layout.GUTTER)
        across.setRange(0, max(0, theme.px(self._layout.width) - room))
        across.setPageStep(max(1, room))
        across.setSingleStep(max(1, theme.px(self._layout.day_width * 7)))
        room = view.height() - theme.px(layout.HEAD)
        down.setRange(0, max(0, theme.px(self._layout.height) - room))
        down.setPageStep(max(1, room))
        down.setSingleStep(theme.px(layout.LINE))

    def _bring_into_view(self, apartment: ApartmentId, day: date) -> None:
        line = self._layout.line_of.get(apartment) if self._layout else None
        if self._layout is None or line is None:
            return
        bar, room = self.horizontalScrollBar(), self.viewport().width() - theme.px(layout.GUTTER)
        left = theme.px(self._layout.left(day))
        bar.setValue(min(max(bar.value(), left + theme.px(80) - room), left - theme.px(8)))
        bar, room = self.verticalScrollBar(), self.viewport().height() - theme.px(layout.HEAD)
        bar.setValue(min(max(bar.value(), theme.px(line.top + line.height) - room), theme.px(line.top)))

    def place_at(self, point: QPoint) -> tuple[Apartment, date] | None:
        """The apartment and day under a point of the viewport; under the names, the chosen day."""
        if self._layout is None or point.y() < theme.px(layout.HEAD):
            return None
        line = self._line_under(point.y())
        if line is None or line.apartment is None:
            return None
        if point.x() < theme.px(layout.GUTTER):
            return line.apartment, self._day or self.today
        day = self._day_under(point.x())
        return (line.apartment, day) if day in self._layout.board.days else None

    def _line_under(self, y: float) -> layout.Line | None:
        assert self._layout is not None
        return self._layout.line_at((y - self.origin().y()) / theme.px(1000) * 1000)

    def _day_under(self, x: float) -> date:
        assert self._layout is not None
        return self._layout.day_at((x - self.origin().x()) / theme.px(1000) * 1000)

    # ------------------------------------------------------------------ events

    def _restyled(self) -> None:
        self.cache.clear()
        self._fit()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def focusInEvent(self, event: QEvent) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.viewport().update()

    def focusOutEvent(self, event: QEvent) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.viewport().update()
