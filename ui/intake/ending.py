"""The end of a contact (E2): advice, referrals, a link to an open referral, or no action with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QRadioButton, QStackedWidget, QWidget

from coordination.errors import BadValue, BadValues
from coordination.intake import rules
from coordination.intake.model import Advice, Ending, Link, NoAction, Refer, ServiceKind
from coordination.people.model import RecordReferral
from ui.intake import words
from ui.intake.referral_block import Clocks, ReferralBlock
from ui.widgets.basics import Choice, TextArea, button, column, label, row, rule
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
    """``ending()`` gives a checked Ending, or None after saying at the fields what is wrong."""

    edited = Signal()

    def __init__(self, clock: Clocks) -> None:
        super().__init__()
        self._clock = clock
        self._services: list[ServiceKind] = []
        self.blocks: list[ReferralBlock] = []
        self.kind = SegmentedChoice(list(KINDS), "referral", "How it ends")
        self._panes = QStackedWidget()
        self.advice = Form()
        self.advice.add("advice", "Information and advice given", TextArea(3, 10), required=True,
                        help="Recorded as information and advice under the Care Act 2014.")  # fmt: skip
        self.no_action = Form()
        self._reason = Choice([("", "In my own words"), *((said, said) for said in NO_ACTION_REASONS)])
        self.no_action.add("reason_list", "Reason", self._reason)
        self.no_action.add(
            "no_action_reason", "Say more", TextArea(2, 6), help="Needed when no reason is chosen above."
        )
        self._refer = QWidget()
        self._add = button("Another service as well", self.add_block, kind="quiet", icon="plus")
        self._blocks = column(row(self._add, None), None, gap=3)
        self._refer.setLayout(self._blocks)
        self._link = QWidget()
        self._radios: list[tuple[QRadioButton, RecordReferral]] = []
        self._link_wrong = label("", tone="red")
        self.link_words = Form()
        self.link_words.add("link_words", "What is new", TextArea(2, 6))
        self._link_list = column(gap=1)
        self._link.setLayout(column(self._link_list, self._link_wrong, self.link_words, None))
        for name in ("advice", "referral", "linked", "no_action"):
            self._panes.addWidget(self._pane(name))
        self.setLayout(column(label("How it ends", strong=True), self.kind, self._panes, gap=3))
        self.kind.changed.connect(lambda _kind: self._show_pane())
        for form in (self.advice, self.no_action, self.link_words):
            form.edited.connect(lambda _name: self.edited.emit())
        self.set_referrals(())
        self._show_pane()

    def _pane(self, name: str) -> QWidget:
        if name == "referral":
            return self._refer
        if name == "linked":
            return self._link
        made = QWidget()
        made.setLayout(column(self.advice if name == "advice" else self.no_action, None))
        return made

    def _show_pane(self) -> None:
        names = [code for code, _said in KINDS]
        self._panes.setCurrentIndex(names.index(str(self.kind.value)))
        self.edited.emit()

    # ---------------------------------------------------------------- referrals

    def set_services(self, services: list[ServiceKind]) -> None:
        self._services = services
        for block in self.blocks:
            block.set_services(services)
        if not self.blocks:
            self.add_block()

    def add_block(self) -> ReferralBlock:
        made = ReferralBlock(self._services, self._clock, self.remove_block)
        made.edited.connect(self.edited)
        if self.blocks:
            made.layout().insertWidget(0, rule())  # type: ignore[attr-defined]
        self.blocks.append(made)
        self._blocks.insertWidget(len(self.blocks) - 1, made)
        self._show_removal()
        return made

    def remove_block(self, block: QWidget) -> None:
        if len(self.blocks) > 1 and block in self.blocks:
            self.blocks.remove(block)  # type: ignore[arg-type]
            block.hide()
            block.deleteLater()
            self._show_removal()
            self.edited.emit()

    def _show_removal(self) -> None:
        for block in self.blocks:
            block.remove.setVisible(len(self.blocks) > 1)

    # ---------------------------------------------------------------- linking

    def set_referrals(self, referrals: Sequence[RecordReferral]) -> None:
        """The open referrals of the person that it may be about."""
        chosen = self.linked
        while self._link_list.count():
            item = self._link_list.takeAt(0)
            if item is not None and item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
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
        drafts = []
        for block in self.blocks:
            # Each by itself, so that what is wrong is said at its own fields.
            found = self._checked(Refer((block.draft(),)), block.form)
            drafts += [block.draft()] if found is not None else []
        return Refer(tuple(drafts)) if len(drafts) == len(self.blocks) else None

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
        forms = [self.advice, self.no_action, self.link_words, *(block.form for block in self.blocks)]
        for form in forms:
            if left.problems:
                left = BadValues(tuple(form.set_problems(left)))
        return list(left.problems)

    def clear_problems(self) -> None:
        self._link_wrong.setText("")
        for form in (self.advice, self.no_action, self.link_words, *(block.form for block in self.blocks)):
            form.clear_problems()

    @property
    def is_empty(self) -> bool:
        typed = [self.advice.value("advice"), self.no_action.value("no_action_reason"), self._reason.value]
        typed += [self.link_words.value("link_words")]
        return not any(typed) and all(block.is_empty for block in self.blocks)

    def raw(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "advice": self.advice.value("advice"),
            "reason_list": self._reason.value,
            "no_action_reason": self.no_action.value("no_action_reason"),
            "link_words": self.link_words.value("link_words"),
            "linked": self.linked,
            "blocks": [block.raw() for block in self.blocks],
        }

    def restore(self, raw: dict[str, Any]) -> None:
        """Put back what ``raw`` gave; empty begins anew."""
        self.clear_problems()
        self.advice.field("advice").set_value(raw.get("advice", ""))
        self._reason.set_value(raw.get("reason_list") or "")
        self.no_action.field("no_action_reason").set_value(raw.get("no_action_reason", ""))
        self.link_words.field("link_words").set_value(raw.get("link_words", ""))
        for block in self.blocks:
            block.hide()
            block.deleteLater()
        self.blocks = []
        for one in raw.get("blocks") or [None]:
            block = self.add_block()
            if one is not None:
                block.restore(one)
        linked = raw.get("linked")
        self.set_referrals([linked] if linked else [])
        if linked:
            self.link_to(linked)
        self.kind.set_value(raw.get("kind", "referral"))

    def say_due(self) -> None:
        """The clock has moved on, or the contact was received at another time."""
        for block in self.blocks:
            block.say_due()
