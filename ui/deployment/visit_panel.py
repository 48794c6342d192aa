"""Beside a deployment board: the chosen visit, who could take it, and how it ended."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from coordination.clock import local_date
from coordination.deployment.model import Visit
from coordination.deployment.suggest import Candidate, who_could_take
from ui.deployment.acts import Acts
from ui.deployment.doing import BoardShown
from ui.deployment.side import OutcomeForm, VisitSide
from ui.style import theme
from ui.widgets import SidePanel

ROOMY = 1500  # a window this wide has room for the panel from the start
_QUESTIONS = {
    "no_access": ("No access", "What was tried, and whether anybody was seen or heard"),
    "declined": ("Declined", "In the person's words, if they said why"),
    "missed": ("Missed", "Nobody made it: why, and what was done for the person instead"),
    "cancelled": ("Cancel the visit", "Who cancelled it, and why; the workers are free again"),
    "moved": ("To another day", "Why; this visit ends, and a new one is planned for that day"),
}


class BoardBesidePanel(BoardShown, Protocol):
    """What the panel asks of the page beside it."""

    @property
    def acts(self) -> Acts: ...
    @property
    def may_change(self) -> bool: ...


class VisitPanel(SidePanel):
    """Opened and closed by whoever works there; a form takes its place while it is filled in."""

    def __init__(self, page: BoardBesidePanel) -> None:
        super().__init__("Visit", width=360)
        self._page = page
        self._wanted: bool | None = None
        self.side = VisitSide()
        self.area.setWidget(self.side)
        self.hide()
        self.side.list.taken.connect(self._take)
        self.side.list.looked_at.connect(self._preview)
        self.side.list.left.connect(page.board.setFocus)
        self.side.record_asked.connect(lambda person: page.desk.go.to("person", person))
        self.closed.connect(self._closed)

    def make_room(self, width: int) -> None:
        """Shown from the start where the window is wide; afterwards as somebody wished."""
        if self._wanted is None:
            self.setVisible(width >= theme.px(ROOMY))

    def show_spot(self) -> None:
        """Another visit is chosen, or the same one has changed."""
        if self.area.widget() is self.side:
            self._show_visit()
        self._ask_candidates()

    def _show_visit(self) -> None:
        view = self._page.board
        warned = view.warnings_of(view.visit.id) if view.visit is not None else ()
        self.side.show_visit(view.board, view.visit, warned)
        visit = view.visit
        self._page.desk.seen.saw("visit", visit.id if visit else "", visit.person.id if visit else None)

    # ------------------------------------------------------------------ who could take it

    def ask_who(self) -> None:
        """Go to the list; Enter there gives the visit."""
        self._show_side()
        self._wanted = True
        self.show()
        self._ask_candidates()
        self.side.list.begin()

    def _ask_candidates(self) -> None:
        """Who could take the chosen visit, worked out on another thread, once for what is shown."""
        view = self._page.board
        board, visit, spot = view.board, view.visit, view.spot
        if board is None or visit is None or spot is None or visit.is_over or not self.isVisible():
            return
        now = self._page.desk.clock.now()
        not_before = now if local_date(now) == board.day else None

        def show(found: tuple[Candidate, ...]) -> None:
            if view.visit is visit:
                self.side.show_candidates(found)

        self._page.run(lambda: who_could_take(board, visit, spot.slot, not_before), show, latest="who")

    def _take(self, candidate: Candidate) -> None:
        spot = self._page.board.spot
        if spot is not None and self._page.may_change:
            self._page.acts.take(spot, candidate)
            self._page.board.setFocus()

    def _preview(self, candidate: Candidate | None) -> None:
        visit = self._page.board.visit
        if candidate is None or visit is None:
            self._page.board.show_preview(None, None, None)
        else:
            self._page.board.show_preview(visit, candidate.worker.id, candidate.start)

    def _closed(self) -> None:
        self._wanted = False
        self._show_side()
        self._page.board.setFocus()

    def _show_side(self) -> None:
        if self.area.widget() is not self.side:
            old = self.area.takeWidget()
            self.area.setWidget(self.side)
            self._show_visit()
            old.deleteLater()
        self.set_title("Visit")

    # ------------------------------------------------------------------ how it ended

    def ask_reason(self, visit: Visit, outcome: str) -> None:
        """A form in the place of the visit."""
        title, hint = _QUESTIONS[outcome]
        form = OutcomeForm(title, hint, visit=visit, another_day=outcome == "moved")

        def failed(error: Exception) -> bool:
            return form.set_problems(error)

        def save(values: dict[str, Any]) -> None:
            if outcome == "moved":
                name = form.code.currentText() if values["code"] else ""
                why = ": ".join(part for part in (name, values["reason"]) if part)
                self._page.acts.move_to(visit, {**values, "reason": why}, failed)
            else:
                self._page.acts.end(visit, outcome, values["reason"] or "", failed, values["code"])

        choices = self._page.desk.services.outcomes.choices
        self._page.run(choices, lambda found: form.offer([(r.code, r.name) for r in found.of(outcome)]), latest="why")
        form.saved.connect(save)
        form.left.connect(self.leave_form)
        self.show_instead("How it ended" if outcome != "moved" else "Another day", form)
        form.begin()

    def show_instead(self, title: str, widget: QWidget) -> None:
        """Another panel in the place of the visit, until :meth:`leave_form`."""
        self._show_side()
        self.area.takeWidget()
        self.area.setWidget(widget)
        self.set_title(title)
        self.show()

    def leave_form(self) -> None:
        """Back to the visit, if a form is open."""
        if self.area.widget() is self.side:
            return
        self._show_side()
        if self._wanted is False:
            self.hide()
        self._page.board.setFocus()
