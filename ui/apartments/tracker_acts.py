"""What is done on the tracker, each a call to the service, each with its undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtWidgets import QLineEdit

from coordination.apartments.model import Stay
from coordination.apartments.rules import SIX_WEEKS
from coordination.apartments.tracker_model import MoveOnTask, TrackerRow
from coordination.clock import local_date
from coordination.errors import BadValue, BadValues
from coordination.values import UserName, new_id
from ui import wording
from ui.apartments import tracker_words as words
from ui.side_acts import SideActs
from ui.widgets.basics import Choice, TextArea
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form


class TrackerActs(SideActs):
    """The page's verbs."""

    @property
    def _service(self) -> Any:
        return self._page.desk.services.moveon

    @property
    def _task(self) -> MoveOnTask:
        task = self._page.tasks.current
        assert task is not None
        return task  # type: ignore[no-any-return]

    @property
    def _row(self) -> TrackerRow:
        chosen = self._page.table.current
        assert chosen is not None
        return chosen  # type: ignore[no-any-return]

    @property
    def _today(self) -> date:
        return local_date(self._page.desk.clock.now())

    # ------------------------------------------------------------------ steps

    def finish(self) -> None:
        task, service = self._task, self._service
        self.do(lambda: service.finish(task.id, task.revision), "Done.", self._open)

    def open_again(self) -> None:
        task, service = self._task, self._service
        self.do(lambda: service.open_again(task.id, task.revision), "To be done again.", None)

    def _open(self, now: MoveOnTask) -> Callable[[], object]:
        return lambda: self._service.open_again(now.id, now.revision)

    def not_needed(self) -> None:
        task, service = self._task, self._service
        form = Form()
        form.add("note", "Why is it not needed?", TextArea(2), required=True)
        self.ask(
            task.words, form, "Not needed",
            lambda: service.not_needed(task.id, task.revision, str(form.value("note"))), "Not needed.", self._open,
        )  # fmt: skip

    def edit(self) -> None:
        if self._page.tasks.current is None or not self._page.tasks.current.is_open:
            return
        task = self._task
        form = self._task_form(task.words, task.due_on, task.owner)
        form.add("blocked_by", "What is in the way", TextArea(2), help="Empty when nothing is.")
        form.set_values({"blocked_by": task.blocked_by})

        def call() -> MoveOnTask:
            values = form.values()
            return self._service.change(  # type: ignore[no-any-return]
                task.id, task.revision, words=values["words"], due_on=values["due_on"] or task.due_on,
                owner=_owner(values["owner"]), blocked_by=values["blocked_by"],
            )  # fmt: skip

        def back(now: MoveOnTask) -> Callable[[], object]:
            return lambda: self._service.change(
                now.id, now.revision, words=task.words, due_on=task.due_on, owner=task.owner, blocked_by=task.blocked_by
            )

        self._with_owners(form, task.owner, lambda: self.ask("Change the step", form, "Save", call, "Changed.", back))

    def add(self) -> None:
        chosen, key = self._row, new_id()
        form = self._task_form("", min(self._today, chosen.period.last), None)

        def call() -> MoveOnTask:
            values = form.values()
            return self._service.add(  # type: ignore[no-any-return]
                key, chosen.stay_id, values["words"], values["due_on"] or self._today, _owner(values["owner"])
            )

        def back(now: MoveOnTask) -> Callable[[], object]:
            return lambda: self._service.not_needed(now.id, now.revision, "Taken back at once")

        me = self._page.desk.actor.user_name
        self._with_owners(form, me, lambda: self.ask(f"A step for {chosen.who}", form, "Add", call, "Added.", back))

    def _task_form(self, words: str, due_on: date, owner: UserName | None) -> Form:
        form = Form()
        form.add("words", "What is to be done", QLineEdit(words), required=True)
        due = DateEdit()
        due.set_value(due_on)
        form.add("due_on", "By", due)
        form.add("owner", "Who", Choice([], prompt="Nobody yet"))
        return form

    def _with_owners(self, form: Form, owner: UserName | None, then: Callable[[], object]) -> None:
        def show(found: list[tuple[UserName, str]]) -> None:
            choice = form.field("owner").editor
            assert isinstance(choice, Choice)
            choice.set_items([(str(user), name) for user, name in found])
            choice.set_value(None if owner is None else str(owner))
            then()

        self._page.run(self._service.owners, show, latest="owners")

    # ------------------------------------------------------------------ past six weeks

    def stays_longer(self) -> None:
        """Another last day; past six weeks with the reason (N3)."""
        chosen, service = self._row, self._service
        form = Form()
        last = DateEdit()
        last.set_value(max(chosen.period.last, self._today))
        form.add("last_day", "Last day", last, required=True)
        form.add(
            "past_six_weeks_reason", "Why past six weeks?", TextArea(2), required=chosen.lacks_reason(self._today),
            help=f"Needed past {wording.day(words.marks_of(chosen)[SIX_WEEKS])}, day {SIX_WEEKS}.",
        )  # fmt: skip
        form.set_values({"past_six_weeks_reason": chosen.past_six_weeks_reason})

        def call() -> Stay:
            day = form.value("last_day")
            if day is None:
                raise BadValues((BadValue("last_day", "required"),))
            reason = str(form.value("past_six_weeks_reason"))
            return service.stays_longer(chosen.stay_id, chosen.revision, day, reason)  # type: ignore[no-any-return]

        def back(now: Stay) -> Callable[[], object]:
            return lambda: service.last_day_was(now.id, now.revision, chosen.period.last)

        self.ask(f"{chosen.who} stays longer", form, "Save", call, "The stay has another last day.", back)

    # ------------------------------------------------------------------ back in hospital

    def hold(self) -> None:
        chosen, service = self._row, self._service
        form = Form()
        since = DateEdit()
        since.set_value(self._today)
        form.add("since", "In hospital since", since, required=True)
        form.add("days", "Keep the apartment for", QLineEdit(), help="Days. Empty: the usual time.")
        form.add(
            "past_six_weeks_reason", "Why past six weeks?", QLineEdit(chosen.past_six_weeks_reason),
            help="The stay goes on as long as the apartment is kept. Needed past day 42 only.",
        )  # fmt: skip

        def call() -> Stay:
            typed = str(form.value("days") or "").strip()
            if typed and not typed.isdecimal():
                raise BadValues((BadValue("days", "not_a_number"),))
            day = form.value("since")
            return service.readmitted(  # type: ignore[no-any-return]
                chosen.stay_id, chosen.revision, day or self._today, int(typed) if typed else None,
                str(form.value("past_six_weeks_reason")),
            )  # fmt: skip

        def back(now: Stay) -> Callable[[], object]:
            return lambda: service.returned(now.id, now.revision, chosen.period.end)

        self.ask(f"{chosen.who}: back in hospital", form, "Hold the apartment", call, "The apartment is held.", back)

    def returned(self) -> None:
        chosen, service = self._row, self._service

        def back(now: Stay) -> Callable[[], object]:
            assert chosen.away_since is not None and chosen.hold_until is not None
            since, until = chosen.away_since, chosen.hold_until
            return lambda: service.hold_again(now.id, now.revision, since, until)

        self.do(lambda: service.returned(chosen.stay_id, chosen.revision), f"{chosen.who} is back.", back)

    def to_board(self) -> None:
        self._page.desk.go.to("apartments", self._row.stay_id)


def _owner(value: object) -> UserName | None:
    return UserName(str(value)) if value else None
