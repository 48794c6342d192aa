"""The end of a contact (E2): advice, referrals, a link to an open referral, or no action with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QRadioButton, QWidget

from coordination.errors import BadValue, BadValues
from coordination.intake import rules
from coordination.intake.model import Advice, Ending, Link, NoAction, ServiceKind
from coordination.intake.triage import Asked
from coordination.people.record import RecordReferral
from coordination.people.responsibility import Whose
from coordination.safeguarding.model import ConcernFacts
from ui.intake import words
from ui.intake.ending_concern import EndingConcern
from ui.intake.referral_block import Clocks, ReferralBlock
from ui.intake.referrals_pane import ReferralsPane
from ui.widgets.basics import Choice, TextArea, column, label
from ui.widgets.chips import SegmentedChoice
from ui.widgets.fields import Form

KINDS = (
    ("advice", "1  Advice"),
    ("referral", "2  Referral"),
    ("linked", "3  About an open one"),
    ("no_action", "4  No action"),
)
NO_ACTION_REASONS = (
    "Wrong number",
    "Call was cut off",
    "Already dealt with",
    "Not for health or social care",
    "Caller withdrew",
    "Test or training",
)


class EndingEditor(QWidget):
    """``ending()`` gives a checked Ending, or None after saying at the fields what is wrong.

    ``asked`` tells what the rules of triage go by, a moment after ``need_changed()``: pure, no database."""

    edited = Signal()
    left_out = Signal(str, object)
    """a referral was left out: its name, and what brings it back"""

    def __init__(self, clock: Clocks, asked: Callable[[], Asked] | None = None) -> None:
        super().__init__()
        self.kind = SegmentedChoice(list(KINDS), "referral", "How it ends")
        self._panes: dict[str, QWidget] = {}  # one above another, one of them shown: a stack is as high as its highest
        self.advice = Form()
        self.advice.add("advice", "Information and advice given", TextArea(3, 10), required=True,
                        help="Recorded as information and advice under the Care Act 2014.")  # fmt: skip
        self.no_action = Form()
        self._reason = Choice([("", "In my own words"), *((said, said) for said in NO_ACTION_REASONS)])
        self.no_action.add("reason_list", "Reason", self._reason)
        self.no_action.add(
            "no_action_reason", "Say more", TextArea(2, 6), help="Needed when no reason is chosen above."
        )
        self.referrals = ReferralsPane(clock, asked)
        self.referrals.before = self.kind.findChildren(QAbstractButton)[-1]
        self.referrals.edited.connect(self.edited)
        self.referrals.left_out.connect(self.left_out)
        self.referrals.wanted.connect(lambda: self.kind.set_value("referral"))
        self.concern = EndingConcern()
        self.referrals.harm_seen.connect(self.concern.say_harm)
        self._kind_before = "referral"
        self._link = QWidget()
        self._radios: list[tuple[QRadioButton, RecordReferral]] = []
        self._link_wrong = label("", tone="red")
        self.link_words = Form()
        self.link_words.add("link_words", "What is new", TextArea(2, 6))
        self._link_list = column(gap=1)
        self._restoring = False
        self._link.setLayout(column(self._link_list, self._link_wrong, self.link_words, None))
        for name in ("advice", "referral", "linked", "no_action"):
            self._panes[name] = self._pane(name)
        self.setLayout(column(self.kind, *self._panes.values(), self.concern, gap=2))
        self.concern.edited.connect(self.edited)
        self.kind.changed.connect(lambda _kind: self._show_pane())
        for form in (self.advice, self.no_action, self.link_words):
            form.edited.connect(lambda _name: self.edited.emit())
        self.set_referrals(())
        self._show_pane()

    def _pane(self, name: str) -> QWidget:
        if name == "referral":
            return self.referrals
        if name == "linked":
            return self._link
        made = QWidget()
        made.setLayout(column(self.advice if name == "advice" else self.no_action, None))
        return made

    def _show_pane(self) -> None:
        kind = str(self.kind.value)
        for name, pane in self._panes.items():
            pane.setVisible(name == kind)
        before, self._kind_before = self._kind_before, kind
        if not self._restoring and (before == "referral") != (kind == "referral"):
            self._take_concern_along(to_referral=kind == "referral")
        self.concern.setVisible(kind != "referral")
        self.edited.emit()

    def _take_concern_along(self, *, to_referral: bool) -> None:
        """E3. Another end, and the concern is still one: it is never left behind with the end that is not taken."""
        raised = next((block for block in self.blocks if block.safeguarding.isChecked()), None)
        here = self.concern.tick
        if to_referral and here.isChecked() and self.blocks:
            block = raised or self.blocks[0]
            block.safeguarding.setChecked(True)
            block.concern.restore(self.concern.fields.raw())
            here.setChecked(False)
        elif not to_referral and raised is not None:
            self.concern.fields.restore(raised.concern.raw())
            here.setChecked(True)
            raised.safeguarding.setChecked(False)

    # ---------------------------------------------------------------- referrals

    @property
    def blocks(self) -> list[ReferralBlock]:
        """The referrals, in the order in which they stand."""
        return self.referrals.blocks

    def add_block(self) -> ReferralBlock:
        return self.referrals.add_block()

    def set_services(self, services: list[ServiceKind]) -> None:
        self.referrals.set_services(services)

    def set_colleagues(self, colleagues: Sequence[tuple[str, str]]) -> None:
        """User name and name of those whom a referral can be given to."""
        self.referrals.set_colleagues(colleagues)

    def set_whose(self, whose: Whose | None) -> None:
        """P2. Who is responsible for the person it is about."""
        self.referrals.set_whose(whose)

    def need_changed(self) -> None:
        """Something that the rules of triage go by has changed."""
        self.referrals.need_changed()

    def suggest(self) -> None:
        self.referrals.suggest()

    def take(self) -> None:
        """Fill in what is suggested."""
        self.referrals.take()

    def another(self) -> None:
        """One more service for the same call."""
        self.referrals.another()

    def raise_concern(self) -> None:
        """E3. It is a safeguarding concern, however the contact ends."""
        if self.kind.value == "referral":
            self.referrals.raise_concern()
        else:
            self.concern.raise_it()

    @property
    def concern_facts(self) -> ConcernFacts | None:
        """Of a concern that no referral carries."""
        return None if self.kind.value == "referral" else self.concern.facts

    # ---------------------------------------------------------------- linking

    def set_referrals(self, referrals: Sequence[RecordReferral]) -> None:
        """The open referrals of the person that it may be about."""
        chosen = self.linked
        while self._link_list.count():
            item = self._link_list.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        self._radios = []
        for found in referrals:
            radio = QRadioButton(f"No. {found.number}  {found.service_name}, {words.STATES[found.state].lower()}")
            radio.setChecked(chosen is not None and chosen.id == found.id)
            radio.toggled.connect(lambda _on: self.edited.emit())
            self._radios.append((radio, found))
            self._link_list.addWidget(radio)
        if not referrals:
            self._link_list.addWidget(label("This person has no open referral.", quiet=True))

    @property
    def linked(self) -> RecordReferral | None:
        return next((found for radio, found in self._radios if radio.isChecked()), None)

    def link_to(self, found: RecordReferral) -> None:
        """It is about this open referral."""
        for radio, each in self._radios:
            radio.setChecked(each.id == found.id)
        self.kind.set_value("linked")

    # ---------------------------------------------------------------- the result

    def ending(self) -> Ending | None:
        """Checked, apart from the need, which is the contact's. None when something is missing: the fields say what."""
        self.clear_problems()
        kind = self.kind.value
        if kind == "advice":
            return self._checked(Advice(str(self.advice.value("advice"))), self.advice)
        if kind == "no_action":
            said = " ".join(p for p in (str(self._reason.value or ""), self.no_action.value("no_action_reason")) if p)
            return self._checked(NoAction(said), self.no_action)
        if kind == "linked":
            if self.linked is None:
                self._link_wrong.setText("Choose the referral that it belongs to.")
                return None
            link = Link(self.linked.id, str(self.link_words.value("link_words")))
            return self._checked(link, self.link_words)
        return self.referrals.drafts()

    @staticmethod
    def _checked(ending: Ending, form: Form) -> Ending | None:
        try:
            return rules.check_ending(ending, "-")
        except BadValues as bad:
            form.set_problems(bad)
            return None

    def set_problems(self, problems: list[BadValue]) -> list[BadValue]:
        """What the service found; gives back what is of no field here."""
        left = BadValues(tuple(problems))
        for part in self._parts:
            if left.problems:
                left = BadValues(tuple(part.set_problems(left)))
        return list(left.problems)

    def clear_problems(self) -> None:
        self._link_wrong.setText("")
        for part in self._parts:
            part.clear_problems()

    @property
    def _parts(self) -> list[Form | ReferralBlock]:
        """Everything that marks its own fields."""
        return [self.advice, self.no_action, self.link_words, self.concern.fields.form, *self.blocks]

    @property
    def is_empty(self) -> bool:
        typed = [self.advice.value("advice"), self.no_action.value("no_action_reason"), self._reason.value]
        typed += [self.link_words.value("link_words")]
        return not any(typed) and self.concern.facts is None and self.referrals.is_empty

    def raw(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "advice": self.advice.value("advice"),
            "reason_list": self._reason.value,
            "no_action_reason": self.no_action.value("no_action_reason"),
            "link_words": self.link_words.value("link_words"),
            "linked": self.linked,
            "blocks": self.referrals.raw(),
            "concern": self.concern.raw(),
        }

    def restore(self, raw: dict[str, Any]) -> None:
        """Put back what ``raw`` gave; empty begins anew."""
        self._restoring = True
        try:
            self._restore(raw)
        finally:
            self._restoring = False

    def _restore(self, raw: dict[str, Any]) -> None:
        self.clear_problems()
        self.concern.restore(raw.get("concern") or {})
        self.advice.field("advice").set_value(raw.get("advice", ""))
        self._reason.set_value(raw.get("reason_list") or "")
        self.no_action.field("no_action_reason").set_value(raw.get("no_action_reason", ""))
        self.link_words.field("link_words").set_value(raw.get("link_words", ""))
        self.referrals.restore(raw.get("blocks") or [])
        linked = raw.get("linked")
        self.set_referrals([linked] if linked else [])
        if linked:
            self.link_to(linked)
        self.kind.set_value(raw.get("kind", "referral"))
        self.suggest()

    def say_due(self) -> None:
        """The clock has moved on, or the contact was received at another time."""
        self.referrals.say_due()
