"""How long a way takes: an estimate, and shown as one. There is no road network to be had offline."""

from __future__ import annotations

from collections.abc import Mapping
from math import asin, ceil, cos, radians, sin, sqrt

from coordination.deployment.model import Place, Travel

DETOUR = 1.3  # roads against a straight line
KM_PER_HOUR: Mapping[Travel, float] = {"car": 24.0, "bus": 12.0, "bicycle": 14.0, "foot": 4.8}  # door to door, in town


def kilometres(here: Place, there: Place) -> float:
    """Straight line on the globe times ``DETOUR``."""
    lat1, lat2 = radians(here.lat), radians(there.lat)
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin(radians(there.lon - here.lon) / 2) ** 2
    return DETOUR * 2 * 6371.0 * asin(sqrt(half))


def minutes_between(here: Place | None, there: Place | None, travel: Travel) -> int:
    """Whole minutes, rounded up; 0 when either place is not known, so that nothing is warned of on a guess."""
    if here is None or there is None:
        return 0
    return ceil(round(kilometres(here, there) / KM_PER_HOUR[travel] * 60, 3))
