"""What can be done with a concern, by key and button: along its path, to another owner, and back (E3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from coordination.errors import BadValue, BadValues, Conflict, Refused
from coordination.safeguarding.model import OWNERS, Concern, ConcernDetail, ConcernId
from coordination.values import UserName, new_id
from ui import wording
from ui.commands import Command
from ui.intake.move_forms import MoveForm, colleague_form, reason_form
from ui.page import OnDesk
from ui.safeguarding.concern_view import ConcernView


class ConcernShown(OnDesk, Protocol):
    """What the deeds ask of the page."""

    view: ConcernView | None

    @property
    def concern(self) -> Concern | None: ...
    @property
    def is_raising(self) -> bool: ...
    def finish(self) -> bool: ...
    def read(self, concern_id: ConcernId) -> None: ...
    def show_detail(self, detail: ConcernDetail) -> None: ...
    def show_question(self, form: MoveForm) -> None: ...
    def close_question(self, form: MoveForm) -> None: ...


class ConcernDeeds:
    """Screens hand back the revision that was *seen*; what the database refuses is said where it belongs."""

    def __init__(self, page: ConcernShown) -> None:
        self._page, self._desk = page, page.desk
        self.form: MoveForm | None = None

    def _can(self, *stages: str, mine: bool | None = None) -> Callable[[], bool]:
        def now() -> bool:
            concern = self._page.concern
            if concern is None or concern.stage not in stages or self._desk.actor.role not in OWNERS:
                return False
            return mine is None or (concern.owner == self._desk.actor.user_name) is mine

        return now

    def commands(self) -> list[Command]:
        undecided, group = ("raised", "looking"), "Safeguarding"
        return [
            Command("safeguarding.look", "Look into it", self.look_into, "L", self._can("raised", mine=True), group,
                    "magnifying-glass"),
            Command("safeguarding.told", "Write down who was told", self._go_to_told, "T", self._can(*undecided), group,
                    "megaphone"),
            Command("safeguarding.decide", "Go to the decision", self._go_to_decision, "D",
                    self._can(*undecided, mine=True), group, "check"),
            Command("safeguarding.finish", "Decide, or finish what is asked", self.finish, "Ctrl+Return",
                    self._can_finish, group, "check"),
            Command("safeguarding.save", "Save what is written", self.save, "Ctrl+S", self._can(*undecided), group,
                    "floppy-disk"),
            Command("safeguarding.hand_over", "Hand over", self.hand_over, "H", self._can(*undecided, mine=True), group,
                    "swap", also="give colleague"),
            Command("safeguarding.take_over", "Take over", self.take_over, "K", self._can(*undecided, mine=False),
                    group, "hand-grabbing"),
            Command("safeguarding.reopen", "Reopen", self.reopen, "O", self._can("decided", mine=True), group,
                    "arrow-counter-clockwise"),
        ]  # fmt: skip

    def _can_finish(self) -> bool:
        return self.form is not None or self._page.is_raising or self._can("raised", "looking", mine=True)()

    def finish(self) -> None:
        """Ctrl+Enter: the question that is asked, the concern that is being raised, or the decision."""
        if self.form is not None:
            self.form.go()
        elif not self._page.finish():
            self.decide()

    def look_into(self) -> None:
        concern, service = self._page.concern, self._desk.services.safeguarding
        if concern is not None:
            self._do(
                lambda: service.look_into(concern.id, concern.revision),
                "It is being looked into.",
                lambda after: service.not_yet(after.id, after.revision),
            )

    def save(self) -> None:
        """What was found, and how it is now."""
        concern, view, service = self._page.concern, self._page.view, self._desk.services.safeguarding
        if concern is None or view is None or not view.dirty:
            return
        written = view.looked_into()

        def saved(after: Concern) -> None:
            view.dirty = False
            self._desk.notices.say("Saved.")
            self._page.read(after.id)

        self._page.run(lambda: service.write_down(concern.id, concern.revision, written), saved, self._failed)

    def tell(self) -> None:
        """Add somebody who was told."""
        concern, view, service = self._page.concern, self._page.view, self._desk.services.safeguarding
        if concern is None or view is None:
            return
        view.telling.clear_problems()
        try:
            draft = view.told_draft()
        except BadValues as bad:
            view.set_problems(bad)
            return

        def added(detail: ConcernDetail) -> None:
            view.told_id = new_id()
            view.telling.set_values({"name": "", "role": "", "told_at": None})
            self._desk.notices.say("Written down.")
            self._page.show_detail(detail)
            self._page.refresh()

        self._page.run(lambda: service.tell(concern.id, draft), added, self._failed)

    def decide(self) -> None:
        """The end of the path."""
        concern, view, service = self._page.concern, self._page.view, self._desk.services.safeguarding
        if concern is None or view is None:
            return
        if view.dirty:
            self._desk.notices.warn("Save what is written before it is decided.  (Ctrl+S)")
            return
        decision, said = view.decision()
        self._do(
            lambda: service.decide(concern.id, concern.revision, decision, said),
            "Decided.",
            lambda after: service.reopen(after.id, after.revision, "The decision was taken back"),
        )

    def hand_over(self) -> None:
        concern, service = self._page.concern, self._desk.services.safeguarding
        if concern is None:
            return

        def do(values: dict[str, str]) -> None:
            to = UserName(values["to_user"])
            self._do(
                lambda: service.hand_over(concern.id, concern.revision, to, values["reason"]), "Handed over.", None
            )

        def ask(accounts: list[Any]) -> None:
            people = [
                (str(a.user_name), f"{a.display_name}, {wording.role(a.role).lower()}")
                for a in accounts
                if a.role in OWNERS and a.user_name != self._desk.actor.user_name
            ]
            self._ask(
                colleague_form("Hand over", "Hand over", ("to_user", "To"), people, "What they should know", do,
                               self.close_asking)
            )  # fmt: skip

        self._page.run(self._desk.services.governance.accounts, ask, latest="accounts")

    def take_over(self) -> None:
        concern, service = self._page.concern, self._desk.services.safeguarding
        if concern is None:
            return

        def do(values: dict[str, str]) -> None:
            self._do(lambda: service.take_over(concern.id, concern.revision, values["reason"]), "It is yours.", None)

        question = f"Why? {concern.owner_name} will read it."
        self._ask(
            reason_form(f"Take over from {concern.owner_name}", "Take over", question, do, self.close_asking)
        )  # fmt: skip

    def reopen(self) -> None:
        concern, service = self._page.concern, self._desk.services.safeguarding
        if concern is None:
            return

        def do(values: dict[str, str]) -> None:
            self._do(lambda: service.reopen(concern.id, concern.revision, values["reason"]), "Reopened.", None)

        self._ask(reason_form("Reopen", "Reopen", "Why is it looked into again?", do, self.close_asking))

    def _go_to_told(self) -> None:
        if self._page.view is not None:
            self._page.view.go_to_told()

    def _go_to_decision(self) -> None:
        if self._page.view is not None:
            self._page.view.go_to_decision()

    # ---------------------------------------------------------------- how it is done

    def _do(self, call: Callable[[], Concern], said: str, back: Callable[[Concern], Concern] | None) -> None:
        def done(after: Concern) -> None:
            self.close_asking()
            undo = (lambda: self._do(lambda: back(after), "Taken back.", None)) if back is not None else None
            self._desk.notices.say(said, undo=undo)
            self._page.read(after.id)
            self._page.refresh()

        self._page.run(call, done, self._failed)

    def _failed(self, error: Exception) -> bool:
        """At the fields where it belongs; a conflict shows what it is now and keeps what is typed."""
        if isinstance(error, BadValue | BadValues):
            where = self.form or self._page.view
            left = where.set_problems(error) if where is not None else [error]
            return not left
        if isinstance(error, Conflict | Refused) and self._page.concern is not None:
            self._page.read(self._page.concern.id)
        return False

    def _ask(self, form: MoveForm) -> None:
        self.close_asking()
        self.form = form
        self._page.show_question(form)

    def close_asking(self) -> None:
        """The question is done with."""
        if self.form is not None:
            form, self.form = self.form, None
            self._page.close_question(form)
