"""What comes of loading the training city."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from coordination.errors import CoordinationError

STEPS = ("places", "people", "queue", "apartments", "plans", "boards", "names", "statistics")


@dataclass(frozen=True, slots=True)
class Summary:
    """``rows`` by table; ``seconds`` from the first look to the commit."""

    people: int
    seed: int
    now: datetime
    rows: Mapping[str, int]
    seconds: float


class LoadCancelled(CoordinationError):
    """Stopped when asked to; nothing was changed."""
