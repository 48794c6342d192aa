"""Demand, rota and what they come to, as records that cross floors. How they are added up stands in forecast.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from coordination.clock import at_local, local_date
from coordination.values import TeamId, VisitId, Window, WorkerId

HOUR = timedelta(hours=1)
DAYS = 14
DAY_STARTS, DAY_ENDS = 7, 22
WORTH_NAMING = 15
"""minutes: less is not named as short"""

Neighbourhood = int | None
"""a neighbourhood's id; None is outside the city, or not known"""
Key = tuple[Neighbourhood, datetime]


@dataclass(frozen=True, slots=True)
class Place:
    """A neighbourhood with its name and locality."""

    id: int
    name: str
    locality: str


@dataclass(frozen=True, slots=True)
class ForecastTeam:
    id: TeamId
    name: str
    locality: str | None


@dataclass(frozen=True, slots=True)
class Demand:
    """Minutes asked of a team in one neighbourhood and hour. ``ending`` are not counted in the other two: they were
    planned for after the person's reablement ends. ``visits`` that begin in the hour."""

    team_id: TeamId
    neighbourhood: Neighbourhood
    hour: datetime
    placed: int
    unplaced: int
    ending: int
    visits: int

    @property
    def minutes(self) -> int:
        return self.placed + self.unplaced


