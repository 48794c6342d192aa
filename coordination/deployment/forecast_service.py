"""Demand against capacity for days ahead, before the day starts (B4)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from coordination.clock import at_local, local_date
from coordination.deployment.forecast import forecast
from coordination.deployment.forecast_model import DAYS, EMPTY, CellRows, Forecast, Neighbourhood, Rostered, WorkerRow
from coordination.deployment.forecast_shares import gross_minutes, shares
from coordination.errors import BadValue
from coordination.values import Window, WorkerId

if TYPE_CHECKING:
    from coordination.work import Begin

MOST_DAYS = 42


class Forecasts:
    """Forecasts of the teams of one service."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def look(self, service: str, locality: str = "", first: date | None = None, days: int = DAYS) -> Forecast:
        """From ``first`` (today). Three queries, whatever the size. Raises BadValue (days)."""
        if not 1 <= days <= MOST_DAYS:
            raise BadValue("days", "out_of_range")
        with self._begin() as work:
            begin = first or local_date(work.now)
            return forecast(work.forecast.read(service, locality, begin, days), begin, days, locality)

    def rows(self, service: str, locality: str, neighbourhood: Neighbourhood, reach: Window) -> CellRows:
        """What stands behind some hours of one day in a neighbourhood (O2): visits and workers, which add up to it."""
        day = local_date(reach.start)
        whole = Window(at_local(day, 0), at_local(day + timedelta(days=1), 0))
        with self._begin() as work:
            read = work.forecast.read(service, locality, day, 1)
            visits = work.forecast.visits(service, locality, neighbourhood, reach)
        hours = [hour for hour in forecast(read, day, 1).cells.items() if reach.start <= hour[0][1] < reach.end]
        cell = sum((c for (place, _), c in hours if place == neighbourhood), EMPTY)
        given: dict[WorkerId, int] = defaultdict(int)
        at_work: dict[WorkerId, int] = defaultdict(int)
        who: dict[WorkerId, Rostered] = {}
        demand = [d for d in read.demand if whole.start <= d.hour < whole.end]
        for (place, hour), parts in shares(read, demand, whole).items():
            if place == neighbourhood and reach.start <= hour < reach.end:
                for worker, minutes in parts:
                    given[worker.worker_id] += minutes
                    who[worker.worker_id] = worker
        for key, worker in who.items():
            at_work[key] = sum(m for h, m in gross_minutes(worker, whole).items() if reach.start <= h < reach.end)
        workers = [WorkerRow(key, w.name, at_work[key], given[key]) for key, w in who.items()]
        return CellRows(cell, tuple(visits), tuple(sorted(workers, key=lambda w: (w.name, w.worker_id))))
