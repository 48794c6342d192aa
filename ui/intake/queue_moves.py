"""What can be done to a referral of the queue, by key, button and menu: each a verb of its own (E5)."""

from __future__ import annotations

from collections.abc import Callable

from coordination.intake.detail import ReferralDetail
from coordination.intake.model import Referral
from coordination.intake.moved import Moved
from coordination.intake.reference import clock_kinds
from ui import wording
from ui.commands import Command
from ui.intake.moves_of_clocks import MovesOfClocks
from ui.intake.moves_with_words import MovesWithWords
from ui.intake.moving import WRITERS, QueueShown


class QueueMoves(MovesWithWords, MovesOfClocks):
    """All moves of one queue page, as commands; which of them can be done now; which stand beside a referral."""

    # ---------------------------------------------------------------- what can be done now

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
            Command("queue.home", "Ready to go home: on the transfer list", self.home, "Shift+W", self._can_go_home,
                    "Queue", "bed", also="hospital moft discharge lights"),
            Command("queue.reablement", "Begin reablement", self.reablement, "Shift+B", self._can_begin, "Queue",
                    "person-simple-walk", also="episode start six weeks"),
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

    def home(self) -> None:
        """On to the list of those who are ready to leave hospital, or to where they stand on it."""
        row = self.row
        if row is not None and row.person_id is not None:
            from ui.transfer.putting_on import PutOn

            who = wording.name(row.surname, row.given, row.title)
            self._page.desk.go.to("transfer", PutOn(row.person_id, who, row.id))

    def reablement(self) -> None:
        """An episode for whoever it is about, with the referral that asked for it; or the one that is open already."""
        row = self.row
        if row is not None and row.person_id is not None:
            from ui.reablement.opening import OfPerson

            who = wording.name(row.surname, row.given, row.title)
            about = OfPerson(row.person_id, who, row.id, row.service, row.locality or "")
            self._page.desk.go.to("episode", about)

    def _can_begin(self) -> bool:
        row = self.row
        asks = row is not None and row.person_id is not None and row.service in ("reablement", "complex_reablement")
        return asks and self._can("claimed", "accepted")()

    def _can_go_home(self) -> bool:
        return self._can_triage() and self.row is not None and self.row.person_id is not None

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

    # ---------------------------------------------------------------- beside a referral

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


__all__ = ["WRITERS", "QueueMoves", "QueueShown"]
