"""How a deployment board is painted: hours, demand, lanes, rows, visits, and a visit on its way."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from ui.deployment.paint_carried import CarriedPart
from ui.deployment.paint_head import HeadPart
from ui.deployment.paint_lanes import LanesPart
from ui.deployment.paint_rows import RowsPart


class BoardPainter(RowsPart, LanesPart, HeadPart, CarriedPart):
    """One painting of the board. Only what can be seen is painted."""

    def paint(self, exposed: QRectF | None = None) -> None:
        """What stands in ``exposed``, or all of it."""
        self.exposed = self.box if exposed is None else exposed
        self.p.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.p.setClipRect(self.exposed)
        self._fill(self.exposed, self._colour("surface"))
        self._rows()
        if self.exposed.top() < self.view.rows_area().top():
            self._lanes()
            self._head()
        self._now()
        if self.view.drag is not None:
            self._reasons()
        elif self.view.preview is not None:
            self._preview()

    def paint_drag(self) -> None:
        """What moves with the pointer, over what :meth:`paint` has painted."""
        self.p.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ghost()
