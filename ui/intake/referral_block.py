"""One referral of a contact: what for, how urgent, who has it, and why; due time and place in words (E3, P2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from coordination.errors import BadValue, BadValues
from coordination.intake import rules
from coordination.intake.model import ReferralDraft, ServiceKind, Suggestion
from coordination.people.responsibility import Whose
from coordination.safeguarding.model import ConcernId
from coordination.values import ReferralId, UserName, new_id
from ui import wording
from ui.intake import words
from ui.intake.concern_fields import ConcernFields
from ui.intake.suggesting import Route
from ui.intake.suggestion_list import SuggestionList
from ui.people import responsible
from ui.widgets.basics import Choice, TextArea, column, icon_button, label, row, rule, set_tone
from ui.widgets.fields import Field, Form
from ui.widgets.tips import plain_tip

Clocks = Callable[[], tuple[datetime, datetime]]
"""the time now, and when the contact was received"""
QUEUE, ME = "", "me"
URGENT_ENOUGH = ("two_hours", "same_day")


class ReferralBlock(QWidget):
    """Two lines, and a third in words. More shows only where it is needed: a colleague's reason, a concern, who is
    responsible elsewhere."""

    edited = Signal()

    def __init__(self, services: Sequence[ServiceKind], clock: Clocks, remove: Callable[[QWidget], object]):
        super().__init__()
        self.id = ReferralId(new_id())
        self.concern_id = ConcernId(new_id())
        self._clock = clock
        self._sides = {kind.code: kind.side for kind in services}
        self._whose: Whose | None = None
        self._said: tuple[Suggestion, ...] = ()
        self._taken: set[str] = set()
        self._taken_reason = ""
        self._before: tuple[Any, Any] | None = None  # who had it and how urgent, before it was a concern
        self._make_fields(services)
        self.suggestions = SuggestionList({kind.code: kind.name for kind in services}, self.take)
        self.remove = icon_button("x", "Leave this one out", lambda: remove(self))
        self._lay_out()
        for form in (self.form, self.more):
            form.edited.connect(lambda _name: self._changed())
        self.concern.edited.connect(self.edited)
        self.safeguarding.toggled.connect(self._concern)
        self.say_due()

    def _make_fields(self, services: Sequence[ServiceKind]) -> None:
        self.service = Choice([(kind.code, kind.name) for kind in services], prompt="Refer to")
        self.urgency = Choice(list(words.URGENCIES.items()), prompt="How urgent")
        self.who = Choice([(QUEUE, "Left in the queue"), (ME, "I deal with it")])
        self.form = Form(columns=12)
        self.form.add("service", "Refer to", self.service, required=True, span=5)
        self.form.add("urgency", "Urgency", self.urgency, required=True, span=3)
        self.form.add("give_to", "Who has it", self.who, span=4)
        self.form.add("urgency_reason", "Why that urgent", TextArea(1, 6, "Why that urgent"), required=True, span=12)
        self.more = Form()
        self.more.add("give_reason", "Why they", TextArea(1, 4, "Why they: they will read it"))
        outside = TextArea(1, 4, "Why it is referred here all the same")
        self.more.add("outside_reason", "Why here all the same", outside)
        for form in (self.form, self.more):
            for field in form.fields.values():
                _bare(field)
        for choice in (self.service, self.urgency, self.who):
            choice.setSizeAdjustPolicy(choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            choice.setMinimumContentsLength(8)
            choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.safeguarding = QCheckBox("Safeguarding concern")
        self.safeguarding.setToolTip("Opens a path of its own, which is yours  (F8)")
        self.concern = ConcernFields(short=True)
        self._due = label("", quiet=True, wrap=True)
        self._goes = ""
        self._whom = label("", tone="amber", wrap=True, selectable=True)
        self._note = label("", tone="amber", wrap=True)

    def _lay_out(self) -> None:
        top = row(self.form, self.remove, gap=2)
        top.setStretch(0, 1)
        top.setAlignment(self.remove, Qt.AlignmentFlag.AlignTop)
        said = row(self._due, self.safeguarding, gap=4)
        said.setStretch(0, 1)
        self._apart = rule()
        parts = (self._apart, self.suggestions, top, self.more, said, self._whom, self._note, self.concern)
        self.setLayout(column(*parts, gap=1.5))
        for hidden in (self._apart, self._whom, self._note, self.concern):
            hidden.hide()
        self._show_more()

    # ---------------------------------------------------------------- what it shows

    def tab_stops(self) -> list[QWidget]:
        """In the order in which they are read."""
        forms = (self.form, self.more, self.concern.form)
        first, more, concern = ([field.editor for field in form.fields.values()] for form in forms)
        return [*first, *more, self.safeguarding, *concern, self.remove]

    def set_apart(self, apart: bool) -> None:
        """A line above, where another stands before it."""
        self._apart.setVisible(apart)

    def set_services(self, services: Sequence[ServiceKind]) -> None:
        """What can be chosen; what is chosen stays, also when it is not among these."""
        chosen = self.service.value
        self._sides = {kind.code: kind.side for kind in services}
        self.service.set_items([(kind.code, kind.name) for kind in services])
        self.suggestions.set_names({kind.code: kind.name for kind in services})
        self._choose_service(chosen)

    def _choose_service(self, code: str | None) -> None:
        """A draft may come before the list does, or name a service that there is no more: it is not forgotten."""
        if code and self.service.findData(code) < 0:
            self.service.addItem(wording.words(code), code)
        self.service.set_value(code)

    def set_colleagues(self, colleagues: Sequence[tuple[str, str]]) -> None:
        """User name and name of those whom it can be given to."""
        self.who.set_items([(QUEUE, "Left in the queue"), (ME, "I deal with it"), *colleagues])

    def set_whose(self, whose: Whose | None) -> None:
        """P2. Who is responsible for the person; None while nobody is chosen."""
        self._whose = whose
        self._show_place()
        self.say_due()

    def offer(self, routes: Sequence[Route], said: Sequence[Suggestion]) -> None:
        """What the rules suggest for this one, and all that they said, which is kept with it."""
        self._said = tuple(said)
        self.suggestions.show_routes(routes, str(self.service.value or ""), str(self.urgency.value or ""))

    def take(self, route: Route | None = None) -> None:
        """Fill in what is suggested: by a human, by key or button. A reason in somebody's own words stays."""
        route = route or self.suggestions.next_to_take()
        if route is None:
            return
        self.service.set_value(route.first.service)
        self.urgency.set_value(route.first.urgency)
        reason = self.form.field("urgency_reason")
        if reason.value in ("", self._taken_reason):
            reason.set_value(route.reason)
        self._taken_reason = route.reason
        self._taken = {route.first.rule}
        self.form.clear_problems()
        self._changed()

    def _changed(self) -> None:
        self._show_more()
        self._show_place()
        self.say_due()
        self.edited.emit()

    def _show_more(self) -> None:
        self.more.field("give_reason").setVisible(self.given_to is not None)
        self.more.setVisible(self.given_to is not None or self._is_elsewhere)

    def _show_place(self) -> None:
        service = str(self.service.value or "")
        place, whom = "", ""
        if self._whose is not None and service:
            place, whom = responsible.field_words(self._sides.get(service, "both"), self._whose)
        self._goes = place
        self._whom.setText(f"Nobody in the city is responsible. Contact {whom}." if self._is_elsewhere else whom)
        self._whom.setVisible(bool(self._whom.text()))
        self.more.field("outside_reason").setVisible(self._is_elsewhere)
        self._show_more()

    @property
    def _is_elsewhere(self) -> bool:
        service = str(self.service.value or "")
        return bool(self._whose and service and self._whose.of(self._sides.get(service, "both")).elsewhere)

    def say_due(self) -> None:
        """The due time in words, by the clock of now, and where it goes."""
        urgency = str(self.urgency.value or "")
        if not urgency:
            self._due.setText(self._goes)
            return
        now, received = self._clock()
        due = rules.due_at(urgency, received)
        self._due.setText(f"Due {words.due(due, now)}. {self._goes}".strip())
        set_tone(self._due, "red" if due < now else "")

    def _concern(self, on: bool) -> None:
        """E3: a concern is never just queued: whoever raises it has it, and it is for today."""
        if on:
            self._before = (self.who.value, self.urgency.value)
            self.who.set_value(ME if self.who.value == QUEUE else self.who.value)
            self.urgency.set_value(self.urgency.value if self.urgency.value in URGENT_ENOUGH else "same_day")
        elif self._before is not None and (self.who.value, self.urgency.value) == (ME, "same_day"):
            self.who.set_value(self._before[0])  # ticked by mistake: as it was
            self.urgency.set_value(self._before[1])
        self._note.setText("A safeguarding concern is never just queued: it is yours until you hand it over.")
        self._note.setVisible(on)
        self.concern.setVisible(on)
        self._changed()

    # ---------------------------------------------------------------- what it holds

    @property
    def given_to(self) -> UserName | None:
        """The colleague who gets it."""
        chosen = str(self.who.value or QUEUE)
        return UserName(chosen) if chosen not in (QUEUE, ME) else None

    def draft(self) -> ReferralDraft:
        concern = self.safeguarding.isChecked()
        whom = self._whom.text().removeprefix("Nobody in the city is responsible. Contact ").removesuffix(".")
        return ReferralDraft(
            self.id,
            str(self.service.value or ""),
            str(self.urgency.value or ""),
            str(self.form.value("urgency_reason")),
            safeguarding=concern,
            hold=self.who.value == ME,
            give_to=self.given_to,
            give_reason=str(self.more.value("give_reason")) if self.given_to else "",
            concern=self.concern.facts() if concern else None,
            concern_id=self.concern_id if concern else None,
            suggestions=self.kept(),
            outside_reason=str(self.more.value("outside_reason")) if self._is_elsewhere else "",
            outside_whom=whom if self._is_elsewhere else "",
        )

    def kept(self) -> tuple[Suggestion, ...]:
        """What the rules said, with what of it a human took."""
        return tuple(
            Suggestion(s.rule, s.version, s.service, s.urgency, s.reason, taken=self._was_taken(s)) for s in self._said
        )

    def _was_taken(self, made: Suggestion) -> bool:
        if made.safeguarding:
            return self.safeguarding.isChecked()
        return made.rule in self._taken and made.service == self.service.value

    def problems(self) -> BadValues | None:
        """What only this screen asks for; None when nothing is missing."""
        found = []
        if self.safeguarding.isChecked() and self.who.value == QUEUE:
            found.append(BadValue("give_to", "concern_needs_owner"))
        if self._is_elsewhere and not self.more.value("outside_reason"):
            found.append(BadValue("outside_reason", "missing"))
        return BadValues(tuple(found)) if found else None

    def set_problems(self, bad: BadValues) -> list[BadValue]:
        """Mark the fields; gives back what is of none of them."""
        left: list[BadValue] = list(bad.problems)
        for form in (self.concern.form, self.more, self.form):
            left = form.set_problems(BadValues(tuple(left))) if left else left
        return left

    def clear_problems(self) -> None:
        for form in (self.form, self.more, self.concern.form):
            form.clear_problems()

    def raw(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "concern_id": self.concern_id,
            "service": self.service.value,
            "urgency": self.urgency.value,
            "reason": self.form.value("urgency_reason"),
            "safeguarding": self.safeguarding.isChecked(),
            "who": self.who.value,
            "give_reason": self.more.value("give_reason"),
            "outside_reason": self.more.value("outside_reason"),
            "concern": self.concern.raw(),
            "taken": sorted(self._taken),
        }

    def restore(self, raw: dict[str, Any]) -> None:
        self.id = raw["id"]
        self.concern_id = raw.get("concern_id") or self.concern_id
        self._choose_service(raw["service"])
        self.urgency.set_value(raw["urgency"] or None)
        self.safeguarding.setChecked(raw["safeguarding"])
        who = raw.get("who", ME if raw.get("hold") else QUEUE) or QUEUE
        if who not in (QUEUE, ME) and self.who.findData(who) < 0:  # the list of colleagues is still to come
            self.who.addItem(str(who), who)
        self.who.set_value(who)
        self.form.field("urgency_reason").set_value(raw["reason"])
        self.more.set_values(
            {"give_reason": raw.get("give_reason", ""), "outside_reason": raw.get("outside_reason", "")}
        )
        self.concern.restore(raw.get("concern") or {})
        self._taken = set(raw.get("taken", ()))
        self._show_more()
        self._show_place()
        self.say_due()

    @property
    def is_empty(self) -> bool:
        return not (self.service.value or self.urgency.value or self.form.value("urgency_reason"))

    @property
    def title(self) -> str:
        return self.service.currentText() if self.service.value else "Referral"


def _bare(field: Field) -> None:
    """Without the line above: what the field is for stands in it, and is read out."""
    field.caption.hide()
    if field._mark is not None:
        field._mark.hide()
    field.editor.setToolTip(plain_tip(field.caption.text()))
