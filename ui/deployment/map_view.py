"""The map on the screen: moved and zoomed with mouse or keys, stepped through with the arrows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from coordination.deployment.maps import MapScene, WardShape
from ui.deployment import map_words
from ui.deployment.map_lens import Lens, fitting
from ui.deployment.map_paint import Cluster, Ink, MapDrawing
from ui.style import fonts, theme

_MARGIN = 56
_STEP, _ZOOM = 80, 1.3
_BACK = (Qt.Key.Key_Left, Qt.Key.Key_Up)
_ON = (Qt.Key.Key_Right, Qt.Key.Key_Down)


class MapView(QWidget):
    """One scene. ``chosen`` is the number of a point, or None."""

    chosen_changed = Signal(int)
    """number of the point that was chosen here"""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(theme.px(240), theme.px(180))
        self.setAccessibleName("Map")
        self.scene = MapScene("day", ())
        self.wards: Sequence[WardShape] = ()
        self.chosen: int | None = None
        self._lens: Lens | None = None
        self._clusters: list[Cluster] = []
        self._pressed: QPointF | None = None
        self._moved = False
        theme.hub().changed.connect(self.update)

    # ------------------------------------------------------------------ what is shown

    def show_scene(self, wards: Sequence[WardShape], scene: MapScene, *, stay: bool = False) -> None:
        """Show a scene whole; ``stay``: the same one anew, with the part that is seen left alone."""
        self.wards, self.scene = wards, scene
        if not stay:
            self._lens, self.chosen = None, None
        elif self.chosen is not None and self.chosen >= len(scene.points):
            self.chosen = None
        self._describe()
        self.update()

    @property
    def lens(self) -> Lens:
        """The part that is seen: all places, until somebody zooms or moves."""
        if self._lens is None:
            places = [p.place for p in self.scene.points if p.place is not None]
            return fitting(places or [w.middle for w in self.wards], self._box(), theme.px(_MARGIN))
        return self._lens

    def choose(self, number: int | None) -> None:
        """Mark a point, and bring it into sight."""
        self.chosen = number
        point = self.scene.points[number] if number is not None else None
        if point is not None and point.place is not None:
            edge = theme.px(_MARGIN) / 2
            at = self.lens.at(point.place, self._box())
            if not self._box().adjusted(edge, edge, -edge, -edge).contains(at):
                middle = self._box().center()
                self._lens = self.lens.moved(middle.x() - at.x(), middle.y() - at.y())
        self._describe()
        self.update()

    def step(self, by: int) -> None:
        """The next point of the scene, or the one before."""
        count = len(self.scene.points)
        if count:
            at = (0 if by > 0 else count - 1) if self.chosen is None else (self.chosen + by) % count
            self.choose(at)
            self.chosen_changed.emit(at)

    def zoom(self, step: int) -> None:
        """Larger (1), smaller (-1), or everything (0)."""
        self._lens = None if step == 0 else self.lens.zoomed(_ZOOM**step)
        self.update()

    def _describe(self) -> None:
        """What a screen reader says: the head, or the point that is chosen."""
        at = self.scene.points[self.chosen] if self.chosen is not None else None
        says = map_words.sentence(at, self.wards) if at is not None else map_words.head(self.scene)
        if says != self.accessibleDescription():
            self.setAccessibleDescription(says)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # ------------------------------------------------------------------ events

    def _box(self) -> QRectF:
        return QRectF(self.rect())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink = Ink(theme.colour, fonts.font("small"), fonts.font("small", strong=True), theme.px)
        self._clusters = MapDrawing(painter, self._box(), ink, self.lens).draw(self.wards, self.scene, self.chosen)
        if self.hasFocus():
            painter.setPen(theme.colour("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = float(theme.px(_STEP))
        pans = {
            Qt.Key.Key_Left: (step, 0.0), Qt.Key.Key_Right: (-step, 0.0),
            Qt.Key.Key_Up: (0.0, step), Qt.Key.Key_Down: (0.0, -step),
        }  # fmt: skip
        if shift and key in pans:
            self._lens = self.lens.moved(*pans[key])
            self.update()
        elif key in _BACK or key in _ON:
            self.step(1 if key in _ON else -1)
        elif key == Qt.Key.Key_Home:
            self.choose(None)
            self.step(1)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1)
        elif key == Qt.Key.Key_Minus:
            self.zoom(-1)
        elif key == Qt.Key.Key_0:
            self.zoom(0)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._moved = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        gone = event.position() - self._pressed
        if self._moved or gone.manhattanLength() > 4:
            self._moved, self._pressed = True, event.position()
            self._lens = self.lens.moved(gone.x(), gone.y())
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and not self._moved:
            near = theme.px(16)
            for cluster in self._clusters:
                if (cluster.at - event.position()).manhattanLength() < near:
                    members = cluster.members
                    after = members.index(self.chosen) + 1 if self.chosen in members else 0
                    self.choose(members[after % len(members)])
                    self.chosen_changed.emit(members[after % len(members)])
                    break
        self._pressed = None
        self.unsetCursor()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Larger or smaller around the pointer."""
        away = event.position() - self._box().center()
        step = 1 if event.angleDelta().y() > 0 else -1
        factor = _ZOOM**step
        shift = away * (1 - factor)
        self._lens = self.lens.zoomed(factor).moved(shift.x(), shift.y())
        self.update()
