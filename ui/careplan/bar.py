"""The foot of the plan: what is still needed before it is active, and since when it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QWidget

from coordination.careplan.model import Plan
from coordination.errors import Obstacle
from ui import wording
from ui.careplan.messages import NEEDED
from ui.style import theme
from ui.widgets.badge import Badge
from ui.widgets.basics import LinkLabel, button, label, row


class PlanBar(QFrame):
    """``jump_asked`` gives the code of what is needed."""

    jump_asked = Signal(str)
    activate_asked = Signal()
    end_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "surface")
        self.setProperty("rule", "above")
        self.setFixedHeight(theme.px(56))
        self.needed = label("", strong=True)
        self._links = QHBoxLayout()
        self._links.setSpacing(theme.space(1))
        self.links: list[LinkLabel] = []
        self.activate = button(
            "Activate", self.activate_asked.emit, kind="main", icon="check", tip="Everyone works by it  (Ctrl+Shift+A)"
        )
        self._badge = Badge()
        self._since = label("")
        self._end = button("End the plan…", self.ask_end)
        self._sure = button("End it", self.end_asked.emit, kind="danger")
        self._faces = QStackedLayout(self)
        self._faces.addWidget(_face(self.needed, self._links, None, self.activate))
        self._faces.addWidget(_face(self._badge, self._since, None, self._end))
        sure = label("The person can have a new plan afterwards; this one can be read, and not changed.")
        self._faces.addWidget(
            _face(Badge("End for good", "accent", "check"), sure, None, button("Not yet", self._back), self._sure)
        )

    def show_plan(self, plan: Plan, obstacles: Sequence[Obstacle]) -> None:
        """A draft with what it still needs, or the plan as it is."""
        if plan.state == "draft":
            self._show_needed([o.code for o in obstacles])
            self._faces.setCurrentIndex(0)
            return
        if plan.state == "active":
            self._badge.set("Active", "ok", "check")
            self._since.setText(
                f"Since {wording.day_time(plan.activated_at)}. Review on {wording.day(plan.review_on)}."
            )
        else:
            self._badge.set("Ended", "neutral", "check")
            self._since.setText("This plan has ended.")
        self._end.setVisible(plan.state == "active")
        if self._faces.currentIndex() != 2 or plan.state == "ended":
            self._faces.setCurrentIndex(1)

    def _show_needed(self, codes: Sequence[str]) -> None:
        for old in self.links:
            self._links.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.links = [LinkLabel(NEEDED[code], partial(self.jump_asked.emit, code)) for code in codes]
        for link in self.links:
            self._links.addWidget(link)
        self.needed.setText("Still needed" if codes else "Ready to be activated")
        self.activate.setEnabled(not codes)

    def ask_end(self) -> None:
        """It is for good, so it takes two steps."""
        self._faces.setCurrentIndex(2)
        self._sure.setFocus(Qt.FocusReason.OtherFocusReason)

    def _back(self) -> None:
        self._faces.setCurrentIndex(1)


def _face(*parts: QWidget | QHBoxLayout | None) -> QWidget:
    made = QWidget()
    made.setLayout(row(*parts, gap=2, margins=(6, 0, 6, 0)))
    return made
