"""A plan before it is applied: the whole board as it would be, marked as such, and back with the same key."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from coordination.deployment.planner.proposal import Change, Proposal
from ui.deployment import planning_words as say
from ui.deployment.addition import BoardPage
from ui.deployment.proposed import Proposed
from ui.style import theme
from ui.widgets import Badge, button, column, label, plane, row


class ProposedStrip(QWidget):
    """Above the board while it is shown as proposed."""

    applied = Signal()
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.says = label("", strong=True)
        self.apply = button("Apply", self.applied.emit, kind="main", icon="check", tip="Apply all of it  (Ctrl+Enter)")
        back = button("As it stands", self.back.emit, kind="quiet", tip="The board as it stands  (B)")
        inside = row(
            Badge("As proposed", "yours", "eye"), self.says, None, self.apply, back, gap=2, margins=(6, 1, 6, 1)
        )
        around = plane(inside, "sunken", "below")
        around.setMinimumHeight(theme.px(38))
        self.setLayout(column(around, gap=0))
        self.hide()


class Preview:
    """Of one page. ``wished`` is kept: whoever looked at one proposal on the whole board sees the next so too."""

    def __init__(self, page: BoardPage) -> None:
        self._page = page
        self._proposal: Proposal | None = None
        self.strip = ProposedStrip()
        self.strip.back.connect(self.toggle)
        page.board.stand_asked.connect(self.toggle)
        page.board.apply_asked.connect(self.strip.applied.emit)
        self.wished = False
        page.put_above(self.strip)
        page.board.proposed_changed.connect(self._follow)

    @property
    def proposed(self) -> Proposed | None:
        """What the board is shown as."""
        return self._page.board.proposed

    def begin(self, proposal: Proposal) -> None:
        """Another proposal lies beside the board."""
        self.end()
        self._proposal = proposal
        self.strip.apply.setVisible(bool(proposal.changes) or proposal.happened is not None)
        if self.wished:
            self._show()

    def end(self) -> None:
        """It was applied or left: the board as it stands."""
        self._proposal = None
        self._page.board.show_proposed(None)

    def can(self) -> bool:
        return self._proposal is not None

    def toggle(self) -> None:
        """The board as it would be, or as it stands."""
        self.wished = self.proposed is None
        if self.wished:
            self._show()
        else:
            self._page.board.show_proposed(None)

    def look_at(self, change: Change | None) -> bool:
        """A line of the list was gone to. False when the board is shown as it stands."""
        proposed = self.proposed
        spot = proposed.spot_of(change) if proposed is not None and change is not None else None
        if spot is not None:
            self._page.board.choose(spot)
        return proposed is not None

    # ------------------------------------------------------------------ inside

    def _show(self) -> None:
        proposal, now = self._proposal, self._page.desk.clock.now()
        if proposal is None:
            return

        def show(found: Proposed) -> None:
            if self._proposal is proposal and self.wished:
                self.strip.says.setText(f"{say.in_short(proposal)} Nothing is saved yet.")
                self._page.board.show_proposed(found)

        self._page.run(lambda: Proposed.of(proposal, now), show, latest="proposed")

    def _follow(self) -> None:
        self.strip.setVisible(self.proposed is not None)
