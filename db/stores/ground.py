"""Wards as shapes to draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from coordination.deployment.maps import WardShape
from coordination.deployment.model import Place
from coordination.reference.outlines import rings
from db.tables.reference import ward


class PgGroundStore:
    """What maps are drawn on."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def wards(self) -> Sequence[WardShape]:
        rows = self._connection.execute(select(ward).order_by(ward.c.name))
        return [WardShape(r.code, r.name, Place(r.lat, r.lon), _rings(r.outline)) for r in rows]


def _rings(outline: dict[str, Any] | None) -> tuple[tuple[tuple[float, float], ...], ...]:
    """GeoJSON has longitude first."""
    if outline is None:
        return ()
    return tuple(tuple((float(point[1]), float(point[0])) for point in ring) for ring in rings(outline))
