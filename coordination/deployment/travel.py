"""How long a way takes: an estimate, and shown as one. There is no road network to be had offline."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from coordination.deployment.model import Place, Travel
from coordination.distance import straight_km

DETOUR = 1.3  # roads against a straight line
KM_PER_HOUR: Mapping[Travel, float] = {"car": 24.0, "bus": 12.0, "bicycle": 14.0, "foot": 4.8}  # door to door, in town


def kilometres(here: Place, there: Place) -> float:
    """Straight line on the globe times ``DETOUR``."""
    return DETOUR * straight_km((here.lat, here.lon), (there.lat, there.lon))


def minutes_between(here: Place | None, there: Place | None, travel: Travel) -> int:
    """Whole minutes, rounded up; 0 when either place is not known, so that nothing is warned of on a guess."""
    if here is None or there is None:
        return 0
    return ceil(round(kilometres(here, there) / KM_PER_HOUR[travel] * 60, 3))
