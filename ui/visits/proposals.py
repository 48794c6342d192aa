"""Where the care plan says otherwise than the visits made from it: one line each, done with one key, or left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from coordination.deployment.patterns_store import FromPlan
from ui.visits import words
from ui.widgets.basics import button, column, label, plane, row

_SHOWN, _MOST = 3, 20  # on a page among other things, and in a panel of their own


class ProposalStrip(QWidget):
    """Hidden when plan and visits agree."""

    def __init__(self, follow: Callable[[list[FromPlan]], object], keep: Callable[[FromPlan], object]) -> None:
        super().__init__()
        self._follow, self._keep = follow, keep
        self.proposals: list[FromPlan] = []
        self._lines = column()
        self.setLayout(self._lines)
        self.hide()

    def show_proposals(self, found: Sequence[FromPlan], *, may: bool, named: bool = False) -> None:
        """``may``: whoever looks may change visits; ``named``: of several people, so each line says whose."""
        self.proposals = list(found)
        layout = self._lines
        while (item := layout.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self.setVisible(bool(found))
        if found:
            layout.addWidget(self._made(may, named))

    def _made(self, may: bool, named: bool) -> QWidget:
        lines, shown = [], _MOST if named else _SHOWN
        for one in self.proposals[:shown]:
            whose = f"{one.person}: " if named else ""
            times = words.times(one.pattern)
            said = label(f"{whose}{times}, {words.needs(one.pattern)}. {words.proposal(one)}", wrap=True)
            buttons = [button("Do as the plan says", lambda one=one: self._follow([one]))] if may else []  # type: ignore[misc]
            if may and one.why == "reworded":
                buttons.append(button("Leave the visits", lambda one=one: self._keep(one), kind="quiet"))  # type: ignore[misc]
            line = QWidget()
            if named:
                line.setLayout(column(said, row(*buttons, None), margins=(0, 1, 0, 1)))
            else:
                line.setLayout(row(said, *buttons))
                line.layout().setStretch(0, 1)  # type: ignore[union-attr]
            lines.append(line)
        more = len(self.proposals) - shown
        title = label("The care plan says otherwise than these visits", strong=True, tone="amber")
        foot = [label(f"and {more} more", quiet=True)] if more > 0 else []
        return plane(column(title, *lines, *foot, gap=1, margins=(6, 2, 6, 2)), "surface", "below")

    def follow_all(self) -> None:
        """All of them in one go."""
        if self.proposals:
            self._follow(list(self.proposals))
