"""Beside a referral that a hospital ward sent: its notices, what the ward is owed, and what can be done about both."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from coordination.errors import BadValues
from coordination.intake.detail import ReferralDetail
from coordination.intake.model import Referral
from coordination.intake.ward import KeptNotice, KeptReceipt
from coordination.messages.hospital_service import new_receipt_id
from ui.commands import Command
from ui.intake.move_forms import MoveForm
from ui.intake.queue_moves import WRITERS, QueueMoves, QueueShown
from ui.messages import hospital_words
from ui.widgets.basics import Choice, LinkLabel, TextArea, column, label
from ui.widgets.chips import FlowBox
from ui.widgets.panels import Section
from ui.widgets.tips import plain_tip


class WardShown(QueueShown, Protocol):
    @property
    def detail(self) -> ReferralDetail | None: ...


class WardMoves:
    """What can be done about the notices of the referral that is shown."""

    def __init__(self, page: WardShown, moves: QueueMoves) -> None:
        self._page, self._moves = page, moves
        self.commands = [
            Command("queue.ward_agree", "Agree to the ward's withdrawal", self.agree, "Y", self._can_agree, "Queue",
                    "check-circle", also="hospital notice withdrawn close"),
            Command("queue.ward_keep", "Keep it on, and tell the ward", self.keep_on, "Shift+Y", self._can_settle,
                    "Queue", "arrow-u-up-left", also="hospital notice withdrawal reject"),
            Command("queue.ward_answer", "Answer the ward", self.answer, "Shift+A", self._can_answer, "Queue",
                    "envelope-simple", also="hospital notice receipt accept reject"),
            Command("queue.ward_receipt", "Save the receipt for the ward", self.save, "", lambda: bool(self._due()),
                    "Queue", "floppy-disk", also="hospital notice receipt export"),
        ]  # fmt: skip

    # ---------------------------------------------------------------- what can be done now

    @property
    def _detail(self) -> ReferralDetail | None:
        """Of the referral that is chosen, and no other."""
        detail, chosen = self._page.detail, self._page.chosen
        same = detail is not None and chosen is not None and chosen.id == detail.referral.id
        return detail if same and self._page.desk.actor.role in WRITERS else None

    def _asked(self) -> KeptNotice | None:
        return self._detail.ward.asked if self._detail is not None else None

    def _can_settle(self) -> bool:
        """Whoever holds the referral; when nobody does, anybody."""
        detail = self._detail
        free = detail is not None and detail.referral.holder in (None, self._page.desk.actor.user_name)
        return free and self._asked() is not None

    def _can_agree(self) -> bool:
        asked = self._asked()
        return self._can_settle() and asked is not None and asked.is_clear

    def _owed(self) -> list[KeptNotice]:
        detail = self._detail
        if detail is None:
            return []
        return [one for one in detail.ward.notices if one.state != "asked" and detail.ward.is_owed(one)]

    def _can_answer(self) -> bool:
        return bool(self._owed())

    def _due(self) -> list[KeptReceipt]:
        detail = self._detail
        return [one for one in detail.ward.receipts if one.state == "due"] if detail is not None else []

    # ---------------------------------------------------------------- doing it

    def agree(self) -> None:
        asked = self._asked()
        if asked is None:
            return
        hospital = self._page.desk.services.hospital

        def done(referral: Referral) -> None:
            number, what = referral.number, "withdrawn by the ward, which is told"
            if referral.is_open:
                self._said(f"The discharge notice of no. {number} is {what}.")
            else:
                self._said(f"Closed no. {number}: {what}. Reopen (O) takes it back.")

        self._page.run(lambda: hospital.agree(asked.id, asked.revision), done, self._stale)

    def keep_on(self) -> None:
        asked = self._asked()
        if asked is None:
            return
        hospital = self._page.desk.services.hospital

        def do(values: dict[str, str]) -> None:
            call = lambda: hospital.keep_on(asked.id, asked.revision, values["answer_words"])  # noqa: E731
            self._page.run(call, lambda _story: self._left("It goes on, and the ward is told why."), self._wrong)

        form = MoveForm("Keep it on, although the ward withdraws", "Keep it on", do, self._moves.leave)
        form.form.add("answer_words", "Why? The ward gets these words.", TextArea(2), required=True)
        self._moves.open_form(form)

    def answer(self) -> None:
        owed = self._owed()
        if not owed:
            return
        notice, receipt_id = owed[0], new_receipt_id()
        hospital = self._page.desk.services.hospital

        def do(values: dict[str, str]) -> None:
            call = lambda: hospital.answer(  # noqa: E731
                notice.id, values["response"], values["answer_words"], receipt_id
            )
            self._page.run(call, lambda _story: self._left("The answer is on its way to the ward."), self._wrong)

        title = f"Answer the {hospital_words.TITLES[notice.kind].lower()}"
        form = MoveForm(title, "Answer", do, self._moves.leave)
        form.form.add("response", "Answer", Choice([("1", "Accept"), ("2", "Reject")]), required=True)
        form.form.add("answer_words", "In words, for the ward", TextArea(2))
        self._moves.open_form(form)

    def save(self) -> None:
        """The answer as a file, to be sent another way than through the folder."""
        due = self._due()
        if not due:
            return
        page, hospital = self._page, self._page.desk.services.hospital

        def chosen(found: tuple[str, bytes]) -> None:
            name, content = found
            path, _kind = QFileDialog.getSaveFileName(QApplication.activeWindow(), "Save the receipt", name)
            if path:
                page.run(lambda: self._write(path, name, content, due[0]), told, failed)

        def told(first: bool) -> None:
            self._said("Saved. Send it to the ward." if first else "Saved; it had gone out already.")

        def failed(error: Exception) -> bool:
            if isinstance(error, OSError):
                page.desk.notices.warn("It could not be saved there. Choose another place.")
                return True
            return False

        page.run(lambda: hospital.receipt(due[0].id), chosen)

    def _write(self, path: str, name: str, content: bytes, receipt: KeptReceipt) -> bool:
        from ui.messages.outgoing import write_whole

        write_whole(path, content)
        return self._page.desk.services.hospital.saved(receipt.id, name, content)

    def _left(self, said: str) -> None:
        self._moves.leave()
        self._said(said)

    def _said(self, said: str) -> None:
        self._page.desk.notices.say(said)
        self._page.refresh()
        self._page.show_detail_again()

    def _wrong(self, error: Exception) -> bool:
        form = self._moves.form
        if form is not None and isinstance(error, BadValues):
            return not form.set_problems(error)
        if form is not None:
            form.ready()
        return self._stale(error)

    def _stale(self, _error: Exception) -> bool:
        self._page.show_detail_again()
        return False

    # ---------------------------------------------------------------- what is shown

    def section(self, detail: ReferralDetail) -> QWidget | None:
        """The notices of a referral, None when no ward has sent any."""
        story, now = detail.ward, self._page.desk.clock.now()
        if not story.notices:
            return None
        section = Section("From the ward")
        referral, me = detail.referral, self._page.desk.actor.user_name
        holder = (referral.holder_name or "") if referral.holder not in (None, me) else ""
        for notice in reversed(story.notices):  # the latest is what matters now
            words, tone = hospital_words.answer_words(story, notice, now, holder)
            inner: list[QWidget] = [
                label(
                    hospital_words.kept_words(notice, now), wrap=True, selectable=True, strong=notice.state == "asked"
                )
            ]
            if words:
                inner.append(label(words, wrap=True, selectable=True, tone=tone, quiet=not tone))
            made = QWidget()
            made.setLayout(column(*inner, gap=0.5))
            section.add(made)
            if notice.state == "asked":
                self._add_links(section, self.commands[:2])
        self._add_links(section, self.commands[2:])
        return section

    def _add_links(self, section: Section, commands: list[Command]) -> None:
        links = [self._link(one) for one in commands if one.enabled_when()]
        if links:
            section.add(FlowBox(*links))

    @staticmethod
    def _link(command: Command) -> LinkLabel:
        link = LinkLabel(command.title, command)
        link.setToolTip(plain_tip(f"{command.title}  ({command.keys})" if command.keys else command.title))
        return link