@dataclass(frozen=True, slots=True)
class Rostered:
    """A worker's time in the days asked for: at work, and away (leave or sickness)."""

    worker_id: WorkerId
    name: str
    team_id: TeamId
    travel: str
    neighbourhoods: tuple[int, ...]
    most_minutes: int | None
    at_work: tuple[Window, ...]
    away: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """Episodes of reablement that are planned to end on a day, and the minutes a week that this sets free."""

    team_id: TeamId
    neighbourhood: Neighbourhood
    day: date
    episodes: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Referrals of a neighbourhood that nobody has begun with, and the minutes a week that they ask for: so many a
    referral, by service, as the setting ``forecast.waiting`` has it. Nothing of it is planned."""

    neighbourhood: Neighbourhood
    referrals: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Read:
    """What a store reads for a forecast, in a constant number of queries. ``places``: all of the city. ``travel``: per
    cent of time at work that goes to travel and breaks, by mode."""

    teams: tuple[ForecastTeam, ...]
    places: tuple[Place, ...]
    demand: tuple[Demand, ...]
    rostered: tuple[Rostered, ...]
    endings: tuple[Ending, ...]
    travel: Mapping[str, int]
    waiting: tuple[Waiting, ...]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Cell:
    """Minutes of one neighbourhood in an hour, or of several hours added up. ``short`` is added up too: what is spare
    in one hour or neighbourhood helps in no other."""

    placed: int = 0
    unplaced: int = 0
    capacity: int = 0
    ending: int = 0
    visits: int = 0
    short: int = 0

    @property
    def demand(self) -> int:
        return self.placed + self.unplaced

    @property
    def spare(self) -> int:
        return max(0, self.capacity - self.demand)

    def __add__(self, other: Cell) -> Cell:
        return Cell(
            self.placed + other.placed,
            self.unplaced + other.unplaced,
            self.capacity + other.capacity,
            self.ending + other.ending,
            self.visits + other.visits,
            self.short + other.short,
        )


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Shortage:
    """Hours one after the other in which a neighbourhood is short, and by how many minutes in all."""

    neighbourhood: Neighbourhood
    day: date
    window: Window
    minutes: int


@dataclass(frozen=True)
class Forecast:
    """``places`` in order of their number; ``cells`` has only what is not empty. What is ``waiting`` is in no cell."""

    locality: str
    teams: tuple[ForecastTeam, ...]
    places: tuple[Place, ...]
    first: date
    days: int
    cells: Mapping[Key, Cell]
    endings: tuple[Ending, ...]
    waiting: tuple[Waiting, ...]
    as_of: datetime

    @cached_property
    def dates(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(days=n) for n in range(self.days))

    @cached_property
    def neighbourhoods(self) -> tuple[Neighbourhood, ...]:
        """Those of the locality, and any other where its teams have something to do; None, outside the city, last."""
        found = {place for (place, _), cell in self.cells.items() if cell.demand or cell.ending or place is None}
        found |= {w.neighbourhood for w in self.waiting}
        inside = [p.id for p in self.places if self.locality in ("", p.locality) or p.id in found]
        return (*inside, *([None] if None in found else []))

    def name_of(self, neighbourhood: Neighbourhood) -> str:
        """Empty for outside the city."""
        return next((p.name for p in self.places if p.id == neighbourhood), "")

    def hours_of(self, day: date) -> tuple[datetime, ...]:
        """07:00 to 22:00 (B1), and any earlier or later hour of that day in which there is something."""
        first, last = at_local(day, DAY_STARTS), at_local(day, DAY_ENDS) - HOUR
        found = [hour for _, hour in self.cells if local_date(hour) == day]
        first, last = min([first, *found]), max([last, *found])
        return tuple(first + n * HOUR for n in range(int((last - first) / HOUR) + 1))

    def waits(self, neighbourhood: Neighbourhood) -> Waiting:
        """What of the queue is at home there."""
        found = (w for w in self.waiting if w.neighbourhood == neighbourhood)
        return next(found, Waiting(neighbourhood, 0, 0))

    @cached_property
    def all_waiting(self) -> Waiting:
        return Waiting(None, sum(w.referrals for w in self.waiting), sum(w.minutes for w in self.waiting))

    def cell(self, neighbourhood: Neighbourhood, hour: datetime) -> Cell:
        return self.cells.get((neighbourhood, hour), EMPTY)

    @cached_property
    def _days(self) -> Mapping[tuple[Neighbourhood, date], Cell]:
        found: dict[tuple[Neighbourhood, date], Cell] = {}
        dates: dict[datetime, date] = {}
        for (place, hour), cell in self.cells.items():
            if hour not in dates:
                dates[hour] = local_date(hour)
            key = place, dates[hour]
            found[key] = found.get(key, EMPTY) + cell
        return found

    def of_day(self, neighbourhood: Neighbourhood, day: date) -> Cell:
        return self._days.get((neighbourhood, day), EMPTY)

    def whole_day(self, day: date) -> Cell:
        return sum((self.of_day(n, day) for n in self.neighbourhoods), EMPTY)

    def whole_hour(self, hour: datetime) -> Cell:
        return sum((self.cell(n, hour) for n in self.neighbourhoods), EMPTY)

    @cached_property
    def unrostered(self) -> tuple[date, ...]:
        """Days for which something is asked and nobody is at work, anywhere: their rota is not made yet."""
        whole = ((day, self.whole_day(day)) for day in self.dates)
        return tuple(day for day, cell in whole if cell.demand and not cell.capacity)

    @cached_property
    def short(self) -> int:
        """Minutes short of all days that have a rota, also those too few to be named."""
        return sum(self.whole_day(day).short for day in self.dates if day not in self.unrostered)

    @cached_property
    def shortages(self) -> tuple[Shortage, ...]:
        """What is worth naming, the largest first; not of days that have no rota."""
        found = [s for place in self.neighbourhoods for s in self._runs(place) if s.minutes >= WORTH_NAMING]
        found = [s for s in found if s.day not in self.unrostered]
        return tuple(sorted(found, key=lambda s: (-s.minutes, s.window.start, s.neighbourhood or 0)))

    def _runs(self, place: Neighbourhood) -> Iterable[Shortage]:
        short = sorted(hour for (n, hour), cell in self.cells.items() if n == place and cell.short)
        run: list[datetime] = []
        for hour in (*short, None):
            if run and (hour is None or hour != run[-1] + HOUR or local_date(hour) != local_date(run[0])):
                minutes = sum(self.cell(place, each).short for each in run)
                yield Shortage(place, local_date(run[0]), Window(run[0], run[-1] + HOUR), minutes)
                run = []
            if hour is not None:
                run.append(hour)


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit, or one half of a double-up, of those that a cell counts. ``minutes`` lie within the cell."""

    visit_id: VisitId
    team_id: TeamId
    person: str
    window: Window
    minutes: int
    worker: str  # empty while nobody has it
    need: str


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker's part of a cell's capacity. ``at_work`` are their minutes at work in it, ``minutes`` what is counted
    here: after travel and breaks, and their other neighbourhoods."""

    worker_id: WorkerId
    name: str
    at_work: int
    minutes: int


@dataclass(frozen=True, slots=True)
class CellRows:
    """What a cell opens to. ``hidden`` minutes belong to people whose record this desk may not see."""

    cell: Cell
    visits: tuple[VisitRow, ...]
    workers: tuple[WorkerRow, ...]

    @property
    def hidden(self) -> int:
        return self.cell.demand - sum(v.minutes for v in self.visits)
