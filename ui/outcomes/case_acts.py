"""What can be done in a case: each a call of the service, told of, and undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from coordination.clock import at_local, local_date
from coordination.deployment.outcomes import rules
from coordination.deployment.outcomes.case_service import Done
from coordination.deployment.outcomes.model import Case, CaseStep, Choices
from coordination.errors import BadValue, BadValues
from ui.commands import Command
from ui.intake.move_forms import MoveForm
from ui.outcomes.watch import ROLES
from ui.page import OnDesk
from ui.widgets import Choice, TextArea, TimeEdit

GROUP = "No access"
Does = Callable[[], object]
MOST_STEPS = 6  # keys 1 to 6


class CaseShown(OnDesk, Protocol):
    """What the acts ask of the page."""

    @property
    def case(self) -> Case | None: ...
    @property
    def choices(self) -> Choices | None: ...
    def show_case(self, case: Case) -> None: ...
    def show_question(self, form: MoveForm) -> None: ...
    def close_question(self) -> None: ...
    def open_record(self) -> None: ...


class StepForm(MoveForm):
    """What came of a step. Enter is enough: the words are one line's worth."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.go()
        else:
            super().keyPressEvent(event)


class CaseActs:
    """The case is handed back as it was shown; what the database refuses is said where it belongs."""

    def __init__(self, page: CaseShown) -> None:
        self._page = page
        self.form: MoveForm | None = None

    @property
    def may_act(self) -> bool:
        """For the screen only; the database decides."""
        return self._page.desk.actor.role in ROLES

    def commands(self) -> list[Command]:
        def one(name: str, title: str, run: Does, keys: str, when: Callable[[], bool], icon: str = "") -> Command:
            return Command(f"no_access.{name}", title, run, keys, when, GROUP, icon)

        def step(number: int) -> Command:
            return one(f"step_{number}", f"Step {number} is done", lambda: self._done_number(number), str(number),
                       lambda: self._can_do(number))  # fmt: skip

        steps = [step(number) for number in range(1, MOST_STEPS + 1)]
        return [
            *steps,
            one("next", "The next step is done", self.done_next, "D", lambda: self._next() is not None, "check"),
            one("take_step", "I am on the next step", self.take_next, "I", lambda: self._next() is not None,
                "hand-grabbing"),
            one("end", "Say how it ended", self.ask_ending, "E", self._is_open, "flag"),
            one("take", "I have this case", self.take, "K", self._not_mine, "user-plus"),
            one("leave", "Leave it to the other leads", self.leave, "", self._mine, "users"),
            one("reopen", "Open it again", self.reopen, "O", self._is_ended, "arrow-counter-clockwise"),
            one("record", "Open the person's record", self._page.open_record, "R",
                lambda: self._page.case is not None, "user"),
            one("finish", "Do what is asked", self.finish, "Ctrl+Return", lambda: self.form is not None, "check"),
        ]  # fmt: skip

    # ------------------------------------------------------------------ when

    def _is_open(self) -> bool:
        return self.may_act and self._page.case is not None and self._page.case.is_open

    def _is_ended(self) -> bool:
        case = self._page.case
        return self.may_act and case is not None and not case.is_open and case.ending != "taken_back"

    def _mine(self) -> bool:
        return self._is_open() and self._page.case.owner == self._page.desk.actor.user_name  # type: ignore[union-attr]

    def _not_mine(self) -> bool:
        return self._is_open() and not self._mine()

    def _next(self) -> CaseStep | None:
        return rules.next_step(self._page.case) if self._is_open() and self._page.case is not None else None

    def _can_do(self, number: int) -> bool:
        case = self._page.case
        return (
            self._is_open()
            and case is not None
            and number <= len(case.steps)
            and case.steps[number - 1].done_at is None
        )

    # ------------------------------------------------------------------ steps

    def act(self, what: str, code: str) -> None:
        """A button of a step."""
        case, service = self._page.case, self._page.desk.services.no_access
        step = case.step(code) if case is not None else None
        if case is None or step is None:
            return
        if what == "done":
            self.ask_done(step)
        elif what == "take":
            self._do(lambda: service.take_step(case, code), f"You are on it: {step.name}.",
                     lambda after: service.leave_step(after, code))  # fmt: skip
        elif what == "take_over":
            self._do(lambda: service.take_step(case, code, from_colleague=True), f"You are on it: {step.name}.", None)
        elif what == "leave":
            self._do(lambda: service.leave_step(case, code), f"Left: {step.name}.",
                     lambda after: service.take_step(after, code))  # fmt: skip
        else:
            said, at = step.words, step.done_at
            self._do(lambda: service.undo_step(case, code), f"Not done after all: {step.name}.",
                     lambda after: service.do_step(after, code, said, at))  # fmt: skip

    def _done_number(self, number: int) -> None:
        case = self._page.case
        if case is not None:
            self.ask_done(case.steps[number - 1])

    def done_next(self) -> None:
        step = self._next()
        if step is not None:
            self.ask_done(step)

    def take_next(self) -> None:
        step = self._next()
        if step is not None:
            self.act("take", step.code)

    def ask_done(self, step: CaseStep) -> None:
        """What came of it, and when if not now."""
        case, service = self._page.case, self._page.desk.services.no_access
        if case is None:
            return

        def do(values: dict[str, Any]) -> None:
            at = self._moment(values["done_at"])
            self._do(
                lambda: service.do_step(case, step.code, str(values["came_of_it"]), at), f"Done: {step.name}.",
                lambda after: service.undo_step(after, step.code),
            )  # fmt: skip

        form = StepForm(step.name, "Done", do, self.close)
        form.form.add("came_of_it", "What came of it", TextArea(2), required=True, help=step.hint)
        form.form.add("done_at", "At, if not now", TimeEdit())
        self._ask(form)

    def _moment(self, at: object) -> datetime | None:
        """A time of day as the latest moment that was so; None: now."""
        if not isinstance(at, time):
            return None
        now = self._page.desk.clock.now()
        moment = at_local(local_date(now), at.hour, at.minute)
        return moment if moment <= now else at_local(local_date(now) - timedelta(days=1), at.hour, at.minute)

    # ------------------------------------------------------------------ the case

    def take(self) -> None:
        case, service = self._page.case, self._page.desk.services.no_access
        if case is not None:
            self._do(lambda: service.take(case), "The case is yours.", lambda after: service.leave(after))

    def leave(self) -> None:
        case, service = self._page.case, self._page.desk.services.no_access
        if case is not None:
            self._do(lambda: service.leave(case), "Every lead of the team is asked.", lambda after: service.take(after))

    def ask_ending(self) -> None:
        """Where the person is. Nothing else takes a case from the list."""
        case, choices, service = self._page.case, self._page.choices, self._page.desk.services.no_access
        if case is None or choices is None:
            return

        def do(values: dict[str, Any]) -> None:
            ending = str(values["ending"])
            self._do(
                lambda: service.end(case, ending, str(values["came_of_it"])), "The case has ended.",
                lambda after: service.reopen(after),
            )  # fmt: skip

        form = MoveForm(f"{case.person.listed}: how it ended", "End the case", do, self.close)
        offered = [(e.code, e.name) for e in choices.endings if e.code != "taken_back"]
        form.form.add("ending", "Ending", Choice(offered, prompt="Where the person is"), required=True)
        form.form.add("came_of_it", "In words", TextArea(2), help="Who said so, and what is arranged")
        self._ask(form)

    def reopen(self) -> None:
        case, service = self._page.case, self._page.desk.services.no_access
        if case is not None:
            self._do(lambda: service.reopen(case), "The case is open again.", None)

    # ------------------------------------------------------------------ inside

    def finish(self) -> None:
        if self.form is not None:
            self.form.go()

    def _ask(self, form: MoveForm) -> None:
        self.form = form
        self._page.show_question(form)
        form.start()

    def close(self) -> None:
        self.form = None
        self._page.close_question()

    def _do(self, call: Callable[[], Done], said: str, back: Callable[[Case], Done] | None) -> None:
        page = self._page

        def done(found: Done) -> None:
            self.close()
            undo = (lambda: self._do(lambda: back(found.after), "As before.", None)) if back else None
            page.desk.notices.say(said, undo=undo)
            page.show_case(found.after)

        page.run(call, done, self._failed)

    def _failed(self, error: Exception) -> bool:
        """At its field, if it is about one; else said, and the case is read again as it stands."""
        form = self.form
        if form is not None:
            form.ready()
            if isinstance(error, BadValue | BadValues):
                return not form.set_problems(error)
        self._page.refresh()
        return False
