"""How one visit ended, what was said of it before, and the visits that it was moved from and to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtWidgets import QWidget

from coordination.clock import local_date
from coordination.deployment.model import Visit
from coordination.deployment.outcomes.model import Happened, OtherVisit, Trace
from coordination.values import TeamId, Window
from ui import wording
from ui.outcomes import words
from ui.outcomes.messages import OUTCOMES
from ui.widgets import Facts, LinkLabel, Section, column, label, row

Go = Callable[[TeamId, date], object]


class TraceView(QWidget):
    """``go(team, day)`` shows the board on which the other visit of a move stands."""

    def __init__(self, visit: Visit, trace: Trace, now: datetime, go: Go) -> None:
        super().__init__()
        parts: list[QWidget] = [label(visit.person.listed, strong=True, wrap=True)]
        if trace.happened is not None:
            parts.append(Facts(facts(visit, trace.happened, now)))
        else:
            parts.append(label("Nobody has said yet how it ended.", quiet=True, wrap=True))
        for title, other in (("Moved from", trace.came_from), ("Moved to", trace.went_to)):
            if other is not None:
                parts.append(_move(title, other, go))
        if trace.former:
            before = Section("What was said before")
            for each in trace.former:
                before.add(label(words.former(each, now), quiet=True, wrap=True, selectable=True))
            parts.append(before)
        self.setLayout(column(*parts, None, gap=3, margins=4))


def facts(visit: Visit, found: Happened, now: datetime) -> list[tuple[str, object | None]]:
    """Outcome, when, why, and who entered it."""
    times = "As planned, or not known"
    if found.began is not None:
        times = words.span(Window(found.began, found.ended)) if found.ended else wording.clock_time(found.began)
    how = ", from a paper sheet" if found.from_paper else ""
    rows: list[tuple[str, object | None]] = [("Ended", OUTCOMES[found.outcome])]
    if found.outcome in ("done", "no_access", "declined"):
        rows.append(("Really", times))
    if visit.state_reason:
        rows.append(("Why", visit.state_reason))
    return [*rows, ("Entered by", f"{found.entered_by}, {wording.near_time(found.entered_at, now)}{how}")]


def _move(title: str, other: OtherVisit, go: Go) -> QWidget:
    when = f"{wording.weekday(local_date(other.arrive.start))}, {words.span(other.arrive)}"
    made = QWidget()
    link = LinkLabel("Show that day", lambda: go(other.team, other.day))
    made.setLayout(column(label(title, quiet=True, size="small"), row(label(when), None, link), gap=0))
    return made
