"""Several visits to one worker: the panel in the place of the visit, with a reason for every worker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from coordination.deployment.suggest import Candidate
from coordination.deployment.together import who_could_take_all
from ui.deployment import words
from ui.deployment.candidates import CandidateList
from ui.deployment.layout import Spot
from ui.widgets import column, label, plane

if TYPE_CHECKING:
    from ui.deployment.addition import WholePage


class GivePanel(QWidget):
    """Enter gives them all; Esc goes back to the visit."""

    def __init__(self, page: WholePage, spots: Sequence[Spot]) -> None:
        super().__init__()
        self._page, self._spots = page, spots
        self.list = CandidateList()
        self.list.taken.connect(self._take)
        self.list.left.connect(page.leave_beside)
        head = column(
            label(f"Who could take all of these {words.visits(len(spots))}?", strong=True, wrap=True),
            label("Each at its own time. Enter gives them, Esc goes back.", quiet=True, size="small", wrap=True),
            gap=0.5, margins=4,
        )  # fmt: skip
        layout = column(plane(head, "surface", "below"), self.list, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def begin(self) -> None:
        """Work out who could, and go to the best."""
        board = self._page.board.board
        if board is None:
            return
        wanted = [(board.visit_by_id[s.visit], s.slot) for s in self._spots if s.visit in board.visit_by_id]
        self._page.run(lambda: who_could_take_all(board, wanted), self.list.show_candidates, latest="who all")
        self.list.begin()

    def _take(self, candidate: Candidate) -> None:
        if candidate.start is None:
            self._page.refuse(candidate.obstacles[:5])
            return
        self._page.acts.give_all(self._spots, candidate.worker.id)
        self._page.leave_beside()
        self._page.board.setFocus()
