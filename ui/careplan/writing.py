"""The head of the plan while somebody writes it: saved as they go, and said where it is not, or where two differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from coordination.careplan.model import Plan
from coordination.values import UserName
from ui import wording
from ui.careplan.saving import HeadSaver
from ui.careplan.texts import PlanText
from ui.careplan.who import LeadAndReview
from ui.desk import Desk
from ui.widgets.basics import label, set_tone


class HeadWriting(QObject):
    """``begin`` with each plan that is shown. Words for one that is not shown any more are still saved, but say nothing
    here."""

    saved = Signal(object)
    """the Plan as it is now"""
    refused = Signal(object)
    """the Plan as it was and stays"""
    written = Signal()
    """somebody writes"""

    def __init__(self, owner: QObject, desk: Desk, texts: Mapping[Any, PlanText], who: LeadAndReview) -> None:
        super().__init__(owner)
        self._desk, self._texts, self._who = desk, texts, who
        self._saved_at = ""
        self.saver: HeadSaver | None = None
        self.words = label("", quiet=True)
        self.words.setAccessibleName("Saving")
        for text in texts.values():
            text.edited.connect(lambda field, words: self.put(field, words, typed=True))
            text.mine_kept.connect(self.put)
        who.lead_chosen.connect(self._give)
        who.review_chosen.connect(lambda day: self.put("review_on", day))

    @property
    def busy(self) -> bool:
        return self.saver is not None and self.saver.busy

    def begin(self, plan: Plan) -> None:
        """Another plan is shown."""
        service = self._desk.services.careplan
        made = HeadSaver(self, self._desk.tasks, plan, lambda seen, changes: service.update(plan.id, seen, **changes))

        def if_shown(call: Callable[..., object]) -> Callable[..., None]:
            def when(*facts: object) -> None:
                if made is self.saver:
                    call(*facts)

            return when

        made.saved.connect(if_shown(self._saved))
        made.differing.connect(if_shown(self._differing))
        made.refused.connect(if_shown(self._refused))
        made.state_changed.connect(if_shown(self.show_saving))
        self.saver, self._saved_at = made, ""

    def flush(self) -> None:
        """Save now whatever waits."""
        if self.saver is not None:
            self.saver.flush()

    def stop(self) -> None:
        """No plan is shown."""
        self.saver = None

    def put(self, field: str, value: Any, *, typed: bool = False) -> None:
        """Save one field."""
        if self.saver is not None:
            self.saver.put(field, value, typed=typed)
            self.written.emit()

    def may_leave(self) -> bool:
        """Whatever is typed is saved first; only without a connection it is asked to stay."""
        if self.saver is None or not self.saver.busy:
            return True
        self.saver.flush()
        if self.saver.away:
            self._desk.notices.warn("The plan is not saved yet: the database can't be reached. Stay here.")
        return not self.saver.away

    def show_saving(self) -> None:
        words, tone = "", ""
        if self.saver is not None and self.saver.away:
            words, tone = "Not saved yet: no connection. Kept here, trying again.", "red"
        elif self.busy:
            words = "Saving…"
        elif self.saver is not None and self._saved_at:
            words = f"Saved {self._saved_at}"
        self.words.setText(words)
        set_tone(self.words, tone)

    def _give(self, user: UserName | None) -> None:
        """Another lead worker; undo gives it back."""
        was = self.saver.plan.lead_worker if self.saver is not None else None
        self.put("lead_worker", user)
        if was is not None and was != user:
            name = self._who.lead.currentText().partition(" (")[0]
            self._desk.notices.say(f"{name} leads the plan now.", undo=lambda: self.put("lead_worker", was))

    def _saved(self, plan: Plan) -> None:
        self._saved_at = wording.clock_time(self._desk.clock.now())
        self.saved.emit(plan)

    def _differing(self, field: str, mine: Any, was: Any, current: Plan) -> None:
        if field in self._texts:
            self._texts[field].show_differing(mine, getattr(current, field), str(was or ""))
            return
        who = self._who
        who.show_plan(current)
        what = "lead worker" if field == "lead_worker" else "review date"
        mine_said, was_said, theirs = (who.said(field, value) for value in (mine, was, getattr(current, field)))
        self._desk.notices.warn(
            f"The {what}: you chose {mine_said}. It was {was_said}, and somebody else made it {theirs} first.",
            do=lambda: self.put(field, mine), do_words=f"Make it {mine_said}",
        )  # fmt: skip

    def _refused(self, error: Exception) -> None:
        self._desk.notices.error(error)
        if self.saver is not None:
            self.refused.emit(self.saver.plan)
