"""The referrals of a contact: one block a need, what the rules suggest for each, and what comes before any referral."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QWidget
from shiboken6 import isValid

from coordination.errors import BadValue, BadValues
from coordination.intake import rules, triage
from coordination.intake.model import Refer, ServiceKind, Suggestion
from coordination.intake.triage import Asked
from coordination.intake.triage_file import BadTriageFile
from coordination.intake.triage_file import rules as triage_rules
from coordination.people.responsibility import Whose
from ui.intake.referral_block import Clocks, ReferralBlock
from ui.intake.suggesting import fault_words, routes
from ui.widgets.basics import button, column, label, row

WAIT_MS = 200


class ReferralsPane(QWidget):
    """``asked`` tells what the rules of triage go by, a moment after ``need_changed()``: pure, no database.

    ``wanted`` is emitted when a referral is asked for while the contact ends in another way."""

    edited = Signal()
    wanted = Signal()
    harm_seen = Signal(str)
    """what the rules see of a safeguarding concern, in words; empty when they see nothing"""
    left_out = Signal(str, object)
    """a referral was left out: its name, and what brings it back"""

    def __init__(self, clock: Clocks, asked: Callable[[], Asked] | None = None) -> None:
        super().__init__()
        self._clock, self._asked = clock, asked
        self.blocks: list[ReferralBlock] = []
        self._services: list[ServiceKind] = []
        self._said: tuple[Suggestion, ...] = ()
        self._harm_shown = False
        self.before: QWidget | None = None  # what Tab comes from
        self._whose: Whose | None = None
        self._colleagues: list[tuple[str, str]] = []
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._wait.timeout.connect(self.suggest)
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
        self.setLayout(column(self._first, self._harm_line, self._blocks, row(self._add, None), None, gap=1.5))

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
        self.wanted.emit()
        made = self.add_block()
        self._offer()
        self._go_to(made, made.service)
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
        self.put_tab_stops()

    def put_tab_stops(self) -> None:
        """Tab goes as one reads: through all referrals, then to what is more."""
        stops: list[QWidget] = [self.before] if self.before is not None else []
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
        said = f"May be a safeguarding concern – {'; '.join(harm)}"
        self._harm.setText(said)
        self._harm_shown = bool(harm)
        self.harm_seen.emit(said if harm else "")
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
        block = self._in_hand()
        if block is not None and block.suggestions.next_to_take() is not None:
            self.wanted.emit()
            block.take()

    def raise_concern(self) -> None:
        """E3. A human says that it is a safeguarding concern."""
        self.wanted.emit()
        block = self._in_hand() or (self.blocks[0] if self.blocks else None)
        if block is not None:
            block.safeguarding.setChecked(True)
            self._go_to(block, block.concern.danger)

    def _in_hand(self) -> ReferralBlock | None:
        focus = self.focusWidget()
        inside = next((block for block in self.blocks if focus is not None and block.isAncestorOf(focus)), None)
        without = next((block for block in self.blocks if not block.service.value), None)
        return inside or without or (self.blocks[0] if self.blocks else None)

    def _go_to(self, block: ReferralBlock, editor: QWidget) -> None:
        """Put the cursor there, and all of the block into sight as soon as it has its place."""
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        above: QWidget | None = self
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None:
            area = above
            QTimer.singleShot(0, area, lambda: area.ensureWidgetVisible(block) if isValid(block) else None)

    # ---------------------------------------------------------------- the result

    def drafts(self) -> Refer | None:
        """Checked; None when something is missing: the fields say what."""
        self.suggest()
        found = []
        for block in reversed(self.blocks):  # so that the first that is wrong gets the cursor last
            # Each by itself, so that what is wrong is said at its own fields.
            found += [block.draft()] if self._checked(block) else []
        return Refer(tuple(reversed(found))) if len(found) == len(self.blocks) else None

    @staticmethod
    def _checked(block: ReferralBlock) -> bool:
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

    @property
    def is_empty(self) -> bool:
        return all(block.is_empty for block in self.blocks)

    def raw(self) -> list[dict[str, Any]]:
        return [block.raw() for block in self.blocks]

    def restore(self, raw: Sequence[dict[str, Any] | None]) -> None:
        """Put back what ``raw`` gave; empty begins anew."""
        for block in self.blocks:
            block.hide()
            block.deleteLater()
        self.blocks = []
        for one in raw or [None]:
            block = self.add_block()
            if one is not None:
                block.restore(one)

    def say_due(self) -> None:
        """The clock has moved on, or the contact was received at another time."""
        for block in self.blocks:
            block.say_due()
        self.need_changed()
