"""What is done with the rows of a plan, each a call to the service; removing can be undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from coordination.careplan.model import ActionState, Outcome, PlanAction, PlanSheet
from coordination.careplan.service import CarePlans
from coordination.clock import local_date
from coordination.errors import BadValue, BadValues, Conflict
from coordination.values import PlanId, VisitId
from ui import wording
from ui.careplan.listing import PlanList
from ui.careplan.saving import HeadSaver
from ui.careplan.suggestions import SuggestionPanel
from ui.careplan.visits import VisitsEditor, by_field
from ui.page import OnDesk

_NEXT: dict[ActionState, ActionState] = {
    "to_do": "under_way",
    "under_way": "done",
    "done": "to_do",
    "dropped": "to_do",
}


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
    def _plan(self) -> PlanId:
        assert self._page.sheet is not None
        return self._page.sheet.plan.id

    def _do(
        self, call: Callable[[], object], done: Callable[[], object] = lambda: None, failed: Any = None
    ) -> None:  # fmt: skip
        """Make a change, read the plan again, show it."""
        plan, service = self._plan, self._service

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
        page, plan, service, under = self._page, self._plan, self._service, self._page.suggestions.outcome
        page.saver.flush() if page.saver is not None else None

        def take_over() -> PlanSheet:
            for key in wanted:
                sheet = service.accept(plan, key, outcome=under)
            return sheet

        if wanted:
            page.run(take_over, page.take)

    # rows

    def save(self, key: UUID | None, seen: int, values: dict[str, Any]) -> None:
        """What an editor of a row holds. It stays open while anything is wrong."""
        editor = self._page.listing.editor
        if editor is None:
            return
        new = key or editor.new_key
        call = partial(self._save, self._plan, key, new, seen, values)

        def close() -> None:
            if self._page.listing.editor is editor:
                self._page.listing.current = new
                self._page.listing.close_editor()

        def failed(error: Exception) -> bool:
            self._page.listing.stay()
            if self._page.listing.editor is not editor:
                return False
            shown = self._page.isVisible()  # else it is said in the window as well
            if isinstance(error, BadValue):
                editor.show_problem(error)
                return shown
            if isinstance(error, Conflict) and isinstance(error.current, Outcome | PlanAction):
                editor.show_differing(error.current)
                return shown
            return False

        self._do(call, close, failed)

    def _save(self, plan: PlanId, key: UUID | None, new: UUID, seen: int, values: dict[str, Any]) -> None:
        """On a worker thread."""
        service = self._service
        if "words" in values:
            if key is None:
                service.add_outcome(plan, values["words"], key=new)
            else:
                service.update_outcome(key, values["words"], seen)
        elif key is None:
            service.add_action(plan, values.pop("what"), key=new, **values)
        else:
            service.update_action(key, seen, **values)

    def move_on(self, key: UUID) -> None:
        """To do, under way, done."""
        action = self._page.listing.action(key)
        if action is not None:
            state = _NEXT[action.state]
            self._do(lambda: self._service.update_action(key, action.revision, state=state))

    def set_state(self, key: UUID, state: ActionState) -> None:
        action = self._page.listing.action(key)
        if action is not None:
            self._do(lambda: self._service.update_action(key, action.revision, state=state))

    def remove(self, key: UUID) -> None:
        """Take a row off the plan; undo brings it back as it was."""
        listing = self._page.listing
        outcome, action = listing.outcome(key), listing.action(key)
        keys = list(listing.rows)
        near = next((k for k in [*keys[keys.index(key) + 1 :], *reversed(keys[: keys.index(key)])]), None)

        def gone(words: str, undo: Callable[[], object]) -> None:
            listing.take_focus(near)
            self._page.desk.notices.say(words, undo=undo)

        if outcome is not None and self._page.sheet is not None:
            served = self._page.sheet.actions_of(key)
            bring_back = partial(self._restore_outcome, outcome, served)
            self._do(
                lambda: self._service.remove_outcome(key, outcome.revision),
                lambda: gone("Outcome taken off. Its actions stay.", lambda: self._do(bring_back)),
            )
        elif action is not None:
            again = partial(self._restore_action, action)
            self._do(
                lambda: self._service.remove_action(key, action.revision),
                lambda: gone("Action taken off.", lambda: self._do(again)),
            )

    def _restore_outcome(self, outcome: Outcome, served: tuple[PlanAction, ...]) -> None:
        self._service.add_outcome(outcome.plan, outcome.words, key=outcome.id)
        for action in served:
            self._service.update_action(action.id, action.revision + 1, outcome=outcome.id)

    def _restore_action(self, action: PlanAction) -> None:
        self._service.add_action(
            action.plan,
            action.what,
            key=action.id,
            who=action.who,
            team=action.team,
            due_on=action.due_on,
            state=action.state,
            outcome=action.outcome,
        )

    # visits

    def plan_visits(self, key: UUID) -> None:
        """Open the form that makes visits of an action, beginning tomorrow."""
        page = self._page
        action = page.listing.action(key)
        if action is None or not page.listing.board_of(action):
            return
        tomorrow = local_date(page.desk.clock.now()) + timedelta(days=1)

        def open_form(skills: dict[str, str]) -> None:
            page.listing.plan_visits(VisitsEditor(action, skills, tomorrow))

        page.run(page.desk.services.deployment.skills, open_form, latest="skills")

    def save_visits(self, _key: UUID, _seen: int, values: dict[str, Any]) -> None:
        """Plan them, and go to the board of the team."""
        page, editor = self._page, self._page.listing.editor
        if not isinstance(editor, VisitsEditor):
            return
        try:
            drafts = editor.drafts(values)
        except BadValues as bad:
            editor.show_problem(bad)
            return
        board, team, first = page.listing.board_of(editor.action), editor.action.team, drafts[0].day

        def planned(visits: tuple[VisitId, ...]) -> None:
            page.listing.close_editor()
            page.desk.notices.say(f"{wording.count(len(visits), 'visit')} planned from {wording.day(first)}.")
            page.desk.go.to(board, (team, first))

        def failed(error: Exception) -> bool:
            if isinstance(error, BadValue | BadValues) and page.listing.editor is editor:
                editor.show_problem(by_field(error))
                return True
            return False

        page.run(lambda: page.desk.services.deployment.plan_visits(drafts), planned, failed)

    # the plan

    def activate(self) -> None:
        """From now on everyone works by it. What is being written is saved first."""
        page = self._page
        if page.saver is None:
            return
        if page.saver.busy:
            page.saver.flush()
            page.desk.notices.say("Saving first. Activate again in a moment.")
            return
        seen = page.saver.plan.revision
        done = "The plan is active. Everyone works by it now."
        self._do(lambda: self._service.activate(self._plan, seen), lambda: page.desk.notices.say(done))

    def end(self) -> None:
        """It is over."""
        page = self._page
        if page.saver is not None:
            seen = page.saver.plan.revision
            self._do(lambda: self._service.end(self._plan, seen), lambda: page.desk.notices.say("The plan has ended."))
