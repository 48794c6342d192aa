"""What can be done with a plan, and with which keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from coordination.careplan.rows import ItemKind
from ui.careplan.bar import PlanBar
from ui.careplan.copying import Copying
from ui.careplan.deeds import PlanDeeds, PlanShown
from ui.careplan.round_deeds import RoundDeeds
from ui.careplan.who import LeadAndReview
from ui.commands import Command
from ui.equipment.ordering import plan_order_command

GROUP = "Care plan"


class PlanWithDeeds(PlanShown, Protocol):
    """What the commands ask of the page, beyond what the deeds do."""

    @property
    def deeds(self) -> PlanDeeds: ...
    @property
    def rounds(self) -> RoundDeeds: ...
    @property
    def copying(self) -> Copying: ...
    @property
    def who(self) -> LeadAndReview: ...
    @property
    def bar(self) -> PlanBar: ...
    def current_action(self) -> UUID | None: ...
    def choose_lead(self) -> None: ...
    def toggle_side(self) -> None: ...


def plan_commands(page: PlanWithDeeds) -> list[Command]:
    """The commands of the page."""
    deeds, listing, offered = page.deeds, page.listing, page.suggestions

    def is_there() -> bool:
        return page.sheet is not None

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

    def can_acknowledge() -> bool:
        team = page.desk.actor.team_id
        return page.sheet is not None and any(t.id == team for t in page.sheet.outstanding)

    def can_issue() -> bool:
        return is_active() and page.sheet is not None and page.sheet.changed

    def add(kind: ItemKind) -> Callable[[], object]:
        return lambda: listing.add(kind)

    rounds = page.rounds
    return [
        Command("plan.accept", "Take the suggestion over", accept, "Ctrl+Return", suggested, GROUP, "plus"),
        Command("plan.accept_all", "Take all suggestions over", deeds.accept_all, "", suggested, GROUP, "plus"),
        Command("plan.suggestions", "Go to the suggestions", offered.take_focus, "F8", suggested, GROUP),
        Command("plan.rows", "Go to the outcomes", lambda: listing.take_focus(listing.current), "F7", group=GROUP),
        Command("plan.add_need", "Add a need", add("need"), "N", is_open, GROUP, "flag"),
        Command("plan.add_outcome", "Add an outcome", listing.add_outcome, "O", is_open, GROUP, "target"),
        Command("plan.add_action", "Add an action", listing.add_action, "A", is_open, GROUP, "plus"),
        Command("plan.add_what_if", "Add what if", add("contingency"), "W", is_open, GROUP, "warning"),
        Command("plan.add_equipment", "Add equipment", add("equipment"), "Q", is_open, GROUP, "wheelchair"),
        plan_order_command(page),
        Command("plan.add_agreement", "Add an agreement", add("agreement"), "G", is_open, GROUP, "handshake"),
        Command("plan.edit", "Edit this line", here(listing.edit), "E", on_row, GROUP, "pencil-simple"),
        Command("plan.remove", "Take this line off", here(deeds.remove), "", on_row, GROUP, "x"),
        Command("plan.done", "Done", here(lambda key: deeds.set_state(key, "done")), "D", on_action, GROUP, "check"),
        Command("plan.drop", "Dropped", here(lambda key: deeds.set_state(key, "dropped")), "", on_action, GROUP),
        Command("plan.visits", "Plan visits…", here(deeds.plan_visits), "V", can_visit, GROUP, "calendar-plus"),
        Command("plan.lead", "Choose the lead worker", page.choose_lead, "L", is_open, GROUP, "user-circle"),
        Command("plan.review", "Set the review date", page.who.review.setFocus, "R", is_open, GROUP),
        Command("plan.rounds", "Who works by it", page.toggle_side, "T", is_there, GROUP),
        Command("plan.acknowledge", "Acknowledge for my team", rounds.acknowledge, "K", can_acknowledge, GROUP),
        Command("plan.issue", "Issue a new version…", rounds.ask_issue, "I", can_issue, GROUP, "stack"),
        Command("plan.versions", "Versions side by side", rounds.compare, "B",
                lambda: page.sheet is not None and bool(page.sheet.versions), GROUP, "columns"),
        Command("plan.record_review", "Record a review…", rounds.ask_review, "Shift+R", is_active, GROUP),
        Command("plan.team", "Put a team on…", rounds.ask_team, "", is_open, GROUP, "users-three"),
        Command("plan.past", "Earlier plans", rounds.show_past, "H", is_there, GROUP, "clock-clockwise"),
        Command("plan.save", "Save now", save, "Ctrl+S", is_open, GROUP, "floppy-disk"),
        Command("plan.activate", "Activate the plan", rounds.activate, "Ctrl+Shift+A", is_draft, GROUP, "check"),
        Command("plan.end", "End the plan…", rounds.ask_end, "", is_active, GROUP),
        *page.copying.commands(),
    ]  # fmt: skip
