"""Drawing a map: wards, ways, places. On a screen or on paper; it knows no widget and no theme."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from coordination.deployment.maps import MapPoint, MapScene, WardShape
from ui.deployment import map_words
from ui.deployment.map_lens import PLANE, Lens
from ui.style import icons

_CENTRE = int(Qt.AlignmentFlag.AlignCenter)


@dataclass(frozen=True)
class Ink:
    """How to draw: colours by role, two fonts, and lengths of the design in pixels."""

    colour: Callable[[str], QColor]
    small: QFont
    strong: QFont
    px: Callable[[float], float]


@dataclass(frozen=True)
class Cluster:
    """Points that would lie on each other: one sign for all. ``members`` are numbers of the scene's points."""

    at: QPointF
    members: tuple[int, ...]


class MapDrawing:
    """One scene on its wards, in a box."""

    def __init__(self, painter: QPainter, box: QRectF, ink: Ink, lens: Lens) -> None:
        self.p, self.box, self.ink, self.lens = painter, box, ink, lens
        self._small = QFontMetricsF(ink.small)
        self._strong = QFontMetricsF(ink.strong)
        self._taken: list[QRectF] = []

    def draw(self, wards: Sequence[WardShape], scene: MapScene, chosen: int | None = None) -> list[Cluster]:
        """Draw it all; gives back where the signs are."""
        self.p.save()
        self.p.setClipRect(self.box)
        self.p.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.p.fillRect(self.box, self.ink.colour("sunken"))
        clusters = self._clusters(scene)
        self._taken = [self._sign_box(scene, cluster) for cluster in clusters]
        self._wards(wards)
        self._ways(scene)
        for cluster in sorted(clusters, key=lambda c: chosen in c.members):
            self._sign(scene, cluster, chosen)
        for cluster in sorted(clusters, key=lambda c: chosen not in c.members):
            self._time(scene, cluster)
        self._measure()
        self._legend(scene)
        self.p.restore()
        return clusters

    # ------------------------------------------------------------------ ground

    def _wards(self, wards: Sequence[WardShape]) -> None:
        edge = self.ink.colour("edge")
        edge.setAlphaF(0.5)
        self.p.setPen(QPen(edge, self.ink.px(1)))
        self.p.setBrush(self.ink.colour("surface"))
        for ward in wards:
            path = QPainterPath()
            for ring in ward.rings:
                path.addPolygon(QPolygonF([self._at(*point) for point in ring]))
            self.p.drawPath(path)
        self.p.setFont(self.ink.small)
        self.p.setPen(self.ink.colour("text-off"))
        names: list[QRectF] = []
        for ward in wards:
            middle = self.lens.at(ward.middle, self.box)
            size = self._small.horizontalAdvance(ward.name), self._small.height()
            box = QRectF(middle.x() - size[0] / 2, middle.y() - size[1] / 2, *size)
            if self.box.contains(box) and not any(box.intersects(other) for other in (*names, *self._taken)):
                names.append(box)
                if not ward.rings:
                    self.p.drawEllipse(QPointF(box.left() - self.ink.px(5), middle.y()), self.ink.px(2), self.ink.px(2))
                self.p.drawText(box, _CENTRE, ward.name)

    def _at(self, lat: float, lon: float) -> QPointF:
        return self.lens.on(*PLANE.of(lat, lon), self.box)

    def _ways(self, scene: MapScene) -> None:
        pen = QPen(self.ink.colour("tone:accent"), self.ink.px(2), Qt.PenStyle.DashLine)
        points = [scene.points[n].place for n in scene.route]
        spots = [self.lens.at(place, self.box) for place in points if place is not None]
        for here, there in pairwise(spots):
            self.p.setPen(pen)
            self.p.drawLine(here, there)
            self._arrow(here, there)

    def _arrow(self, here: QPointF, there: QPointF) -> None:
        """In the middle of a way, if it is long enough to be seen."""
        step = there - here
        length = (step.x() ** 2 + step.y() ** 2) ** 0.5
        if length < self.ink.px(44):
            return
        along, middle = step / length, (here + there) / 2
        across = QPointF(-along.y(), along.x())
        size = self.ink.px(5)
        self.p.setPen(Qt.PenStyle.NoPen)
        self.p.setBrush(self.ink.colour("tone:accent"))
        self.p.drawPolygon(
            [middle + along * size, middle - along * size + across * size, middle - along * size - across * size]
        )

    # ------------------------------------------------------------------ places

    def _clusters(self, scene: MapScene) -> list[Cluster]:
        near, found = self.ink.px(17), list[Cluster]()
        for number, point in enumerate(scene.points):
            if point.place is None:
                continue
            at = self.lens.at(point.place, self.box)
            same = next(
                (
                    n for n, c in enumerate(found)
                    if (c.at - at).manhattanLength() < near and scene.points[c.members[0]].kind == point.kind
                    and scene.points[c.members[0]].can == point.can
                ),
                None,
            )  # fmt: skip
            if same is None:
                found.append(Cluster(at, (number,)))
            else:
                found[same] = replace(found[same], members=(*found[same].members, number))
        return self._merged(scene, found)

    def _merged(self, scene: MapScene, found: list[Cluster]) -> list[Cluster]:
        """Signs of one kind that would cover each other become one."""
        for number, one in enumerate(found):
            for other in found[number + 1 :]:
                first, second = scene.points[one.members[0]], scene.points[other.members[0]]
                alike = (first.kind, first.can) == (second.kind, second.can) and first.can
                if alike and self._sign_box(scene, one).intersects(self._sign_box(scene, other)):
                    members = tuple(sorted(one.members + other.members))
                    whole = Cluster((one.at + other.at) / 2, members)
                    return self._merged(scene, [*(c for c in found if c not in (one, other)), whole])
        return found

    def _says(self, scene: MapScene, cluster: Cluster) -> str:
        marks = [m for n in cluster.members if (m := map_words.mark(scene.points[n]))]
        return ", ".join(marks[:4]) + (" …" if len(marks) > 4 else "")

    def _sign_box(self, scene: MapScene, cluster: Cluster) -> QRectF:
        first = scene.points[cluster.members[0]]
        if not first.can:
            side = self.ink.px(10)
            return QRectF(cluster.at.x() - side / 2, cluster.at.y() - side / 2, side, side)
        tall = self.ink.px(22)
        wide = max(tall, self._strong.horizontalAdvance(self._says(scene, cluster)) + self.ink.px(12))
        return QRectF(cluster.at.x() - wide / 2, cluster.at.y() - tall / 2, wide, tall)

    def _sign(self, scene: MapScene, cluster: Cluster, chosen: int | None) -> None:
        points = [scene.points[n] for n in cluster.members]
        first, box = points[0], self._sign_box(scene, cluster)
        if not self.box.intersects(box):
            return
        if chosen in cluster.members:
            self.p.setPen(QPen(self.ink.colour("focus"), self.ink.px(2)))
            self.p.setBrush(self.ink.colour("selection"))
            wider = self.ink.px(5)
            around = box.adjusted(-wider, -wider, wider, wider)
            self.p.drawRoundedRect(around, around.height() / 2, around.height() / 2)
        if first.kind in ("base", "visit"):
            self._special(first, box)
        elif not first.can:
            self._cross(box)
        else:
            self._numbered(points, box, self._says(scene, cluster))

    def _special(self, point: MapPoint, box: QRectF) -> None:
        tone = "neutral" if point.kind == "base" else "amber"
        icon = {"home": "house", "base": "buildings"}[point.base or "home"] if point.kind == "base" else "user"
        self.p.setPen(QPen(self.ink.colour("surface"), self.ink.px(2)))
        self.p.setBrush(self.ink.colour(f"fill:{tone}"))
        self.p.drawRoundedRect(box, self.ink.px(4), self.ink.px(4))
        inner = self.ink.px(4)
        icons.paint(self.p, box.adjusted(inner, inner, -inner, -inner), icon, self.ink.colour(f"on-fill:{tone}"))

    def _cross(self, box: QRectF) -> None:
        self.p.setPen(QPen(self.ink.colour("text-quiet"), self.ink.px(1.5)))
        self.p.drawLine(box.topLeft(), box.bottomRight())
        self.p.drawLine(box.topRight(), box.bottomLeft())

    def _numbered(self, points: Sequence[MapPoint], box: QRectF, says: str) -> None:
        if any(any(p.with_whom) for p in points):  # a second ring: two workers
            ring = self.ink.px(4)
            self.p.setPen(QPen(self.ink.colour("fill:accent"), self.ink.px(1.5)))
            self.p.setBrush(self.ink.colour("surface"))
            outer = box.adjusted(-ring, -ring, ring, ring)
            self.p.drawRoundedRect(outer, outer.height() / 2, outer.height() / 2)
        self.p.setPen(QPen(self.ink.colour("surface"), self.ink.px(1.5)))
        self.p.setBrush(self.ink.colour("fill:accent"))
        self.p.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        self.p.setFont(self.ink.strong)
        self.p.setPen(self.ink.colour("on-fill:accent"))
        self.p.drawText(box, _CENTRE, says)

    def _time(self, scene: MapScene, cluster: Cluster) -> None:
        """When the first of them is, where there is room beside the sign."""
        point = scene.points[cluster.members[0]]
        if point.kind not in ("stop", "candidate") or point.window is None:
            return
        starts = [map_words.when(scene.points[n]).split("–")[0] for n in cluster.members]
        says = ", ".join(starts[:2]) + (" …" if len(starts) > 2 else "")
        sign, gap = self._sign_box(scene, cluster), self.ink.px(4)
        wide, tall = self._small.horizontalAdvance(says) + self.ink.px(6), self._small.height()
        middle = sign.center()
        for x, y in (
            (sign.right() + gap, middle.y() - tall / 2),
            (sign.left() - gap - wide, middle.y() - tall / 2),
            (middle.x() - wide / 2, sign.bottom() + gap / 2),
            (middle.x() - wide / 2, sign.top() - gap / 2 - tall),
        ):
            box = QRectF(x, y, wide, tall)
            if self.box.contains(box) and not any(box.intersects(other) for other in self._taken):
                self._taken.append(box)
                back = self.ink.colour("surface")
                back.setAlphaF(0.85)
                self.p.setPen(Qt.PenStyle.NoPen)
                self.p.setBrush(back)
                self.p.drawRoundedRect(box, self.ink.px(3), self.ink.px(3))
                self.p.setFont(self.ink.small)
                self.p.setPen(self.ink.colour("text"))
                self.p.drawText(box, _CENTRE, says)
                return

    # ------------------------------------------------------------------ legend and scale

    def _legend(self, scene: MapScene) -> None:
        """What the signs mean, at the lower left: those that are on the map."""
        entries = [(sign, says) for sign, says in map_words.LEGEND[scene.kind] if self._has(scene, sign)]
        tall, pad = self._small.height() + self.ink.px(8), self.ink.px(8)
        wide = max((self._small.horizontalAdvance(says) for _, says in entries), default=0.0) + self.ink.px(40)
        box = self._free_corner(QRectF(0, 0, wide + pad, tall * len(entries) + pad), pad)
        self.p.setPen(QPen(self.ink.colour("line"), self.ink.px(1)))
        self.p.setBrush(self.ink.colour("surface"))
        self.p.drawRoundedRect(box, self.ink.px(4), self.ink.px(4))
        for number, (sign, says) in enumerate(entries):
            line = QRectF(box.left() + pad, box.top() + pad / 2 + number * tall, wide, tall)
            self._legend_sign(sign, QPointF(line.left() + self.ink.px(11), line.center().y()))
            self.p.setFont(self.ink.small)
            self.p.setPen(self.ink.colour("text"))
            words_box = line.adjusted(self.ink.px(30), 0, 0, 0)
            self.p.drawText(words_box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), says)

    def _free_corner(self, box: QRectF, gap: float) -> QRectF:
        """The corner where it covers the fewest signs and times; the lower left if it is all one."""
        inner = self.box.adjusted(gap, gap, -gap, -gap)
        low, high = inner.bottom() - box.height(), inner.top()
        right = inner.right() - box.width()
        corners = [QRectF(x, y, box.width(), box.height())
                   for x, y in ((inner.left(), low), (inner.left(), high), (right, high))]  # fmt: skip
        return min(corners, key=lambda corner: sum(corner.intersects(other) for other in self._taken))

    @staticmethod
    def _has(scene: MapScene, sign: str) -> bool:
        on_map = [p for p in scene.points if p.place is not None]
        return {
            "base": any(p.kind == "base" for p in on_map),
            "visit": any(p.kind == "visit" for p in on_map),
            "stop": any(p.kind in ("stop", "candidate") and p.can for p in on_map),
            "double": any(any(p.with_whom) for p in on_map),
            "cannot": any(not p.can for p in on_map),
            "way": len(scene.route) > 1,
        }[sign]

    def _legend_sign(self, sign: str, at: QPointF) -> None:
        side = self.ink.px(9)
        box = QRectF(at.x() - side, at.y() - side, 2 * side, 2 * side)
        shown = MapPoint("stop", 1, None, "", with_whom=("x",) if sign == "double" else ())
        if sign in ("base", "visit"):
            self._special(replace(shown, kind="base" if sign == "base" else "visit"), box)
        elif sign in ("stop", "double"):
            small = self.ink.px(2) if sign == "double" else 0
            self._numbered([shown], box.adjusted(small, small, -small, -small), "1")
        elif sign == "cannot":
            self._cross(box.adjusted(side / 2, side / 2, -side / 2, -side / 2))
        else:
            self.p.setPen(QPen(self.ink.colour("tone:accent"), self.ink.px(2), Qt.PenStyle.DashLine))
            self.p.drawLine(QPointF(box.left(), at.y()), QPointF(box.right(), at.y()))

    def _measure(self) -> None:
        """A bar of a round length, at the lower right."""
        lengths = (100, 200, 500, 1_000, 2_000, 5_000, 10_000)
        room = self.ink.px(140)
        length = max((m for m in lengths if m * self.lens.scale <= room), default=lengths[0])
        wide, gap = length * self.lens.scale, self.ink.px(12)
        right, y = self.box.right() - gap, self.box.bottom() - gap
        self.p.setPen(QPen(self.ink.colour("text-quiet"), self.ink.px(1.5)))
        self.p.drawLine(QPointF(right - wide, y), QPointF(right, y))
        for x in (right - wide, right):
            self.p.drawLine(QPointF(x, y - self.ink.px(3)), QPointF(x, y + self.ink.px(3)))
        self.p.setFont(self.ink.small)
        says = f"{length // 1000} km" if length >= 1000 else f"{length} m"
        tall = self._small.height()
        self.p.drawText(QRectF(right - wide, y - tall - self.ink.px(4), wide, tall), _CENTRE, says)
