"""A handover is answered: accepted, returned, handed back, or withdrawn by who signed it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QPushButton, QWidget
from shiboken6 import isValid

from coordination.duty.model import Answered, HandoverSheet, Wanted
from coordination.errors import BadValue, BadValues
from ui import wording
from ui.commands import Command
from ui.duty.acts import AT_A_DESK
from ui.duty.lines import Line
from ui.duty.shown import HandoverShown
from ui.intake.move_forms import reason_form
from ui.widgets.basics import command_button, row

GROUP = "Handover"
SHORT = {
    "duty.accept": "Accept this",
    "duty.return": "Return this…",
    "duty.withdraw": "Withdraw",
    "duty.print": "Preview",
}


class Answering:
    """Of one page."""

    def __init__(self, page: HandoverShown) -> None:
        self.page = page
        self._answers: list[QPushButton] = []

    def commands(self) -> list[Command]:
        """All of them."""
        return [
            Command("duty.accept", "Accept what is chosen", self.accept_chosen, "A", lambda: self.can_accept, GROUP,
                    "check"),
            Command("duty.accept_all", "Accept all", self.accept_all, "", lambda: self.can_accept, GROUP, "checks"),
            Command("duty.return", "Return it…", self.ask_return, "R", lambda: self.can_return, GROUP,
                    "arrow-u-up-left"),
            Command("duty.withdraw", "Withdraw the handover", self.withdraw, "W", lambda: self.can_withdraw, GROUP,
                    "x"),
            Command("duty.hand_back", "Hand back…", self.ask_hand_back, "H", lambda: bool(self._mine_now()), GROUP,
                    "arrow-u-up-left"),
        ]  # fmt: skip

    @property
    def sheet(self) -> HandoverSheet | None:
        return self.page.sheet

    @property
    def can_accept(self) -> bool:
        found, actor = self.sheet, self.page.desk.actor
        return (
            found is not None
            and found.handover.state == "offered"
            and found.handover.from_user != actor.user_name
            and actor.role in AT_A_DESK
        )

    @property
    def can_return(self) -> bool:
        return self.can_accept and any(line.waits for line in self.page.chosen())

    @property
    def can_withdraw(self) -> bool:
        found, actor = self.sheet, self.page.desk.actor
        if found is None or found.handover.state != "offered":
            return False
        own = actor.user_name in (found.handover.from_user, found.handover.signed_by)
        home = actor.locality.lower() if actor.locality else None
        near = home is None or found.handover.locality in (None, home)
        return own or actor.role == "manager" or (actor.role == "team_lead" and near)

    def _mine_now(self) -> list[UUID]:
        me = self.page.desk.actor.user_name
        return [
            line.item.id
            for line in (self.page.chosen() if self.sheet is not None else [])
            if line.item is not None and line.item.state == "accepted" and line.item.settled_by == me
        ]

    def answers(self, sheet: HandoverSheet) -> list[QWidget]:
        """The buttons of a signed handover, as far as they can be used by this user."""
        by = self.page.by_id
        rows: list[QWidget] = []
        self._answers = []

        def line(*ids: str, kind: str = "") -> None:
            buttons = [
                command_button(by[name], kind=kind if n == 0 else "", words=SHORT.get(name, ""))
                for n, name in enumerate(ids)
            ]
            self._answers += buttons
            holder = QWidget()
            holder.setLayout(row(*buttons, None, gap=2))
            rows.append(holder)

        me = self.page.desk.actor.user_name
        if self.can_accept and sheet.waiting:
            line("duty.accept", "duty.return")
        others = ["duty.withdraw"] if self.can_withdraw else []
        if any(i.state == "accepted" and i.settled_by == me for i in sheet.items):
            others.append("duty.hand_back")
        if self.can_accept:
            line("duty.accept_all", "duty.print", *others, kind="main")
        else:
            line(*others, "duty.print")
        return rows

    def buttons(self) -> list[QPushButton]:
        """Those that are shown now."""
        self._answers = [each for each in self._answers if isValid(each)]
        return self._answers

    def accept_all(self) -> None:
        if self.sheet is not None:
            self._accept([line for line in self.page.model.all_rows if line.waits])

    def accept_chosen(self) -> None:
        rows = [line for line in self.page.chosen() if line.waits]
        if rows:
            self._accept(rows)

    def _accept(self, rows: list[Line]) -> None:
        page, found = self.page, self.sheet
        if found is None or not self.can_accept:
            return
        wanted = tuple(
            Wanted(line.item.id, line.about.revision if line.about is not None else 0)
            for line in rows
            if line.item is not None
        )
        key = found.handover.id
        page.run(lambda: page.desk.services.duty.accept(key, wanted), self._accepted, self._not_answered)

    def _accepted(self, answered: Answered) -> None:
        page, found = self.page, answered.sheet.handover
        page.watch.refresh()
        said = []
        if answered.accepted:
            said.append(f"{wording.count(len(answered.accepted), 'item')} accepted: yours now.")
        elif not answered.changed and not answered.gone:
            said.append("Read and accepted.")
        if answered.gone:
            said.append(f"{len(answered.gone)} had changed hands already.")
        if answered.accepted:
            items = answered.accepted
            page.desk.notices.say(" ".join(said), undo=lambda: self._hand_back(found.id, items, "Accepted by mistake"))
        elif said:
            page.desk.notices.say(" ".join(said))
        if answered.changed:
            page.desk.notices.warn(
                f"{wording.count(len(answered.changed), 'item')} changed while you looked. Look again, then accept."
            )
        page.refresh()

    def _not_answered(self, error: Exception) -> bool:
        self.page.watch.refresh()
        self.page.refresh()
        return False

    def ask_return(self) -> None:
        """Why it is not taken."""
        page, found = self.page, self.sheet
        rows = [line for line in page.chosen() if line.waits]
        if found is None or not rows or rows[0].item is None:
            return
        key, item = found.handover.id, rows[0].item.id
        who = found.handover.from_name
        service = page.desk.services.duty

        def do(values: dict[str, str]) -> None:
            page.run(
                lambda: service.return_item(key, item, values["reason"]),
                lambda _s: self._answered(f"Returned: it stays with {who}."),
                self._wrong(form),
            )

        form = reason_form("Return what is chosen", "Return it", f"Why it stays with {who}", do, page.asked_enough)
        page.ask(form)

    def ask_hand_back(self) -> None:
        """Why it goes back."""
        page, found, items = self.page, self.sheet, tuple(self._mine_now())
        if found is None or not items:
            return
        key, who = found.handover.id, found.handover.from_name

        def do(values: dict[str, str]) -> None:
            self._hand_back(key, items, values["reason"], form)

        form = reason_form("Hand back what is chosen", "Hand back", f"Why it goes back to {who}", do, page.asked_enough)
        page.ask(form)

    def _hand_back(self, key: UUID, items: tuple[UUID, ...], reason: str, form: Any = None) -> None:
        service = self.page.desk.services.duty
        self.page.run(
            lambda: service.hand_back(key, items, reason),
            lambda s: self._answered(f"Handed back to {s.handover.from_name}."),
            self._wrong(form) if form is not None else self._not_answered,
        )

    def withdraw(self) -> None:
        if self.sheet is not None:
            self.withdraw_it(self.sheet.handover.id)

    def withdraw_it(self, key: UUID) -> None:
        """One that may be not shown any more."""
        service = self.page.desk.services.duty
        self.page.run(
            lambda: service.withdraw(key),
            lambda _s: self._answered("Withdrawn. What nobody had accepted stays where it is."),
            self._not_answered,
        )

    def _answered(self, said: str) -> None:
        page = self.page
        if page.asking is not None:
            page.asked_enough()
        page.watch.refresh()
        page.desk.notices.say(said)
        page.refresh()

    def _wrong(self, form: Any) -> Callable[[Exception], bool]:
        def failed(error: Exception) -> bool:
            if isinstance(error, BadValue | BadValues):
                return not form.set_problems(error)
            self._not_answered(error)
            return False

        return failed
