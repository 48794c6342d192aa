"""The map on the boards: M opens it on what is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from coordination.values import VisitId, WorkerId
from ui.commands import Command

if TYPE_CHECKING:
    from ui.deployment.addition import Addition, BoardPage
    from ui.deployment.map_window import MapWindow


class MapDeeds:
    """Opens a map beside a page, and keeps it up to date while the board changes."""

    def __init__(self, page: BoardPage) -> None:
        self._page = page
        self._open: MapWindow | None = None
        page.shown.connect(self._follow)  # type: ignore[attr-defined]

    @property
    def can(self) -> bool:
        return self._page.board.visit is not None

    def day(self) -> None:
        """The day of the worker who has the chosen visit; of a visit that nobody has, who could take it."""
        self._show("day" if self._worker is not None else "visit")

    def candidates(self) -> None:
        """Who could take the chosen visit."""
        self._show("visit")

    @property
    def _worker(self) -> WorkerId | None:
        visit, spot = self._page.board.visit, self._page.board.spot
        held = visit.at_slot(spot.slot) if visit is not None and spot is not None else None
        return held.worker_id if held is not None else None

    def _show(self, kind: str) -> None:
        from ui.deployment.map_window import MapWindow

        board, visit = self._page.board.board, self._page.board.visit
        if board is None or visit is None:
            return
        if self._open is not None and isValid(self._open):
            self._open.close()
        chosen: VisitId | None = visit.id
        shown = MapWindow(cast("QWidget", self._page), self._page.desk, board, self._worker, chosen, kind)
        self._open = shown
        shown.show()

    def _follow(self) -> None:
        if self._open is not None and isValid(self._open):
            self._open.show_board(self._page.board.board)


def map_addition(page: BoardPage) -> Addition:
    """M and Shift+M, in the menu of a visit too."""
    from ui.deployment.addition import Addition

    deeds = MapDeeds(page)
    return Addition(
        commands=(
            Command(
                f"{page.id}.map", "Map of the worker's day", deeds.day, "M", lambda: deeds.can, page.title, "map-pin",
                also="route stops travel",
            ),
            Command(
                f"{page.id}.map_candidates", "Map of who could take it", deeds.candidates, "Shift+M",
                lambda: deeds.can, page.title, "map-trifold",
            ),
        ),
        in_menu=("map", "map_candidates"),
    )  # fmt: skip
