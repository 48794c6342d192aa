"""A worker's day, or a visit and who could take it, as places on a map. Geometry in metres; no tiles, no drawing.

Ways are straight lines: there is no road network to be had offline (see ``travel``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians
from typing import Literal, Protocol

from coordination.deployment.discretion import discreet
from coordination.deployment.model import BaseKind, Board, Place, Visit, VisitState, Worker
from coordination.deployment.published import NO_VISIT
from coordination.deployment.suggest import Candidate
from coordination.deployment.travel import kilometres, minutes_between
from coordination.errors import Obstacle
from coordination.values import VisitId, Window, WorkerId

PointKind = Literal["base", "stop", "visit", "candidate"]
_METRES_A_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class WardShape:
    """A ward: its name, a point in its middle, and its outline if it was imported. ``rings`` of (lat, lon), closed."""

    code: str
    name: str
    middle: Place
    rings: tuple[tuple[tuple[float, float], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class MapPoint:
    """One thing on the map, and one row of the list beside it.

    ``number`` is the order of a stop or the rank of a candidate, 0 for a base, a visit, and a candidate who cannot.
    ``place`` None: nobody knows where, so that it is in the list only. ``way_minutes`` and ``km`` from the point
    before, or from the candidate's base to the visit. ``with_whom``: the others of a double-up. ``said``: what is in
    the way of a candidate, or what speaks for them.
    """

    kind: PointKind
    number: int
    place: Place | None
    title: str
    address: str = ""
    window: Window | None = None
    way_minutes: int | None = None
    km: float | None = None
    with_whom: tuple[str, ...] = ()
    base: BaseKind | None = None
    state: VisitState = "planned"
    visit_id: VisitId | None = None
    worker_id: WorkerId | None = None
    can: bool = True
    said: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, slots=True)
class MapScene:
    """What is drawn over the wards. ``route`` are the numbers of ``points`` in the order in which they are gone to."""

    kind: Literal["day", "visit"]
    points: tuple[MapPoint, ...]
    route: tuple[int, ...] = ()

    @property
    def nowhere(self) -> int:
        """How many points are in the list and not on the map."""
        return sum(p.place is None for p in self.points)

    @property
    def minutes(self) -> int:
        """On the way in all, as far as it is known."""
        return sum(p.way_minutes or 0 for p in self.points) if self.kind == "day" else 0


class GroundStore(Protocol):
    """What the maps need of a store."""

    def wards(self) -> Sequence[WardShape]:
        """Every ward in order of name, in one statement."""
        ...


def day_scene(board: Board, worker: Worker) -> MapScene:
    """A worker's day from base to base, with the stops in order of time. A visit that is off is no stop."""
    names = {w.id: w.name for w in board.workers}
    row = [(v, a) for v, a in board.row_of.get(worker.id, ()) if v.state not in NO_VISIT]
    points = [_base(worker)]
    here = worker.place
    for number, (visit, held) in enumerate(row, 1):
        there = visit.person.place
        others = tuple(names.get(a.worker_id, "") for a in visit.allocations if a.worker_id != worker.id)
        points.append(
            MapPoint(
                "stop",
                number,
                there,
                visit.person.listed,
                _address(visit),
                held.window,
                *_way(here, there, worker),
                others,
                state=visit.state,
                visit_id=visit.id,
            )
        )
        here = there or here
    on_map = [n for n, p in enumerate(points) if p.place is not None]
    home = [0] if points[0].place is not None and len(on_map) > 1 else []
    return MapScene("day", tuple(points), tuple(on_map + home))


def visit_scene(board: Board, visit: Visit, candidates: Iterable[Candidate]) -> MapScene:
    """A visit and everybody who could take it, ranked as in the list "who could take this?"; then those who cannot."""
    points = [
        MapPoint("visit", 0, visit.person.place, visit.person.listed, _address(visit), visit.arrive, visit_id=visit.id)
    ]
    for rank, candidate in enumerate(candidates, 1):
        worker, can = candidate.worker, candidate.start is not None
        window = Window.of(candidate.start, visit.minutes) if candidate.start is not None else None
        points.append(
            MapPoint(
                "candidate",
                rank if can else 0,
                worker.place,
                worker.name,
                "",
                window,
                *_way(worker.place, visit.person.place, worker),
                base=worker.base,
                worker_id=worker.id,
                can=can,
                said=candidate.reasons + candidate.warnings if can else candidate.obstacles,
            )
        )
    return MapScene("visit", tuple(points))


def _base(worker: Worker) -> MapPoint:
    return MapPoint("base", 0, worker.place, worker.name, base=worker.base, worker_id=worker.id)


def _address(visit: Visit) -> str:
    """As on a sheet: a code that somebody typed into it is left out."""
    return discreet(", ".join(part for part in (visit.person.address, visit.person.postcode) if part), 240)


def _way(here: Place | None, there: Place | None, worker: Worker) -> tuple[int | None, float | None]:
    if here is None or there is None:
        return None, None
    return minutes_between(here, there, worker.travel), kilometres(here, there)


@dataclass(frozen=True, slots=True)
class Plane:
    """Metres east and north of a point: flat, which over one city is right to a few metres."""

    origin: Place

    def metres(self, place: Place) -> tuple[float, float]:
        """East and north of the origin."""
        return self.of(place.lat, place.lon)

    def of(self, lat: float, lon: float) -> tuple[float, float]:
        east = (lon - self.origin.lon) * _METRES_A_DEGREE * cos(radians(self.origin.lat))
        return east, (lat - self.origin.lat) * _METRES_A_DEGREE


def extent(places: Iterable[Place], plane: Plane, least: float = 1_500.0) -> tuple[float, float, float, float]:
    """West, south, east and north in metres of what is to be seen, never narrower than ``least`` either way."""
    found = [plane.metres(p) for p in places] or [(0.0, 0.0)]
    west, east = min(x for x, _ in found), max(x for x, _ in found)
    south, north = min(y for _, y in found), max(y for _, y in found)
    wide, tall = max(0.0, least - (east - west)) / 2, max(0.0, least - (north - south)) / 2
    return west - wide, south - tall, east + wide, north + tall


def nearest_ward(wards: Sequence[WardShape], place: Place | None) -> str:
    """The ward that a place is in, as far as outlines tell; else the one whose middle is nearest. Empty for nowhere."""
    if place is None or not wards:
        return ""
    inside = next((w for w in wards if _inside(w, place)), None)
    return (inside or min(wards, key=lambda w: kilometres(w.middle, place))).name


def _inside(ward: WardShape, place: Place) -> bool:
    odd = False
    for ring in ward.rings:
        for (lat1, lon1), (lat2, lon2) in pairwise(ring):
            crosses = (lat1 > place.lat) != (lat2 > place.lat)
            if crosses and place.lon < (lon2 - lon1) * (place.lat - lat1) / (lat2 - lat1) + lon1:
                odd = not odd
    return odd
