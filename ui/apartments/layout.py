"""Where things stand on the apartment board: rows for localities and apartments, columns for days. No painting."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from coordination.apartments.calendar import gave_way
from coordination.apartments.model import Apartment, ApartmentBoard, Stay, StayKind
from coordination.values import ApartmentId, StayId

HEADING, LINE, HEAD, GUTTER = 26, 36, 46, 250


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the board: a locality's heading, or an apartment. ``top`` and ``height`` in design pixels."""

    top: float
    height: float
    heading: str = ""
    apartment: Apartment | None = None


@dataclass(frozen=True)
class Layout:
    """The board laid out for a width of day. All lengths in design pixels."""

    board: ApartmentBoard
    lines: tuple[Line, ...]
    day_width: float

    @property
    def height(self) -> float:
        return self.lines[-1].top + self.lines[-1].height if self.lines else 0.0

    @property
    def width(self) -> float:
        return self.board.days.days * self.day_width

    @cached_property
    def flats(self) -> list[Line]:
        """The lines that are apartments, from the top."""
        return [line for line in self.lines if line.apartment is not None]

    @cached_property
    def line_of(self) -> dict[ApartmentId, Line]:
        return {line.apartment.id: line for line in self.lines if line.apartment is not None}

    @cached_property
    def without_turnaround(self) -> dict[StayId, tuple[StayKind, ...]]:
        """Stays after which there is no room for cleaning or inspection, and for which of them."""
        found = ((stay.id, gave_way(self.board, stay)) for stay in self.board.stays)
        return {stay: kinds for stay, kinds in found if kinds}

    def left(self, day: date) -> float:
        """Where a day begins, from the first day's left edge."""
        return (day - self.board.days.start).days * self.day_width

    def day_at(self, x: float) -> date:
        return self.board.days.start + timedelta(days=int(x // self.day_width))

    def line_at(self, y: float) -> Line | None:
        return next((line for line in self.lines if line.top <= y < line.top + line.height), None)

    def stay_at(self, apartment: Apartment, day: date) -> Stay | None:
        return next(iter(self.seen(apartment.id, day, day + timedelta(days=1))), None)

    def seen(self, apartment: ApartmentId, first: date, end: date) -> tuple[Stay, ...]:
        """The stays of an apartment that touch these days: no two overlap, so their ends are in order too."""
        stays = self.board.of(apartment)
        begin = bisect_right(stays, first, key=lambda s: s.period.end)
        return stays[begin : bisect_left(stays, end, key=lambda s: s.period.start)]


def lay_out(board: ApartmentBoard, day_width: float) -> Layout:
    """Apartments in the board's own order, under a heading for each locality."""
    lines: list[Line] = []
    top, locality = 0.0, ""
    for apartment in board.apartments:
        if apartment.locality != locality:
            locality = apartment.locality
            lines.append(Line(top, HEADING, heading=locality.capitalize()))
            top += HEADING
        lines.append(Line(top, LINE, apartment=apartment))
        top += LINE
    return Layout(board, tuple(lines), day_width)
