"""The map in a window of its own, with a list beside it that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from coordination.deployment.maps import MapPoint, MapScene, WardShape, day_scene, visit_scene
from coordination.deployment.model import Board
from coordination.deployment.suggest import who_could_take
from coordination.values import VisitId, WorkerId
from ui import wording
from ui.deployment import map_words
from ui.deployment.map_paper import MapHeading, map_pdf
from ui.deployment.map_view import MapView
from ui.style import theme
from ui.widgets import (
    Column,
    EmptyState,
    SegmentedChoice,
    StableTableModel,
    Table,
    button,
    column,
    icon_button,
    label,
    plane,
    row,
    splitter,
)

if TYPE_CHECKING:
    from ui.desk import Desk

_GEOMETRY = "map/geometry"
KINDS = {"day": "Day of the worker", "visit": "Who could take the visit"}


@dataclass(frozen=True)
class MapRow:
    """A point in the list."""

    number: int
    point: MapPoint
    where: str


def columns() -> list[Column[MapRow]]:
    """The list beside the map."""
    return [
        Column("number", "No.", lambda r: map_words.number(r.point), sort=lambda r: r.number, width=66, strong=True),
        Column("when", "Time", lambda r: map_words.when(r.point), width=96),
        Column("who", "Who", lambda r: r.point.title, width=190, strong=True),
        Column("way", "Way", lambda r: map_words.way(r.point), width=128, help="From the stop before, or to the visit"),
        Column("where", "Where", lambda r: r.where, width=210),
        Column("notes", "Notes", lambda r: map_words.notes(r.point), width=160, stretch=True),
    ]


class MapWindow(QWidget):
    """A worker's day, or a visit and who could take it; with both chosen, one can go from one to the other."""

    def __init__(
        self, parent: QWidget, desk: Desk, board: Board, worker: WorkerId | None, visit: VisitId | None, kind: str
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "ground")
        self.setWindowTitle("Map")
        self.desk, self.board, self.worker, self.visit = desk, board, worker, visit
        self._wards: Sequence[WardShape] | None = None
        kinds = [(k, w) for k, w in KINDS.items() if (worker if k == "day" else visit) is not None]
        self.kind = SegmentedChoice(kinds, kind, "What is on the map")
        self.kind.setVisible(len(kinds) > 1)
        self.view = MapView()
        self.model: StableTableModel[MapRow] = StableTableModel(columns(), key=lambda r: r.number)
        empty = EmptyState("Nothing to show", "The stops of the day, or who could take the visit, stand here.")
        self.table = Table(
            self.model, settings=desk.settings, name="map", title="Stops on the map", empty=empty, inset=2
        )
        self._who = label("", strong=True, size="title")
        self._head = label("", quiet=True)
        self._build()
        self.kind.changed.connect(lambda _kind: self._make())
        self.view.chosen_changed.connect(lambda number: self.table.select_key(number))
        self.table.current_changed.connect(self._choose_row)
        self._make()

    def _build(self) -> None:
        tools = row(
            self._who, 2, self._head, None, self.kind, 1,
            icon_button("magnifying-glass-minus", "Smaller  (-)", lambda: self.view.zoom(-1)),
            icon_button("magnifying-glass-plus", "Larger  (+)", lambda: self.view.zoom(1)),
            icon_button("arrows-out", "Everything  (0)", lambda: self.view.zoom(0)),
            button("Print", self.print_map, kind="main", icon="printer", tip="Print  (Ctrl+P)"),
            gap=1.5, margins=(4, 2, 4, 2),
        )  # fmt: skip
        parts = splitter(self.view, self.table, sizes=(640, 520), settings=self.desk.settings, name="map")
        whole = column(plane(tools, "surface", "below"), parts, gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        for keys, do in (("Ctrl+P", self.print_map), ("Ctrl+W", self.close)):
            QShortcut(QKeySequence(keys), self, activated=do)  # type: ignore[call-overload]
        kept = self.desk.settings.value(_GEOMETRY)
        if not (isinstance(kept, QByteArray) and self.restoreGeometry(kept)):
            self.resize(theme.px(1180), theme.px(700))
        self.view.setFocus()

    # ------------------------------------------------------------------ making

    def show_board(self, board: Board | None) -> None:
        """The same on a newer board; another day or team closes the map."""
        if board is None or (board.team.id, board.day) != (self.board.team.id, self.board.day):
            self.close()
            return
        self.board = board
        self._make(stay=True)

    def _make(self, stay: bool = False) -> None:
        """Work out the scene, and read the wards the first time, on another thread."""
        board, known, kind = self.board, self._wards, str(self.kind.value)
        maps, worker, visit = self.desk.services.maps, self.worker, self.visit

        def make() -> tuple[Sequence[WardShape], MapScene, list[MapRow]]:
            wards = known if known is not None else maps.wards()
            scene = scene_of(board, kind, worker, visit)
            points = enumerate(scene.points)
            return wards, scene, [MapRow(n, p, map_words.where(p, wards)) for n, p in points]

        self.desk.tasks.run(self, make, lambda made: self._show(*made, stay=stay), latest="map")

    def _show(self, wards: Sequence[WardShape], scene: MapScene, rows: list[MapRow], *, stay: bool) -> None:
        self._wards = wards
        self.view.show_scene(wards, scene, stay=stay)
        self.model.set_rows(rows)
        self._who.setText(scene.points[0].title if scene.points else "")
        self._head.setText(map_words.head(scene))
        if self.view.chosen is None:
            self._first(scene)

    def _first(self, scene: MapScene) -> None:
        """Begin at the visit that was chosen on the board."""
        wanted = next((n for n, p in enumerate(scene.points) if p.visit_id == self.visit and p.visit_id), None)
        if wanted is not None:
            self.view.choose(wanted)
            self.table.select_key(wanted)

    def _choose_row(self, found: MapRow | None) -> None:
        if found is not None and found.number != self.view.chosen and found.number < len(self.view.scene.points):
            self.view.choose(found.number)

    # ------------------------------------------------------------------ paper

    def print_map(self) -> None:
        """In a preview, as every paper: black and white."""
        from ui.sheets.window import PaperWindow

        if self._wards is None or not self.view.scene.points:
            return
        heading, wards, scene = self._heading(), self._wards, self.view.scene
        looks, board = self.desk.services.looks, self.board
        visits = frozenset(point.visit_id for point in scene.points if point.visit_id is not None)
        about = self.worker if scene.kind == "day" else self.visit
        record = f"map {board.team.id} {board.day.isoformat()} {scene.kind} {about}"
        file = f"{board.day.isoformat()} {board.team.name}, map"
        shown = PaperWindow(
            self, self.desk, "Map", file, lambda: map_pdf(wards, scene, heading),
            lambda taken: looks.note_visits(
                taken, "deployment", record, "paper" if taken == "print" else "pdf", visits
            ),
        )  # fmt: skip
        shown.show()

    def _heading(self) -> MapHeading:
        board = self.board
        printed = f"Printed {wording.day_time(self.desk.clock.now())} by {self.desk.actor.display_name}"
        under = f"{wording.weekday(board.day)}, {board.team.name}. {map_words.head(self.view.scene)}"
        title = self._who.text() if self.view.scene.kind == "day" else KINDS["visit"]
        return MapHeading(title, under, printed, board.team.phone)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.desk.settings.setValue(_GEOMETRY, self.saveGeometry())
        self.desk.tasks.drop(self)
        super().closeEvent(event)


def scene_of(board: Board, kind: str, worker: WorkerId | None, visit: VisitId | None) -> MapScene:
    """The scene of what was chosen; empty when it is on the board no more."""
    if kind == "day":
        who = board.worker_by_id.get(worker) if worker is not None else None
        return day_scene(board, who) if who is not None else MapScene("day", ())
    found = board.visit_by_id.get(visit) if visit is not None else None
    return visit_scene(board, found, who_could_take(board, found)) if found is not None else MapScene("visit", ())
