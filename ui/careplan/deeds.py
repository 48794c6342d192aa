"""What is done with the rows of a plan, each a call to the service; what is taken off can be undone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from coordination.careplan.items import values_of
from coordination.careplan.model import PlanSheet
from coordination.careplan.rows import (
    ActionState,
    Agreement,
    Contingency,
    Item,
    Need,
    Outcome,
    PlanAction,
    PlanEquipment,
)
from coordination.careplan.service import CarePlans
from coordination.errors import BadValue, BadValues, Conflict, NotFound
from coordination.values import PlanId
from ui.careplan.item_words import KINDS, kind_of
from ui.careplan.listing import PlanList
from ui.careplan.messages import STATES
from ui.careplan.saving import HeadSaver
from ui.careplan.suggestions import SuggestionPanel
from ui.page import OnDesk
from ui.visits import VisitsOf

_NEXT: dict[ActionState, ActionState] = {
    "to_do": "under_way",
    "under_way": "done",
    "done": "to_do",
    "dropped": "to_do",
}
_ITEMS = (Need, Outcome, PlanAction, Contingency, PlanEquipment, Agreement)


class PlanShown(OnDesk, Protocol):
    """What the deeds ask of the page."""

    @property
    def sheet(self) -> PlanSheet | None: ...
    @property
    def saver(self) -> HeadSaver | None: ...
    @property
    def listing(self) -> PlanList: ...
    @property
    def suggestions(self) -> SuggestionPanel: ...
    def take(self, sheet: PlanSheet) -> None: ...
    def isVisible(self) -> bool: ...


class PlanDeeds:
    """The page's verbs. Each shows the plan as it is afterwards."""

    def __init__(self, page: PlanShown) -> None:
        self._page = page

    @property
    def _service(self) -> CarePlans:
        return self._page.desk.services.careplan

    @property
    def plan(self) -> PlanId:
        assert self._page.sheet is not None
        return self._page.sheet.plan.id

    def do(
        self, call: Callable[[], object], done: Callable[[], object] = lambda: None, failed: Any = None
    ) -> None:  # fmt: skip
        """Make a change, read the plan again, show it."""
        plan, service = self.plan, self._service

        def change_and_read() -> PlanSheet:
            call()
            return service.reread(plan)

        def show(sheet: PlanSheet) -> None:
            self._page.take(sheet)
            done()

        self._page.run(change_and_read, show, failed)

    # suggestions

    def accept(self, suggestion: UUID) -> None:
        """Take one suggestion over as it was said."""
        self._accept([suggestion])

    def accept_all(self) -> None:
        """Take everything over that is suggested."""
        self._accept(list(self._page.suggestions.rows))

    def _accept(self, wanted: list[UUID]) -> None:
        page, plan, service, under = self._page, self.plan, self._service, self._page.suggestions.outcome
        page.saver.flush() if page.saver is not None else None
        if wanted:
            page.run(lambda: service.accept_all(plan, wanted, outcome=under), page.take)

    # rows

    def save(self, key: UUID | None, seen: int, values: dict[str, Any]) -> None:
        """What an editor of a row holds. It stays open while anything is wrong."""
        editor = self._page.listing.editor
        if editor is None or editor.kind is None:
            return
        kind, new, plan, service = editor.kind, key or editor.new_key, self.plan, self._service

        def call() -> None:
            if key is None:
                service.add_item(plan, kind, values, key=new)
            else:
                service.update_item(kind, key, seen, values)

        def close() -> None:
            if self._page.listing.editor is editor:
                self._page.listing.current = new
                self._page.listing.close_editor()

        def failed(error: Exception) -> bool:
            self._page.listing.stay()
            if self._page.listing.editor is not editor:
                return False
            shown = self._page.isVisible()  # else it is said in the window as well
            if isinstance(error, BadValue | BadValues):
                editor.show_problem(error)
                return shown
            if isinstance(error, Conflict) and isinstance(error.current, _ITEMS):
                editor.show_differing(error.current)
                return shown
            if isinstance(error, NotFound) and key is not None:
                editor.show_gone()
                return shown
            return False

        self.do(call, close, failed)

    def move_on(self, key: UUID) -> None:
        """To do, under way, done."""
        action = self._page.listing.action(key)
        if action is not None:
            self.set_state(key, _NEXT[action.state])

    def set_state(self, key: UUID, state: ActionState) -> None:
        """Undo puts the former state back."""
        action = self._page.listing.action(key)
        if action is None or action.state == state:
            return
        service, was = self._service, action.state

        def undo() -> None:
            self.do(lambda: service.update_action(key, action.revision + 1, state=was))

        def said() -> None:
            self._page.desk.notices.say(f"{STATES[state]}.", undo=undo)

        self.do(lambda: service.update_action(key, action.revision, state=state), said)

    def remove(self, key: UUID) -> None:
        """Take a row off the plan; undo brings it back as it was, where it was."""
        listing, sheet = self._page.listing, self._page.sheet
        item = listing.item(key)
        if item is None or sheet is None:
            return
        keys = list(listing.rows)
        near = next((k for k in [*keys[keys.index(key) + 1 :], *reversed(keys[: keys.index(key)])]), None)
        hung: tuple[Item, ...] = ()
        if isinstance(item, Outcome):
            hung = sheet.actions_of(key)
        elif isinstance(item, Need):
            hung = sheet.outcomes_of(key)
        kind = kind_of(item)
        left = {"outcome": " Its actions stay.", "need": " Its outcomes stay."}.get(kind, "") if hung else ""
        words = "Line taken off." if kind in ("contingency", "agreement") else f"{KINDS[kind]} taken off."

        def gone() -> None:
            listing.take_focus(near)
            undo = partial(self.do, partial(self._restore, item, hung))
            self._page.desk.notices.say(f"{words}{left}", undo=undo)

        self.do(lambda: self._service.remove_item(kind, key, item.revision), gone)

    def _restore(self, item: Item, hung: tuple[Item, ...]) -> None:
        """On a worker thread."""
        kind, service = kind_of(item), self._service
        service.add_item(item.plan, kind, values_of(kind, item), key=item.id, position=item.position)
        for other in hung:
            service.update_item(kind_of(other), other.id, other.revision + 1, {kind: item.id})

    # visits

    def plan_visits(self, key: UUID) -> None:
        """Visits from an action: its words and its team stand in the form already."""
        page = self._page
        action = page.listing.action(key)
        if action is not None and page.listing.board_of(action):
            page.desk.go.to("visits", VisitsOf(action.person, action=action.id))
