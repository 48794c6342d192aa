"""Which part of the ground a map shows: metres of the plane to pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF

from coordination.deployment.maps import Plane, extent
from coordination.deployment.model import Place

MANCHESTER = Place(53.47, -2.235)
PLANE = Plane(MANCHESTER)


@dataclass(frozen=True)
class Lens:
    """Which part of the plane is seen: its middle in metres, and pixels to a metre."""

    east: float
    north: float
    scale: float

    def at(self, place: Place, box: QRectF) -> QPointF:
        east, north = PLANE.metres(place)
        return self.on(east, north, box)

    def on(self, east: float, north: float, box: QRectF) -> QPointF:
        middle = box.center()
        return QPointF(middle.x() + (east - self.east) * self.scale, middle.y() - (north - self.north) * self.scale)

    def zoomed(self, factor: float) -> Lens:
        return replace(self, scale=min(max(self.scale * factor, 0.002), 2.0))

    def moved(self, dx: float, dy: float) -> Lens:
        """The ground goes along by so many pixels."""
        return replace(self, east=self.east - dx / self.scale, north=self.north + dy / self.scale)


def fitting(places: Sequence[Place], box: QRectF, margin: float) -> Lens:
    """The lens through which all of ``places`` is seen in ``box``."""
    west, south, east, north = extent(places, PLANE)
    wide, tall = max(1.0, box.width() - 2 * margin), max(1.0, box.height() - 2 * margin)
    return Lens((west + east) / 2, (south + north) / 2, min(wide / (east - west), tall / (north - south)))
