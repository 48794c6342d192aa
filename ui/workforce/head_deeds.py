"""Changing the head of a worker: nobody overwritten unseen, both values shown where two leads changed one field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from coordination.errors import BadValue, BadValues, Conflict
from coordination.workforce.model import WorkerHead, WorkerSheet
from ui.careplan.differing import ChangedTwice, Twice
from ui.intake.move_forms import MoveForm
from ui.page import OnDesk
from ui.workforce import forms, words
from ui.workforce.messages import FIELDS


class Asks(Protocol):
    """The deeds that ask and say."""

    def ask(self, form: MoveForm) -> None: ...
    def close_asking(self) -> None: ...
    def failed(self, error: Exception) -> bool: ...
    def say_done(self, said: str, undo: Callable[[], object] | None) -> None: ...


class Shows(OnDesk, Protocol):
    @property
    def sheet(self) -> WorkerSheet | None: ...


class HeadDeeds:
    """Fields that only one of two leads changed are simply kept; of the others both values are shown."""

    def __init__(self, deeds: Asks, page: Shows) -> None:
        self._deeds, self._page = deeds, page
        self.form: MoveForm | None = None

    def change(self) -> None:
        sheet = self._page.sheet
        if sheet is None:
            return

        def do(values: dict[str, Any]) -> None:
            self._send(sheet, values, made)

        made = forms.head_form(sheet, do, self._deeds.close_asking)
        self._deeds.ask(made)

    def _send(self, sheet: WorkerSheet, values: dict[str, Any], form: MoveForm) -> None:
        try:
            changes = forms.head_changes(values, sheet.head)
        except (BadValue, BadValues) as error:
            form.set_problems(error)
            return
        service = self._page.desk.services.workforce

        def keep() -> WorkerHead:
            if values["postcode"] and values["base"] != "none":
                changes["place"] = service.place_of(values["postcode"])
            return self._save(sheet.head, changes, sheet.head.revision)

        self._run(sheet, changes, keep, form)

    def _save(self, head: WorkerHead, changes: Mapping[str, Any], seen: int) -> WorkerHead:
        return self._page.desk.services.workforce.change(head.id, changes, seen=seen) if changes else head

    def _run(
        self, sheet: WorkerSheet, changes: Mapping[str, Any], keep: Callable[[], WorkerHead], form: MoveForm
    ) -> None:
        def failed(error: Exception) -> bool:
            if isinstance(error, Conflict) and isinstance(error.current, WorkerHead):
                self._sort_out(sheet, changes, error.current, form)
                return True
            return self._deeds.failed(error)

        self._page.run(keep, lambda after: self._kept(sheet.head, changes, after), failed)

    def _kept(self, before: WorkerHead, changes: Mapping[str, Any], after: WorkerHead) -> None:
        was = {
            name: getattr(before, name) for name in (*changes, "place") if getattr(before, name) != getattr(after, name)
        }
        undo = (lambda: self._save(after, was, after.revision)) if was else None
        self._deeds.say_done("Kept." if was else "Nothing was changed.", undo)

    def _sort_out(self, sheet: WorkerSheet, changes: Mapping[str, Any], current: WorkerHead, form: MoveForm) -> None:
        """Somebody saved first. What only we changed goes over the new revision; of the rest both are shown."""
        both = [
            name for name, mine in changes.items()
            if getattr(current, name) not in (getattr(sheet.head, name), mine)
        ]  # fmt: skip
        if not both:
            self._run(sheet, changes, lambda: self._save(current, changes, current.revision), form)
            return
        near = dict(sheet.neighbourhoods_known)

        def shown(name: str, value: Any) -> str:
            return words.value_words(name, value, near)

        twice = ChangedTwice([
            Twice(name, FIELDS[name], shown(name, changes[name]), shown(name, getattr(current, name)),
                  shown(name, getattr(sheet.head, name)))
            for name in both
        ])  # fmt: skip

        def go_on(mine: frozenset[str]) -> None:
            wanted = {name: value for name, value in changes.items() if name not in both or name in mine}
            self._run(sheet, wanted, lambda: self._save(current, wanted, current.revision), form)

        twice.chosen.connect(go_on)
        twice.mine.connect(lambda: go_on(frozenset(both)))
        twice.theirs.connect(lambda: go_on(frozenset()))
        form.ready()
        form.show_beside(twice)
        twice.start()
