"""The foot of the plan: what is still needed before it is active, how it stands since, and the alarms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QWidget

from coordination.careplan.model import PlanSheet
from coordination.errors import Obstacle
from coordination.values import TeamId
from ui import wording
from ui.careplan.messages import NEEDED
from ui.careplan.rounds import outstanding_words
from ui.careplan.who import alarm_words
from ui.style import theme
from ui.widgets.badge import Badge
from ui.widgets.basics import LinkLabel, button, column, label, plane, row


class PlanBar(QFrame):
    """``jump_asked`` gives the code of what is needed."""

    jump_asked = Signal(str)
    activate_asked = Signal()
    end_asked = Signal()
    acknowledge_asked = Signal()
    issue_asked = Signal()
    review_asked = Signal()
    lead_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "surface")
        self.setProperty("rule", "above")
        self.needed = label("", strong=True)
        self._links = QHBoxLayout()
        self._links.setSpacing(theme.space(1))
        self.links: list[LinkLabel] = []
        self.activate = button(
            "Activate", self.activate_asked.emit, kind="main", icon="check", tip="Everyone works by it  (Ctrl+Shift+A)"
        )
        self._badge = Badge()
        self._since = label("", wrap=True)
        self.acknowledge = button(
            "Acknowledge", self.acknowledge_asked.emit, kind="main", tip="My team works by this version  (K)"
        )
        self.issue = button("Issue a new version", self.issue_asked.emit, tip="Every team acknowledges it again  (I)")
        self.review = button("Record a review", self.review_asked.emit, tip="Record a review  (Shift+R)")
        self._end = button("End the plan…", self.end_asked.emit)
        faces = QWidget()
        faces.setFixedHeight(theme.px(56))
        self._faces = QStackedLayout(faces)
        self._faces.addWidget(_face(self.needed, self._links, None, self.activate))
        self._faces.addWidget(
            _face(self._badge, self._since, self.acknowledge, self.issue, self.review, self._end, wide=1)
        )
        self.alarm = label("", strong=True, wrap=True)
        give = button("Give it to another…", self.lead_asked.emit, tip="Choose another lead worker  (L)")
        strip = row(Badge("Lead worker", "red", "warning"), self.alarm, give, gap=2, margins=(6, 1.5, 6, 1.5))
        strip.setStretch(1, 1)
        self.alarms = plane(strip, "sunken", "below")
        self.alarms.hide()
        self.setLayout(column(self.alarms, faces, gap=0))

    def show_sheet(
        self, sheet: PlanSheet, obstacles: Sequence[Obstacle], my_team: TeamId | None, now: datetime
    ) -> None:
        """A draft with what it still needs, or the plan as it is."""
        plan = sheet.plan
        said = alarm_words(sheet.lead) if plan.state != "ended" else []
        self.alarm.setText(" ".join(said))
        self.alarms.setVisible(bool(said))
        if plan.state == "draft":
            self._show_needed([o.code for o in obstacles])
            self._faces.setCurrentIndex(0)
            return
        if plan.state == "active":
            self._badge.set("Active", "ok", "check")
            review = f"Review on {wording.day(plan.review_on)}."
            changed = " Changed since." if sheet.changed else ""
            self._since.setText(f"{outstanding_words(sheet, now)}{changed} {review}")
        else:
            self._badge.set("Ended", "neutral", "check")
            by = f" by {plan.ended_by_name}, {wording.day_time(plan.ended_at)}" if plan.ended_at else ""
            self._since.setText(f"This plan was ended{by}. {plan.end_reason}".strip())
        active = plan.state == "active"
        self.acknowledge.setVisible(active and any(t.id == my_team for t in sheet.outstanding))
        self.issue.setVisible(active and sheet.changed)
        self.review.setVisible(active)
        self._end.setVisible(active)
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


def _face(*parts: QWidget | QHBoxLayout | None, wide: int | None = None) -> QWidget:
    made = QWidget()
    line = row(*parts, gap=2, margins=(6, 0, 6, 0))
    if wide is not None:
        line.setStretch(wide, 1)
    made.setLayout(line)
    return made
