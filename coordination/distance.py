"""How far two places are apart on the globe."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

Point = tuple[float, float]
"""Latitude and longitude in degrees (WGS84)."""


def straight_km(here: Point, there: Point) -> float:
    """Kilometres as the crow flies."""
    lat1, lat2 = radians(here[0]), radians(there[0])
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin(radians(there[1] - here[1]) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(half))
