"""What can be done to a referral of the queue, by key, button and menu: each a verb of its own (E5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from coordination.errors import AlreadyClaimed, BadValue, BadValues, Conflict, CoordinationError
from coordination.governance.model import Account
from coordination.intake.clocks import Clocks, PauseId, RequestId
from coordination.intake.model import (
    BulkMoved,
    Moved,
    QueueFilter,
    Referral,
    ReferralDetail,
    ReferralEvent,
    ReferralRow,
    ServiceKind,
    Suggestion,
    Undo,
)
from coordination.intake.reference import clock_kinds
from coordination.values import ReferralId, UserName, new_id
from ui import wording
from ui.commands import Command
from ui.intake import words
from ui.intake.both_versions import AgainForm, lay_beside
from ui.intake.caseload_form import CaseloadForm, LeftNote
from ui.intake.clock_forms import AnswerForm, AskForm, MoftForm, PauseForm, as_until
from ui.intake.move_forms import MoveForm, TriageForm, colleague_form, reason_form, transfer_form
from ui.intake.suggesting import suggested_for
from ui.intake.whose_form import NOT_KNOWN_AGAIN, WhoseForm
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


class QueueMoves:
    """The moves of one queue page. Screens hand back the revision that was *seen* when the move was begun."""

    def __init__(self, page: QueueShown) -> None:
        self._page = page
        self._intake = page.desk.services.intake
        self._me = page.desk.actor.user_name
        self.last: Taken | None = None
        self.form: MoveForm | None = None

    # ---------------------------------------------------------------- what can be done now

    @property
    def row(self) -> ReferralRow | None:
        return self._page.chosen

    def _can(self, *states: str, mine: bool | None = None) -> Callable[[], bool]:
        """``mine`` True: I hold it; False: another holds it; None: no other holds it."""

        def now() -> bool:
            row = self.row
            if row is None or row.state not in states or self._page.desk.actor.role not in WRITERS:
                return False
            if mine is True:
                return row.holder == self._me
            if mine is False:
                return row.holder is not None and row.holder != self._me
            return row.holder is None or row.holder == self._me or row.state in ("declined", "closed")

        return now

    def commands(self) -> list[Command]:
        """Single keys; they sleep while one types."""
        open_, can = ("waiting", "claimed", "accepted"), self._can
        return [
            Command("queue.claim", "Claim", self.claim, "C", can("waiting"), "Queue", "user-plus",
                    also="take"),
            Command("queue.accept", "Accept", self.accept, "A", can("waiting", "claimed"), "Queue", "check"),
            Command("queue.release", "Release", self.release, "R", can("claimed", "accepted", mine=True), "Queue",
                    "user-minus", also="back to the queue"),
            Command("queue.hand_over", "Hand over", self.hand_over, "H", can(*open_), "Queue", "swap",
                    also="give colleague"),
            Command("queue.triage", "Triage", self.triage, "T", self._can_triage, "Queue", "sliders-horizontal",
                    also="urgency service"),
            Command("queue.suggested", "Take what is suggested", self.take_suggested, "F2", self._can_take_suggested,
                    "Queue", "lightbulb", also="triage suggestion"),
            Command("queue.decline", "Decline", self.decline, "D", can(*open_), "Queue", "arrow-u-up-left"),
            Command("queue.close", "Close the referral", self.close, "X", can(*open_), "Queue", "check-circle",
                    also="done finished"),
            Command("queue.take_over", "Take over", self.take_over, "K", can("claimed", "accepted", mine=False),
                    "Queue", "hand-grabbing"),
            Command("queue.respond", "First response made", self.respond, "B", self._can_respond, "Queue", "phone-call",
                    also="begin begun contact met"),
            Command("queue.assessed", "Assessed", self.assessed, "E", self._can_say_assessed, "Queue", "clipboard-text",
                    also="assessment met 24 4 hours"),
            Command("queue.transfer", "Transfer", self.transfer, "S", can(*open_), "Queue", "arrow-bend-up-right",
                    also="send on other service centre locality"),
            Command("queue.ask", "More information", self.ask, "M", can(*open_), "Queue", "question",
                    also="request ask answer waiting sender"),
            Command("queue.pause", "Pause or run on", self.pause, "P", can(*open_), "Queue", "pause",
                    also="resume clocks stop wait"),
            Command("queue.moft", "Medically optimised", self.moft, "W", self._can_triage, "Queue", "first-aid-kit",
                    also="moft four hours ward"),
            Command("queue.caseload", "Hand over a whole caseload", self.caseload, "Shift+H", self._may_write, "Queue",
                    "users-three", also="bulk all mine leave sick"),
            Command("queue.whose", "Whose is it?", self.whose, "I", self._can_say_whose, "Queue", "user-focus",
                    also="identify person unknown nobody knows register"),
            Command("queue.reopen", "Reopen", self.reopen, "O", can("declined", "closed"), "Queue",
                    "arrow-counter-clockwise"),
            Command("queue.next", "Claim the next one", self.claim_next, "Shift+C", self._may_write, "Queue",
                    "skip-forward"),
            Command("queue.undo", "Undo the last move", self.undo, "U", lambda: self.last is not None, "Queue",
                    "arrow-u-up-left"),
        ]  # fmt: skip

    def _can_respond(self) -> bool:
        row = self.row
        return row is not None and row.responded_at is None and self._can("claimed", "accepted", mine=True)()

    def _can_say_assessed(self) -> bool:
        row = self.row
        kinds = clock_kinds()
        waits = row is not None and any(
            kinds[each.kind].ends == "assessment" for each in row.deadlines if each.kind in kinds
        )
        return waits and self._can("claimed", "accepted", mine=True)()

    def _can_say_whose(self) -> bool:
        """Whatever its state: the record of a person wants what has ended too."""
        row = self.row
        return row is not None and row.person_id is None and self._may_write()

    def _may_write(self) -> bool:
        return self._page.desk.actor.role in WRITERS

    def _can_triage(self) -> bool:
        row = self.row
        return row is not None and row.state in ("waiting", "claimed", "accepted") and self._may_write()

    # ---------------------------------------------------------------- moves without words

    def claim(self) -> None:
        self._simple(lambda r: self._intake.claim(r.id, r.revision), "Claimed")

    def accept(self) -> None:
        self._simple(lambda r: self._intake.accept(r.id, r.revision), "Accepted")

    def release(self) -> None:
        self._simple(lambda r: self._intake.release(r.id, r.revision), "Released")

    def respond(self) -> None:
        self._simple(lambda r: self._intake.respond(r.id, r.revision), "First response made,")

    def assessed(self) -> None:
        self._simple(lambda r: self._intake.assessed(r.id, r.revision), "Assessed,")

    def claim_next(self) -> None:
        """The first of what is shown that nobody holds."""
        asked = self._page.asked
        self._run(lambda: self._intake.claim_next(asked), self._claimed_next, None)

    def _claimed_next(self, moved: Moved | None) -> None:
        if moved is None:
            self._page.desk.notices.say("Nothing here is unclaimed.")
        else:
            self._done(moved, "Claimed")
            self._page.choose(moved.referral.id)

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

    # ---------------------------------------------------------------- moves with words

    def hand_over(self) -> None:
        row = self.row
        if row is not None:
            self._with_colleagues(lambda people: self._open(self._hand_over_form(row, people), row))

    def _hand_over_form(self, row: ReferralRow, people: list[tuple[str, str]]) -> MoveForm:
        def do(values: Values) -> None:
            to: Any = values["to_user"]
            if not to:
                self._failed(BadValue("to_user", "missing"), row, self.form)
                return
            self._with_form(lambda: self._intake.hand_over(row.id, self.seen(row), to, values["reason"]), "Handed over")

        return colleague_form(
            f"Hand over no. {row.number}",
            "Hand over",
            ("to_user", "To"),
            people,
            "What they should know",
            do,
            self.leave,
        )

    def take_over(self) -> None:
        row = self.row
        if row is None:
            return

        def do(values: Values) -> None:
            self._with_form(lambda: self._intake.take_over(row.id, self.seen(row), values["reason"]), "Taken over")

        title = f"Take over no. {row.number} from {row.holder_name}"
        form = reason_form(title, "Take over", f"Why? {row.holder_name} will read it.", do, self.leave)
        duty = self._page.desk.duty
        away = duty.watch.beside(row.holder) if duty is not None else ""
        if away:  # a reason that nobody need be ashamed of, to be changed or left
            form.form.fields["reason"].set_value(f"{row.holder_name} is {away}")
        self._open(form, row)

    def decline(self) -> None:
        row = self.row
        if row is not None:
            self._with_colleagues(lambda people: self._open(self._decline_form(row, people), row))

    def _decline_form(self, row: ReferralRow, people: list[tuple[str, str]]) -> MoveForm:
        def do(values: Values) -> None:
            owner: Any = values["next_owner"] or None
            self._with_form(lambda: self._intake.decline(row.id, self.seen(row), values["reason"], owner), "Declined")

        choices = [("", "Whoever took the contact"), *people]
        return colleague_form(
            f"Decline no. {row.number}", "Decline", ("next_owner", "Who settles it next"), choices,
            "Why is it declined?", do, self.leave,
        )  # fmt: skip

    def close(self) -> None:
        self._with_reason("Close", "Close it", "What came of it?", "Closed", self._intake.close)

    def reopen(self) -> None:
        self._with_reason("Reopen", "Reopen", "Why does it wait again?", "Reopened", self._intake.reopen)

    def _with_reason(self, title: str, verb: str, question: str, said: str, move: Callable[..., Moved]) -> None:
        row = self.row
        if row is None:
            return

        def do(values: Values) -> None:
            self._with_form(lambda: move(row.id, self.seen(row), values["reason"]), said)

        self._open(reason_form(f"{title} no. {row.number}", verb, question, do, self.leave), row)

    def triage(self) -> None:
        row = self.row
        if row is None:
            return

        def read() -> tuple[ReferralDetail, list[ServiceKind], tuple[tuple[Suggestion, ...], str]]:
            detail = self._intake.open_referral(row.id)
            return detail, self._intake.services(), suggested_for(detail)

        self._page.run(read, lambda found: self._open(self._triage_form(row, *found), row), latest="form")

    def take_suggested(self) -> None:
        """What the rules suggest, into the form of triage."""
        if isinstance(self.form, TriageForm):
            self.form.take()

    def _can_take_suggested(self) -> bool:
        return isinstance(self.form, TriageForm) and self.form.suggestions.next_to_take() is not None

    def _triage_form(
        self, row: ReferralRow, detail: ReferralDetail, services: list[ServiceKind],
        said: tuple[tuple[Suggestion, ...], str],
    ) -> MoveForm:  # fmt: skip
        referral, clocks = detail.referral, detail.clocks
        began = next((each.started_at for each in clocks.deadlines if each.kind == "response"), referral.received_at)

        def do(values: Values) -> None:
            self._with_form(
                lambda: self._intake.triage(
                    row.id, self.seen(row), values["service"], values["urgency"], values["urgency_reason"]
                ),
                "Triaged",
            )

        return TriageForm(referral, services, began, self._page.desk.clock.now(), do, self.leave, said)

    def transfer(self) -> None:
        row = self.row
        if row is None:
            return

        def do(values: Values) -> None:
            to = (values["service"], values["locality"] or None, values["reason"])
            self._with_form(lambda: self._intake.transfer(row.id, self.seen(row), *to), "Transferred")

        self._page.run(
            lambda: (self._intake.referral(row.id), self._intake.services()),
            lambda found: self._open(transfer_form(found[0], found[1], do, self.leave), row),
            latest="form",
        )

    def whose(self) -> None:
        """It was taken while nobody knew whom it is about."""
        row = self.row
        if row is None:
            return

        def found(detail: ReferralDetail) -> None:
            def do(values: Values) -> None:
                person = form.person
                if person is not None:
                    said = (person.id, values["reason"])
                    self._with_form(lambda: self._intake.say_whose(row.id, self.seen(row), *said), "Now known whose is")

            form = WhoseForm(self._page.desk, detail.referral, detail.contact, do, self.leave)
            self._open(form, row)

        self._page.run(lambda: self._intake.open_referral(row.id), found, latest="form")

    # ---------------------------------------------------------------- clocks

    def pause(self) -> None:
        """Stand still for a named reason; run on, when it does."""
        row = self.row
        if row is None:
            return
        now, pause_id = self._page.desk.clock.now(), PauseId(new_id())

        def do(values: Values) -> None:
            said = (values["reason"], values["words"], as_until(values["until"]))
            self._with_form(lambda: self._intake.pause(row.id, self.seen(row), pause_id, *said), "Paused")

        def found(clocks: Clocks) -> None:
            if clocks.pause is not None:
                self._simple(lambda r: self._intake.resume(r.id, r.revision), "Its clocks run on,", row)
            else:
                self._open(PauseForm(row.number, now, do, self.leave), row)

        self._page.run(lambda: self._intake.clocks(row.id), found, latest="form")

    def ask(self) -> None:
        """Ask for more information; write down the answer, when something was asked."""
        row = self.row
        if row is None:
            return
        now, request_id = self._page.desk.clock.now(), RequestId(new_id())

        def do(values: Values) -> None:
            said = (values["ask_of"], values["named"], values["question"], as_until(values["reply_by"]))
            self._with_form(lambda: self._intake.ask(row.id, self.seen(row), request_id, *said), "Asked about")

        def write(values: Values) -> None:
            self._with_form(lambda: self._intake.answer(row.id, self.seen(row), values["answer"]), "Answer written to")

        def stop() -> None:
            self._with_form(lambda: self._intake.stop_asking(row.id, self.seen(row)), "Nothing more is asked about")

        def found(clocks: Clocks) -> None:
            if clocks.request is not None:
                self._open(AnswerForm(row.number, clocks.request, now, write, stop, self.leave), row)
            else:
                self._open(AskForm(row.number, now, do, self.leave), row)

        self._page.run(lambda: self._intake.clocks(row.id), found, latest="form")

    def moft(self) -> None:
        """T2. The notice comes in; pressed again it is taken back by another: no longer medically optimised."""
        row = self.row
        if row is None:
            return
        if row.moft_at is not None:
            self._simple(lambda r: self._intake.moft(r.id, r.revision, None), "No longer medically optimised:")
            return

        def do(_values: Values) -> None:
            try:
                at = form.moment()
            except BadValues as error:
                self._failed(error, row, form)
                return
            self._with_form(lambda: self._intake.moft(row.id, self.seen(row), at), "Medically optimised:")

        form = MoftForm(row.number, self._page.desk.clock.now(), do, self.leave)
        self._open(form, row)

    # ---------------------------------------------------------------- a whole caseload

    def caseload(self) -> None:
        self._with_colleagues(self._open_caseload)

    def _open_caseload(self, people: list[tuple[str, str]]) -> None:
        def read(user: str) -> None:
            self._page.run(lambda: self._intake.caseload(UserName(user)), show, latest="caseload")

        def show(rows: Any) -> None:
            form.show_caseload(rows, self._page.desk.clock.now())

        def do(values: Values) -> None:
            to, items = form.colleagues, form.chosen
            if to is None or not items:
                self._failed(BadValue("to" if to is None else "items", "missing"), None, form)
                return
            gone = lambda result: self._told(result, "Handed over", result.undo, form)  # noqa: E731
            self._run(lambda: self._intake.hand_over_many(items, to, values["reason"]), gone, None, form)

        # It reads as soon as it is there, and what it reads comes later than this.
        form = CaseloadForm(self._me, people, read, do, self.leave)
        self._open(form, None)

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

    def for_panel(self, detail: ReferralDetail) -> tuple[list[str], list[str]]:
        """Ids of the commands to show as buttons under a referral, and of those behind "More"."""
        referral = detail.referral
        whose = ["queue.whose"] if referral.person_id is None else []
        if referral.state in ("declined", "closed"):
            return ["queue.reopen", *whose], []
        buttons, more = self._for_open(referral)
        return [*buttons[:1], *whose, *buttons[1:]], more

    def _for_open(self, referral: Referral) -> tuple[list[str], list[str]]:
        work = ["queue.ask", "queue.pause", "queue.transfer", "queue.moft"]
        if referral.holder is None:
            more = ["queue.accept", "queue.hand_over", *work, "queue.decline", "queue.close"]
            return ["queue.claim", "queue.triage"], more
        if referral.holder != self._me:
            return ["queue.take_over"], ["queue.triage", "queue.moft"]
        if referral.state == "claimed":
            more = ["queue.respond", "queue.assessed", "queue.hand_over", "queue.triage", *work]
            return ["queue.accept", "queue.release"], [*more, "queue.decline", "queue.close"]
        more = ["queue.assessed", "queue.release", "queue.triage", *work, "queue.decline"]
        if referral.responded_at is None:
            return ["queue.respond", "queue.hand_over"], [*more, "queue.close"]
        return ["queue.close", "queue.hand_over"], more
