"""Step 4. A care plan with outcomes, actions and a lead worker comes from the assessment, and is activated."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QLineEdit

from coordination.careplan.model import PlanSheet
from coordination.values import PlanId
from ui.tour import hands, said
from ui.tour.desks import TourDesk
from ui.tour.hands import Unmet, expect, until
from ui.tour.step_3_assessment import ASSESSOR
from ui.tour.story import today_of
from ui.tour.tour import Tour

LEAD = "nadia.coordinator"
ACTION = "Walk to the corner shop together, a little further each week"


def run(tour: Tour) -> None:
    """From the signed assessment to a plan that everyone works by."""
    desk = tour.desk(ASSESSOR)
    page = _begin(tour, desk)
    tour.story.plan = PlanId(page.sheet.plan.id)
    tour.picture("04-suggestions", desk)
    _take_over(desk, page)
    _add_action(desk, page)
    _lead_and_review(tour, desk, page)
    desk.press("Ctrl+Shift+A")
    until(lambda: page.sheet.plan.state == "active", f"the plan to be active; its foot reads {hands.reads(page.bar)!r}")
    desk.quiet()
    hands.into_sight(page.texts["what_matters"])
    tour.picture("04-plan", desk)
    _read_back(tour)


def _begin(tour: Tour, desk: TourDesk) -> Any:
    """The button at the foot of the signed assessment, or the command of the record."""
    if desk.page.id != "assessment":
        said.open_record(desk, tour.story)
        said.do(desk, "person.plan")
    else:
        desk.press("Ctrl+Shift+P")
    page = desk.arrive("plan")
    until(lambda: page.sheet is not None, "the plan to open")
    desk.quiet()
    return page


def _take_over(desk: TourDesk, page: Any) -> None:
    """The first suggestion by its key, all others at once."""
    if not page.suggestions.rows:
        raise Unmet("expected the assessment to suggest something for the plan")
    before = len(page.suggestions.rows)
    desk.press("Ctrl+Return")
    until(lambda: len(page.suggestions.rows) == before - 1, "one suggestion to be taken over (Ctrl+Enter)")
    hands.click(hands.button_saying(page.suggestions, "Take all"))
    until(lambda: not page.suggestions.rows, "all suggestions to be on the plan")
    desk.quiet()


def _add_action(desk: TourDesk, page: Any) -> None:
    """One more, under the first outcome, for the reablement team."""
    page.listing.take_focus(page.sheet.outcomes[0].id)
    desk.press("A")
    until(lambda: page.listing.editor is not None, "a new action to be written (A)")
    form = page.listing.editor.form
    hands.put(form.field("what").editor, ACTION)
    team = form.field("team").editor
    teams = [t for t in desk.services.careplan.teams() if t.service == "reablement"]
    reablement = next((t for t in teams if "North" in t.name), None)
    if reablement is not None:
        hands.choose(team, reablement.id)
    desk.press("Ctrl+Return")
    until(lambda: page.listing.editor is None, "the action to be saved (Ctrl+Enter)")
    desk.quiet()


def _lead_and_review(tour: Tour, desk: TourDesk, page: Any) -> None:
    hands.choose(page.who.lead, LEAD)
    review = today_of(desk.services) + timedelta(days=42)
    field: QLineEdit = page.who.review
    hands.put(field, f"{review.day}/{review.month}/{review.year}")
    desk.press("Tab")
    until(
        lambda: (
            (p := tour.witness.careplan.reread(page.sheet.plan.id).plan).lead_worker == LEAD and p.review_on == review
        ),
        "lead worker and review date to be saved",
    )
    desk.quiet()


def _read_back(tour: Tour) -> None:
    sheet: PlanSheet = tour.witness.careplan.reread(tour.story.plan)
    expect(sheet.plan.state, "active", "the state of the plan")
    expect(sheet.plan.lead_worker, LEAD, "the lead worker")
    expect(sheet.plan.person, tour.story.person, "whose plan it is")
    outcomes = [o.words for o in sheet.outcomes]
    for words in str(said.ANSWERS["outcomes_wanted"]).splitlines():
        if words not in outcomes:
            raise Unmet(f"expected the outcome “{words}” on the plan, found {outcomes}")
    if ACTION not in [a.what for a in sheet.actions]:
        raise Unmet("expected the action that was added on the plan")
