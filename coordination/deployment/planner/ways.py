"""Minutes between all places of a day, as ``travel.minutes_between`` has them one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from coordination.deployment.model import Place, Travel
from coordination.deployment.travel import DETOUR, KM_PER_HOUR

Table = Sequence[Sequence[Sequence[float]]]


def travel_table(places: Sequence[Place | None], modes: Sequence[Travel]) -> Table:
    """``[mode][here][there]``, whole minutes, rounded up; 0 from and to a place that is not known (None)."""
    known = np.array([place is not None for place in places])
    lat = np.radians([place.lat if place else 0.0 for place in places])
    lon = np.radians([place.lon if place else 0.0 for place in places])
    half = (
        np.sin((lat[None, :] - lat[:, None]) / 2) ** 2
        + np.cos(lat)[:, None] * np.cos(lat)[None, :] * np.sin((lon[None, :] - lon[:, None]) / 2) ** 2
    )
    km = DETOUR * 2 * 6371.0 * np.arcsin(np.sqrt(half))
    km[~(known[:, None] & known[None, :])] = 0.0
    return cast(Table, np.stack([np.ceil(np.round(km / KM_PER_HOUR[mode] * 60, 3)) for mode in modes]))
