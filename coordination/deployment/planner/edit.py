"""Many visits changed in one go: what is sent to the service, and what it needs to take it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from coordination.deployment.model import Allocation
from coordination.deployment.planner.happened import Happened
from coordination.values import TeamId, VisitId, Window, WorkerId


@dataclass(frozen=True, slots=True)
class Stretch:
    """A worker's stretch of work begins or ends at another time that day."""

    worker: WorkerId
    was: Window
    window: Window

    @property
    def back(self) -> Stretch:
        return Stretch(self.worker, self.window, self.was)


@dataclass(frozen=True)
class Edit:
    """Many visits changed at once: who goes where instead, by the revisions that were ``seen``. ``undoes`` takes back
    what ``happened``, rather than recording it."""

    team: TeamId
    day: date
    seen: Mapping[VisitId, int]
    wanted: Mapping[VisitId, tuple[Allocation, ...]]
    happened: Happened | None = None
    stretch: Stretch | None = None
    undoes: bool = False
