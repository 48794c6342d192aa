"""Safeguarding: the concerns at the left, one of them as a form at the right (E3). None of them is ever queued."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from coordination.changes import RESYNC, Change
from coordination.errors import BadValue, BadValues, Conflict, NotFound, Refused
from coordination.safeguarding.model import (
    OWNERS,
    Concern,
    ConcernDetail,
    ConcernDraft,
    ConcernFilter,
    ConcernId,
    ConcernRow,
    DecisionKind,
)
from coordination.values import UserName, new_id
from ui import sentences, wording
from ui.commands import Command
from ui.desk import Desk
from ui.intake.concern_fields import ConcernFields
from ui.intake.move_forms import MoveForm, colleague_form, reason_form
from ui.page import Page
from ui.safeguarding import words
from ui.safeguarding.concern_view import ConcernView
from ui.safeguarding.opening import OfReferral, RaiseAbout
from ui.widgets.basics import ask_again, button, column, command_button, label, plane, row, rule
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
        self.form: MoveForm | None = None
        self.raising: ConcernFields | None = None
        self._about: RaiseAbout | OfReferral | None = None
        self._save_raised: Callable[[], None] = lambda: None
        self._decisions: list[DecisionKind] = []
        self._wanted: ConcernId | None = None
        self.model = StableTableModel[ConcernRow](self._columns(), key=lambda r: r.id)
        self._empty = EmptyState(*_EMPTY["undecided"], icon="shield-check")
        self.table = Table(
            self.model, settings=desk.settings, name="safeguarding", title="Safeguarding", empty=self._empty
        )
        self.shown = SegmentedChoice(SHOWN, "undecided", "Show")
        self._commands = self._make_commands()
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

    def _can(self, *stages: str, mine: bool | None = None) -> Callable[[], bool]:
        def now() -> bool:
            concern = self.concern
            if concern is None or concern.stage not in stages or self.desk.actor.role not in OWNERS:
                return False
            return mine is None or (concern.owner == self.desk.actor.user_name) is mine

        return now

    def _make_commands(self) -> list[Command]:
        undecided, group = ("raised", "looking"), "Safeguarding"
        return [
            Command("safeguarding.look", "Look into it", self.look_into, "L", self._can("raised", mine=True), group,
                    "magnifying-glass"),
            Command("safeguarding.told", "Write down who was told", self._go_to_told, "T", self._can(*undecided), group,
                    "megaphone"),
            Command("safeguarding.decide", "Go to the decision", self._go_to_decision, "D",
                    self._can(*undecided, mine=True), group, "check"),
            Command("safeguarding.finish", "Decide, or finish what is asked", self.finish, "Ctrl+Return",
                    self._can_finish, group, "check"),
            Command("safeguarding.save", "Save what is written", self.save, "Ctrl+S", self._can(*undecided), group,
                    "floppy-disk"),
            Command("safeguarding.hand_over", "Hand over", self.hand_over, "H", self._can(*undecided, mine=True), group,
                    "swap", also="give colleague"),
            Command("safeguarding.take_over", "Take over", self.take_over, "K", self._can(*undecided, mine=False),
                    group, "hand-grabbing"),
            Command("safeguarding.reopen", "Reopen", self.reopen, "O", self._can("decided", mine=True), group,
                    "arrow-counter-clockwise"),
        ]  # fmt: skip

    def _can_finish(self) -> bool:
        return self.form is not None or self.raising is not None or self._can("raised", "looking", mine=True)()

    def finish(self) -> None:
        """Ctrl+Enter: the question that is asked, the concern that is being raised, or the decision."""
        if self.form is not None:
            self.form.go()
        elif self.raising is not None:
            self._save_raised()
        else:
            self.decide()

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
            self._close_asking()
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
            detail, self._decisions, self.desk.clock.now(), self.desk.actor.user_name, self.desk.go.to, self
        )
        self.view.restore(raw)
        self._put(self.view)
        self._area.verticalScrollBar().setValue(at)
        ask_again(*self._moves)

    def _put(self, content: QWidget) -> None:
        self._keep_what_was_begun()
        content.setContentsMargins(20, 14, 20, 14)
        self._area.setWidget(content)

    def _keep_what_was_begun(self) -> None:
        """A concern that is being written down gives way to another: what is typed can be had back."""
        fields, about = self.raising, self._about
        self.raising = None
        if fields is None or about is None or not fields.facts().seen_or_said:
            return
        typed = fields.raw()
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
            self._close_asking()
            self._read(self._wanted)
        self.refresh()

    def _of_referral(self, key: OfReferral, rows: list[ConcernRow]) -> None:
        if rows:
            self.open(rows[0].id)
        else:
            self.raise_about(key)

    def raise_about(self, about: RaiseAbout | OfReferral, typed: dict[str, Any] | None = None) -> None:
        """A new concern, with what is known of it so far. It is mine from the first minute."""
        self._close_asking()
        self.desk.tasks.drop(self, "concern")
        fields, new = ConcernFields(), ConcernId(new_id())
        title = about.name if isinstance(about, RaiseAbout) else f"Referral no. {about.number}"
        person = about.person_id if isinstance(about, RaiseAbout) else None
        referral = about.referral_id if isinstance(about, OfReferral) else None
        locality = self.desk.actor.locality
        service = self.desk.services.safeguarding

        def save() -> None:
            fields.form.clear_problems()
            draft = ConcernDraft(new, fields.facts(), referral, person, locality)
            self.run(lambda: service.raise_concern(draft), raised, failed)

        def raised(concern: Concern) -> None:
            self.desk.notices.say(f"Raised: concern no. {concern.number}. It is yours until you hand it over.")
            self.raising = None
            self.open(concern.id)

        def failed(error: Exception) -> bool:
            return isinstance(error, BadValue | BadValues) and not fields.form.set_problems(error)

        def leave() -> None:
            self._show_nothing()
            self.table.clearSelection()

        self.view = None
        content = QWidget()
        said = label("It is yours from now on, and is never queued. If there is danger now, 999 comes first.",
                     quiet=True, wrap=True)  # fmt: skip
        confirm = button("Raise the concern", save, kind="main", icon="shield-warning")
        head = label(f"A new concern about {title}", size="title", strong=True, wrap=True)
        actions = row(confirm, button("Leave it", leave, kind="quiet"), None)
        content.setLayout(column(head, said, rule(), fields, actions, None, gap=3))
        self._put(content)
        self.raising, self._about, self._save_raised = fields, about, save
        fields.restore(typed or {})
        ask_again(*self._moves)
        fields.form.field("seen_or_said").editor.setFocus()

    # ---------------------------------------------------------------- along the path

    def look_into(self) -> None:
        concern, service = self.concern, self.desk.services.safeguarding
        if concern is not None:
            self._do(
                lambda: service.look_into(concern.id, concern.revision),
                "It is being looked into.",
                lambda after: service.not_yet(after.id, after.revision),
            )

    def save(self) -> None:
        """What was found, and how it is now."""
        concern, view, service = self.concern, self.view, self.desk.services.safeguarding
        if concern is None or view is None or not view.dirty:
            return
        written = view.looked_into()

        def saved(after: Concern) -> None:
            view.dirty = False
            self.desk.notices.say("Saved.")
            self._read(after.id)

        self.run(lambda: service.write_down(concern.id, concern.revision, written), saved, self._failed)

    def tell(self) -> None:
        """Add somebody who was told."""
        concern, view, service = self.concern, self.view, self.desk.services.safeguarding
        if concern is None or view is None:
            return
        view.telling.clear_problems()
        try:
            draft = view.told_draft()
        except BadValues as bad:
            view.set_problems(bad)
            return

        def added(detail: ConcernDetail) -> None:
            view.told_id = new_id()
            view.telling.set_values({"name": "", "role": "", "told_at": None})
            self.desk.notices.say("Written down.")
            self._show(detail)
            self.refresh()

        self.run(lambda: service.tell(concern.id, draft), added, self._failed)

    def decide(self) -> None:
        """The end of the path."""
        concern, view, service = self.concern, self.view, self.desk.services.safeguarding
        if concern is None or view is None:
            return
        if view.dirty:
            self.desk.notices.warn("Save what is written before it is decided.  (Ctrl+S)")
            return
        decision, said = view.decision()
        self._do(
            lambda: service.decide(concern.id, concern.revision, decision, said),
            "Decided.",
            lambda after: service.reopen(after.id, after.revision, "The decision was taken back"),
        )

    def hand_over(self) -> None:
        concern, service = self.concern, self.desk.services.safeguarding
        if concern is None:
            return

        def do(values: dict[str, str]) -> None:
            to = UserName(values["to_user"])
            self._do(
                lambda: service.hand_over(concern.id, concern.revision, to, values["reason"]), "Handed over.", None
            )

        def ask(accounts: list[Any]) -> None:
            people = [
                (str(a.user_name), f"{a.display_name}, {wording.role(a.role).lower()}")
                for a in accounts
                if a.role in OWNERS and a.user_name != self.desk.actor.user_name
            ]
            self._ask(
                colleague_form("Hand over", "Hand over", ("to_user", "To"), people, "What they should know", do,
                               self._close_asking)
            )  # fmt: skip

        self.run(self.desk.services.governance.accounts, ask, latest="accounts")

    def take_over(self) -> None:
        concern, service = self.concern, self.desk.services.safeguarding
        if concern is None:
            return

        def do(values: dict[str, str]) -> None:
            self._do(lambda: service.take_over(concern.id, concern.revision, values["reason"]), "It is yours.", None)

        question = f"Why? {concern.owner_name} will read it."
        self._ask(
            reason_form(f"Take over from {concern.owner_name}", "Take over", question, do, self._close_asking)
        )  # fmt: skip

    def reopen(self) -> None:
        concern, service = self.concern, self.desk.services.safeguarding
        if concern is None:
            return

        def do(values: dict[str, str]) -> None:
            self._do(lambda: service.reopen(concern.id, concern.revision, values["reason"]), "Reopened.", None)

        self._ask(reason_form("Reopen", "Reopen", "Why is it looked into again?", do, self._close_asking))

    def _go_to_told(self) -> None:
        if self.view is not None:
            self.view.go_to_told()

    def _go_to_decision(self) -> None:
        if self.view is not None:
            self.view.go_to_decision()

    # ---------------------------------------------------------------- how it is done

    def _do(self, call: Callable[[], Concern], said: str, back: Callable[[Concern], Concern] | None) -> None:
        def done(after: Concern) -> None:
            self._close_asking()
            undo = (lambda: self._do(lambda: back(after), "Taken back.", None)) if back is not None else None
            self.desk.notices.say(said, undo=undo)
            self._read(after.id)
            self.refresh()

        self.run(call, done, self._failed)

    def _failed(self, error: Exception) -> bool:
        """At the fields where it belongs; a conflict shows what it is now and keeps what is typed."""
        if isinstance(error, BadValue | BadValues):
            left = self.form.set_problems(error) if self.form is not None else None
            if left is None:
                left = self.view.set_problems(error) if self.view is not None else list(BadValues((error,)).problems)  # type: ignore[arg-type]
            return not left
        if isinstance(error, Conflict | Refused) and self.concern is not None:
            self._read(self.concern.id)
        return False

    def _ask(self, form: MoveForm) -> None:
        """A small form above the concern."""
        self._close_asking()
        self.form = form
        self._asked_here.addWidget(form)
        self._asking.show()
        form.start()

    def _close_asking(self) -> None:
        if self.form is not None:
            self._asked_here.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        self._asking.hide()
