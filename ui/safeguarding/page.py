"""Safeguarding: the concerns at the left, one of them as a form at the right (E3). None of them is ever queued."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from coordination.changes import RESYNC, Change
from coordination.errors import NotFound
from coordination.safeguarding.model import (
    Concern,
    ConcernDetail,
    ConcernFilter,
    ConcernId,
    ConcernRow,
    DecisionKind,
)
from ui import sentences, wording
from ui.commands import Command
from ui.desk import Desk
from ui.intake.concern_fields import ConcernFields
from ui.intake.move_forms import MoveForm
from ui.page import Page
from ui.safeguarding import words
from ui.safeguarding.concern_view import ConcernView
from ui.safeguarding.deeds import ConcernDeeds
from ui.safeguarding.opening import OfReferral, RaiseAbout
from ui.safeguarding.raising import About, RaiseForm
from ui.widgets.basics import ask_again, column, command_button, plane, row
from ui.widgets.busy import Busy
from ui.widgets.chips import SegmentedChoice
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, scrolling, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

SHOWN = (("undecided", "Undecided"), ("mine", "Mine"), ("decided", "Decided"))
_EMPTY = {
    "undecided": ("No concern is open", "One is raised with a referral, or from a person's record."),
    "mine": ("You have no concern", "What you raise is yours until you hand it over."),
    "decided": ("Nothing has been decided yet", "Decided concerns stay here."),
}


class SafeguardingPage(Page):
    """``open`` takes the id of a concern, ``RaiseAbout`` or ``OfReferral``."""

    id, title, icon = "safeguarding", "Safeguarding", "shield-warning"
    areas = frozenset({"safeguarding"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.view: ConcernView | None = None
        self._raise_form: RaiseForm | None = None
        self.deeds = ConcernDeeds(self)
        self._decisions: list[DecisionKind] = []
        self._wanted: ConcernId | None = None
        self.model = StableTableModel[ConcernRow](self._columns(), key=lambda r: r.id)
        self._empty = EmptyState(*_EMPTY["undecided"], icon="shield-check")
        self.table = Table(
            self.model, settings=desk.settings, name="safeguarding", title="Safeguarding", empty=self._empty
        )
        self.shown = SegmentedChoice(SHOWN, "undecided", "Show")
        self._commands = self.deeds.commands()
        by = {command.id.removeprefix("safeguarding."): command for command in self._commands}
        names = {"look": "Look into it", "hand_over": "Hand over", "take_over": "Take over", "reopen": "Reopen"}
        self._moves = [command_button(by[name], words=said) for name, said in names.items()]
        self.head = PageHead("Safeguarding", "", self.shown, self.table.menu_button())
        self._bar = plane(row(*self._moves, None, margins=(4, 1.5, 4, 1.5)), "surface", "below")
        self._asked_here = column(margins=(4, 3, 4, 3))
        self._asking = plane(self._asked_here, "sunken", "below")
        self._asking.hide()
        self._area = scrolling(QWidget())
        right = plane(column(self._bar, self._asking, self._area, gap=0), "surface", "left")
        split = splitter(self.table, right, sizes=(600, 560), settings=desk.settings, name="safeguarding")
        layout = column(self.head, split, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._connect()
        self._show_nothing()

    def _connect(self) -> None:
        self.table.current_changed.connect(self._current_moved)
        self.table.opened.connect(lambda _row: self._focus_view())
        self.shown.changed.connect(lambda _shown: self.refresh())
        Busy(self.table, self.desk.tasks, owner=self)
        self.run(self.desk.services.safeguarding.decisions, self._set_decisions, latest="decisions")

    def _columns(self) -> list[Column[ConcernRow]]:
        me, now = self.desk.actor.user_name, self.desk.clock.now
        return [
            Column("person", "Person", words.person, strong=True, width=146),
            Column("stage", "Stage", words.stage, badge=words.stage_look, width=122),
            Column("said", "Seen or said", lambda r: " ".join(r.seen_or_said.split()), stretch=True, width=110,
                   tip=lambda r: r.seen_or_said),
            Column("owner", "Who has it", lambda r: "You" if r.owner == me else r.owner_name, width=108,
                   tip=lambda r: "" if r.owner_active else "No longer here: take it over"),
            Column("told", "Told", lambda r: str(r.told), sort=lambda r: r.told, numeric=True, hidden=True,
                   width=56),
            Column("open", "Open for", lambda r: words.open_for(r, now()), sort=lambda r: r.raised_at, numeric=True,
                   quiet=True, width=98),
            Column("decision", "Decision", lambda r: r.decision_name or "", hidden=True, width=150),
            Column("number", "No.", lambda r: str(r.number), sort=lambda r: r.number, numeric=True, hidden=True,
                   width=64),
        ]  # fmt: skip

    # ---------------------------------------------------------------- what can be done

    @property
    def concern(self) -> Concern | None:
        return self.view.detail.concern if self.view is not None else None

    @property
    def form(self) -> MoveForm | None:
        """The question that is asked now."""
        return self.deeds.form

    def finish(self) -> bool:
        """Ctrl+Enter: raise the concern that is being written down. False when none is."""
        if self._raise_form is not None:
            self._raise_form.save()
        return self._raise_form is not None

    @property
    def is_raising(self) -> bool:
        return self._raise_form is not None

    def commands(self) -> list[Command]:
        return self._commands

    # ---------------------------------------------------------------- reading

    @property
    def asked(self) -> ConcernFilter:
        locality = self.desk.locality.value.lower()
        shown = self.shown.value
        return ConcernFilter(
            undecided=shown != "decided",
            mine=shown == "mine",
            localities=frozenset({locality}) if locality and shown != "mine" else frozenset(),
        )

    def refresh(self) -> None:
        asked, service = self.asked, self.desk.services.safeguarding
        self.run(lambda: service.concerns(asked), self._show_rows, latest="rows")
        if self.concern is not None:
            self._read(self.concern.id)

    def changes_concern(self, changes: frozenset[Change]) -> bool:
        return RESYNC in changes or any(change.area in self.areas for change in changes)

    def _set_decisions(self, decisions: list[DecisionKind]) -> None:
        self._decisions = decisions

    def _show_rows(self, rows: list[ConcernRow]) -> None:
        self._empty.say(*_EMPTY[str(self.shown.value)])
        self.model.set_rows(rows)
        what = {"undecided": "not decided", "mine": "with you", "decided": "decided"}[str(self.shown.value)]
        where = f" in {self.desk.locality.value}" if self.asked.localities else ""
        self.head.say(f"{wording.count(len(rows), 'concern')} {what}{where}" if rows else "")
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.table.select_key(wanted)
        elif self.table.current is None and rows and self.view is None and self.raising is None:
            self.table.selectRow(0)
        if not rows and self.view is None and self.raising is None:
            self._show_nothing()

    def _current_moved(self, chosen: ConcernRow | None) -> None:
        if chosen is not None and (self.concern is None or chosen.id != self.concern.id):
            self.deeds.close_asking()
            self._read(chosen.id)

    def _read(self, concern_id: ConcernId) -> None:
        service = self.desk.services.safeguarding
        self.run(lambda: service.open_concern(concern_id), self._show, self._not_there, latest="concern")

    def _not_there(self, error: Exception) -> bool:
        if isinstance(error, NotFound):
            self._show_nothing(sentences.sentence(error))
            return True
        return False

    def _show(self, detail: ConcernDetail) -> None:
        """As it is now; what is typed and not saved stays, and where the cursor was."""
        before = self.view
        same = before is not None and before.detail.concern.id == detail.concern.id
        raw = before.raw() if same and before is not None else {}
        if same and before is not None and before.detail == replace(detail, as_of=before.detail.as_of):
            return
        at = self._area.verticalScrollBar().value() if same else 0
        self.view = ConcernView(
            detail, self._decisions, self.desk.clock.now(), self.desk.actor.user_name, self.desk.go.to, self.deeds
        )
        self.view.restore(raw)
        self._put(self.view)
        self._area.verticalScrollBar().setValue(at)
        ask_again(*self._moves)

    def _put(self, content: QWidget) -> None:
        self._keep_what_was_begun()
        content.setContentsMargins(20, 14, 20, 14)
        old = self._area.takeWidget()  # which may be what was clicked just now: it goes a moment later
        if old is not None:
            old.hide()
            old.deleteLater()
        self._area.setWidget(content)

    def _keep_what_was_begun(self) -> None:
        """A concern that is being written down gives way to another: what is typed can be had back."""
        form, self._raise_form = self._raise_form, None
        if form is None or not form.fields.facts().seen_or_said:
            return
        about, typed = form.about, form.fields.raw()
        self.desk.notices.say(
            "The concern that you began is kept.",
            undo=lambda: self.raise_about(about, typed),
            undo_words="Go on with it",
        )

    def _show_nothing(self, said: str = "Choose a concern at the left to see its path.") -> None:
        self.view = None
        self._put(EmptyState("No concern is open here", said, icon="shield-check"))
        ask_again(*self._moves)

    def _focus_view(self) -> None:
        if self.view is not None:
            self._area.setFocus()

    # ---------------------------------------------------------------- coming from elsewhere

    def open(self, key: object) -> None:
        self.key = key
        if isinstance(key, RaiseAbout):
            self.raise_about(key)
        elif isinstance(key, OfReferral):
            asked, service = ConcernFilter(referral_id=key.referral_id), self.desk.services.safeguarding
            self.run(lambda: service.concerns(asked), lambda rows: self._of_referral(key, rows), latest="referral")
        elif isinstance(key, UUID):
            self._wanted = ConcernId(key)
            self.deeds.close_asking()
            self._read(self._wanted)
        self.refresh()

    def _of_referral(self, key: OfReferral, rows: list[ConcernRow]) -> None:
        if rows:
            self.open(rows[0].id)
        else:
            self.raise_about(key)

    def raise_about(self, about: About, typed: dict[str, Any] | None = None) -> None:
        """A new concern, with what is known of it so far."""
        self.deeds.close_asking()
        self.desk.tasks.drop(self, "concern")
        form = RaiseForm(self.desk, about, typed)
        form.raised.connect(self._raised)
        form.left.connect(self._leave_raising)
        self.view = None
        self._put(form)
        self._raise_form = form
        ask_again(*self._moves)
        form.start()

    def _raised(self, concern: Concern) -> None:
        self._raise_form = None
        self.open(concern.id)

    def _leave_raising(self) -> None:
        self._show_nothing()
        self.table.clearSelection()

    @property
    def raising(self) -> ConcernFields | None:
        """The fields of a concern that is being raised."""
        return self._raise_form.fields if self._raise_form is not None else None

    # ---------------------------------------------------------------- what the deeds ask of the page

    def read(self, concern_id: ConcernId) -> None:
        self._read(concern_id)

    def show_detail(self, detail: ConcernDetail) -> None:
        self._show(detail)

    def show_question(self, form: MoveForm) -> None:
        """A small form above the concern."""
        self._asked_here.addWidget(form)
        self._asking.show()
        form.start()

    def close_question(self, form: MoveForm) -> None:
        self._asked_here.removeWidget(form)
        form.hide()
        form.deleteLater()
        self._asking.hide()
