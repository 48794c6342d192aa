"""What the painting of the calendar asks of the widget that it paints for."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

from PySide6.QtCore import QPointF, QRectF

from coordination.apartments.model import Apartment, Stay
from coordination.values import DateRange
from ui.apartments import layout
from ui.row_cache import RowCache


class BoardView(Protocol):
    """What the painter asks of the widget that it paints for. ``version`` is another one when anything it shows is."""

    today: date
    cache: RowCache
    version: int

    @property
    def apartment(self) -> Apartment | None: ...
    @property
    def day(self) -> date | None: ...
    @property
    def stay(self) -> Stay | None: ...
    @property
    def days_seen(self) -> DateRange | None: ...
    def hasFocus(self) -> bool: ...
    def origin(self) -> QPointF: ...
    def days_box(self, days: DateRange, line: layout.Line) -> QRectF: ...
    def devicePixelRatioF(self) -> float: ...
    def viewport(self) -> Any: ...
