"""How a deed on the page of workers is done: asked in a small form, said with its undo, read again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from coordination.clock import local_date
from coordination.errors import BadValue, BadValues, Conflict
from coordination.workforce.model import WorkerRow, WorkerSheet
from ui.intake.move_forms import MoveForm
from ui.page import OnDesk


class WorkersShown(OnDesk, Protocol):
    """What the deeds ask of the page."""

    @property
    def sheet(self) -> WorkerSheet | None: ...
    @property
    def rows(self) -> Sequence[WorkerRow]: ...
    def show_question(self, form: MoveForm) -> None: ...
    def close_question(self, form: MoveForm) -> None: ...
    def read_sheet(self) -> None: ...
    def go_to_worker(self, key: object) -> None: ...


class DoingForWorkers:
    """``form`` is what is asked just now."""

    def __init__(self, page: WorkersShown) -> None:
        self._page, self._desk = page, page.desk
        self.form: MoveForm | None = None

    @property
    def today(self) -> Any:
        return local_date(self._desk.clock.now())

    def run(self, call: Callable[[], Any], done: Callable[[Any], object]) -> None:
        self._page.run(call, done, self.failed)

    def _said(self, words_: str, undo: Callable[[], object] | None, worker: object = None) -> None:
        """Done: the question is over, and it can be taken back."""
        self.close_asking()

        def back() -> None:
            self.run(undo, lambda _done: self._said("Taken back.", None))  # type: ignore[arg-type]

        self._desk.notices.say(words_, undo=back if undo is not None else None)
        self._page.refresh()
        if worker is None:
            self._page.read_sheet()
        else:
            self._page.go_to_worker(worker)

    def failed(self, error: Exception) -> bool:
        if self.form is not None:
            self.form.ready()
        if isinstance(error, BadValue | BadValues) and self.form is not None:
            return not self.form.set_problems(error)
        if isinstance(error, Conflict):
            self._page.refresh()
            self._page.read_sheet()
        return False

    def say_done(self, said: str, undo: Callable[[], object] | None) -> None:
        """For deeds that stand in files of their own."""
        self._said(said, undo)

    def ask(self, form: MoveForm) -> None:
        self.close_asking()
        self.form = form
        self._page.show_question(form)

    def close_asking(self) -> None:
        """The question is done with."""
        if self.form is not None:
            form, self.form = self.form, None
            self._page.close_question(form)
