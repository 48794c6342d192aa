"""How the time of workers is shared over hours and neighbourhoods: whole minutes, and nothing lost by rounding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from coordination.clock import local_date
from coordination.deployment.forecast_model import HOUR, Demand, Key, Neighbourhood, Read, Rostered
from coordination.deployment.suggest import free_time
from coordination.values import TeamId, Window


def shares(read: Read, demand: Sequence[Demand], reach: Window) -> dict[Key, list[tuple[Rostered, int]]]:
    """Every worker's minutes, hour by hour, shared over neighbourhoods. Nothing is lost or made by rounding."""
    wanted = _Wanted(read, demand)
    pools: dict[tuple[TeamId, tuple[int, ...], datetime], list[tuple[Rostered, int]]] = defaultdict(list)
    for worker in read.rostered:
        for hour, minutes in net_minutes(worker, read.travel.get(worker.travel, 0), reach).items():
            pools[worker.team_id, worker.neighbourhoods, hour].append((worker, minutes))
    found: dict[Key, list[tuple[Rostered, int]]] = defaultdict(list)
    for (team, places, hour), workers in pools.items():
        chosen, weights = wanted.of(team, places, hour)
        for place, part in zip(chosen, split(sum(m for _, m in workers), weights), strict=True):
            each = split(part, [m for _, m in workers])
            found[place, hour] += [(w, m) for (w, _), m in zip(workers, each, strict=True) if m]
    return found


class _Wanted:
    """Where a team is asked for: how the time of its workers is shared."""

    def __init__(self, read: Read, demand: Sequence[Demand]) -> None:
        self._hours: dict[tuple[TeamId, datetime], dict[Neighbourhood, int]] = defaultdict(lambda: defaultdict(int))
        self._days: dict[tuple[TeamId, date], dict[Neighbourhood, int]] = defaultdict(lambda: defaultdict(int))
        for d in demand:
            self._hours[d.team_id, d.hour][d.neighbourhood] += d.minutes
            self._days[d.team_id, local_date(d.hour)][d.neighbourhood] += d.minutes
        self._own = {t.id: [p.id for p in read.places if t.locality in (None, p.locality)] for t in read.teams}
        self._dates: dict[datetime, date] = {}

    def of(self, team: TeamId, places: tuple[int, ...], hour: datetime) -> tuple[list[Neighbourhood], list[int]]:
        if hour not in self._dates:
            self._dates[hour] = local_date(hour)
        of_hour, of_day = self._hours.get((team, hour), {}), self._days.get((team, self._dates[hour]), {})
        chosen: list[Neighbourhood] = list(places)
        if not chosen:
            own = self._own.get(team, [])
            chosen = [*own, *sorted((n for n in of_day if n not in own), key=lambda n: n or 99)] or [None]
        for asked in (of_hour, of_day):
            weights = [asked.get(n, 0) for n in chosen]
            if any(weights):
                return chosen, weights
        return chosen, [1] * len(chosen)


def net_minutes(worker: Rostered, travel: int, reach: Window) -> dict[datetime, int]:
    """Minutes with people that a worker has in each hour: less travel and breaks, and no more a day than they may."""
    gross = gross_minutes(worker, reach)
    days: dict[date, list[datetime]] = defaultdict(list)
    for hour in sorted(gross):
        days[local_date(hour)].append(hour)
    found: dict[datetime, int] = {}
    for hours in days.values():
        of_day = [gross[hour] for hour in hours]
        most = sum(of_day) * (100 - min(100, max(0, travel))) // 100
        if worker.most_minutes is not None:
            most = min(most, worker.most_minutes)
        found.update((hour, minutes) for hour, minutes in zip(hours, split(most, of_day), strict=True) if minutes)
    return found


def gross_minutes(worker: Rostered, reach: Window) -> dict[datetime, int]:
    """Minutes at work and not away, hour by hour."""
    found: dict[datetime, int] = defaultdict(int)
    for window in free_time(worker.at_work, worker.away):
        start, end = max(window.start, reach.start), min(window.end, reach.end)
        hour = start.replace(minute=0, second=0, microsecond=0)
        while hour < end:
            found[hour] += int((min(end, hour + HOUR) - max(start, hour)).total_seconds() // 60)
            hour += HOUR
    return {hour: minutes for hour, minutes in found.items() if minutes}


def split(whole: int, weights: Sequence[int]) -> list[int]:
    """``whole`` in parts as the weights are, by largest remainder: they add up to it. All zeros when none weighs."""
    total = sum(weights)
    if total <= 0:
        return [0] * len(weights)
    parts = [whole * w // total for w in weights]
    if left := whole - sum(parts):
        rests = [whole * w % total for w in weights]
        order = sorted(range(len(weights)), key=rests.__getitem__, reverse=True)  # of equal ones the first
        for n in order[:left]:
            parts[n] += 1
    return parts
