"""A map in words: what stands beside it, and what a screen reader hears."""

from __future__ import annotations

from collections.abc import Sequence

from coordination.deployment.maps import MapPoint, MapScene, WardShape, nearest_ward
from ui import wording
from ui.deployment import words
from ui.deployment.messages import STATES

BASES = {"home": "Home", "base": "Base"}
LEGEND = {
    "day": (
        ("base", "Where the day begins and ends"),
        ("stop", "Visit, in order, with its time"),
        ("double", "Two workers"),
        ("way", "Order of the day, as the crow flies"),
    ),
    "visit": (
        ("visit", "The visit"),
        ("stop", "Who could take it, best first: where they start from"),
        ("cannot", "Cannot take it"),
    ),
}


def number(point: MapPoint) -> str:
    """``3``, ``Home``, ``Visit``, or a dash for somebody who cannot."""
    if point.kind == "base":
        return BASES[point.base or "home"]
    if point.kind == "visit":
        return "Visit"
    return str(point.number) if point.can else "–"


def mark(point: MapPoint) -> str:
    """What stands in the sign on the map."""
    return "" if point.kind in ("base", "visit") else number(point)


def when(point: MapPoint) -> str:
    return words.span(point.window) if point.window is not None else ""


def way(point: MapPoint) -> str:
    """``12 min, 3.4 km`` from the point before, or from the base to the visit."""
    if point.way_minutes is None or point.km is None:
        return ""
    return f"{point.way_minutes} min, {point.km:.1f} km"


def where(point: MapPoint, wards: Sequence[WardShape]) -> str:
    """Address and ward, or that nobody knows."""
    if point.place is None:
        return ", ".join(part for part in (point.address, "place not known") if part)
    ward = nearest_ward(wards, point.place)
    return "; ".join(part for part in (point.address, ward) if part)


def notes(point: MapPoint) -> str:
    """The second worker, how it ended, what is in the way."""
    parts = [f"With {wording.listing([n for n in point.with_whom if n])}"] if any(point.with_whom) else []
    if point.state != "planned":
        parts.append(STATES[point.state].capitalize())
    parts += [words.short(o) for o in point.said]
    return "; ".join(parts)


def sentence(point: MapPoint, wards: Sequence[WardShape]) -> str:
    """One point, for a screen reader."""
    parts = (number(point), when(point), point.title, where(point, wards), way(point), notes(point))
    return ", ".join(part for part in parts if part)


def head(scene: MapScene) -> str:
    """``9 visits, about 84 min on the way, 1 not on the map``."""
    if scene.kind == "day":
        stops = sum(p.kind == "stop" for p in scene.points)
        parts = [wording.count(stops, "visit"), f"about {scene.minutes} min on the way" if scene.minutes else ""]
    else:
        able = sum(p.kind == "candidate" and p.can for p in scene.points)
        parts = [f"{able} of {wording.count(len(scene.points) - 1, 'worker')} could take it"]
    parts.append(f"{scene.nowhere} not on the map: place not known" if scene.nowhere else "")
    return ", ".join(part for part in parts if part)
