"""What the forecast needs of a store."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from coordination.deployment.forecast_model import Read, VisitRow
from coordination.values import Window


class ForecastStore(Protocol):
    def read(self, service: str, locality: str, first: date, days: int) -> Read:
        """Three queries. ``locality`` empty: every team of the service. A day before ``first`` is read too, for visits
        and shifts that reach over midnight."""
        ...

    def visits(self, service: str, locality: str, neighbourhood: int | None, reach: Window) -> list[VisitRow]:
        """Visits that lie within some hours of a neighbourhood, as far as this desk may see them. One query."""
        ...
