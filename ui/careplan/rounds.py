"""The panel at the right of a plan: who works by it, its versions, who has acknowledged them, its reviews (C2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QWidget

from coordination.careplan.model import PlanSheet
from coordination.careplan.rows import PlanTeam
from coordination.careplan.version_model import PlanReview, VersionHead
from coordination.clock import local_date
from coordination.values import TeamId
from ui import wording
from ui.widgets.badge import Badge
from ui.widgets.basics import button, column, icon_button, label, row
from ui.widgets.panels import Section


class Rounds(QWidget):
    """What is there to read; the callables do what its buttons say."""

    def __init__(
        self,
        sheet: PlanSheet,
        now: datetime,
        my_team: TeamId | None,
        *,
        acknowledge: Callable[[], object],
        put_on: Callable[[], object],
        take_off: Callable[[TeamId], object],
        compare: Callable[[], object],
        review: Callable[[], object],
    ) -> None:
        super().__init__()
        self._now, self._open = now, sheet.plan.state != "ended"
        self._take_off = take_off
        waits = any(t.id == my_team for t in sheet.outstanding)
        self.acknowledge = button("Acknowledge", acknowledge, kind="main", tip="My team works by it  (K)")
        self.acknowledge.setVisible(waits)
        add = button("Put a team on", put_on, kind="quiet", icon="plus")
        add.setVisible(self._open)
        teams = Section("Teams that work by it", add)
        for team in sheet.teams:
            teams.add(self._team(sheet, team))
        if not sheet.teams:
            teams.add(label("No team yet: give one an action, or put one on.", quiet=True, wrap=True))
        teams.add(self.acknowledge)
        side = button(
            "Side by side", compare, kind="quiet", icon="columns", tip="What two versions have otherwise  (B)"
        )
        side.setVisible(bool(sheet.versions))
        versions = Section("Versions", side)
        for version in sheet.versions:
            versions.add(self._version(version))
        if not sheet.versions:
            versions.add(label("The first is made when the plan is activated.", quiet=True, wrap=True))
        record = button("Record a review", review, kind="quiet", icon="plus", tip="Record a review  (Shift+R)")
        record.setVisible(sheet.plan.state == "active")
        reviews = Section("Reviews", record)
        for each in sheet.reviews:
            reviews.add(self._review(each))
        if not sheet.reviews:
            reviews.add(label("None has been held yet.", quiet=True))
        self.setLayout(column(teams, versions, reviews, None, gap=5))

    def _team(self, sheet: PlanSheet, team: PlanTeam) -> QWidget:
        said = next((a for a in sheet.acknowledged if a.team == team.id), None)
        version = sheet.version
        if version is None or sheet.plan.state != "active":
            words, badge = "", None
        elif said is not None:
            words = f"{said.by_name}, {wording.near_time(said.at, self._now)}"
            badge = Badge(f"Version {version.number}", "ok", "check")
        else:
            words = f"Issued {age(version.issued_at, self._now)}"
            badge = Badge("Not acknowledged", "amber", "clock")
        why = ", ".join(w for w, on in (("the lead worker’s", team.leads), ("put on by hand", team.by_hand)) if on)
        facts = "  ·  ".join(part for part in (words, why) if part)
        tools: list[QWidget | None] = [badge] if badge is not None else []
        if team.by_hand and self._open:
            off = icon_button("x", f"Take {team.name} off the plan", lambda: self._take_off(team.id))
            tools.append(off)
        made = QWidget()
        made.setLayout(
            column(
                row(label(team.name, wrap=True), None, *tools), label(facts, quiet=True, size="small", wrap=True), gap=0
            )
        )
        return made

    def _version(self, version: VersionHead) -> QWidget:
        issued = f"{version.issued_by_name}, {wording.day_time(version.issued_at)}"
        made = QWidget()
        lines: list[QWidget] = [
            label(f"Version {version.number}", strong=True),
            label(issued, quiet=True, size="small"),
        ]
        if version.note:
            lines.append(label(version.note, wrap=True))
        teams = wording.count(len(version.acknowledged), "team")
        lines.append(label(f"Acknowledged by {teams}", quiet=True, size="small"))
        made.setLayout(column(*lines, gap=0))
        return made

    def _review(self, review: PlanReview) -> QWidget:
        made = QWidget()
        late = ""
        if review.due_on is not None and review.held_on > review.due_on:
            late = f", {wording.count((review.held_on - review.due_on).days, 'day')} late"
        head = label(f"{wording.day(review.held_on)}{late}, with {review.with_whom}", strong=True, wrap=True)
        by = f"{review.recorded_by_name}. Next {wording.day(review.next_review_on)}"
        made.setLayout(column(head, label(review.came_of_it, wrap=True), label(by, quiet=True, size="small"), gap=0))
        return made


def age(since: datetime, now: datetime) -> str:
    """``today``, ``3 days ago``."""
    days = (local_date(now) - local_date(since)).days
    return "today" if days <= 0 else f"{wording.count(days, 'day')} ago"


def outstanding_words(sheet: PlanSheet, now: datetime) -> str:
    """``Version 2, not acknowledged by 2 of 3 teams, issued 4 days ago``."""
    version = sheet.version
    if version is None or sheet.plan.state != "active":
        return ""
    waiting = len(sheet.outstanding)
    if not sheet.teams:
        return f"Version {version.number}."
    if not waiting:
        return f"Version {version.number}, acknowledged by every team."
    of = wording.count(len(sheet.teams), "team")
    return f"Version {version.number}, issued {age(version.issued_at, now)}, waits for {waiting} of {of}."
