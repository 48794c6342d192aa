"""Demand against capacity by neighbourhood and hour, for days ahead (B4, B2): from visits planned and shifts rostered.

Everything is whole minutes, added up; a cell is the sum of the rows that it opens to. Hours are whole hours of UTC,
which the centre's clock shows as whole hours too.

Capacity is time at work, less leave and sickness, less what travel and breaks take, and no more a day than a worker's
most contact minutes. A worker's hour is shared over their neighbourhoods as their team is asked for there: in that
hour, else on that day, else evenly. A worker without any works wherever the team's locality is, or it is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from coordination.clock import at_local
from coordination.deployment.forecast_model import Cell, Forecast, Key, Read
from coordination.deployment.forecast_shares import shares
from coordination.values import Window


def forecast(read: Read, first: date, days: int, locality: str = "") -> Forecast:
    """Demand and capacity of some teams of one service, hour by hour."""
    reach = Window(at_local(first, 0), at_local(first + timedelta(days=days), 0))
    demand = [d for d in read.demand if reach.start <= d.hour < reach.end]
    capacity: dict[Key, int] = defaultdict(int)
    for key, parts in shares(read, demand, reach).items():
        capacity[key] += sum(minutes for _, minutes in parts)
    asked: dict[Key, Cell] = defaultdict(Cell)
    for d in demand:
        asked[d.neighbourhood, d.hour] += Cell(d.placed, d.unplaced, 0, d.ending, d.visits)
    cells = {}
    for key in {*asked, *capacity}:
        of, spare = asked[key], capacity[key]
        cells[key] = Cell(of.placed, of.unplaced, spare, of.ending, of.visits, max(0, of.demand - spare))
    return Forecast(locality, read.teams, read.places, first, days, cells, read.endings, read.waiting, read.as_of)
