"""The end of a contact (E2): advice, referrals, a link to an open referral, or no action with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractButton, QRadioButton, QStackedWidget, QWidget

from coordination.errors import BadValue, BadValues
from coordination.intake import rules, triage
from coordination.intake.model import Advice, Ending, Link, NoAction, Refer, ServiceKind, Suggestion
from coordination.intake.triage import Asked
from coordination.intake.triage_file import BadTriageFile
from coordination.intake.triage_file import rules as triage_rules
from coordination.people.model import RecordReferral
from coordination.people.responsibility import Whose
from ui.intake import words
from ui.intake.referral_block import Clocks, ReferralBlock
from ui.intake.suggesting import fault_words, routes
from ui.widgets.basics import Choice, TextArea, button, column, label, row
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


WAIT_MS = 200


class EndingEditor(QWidget):
    """``ending()`` gives a checked Ending, or None after saying at the fields what is wrong.

    ``asked`` tells what the rules of triage go by, a moment after ``need_changed()``: pure, no database."""

    edited = Signal()
    left_out = Signal(str, object)
    """a referral was left out: its name, and what brings it back"""

    def __init__(self, clock: Clocks, asked: Callable[[], Asked] | None = None) -> None:
        super().__init__()
        self._clock, self._asked = clock, asked
        self._said: tuple[Suggestion, ...] = ()
        self._harm_shown = False
        self._whose: Whose | None = None
        self._colleagues: list[tuple[str, str]] = []
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._wait.timeout.connect(self.suggest)
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
        self._add = button("Another service as well", self.another, kind="quiet", icon="plus",
                           tip="Another service as well  (F3)")  # fmt: skip
        self._first = label("", tone="red", strong=True, wrap=True)
        self._harm = label("", tone="amber", wrap=True)
        self._tick = button("Raise it  F8", self.raise_concern, kind="quiet", icon="shield-warning")
        harm = row(self._harm, self._tick, gap=2)
        harm.setStretch(0, 1)
        self._harm_line = QWidget()
        self._harm_line.setLayout(harm)
        self._first.hide()
        self._harm_line.hide()
        self._blocks = column(gap=2)
        blocks = column(self._first, self._harm_line, self._blocks, row(self._add, None), None, gap=1.5)
        self._refer.setLayout(blocks)
        self._link = QWidget()
        self._radios: list[tuple[QRadioButton, RecordReferral]] = []
        self._link_wrong = label("", tone="red")
        self.link_words = Form()
        self.link_words.add("link_words", "What is new", TextArea(2, 6))
        self._link_list = column(gap=1)
        self._link.setLayout(column(self._link_list, self._link_wrong, self.link_words, None))
        for name in ("advice", "referral", "linked", "no_action"):
            self._panes.addWidget(self._pane(name))
        self.setLayout(column(self.kind, self._panes, gap=2))
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

    def set_colleagues(self, colleagues: Sequence[tuple[str, str]]) -> None:
        """User name and name of those whom a referral can be given to."""
        self._colleagues = list(colleagues)
        for block in self.blocks:
            block.set_colleagues(colleagues)

    def set_whose(self, whose: Whose | None) -> None:
        """P2. Who is responsible for the person it is about."""
        self._whose = whose
        for block in self.blocks:
            block.set_whose(whose)

    def another(self) -> None:
        """One more service for the same call, and on to it."""
        self.kind.set_value("referral")
        made = self.add_block()
        self._offer()
        made.service.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def add_block(self, at: int | None = None) -> ReferralBlock:
        made = ReferralBlock(self._services, self._clock, self.remove_block)
        made.set_colleagues(self._colleagues)
        made.set_whose(self._whose)
        made.edited.connect(self._block_edited)
        place = len(self.blocks) if at is None else at
        self.blocks.insert(place, made)
        self._blocks.insertWidget(place, made)
        self._show_removal()
        return made

    def remove_block(self, block: QWidget) -> None:
        """Leave one out; it can be brought back as it was."""
        if len(self.blocks) < 2 or block not in self.blocks:
            return
        place = self.blocks.index(block)
        gone = self.blocks.pop(place)
        raw, empty, title = gone.raw(), gone.is_empty, gone.title
        gone.hide()
        gone.deleteLater()
        self._show_removal()
        self._offer()
        self.edited.emit()
        if not empty:
            self.left_out.emit(title, lambda: self._bring_back(place, raw))

    def _bring_back(self, place: int, raw: dict[str, Any]) -> None:
        if all(block.id != raw["id"] for block in self.blocks):
            self.add_block(min(place, len(self.blocks))).restore(raw)
            self._offer()
            self.edited.emit()

    def _show_removal(self) -> None:
        for number, block in enumerate(self.blocks):
            block.remove.setVisible(len(self.blocks) > 1)
            block.set_apart(number > 0)
        self._put_tab_stops()

    def _put_tab_stops(self) -> None:
        """Tab goes as one reads: from how it ends through all referrals, then to what is more."""
        stops: list[QWidget] = [self.kind.findChildren(QAbstractButton)[-1]]
        for block in self.blocks:
            stops += block.tab_stops()
        for before, after in pairwise([*stops, self._tick, self._add]):
            QWidget.setTabOrder(before, after)

    def _block_edited(self) -> None:
        self._offer()
        self.edited.emit()

    # ---------------------------------------------------------------- what the rules suggest (E3)

    def need_changed(self) -> None:
        """Something that the rules go by has changed: asked again when the typing pauses."""
        self._wait.start()

    def suggest(self) -> None:
        """Ask the rules now."""
        self._wait.stop()
        if self._asked is None:
            return
        try:
            self._said = triage.suggest(self._asked(), triage_rules())
        except BadTriageFile as bad:
            self._said = ()
            self._first.setText(f"Nothing is suggested: the rules cannot be read. {fault_words(bad.faults[0])}.")
            self._first.show()
            return
        first = next((each for each in self._said if each.ask), None)
        harm = [each.reason for each in self._said if each.safeguarding]
        self._first.setText(f"{first.ask} – {first.reason}" if first else "")
        self._first.setVisible(first is not None)
        self._harm.setText(f"May be a safeguarding concern – {'; '.join(harm)}")
        self._harm_shown = bool(harm)
        self._offer()

    def _offer(self) -> None:
        """To each referral what no other one is for."""
        raised = any(block.safeguarding.isChecked() for block in self.blocks)
        self._harm_line.setVisible(self._harm_shown and not raised)
        for number, block in enumerate(self.blocks):
            elsewhere = {other.service.value for other in self.blocks if other is not block}
            said = [
                each
                for each in self._said
                if each.service not in elsewhere and (each.service or number == 0 or block.safeguarding.isChecked())
            ]
            block.offer(routes(said), said)

    def take(self) -> None:
        """Fill in what is suggested: where the cursor is, else the first that has no service yet."""
        if self._wait.isActive():
            self.suggest()
        self.kind.set_value("referral")
        block = self._in_hand()
        if block is not None:
            block.take()

    def raise_concern(self) -> None:
        """E3. A human says that it is a safeguarding concern."""
        self.kind.set_value("referral")
        block = self._in_hand() or (self.blocks[0] if self.blocks else None)
        if block is not None:
            block.safeguarding.setChecked(True)
            block.concern.danger.setFocus(Qt.FocusReason.OtherFocusReason)

    def _in_hand(self) -> ReferralBlock | None:
        focus = self.focusWidget()
        inside = next((block for block in self.blocks if focus is not None and block.isAncestorOf(focus)), None)
        without = next((block for block in self.blocks if not block.service.value), None)
        return inside or without or (self.blocks[0] if self.blocks else None)

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
        self.suggest()
        drafts = []
        for block in reversed(self.blocks):  # so that the first that is wrong gets the cursor last
            # Each by itself, so that what is wrong is said at its own fields.
            found = self._checked_block(block)
            drafts += [block.draft()] if found else []
        return Refer(tuple(reversed(drafts))) if len(drafts) == len(self.blocks) else None

    @staticmethod
    def _checked_block(block: ReferralBlock) -> bool:
        problems: list[BadValue] = []
        try:
            rules.check_ending(Refer((block.draft(),)), "-")
        except BadValues as bad:
            problems += bad.problems
        more = block.problems()
        problems += more.problems if more is not None else ()
        if problems:
            block.set_problems(BadValues(tuple(problems)))
        return not problems

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
        return [self.advice, self.no_action, self.link_words, *self.blocks]

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
        self.suggest()

    def say_due(self) -> None:
        """The clock has moved on, or the contact was received at another time."""
        for block in self.blocks:
            block.say_due()
        self.need_changed()
