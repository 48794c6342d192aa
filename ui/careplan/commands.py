"""What can be done with a plan, and with which keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from ui.careplan.bar import PlanBar
from ui.careplan.deeds import PlanDeeds, PlanShown
from ui.careplan.who import LeadAndReview
from ui.commands import Command

GROUP = "Care plan"


class PlanWithDeeds(PlanShown, Protocol):
    """What the commands ask of the page, beyond what the deeds do."""

    @property
    def deeds(self) -> PlanDeeds: ...
    @property
    def who(self) -> LeadAndReview: ...
    @property
    def bar(self) -> PlanBar: ...
    def current_action(self) -> UUID | None: ...


def plan_commands(page: PlanWithDeeds) -> list[Command]:
    """The commands of the page."""
    deeds, listing, offered = page.deeds, page.listing, page.suggestions

    def is_open() -> bool:
        return page.sheet is not None and page.sheet.plan.state != "ended"

    def is_draft() -> bool:
        return page.sheet is not None and page.sheet.plan.state == "draft"

    def is_active() -> bool:
        return page.sheet is not None and page.sheet.plan.state == "active"

    def on_row() -> bool:
        return is_open() and listing.current in listing.rows

    def on_action() -> bool:
        return is_open() and page.current_action() is not None

    def can_visit() -> bool:
        key = page.current_action()
        action = listing.action(key) if key is not None else None
        return is_open() and action is not None and bool(listing.board_of(action))

    def here(do: Callable[[UUID], object]) -> Callable[[], object]:
        """A deed on the line that has the cursor."""
        return lambda: do(listing.current) if listing.current is not None else None

    def accept() -> None:
        if listing.editor is not None:  # the same keys finish what is being written
            listing.editor.save()
            return
        key = offered.focused() or next(iter(offered.rows), None)
        if key is not None:
            deeds.accept(key)

    def suggested() -> bool:
        return is_open() and bool(offered.rows or listing.editor is not None)

    def save() -> None:
        if listing.editor is not None:
            listing.editor.save()
        if page.saver is not None:
            page.saver.flush()

    return [
        Command("plan.accept", "Take the suggestion over", accept, "Ctrl+Return", suggested, GROUP, "plus"),
        Command("plan.accept_all", "Take all suggestions over", deeds.accept_all, "", suggested, GROUP, "plus"),
        Command("plan.suggestions", "Go to the suggestions", offered.take_focus, "F8", suggested, GROUP),
        Command("plan.rows", "Go to the outcomes", lambda: listing.take_focus(listing.current), "F7", group=GROUP),
        Command("plan.add_outcome", "Add an outcome", listing.add_outcome, "O", is_open, GROUP, "target"),
        Command("plan.add_action", "Add an action", listing.add_action, "A", is_open, GROUP, "plus"),
        Command("plan.edit", "Edit this line", here(listing.edit), "E", on_row, GROUP, "pencil-simple"),
        Command("plan.remove", "Take this line off", here(deeds.remove), "", on_row, GROUP, "x"),
        Command("plan.done", "Done", here(lambda key: deeds.set_state(key, "done")), "D", on_action, GROUP, "check"),
        Command("plan.drop", "Dropped", here(lambda key: deeds.set_state(key, "dropped")), "", on_action, GROUP),
        Command("plan.visits", "Plan visits…", here(deeds.plan_visits), "V", can_visit, GROUP, "calendar-plus"),
        Command("plan.lead", "Choose the lead worker", page.who.lead.setFocus, "L", is_open, GROUP, "user-circle"),
        Command("plan.review", "Set the review date", page.who.review.setFocus, "R", is_open, GROUP, "calendar-blank"),
        Command("plan.save", "Save now", save, "Ctrl+S", is_open, GROUP, "floppy-disk"),
        Command("plan.activate", "Activate the plan", deeds.activate, "Ctrl+Shift+A", is_draft, GROUP, "check"),
        Command("plan.end", "End the plan…", page.bar.ask_end, "", is_active, GROUP),
    ]
