"""What is done on the tracker, each a call to the service, each with its undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.apartments.model import Stay
from coordination.apartments.tracker_model import MoveOnTask, TrackerRow
from coordination.clock import local_date
from coordination.errors import BadValue, BadValues
from coordination.values import UserName, new_id
from ui.widgets.basics import Choice, TextArea, column
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form


class TrackerActs:
    """The page's verbs. ``asking`` while a small form stands in the place of the steps."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._save: Callable[[], object] | None = None

    @property
    def asking(self) -> bool:
        return self._save is not None

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

    def save(self) -> None:
        if self._save is not None:
            self._save()

    def leave(self) -> None:
        """Back to the steps."""
        self._save = None
        self._page.show_tasks()
        self._page.table.setFocus()

    # ------------------------------------------------------------------ steps

    def finish(self) -> None:
        task, service = self._task, self._service
        self._do(lambda: service.finish(task.id, task.revision), "Done.", self._open)

    def open_again(self) -> None:
        task, service = self._task, self._service
        self._do(lambda: service.open_again(task.id, task.revision), "To be done again.", None)

    def _open(self, now: MoveOnTask) -> Callable[[], object]:
        return lambda: self._service.open_again(now.id, now.revision)

    def not_needed(self) -> None:
        task, service = self._task, self._service
        form = Form()
        form.add("note", "Why is it not needed?", TextArea(2), required=True)
        self._ask(
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

        self._with_owners(form, task.owner, lambda: self._ask("Change the step", form, "Save", call, "Changed.", back))

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
        self._with_owners(form, me, lambda: self._ask(f"A step for {chosen.who}", form, "Add", call, "Added.", back))

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

    # ------------------------------------------------------------------ back in hospital

    def hold(self) -> None:
        chosen, service = self._row, self._service
        form = Form()
        since = DateEdit()
        since.set_value(self._today)
        form.add("since", "In hospital since", since, required=True)
        form.add("days", "Keep the apartment for", QLineEdit(), help="Days. Empty: the usual time.")

        def call() -> Stay:
            typed = str(form.value("days") or "").strip()
            if typed and not typed.isdecimal():
                raise BadValues((BadValue("days", "not_a_number"),))
            day = form.value("since")
            return service.readmitted(  # type: ignore[no-any-return]
                chosen.stay_id, chosen.revision, day or self._today, int(typed) if typed else None
            )

        def back(now: Stay) -> Callable[[], object]:
            return lambda: service.returned(now.id, now.revision)

        self._ask(f"{chosen.who}: back in hospital", form, "Hold the apartment", call, "The apartment is held.", back)

    def returned(self) -> None:
        chosen, service = self._row, self._service

        def back(now: Stay) -> Callable[[], object]:
            assert chosen.away_since is not None and chosen.hold_until is not None
            since, until = chosen.away_since, chosen.hold_until
            return lambda: service.hold_again(now.id, now.revision, since, until)

        self._do(lambda: service.returned(chosen.stay_id, chosen.revision), f"{chosen.who} is back.", back)

    def to_board(self) -> None:
        self._page.desk.go.to("apartments", self._row.stay_id)

    # ------------------------------------------------------------------ how

    def _do(
        self, call: Callable[[], Any], said: str, undo: Callable[[Any], Callable[[], object]] | None,
        form: Form | None = None,
    ) -> None:  # fmt: skip
        page = self._page

        def done(now: Any) -> None:
            if form is not None:
                self.leave()
            back = None
            if undo is not None:
                undoing = undo(now)
                back = lambda: page.run(undoing, lambda _done: page.refresh())  # noqa: E731
            page.desk.notices.say(said, undo=back)
            page.refresh()

        def failed(error: Exception) -> bool:
            if form is not None and isinstance(error, BadValue | BadValues):
                return not form.set_problems(error)
            page.refresh()  # somebody else changed it: as it is now
            return False

        page.run(call, done, failed)

    def _ask(
        self, title: str, form: Form, confirm: str, call: Callable[[], Any], said: str,
        undo: Callable[[Any], Callable[[], object]],
    ) -> None:  # fmt: skip
        holder = QWidget()
        holder.setLayout(column(form, None))

        def save() -> None:
            form.clear_problems()
            try:
                form.values()  # a day that is none is said at its field
            except (BadValue, BadValues) as error:
                form.set_problems(error)
                return
            self._do(call, said, undo, form)

        self._save = save
        self._page.ask(title, holder, confirm, save)
        first = next(iter(form.fields.values()))
        first.editor.setFocus()


def _owner(value: object) -> UserName | None:
    return UserName(str(value)) if value else None
