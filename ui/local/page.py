"""Not sent yet: every draft and every contact that waits, since when, why, and what can be done (Ctrl+Shift+U)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtWidgets import QLineEdit

from coordination.errors import Conflict
from coordination.local import wire
from coordination.local.model import Drop, Entry, Put
from coordination.local.outbox import OUTBOX, OutboxItem
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.intake.drafts import CONTACT, OpenDraft, typed_of
from ui.local import assessment_rows
from ui.local.assessment_rows import AssessmentRow
from ui.local.words import refusal
from ui.page import Page
from ui.style.tokens import State
from ui.widgets import EmptyState, PageHead, StableTableModel, Table, button, column, command_button, label, plane, row
from ui.widgets.basics import ask_again
from ui.widgets.table_model import Column

GROUP = "Not sent yet"
KINDS = {CONTACT: "Contact", OUTBOX: "Contact", f"{CONTACT}.other": "Contact of another version"}
UNREADABLE = "Written by another version of the program. It is kept, and goes when that version signs in here."


@dataclass(frozen=True, slots=True)
class Kept:
    """One line. ``item`` for what is in the outbox, ``entry`` for a draft."""

    key: str
    what: str
    title: str
    since: datetime
    state: str
    tone: str
    said: str = ""
    item: OutboxItem | None = None
    entry: Entry | None = None
    assessment: AssessmentRow | None = None


class UnsentPage(Page):
    """What this computer keeps until the database has it."""

    id, title, icon = "unsent", "Not sent yet", "paper-plane-tilt"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.model: StableTableModel[Kept] = StableTableModel(self._columns(), key=lambda kept: kept.key)
        self.table = Table(
            self.model, settings=desk.settings, name="unsent", title="Not sent yet",
            empty=EmptyState(
                "Everything is in the database", "Contacts that are not ended, those that wait for the database, and "
                "assessments that were taken along or signed without a connection, are listed here.",
                icon="check-circle",
            ),
        )  # fmt: skip
        self._commands = [
            Command("unsent.open", "Open", self.open_current, "", self._can_open, GROUP, "pencil-simple"),
            Command("unsent.send", "Send now", self.send_current, "S", self._can_send, GROUP, "paper-plane-tilt"),
            Command("unsent.remove", "Remove", self.remove_current, "Del", self._can_remove, GROUP, "trash"),
        ]  # fmt: skip
        self._buttons = [command_button(command) for command in self._commands]
        self._why = label("", wrap=True, selectable=True)
        self._former = QLineEdit()
        self._former.setEchoMode(QLineEdit.EchoMode.Password)
        self._former.setAccessibleName("Former password")
        self._former.returnPressed.connect(self._open_former)
        self._other_key = plane(
            row(
                label("There are drafts here under a former password of yours."), self._former,
                button("Open them", self._open_former), None, gap=3, margins=(6, 2, 6, 2),
            ),
            "surface", "below",
        )  # fmt: skip
        below = plane(column(self._why, margins=(6, 3, 6, 3)), "surface", "above")
        self.setLayout(column(PageHead("Not sent yet", "", *self._buttons), self._other_key, self.table, below, gap=0))
        self.table.opened.connect(lambda _kept: self.open_current())
        self.table.current_changed.connect(lambda _kept: self._chosen())
        for changed in (desk.drafts.changed, desk.outbox.changed, desk.assessments.changed):
            changed.connect(self.mark_stale)

    def _columns(self) -> list[Column[Kept]]:
        return [
            Column("state", "State", lambda kept: kept.state, badge=lambda kept: State(kept.tone, ""), width=170),
            Column("what", "What", lambda kept: kept.what, width=130),
            Column("title", "Whom or what about", lambda kept: kept.title, width=300, strong=True),
            Column("since", "Since", lambda kept: wording.near_time(kept.since, self.desk.clock.now()),
                   sort=lambda kept: kept.since, width=150),
            Column("said", "Why", lambda kept: kept.said, stretch=True, quiet=True),
        ]  # fmt: skip

    def commands(self) -> list[Command]:
        return [*self._commands, *self.table.commands(self.id)]

    def activated(self) -> None:
        self.table.setFocus()

    def refresh(self) -> None:
        drafts = self.desk.drafts
        rows = [self._of_item(item) for item in self.desk.outbox.items]
        known = {str(item.id) for item in self.desk.outbox.items}
        rows += [_unreadable(entry) for entry in drafts.of(OUTBOX) if entry.key not in known]
        rows += [_of_draft(entry) for entry in drafts.kept]
        rows += [_of_assessment(found) for found in assessment_rows.rows(self.desk.assessments, away=self.desk.away)]
        self.model.set_rows(rows)
        self._other_key.setVisible(bool(drafts.under_other_key))
        if self.table.current is None and rows:
            self.table.select_key(rows[0].key)
        self._chosen()

    def _of_item(self, item: OutboxItem) -> Kept:
        key, title = f"{OUTBOX} {item.id}", item.title or "Contact"
        if self.desk.outbox.is_sending(item.id):
            return Kept(key, "Contact", title, item.queued_at, "Being sent", "accent", item=item)
        if item.is_waiting:
            why = "No connection" if self.desk.away else "The database did not answer; it is tried again by itself"
            return Kept(key, "Contact", title, item.queued_at, "Waits to be sent", "amber", why, item)
        return Kept(key, "Contact", title, item.queued_at, "Not taken", "red", refusal(item), item)

    # ---------------------------------------------------------------- what can be done

    @property
    def _current(self) -> Kept | None:
        current: Kept | None = self.table.current
        return current

    def _chosen(self) -> None:
        self._why.setText(self._current.said if self._current is not None else "")
        self._why.setVisible(bool(self._why.text()))
        ask_again(*self._buttons)

    def _can_open(self) -> bool:
        kept = self._current
        if kept is None:
            return False
        if kept.assessment is not None:
            return True
        if kept.item is not None:
            return not self.desk.outbox.is_sending(kept.item.id) and bool(kept.item.typed)
        return kept.entry is not None and (kept.entry.kind == CONTACT or bool(kept.entry.data.get("page")))

    def _can_send(self) -> bool:
        kept = self._current
        if kept is None or kept.state == "Being sent":
            return False
        return kept.item is not None or (kept.assessment is not None and kept.assessment.is_unsent)

    def _can_remove(self) -> bool:
        kept = self._current
        return kept is not None and kept.state != "Being sent" and not (kept.entry and kept.entry.kind == CONTACT)

    def open_current(self) -> None:
        """A draft where it is written; a contact of the outbox becomes one again, to be mended and sent anew."""
        kept = self._current
        if kept is None or not self._can_open():
            return
        if kept.assessment is not None:
            self.desk.go.to("assessment", kept.assessment.open)
            return
        if kept.item is None:
            assert kept.entry is not None
            if kept.entry.kind == CONTACT:
                self.desk.go.to("contact", OpenDraft(kept.entry.key))
            else:
                there = wire.decode_what_can_be(kept.entry.data.get("data", {})).get("open")
                self.desk.go.to(str(kept.entry.data["page"]), there)
            return
        typed = typed_of(wire.decode_what_can_be(kept.item.typed), kept.item.queued_at)
        if isinstance(kept.item.refused, Conflict):  # its own id stands for the one that the database has
            typed = typed.anew()
        entry = self.desk.drafts.entry(CONTACT, typed.key, typed.data(), typed.name)
        if self.desk.outbox.recall(kept.item.id, entry):
            self.desk.go.to("contact", OpenDraft(typed.key))

    def send_current(self) -> None:
        """Now, without waiting for the next try."""
        kept = self._current
        if kept is not None and kept.item is not None:
            self.desk.outbox.send(kept.item.id)
        elif kept is not None and kept.assessment is not None:
            self.desk.assessments.send(kept.assessment.ids[0])

    def remove_current(self) -> None:
        """Somebody decides that it is not wanted; Undo brings it back."""
        kept = self._current
        if kept is None or not self._can_remove():
            return
        if kept.assessment is not None:
            mine = self.desk.assessments
            entries = [entry for key in kept.assessment.ids for entry in mine.forget(key)]
            self.desk.notices.say("Removed from this computer.", undo=lambda: mine.put_back(entries))
        elif kept.item is not None:
            item = self.desk.outbox.forget(kept.item.id)
            if item is not None:
                self.desk.notices.say("Removed, and not sent.", undo=lambda: self.desk.outbox.put_back(item))
        elif kept.entry is not None:
            entry = kept.entry
            self.desk.drafts.commit([Drop(*entry.name)])
            self.desk.notices.say("Removed.", undo=lambda: self.desk.drafts.commit([Put(entry)]))

    def _open_former(self) -> None:
        if self._former.text():
            self.desk.drafts.look_for_others(self._former.text())
            self._former.clear()


def _of_assessment(found: AssessmentRow) -> Kept:
    key = f"{assessment_rows.WHAT} {found.open}"
    return Kept(
        key, assessment_rows.WHAT, found.title, found.since, found.state, found.tone, found.said, assessment=found
    )  # fmt: skip


def _of_draft(entry: Entry) -> Kept:
    what = KINDS.get(entry.kind, wording.words(entry.kind))
    title = str(entry.data.get("title") or what)
    state = "Not ended" if entry.kind == CONTACT else "Draft"
    return Kept(f"{entry.kind} {entry.key}", what, title, entry.at, state, "neutral", entry=entry)


def _unreadable(entry: Entry) -> Kept:
    title = str(entry.data.get("title") or "Contact")
    return Kept(f"{OUTBOX} {entry.key}", "Contact", title, entry.at, "Kept", "neutral", UNREADABLE)
