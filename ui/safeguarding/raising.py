"""Raising a concern: what is known of it so far. It belongs to whoever raises it from the first minute (E3)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from coordination.errors import BadValue, BadValues
from coordination.safeguarding.model import Concern, ConcernDraft, ConcernFilter, ConcernId, ConcernRow
from coordination.values import new_id
from ui.desk import Desk
from ui.intake.concern_fields import ConcernFields
from ui.safeguarding import words
from ui.safeguarding.opening import OfReferral, RaiseAbout
from ui.widgets.basics import LinkLabel, button, column, label, row, rule

About = RaiseAbout | OfReferral


class RaiseForm(QWidget):
    """``typed`` puts back what ``fields.raw()`` gave. Sent twice it is raised once."""

    raised = Signal(object)
    """the Concern"""
    left = Signal()

    def __init__(self, desk: Desk, about: About, typed: dict[str, Any] | None = None) -> None:
        super().__init__()
        self._desk, self.about = desk, about
        self._id = ConcernId(new_id())
        self.fields = ConcernFields()
        self.fields.restore(typed or {})
        title = about.name if isinstance(about, RaiseAbout) else f"Referral no. {about.number}"
        said = label("It is yours from now on, and is never queued. If there is danger now, 999 comes first.",
                     quiet=True, wrap=True)  # fmt: skip
        confirm = button("Raise the concern", self.save, kind="main", icon="shield-warning",
                         tip="Raise the concern  (Ctrl+Enter)")  # fmt: skip
        head = label(f"A new concern about {title}", size="title", strong=True, wrap=True)
        actions = row(confirm, button("Leave it", self.left.emit, kind="quiet"), None)
        self._there = column(gap=1)
        self.setLayout(column(head, said, self._there, rule(), self.fields, actions, None, gap=3))
        if isinstance(about, RaiseAbout):
            asked, service = ConcernFilter(person_id=about.person_id), desk.services.safeguarding
            desk.tasks.run(self, lambda: service.concerns(asked), self._show_there, lambda _error: True)

    def _show_there(self, rows: list[ConcernRow]) -> None:
        """One that is open already: it may be about the same."""
        for found in rows:
            if found.stage != "decided":
                said = (
                    f"Open already: no. {found.number}, {words.STAGES[found.stage].lower()}, with {found.owner_name}."
                )
                link = LinkLabel("Open it", lambda found=found: self._desk.go.to("safeguarding", found.id))  # type: ignore[misc]
                line = row(label(said, tone="amber", wrap=True), link)
                line.setStretch(0, 1)
                self._there.addLayout(line)

    def start(self) -> None:
        self.fields.form.field("seen_or_said").editor.setFocus()

    def save(self) -> None:
        self.fields.form.clear_problems()
        person = self.about.person_id if isinstance(self.about, RaiseAbout) else None
        referral = self.about.referral_id if isinstance(self.about, OfReferral) else None
        draft = ConcernDraft(self._id, self.fields.facts(), referral, person, self._desk.actor.locality)
        service = self._desk.services.safeguarding
        self._desk.tasks.run(self, lambda: service.raise_concern(draft), self._raised, self._failed)

    def _raised(self, concern: Concern) -> None:
        self._desk.notices.say(f"Raised: concern no. {concern.number}. It is yours until you hand it over.")
        self.raised.emit(concern)

    def _failed(self, error: Exception) -> bool:
        return isinstance(error, BadValue | BadValues) and not self.fields.form.set_problems(error)
