"""One concern as one form: its path on top, what was said, what was found, who was told, the decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.clock import LONDON, local_date
from coordination.errors import BadValue, BadValues
from coordination.safeguarding.model import ConcernDetail, DecisionKind, LookedInto, ToldDraft
from coordination.values import new_id
from ui import wording
from ui.intake.concern_fields import DANGERS
from ui.safeguarding import words
from ui.safeguarding.path import Path
from ui.style import theme
from ui.widgets.basics import Choice, LinkLabel, TextArea, button, column, label, row
from ui.widgets.dates import TimeEdit
from ui.widgets.fields import Form
from ui.widgets.panels import Facts, Section

Go = Callable[[str, object], object]


class Deeds(Protocol):
    """What the view asks of the page."""

    def save(self) -> None: ...
    def tell(self) -> None: ...
    def decide(self) -> None: ...


class ConcernView(QWidget):
    """``edited``: something is typed that is not saved. Built anew for each state; what is typed is carried over."""

    edited = Signal()

    def __init__(
        self, detail: ConcernDetail, decisions: Sequence[DecisionKind], now: datetime, me: str, go: Go, deeds: Deeds
    ) -> None:
        super().__init__()
        self.detail, self._me, self._now, self._go = detail, me, now, go
        self._decisions = decisions
        self.told_id = new_id()
        parts = [self._path(), self._about(), self._said(), self._looked_into(deeds), self._told(deeds)]
        parts += [self._decision(deeds), self._history()]
        self.setLayout(column(*parts, None, gap=4))
        self.dirty = False
        self.looked.edited.connect(lambda _name: self._was_edited())

    @property
    def mine(self) -> bool:
        return self.detail.concern.owner == self._me

    def _was_edited(self) -> None:
        self.dirty = True
        self._save.setEnabled(True)
        self.edited.emit()

    # ---------------------------------------------------------------- what is known

    def _path(self) -> QWidget:
        concern = self.detail.concern
        looking = next((e for e in self.detail.events if e.to_stage == "looking"), None)
        steps = [
            ("Raised", wording.near_time(concern.raised_at, self._now)),
            ("Looked into", wording.near_time(looking.at, self._now) if looking else ""),
            ("Decided", wording.near_time(concern.decided_at, self._now) if concern.decided_at else ""),
        ]
        return Path(steps, {"raised": 0, "looking": 1, "decided": 2}[concern.stage])

    def _about(self) -> QWidget:
        detail, concern = self.detail, self.detail.concern
        links: list[QWidget] = []
        contact = detail.contact
        if concern.person_id is not None:
            links.append(LinkLabel("Open the record", lambda: self._go("person", concern.person_id)))
        if concern.referral_id is not None:
            said = f"Referral no. {detail.referral_number}" if detail.referral_number else "The referral"
            links.append(LinkLabel(said, lambda: self._go("queue", concern.referral_id)))
        born = wording.born(detail.birth_date, local_date(self._now)) if detail.surname else ""
        owner = "You" if self.mine else concern.owner_name
        since = wording.near_time(concern.owner_since, self._now)
        who = label(words.person(detail), size="title", strong=True, wrap=True, selectable=True)
        facts: list[tuple[str, object | None]] = [("Who has it", f"{owner}, since {since}")]
        if born:
            facts.insert(0, ("Born", born))
        if contact is not None:
            facts += [("Raised in", words.of_contact(contact, self._now)), ("Who called", words.caller(contact))]
            facts += [("Said to be", contact.said_to_be)] if contact.said_to_be else []
        made = QWidget()
        made.setLayout(column(who, row(*links, None, gap=2) if links else row(), Facts(facts), gap=1.5))
        return made

    def _said(self) -> QWidget:
        concern = self.detail.concern
        said = label(concern.seen_or_said, wrap=True, selectable=True)
        by = label(f"Raised by {concern.raised_by_name}", quiet=True, size="small")
        return Section("What was seen or said", content=_column(said, by))

    def _looked_into(self, deeds: Deeds) -> QWidget:
        concern, self.looked = self.detail.concern, Form()
        self.danger = Choice(DANGERS)
        self.looked.add("danger", "In danger now", self.danger)
        self.looked.add("made_safe", "What was done to make them safe", TextArea(1, 6))
        self.looked.add("consent", "What they know, want and can decide", TextArea(2, 8))
        self.looked.add("found", "What was found", TextArea(3, 14))
        self.looked.set_values(
            {
                "danger": concern.danger,
                "made_safe": concern.made_safe,
                "consent": concern.consent,
                "found": concern.found,
            }
        )
        self._save = button("Save", deeds.save, icon="floppy-disk", tip="Save what is written  (Ctrl+S)")
        self._save.setEnabled(False)
        section = Section("Looking into it", self._save, content=self.looked)
        self.looked.setEnabled(not concern.is_decided)
        return section

    def _told(self, deeds: Deeds) -> QWidget:
        section = Section("Who was told")
        for told in self.detail.told:
            when = wording.near_time(told.told_at, self._now)
            line = f"{told.name}, {told.role}"
            section.add(label(line, wrap=True, selectable=True))
            quiet = f"{words.HOWS[told.how]}, {when}. Written down by {told.recorded_by_name}."
            section.add(label(quiet, quiet=True, size="small", wrap=True))
        if not self.detail.told:
            section.add(label("Nobody yet. It cannot be decided before somebody was told.", tone="amber", wrap=True))
        self.telling = Form(columns=2)
        self.telling.add("name", "Name", QLineEdit())
        self.telling.add("role", "What they are, and where", QLineEdit())
        self.telling.add("how", "How", Choice(list(words.HOWS.items())))
        at = TimeEdit()
        at.setPlaceholderText("now")
        self.telling.add("told_at", "At, today", at)
        section.add(self.telling)
        section.add(_line(button("Add who was told", deeds.tell, icon="plus", tip="Add who was told"), None))
        return section

    def _decision(self, deeds: Deeds) -> QWidget:
        concern = self.detail.concern
        self.deciding = Form()
        if concern.is_decided:
            facts = Facts(
                [
                    ("Decided", concern.decision_name),
                    ("Because", concern.decision_words),
                    ("By", f"{concern.decided_by_name}, {wording.near_time(concern.decided_at, self._now)}")
                    if concern.decided_at
                    else ("By", None),
                ]
            )
            return Section("Decision", content=facts)
        section = Section("Decision")
        choices = [(kind.code, kind.name) for kind in self._decisions]
        self.deciding.add("decision", "What is decided", Choice(choices, prompt="Choose"), required=True)
        self.deciding.add("decision_words", "Why, and what happens next", TextArea(2, 8), required=True)
        why_not = "" if self.mine else f"{concern.owner_name} has it. Take it over to decide it."
        why_not = why_not or ("" if self.detail.told else "First write down who was told.")
        self.decide = button("Decide", deeds.decide, kind="main", icon="check", tip="Decide  (Ctrl+Enter)")
        self.decide.setEnabled(not why_not)
        section.add(self.deciding)
        section.add(_line(self.decide, label(why_not, quiet=True, wrap=True), None))
        return section

    def _history(self) -> QWidget:
        section, before = Section("What happened"), None
        for entry in self.detail.events:
            said = f"{wording.near_time(entry.at, self._now)}  {words.event(entry, before)}"
            section.add(label(said, wrap=True, selectable=True))
            if entry.reason and before is not None:
                section.add(label(f"“{entry.reason}”", quiet=True, wrap=True, selectable=True))
            before = entry
        return section

    # ---------------------------------------------------------------- what is typed

    def looked_into(self) -> LookedInto:
        return LookedInto(**{name: str(value or "") for name, value in self.looked.values().items()})

    def told_draft(self) -> ToldDraft:
        """Raises BadValues for a time that is none."""
        values = self.telling.values()
        at = values["told_at"]
        told_at = datetime.combine(local_date(self._now), at, LONDON) if at is not None else None
        return ToldDraft(self.told_id, values["name"], values["role"], str(values["how"] or ""), told_at)

    def decision(self) -> tuple[str, str]:
        return str(self.deciding.value("decision") or ""), str(self.deciding.value("decision_words"))

    def set_problems(self, error: BadValue | BadValues) -> list[BadValue]:
        bad = error if isinstance(error, BadValues) else BadValues((error,))
        left = list(bad.problems)
        for form in (self.deciding, self.telling, self.looked):
            left = form.set_problems(BadValues(tuple(left))) if left else left
        return left

    def raw(self) -> dict[str, Any]:
        """What is typed and not saved, to be carried over when the concern is read again."""
        forms = {"telling": self.telling, "deciding": self.deciding}
        kept: dict[str, Any] = {
            name: {n: _typed(f.editor) for n, f in form.fields.items()} for name, form in forms.items()
        }
        if self.dirty:
            kept["looked"] = {name: field.value for name, field in self.looked.fields.items()}
        kept["told_id"] = self.told_id
        return kept

    def restore(self, raw: dict[str, Any]) -> None:
        self.told_id = raw.get("told_id", self.told_id)
        for name, form in (("telling", self.telling), ("deciding", self.deciding)):
            for field, value in raw.get(name, {}).items():
                if field in form.fields and value not in (None, ""):
                    _put(form.fields[field].editor, value)
        if raw.get("looked"):
            self.looked.set_values(raw["looked"])
            self._was_edited()

    def go_to_told(self) -> None:
        self.telling.field("name").editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_to_decision(self) -> None:
        if self.deciding.fields:
            self.deciding.field("decision").editor.setFocus(Qt.FocusReason.OtherFocusReason)


def _typed(editor: QWidget) -> Any:
    if isinstance(editor, QLineEdit):
        return editor.text()
    return editor.value  # type: ignore[attr-defined]


def _put(editor: QWidget, value: Any) -> None:
    if isinstance(editor, QLineEdit):
        editor.setText(str(value))
    else:
        editor.set_value(value)  # type: ignore[attr-defined]


def _column(*parts: QWidget) -> QWidget:
    made = QWidget()
    made.setLayout(column(*parts, gap=1))
    return made


def _line(*parts: QWidget | None) -> QWidget:
    made = QWidget()
    made.setLayout(row(*parts, gap=2))
    made.setMinimumHeight(theme.px(34))
    return made
