"""A handover is written: what becomes of each, signed, on paper."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from coordination.duty import rules
from coordination.duty.model import Choice as Fate
from coordination.duty.model import HandoverDraft, HandoverSheet, ItemDraft
from coordination.errors import BadValue, BadValues, Conflict, Refused
from coordination.values import UserName, new_id
from ui.commands import Command
from ui.duty import words
from ui.duty.answering import GROUP, Answering
from ui.duty.lines import Line
from ui.duty.shown import HandoverShown


class Handing:
    """Of one page."""

    def __init__(self, page: HandoverShown, answering: Answering) -> None:
        self.page, self._answering = page, answering
        self._draft_id = new_id()

    def commands(self) -> list[Command]:
        """All of them."""
        page = self.page

        def may(fate: Fate) -> Callable[[], bool]:
            return lambda: page.writes and any(_may(line, fate) for line in page.chosen())

        return [
            Command("duty.stays", words.CHOICES["stays"], lambda: self.choose("stays"), "S", may("stays"), GROUP,
                    "push-pin"),
            Command("duty.next", words.CHOICES["next"], lambda: self.choose("next"), "N", may("next"), GROUP,
                    "arrow-right"),
            Command("duty.queue", words.CHOICES["queue"], lambda: self.choose("queue"), "Q", may("queue"), GROUP,
                    "tray"),
            Command("duty.line", "A line to what is chosen", self.to_line, "L", lambda: page.writes, GROUP,
                    "note-pencil"),
            Command("duty.sign", "Sign the handover, or accept all", self.main, "Ctrl+Return",
                    lambda: page.writes or self._answering.can_accept, GROUP, "pen-nib"),
            *self._answering.commands(),
            Command("duty.print", "The handover on paper", self.preview, "Ctrl+P",
                    lambda: page.writes or page.sheet is not None, GROUP, "printer"),
            Command("duty.note", "The note", self.to_note, "T", lambda: page.writes, GROUP, "note-pencil"),
        ]  # fmt: skip

    # writing

    def choose(self, fate: Fate) -> None:
        """What becomes of the rows that are selected."""
        rows = [line for line in self.page.chosen() if _may(line, fate)]
        if rows and self.page.writes:
            self.page.choose_for(rows, fate)

    def to_line(self) -> None:
        self.page.form.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.page.form.line.selectAll()

    def to_note(self) -> None:
        self.page.form.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def main(self) -> None:
        """Ctrl+Enter: what is the thing to do here."""
        if self.page.sheet is not None:
            self._answering.accept_all()
        else:
            self.sign()

    def draft(self) -> HandoverDraft:
        """As it would be signed now."""
        page, form = self.page, self.page.form
        items = tuple(
            ItemDraft(new_id(), line.about.kind, line.subject, line.choice, line.about.revision, line.words)
            for line in page.model.all_rows
            if line.about is not None and line.choice is not None
        )
        to = form.to_user
        return HandoverDraft(
            self._draft_id, items, form.note.value, UserName(to) if to else None, form.to_locality,
            UserName(page.for_whom) if page.for_whom else None, min(page.unsent, 999),
        )  # fmt: skip

    def sign(self) -> None:
        """Sign what is written."""
        page, draft = self.page, self.draft()
        if not page.writes:
            return
        if not draft.items and not draft.note.strip():
            page.desk.notices.say("Nothing is outstanding, and there is no note: nothing to sign.")
            return
        page.form.sign.setEnabled(False)
        page.run(lambda: page.desk.services.duty.sign(draft), self._signed, self._not_signed)

    def _signed(self, sheet: HandoverSheet) -> None:
        page, found = self.page, sheet.handover
        self._draft_id = new_id()
        page.forget_kept()
        page.watch.refresh()
        to = words.to_whom(found.to_name, found.locality)
        undo = (lambda: self._answering.withdraw_it(found.id)) if found.state == "offered" else None
        said = f"{words.signature(found)}." + (f" It waits for {to}." if undo else "")
        page.desk.notices.say(said, undo=undo)
        page.see(found.id)

    def _not_signed(self, error: Exception) -> bool:
        page = self.page
        page.form.show_can_sign(page.writes)
        if isinstance(error, BadValue | BadValues):
            return not page.form.set_problems(error)
        if isinstance(error, Conflict | Refused):
            self._draft_id = new_id()
            page.refresh()  # what was typed and chosen stays
        return False

    # paper

    def preview(self) -> None:
        """The sheet in a window of its own."""
        from ui.duty.preview import HandoverPreview

        page = self.page
        if page.sheet is not None:
            HandoverPreview(page.window(), page.desk, page.sheet).show()
        elif page.writes:
            HandoverPreview(page.window(), page.desk, self.unsigned(), signed=False).show()

    def unsigned(self) -> HandoverSheet:
        """What is written, as a sheet that says that it is not signed."""
        from ui.duty.paper import unsigned

        page = self.page
        name = page.desk.actor.display_name
        if page.for_whom:
            name = next((a.display_name for a in page.accounts if a.user_name == page.for_whom), name)
        to = next((a.display_name for a in page.accounts if a.user_name == page.form.to_user), None)
        return unsigned(self.draft(), page.items, name, page.desk.actor, to, page.desk.clock.now())


def _may(line: Line, fate: Fate) -> bool:
    return line.choice is not None and line.about is not None and fate in rules.may_choose(line.about)
