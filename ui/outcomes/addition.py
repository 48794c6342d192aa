"""What outcomes add to a board: the open cases of its team, the case of a visit, missed, and the paper sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shiboken6 import isValid

from coordination.deployment.outcomes.model import Case, Trace
from ui.commands import Command
from ui.outcomes import words
from ui.outcomes.opening import OfVisit
from ui.outcomes.trace_view import TraceView
from ui.style import icons
from ui.widgets import LinkLabel

if TYPE_CHECKING:
    from ui.deployment.addition import Addition, BoardPage


class OutcomeDeeds:
    """On the visit that is chosen on a board."""

    def __init__(self, page: BoardPage) -> None:
        self._page = page
        self._line: LinkLabel | None = None
        page.desk.foot.changed.connect(self._show_line)
        page.shown.connect(self._show_line)  # type: ignore[attr-defined]

    # ------------------------------------------------------------------ the line above the board

    def cases(self) -> list[Case]:
        """Open cases of the team that is shown, what presses most first."""
        watch = self._page.desk.no_access
        return [case for case in watch.cases if case.team_id == self._page.team] if watch is not None else []

    def _show_line(self) -> None:
        """Whoever looks at the board sees that somebody was not found, and what is due."""
        if not isValid(self._page):
            return
        cases = self.cases()
        if self._line is None and not cases:
            return
        if self._line is None:
            self._line = LinkLabel("", lambda: self._page.desk.go.to("no_access"))
            icons.dress(self._line, "warning", "tone:red")
            self._page.warnings.add(self._line)
        now = self._page.desk.clock.now()
        self._line.setText(words.cases_line(cases, now) if cases else "")
        self._line.setVisible(bool(cases))

    # ------------------------------------------------------------------ the chosen visit

    def visit_is(self, *states: str) -> bool:
        visit = self._page.board.visit
        return visit is not None and visit.state in states

    def open_case(self) -> None:
        visit = self._page.board.visit
        if visit is not None:
            self._page.desk.go.to("no_access", OfVisit(visit.id))

    def missed(self) -> None:
        self._page.ask_reason("missed")

    def paper(self) -> None:
        """The sheet of the worker who has the chosen visit."""
        visit, spot = self._page.board.visit, self._page.board.spot
        held = visit.at_slot(spot.slot) if visit is not None and spot is not None else None
        key = (self._page.team, self._page.day, held.worker_id if held else None)
        self._page.desk.go.to("papers", key)

    def trace(self) -> None:
        """Beside the board: how it ended, what was said before, where it was moved from and to."""
        page, visit = self._page, self._page.board.visit
        if visit is None:
            return
        service = page.desk.services.outcomes

        def show(found: Trace) -> None:
            if page.board.visit is not None and page.board.visit.id == visit.id:
                page.show_beside("How it ended", TraceView(visit, found, page.desk.clock.now(), self._go_to))

        page.run(lambda: service.trace(visit.id), show, latest="trace")

    def _go_to(self, team: Any, day: Any) -> None:
        self._page.leave_beside()
        self._page.open((team, day))


def outcomes_addition(page: BoardPage) -> Addition:
    """Shift+N, Shift+P, Shift+H, and in the menu of a visit."""
    from ui.deployment.addition import Addition

    deeds = OutcomeDeeds(page)

    def chosen() -> bool:
        return page.board.visit is not None

    def one(name: str, title: str, run: Any, keys: str, when: Any, icon: str, also: str = "") -> Command:
        return Command(f"{page.id}.{name}", title, run, keys, when, page.title, icon, also=also)

    return Addition(
        commands=(
            one("missed", "Missed: nobody made it", deeds.missed, "",
                lambda: page.may_change and deeds.visit_is("planned"), "x-circle"),
            one("case", "Show the no-access case", deeds.open_case, "Shift+N", lambda: deeds.visit_is("no_access"),
                "door"),
            one("trace", "How it ended, and moves", deeds.trace, "Shift+H", chosen, "clock-counter-clockwise",
                "outcome corrections moved from to"),
            one("paper", "Enter the worker's paper sheet", deeds.paper, "Shift+P", lambda: page.may_change, "files"),
        ),
        in_menu=("missed", "case", "trace", "paper"),
        in_more=("paper",),
    )  # fmt: skip
