"""A stay on its way over the board: where it would go, whether it may, and why not. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from coordination.apartments import calendar
from coordination.apartments.model import ApartmentBoard, Stay
from coordination.errors import Obstacle
from coordination.values import ApartmentId, DateRange

Part = Literal["whole", "start", "end"]


@dataclass
class Carry:
    """``grabbed``: how many days into the stay it is held. ``part``: all of it, or one of its ends. ``apartment`` and
    ``period`` follow the pointer or the keys. ``changed``: somebody else changed it meanwhile."""

    board: ApartmentBoard
    stay: Stay
    grabbed: int = 0
    part: Part = "whole"
    by_keys: bool = False
    changed: bool = False
    apartment: ApartmentId = field(init=False)
    period: DateRange = field(init=False)
    _without: ApartmentBoard = field(init=False)
    _found: dict[tuple[ApartmentId, DateRange], tuple[Obstacle, ...]] = field(default_factory=dict)
    _open: dict[ApartmentId, tuple[DateRange, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.apartment, self.period = self.stay.apartment_id, self.stay.period
        self._without = self._alone(self.board)

    # ------------------------------------------------------------------ going somewhere

    def to(self, apartment: ApartmentId | None, day: date) -> None:
        """The pointer is over a day of an apartment."""
        if self.part == "end":
            self.period = DateRange(self.stay.period.start, max(day, self.stay.period.start) + timedelta(days=1))
        elif self.part == "start":
            self.period = DateRange(min(day, self.stay.period.last), self.stay.period.end)
        else:
            self.apartment = self.apartment if apartment is None else apartment
            self.period = DateRange.of(day - timedelta(days=self.grabbed), self.stay.period.days)

    def shift(self, days: int) -> None:
        self.period = DateRange.of(self.period.start + timedelta(days=days), self.period.days)

    def step(self, lines: int) -> None:
        """To an apartment further up or down."""
        order = [a.id for a in self.board.apartments]
        here = order.index(self.apartment) if self.apartment in order else 0
        self.apartment = order[min(max(here + lines, 0), len(order) - 1)]

    def stretch(self, days: int, *, at_start: bool = False) -> None:
        """Longer or shorter by its last day, or by its first; never shorter than a day."""
        start, end = self.period.start, self.period.end
        if at_start:
            start = min(start + timedelta(days=days), end - timedelta(days=1))
        else:
            end = max(end + timedelta(days=days), start + timedelta(days=1))
        self.period = DateRange(start, end)

    def meet(self, board: ApartmentBoard) -> None:
        """The board was read again: others have been at work, perhaps at this very stay."""
        now = board.stay(self.stay.id)
        self.changed = self.changed or now is None or now.revision != self.stay.revision
        self.board, self._without = board, self._alone(board)
        self._found.clear()
        self._open.clear()

    # ------------------------------------------------------------------ whether it may

    @property
    def wanted(self) -> Stay:
        """The stay as it would be."""
        return replace(self.stay, apartment_id=self.apartment, period=self.period)

    @property
    def is_there_already(self) -> bool:
        return (self.apartment, self.period) == (self.stay.apartment_id, self.stay.period)

    @property
    def in_the_way(self) -> tuple[Obstacle, ...]:
        """Why it may not be put down here."""
        return self._obstacles(self.apartment, self.period)

    @property
    def is_open(self) -> bool:
        return not self.changed and not self.in_the_way

    def why_not(self, apartment: ApartmentId) -> tuple[Obstacle, ...]:
        """What is in the way of these days in another apartment."""
        return self._obstacles(apartment, self.period)

    def openings(self, apartment: ApartmentId) -> tuple[DateRange, ...]:
        """Free days of an apartment, as many in a row as the stay is long."""
        if apartment not in self._open:
            self._open[apartment] = self._gaps(apartment)
        return self._open[apartment]

    @property
    def partner(self) -> Stay | None:
        """Whose stay is under it, to change places with."""
        if self.part != "whole" or self.apartment == self.stay.apartment_id or self.stay.kind != "stay":
            return None
        under = [
            s for s in self.board.of(self.apartment)
            if s.kind == "stay" and not s.hidden and s.state in ("booked", "in_stay") and s.period.overlaps(self.period)
        ]  # fmt: skip
        return under[0] if len(under) == 1 else None

    @property
    def offers(self) -> tuple[Obstacle, ...]:
        """The nearest that is free instead."""
        gone = tuple(replace(row, state="cancelled") for row in self.board.following(self.stay.id))
        made = calendar.Plan((self.wanted,), (self.wanted, *gone))
        return calendar.offers(self.board, made, self.stay.period.start)

    def _obstacles(self, apartment: ApartmentId, period: DateRange) -> tuple[Obstacle, ...]:
        key = (apartment, period)
        if key not in self._found:
            wanted = replace(self.stay, apartment_id=apartment, period=period)
            self._found[key] = calendar.blocked(self._without, wanted, self.stay)
        return self._found[key]

    def _alone(self, board: ApartmentBoard) -> ApartmentBoard:
        """The board without the stay and what follows it: that goes along."""
        ours = {self.stay.id, *(f.id for f in board.following(self.stay.id))}
        return replace(board, stays=tuple(s for s in board.stays if s.id not in ours))

    def _gaps(self, apartment: ApartmentId) -> tuple[DateRange, ...]:
        flat = self.board.apartment(apartment)
        day = max(self.board.days.start, flat.lease_start)
        close = min(self.board.days.end, flat.lease_end or self.board.days.end)
        found: list[DateRange] = []
        for taken in self._without.of(apartment):
            self._add(found, day, min(taken.period.start, close))
            day = max(day, taken.period.end)
        self._add(found, day, close)
        return tuple(found)

    def _add(self, found: list[DateRange], start: date, end: date) -> None:
        if (end - start).days >= self.period.days:
            found.append(DateRange(start, end))
