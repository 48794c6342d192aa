"""What can be done to a referral of the queue, by key, button and menu: each a verb of its own (E5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from coordination.errors import AlreadyClaimed, BadValue, BadValues, CoordinationError
from coordination.governance.model import Account
from coordination.intake.model import Moved, QueueFilter, Referral, ReferralDetail, ReferralRow, Undo
from coordination.values import ReferralId
from ui.commands import Command
from ui.intake import words
from ui.intake.move_forms import MoveForm, TriageForm, colleague_form, reason_form
from ui.page import OnDesk

WRITERS = frozenset({"care_coordinator", "placement_coordinator", "trusted_assessor", "team_lead"})
Values = dict[str, str]


class QueueShown(OnDesk, Protocol):
    """What the moves ask of the page."""

    @property
    def chosen(self) -> ReferralRow | None: ...
    @property
    def asked(self) -> QueueFilter: ...
    def choose(self, referral_id: ReferralId) -> None: ...
    def show_form(self, form: MoveForm) -> None: ...
    def form_left(self) -> None: ...
    def show_held(self, error: AlreadyClaimed) -> None: ...
    def show_detail_again(self) -> None: ...


class QueueMoves:
    """The moves of one queue page. Screens hand back the revision that was *seen* when the move was begun."""

    def __init__(self, page: QueueShown) -> None:
        self._page = page
        self._intake = page.desk.services.intake
        self._me = page.desk.actor.user_name
        self.last: Undo | None = None
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
            Command("queue.decline", "Decline", self.decline, "D", can(*open_), "Queue", "arrow-u-up-left"),
            Command("queue.close", "Close the referral", self.close, "X", can(*open_), "Queue", "check-circle",
                    also="done finished"),
            Command("queue.take_over", "Take over", self.take_over, "K", can("claimed", "accepted", mine=False),
                    "Queue", "hand-grabbing"),
            Command("queue.reopen", "Reopen", self.reopen, "O", can("declined", "closed"), "Queue",
                    "arrow-counter-clockwise"),
            Command("queue.next", "Claim the next one", self.claim_next, "Shift+C", self._may_write, "Queue",
                    "skip-forward"),
            Command("queue.undo", "Undo the last move", self.undo, "U", lambda: self.last is not None, "Queue",
                    "arrow-u-up-left"),
        ]  # fmt: skip

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
        undo, self.last = self.last, None
        if undo is not None:
            self._run(lambda: self._intake.undo(undo), lambda referral: self._undone(referral, undo), None)

    def _undone(self, referral: Referral, _undo: Undo) -> None:
        self._page.desk.notices.say(
            f"Taken back: no. {referral.number} is {words.STATES[referral.state].lower()} again."
        )
        self._page.refresh()
        self._page.show_detail_again()

    # ---------------------------------------------------------------- moves with words

    def hand_over(self) -> None:
        row = self.row
        if row is not None:
            self._with_colleagues(lambda people: self._open(self._hand_over_form(row, people)))

    def _hand_over_form(self, row: ReferralRow, people: list[tuple[str, str]]) -> MoveForm:
        def do(values: Values) -> None:
            to: Any = values["to_user"]
            if not to:
                self._failed(BadValue("to_user", "missing"), row)
                return
            self._with_form(lambda: self._intake.hand_over(row.id, row.revision, to, values["reason"]), "Handed over")

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
            self._with_form(lambda: self._intake.take_over(row.id, row.revision, values["reason"]), "Taken over")

        title = f"Take over no. {row.number} from {row.holder_name}"
        self._open(reason_form(title, "Take over", f"Why? {row.holder_name} will read it.", do, self.leave))

    def decline(self) -> None:
        row = self.row
        if row is not None:
            self._with_colleagues(lambda people: self._open(self._decline_form(row, people)))

    def _decline_form(self, row: ReferralRow, people: list[tuple[str, str]]) -> MoveForm:
        def do(values: Values) -> None:
            owner: Any = values["next_owner"] or None
            self._with_form(lambda: self._intake.decline(row.id, row.revision, values["reason"], owner), "Declined")

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
            self._with_form(lambda: move(row.id, row.revision, values["reason"]), said)

        self._open(reason_form(f"{title} no. {row.number}", verb, question, do, self.leave))

    def triage(self) -> None:
        row = self.row
        if row is None:
            return
        self._page.run(
            lambda: (self._intake.referral(row.id), self._intake.services()),
            lambda found: self._open(self._triage_form(row, *found)),
            latest="form",
        )

    def _triage_form(self, row: ReferralRow, referral: Referral, services: Any) -> MoveForm:
        def do(values: Values) -> None:
            self._with_form(
                lambda: self._intake.triage(
                    row.id, row.revision, values["service"], values["urgency"], values["urgency_reason"]
                ),
                "Triaged",
            )

        return TriageForm(referral, services, self._page.desk.clock.now(), do, self.leave)

    # ---------------------------------------------------------------- how a move is run

    def _simple(self, call: Callable[[ReferralRow], Moved], said: str) -> None:
        row = self.row
        if row is not None:
            self._run(lambda: call(row), lambda moved: self._done(moved, said), row)

    def _with_form(self, call: Callable[[], Moved], said: str) -> None:
        self._run(call, lambda moved: self._done(moved, said), self.row)

    def _run(self, call: Callable[[], Any], ok: Callable[[Any], None], row: ReferralRow | None) -> None:
        self._page.run(call, ok, lambda error: self._failed(error, row))

    def _done(self, moved: Moved, said: str) -> None:
        self.leave()
        referral = moved.referral
        self.last = moved.undo
        to = f" to {referral.holder_name}" if said == "Handed over" else ""
        self._page.desk.notices.say(f"{said} no. {referral.number}{to}.", undo=self.undo)
        self._page.refresh()
        self._page.show_detail_again()

    def _failed(self, error: Exception, row: ReferralRow | None) -> bool:
        """E5: said in place who has it. What concerns a field is said there. False: the notices say it."""
        if isinstance(error, AlreadyClaimed) and row is not None:
            self._page.refresh()
            self._page.show_held(error)
            return True
        if isinstance(error, BadValue | BadValues) and self.form is not None:
            return not self.form.set_problems(error)
        if isinstance(error, CoordinationError):
            self._page.refresh()
            self._page.show_detail_again()
        return False

    def _open(self, form: MoveForm) -> None:
        self.form = form
        self._page.show_form(form)
        form.start()

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
        if referral.state in ("declined", "closed"):
            return ["queue.reopen"], []
        if referral.holder is None:
            return ["queue.claim", "queue.triage"], ["queue.accept", "queue.hand_over", "queue.decline", "queue.close"]
        if referral.holder != self._me:
            return ["queue.take_over"], ["queue.triage"]
        if referral.state == "claimed":
            return ["queue.accept", "queue.release"], [
                "queue.hand_over", "queue.triage", "queue.decline", "queue.close"
            ]  # fmt: skip
        return ["queue.close", "queue.hand_over"], ["queue.release", "queue.triage", "queue.decline"]
