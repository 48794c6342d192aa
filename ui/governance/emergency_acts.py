"""What a reviewer does with an emergency access: an outcome, its undo, and ending one that lasts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QLineEdit

from coordination.governance.emergency import OUTCOMES, TOLD, ReviewDraft, Reviewing
from coordination.values import new_id
from ui.governance import emergency_words as words
from ui.people.glass_words import KINDS
from ui.people.words import soft
from ui.side_acts import SideActs
from ui.widgets.basics import Choice, TextArea, label
from ui.widgets.fields import Form


class EmergencyActs(SideActs):
    """The page's verbs."""

    @property
    def _service(self) -> Any:
        return self._page.desk.services.emergency

    @property
    def _row(self) -> Reviewing:
        chosen = self._page.table.current
        assert chosen is not None
        return chosen  # type: ignore[no-any-return]

    def review(self) -> None:
        row, review_id, service = self._row, new_id(), self._service
        form = Form()
        form.add_widget(label(f"{row.by_name}, {words.lasted(row)}", strong=True, wrap=True))
        form.add_widget(label(soft(f"{KINDS[row.kind]}. {row.words}"), wrap=True))
        form.add_widget(label(words.done(row), quiet=True))
        outcomes = [(code, words.OUTCOMES[code]) for code in OUTCOMES]
        form.add("outcome", "Was it right?", Choice(outcomes, prompt="Choose"), required=True)
        form.add("note", "Note", TextArea(3, 8), help="Needed where it was not right, or something must be done. No "
                 "clinical content.")  # fmt: skip
        told = [(code, words.TOLD[code]) for code in TOLD]
        form.add("told", "Is the person told?", Choice(told, prompt="Choose"), required=True)
        form.add("told_why", "Why they are not told", QLineEdit())
        form.field("told_why").hide()
        form.edited.connect(lambda _name: form.field("told_why").setVisible(form.value("told") == "not_told"))

        def call() -> Reviewing:
            v = form.values()
            draft = ReviewDraft(v["outcome"] or "", v["note"], v["told"] or "", v["told_why"])
            return service.review(row, draft, review_id)  # type: ignore[no-any-return]

        self.ask("Review", form, "Write it down", call, "Reviewed.", self._withdraw_of)

    def _withdraw_of(self, now: Reviewing) -> Callable[[], object]:
        return lambda: self._service.withdraw(now)

    def withdraw(self) -> None:
        """The outcome is taken back; it stays in the history."""
        row, service = self._row, self._service

        def back(now: Reviewing) -> Callable[[], object]:
            draft = ReviewDraft(row.outcome, row.note, row.told, row.told_why)
            return lambda: service.review(now, draft, new_id())

        self.do(lambda: service.withdraw(row), "To be reviewed again.", back)

    def end(self) -> None:
        row, service = self._row, self._service
        self.do(lambda: service.end(row.id), "It has ended: the record is closed to them.", None)
