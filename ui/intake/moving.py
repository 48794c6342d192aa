"""How a move of the queue is run: what was seen goes with it, what comes of it is said, and Undo takes it back (E5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from coordination.errors import AlreadyClaimed, BadValue, BadValues, Conflict, CoordinationError
from coordination.governance.model import Account
from coordination.intake.model import Referral, ReferralEvent
from coordination.intake.moved import BulkMoved, Moved, Undo
from coordination.intake.queue import QueueFilter, ReferralRow
from coordination.values import ReferralId
from ui import wording
from ui.intake import words
from ui.intake.both_versions import AgainForm, lay_beside
from ui.intake.caseload_form import LeftNote
from ui.intake.move_forms import MoveForm
from ui.intake.whose_form import NOT_KNOWN_AGAIN
from ui.page import OnDesk
from ui.sentences import sentence

WRITERS = frozenset({"care_coordinator", "placement_coordinator", "trusted_assessor", "team_lead"})
Values = dict[str, str]
Taken = Undo | tuple[Undo, ...]


class QueueShown(OnDesk, Protocol):
    """What the moves ask of the page."""

    @property
    def chosen(self) -> ReferralRow | None: ...
    @property
    def asked(self) -> QueueFilter: ...
    def choose(self, referral_id: ReferralId) -> None: ...
    def show_form(self, form: MoveForm) -> None: ...
    def may_take_focus(self) -> bool: ...
    def form_left(self) -> None: ...
    def show_held(self, error: AlreadyClaimed) -> None: ...
    def show_note(self, note: QWidget) -> None: ...
    def show_detail_again(self) -> None: ...


class Moving:
    """For one queue page. Screens hand back the revision that was *seen* when the move was begun."""

    def __init__(self, page: QueueShown) -> None:
        self._page = page
        self._intake = page.desk.services.intake
        self._me = page.desk.actor.user_name
        self.last: Taken | None = None
        self.form: MoveForm | None = None

    @property
    def row(self) -> ReferralRow | None:
        return self._page.chosen

    def _may_write(self) -> bool:
        return self._page.desk.actor.role in WRITERS

    # ---------------------------------------------------------------- taking back

    def undo(self) -> None:
        """Take the last move back, if nobody has touched the referral since."""
        if self.last is not None:
            self.take_back(self.last)

    def take_back(self, undo: Taken) -> None:
        """Take this move back: the one that a notice is about is not always the last."""
        if undo == self.last:
            self.last = None
        if isinstance(undo, tuple):
            self._run(lambda: self._intake.undo_many(undo), self._caseload_back, None)
        elif undo.move == "say_whose":
            self._run(lambda: self._intake.unsay_whose(undo, NOT_KNOWN_AGAIN), self._not_known, None)
        else:
            self._run(lambda: self._intake.undo(undo), self._undone, None)

    def _not_known(self, referral: Referral) -> None:
        self._page.desk.notices.say(f"Taken back: nobody knows whose no. {referral.number} is.")
        self._page.refresh()
        self._page.show_detail_again()

    def _undone(self, referral: Referral) -> None:
        self._page.desk.notices.say(
            f"Taken back: no. {referral.number} is {words.STATES[referral.state].lower()} again."
        )
        self._page.refresh()
        self._page.show_detail_again()

    def _caseload_back(self, result: BulkMoved) -> None:
        self._told(result, "Taken back", None)

    def _told(self, result: BulkMoved, said: str, undo: tuple[Undo, ...] | None, form: MoveForm | None = None) -> None:
        if form is not None and form is self.form:
            self.leave()
        self.last = undo or None
        words_ = f"{said} {wording.count(len(result.moved), 'referral')}"
        if result.left:
            words_ += f"; {wording.count(len(result.left), 'was', 'were')} changed by others meanwhile and left"
        self._page.desk.notices.say(f"{words_}.", undo=(lambda: self.take_back(undo)) if undo else None)
        self._page.refresh()
        if result.left and self.form is None:
            self._page.show_note(LeftNote(result, f"{words_}.", self._page.form_left, self._page.desk.clock.now()))

    # ---------------------------------------------------------------- how a move is run

    def seen(self, row: ReferralRow) -> int:
        """The revision that the person saw: of the row, or of what an open form has told since."""
        form = self.form
        told = form.seen if form is not None and form.about is not None and form.about.id == row.id else None
        return row.revision if told is None else told

    def _simple(self, call: Callable[[ReferralRow], Moved], said: str, row: ReferralRow | None = None) -> None:
        row = row or self.row
        if row is None:
            return

        def again() -> None:  # a change was shown: about what stands now
            self._with_form(lambda: call(replace(row, revision=self.seen(row))), said)

        form = lambda: AgainForm(row.number, said, again, self.leave)  # noqa: E731
        self._run(lambda: call(row), lambda moved: self._done(moved, said), row, None, form)

    def _with_form(self, call: Callable[[], Moved], said: str) -> None:
        form = self.form
        row = form.about if form is not None else self.row
        self._run(call, lambda moved: self._done(moved, said, form), row, form)

    def _run(
        self, call: Callable[[], Any], ok: Callable[[Any], None], row: ReferralRow | None,
        form: MoveForm | None = None, again: Callable[[], MoveForm] | None = None,
    ) -> None:  # fmt: skip
        self._page.run(call, ok, lambda error: self._failed(error, row, form, again))

    def _done(self, moved: Moved, said: str, form: MoveForm | None = None) -> None:
        """``form``: the one that asked for it. Another that was opened meanwhile is written in, and stays."""
        if form is not None and form is self.form:
            self.leave()
        elif self.form is not None:
            self.form.own_move(moved)
        referral = moved.referral
        self.last = moved.undo
        to = f" to {referral.holder_name}" if said == "Handed over" else ""
        self._page.desk.notices.say(f"{said} no. {referral.number}{to}.", undo=lambda: self.take_back(moved.undo))
        self._page.refresh()
        self._page.show_detail_again()

    def _failed(
        self, error: Exception, row: ReferralRow | None, form: MoveForm | None = None,
        again: Callable[[], MoveForm] | None = None,
    ) -> bool:  # fmt: skip
        """E5: said in place who has it. What concerns a field is said there. False: the notices say it.

        ``form``: the one that asked for it, which may have been left since; another that is open is not touched."""
        asked, form = form is not None, form if form is self.form else None
        if form is not None:
            form.ready()
        in_place = form is not None or (not asked and self.form is None)
        if isinstance(error, AlreadyClaimed) and row is not None and in_place:
            self._page.refresh()
            if form is None:
                self._page.show_held(error)
            else:
                form.say_changed(sentence(error), None)
            return True
        if isinstance(error, BadValue | BadValues) and form is not None:
            return not form.set_problems(error)
        if isinstance(error, Conflict) and row is not None and isinstance(error.current, Referral) and in_place:
            self._show_both(row, error.current, form, again)
            return True
        if isinstance(error, CoordinationError):
            self._page.refresh()
            self._page.show_detail_again()
        return False

    def _show_both(
        self, row: ReferralRow, stands: Referral, form: MoveForm | None, again: Callable[[], MoveForm] | None
    ) -> None:
        """What was seen beside what stands now, and who did it; what is typed stays, and one key goes on."""

        def show(events: tuple[ReferralEvent, ...]) -> None:
            into = form
            if into is None and again is not None and self.form is None:
                into = again()
                self._open(into, row)
            if into is not None and into is self.form:
                lay_beside(into, into.stands or row, stands, events, self._page.desk.clock.now(), self._me)
            self._page.refresh()
            self._page.show_detail_again()

        self._page.run(lambda: self._intake.changes(row.id), show)

    def _open(self, form: MoveForm, row: ReferralRow | None) -> None:
        """``row``: what it is about, as it was seen when its key was pressed."""
        if row is not None and self.row is not None and self.row.id != row.id:
            self._page.choose(row.id)  # another was chosen while the form was on its way
        form.about = row
        self.form = form
        may_start = self._page.may_take_focus()
        self._page.show_form(form)
        if may_start:
            form.start()

    def open_form(self, form: MoveForm) -> None:
        """A form about the referral that is chosen, from whoever adds moves of their own."""
        self._open(form, self.row)

    def leave(self) -> None:
        """Close the form that is open, if any."""
        if self.form is not None:
            self.form = None
            self._page.form_left()

    def _with_colleagues(self, then: Callable[[list[tuple[str, str]]], None]) -> None:
        def use(accounts: list[Account]) -> None:
            others = [a for a in accounts if a.role in WRITERS and a.user_name != self._me]
            then([(a.user_name, a.display_name) for a in others])

        self._page.run(self._page.desk.services.governance.accounts, use, latest="form")
