"""One day to plan, as numbers and nothing else: what the engine solves and what it answers.

Times and lengths are minutes on one line, usually since midnight of the day; places, crews and jobs are indices into
the tuples of :class:`Problem`. A *crew* is a worker; a *job* is a visit. Costs share one unit, that of the weights.

Hard, never broken by a plan that is found: who may do a service, shift spans, one place at a time with the way between
(also to the base where ``ways_in_shift``), the two services of a job together or their gap apart, linked jobs their
gap apart, ``latest`` of a job, most contact minutes, fixed jobs. Everything else is a cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` to ``end``, minutes."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Break:
    """A rest of ``minutes`` that may begin between ``earliest`` and ``latest``; missing it costs ``cost``.

    It is taken where the crew is, or where it goes next.
    """

    earliest: float
    latest: float
    minutes: float
    cost: float


@dataclass(frozen=True, slots=True)
class Crew:
    """A worker's day.

    ``spans``: when visits may be made, in order, apart from one another; none at all: not at work. A visit lies within
    one span; the last may be overrun by ``most_overtime`` at the cost of ``Weights.overtime``.
    ``start_place``, ``end_place``: base or home; None: the first or last way is not counted.
    ``ways_in_shift``: the way from and to the base must fit into the spans (and overtime) too.
    ``mode``: which of ``Problem.travel``. ``most_contact``: minutes of visits in all, hard.
    """

    spans: tuple[Span, ...]
    start_place: int | None = None
    end_place: int | None = None
    mode: int = 0
    most_contact: float = inf
    most_overtime: float = 0.0
    breaks: tuple[Break, ...] = ()
    ways_in_shift: bool = False


@dataclass(frozen=True, slots=True)
class Able:
    """A crew that may do a service, and what it costs in preference (continuity, locality, wishes)."""

    crew: int
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Service:
    """What one crew does at a job: how long, and who may. Skills and gender are settled by who is in ``able``.

    ``late_before``: so many minutes before its job's windows close it is late already. Its own length, where windows
    say by when a service should have ended.
    """

    minutes: float
    able: tuple[Able, ...]
    late_before: float = 0.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A crew begins a service at ``start``."""

    crew: int
    start: float


Placing = tuple[Placed, ...]
"""Where the services of one job go, one entry a service, in order."""

Plan = tuple[Placing | None, ...]
"""One entry a job: where it goes, or None where it is left out."""


@dataclass(frozen=True, slots=True)
class Job:
    """A visit, of one service or of two by different crews.

    ``windows``: when a service should begin, both ends in, in order. Never before the first opens; after the last that
    has opened it is late: ``Weights.late`` times ``late_factor`` a minute (time-critical visits have a high factor).
    ``latest``: beginning after this is refused.
    ``least_gap``, ``most_gap``: minutes from the start of the first service to the start of the second; 0 and 0 is
    together. ``apart``: the two are not bound to each other in time at all (and one crew may do both).
    ``unplaced``: what it costs to leave the job out.
    ``fixed``: done so, whatever else; it never moves and is never refused. A stay elsewhere is a fixed job, too.
    ``held``: where it is on the plan that people already have; see ``Weights.change_crew`` and those after it.
    """

    place: int
    windows: tuple[Span, ...]
    services: tuple[Service, ...]
    unplaced: float
    late_factor: float = 1.0
    latest: float = inf
    least_gap: float = 0.0
    most_gap: float = 0.0
    apart: bool = False
    fixed: Placing | None = None
    held: Placing | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """If both jobs are placed, ``second`` begins ``least`` to ``most`` minutes after ``first`` begins (first services).
    Each job is in one link at most."""

    first: int
    second: int
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Weights:
    """What a minute, a visit, a point of preference costs.

    ``travel``: a minute on the way. ``late``: a minute late, times the job's factor. ``most_late``: a minute of the
    latest service of all. ``wait``: a minute of waiting between two visits. ``overtime``: a minute after the last span.
    ``preference``: times ``Able.cost``. ``fairness``: times the sum over crews of contact minutes squared by minutes
    of shift (least when everybody has the same share of their shift). ``most_idle``: a minute neither on the way nor
    at a visit or break, of the crew that has most of them. ``change_crew``: a service that another crew does than
    ``held``. ``change_time``: a minute that a service begins away from ``held``, the first ``change_free`` not
    counted. ``change_start``: a service that begins further away than that, with the same crew.
    """

    travel: float = 1.0
    late: float = 1.0
    most_late: float = 0.0
    wait: float = 0.0
    overtime: float = 1.0
    preference: float = 1.0
    fairness: float = 0.0
    most_idle: float = 0.0
    change_crew: float = 0.0
    change_time: float = 0.0
    change_free: float = 0.0
    change_start: float = 0.0


@dataclass(frozen=True)
class Problem:
    """``travel``: for each mode a square table of minutes between places, ``travel[mode][here][there]``: nested
    sequences, or one array of three dimensions."""

    crews: tuple[Crew, ...]
    jobs: tuple[Job, ...]
    travel: Sequence[Sequence[Sequence[float]]]
    links: tuple[Link, ...] = ()
    weights: Weights = field(default_factory=Weights)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a plan costs, weighed, part by part."""

    travel: float = 0.0
    late: float = 0.0
    most_late: float = 0.0
    wait: float = 0.0
    overtime: float = 0.0
    preference: float = 0.0
    fairness: float = 0.0
    most_idle: float = 0.0
    breaks: float = 0.0
    changes: float = 0.0
    unplaced: float = 0.0

    @property
    def total(self) -> float:
        parts = (self.travel, self.late, self.most_late, self.wait, self.overtime, self.preference, self.fairness)
        return sum(parts) + self.most_idle + self.breaks + self.changes + self.unplaced


@dataclass(frozen=True, slots=True)
class Solution:
    """``breaks``: for each crew when each of its breaks begins, None where it is missed. ``tried``: moves looked at."""

    plan: Plan
    breaks: tuple[tuple[float | None, ...], ...]
    cost: Cost
    tried: int = 0

    @property
    def unplaced(self) -> tuple[int, ...]:
        return tuple(job for job, placing in enumerate(self.plan) if placing is None)


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to try; the first to run out ends it. ``iterations`` (of each chain) repeats for a seed, time does not.

    ``cpu``: ``seconds`` are those of the planning threads, not of the wall. ``chains``: threads side by side; None: two
    where there are two cores.
    """

    seconds: float | None = None
    iterations: int | None = None
    cpu: bool = False
    chains: int | None = None
